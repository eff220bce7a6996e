import fc from 'fast-check'
import { encode } from 'uqr'
import { describe, expect, test } from 'vitest'
import { encodeQr, QR_CAPACITY, QR_SIZE } from '#codecs/barcode/qr'

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

describe('QR version 4 M', () => {
  test('equals uqr module by module under each forced mask', () => {
    fc.assert(
      fc.property(notice, fc.integer({ min: 0, max: 7 }), (text, mask) => {
        expect(drawn(text, mask)).toBe(oracle(text, mask))
      }),
      { numRuns: 400 },
    )
  })

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

  test('63 bytes are refused', () => {
    expect(() => encodeQr('a'.repeat(63))).toThrow(/63/)
    expect(encodeQr('a'.repeat(62)).modules.length).toBe(1089)
  })
})
