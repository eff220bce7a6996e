import { sql } from 'kysely'
import type { Id } from '#domain/brand'
import type { Instant } from '#domain/date'
import { type Cents, cents } from '#domain/money'
import { type AlboMark, type AlboRow, alboMarkNow, insertAlboExport } from './albo.ts'
import { insertMany } from './bulk.ts'
import { chunks } from './chunks.ts'
import type { ReadHandle, WriteHandle } from './ledger.ts'
import { shownId } from './person-family.ts'
import type { AlboExportFileTable, AlboExportRowTable } from './schema/albo.ts'

export type AlboListState = AlboExportFileTable['state']

/** One list made for a destination, without its bytes. Amounts positive; `cents` of what was paid, apart what was withdrawn. */
export interface AlboSent {
  readonly id: Id<'alboExport'>
  readonly destinationId: Id<'alboDestination'>
  readonly at: Instant
  readonly operator: string
  readonly fileName: string
  readonly sha256: string
  readonly rows: number
  readonly cents: Cents
  readonly withdrawnCents: Cents
  readonly accepted: number
  readonly refused: number
  readonly state: AlboListState
  readonly attempts: number
  readonly nextAt: Instant | null
  readonly reason: string | null
  readonly sentAt: Instant | null
  readonly answeredAt: Instant | null
  readonly answeredBy: string | null
}

