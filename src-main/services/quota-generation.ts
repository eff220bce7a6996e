import type { Id } from '#domain/brand'
import { type IsoDate, yearOf } from '#domain/date'
import { type Cents, cents, formatCents, sum } from '#domain/money'
import { ProblemError, problem } from '#domain/problem'
import { currentExercise, raisingDate } from '#domain/raising'
import { CATEGORIES } from '#domain/vocabulary'
import {
  insertAccertamenti,
  insertVariations,
  lastAccertamento,
  type NewAccertamento,
} from '#ledger/accertamento-raise'
import { listExercises } from '#ledger/chart'
import type { ReadHandle } from '#ledger/ledger'
import { searchWords } from '#ledger/person-search'
import {
  countQuotaUse,
  insertQuotaBatch,
  listQuotaBatches,
  listQuotaDues,
  type QuotaBatchRow,
  setQuotaBatchUndone,
} from '#ledger/tariff'
import { command } from './command.ts'
import { os, type ServiceContext } from './context.ts'
import { type ExportColumn, exportRows } from './list-export.ts'
import { markOf } from './list-mark.ts'
import { answerOf, type ListRules, searchAndSort } from './list-page.ts'
import { longWork, type Report } from './long-work.ts'
import { today } from './produced-file.ts'
import { planQuotas, type QuotaOutcome, type QuotaParameters, type QuotaPlan, type QuotaRow } from './quota-plan.ts'
import { reconcileDebts } from './reconcile-ledger.ts'
import { LeftOut } from './selection.ts'

/** What the last column says of a row, in lists and files. */
const OUTCOMES: Readonly<Record<QuotaOutcome, string>> = {
  raise: 'Da generare',
  excluded: 'Tolta a mano',
  already: 'Ce l’ha già',
  none: 'Niente da pagare',
  hole: 'Senza tariffa',
}

const LIST: ListRules<QuotaRow> = {
  text: () => [],
  columns: {
    personName: (r) => r.personName,
    fiscalCode: (r) => r.fiscalCode,
    category: (r) => CATEGORIES[r.category],
    albo: (r) => r.albo,
    section: (r) => r.section,
    status: (r) => r.status,
    alboNumber: (r) => r.alboNumber,
    enrolled: (r) => r.enrolled,
    years: (r) => r.years,
    outcome: (r) => OUTCOMES[r.outcome],
    tariff: (r) => r.tariff,
    why: (r) => r.why,
    cents: (r) => r.cents,
    causale: (r) => r.causale,
  },
}

const COLUMNS: Readonly<Record<string, ExportColumn<QuotaRow>>> = {
  personName: { kind: 'text', value: (r) => r.personName },
  fiscalCode: { kind: 'code', value: (r) => r.fiscalCode },
  category: { kind: 'text', value: (r) => CATEGORIES[r.category], width: 18 },
  albo: { kind: 'text', value: (r) => r.albo, width: 16 },
  section: { kind: 'text', value: (r) => r.section, width: 10 },
  status: { kind: 'text', value: (r) => r.status, width: 12 },
  alboNumber: { kind: 'code', value: (r) => r.alboNumber, width: 12 },
  enrolled: { kind: 'date', value: (r) => r.enrolled },
  years: { kind: 'integer', value: (r) => r.years },
  outcome: { kind: 'text', value: (r) => OUTCOMES[r.outcome], width: 16 },
  tariff: { kind: 'text', value: (r) => r.tariff, width: 10 },
  why: { kind: 'text', value: (r) => r.why, width: 40 },
  cents: { kind: 'money', value: (r) => r.cents },
  causale: { kind: 'text', value: (r) => r.causale },
}

const raisedRows = (plan: QuotaPlan) => plan.rows.filter((row) => row.outcome === 'raise')
const amountOf = (rows: readonly QuotaRow[]) => ({
  count: rows.length,
  cents: sum(rows.map((row) => row.cents as Cents)),
})

/** Who is asked for what, with which words and by when. */
function planMark(plan: QuotaPlan): string {
  const all = [plan.dueDate, plan.exercise]
  return markOf([all, ...raisedRows(plan).map((row) => [row.personId, row.cents, row.tariff, row.causale])])
}

