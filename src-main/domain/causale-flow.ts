import { type CausaleText, JOIN } from './causale-text.ts'
import { FLOW_ID_MAX, foldFlowId, isPspCode } from './flow-id.ts'
import type { FlowReference } from './reconcile-evidence.ts'

/** One place of a causale where a flow id stands, or stood before the bank cut it. Positions count in the fold. */
export interface FlowPlace {
  /** First character of the date. */
  readonly start: number
  /** One past the last character of the most complete reading. */
  readonly end: number
  /** Null when what is left cannot be an id. */
  readonly reading: FlowReference | null
  /** Fold of what is left, when cut. */
  readonly cut: string | null
  /** Where cut: readings that would be whole if the text went on. */
  readonly folds: readonly string[]
}

const KEYWORD =
  /(pur)?(l?gpe)?riversamento(?:cumulativosameday|cumulativo|integrativo\d)?(?:pagamentidel\d{8})?(?:txt)?(?:\d(?=uri))?(uri)?/g
const CUT_KEYWORD = /pur(?:l(?:g(?:p(?:e(?:r(?:i(?:v(?:e(?:r(?:s(?:a(?:m(?:e(?:n(?:t)?)?)?)?)?)?)?)?)?)?)?)?)?)?)?$/
const DAY = /^20\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])/
const DAY_BEGUN = /^(?:2(?:0(?:\d(?:\d(?:[01](?:\d(?:[0-3]\d?)?)?)?)?)?)?)?/
const BARE = /(?<![A-Za-z0-9])20\d\d-\d\d-\d\d-?[A-Za-z][A-Za-z0-9]{5,14}-(?=[A-Za-z0-9_-]{3})/g
const LONE_URI = /(?<![A-Za-z0-9])URI[^A-Za-z0-9]{1,3}(?=2)/gi
/** Words and tags that banks glue to, or print right after, the id. */
const GLUED = /\d(?=(?:bonifico|accredito|pagamento|disposto|ordinante|incasso|trn|trxid|purlgpe|orig|benef|causale))/g
/** Signs that no bank puts inside an id: what follows is something else. */
const FOREIGN = /[^ ./+_\u2060-]/
const TAG = /^(?:id1|zz\d|ri\d|yyy|trn|trxid|da|per|sec|or\d|tr\d|bi\d|be\d|ib\d|txt|eur)/i

export function findFlowPlaces(text: CausaleText): FlowPlace[] {
  const places: FlowPlace[] = []
  const seen = new Set<number>()
  const read = (start: number): void => {
    if (seen.has(start)) return
    seen.add(start)
    places.push(readPlace(text, start))
  }
  for (const match of text.fold.matchAll(KEYWORD)) {
    const after = match.index + match[0].length
    const day = DAY.test(text.fold.slice(after, after + 8))
    if (day) read(after)
    else if (match[1] || match[2] || match[3]) {
      const begun = match[3] ? (DAY_BEGUN.exec(text.fold.slice(after, after + 8))?.[0] ?? '') : ''
      const cut = contiguous(text, after, after + begun.length)
      places.push({ start: after, end: after + cut, reading: null, cut: begun.slice(0, cut), folds: [] })
    }
  }
  if (places.length === 0) {
    for (const pattern of [BARE, LONE_URI]) {
      for (const match of text.plain.matchAll(pattern)) {
        const first = match.index + (pattern === BARE ? 0 : match[0].length)
        const start = text.at.findIndex((p) => p >= first)
        if (start >= 0 && DAY.test(text.fold.slice(start, start + 8))) read(start)
      }
    }
  }
  if (places.length === 0 && CUT_KEYWORD.test(text.fold) && /pur\W{0,3}l/i.test(text.plain)) {
    places.push({ start: text.fold.length, end: text.fold.length, reading: null, cut: '', folds: [] })
  }
  return places
}

/** How many characters of the begun date hang together (dashes allowed, a second blank ends it). */
function contiguous(text: CausaleText, start: number, end: number): number {
  let count = 0
  for (let i = start; i < end; i++) {
    if (i > start && gap(text, i).length > 1) break
    count += 1
  }
  return count
}

/** What stands in `plain` between the letter or digit `i` and the one before it. */
function gap(text: CausaleText, i: number): string {
  const before = i === 0 ? -1 : (text.at[i - 1] as number)
  const here = i >= text.at.length ? text.plain.length : (text.at[i] as number)
  return text.plain.slice(before + 1, here)
}

interface Token {
  readonly start: number
  readonly end: number
  readonly text: string
  /** What stands before it. */
  readonly gap: string
}

function readPlace(text: CausaleText, start: number): FlowPlace {
  const limit = Math.min(text.fold.length, start + FLOW_ID_MAX)
  const tokens = tokensOf(text, start + 8, limit)
  const day = text.fold.slice(start, start + 8)
  const { id, end, whole } = mostComplete(`${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6, 8)}`, tokens, start + 8)
  const shown = /[A-Z]/.test(text.plain) ? id : id.toUpperCase()
  const reading: FlowReference = {
    flowId: shown,
    folds: foldsOf(text, start, end, tokens),
    loose: looseEnds(text, start, tokens),
  }
  return whole
    ? { start, end, reading, cut: null, folds: [] }
    : { start, end, reading: null, cut: foldFlowId(id), folds: reading.folds.filter((fold) => fold.length > 10) }
}