/** Where the lists of a destination have come; before the first, where they begin. */
export async function lastMarkOf(db: ReadHandle, destinationId: Id<'alboDestination'>): Promise<AlboMark> {
  const row = await db
    .selectFrom('alboExport')
    .innerJoin('alboExportFile', 'alboExportFile.alboExportId', 'alboExport.id')
    .where('alboExportFile.alboDestinationId', '=', destinationId)
    .select(['alboExport.lastWriteBackId', 'alboExport.lastAnnulmentId'])
    .orderBy('alboExport.id', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (row !== undefined) return row
  return db
    .selectFrom('alboDestination')
    .where('id', '=', destinationId)
    .select(['fromWriteBackId as lastWriteBackId', 'fromAnnulmentId as lastAnnulmentId'])
    .executeTakeFirstOrThrow()
}

/** Number of the list that this destination would make now, from 1. */
export async function nextListNumber(db: ReadHandle, destinationId: Id<'alboDestination'>): Promise<number> {
  const row = await db
    .selectFrom('alboExportFile')
    .where('alboDestinationId', '=', destinationId)
    .select(sql<number>`count(*)`.as('count'))
    .executeTakeFirstOrThrow()
  return Number(row.count) + 1
}

export interface RefusedRow extends Pick<AlboExportRowTable, 'what' | 'cents'> {
  readonly alboExportId: Id<'alboExport'>
  readonly ordinal: number
  readonly accertamentoId: Id<'accertamento'>
}

/** Rows that the Albo refused and that no later list has told again. */
export async function refusedRows(db: ReadHandle, destinationId: Id<'alboDestination'>): Promise<RefusedRow[]> {
  return db
    .selectFrom('alboExportRow')
    .innerJoin('alboExportFile', 'alboExportFile.alboExportId', 'alboExportRow.alboExportId')
    .where('alboExportFile.alboDestinationId', '=', destinationId)
    .where('alboExportRow.outcome', '=', 'refused')
    .where('alboExportRow.againIn', 'is', null)
    .select(['alboExportRow.alboExportId', 'alboExportRow.ordinal', 'alboExportRow.accertamentoId'])
    .select(['alboExportRow.what', 'alboExportRow.cents'])
    .orderBy('alboExportRow.alboExportId')
    .orderBy('alboExportRow.ordinal')
    .execute()
}

/** A list with its file, from the write that makes it: what it tells is told, whenever the file leaves. */
export async function insertAlboList(
  db: WriteHandle,
  list: {
    readonly destinationId: Id<'alboDestination'>
    readonly rows: readonly AlboRow[]
    readonly fileName: string
    readonly sha256: string
    readonly bytes: Uint8Array
    readonly again: readonly RefusedRow[]
    readonly at: Instant
    readonly operator: string
  },
): Promise<Id<'alboExport'>> {
  const { at, operator, rows } = list
  const id = await insertAlboExport(db, { ...(await alboMarkNow(db)), rows: rows.length, at, operator })
  await db
    .insertInto('alboExportFile')
    .values({
      alboExportId: id,
      alboDestinationId: list.destinationId,
      ...{ fileName: list.fileName, sha256: list.sha256 },
      contentBase64: Buffer.from(list.bytes).toString('base64'),
      ...{ state: 'waiting', attempts: 0, nextAt: null, reason: null, sentAt: null },
      ...{ answeredAt: null, answeredBy: null },
    })
    .execute()
  await insertMany(
    db,
    'alboExportRow',
    rows.map(({ accertamentoId, what, cents: amount }, i) => ({
      ...{ alboExportId: id, ordinal: i + 1, accertamentoId, what, cents: amount },
      ...{ outcome: 'none' as const, reason: null, againIn: null },
    })),
  )
  for (const of of Map.groupBy(list.again, (row) => row.alboExportId).values()) {
    for (const slice of chunks(of, 500)) {
      await db
        .updateTable('alboExportRow')
        .set({ againIn: id })
        .where('alboExportId', '=', (slice[0] as RefusedRow).alboExportId)
        .where(
          'ordinal',
          'in',
          slice.map((row) => row.ordinal),
        )
        .execute()
    }
  }
  return id
}

/** Lists made for destinations, newest first; of one destination, or one list. */
export async function listAlboSent(
  db: ReadHandle,
  filter: {
    readonly destinationId?: Id<'alboDestination'> | null
    readonly state?: readonly AlboListState[]
    readonly id?: Id<'alboExport'>
  } = {},
): Promise<AlboSent[]> {
  let query = db
    .selectFrom('alboExport')
    .innerJoin('alboExportFile', 'alboExportFile.alboExportId', 'alboExport.id')
    .leftJoin('alboExportRow', 'alboExportRow.alboExportId', 'alboExport.id')
    .select(['alboExport.id', 'alboExport.at', 'alboExport.operator', 'alboExport.rows'])
    .select(['alboExportFile.alboDestinationId as destinationId', 'alboExportFile.fileName', 'alboExportFile.sha256'])
    .select(['alboExportFile.state', 'alboExportFile.attempts', 'alboExportFile.nextAt', 'alboExportFile.reason'])
    .select(['alboExportFile.sentAt', 'alboExportFile.answeredAt', 'alboExportFile.answeredBy'])
    .select(sql<number>`sum(case when "what" <> 'withdrawn' then "cents" else 0 end)`.as('cents'))
    .select(sql<number>`sum(case when "what" = 'withdrawn' then "cents" else 0 end)`.as('withdrawnCents'))
    .select(sql<number>`sum(case when "outcome" = 'accepted' then 1 else 0 end)`.as('accepted'))
    .select(sql<number>`sum(case when "outcome" = 'refused' then 1 else 0 end)`.as('refused'))
    .groupBy(['alboExport.id', 'alboExportFile.alboExportId'])
    .orderBy('alboExport.id', 'desc')
  if (filter.destinationId) query = query.where('alboExportFile.alboDestinationId', '=', filter.destinationId)
  if (filter.state && filter.state.length > 0) query = query.where('alboExportFile.state', 'in', filter.state)
  if (filter.id) query = query.where('alboExport.id', '=', filter.id)
  const rows = await query.execute()
  return rows.map((row) => ({
    ...row,
    cents: cents(Number(row.cents ?? 0)),
    withdrawnCents: cents(Number(row.withdrawnCents ?? 0)),
    accepted: Number(row.accepted ?? 0),
    refused: Number(row.refused ?? 0),
  }))
}

/** What waits for a person at the destinations in use: lists that gave up, rows refused and not told again. */
export async function alboTroubles(db: ReadHandle): Promise<{ readonly failed: number; readonly refused: number }> {
  const failed = await db
    .selectFrom('alboExportFile')
    .innerJoin('alboDestination', 'alboDestination.id', 'alboExportFile.alboDestinationId')
    .where('alboDestination.active', '=', 1)
    .where('alboExportFile.state', '=', 'failed')
    .select(sql<number>`count(*)`.as('n'))
    .executeTakeFirstOrThrow()
  const refused = await db
    .selectFrom('alboExportFile')
    .innerJoin('alboDestination', 'alboDestination.id', 'alboExportFile.alboDestinationId')
    .innerJoin('alboExportRow', 'alboExportRow.alboExportId', 'alboExportFile.alboExportId')
    .where('alboDestination.active', '=', 1)
    .where('alboExportFile.state', 'in', ['partlyAccepted', 'refused'])
    .where('alboExportRow.outcome', '=', 'refused')
    .where('alboExportRow.againIn', 'is', null)
    .select(sql<number>`count(*)`.as('n'))
    .executeTakeFirstOrThrow()
  return { failed: Number(failed.n), refused: Number(refused.n) }
}

export async function readAlboFile(db: ReadHandle, id: Id<'alboExport'>): Promise<Uint8Array | null> {
  const row = await db
    .selectFrom('alboExportFile')
    .where('alboExportId', '=', id)
    .select('contentBase64')
    .executeTakeFirst()
  return row === undefined ? null : new Uint8Array(Buffer.from(row.contentBase64, 'base64'))
}

export async function setAlboFile(
  db: WriteHandle,
  id: Id<'alboExport'>,
  values: Partial<
    Pick<AlboExportFileTable, 'state' | 'attempts' | 'nextAt' | 'reason' | 'sentAt' | 'answeredAt' | 'answeredBy'>
  >,
): Promise<void> {
  await db.updateTable('alboExportFile').set(values).where('alboExportId', '=', id).execute()
}

export interface AlboSentRow extends Pick<AlboExportRowTable, 'ordinal' | 'what' | 'cents' | 'outcome' | 'reason'> {
  readonly accertamentoId: Id<'accertamento'>
  readonly personId: Id<'person'>
  readonly personName: string
  readonly fiscalCode: string | null
  readonly externalReference: string | null
  readonly competenceYear: number
  readonly againIn: Id<'alboExport'> | null
}

/** Rows of one list in their order, with whom they speak of. */
export async function listAlboSentRows(db: ReadHandle, id: Id<'alboExport'>): Promise<AlboSentRow[]> {
  return db
    .selectFrom('alboExportRow as w')
    .innerJoin('accertamento as a', 'a.id', 'w.accertamentoId')
    .innerJoin('person as p', 'p.id', 'a.personId')
    .where('w.alboExportId', '=', id)
    .select(['w.ordinal', 'w.accertamentoId', 'w.what', 'w.cents', 'w.outcome', 'w.reason', 'w.againIn'])
    .select([shownId('p').as('personId'), 'p.name as personName', 'p.fiscalCode'])
    .select(['a.externalReference', 'a.competenceYear'])
    .orderBy('w.ordinal')
    .execute()
}

/** What the Albo said of rows of a list; those not named keep what they had. */
export async function answerAlboRows(
  db: WriteHandle,
  id: Id<'alboExport'>,
  answers: readonly {
    readonly ordinal: number
    readonly outcome: 'accepted' | 'refused'
    readonly reason: string | null
  }[],
): Promise<void> {
  const accepted = answers.filter((answer) => answer.outcome === 'accepted').map((answer) => answer.ordinal)
  for (const slice of chunks(accepted, 500)) {
    await db
      .updateTable('alboExportRow')
      .set({ outcome: 'accepted', reason: null })
      .where('alboExportId', '=', id)
      .where('ordinal', 'in', slice)
      .execute()
  }
  for (const { ordinal, reason } of answers.filter((answer) => answer.outcome === 'refused')) {
    await db
      .updateTable('alboExportRow')
      .set({ outcome: 'refused', reason })
      .where('alboExportId', '=', id)
      .where('ordinal', '=', ordinal)
      .execute()
  }
}
