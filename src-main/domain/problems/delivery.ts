import { entry } from './entry.ts'

/** Mail servers, folders and the safe of the passwords. */
export const deliveryProblems = {
  MAIL_UNREACHABLE: entry<{ host: string; reason: string }>(
    ({ host, reason }) => `Il server di posta ${host} non si raggiunge. ${reason}`,
    () => 'Controlla nome, porta e cifratura con «Prova invio».',
  ),
  MAIL_LOGIN: entry<{ host: string; reason: string }>(
    ({ host, reason }) => `Il server di posta ${host} non lascia entrare. ${reason}`,
    () => 'Controlla utente, password e cifratura con «Prova invio».',
  ),
  FOLDER_UNKNOWN: entry(
    () => 'La cartella scelta non è fra quelle permesse a questo programma.',
    () => 'Scegli di nuovo la cartella.',
  ),
  FOLDER_UNWRITABLE: entry<{ place: string; reason: string }>(
    ({ place, reason }) => `Nella cartella «${place}» non si scrive: ${reason}.`,
    () => 'Controlla che esista, che il disco non sia pieno e che tu possa scriverci.',
  ),
  FOLDER_FILE_NAME: entry<{ name: string }>(
    ({ name }) => `«${name}» non può essere il nome di un file.`,
    () => 'Usa lettere, cifre, trattini e punti.',
  ),
  SECRETS_LOCKED: entry<{ place: string }>(
    ({ place }) => `Le password conservate in ${place} non si aprono con questa chiave.`,
    () => 'Avvia il programma con la frase giusta nella variabile QUIETANZA_PASSPHRASE, o scrivile di nuovo.',
  ),
} as const
