import { type IsoDate, isoDateOf } from '#domain/date'
import { type Problem, type ProblemPosition, problem } from '#domain/problem'
import { type CollectionReason, isTaxonomyCode, type TaxonomyEntry } from '#domain/taxonomy'
import { detectSeparator, readCsv } from './csv-read.ts'
import { decodeText } from './text-decode.ts'

const MAX_PROBLEMS = 50

/** Columns of the official file, by the fields that the program keeps. */
const COLUMNS = {
  creditorType: { name: 'CODICE TIPO ENTE CREDITORE', max: 2 },
  creditorTypeName: { name: 'TIPO ENTE CREDITORE', max: 200 },
  area: { name: 'Progressivo Macro Area per Ente Creditore', max: 2 },
  areaName: { name: 'NOME MACRO AREA', max: 400 },
  service: { name: 'CODICE TIPOLOGIA SERVIZIO', max: 3 },
  serviceName: { name: 'TIPO SERVIZIO', max: 400 },
  reason: { name: 'Motivo Giuridico della riscossione', max: 2 },
  description: { name: 'DESCRIZIONE TIPO SERVIZIO', max: 8000 },
  version: { name: 'VERSIONE TASSONOMIA', max: 6 },
  code: { name: 'DATI SPECIFICI DI INCASSO', max: 20 },
  validFrom: { name: 'DATA INIZIO VALIDITA', max: 10 },
  validTo: { name: 'DATA FINE VALIDITA', max: 10 },
} as const
type Field = keyof typeof COLUMNS
const FIELDS = Object.keys(COLUMNS) as Field[]

interface Row {
  readonly position: ProblemPosition
  /** Null: the row has no such column. */
  readonly cells: Readonly<Record<Field, string | null>>
}

export interface TaxonomyReading {
  /** Empty where there are problems: a file is taken whole or not at all. */
  readonly entries: readonly TaxonomyEntry[]
  /** The first ones. */
  readonly problems: readonly Problem[]
}

/**
 * Reads the taxonomy of the collection services as pagoPA publishes it (pagopa.md §10): the JSON, or a CSV of the same
 * columns. Dates are mm/dd/yyyy in both.
 */
