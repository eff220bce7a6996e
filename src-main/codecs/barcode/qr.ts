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
  let best: QrSymbol = { modules: masked(bits, 0), mask: 0 }
  let least = penalty(best.modules)
  for (let candidate = 1; candidate < 8; candidate++) {
    const modules = masked(bits, candidate)
    const score = penalty(modules, least)
    if (score < least) {
      least = score
      best = { modules, mask: candidate }
    }
  }
  return best
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

function masked(bits: Uint8Array, mask: number): Uint8Array {
  const modules = FUNCTION_MODULES.slice()
  const pattern = DATA_MASKS[mask] as Uint8Array
  for (let i = 0; i < DATA_PLACES.length; i++)
    modules[DATA_PLACES[i] as number] = (bits[i] as number) ^ (pattern[i] as number)
  for (const place of formatModules(mask)) modules[place] = 1
  return modules
}

/** Penalty of ISO/IEC 18004 §7.8.3; may stop early once `limit` is reached. */
function penalty(m: Uint8Array, limit = Number.POSITIVE_INFINITY): number {
  let score = 0
  let dark = 0
  for (let i = 0; i < QR_SIZE; i++) {
    score += linePenalty(m, i * QR_SIZE, 1) + linePenalty(m, i, QR_SIZE)
    if (score >= limit) return score
  }
  for (let y = 0; y < QR_SIZE; y++) {
    let column = -1
    for (let x = 0, at = y * QR_SIZE; x < QR_SIZE; x++, at++) {
      const bit = m[at] as number
      dark += bit
      if (y === QR_SIZE - 1) continue
      const pair = bit === m[at + QR_SIZE] ? bit : 2
      if (pair !== 2 && pair === column) score += 3
      column = pair
    }
  }
  const total = QR_SIZE * QR_SIZE
  return score + Math.floor(Math.abs(dark * 20 - total * 10) / total) * 10
}

function linePenalty(m: Uint8Array, start: number, step: number): number {
  let score = 0
  let run = 0
  let previous = 2
  let window = 0
  for (let i = 0, at = start; i < QR_SIZE; i++, at += step) {
    const bit = m[at] as number
    if (bit === previous) {
      run++
      if (run === 5) score += 3
      else if (run > 5) score++
    } else {
      run = 1
      previous = bit
    }
    window = ((window << 1) | bit) & 0x7ff
    if (i >= 10 && (window === 0x5d0 || window === 0x05d)) score += 40
  }
  return score
}
