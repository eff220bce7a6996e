import { readFiscalCode } from '#domain/fiscal-code'
import { readIban } from '#domain/iban'
import { isMailAddress } from '#domain/mail-address'
import type { RegisterField } from '#domain/register-field'
import { amountFormsOf, dateFormsOf } from '#domain/register-forms'
import {
  CATEGORY_NAMES,
  categoryOf,
  foldHeading,
  type RegisterMapping,
  type RegisterSource,
  type RegisterTranslation,
} from '#domain/register-mapping'
import type { PersonCategory } from '#domain/register-row'
import { PROVINCES } from './places.ts'
import { columnOfHeading } from './register-columns.ts'
import { columnName, shown, type XlsxCell, type XlsxRow } from './xlsx-cell.ts'

/** A column of a sheet with its first values, not empty. */
export interface ColumnFacts {
  readonly index: number
  readonly heading: string
  readonly cells: readonly XlsxCell[]
}

export interface ProposedColumn {
  readonly index: number
  readonly field: RegisterField
  readonly reason: string
}

export interface RegisterProposal {
  readonly mapping: RegisterMapping
  readonly columns: readonly ProposedColumn[]
}

/** What headings of other programs call our fields, beyond the aliases of the tracciato; the first that fits counts. */
const HEADINGS: readonly (readonly [RegisterField, RegExp])[] = [
  ['fiscalCode', /^c(?:od(?:ice)?)?fisc?(?:ale)?$|codicefiscale|codfisc/],
  ['vatNumber', /p(?:art(?:ita)?)?iva/],
  ['pec', /pec|certificata/],
  ['email', /e?mail|postaelettronica/],
  ['phone', /^tel|telefono|cell(?:ulare)?|mobile|recapitotel/],
  ['iban', /iban/],
  ['name', /nominativo|denominazione|ragionesociale|cognomeenome|cognomenome|intestatario/],
  ['surname', /^cognome/],
  ['firstName', /^nome/],
  ['dueDate', /scadenza|scade|entroil/],
  ['enrolmentDate', /iscri(?:zione|ttodal).*dal|data.*iscri|iscri.*data|dataalbo/],
  ['externalReference', /^id(?:quota|pratica|dovuto|posizione)|codicequotaesterno|riferimento/],
  ['alboNumber', /matricola|(?:num|n|nr|numero).*(?:albo|iscri|tessera)|tessera/],
  ['section', /^sez/],
  ['albo', /^(?:albo|elenco|registro)$/],
  ['service', /(?:tipo|codice|cod).*(?:quota|tassa|dovuto|servizio)|servizio/],
  ['category', /categoria|(?:tipo|tipologia).*(?:iscri|sogg)|qualifica/],
  ['competenceYear', /anno/],
  ['amount', /importo|dovuto|totaledapagare|quotaeuro/],
  ['causale', /causale|descrizione|oggetto/],
  ['civicNumber', /civico|^ncivico/],
  ['street', /indirizzo|^via|residenza$/],
  ['postalCode', /^cap/],
  ['city', /comune|citta|localita/],
  ['province', /^prov?(?:incia)?/],
  ['country', /nazione|paese/],
  ['capitolo', /capitolo/],
]

/** Longer texts are no heading; and the patterns above would go over them once for each of their letters. */
const LONGEST_HEADING = 200

/** What values say where headings say nothing; the share of filled cells that must agree. */
const SHARE = 0.9
const VALUES: readonly (readonly [RegisterField, string, (cell: XlsxCell) => boolean])[] = [
  ['fiscalCode', 'i valori sono codici fiscali', (cell) => isPersonCode(shown(cell))],
  ['iban', 'i valori sono IBAN', (cell) => readIban(shown(cell)).state === 'ok'],
  ['pec', 'i valori sono indirizzi PEC', (cell) => isMailAddress(shown(cell)) && /@.*pec|legalmail/i.test(shown(cell))],
  ['email', 'i valori sono indirizzi e-mail', (cell) => isMailAddress(shown(cell).trim())],
  ['province', 'i valori sono sigle di provincia', (cell) => PROVINCES.has(shown(cell).trim().toUpperCase())],
  ['postalCode', 'i valori sono CAP', (cell) => cell.kind === 'text' && /^\d{5}$/.test(cell.text.trim())],
  ['competenceYear', 'i valori sono anni', (cell) => /^20\d{2}$/.test(shown(cell).trim())],
  ['amount', 'i valori sono importi', isMoney],
]

function isPersonCode(text: string): boolean {
  return text.trim().length === 16 && readFiscalCode(text).state !== 'wrong'
}

function isMoney(cell: XlsxCell): boolean {
  return cell.kind === 'text' && /^(?:€ ?)?\d[\d.,]*[.,]\d{2}(?: ?€)?$/.test(cell.text.trim())
}

const KINDS: readonly (readonly [RegExp, PersonCategory])[] = [
  [/prat|tiroc/, 'praticante'],
  [/stp|societ/, 'stp'],
  [/profess|iscritt|ordinari/, 'professionista'],
]

