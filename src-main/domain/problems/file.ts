import { entry } from './entry.ts'

/** Any file, before its meaning: size, kind, encoding, structure, cells. */
export const fileProblems = {
  FILE_EMPTY: entry(
    () => 'Il file è vuoto.',
    () => 'Controlla di averlo salvato e sceglilo di nuovo.',
  ),
  FILE_TOO_LARGE: entry<{ size: string; limit: string }>(
    ({ size, limit }) => `Il file è di ${size}, il limite è ${limit}.`,
    () => 'Dividilo in più file.',
  ),
  FILE_GONE: entry(
    () => 'Il file non è più disponibile: il programma è stato riavviato o è passato troppo tempo.',
    () => 'Sceglilo o preparalo di nuovo.',
  ),
  FILE_UNKNOWN: entry<{ name: string }>(
    ({ name }) => `Il contenuto di «${name}» non è di un tipo che il programma legge.`,
    () => 'Servono un registro (xlsx), un estratto conto (CSV), un flusso o una ricevuta (XML).',
  ),
  XLSX_UNREADABLE: entry<{ reason: string }>(
    ({ reason }) => `La cartella di lavoro non si apre: ${reason}.`,
    () => 'Aprila in Excel, salvala come «Cartella di lavoro (.xlsx)» e riprova.',
  ),
  XLSX_LIMIT: entry<{ limit: string }>(
    ({ limit }) => `La cartella di lavoro supera i limiti di lettura: ${limit}.`,
    () => 'Togli i fogli e le righe che non servono, o dividila in più file.',
  ),
  XLSX_PROTECTED: entry(
    () => 'La cartella di lavoro è protetta da una password.',
    () => 'Aprila in Excel, togli la password (File, Informazioni, Proteggi) e salvala di nuovo.',
  ),
  XLS_OLD: entry(
    () => 'Il file non è una cartella di Excel che si possa leggere: o è di prima del 1997, o è di un altro programma.',
    () => 'Aprilo in Excel e salvalo come «Cartella di lavoro (.xlsx)».',
  ),
  CSV_UNREADABLE: entry<{ reason: string }>(
    ({ reason }) => `Il testo a colonne non si legge: ${reason}.`,
    () => 'Scarica di nuovo il file da dove viene, senza aprirlo e salvarlo con altri programmi.',
  ),
  XML_UNREADABLE: entry<{ reason: string }>(
    ({ reason }) => `Il documento XML è rovinato: ${reason}.`,
    () => 'Scaricalo di nuovo da dove lo hai avuto.',
  ),
  XML_DOCTYPE: entry(
    () => 'Il documento XML contiene una dichiarazione DOCTYPE, che il programma rifiuta per sicurezza.',
    () => 'Chiedi il file originale a chi lo ha prodotto.',
  ),
  XML_LIMIT: entry<{ limit: string }>(({ limit }) => `Il documento XML supera i limiti di lettura: ${limit}.`),
  JSON_UNREADABLE: entry(
    () => 'Il documento JSON è rovinato o incompleto.',
    () => 'Scaricalo di nuovo da dove lo hai avuto.',
  ),
  ARCHIVE_EMPTY: entry(
    () => 'L’archivio zip non contiene nessun file.',
    () => 'Scegline un altro.',
  ),
  ARCHIVE_BROKEN: entry(
    () => 'L’archivio zip è rovinato.',
    () => 'Scaricalo di nuovo, oppure aprilo e scegli i file uno per uno.',
  ),
  ARCHIVE_PROTECTED: entry(
    () => 'L’archivio zip è protetto da una password.',
    () => 'Aprilo con la sua password e scegli i file che contiene.',
  ),
  ARCHIVE_LIMIT: entry<{ limit: string }>(
    ({ limit }) => `L’archivio zip supera i limiti di lettura: ${limit}.`,
    () => 'Aprilo e scegli i file che servono.',
  ),
  ARCHIVE_NESTED: entry(
    () => 'È un archivio dentro l’archivio: non viene aperto.',
    () => 'Estrailo e sceglilo da solo.',
  ),
  ENCODING_UNKNOWN: entry(
    () => 'I caratteri del file non si leggono né come UTF-8 né come Windows-1252.',
    () => 'Salva il file di nuovo scegliendo la codifica UTF-8.',
  ),
} as const
