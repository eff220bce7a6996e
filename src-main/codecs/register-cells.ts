import { type IsoDate, yearOf } from '#domain/date'
import { type FiscalCode, readFiscalCode, vatCheckDigit } from '#domain/fiscal-code'
import { type Iban, readIban } from '#domain/iban'
import { isMailAddress } from '#domain/mail-address'
import { type Cents, centsOfNumber } from '#domain/money'
import { type Problem, type ProblemCode, type ProblemParams, problem } from '#domain/problem'
import type { RegisterField } from '#domain/register-field'
import { AMOUNT_FORM_WORDS, DATE_FORM_WORDS, readRegisterAmount, readRegisterDate } from '#domain/register-forms'
import { categoryOf, foldCell } from '#domain/register-mapping'
import type { PersonCategory } from '#domain/register-row'
import { fillTemplate } from '#domain/template'
import { COUNTRIES, PROVINCES } from './places.ts'
import { REGISTER_COLUMNS, type RegisterColumn } from './register-columns.ts'
import { type FieldPlace, type RegisterLayout, sheetPlace } from './register-layout.ts'
import { columnName, shown, type XlsxCell, type XlsxRow } from './xlsx-cell.ts'

const COLUMN = Object.fromEntries(REGISTER_COLUMNS.map((c) => [c.key, c])) as Record<RegisterField, RegisterColumn>
/** Largest amount of pagoPA (pagopa.md §11). */
const MAX_CENTS = 99_999_999_999
/** Invisible or direction-changing characters that a copy from the web leaves behind. */
const INVISIBLE = /(?![\t\n\r])\p{Cc}|\p{Cf}|[\uFFFE\uFFFF]/u

/** Letters of UTF-8 read as if each byte were one: «Ã¨» for «è». */
const READ_TWICE =
  /[\u00C2\u00C3][\u0080-\u00BF\u20AC\u201A\u0192\u201E\u2026\u2020\u2021\u02C6\u2030\u0160\u2039\u0152\u017D\u2018\u2019\u201C\u201D\u2022\u2013\u2014\u02DC\u2122\u0161\u203A\u0153\u017E\u0178]/
/** Most texts: words of plain letters parted by one blank, with nothing to tidy. */
const PLAIN = /^[!-~]+(?: [!-~]+)*$/

/** What a field reads in a row; `ours` when a person wrote it in the mapping, in the forms of the tracciato. */
interface Taken {
  readonly cell: XlsxCell
  readonly ours: boolean
}

/** One row under check: gives typed values and notes each problem with its cell. */
export class RowCells {
  readonly problems: Problem[] = []
  readonly #row: XlsxRow
  readonly #layout: RegisterLayout
  #errors = 0

  constructor(row: XlsxRow, layout: RegisterLayout) {
    this.#row = row
    this.#layout = layout
  }

  get hasErrors(): boolean {
    return this.#errors > 0
  }

