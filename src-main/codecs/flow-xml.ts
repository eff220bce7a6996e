import { type Problem, type ProblemPlace, problem } from '#domain/problem'
import type { ReportingFlowReading } from '#domain/reporting-flow'
import { FlowAssembler, type FlowPlaces } from './flow-assemble.ts'
import { FLOW_ROW, type FlowField, HEAD_FIELDS, HEAD_KEYS, type HeadKey, ROW_FIELDS } from './flow-fields.ts'
import type { ByteSource } from './refusal.ts'
import { readXml, XML_LIMITS, type XmlPlace } from './xml-read.ts'

const ROOT = 'FlussoRiversamento'
const HEAD_BY_PATH: ReadonlyMap<string, HeadKey> = new Map([
  ...HEAD_KEYS.map((key) => [HEAD_FIELDS[key].xml, key] as const),
  // The table of SACI shows it inside the sender; the schema, beside it.
  ['istitutoMittente/codiceBicBancaDiRiversamento', 'bic'] as const,
])
const GROUPS = new Set([...HEAD_BY_PATH.keys()].flatMap((path) => parentsOf(path)))
const LEAVES = ROW_FIELDS.map((f) => f.xml)

export interface FlowOptions {
  readonly signal?: AbortSignal
  /** Called every few thousand rows with the rows read so far. */
  readonly onRows?: (done: number) => void
}

/**
 * Reads a FlussoRiversamento 1.0 or 1.1 in a stream, prefixed or not, valid under any of the published XSDs
 * (pagopa.md §4.1). All problems are listed; a row that cannot be read whole is left out and is an error.
 */
export async function readReportingFlow(source: ByteSource, options: FlowOptions = {}): Promise<ReportingFlowReading> {
  const reader = new FlowXml(options.onRows)
  const broken = await readXml(source, reader, XML_LIMITS, options.signal)
  return reader.finish(broken)
}

class FlowXml implements FlowPlaces {
  readonly #flow: FlowAssembler
  readonly #heads = new Map<HeadKey, ProblemPlace>()
  readonly #unknown = new Set<string>()
  #wrongRoot = false
  #inRow = false
  /** Place among `ROW_FIELDS` of the element that is open in the row, -1 when it is none of them. */
  #leaf = -1
  readonly #leaves: (string | null)[] = ROW_FIELDS.map(() => null)
  readonly #texts = ROW_FIELDS.map(() => '')
  /** Line of each field of the row, 0 when it did not come. */
  readonly #lines = ROW_FIELDS.map(() => 0)
  #rowComplete = true
  #rowPlace: XmlPlace | null = null

  constructor(onRows: ((done: number) => void) | undefined) {
    this.#flow = new FlowAssembler(this, onRows)
  }

  open(name: string, _attributes: Readonly<Record<string, string>>, depth: number, place: XmlPlace): void {
    if (depth === 0) {
      this.#wrongRoot = name !== ROOT
      if (this.#wrongRoot) this.#flow.problems.push(problem('FLOW_ROOT', { root: name }, at(place)))
      return
    }
    if (this.#wrongRoot) return
    if (depth === 1) this.#inRow = name === FLOW_ROW
    if (!this.#inRow) {
      const path = pathBelowRoot(place)
      if (!HEAD_BY_PATH.has(path) && !GROUPS.has(path)) this.#note(name, path, place)
    } else if (depth === 2) {
      // Fields come in the order of the schema: the next one first.
      const next = this.#leaf + 1
      if (name === this.#leaves[next]) this.#leaf = next
      else {
        this.#leaf = LEAVES.indexOf(name)
        // The very text that the parser gives for this name: the next comparison is of one address.
        if (this.#leaf >= 0) this.#leaves[this.#leaf] = name
      }
      if (this.#leaf < 0) this.#note(name, pathBelowRoot(place), place)
    } else if (depth > 2) this.#note(name, pathBelowRoot(place), place)
  }

  close(_name: string, text: string, depth: number, _leaf: boolean, place: XmlPlace): void {
    if (this.#wrongRoot || depth === 0) return
    if (!this.#inRow) this.#closeHead(text, place)
    else if (depth === 2) this.#closeField(text, place)
    else if (depth === 1) this.#closeRow(place)
  }

  finish(broken: Problem | null): ReportingFlowReading {
    if (broken) this.#flow.problems.push(broken)
    return this.#flow.finish(!broken && !this.#wrongRoot)
  }

  head(key: HeadKey): ProblemPlace {
    return this.#heads.get(key) ?? { position: { line: 1, path: `${ROOT}/${HEAD_FIELDS[key].xml}` } }
  }

  field(index: number): ProblemPlace {
    const line = this.#lines[index] || this.#rowPlace?.line
    const path = `${this.#rowPlace?.path}/${(ROW_FIELDS[index] as FlowField).xml}`
    return { position: { ...(line === undefined ? {} : { line }), path } }
  }

  row(number: number, line: number): ProblemPlace {
    return { position: { line, path: `${ROOT}/${FLOW_ROW}${number > 1 ? `[${number}]` : ''}` } }
  }

  document(): ProblemPlace {
    return { position: { path: ROOT } }
  }

  #closeHead(text: string, place: XmlPlace): void {
    const key = HEAD_BY_PATH.get(pathBelowRoot(place))
    if (key === undefined) return
    if (this.#heads.has(key)) {
      this.#flow.problems.push(problem('FLOW_FIELD_REPEATED', { field: HEAD_FIELDS[key].label }, at(place)))
      return
    }
    this.#heads.set(key, at(place))
    this.#flow.head.set(key, text.trim())
  }

  #closeField(text: string, place: XmlPlace): void {
    const leaf = this.#leaf
    if (leaf < 0) return
    if (this.#lines[leaf] !== 0) {
      this.#rowComplete = false
      const { label } = ROW_FIELDS[leaf] as FlowField
      this.#flow.problems.push(problem('FLOW_FIELD_REPEATED', { field: label }, at(place)))
      return
    }
    this.#lines[leaf] = place.line
    this.#texts[leaf] = isTrimmed(text) ? text : text.trim()
  }

  #closeRow(place: XmlPlace): void {
    this.#rowPlace = place
    this.#flow.row(this.#texts, place.line, this.#rowComplete)
    this.#rowPlace = null
    this.#rowComplete = true
    this.#leaf = -1
    for (let i = 0; i < LEAVES.length; i += 1) {
      this.#texts[i] = ''
      this.#lines[i] = 0
    }
  }

  #note(name: string, path: string, place: XmlPlace): void {
    if (this.#unknown.has(path) || parentsOf(path).some((parent) => this.#unknown.has(parent))) return
    this.#unknown.add(path)
    this.#flow.problems.push(problem('FLOW_ELEMENT_UNKNOWN', { name }, { ...at(place), severity: 'warning' }))
  }
}

/** What nearly every field is: no blank of any alphabet at its ends. */
function isTrimmed(text: string): boolean {
  const first = text.charCodeAt(0)
  const last = text.charCodeAt(text.length - 1)
  return first > 0x20 && first < 0x7f && last > 0x20 && last < 0x7f
}

function pathBelowRoot(place: XmlPlace): string {
  return place.path.slice(ROOT.length + 1).replaceAll(/\[\d+\]/g, '')
}

function at(place: XmlPlace): ProblemPlace {
  return { position: { line: place.line, path: place.path } }
}

function parentsOf(path: string): string[] {
  const parts = path.split('/')
  return parts.slice(0, -1).map((_, i) => parts.slice(0, i + 1).join('/'))
}
