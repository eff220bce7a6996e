import { entry } from './entry.ts'

/** The program, its ledger and its machine. */
export const systemProblems = {
  LEDGER_NEWER: entry<{ found: string; known: string }>(
    ({ found, known }) => `L’archivio è stato scritto da un programma più nuovo (${found}; questo conosce ${known}).`,
    () => 'Aggiorna Quietanza e riaprilo: l’archivio non è stato toccato.',
  ),
  LEDGER_NOT_OURS: entry<{ file: string }>(
    ({ file }) => `Il file «${file}» non è un archivio di Quietanza.`,
    () => 'Scegli il file giusto: questo non è stato toccato.',
  ),
  LEDGER_ON_NETWORK: entry<{ file: string }>(
    ({ file }) => `L’archivio «${file}» è su una cartella di rete, dove il file può rovinarsi.`,
    () => 'Spostalo su un disco di questo computer; per più postazioni usa PostgreSQL.',
  ),
  LEDGER_DAMAGED: entry<{ file: string; reason: string }>(
    ({ file, reason }) => `L’archivio «${file}» è rovinato: ${reason}.`,
    () => 'Non usarlo: ripristina l’ultima copia di sicurezza.',
  ),
  LEDGER_UPGRADE_FAILED: entry<{ step: string; reason: string; backup: string }>(
    ({ step, reason }) =>
      `L’aggiornamento dell’archivio (${step}) non è riuscito: ${reason}. L’archivio è rimasto com’era.`,
    ({ backup }) => (backup === '' ? 'Avvisa l’assistenza.' : `Una copia di prima è in «${backup}».`),
  ),
  LEDGER_BUSY: entry(
    () => 'L’archivio è occupato da un altro programma.',
    () => 'Aspetta qualche secondo e riprova.',
  ),
  LEDGER_OPEN_ELSEWHERE: entry<{ file: string }>(
    ({ file }) => `L’archivio «${file}» è già aperto in un’altra finestra di Quietanza.`,
    () => 'Torna a quella finestra, oppure chiudila e riprova.',
  ),
  LEDGER_DISK_FULL: entry(
    () => 'Il disco è pieno: niente è stato scritto.',
    () => 'Libera spazio e riprova.',
  ),
  LEDGER_READ_ONLY: entry(
    () => 'L’archivio si può solo leggere: niente è stato scritto.',
    () => 'Controlla i permessi del file e della cartella.',
  ),
  LEDGER_UNREACHABLE: entry<{ place: string; reason: string }>(
    ({ place, reason }) => `L’archivio su ${place} non risponde: ${reason}.`,
    () => 'Controlla la rete, il server PostgreSQL e le credenziali.',
  ),
  LEDGER_BACKUP_ON_SERVER: entry<{ place: string }>(
    ({ place }) => `L’archivio è su PostgreSQL (${place}): la copia di sicurezza si fa sul server.`,
    () => 'Chiedi a chi amministra il server di programmare pg_dump.',
  ),
  LEDGER_NUMBER_UNSAFE: entry<{ value: string }>(
    ({ value }) => `Il numero ${value} supera quelli che il programma calcola senza errore.`,
  ),
  INTERNAL: entry<{ callId: string }>(
    ({ callId }) => `Il programma si è fermato su un suo errore (${callId}). Niente è stato scritto.`,
    () => 'Riprova; se succede ancora, manda questo codice all’assistenza.',
  ),
  CANCELLED: entry<{ done: number }>(
    ({ done }) => `Interrotto su richiesta dopo ${done} righe. Niente è stato scritto.`,
  ),
  CANCELLED_SAVING: entry<{ written: number }>(
    ({ written }) =>
      written === 0
        ? 'Interrotto su richiesta. Nessun file è stato scritto.'
        : `Interrotto su richiesta: nella cartella ${written === 1 ? 'c’è un file nuovo, intero' : `ci sono ${written} file nuovi, interi`}.`,
    () => 'Per avere gli altri ripeti: i file già scritti si riconoscono e restano come sono.',
  ),
} as const
