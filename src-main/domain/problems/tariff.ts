import { entry } from './entry.ts'

/** Tariffs, yearly quotas made of them, late fees. */
export const tariffProblems = {
  SERVICE_GONE: entry(
    () => 'Questo tipo di dovuto non c’è.',
    () => 'Scegline un altro.',
  ),
  TARIFF_WRONG: entry<{ row: number; text: string }>(({ row, text }) => `Riga ${row} della tariffa: ${text}`),
  TARIFF_CHANGED: entry<{ service: string; year: number }>(
    ({ service, year }) => `La tariffa ${year} di «${service}» è stata salvata da altri mentre la scrivevi.`,
    () => 'La tua è ancora qui, non salvata: guarda che cosa è diverso, poi tieni la tua o prendi quella salvata.',
  ),
  PERCENT_OR_FRACTION: entry<{ value: string; hundredfold: string }>(
    ({ value, hundredfold }) =>
      `«${value}» si può leggere ${value} % o ${hundredfold} %: Excel tiene il 50 % come 0,5.`,
    ({ hundredfold }) => `Scrivi ${hundredfold}, o il testo «${hundredfold} %» in una cella di formato Testo.`,
  ),
  TARIFF_EMPTY: entry<{ service: string; year: number }>(
    ({ service, year }) => `«${service}» non ha una tariffa per il ${year}.`,
    () => 'Scrivila in «Tariffe», o copiala dall’anno prima.',
  ),
  QUOTA_NOTHING: entry(
    () => 'Non c’è nessuna quota da generare.',
    () => 'Guarda nell’elenco perché le persone restano fuori.',
  ),
  QUOTA_CHANGED: entry<{ expected: string; found: string }>(
    ({ expected, found }) => `L’elenco è cambiato: erano ${expected}, adesso sono ${found}.`,
    () => 'Riguarda l’elenco e conferma di nuovo.',
  ),
  QUOTA_CAUSALE: entry<{ name: string; length: number }>(
    ({ name, length }) => `La causale di «${name}» sarebbe di ${length} caratteri, il limite è 140.`,
    () => 'Accorcia il testo della causale.',
  ),
  QUOTA_CAUSALE_EMPTY: entry<{ name: string }>(
    ({ name }) => `La causale di «${name}» sarebbe vuota.`,
    () => 'Scrivi nella causale qualche parola, non solo campi.',
  ),
  QUOTA_BATCH_GONE: entry(() => 'Questa generazione non c’è.'),
  QUOTA_BATCH_UNDONE: entry(() => 'Questa generazione è già stata disfatta.'),
  QUOTA_IN_USE: entry<{ issued: number; collected: number }>(
    ({ issued, collected }) =>
      `Non si può disfare: ${issued} quote hanno una posizione emessa, ${collected} sono riscosse.`,
    () => 'Annulla prima le posizioni; ciò che è riscosso resta.',
  ),
  INTEREST_RATE_MISSING: entry<{ year: number }>(
    ({ year }) => `Manca il tasso degli interessi legali del ${year}.`,
    () => 'Scrivilo in Mora, «Tassi legali…».',
  ),
  LATE_FEE_NO_SERVICE: entry(
    () => 'Non c’è un tipo di dovuto per la mora.',
    () => 'Creane uno in Impostazioni, Tipi di dovuto, con genere «Mora».',
  ),
  LATE_FEE_AHEAD: entry<{ day: string }>(
    ({ day }) => `Il ritardo è contato al ${day}, che deve ancora venire.`,
    () => 'Contalo a oggi, o a un giorno passato.',
  ),
  LATE_FEE_NOTHING: entry(
    () => 'Non c’è nessuna mora da aggiungere.',
    () => 'Guarda nell’elenco perché le righe restano fuori.',
  ),
  LATE_FEE_CHANGED: entry<{ expected: string; found: string }>(
    ({ expected, found }) => `L’elenco è cambiato: la mora era ${expected}, adesso è ${found}.`,
    () => 'Riguarda l’elenco e conferma di nuovo.',
  ),
} as const
