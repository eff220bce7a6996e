import type { Id } from '#domain/brand'
import { canonicalJson } from '#domain/json'
import type { Label } from '#domain/labels'
import type { Cents } from '#domain/money'
import type { FlowOutcome, RowOutcome } from '#domain/reconcile-outcome'
import { insertMany } from './bulk.ts'
import { chunks } from './chunks.ts'
import { difference } from './difference.ts'
import { labelsText } from './label-text.ts'
import type { ReadHandle, WriteHandle } from './ledger.ts'
import type { FlowLabelTable } from './schema/derived.ts'

export interface StoredLabel {
  readonly key: number
  readonly state: string
  /** The first names the state. Never empty; of a receipt there is one. */
  readonly labels: readonly Label[]
}

export interface StoredFlowLabel extends StoredLabel {
  /** Nothing of the flow may be posted: some of its labels say why. */
  readonly blocked: boolean
  readonly activeVersionId: Id<'reportingFlowVersion'> | null
  readonly totalCents: Cents
  readonly creditedCents: Cents
  readonly books: FlowLabelTable['books']
}

/** How the labels of one kind of thing are read, compared and written. */
interface Place<T extends StoredLabel> {
  /** Text of each stored row, as `text` makes it of what is wanted. */
  load(db: ReadHandle): Promise<Map<number, string>>
  text(wanted: T): string
  same(a: T, b: T): boolean
  remove(db: WriteHandle, keys: readonly number[]): Promise<void>
  insert(db: WriteHandle, rows: readonly T[]): Promise<void>
}

/**
 * The labels of one kind of thing as they are stored. Only what changed is written: a statement of fifty movements does
 * not rewrite those of a whole year. The table is read the first time, then compared with what was written last.
 */
export class LabelStore<T extends StoredLabel> {
  readonly #place: Place<T>
  #known: Map<number, T> | null = null

  constructor(place: Place<T>) {
    this.#place = place
  }

  async store(db: WriteHandle, wanted: readonly T[]): Promise<void> {
    const byKey = new Map(wanted.map((w) => [w.key, w]))
    const { remove, write } = await this.#changes(db, byKey)
    if (remove.length > 0) await this.#place.remove(db, remove)
    if (write.length > 0) {
      await this.#place.insert(
        db,
        write.map((key) => byKey.get(key) as T),
      )
    }
    this.#known = byKey
  }

  async #changes(db: ReadHandle, wanted: ReadonlyMap<number, T>) {
    const known = this.#known
    const { load, text, same } = this.#place
    if (known === null) {
      return difference(await load(db), new Map([...wanted].map(([key, w]) => [key, text(w)])))
    }
    return difference(known, wanted, same)
  }
}

const SEPARATOR = '\u0000'

interface Row {
  readonly key: number
  readonly state: string
  readonly code: string
  readonly paramsJson: string
  readonly labelsJson?: string
}

function columns({ state, labels }: StoredLabel) {
  const first = labels[0] as Label
  return { state, code: first.code, paramsJson: canonicalJson(first.params) }
}

function allColumns(stored: StoredLabel, blocked = false) {
  return { ...columns(stored), labelsJson: labelsText(stored.labels, blocked) }
}

function rowText({ state, code, paramsJson, labelsJson = '' }: Omit<Row, 'key'>): string {
  return [state, code, paramsJson, labelsJson].join(SEPARATOR)
}

function texts(rows: readonly Row[]): Map<number, string> {
  return new Map(rows.map((row) => [row.key, rowText(row)]))
}

function sameLabels(a: StoredLabel, b: StoredLabel): boolean {
  if (a.state !== b.state || a.labels.length !== b.labels.length) return false
  return a.labels.every((label, index) => sameLabel(label, b.labels[index] as Label))
}

function sameLabel(a: Label, b: Label): boolean {
  if (a === b || a.params === b.params) return a.code === b.code
  if (a.code !== b.code) return false
  const before = a.params as Record<string, unknown>
  const after = b.params as Record<string, unknown>
  const names = Object.keys(before)
  return names.length === Object.keys(after).length && names.every((name) => before[name] === after[name])
}

export const movementLabels = () =>
  new LabelStore<StoredLabel>({
    load: async (db) =>
      texts(
        await db
          .selectFrom('movementLabel')
          .select(['bankMovementId as key', 'state', 'code', 'paramsJson', 'labelsJson'])
          .execute(),
      ),
    text: (w) => rowText(allColumns(w)),
    same: sameLabels,
    async remove(db, keys) {
      for (const part of chunks(keys)) {
        await db
          .deleteFrom('movementLabel')
          .where('bankMovementId', 'in', part as Id<'bankMovement'>[])
          .execute()
      }
    },
    insert: (db, rows) =>
      insertMany(
        db,
        'movementLabel',
        rows.map((w) => ({ bankMovementId: w.key as Id<'bankMovement'>, ...allColumns(w) })),
      ),
  })

/** The labels of the rows of flows: by version, because nearly all of them say each time what they said before. */
export class FlowRowStore {
  #known: Map<number, readonly RowOutcome[]> | null = null

