import { describe, expect, test } from 'vitest'
import { type LearnedRule, type RuleAction, ruleFits, ruleFrom, ruleWords } from '#domain/learned-rule'

const away: RuleAction = { kind: 'exclude', reason: 'Affitto della sala' }
const rent = (n: number) => `BONIFICO ${n} DISPOSTO DA CIRCOLO SCACCHI CRO ${n}${n} AFFITTO`
const acts = (causali: string[], action: RuleAction = away) => ({ bankAccountId: 1, action, causali })

describe('what three acts done alike suggest', () => {
  test('their common words, without numbers and without what every bonifico says', () => {
    const rule = ruleFrom(acts([rent(1), rent(2), rent(3)]), [])
    expect(rule).toEqual({ condition: { bankAccountId: 1, words: ['affitto', 'circolo', 'scacchi'] }, action: away })
    expect(ruleFits(rule as LearnedRule, { bankAccountId: 1, words: ruleWords(rent(77)) })).toBe(true)
    expect(ruleFits(rule as LearnedRule, { bankAccountId: 2, words: ruleWords(rent(77)) })).toBe(false)
    expect(ruleFits(rule as LearnedRule, { bankAccountId: 1, words: ruleWords('AFFITTO SALA') })).toBe(false)
  })

  test('two are too few, and words of every bonifico tell nobody', () => {
    expect(ruleFrom(acts([rent(1), rent(2)]), [])).toBeNull()
    const plain = ['BONIFICO A VOSTRO FAVORE 1', 'BONIFICO A VOSTRO FAVORE 2', 'BONIFICO A VOSTRO FAVORE 3']
    expect(ruleFrom(acts(plain), [])).toBeNull()
    const riversamenti = ['1', '2', '3'].map(
      (n) => `BONIFICO A VOSTRO FAVORE /PUR/LGPE-RIVERSAMENTO/TXT/0/URI/2026-03-1${n}A`,
    )
    expect(ruleFrom(acts(riversamenti), [])).toBeNull()
  })

  test('others done between them do not hide it', () => {
    const mixed = [rent(1), 'VENDITA LIBRI', rent(2), 'PARCHEGGIO', rent(3)]
    expect(ruleFrom(acts(mixed), [])?.condition.words).toEqual(['affitto', 'circolo', 'scacchi'])
    expect(ruleFrom(acts([rent(1), rent(2), rent(3), 'PARCHEGGIO']), [])).toBeNull()
  })

  test('what was offered once is not offered again, whatever the answer; another act is', () => {
    const rule = ruleFrom(acts([rent(1), rent(2), rent(3)]), []) as LearnedRule
    expect(
      ruleFrom(acts([rent(4), rent(5), rent(6)], { kind: 'exclude', reason: ' affitto DELLA  sala' }), [rule]),
    ).toBeNull()
    expect(ruleFrom(acts([rent(4), rent(5), rent(6)], { kind: 'match', personId: 9 }), [rule])).not.toBeNull()
  })

  test('accents and case do not count', () => {
    expect([...ruleWords('Caffè SOCIETÀ s.p.a. 12/2026 A1B')]).toEqual(['caffe', 'societa'])
  })
})
