/** A reference, or null for the words with which banks and payers say that there is none. */
export function givenText(text: string | null | undefined): string | null {
  const clean = (text ?? '').trim()
  return clean === '' || /^(?:NOT\s*PROVIDED?|NONREF|0+)$/i.test(clean) ? null : clean
}