  hasErrorAt(keys: readonly RegisterField[]): boolean {
    if (this.#errors === 0) return false
    return this.problems.some((p) => p.severity === 'error' && keys.some((key) => COLUMN[key].heading === p.field))
  }

  note<C extends ProblemCode>(
    key: RegisterField,
    code: C,
    params: ProblemParams<C>,
    severity: 'error' | 'warning' = 'error',
  ) {
    const column = this.#layout.fields.get(key)?.columns[0]
    const written = this.#written(key)
    if (severity === 'error') this.#errors += 1
    this.problems.push(
      problem(code, params, {
        severity,
        position: {
          ...sheetPlace(this.#layout.sheetName),
          row: this.#row.number,
          ...(column === undefined ? {} : { column: columnName(column) }),
        },
        field: COLUMN[key].heading,
        ...(written === '' ? {} : { excerpt: written }),
      }),
    )
  }

  /** Text with its blanks tidied, null when empty or refused (then a problem was noted, which `hasErrors` tells). */
  text(key: RegisterField): string | null {
    const cell = this.#cell(key)
    if (cell === undefined) return this.#empty(key)
    if (!this.#readable(key, cell)) return null
    let text: string
    if (cell.kind === 'text') text = cell.text
    else if (cell.kind === 'number' && Number.isSafeInteger(cell.value) && !NEVER_NUMBERS.has(key))
      text = String(cell.value)
    else {
      this.note(key, 'CELL_KIND', { found: KIND_NAMES[cell.kind], expected: 'un testo' })
      return null
    }
    return this.#tidy(key, text)
  }

  #tidy(key: RegisterField, text: string): string | null {
    const tidy = PLAIN.test(text) ? text : this.#cleaned(key, text)
    if (tidy === null) return null
    const { max } = COLUMN[key]
    if (max > 0 && tidy.length > max) {
      this.note(key, 'TEXT_TOO_LONG', { length: tidy.length, limit: max })
      return null
    }
    return tidy
  }

  #cleaned(key: RegisterField, text: string): string | null {
    if (this.#invisible(key, text)) return null
    const tidy = text.replaceAll(/\s+/g, ' ').trim()
    if (tidy.includes('\uFFFD')) {
      this.note(key, 'TEXT_DAMAGED', { value: tidy })
      return null
    }
    if (READ_TWICE.test(tidy)) this.note(key, 'TEXT_DAMAGED', { value: tidy }, 'warning')
    return tidy
  }

  /** The name, or surname and first name joined; company names stand in either. */
  name(): string | null {
    const { fields } = this.#layout
    if (fields.has('name') && (!fields.has('surname') || this.#cell('name') !== undefined)) return this.text('name')
    const surname = fields.has('surname') ? this.text('surname') : null
    const firstName = fields.has('firstName') ? this.text('firstName') : null
    if (this.hasErrorAt(['surname', 'firstName'])) return null
    const parts = [surname, firstName].filter((part) => part !== null)
    if (parts.length === 0) {
      this.note('surname', 'FIELD_EMPTY', { heading: COLUMN.name.noun })
      return null
    }
    const name = parts.join(' ')
    const { max } = COLUMN.name
    if (name.length <= max) return name
    this.note('surname', 'TEXT_TOO_LONG', { length: name.length, limit: max })
    return null
  }

  /** The causale, made of other fields where the mapping says so. */
  causale(values: Readonly<Record<string, string>>): string | null {
    const template = this.#layout.fields.get('causale')?.template ?? null
    if (template === null) return this.text('causale')
    const text = this.#tidy('causale', fillTemplate(template, values))
    return text === '' ? this.#empty('causale') : text
  }

  iban(): Iban | null {
    const value = this.text('iban')
    if (value === null) return null
    const reading = readIban(value)
    if (reading.state === 'ok') return reading.iban
    this.note('iban', 'PERSON_IBAN_WRONG', { value, reason: IBAN_REASONS[reading.reason] })
    return null
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
    const taken = this.#take('amount')
    if (taken === undefined) {
      this.note('amount', 'AMOUNT_EMPTY', {})
      return null
    }
    const { cell, ours } = taken
    if (!this.#readable('amount', cell)) return null
    if (cell.kind !== 'number' && cell.kind !== 'text') {
      this.note('amount', 'CELL_KIND', { found: KIND_NAMES[cell.kind], expected: 'un importo' })
      return null
    }
    const value = shown(cell)
    if (this.#invisible('amount', value)) return null
    const form = ours ? 'comma' : this.#layout.amountForm
    const inEuro = cell.kind === 'number' && form !== 'cents'
    const read = inEuro
      ? centsOfNumber(cell.value)
      : readRegisterAmount(cell.kind === 'number' ? String(cell.value) : cell.text, form)
    if (!read.ok) {
      if (inEuro && read.error === 'AMOUNT_UNREADABLE') this.note('amount', 'AMOUNT_TOO_PRECISE', { value })
      else if (read.error === 'AMOUNT_TOO_LARGE') this.note('amount', 'AMOUNT_TOO_LARGE', { value })
      else if (form !== 'comma') this.note('amount', 'AMOUNT_FORM', { value, form: AMOUNT_FORM_WORDS[form] })
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
    if (cell === undefined) return this.#empty('competenceYear')
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

  date(key: 'dueDate' | 'enrolmentDate', from: number, to: number): IsoDate | null {
    const taken = this.#take(key)
    if (taken === undefined) return null
    const { cell, ours } = taken
    if (!this.#readable(key, cell)) return null
    const value = shown(cell).trim()
    const form = ours ? 'dmy' : this.#layout.dateForm
    let date: IsoDate | null = null
    if (cell.kind === 'date') {
      date = cell.date
      if (date === null) this.note(key, 'DATE_NOT_EXISTING', { value })
    } else if (cell.kind === 'text' || (cell.kind === 'number' && form === 'ymd')) {
      const read = readRegisterDate(value, form)
      if (read.ok) date = read.value
      else if (read.error === 'DATE_SHORT_YEAR') this.note(key, 'DATE_SHORT_YEAR', { value })
      else if (read.error === 'DATE_NOT_EXISTING') this.note(key, 'DATE_NOT_EXISTING', { value })
      else if (form === 'dmy') this.note(key, 'DATE_UNREADABLE', { value })
      else this.note(key, 'DATE_FORM', { value, form: DATE_FORM_WORDS[form] })
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

  #empty(key: RegisterField): null {
    if (COLUMN[key].required) this.note(key, 'FIELD_EMPTY', { heading: COLUMN[key].noun })
    return null
  }

  #invisible(key: RegisterField, text: string): boolean {
    const found = INVISIBLE.exec(text)?.[0]
    if (found === undefined) return false
    const code = `U+${found.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`
    this.note(key, 'CELL_CONTROL_CHARACTER', { code })
    return true
  }

  #readable(key: RegisterField, cell: XlsxCell): boolean {
    if (cell.kind === 'error') this.note(key, 'CELL_ERROR', { value: cell.text })
    else if (cell.kind === 'uncalculated') this.note(key, 'CELL_NO_VALUE', { formula: cell.formula })
    else return true
    return false
  }

  #cell(key: RegisterField): XlsxCell | undefined {
    return this.#take(key)?.cell
  }

  /** What the field reads here; nothing when its cells are empty and nothing stands for them. */
  #take(key: RegisterField): Taken | undefined {
    const place = this.#layout.fields.get(key)
    if (place === undefined) return undefined
    const cell = this.#fromColumns(place)
    if (cell === undefined) {
      return place.otherwise === null ? undefined : { cell: { kind: 'text', text: place.otherwise }, ours: true }
    }
    const to = place.translations?.get(foldCell(shown(cell)))
    return to === undefined ? { cell, ours: false } : { cell: { kind: 'text', text: to }, ours: true }
  }

  #fromColumns({ columns }: FieldPlace): XlsxCell | undefined {
    if (columns.length === 1) {
      const cell = this.#row.cells.get(columns[0] as number)
      return cell === undefined || isEmpty(cell) ? undefined : cell
    }
    const parts: XlsxCell[] = []
    for (const column of columns) {
      const cell = this.#row.cells.get(column)
      if (cell === undefined || isEmpty(cell)) continue
      if (cell.kind === 'error' || cell.kind === 'uncalculated') return cell
      parts.push(cell)
    }
    if (parts.length <= 1) return parts[0]
    return { kind: 'text', text: parts.map(shown).join(' ') }
  }

  #written(key: RegisterField): string {
    const columns = this.#layout.fields.get(key)?.columns ?? []
    const texts = columns.map((column) => {
      const cell = this.#row.cells.get(column)
      return cell === undefined ? '' : shown(cell)
    })
    return texts.length === 1 ? (texts[0] as string) : texts.filter((text) => text.trim() !== '').join(' ')
  }
}

function isEmpty(cell: XlsxCell): boolean {
  return cell.kind === 'text' && cell.text.trim() === ''
}

/** Fields in which a number is a cell of the wrong column. */
const NEVER_NUMBERS: ReadonlySet<RegisterField> = new Set<RegisterField>(['name', 'surname', 'firstName', 'causale'])

const IBAN_REASONS = {
  empty: 'è vuoto',
  structure: 'non ha la forma di un IBAN',
  check: 'le cifre di controllo non tornano',
  cin: 'il CIN non torna',
} as const

const KIND_NAMES: Readonly<Record<XlsxCell['kind'], string>> = {
  text: 'un testo',
  number: 'un numero',
  date: 'una data',
  boolean: 'un valore vero o falso',
  error: 'un errore',
  uncalculated: 'una formula',
}
