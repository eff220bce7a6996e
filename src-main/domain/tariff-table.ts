import { MAX_POSITION_CENTS } from './issuing.ts'
import { type Cents, cents } from './money.ts'
import { ENROLLED, fold, rankOf, type TariffRow } from './tariff.ts'
import { CATEGORIES } from './vocabulary.ts'

/** Something said of a tariff while it is written. */
export interface TariffRemark {
  /** Rows that it speaks of, by their place in the table. */
  readonly rows: readonly number[]
  readonly field: 'code' | 'years' | 'effect' | 'conditions'
  /** An error keeps the table from being saved, a warning does not. */
  readonly severity: 'error' | 'warning'
  readonly text: string
}

/** Everything wrong in a table, by itself: what is missing, what overlaps, ranges of years that leave a hole. */
export function checkTariff(rows: readonly TariffRow[]): TariffRemark[] {
  const remarks: TariffRemark[] = []
  const codes = new Map<string, number>()
  for (const [at, row] of rows.entries()) {
    const code = fold(row.code)
    const before = codes.get(code)
    if (code === '') remarks.push({ rows: [at], field: 'code', severity: 'error', text: 'Manca il codice.' })
    else if (before !== undefined) {
      const text = `Il codice «${row.code}» è già della riga ${before + 1}.`
      remarks.push({ rows: [before, at], field: 'code', severity: 'error', text })
    } else codes.set(code, at)
    if (row.toYears !== null && row.toYears < row.fromYears) {
      const text = `Gli anni vanno da ${row.fromYears} a ${row.toYears}: il secondo numero è più piccolo.`
      remarks.push({ rows: [at], field: 'years', severity: 'error', text })
    }
    if (row.effect.kind === 'amount' && row.effect.cents <= 0) {
      remarks.push({ rows: [at], field: 'effect', severity: 'error', text: 'L’importo deve essere più di zero.' })
    }
    if (row.effect.kind === 'amount' && row.effect.cents > MAX_POSITION_CENTS) {
      const text = 'L’importo supera il limite di pagoPA per un pagamento, 999.999.999,99.'
      remarks.push({ rows: [at], field: 'effect', severity: 'error', text })
    }
    if (row.effect.kind === 'percent' && (row.effect.basisPoints <= 0 || row.effect.basisPoints > 10_000)) {
      const text = 'La percentuale va da 0,01 a 100: è la parte che resta da pagare.'
      remarks.push({ rows: [at], field: 'effect', severity: 'error', text })
    }
  }
  return [...remarks, ...overlaps(rows), ...holes(rows)]
}

/** Pairs of rows that somebody could fit equally well. */
function overlaps(rows: readonly TariffRow[]): TariffRemark[] {
  const found: TariffRemark[] = []
  for (const [i, a] of rows.entries()) {
    for (const [k, b] of rows.entries()) {
      if (k <= i || isBase(a) !== isBase(b) || rankOf(a) !== rankOf(b) || !meet(a, b)) continue
      const text = `Righe ${i + 1} e ${k + 1} si sovrappongono (${whoInWords(a)} e ${whoInWords(b)}): non si sa quale vale. Aggiungi una condizione a una delle due.`
      found.push({ rows: [i, k], field: 'conditions', severity: 'error', text })
    }
  }
  return found
}

const isBase = (row: TariffRow) => row.effect.kind === 'amount'

/** Whether somebody could fit both. */
function meet(a: TariffRow, b: TariffRow): boolean {
  const agree = (x: string | null, y: string | null) => x === null || y === null || fold(x) === fold(y)
  return (
    agree(a.category, b.category) &&
    agree(a.albo, b.albo) &&
    agree(a.section, b.section) &&
    fold(a.status ?? ENROLLED) === fold(b.status ?? ENROLLED) &&
    a.fromYears <= (b.toYears ?? Number.POSITIVE_INFINITY) &&
    b.fromYears <= (a.toYears ?? Number.POSITIVE_INFINITY)
  )
}

