import type { Id } from '#domain/brand'
import { endOfDayInRome, formatDate, type IsoDate, yearOf } from '#domain/date'
import { type Cents, formatCents, sum } from '#domain/money'
import { type Problem, ProblemError, problem } from '#domain/problem'
import { raisingDate, raisingExercise } from '#domain/raising'
import { fillTemplate, unknownField } from '#domain/template'
import { insertAccertamenti, lastAccertamento, type NewAccertamento } from '#ledger/accertamento-raise'
import { listExerciseStates, listServiceTypes, type ServiceTypeRow } from '#ledger/chart'
import { insertLateFees, type NewLateFee } from '#ledger/late-fee'
import type { ReadHandle, WriteHandle } from '#ledger/ledger'
import { readLegalRates, replaceLegalRates } from '#ledger/tariff'
import { command } from './command.ts'
import { os, type ServiceContext } from './context.ts'
import {
  keptLateFees,
  type LateFeeEdit,
  type LateFeeRow,
  type LateFeeScope,
  planLateFees,
  withEdits,
} from './late-fee-plan.ts'
import { askForFees, type RaisedFee } from './late-fee-position.ts'
import { type ExportColumn, exportRows } from './list-export.ts'
import { markOf } from './list-mark.ts'
import { answerOf, type ListRules, searchAndSort } from './list-page.ts'
import { longWork, type Report } from './long-work.ts'
import { today } from './produced-file.ts'
import { reconcileDebts } from './reconcile-ledger.ts'
import { LeftOut } from './selection.ts'

const MAX_SHOWN = 500
/** Fields of a causale. */
const FEE_FIELDS = ['anno']

const LIST: ListRules<LateFeeRow> = {
  text: (r) => [r.personName, r.fiscalCode, r.causale, r.service, `${r.number}/${r.exercise}`],
  columns: {
    personName: (r) => r.personName,
    fiscalCode: (r) => r.fiscalCode,
    number: (r) => r.exercise * 10_000_000 + r.number,
    service: (r) => r.service,
    causale: (r) => r.causale,
    dueDate: (r) => r.dueDate,
    daysLate: (r) => r.daysLate,
    baseCents: (r) => r.baseCents,
    beforeCents: (r) => r.beforeCents,
    cents: (r) => r.cents,
    why: (r) => r.why,
  },
}

const COLUMNS: Readonly<Record<string, ExportColumn<LateFeeRow>>> = {
  personName: { kind: 'text', value: (r) => r.personName },
  fiscalCode: { kind: 'code', value: (r) => r.fiscalCode },
  number: { kind: 'text', value: (r) => `${r.number}/${r.exercise}`, width: 12 },
  service: { kind: 'text', value: (r) => r.service, width: 18 },
  causale: { kind: 'text', value: (r) => r.causale },
  dueDate: { kind: 'date', value: (r) => r.dueDate },
  daysLate: { kind: 'integer', value: (r) => r.daysLate },
  baseCents: { kind: 'money', value: (r) => r.baseCents },
  beforeCents: { kind: 'money', value: (r) => r.beforeCents },
  cents: { kind: 'money', value: (r) => r.cents },
  why: { kind: 'text', value: (r) => r.why, width: 44 },
}

function rowOut({ competenceYear: _year, step: _step, byHand: _hand, ...row }: LateFeeRow) {
  return row
}

const feesOf = (rows: readonly LateFeeRow[]) => rows.filter((row) => row.state === 'fee')

function amountOf(rows: readonly LateFeeRow[]) {
  return { count: rows.length, cents: sum(rows.map((row) => row.cents)) }
}

/** What was asked before counts too: by hand the same amount could be asked twice. */
function feesMark(fees: readonly LateFeeRow[]): string {
  return markOf(fees.map((row) => [row.accertamentoId, row.cents, row.beforeCents, row.debtPositionId]))
}

function leftOutOf(rows: readonly LateFeeRow[]): LeftOut {
  const leftOut = new LeftOut()
  for (const row of rows) if (row.state !== 'fee') leftOut.add(row.why)
  return leftOut
}

