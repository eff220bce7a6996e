import fc from 'fast-check'
import { encode } from 'uqr'
import { describe, expect, test } from 'vitest'
import { encodeQr, QR_CAPACITY, QR_SIZE } from '#codecs/barcode/qr'

const LONG = process.env.QUIETANZA_LONG === '1'

function oracle(text: string, mask: number): string {
  const { data } = encode(text, {
    ecc: 'M',
    minVersion: 4,
    maxVersion: 4,
    maskPattern: mask,
    boostEcc: false,
    border: 0,
  })
  return data.map((row) => row.map((dark) => (dark ? '#' : '.')).join('')).join('\n')
}

function drawn(text: string, mask: number): string {
  const { modules } = encodeQr(text, mask)
  return Array.from({ length: QR_SIZE }, (_, y) =>
    Array.from(modules.subarray(y * QR_SIZE, (y + 1) * QR_SIZE), (m) => (m ? '#' : '.')).join(''),
  ).join('\n')
}

const notice = fc
  .tuple(
    fc.stringMatching(/^3[0-9]{17}$/),
    fc.stringMatching(/^[89][0-9]{10}$/),
    fc.integer({ min: 1, max: 99_999_999_999 }),
  )
  .map(([number, creditor, cents]) => `PAGOPA|002|${number}|${creditor}|${cents}`)

/** The four rules of the standard as they are worded, slowly. */
function plainPenalty(m: Uint8Array): number {
  const at = (x: number, y: number): number => m[y * QR_SIZE + x] as number
  const lines = Array.from({ length: QR_SIZE }, (_, i) => [
    Array.from({ length: QR_SIZE }, (_, j) => at(j, i)).join(''),
    Array.from({ length: QR_SIZE }, (_, j) => at(i, j)).join(''),
  ]).flat()
  let score = 0
  for (const line of lines) {
    for (const run of line.match(/0{5,}|1{5,}/g) ?? []) score += run.length - 2
    for (let i = 0; i + 11 <= QR_SIZE; i++) {
      const window = line.slice(i, i + 11)
      if (window === '10111010000' || window === '00001011101') score += 40
    }
  }
  for (let y = 0; y + 1 < QR_SIZE; y++) {
    for (let x = 0; x + 1 < QR_SIZE; x++) {
      const four = at(x, y) + at(x + 1, y) + at(x, y + 1) + at(x + 1, y + 1)
      if (four === 0 || four === 4) score += 3
    }
  }
  const dark = m.reduce((sum, bit) => sum + bit, 0)
  return score + Math.floor(Math.abs((dark * 100) / m.length - 50) / 5) * 10
}

describe('QR version 4 M', () => {
  test('equals uqr module by module under each of the eight masks', () => {
    fc.assert(
      fc.property(notice, (text) => {
        for (let mask = 0; mask < 8; mask++) expect(drawn(text, mask)).toBe(oracle(text, mask))
      }),
      { numRuns: LONG ? 2000 : 60 },
    )
  }, 300_000)

  test('any bytes up to the capacity, accents included', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'Z', '0', '|', 'è', '€', 'z', ' ', '-') }).filter((t) => {
      // Lower case first keeps uqr in byte mode, the only one we write.
      return new TextEncoder().encode(`a${t}`).length <= QR_CAPACITY
    })
    fc.assert(
      fc.property(text, fc.integer({ min: 0, max: 7 }), (t, mask) => {
        expect(drawn(`a${t}`, mask)).toBe(oracle(`a${t}`, mask))
      }),
      { numRuns: 200 },
    )
  })

  test('the free choice is one of the eight and every mask is chosen by some notice', () => {
    const chosen = new Set<number>()
    for (let i = 0; i < 300; i++) {
      const text = `PAGOPA|002|3012026${String(i).padStart(11, '0')}|80087670016|${i * 37 + 1}`
      const symbol = encodeQr(text)
      expect(symbol.modules).toEqual(encodeQr(text, symbol.mask).modules)
      chosen.add(symbol.mask)
    }
    expect([...chosen].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  })

  test('the mask chosen has the least penalty, counted module by module', () => {
    for (let i = 0; i < 60; i++) {
      const text = `PAGOPA|002|3012026${String(i * 977).padStart(11, '0')}|97249640588|${i * 101 + 7}`
      const scores = Array.from({ length: 8 }, (_, mask) => plainPenalty(encodeQr(text, mask).modules))
      expect(encodeQr(text).mask).toBe(scores.indexOf(Math.min(...scores)))
    }
  })

  test('63 bytes are refused', () => {
    expect(() => encodeQr('a'.repeat(63))).toThrow(/63/)
    expect(encodeQr('a'.repeat(62)).modules.length).toBe(1089)
  })
})
