/**
 * A causale with the bank's writing undone, one character for each unit of the original, so that every reading can say
 * which part of the text it came from. `plain` holds letters and digits as written, `-` for any dash, ` ` for any blank,
 * JOIN where the bank put a continuation mark (a cut line, `/ZZ4/`, `?21`), and other signs as they are.
 */
export interface CausaleText {
  readonly plain: string
  /** Start and end in the original text of each character of `plain`. */
  readonly from: readonly number[]
  readonly to: readonly number[]
  /** `[0-9a-z]` of `plain` in lower case, and where each stands in `plain`. */
  readonly fold: string
  readonly at: readonly number[]
}

/** U+2060, WORD JOINER: no width, no blank. */
export const JOIN = '\u2060'

const ESCAPED_SLASH = '(?:&amp;|&)(?:#0*47|#x0*2f|sol);|%2f'

const UNIT = new RegExp(
  [
    // 1. slashes escaped by a web form, but for those of the mark below
    `(?:${ESCAPED_SLASH})(?!ZZ4)`,
    '(?:&amp;|&)(?:#0*(?:45|8211|8212)|#x0*2d|ndash|mdash|minus);|%2d', // 2. dashes
    '&nbsp;|&#160;|%20', // 3. blanks
    `\\s?(?:[/.+\\s]|${ESCAPED_SLASH})ZZ4(?:[/.+\\s]|${ESCAPED_SLASH})`, // 4. Satispay's continuation
    '(?:\\r?\\n)?\\?\\s?(?:2\\s?\\d|6\\s?[0-3])', // 5. MT940 subfields of the causale
    '\\?3\\d', // 6. MT940 subfields of the other party
    '\\s?:RI[4-9]:', // 7. UniCredit's continuation tags
    '\\r\\n|\\r|\\n', // 8. lines
    '[\\s\\S]', // anything else
  ]
    .map((part) => `(${part})`)
    .join('|'),
  'giu',
)

const DASH = /[\u2010-\u2015\u2212\ufe58\ufe63\uff0d\u00ad]/
const BLANK = /\s/
/** Widths at which banks cut lines: a line that is full goes on in the next without a blank. */
const FULL_LINES = new Set([27, 35, 40, 65, 70])

/** Nothing but printable ASCII without any mark that the table above undoes: nearly every causale. */
const SIMPLE = /^[ -~]*$/
const MARKED = /[&%?]|ZZ4|:RI[4-9]:|RI2/i
const SAME: number[] = []
const NEXT: number[] = []

export function readCausaleText(text: string): CausaleText {
  return SIMPLE.test(text) && !MARKED.test(text) ? readSimple(text) : readMarked(text)
}

function readSimple(text: string): CausaleText {
  for (let i = SAME.length; i < text.length; i++) {
    SAME.push(i)
    NEXT.push(i + 1)
  }
  const { fold, at } = foldOf(text)
  return { plain: text, from: SAME.slice(0, text.length), to: NEXT.slice(0, text.length), fold, at }
}

function foldOf(plain: string): { fold: string; at: number[] } {
  const at: number[] = []
  for (let i = 0; i < plain.length; i++) {
    const code = plain.charCodeAt(i)
    if ((code >= 48 && code <= 57) || (code >= 97 && code <= 122) || (code >= 65 && code <= 90)) at.push(i)
  }
  return { fold: plain.replace(/[^0-9A-Za-z]+/g, '').toLowerCase(), at }
}

function readMarked(text: string): CausaleText {
  const from: number[] = []
  const to: number[] = []
  let plain = ''
  let lineStart = 0
  const mt940 = /\?2\d/.test(text)
  const continued = /RI1/i.test(text)
  const push = (char: string, start: number, end: number): void => {
    plain += char
    from.push(start)
    to.push(end)
  }
  for (const match of text.matchAll(UNIT)) {
    const raw = match[0]
    const start = match.index
    const end = start + raw.length
    if (match[1]) push('/', start, end)
    else if (match[2]) push('-', start, end)
    else if (match[3]) push(' ', start, end)
    else if (match[4] || match[7]) push(JOIN, start, end)
    else if ((match[5] || match[6]) && mt940) push(match[5] ? JOIN : '|', start, end)
    else if (match[5] || match[6]) for (let i = 0; i < raw.length; i++) push(raw[i] as string, start + i, start + i + 1)
    else if (match[8]) {
      push(FULL_LINES.has(start - lineStart) ? JOIN : ' ', start, end)
      lineStart = end
    } else push(DASH.test(raw) ? '-' : BLANK.test(raw) ? ' ' : raw.length === 1 ? raw : '\u00b7', start, end)
  }
  const whole = { plain, from, to, ...foldOf(plain) }
  return continued ? joinTags(whole) : whole
}

/** RH statements cut a long causale as `RI1…` and `RI2…`: the second tag is a continuation mark, not text. */
function joinTags(text: CausaleText): CausaleText {
  const first = /RI1/i.exec(text.plain)?.index ?? 0
  const tag = /\s?(?<![A-Za-z0-9])RI2/i.exec(text.plain)
  if (!tag || tag.index < first) return text
  const start = tag.index
  const end = start + tag[0].length
  const plain = text.plain.slice(0, start) + JOIN + text.plain.slice(end)
  const from = [...text.from.slice(0, start), text.from[start] as number, ...text.from.slice(end)]
  const to = [...text.to.slice(0, start), text.to[end - 1] as number, ...text.to.slice(end)]
  return joinTags({ plain, from, to, ...foldOf(plain) })
}
