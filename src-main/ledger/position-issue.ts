import { setImmediate as nextTurn } from 'node:timers/promises'
import { type Insertable, sql } from 'kysely'
import type { Id } from '#domain/brand'
import type { Instant, IsoDate } from '#domain/date'
import type { FiscalCode } from '#domain/fiscal-code'
import type { Iban } from '#domain/iban'
import type { PlannedPosition } from '#domain/issuing'
import { type Cents, cents } from '#domain/money'
import type { Iuv, NoticeNumber } from '#domain/notice-number'
import { isIssued } from './accertamento-raise.ts'
import type { Beat } from './beat.ts'
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

export interface NumberedPosition extends PlannedPosition {
  readonly noticeNumber: NoticeNumber
  readonly iuv: Iuv
  readonly base: number
  readonly iupd: string
}

/**
 * Writes positions of one batch with version, option, installment, transfers, allocations and their IUVs, for ever.
 * One transaction with the numbering that gave them their bases.
 */
export async function insertPositions(
  db: WriteHandle,
  positions: readonly NumberedPosition[],
  batch: { readonly issuanceId: Id<'issuance'>; readonly fiscalCode: FiscalCode; readonly at: Instant },
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

async function insertSlice(
  db: WriteHandle,
  slice: readonly NumberedPosition[],
  batch: { readonly issuanceId: Id<'issuance'>; readonly fiscalCode: FiscalCode; readonly at: Instant },
): Promise<Id<'debtPosition'>[]> {
  const { issuanceId, fiscalCode, at } = batch
  // Rows of one statement get rising ids in the order of its values, on both engines; sorting makes it sure.
  const rising = <T extends { readonly id: number }>(rows: T[]): T[] => rows.sort((a, b) => a.id - b.id)
  const positionRows = rising(
    await db
      .insertInto('debtPosition')
      .values(
        slice.map(({ personId }) => ({
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
  const idOf = (index: number) => (positionRows[index] as { id: Id<'debtPosition'> }).id
  await db
    .insertInto('debtPositionVersion')
    .values(
      slice.map(({ iupd }, i) => ({ debtPositionId: idOf(i), version: 1, iupd, reason: 'emissione', createdAt: at })),
    )
    .execute()
  await db
    .insertInto('iuvAssignment')
    .values(
      slice.map(({ iuv, noticeNumber, base }, i) => ({
        iuv,
        noticeNumber,
        base,
        origin: 'own' as const,
        debtPositionId: idOf(i),
        at,
      })),
    )
    .execute()
  const options = rising(
    await db
      .insertInto('paymentOption')
      .values(
        slice.map(({ description }, i) => ({
          debtPositionId: idOf(i),
          version: 1,
          kind: 'single' as const,
          description,
        })),
      )
      .returning('id')
      .execute(),
  )
  const installments = rising(
    await db
      .insertInto('installment')
      .values(
        slice.map(({ iuv, cents: amount, dueDate, description }, i) => ({
          paymentOptionId: (options[i] as { id: Id<'paymentOption'> }).id,
          ordinal: 1,
          iuv,
          cents: amount,
          dueDate,
          description,
        })),
      )
      .returning('id')
      .execute(),
  )
  const planned = slice.flatMap((position, i) => position.transfers.map((transfer) => ({ transfer, i })))
  for (const part of chunks(planned)) {
    const transfers = rising(
      await db
        .insertInto('transfer')
        .values(
          part.map(({ transfer, i }) => ({
            installmentId: (installments[i] as { id: Id<'installment'> }).id,
            idTransfer: transfer.idTransfer,
            cents: transfer.cents,
            own: 1 as const,
            stamp: 0 as const,
            fiscalCode,
            iban: transfer.iban,
            taxonomyCode: transfer.taxonomyCode,
            remittance: transfer.remittance,
          })),
        )
        .returning('id')
        .execute(),
    )
    const allocations = part.flatMap(({ transfer }, k) =>
      transfer.allocations.map((allocation, ordinal) => ({
        transferId: (transfers[k] as { id: Id<'transfer'> }).id,
        ordinal: ordinal + 1,
        accertamentoId: allocation.accertamentoId,
        cents: allocation.cents,
      })),
    )
    for (const some of chunks(allocations)) {
      await db
        .insertInto('allocation')
        .values([...some])
        .execute()
    }
  }
  return positionRows.map((row) => row.id)
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
