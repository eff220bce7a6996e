import { entry } from './entry.ts'

/** The institution, its accounts, exercises, capitoli and tipi di dovuto. */
export const institutionProblems = {
  INSTITUTION_MISSING: entry(
    () => 'L’ente non è ancora configurato.',
    () => 'Completa il primo avvio, poi riprova.',
  ),
  INSTITUTION_EXISTS: entry<{ name: string }>(
    ({ name }) => `In questo archivio c’è già un ente: «${name}».`,
    () => 'Per un altro ente apri un altro archivio.',
  ),
  FISCAL_CODE_CHECK: entry<{ value: string; expected: string }>(
    ({ value }) => `Codice fiscale dell’ente «${value}»: l’ultima cifra non torna.`,
    ({ expected }) => `Controllalo: forse è ${expected}.`,
  ),
  IBAN_WRONG: entry<{ value: string; reason: string }>(
    ({ value, reason }) => `IBAN «${value}»: ${reason}.`,
    () => 'Copialo dal contratto o dall’estratto conto.',
  ),
  IBAN_NEEDED: entry<{ name: string }>(({ name }) => `Per il conto «${name}» serve l’IBAN.`),
  IBAN_TAKEN: entry<{ value: string; name: string }>(
    ({ value, name }) => `L’IBAN «${value}» è già del conto «${name}».`,
    () => 'Modifica quel conto invece di aggiungerne un altro.',
  ),
  ACCOUNT_LOCKED: entry<{ name: string; movements: number }>(
    ({ name, movements }) => `Il conto «${name}» ha già ${movements} movimenti: IBAN e tipo non cambiano più.`,
    () => 'Chiudilo e aprine un altro.',
  ),
  ACCOUNT_UNKNOWN: entry<{ id: number }>(({ id }) => `Il conto ${id} non c’è.`),
  CAPITOLO_CODE_TAKEN: entry<{ code: string; name: string }>(
    ({ code, name }) => `Il codice «${code}» è già del capitolo «${name}».`,
    () => 'Scegli un altro codice.',
  ),
  CAPITOLO_LOCKED: entry<{ code: string }>(
    ({ code }) => `Il capitolo «${code}» è già usato: il suo codice non cambia più.`,
    () => 'Crea un nuovo capitolo.',
  ),
  SERVICE_NAME_TAKEN: entry<{ name: string }>(
    ({ name }) => `Il tipo di dovuto «${name}» esiste già.`,
    () => 'Scegli un altro nome.',
  ),
  TAXONOMY_CODE_WRONG: entry<{ value: string }>(
    ({ value }) => `Codice tassonomico «${value}» non leggibile.`,
    () => 'Usa la forma 9/0401107TS/.',
  ),
  EXERCISE_EXISTS: entry<{ year: number }>(({ year }) => `L’esercizio ${year} c’è già.`),
  EXERCISES_OPEN: entry<{ open: string; year: number }>(
    ({ open, year }) => `Sono già aperti gli esercizi ${open}: il ${year} non può aprirsi ora.`,
    () => 'Al più due esercizi vicini stanno aperti insieme: chiudi prima il più vecchio.',
  ),
  EXERCISE_NOT_HISTORICAL: entry<{ year: number; first: number }>(
    ({ year, first }) => `Il ${year} non può essere storico: il primo esercizio tenuto qui è il ${first}.`,
    () => 'Storici sono solo gli anni precedenti.',
  ),
  FILE_GONE: entry(
    () => 'Il file non è più disponibile.',
    () => 'Sceglilo di nuovo.',
  ),
} as const
