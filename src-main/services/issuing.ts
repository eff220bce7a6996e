import type { Id } from '#domain/brand'
import { formatDate, type Instant, type IsoDate, romeDate } from '#domain/date'
import { dueDateOf } from '#domain/due-rule'
import type { FiscalCode } from '#domain/fiscal-code'
import { type InstallmentRule, installmentDueDates } from '#domain/installment-split'
import {
  type IssuableDebt,
  MAX_POSITION_CENTS,
  type PlannedPayment,
  type PlannedPosition,
  plannedPayments,
  planPositions,
} from '#domain/issuing'
import { type Cents, sum } from '#domain/money'
import { composeNoticeNumber, type SegregationCode } from '#domain/notice-number'
import { ProblemError, problem } from '#domain/problem'
import { type AccertamentoFilters, listAccertamentoIds } from '#ledger/accertamento-list'
import { readInstitution } from '#ledger/institution'
import { assignIuvBases } from '#ledger/iuv-bases'
import type { ReadHandle, WriteHandle } from '#ledger/ledger'
import {
  type DebtToIssue,
  insertIssuance,
  insertPositions,
  type NumberedPayment,
  readReach,
} from '#ledger/position-issue'
import { command } from './command.ts'
import type { ServiceContext } from './context.ts'
import type { Report } from './long-work.ts'
import { reconcileDebts } from './reconcile-ledger.ts'
import { readDebtsToAsk } from './rooms.ts'
import { LeftOut } from './selection.ts'
import { taxonomyWarnings } from './taxonomy-warnings.ts'

export interface GenerationInput {
  readonly filters: AccertamentoFilters
  readonly search: string
  readonly excluded: readonly Id<'accertamento'>[]
  readonly parameters: {
    readonly description: string
    readonly dueDate: IsoDate | null
    readonly validUntil: IsoDate
    readonly groupByPerson: boolean
    readonly groupDescription: string
    readonly installments: InstallmentRule | null
  }
}

interface Generation {
  readonly positions: readonly PlannedPosition[]
  readonly accertamenti: { readonly count: number; readonly cents: Cents }
  readonly leftOut: LeftOut
}

/** What would be issued now: only outstanding accertamenti that no live position asks for (DOMAIN.md §5.4). */
export async function planGeneration(db: ReadHandle, input: GenerationInput, at: Instant): Promise<Generation> {
  const day = romeDate(at)
  const { parameters: p } = input
  // Dates that hold for all of them are refused at once; that of a single debt leaves its position out, below.
  for (const due of [p.dueDate, p.installments && installmentDueDates(p.installments).at(-1)]) {
    if (due == null || due <= p.validUntil) continue
    throw new ProblemError(problem('VALIDITY_BEFORE_DUE', { due: formatDate(due), until: formatDate(p.validUntil) }))
  }
  const excluded = new Set<number>(input.excluded)
  const query = { filters: input.filters, search: input.search, sort: null }
  const ids = (await listAccertamentoIds(db, query, day)).filter((id) => !excluded.has(id))
  const leftOut = new LeftOut()
  const debts: IssuableDebt[] = []
  for (const debt of await readDebtsToAsk(db, ids, at)) {
    if (debt.issued) leftOut.add('Hanno già una posizione emessa')
    else if (debt.outstandingCents <= 0) leftOut.add('Non resta niente da riscuotere')
    else if (!debt.pagoPa) leftOut.add('Il tipo di dovuto non si paga con pagoPA')
    else if (debt.iban === null) leftOut.add('Il tipo di dovuto non ha un conto con IBAN')
    else debts.push({ ...debt, iban: debt.iban, dueDate: debt.dueDate ?? p.dueDate ?? ruledDueDate(debt, day) })
  }
  const plan = planPositions(debts, p)
  const many = (groups: readonly (readonly IssuableDebt[])[]) => groups.reduce((n, group) => n + group.length, 0)
  leftOut.add('Una persona ha dovuti su più di cinque conti: generali separati', many(plan.tooManyAccounts))
  leftOut.add('L’importo è troppo piccolo per tante rate', many(plan.tooSmall))
  const positions: PlannedPosition[] = []
  for (const position of plan.positions) {
    const size = position.accertamenti.length
    const payments = plannedPayments(position)
    if (payments.some((payment) => payment.cents > MAX_POSITION_CENTS)) {
      leftOut.add('L’importo supera il limite di pagoPA', size)
    } else if (payments.some((payment) => payment.dueDate !== null && payment.dueDate > p.validUntil)) {
      leftOut.add('La scadenza è dopo la fine della validità', size)
    } else if (size > 1 && p.groupDescription === '') {
      throw new ProblemError(problem('GROUP_DESCRIPTION_MISSING', {}))
    } else positions.push(position)
  }
  return {
    positions,
    leftOut,
    accertamenti: {
      count: positions.reduce((n, x) => n + x.accertamenti.length, 0),
      cents: sum(positions.map((x) => x.cents)),
    },
  }
}

