/**
 * Penalty of ISO/IEC 18004 §7.8.3 for symbols of 33 modules. A line is 32 modules in one word and the last module in
 * another; rows are lines 0–32, columns 33–65. Windows are counted for a whole line at once instead of module by module.
 */
const SIZE = 33
const LINES = SIZE * 2

export interface Lines {
  /** Bit i = module i, for i < 32. */
  readonly head: Int32Array
  /** Module 32. */
  readonly tail: Uint8Array
}

export function linesOf(modules: Uint8Array): Lines {
  const head = new Int32Array(LINES)
  const tail = new Uint8Array(LINES)
  for (let y = 0, at = 0; y < SIZE; y++) {
    for (let x = 0; x < SIZE; x++, at++) {
      if (modules[at] === 0) continue
      if (x < 32) head[y] = (head[y] as number) | (1 << x)
      else tail[y] = 1
      if (y < 32) head[SIZE + x] = (head[SIZE + x] as number) | (1 << y)
      else tail[SIZE + x] = 1
    }
  }
  return { head, tail }
}

function ones(word: number): number {
  let v = word - ((word >>> 1) & 0x55555555)
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333)
  return (((v + (v >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24
}

/** Starts of the windows of eleven modules: 0–22. */
const STARTS = 0x7fffff

/** Penalty of `base` with the lines of a mask flipped; stops early once `limit` is reached. */
export function penaltyOf(base: Lines, mask: Lines, limit: number): number {
  let score = 0
  let dark = 0
  let above = 0
  let aboveSame = 0
  for (let line = 0; line < LINES; line++) {
    const a = (base.head[line] as number) ^ (mask.head[line] as number)
    const last = (base.tail[line] as number) ^ (mask.tail[line] as number)
    // Module i + 1 at bit i.
    const next = (a >>> 1) | (last << 31)
    const same = ~(a ^ next)
    // Five alike: a run of n ≥ 5 holds n − 4 such windows and costs n − 2.
    const five = same & (same >>> 1) & (same >>> 2) & (same >>> 3)
    if (five !== 0) score += ones(five) + 2 * ones(five & ~(five << 1))
    const core = a & ~next & (next >>> 1) & (next >>> 2) & (next >>> 3) & ~(next >>> 4) & (next >>> 5)
    if (core !== 0) {
      const after = ~((next >>> 6) | (next >>> 7) | (next >>> 8) | (next >>> 9))
      const before = ~(a | next | (next >>> 1) | (next >>> 2))
      score += 40 * (ones(core & after & STARTS) + ones((core >>> 4) & before & STARTS))
    }
    if (line < SIZE) {
      dark += ones(a) + last
      if (line > 0) score += 3 * ones(same & aboveSame & ~(a ^ above))
      above = a
      aboveSame = same
    }
    if (score >= limit) return score
  }
  const total = SIZE * SIZE
  return score + Math.floor(Math.abs(dark * 20 - total * 10) / total) * 10
}
