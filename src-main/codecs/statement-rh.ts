import type { StatementMovement, StatementReading } from '#domain/bank-statement'
import { type IsoDate, isoDateOf } from '#domain/date'
import { type Cents, negate } from '#domain/money'
import { type Problem, type ProblemPlace, problem } from '#domain/problem'
import { bankCents } from './statement-cells.ts'
import { assembleParts, italianAccount, type ReadPart } from './statement-parts.ts'
import { RhDetails } from './statement-rh-details.ts'
import { field, type RhRecord, splitRh } from './statement-rh-records.ts'
import { decodeText } from './text-decode.ts'

export const RH_PROFILE = 'cbi-rh'

/**
 * Reads a CBI «rendicontazione» (RH, fixed 120; bank.md §4): one part for each 61…64, that is one day of one account.
 * What the tail record counts, the balances and the order of records must agree with what was read.
 */
export function readStatementRh(bytes: Uint8Array): StatementReading {
  const decoded = decodeText(bytes)
  if (!decoded.ok) return assembleParts(RH_PROFILE, [], [decoded.error])
  const records = splitRh(decoded.value.text)
  return records.ok ? new RhReader().read(records.value) : assembleParts(RH_PROFILE, [], [records.error])
}

interface OpenPart {
  readonly head: RhRecord
  readonly number: string
  readonly date: IsoDate | null
  readonly openingCents: Cents | null
  readonly movements: Omit<StatementMovement, 'part'>[]
}

interface OpenMovement {
  readonly record: RhRecord
  readonly key: string
  readonly details: RhDetails
}

class RhReader {
  readonly #problems: Problem[] = []
  readonly #parts: ReadPart[] = []
  #part: OpenPart | null = null
  #movement: OpenMovement | null = null
  /** Whether a head record is open, how many records and statements came since it. */
  #open = false
  #records = 0
  #statements = 0
  #last: RhRecord | null = null

  read(records: readonly RhRecord[]): StatementReading {
    for (const record of records) this.#record(record)
    this.#closeMovement()
    if (this.#part) this.#leavePart('il record 64 con il saldo finale')
    if (this.#open) this.#incomplete('il record di coda EF')
    return assembleParts(RH_PROFILE, this.#parts, this.#problems)
  }

  #record(record: RhRecord): void {
    this.#last = record
    this.#records += 1
    if (record.type !== '63') this.#closeMovement()
    switch (record.type) {
      case '61':
        this.#opening(record)
        break
      case '62':
        this.#newMovement(record)
        break
      case '63':
        this.#detail(record)
        break
      case '64':
        this.#closing(record)
        break
      case '65':
        break
      case 'EF':
        this.#tail(record)
        break
      default:
        if (this.#open) this.#misplaced(record, 'il flusso precedente non si è chiuso con il record EF')
        this.#open = true
        this.#records = 1
        this.#statements = 0
    }
  }

  #opening(record: RhRecord): void {
    if (this.#part) this.#misplaced(record, 'la rendicontazione precedente non si è chiusa con il record 64')
    this.#statements += 1
    const currency = field(record, 75, 77).trim()
    if (currency !== 'EUR' && currency !== '') {
      this.#problems.push(problem('STATEMENT_CURRENCY', { currency }, at(record, 75)))
    }
    this.#part = {
      head: record,
      number: field(record, 4, 10),
      date: this.#date(record, 78, 'Data del saldo iniziale'),
      openingCents: this.#signed(record, 84, 85, 99, 'Saldo iniziale'),
      movements: [],
    }
  }

  #newMovement(record: RhRecord): void {
    const part = this.#part
    if (!part) {
      this.#misplaced(record, 'prima deve venire il record 61 con il saldo iniziale')
      return
    }
    if (field(record, 4, 10) !== part.number) {
      this.#misplaced(record, `appartiene alla rendicontazione ${field(record, 4, 10).trim()}, non a questa`)
      return
    }
    this.#movement = { record, key: field(record, 4, 13), details: new RhDetails(field(record, 87, 120)) }
  }

  #detail(record: RhRecord): void {
    const movement = this.#movement
    if (!movement) {
      this.#misplaced(record, 'prima deve venire il record 62 del suo movimento')
      return
    }
    if (field(record, 4, 13) !== movement.key) {
      const number = field(record, 11, 13)
      this.#misplaced(record, `parla del movimento ${number}, ma quello aperto è il ${movement.key.slice(7)}`)
      return
    }
    movement.details.add(record)
  }

