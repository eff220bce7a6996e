import { setImmediate as nextTurn } from 'node:timers/promises'
import { type Insertable, sql } from 'kysely'
import type { Id } from '#domain/brand'
import type { Instant, IsoDate } from '#domain/date'
import type { FiscalCode } from '#domain/fiscal-code'
import type { Iban } from '#domain/iban'
import type { PlannedPayment } from '#domain/issuing'
import { type Cents, cents } from '#domain/money'
import type { Iuv, NoticeNumber } from '#domain/notice-number'
import { isIssued } from './accertamento-raise.ts'
import type { Beat } from './beat.ts'
import { insertMany } from './bulk.ts'
import { chunks } from './chunks.ts'
import type { ReadHandle, WriteHandle } from './ledger.ts'
import type { IssuanceTable } from './schema/position.ts'

/** An accertamento as issuing needs it: what is outstanding, where the money goes, whether a live position asks for it. */
export interface DebtToIssue {
  readonly accertamentoId: Id<'accertamento'>
  readonly personId: Id<'person'>
  readonly exercise: number
  readonly number: number
  readonly dueDate: IsoDate | null
  readonly causale: string
  readonly outstandingCents: Cents
  readonly iban: Iban | null
  readonly taxonomyCode: string
  readonly issued: boolean
}

/** Debts of these accertamenti, in alphabetical order of the person and oldest first. */
export async function readDebtsToIssue(db: ReadHandle, ids: readonly Id<'accertamento'>[]): Promise<DebtToIssue[]> {
  const found: (DebtToIssue & { searchKey: string })[] = []
  for (const slice of chunks(ids, 500)) {
    const rows = await db
      .selectFrom('accertamento')
      .innerJoin('accertamentoBalance', 'accertamentoBalance.accertamentoId', 'accertamento.id')
      .innerJoin('person', 'person.id', 'accertamento.personId')
      .innerJoin('serviceType', 'serviceType.id', 'accertamento.serviceTypeId')
      .leftJoin('bankAccount', 'bankAccount.id', 'serviceType.bankAccountId')
      .where('accertamento.id', 'in', slice)
      .select([
        'accertamento.id as accertamentoId',
        'accertamento.personId',
        'accertamento.exercise',
        'accertamento.number',
        'accertamento.dueDate',
        'accertamento.causale',
        'accertamentoBalance.dueCents',
        'accertamentoBalance.collectedCents',
        'serviceType.taxonomyCode',
        'bankAccount.iban',
        'person.searchKey',
      ])
      .select(isIssued('accertamento').as('issued'))
      .execute()
    for (const { dueCents, collectedCents, issued, ...row } of rows) {
      found.push({ ...row, outstandingCents: cents(dueCents - collectedCents), issued: Number(issued) === 1 })
    }
  }
  return found
    .sort((a, b) =>
      a.searchKey !== b.searchKey
        ? a.searchKey < b.searchKey
          ? -1
          : 1
        : a.personId - b.personId || a.exercise - b.exercise || a.number - b.number,
    )
    .map(({ searchKey: _key, ...debt }) => debt)
}

export async function insertIssuance(
  db: WriteHandle,
  issuance: Omit<Insertable<IssuanceTable>, 'id'>,
): Promise<Id<'issuance'>> {
  return (await db.insertInto('issuance').values(issuance).returning('id').executeTakeFirstOrThrow()).id
}

/** A payment of a position with the numbers that the ledger gave it. */
export interface NumberedPayment extends PlannedPayment {
  readonly noticeNumber: NoticeNumber
  readonly iuv: Iuv
  readonly base: number
}

export interface NumberedPosition {
  readonly personId: Id<'person'>
  readonly description: string
  readonly iupd: string
  readonly single: NumberedPayment | null
  /** None, or at least two in their order. */
  readonly installments: readonly NumberedPayment[]
}

interface Batch {
  readonly issuanceId: Id<'issuance'>
  readonly fiscalCode: FiscalCode
  readonly at: Instant
}

/**
 * Writes positions of one batch with version, options (single, plan), installments, transfers, allocations and their
 * IUVs, for ever. One transaction with the numbering that gave them their bases.
 */
export async function insertPositions(
  db: WriteHandle,
  positions: readonly NumberedPosition[],
  batch: Batch,
  beat: Beat,
): Promise<Id<'debtPosition'>[]> {
  const ids: Id<'debtPosition'>[] = []
  for (const slice of chunks(positions)) {
    ids.push(...(await insertSlice(db, slice, batch)))
    beat(ids.length)
    await nextTurn()
  }
  return ids
}

/** The payment options of a position: the single one first, so that its id is the lower. */
function optionsOf(position: NumberedPosition) {
  const { single, installments } = position
  return [
    ...(single === null ? [] : [{ kind: 'single' as const, payments: [single] }]),
    ...(installments.length === 0 ? [] : [{ kind: 'plan' as const, payments: installments }]),
  ]
}

