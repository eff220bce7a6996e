import { type Cents, cents, centsOfNumber, parseAmount } from '#domain/money'
import { type Problem, type ProblemCode, type ProblemParams, problem } from '#domain/problem'
import { CATEGORY_NAMES, categoryOf, foldHeading } from '#domain/register-mapping'
import type { TariffEffect, TariffRow } from '#domain/tariff'
import { Refusal } from './refusal.ts'
import type { TableColumn, TableRow } from './table.ts'
import { openWorkbook } from './workbook.ts'
import { columnName, shown, type XlsxRow } from './xlsx-cell.ts'
import type { XlsxBook } from './xlsx-read.ts'

/** Columns of a tariff as a sheet: the same words out and in. */
const COLUMNS = [
  { key: 'code', heading: 'Codice', kind: 'text', width: 10, max: 20 },
  { key: 'description', heading: 'Descrizione', kind: 'text', width: 32, max: 80 },
  { key: 'category', heading: 'Categoria', kind: 'text', width: 26, max: 80 },
  { key: 'albo', heading: 'Albo', kind: 'text', width: 18, max: 80 },
  { key: 'section', heading: 'Sezione', kind: 'text', width: 12, max: 40 },
  { key: 'status', heading: 'Stato', kind: 'text', width: 14, max: 40 },
  { key: 'fromYears', heading: 'Anni da', kind: 'integer', width: 9, max: 20 },
  { key: 'toYears', heading: 'Anni a', kind: 'integer', width: 9, max: 20 },
  { key: 'effect', heading: 'Che cosa', kind: 'text', width: 14, max: 20 },
  { key: 'amount', heading: 'Importo', kind: 'money', width: 12, max: 20 },
  { key: 'percent', heading: 'Percentuale', kind: 'money', width: 12, max: 20 },
] as const

type Key = (typeof COLUMNS)[number]['key']

const EFFECTS = { amount: 'Importo', percent: 'Percentuale', none: 'Niente' } as const
const MAX_ROWS = 300

export const TARIFF_COLUMNS: readonly TableColumn[] = COLUMNS.map(({ heading, kind, width }) => ({
  heading,
  kind,
  width,
}))

/** One row of a tariff as cells of the sheet. */
export function tariffCells(row: TariffRow): TableRow {
  const { effect } = row
  return [
    row.code,
    row.description,
    row.category === null ? null : CATEGORY_NAMES[row.category],
    row.albo,
    row.section,
    row.status,
    row.fromYears,
    row.toYears,
    EFFECTS[effect.kind],
    effect.kind === 'amount' ? effect.cents : null,
    effect.kind === 'percent' ? effect.basisPoints : null,
  ]
}

export interface TariffReading {
  readonly rows: readonly TariffRow[]
  readonly problems: readonly Problem[]
}

/** Reads a tariff from a workbook (`.xlsx`, `.xls`): the first sheet whose first rows carry its headings. Wrong rows are left out and told. */
export async function readTariffSheet(bytes: Uint8Array): Promise<TariffReading> {
  const book = await openWorkbook(bytes)
  if (!book.ok) return { rows: [], problems: [book.error] }
  try {
    return await readBook(book.value)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { rows: [], problems: [error.problem] }
  }
}

async function readBook(book: XlsxBook): Promise<TariffReading> {
  const problems: Problem[] = []
  const rows: TariffRow[] = []
  let seen = 0
  for (const [index, { name, hidden }] of book.sheets.entries()) {
    if (hidden) continue
    let places: ReadonlyMap<Key, number> | null = null
    for await (const batch of book.rows(index)) {
      for (const row of batch) {
        if (places === null) {
          if (row.number > 30) break
          places = headOf(row)
          if (places === null) continue
          for (const { key, heading } of COLUMNS) {
            if ((key === 'code' || key === 'effect') && !places.has(key)) {
              problems.push(
                problem('REGISTER_COLUMN_MISSING', { heading }, { position: { sheet: name, row: row.number } }),
              )
            }
          }
          if (problems.length > 0) return { rows: [], problems }
          continue
        }
        if ([...row.cells.values()].every((cell) => shown(cell).trim() === '')) continue
        seen += 1
        // Wrong rows count too: a sheet that is another thing is not told to its end.
        if (seen > MAX_ROWS) {
          const text = { limit: String(MAX_ROWS) }
          return {
            rows,
            problems: [...problems, problem('REGISTER_TOO_MANY_ROWS', text, { position: { sheet: name } })],
          }
        }
        const read = new Cells(row, name, places)
        const value = read.row()
        if (read.problems.length > 0) problems.push(...read.problems)
        else rows.push(value)
      }
    }
    if (places !== null) return { rows, problems }
  }
  const sheets = book.sheets.map((s) => `«${s.name}»`).join(', ')
  return { rows: [], problems: [problem('REGISTER_NO_HEADINGS', { sheets })] }
}

