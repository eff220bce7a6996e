import type { Id } from '#domain/brand'
import { canonicalJson } from '#domain/json'
import type { Label } from '#domain/labels'
import type { Cents } from '#domain/money'
import { chunks } from './chunks.ts'
import { difference } from './difference.ts'
import type { WriteHandle } from './ledger.ts'
import type { FlowLabelTable } from './schema/derived.ts'

export interface StoredLabel {
  readonly key: number
  readonly state: string
  readonly label: Label
}

export interface StoredFlowLabel extends StoredLabel {
  readonly activeVersionId: Id<'reportingFlowVersion'> | null
  readonly totalCents: Cents
  readonly creditedCents: Cents
  readonly books: FlowLabelTable['books']
}

const SEPARATOR = '\u0000'

function textOf(label: StoredLabel, extra: readonly (string | number | null)[] = []): string {
  return [label.state, label.label.code, canonicalJson(label.label.params), ...extra].join(SEPARATOR)
}

function columns(label: StoredLabel) {
  return { state: label.state, code: label.label.code, paramsJson: canonicalJson(label.label.params) }
}

interface Row {
  readonly key: number
  readonly state: string
  readonly code: string
  readonly paramsJson: string
}

function storedTexts(rows: readonly Row[]): Map<number, string> {
  return new Map(rows.map((r) => [r.key, [r.state, r.code, r.paramsJson].join(SEPARATOR)]))
}

function plan(stored: Map<number, string>, wanted: readonly StoredLabel[]) {
  const byKey = new Map(wanted.map((w) => [w.key, w]))
  const { remove, write } = difference(stored, new Map(wanted.map((w) => [w.key, textOf(w)])))
  return { remove, write: write.map((key) => byKey.get(key) as StoredLabel) }
}

// Only what changed is written: a statement of fifty movements does not rewrite the labels of a whole year.

export async function storeMovementLabels(db: WriteHandle, wanted: readonly StoredLabel[]): Promise<void> {
  const rows = await db
    .selectFrom('movementLabel')
    .select(['bankMovementId as key', 'state', 'code', 'paramsJson'])
    .execute()
  const { remove, write } = plan(storedTexts(rows), wanted)
  for (const part of chunks(remove)) {
    await db
      .deleteFrom('movementLabel')
      .where('bankMovementId', 'in', part as Id<'bankMovement'>[])
      .execute()
  }
  for (const part of chunks(write)) {
    const values = part.map((w) => ({ bankMovementId: w.key as Id<'bankMovement'>, ...columns(w) }))
    await db.insertInto('movementLabel').values(values).execute()
  }
}

export async function storeFlowRowLabels(db: WriteHandle, wanted: readonly StoredLabel[]): Promise<void> {
  const rows = await db.selectFrom('flowRowLabel').select(['flowRowId as key', 'state', 'code', 'paramsJson']).execute()
  const { remove, write } = plan(storedTexts(rows), wanted)
  for (const part of chunks(remove)) {
    await db
      .deleteFrom('flowRowLabel')
      .where('flowRowId', 'in', part as Id<'flowRow'>[])
      .execute()
  }
  for (const part of chunks(write)) {
    const values = part.map((w) => ({ flowRowId: w.key as Id<'flowRow'>, ...columns(w) }))
    await db.insertInto('flowRowLabel').values(values).execute()
  }
}

export async function storeReceiptLabels(db: WriteHandle, wanted: readonly StoredLabel[]): Promise<void> {
  const rows = await db.selectFrom('receiptLabel').select(['receiptId as key', 'state', 'code', 'paramsJson']).execute()
  const { remove, write } = plan(storedTexts(rows), wanted)
  for (const part of chunks(remove)) {
    await db
      .deleteFrom('receiptLabel')
      .where('receiptId', 'in', part as Id<'receipt'>[])
      .execute()
  }
  for (const part of chunks(write)) {
    const values = part.map((w) => ({ receiptId: w.key as Id<'receipt'>, ...columns(w) }))
    await db.insertInto('receiptLabel').values(values).execute()
  }
}

export async function storeFlowLabels(db: WriteHandle, wanted: readonly StoredFlowLabel[]): Promise<void> {
  const rows = await db.selectFrom('flowLabel').selectAll().execute()
  const stored = new Map<number, string>(
    rows.map((r) => [
      r.reportingFlowId,
      [r.state, r.code, r.paramsJson, r.activeVersionId, r.totalCents, r.creditedCents, r.books].join(SEPARATOR),
    ]),
  )
  const byKey = new Map(wanted.map((w) => [w.key, w]))
  const texts = new Map(
    wanted.map((w) => [w.key, textOf(w, [w.activeVersionId, w.totalCents, w.creditedCents, w.books])]),
  )
  const { remove, write } = difference(stored, texts)
  for (const part of chunks(remove)) {
    await db
      .deleteFrom('flowLabel')
      .where('reportingFlowId', 'in', part as Id<'reportingFlow'>[])
      .execute()
  }
  for (const part of chunks(write)) {
    const values = part.map((key) => {
      const w = byKey.get(key) as StoredFlowLabel
      return {
        reportingFlowId: w.key as Id<'reportingFlow'>,
        ...columns(w),
        activeVersionId: w.activeVersionId,
        totalCents: w.totalCents,
        creditedCents: w.creditedCents,
        books: w.books,
      }
    })
    await db.insertInto('flowLabel').values(values).execute()
  }
}
