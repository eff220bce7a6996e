/**
 * Text to codewords of a Data Matrix, in the fewest codewords that ASCII, C40 and EDIFACT allow together (ISO/IEC 16022
 * §5.2). A slip is 77 characters of mostly digits, best in ASCII pairs, then upper-case text, best in C40; EDIFACT
 * bounds what a text full of punctuation can cost.
 */

/** Codewords of the larger symbol, 52×52. */
const MOST_WORDS = 204
const LONGEST_TEXT = MOST_WORDS * 2
/** More than anything costs, and adding to it stays within 16 bits. */
const NEVER = 1 << 12

const LATCH_C40 = 230
const LATCH_EDIFACT = 240
const UNLATCH_C40 = 254
const UNLATCH_EDIFACT = 31

/**
 * EDIFACT stops this far from the end: with two codewords left or fewer a reader leaves it by itself, and six
 * characters never fit in two.
 */
const FREE_END = 6

/** C40: the shift value that goes before (0–2), or 3 where none does; and the value. */
const SHIFT = new Uint8Array(128)
const VALUE = new Uint8Array(128)
const NONE = 3
const C40_SETS = [
  [0, 31, 0, 0],
  [32, 32, NONE, 3],
  [33, 47, 1, 0],
  [48, 57, NONE, 4],
  [58, 64, 1, 15],
  [65, 90, NONE, 14],
  [91, 95, 1, 22],
  [96, 127, 2, 0],
] as const
for (const [first, last, shift, value] of C40_SETS) {
  for (let code = first; code <= last; code++) {
    SHIFT[code] = shift
    VALUE[code] = value + code - first
  }
}

// Codewords still to be written before character i: in ASCII, in C40 or EDIFACT with so many values of a group pending.
const costs = (): Int16Array => new Int16Array(LONGEST_TEXT + 2)
const ascii = costs()
const c40 = [costs(), costs(), costs()] as const
const edifact = [costs(), costs(), costs(), costs()] as const
const codes = new Uint8Array(LONGEST_TEXT)

/** Codewords from the start of an EDIFACT group to the end of its unlatch. */
const leaving = (pending: number): number => Math.min(pending + 1, 3)

const isDigit = (code: number | undefined): boolean => code !== undefined && code >= 48 && code <= 57

/** Fills the costs, from the end of the text backwards. */
function weigh(length: number): void {
  const [c0, c1, c2] = c40
  const [e0, e1, e2, e3] = edifact
  ascii[length] = 0
  // A text may end inside C40, but only with its triple complete.
  c0[length] = 0
  for (const never of [c1, c2, ...edifact]) never[length] = NEVER
  for (let i = length - 1; i >= 0; i--) {
    const code = codes[i] as number
    const next = i + 1
    const pair = next < length && isDigit(code) && isDigit(codes[next])
    const inC40 = startC40(i)
    const inEdifact = code >= 32 && code <= 94 && i < length - FREE_END
    const startEdifact = inEdifact ? (e1[next] as number) : NEVER
    let least = 1 + (ascii[next] as number)
    if (pair) least = Math.min(least, 1 + (ascii[i + 2] as number))
    least = Math.min(least, 1 + inC40, 1 + startEdifact)
    ascii[i] = least
    c0[i] = Math.min(inC40, 1 + least)
    const one = SHIFT[code] === NONE
    c1[i] = one ? (c2[next] as number) : 2 + (c0[next] as number)
    c2[i] = 2 + (one ? (c0[next] as number) : (c1[next] as number))
    e0[i] = Math.min(startEdifact, 1 + least)
    e1[i] = Math.min(inEdifact ? (e2[next] as number) : NEVER, 2 + least)
    e2[i] = Math.min(inEdifact ? (e3[next] as number) : NEVER, 3 + least)
    e3[i] = Math.min(inEdifact ? 3 + (e0[next] as number) : NEVER, 3 + least)
  }
}

/** Cost of writing character `i` as the first of a C40 triple. */
function startC40(i: number): number {
  return c40[SHIFT[codes[i] as number] === NONE ? 1 : 2][i + 1] as number
}

/** Filled anew for each text, with room for the check words of the larger symbol. */
const words = new Uint8Array(MOST_WORDS + 84)

export interface ShortestWords {
  /** Those from `length` on are not yet padded; the next text takes their place. */
  readonly words: Uint8Array
  readonly length: number
  /** The text ends inside C40, which is to be left before any pad. */
  readonly inC40: boolean
}

/** @throws RangeError for a character outside ASCII, or when even 204 codewords are too few. */
export function shortestWords(text: string): ShortestWords {
  const length = text.length
  if (length > LONGEST_TEXT) throw new RangeError(`Data Matrix text of ${length} characters`)
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i)
    if (code > 127) throw new RangeError(`Data Matrix text with «${text[i]}», which is not ASCII`)
    codes[i] = code
  }
  weigh(length)
  const needed = ascii[0] as number
  if (needed > MOST_WORDS)
    throw new RangeError(`Data Matrix text of ${needed} codewords, the symbol holds ${MOST_WORDS}`)
  return cheapestWay(length)
}

function cheapestWay(length: number): ShortestWords {
  let at = 0
  let i = 0
  while (i < length) {
    const code = codes[i] as number
    const rest = (ascii[i] as number) - 1
    const next = codes[i + 1] as number
    if (i + 1 < length && isDigit(code) && isDigit(next) && rest === ascii[i + 2]) {
      words[at++] = 130 + (code - 48) * 10 + (next - 48)
      i += 2
    } else if (rest === ascii[i + 1]) {
      words[at++] = code + 1
      i++
    } else if (rest === startC40(i)) {
      ;[at, i] = stayInC40(at, i, length)
      if (i === length) return { words, length: at, inC40: true }
    } else [at, i] = stayInEdifact(at, i)
  }
  return { words, length: at, inC40: false }
}

/** From the latch to the unlatch, or to the end of the text: the next places in words and text. */
function stayInC40(start: number, from: number, length: number): [number, number] {
  let at = start
  let i = from
  let pending = 0
  let triple = 0
  words[at++] = LATCH_C40
  const put = (value: number): void => {
    triple = triple * 40 + value
    if (++pending < 3) return
    words[at++] = (triple + 1) >> 8
    words[at++] = (triple + 1) & 255
    pending = 0
    triple = 0
  }
  do {
    const code = codes[i++] as number
    if (SHIFT[code] !== NONE) put(SHIFT[code] as number)
    put(VALUE[code] as number)
  } while (i < length && (pending > 0 || c40[0][i] === startC40(i)))
  if (i < length) words[at++] = UNLATCH_C40
  return [at, i]
}

/** From the latch to the unlatch: the next places in words and text. */
function stayInEdifact(start: number, from: number): [number, number] {
  let at = start
  let i = from
  let pending = 0
  let group = 0
  const put = (bytes: number): void => {
    for (let shift = 16; shift > 16 - 8 * bytes; shift -= 8) words[at++] = (group >> shift) & 255
  }
  words[at++] = LATCH_EDIFACT
  do {
    group |= ((codes[i++] as number) & 63) << (18 - 6 * pending)
    if (++pending === 4) {
      put(3)
      pending = 0
      group = 0
    }
  } while ((edifact[pending as 0 | 1 | 2 | 3][i] as number) < leaving(pending) + (ascii[i] as number))
  group |= UNLATCH_EDIFACT << (18 - 6 * pending)
  put(leaving(pending))
  return [at, i]
}
