import { daysBetween, type IsoDate } from './date.ts'
import { isMailable, type PostalLabel } from './postal-address.ts'

/** Days that printing, posting and delivering a batch may take. */
export const POST_DAYS = 25

export interface PostalPiece {
  readonly label: PostalLabel
  /** Of the payment that leads; null where there is none. */
  readonly dueDate: IsoDate | null
}

/** What to read before a batch is made, in Italian; `leaving` is the day on which it is handed over. */
export function postWarnings(pieces: readonly PostalPiece[], leaving: IsoDate): string[] {
  const days = pieces.flatMap(({ dueDate }) => (dueDate === null ? [] : [daysBetween(leaving, dueDate)]))
  const late = days.filter((n) => n < 0).length
  const soon = days.filter((n) => n >= 0 && n < POST_DAYS)
  const doubtful = pieces.filter(({ label }) => isMailable(label) && label.doubts.length > 0).length
  const abroad = pieces.filter(({ label }) => label.country !== '').length
  const warnings: string[] = []
  if (soon.length > 0) {
    const least = Math.min(...soon)
    const when = least === 0 ? 'la prima oggi' : `la prima fra ${least === 1 ? 'un giorno' : `${least} giorni`}`
    warnings.push(
      `${many(soon.length, 'Un avviso scade', 'avvisi scadono')} fra meno di ${POST_DAYS} giorni (${when}): per posta si rischia di arrivare tardi.`,
    )
  }
  if (late > 0) warnings.push(`${many(late, 'Un avviso è già scaduto', 'avvisi sono già scaduti')}.`)
  if (doubtful > 0) {
    warnings.push(
      `${many(doubtful, 'Un indirizzo ha', 'indirizzi hanno')} qualcosa che Poste può rifiutare: guarda «Indirizzi da controllare» prima di confermare.`,
    )
  }
  if (abroad > 0)
    warnings.push(`${many(abroad, 'Una lettera va', 'lettere vanno')} all’estero, dove la posta costa di più.`)
  return warnings
}

function many(count: number, one: string, more: string): string {
  return count === 1 ? one : `${count} ${more}`
}
