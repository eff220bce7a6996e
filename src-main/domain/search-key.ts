/** Letters that no decomposition takes apart, as Italian keyboards write them. */
const LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ł: 'l',
  þ: 'th',
  ı: 'i',
}

const PLAIN = /^[\0-\x7f]*$/

/**
 * Text as it is searched: lower case, blind to accents, apostrophes and punctuation, one blank between words. So
 * «D’Amico Nicolò», «D'AMICO NICOLO'» and «damico nicolo» are one key.
 */
export function searchKey(...parts: readonly (string | null | undefined)[]): string {
  const text = parts.filter((part) => part !== null && part !== undefined).join(' ')
  // Nearly all of them: nothing to take apart, and tens of thousands are folded while a person types.
  if (PLAIN.test(text))
    return text
      .toLowerCase()
      .replace(/['`]/g, '')
      .replace(/[^a-z0-9]+/g, ' ')
      .trim()
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[ßæœøđðłþı]/g, (letter) => LETTERS[letter] as string)
    .replace(/[\p{M}'’‘`´ʼ]/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

/** LIKE pattern of what a person typed: its folded text anywhere. Nothing needs escaping, the fold leaves no wildcard. */
export function searchPattern(typed: string): string {
  return `%${searchKey(typed)}%`
}
