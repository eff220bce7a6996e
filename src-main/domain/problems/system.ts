import { entry } from './entry.ts'

/** The program, its ledger and its machine. */
export const systemProblems = {
  LEDGER_NEWER: entry<{ found: string; known: string }>(
    ({ found, known }) => `L’archivio è stato scritto da un programma più nuovo (${found}; questo conosce ${known}).`,
    () => 'Aggiorna Quietanza e riaprilo: l’archivio non è stato toccato.',
  ),
  INTERNAL: entry<{ callId: string }>(
    ({ callId }) => `Il programma si è fermato su un suo errore (${callId}). Niente è stato scritto.`,
    () => 'Riprova; se succede ancora, manda questo codice all’assistenza.',
  ),
  CANCELLED: entry<{ done: number }>(
    ({ done }) => `Interrotto su richiesta dopo ${done} righe. Niente è stato scritto.`,
  ),
} as const
