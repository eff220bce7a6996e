import type { Id } from '#domain/brand'
import { type IsoDate, yearOf } from '#domain/date'
import { dueDateOf } from '#domain/due-rule'
import { MAX_POSITION_CENTS } from '#domain/issuing'
import { type Cents, formatCents, sum } from '#domain/money'
import { type Problem, problem } from '#domain/problem'
import { raisingExercise } from '#domain/raising'
import { entryOn, seniorityIn, type TariffCategory, type TariffRow, tariffsFor } from '#domain/tariff'
import { fillTemplate, templateFields, unknownField } from '#domain/template'
import { CATEGORIES } from '#domain/vocabulary'
import { listExerciseStates, type ServiceTypeRow } from '#ledger/chart'
import type { ReadHandle } from '#ledger/ledger'
import { listImportDays, type RegisterPerson, readDuesOfYear, readRegisterPeople, readTariff } from '#ledger/tariff'
import { keptList } from './kept-list.ts'
import { needService } from './tariff.ts'

export interface QuotaParameters {
  readonly serviceTypeId: Id<'serviceType'>
  readonly year: number
  readonly date: IsoDate
  readonly people: readonly Id<'person'>[] | null
  readonly cents: Cents | null
  readonly again: boolean
  readonly causale: string
  readonly dueDate: IsoDate | null
  readonly excluded: readonly Id<'person'>[]
}

export type QuotaOutcome = 'raise' | 'excluded' | 'already' | 'none' | 'hole'

export interface QuotaRow {
  readonly personId: Id<'person'>
  readonly personName: string
  readonly fiscalCode: string | null
  readonly category: TariffCategory
  readonly albo: string | null
  readonly section: string | null
  readonly status: string | null
  readonly alboNumber: string | null
  readonly enrolled: IsoDate | null
  readonly years: number | null
  readonly outcome: QuotaOutcome
  readonly tariff: string | null
  readonly why: string
  /** The same said of many. */
  readonly group: string
  /** Folded name and codes. */
  readonly searchKey: string
  readonly cents: Cents | null
  readonly causale: string
}

export interface QuotaPlan {
  readonly service: ServiceTypeRow
  readonly rows: readonly QuotaRow[]
  /** Totals by row of the tariff, in its order; what has no row of its own comes last. */
  readonly byTariff: readonly { readonly tariff: string; readonly count: number; readonly cents: Cents }[]
  readonly problems: readonly Problem[]
  readonly tariff: readonly TariffRow[]
  readonly causale: string
  readonly dueDate: IsoDate | null
  readonly exercise: number | null
  /** How many would be raised without knowing their seniority, where the tariff looks at it. */
  readonly unknownYears: number
}

/** Fields of a causale. */
export const QUOTA_FIELDS = ['anno', 'albo', 'sezione', 'numero', 'categoria', 'tariffa'] as const
const MAX_CAUSALE = 140

/**
 * What would be raised now, and why each of the others is not: whoever is asked has no due of the same type and year yet, so that
 * a second run raises nothing twice. Remembered until the ledger changes: a page asks for it again at every scroll.
 */
export async function planQuotas(db: ReadHandle, parameters: QuotaParameters, today: IsoDate): Promise<QuotaPlan> {
  const { excluded, ...asked } = parameters
  const plan = await keptList(db, ['quota', asked, today], () => makePlan(db, asked, today))
  if (excluded.length === 0) return { ...plan, problems: [...plan.problems, ...causaleProblems(plan.rows)] }
  const off = new Set<number>(excluded)
  const rows = plan.rows.map((row) =>
    row.outcome === 'raise' && off.has(row.personId) ? { ...row, outcome: 'excluded' as const } : row,
  )
  const problems = [...plan.problems, ...causaleProblems(rows)]
  return { ...plan, rows, problems, byTariff: totalsOf(rows, plan.tariff) }
}

/** Of the first that would be raised without words, or with too many. */
function causaleProblems(rows: readonly QuotaRow[]): Problem[] {
  const problems: Problem[] = []
  for (const { outcome, causale, personName: name } of rows) {
    if (outcome !== 'raise' || (causale !== '' && causale.length <= MAX_CAUSALE)) continue
    const { length } = causale
    problems.push(length === 0 ? problem('QUOTA_CAUSALE_EMPTY', { name }) : problem('QUOTA_CAUSALE', { name, length }))
    if (problems.length === 20) break
  }
  return problems
}

