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
    () => 'Al loro posto si stampano numeri, date e parole che cambiano da avviso ad avviso.',
  ),
  NOTICE_WORD_BOLD: entry<{ italian: string }>(
    ({ italian }) => `Nel testo per «${italian}» un asterisco non ha il suo compagno.`,
    () => 'Il grassetto sta fra due asterischi: *così*.',
  ),
} as const
