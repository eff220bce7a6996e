import { setImmediate as nextTurn } from 'node:timers/promises'
import { type Insertable, sql } from 'kysely'
import type { Id } from '#domain/brand'
import type { Instant, IsoDate } from '#domain/date'
import { type DueRule, readDueRule } from '#domain/due-rule'
import type { FiscalCode } from '#domain/fiscal-code'
import type { Iban } from '#domain/iban'
import type { PlannedPayment } from '#domain/issuing'
import { type Cents, cents } from '#domain/money'
import type { Iuv, NoticeNumber } from '#domain/notice-number'
import { isIssued } from './accertamento-raise.ts'
import type { Beat } from './beat.ts'
import { insertMany } from './bulk.ts'
import { chunks, restingChunks } from './chunks.ts'
import type { ReadHandle, WriteHandle } from './ledger.ts'
import { followOnNode, wantFreshOnNode } from './node-position.ts'
import { shownId } from './person-family.ts'
import { insertRising, insertVersions, type NewVersion, type VersionPayment } from './position-version.ts'
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
  /** Whether dues of its type are asked for through pagoPA at all. */
  readonly pagoPa: boolean
  readonly competenceYear: number
  /** Of its type; for what has no due date of its own. */
  readonly dueRule: DueRule | null
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
        shownId('person').as('personId'),
        'accertamento.exercise',
        'accertamento.number',
        'accertamento.dueDate',
        'accertamento.causale',
        'accertamentoBalance.dueCents',
        'accertamentoBalance.collectedCents',
        'serviceType.taxonomyCode',
        'serviceType.pagoPa',
        'serviceType.dueRuleJson',
        'accertamento.competenceYear',
        'bankAccount.iban',
        'person.searchKey',
      ])
      .select(isIssued('accertamento').as('issued'))
      .execute()
    for (const { dueCents, collectedCents, issued, pagoPa, dueRuleJson, ...row } of rows) {
      const outstandingCents = cents(dueCents - collectedCents)
      const dueRule = readDueRule(dueRuleJson)
      found.push({ ...row, outstandingCents, pagoPa: pagoPa === 1, dueRule, issued: Number(issued) === 1 })
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
  readonly externalReference?: string | null
  /** Of the form that makes it; see the table. */
  readonly attempt?: string
}

interface Batch {
  readonly issuanceId: Id<'issuance'>
  readonly fiscalCode: FiscalCode
  readonly at: Instant
  readonly operator: string
  /** Where it is not that of the batch. */
  readonly validUntil?: IsoDate
}

/**
 * Writes positions of one batch with version, options (single, plan), installments, transfers, allocations and their
 * IUVs, for ever; they are wanted on the node where the institution publishes by itself. One transaction with the numbering that gave them their bases.
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
  await wantFreshOnNode(db, ids)
  return ids
}

async function insertSlice(
  db: WriteHandle,
  slice: readonly NumberedPosition[],
  { issuanceId, fiscalCode, at, operator, validUntil }: Batch,
): Promise<Id<'debtPosition'>[]> {
  const ids = await insertRising(slice, (part) =>
    db
      .insertInto('debtPosition')
      .values(
        part.map(({ personId, externalReference, attempt }) => ({
          personId,
          issuanceId,
          lifecycle: 'issued' as const,
          currentVersion: 1,
          payment: 'unpaid' as const,
          nodeState: null,
          syncState: 'none' as const,
          cancelledAt: null,
          cancelReason: null,
          externalReference: externalReference ?? null,
          attempt: attempt ?? null,
        })),
      )
      .returning('id')
      .execute(),
  )
  const versions = slice.map(
    ({ description, iupd, single, installments }, i): NewVersion => ({
      ...{ id: ids[i] as Id<'debtPosition'>, version: 1, iupd, description, reason: 'emissione', kind: 'issue' },
      ...{ operator, validUntil: validUntil ?? null },
      single: single && freshPayment(single),
      installments: installments.map(freshPayment),
    }),
  )
  await insertVersions(db, versions, { fiscalCode, at })
  return ids
}

function freshPayment({ noticeNumber, base, ...payment }: NumberedPayment): VersionPayment {
  return { ...payment, fresh: { noticeNumber, base } }
}

/** Cancels issued positions; the IUVs stay taken for ever. */
export async function cancelPositions(
  db: WriteHandle,
  ids: readonly Id<'debtPosition'>[],
  { reason, at, operator }: { readonly reason: string; readonly at: Instant; readonly operator: string },
): Promise<void> {
  for await (const slice of restingChunks(ids, 500)) {
    const live = await db
      .selectFrom('debtPosition')
      .where('id', 'in', slice)
      .where('lifecycle', '=', 'issued')
      .select(['id as debtPositionId', 'currentVersion as version'])
      .execute()
    const rows = live.map((one) => ({ ...one, at, operator, reason }))
    await insertMany(db, 'positionCancellation', rows)
    await db
      .updateTable('debtPosition')
      .set({ lifecycle: 'cancelled', cancelledAt: at, cancelReason: reason })
      .where('id', 'in', slice)
      .where('lifecycle', '=', 'issued')
      .execute()
  }
  await followOnNode(db, ids)
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
