import type { StatementAccount, StatementMovement, StatementPages, StatementReading } from '#domain/bank-statement'
import { type IsoDate, isIsoDate } from '#domain/date'
import { readIban } from '#domain/iban'
import { type Cents, formatCents, negate, parseDecimal, sum } from '#domain/money'
import { type Problem, problem } from '#domain/problem'
import { entryDetails, entryReference, entryText } from './statement-camt-text.ts'
import { assembleParts, type ReadPart } from './statement-parts.ts'
import type { XmlElement } from './xml-element.ts'

export const CAMT_PROFILE = 'camt053'

type Movement = Omit<StatementMovement, 'part'>

/** camt.053 in its own envelope, or in that of CBI (`CBIBdyBkToCstmrStmtReq` and what stands inside it). */
export function isCamt(root: XmlElement): boolean {
  if (root.name === 'Document') return root.child('BkToCstmrStmt') !== null
  return /^CBI\w*StmtReq/.test(root.name) || root.name === 'BkToCstmrStmt'
}

interface CamtPage {
  /** What is told in pages: equal in all of them. */
  readonly key: string
  readonly page: number
  readonly last: boolean
}

interface Entries {
  readonly movements: Movement[]
  readonly amounts: Cents[]
  count: number
}

/**
 * Reads camt.053.001.02 to .08 and CBI statements by local names (bank.md §5), one part for each `Stmt`, one movement for
 * each entry: a batch stays the one movement that the account shows, with the texts of all its details.
 */
export class CamtReader {
  readonly #problems: Problem[] = []
  readonly #parts: ReadPart[] = []
  readonly #pages: CamtPage[] = []
  #entries: Entries = { movements: [], amounts: [], count: 0 }

  /** For `readXmlTree`: entries and statements are let go as they are read. */
  take(element: XmlElement, parent: XmlElement): boolean {
    if (element.name === 'Ntry' && parent.name === 'Stmt') this.#entry(element)
    else if (element.name === 'Stmt') this.#statement(element)
    else if (element.name === 'MsgPgntn') this.#page(element, parent, `messaggio ${parent.textAt('MsgId') ?? ''}`)
    else return false
    return true
  }

  finish(): StatementReading {
    if (this.#parts.length === 0 && this.#problems.length === 0) {
      this.#problems.push(problem('STATEMENT_ELEMENT_MISSING', { field: 'l’estratto conto (Stmt)' }))
    }
    const pages = this.#deliveryPages()
    return { ...assembleParts(CAMT_PROFILE, this.#parts, this.#problems), pages }
  }

  #page(pagination: XmlElement | null, of: XmlElement, key: string): void {
    if (!pagination) return
    const text = pagination.textAt('PgNb') ?? ''
    const last = pagination.textAt('LastPgInd')
    if (/^[1-9]\d{0,4}$/.test(text) && last !== null && /^(?:true|false|1|0)$/.test(last)) {
      this.#pages.push({ key, page: Number(text), last: last === 'true' || last === '1' })
      return
    }
    const params = { field: 'Pagina', value: `${text} ${last ?? ''}`.trim() }
    this.#problems.push(problem('STATEMENT_FIELD_WRONG', params, (pagination.child('PgNb') ?? of).place()))
  }

  /**
   * The page of a longer delivery that this file is; null when it is whole, also because it has all the pages of what it
   * says in pages. Several statements of one file go together only from page to page.
   */
  #deliveryPages(): StatementPages | null {
    const open = [...Map.groupBy(this.#pages, (p) => p.key)].flatMap(([key, pages]) => {
      const end = pages.find((p) => p.last)?.page ?? null
      const have = new Set(pages.map((p) => p.page))
      const whole = end !== null && have.size === end && Math.max(...have) === end
      return whole ? [] : [{ key, have: [...have], end }]
    })
    const [first, ...others] = open
    if (!first) return null
    const page = first.have[0] as number
    if (first.have.length > 1 || others.some((o) => o.have.length > 1 || o.have[0] !== page || o.end !== first.end)) {
      const value = open.map((o) => o.have.join(', ')).join('; ')
      this.#problems.push(problem('STATEMENT_FIELD_WRONG', { field: 'Pagina', value }))
      return null
    }
    return {
      key: open
        .map((o) => o.key)
        .sort()
        .join(' · '),
      page,
      pages: first.end,
    }
  }

