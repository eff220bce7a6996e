import type { Id } from '#domain/brand'
import { type Instant, type IsoDate, isoDate } from '#domain/date'
import type { FiscalCode } from '#domain/fiscal-code'
import type { PlannedPayment } from '#domain/issuing'
import { cents } from '#domain/money'
import type { Iuv, NoticeNumber } from '#domain/notice-number'
import type { StoredPayment, StoredPosition } from '#domain/position-plan'
import { insertMany } from './bulk.ts'
import { chunks } from './chunks.ts'
import type { ReadHandle, WriteHandle } from './ledger.ts'
import { followOnNode, wantFreshOnNode } from './node-position.ts'
import { shownId } from './person-family.ts'
import { readValidity } from './position-list.ts'
import type { PositionVersionKind } from './schema/position.ts'

const WITHOUT_END = isoDate('9999-12-31')

/** A payment of a version with its number: a new one carries the base that it was made from. */
export interface VersionPayment extends PlannedPayment {
  readonly iuv: Iuv
  readonly fresh: { readonly noticeNumber: NoticeNumber; readonly base: number } | null
}

export interface NewVersion {
  readonly id: Id<'debtPosition'>
  readonly version: number
  readonly iupd: string
  readonly description: string
  readonly reason: string
  readonly kind: PositionVersionKind
  /** Null: that of its batch. */
  readonly validUntil: IsoDate | null
  readonly operator: string | null
  readonly single: VersionPayment | null
  readonly installments: readonly VersionPayment[]
}

/** The payment options of a version: the single one first, so that its id is the lower. */
function optionsOf({ single, installments }: NewVersion) {
  return [
    ...(single === null ? [] : [{ kind: 'single' as const, payments: [single] }]),
    ...(installments.length === 0 ? [] : [{ kind: 'plan' as const, payments: installments }]),
  ]
}

/**
 * Writes versions with options (single, plan), installments, transfers, allocations and the IUVs that are new, for ever.
 * Their positions stand; which version is the current one is left to the caller.
 */