async function makePlan(db: ReadHandle, p: Omit<QuotaParameters, 'excluded'>, today: IsoDate): Promise<QuotaPlan> {
  const service = await needService(db, p.serviceTypeId)
  const stored = await readTariff(db, p.serviceTypeId, p.year)
  const tariff = stored?.rows ?? []
  const rules = { year: p.year, proRata: stored?.proRata ?? false }
  const people = await readRegisterPeople(db, p.people)
  const importDays = await listImportDays(db)
  const dues = await readDuesOfYear(db, p.serviceTypeId, p.year)
  const exercise = raisingExercise(p.year, await listExerciseStates(db), today)
  const template = p.causale === '' ? service.defaultCausale : p.causale
  const problems: Problem[] = []
  if (exercise === null) problems.push(problem('EXERCISE_NOT_OPEN', { year: Math.max(p.year, yearOf(today)) }))
  const field = unknownField(template, QUOTA_FIELDS)
  if (field !== null) problems.push(problem('TEMPLATE_FIELD_UNKNOWN', { field, known: QUOTA_FIELDS.join(', ') }))
  if (!service.active) problems.push(problem('NEW_POSITION_SERVICE', {}))
  const amount = p.cents ?? (tariff.length === 0 && p.people !== null ? service.defaultCents : null)
  if (tariff.length === 0 && amount === null) {
    problems.push(problem('TARIFF_EMPTY', { service: service.name, year: p.year }))
  }
  // An amount that cannot be asked is told, and nobody is asked for it.
  const askable = amount === null || (amount > 0 && amount <= MAX_POSITION_CENTS)
  if (!askable) {
    problems.push(problem(amount > 0 ? 'AMOUNT_TOO_LARGE' : 'AMOUNT_NOT_POSITIVE', { value: formatCents(amount) }))
  }
  const looksAtYears = rules.proRata || tariff.some((row) => row.fromYears > 0 || row.toYears !== null)
  const tariffOf = tariffsFor(tariff, rules)
  const causaleOf = causalesOf(template, p.year)
  const rows: QuotaRow[] = []
  for (const person of askable ? people : []) {
    const seen = seenOn(person, p, importDays)
    if (seen === null) continue
    const judged = judge(seen)
    rows.push({ ...seen, ...judged, causale: causaleOf(seen, judged.tariff) })
  }
  return {
    service,
    rows,
    tariff,
    problems,
    byTariff: totalsOf(rows, tariff),
    causale: template,
    dueDate: p.dueDate ?? (service.dueRule === null ? null : dueDateOf(service.dueRule, today, p.year)),
    exercise,
    unknownYears: looksAtYears ? rows.filter((r) => r.outcome === 'raise' && r.years === null).length : 0,
  }

  function judge(seen: Seen): Pick<QuotaRow, 'outcome' | 'tariff' | 'why' | 'group' | 'cents'> {
    const before = dues.get(seen.personId)
    if (before !== undefined && !(p.again && p.people !== null)) {
      const why = `Ha già l’accertamento ${before}`
      return { outcome: 'already', tariff: null, why, group: 'Hanno già la quota', cents: null }
    }
    if (amount !== null) {
      const why = p.cents === null ? 'Importo proposto del tipo' : 'Importo a mano'
      return { outcome: 'raise', tariff: null, why, group: why, cents: amount }
    }
    const found = tariffOf(seen)
    const { why } = found
    if (found.kind === 'due') return { outcome: 'raise', tariff: found.row.code, why, group: why, cents: found.cents }
    if (found.kind === 'none') return { outcome: 'none', tariff: found.row?.code ?? null, why, group: why, cents: null }
    return { outcome: 'hole', tariff: null, why, group: found.group, cents: null }
  }
}

type Seen = Omit<QuotaRow, 'outcome' | 'tariff' | 'why' | 'group' | 'cents' | 'causale'>

/** A person as the register has them on that day, without an enrolment that is only that of a file; null for who is in no albo then, unless chosen by name. */
function seenOn(
  person: RegisterPerson,
  p: Pick<QuotaParameters, 'date' | 'people' | 'year'>,
  importDays: ReadonlySet<IsoDate>,
): Seen | null {
  const found = entryOn(person.entries, p.date)
  if (found === null && p.people === null) return null
  const enrolled = found === null || importDays.has(found.enrolled) ? null : found.enrolled
  return {
    personId: person.id,
    personName: person.name,
    searchKey: person.searchKey,
    fiscalCode: person.fiscalCode,
    category: person.category,
    albo: found?.entry.albo ?? null,
    section: found?.entry.section ?? null,
    status: found?.entry.status ?? null,
    alboNumber: found?.entry.number ?? null,
    enrolled,
    years: seniorityIn(p.year, enrolled),
  }
}

/** Fills the causale of many: those of the same words are filled once. */
function causalesOf(template: string, year: number): (seen: Seen, tariff: string | null) => string {
  const named = templateFields(template)
  const known = new Map<string, string>()
  return (seen, tariff) => {
    const values: Record<(typeof QUOTA_FIELDS)[number], string> = {
      anno: String(year),
      albo: seen.albo ?? '',
      sezione: seen.section ?? '',
      numero: seen.alboNumber ?? '',
      categoria: CATEGORIES[seen.category].toLowerCase(),
      tariffa: tariff ?? '',
    }
    const key = named.map((name) => values[name as keyof typeof values]).join('\u0000')
    const before = known.get(key)
    if (before !== undefined) return before
    const filled = fillTemplate(template, values).replaceAll(/\s+/g, ' ').trim()
    known.set(key, filled)
    return filled
  }
}

function totalsOf(rows: readonly QuotaRow[], tariff: readonly TariffRow[]): QuotaPlan['byTariff'] {
  const amounts = new Map<string, Cents[]>()
  for (const row of rows) {
    if (row.outcome !== 'raise' || row.cents === null) continue
    const known = amounts.get(row.tariff ?? '')
    if (known === undefined) amounts.set(row.tariff ?? '', [row.cents])
    else known.push(row.cents)
  }
  const total = (code: string, title: string) => {
    const found = amounts.get(code)
    return found === undefined ? [] : [{ tariff: title, count: found.length, cents: sum(found) }]
  }
  return [
    ...tariff.flatMap((row) => total(row.code, [row.code, row.description].filter((t) => t !== '').join(' '))),
    ...total('', 'Importo senza tariffa'),
  ]
}