  #closeMovement(): void {
    const open = this.#movement
    this.#movement = null
    if (!open || !this.#part) return
    const { record, details } = open
    const bookingDate = this.#date(record, 20, 'Data di registrazione')
    const valueDate = this.#date(record, 14, 'Data valuta')
    const amountCents = this.#signed(record, 26, 27, 41, 'Importo')
    if (bookingDate === null || amountCents === null) return
    const description = details.description()
    if (amountCents === 0) {
      this.#problems.push(
        problem('STATEMENT_AMOUNT_ZERO', {}, { ...at(record, 27), severity: 'warning', excerpt: description }),
      )
      return
    }
    const reference = field(record, 62, 77).trim()
    this.#part.movements.push({
      bookingDate,
      valueDate,
      amountCents,
      description,
      reference: /^0*$/.test(reference) ? null : reference,
      counterparty: details.counterparty(),
      endToEndId: details.endToEndId(),
      transactionCode: field(record, 42, 43).trim() || null,
      // An RH marks no storno: a debit that takes a credit back only says so in its words.
      takesBack: null,
      provvisorio: null,
      line: record.line,
    })
  }

  #closing(record: RhRecord): void {
    if (!this.#part) {
      this.#misplaced(record, 'prima deve venire il record 61 con il saldo iniziale')
      return
    }
    const date = this.#date(record, 14, 'Data del saldo finale')
    this.#addPart(record.line, date, this.#signed(record, 20, 21, 35, 'Saldo finale'))
  }

  #leavePart(missing: string): void {
    this.#incomplete(missing)
    this.#addPart(this.#last?.line ?? 0, null, null)
  }

  #addPart(closingLine: number, to: IsoDate | null, closingCents: Cents | null): void {
    const part = this.#part as OpenPart
    this.#part = null
    const { head, openingCents, movements, date } = part
    const account = italianAccount({
      country: field(head, 100, 101),
      check: field(head, 102, 103),
      cin: field(head, 52, 52),
      abi: field(head, 53, 57),
      cab: field(head, 58, 62),
      number: field(head, 63, 74),
    })
    this.#parts.push({ account, from: date, to, openingCents, closingCents, line: head.line, closingLine, movements })
  }

  #tail(record: RhRecord): void {
    if (this.#part) this.#leavePart('il record 64 con il saldo finale')
    if (!this.#open) {
      this.#misplaced(record, 'prima deve venire il record di testa RH')
      return
    }
    this.#open = false
    this.#count(record, 46, 52, 'rendicontazioni', [this.#statements])
    // Some banks leave head and tail out of the count.
    this.#count(record, 83, 89, 'record', [this.#records, this.#records - 2])
  }

  #count(record: RhRecord, from: number, to: number, what: string, found: readonly number[]): void {
    const text = field(record, from, to).trim()
    if (text === '') return
    if (!/^\d+$/.test(text)) {
      this.#wrong(record, from, `Numero di ${what}`, text)
      return
    }
    const declared = Number(text)
    if (found.includes(declared)) return
    const params = { what, declared, found: found[0] as number }
    this.#problems.push(problem('STATEMENT_RECORDS_DIFFER', params, at(record, from)))
  }

  #date(record: RhRecord, from: number, name: string): IsoDate | null {
    const text = field(record, from, from + 5)
    const parts = /^(\d{2})(\d{2})(\d{2})$/.exec(text)
    const date = parts && isoDateOf(2000 + Number(parts[3]), Number(parts[2]), Number(parts[1]))
    if (!date) this.#wrong(record, from, name, text)
    return date
  }

  /** Sign `C` or `D`, then an amount with its comma written. */
  #signed(record: RhRecord, signAt: number, from: number, to: number, name: string): Cents | null {
    const sign = field(record, signAt, signAt)
    const text = field(record, from, to)
    const read = /^ *\d+,\d{2} *$/.test(text) ? bankCents(text) : null
    if (read === null) {
      this.#wrong(record, from, name, text)
      return null
    }
    if (sign !== 'C' && sign !== 'D') {
      this.#wrong(record, signAt, `Segno di «${name}»`, sign)
      return null
    }
    return sign === 'D' ? negate(read) : read
  }

  #wrong(record: RhRecord, column: number, name: string, text: string): void {
    const value = text.trim()
    const place = { ...at(record, column), excerpt: text }
    this.#problems.push(problem('STATEMENT_FIELD_WRONG', { field: name, value }, place))
  }

  #misplaced(record: RhRecord, expected: string): void {
    this.#problems.push(problem('STATEMENT_RECORD_ORDER', { found: record.type, expected }, at(record)))
  }

  #incomplete(missing: string): void {
    const place = this.#last ? at(this.#last) : {}
    this.#problems.push(problem('STATEMENT_INCOMPLETE', { missing }, place))
  }
}

/** Columns of a fixed record are numbered, as its tracciato does. */
function at(record: RhRecord, column?: number): ProblemPlace {
  return { position: { line: record.line, ...(column === undefined ? {} : { column: String(column) }) } }
}
