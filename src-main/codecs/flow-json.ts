import { instantOf, romeDateTime } from '#domain/date'
import { type Problem, type ProblemPlace, problem } from '#domain/problem'
import type { ReportingFlowReading } from '#domain/reporting-flow'
import { FlowAssembler, type FlowPlaces } from './flow-assemble.ts'
import { DATE, type FlowField, HEAD_FIELDS, HEAD_KEYS, type HeadKey, OUTCOME, ROW_FIELDS } from './flow-fields.ts'
import type { FlowOptions } from './flow-xml.ts'
import { type ByteSource, collect, formatBytes } from './refusal.ts'

const MAX_BYTES = 64 * 1_048_576

/** Words of the service → codes of the XML (pagopa.md §4.4). A word that is not here stays as it is: an unknown outcome. */
const OUTCOMES: ReadonlyMap<string, string> = new Map([
  ['EXECUTED', '0'],
  ['REVOKED', '3'],
  ['STAND_IN', '4'],
  ['STAND_IN_NO_RPT', '8'],
  ['NO_RPT', '9'],
])
const SENDER_TYPES: ReadonlyMap<string, string> = new Map([
  ['LEGAL_PERSON', 'G'],
  ['ABI_CODE', 'A'],
  ['BIC_CODE', 'B'],
])
/** Known and of no use to the books. */
const LEFT = new Set([
  'status',
  'revision',
  'created',
  'updated',
  'published',
  'computedTotPayments',
  'computedSumPayments',
])

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }
type JsonObject = { readonly [key: string]: Json }
interface Found<T> {
  readonly value: T
  readonly path: string
}

/**
 * Reads a flow as the REST service gives it (pagopa.md §4.4), downloaded to a file: the flow and its pages of payments,
 * side by side in an array, or under any names in an object. The same reading as of the XML, places being paths.
 */
export async function readReportingFlowJson(
  source: ByteSource,
  options: FlowOptions = {},
): Promise<ReportingFlowReading> {
  const places = new JsonPlaces()
  const flow = new FlowAssembler(places, options.onRows)
  const refused = (reason: Problem) => {
    flow.problems.push(reason)
    return flow.finish(false)
  }
  const bytes = await collect(source, MAX_BYTES, options.signal)
  if (bytes === null) return refused(problem('FILE_TOO_LARGE', { size: 'di più', limit: formatBytes(MAX_BYTES) }))
  const parsed = parse(bytes)
  if (parsed === null) return refused(problem('JSON_UNREADABLE', {}))
  const heads: Found<JsonObject>[] = []
  const pages: Found<JsonObject>[] = []
  search({ value: parsed, path: '' }, heads, pages, 3)
  const [head, second] = heads
  if (!head) return refused(problem('FLOW_JSON_PART', { part: 'la testata del flusso («fdr», «regulation»…)' }))
  if (second) return refused(problem('FLOW_JSON_MANY', { count: heads.length }))
  if (pages.length === 0) return refused(problem('FLOW_JSON_PART', { part: 'le pagine dei pagamenti («data»)' }))
  readHead(head, flow, places)
  readPages(pages, flow, places, options.signal)
  return flow.finish(true)
}

class JsonPlaces implements FlowPlaces {
  headPath = ''
  /** Path of each payment, in their order. */
  readonly rows: string[] = []

  head(key: HeadKey): ProblemPlace {
    return { position: { path: join(this.headPath, HEAD_FIELDS[key].json ?? HEAD_FIELDS[key].xml) } }
  }

  field(index: number): ProblemPlace {
    return { position: { path: join(this.rows.at(-1) ?? '', (ROW_FIELDS[index] as FlowField).json ?? '') } }
  }

  row(number: number): ProblemPlace {
    return { position: { path: this.rows[number - 1] ?? '' } }
  }

  document(): ProblemPlace {
    return this.headPath === '' ? {} : { position: { path: this.headPath } }
  }
}

function readHead(head: Found<JsonObject>, flow: FlowAssembler, places: JsonPlaces): void {
  places.headPath = head.path
  // The service has one version of its own.
  flow.head.set('version', '1.1')
  const known = new Set<string>()
  for (const key of HEAD_KEYS) {
    const path = HEAD_FIELDS[key].json
    if (path === null) continue
    known.add(path.split('.')[0] as string)
    const text = textAt(head.value, path) ?? (key === 'receiver' ? textAt(head.value, 'receiver.id') : null)
    if (text !== null) flow.head.set(key, key === 'senderType' ? (SENDER_TYPES.get(text) ?? text) : text)
  }
  for (const [name, value] of Object.entries(head.value)) {
    if (known.has(name) || LEFT.has(name) || (value !== null && typeof value === 'object')) continue
    note(name, join(head.path, name), flow)
  }
}

