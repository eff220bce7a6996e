import type { FiscalCode } from './fiscal-code.ts'

/** Beyond as many words a name is that of something else. */
const MAX_WORDS = 9

/**
 * Whether the first six letters of a person's code can come from the name, whichever of its words are the surname and in
 * whatever order they are written (pagopa.md §12.1). Null where nothing can be said: codes of 11 digits, names with
 * digits or letters that Italian keyboards do not have, one word alone.
 */
export function fitsName(code: FiscalCode, name: string): boolean | null {
  if (code.length !== 16) return null
  const words = wordsOf(name)
  if (words === null || words.length < 2 || words.length > MAX_WORDS) return null
  const surname = code.slice(0, 3)
  const first = code.slice(3, 6)
  if (words.length === 2) {
    const [a, b] = words as [string, string]
    return (
      (surnameCode(a) === surname && nameCode(b) === first) || (surnameCode(b) === surname && nameCode(a) === first)
    )
  }
  const runs: [number, number, string][] = []
  for (let from = 0; from < words.length; from += 1) {
    for (let to = from + 1; to <= words.length; to += 1) runs.push([from, to, words.slice(from, to).join('')])
  }
  return runs.some(
    ([from, to, text]) =>
      surnameCode(text) === surname &&
      runs.some(([a, b, other]) => (b <= from || a >= to) && nameCode(other) === first),
  )
}

/** Consonants, then vowels, then X: three letters. */
export function surnameCode(letters: string): string {
  return `${consonants(letters)}${vowels(letters)}XXX`.slice(0, 3)
}

/** As the surname, but of four consonants or more the second is left out. */
export function nameCode(letters: string): string {
  const found = consonants(letters)
  return found.length >= 4 ? `${found[0]}${found[2]}${found[3]}` : surnameCode(letters)
}

/** Capital words without accents and apostrophes; null when a letter or a sign cannot be of a name. */
function wordsOf(name: string): string[] | null {
  if (/^[A-Za-z]+ [A-Za-z]+$/.test(name)) return name.toUpperCase().split(' ')
  const plain = name
    .normalize('NFD')
    .replaceAll(/[\u0300-\u036f'’‘`´.]/g, '')
    .replaceAll(/[-–,]/g, ' ')
    .toUpperCase()
  return /^[A-Z\s]+$/.test(plain) ? plain.trim().split(/\s+/) : null
}

function consonants(letters: string): string {
  return letters.replaceAll(/[AEIOU]/g, '')
}

function vowels(letters: string): string {
  return letters.replaceAll(/[^AEIOU]/g, '')
}
