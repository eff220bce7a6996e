import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CentsColumn, IdPlaces, IntColumn } from '#domain/reconcile-columns'
import { IuvIndex } from '#domain/reconcile-iuv-index'

test('IUVs of any shape are found as a map finds them', () => {
  const iuv = fc.oneof(
    { weight: 4, arbitrary: fc.nat(400).map((n) => `01${String(n * 7).padStart(15, '0')}`) },
    { weight: 1, arbitrary: fc.nat(50).map((n) => String(n).padStart(15, '0')) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('RF23567483937849450550875', '', '0100000000000 012', '01000000000000-12'),
    },
    { weight: 1, arbitrary: fc.stringMatching(/^[0-9]{17}$/) },
  )
  fc.assert(
    fc.property(fc.uniqueArray(iuv, { maxLength: 300 }), fc.array(iuv), (known, asked) => {
      const index = new IuvIndex(known.length)
      known.forEach((text, place) => {
        index.add(text, place)
      })
      const map = new Map(known.map((text, place) => [text, place]))
      for (const text of [...known, ...asked]) {
        expect(index.get(text)).toBe(map.get(text))
        expect(index.has(text)).toBe(map.has(text))
      }
    }),
    { seed: 20260401 },
  )
})

test.each([
  ['close together', [5, 1, 9, 5]],
  ['far apart', [5, 1_000_000_000_000, 9, 5]],
])('places of ids %s: the last of equal ones counts', (_, ids) => {
  const places = new IdPlaces(ids.length, (i) => ids[i] as number)
  expect([5, ids[1] as number, 9, 2, -1].map((id) => places.of(id))).toEqual([3, 1, 2, -1, -1])
})

test('columns grow and keep what they hold', () => {
  const whole = new IntColumn()
  const money = new CentsColumn()
  for (let i = 0; i < 5000; i++) {
    whole.push(i)
    money.push(i * 10_000_000_000)
  }
  whole.put(6000, 7)
  expect([whole.at(4999), whole.at(5500), whole.at(6000), whole.length]).toEqual([4999, -1, 7, 6001])
  expect([money.at(4999), money.length]).toEqual([49_990_000_000_000, 5000])
})
