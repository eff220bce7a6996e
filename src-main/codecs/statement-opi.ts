import type {
  MovementDetails,
  StatementAccount,
  StatementMovement,
  StatementPages,
  StatementPart,
  StatementReading,
  TreasuryOutcome,
} from '#domain/bank-statement'
import { type IsoDate, isIsoDate } from '#domain/date'
import { add, type Cents, formatCents, negate, parseDecimal, subtract, sum, ZERO } from '#domain/money'
import { type Problem, problem } from '#domain/problem'
import { givenText } from './statement-details.ts'
import type { XmlElement } from './xml-element.ts'

export const OPI_ROOT = 'flusso_giornale_di_cassa'
export const OPI_PROFILE = 'opi-giornale-di-cassa'

const OUTCOMES: Readonly<Record<string, TreasuryOutcome['kind']>> = {
  ESEGUITO: 'executed',
  STORNATO: 'storned',
  REGOLARIZZATO: 'regularised',
  RIPRISTINATO: 'restored',
}

/** A row of the journal; `account` is the place of its account in the file. */
interface Row {
  readonly element: XmlElement
  readonly account: number
}

/**
 * Reads the treasurer's cash journal, OPI 1.4 to 1.8 (bank.md §3). Only a provvisorio executed or taken back is money of
 * ours; rows about reversali, and provvisori that one covers, are outcomes. That a signature is there is seen, not verified.
 */
export class OpiReader {
  readonly #problems: Problem[] = []
  readonly #rows: Row[] = []
  readonly #accounts: XmlElement[] = []

  /** For `readXmlTree`. */
  take(element: XmlElement): boolean {
    if (element.name === 'movimento_conto_evidenza') this.#rows.push({ element, account: this.#accounts.length })
    else if (element.name === 'informazioni_conto_evidenza') this.#accounts.push(element)
    else return false
    return true
  }

  finish(root: XmlElement): StatementReading {
    const exercise = this.#exercise(root)
    const movements: StatementMovement[] = []
    const outcomes: TreasuryOutcome[] = []
    const left = new Map<string, number>()
    for (const row of this.#rows) {
      const read = this.#row(row, exercise)
      if (read === 'left') {
        const name = row.element.textAt('tipo_documento') ?? ''
        left.set(name, (left.get(name) ?? 0) + 1)
      } else if (read) {
        if (read.movement) movements.push(read.movement)
        outcomes.push(...read.outcomes)
      }
    }
    const bank = root.textAt('testata_messaggio/codice_ABI_BT')
    const parts = this.#accounts.map((account, i) => this.#part(account, i, bank))
    this.#totals(root)
    if (left.size > 0) {
      const rows = [...left].map(([name, count]) => `${count} ${name}`).join(', ')
      this.#problems.push(problem('STATEMENT_ROWS_LEFT', { rows }, { severity: 'warning' }))
    }
    if (this.#accounts.length === 0) this.#missing(root, 'il conto di evidenza (informazioni_conto_evidenza)')
    const pages = this.#pages(root)
    if (movements.length + outcomes.length === 0 && this.#problems.length === 0) {
      this.#problems.push(problem('STATEMENT_NO_MOVEMENTS', {}))
    }
    return { profile: OPI_PROFILE, movements, parts, outcomes, pages, problems: this.#problems }
  }

  #row(
    { element, account }: Row,
    exercise: number | null,
  ): { readonly movement: StatementMovement | null; readonly outcomes: readonly TreasuryOutcome[] } | 'left' | null {
    const [side, document, operation] = ['tipo_movimento', 'tipo_documento', 'tipo_operazione'].map((name) =>
      this.#text(element, name),
    )
    const cents = this.#amount(element, 'importo')
    const date = this.#date(element, 'data_movimento', 'Data del movimento', true)
    if (!side || !document || !operation || cents === null || date === null || exercise === null) return null
    const kind = OUTCOMES[operation]
    if (!kind || (side !== 'ENTRATA' && side !== 'USCITA')) {
      const [field, name] = kind ? ['Tipo movimento', 'tipo_movimento'] : ['Tipo operazione', 'tipo_operazione']
      const wrong = element.child(name as string) as XmlElement
      this.#problems.push(
        problem('STATEMENT_FIELD_WRONG', { field: field as string, value: wrong.text }, wrong.place()),
      )
      return null
    }
    const money = operation === 'ESEGUITO' || operation === 'STORNATO'
    const provvisorio = numberIn(element, 'numero_bolletta_quietanza')
    const about = { kind, exercise, date, line: element.line }
    if (document === `SOSPESO ${side}` && money) {
      const storned = operation === 'STORNATO'
      if (cents === 0) {
        this.#problems.push(problem('STATEMENT_AMOUNT_ZERO', {}, { ...element.place(), severity: 'warning' }))
        return null
      }
      const movement: StatementMovement = {
        bookingDate: date,
        valueDate: this.#date(element, 'data_valuta_ente', 'Data valuta', false),
        // Amounts are written without sign: a storno is money that goes back where it came from.
        amountCents: (side === 'ENTRATA') === storned ? negate(cents) : cents,
        description: textOf(element),
        reference: referenceOf(element),
        ...detailsOf(element, storned && side === 'ENTRATA' ? exercise : null),
        provvisorio: provvisorio ?? (storned ? numberIn(element, 'numero_bolletta_quietanza_storno') : null),
        part: account,
        line: element.line,
      }
      if (movement.provvisorio === null) this.#missing(element, 'il numero del sospeso (numero_bolletta_quietanza)')
      return { movement, outcomes: [] }
    }
    if (document === 'SOSPESO ENTRATA') {
      return { movement: null, outcomes: [{ ...about, reversale: null, provvisorio, cents }] }
    }
    if (document !== 'REVERSALE') return 'left'
    const reversale = Number(numberIn(element, 'numero_documento') ?? 0) || null
    if (reversale === null) this.#missing(element, 'il numero della reversale (numero_documento)')
    const covered = this.#covered(element, cents)
    return { movement: null, outcomes: covered.map((c) => ({ ...about, reversale, ...c })) }
  }

