import { addDays, type IsoDate, yearOf } from './date.ts'
import { percentText } from './late-fee.ts'
import { type Cents, cents, formatCents } from './money.ts'
import { CATEGORIES } from './vocabulary.ts'

export type TariffCategory = keyof typeof CATEGORIES

/** What a row of the table does: an amount, a part of the amount that would be due, or no due at all. */
export type TariffEffect =
  | { readonly kind: 'amount'; readonly cents: Cents }
  /** Of the amount of the row that would apply without this one, in hundredths of a percent. */
  | { readonly kind: 'percent'; readonly basisPoints: number }
  | { readonly kind: 'none' }

/**
 * One row of the tariff of a tipo di dovuto in a year. An empty condition holds for everybody, but an empty status is «iscritto»:
 * who is suspended pays only where a row says so. The most precise row wins (`rankOf`).
 */
export interface TariffRow {
  readonly code: string
  readonly description: string
  readonly category: TariffCategory | null
  readonly albo: string | null
  readonly section: string | null
  readonly status: string | null
  /** Years since the year of enrolment, both included; 0 is the year of enrolment itself. */
  readonly fromYears: number
  readonly toYears: number | null
  readonly effect: TariffEffect
}

/** What holds for all rows of a tariff. */
export interface TariffRules {
  readonly year: number
  /** Who enrols during the year pays the months that are left of it, that of enrolment included. */
  readonly proRata: boolean
}

/** A person of the register as a tariff looks at them. */
export interface TariffPerson {
  readonly category: TariffCategory
  readonly albo: string | null
  readonly section: string | null
  readonly status: string | null
  readonly enrolled: IsoDate | null
}

/** Status of who is enrolled and pays. */
export const ENROLLED = 'iscritto'

export type TariffOutcome =
  | { readonly kind: 'due'; readonly cents: Cents; readonly row: TariffRow; readonly why: string }
  | { readonly kind: 'none'; readonly why: string; readonly row: TariffRow | null }
  /** No row fits: a hole of the table. */
  | { readonly kind: 'hole'; readonly why: string; readonly group: string }
  /** Two rows fit equally well. */
  | {
      readonly kind: 'clash'
      readonly why: string
      readonly group: string
      readonly rows: readonly [TariffRow, TariffRow]
    }

/** Years since the year of enrolment: 0 in the year itself, null where it is not known or lies ahead. */
export function seniorityIn(year: number, enrolled: IsoDate | null): number | null {
  if (enrolled === null) return null
  const years = year - yearOf(enrolled)
  return years < 0 ? null : years
}

/** What the tariff asks of a person, and why. */
export function tariffFor(rows: readonly TariffRow[], rules: TariffRules, person: TariffPerson): TariffOutcome {
  if (person.enrolled !== null && yearOf(person.enrolled) > rules.year) {
    return { kind: 'none', row: null, why: `Iscrizione dopo il ${rules.year}: niente da pagare` }
  }
  const fitting = rows.filter((row) => fits(row, rules.year, person))
  const reduction = best(fitting.filter((row) => row.effect.kind !== 'amount'))
  const base = best(fitting.filter((row) => row.effect.kind === 'amount'))
  for (const found of [reduction, base]) {
    if (!Array.isArray(found)) continue
    const [a, b] = found as [TariffRow, TariffRow]
    const why = `Due tariffe si sovrappongono: ${nameOf(a)} e ${nameOf(b)}`
    return { kind: 'clash', rows: [a, b], why, group: why }
  }
  const cut = reduction as TariffRow | null
  const amount = base as TariffRow | null
  if (cut?.effect.kind === 'none') return { kind: 'none', row: cut, why: `${nameOf(cut)}: niente da pagare` }
  if (amount === null || amount.effect.kind !== 'amount') {
    if (person.status !== null && fold(person.status) !== ENROLLED) {
      return { kind: 'none', row: null, why: `Stato «${person.status}»: nessuna tariffa lo prevede` }
    }
    const group = `Nessuna tariffa per ${groupInWords(person)}`
    const years = seniorityIn(rules.year, person.enrolled)
    const since = years === null ? '' : `, ${years === 1 ? '1 anno' : `${years} anni`} d’iscrizione`
    return { kind: 'hole', why: `${group}${since}`, group }
  }
  const words = [nameOf(amount)]
  let due: number = amount.effect.cents
  if (cut?.effect.kind === 'percent') {
    due = part(due, cut.effect.basisPoints, 10_000)
    words.push(`${nameOf(cut)}: ${percentText(cut.effect.basisPoints)} di ${formatCents(amount.effect.cents)} €`)
  }
  if (rules.proRata && person.enrolled !== null && yearOf(person.enrolled) === rules.year) {
    const months = 13 - Number(person.enrolled.slice(5, 7))
    due = part(due, months, 12)
    if (months < 12) words.push(`${months} mesi su 12`)
  }
  const row = cut ?? amount
  if (due === 0) return { kind: 'none', row, why: `${words.join('; ')}: niente da pagare` }
  return { kind: 'due', cents: cents(due), row, why: words.join('; ') }
}

