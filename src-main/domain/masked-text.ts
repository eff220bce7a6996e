const FISCAL_CODE = /\b[A-Z]{6}[0-9LMNPQRSTUV]{2}[A-EHLMPRST][0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{3}[A-Z]\b/gi
const MAIL = /[\w.+-]+@[\w-]+(\.[\w-]+)+/g

/** A text for a log: fiscal codes of people and mail addresses masked by their form, at most 8,000 characters. */
export function maskedText(text: string): string {
  return text.slice(0, 8_000).replace(FISCAL_CODE, '[codice fiscale]').replace(MAIL, '[indirizzo]')
}
