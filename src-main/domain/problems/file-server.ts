import { entry } from './entry.ts'

/** Servers that take files (FTP, FTPS, SFTP) and the accounts that stand for them. */
export const fileServerProblems = {
  FILE_SERVER_UNREACHABLE: entry<{ host: string; reason: string }>(
    ({ host, reason }) => `Il server ${host} non si raggiunge. ${reason}`,
    () => 'Controlla nome, porta e protocollo con «Prova».',
  ),
  FILE_SERVER_LOGIN: entry<{ host: string; reason: string }>(
    ({ host, reason }) => `Il server ${host} non lascia entrare. ${reason}`,
    () => 'Controlla utente, password o chiave con «Prova».',
  ),
  FILE_SERVER_KEY_NEW: entry<{ host: string; fingerprint: string }>(
    ({ host, fingerprint }) =>
      `La chiave del server ${host} non è ancora stata accettata. La sua impronta SHA-256 è ${fingerprint}.`,
    () => 'Chiedi conferma dell’impronta a chi gestisce il server, poi premi «Prova» e accettala.',
  ),
  FILE_SERVER_KEY_CHANGED: entry<{ host: string; fingerprint: string }>(
    ({ host, fingerprint }) =>
      `La chiave del server ${host} non è più quella accettata: ora la sua impronta SHA-256 è ${fingerprint}. Potrebbe essere un altro server che si finge lui: niente è stato inviato.`,
    () => 'Chiedi a chi gestisce il server se ha cambiato la chiave; solo allora accetta la nuova con «Prova».',
  ),
  FILE_SERVER_CERTIFICATE: entry<{ host: string; reason: string; fingerprint: string }>(
    ({ host, reason, fingerprint }) =>
      `Il certificato del server ${host} non è valido: ${reason}. La sua impronta SHA-256 è ${fingerprint}. Niente è stato inviato.`,
    () => 'Chiedi conferma dell’impronta a chi gestisce il server; se è la sua, premi «Prova» e accettala.',
  ),
  FILE_SERVER_CLEAR: entry<{ host: string }>(
    ({ host }) => `Con FTP senza cifratura la password e gli avvisi viaggerebbero in chiaro fino a ${host}.`,
    () => 'Scegli SFTP o FTPS; se il server non li offre, accetta FTP in chiaro con «Prova».',
  ),
  FILE_SERVER_FOLDER: entry<{ host: string; folder: string; reason: string }>(
    ({ host, folder, reason }) => `La cartella «${folder}» del server ${host} non si può usare: ${reason}.`,
    () => 'Controlla il nome della cartella e i permessi dell’utente con «Prova».',
  ),
  FILE_ACCOUNT_GONE: entry(
    () => 'Questo server di file non c’è.',
    () => 'Scegline un altro in Impostazioni.',
  ),
  FILE_ACCOUNT_NAME_TAKEN: entry<{ name: string }>(
    ({ name }) => `C’è già un server di file di nome «${name}».`,
    () => 'Scegli un altro nome.',
  ),
  FILE_ACCOUNT_KEY: entry(
    () => 'Il file scelto non è una chiave privata SSH.',
    () => 'Scegli la chiave privata (di solito «id_ed25519» o «id_rsa», senza «.pub»), in formato OpenSSH o PEM.',
  ),
  FILE_ACCOUNT_KEY_MISSING: entry(
    () => 'Per entrare con la chiave serve la chiave privata.',
    () => 'Sceglila con «Sfoglia», o entra con la password.',
  ),
  FILE_SERVER_FILE_DIFFERS: entry<{ name: string }>(
    ({ name }) => `Sul server c’è già «${name}» con un altro contenuto: non è stato toccato.`,
    () => 'Spostalo o cambia cartella, poi rispedisci.',
  ),
  FILE_SERVER_REMOVE: entry<{ host: string; name: string; reason: string }>(
    ({ host, name, reason }) => `«${name}» non si toglie dal server ${host}. ${reason}`,
    () => 'Togli la causa, poi annulla di nuovo la campagna.',
  ),
  INDEX_DIFFERS: entry<{ name: string; place: string }>(
    ({ name, place }) =>
      `I file sono tutti al loro posto, ma in ${place} c’è un indice «${name}» che il programma non ha scritto: non è stato toccato.`,
    () => 'Spostalo, poi riprendi la campagna.',
  ),
  INDEX_NOT_WRITTEN: entry<{ name: string; place: string; reason: string }>(
    ({ name, place, reason }) =>
      `I file sono tutti al loro posto, ma l’indice «${name}» non si scrive in ${place}. ${reason}`,
    () => 'Togli la causa, poi riprendi la campagna.',
  ),
} as const