  #statement(statement: XmlElement): void {
    const entries = this.#entries
    this.#entries = { movements: [], amounts: [], count: 0 }
    const currency = statement.textAt('Acct/Ccy')
    if (currency !== null && currency !== 'EUR') {
      const place = statement.at('Acct/Ccy')?.place() ?? statement.place()
      this.#problems.push(problem('STATEMENT_CURRENCY', { currency }, place))
    }
    const balances = statement.all('Bal')
    const ofKind = (kind: string) => balances.filter((b) => b.textAt('Tp/CdOrPrtry/Cd') === kind)
    const opening = ofKind('OPBD')[0] ?? ofKind('PRCD')[0]
    const closing = ofKind('CLBD').at(-1)
    this.#summary(statement, entries)
    const account = accountOf(statement.child('Acct'))
    const number = ['ElctrncSeqNb', 'LglSeqNb', 'Id']
      .map((name) => statement.textAt(name))
      .find((text) => text !== null)
    this.#page(statement.child('StmtPgntn'), statement, `${account?.text ?? ''} estratto ${number ?? ''}`)
    this.#parts.push({
      account,
      from: opening ? dateOf(opening.child('Dt')) : null,
      to: closing ? dateOf(closing.child('Dt')) : null,
      openingCents: opening ? this.#signed(opening, 'Il saldo iniziale') : null,
      closingCents: closing ? this.#signed(closing, 'Il saldo finale') : null,
      line: statement.line,
      closingLine: Math.max(closing?.line ?? 0, ...entries.movements.slice(-1).map((m) => m.line), statement.line),
      movements: entries.movements,
    })
  }

  #entry(entry: XmlElement): void {
    const entries = this.#entries
    entries.count += 1
    const cents = this.#signed(entry, 'L’importo')
    if (cents !== null) entries.amounts.push(cents)
    // A word up to .07, a code inside it from .08 on.
    const status = entry.textAt('Sts/Cd') ?? entry.textAt('Sts/Prtry') ?? entry.textAt('Sts')
    if (status === 'PDNG' || status === 'FUTR' || status === 'INFO') {
      const place = entry.child('Sts')?.place() ?? entry.place()
      this.#problems.push(problem('STATEMENT_PENDING', { value: status }, { ...place, severity: 'warning' }))
      return
    }
    if (status === null) this.#missing(entry, 'lo stato dell’operazione (Sts)')
    else if (status !== 'BOOK') {
      const params = { field: 'Stato dell’operazione', value: status }
      this.#problems.push(problem('STATEMENT_FIELD_WRONG', params, entry.child('Sts')?.place()))
    }
    const bookingDate = this.#date(entry, 'BookgDt', 'Data contabile')
    if (!entry.child('BookgDt')) this.#missing(entry, 'la data contabile (BookgDt)')
    if (cents === null || bookingDate === null || status !== 'BOOK') return
    const details = entry.all('NtryDtls').flatMap((group) => group.all('TxDtls'))
    this.#batch(entry, cents, details)
    const description = entryText(entry, details)
    if (cents === 0) {
      const place = { ...entry.place(), severity: 'warning' as const, excerpt: description }
      this.#problems.push(problem('STATEMENT_AMOUNT_ZERO', {}, place))
      return
    }
    entries.movements.push({
      bookingDate,
      valueDate: entry.child('ValDt') ? this.#date(entry, 'ValDt', 'Data valuta') : null,
      // RvslInd does not turn the sign: CdtDbtInd already says which way the money went.
      amountCents: cents,
      description,
      reference: entryReference(entry, details),
      ...entryDetails(entry, details),
      provvisorio: null,
      line: entry.line,
    })
  }

  /** Where every detail has its own amount they must make the entry's; they do not where charges are netted. */
  #batch(entry: XmlElement, cents: Cents, details: readonly XmlElement[]): void {
    if (details.length < 2) return
    const amounts = details.map((detail) => {
      const amount = detail.child('Amt') ?? detail.at('AmtDtls/TxAmt/Amt')
      const read = amount?.attributes.Ccy === 'EUR' ? parseDecimal(amount.text) : null
      if (!read?.ok) return null
      const side = detail.textAt('CdtDbtInd') ?? entry.textAt('CdtDbtInd')
      return side === 'DBIT' ? negate(read.value) : read.value
    })
    const told = amounts.filter((amount) => amount !== null)
    const found = sum(told)
    if (told.length < details.length || found === cents) return
    const params = { amount: formatCents(cents), count: details.length, found: formatCents(found) }
    this.#problems.push(problem('STATEMENT_BATCH_DIFFERS', params, { ...entry.place(), severity: 'warning' }))
  }

  /** What the bank counted itself, where it says so. */
  #summary(statement: XmlElement, entries: Entries): void {
    const summary = statement.child('TxsSummry')
    if (!summary || entries.amounts.length < entries.count) return
    const count = summary.at('TtlNtries/NbOfNtries')
    if (count && /^\d{1,15}$/.test(count.text) && Number(count.text) !== entries.count) {
      const params = { declared: Number(count.text), found: entries.count }
      this.#problems.push(problem('STATEMENT_COUNT_DIFFERS', params, count.place()))
    }
    const totals = [
      { label: 'TtlCdtNtries', found: sum(entries.amounts.filter((a) => a > 0)) },
      { label: 'TtlDbtNtries', found: negate(sum(entries.amounts.filter((a) => a < 0))) },
    ]
    for (const { label, found } of totals) {
      const total = summary.at(`${label}/Sum`)
      const declared = total ? parseDecimal(total.text) : null
      if (!total || !declared?.ok || declared.value === found) continue
      const params = { label, declared: formatCents(declared.value), found: formatCents(found) }
      this.#problems.push(problem('STATEMENT_TOTAL_DIFFERS', params, total.place()))
    }
  }

  /** Amount and side of an entry or a balance. */
  #signed(of: XmlElement, field: string): Cents | null {
    const amount = of.child('Amt')
    const side = of.child('CdtDbtInd')
    if (!amount || !side) {
      this.#missing(of, amount ? 'il segno (CdtDbtInd)' : 'l’importo (Amt)')
      return null
    }
    const currency = amount.attributes.Ccy ?? ''
    if (currency !== 'EUR') {
      this.#problems.push(problem('STATEMENT_CURRENCY', { currency }, amount.place()))
      return null
    }
    const read = parseDecimal(amount.text)
    if (!read.ok || read.value < 0) {
      const place = { ...amount.place(), excerpt: amount.text }
      this.#problems.push(problem('STATEMENT_FIELD_WRONG', { field, value: amount.text }, place))
      return null
    }
    if (side.text === 'CRDT') return read.value
    if (side.text === 'DBIT') return negate(read.value)
    this.#problems.push(problem('STATEMENT_SIGN_WRONG', { value: side.text }, side.place()))
    return null
  }

  #date(entry: XmlElement, name: string, field: string): IsoDate | null {
    const element = entry.child(name)
    if (!element) return null
    const date = dateOf(element)
    if (date !== null) return date
    const value = element.children[0]?.text ?? element.text
    const place = { ...element.place(), excerpt: value }
    this.#problems.push(problem('STATEMENT_DATE_UNREADABLE', { value, field }, place))
    return null
  }

  #missing(parent: XmlElement, field: string): void {
    this.#problems.push(problem('STATEMENT_ELEMENT_MISSING', { field }, parent.place()))
  }
}

/** `Dt` or `DtTm`: the day as it is written, whatever zone follows. */
function dateOf(element: XmlElement | null): IsoDate | null {
  const text = element?.textAt('Dt') ?? element?.textAt('DtTm') ?? ''
  const day = text.slice(0, 10)
  return isIsoDate(day) && /^(?:$|[TZ+-])/.test(text.slice(10)) ? day : null
}

function accountOf(account: XmlElement | null): StatementAccount | null {
  const written = account?.textAt('Id/IBAN')
  if (written) {
    const reading = readIban(written)
    return reading.state === 'ok' ? { iban: reading.iban, text: reading.iban } : { iban: null, text: written }
  }
  const other = account?.textAt('Id/Othr/Id')
  return other ? { iban: null, text: `conto ${other}` } : null
}