/** Where each column stands; null where the row is not that of the headings. */
function headOf(row: XlsxRow): ReadonlyMap<Key, number> | null {
  const places = new Map<Key, number>()
  for (const [index, cell] of row.cells) {
    const text = foldHeading(shown(cell))
    const column = COLUMNS.find(({ heading }) => foldHeading(heading) === text)
    if (column !== undefined && !places.has(column.key)) places.set(column.key, index)
  }
  return places.size >= 3 ? places : null
}

class Cells {
  readonly problems: Problem[] = []
  readonly #row: XlsxRow
  readonly #sheet: string
  readonly #places: ReadonlyMap<Key, number>

  constructor(row: XlsxRow, sheet: string, places: ReadonlyMap<Key, number>) {
    this.#row = row
    this.#sheet = sheet
    this.#places = places
  }

  row(): TariffRow {
    const category = this.#text('category')
    const known = category === null ? null : categoryOf(category)
    if (category !== null && known === null) this.#note('category', 'CATEGORY_UNKNOWN', { value: category })
    return {
      code: this.#text('code') ?? '',
      description: this.#text('description') ?? '',
      category: known,
      albo: this.#text('albo'),
      section: this.#text('section'),
      status: this.#text('status'),
      fromYears: this.#years('fromYears') ?? 0,
      toYears: this.#years('toYears'),
      effect: this.#effect(),
    }
  }

  #effect(): TariffEffect {
    const text = this.#text('effect')
    const kind = Object.entries(EFFECTS).find(([, word]) => foldHeading(word) === foldHeading(text ?? ''))?.[0]
    if (kind === 'none') return { kind }
    if (kind === 'amount') return { kind, cents: this.#number('amount') }
    if (kind === 'percent') return { kind, basisPoints: this.#number('percent') }
    if (text === null) this.#note('effect', 'FIELD_EMPTY', { heading: 'che cosa fa la riga' })
    else this.#note('effect', 'CELL_KIND', { found: `«${text}»`, expected: 'Importo, Percentuale o Niente' })
    return { kind: 'none' }
  }

  #text(key: Key): string | null {
    const cell = this.#cell(key)
    if (cell === undefined) return null
    if (cell.kind === 'error') this.#note(key, 'CELL_ERROR', { value: cell.text })
    if (cell.kind === 'uncalculated') this.#note(key, 'CELL_NO_VALUE', { formula: cell.formula })
    const text = shown(cell).replaceAll(/\s+/g, ' ').trim()
    const max = COLUMNS.find((c) => c.key === key)?.max ?? 80
    if (text.length > max) this.#note(key, 'TEXT_TOO_LONG', { length: text.length, limit: max })
    return text === '' ? null : text
  }

  #years(key: 'fromYears' | 'toYears'): number | null {
    const text = this.#text(key)
    if (text === null) return null
    if (/^\d{1,2}$/.test(text)) return Number(text)
    this.#note(key, 'CELL_KIND', { found: `«${text}»`, expected: 'un numero di anni da 0 a 99' })
    return null
  }

  /** An amount in cents, or a percentage in hundredths: both have two decimals. */
  #number(key: 'amount' | 'percent'): Cents {
    const cell = this.#cell(key)
    const text = this.#text(key)
    if (cell === undefined || text === null) {
      this.#note(key, 'AMOUNT_EMPTY', {})
      return cents(0)
    }
    // Excel keeps «50%» as 0,5, which is half a percent to whoever typed it as a number.
    if (key === 'percent' && cell.kind === 'number' && cell.value > 0 && cell.value <= 1) {
      const hundredfold = shown({ kind: 'number', value: Number((cell.value * 100).toFixed(6)) })
      this.#note(key, 'PERCENT_OR_FRACTION', { value: text, hundredfold })
      return cents(0)
    }
    const read = cell.kind === 'number' ? centsOfNumber(cell.value) : parseAmount(text.replace(/\s*%$/, ''))
    if (read.ok && read.value > 0) return read.value
    this.#note(key, read.ok ? 'AMOUNT_NOT_POSITIVE' : 'AMOUNT_UNREADABLE', { value: text })
    return cents(0)
  }

  #cell(key: Key) {
    const place = this.#places.get(key)
    return place === undefined ? undefined : this.#row.cells.get(place)
  }

  #note<C extends ProblemCode>(key: Key, code: C, params: ProblemParams<C>): void {
    const place = this.#places.get(key)
    const cell = this.#cell(key)
    this.problems.push(
      problem(code, params, {
        position: {
          sheet: this.#sheet,
          row: this.#row.number,
          ...(place === undefined ? {} : { column: columnName(place) }),
        },
        field: COLUMNS.find((c) => c.key === key)?.heading ?? '',
        ...(cell === undefined ? {} : { excerpt: shown(cell) }),
      }),
    )
  }
}