/** The type on which fees are raised: the first one in use that is of that kind. */
async function feeService(db: ReadHandle): Promise<ServiceTypeRow | null> {
  return (await listServiceTypes(db)).find((service) => service.kind === 'mora' && service.active) ?? null
}

interface ListQuery {
  readonly filters: {
    readonly of: LateFeeScope
    readonly day: IsoDate
    readonly state: readonly LateFeeRow['state'][]
  }
}

async function listed(db: ReadHandle, input: ListQuery & Parameters<typeof searchAndSort>[1], context: ServiceContext) {
  const { of, day, state } = input.filters
  const rows = await keptLateFees(db, of, day, context.clock.now())
  const wanted = state.length === 0 ? (['fee'] as const) : state
  return searchAndSort(
    rows.filter((row) => (wanted as readonly string[]).includes(row.state)),
    input,
    LIST,
  )
}

function totalsOf(rows: readonly LateFeeRow[]) {
  return { baseCents: sum(rows.map((row) => row.baseCents)), cents: sum(rows.map((row) => row.cents)) }
}

interface ApplyInput {
  readonly of: LateFeeScope
  readonly day: IsoDate
  readonly edits: readonly LateFeeEdit[]
  readonly how: 'version' | 'separate' | 'debt'
  readonly causale: string
  readonly dueDate: IsoDate | null
  readonly validUntil: IsoDate
  readonly expectedCents: Cents
  readonly mark: string
}

/** Raises the fees and asks for them, in one write; worked out again under the lock, so that nothing is asked twice. */
function applyFees(context: ServiceContext, input: ApplyInput, report: Report) {
  const { day, how, expectedCents } = input
  const wrong = wrongDates(input, today(context))
  if (wrong !== null) throw new ProblemError(wrong)
  return context.ledger.write(command(context, 'lateFee.apply', { day, how, cents: expectedCents }), async (db) => {
    report('Calcolo la mora', 0)
    const at = context.clock.now()
    const service = await feeService(db)
    if (service === null) throw new ProblemError(problem('LATE_FEE_NO_SERVICE', {}))
    const rows = withEdits(await planLateFees(db, input.of, day, at), input.edits)
    const fees = feesOf(rows)
    const amount = amountOf(fees)
    if (fees.length === 0) throw new ProblemError(problem('LATE_FEE_NOTHING', {}))
    if (feesMark(fees) !== input.mark) {
      const expected = formatCents(expectedCents)
      const found = `${formatCents(amount.cents)}${amount.cents === expectedCents ? ', ma non sugli stessi debiti' : ''}`
      throw new ProblemError(problem('LATE_FEE_CHANGED', { expected, found }))
    }
    const raised = await raiseFees(db, context, service, fees, input, report)
    const asked = await askForFees(db, context, raised, { ...input, pagoPa: service.pagoPa }, report)
    await reconcileDebts(db, at)
    return { fees: amount, ...asked }
  })
}

/** A fee is of a delay that was, and is asked for on a notice that can still be paid. */
function wrongDates({ day, how, dueDate, validUntil }: ApplyInput, now: IsoDate): Problem | null {
  if (day > now) return problem('LATE_FEE_AHEAD', { day: formatDate(day) })
  if (dueDate !== null && dueDate < now) return problem('POSITION_DUE_PAST', { count: 1 })
  if (how === 'debt') return null
  if (validUntil < now) return problem('POSITION_VALIDITY_PAST', { count: 1 })
  if (dueDate === null || dueDate <= validUntil) return null
  return problem('VALIDITY_BEFORE_DUE', { due: formatDate(dueDate), until: formatDate(validUntil) })
}

