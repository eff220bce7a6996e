import { formatDate, type IsoDate } from './date.ts'

/** The bank credit behind a line, as far as it is known. */
export interface CreditNames {
  readonly provvisorio: string | number | null
  readonly bookingDate: IsoDate
  readonly bankReference: string | null
}

/** A credit in words: the treasurer's number where there is one, never an invented one (DOMAIN.md §7). */
export function creditInWords(credit: CreditNames): string {
  const day = formatDate(credit.bookingDate)
  if (credit.provvisorio !== null) return `provvisorio n. ${credit.provvisorio} del ${day}`
  return credit.bankReference === null
    ? `accredito del ${day}`
    : `accredito del ${day}, riferimento ${credit.bankReference}`
}

/** The credits of several lines, each once, in their order. */
export function creditsInWords(lines: readonly CreditNames[]): string[] {
  return [...new Set(lines.map(creditInWords))]
}
