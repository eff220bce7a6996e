import { entry } from './entry.ts'

/** People as they are written by hand, merged, separated and erased. */
export const peopleProblems = {
  PERSON_CODE_TAKEN: entry<{ value: string; name: string }>(
    ({ value, name }) => `Il codice fiscale «${value}» è già di ${name}.`,
    () => 'Apri la sua scheda; se sono la stessa persona, uniscile.',
  ),
  PERSON_CHANGED: entry<{ name: string; fields: string }>(
    ({ name, fields }) => `L’anagrafica di ${name} è cambiata mentre la scrivevi: ${fields}.`,
    () => 'Chiudi e riapri la scheda: vedrai i dati di adesso.',
  ),
  PERSON_CODE_KIND: entry<{ value: string }>(
    ({ value }) => `Il codice fiscale «${value}» di una società ha 11 cifre.`,
    () => 'Controlla il codice, o scegli «Persona fisica».',
  ),
  PERSON_ERASED: entry<{ name: string }>(
    ({ name }) => `I dati di ${name} sono stati cancellati ai sensi del GDPR.`,
    () => 'Nome e codice fiscale restano solo nei libri.',
  ),
  PERSON_IS_MERGED: entry<{ name: string }>(
    ({ name }) => `${name} è già unita a un’altra persona.`,
    () => 'Apri la scheda di quella.',
  ),
  PERSON_SAME: entry(
    () => 'Non si unisce una persona a sé stessa.',
    () => 'Scegline un’altra.',
  ),
  PERSON_NOT_MERGED: entry<{ name: string }>(
    ({ name }) => `${name} non è unita a nessuno: non c’è niente da separare.`,
  ),
  PERSON_RESERVED: entry<{ name: string }>(
    ({ name }) => `«${name}» serve al programma per le somme di cui non si conosce il versante.`,
    () => 'Lasciala com’è.',
  ),
  ALBO_NUMBER_TAKEN: entry<{ albo: string; number: string; name: string }>(
    ({ albo, number, name }) => `Nell’albo «${albo}» il numero ${number} è di ${name}.`,
    () => 'Controlla il numero; se è la stessa persona, unisci le due schede.',
  ),
  ALBO_DATES: entry<{ from: string; to: string }>(
    ({ from, to }) => `L’iscrizione comincia il ${from} e non può finire prima, il ${to}.`,
    () => 'Correggi la data.',
  ),
  ALBO_GONE: entry(
    () => 'Questa iscrizione non c’è più o è già chiusa.',
    () => 'Aggiorna la scheda.',
  ),
  CONTACT_GONE: entry(
    () => 'Questo recapito non c’è più.',
    () => 'Aggiorna la scheda.',
  ),
  ERASE_BLOCKED: entry<{ name: string; reasons: string }>(
    ({ name, reasons }) => `I dati di ${name} non si possono cancellare adesso: ${reasons}.`,
    () => 'Chiudi prima quello che è aperto.',
  ),
} as const
