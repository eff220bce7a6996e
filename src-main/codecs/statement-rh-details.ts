import { givenText } from './statement-details.ts'
import { field, type RhRecord } from './statement-rh-records.ts'

const FLAGS: ReadonlySet<string> = new Set(['KKK', 'YYY', 'YY2', 'ZZ1', 'ZZ2', 'ZZ3', 'ZZ4', 'ID1', 'RI1', 'RI2'])

/** What the 63 records say of one movement, by the flag at 14–16; without a flag they are free text from 14 (bank.md §4). */
export class RhDetails {
  readonly #text: string
  #name = ''
  #free = ''
  #party = ''
  #place = ''
  #pool = ''
  #endToEnd = ''
  /** The 140 characters of the causale: 104 in RI1, 36 in RI2, cut anywhere. */
  #remittance = ''
  /** The reason of a transfer from abroad: 54 characters of ZZ3, gone on in ZZ4. */
  #foreign = ''

  /** @param text columns 87–120 of the 62 */
  constructor(text: string) {
    this.#text = text
  }

  add(record: RhRecord): void {
    const flag = field(record, 14, 16)
    if (!FLAGS.has(flag)) {
      this.#free += field(record, 14, 120)
      return
    }
    const rest = field(record, 17, 120)
    if (flag === 'RI1') this.#remittance += rest
    else if (flag === 'RI2') this.#remittance += field(record, 17, 52)
    else if (flag === 'ZZ2') {
      this.#name ||= joined(rest)
      this.#party = joined(this.#party, rest)
    } else if (flag === 'ZZ3') this.#foreign += field(record, 67, 120)
    else if (flag === 'ZZ4') this.#foreign += rest
    else if (flag === 'ID1') this.#endToEnd = field(record, 52, 86).trim()
    else if (flag === 'KKK') this.#pool = field(record, 17, 39)
    else if (flag === 'YYY') {
      this.#name = joined(field(record, 41, 80)) || this.#name
      this.#party = joined(this.#party, field(record, 41, 80), taxCode(field(record, 25, 40)))
      this.#place = joined(this.#place, field(record, 81, 120))
    } else if (flag === 'YY2') {
      this.#place = joined(field(record, 17, 66), this.#place)
      this.#party = joined(this.#party, field(record, 67, 100))
    }
  }

  /** Who ordered the payment, where the bank says it. */
  counterparty(): string | null {
    return this.#name || null
  }

  endToEndId(): string | null {
    return givenText(this.#endToEnd)
  }

  /**
   * The causale stands last, so that nothing can be taken for its end. A text cut over records is put together as the
   * bank cut it; only the blanks that pad a field go.
   */
  description(): string {
    const causale = joined(this.#remittance, this.#foreign)
    // An end-to-end id that repeats the causale has 35 characters of it: less than what stands beside.
    const same = causale !== '' && fold(causale).startsWith(fold(this.#endToEnd).slice(0, 12))
    const endToEnd = /^(?:NOT ?PROVIDED|0*)$/i.test(this.#endToEnd) || same ? '' : this.#endToEnd
    return joined(this.#text, this.#free, this.#pool, this.#party, this.#place, endToEnd, causale)
  }
}

function taxCode(text: string): string {
  return /^[\s0]*$/.test(text) ? '' : text
}

function fold(text: string): string {
  return text.replaceAll(/[^0-9a-z]/gi, '').toUpperCase()
}

function joined(...parts: readonly string[]): string {
  return parts
    .map((part) => part.trim().replaceAll(/ {2,}/g, ' '))
    .filter((part) => part !== '')
    .join(' ')
}
