import { entry } from './entry.ts'

/** Register files of any layout: how they are opened, what a mapping asks of them, profiles. */
export const registerFileProblems = {
  WORKBOOK_OTHER_FORMAT: entry<{ format: string }>(
    ({ format }) => `Il file è ${format}, che il programma non legge.`,
    () => 'Aprilo e salvalo come .xlsx o come CSV.',
  ),
  REGISTER_SHEET_GONE: entry<{ name: string; sheets: string }>(
    ({ name, sheets }) => `Il foglio «${name}» non c’è (fogli del file: ${sheets}).`,
    () => 'Scegli il foglio da leggere.',
  ),
  REGISTER_COLUMN_GONE: entry<{ heading: string }>(
    ({ heading }) => `La colonna «${heading}» da leggere non c’è.`,
    () => 'Assegna di nuovo il campo che la usava.',
  ),
  REGISTER_COLUMN_TWICE: entry<{ heading: string }>(
    ({ heading }) => `Più colonne si chiamano «${heading}» e non si capisce quale leggere.`,
    () => 'Scegli quella giusta.',
  ),
  REGISTER_FIELD_UNMAPPED: entry<{ label: string }>(
    ({ label }) => `Manca da dove prendere «${label}».`,
    () => 'Assegnagli una colonna, oppure un valore che vale per tutte le righe.',
  ),
  REGISTER_FIELD_JOINED: entry<{ label: string }>(
    ({ label }) => `«${label}» non si può comporre di più colonne.`,
    () => 'Lasciane una sola.',
  ),
  AMOUNT_FORM: entry<{ value: string; form: string }>(
    ({ value, form }) => `L’importo «${value}» non è nella forma scelta: ${form}.`,
    () => 'Correggilo, oppure scegli un’altra forma degli importi.',
  ),
  DATE_FORM: entry<{ value: string; form: string }>(
    ({ value, form }) => `La data «${value}» non è nella forma scelta: ${form}.`,
    () => 'Correggila, oppure scegli un’altra forma delle date.',
  ),
  TEXT_DAMAGED: entry<{ value: string }>(
    ({ value }) => `Nel testo «${value}» ci sono caratteri rovinati: il file fu salvato con una codifica sbagliata.`,
    () => 'Esportalo di nuovo in UTF-8, oppure riscrivi il testo.',
  ),
  PERSON_IBAN_WRONG: entry<{ value: string; reason: string }>(
    ({ value, reason }) => `L’IBAN «${value}» è sbagliato: ${reason}.`,
    () => 'Chiedilo di nuovo alla persona, oppure lascia vuota la cella.',
  ),
  PERSON_DUPLICATE: entry<{ row: number }>(
    ({ row }) => `Questa persona è già alla riga ${row}.`,
    () => 'Vale l’ultima delle due: se dicono cose diverse, togline una.',
  ),
  REGISTER_PROFILE_GONE: entry(
    () => 'Questo profilo non c’è più.',
    () => 'Scegline un altro, oppure assegna le colonne.',
  ),
  REGISTER_PROFILE_NAME: entry<{ name: string }>(
    ({ name }) => `C’è già un profilo che si chiama «${name}».`,
    () => 'Scegli un altro nome.',
  ),
  REGISTER_PROFILE_LOCKED: entry<{ name: string }>(
    ({ name }) => `Il profilo «${name}» è del programma e resta com’è.`,
    () => 'Salva la tua versione con un altro nome.',
  ),
  REGISTER_PROFILE_FILE: entry<{ reason: string }>(
    ({ reason }) => `Il file non è un profilo esportato da questo programma: ${reason}.`,
    () => 'Scegli un file che finisce con «.profilo.json».',
  ),
} as const
