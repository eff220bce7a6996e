import { entry } from './entry.ts'

const AGAIN = () => 'Il file è danneggiato o è stato modificato: scaricalo di nuovo dalla banca.'

/** Statements made of records or messages (rendicontazione CBI, MT940): what breaks their order, their fields, their days. */
export const statementRecordProblems = {
  STATEMENT_RECORD_UNKNOWN: entry<{ value: string }>(
    ({ value }) => `Qui comincia un record «${value}», che nella rendicontazione CBI non esiste.`,
    AGAIN,
  ),
  STATEMENT_RECORD_LENGTH: entry<{ length: number; limit: number }>(
    ({ length, limit }) => `Il record è lungo ${length} caratteri, il tracciato ne ha ${limit}.`,
    AGAIN,
  ),
  STATEMENT_RECORD_ORDER: entry<{ found: string; expected: string }>(
    ({ found, expected }) => `Il record «${found}» non può stare qui: ${expected}.`,
    AGAIN,
  ),
  STATEMENT_FIELD_WRONG: entry<{ field: string; value: string }>(
    ({ field, value }) => `${field} non leggibile: «${value}».`,
    AGAIN,
  ),
  STATEMENT_INCOMPLETE: entry<{ missing: string }>(
    ({ missing }) => `Il file finisce prima del tempo: manca ${missing}.`,
    () => 'Scaricalo di nuovo dalla banca, intero.',
  ),
  STATEMENT_RECORDS_DIFFER: entry<{ what: string; declared: number; found: number }>(
    ({ what, declared, found }) => `Il record di coda dichiara ${declared} ${what}, ma il file ne ha ${found}.`,
    () => 'Scaricalo di nuovo dalla banca, intero.',
  ),
  STATEMENT_CURRENCY: entry<{ currency: string }>(
    ({ currency }) => `Il conto è in «${currency}»: si importano solo conti in euro.`,
    () => 'Scarica dalla banca il conto in euro.',
  ),
  STATEMENT_PART_REPEATED: entry<{ account: string; date: string }>(
    ({ account, date }) => `La rendicontazione del ${date} (${account}) è due volte nel file: conta una volta sola.`,
    () => 'Di solito è una giornata che la banca ha mandato di nuovo.',
  ),
  STATEMENT_PART_CONFLICT: entry<{ account: string; date: string; other: number }>(
    ({ account, date, other }) =>
      `Il file ha due rendicontazioni diverse della stessa giornata, ${date} (${account}): l’altra è alla riga ${other}.`,
    () => 'Chiedi alla banca quale delle due vale, e importa un file che abbia solo quella.',
  ),
  STATEMENT_GAP: entry<{ account: string; closing: string; opening: string; from: string; to: string }>(
    ({ account, closing, opening, from, to }) =>
      `Tra il saldo finale del ${from} (${closing}) e quello iniziale del ${to} (${opening}) manca qualche movimento (${account}).`,
    () => 'Se non l’hai già importata, scarica anche la parte che manca.',
  ),
} as const
