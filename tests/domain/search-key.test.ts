import { expect, test } from 'vitest'
import { searchKey, searchPattern } from '#domain/search-key'

test('accents, apostrophes, case and punctuation are one key', () => {
  for (const name of ['D’Amico Nicolò', "D'AMICO NICOLO'", ' damico   nicolo ', 'D`amico-Nicoló']) {
    expect(searchKey(name)).toBe('damico nicolo')
  }
  expect(searchKey('Müller & Strauß S.r.l.')).toBe('muller strauss s r l')
  expect(searchKey('Đorđević Łukasz', null, 'BNCLRA80A41F205X')).toBe('dordevic lukasz bnclra80a41f205x')
})

test('what a person types cannot hold wildcards', () => {
  expect(searchPattern('100%_ Rossi')).toBe('%100 rossi%')
  expect(searchPattern('')).toBe('%%')
})
