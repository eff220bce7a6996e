import { entry } from './entry.ts'

/** What the institution decides about its notices. */
export const noticeStyleProblems = {
  SLIP_ACCOUNT_KIND: entry<{ name: string }>(
    ({ name }) => `Il conto «${name}» non è un conto postale: il bollettino non può portarlo.`,
    () => 'Scegli un conto di tipo postale, o nessuno.',
  ),
  SLIP_ACCOUNT_NUMBER: entry<{ name: string }>(
    ({ name }) => `Del conto postale «${name}» non si conosce il numero di conto corrente.`,
    () => 'Scrivi il suo IBAN in Impostazioni › Conti: il numero si legge da lì.',
  ),
  SLIP_ACCOUNT_CLOSED: entry<{ name: string }>(
    ({ name }) => `Il conto «${name}» è chiuso.`,
    () => 'Scegli un conto postale aperto, o nessuno.',
  ),
  SLIP_HOLDER_MISSING: entry(
    () => 'Manca l’intestatario del conto postale.',
    () => 'Scrivilo come lo registra Poste: si stampa dopo «Intestato a».',
  ),
  NOTICE_WORD_UNKNOWN: entry<{ key: string }>(
    ({ key }) => `La parola «${key}» non esiste negli avvisi.`,
    () => 'Aggiorna la pagina e riprova.',
  ),
  NOTICE_WORD_FIELDS: entry<{ italian: string; fields: string }>(
    ({ italian, fields }) => `Il testo per «${italian}» deve contenere ${fields}, una volta, e nessun altro campo.`,
    () => 'Un campo fra graffe diventa un numero, una data o una parola, diversi da avviso ad avviso.',
  ),
  NOTICE_WORD_CHARACTER: entry<{ character: string; codePoint: string; text: string }>(
    ({ character, codePoint, text }) =>
      `Il carattere «${character}» (${codePoint}) in «${text}» non esiste nei caratteri di stampa degli avvisi.`,
    () => 'Scrivi il testo della seconda lingua con lettere latine.',
  ),
  NOTICE_WORD_TOO_LONG: entry<{ text: string }>(
    ({ text }) => `Sull’avviso non c’è posto per tutto questo testo: «${text}».`,
    () => 'Accorcialo, o dividi le parole molto lunghe.',
  ),
  NOTICE_WORD_BOLD: entry<{ italian: string }>(
    ({ italian }) => `Nel testo per «${italian}» un asterisco non ha il suo compagno.`,
    () => 'Il grassetto sta fra due asterischi: *così*.',
  ),
} as const