  /** The provvisori that a reversale covers, and what of it covers none. 1.4 names one without its amount. */
  #covered(element: XmlElement, cents: Cents): { readonly provvisorio: string | null; readonly cents: Cents }[] {
    const old = numberIn(element, 'numero_sospeso')
    if (old !== null) return [{ provvisorio: old, cents }]
    const covered = element.all('sospeso').flatMap((one) => {
      const part = this.#amount(one, 'importo_provvisorio')
      return part === null ? [] : [{ provvisorio: numberIn(one, 'numero_provvisorio'), cents: part }]
    })
    const rest = subtract(cents, sum(covered.map((c) => c.cents)))
    if (rest < 0) {
      const params = { label: 'sospeso', declared: formatCents(cents), found: formatCents(subtract(cents, rest)) }
      this.#problems.push(problem('STATEMENT_TOTAL_DIFFERS', params, element.place()))
    }
    return rest > 0 ? [...covered, { provvisorio: null, cents: rest }] : covered
  }

  #part(account: XmlElement, index: number, bank: string | null): StatementPart {
    const opening = this.#optional(account, 'saldo_precedente_conto_evidenza')
    const closing = this.#optional(account, 'saldo_finale_conto_evidenza')
    const entrate = this.#optional(account, 'totale_entrate_conto_evidenza')
    const uscite = this.#optional(account, 'totale_uscite_conto_evidenza')
    this.#square(account, opening, entrate, uscite, closing)
    this.#against(account, index, 'ENTRATA', 'totale_entrate_conto_evidenza', entrate)
    this.#against(account, index, 'USCITA', 'totale_uscite_conto_evidenza', uscite)
    const number = this.#text(account, 'conto_evidenza')
    const named: StatementAccount | null = number
      ? { iban: null, text: `${bank ? `ABI ${bank} ` : ''}conto di evidenza ${number}` }
      : null
    return { account: named, openingCents: opening, closingCents: closing }
  }

  /**
   * Rows of one side against the total that the treasurer gives. Whether a provvisorio that becomes reversale is counted
   * out of the one and into the other differs from treasurer to treasurer: told only when neither way makes the total.
   */
  #against(account: XmlElement, index: number, side: string, label: string, declared: Cents | null): void {
    if (declared === null || this.#problems.some((p) => p.severity === 'error')) return
    let [cash, moved] = [ZERO, ZERO]
    for (const { element } of this.#rows.filter(
      (r) => r.account === index && r.element.textAt('tipo_movimento') === side,
    )) {
      const read = parseDecimal(element.textAt('importo') ?? '')
      if (!read.ok) continue
      const operation = element.textAt('tipo_operazione')
      const signed = operation === 'STORNATO' || operation === 'REGOLARIZZATO' ? negate(read.value) : read.value
      if (operation === 'ESEGUITO' || operation === 'STORNATO') cash = add(cash, signed)
      else if (element.textAt('tipo_documento')?.startsWith('SOSPESO')) moved = add(moved, signed)
      else moved = subtract(moved, signed)
    }
    if (declared === cash || declared === add(cash, moved)) return
    const place = account.child(label)?.place() ?? account.place()
    const params = { label, declared: formatCents(declared), found: formatCents(cash) }
    this.#problems.push(problem('STATEMENT_TOTAL_DIFFERS', params, { ...place, severity: 'warning' }))
  }

  #totals(root: XmlElement): void {
    const of = (name: string) => this.#optional(root, name)
    const [entrate, uscite] = [of('totale_complessivo_entrate'), of('totale_complessivo_uscite')]
    this.#square(root, of('saldo_complessivo_precedente'), entrate, uscite, of('saldo_complessivo_finale'))
    if (this.#pages(root) !== null) return
    for (const [label, declared] of [
      ['totale_complessivo_entrate', entrate],
      ['totale_complessivo_uscite', uscite],
    ] as const) {
      const name = label.replace('complessivo_', '').concat('_conto_evidenza')
      const each = this.#accounts.map((account) => parseDecimal(account.textAt(name) ?? ''))
      const found = sum(each.map((e) => (e.ok ? e.value : ZERO)))
      if (declared === null || each.some((e) => !e.ok) || declared === found) continue
      const params = { label, declared: formatCents(declared), found: formatCents(found) }
      this.#problems.push(problem('STATEMENT_TOTAL_DIFFERS', params, root.child(label)?.place()))
    }
  }

  #square(of: XmlElement, opening: Cents | null, entrate: Cents | null, uscite: Cents | null, closing: Cents | null) {
    if (opening === null || entrate === null || uscite === null || closing === null) return
    const total = subtract(entrate, uscite)
    const difference = subtract(closing, add(opening, total))
    if (difference === 0) return
    const params = {
      opening: formatCents(opening),
      sum: formatCents(total),
      closing: formatCents(closing),
      difference: formatCents(difference),
    }
    this.#problems.push(problem('STATEMENT_BALANCE_DIFFERS', params, of.place()))
  }

  /** 1.4 may leave the pages out; they stand at the end of the identifier as well. */
  #pages(root: XmlElement): StatementPages | null {
    const identifier = root.textAt('identificativo_flusso_BT') ?? ''
    const tail = /#(\d{3})#(\d{3})$/.exec(identifier)
    const page = Number(root.textAt('pagina') ?? tail?.[1] ?? 1)
    const pages = Number(root.textAt('pagine_totali') ?? tail?.[2] ?? 1)
    if (pages === 1 && page === 1) return null
    if (!Number.isInteger(page) || !Number.isInteger(pages) || page < 1 || page > pages) {
      const value = `${root.textAt('pagina')} di ${root.textAt('pagine_totali')}`
      if (!this.#problems.some((p) => p.params.field === 'Pagina')) {
        this.#problems.push(problem('STATEMENT_FIELD_WRONG', { field: 'Pagina', value }, root.child('pagina')?.place()))
      }
      return null
    }
    return { key: identifier.replace(/#\d{3}#\d{3}$/, ''), page, pages }
  }

  #exercise(root: XmlElement): number | null {
    const text = this.#text(root, 'esercizio')
    if (text === null) return null
    if (/^\d{4}$/.test(text)) return Number(text)
    const params = { field: 'Esercizio', value: text }
    this.#problems.push(problem('STATEMENT_FIELD_WRONG', params, root.child('esercizio')?.place()))
    return null
  }

  #text(of: XmlElement, name: string): string | null {
    const text = of.textAt(name)
    if (text === null) this.#missing(of, `${name}`)
    return text
  }

  #optional(of: XmlElement, name: string): Cents | null {
    return of.child(name) ? this.#amount(of, name) : null
  }

  #amount(of: XmlElement, name: string): Cents | null {
    const text = this.#text(of, name)
    if (text === null) return null
    const read = parseDecimal(text)
    // Only balances may be below zero.
    if (read.ok && (read.value >= 0 || name.startsWith('saldo'))) return read.value
    const params = { field: 'Importo', value: text }
    this.#problems.push(problem('STATEMENT_FIELD_WRONG', params, { ...of.child(name)?.place(), excerpt: text }))
    return null
  }

  #date(of: XmlElement, name: string, field: string, wanted: boolean): IsoDate | null {
    const text = wanted ? this.#text(of, name) : of.textAt(name)
    if (text === null) return null
    const day = text.slice(0, 10)
    if (isIsoDate(day) && /^(?:Z|[+-]\d{2}:\d{2})?$/.test(text.slice(10))) return day
    const place = { ...of.child(name)?.place(), excerpt: text }
    this.#problems.push(problem('STATEMENT_DATE_UNREADABLE', { value: text, field }, place))
    return null
  }

  #missing(of: XmlElement, field: string): void {
    this.#problems.push(problem('STATEMENT_ELEMENT_MISSING', { field }, of.place()))
  }
}