  /** @param rowIds ids of the rows of each version, in file order */
  async store(
    db: WriteHandle,
    flows: readonly FlowOutcome[],
    rowIds: ReadonlyMap<number, readonly number[]>,
  ): Promise<void> {
    const wanted = new Map(flows.map((flow) => [flow.versionId, flow.rows]))
    const known = this.#known
    const { remove, write } = known === null ? await firstRows(db, wanted, rowIds) : changedRows(known, wanted, rowIds)
    for (const part of chunks(remove)) {
      await db
        .deleteFrom('flowRowLabel')
        .where('flowRowId', 'in', part as Id<'flowRow'>[])
        .execute()
    }
    await insertMany(
      db,
      'flowRowLabel',
      write.map(([id, row]) => ({ flowRowId: id as Id<'flowRow'>, ...rowColumns(row) })),
    )
    this.#known = wanted
  }
}

interface RowChanges {
  readonly remove: number[]
  readonly write: [number, RowOutcome][]
}

type RowsOf = ReadonlyMap<number, readonly RowOutcome[]>

function rowColumns({ state, label }: RowOutcome) {
  return { state, code: label.code, paramsJson: canonicalJson(label.params) }
}

async function firstRows(
  db: ReadHandle,
  wanted: RowsOf,
  rowIds: ReadonlyMap<number, readonly number[]>,
): Promise<RowChanges> {
  const stored = texts(
    await db.selectFrom('flowRowLabel').select(['flowRowId as key', 'state', 'code', 'paramsJson']).execute(),
  )
  const rows = new Map<number, RowOutcome>()
  for (const [version, of] of wanted) {
    rowIds.get(version)?.forEach((id, index) => {
      const row = of[index]
      if (row) rows.set(id, row)
    })
  }
  const { remove, write } = difference(stored, new Map([...rows].map(([id, row]) => [id, rowText(rowColumns(row))])))
  return { remove, write: write.map((id) => [id, rows.get(id) as RowOutcome]) }
}

function changedRows(known: RowsOf, wanted: RowsOf, rowIds: ReadonlyMap<number, readonly number[]>): RowChanges {
  const remove: number[] = []
  const write: [number, RowOutcome][] = []
  for (const [version, rows] of wanted) {
    const before = known.get(version)
    rowIds.get(version)?.forEach((id, index) => {
      const was = before?.[index]
      const now = rows[index]
      if (was === now || (was && now && was.state === now.state && sameLabel(was.label, now.label))) return
      if (was) remove.push(id)
      if (now) write.push([id, now])
    })
  }
  for (const version of known.keys()) if (!wanted.has(version)) remove.push(...(rowIds.get(version) ?? []))
  return { remove, write }
}

export const receiptLabels = () =>
  new LabelStore<StoredLabel>({
    load: async (db) =>
      texts(await db.selectFrom('receiptLabel').select(['receiptId as key', 'state', 'code', 'paramsJson']).execute()),
    text: (w) => rowText(columns(w)),
    same: sameLabels,
    async remove(db, keys) {
      for (const part of chunks(keys)) {
        await db
          .deleteFrom('receiptLabel')
          .where('receiptId', 'in', part as Id<'receipt'>[])
          .execute()
      }
    },
    insert: (db, rows) =>
      insertMany(
        db,
        'receiptLabel',
        rows.map((w) => ({ receiptId: w.key as Id<'receipt'>, ...columns(w) })),
      ),
  })

export const flowLabels = () =>
  new LabelStore<StoredFlowLabel>({
    async load(db) {
      const rows = await db.selectFrom('flowLabel').selectAll().execute()
      return new Map<number, string>(rows.map((r) => [r.reportingFlowId, flowText(rowText(r), r)]))
    },
    text: (w) => flowText(rowText(allColumns(w, w.blocked)), w),
    same: (a, b) =>
      a.blocked === b.blocked &&
      a.activeVersionId === b.activeVersionId &&
      a.totalCents === b.totalCents &&
      a.creditedCents === b.creditedCents &&
      a.books === b.books &&
      sameLabels(a, b),
    async remove(db, keys) {
      for (const part of chunks(keys)) {
        await db
          .deleteFrom('flowLabel')
          .where('reportingFlowId', 'in', part as Id<'reportingFlow'>[])
          .execute()
      }
    },
    insert: (db, rows) =>
      insertMany(
        db,
        'flowLabel',
        rows.map((w) => ({
          reportingFlowId: w.key as Id<'reportingFlow'>,
          ...allColumns(w, w.blocked),
          activeVersionId: w.activeVersionId,
          totalCents: w.totalCents,
          creditedCents: w.creditedCents,
          books: w.books,
        })),
      ),
  })

function flowText(
  text: string,
  { activeVersionId, totalCents, creditedCents, books }: Omit<StoredFlowLabel, keyof StoredLabel | 'blocked'>,
): string {
  return [text, activeVersionId, totalCents, creditedCents, books].join(SEPARATOR)
}
