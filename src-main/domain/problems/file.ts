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
  FILE_UNKNOWN: entry<{ name: string }>(
    ({ name }) => `Il contenuto di «${name}» non è di un tipo che il programma legge.`,
    () => 'Servono un registro (xlsx), un estratto conto (CSV), un flusso o una ricevuta (XML).',
  ),
  XLSX_UNREADABLE: entry<{ reason: string }>(
    ({ reason }) => `La cartella di lavoro non si apre: ${reason}.`,
    () => 'Aprila in Excel, salvala come «Cartella di lavoro (.xlsx)» e riprova.',
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
  ENCODING_UNKNOWN: entry(
    () => 'I caratteri del file non si leggono né come UTF-8 né come Windows-1252.',
    () => 'Salva il file di nuovo scegliendo la codifica UTF-8.',
  ),
} as const
