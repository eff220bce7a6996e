import { entry } from './entry.ts'

/** The register workbook and its cells; then what only the books can tell of a row. */
export const registerProblems = {
  REGISTER_NO_HEADINGS: entry<{ sheets: string }>(
    ({ sheets }) => `Nessun foglio ha la riga di intestazione del tracciato (fogli letti: ${sheets}).`,
    () => 'Assegna le colonne ai campi, oppure parti dal modello che il programma genera.',
  ),
  REGISTER_COLUMN_MISSING: entry<{ heading: string }>(
    ({ heading }) => `Manca la colonna obbligatoria «${heading}».`,
    () => 'Aggiungila con questa intestazione, oppure assegna le colonne ai campi.',
  ),
  REGISTER_COLUMN_REPEATED: entry<{ heading: string; column: string }>(
    ({ heading, column }) => `La colonna «${heading}» c’è due volte: è già la ${column}.`,
    () => 'Lasciane una sola.',
  ),
  REGISTER_COLUMN_UNKNOWN: entry<{ heading: string }>(
    ({ heading }) => `La colonna «${heading}» non è del tracciato e non viene letta.`,
    () => 'Se serve, correggi l’intestazione; altrimenti lasciala pure.',
  ),
  REGISTER_NO_ROWS: entry(
    () => 'Sotto le intestazioni non c’è nessuna riga.',
    () => 'Scrivi una riga per ogni quota.',
  ),
  REGISTER_TOO_MANY_ROWS: entry<{ limit: string }>(
    ({ limit }) => `Il registro ha più di ${limit} righe.`,
    () => 'Dividilo in più file.',
  ),
  FIELD_EMPTY: entry<{ heading: string }>(
    ({ heading }) => `Manca ${heading}.`,
    () => 'È un dato obbligatorio: scrivilo.',
  ),
  TEXT_TOO_LONG: entry<{ length: number; limit: number }>(
    ({ length, limit }) => `Il testo è di ${length} caratteri, il limite è ${limit}.`,
    () => 'Accorcialo.',
  ),
  CELL_CONTROL_CHARACTER: entry<{ code: string }>(
    ({ code }) => `La cella contiene un carattere invisibile (${code}).`,
    () => 'Cancella la cella e riscrivila a mano.',
  ),
  CELL_ERROR: entry<{ value: string }>(
    ({ value }) =>
      value.startsWith('#')
        ? `La cella contiene l’errore di Excel «${value}».`
        : `La cella dice di essere un numero, ma contiene «${value}».`,
    () => 'Correggi la formula o scrivi il valore.',
  ),
  CELL_NO_VALUE: entry<{ formula: string }>(
    ({ formula }) => `La formula «${formula}» non ha un valore salvato.`,
    () => 'Apri il file in Excel, lascialo calcolare e salvalo; oppure scrivi il valore.',
  ),
  CELL_KIND: entry<{ found: string; expected: string }>(
    ({ found, expected }) => `La cella contiene ${found}, serve ${expected}.`,
    () => 'Imposta il formato «Testo» e riscrivi il valore.',
  ),
  CELL_MERGED: entry<{ range: string }>(
    ({ range }) => `Le celle ${range} sono unite: solo la prima ha un valore.`,
    () => 'Separale e scrivi il valore in ogni riga.',
  ),
  FISCAL_CODE_LENGTH: entry<{ value: string; length: number }>(
    ({ value, length }) => `Il codice fiscale «${value}» ha ${length} caratteri.`,
    () => 'Servono 16 caratteri per una persona, 11 cifre per una società o un ente.',
  ),
  FISCAL_CODE_STRUCTURE: entry<{ value: string }>(
    ({ value }) => `Il codice fiscale «${value}» non ha la forma giusta (lettere e cifre fuori posto).`,
    () => 'Confrontalo con la tessera sanitaria.',
  ),
  FISCAL_CODE_LOST_ZEROS: entry<{ value: string; proposal: string }>(
    ({ value, proposal }) =>
      `Il codice fiscale «${value}» è un numero a cui Excel ha tolto gli zeri iniziali (forse ${proposal}).`,
    () => 'Imposta il formato «Testo» e riscrivilo con tutte le 11 cifre.',
  ),
  FISCAL_CODE_SUSPICIOUS: entry<{ value: string; expected: string }>(
    ({ value, expected }) =>
      `Il codice fiscale «${value}» non supera il controllo: l’ultimo carattere dovrebbe essere ${expected}.`,
    () => 'Verificalo: se è davvero così, puoi importarlo lo stesso.',
  ),
  FISCAL_CODE_CATEGORY: entry<{ value: string; category: string }>(
    ({ value, category }) =>
      `Il codice fiscale «${value}» non è quello di una persona, ma la categoria è «${category}».`,
    () =>
      'Verifica la categoria: una società ha «società tra professionisti»; il codice provvisorio di una persona può restare.',
  ),
  VAT_FORM: entry<{ value: string }>(
    ({ value }) => `La partita IVA «${value}» non è di 11 cifre.`,
    () => 'Scrivi le 11 cifre senza «IT», in una cella di formato «Testo».',
  ),
  VAT_CHECK: entry<{ value: string; expected: string }>(
    ({ value, expected }) =>
      `La partita IVA «${value}» non supera il controllo: l’ultima cifra dovrebbe essere ${expected}.`,
    () => 'Verificala sulla visura.',
  ),
  CATEGORY_UNKNOWN: entry<{ value: string }>(
    ({ value }) => `Categoria sconosciuta: «${value}».`,
    () => 'Usa professionista, società tra professionisti, praticante oppure altro.',
  ),
  AMOUNT_EMPTY: entry(
    () => 'Manca l’importo.',
    () => 'Scrivi l’importo in euro, per esempio 215,00.',
  ),
  AMOUNT_UNREADABLE: entry<{ value: string }>(
    ({ value }) => `Importo non leggibile: «${value}».`,
    () => 'Usa la forma 1.234,56.',
  ),
  AMOUNT_TOO_PRECISE: entry<{ value: string }>(
    ({ value }) => `L’importo «${value}» ha più di due decimali.`,
    () => 'Arrotondalo al centesimo.',
  ),
  AMOUNT_NOT_POSITIVE: entry<{ value: string }>(
    ({ value }) => `L’importo «${value}» non è maggiore di zero.`,
    () => 'Togli la riga o scrivi quanto è dovuto.',
  ),
  AMOUNT_TOO_LARGE: entry<{ value: string }>(
    ({ value }) => `Importo troppo grande: «${value}».`,
    () => 'pagoPA accetta al massimo 999.999.999,99 euro.',
  ),
  DATE_UNREADABLE: entry<{ value: string }>(
    ({ value }) => `Data non leggibile: «${value}».`,
    () => 'Usa la forma 31/03/2026.',
  ),
  DATE_NOT_EXISTING: entry<{ value: string }>(
    ({ value }) => `Il giorno «${value}» non esiste.`,
    () => 'Correggilo guardando il calendario.',
  ),
  DATE_SHORT_YEAR: entry<{ value: string }>(
    ({ value }) => `L’anno della data «${value}» ha due cifre.`,
    () => 'Scrivilo con quattro cifre, per esempio 31/03/2026.',
  ),
  DATE_OUT_OF_RANGE: entry<{ value: string; from: number; to: number }>(
    ({ value, from, to }) => `La data «${value}» è fuori dagli anni ammessi, dal ${from} al ${to}.`,
    () => 'Correggi l’anno.',
  ),
  YEAR_UNREADABLE: entry<{ value: string }>(
    ({ value }) => `Anno non leggibile: «${value}».`,
    () => 'Scrivi quattro cifre, per esempio 2026.',
  ),
  YEAR_OUT_OF_RANGE: entry<{ value: string; from: number; to: number }>(
    ({ value, from, to }) => `L’anno «${value}» è fuori da quelli ammessi, dal ${from} al ${to}.`,
    () => 'Correggi l’anno di competenza.',
  ),
  EMAIL_WRONG: entry<{ value: string }>(
    ({ value }) => `Indirizzo e-mail sbagliato: «${value}».`,
    () => 'Usa la forma nome@dominio.it.',
  ),
  EMAIL_MANY: entry<{ value: string }>(
    ({ value }) => `Nella cella ci sono più indirizzi: «${value}».`,
    () => 'Lasciane uno solo.',
  ),
  PEC_WRONG: entry<{ value: string }>(
    ({ value }) => `Indirizzo PEC sbagliato: «${value}».`,
    () => 'Usa la forma nome@pec.dominio.it.',
  ),
  POSTAL_CODE_WRONG: entry<{ value: string }>(
    ({ value }) => `CAP sbagliato: «${value}».`,
    () => 'Servono 5 cifre, per esempio 09124.',
  ),
  POSTAL_CODE_LOST_ZEROS: entry<{ value: string; proposal: string }>(
    ({ value, proposal }) =>
      `Il CAP «${value}» è un numero a cui Excel ha tolto gli zeri iniziali (forse ${proposal}).`,
    () => 'Imposta il formato «Testo» e riscrivilo con 5 cifre.',
  ),
  PROVINCE_UNKNOWN: entry<{ value: string }>(
    ({ value }) => `Provincia sconosciuta: «${value}».`,
    () => 'Scrivi la sigla di due lettere, per esempio CA.',
  ),
  COUNTRY_UNKNOWN: entry<{ value: string }>(
    ({ value }) => `Stato sconosciuto: «${value}».`,
    () => 'Scrivi la sigla di due lettere, per esempio IT.',
  ),
  ADDRESS_INCOMPLETE: entry<{ missing: string }>(
    ({ missing }) => `L’indirizzo è incompleto: manca ${missing}.`,
    () => 'Completalo, oppure lascia vuote tutte le sue colonne.',
  ),
  ROW_DUPLICATE: entry<{ row: number }>(
    ({ row }) => `La riga è uguale alla riga ${row}: stesso codice fiscale, servizio, anno, causale e importo.`,
    () => 'Togli quella di troppo, oppure distinguile con la causale o con il riferimento esterno.',
  ),
  REFERENCE_DUPLICATE: entry<{ value: string; row: number }>(
    ({ value, row }) => `Il riferimento esterno «${value}» è già alla riga ${row}.`,
    () => 'Ogni riga deve avere il suo.',
  ),
  NAME_DIFFERS: entry<{ value: string; other: string; row: number }>(
    ({ value, other, row }) => `Lo stesso codice fiscale ha nomi diversi: «${value}» qui, «${other}» alla riga ${row}.`,
    () => 'Verifica quale dei due è giusto.',
  ),
  SERVICE_UNKNOWN: entry<{ value: string; suggestion: string }>(
    ({ value, suggestion }) =>
      `Il servizio «${value}» non è tra i tipi di dovuto${suggestion === '' ? '' : ` (forse «${suggestion}»)`}.`,
    () => 'Correggilo, oppure aggiungi il tipo in Impostazioni, Tipi di dovuto.',
  ),
  CAPITOLO_UNKNOWN: entry<{ value: string; year: number; suggestion: string }>(
    ({ value, year, suggestion }) =>
      `Il capitolo «${value}» non è tra i capitoli di entrata dell’esercizio ${year}${suggestion === '' ? '' : ` (forse «${suggestion}»)`}.`,
    () => 'Correggilo, oppure aggiungilo in Impostazioni, Esercizi e capitoli.',
  ),
  EXERCISE_NOT_OPEN: entry<{ year: number }>(
    ({ year }) => `L’esercizio ${year} non è aperto.`,
    () => 'Aprilo in Impostazioni, Esercizi e capitoli, oppure correggi l’anno.',
  ),
  ALREADY_IMPORTED: entry<{ number: string; date: string }>(
    ({ number, date }) => `Questa quota è già nei libri: accertamento ${number}, importato il ${date}.`,
    () => 'Resta esclusa; spuntala solo se è dovuta una seconda volta.',
  ),
  REGISTER_ALREADY_IMPORTED: entry<{ name: string; date: string }>(
    ({ name, date }) => `Questo registro è già stato importato il ${date} con il nome «${name}».`,
    () => 'Non serve importarlo di nuovo.',
  ),
  ACCERTAMENTO_GONE: entry(
    () => 'Questo accertamento non c’è.',
    () => 'Torna all’elenco e aggiornalo.',
  ),
  PERSON_GONE: entry(
    () => 'Questa persona non è in anagrafica.',
    () => 'Torna all’elenco e aggiornalo.',
  ),
  IMPORT_GONE: entry(
    () => 'Questa importazione non c’è più.',
    () => 'Torna a «Importa quote» e scegli di nuovo il file.',
  ),
  IMPORT_NOT_PENDING: entry<{ name: string }>(
    ({ name }) => `L’importazione di «${name}» non è più in attesa di conferma.`,
    () => 'Guarda la cronologia delle importazioni.',
  ),
  IMPORT_NOT_CONFIRMED: entry<{ name: string }>(
    ({ name }) => `L’importazione di «${name}» non è confermata: non c’è niente da disfare.`,
  ),
  IMPORT_HAS_ERRORS: entry<{ errors: number; name: string }>(
    ({ errors, name }) => `In «${name}» ci sono ${errors} righe con errori: niente è entrato nei libri.`,
    () => 'Correggile, oppure scegli di importare solo le righe buone.',
  ),
  IMPORT_PEOPLE_CHANGED: entry<{ name: string; people: number }>(
    ({ name, people }) =>
      `L’anagrafica è cambiata da quando hai visto le differenze di «${name}» (${people === 1 ? 'una persona' : `${people} persone`}): niente è entrato nei libri.`,
    () => 'Le differenze sono aggiornate: guardale e conferma di nuovo.',
  ),
  IMPORT_NOTHING_TO_RAISE: entry<{ name: string }>(
    ({ name }) => `In «${name}» non c’è nessuna riga da registrare: sono già tutte nei libri o hanno errori.`,
  ),
  IMPORT_IN_USE: entry<{ name: string; issued: number; collected: number }>(
    ({ name, issued, collected }) =>
      `L’importazione di «${name}» non si può disfare: ${issued} accertamenti hanno una posizione emessa, ${collected} sono già riscossi.`,
    () => 'Annulla prima le posizioni; ciò che è riscosso resta.',
  ),
} as const
