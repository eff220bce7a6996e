import { type IsoDate, isIsoDate } from '#domain/date'
import { type Cents, cents, formatCents, negate, parseDecimal } from '#domain/money'
import { type Problem, type ProblemPlace, problem } from '#domain/problem'
import { IntColumn } from '#domain/reconcile-columns'
import {
  type FlowSenderType,
  isFlowOutcome,
  type ReportingFlow,
  type ReportingFlowReading,
  type ReportingFlowRow,
} from '#domain/reporting-flow'
import {
  AMOUNT,
  DATE,
  type FlowField,
  HEAD_FIELDS,
  HEAD_KEYS,
  type HeadKey,
  INDEX,
  IUR,
  IUV,
  OUTCOME,
  ROW_FIELDS,
} from './flow-fields.ts'
import { instantOfDateTime } from './iso-date-time.ts'

type Kept = { -readonly [Key in keyof ReportingFlowRow]: ReportingFlowRow[Key] }

/** Rows whose texts are still part of the source's chunks, at most. */
const LOOSE = 512

/** Where a source has its fields, or should have them. */
export interface FlowPlaces {
  head(key: HeadKey): ProblemPlace
  /** A field of the row that is being added. */
  field(index: number): ProblemPlace
  /** The row of that number, from 1, and the mark that it was added with. */
  row(number: number, mark: number): ProblemPlace
  document(): ProblemPlace
}

/**
 * The texts of a flow, wherever they were written, become its values: one set of rules for XML and JSON. All problems are
 * listed; a row that cannot be read whole is left out and is an error.
 */
export class FlowAssembler {
  readonly problems: Problem[] = []
  /** Texts of the head by key: what the source does not have stays out. */
  readonly head = new Map<HeadKey, string>()
  readonly #rows: Kept[] = []
  /** How many of them hold texts of their own. */
  #owned = 0
  readonly #places: FlowPlaces
  readonly #onRows: ((done: number) => void) | undefined
  /** Of each row kept: its number in the file, and its mark. */
  readonly #numbers = new IntColumn()
  readonly #marks = new IntColumn()
  /** Of the IUVs of the rows kept. */
  readonly #hashes = new IntColumn()
  #rowCount = 0
  #badRows = 0
  /** Sum of the rows, revocations taken away. */
  #total = 0
  readonly #days = new Map<string, IsoDate | null>()
  #lastDay: { readonly text: string; readonly day: IsoDate | null } = { text: '', day: null }

  constructor(places: FlowPlaces, onRows?: (done: number) => void) {
    this.#places = places
    this.#onRows = onRows
  }

