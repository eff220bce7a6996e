import { entry } from './entry.ts'

/** The file of the taxonomy, and codes that it does not know or no longer accepts. */
export const taxonomyProblems = {
  TAXONOMY_FORM: entry<{ missing: string }>(
    ({ missing }) => `Il file non è la tassonomia dei servizi di incasso di pagoPA: manca ${missing}.`,
    () => 'Serve il JSON pubblicato da pagoPA, o un CSV con le stesse colonne.',
  ),
  TAXONOMY_EMPTY: entry(
    () => 'Il file della tassonomia non ha nessun codice.',
    () => 'Scaricalo di nuovo da dove lo hai avuto.',
  ),
  TAXONOMY_FIELD: entry<{ field: string; reason: string }>(
    ({ field, reason }) => `Il campo «${field}» ${reason}.`,
    () => 'Scarica di nuovo il file, senza aprirlo e salvarlo con altri programmi.',
  ),
  TAXONOMY_DATE: entry<{ value: string }>(
    ({ value }) => `La data «${value}» non è nella forma mese/giorno/anno del file ufficiale.`,
    () => 'Scarica di nuovo il file, senza aprirlo e salvarlo con altri programmi: Excel cambia le date.',
  ),
  TAXONOMY_DATES: entry<{ code: string }>(
    ({ code }) => `Il codice ${code} finisce prima di cominciare.`,
    () => 'Scarica di nuovo il file da dove lo hai avuto.',
  ),
  TAXONOMY_CODE_DIFFERS: entry<{ code: string; expected: string }>(
    ({ code, expected }) => `Il codice «${code}» non è quello che le altre colonne compongono, ${expected}.`,
    () => 'Scarica di nuovo il file, senza aprirlo e salvarlo con altri programmi: Excel toglie gli zeri davanti.',
  ),
  TAXONOMY_CODE_TWICE: entry<{ code: string }>(
    ({ code }) => `Il codice ${code} c’è due volte.`,
    () => 'Scarica di nuovo il file da dove lo hai avuto.',
  ),
  TAXONOMY_MOVED: entry(
    () => 'La tassonomia è cambiata mentre guardavi: non è stata aggiornata.',
    () => 'Scegli di nuovo il file.',
  ),
  TAXONOMY_NOT_IN_FORCE: entry<{ warning: string }>(({ warning }) => warning),
}
