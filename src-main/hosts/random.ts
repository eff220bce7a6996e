import { randomBytes } from 'node:crypto'
import type { Random } from '#domain/ports'

export const systemRandom: Random = { bytes: (n) => new Uint8Array(randomBytes(n)) }

/**
 * Same seed, same bytes: sfc32 (Chris Doty-Humphrey, PractRand), its state filled from the seed by splitmix32. For rehearsals only,
 * never for keys.
 */
export function seededRandom(seed: number): Random {
  let mix = seed >>> 0
  const split = (): number => {
    mix = (mix + 0x9e3779b9) | 0
    let z = mix ^ (mix >>> 16)
    z = Math.imul(z, 0x21f0aaad)
    z ^= z >>> 15
    z = Math.imul(z, 0x735a2d97)
    return (z ^ (z >>> 15)) >>> 0
  }
  let [a, b, c, counter] = [split(), split(), split(), 1]
  const next = (): number => {
    const result = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + result
    c |= 0
    return result >>> 0
  }
  for (let i = 0; i < 12; i += 1) next()
  return {
    bytes(n) {
      const out = new Uint8Array(n)
      for (let i = 0; i < n; i += 4) {
        const word = next()
        for (let k = 0; k < 4 && i + k < n; k += 1) out[i + k] = (word >>> (8 * k)) & 0xff
      }
      return out
    },
  }
}