export function readTaxonomy(bytes: Uint8Array): TaxonomyReading {
  const decoded = decodeText(bytes)
  if (!decoded.ok) return refused(decoded.error)
  const text = decoded.value.text.replace(/^\ufeff/, '')
  const rows = /^\s*[[{]/.test(text) ? jsonRows(text) : csvRows(text)
  if (!Array.isArray(rows)) return refused(rows as Problem)
  if (rows.length === 0) return refused(problem('TAXONOMY_EMPTY', {}))
  const problems: Problem[] = []
  const entries: TaxonomyEntry[] = []
  const seen = new Set<string>()
  for (const row of rows) {
    const entry = entryOf(row, problems)
    if (entry === null) continue
    if (seen.has(entry.code)) {
      problems.push(problem('TAXONOMY_CODE_TWICE', { code: entry.code }, { position: row.position }))
    }
    seen.add(entry.code)
    entries.push(entry)
  }
  return problems.length === 0 ? { entries, problems } : { entries: [], problems: problems.slice(0, MAX_PROBLEMS) }
}

const refused = (reason: Problem): TaxonomyReading => ({ entries: [], problems: [reason] })

/** `Data inizio validità` and `DATA INIZIO VALIDITA` are one heading. */
function fold(heading: string): string {
  return heading.normalize('NFD').replace(/\p{M}/gu, '').replace(/['’]/g, '').replace(/\s+/g, ' ').trim().toUpperCase()
}
const BY_HEADING = new Map(FIELDS.map((field) => [fold(COLUMNS[field].name), field]))

function missingColumns(headings: readonly string[]): Problem | null {
  const there = new Set(headings.map(fold))
  const missing = FIELDS.filter((field) => !there.has(fold(COLUMNS[field].name))).map((field) => COLUMNS[field].name)
  return missing.length === 0 ? null : problem('TAXONOMY_FORM', { missing: missing.map((m) => `«${m}»`).join(', ') })
}

function jsonRows(text: string): readonly Row[] | Problem {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return problem('JSON_UNREADABLE', {})
  }
  const list = Array.isArray(json) ? (json as unknown[]) : null
  const first = list?.[0]
  if (list === null || (first !== undefined && (typeof first !== 'object' || first === null))) {
    return problem('TAXONOMY_FORM', { missing: 'l’elenco dei codici' })
  }
  const missing = first === undefined ? null : missingColumns(Object.keys(first))
  if (missing !== null) return missing
  return list.map((one, i) => {
    const object = typeof one === 'object' && one !== null ? (one as Record<string, unknown>) : {}
    const cells = Object.entries(object).map(([heading, value]) => [heading, value] as const)
    return { position: { path: `[${i}]` }, cells: cellsOf(cells) }
  })
}

function csvRows(text: string): readonly Row[] | Problem {
  const separator = detectSeparator(text)
  if (separator === null) return problem('TAXONOMY_FORM', { missing: 'le colonne' })
  const records = readCsv(text, separator)
  if (!records.ok) return records.error
  const [head, ...rest] = records.value.filter(({ cells }) => cells.some((cell) => cell.trim() !== ''))
  if (head === undefined) return []
  const missing = missingColumns(head.cells)
  if (missing !== null) return missing
  return rest.map(({ line, cells }) => ({
    position: { line },
    cells: cellsOf(head.cells.map((heading, i) => [heading, cells[i]] as const)),
  }))
}

function cellsOf(cells: readonly (readonly [heading: string, value: unknown])[]): Row['cells'] {
  const found: Record<Field, string | null> = Object.fromEntries(FIELDS.map((field) => [field, null])) as never
  for (const [heading, value] of cells) {
    const field = BY_HEADING.get(fold(heading))
    if (field !== undefined) found[field] = typeof value === 'string' ? value.replace(/\s+/g, ' ').trim() : null
  }
  return found
}

const SHAPES: Partial<Record<Field, RegExp>> = {
  creditorType: /^\d{2}$/,
  area: /^\d{2}$/,
  service: /^\d{3}$/,
  reason: /^(IM|TS|SP|SA|AP)$/,
  version: /^\d{1,6}$/,
}

function entryOf({ position, cells }: Row, problems: Problem[]): TaxonomyEntry | null {
  const before = problems.length
  const field = (name: Field): string => {
    const value = cells[name]
    const heading = COLUMNS[name].name
    const place = { position, field: heading }
    if (value === null || value === '') {
      problems.push(problem('TAXONOMY_FIELD', { field: heading, reason: 'manca o non è un testo' }, place))
    } else if (value.length > COLUMNS[name].max) {
      const reason = `ha ${value.length} caratteri, al più ${COLUMNS[name].max}`
      problems.push(problem('TAXONOMY_FIELD', { field: heading, reason }, place))
    } else if (SHAPES[name]?.test(value) === false) {
      const reason = 'non ha la forma del file ufficiale'
      problems.push(problem('TAXONOMY_FIELD', { field: heading, reason }, { ...place, excerpt: value }))
    } else return value
    return ''
  }
  const date = (name: 'validFrom' | 'validTo'): IsoDate | null => {
    const value = field(name)
    if (value === '') return null
    const [, month, day, year] = /^(\d{2})\/(\d{2})\/(\d{4})$/.exec(value) ?? []
    const read = year === undefined ? null : isoDateOf(Number(year), Number(month), Number(day))
    if (read === null) {
      const place = { position, field: COLUMNS[name].name, excerpt: value }
      problems.push(problem('TAXONOMY_DATE', { value }, place))
    }
    return read
  }
  const code = field('code')
  const parts = [field('creditorType'), field('area'), field('service'), field('reason')] as const
  const entry = {
    ...{ code, creditorType: parts[0], creditorTypeName: field('creditorTypeName'), area: parts[1] },
    ...{ areaName: field('areaName'), service: parts[2], serviceName: field('serviceName') },
    ...{ reason: parts[3] as CollectionReason, description: field('description'), version: Number(field('version')) },
    ...{ validFrom: date('validFrom'), validTo: date('validTo') },
  }
  const { validFrom, validTo } = entry
  if (problems.length > before || validFrom === null || validTo === null) return null
  const expected = `9/${parts.join('')}/`
  if (code !== expected || !isTaxonomyCode(code)) {
    problems.push(problem('TAXONOMY_CODE_DIFFERS', { code, expected }, { position, field: COLUMNS.code.name }))
    return null
  }
  if (validTo < validFrom) {
    problems.push(problem('TAXONOMY_DATES', { code }, { position, field: COLUMNS.validTo.name }))
    return null
  }
  return { ...entry, validFrom, validTo }
}
