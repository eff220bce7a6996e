import { type Problem, type ProblemPosition, problem } from '#domain/problem'
import { detectSeparator, readCsv } from './csv-read.ts'
import { decodeText } from './text-decode.ts'

const MAX_PROBLEMS = 50
const MAX_REASON = 500

/** What the partner says of one position. */
export interface PartnerSaid {
  readonly iupd: string
  readonly accepted: boolean
  /** Of a refusal, in his words; may be empty. */
  readonly reason: string
}

export interface PartnerOutcomeReading {
  readonly source: 'csv' | 'gpd'
  /** Each position once; empty where there are problems: a file is taken whole or not at all. */
  readonly rows: readonly PartnerSaid[]
  /** Batch that a row of the CSV names → its positions; most files name one. */
  readonly batches: ReadonlyMap<string, number>
  /** Of the report, positions that the node had not worked through when it was made. */
  readonly unfinished: number
  readonly problems: readonly Problem[]
}

interface Said extends PartnerSaid {
  readonly position: ProblemPosition
  readonly batch: string
}

type Rows = { readonly rows: readonly Said[]; readonly problems: readonly Problem[]; readonly unfinished: number }

/** The outcome of a batch: our CSV (docs/tracciato-partner.md), or the report of GPD's massive load, v1 or v2 (pagopa.md §7.4). */
export function readPartnerOutcome(bytes: Uint8Array): PartnerOutcomeReading {
  const decoded = decodeText(bytes)
  if (!decoded.ok) return reading('csv', refused(decoded.error))
  const text = decoded.value.text.replace(/^\ufeff/, '')
  return /^\s*[[{]/.test(text) ? reading('gpd', reportRows(text)) : reading('csv', csvRows(text))
}

function reading(source: PartnerOutcomeReading['source'], { rows, problems, unfinished }: Rows): PartnerOutcomeReading {
  const found = new Map<string, Said>()
  const twice: Problem[] = []
  for (const row of rows) {
    const before = found.get(row.iupd)
    if (before === undefined) found.set(row.iupd, row)
    else if (before.accepted !== row.accepted) {
      twice.push(problem('PARTNER_OUTCOME_TWICE', { iupd: row.iupd }, { position: row.position }))
    }
  }
  const all = [...problems, ...twice]
  const none = all.length === 0 && found.size === 0 ? [problem('PARTNER_OUTCOME_EMPTY', {})] : []
  const wrong = [...all, ...none].slice(0, MAX_PROBLEMS)
  const batches = new Map<string, number>()
  for (const { batch } of found.values()) if (batch !== '') batches.set(batch, (batches.get(batch) ?? 0) + 1)
  return {
    source,
    rows: wrong.length > 0 ? [] : [...found.values()].map(({ iupd, accepted, reason }) => ({ iupd, accepted, reason })),
    ...{ batches, unfinished, problems: wrong },
  }
}

function refused(...problems: Problem[]): Rows {
  return { rows: [], problems, unfinished: 0 }
}

const REQUIRED = ['iupd', 'esito']
const ACCEPTED = new Set(['ACCETTATA', 'ACCETTATO', 'OK'])
const REFUSED = new Set(['RIFIUTATA', 'RIFIUTATO', 'KO'])

function csvRows(text: string): Rows {
  const separator = detectSeparator(text)
  if (separator === null) return refused(problem('PARTNER_OUTCOME_FORM', { missing: 'le colonne «iupd» ed «esito»' }))
  const records = readCsv(text, separator)
  if (!records.ok) return refused(records.error)
  const [head, ...rest] = records.value.filter(({ cells }) => cells.some((cell) => cell.trim() !== ''))
  const headings = (head?.cells ?? []).map((one) => one.trim().toLowerCase())
  const missing = REQUIRED.filter((name) => !headings.includes(name))
  if (missing.length > 0) {
    const said = missing.map((name) => `«${name}»`).join(' e ')
    return refused(problem('PARTNER_OUTCOME_FORM', { missing: `la colonna ${said}` }))
  }
  const problems: Problem[] = []
  const rows: Said[] = []
  for (const { line, cells } of rest) {
    const cell = (name: string) => undefuse((cells[headings.indexOf(name)] ?? '').trim())
    const position = { line }
    const [iupd, word] = [cell('iupd'), cell('esito')]
    const outcome = word.toUpperCase()
    if (!isIupd(iupd)) problems.push(problem('PARTNER_OUTCOME_IUPD', { value: iupd }, { position, field: 'iupd' }))
    else if (!ACCEPTED.has(outcome) && !REFUSED.has(outcome)) {
      problems.push(problem('PARTNER_OUTCOME_WORD', { value: word }, { position, field: 'esito' }))
    } else {
      const reason = shortened(cell('motivo'))
      rows.push({ iupd, accepted: ACCEPTED.has(outcome), reason, position, batch: cell('lotto') })
    }
  }
  return { rows, problems, unfinished: 0 }
}

/** `iupds` of v2, `requestIDs` of v1; a status of 2xx is a row that was taken. */
function reportRows(text: string): Rows {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return refused(problem('JSON_UNREADABLE', {}))
  }
  const report = objectOf(json)
  if (report === null || !Array.isArray(report.responses)) {
    return refused(problem('PARTNER_OUTCOME_FORM', { missing: 'l’elenco «responses» del report' }))
  }
  const problems: Problem[] = []
  const rows: Said[] = []
  for (const [i, one] of (report.responses as unknown[]).entries()) {
    const said = objectOf(one)
    const position = { path: `responses[${i}]` }
    const status = said?.statusCode
    const iupds = said?.iupds ?? said?.requestIDs
    if (!Number.isInteger(status) || !Array.isArray(iupds)) {
      const reason = Array.isArray(iupds) ? 'una risposta non ha «statusCode»' : 'una risposta non ha «iupds»'
      problems.push(problem('PARTNER_OUTCOME_REPORT', { reason }, { position }))
      continue
    }
    const code = status as number
    const message = typeof said?.statusMessage === 'string' ? said.statusMessage : ''
    for (const iupd of iupds as unknown[]) {
      if (typeof iupd === 'string' && isIupd(iupd)) {
        const accepted = code >= 200 && code < 300
        rows.push({
          iupd,
          accepted,
          reason: accepted ? '' : shortened(`${code} ${message}`.trim()),
          position,
          batch: '',
        })
      } else problems.push(problem('PARTNER_OUTCOME_IUPD', { value: String(iupd) }, { position, field: 'iupds' }))
    }
  }
  const [processed, submitted] = [report.processedItem, report.submittedItem]
  const counted = typeof processed === 'number' && typeof submitted === 'number'
  return { rows, problems, unfinished: counted ? Math.max(0, submitted - processed) : 0 }
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : null
}

function isIupd(text: string): boolean {
  return /^[\w*-]{1,100}$/.test(text)
}

/** An apostrophe put before what looked like a formula, by us or by who answers. */
function undefuse(text: string): string {
  return /^'[=+\-@]/.test(text) ? text.slice(1) : text
}

/** The partner's own words, on one line; the end of what is longer is told as left out. */
function shortened(text: string): string {
  const plain = text.replace(/[\p{C}\s]+/gu, ' ').trim()
  return plain.length <= MAX_REASON ? plain : `${plain.slice(0, MAX_REASON - 1)}…`
}
