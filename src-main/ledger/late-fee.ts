import { sql } from 'kysely'
import type { Id } from '#domain/brand'
import type { IsoDate } from '#domain/date'
import { type AskedPart, type LateFeeRule, readLateFeeRule } from '#domain/late-fee'
import { type Cents, cents } from '#domain/money'
import { insertMany } from './bulk.ts'
import { chunks } from './chunks.ts'
import type { ReadHandle, WriteHandle } from './ledger.ts'
import { shownId } from './person-family.ts'
import type { ServiceKind } from './schema/institution.ts'
import type { PositionPayment } from './schema/position.ts'
import type { LateFeeTable } from './schema/tariff.ts'

export interface LateDebt {
  readonly accertamentoId: Id<'accertamento'>
  readonly number: number
  readonly exercise: number
  readonly competenceYear: number
  readonly personId: Id<'person'>
  readonly personName: string
  readonly fiscalCode: string | null
  readonly searchKey: string
  readonly service: string
  readonly kind: ServiceKind
  readonly rule: LateFeeRule | null
  readonly causale: string
  readonly dueDate: IsoDate | null
  readonly outstandingCents: Cents
  readonly position: { readonly id: Id<'debtPosition'>; readonly payment: PositionPayment } | null
  readonly parts: readonly AskedPart[]
  /** Fees raised before that still stand, with the highest step of the rule that they stand for; null where none. */
  readonly before: { readonly cents: Cents; readonly step: number } | null
}

/** Debts still outstanding, with what their live positions ask and the fees that they had: of an exercise and before, or these. */
export async function readLateDebts(
  db: ReadHandle,
  of: { readonly exercise: number } | { readonly ids: readonly Id<'accertamento'>[] },
): Promise<LateDebt[]> {
  const found: LateDebt[] = []
  const slices = 'ids' in of ? [...chunks(of.ids, 500)] : [null]
  for (const slice of slices) {
    const parts = await readParts(db, slice)
    const before = await readFees(db, slice)
    let from = db
      .selectFrom('accertamento')
      .innerJoin('accertamentoBalance', 'accertamentoBalance.accertamentoId', 'accertamento.id')
      .innerJoin('person as p', 'p.id', 'accertamento.personId')
      .innerJoin('person as shown', (join) => join.on('shown.id', '=', shownId('p')))
      .innerJoin('serviceType', 'serviceType.id', 'accertamento.serviceTypeId')
      .where('accertamentoBalance.state', 'in', ['outstanding', 'partlyCollected'])
    if (slice !== null) from = from.where('accertamento.id', 'in', slice)
    else if ('exercise' in of) from = from.where('accertamento.exercise', '<=', of.exercise)
    const rows = await from
      .select(['accertamento.id as accertamentoId', 'accertamento.number', 'accertamento.exercise'])
      .select(['accertamento.competenceYear', 'accertamento.causale', 'accertamento.dueDate'])
      .select(['shown.id as personId', 'shown.name as personName', 'shown.fiscalCode', 'shown.searchKey'])
      .select(['serviceType.name as service', 'serviceType.kind', 'serviceType.moraRuleJson'])
      .select(['accertamentoBalance.dueCents', 'accertamentoBalance.collectedCents'])
      .execute()
    for (const { dueCents, collectedCents, moraRuleJson, ...row } of rows) {
      const asked = parts.get(row.accertamentoId)
      found.push({
        ...row,
        rule: ruleOf(moraRuleJson),
        outstandingCents: cents(dueCents - collectedCents),
        position: asked?.position ?? null,
        parts: asked?.parts ?? [],
        before: before.get(row.accertamentoId) ?? null,
      })
    }
  }
  return found.sort((a, b) =>
    a.searchKey !== b.searchKey ? (a.searchKey < b.searchKey ? -1 : 1) : a.exercise - b.exercise || a.number - b.number,
  )
}

/** Types are few and debts many: each rule is read once. */
const rules = new Map<string, LateFeeRule | null>()

function ruleOf(json: string | null): LateFeeRule | null {
  if (json === null) return null
  const known = rules.get(json)
  if (known !== undefined) return known
  if (rules.size > 100) rules.clear()
  const rule = readLateFeeRule(json)
  rules.set(json, rule)
  return rule
}

interface Asked {
  readonly position: NonNullable<LateDebt['position']>
  readonly parts: AskedPart[]
}

