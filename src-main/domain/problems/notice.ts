import { entry } from './entry.ts'

/** Notices and the other papers. */
export const noticeProblems = {
  PAPER_CHARACTER: entry<{ character: string; codePoint: string; text: string; person: string }>(
    ({ character, codePoint, text, person }) =>
      `Il carattere «${character}» (${codePoint}) in «${text}» non esiste nei caratteri di stampa: il documento di ${person} non si può stampare.`,
    () => 'Riscrivi quel testo con lettere latine nell’anagrafica o nella causale e riprova.',
  ),
  PAPER_TEXT_TOO_LONG: entry<{ field: string; text: string; person: string }>(
    ({ field, text, person }) => `Il testo di «${field}» nel documento di ${person} non sta nel suo spazio: «${text}».`,
    () => 'Accorcialo: niente viene tagliato in silenzio.',
  ),
  NOTICE_AMOUNT_RANGE: entry<{ amount: string; person: string }>(
    ({ amount, person }) => `L’importo di ${amount} euro dell’avviso di ${person} è fuori dai limiti di pagoPA.`,
    () => 'Deve essere tra 0,01 e 999.999.999,99 euro.',
  ),
  SLIP_AMOUNT_RANGE: entry<{ amount: string; person: string }>(
    ({ amount, person }) => `L’importo di ${amount} euro dell’avviso di ${person} non sta nel bollettino postale.`,
    () => 'Deve essere tra 0,01 e 99.999.999,99 euro: dividilo in rate, o stampa senza bollettino.',
  ),
  SLIP_ACCOUNT_WRONG: entry<{ account: string }>(
    ({ account }) => `Il numero di conto corrente postale «${account}» non va bene per il bollettino.`,
    () => 'Deve avere da 1 a 12 cifre, senza punti né spazi: correggilo in Impostazioni, Avvisi.',
  ),
  POSITION_GONE: entry(
    () => 'Questa posizione non c’è.',
    () => 'Torna all’elenco e aggiornalo.',
  ),
  NOTHING_TO_ISSUE: entry(
    () => 'Con questi filtri non c’è niente da emettere.',
    () => 'Allarga i filtri, o rimetti le righe tolte.',
  ),
  VALIDITY_BEFORE_DUE: entry<{ due: string; until: string }>(
    ({ due, until }) => `La scadenza ${due} è dopo la fine della validità ${until}.`,
    () => 'Sposta la fine della validità o la scadenza.',
  ),
  GROUP_DESCRIPTION_MISSING: entry(
    () => 'Manca la descrizione delle posizioni raggruppate.',
    () => 'Scrivila: è la causale che il debitore legge, al massimo 140 caratteri.',
  ),
  NOTHING_TO_PRINT: entry(
    () => 'Non c’è nessun avviso da stampare.',
    () => 'Scegli delle posizioni emesse e non annullate.',
  ),
  NOTICE_QR_DIFFERS: entry<{ person: string }>(
    ({ person }) => `Il codice QR dell’avviso di ${person} non dice ciò che dice la posizione.`,
    () => 'Non consegnarlo: segnalalo all’assistenza.',
  ),
  NOTICE_SLIP_DIFFERS: entry<{ person: string }>(
    ({ person }) => `Il codice del bollettino postale di ${person} non dice ciò che dice la posizione.`,
    () => 'Non consegnare l’avviso: segnalalo all’assistenza.',
  ),
  NOTICE_NAMES_COLLIDE: entry<{ name: string; people: string }>(
    ({ name, people }) => `Più avvisi avrebbero lo stesso file «${name}»: ${people}. Non sono stati salvati.`,
    () => 'Metti {iuv} o {numeroAvviso} nel nome dei file, in Impostazioni › Avvisi.',
  ),
  FILE_NAME_SAME: entry(
    () => 'Con questo schema due avvisi possono avere lo stesso nome.',
    () => 'Mettici {iuv} o {numeroAvviso}.',
  ),
  FILE_NAME_CHARACTER: entry<{ character: string }>(
    ({ character }) => `Il carattere «${character}» non può stare nel nome di un file.`,
    () => 'Usa lettere, cifre, spazi, trattini, punti e parentesi tonde.',
  ),
  FILE_NAME_LONG: entry<{ limit: number }>(
    ({ limit }) => `Con questo schema i nomi passano i ${limit} caratteri.`,
    () => 'Togli un campo o del testo.',
  ),
  LETTER_GONE: entry(
    () => 'Questa lettera non c’è.',
    () => 'Aggiorna l’elenco e scegline un’altra.',
  ),
  LETTER_IN_USE: entry<{ name: string }>(
    ({ name }) => `La lettera «${name}» accompagna una campagna che non è finita.`,
    () => 'Aspetta che la campagna finisca, o annullala, poi togli la lettera.',
  ),
  LETTER_NAME_TAKEN: entry<{ name: string }>(
    ({ name }) => `C’è già una lettera di nome «${name}».`,
    () => 'Scegli un altro nome.',
  ),
  PAPER_PRESS_STOPPED: entry<{ reason: string }>(
    ({ reason }) => `Il disegno dei documenti si è fermato: ${reason}. Nessun file è rimasto a metà.`,
    () => 'Riprova; se succede ancora, disegnane meno alla volta.',
  ),
} as const