export async function insertVersions(
  db: WriteHandle,
  versions: readonly NewVersion[],
  { fiscalCode, at }: { readonly fiscalCode: FiscalCode; readonly at: Instant },
): Promise<void> {
  await insertMany(
    db,
    'debtPositionVersion',
    versions.map(({ id, version, iupd, reason, kind, validUntil, operator }) => ({
      ...{ debtPositionId: id, version, iupd, reason, createdAt: at, validUntil, kind, operator },
    })),
  )
  const options = versions.flatMap((version) => optionsOf(version).map((option) => ({ ...option, of: version })))
  const optionIds = await insertRising(options, (part) =>
    db
      .insertInto('paymentOption')
      .values(
        part.map(({ of, kind }) => ({
          ...{ debtPositionId: of.id, version: of.version, kind, description: of.description },
        })),
      )
      .returning('id')
      .execute(),
  )
  const payments = options.flatMap(({ of, payments: own }, i) =>
    own.map((payment, n) => ({ ...payment, of, ordinal: n + 1, optionId: optionIds[i] })),
  )
  await insertMany(
    db,
    'iuvAssignment',
    payments.flatMap(({ of, iuv, fresh }) =>
      fresh === null ? [] : [{ iuv, ...fresh, origin: 'own' as const, debtPositionId: of.id, at }],
    ),
  )
  const installmentIds = await insertRising(payments, (part) =>
    db
      .insertInto('installment')
      .values(
        part.map(({ optionId, ordinal, iuv, cents: amount, dueDate, of }) => ({
          paymentOptionId: optionId as Id<'paymentOption'>,
          ...{ ordinal, iuv, cents: amount, dueDate, description: of.description },
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
        part.map(({ installmentId, idTransfer, cents: amount, iban, taxonomyCode, remittance, beside }) => ({
          installmentId: installmentId as Id<'installment'>,
          ...{ idTransfer, cents: amount, iban, taxonomyCode, remittance },
          ...{
            own: beside?.own === false ? (0 as const) : (1 as const),
            stamp: beside?.stamp ? (1 as const) : (0 as const),
          },
          fiscalCode: beside?.fiscalCode ?? fiscalCode,
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
}

/** Inserts in statements of bearable size; ids in the order of the rows. */
export async function insertRising<T, I extends number>(
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

/** The versions just written become the current ones; a cancelled position is issued again. Whom the node was told of follows. */
export async function makeCurrent(
  db: WriteHandle,
  moved: readonly { readonly id: Id<'debtPosition'>; readonly version: number }[],
): Promise<void> {
  for (const [version, of] of Map.groupBy(moved, (one) => one.version)) {
    for (const part of chunks(of, 500)) {
      const ids = part.map(({ id }) => id)
      await db
        .updateTable('debtPosition')
        .set({ currentVersion: version, lifecycle: 'issued', cancelledAt: null, cancelReason: null })
        .where('id', 'in', ids)
        .execute()
    }
  }
  const ids = moved.map(({ id }) => id)
  await followOnNode(db, ids)
  await wantFreshOnNode(db, ids)
}

/** Positions with all that their current version asks for and what came of it, in the order of the ids. */
export async function readStoredPositions(
  db: ReadHandle,
  ids: readonly Id<'debtPosition'>[],
): Promise<StoredPosition[]> {
  const batches = await readValidity(db)
  const found = new Map<number, StoredPosition>()
  for (const slice of chunks(ids, 500)) {
    const positions = await db
      .selectFrom('debtPosition')
      .innerJoin('person', 'person.id', 'debtPosition.personId')
      .innerJoin('debtPositionVersion', (join) =>
        join
          .onRef('debtPositionVersion.debtPositionId', '=', 'debtPosition.id')
          .onRef('debtPositionVersion.version', '=', 'debtPosition.currentVersion'),
      )
      .where('debtPosition.id', 'in', slice)
      .select(['debtPosition.id', shownId('person').as('personId'), 'person.name as personName'])
      .select('debtPosition.lifecycle')
      .select(['debtPosition.payment', 'debtPosition.currentVersion as version', 'debtPosition.nodeState'])
      .select(['debtPosition.syncState', 'debtPosition.issuanceId', 'debtPositionVersion.iupd'])
      .select(['debtPositionVersion.validUntil'])
      .execute()
    const payments = await readPayments(db, slice)
    for (const { issuanceId, validUntil, ...row } of positions) {
      const own = payments.get(row.id) ?? []
      found.set(row.id, {
        ...row,
        // Only a position without a batch has no end.
        validUntil: validUntil ?? batches.get(issuanceId ?? 0) ?? WITHOUT_END,
        description: own[0]?.description ?? '',
        single: own.find((one) => one.option === 'single') ?? null,
        installments: own.filter((one) => one.option === 'plan'),
      })
    }
  }
  return ids.flatMap((id) => found.get(id) ?? [])
}

type Read = StoredPayment & { readonly option: 'single' | 'plan'; readonly description: string }

async function readPayments(db: ReadHandle, ids: readonly Id<'debtPosition'>[]): Promise<Map<number, Read[]>> {
  const rows = await db
    .selectFrom('debtPosition')
    .innerJoin('paymentOption', (join) =>
      join
        .onRef('paymentOption.debtPositionId', '=', 'debtPosition.id')
        .onRef('paymentOption.version', '=', 'debtPosition.currentVersion'),
    )
    .innerJoin('installment', 'installment.paymentOptionId', 'paymentOption.id')
    .innerJoin('iuvAssignment', 'iuvAssignment.iuv', 'installment.iuv')
    .leftJoin('installmentState', 'installmentState.installmentId', 'installment.id')
    .where('debtPosition.id', 'in', ids)
    .select(['debtPosition.id as positionId', 'paymentOption.kind', 'installment.id', 'installment.ordinal'])
    .select(['installment.iuv', 'installment.cents', 'installment.dueDate', 'installment.description'])
    .select(['iuvAssignment.noticeNumber', 'installmentState.state', 'installmentState.paidDate'])
    .select(['installmentState.paidTwice', 'installmentState.otherOptionPaid'])
    .orderBy('installment.ordinal')
    .execute()
  const transfers = Map.groupBy(
    await readTransfers(
      db,
      rows.map((row) => row.id),
    ),
    (transfer) => transfer.installmentId as number,
  )
  const found = new Map<number, Read[]>()
  for (const { positionId, kind, id, state, paidTwice, otherOptionPaid, ...row } of rows) {
    const payment: Read = {
      ...row,
      option: kind,
      state: state ?? 'unpaid',
      otherOption: otherOptionPaid === 1,
      surplus: paidTwice === 1 || otherOptionPaid === 1,
      transfers: (transfers.get(id) ?? []).map(({ installmentId: _of, ...transfer }) => transfer),
    }
    const own = found.get(positionId)
    if (own === undefined) found.set(positionId, [payment])
    else own.push(payment)
  }
  return found
}

async function readTransfers(db: ReadHandle, installmentIds: readonly Id<'installment'>[]) {
  const found: (StoredPayment['transfers'][number] & { readonly installmentId: Id<'installment'> })[] = []
  for (const slice of chunks(installmentIds, 500)) {
    const rows = await db
      .selectFrom('transfer')
      .where('installmentId', 'in', slice)
      .selectAll()
      .orderBy('installmentId')
      .orderBy('idTransfer')
      .execute()
    const allocations = await db
      .selectFrom('allocation')
      .innerJoin('transfer', 'transfer.id', 'allocation.transferId')
      .where('transfer.installmentId', 'in', slice)
      .select(['allocation.transferId', 'allocation.accertamentoId', 'allocation.cents'])
      .orderBy('allocation.transferId')
      .orderBy('allocation.ordinal')
      .execute()
    const byTransfer = Map.groupBy(allocations, (row) => row.transferId as number)
    for (const { id, own, stamp, ...row } of rows) {
      const of = byTransfer.get(id) ?? []
      found.push({
        ...row,
        own: own === 1,
        stamp: stamp === 1,
        allocations: of.map(({ accertamentoId, cents: amount }) => ({ accertamentoId, cents: amount })),
      })
    }
  }
  return found
}

/** An accertamento as a new version needs it. */
export interface RevisedDebt {
  readonly accertamentoId: Id<'accertamento'>
  readonly exercise: number
  readonly number: number
  readonly dueDate: IsoDate | null
  readonly causale: string
  /** Not collected in the books; negative never. */
  readonly outstandingCents: ReturnType<typeof cents>
}

export async function readRevisedDebts(
  db: ReadHandle,
  ids: readonly Id<'accertamento'>[],
): Promise<Map<number, RevisedDebt>> {
  const found = new Map<number, RevisedDebt>()
  for (const slice of chunks([...new Set(ids)], 500)) {
    const rows = await db
      .selectFrom('accertamento')
      .innerJoin('accertamentoBalance', 'accertamentoBalance.accertamentoId', 'accertamento.id')
      .where('accertamento.id', 'in', slice)
      .select(['accertamento.id as accertamentoId', 'accertamento.exercise', 'accertamento.number'])
      .select(['accertamento.dueDate', 'accertamento.causale'])
      .select(['accertamentoBalance.dueCents', 'accertamentoBalance.collectedCents'])
      .execute()
    for (const { dueCents, collectedCents, ...row } of rows) {
      found.set(row.accertamentoId, { ...row, outstandingCents: cents(dueCents - collectedCents) })
    }
  }
  return found
}

/** Which live positions ask for these accertamenti now. */
export async function askedBy(
  db: ReadHandle,
  ids: readonly Id<'accertamento'>[],
): Promise<Map<number, Id<'debtPosition'>[]>> {
  const found = new Map<number, Id<'debtPosition'>[]>()
  for (const slice of chunks([...new Set(ids)], 500)) {
    const rows = await db
      .selectFrom('positionDebt')
      .innerJoin('debtPosition', (join) =>
        join
          .onRef('debtPosition.id', '=', 'positionDebt.debtPositionId')
          .onRef('debtPosition.currentVersion', '=', 'positionDebt.version'),
      )
      .where('positionDebt.accertamentoId', 'in', slice)
      .where('debtPosition.lifecycle', '=', 'issued')
      .select(['positionDebt.accertamentoId', 'debtPosition.id'])
      .execute()
    for (const { accertamentoId, id } of rows) {
      const of = found.get(accertamentoId)
      if (of === undefined) found.set(accertamentoId, [id])
      else of.push(id)
    }
  }
  return found
}
