import { type IsoDate, isIsoDate, isoDateOf, yearOf } from '#domain/date'
import { type FiscalCode, readFiscalCode, vatCheckDigit } from '#domain/fiscal-code'
import { isMailAddress } from '#domain/mail-address'
import { type Cents, centsOfNumber, parseAmount } from '#domain/money'
import { type Problem, type ProblemCode, type ProblemParams, problem } from '#domain/problem'
import type { PersonCategory } from '#domain/register-row'
import { COUNTRIES, PROVINCES } from './places.ts'
import { categoryOf, REGISTER_COLUMNS, type RegisterColumn, type RegisterKey } from './register-columns.ts'
import { columnName, shown, type XlsxCell, type XlsxRow } from './xlsx-cell.ts'

const COLUMN = Object.fromEntries(REGISTER_COLUMNS.map((c) => [c.key, c])) as Record<RegisterKey, RegisterColumn>
/** Largest amount of pagoPA (pagopa.md §11). */
const MAX_CENTS = 99_999_999_999
/** Invisible or direction-changing characters that a copy from the web leaves behind. */
const INVISIBLE = /(?![\t\n\r])\p{Cc}|\p{Cf}|[\uFFFE\uFFFF]/u

/** One row under check: gives typed values and notes each problem with its cell. */
export class RowCells {
  readonly problems: Problem[] = []
  readonly #row: XlsxRow
  readonly #sheet: string
  readonly #places: ReadonlyMap<RegisterKey, number>

  constructor(row: XlsxRow, sheet: string, places: ReadonlyMap<RegisterKey, number>) {
    this.#row = row
    this.#sheet = sheet
    this.#places = places
  }

  get hasErrors(): boolean {
    return this.problems.some((p) => p.severity === 'error')
  }

  hasErrorAt(keys: readonly RegisterKey[]): boolean {
    return this.problems.some((p) => p.severity === 'error' && keys.some((key) => COLUMN[key].heading === p.field))
  }

  note<C extends ProblemCode>(
    key: RegisterKey,
    code: C,
    params: ProblemParams<C>,
    severity: 'error' | 'warning' = 'error',
  ) {
    const place = this.#places.get(key)
    const cell = this.#cell(key)
    const written = cell ? shown(cell) : undefined
    this.problems.push(
      problem(code, params, {
        severity,
        position: {
          sheet: this.#sheet,
          row: this.#row.number,
          ...(place === undefined ? {} : { column: columnName(place) }),
        },
        field: COLUMN[key].heading,
        ...(written === undefined || written === '' ? {} : { excerpt: written }),
      }),
    )
  }