function readPages(
  pages: readonly Found<JsonObject>[],
  flow: FlowAssembler,
  places: JsonPlaces,
  signal: AbortSignal | undefined,
): void {
  const numbers = new Set<number>()
  let declared = 1
  const noted = new Set<string>()
  for (const page of pages) {
    signal?.throwIfAborted()
    const number = Number(textAt(page.value, 'metadata.pageNumber') ?? numbers.size + 1)
    declared = Math.max(declared, Number(textAt(page.value, 'metadata.totPage') ?? 1))
    if (numbers.has(number)) {
      const place = { position: { path: page.path } }
      flow.problems.push(problem('FLOW_PAGE_REPEATED', { page: number }, place))
      continue
    }
    numbers.add(number)
    for (const [i, payment] of (page.value.data as readonly Json[]).entries()) {
      const path = `${join(page.path, 'data')}[${i}]`
      places.rows.push(path)
      const row = isObject(payment) ? payment : {}
      const texts = ROW_FIELDS.map((field) => textAt(row, field.json ?? '') ?? '')
      texts[OUTCOME] = OUTCOMES.get(texts[OUTCOME] as string) ?? (texts[OUTCOME] as string)
      texts[DATE] = dayWritten(texts[DATE] as string)
      flow.row(texts, i)
      for (const name of Object.keys(row)) {
        if (name === 'index' || noted.has(name) || ROW_FIELDS.some((f) => f.json === name)) continue
        noted.add(name)
        note(name, join(path, name), flow)
      }
    }
  }
  const missing = Array.from({ length: Math.min(declared, 100_000) }, (_, i) => i + 1).filter((n) => !numbers.has(n))
  if (missing.length === 0) return
  const shown = missing.slice(0, 10).join(', ') + (missing.length > 10 ? '…' : '')
  flow.problems.push(problem('FLOW_PAGES_MISSING', { pages: declared, missing: shown }))
}

/** A day of the XML that was converted in Italy's zone is the midnight with which it begins; any other moment keeps its digits. */
function dayWritten(text: string): string {
  if (!/T2[23]:00:00(?:\.0+)?Z$/.test(text)) return text
  const at = Date.parse(text)
  if (Number.isNaN(at)) return text
  const rome = romeDateTime(instantOf(at))
  return rome.endsWith('00:00:00') ? rome.slice(0, 10) : text
}

function note(name: string, path: string, flow: FlowAssembler): void {
  flow.problems.push(problem('FLOW_ELEMENT_UNKNOWN', { name }, { position: { path }, severity: 'warning' }))
}

/** The head is what has a flow id and says how it was settled; a page, what has a list of payments. */
function search(at: Found<Json>, heads: Found<JsonObject>[], pages: Found<JsonObject>[], depth: number): void {
  if (Array.isArray(at.value)) {
    if (depth > 0)
      for (const [i, v] of at.value.entries()) search({ value: v, path: `${at.path}[${i}]` }, heads, pages, depth - 1)
    return
  }
  if (!isObject(at.value)) return
  const found = { value: at.value, path: at.path }
  const { fdr, regulation, sender, data } = at.value
  if (fdr !== undefined && (regulation !== undefined || sender !== undefined)) heads.push(found)
  if (Array.isArray(data)) {
    // The list of flows has pages too, of flows.
    if (data.every((one) => isObject(one) && one.fdr === undefined)) pages.push(found)
    return
  }
  if (depth === 0) return
  for (const [name, v] of Object.entries(at.value))
    search({ value: v, path: join(at.path, name) }, heads, pages, depth - 1)
}

/** Numbers stay as they were written: an amount must not pass through a binary fraction. */
function parse(bytes: Uint8Array): Json | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    const asWritten = (_key: string, value: unknown, context?: { readonly source?: string }) =>
      typeof value === 'number' ? (context?.source ?? String(value)) : value
    return JSON.parse(text, asWritten as (this: unknown, key: string, value: unknown) => unknown) as Json
  } catch {
    return null
  }
}

function textAt(object: JsonObject, path: string): string | null {
  let value: Json | undefined = object
  for (const name of path.split('.')) value = isObject(value) ? value[name] : undefined
  return typeof value === 'string' ? value.trim() : null
}

function isObject(value: Json | undefined): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`
}
