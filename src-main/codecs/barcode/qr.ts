import { checkWordsOf } from './check-words.ts'
import { type Lines, linesOf, penaltyOf } from './qr-penalty.ts'
import { DATA_MASKS, DATA_PLACES, FUNCTION_MODULES, formatModules } from './qr-shape.ts'

/** Modules on a side of a version 4 symbol, the one size a payment notice uses (pagopa.md §2.1). */
export const QR_SIZE = 33

/** Bytes that version 4, level M holds in byte mode. */
export const QR_CAPACITY = 62

/** One symbol: `modules[y * 33 + x]` is 1 where dark; `mask` is the pattern chosen. */
export interface QrSymbol {
  readonly modules: Uint8Array
  readonly mask: number
}

const DATA_CODEWORDS = 64
const BLOCKS = 2
const BLOCK_DATA = 32
const BLOCK_EC = 18

/**
 * QR model 2, version 4, level M, one byte segment, nothing else (ISO/IEC 18004). `mask` forces a pattern; without it
 * all eight are scored and the first of least penalty is taken.
 * @throws RangeError when the text has more than 62 bytes.
 */
export function encodeQr(text: string, mask?: number): QrSymbol {
  const bytes = new TextEncoder().encode(text)
  if (bytes.length > QR_CAPACITY)
    throw new RangeError(`QR text of ${bytes.length} bytes, the symbol holds ${QR_CAPACITY}`)
  const base = linesOfWords(codewords(dataCodewords(bytes)))
  if (mask !== undefined) return { modules: modulesOf(base, MASK_LINES[mask] as Lines), mask }
  let best = 0
  let least = Number.POSITIVE_INFINITY
  MASK_LINES.forEach((lines, candidate) => {
    const score = penaltyOf(base, lines, least)
    if (score >= least) return
    least = score
    best = candidate
  })
  return { modules: modulesOf(base, MASK_LINES[best] as Lines), mask: best }
}

function dataCodewords(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(DATA_CODEWORDS)
  // Mode 0100 and an eight-bit count shift every byte by half a codeword.
  out[0] = 0x40 | (bytes.length >> 4)
  let carry = bytes.length & 15
  bytes.forEach((byte, i) => {
    out[i + 1] = (carry << 4) | (byte >> 4)
    carry = byte & 15
  })
  out[bytes.length + 1] = carry << 4
  for (let i = bytes.length + 2, pad = 0xec; i < DATA_CODEWORDS; i++, pad ^= 0xec ^ 0x11) out[i] = pad
  return out
}

const checkOf = checkWordsOf(0x11d, 0, BLOCK_EC)

/** Blocks interleaved, Reed-Solomon behind them. */
function codewords(data: Uint8Array): Uint8Array {
  for (let i = 0; i < BLOCK_DATA; i++) {
    for (let block = 0; block < BLOCKS; block++) words[i * BLOCKS + block] = data[block * BLOCK_DATA + i] as number
  }
  for (let block = 0; block < BLOCKS; block++) checkOf(words, block, BLOCKS, DATA_CODEWORDS, DATA_CODEWORDS + block)
  return words
}

/** Filled anew for each symbol. */
const words = new Uint8Array(DATA_CODEWORDS + BLOCKS * BLOCK_EC)

const FUNCTION_LINES = linesOf(FUNCTION_MODULES)
const lines = linesOf(FUNCTION_MODULES)

const ROWS = Uint8Array.from(DATA_PLACES, (place) => Math.floor(place / QR_SIZE))
const COLUMNS = Uint8Array.from(DATA_PLACES, (place) => place % QR_SIZE)

/** Function patterns and data, no mask, no format. */
function linesOfWords(words: Uint8Array): Lines {
  const { head, tail } = lines
  head.set(FUNCTION_LINES.head)
  tail.set(FUNCTION_LINES.tail)
  for (let i = 0, at = 0; i < words.length; i++) {
    const word = words[i] as number
    for (let bit = 128; bit !== 0; bit >>= 1, at++) {
      if ((word & bit) === 0) continue
      const row = ROWS[at] as number
      const column = COLUMNS[at] as number
      if (column < 32) head[row] = (head[row] as number) | (1 << column)
      else tail[row] = 1
      if (row < 32) head[QR_SIZE + column] = (head[QR_SIZE + column] as number) | (1 << row)
      else tail[QR_SIZE + column] = 1
    }
  }
  return lines
}

/** What each mask flips, its format modules included. */
const MASK_LINES = DATA_MASKS.map((pattern, mask) => {
  const modules = new Uint8Array(QR_SIZE * QR_SIZE)
  for (let i = 0; i < DATA_PLACES.length; i++) modules[DATA_PLACES[i] as number] = pattern[i] as number
  for (const place of formatModules(mask)) modules[place] = 1
  return linesOf(modules)
})

function modulesOf(base: Lines, mask: Lines): Uint8Array {
  const modules = new Uint8Array(QR_SIZE * QR_SIZE)
  for (let row = 0, at = 0; row < QR_SIZE; row++) {
    const head = (base.head[row] as number) ^ (mask.head[row] as number)
    for (let x = 0; x < 32; x++) modules[at++] = (head >>> x) & 1
    modules[at++] = (base.tail[row] as number) ^ (mask.tail[row] as number)
  }
  return modules
}
