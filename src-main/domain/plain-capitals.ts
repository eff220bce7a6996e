/** Capital letters that no decomposition takes apart. */
const LETTERS: Readonly<Record<string, string>> = {
  Æ: 'AE',
  Œ: 'OE',
  Ø: 'O',
  Đ: 'D',
  Ð: 'D',
  Ł: 'L',
  Þ: 'TH',
  Ħ: 'H',
  Ŧ: 'T',
  Ŋ: 'N',
  ẞ: 'SS',
  ĸ: 'K',
  Ə: 'A',
  '€': 'EUR',
}

/** Signs with a near one in the set. */
const SIGNS: Readonly<Record<string, string>> = {
  ...Object.fromEntries([...'’‘‛`´ʼʹʻ′'].map((sign) => [sign, "'"])),
  ...Object.fromEntries([...'‐‑‒–—―−⁃_~'].map((sign) => [sign, '-'])),
  ...Object.fromEntries([...'[{'].map((sign) => [sign, '('])),
  ...Object.fromEntries([...']}'].map((sign) => [sign, ')'])),
  ...Object.fromEntries([...'|\\⁄'].map((sign) => [sign, '/'])),
  '&': '+',
  ';': ',',
  '!': '.',
}

/** Marks of accents, quotation marks, and what is never seen: zero widths, soft hyphen, byte order mark. */
const DROPPED = /[\p{M}"«»“”„‹›\u00ad\u200b-\u200f\u2060\ufeff]/gu

/**
 * Text in the letters that every payment system reads: A–Z, 0–9, blank and `' ( ) + , - . / : ?` (the basic set of
 * SEPA, EPC217-08). Accents fall, ß is SS, Đ is D; a sign without counterpart is a blank, blanks never stand together
 * nor at the ends. «Società D’Angelo – Đorđević» is `SOCIETA D'ANGELO - DORDEVIC`.
 */
export function plainCapitals(text: string): string {
  return plainLetters(text).toUpperCase()
}

/** The same with small letters left small: «Società D’Angelo» is `Societa D'Angelo`. */
export function plainLetters(text: string): string {
  // Before the decomposition, which makes a blank and an accent of «´».
  return text
    .replace(/\P{ASCII}/gu, (sign) => SIGNS[sign] ?? sign)
    .normalize('NFKD')
    .replace(DROPPED, '')
    .replace(/[^A-Za-z0-9'()+,\-./:? ]/gu, plainSign)
    .replace(/ {2,}/g, ' ')
    .trim()
}

function plainSign(sign: string): string {
  const capital = sign.toUpperCase()
  const plain = LETTERS[capital] ?? SIGNS[sign] ?? (/^[A-Z]+$/.test(capital) ? capital : ' ')
  return sign === capital ? plain : plain.toLowerCase()
}