function chosenRows(
  plan: QuotaPlan,
  input: { readonly filters: { readonly outcome: readonly QuotaOutcome[] } } & Parameters<typeof searchAndSort>[1],
): { rows: QuotaRow[]; totals: { cents: Cents } } {
  const { outcome } = input.filters
  const words = searchWords(input.search)
  const shown = plan.rows.filter(
    (row) => (outcome.length === 0 || outcome.includes(row.outcome)) && words.every((word) => matches(row, word)),
  )
  const rows = searchAndSort(shown, { ...input, search: '' }, LIST)
  return { rows, totals: { cents: sum(rows.flatMap((row) => (row.outcome === 'raise' ? (row.cents ?? []) : []))) } }
}

/** Names and codes are folded already in the register: tens of thousands are searched at each letter. */
function matches(row: QuotaRow, word: string): boolean {
  if (row.searchKey.includes(word)) return true
  return [row.alboNumber, row.tariff].some((text) => text?.toLowerCase().includes(word) === true)
}

/** Words of «12 quote per 2.580,00 €». */
function amountWords(amount: { readonly count: number; readonly cents: Cents }): string {
  return `${amount.count === 1 ? '1 quota' : `${amount.count} quote`} per ${formatCents(amount.cents)} €`
}

type RaiseInput = QuotaParameters & {
  readonly expected: { readonly count: number; readonly cents: Cents; readonly mark: string }
}

/** Raises what the plan says, made again under the lock: two runs at once never raise a due twice. */
function raiseQuotas(context: ServiceContext, input: RaiseInput, report: Report) {
  const { expected, ...parameters } = input
  const { serviceTypeId, year, date } = parameters
  const payload = { serviceTypeId, year, date, accertamenti: expected.count, cents: expected.cents }
  return context.ledger.write(command(context, 'quota.raise', payload), async (db) => {
    report('Guardo l’albo', 0)
    const day = today(context)
    const plan = await planQuotas(db, parameters, day)
    if (plan.problems.length > 0) throw new ProblemError(...plan.problems)
    const rows = raisedRows(plan)
    const amount = amountOf(rows)
    if (rows.length === 0) throw new ProblemError(problem('QUOTA_NOTHING', {}))
    if (planMark(plan) !== expected.mark) {
      const same = amount.count === expected.count && amount.cents === expected.cents
      const found = `${amountWords(amount)}${same ? ', ma non le stesse' : ''}`
      throw new ProblemError(problem('QUOTA_CHANGED', { expected: amountWords(expected), found }))
    }
    const exercise = plan.exercise as number
    const last = await lastAccertamento(db, exercise)
    const at = context.clock.now()
    const common = {
      exercise,
      date: raisingDate(exercise, day, last.date),
      capitoloId: plan.service.capitoloId,
      serviceTypeId: plan.service.id,
      competenceYear: year,
      dueDate: plan.dueDate,
      externalReference: null,
      importRowId: null,
    }
    const accertamenti = rows.map(
      (row, index): NewAccertamento => ({
        ...common,
        number: last.number + 1 + index,
        personId: row.personId,
        causale: row.causale,
        assessedCents: row.cents as Cents,
      }),
    )
    await insertAccertamenti(db, accertamenti, (done) => report('Registro gli accertamenti', done, rows.length))
    const [firstNumber, lastNumber] = [last.number + 1, last.number + rows.length]
    const batchId = await insertQuotaBatch(
      db,
      {
        ...{ serviceTypeId, year, date, exercise, firstNumber, lastNumber, at, operator: context.operator },
        parametersJson: JSON.stringify({ ...parameters, tariff: plan.tariff }),
        dues: rows.map((row, index) => ({ number: firstNumber + index, tariff: row.tariff, why: row.why })),
      },
      (done) => report('Annoto le tariffe', done, rows.length),
    )
    report('Riconcilio', rows.length, rows.length)
    await reconcileDebts(db, at)
    return { batchId, accertamenti: amount, exercise, firstNumber, lastNumber }
  })
}

async function batchOut(db: ReadHandle, row: QuotaBatchRow) {
  const { count, cents: amount, ...batch } = row
  return { ...batch, accertamenti: { count, cents: amount }, kept: await keptBy(db, row) }
}

