/** Puts Reed-Solomon check words of every `step`-th word from `first` up to before `last` into every `step`-th from `to` on. */
export type CheckWords = (words: Uint8Array, first: number, step: number, last: number, to: number) => void

/**
 * A maker of `degree` check codewords over GF(256) modulo `field`, whose generator has the roots α^`root` and following.
 * The division goes four coefficients at a time: all multiples of the generator stand ready as 32-bit words.
 */
export function checkWordsOf(field: number, root: number, degree: number): CheckWords {
  const width = Math.ceil(degree / 4)
  const multiples = multiplesOf(field, root, degree, width)
  const rest = new Int32Array(width + 1)
  return (words, first, step, last, to) => {
    rest.fill(0)
    for (let i = first; i < last; i += step) {
      const row = ((words[i] as number) ^ ((rest[0] as number) >>> 24)) * width
      for (let k = 0; k < width; k++)
        rest[k] = (((rest[k] as number) << 8) | ((rest[k + 1] as number) >>> 24)) ^ (multiples[row + k] as number)
    }
    for (let i = 0; i < degree; i++) words[to + i * step] = (rest[i >> 2] as number) >>> (24 - 8 * (i & 3))
  }
}

/** Of the generator without its leading coefficient, by each factor. */
function multiplesOf(field: number, root: number, degree: number, width: number): Int32Array {
  const exp = new Uint8Array(512)
  const log = new Uint8Array(256)
  for (let i = 0, x = 1; i < 255; i++) {
    exp[i] = x
    exp[i + 255] = x
    log[x] = i
    x = (x << 1) ^ (x & 0x80 ? field : 0)
  }
  const times = (a: number, b: number): number =>
    a === 0 || b === 0 ? 0 : (exp[(log[a] as number) + (log[b] as number)] as number)
  let poly = [1]
  for (let i = root; i < root + degree; i++) {
    poly = [...poly, 0].map((c, j) => c ^ times(poly[j - 1] ?? 0, exp[i] as number))
  }
  const multiples = new Int32Array(256 * width)
  for (let factor = 0; factor < 256; factor++) {
    poly.slice(1).forEach((c, i) => {
      const at = factor * width + (i >> 2)
      multiples[at] = (multiples[at] as number) | (times(factor, c) << (24 - 8 * (i & 3)))
    })
  }
  return multiples
}
