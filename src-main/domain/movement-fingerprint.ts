import type { IsoDate } from './date.ts'
import type { Cents } from './money.ts'

/** What tells one movement of an account from another (DOMAIN.md §1). */
export interface FingerprintedMovement {
  readonly bookingDate: IsoDate
  readonly valueDate: IsoDate | null
  readonly cents: Cents
  readonly description: string
  readonly bankReference: string | null
}

/**
 * Canonical text of each movement of one file, to be hashed by the caller. Two equal rows of one file are two movements
 * (`k` counts them), while an overlapping export yields the same texts and adds nothing. Blanks and case of the
 * description do not count: banks move them between one export and the next.
 */
export function fingerprintTexts(account: string, movements: readonly FingerprintedMovement[]): string[] {
  const seen = new Map<string, number>()
  return movements.map((m) => {
    const tuple = [
      account,
      m.bookingDate,
      m.valueDate ?? '',
      String(m.cents),
      m.description.replace(/\s+/g, '').toUpperCase(),
      m.bankReference ?? '',
    ].join('\u241f')
    const k = (seen.get(tuple) ?? 0) + 1
    seen.set(tuple, k)
    return `${tuple}\u241f${k}`
  })
}