  /** Text with its blanks tidied, null when empty or refused (then a problem was noted, which `hasErrors` tells). */
  text(key: RegisterKey): string | null {
    const cell = this.#cell(key)
    if (cell === undefined || (cell.kind === 'text' && cell.text.trim() === '')) return this.#empty(key)
    if (!this.#readable(key, cell)) return null
    let text: string
    if (cell.kind === 'text') text = cell.text
    else if (cell.kind === 'number' && Number.isSafeInteger(cell.value) && key !== 'name' && key !== 'causale')
      text = String(cell.value)
    else {
      this.note(key, 'CELL_KIND', { found: KIND_NAMES[cell.kind], expected: 'un testo' })
      return null
    }
    const invisible = INVISIBLE.exec(text)
    if (invisible) {
      const code = `U+${invisible[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`
      this.note(key, 'CELL_CONTROL_CHARACTER', { code })
      return null
    }
    const tidy = text.replaceAll(/\s+/g, ' ').trim()
    const { max } = COLUMN[key]
    if (max > 0 && tidy.length > max) {
      this.note(key, 'TEXT_TOO_LONG', { length: tidy.length, limit: max })
      return null
    }
    return tidy
  }

  fiscalCode(): FiscalCode | null {
    const value = this.text('fiscalCode')
    if (value === null) return null
    const cell = this.#cell('fiscalCode')
    if (cell?.kind === 'number' && value.length < 11) {
      this.note('fiscalCode', 'FISCAL_CODE_LOST_ZEROS', { value, proposal: value.padStart(11, '0') })
      return null
    }
    const reading = readFiscalCode(value)
    if (reading.state === 'ok') return reading.code
    if (reading.state === 'suspicious') {
      this.note('fiscalCode', 'FISCAL_CODE_SUSPICIOUS', { value, expected: reading.expected }, 'warning')
      return reading.code
    }
    if (reading.reason === 'structure') this.note('fiscalCode', 'FISCAL_CODE_STRUCTURE', { value })
    else this.note('fiscalCode', 'FISCAL_CODE_LENGTH', { value, length: reading.length })
    return null
  }

  vatNumber(): string | null {
    const value = this.text('vatNumber')
    if (value === null) return null
    const digits = value.replace(/^IT/i, '').replaceAll(' ', '')
    if (!/^[0-9]{11}$/.test(digits)) {
      this.note('vatNumber', 'VAT_FORM', { value })
      return null
    }
    const expected = vatCheckDigit(digits.slice(0, 10))
    if (expected === digits[10]) return digits
    this.note('vatNumber', 'VAT_CHECK', { value, expected })
    return null
  }

  category(): PersonCategory | null {
    const value = this.text('category')
    if (value === null) return null
    const category = categoryOf(value)
    if (category === null) this.note('category', 'CATEGORY_UNKNOWN', { value })
    return category
  }

  amount(): Cents | null {
    const cell = this.#cell('amount')
    if (cell === undefined || (cell.kind === 'text' && cell.text.trim() === '')) {
      this.note('amount', 'AMOUNT_EMPTY', {})
      return null
    }
    if (!this.#readable('amount', cell)) return null
    if (cell.kind !== 'number' && cell.kind !== 'text') {
      this.note('amount', 'CELL_KIND', { found: KIND_NAMES[cell.kind], expected: 'un importo' })
      return null
    }
    const value = shown(cell)
    const read = cell.kind === 'number' ? centsOfNumber(cell.value) : parseAmount(cell.text)
    if (!read.ok) {
      if (cell.kind === 'number' && read.error === 'AMOUNT_UNREADABLE')
        this.note('amount', 'AMOUNT_TOO_PRECISE', { value })
      else if (read.error === 'AMOUNT_TOO_LARGE') this.note('amount', 'AMOUNT_TOO_LARGE', { value })
      else if (/^[+-]?(\d+|\d{1,3}(\.\d{3})+),\d{3,}$/.test(value.trim()))
        this.note('amount', 'AMOUNT_TOO_PRECISE', { value })
      else this.note('amount', 'AMOUNT_UNREADABLE', { value })
      return null
    }
    if (read.value <= 0) this.note('amount', 'AMOUNT_NOT_POSITIVE', { value })
    else if (read.value > MAX_CENTS) this.note('amount', 'AMOUNT_TOO_LARGE', { value })
    else return read.value
    return null
  }

  year(from: number, to: number): number | null {
    const cell = this.#cell('competenceYear')
    if (cell === undefined || (cell.kind === 'text' && cell.text.trim() === '')) {
      this.#empty('competenceYear')
      return null
    }
    if (!this.#readable('competenceYear', cell)) return null
    const value = shown(cell).trim()
    if (!/^\d{4}$/.test(value)) {
      this.note('competenceYear', 'YEAR_UNREADABLE', { value })
      return null
    }
    const year = Number(value)
    if (year >= from && year <= to) return year
    this.note('competenceYear', 'YEAR_OUT_OF_RANGE', { value, from, to })
    return null
  }

  date(key: 'dueDate', from: number, to: number): IsoDate | null {
    const cell = this.#cell(key)
    if (cell === undefined || (cell.kind === 'text' && cell.text.trim() === '')) return null
    if (!this.#readable(key, cell)) return null
    const value = shown(cell).trim()
    let date: IsoDate | null = null
    if (cell.kind === 'date') {
      date = cell.date
      if (date === null) this.note(key, 'DATE_NOT_EXISTING', { value })
    } else if (cell.kind === 'text') {
      date = this.#textDate(key, value)
    } else this.note(key, 'DATE_UNREADABLE', { value })
    if (date === null) return null
    if (yearOf(date) >= from && yearOf(date) <= to) return date
    this.note(key, 'DATE_OUT_OF_RANGE', { value, from, to })
    return null
  }

  email(key: 'email' | 'pec'): string | null {
    const value = this.text(key)
    if (value === null) return null
    if (isMailAddress(value)) return value
    if ((value.match(/@/g)?.length ?? 0) > 1) this.note(key, 'EMAIL_MANY', { value })
    else this.note(key, key === 'pec' ? 'PEC_WRONG' : 'EMAIL_WRONG', { value })
    return null
  }

  postalCode(country: string): string | null {
    const value = this.text('postalCode')
    if (value === null || country !== 'IT' || /^[0-9]{5}$/.test(value)) return value
    if (this.#cell('postalCode')?.kind === 'number' && /^\d{3,4}$/.test(value)) {
      this.note('postalCode', 'POSTAL_CODE_LOST_ZEROS', { value, proposal: value.padStart(5, '0') })
    } else this.note('postalCode', 'POSTAL_CODE_WRONG', { value })
    return null
  }

  province(country: string): string | null {
    const value = this.text('province')
    if (value === null || country !== 'IT') return null
    const code = value.toUpperCase()
    if (PROVINCES.has(code)) return code
    this.note('province', 'PROVINCE_UNKNOWN', { value })
    return null
  }

  /** `IT` when empty. */
  country(): string {
    const value = this.text('country')
    if (value === null || /^italia$/i.test(value)) return 'IT'
    const code = value.toUpperCase()
    if (COUNTRIES.has(code)) return code
    this.note('country', 'COUNTRY_UNKNOWN', { value })
    return 'IT'
  }

  #textDate(key: 'dueDate', value: string): IsoDate | null {
    if (isIsoDate(value)) return value
    const match = /^(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})$/.exec(value)
    if (!match) {
      this.note(key, 'DATE_UNREADABLE', { value })
      return null
    }
    const year = match[4] as string
    const date = year.length === 4 ? isoDateOf(Number(year), Number(match[3]), Number(match[1])) : null
    if (year.length === 2) this.note(key, 'DATE_SHORT_YEAR', { value })
    else if (date === null) this.note(key, 'DATE_NOT_EXISTING', { value })
    return date
  }

  #empty(key: RegisterKey): null {
    if (COLUMN[key].required) this.note(key, 'FIELD_EMPTY', { heading: COLUMN[key].noun })
    return null
  }

  #readable(key: RegisterKey, cell: XlsxCell): boolean {
    if (cell.kind === 'error') this.note(key, 'CELL_ERROR', { value: cell.text })
    else if (cell.kind === 'uncalculated') this.note(key, 'CELL_NO_VALUE', { formula: cell.formula })
    else return true
    return false
  }

  #cell(key: RegisterKey): XlsxCell | undefined {
    const place = this.#places.get(key)
    return place === undefined ? undefined : this.#row.cells.get(place)
  }
}

const KIND_NAMES: Readonly<Record<XlsxCell['kind'], string>> = {
  text: 'un testo',
  number: 'un numero',
  date: 'una data',
  boolean: 'un valore vero o falso',
  error: 'un errore',
  uncalculated: 'una formula',
}
