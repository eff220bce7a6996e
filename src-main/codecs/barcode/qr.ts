import { linesOf, penaltyOf } from './qr-penalty.ts'
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
  const bits = codewordBits(dataCodewords(bytes))
  if (mask !== undefined) return { modules: masked(bits, mask), mask }
  const base = linesOf(placed(bits))
  let best = 0
  let least = Number.POSITIVE_INFINITY
  MASK_LINES.forEach((lines, candidate) => {
    const score = penaltyOf(base, lines, least)
    if (score >= least) return
    least = score
    best = candidate
  })
  return { modules: masked(bits, best), mask: best }
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

/** Reed-Solomon per block, blocks interleaved, as bits in the order in which they are placed. */
function codewordBits(data: Uint8Array): Uint8Array {
  const all = new Uint8Array(DATA_CODEWORDS + BLOCKS * BLOCK_EC)
  for (let block = 0; block < BLOCKS; block++) {
    const part = data.subarray(block * BLOCK_DATA, (block + 1) * BLOCK_DATA)
    const check = remainder(part)
    for (let i = 0; i < BLOCK_DATA; i++) all[i * BLOCKS + block] = part[i] as number
    for (let i = 0; i < BLOCK_EC; i++) all[DATA_CODEWORDS + i * BLOCKS + block] = check[i] as number
  }
  const bits = new Uint8Array(DATA_PLACES.length)
  for (let i = 0; i < all.length * 8; i++) bits[i] = ((all[i >> 3] as number) >> (7 - (i & 7))) & 1
  return bits
}

const EXP = new Uint8Array(512)
const LOG = new Uint8Array(256)
for (let i = 0, x = 1; i < 255; i++) {
  EXP[i] = x
  EXP[i + 255] = x
  LOG[x] = i
  x = (x << 1) ^ (x & 0x80 ? 0x11d : 0)
}

/** Logarithms of the generator's coefficients, degree 18, leading one left out. */
const GENERATOR = (() => {
  let poly = [1]
  for (let i = 0; i < BLOCK_EC; i++) {
    const next = new Array<number>(poly.length + 1).fill(0)
    poly.forEach((c, j) => {
      next[j] = (next[j] as number) ^ c
      if (c !== 0) next[j + 1] = (next[j + 1] as number) ^ (EXP[(LOG[c] as number) + i] as number)
    })
    poly = next
  }
  return poly.slice(1).map((c) => LOG[c] as number)
})()

function remainder(data: Uint8Array): Uint8Array {
  const rest = new Uint8Array(BLOCK_EC)
  for (const byte of data) {
    const factor = byte ^ (rest[0] as number)
    rest.copyWithin(0, 1)
    rest[BLOCK_EC - 1] = 0
    if (factor === 0) continue
    const log = LOG[factor] as number
    for (let i = 0; i < BLOCK_EC; i++) rest[i] = (rest[i] as number) ^ (EXP[log + (GENERATOR[i] as number)] as number)
  }
  return rest
}

/** Function patterns and data, no mask, no format. */
function placed(bits: Uint8Array): Uint8Array {
  const modules = FUNCTION_MODULES.slice()
  for (let i = 0; i < DATA_PLACES.length; i++) modules[DATA_PLACES[i] as number] = bits[i] as number
  return modules
}

/** What each mask flips, its format modules included. */
const MASK_LINES = DATA_MASKS.map((pattern, mask) => {
  const modules = new Uint8Array(QR_SIZE * QR_SIZE)
  for (let i = 0; i < DATA_PLACES.length; i++) modules[DATA_PLACES[i] as number] = pattern[i] as number
  for (const place of formatModules(mask)) modules[place] = 1
  return linesOf(modules)
})

function masked(bits: Uint8Array, mask: number): Uint8Array {
  const modules = FUNCTION_MODULES.slice()
  const pattern = DATA_MASKS[mask] as Uint8Array
  for (let i = 0; i < DATA_PLACES.length; i++)
    modules[DATA_PLACES[i] as number] = (bits[i] as number) ^ (pattern[i] as number)
  for (const place of formatModules(mask)) modules[place] = 1
  return modules
}