/** Digits of a positive number, without the zeros in front: a 0 is how treasurers write that there is none. */
function numberIn(of: XmlElement, name: string): string | null {
  const digits = (of.textAt(name) ?? '').replace(/^0+/, '')
  return /^\d+$/.test(digits) ? digits : null
}

/** The causale, then who paid, unless it is already said. */
function textOf(element: XmlElement): string {
  const causale = (element.child('causale')?.raw ?? '').replaceAll(/[ \t]*[\r\n]+[ \t]*/g, ' ').trim()
  const client = element.textAt('cliente/anagrafica_cliente') ?? ''
  return causale.toUpperCase().includes(client.toUpperCase()) ? causale : `${causale} ${client}`.trim()
}

/** @param storned exercise of the provvisorio that the row takes back, null when it takes none */
function detailsOf(element: XmlElement, storned: number | null): MovementDetails {
  const numbers = ['numero_bolletta_quietanza_storno', 'numero_bolletta_quietanza'].flatMap(
    (name) => numberIn(element, name) ?? [],
  )
  return {
    counterparty: element.textAt('cliente/anagrafica_cliente'),
    endToEndId:
      givenText(element.textAt('end_to_end_id')) ??
      givenText(element.textAt('dati_a_disposizione_BT/identificativo_end_to_end')),
    transactionCode: element.textAt('dati_a_disposizione_BT/codice_causale'),
    takesBack:
      storned === null || numbers.length === 0
        ? null
        : { kind: 'provvisorio', exercise: storned, numbers: [...new Set(numbers.map(Number))] },
  }
}

function referenceOf(element: XmlElement): string | null {
  const written = [
    element.textAt('dati_a_disposizione_BT/cro'),
    element.textAt('codice_riferimento_operazione'),
    element.textAt('end_to_end_id'),
    element.textAt('dati_a_disposizione_BT/identificativo_end_to_end'),
  ]
  return written.find((text) => text && !/^NOT\s*PROVIDED?$/i.test(text)) ?? null
}