/** The row that is most like headings: words over rows of data. Null when the sheet begins with its data. */
export function proposeHeaderRow(rows: readonly XlsxRow[]): number | null {
  for (const row of rows) {
    const texts = [...row.cells.values()]
    const known = texts.filter((cell) => cell.kind === 'text' && fieldOfHeading(cell.text) !== null)
    if (known.length >= 3 && texts.every((cell) => cell.kind === 'text')) return row.number
  }
  const data = rows.findIndex((row) => [...row.cells.values()].some((cell) => isPersonCode(shown(cell))))
  const above = data > 0 ? rows[data - 1] : undefined
  const isHead =
    above !== undefined && above.cells.size > 1 && [...above.cells.values()].every((c) => c.kind === 'text')
  return isHead ? above.number : null
}

/** The columns of the rows under the headings, with at most so many values each. */
export function columnFacts(rows: readonly XlsxRow[], headerRow: number | null, values: number): ColumnFacts[] {
  const head = rows.find((row) => row.number === headerRow)
  const cells = new Map<number, XlsxCell[]>()
  for (const index of head?.cells.keys() ?? []) cells.set(index, [])
  for (const row of rows) {
    if (row.number <= (headerRow ?? 0)) continue
    for (const [index, cell] of row.cells) {
      const list = cells.get(index)
      if (list === undefined) cells.set(index, [cell])
      else if (list.length < values) list.push(cell)
    }
  }
  return [...cells]
    .sort(([a], [b]) => a - b)
    .map(([index, found]) => {
      const cell = head?.cells.get(index)
      const heading = cell === undefined ? '' : shown(cell).replaceAll(/\s+/g, ' ').trim()
      return { index, heading, cells: found.filter((c) => shown(c).trim() !== '') }
    })
}

/** A mapping made of headings and values: a proposal, which a person confirms before anything is read for good. */
export function proposeMapping(
  facts: readonly ColumnFacts[],
  headerRow: number | null,
  sheet: string | null,
): RegisterProposal {
  const columns: ProposedColumn[] = []
  const taken = new Set<RegisterField>()
  const propose = (index: number, field: RegisterField, reason: string) => {
    if (taken.has(field) || columns.some((c) => c.index === index)) return
    taken.add(field)
    columns.push({ index, field, reason })
  }
  // Exact names first: «Nome» must not lose its column to one that only resembles it.
  for (const strict of [true, false]) {
    for (const { index, heading } of facts) {
      const field = strict ? (columnOfHeading(heading)?.key ?? null) : fieldOfHeading(heading)
      if (field !== null) propose(index, field, `l’intestazione è «${heading}»`)
    }
  }
  for (const [field, reason, fits] of VALUES) {
    for (const { index, cells } of facts) {
      if (cells.length > 0 && cells.filter(fits).length >= cells.length * SHARE) propose(index, field, reason)
    }
  }
  const cellsOf = (field: RegisterField) => {
    const at = columns.find((c) => c.field === field)
    return facts.find(({ index }) => index === at?.index)?.cells ?? []
  }
  const textsOf = (field: RegisterField) => cellsOf(field).flatMap((c) => (c.kind === 'text' ? [c.text] : []))
  const fields: Partial<Record<RegisterField, RegisterSource>> = {}
  for (const { index, field } of columns) {
    const heading = facts.find((f) => f.index === index)?.heading ?? ''
    const ref = { heading: headerRow === null || heading === '' ? null : heading, letter: columnName(index) }
    const translations = field === 'category' ? categoryTranslations(textsOf(field)) : []
    fields[field] = { kind: 'columns', columns: [ref], translations, otherwise: null }
  }
  const dates = [...textsOf('dueDate'), ...textsOf('enrolmentDate')]
  return {
    columns: columns.toSorted((a, b) => a.index - b.index),
    mapping: {
      ...{ purpose: 'dues', sheet, headerRow, encoding: null, separator: null, fields, skip: [] },
      amountForm: amountFormsOf(textsOf('amount'))[0] ?? 'comma',
      dateForm: dateFormsOf(dates)[0] ?? 'dmy',
    },
  }
}

function fieldOfHeading(heading: string): RegisterField | null {
  if (heading.length > LONGEST_HEADING) return null
  const known = columnOfHeading(heading)
  if (known !== null) return known.key
  const folded = foldHeading(heading)
  return HEADINGS.find(([, like]) => like.test(folded))?.[0] ?? null
}

function categoryTranslations(texts: readonly string[]): RegisterTranslation[] {
  return [...new Set(texts.map((text) => text.trim()))].flatMap((from) => {
    const kind = categoryOf(from) === null ? KINDS.find(([like]) => like.test(from.toLowerCase()))?.[1] : undefined
    return kind === undefined ? [] : [{ from, to: CATEGORY_NAMES[kind] }]
  })
}
