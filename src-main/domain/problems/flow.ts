import { entry } from './entry.ts'

/** Reporting flows and receipts of pagoPA, as files. */
export const flowProblems = {
  FLOW_ROOT: entry<{ root: string }>(
    ({ root }) => `Il documento comincia con «${root}»: non è un flusso di rendicontazione.`,
    () => 'Serve il file XML «FlussoRiversamento» scaricato da pagoPA.',
  ),
  FLOW_FIELD_MISSING: entry<{ field: string }>(
    ({ field }) => `Manca ${field}.`,
    () => 'Il flusso è incompleto: scaricalo di nuovo.',
  ),
  FLOW_FIELD_WRONG: entry<{ field: string; value: string; expected: string }>(
    ({ field, value, expected }) => `${field}: «${value}» non va bene, serve ${expected}.`,
    () => 'Scarica di nuovo il flusso; se resta così, segnalalo al PSP.',
  ),
  FLOW_FIELD_REPEATED: entry<{ field: string }>(
    ({ field }) => `C’è due volte ${field}.`,
    () => 'Scarica di nuovo il flusso; se resta così, segnalalo al PSP.',
  ),
  FLOW_FIELD_TOO_LONG: entry<{ field: string; length: number; limit: number }>(
    ({ field, length, limit }) => `${field} è di ${length} caratteri, il limite è ${limit}.`,
    () => 'Scarica di nuovo il flusso; se resta così, segnalalo al PSP.',
  ),
  FLOW_ID_FORM: entry<{ value: string }>(
    ({ value }) => `L’identificativo «${value}» non ha la forma data, PSP, trattino, progressivo.`,
    () => 'Il flusso si legge lo stesso, ma l’abbinamento con l’estratto conto può richiedere una conferma.',
  ),
  FLOW_VERSION_UNKNOWN: entry<{ value: string }>(
    ({ value }) => `La versione «${value}» del flusso è nuova per il programma.`,
    () => 'Controlla che righe e totali siano giusti.',
  ),
  FLOW_EMPTY: entry(
    () => 'Il flusso non ha nessuna riga di pagamento.',
    () => 'Scarica di nuovo il flusso; se resta così, segnalalo al PSP.',
  ),
  FLOW_COUNT_DIFFERS: entry<{ declared: number; found: number }>(
    ({ declared, found }) => `Il flusso dichiara ${declared} pagamenti, ma le righe sono ${found}.`,
    () => 'Il file può essere tagliato: scaricalo di nuovo.',
  ),
  FLOW_TOTAL_DIFFERS: entry<{ declared: string; found: string }>(
    ({ declared, found }) => `Il flusso dichiara un totale di ${declared}, ma le righe sommano ${found}.`,
    () => 'Il file può essere tagliato: scaricalo di nuovo; se resta così, segnalalo al PSP.',
  ),
  FLOW_OUTCOME_UNKNOWN: entry<{ value: string; iuv: string }>(
    ({ value, iuv }) => `L’esito «${value}» dello IUV ${iuv} è sconosciuto.`,
    () => 'La riga resta sospesa finché non si chiarisce che cosa significa.',
  ),
  FLOW_ROW_DUPLICATE: entry<{ iuv: string; row: number }>(
    ({ iuv, row }) => `Lo IUV ${iuv} è ripetuto con lo stesso IUR e lo stesso indice della riga ${row}.`,
    () => 'Viene tenuto, ma non contato due volte senza conferma.',
  ),
  FLOW_ELEMENT_UNKNOWN: entry<{ name: string }>(
    ({ name }) => `L’elemento «${name}» non è del formato conosciuto e non viene letto.`,
  ),
  FLOW_JSON_PART: entry<{ part: string }>(
    ({ part }) => `Nel JSON manca ${part}.`,
    () => 'Servono insieme, in un solo file, il flusso e tutte le pagine dei suoi pagamenti.',
  ),
  FLOW_JSON_MANY: entry<{ count: number }>(
    ({ count }) => `Nel JSON ci sono ${count} flussi.`,
    () => 'Serve un file per ogni flusso.',
  ),
  FLOW_PAGE_REPEATED: entry<{ page: number }>(
    ({ page }) => `La pagina ${page} dei pagamenti è due volte nel file.`,
    () => 'Scarica di nuovo il flusso.',
  ),
  FLOW_PAGES_MISSING: entry<{ pages: number; missing: string }>(
    ({ pages, missing }) => `Il flusso ha ${pages} pagine di pagamenti e nel file ne mancano: ${missing}.`,
    () => 'Scarica di nuovo il flusso con tutte le sue pagine.',
  ),
  RECEIPT_ROOT: entry<{ root: string }>(
    ({ root }) => `Il documento comincia con «${root}»: non è una ricevuta pagoPA.`,
    () => 'Serve la ricevuta telematica in XML.',
  ),
  RECEIPT_FIELD_MISSING: entry<{ field: string }>(
    ({ field }) => `Manca ${field}.`,
    () => 'La ricevuta è incompleta: scaricala di nuovo.',
  ),
  RECEIPT_FIELD_WRONG: entry<{ field: string; value: string; expected: string }>(
    ({ field, value, expected }) => `${field}: «${value}» non va bene, serve ${expected}.`,
    () => 'Scarica di nuovo la ricevuta.',
  ),
  RECEIPT_TOTAL_DIFFERS: entry<{ declared: string; found: string }>(
    ({ declared, found }) => `La ricevuta dichiara ${declared}, ma i suoi versamenti sommano ${found}.`,
    () => 'Scarica di nuovo la ricevuta; se resta così, segnalalo a pagoPA.',
  ),
  FLOW_NOT_FOUND: entry<{ id: number }>(
    ({ id }) => `Il flusso ${id} non è in questo archivio.`,
    () => 'Aggiorna l’elenco e aprilo di nuovo.',
  ),
} as const