/** Why a generation cannot be taken back, in words. */
async function keptBy(db: ReadHandle, row: QuotaBatchRow): Promise<string | null> {
  if (row.state === 'undone') return 'È già stata disfatta'
  const { issued, collected } = await countQuotaUse(db, row.id)
  if (collected > 0) return collected === 1 ? 'Una quota è riscossa' : `${collected} quote sono riscosse`
  if (issued > 0) return issued === 1 ? 'Una quota ha una posizione' : `${issued} quote hanno una posizione`
  return null
}

async function needBatch(db: ReadHandle, id: Id<'quotaBatch'>): Promise<QuotaBatchRow> {
  const [row] = (await listQuotaBatches(db, { id, offset: 0, limit: 1 })).rows
  if (row === undefined) throw new ProblemError(problem('QUOTA_BATCH_GONE', {}))
  return row
}

/** Each accertamento gets a cancellation in the open exercise; numbers stay used. */
function undoQuotas(context: ServiceContext, id: Id<'quotaBatch'>, reason: string) {
  const day: IsoDate = today(context)
  return context.ledger.write(command(context, 'quota.undo', { id, reason }), async (db) => {
    const batch = await needBatch(db, id)
    if (batch.state === 'undone') throw new ProblemError(problem('QUOTA_BATCH_UNDONE', {}))
    const dues = await listQuotaDues(db, id)
    const issued = dues.filter((due) => due.issued).length
    const collected = dues.filter((due) => due.collectedCents > 0).length
    if (issued + collected > 0) throw new ProblemError(problem('QUOTA_IN_USE', { issued, collected }))
    const current = currentExercise(await listExercises(db), day)
    if (current === null) throw new ProblemError(problem('EXERCISE_NOT_OPEN', { year: yearOf(day) }))
    await insertVariations(
      db,
      dues
        .filter((due) => due.dueCents > 0)
        .map((due) => {
          const exercise = Math.max(due.exercise, current)
          return {
            accertamentoId: due.id,
            exercise,
            date: raisingDate(exercise, day, null),
            kind: 'cancellation' as const,
            cents: cents(-due.dueCents),
            reason,
            act: null,
          }
        }),
    )
    await setQuotaBatchUndone(db, id)
    await reconcileDebts(db, context.clock.now())
    return batchOut(db, await needBatch(db, id))
  })
}

export const quota = {
  preview: os.quota.preview.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const plan = await planQuotas(db, input, today(context))
      const counts = { excluded: 0, already: 0, none: 0, hole: 0 }
      const leftOut = new LeftOut()
      for (const { outcome, group } of plan.rows) {
        if (outcome === 'raise') continue
        counts[outcome] += 1
        if (outcome === 'none' || outcome === 'hole') leftOut.add(group)
      }
      return {
        raise: amountOf(raisedRows(plan)),
        mark: planMark(plan),
        counts,
        byTariff: [...plan.byTariff],
        leftOut: leftOut
          .list()
          .sort((a, b) => b.count - a.count)
          .slice(0, 50),
        problems: [...plan.problems],
        dueDate: plan.dueDate,
        causale: plan.causale,
        exercise: plan.exercise,
        unknownYears: plan.unknownYears,
      }
    }),
  ),

  list: os.quota.list.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const { outcome: _outcome, ...parameters } = input.filters
      const { rows, totals } = chosenRows(await planQuotas(db, parameters, today(context)), input)
      const answer = answerOf(rows, input, totals)
      return { ...answer, rows: answer.rows.map(({ group: _group, searchKey: _key, ...row }) => row) }
    }),
  ),

  export: os.quota.export.handler(async ({ context, input }) => {
    const { outcome: _outcome, ...parameters } = input.filters
    const plan = await context.ledger.read((db) => planQuotas(db, parameters, today(context)))
    const { rows, totals } = chosenRows(plan, input)
    return exportRows({ ctx: context, input, columns: COLUMNS, rows, totals })
  }),

  raise: os.quota.raise.handler(async function* ({ context, input, signal }) {
    return yield* longWork(signal, (report) => raiseQuotas(context, input, report))
  }),

  history: os.quota.history.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const page = await listQuotaBatches(db, input)
      const rows = []
      for (const row of page.rows) rows.push(await batchOut(db, row))
      return { rows, count: page.count, totals: {} }
    }),
  ),

  undo: os.quota.undo.handler(({ context, input }) => undoQuotas(context, input.id, input.reason)),
}
