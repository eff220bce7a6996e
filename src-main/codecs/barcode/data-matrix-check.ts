/** Reed-Solomon over GF(256) modulo 0x12d, generator roots α¹…αⁿ, as ECC200 wants (ISO/IEC 16022, annex E). */
export type CheckWords = (data: Uint8Array, first: number, step: number, last: number) => Uint8Array

const EXP = new Uint8Array(512)
const LOG = new Uint8Array(256)
for (let i = 0, x = 1; i < 255; i++) {
  EXP[i] = x
  EXP[i + 255] = x
  LOG[x] = i
  x = (x << 1) ^ (x & 0x80 ? 0x12d : 0)
}

function times(a: number, b: number): number {
  return a === 0 || b === 0 ? 0 : (EXP[(LOG[a] as number) + (LOG[b] as number)] as number)
}

/** Coefficients of the generator of that degree, highest first, the leading one left out. */
function generator(degree: number): number[] {
  let poly = [1]
  for (let i = 1; i <= degree; i++) {
    const root = EXP[i] as number
    poly = [...poly, 0].map((c, j) => c ^ times(poly[j - 1] ?? 0, root))
  }
  return poly.slice(1)
}

/**
 * A maker of `degree` check codewords for every `step`-th word of `data` from `first` up to before `last`. The division
 * goes four coefficients at a time: all multiples of the generator stand ready as 32-bit words.
 */
export function checkWordsOf(degree: number): CheckWords {
  const width = Math.ceil(degree / 4)
  const multiples = new Int32Array(256 * width)
  const poly = generator(degree)
  for (let factor = 0; factor < 256; factor++) {
    poly.forEach((c, i) => {
      const at = factor * width + (i >> 2)
      multiples[at] = (multiples[at] as number) | (times(factor, c) << (24 - 8 * (i & 3)))
    })
  }
  const rest = new Int32Array(width + 1)
  return (data, first, step, last) => {
    rest.fill(0)
    for (let i = first; i < last; i += step) {
      const row = ((data[i] as number) ^ ((rest[0] as number) >>> 24)) * width
      for (let k = 0; k < width; k++)
        rest[k] = (((rest[k] as number) << 8) | ((rest[k + 1] as number) >>> 24)) ^ (multiples[row + k] as number)
    }
    const out = new Uint8Array(degree)
    for (let i = 0; i < degree; i++) out[i] = (rest[i >> 2] as number) >>> (24 - 8 * (i & 3))
    return out
  }
}
