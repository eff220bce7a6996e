import { entry } from './entry.ts'

/** Files for the technological partner, and the outcomes that he sends back. */
export const partnerProblems = {
  PARTNER_OUTCOME_FORM: entry<{ missing: string }>(
    ({ missing }) => `Il file non è un esito del partner: manca ${missing}.`,
    () => 'Serve un CSV con le colonne «iupd» ed «esito», o il report JSON del caricamento massivo di GPD.',
  ),
  PARTNER_OUTCOME_EMPTY: entry(
    () => 'Il file dell’esito non ha nessuna riga.',
    () => 'Chiedi al partner l’esito completo.',
  ),
  PARTNER_OUTCOME_IUPD: entry<{ value: string }>(
    ({ value }) =>
      value === '' ? 'La riga non dice di quale posizione è: «iupd» è vuoto.' : `«${value}» non è un IUPD.`,
    () => 'Nella colonna «iupd» va l’identificativo che sta nel file mandato al partner.',
  ),
  PARTNER_OUTCOME_WORD: entry<{ value: string }>(
    ({ value }) => (value === '' ? 'L’esito è vuoto.' : `L’esito «${value}» non si capisce.`),
    () => 'Gli esiti sono ACCETTATA e RIFIUTATA.',
  ),
  PARTNER_OUTCOME_TWICE: entry<{ iupd: string }>(
    ({ iupd }) => `La posizione ${iupd} è sia accettata sia rifiutata.`,
    () => 'Chiedi al partner quale dei due esiti vale.',
  ),
  PARTNER_OUTCOME_REPORT: entry<{ reason: string }>(
    ({ reason }) => `Il report del caricamento massivo non si legge: ${reason}.`,
    () => 'Scaricalo di nuovo quando il caricamento è finito.',
  ),
  PARTNER_OUTCOME_MOVED: entry(
    () => 'L’esito o il file mandato è cambiato mentre guardavi: non è stato registrato niente.',
    () => 'Scegli di nuovo il file dell’esito.',
  ),
  PARTNER_OUTCOME_ALREADY: entry<{ when: string }>(
    ({ when }) => `Questo esito è già stato caricato il ${when}: non aggiunge niente.`,
  ),
  PARTNER_OUTCOME_OTHER_BATCH: entry<{ name: string; rows: number; batch: number }>(
    ({ name, rows, batch }) =>
      `${rows === 1 ? 'Una riga dice' : `${rows} righe dicono`} di essere del file n. ${name}, non del n. ${batch}.`,
    () => 'Controlla di aver scelto il file giusto nell’elenco.',
  ),
  PARTNER_OUTCOME_UNFINISHED: entry<{ rows: number }>(
    ({ rows }) =>
      `Il report è stato fatto prima della fine: ${rows === 1 ? 'una posizione manca' : `${rows} posizioni mancano`} ancora.`,
    () => 'Chiedi al partner il report definitivo: ciò che questo non dice resta in attesa.',
  ),
  PARTNER_OUTCOME_NOTHING: entry(
    () => 'L’esito non dice niente di nuovo sulle posizioni di questo file.',
    () => 'Controlla di aver scelto il file giusto nell’elenco.',
  ),
  PARTNER_BATCH_GONE: entry(
    () => 'Questo file per il partner non c’è più.',
    () => 'Torna all’elenco dei file.',
  ),
  PARTNER_BATCH_WITHDRAWN: entry(
    () => 'Questo file è stato ritirato: le sue posizioni non sono più affidate al partner.',
  ),
  PARTNER_BATCH_ACCEPTED: entry<{ count: number }>(
    ({ count }) =>
      count === 1
        ? 'Il partner ha già preso una posizione di questo file: non si può più ritirare.'
        : `Il partner ha già preso ${count} posizioni di questo file: non si può più ritirare.`,
    () => 'Per toglierle al partner annullale, poi mandagli il file di annullamento.',
  ),
  PARTNER_BATCH_FOLLOWED: entry(
    () => 'Un file più recente parla delle stesse posizioni: questo non si può più ritirare.',
    () => 'Ritira prima quello più recente.',
  ),
  PARTNER_TOO_MANY: entry<{ count: number; limit: number }>(
    ({ count, limit }) => `Le posizioni scelte sono ${count}: un file ne porta al più ${limit}.`,
    () => 'Scegline meno per volta.',
  ),
  PARTNER_ON_NODE: entry<{ count: number }>(({ count }) =>
    count === 1
      ? 'Una posizione è già sul nodo, pubblicata da qui: se la prende il partner, da qui non si aggiorna più.'
      : `${count} posizioni sono già sul nodo, pubblicate da qui: se le prende il partner, da qui non si aggiornano più.`,
  ),
}
