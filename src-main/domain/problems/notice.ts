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
  POSITION_ACT_REFUSED: entry<{ reason: string }>(
    ({ reason }) => `Non si può fare: ${reason.charAt(0).toLowerCase()}${reason.slice(1)}.`,
    () => 'Niente è stato cambiato.',
  ),
  POSITION_ACT_MOVED: entry<{ expected: number; found: number }>(
    ({ expected, found }) =>
      expected === found
        ? 'Nel frattempo qualcosa è cambiato.'
        : `Nel frattempo qualcosa è cambiato: erano ${expected}, ora sono ${found}.`,
    () => 'Guarda di nuovo l’anteprima e conferma: niente è stato fatto.',
  ),
  NEW_POSITION_EMPTY: entry(
    () => 'Non c’è ancora niente da chiedere.',
    () => 'Aggiungi almeno una riga.',
  ),
  NEW_POSITION_ONLY_OTHERS: entry(
    () => 'Ci sono solo somme di altri enti.',
    () => 'Aggiungi almeno una riga dell’ente: le posizioni di altri le emettono loro.',
  ),
  NEW_POSITION_SERVICE: entry(
    () => 'Il tipo di dovuto manca o non è più in uso.',
    () => 'Sceglilo di nuovo.',
  ),
  NEW_POSITION_CAPITOLO: entry(
    () => 'Il capitolo non c’è più.',
    () => 'Sceglilo di nuovo.',
  ),
  NEW_POSITION_AMOUNT: entry(
    () => 'L’importo deve essere maggiore di zero.',
    () => 'Scrivilo, o togli la riga.',
  ),
  NEW_POSITION_TOO_MUCH: entry<{ cents: string }>(
    ({ cents }) => `${cents} supera il limite di pagoPA per un pagamento, 999.999.999,99.`,
    () => 'Dividi la posizione.',
  ),
  NEW_POSITION_TERMS: entry(
    () => 'Manca il modo di pagare.',
    () => 'Scegli il pagamento unico, le rate o tutt’e due.',
  ),
  NEW_POSITION_INSTALLMENTS: entry<{ asked: string; total: string; left: string }>(
    ({ asked, total, left }) => `Le rate fanno ${asked} e non ${total}: la differenza è ${left}.`,
    () => 'Correggi gli importi: la somma deve tornare al centesimo.',
  ),
  NEW_POSITION_DATES: entry(
    () => 'Le scadenze delle rate non sono in ordine.',
    () => 'Ogni rata scade dopo quella prima, o lo stesso giorno.',
  ),
  NEW_POSITION_TRANSFERS: entry(
    () => 'Servono più di cinque bonifici in un pagamento: pagoPA ne ammette cinque.',
    () => 'Togli una riga o un altro ente, e fai un’altra posizione.',
  ),
  NEW_POSITION_OTHER_CODE: entry<{ value: string }>(
    ({ value }) => `«${value}» non è il codice fiscale di un ente: 11 cifre.`,
    () => 'Scrivi quello dell’ente che riceve la somma.',
  ),
  NEW_POSITION_OTHER_OWN: entry(
    () => 'Il codice fiscale dell’altro ente è il vostro.',
    () => 'Per le vostre somme aggiungi una riga tra i dovuti.',
  ),
  NEW_POSITION_REFERENCE: entry<{ value: string; name: string }>(
    ({ value, name }) => `L’identificativo «${value}» è già della posizione di ${name}.`,
    () => 'Scrivine un altro: è unico.',
  ),
  DEBT_TWICE: entry<{ name: string }>(
    ({ name }) => `L’accertamento ${name} sta due volte tra le righe.`,
    () => 'Toglilo una volta.',
  ),
  POSITION_ACT_ONE: entry(
    () => 'Importi e rate scritti a mano valgono per una sola posizione.',
    () => 'Scegline una.',
  ),
  POSITION_DUE_PAST: entry<{ count: number }>(({ count }) =>
    count === 1 ? 'La scadenza è già passata.' : `Per ${count} posizioni la scadenza è già passata.`,
  ),
  POSITION_VALIDITY_PAST: entry<{ count: number }>(({ count }) =>
    count === 1 ? 'La validità è già finita: non si può pagare.' : `Per ${count} posizioni la validità è già finita.`,
  ),
  ADDED_DEBT_OF_ANOTHER: entry<{ name: string }>(
    ({ name }) => `L’accertamento ${name} è di un’altra persona.`,
    () => 'Su una posizione stanno solo i dovuti del suo debitore.',
  ),
  DEBT_ASKED_ALREADY: entry<{ name: string }>(
    ({ name }) => `L’accertamento ${name} ha già una posizione emessa.`,
    () => 'Cambia quella, o annullala prima.',
  ),
  DEBT_NOTHING_LEFT: entry<{ name: string }>(
    ({ name }) => `Dell’accertamento ${name} non resta niente da riscuotere.`,
    () => 'Toglilo dalle righe.',
  ),
  DEBT_NOT_PAGOPA: entry<{ name: string }>(
    ({ name }) => `Il tipo di dovuto di «${name}» non si paga con pagoPA: non può stare su un avviso.`,
    () => 'Togli la riga; il tipo si cambia nelle impostazioni, tra i tipi di dovuto.',
  ),
  DEBT_WITHOUT_ACCOUNT: entry<{ name: string }>(
    ({ name }) => `Il tipo di dovuto di «${name}» non ha un conto con IBAN.`,
    () => 'Sceglilo nelle impostazioni, tra i tipi di dovuto.',
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