function tokensOf(text: CausaleText, start: number, limit: number): Token[] {
  const tokens: Token[] = []
  const ends = new Set<number>()
  for (const glued of text.fold.slice(start, limit + 12).matchAll(GLUED)) ends.add(start + glued.index + 1)
  let from = start
  for (let i = start + 1; i <= limit; i++) {
    if (i < limit && gap(text, i) === '' && !ends.has(i)) continue
    if (i <= from) continue
    if (FOREIGN.test(gap(text, from)) && from > start) break
    const first = text.at[from] as number
    const last = text.at[i - 1] as number
    tokens.push({
      start: from,
      end: i,
      text: text.plain.slice(first, last + 1),
      gap: from === start ? gap(text, from) : ends.has(from) ? ' ' : gap(text, from),
    })
    from = i
  }
  return tokens
}

/**
 * The most complete reading of the text alone: the provider's code is rejoined where a blank broke it and a lost dash
 * after it put back; past that point a blank ends the id, because only a known flow can tell whether it goes on.
 */
function mostComplete(
  day: string,
  tokens: readonly Token[],
  dayEnd: number,
): { id: string; end: number; whole: boolean } {
  const first = tokens[0]
  if (!first) return { id: day, end: dayEnd, whole: false }
  if (/^\d/.test(first.text) && /[^-]/.test(first.gap)) return { id: day, end: dayEnd, whole: false }
  let psp = first.text
  let id = `${day}${first.gap.replaceAll(JOIN, '').trim() === '-' ? '-' : ''}${first.text}`
  let end = first.end
  let free = false
  for (let i = 1; i < tokens.length; i++) {
    const token = tokens[i] as Token
    const next = tokens[i + 1]
    if (/^[-_]+$/.test(token.gap)) {
      id += token.gap + token.text
      free = true
    } else if (isJoin(token.gap) && !TAG.test(token.text)) {
      id += token.text
      if (!free) psp += token.text
    } else if (!free && /^\s*-\s*$/.test(token.gap) && /\d/.test(token.text)) {
      id += `-${token.text}`
      free = true
    } else if (!free && /^\s+$/.test(token.gap) && completesPsp(psp + token.text, tokens, i)) {
      id += token.text
      psp += token.text
    } else if (
      !free &&
      isPspCode(psp) &&
      /^(?:\s+|[./+_])$/.test(token.gap) &&
      /\d/.test(token.text) &&
      !TAG.test(token.text)
    ) {
      const splits = token.text.length === 3 && next !== undefined && /^-/.test(next.gap)
      id += splits ? token.text : `-${token.text}`
      if (splits) psp += token.text
      else free = true
    } else break
    end = token.end
  }
  id = id.replace(/[-_]+$/, '').slice(0, FLOW_ID_MAX)
  const whole = free || psp.length > 11 || (/^[a-z]{3,}\d{3,}$/i.test(psp) && !isPspCode(psp))
  return { id, end, whole }
}

function isJoin(between: string): boolean {
  return between.startsWith(JOIN) && !/\s/.test(between)
}

/** A code broken by blanks: within three more pieces it becomes a provider's code followed by a dash. */
function completesPsp(joined: string, tokens: readonly Token[], i: number): boolean {
  let psp = joined
  for (let j = i; j < Math.min(tokens.length, i + 3); j++) {
    if (j > i) psp += (tokens[j] as Token).text
    if (psp.length > 11) return false
    const after = tokens[j + 1]
    if (after && /^[-_]/.test(after.gap)) return isPspCode(psp)
    if (after && !/^\s+$/.test(after.gap)) return false
  }
  return false
}

/** Every place where the id may end: any gap but a plain dash inside it, and where a bank's word is glued to it. */
function foldsOf(text: CausaleText, start: number, end: number, tokens: readonly Token[]): string[] {
  const ends = new Set<number>([end])
  tokens.forEach((token, i) => {
    const next = tokens[i + 1]
    if (!next || !/^[-_]+$/.test(next.gap)) ends.add(token.end)
  })
  return [...ends].sort((a, b) => b - a).map((e) => text.fold.slice(start, e))
}

/** Readings that a blank parts from a number short enough to be the rest of the id (and not a date). */
function looseEnds(text: CausaleText, start: number, tokens: readonly Token[]): string[] {
  return tokens.flatMap((token, i) => {
    const next = tokens[i + 1]
    if (!next || !/^\s+$/.test(next.gap) || !/^\d[0-9A-Za-z]*$/.test(next.text)) return []
    const room = FLOW_ID_MAX - (text.at[token.end - 1] as number) + (text.at[start] as number) - 1
    const date = /^\d{1,2}[/.]\d{1,2}(?:[/.]\d{2}|\D|$)/.test(text.plain.slice(text.at[next.start]))
    return next.text.length > room || date ? [] : [text.fold.slice(start, token.end)]
  })
}