/** `tariffFor` of many: whoever is alike is looked at once. */
export function tariffsFor(rows: readonly TariffRow[], rules: TariffRules): (person: TariffPerson) => TariffOutcome {
  const known = new Map<string, TariffOutcome>()
  return (person) => {
    const { category, albo, section, status, enrolled } = person
    const key = [category, albo, section, status, enrolled?.slice(0, 7)].join('\u0000')
    const before = known.get(key)
    if (before !== undefined) return before
    const found = tariffFor(rows, rules, person)
    known.set(key, found)
    return found
  }
}

/** «professionista, Albo, sezione B» */
function groupInWords(person: TariffPerson): string {
  const { category, albo, section } = person
  const words = [CATEGORIES[category].toLowerCase(), albo ?? '', section === null ? '' : `sezione ${section}`]
  return words.filter((text) => text !== '').join(', ')
}

/** «T1 Ordinaria» */
export function nameOf(row: TariffRow): string {
  return [row.code, row.description].filter((text) => text !== '').join(' ')
}

function fits(row: TariffRow, year: number, person: TariffPerson): boolean {
  if (row.category !== null && row.category !== person.category) return false
  if (row.albo !== null && !same(row.albo, person.albo)) return false
  if (row.section !== null && !same(row.section, person.section)) return false
  if (!same(row.status ?? ENROLLED, person.status ?? ENROLLED)) return false
  if (row.fromYears === 0 && row.toYears === null) return true
  const years = seniorityIn(year, person.enrolled)
  return years !== null && years >= row.fromYears && (row.toYears === null || years <= row.toYears)
}

/** The most precise row; two that are as precise are a clash; null where there is none. */
function best(rows: readonly TariffRow[]): TariffRow | readonly [TariffRow, TariffRow] | null {
  const [first, second] = [...rows].sort((a, b) => rankOf(b) - rankOf(a))
  if (first === undefined) return null
  return second !== undefined && rankOf(second) === rankOf(first) ? [first, second] : first
}

/**
 * How precise a row is: more conditions first, and among as many the category counts before the albo, the section, the status,
 * the years. Two rows rank alike only if they name the same conditions.
 */
export function rankOf(row: TariffRow): number {
  const years = row.fromYears > 0 || row.toYears !== null
  const named = [row.category !== null, row.albo !== null, row.section !== null, row.status !== null, years]
  const count = named.filter(Boolean).length
  return named.reduce((rank, is) => rank * 2 + (is ? 1 : 0), count)
}

/** Blind to capitals and to blanks around: registers write «a», «A », «Sez. A» is another thing. */
export function fold(text: string): string {
  return text.trim().toLowerCase()
}

function same(a: string, b: string | null): boolean {
  return b !== null && fold(a) === fold(b)
}

/** `amount × n / of` to the cent, half a cent up. */
function part(amount: number, n: number, of: number): number {
  return Number((2n * BigInt(amount) * BigInt(n) + BigInt(of)) / (2n * BigInt(of)))
}

/** One stretch in an albo as the register keeps it. */
export interface AlboStretch {
  readonly albo: string
  readonly section: string | null
  readonly from: IsoDate
  readonly to: IsoDate | null
  readonly status: string
}

/**
 * The entry in force on a day and since when its person is in that albo without a break: changes of number, section or status
 * do not make them new. In one albo the latest begun counts; of several albi one in which they are enrolled, before those in
 * which they are suspended or cancelled, then the latest begun. Null where none is in force.
 */
export function entryOn<S extends AlboStretch>(
  entries: readonly S[],
  day: IsoDate,
): { readonly entry: S; readonly enrolled: IsoDate } | null {
  const [only] = entries
  if (only !== undefined && entries.length === 1) {
    return only.from <= day && (only.to === null || only.to >= day) ? { entry: only, enrolled: only.from } : null
  }
  const inForce = entries.filter((e) => e.from <= day && (e.to === null || e.to >= day))
  const begun = (a: S, b: S) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0)
  const latest = [...new Map(inForce.sort(begun).map((e) => [fold(e.albo), e])).values()].sort(begun)
  const entry = latest.findLast((e) => fold(e.status) === ENROLLED) ?? latest.at(-1)
  return entry === undefined ? null : { entry, enrolled: firstStretch(entries, entry).from }
}

/** The stretch with which somebody came into the albo of this one: the earliest that no break parts from it. */
export function firstStretch<S extends Pick<AlboStretch, 'albo' | 'from' | 'to'>>(entries: readonly S[], entry: S): S {
  let first = entry
  const earlier = entries.filter((e) => e.albo === entry.albo && e.from < entry.from)
  for (const e of earlier.sort((a, b) => (a.from > b.from ? -1 : 1))) {
    if (e.to !== null && addDays(e.to, 1) < first.from) break
    first = e
  }
  return first
}