/** What the current versions of issued positions ask for. */
function liveAllocations(db: ReadHandle) {
  return db
    .selectFrom('debtPosition')
    .innerJoin('paymentOption', (join) =>
      join
        .onRef('paymentOption.debtPositionId', '=', 'debtPosition.id')
        .onRef('paymentOption.version', '=', 'debtPosition.currentVersion'),
    )
    .innerJoin('installment', 'installment.paymentOptionId', 'paymentOption.id')
    .innerJoin('transfer', 'transfer.installmentId', 'installment.id')
    .innerJoin('allocation', 'allocation.transferId', 'transfer.id')
    .where('debtPosition.lifecycle', '=', 'issued')
}

async function readParts(db: ReadHandle, slice: readonly Id<'accertamento'>[] | null): Promise<Map<number, Asked>> {
  let from = liveAllocations(db)
    .innerJoin('accertamentoBalance', 'accertamentoBalance.accertamentoId', 'allocation.accertamentoId')
    .leftJoin('installmentState', 'installmentState.installmentId', 'installment.id')
    .where('accertamentoBalance.state', 'in', ['outstanding', 'partlyCollected'])
  if (slice !== null) from = from.where('allocation.accertamentoId', 'in', slice)
  const rows = await from
    .select(['allocation.accertamentoId', 'allocation.cents', 'debtPosition.id', 'debtPosition.payment'])
    .select(['paymentOption.kind', 'installment.dueDate', 'installmentState.state'])
    .execute()
  const found = new Map<number, Asked>()
  for (const { accertamentoId, id, payment, state, ...part } of rows) {
    const asked = found.get(accertamentoId) ?? { position: { id, payment }, parts: [] }
    asked.parts.push({ ...part, unpaid: state === null || state === 'unpaid' })
    found.set(accertamentoId, asked)
  }
  return found
}

async function readFees(
  db: ReadHandle,
  slice: readonly Id<'accertamento'>[] | null,
): Promise<Map<number, { cents: Cents; step: number }>> {
  let from = db
    .selectFrom('lateFee')
    .innerJoin('accertamentoBalance', 'accertamentoBalance.accertamentoId', 'lateFee.feeAccertamentoId')
    .where('accertamentoBalance.state', '!=', 'cancelled')
  if (slice !== null) from = from.where('lateFee.accertamentoId', 'in', slice)
  const rows = await from
    .groupBy('lateFee.accertamentoId')
    .select('lateFee.accertamentoId')
    .select(sql<number>`coalesce(sum("lateFee"."cents"), 0)`.as('cents'))
    .select(sql<number>`max("lateFee"."step")`.as('step'))
    .execute()
  return new Map(
    rows.map((row) => [row.accertamentoId, { cents: cents(Number(row.cents)), step: Number(row.step) }] as const),
  )
}

/** Accertamenti that the current versions of these live positions ask for. */
export async function listAskedDebts(
  db: ReadHandle,
  positions: readonly Id<'debtPosition'>[],
): Promise<Id<'accertamento'>[]> {
  const found = new Set<Id<'accertamento'>>()
  for (const slice of chunks(positions, 500)) {
    const rows = await liveAllocations(db)
      .where('debtPosition.id', 'in', slice)
      .select('allocation.accertamentoId')
      .distinct()
      .execute()
    for (const row of rows) found.add(row.accertamentoId)
  }
  return [...found]
}

export type NewLateFee = Omit<LateFeeTable, 'id' | 'feeAccertamentoId'> & { readonly number: number }

/** Remembers for which delay each fee was raised; answers the ids of their accertamenti, in order. */
export async function insertLateFees(
  db: WriteHandle,
  exercise: number,
  fees: readonly NewLateFee[],
): Promise<Id<'accertamento'>[]> {
  const ids = new Map<number, Id<'accertamento'>>()
  for (const slice of chunks(fees, 500)) {
    const rows = await db
      .selectFrom('accertamento')
      .select(['id', 'number'])
      .where('exercise', '=', exercise)
      .where(
        'number',
        'in',
        slice.map((fee) => fee.number),
      )
      .execute()
    for (const row of rows) ids.set(row.number, row.id)
  }
  const own = fees.map((fee) => ids.get(fee.number) as Id<'accertamento'>)
  await insertMany(
    db,
    'lateFee',
    fees.map(({ number: _number, ...fee }, at) => ({ ...fee, feeAccertamentoId: own[at] as Id<'accertamento'> })),
  )
  return own
}
