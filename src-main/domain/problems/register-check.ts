import { entry } from './entry.ts'

/** What is doubtful in a row of the register that can be read, alone or beside the books. */
export const registerCheckProblems = {
  FISCAL_CODE_NAME: entry<{ value: string; name: string }>(
    ({ value, name }) => `Il codice fiscale «${value}» non corrisponde al nome «${name}».`,
    () => 'Verifica che siano della stessa persona.',
  ),
  FISCAL_CODE_BIRTH: entry<{ value: string }>(
    ({ value }) => `Nel codice fiscale «${value}» la data di nascita non esiste.`,
    () => 'Confrontalo con la tessera sanitaria.',
  ),
  POSTAL_CODE_PROVINCE: entry<{ value: string; province: string }>(
    ({ value, province }) => `Il CAP ${value} non è della provincia ${province}.`,
    () => 'Controlla l’uno e l’altra.',
  ),
  PEC_ORDINARY: entry<{ value: string }>(
    ({ value }) => `«${value}» è una casella di posta ordinaria, non una PEC.`,
    () => 'Spostala nella colonna delle e-mail: quello che parte come PEC non arriverebbe.',
  ),
  EMAIL_CERTIFIED: entry<{ value: string }>(
    ({ value }) => `«${value}» è una PEC, ma sta tra gli indirizzi e-mail.`,
    () => 'Spostala nella colonna delle PEC: molte caselle PEC rifiutano la posta ordinaria.',
  ),
  PHONE_UNLIKELY: entry<{ value: string }>(
    ({ value }) => `«${value}» non sembra un numero di telefono.`,
    () => 'Scrivilo in cifre, con il prefisso: 070 123456 oppure +39 070 123456.',
  ),
  AMOUNT_UNLIKELY: entry<{ value: string; usual: string; service: string }>(
    ({ value, usual, service }) => `L’importo ${value} è più di cento volte quello di «${service}» (${usual}).`,
    () => 'Controlla la virgola.',
  ),
  DUE_DATE_PAST: entry<{ value: string }>(
    ({ value }) => `La scadenza ${value} è già passata.`,
    () => 'La quota nascerà scaduta: se non è così, correggi la data.',
  ),
  YEAR_FAR: entry<{ value: string; current: number }>(
    ({ value, current }) => `L’anno di competenza ${value} è lontano dall’esercizio ${current}.`,
    () => 'Verificalo: oltre i cinque anni la quota può essere prescritta.',
  ),
  EXERCISE_CLOSED: entry<{ year: number }>(
    ({ year }) => `L’esercizio ${year} è chiuso e nessun altro è aperto.`,
    () => 'Apri l’esercizio in corso in Impostazioni, Esercizi e capitoli.',
  ),
  PERSON_SAME_VAT: entry<{ value: string; other: string; where: string }>(
    ({ value, other, where }) =>
      `La partita IVA «${value}» è già di «${other}» ${where}, che ha un altro codice fiscale.`,
    () => 'Se è la stessa persona, correggi il codice; altrimenti la partita IVA.',
  ),
  PERSON_SAME_ALBO: entry<{ value: string; other: string; where: string }>(
    ({ value, other, where }) =>
      `Il numero di albo «${value}» è già di «${other}» ${where}, che ha un altro codice fiscale.`,
    () => 'Se è la stessa persona, correggi il codice; altrimenti il numero.',
  ),
  PERSON_SAME_NAME: entry<{ value: string; other: string; where: string }>(
    ({ value, other, where }) =>
      `«${other}» ${where} ha lo stesso nome e la stessa e-mail, ma il codice non è «${value}».`,
    () => 'Se è la stessa persona, correggi il codice fiscale.',
  ),
  PERSON_OMOCODIA: entry<{ value: string; other: string; where: string }>(
    ({ value, other, where }) =>
      `Il codice «${value}» differisce da quello di «${other}» ${where} solo per le lettere di omocodia.`,
    () => 'Se è la stessa persona, tieni un codice solo: quello della tessera sanitaria.',
  ),
  PERSON_BACK: entry<{ name: string; date: string }>(
    ({ name, date }) =>
      `I dati di ${name} furono cancellati il ${date} ai sensi del GDPR: con questa riga torna in anagrafica.`,
    () => 'Se non deve tornare, escludi la riga.',
  ),
  PERSON_DIFFERS: entry<{ value: string; other: string }>(
    ({ value, other }) => `In anagrafica questo codice fiscale è di «${other}», qui si legge «${value}».`,
    () => 'L’anagrafica resta com’è, se tra le differenze non scegli «aggiorna».',
  ),
} as const
