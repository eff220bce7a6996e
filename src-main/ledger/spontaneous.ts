import { sql } from 'kysely'
import type { Id } from '#domain/brand'
import type { Instant, IsoDate } from '#domain/date'
import type { FiscalCode } from '#domain/fiscal-code'
import type { PlannedPayment } from '#domain/issuing'
import type { Cents } from '#domain/money'
import type { Iuv, NoticeNumber } from '#domain/notice-number'
import { insertMany } from './bulk.ts'
import { chunks } from './chunks.ts'
import { listDecisions } from './decision.ts'
import type { ReadHandle, WriteHandle } from './ledger.ts'
import { familyOf } from './person-family.ts'
import { insertVersions, makeCurrent } from './position-version.ts'
import type { SpontaneousTable, SpontaneousWhy } from './schema/node-receive.ts'

/** A receipt that pays what nobody here asked for. */
export interface UnaskedReceipt {
  readonly receiptId: Id<'receipt'>
  readonly iuv: string
  readonly noticeNumber: string | null
  readonly cents: Cents
  /** As written. */
  readonly paidAt: string
  readonly debtorFiscalCode: string | null
  readonly debtorName: string | null
  readonly debtorKind: 'F' | 'G' | null
  readonly description: string | null
  readonly transfers: readonly UnaskedTransfer[]
  /** Why it waits; null where nothing was said of it yet. */
  readonly why: SpontaneousWhy | null
}

export interface UnaskedTransfer {
  readonly idTransfer: number
  readonly fiscalCode: string
  readonly cents: Cents
  readonly iban: string | null
  readonly stamp: boolean
  readonly category: string | null
  readonly remittance: string | null
}

/**
 * Paid receipts whose IUV belongs to no position here and of which nothing was said yet: of these IUVs, or (null) of all.
 * @param again also those that wait for a type, or for a person to say what they pay.
 */
export async function unaskedReceipts(
  db: ReadHandle,
  iuvs: readonly string[] | null,
  again = false,
): Promise<UnaskedReceipt[]> {
  const found: UnaskedReceipt[] = []
  for (const part of iuvs === null ? [null] : chunks([...new Set(iuvs)], 500)) {
    let query = db
      .selectFrom('receipt as r')
      .leftJoin('iuvAssignment as a', (join) => join.on(sql<boolean>`a."iuv" = r."iuv"`))
      .leftJoin('spontaneous as s', 's.receiptId', 'r.id')
      .where('r.ok', '=', 1)
      .where('a.debtPositionId', 'is', null)
      .select(['r.id as receiptId', 'r.iuv', 'r.noticeNumber', 'r.cents', 'r.paidAt', 'r.debtorFiscalCode'])
      .select(['r.debtorName', 'r.debtorKind', 'r.description', 's.why'])
      .orderBy('r.id')
    query = again
      ? query.where(
          sql<boolean>`(s."receiptId" is null or (s."state" = 'toAssign' and s."why" in ('noType', 'manyTypes', 'noExercise', 'owedAlready')))`,
        )
      : query.where('s.receiptId', 'is', null)
    if (part !== null) query = query.where('r.iuv', 'in', part as string[])
    const rows = await query.execute()
    const transfers = await transfersOf(
      db,
      rows.map((row) => row.receiptId),
    )
    found.push(...rows.map((row) => ({ ...row, transfers: transfers.get(row.receiptId) ?? [] })))
  }
  return found
}

/** One of them by its id, whatever was said of it. */
export async function unaskedReceipt(db: ReadHandle, id: Id<'receipt'>): Promise<UnaskedReceipt | null> {
  const row = await db
    .selectFrom('receipt as r')
    .leftJoin('spontaneous as s', 's.receiptId', 'r.id')
    .where('r.id', '=', id)
    .select(['r.id as receiptId', 'r.iuv', 'r.noticeNumber', 'r.cents', 'r.paidAt', 'r.debtorFiscalCode'])
    .select(['r.debtorName', 'r.debtorKind', 'r.description', 's.why'])
    .executeTakeFirst()
  if (row === undefined) return null
  return { ...row, transfers: (await transfersOf(db, [id])).get(id) ?? [] }
}

/** What each receipt pays to whom. */
export async function transfersOf(
  db: ReadHandle,
  ids: readonly Id<'receipt'>[],
): Promise<Map<number, UnaskedTransfer[]>> {
  const found = new Map<number, UnaskedTransfer[]>()
  for (const part of chunks(ids, 500)) {
    const rows = await db
      .selectFrom('receiptTransfer')
      .where('receiptId', 'in', part)
      .select(['receiptId', 'idTransfer', 'fiscalCode', 'cents', 'iban', 'stamp', 'category', 'remittance'])
      .orderBy('receiptId')
      .orderBy('idTransfer')
      .execute()
    for (const { receiptId, stamp, ...row } of rows) {
      const of = found.get(receiptId)
      const transfer = { ...row, stamp: stamp === 1 }
      if (of === undefined) found.set(receiptId, [transfer])
      else of.push(transfer)
    }
  }
  return found
}

/** IUVs of which a person gave rows of flows to accertamenti, and it stands. */
export async function iuvsGivenByHand(db: ReadHandle): Promise<ReadonlySet<string>> {
  const rows = (await listDecisions(db)).filter((one) => one.kind === 'assignRow' && !one.revoked)
  return new Set(rows.flatMap((one) => one.subjectKey.split('|')))
}

