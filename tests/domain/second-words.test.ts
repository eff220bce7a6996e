import { describe, expect, test } from 'vitest'
import { FONTS, missingCharacter, printable } from '#codecs/pdf/font'
import { NOTICE_WORDS, type NoticeWordKey, SECOND_LANGUAGES } from '#domain/notice-words'
import { SECOND_WORDS, secondWords } from '#domain/second-words'

const KEYS = Object.keys(NOTICE_WORDS) as NoticeWordKey[]
const CASES = SECOND_LANGUAGES.flatMap((language) => KEYS.map((key) => [language, key] as const))

const fieldsOf = (text: string): string[] => [...text.matchAll(/\{[a-z]+\}/g)].map((m) => m[0]).sort()

/** As it is printed: the sentence on site and app stands inside another. */
function sentence(words: { readonly appText: string }, key: NoticeWordKey, text: string): string {
  return key.startsWith('online') ? words.appText.replace('{online}', text) : text
}

describe('the words of the second languages', () => {
  test.each(SECOND_LANGUAGES)('%s has every word', (language) => {
    expect(Object.keys(SECOND_WORDS[language]).sort()).toEqual([...KEYS].sort())
  })

  test.each(CASES)('%s %s: fields, bold, blanks and length as the Italian', (language, key) => {
    const italian: string = NOTICE_WORDS[key]
    const { text, official } = SECOND_WORDS[language][key]
    expect(text.trim()).not.toBe('')
    expect(fieldsOf(text)).toEqual(fieldsOf(italian))
    expect(text.split('*').length).toBe(italian.split('*').length)
    expect(text.endsWith(', ')).toBe(italian.endsWith(', '))
    expect(text).not.toMatch(/ {2}|^ |['"]/)
    expect(text === text.toUpperCase()).toBe(italian === italian.toUpperCase() || text === 'EUR')
    // Official texts are as long as they are; ours take the room that the Italian has.
    const own = sentence(secondWords(language), key, text)
    const room = sentence(NOTICE_WORDS, key, italian).length
    if (!official) expect(own.length).toBeLessThanOrEqual(Math.max(room * 1.4, room + 4))
    for (const font of FONTS) expect(missingCharacter(font, printable(text))).toBeNull()
  })

  test('a replacement takes the place of ours, an empty one does not', () => {
    const words = secondWords('sl', { creditor: 'UPNIK', debtor: '' })
    expect(words.creditor).toBe('UPNIK')
    expect(words.debtor).toBe('PREJEMNIK')
    expect(Object.keys(words)).toEqual(KEYS)
    expect(secondWords('de').onlineSite).toBe('auf der Website der Körperschaft, ')
  })
})