async function raiseFees(
  db: WriteHandle,
  context: ServiceContext,
  service: ServiceTypeRow,
  fees: readonly LateFeeRow[],
  input: ApplyInput,
  report: Report,
): Promise<RaisedFee[]> {
  const now = today(context)
  const year = yearOf(now)
  const exercise = raisingExercise(year, await listExerciseStates(db), now)
  if (exercise === null) throw new ProblemError(problem('EXERCISE_NOT_OPEN', { year }))
  const last = await lastAccertamento(db, exercise)
  const date = raisingDate(exercise, now, last.date)
  const template = input.causale === '' ? service.defaultCausale : input.causale
  const field = unknownField(template, FEE_FIELDS)
  if (field !== null) throw new ProblemError(problem('TEMPLATE_FIELD_UNKNOWN', { field, known: FEE_FIELDS.join(', ') }))
  const accertamenti = fees.map(
    (row, index): NewAccertamento => ({
      ...{ exercise, number: last.number + 1 + index, date },
      capitoloId: service.capitoloId,
      personId: row.personId,
      serviceTypeId: service.id,
      competenceYear: row.competenceYear,
      causale: fillTemplate(template, { anno: String(row.competenceYear) }),
      assessedCents: row.cents,
      dueDate: input.dueDate,
      externalReference: null,
      importRowId: null,
    }),
  )
  await insertAccertamenti(db, accertamenti, (done) => report('Registro la mora', done, fees.length))
  // A delay may be counted to a day before: from the next one on interest is asked again.
  const at = input.day < now ? endOfDayInRome(input.day) : context.clock.now()
  const ids = await insertLateFees(
    db,
    exercise,
    fees.map(
      (row, index): NewLateFee => ({
        number: last.number + 1 + index,
        accertamentoId: row.accertamentoId,
        step: row.step,
        daysLate: row.daysLate,
        baseCents: row.baseCents,
        cents: row.cents,
        byHand: row.byHand ? 1 : 0,
        why: row.why,
        at,
        operator: context.operator,
      }),
    ),
  )
  return fees.map((row, index) => ({
    accertamentoId: ids[index] as Id<'accertamento'>,
    debtPositionId: row.debtPositionId,
  }))
}

export const lateFee = {
  preview: os.lateFee.preview.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const rows = withEdits(await keptLateFees(db, input.of, input.day, context.clock.now()), input.edits)
      const fees = feesOf(rows)
      const service = await feeService(db)
      // What may be asked comes first: the rest is cut where there is too much of it.
      const order = { fee: 0, none: 1, refused: 2 }
      const shown = [...rows].sort((a, b) => order[a.state] - order[b.state]).slice(0, MAX_SHOWN)
      return {
        fees: amountOf(fees),
        mark: feesMark(fees),
        rows: shown.map(rowOut),
        leftOut: leftOutOf(rows)
          .list()
          .sort((a, b) => b.count - a.count)
          .slice(0, 30),
        service: service === null ? null : { id: service.id, name: service.name, causale: service.defaultCausale },
      }
    }),
  ),

  list: os.lateFee.list.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const rows = await listed(db, input, context)
      const answer = answerOf(rows, input, totalsOf(rows))
      return { ...answer, rows: answer.rows.map(rowOut) }
    }),
  ),

  export: os.lateFee.export.handler(async ({ context, input }) => {
    const rows = await context.ledger.read((db) => listed(db, input, context))
    return exportRows({ ctx: context, input, columns: COLUMNS, rows, totals: totalsOf(rows) })
  }),

  apply: os.lateFee.apply.handler(async function* ({ context, input, signal }) {
    return yield* longWork(signal, (report) => applyFees(context, input, report))
  }),

  rates: os.lateFee.rates.handler(({ context }) => context.ledger.read(ratesOut)),

  saveRates: os.lateFee.saveRates.handler(({ context, input }) => {
    const years = new Map(input.rates.map((rate) => [rate.year, rate.basisPoints]))
    const rates = [...years].map(([year, basisPoints]) => ({ year, basisPoints }))
    return context.ledger.write(command(context, 'lateFee.saveRates', { rates }), async (db) => {
      await replaceLegalRates(db, rates)
      return ratesOut(db)
    })
  }),
}

async function ratesOut(db: ReadHandle) {
  return [...(await readLegalRates(db))].map(([year, basisPoints]) => ({ year, basisPoints }))
}