/** Whether a person owes something of a type and year, asked for or not, of which no payment is known. */
export async function owesAlready(
  db: ReadHandle,
  personId: Id<'person'>,
  serviceTypeId: Id<'serviceType'>,
  competenceYear: number,
): Promise<boolean> {
  const row = await db
    .selectFrom('accertamento as a')
    .innerJoin('accertamentoBalance as b', 'b.accertamentoId', 'a.id')
    .where('a.personId', 'in', familyOf(personId))
    .where('a.serviceTypeId', '=', serviceTypeId)
    .where('a.competenceYear', '=', competenceYear)
    .whereRef('b.collectedCents', '<', 'b.dueCents')
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('positionDebt as asked')
            .innerJoin('debtPosition as d', (join) =>
              join.onRef('d.id', '=', 'asked.debtPositionId').onRef('d.currentVersion', '=', 'asked.version'),
            )
            .whereRef('asked.accertamentoId', '=', 'a.id')
            .where('d.lifecycle', '=', 'issued')
            .where('d.payment', 'in', ['paid', 'collected'])
            .select('d.id'),
        ),
      ),
    )
    .select('a.id')
    .executeTakeFirst()
  return row !== undefined
}

/** What is said of a receipt from now on; what was said before is replaced. */
export async function saySpontaneous(
  db: WriteHandle,
  {
    receiptId,
    newPerson,
    ...values
  }: Pick<SpontaneousTable, 'receiptId' | 'state' | 'why' | 'debtPositionId'> & { readonly newPerson: boolean },
  { at, operator }: { readonly at: Instant; readonly operator: string },
): Promise<void> {
  const said = {
    ...values,
    newPerson: newPerson ? (1 as const) : (0 as const),
    at,
    operator,
    lookedAt: null,
    lookedBy: null,
  }
  await db
    .insertInto('spontaneous')
    .values({ receiptId, ...said })
    .onConflict((conflict) => conflict.column('receiptId').doUpdateSet(said))
    .execute()
}

/** «Guardata», or not yet: of those that were raised. Says how many moved. */
export async function lookSpontaneous(
  db: WriteHandle,
  ids: readonly Id<'receipt'>[],
  looked: boolean,
  { at, operator }: { readonly at: Instant; readonly operator: string },
): Promise<number> {
  let moved = 0
  for (const part of chunks(ids, 500)) {
    const done = await db
      .updateTable('spontaneous')
      .set(
        looked
          ? { state: 'looked', lookedAt: at, lookedBy: operator }
          : { state: 'raised', lookedAt: null, lookedBy: null },
      )
      .where('receiptId', 'in', part)
      .where('state', '=', looked ? 'raised' : 'looked')
      .executeTakeFirst()
    moved += Number(done.numUpdatedRows)
  }
  return moved
}

/** A position of which the number was given by another portal: one payment, issued as it was paid. */
export interface SpontaneousPosition {
  readonly personId: Id<'person'>
  readonly issuanceId: Id<'issuance'>
  readonly fiscalCode: FiscalCode
  readonly iuv: string
  readonly noticeNumber: string | null
  readonly description: string
  readonly paidOn: IsoDate
  readonly payment: PlannedPayment
  /** One of before, taken back, that asks again. */
  readonly again: Id<'debtPosition'> | null
  readonly at: Instant
  readonly operator: string
}

/** Writes the position with the IUV of the receipt, which is from now on its own; an IUV of before stays that of its position. */
export async function insertSpontaneousPosition(
  db: WriteHandle,
  one: SpontaneousPosition,
): Promise<Id<'debtPosition'>> {
  const { at, operator, fiscalCode, paidOn } = one
  const id = one.again ?? (await newPosition(db, one))
  const version =
    one.again === null
      ? 1
      : (
          await db
            .selectFrom('debtPosition')
            .select('currentVersion')
            .where('id', '=', one.again)
            .executeTakeFirstOrThrow()
        ).currentVersion + 1
  await insertVersions(
    db,
    [
      {
        ...{ id, version, iupd: `${fiscalCode}-${one.iuv}`, description: one.description },
        reason: one.again === null ? 'pagamento spontaneo' : 'pagamento spontaneo attribuito di nuovo',
        ...{ kind: one.again === null ? ('issue' as const) : ('reactivation' as const), validUntil: paidOn, operator },
        single: { ...one.payment, iuv: one.iuv as Iuv, fresh: null },
        installments: [],
      },
    ],
    { fiscalCode, at },
  )
  if (one.again !== null) await makeCurrent(db, [{ id, version }])
  return id
}

async function newPosition(db: WriteHandle, one: SpontaneousPosition): Promise<Id<'debtPosition'>> {
  const { id } = await db
    .insertInto('debtPosition')
    .values({
      ...{ personId: one.personId, issuanceId: one.issuanceId, lifecycle: 'issued', currentVersion: 1 },
      ...{ payment: 'unpaid', nodeState: null, syncState: 'none', cancelledAt: null, cancelReason: null },
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const known = await db
    .updateTable('iuvAssignment')
    .set({ debtPositionId: id })
    .where('iuv', '=', one.iuv as Iuv)
    .where('debtPositionId', 'is', null)
    .executeTakeFirst()
  if (Number(known.numUpdatedRows) > 0) return id
  await insertMany(db, 'iuvAssignment', [
    {
      iuv: one.iuv as Iuv,
      noticeNumber: await freeNotice(db, one.noticeNumber),
      ...{ base: null, origin: 'external' as const, debtPositionId: id, at: one.at },
    },
  ])
  return id
}

/** A number that another IUV has already says nothing of this one. */
async function freeNotice(db: ReadHandle, noticeNumber: string | null): Promise<NoticeNumber | null> {
  if (noticeNumber === null || !/^\d{18}$/.test(noticeNumber)) return null
  const taken = await db
    .selectFrom('iuvAssignment')
    .select('iuv')
    .where('noticeNumber', '=', noticeNumber as NoticeNumber)
    .executeTakeFirst()
  return taken === undefined ? (noticeNumber as NoticeNumber) : null
}