/** By the rule of its type, where that day is still to come. */
function ruledDueDate({ dueRule, competenceYear }: DebtToIssue, day: IsoDate): IsoDate | null {
  const due = dueRule === null ? null : dueDateOf(dueRule, day, competenceYear)
  return due !== null && due >= day ? due : null
}

export async function previewGeneration(db: ReadHandle, input: GenerationInput, at: Instant) {
  const day = romeDate(at)
  const { positions, accertamenti, leftOut } = await planGeneration(db, input, at)
  const people = [...new Set(positions.map((position) => position.personId))]
  const { addressed, reachable } = await readReach(db, people)
  const expired = (x: PlannedPosition) => (plannedPayments(x)[0]?.dueDate ?? input.parameters.validUntil) < day
  return {
    accertamenti,
    positions: { count: positions.length, cents: accertamenti.cents },
    grouped: positions.filter((x) => x.accertamenti.length > 1).length,
    payments: positions.reduce((n, x) => n + plannedPayments(x).length, 0),
    expiredAtIssue: positions.filter(expired).length,
    withoutAddress: people.filter((id) => !addressed.has(id)).length,
    withoutContact: people.filter((id) => !reachable.has(id)).length,
    leftOut: leftOut.list(),
    warnings: await taxonomyWarnings(
      db,
      day,
      positions.flatMap((x) => plannedPayments(x).flatMap((one) => one.transfers.map((t) => t.taxonomyCode))),
    ),
  }
}

/**
 * Issues positions with their IUVs in one transaction: planned again inside it, so two runs at once never ask twice for
 * one accertamento, and numbered under the write lock, so they never share an IUV (DOMAIN.md §4).
 */
export async function generatePositions(context: ServiceContext, input: GenerationInput, report: Report) {
  const { description, validUntil, dueDate, groupByPerson, groupDescription, installments } = input.parameters
  const rule = installments && {
    ...installments,
    lastDay: !!installments.lastDay,
    workingDay: !!installments.workingDay,
  }
  const excluded = input.excluded.length
  const payload = { description, validUntil, dueDate, groupByPerson, excluded, installments: rule }
  return context.ledger.write(command(context, 'debtPosition.generate', payload), async (db) => {
    report('Preparo le posizioni', 0)
    const { positions, accertamenti } = await planGeneration(db, input, context.clock.now())
    if (positions.length === 0) throw new ProblemError(problem('NOTHING_TO_ISSUE', {}))
    const batch = { validUntil, dueDate, groupByPerson, groupDescription, installments: rule }
    const issuanceId = await issuePositions(db, context, positions, { ...batch, description }, report)
    await reconcileDebts(db, context.clock.now())
    return { issuanceId, positions: { count: positions.length, cents: accertamenti.cents } }
  })
}

/** Writes planned positions as one batch, with numbers of their own: under the write lock, so that none is given twice. */
export async function issuePositions(
  db: WriteHandle,
  context: ServiceContext,
  positions: readonly PlannedPosition[],
  { description, ...parameters }: GenerationInput['parameters'],
  report: Report,
): Promise<Id<'issuance'>> {
  const institution = await readInstitution(db)
  if (institution === null) throw new ProblemError(problem('INSTITUTION_MISSING', {}))
  const at = context.clock.now()
  const issuanceId = await insertIssuance(db, {
    description,
    parametersJson: JSON.stringify(parameters),
    at,
    operator: context.operator,
  })
  const count = positions.reduce((n, position) => n + plannedPayments(position).length, 0)
  const bases = (await assignIuvBases(db, count, context.ledger.clock)).values()
  const fiscalCode = institution.fiscalCode as FiscalCode
  const numbered = (payment: PlannedPayment): NumberedPayment => {
    const base = bases.next().value as number
    return { ...payment, base, ...composeNoticeNumber(institution.segregationCode as SegregationCode, base) }
  }
  const known = positions.map(({ personId, description: causale, single, installments: parts }) => {
    const position = { single: single === null ? null : numbered(single), installments: parts.map(numbered) }
    const leading = position.single ?? (position.installments[0] as NumberedPayment)
    return { personId, description: causale, iupd: `${fiscalCode}-${leading.iuv}`, ...position }
  })
  await insertPositions(db, known, { issuanceId, fiscalCode, at, operator: context.operator }, (done) =>
    report('Genero le posizioni', done, positions.length),
  )
  return issuanceId
}