  /**
   * One row, its texts by the places of `ROW_FIELDS`, trimmed, empty where the source has none. The array stays the
   * caller's; `mark` is what the caller wants back with the row's number when a place is asked later.
   */
  row(texts: readonly string[], mark: number, complete = true): void {
    this.#rowCount += 1
    const iuv = texts[IUV] as string
    const iur = texts[IUR] as string
    const index = texts[INDEX] as string
    const outcome = texts[OUTCOME] as string
    const written = amountOf(texts[AMOUNT] as string)
    const outcomeDate = this.#dayOf(texts[DATE] as string)
    const good =
      complete &&
      written !== null &&
      outcomeDate !== null &&
      (written > 0 || (written < 0 && outcome === '3')) &&
      (index === '' || isTransferIndex(index)) &&
      fits(iuv, IUV) &&
      fits(iur, IUR) &&
      fits(outcome, OUTCOME)
    if (!good) {
      this.#badRows += 1
      this.#explain(texts, written, outcomeDate)
      return
    }
    const amountCents = written < 0 ? negate(written) : written
    const kept: Kept = {
      ...{ iuv, iur, amountCents, outcome, outcomeDate },
      index: index === '' ? null : index.charCodeAt(0) - 0x30,
    }
    this.#rows.push(kept)
    this.#numbers.push(this.#rowCount)
    this.#marks.push(mark)
    this.#total += outcome === '3' ? -amountCents : amountCents
    const known = isFlowOutcome(outcome)
    if (!known || this.#rows.length === this.#owned + LOOSE) this.#own()
    if (!known) {
      const place: ProblemPlace = { ...this.#places.row(this.#rowCount, mark), severity: 'warning' }
      this.problems.push(problem('FLOW_OUTCOME_UNKNOWN', { value: outcome, iuv: kept.iuv }, place))
    }
    if (this.#rows.length % 5000 === 0) this.#onRows?.(this.#rows.length)
  }

  /** A text cut out of a chunk keeps the whole chunk in memory: many rows at a time are cut out of one copy instead. */
  #own(): void {
    const texts: string[] = []
    for (let i = this.#owned; i < this.#rows.length; i += 1) {
      const { iuv, iur } = this.#rows[i] as Kept
      texts.push(iuv, iur)
    }
    const copy = texts.join('')
    let from = 0
    for (; this.#owned < this.#rows.length; this.#owned += 1) {
      const row = this.#rows[this.#owned] as Kept
      const middle = from + row.iuv.length
      const to = middle + row.iur.length
      row.iuv = copy.slice(from, middle)
      row.iur = copy.slice(middle, to)
      this.#hashes.push(hashOf(copy, from, middle))
      from = to
    }
  }

  /** `whole`: the source was read to its end, so what it declares can be held against what it holds. */
  finish(whole: boolean): ReportingFlowReading {
    this.#own()
    const flow = this.#flow()
    this.#tellRepeated()
    if (whole) this.#check(flow)
    return { flow, problems: this.problems }
  }

  /**
   * Rows of one payment that are there twice. A map with 100,000 texts in it would cost more than all the rest of a row: a
   * bit for each IUV tells which may have come before, nearly always none, and only those are looked at.
   */
  #tellRepeated(): void {
    const bytes = 2 ** Math.min(21, 5 + Math.ceil(Math.log2(this.#rows.length + 1)))
    const bits = new Uint8Array(bytes)
    const again = new Set<string>()
    for (let i = 0; i < this.#rows.length; i += 1) {
      const hash = this.#hashes.at(i)
      const at = (hash >>> 3) & (bytes - 1)
      const bit = 1 << (hash & 7)
      if (((bits[at] as number) & bit) !== 0) again.add((this.#rows[i] as Kept).iuv)
      else bits[at] = (bits[at] as number) | bit
    }
    if (again.size === 0) return
    const firsts = new Map<string, number>()
    for (const [i, { iuv, iur, index }] of this.#rows.entries()) {
      if (!again.has(iuv)) continue
      const key = `${iuv}|${iur}|${index ?? ''}`
      const first = firsts.get(key)
      if (first === undefined) {
        firsts.set(key, i)
        continue
      }
      const place = this.#places.row(this.#numbers.at(i), this.#marks.at(i))
      const params = { iuv, row: this.#numbers.at(first) }
      this.problems.push(problem('FLOW_ROW_DUPLICATE', params, { ...place, severity: 'warning' }))
    }
  }

  /** The slow way, for a row that did not pass: every reason, in the order of the schema. */
  #explain(texts: readonly string[], written: Cents | null, day: IsoDate | null): void {
    for (const [i, field] of ROW_FIELDS.entries()) this.#required(field, texts[i], () => this.#places.field(i))
    const wrong = (i: number, expected: string) =>
      this.#wrong(ROW_FIELDS[i] as FlowField, texts[i] as string, expected, this.#places.field(i))
    if (written === null && texts[AMOUNT] !== '') wrong(AMOUNT, 'un importo come 1234.56')
    if (day === null && texts[DATE] !== '') wrong(DATE, 'un giorno come 2026-03-12')
    const index = texts[INDEX] as string
    if (index !== '' && !isTransferIndex(index)) wrong(INDEX, 'un numero da 1 a 5')
    if (written !== null && (written === 0 || (written < 0 && texts[OUTCOME] !== '3'))) {
      wrong(AMOUNT, 'un importo maggiore di zero')
    }
  }

  #flow(): ReportingFlow {
    const text = (key: HeadKey) => this.head.get(key) || null
    const dateTime = text('dateTime')
    const type = text('senderType')
    const total = parseDecimal(text('total') ?? '')
    return {
      flowId: text('flowId'),
      flowDateTime: dateTime,
      flowDateTimeUtc: dateTime === null ? null : instantOfDateTime(dateTime),
      regulationId: text('regulationId'),
      regulationDate: dayOf(text('regulationDate') ?? ''),
      senderType: type === 'G' || type === 'A' || type === 'B' ? (type satisfies FlowSenderType) : null,
      senderId: text('senderId'),
      senderName: text('senderName'),
      bic: text('bic'),
      receiverFiscalCode: text('receiver'),
      receiverName: text('receiverName'),
      declaredCount: countOf(text('count') ?? ''),
      declaredTotalCents: total.ok ? total.value : null,
      rows: this.#rows,
    }
  }

  #check(flow: ReportingFlow): void {
    const places = this.#places
    for (const key of HEAD_KEYS) this.#required(HEAD_FIELDS[key], this.head.get(key), () => places.head(key))
    const version = this.head.get('version')
    if (version !== undefined && version !== '' && version !== '1.0' && version !== '1.1') {
      this.problems.push(
        problem('FLOW_VERSION_UNKNOWN', { value: version }, { ...places.head('version'), severity: 'warning' }),
      )
    }
    const wrong = (key: HeadKey, expected: string) =>
      this.#wrong(HEAD_FIELDS[key], this.head.get(key) as string, expected, places.head(key))
    if (flow.flowId !== null) {
      if (!/^[A-Za-z0-9_-]+$/.test(flow.flowId)) wrong('flowId', 'lettere, cifre, «-» e «_»')
      else if (!isIsoDate(flow.flowId.slice(0, 10)) || !/^[A-Za-z0-9_]+-./.test(flow.flowId.slice(10))) {
        this.problems.push(
          problem('FLOW_ID_FORM', { value: flow.flowId }, { ...places.head('flowId'), severity: 'warning' }),
        )
      }
    }
    const wrongWhen = (value: unknown, key: HeadKey, expected: string) => {
      if (value === null && this.head.get(key)) wrong(key, expected)
    }
    wrongWhen(flow.flowDateTimeUtc, 'dateTime', 'una data e ora come 2026-03-12T10:15:30')
    wrongWhen(flow.regulationDate, 'regulationDate', 'un giorno come 2026-03-12')
    wrongWhen(flow.senderType, 'senderType', 'G, A oppure B')
    wrongWhen(flow.declaredCount, 'count', 'un numero intero')
    wrongWhen(flow.declaredTotalCents, 'total', 'un importo come 1234.56')
    if (this.#rowCount === 0) this.problems.push(problem('FLOW_EMPTY', {}, places.document()))
    if (flow.declaredCount !== null && flow.declaredCount !== this.#rowCount) {
      const counts = { declared: flow.declaredCount, found: this.#rowCount }
      this.problems.push(problem('FLOW_COUNT_DIFFERS', counts, places.head('count')))
    }
    const declared = flow.declaredTotalCents
    if (declared === null || this.#badRows > 0 || this.#rowCount === 0 || declared === this.#total) return
    const totals = { declared: formatCents(declared), found: formatCents(cents(this.#total)) }
    this.problems.push(problem('FLOW_TOTAL_DIFFERS', totals, places.head('total')))
  }

  #required(field: FlowField, text: string | undefined, place: () => ProblemPlace): void {
    if (text === undefined || text === '') {
      if (!field.optional) this.problems.push(problem('FLOW_FIELD_MISSING', { field: field.label }, place()))
    } else if (text.length > field.max) {
      const params = { field: capital(field.label), length: text.length, limit: field.max }
      this.problems.push(problem('FLOW_FIELD_TOO_LONG', params, place()))
    }
  }

  #wrong(field: FlowField, value: string, expected: string, place: ProblemPlace): void {
    const params = { field: capital(field.label), value, expected }
    this.problems.push(problem('FLOW_FIELD_WRONG', params, { ...place, excerpt: value }))
  }

  /** Rows of a flow share a day or two, written alike. */
  #dayOf(text: string): IsoDate | null {
    if (text === this.#lastDay.text) return this.#lastDay.day
    let day = this.#days.get(text)
    if (day === undefined) {
      day = dayOf(text)
      if (this.#days.size < 100) this.#days.set(text, day)
    }
    this.#lastDay = { text, day }
    return day
  }
}

/** 32 bits of a part of a text. */
function hashOf(text: string, from: number, to: number): number {
  let hash = 0
  for (let i = from; i < to; i += 1) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0
  return hash ^ (hash >>> 15)
}

function fits(text: string, index: number): boolean {
  return text !== '' && text.length <= (ROW_FIELDS[index] as FlowField).max
}

function isTransferIndex(text: string): boolean {
  const code = text.charCodeAt(0)
  return text.length === 1 && code >= 0x31 && code <= 0x35
}

/** `parseDecimal` for what nearly every row holds, `123.45`, without a regular expression for each of 100,000. */
function amountOf(text: string): Cents | null {
  const { length } = text
  if (length >= 4 && length <= 15 && text.charCodeAt(length - 3) === 0x2e) {
    let value = 0
    let at = 0
    for (; at < length; at += 1) {
      if (at === length - 3) continue
      const digit = text.charCodeAt(at) - 0x30
      if (digit < 0 || digit > 9) break
      value = value * 10 + digit
    }
    if (at === length) return value as Cents
  }
  const read = parseDecimal(text)
  return read.ok ? read.value : null
}

/** xsd:date, whose zone (allowed by the schema) does not move the written day; some PSPs write a dateTime, and so does JSON. */
function dayOf(text: string): IsoDate | null {
  const match = /^(\d{4}-\d{2}-\d{2})(?:T[\d:.]+)?(?:Z|[+-]\d{2}:\d{2})?$/.exec(text)
  return match && isIsoDate(match[1]) ? match[1] : null
}

/** xsd:decimal without fraction: `3`, and the `3.0` of a few PSPs. */
function countOf(text: string): number | null {
  const match = /^(\d{1,15})(?:\.0+)?$/.exec(text)
  return match ? Number(match[1]) : null
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