/** Years that the amounts of one group leave out, where no broader row takes them. */
function holes(rows: readonly TariffRow[]): TariffRemark[] {
  const groups = new Map<string, number[]>()
  for (const [at, row] of rows.entries()) {
    // Whoever is not enrolled and fits no row pays nothing: that is no hole.
    if (!isBase(row) || fold(row.status ?? ENROLLED) !== ENROLLED) continue
    const key = [row.category, row.albo, row.section, row.status].map((v) => fold(v ?? '')).join('|')
    groups.set(key, [...(groups.get(key) ?? []), at])
  }
  const found: TariffRemark[] = []
  for (const places of groups.values()) {
    const first = rows[places[0] as number] as TariffRow
    let next = 0
    for (const row of places.map((at) => rows[at] as TariffRow).sort((a, b) => a.fromYears - b.fromYears)) {
      if (row.fromYears > next) hole(next, row.fromYears - 1)
      next = Math.max(next, (row.toYears ?? Number.POSITIVE_INFINITY) + 1)
    }
    if (next !== Number.POSITIVE_INFINITY) hole(next, null)

    function hole(from: number, to: number | null): void {
      const empty: TariffRow = { ...first, fromYears: from, toYears: to }
      const covered = rows.some((row, at) => isBase(row) && !places.includes(at) && covers(row, empty))
      if (covered) return
      const text = `Nessuna tariffa per ${whoInWords(empty)}.`
      found.push({ rows: places, field: 'years', severity: 'warning', text })
    }
  }
  return found
}

/** Whether a row takes everybody of another's group. */
function covers(row: TariffRow, group: TariffRow): boolean {
  const takes = (x: string | null, y: string | null) => x === null || (y !== null && fold(x) === fold(y))
  return (
    takes(row.category, group.category) &&
    takes(row.albo, group.albo) &&
    takes(row.section, group.section) &&
    fold(row.status ?? ENROLLED) === fold(group.status ?? ENROLLED) &&
    row.fromYears <= group.fromYears &&
    (row.toYears ?? Number.POSITIVE_INFINITY) >= (group.toYears ?? Number.POSITIVE_INFINITY)
  )
}

/** «praticante, sezione B, da 5 a 9 anni» */
export function whoInWords(row: TariffRow): string {
  const parts = [
    row.category === null ? '' : CATEGORIES[row.category].toLowerCase(),
    row.albo ?? '',
    row.section === null ? '' : `sezione ${row.section}`,
    row.status === null ? '' : `stato «${row.status}»`,
    yearsInWords(row),
  ].filter((text) => text !== '')
  return parts.length === 0 ? 'tutti' : parts.join(', ')
}

function yearsInWords({ fromYears, toYears }: TariffRow): string {
  if (toYears === null) return fromYears === 0 ? '' : `da ${fromYears} anni in su`
  if (fromYears === toYears) return fromYears === 0 ? 'anno d’iscrizione' : `${fromYears} anni`
  return `da ${fromYears} a ${toYears} anni`
}

/** Roundings that a rise may be brought to, in cents: the cent, ten cents, fifty cents, the euro, five euro. */
export const RISE_STEPS = [1, 10, 50, 100, 500] as const

/**
 * The rows of a year for the next: each amount raised (or lowered) by a percentage, then brought to the nearest multiple of
 * `step` cents, half up; never below one step. Percentages and exemptions stay.
 * @param basisPoints hundredths of a percent, negative to lower
 */
export function raiseTariff(rows: readonly TariffRow[], basisPoints: number, step: number): TariffRow[] {
  return rows.map((row) =>
    row.effect.kind === 'amount'
      ? { ...row, effect: { kind: 'amount', cents: raised(row.effect.cents, basisPoints, step) } }
      : row,
  )
}

function raised(amount: Cents, basisPoints: number, step: number): Cents {
  if (basisPoints === 0) return amount
  const of = 10_000n * BigInt(step)
  const steps = (2n * BigInt(amount) * BigInt(10_000 + basisPoints) + of) / (2n * of)
  return cents(Math.max(1, Number(steps)) * step)
}
