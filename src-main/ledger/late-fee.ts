import type { Id } from '#domain/brand'
import type { Instant, IsoDate } from '#domain/date'
import { type AskedFee, type AskedPart, type LateFeeRule, readLateFeeRule } from '#domain/late-fee'
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
  /** Fees raised before that still stand, the first one first. */
  readonly fees: readonly AskedFee[]
}

/** Debts still outstanding, with what their live positions ask and the fees that they had: of an exercise and before, or these. */
export async function readLateDebts(
  db: ReadHandle,
  of: { readonly exercise: number } | { readonly ids: readonly Id<'accertamento'>[] },
): Promise<LateDebt[]> {
  const found: LateDebt[] = []
  const slices = 'ids' in of ? [...chunks(of.ids, 500)] : [null]
  for (const slice of slices) {
    const fees = await readFees(db, slice)
    const parts = await readParts(db, slice, await readDueDates(db, slice))
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
        fees: fees.get(row.accertamentoId) ?? [],
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

async function readParts(
  db: ReadHandle,
  slice: readonly Id<'accertamento'>[] | null,
  dates: ReadonlyMap<string, AskedPart['dates']>,
): Promise<Map<number, Asked>> {
  let from = liveAllocations(db)
    .innerJoin('accertamentoBalance', 'accertamentoBalance.accertamentoId', 'allocation.accertamentoId')
    .leftJoin('installmentState', 'installmentState.installmentId', 'installment.id')
    .where('accertamentoBalance.state', 'in', ['outstanding', 'partlyCollected'])
  if (slice !== null) from = from.where('allocation.accertamentoId', 'in', slice)
  const rows = await from
    .select(['allocation.accertamentoId', 'allocation.cents', 'debtPosition.id', 'debtPosition.payment'])
    .select(['paymentOption.kind', 'installment.iuv', 'installment.dueDate', 'installmentState.state'])
    .execute()
  const found = new Map<number, Asked>()
  for (const { accertamentoId, id, payment, state, iuv, ...part } of rows) {
    const asked = found.get(accertamentoId) ?? { position: { id, payment }, parts: [] }
    asked.parts.push({ ...part, unpaid: state === null || state === 'unpaid', dates: dates.get(iuv) ?? [] })
    found.set(accertamentoId, asked)
  }
  return found
}

/** The due dates that instalments of a debt with fees had in the versions of its positions, by IUV. */
async function readDueDates(
  db: ReadHandle,
  slice: readonly Id<'accertamento'>[] | null,
): Promise<Map<string, { from: Instant; dueDate: IsoDate | null }[]>> {
  let withFees = db
    .selectFrom('lateFee')
    .innerJoin('allocation', 'allocation.accertamentoId', 'lateFee.accertamentoId')
    .innerJoin('transfer', 'transfer.id', 'allocation.transferId')
    .select('transfer.installmentId')
  if (slice !== null) withFees = withFees.where('lateFee.accertamentoId', 'in', slice)
  const rows = await db
    .selectFrom('installment')
    .innerJoin('paymentOption', 'paymentOption.id', 'installment.paymentOptionId')
    .innerJoin('debtPositionVersion as v', (join) =>
      join
        .onRef('v.debtPositionId', '=', 'paymentOption.debtPositionId')
        .onRef('v.version', '=', 'paymentOption.version'),
    )
    .where('paymentOption.kind', '=', 'plan')
    .where('installment.id', 'in', withFees)
    .select(['installment.iuv', 'installment.dueDate', 'v.createdAt as from'])
    .orderBy('v.debtPositionId')
    .orderBy('v.version')
    .execute()
  const found = new Map<string, { from: Instant; dueDate: IsoDate | null }[]>()
  for (const { iuv, ...date } of rows) {
    const known = found.get(iuv)
    if (known === undefined) found.set(iuv, [date])
    else known.push(date)
  }
  return found
}

async function readFees(db: ReadHandle, slice: readonly Id<'accertamento'>[] | null): Promise<Map<number, AskedFee[]>> {
  let from = db
    .selectFrom('lateFee')
    .innerJoin('accertamentoBalance', 'accertamentoBalance.accertamentoId', 'lateFee.feeAccertamentoId')
    .where('accertamentoBalance.state', '!=', 'cancelled')
  if (slice !== null) from = from.where('lateFee.accertamentoId', 'in', slice)
  const rows = await from
    .select(['lateFee.accertamentoId', 'lateFee.cents', 'lateFee.daysLate', 'lateFee.baseCents', 'lateFee.at'])
    .orderBy('lateFee.id')
    .execute()
  const found = new Map<number, AskedFee[]>()
  for (const { accertamentoId, ...fee } of rows) {
    const known = found.get(accertamentoId)
    if (known === undefined) found.set(accertamentoId, [fee])
    else known.push(fee)
  }
  return found
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