async function insertSlice(
  db: WriteHandle,
  slice: readonly NumberedPosition[],
  { issuanceId, fiscalCode, at }: Batch,
): Promise<Id<'debtPosition'>[]> {
  const positions = await insertRising(slice, (part) =>
    db
      .insertInto('debtPosition')
      .values(
        part.map(({ personId }) => ({
          personId,
          issuanceId,
          lifecycle: 'issued' as const,
          currentVersion: 1,
          payment: 'unpaid' as const,
          nodeState: null,
          syncState: 'none' as const,
          cancelledAt: null,
          cancelReason: null,
        })),
      )
      .returning('id')
      .execute(),
  )
  const known = slice.map((position, i) => ({ ...position, id: positions[i] as Id<'debtPosition'> }))
  await db
    .insertInto('debtPositionVersion')
    .values(known.map(({ id, iupd }) => ({ debtPositionId: id, version: 1, iupd, reason: 'emissione', createdAt: at })))
    .execute()
  const options = known.flatMap((position) =>
    optionsOf(position).map((option) => ({ ...option, id: position.id, description: position.description })),
  )
  const optionIds = await insertRising(options, (part) =>
    db
      .insertInto('paymentOption')
      .values(part.map(({ id, kind, description }) => ({ debtPositionId: id, version: 1, kind, description })))
      .returning('id')
      .execute(),
  )
  const payments = options.flatMap(({ id, description, payments: own }, i) =>
    own.map((payment, n) => ({ ...payment, id, description, ordinal: n + 1, optionId: optionIds[i] })),
  )
  for (const part of chunks(payments)) {
    await db
      .insertInto('iuvAssignment')
      .values(
        part.map(({ id, iuv, noticeNumber, base }) => ({
          ...{ iuv, noticeNumber, base, at },
          origin: 'own' as const,
          debtPositionId: id,
        })),
      )
      .execute()
  }
  const installmentIds = await insertRising(payments, (part) =>
    db
      .insertInto('installment')
      .values(
        part.map(({ optionId, ordinal, iuv, cents: amount, dueDate, description }) => ({
          paymentOptionId: optionId as Id<'paymentOption'>,
          ...{ ordinal, iuv, cents: amount, dueDate, description },
        })),
      )
      .returning('id')
      .execute(),
  )
  const transfers = payments.flatMap((payment, i) =>
    payment.transfers.map((transfer) => ({ ...transfer, installmentId: installmentIds[i] })),
  )
  const transferIds = await insertRising(transfers, (part) =>
    db
      .insertInto('transfer')
      .values(
        part.map(({ installmentId, idTransfer, cents: amount, iban, taxonomyCode, remittance }) => ({
          installmentId: installmentId as Id<'installment'>,
          ...{ idTransfer, cents: amount, own: 1 as const, stamp: 0 as const, fiscalCode, iban },
          ...{ taxonomyCode, remittance },
        })),
      )
      .returning('id')
      .execute(),
  )
  const allocations = transfers.flatMap((transfer, k) =>
    transfer.allocations.map((allocation, n) => ({
      ...{ transferId: transferIds[k] as Id<'transfer'>, ordinal: n + 1 },
      ...{ accertamentoId: allocation.accertamentoId, cents: allocation.cents },
    })),
  )
  await insertMany(db, 'allocation', allocations)
  return positions
}

/** Inserts in statements of bearable size; ids in the order of the rows. */
async function insertRising<T, I extends number>(
  rows: readonly T[],
  insert: (part: readonly T[]) => Promise<readonly { readonly id: I }[]>,
): Promise<I[]> {
  const ids: I[] = []
  for (const part of chunks(rows)) {
    // Rows of one statement get rising ids in the order of its values, on both engines; sorting makes it sure.
    ids.push(...(await insert(part)).map((row) => row.id).sort((a, b) => a - b))
  }
  return ids
}

/** Cancels issued positions; the IUVs stay taken for ever. */
export async function cancelPositions(
  db: WriteHandle,
  ids: readonly Id<'debtPosition'>[],
  reason: string,
  at: Instant,
): Promise<void> {
  for (const slice of chunks(ids, 500)) {
    await db
      .updateTable('debtPosition')
      .set({ lifecycle: 'cancelled', cancelledAt: at, cancelReason: reason })
      .where('id', 'in', slice)
      .where('lifecycle', '=', 'issued')
      .execute()
  }
}

/** Which of these people have an address, and which an e-mail or a PEC, in force. */
export async function readReach(
  db: ReadHandle,
  personIds: readonly Id<'person'>[],
): Promise<{ readonly addressed: ReadonlySet<number>; readonly reachable: ReadonlySet<number> }> {
  const addressed = new Set<number>()
  const reachable = new Set<number>()
  for (const slice of chunks(personIds, 500)) {
    const rows = await db
      .selectFrom('contactPoint')
      .where('personId', 'in', slice)
      .where('validTo', 'is', null)
      .where(sql<boolean>`"kind" in ('address', 'email', 'pec')`)
      .select(['personId', 'kind'])
      .execute()
    for (const { personId, kind } of rows) (kind === 'address' ? addressed : reachable).add(personId)
  }
  return { addressed, reachable }
}
