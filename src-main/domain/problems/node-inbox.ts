import { entry } from './entry.ts'

/** What comes back from the pagoPA node, and payments that nobody asked for. */
export const nodeInboxProblems = {
  NODE_READING_STOPPED: entry<{ what: string; reason: string }>(
    (p) => `La lettura di ${p.what} dal nodo si è fermata: ${p.reason}`,
    () => 'Ciò che era già arrivato è rimasto. Rimedia e premi di nuovo «Scarica dal nodo»: riprende da dove era.',
  ),
  NODE_RECEIPT_OTHER: entry<{ asked: string; found: string }>(
    (p) => `Chiesta la ricevuta ${p.asked}, il nodo ha dato quella di ${p.found}.`,
    () => 'Si richiede da sola alla prossima lettura; se continua, scaricala dal Back office e caricala da file.',
  ),
  NODE_FLOW_OTHER: entry<{ asked: string; found: string }>(
    (p) => `Chiesto il flusso ${p.asked}, il nodo ha dato ${p.found}.`,
    () => 'Si richiede da solo alla prossima lettura; se continua, scaricalo dal Back office e caricalo da file.',
  ),
  SPONTANEOUS_GONE: entry(
    () => 'Questo pagamento non è più tra quelli senza posizione.',
    () => 'Aggiorna l’elenco.',
  ),
  SPONTANEOUS_STATE: entry<{ state: string }>(
    (p) => `Questo pagamento è «${p.state}»: l’operazione non vale più.`,
    () => 'Guarda l’elenco aggiornato.',
  ),
  SPONTANEOUS_NO_EXERCISE: entry<{ day: string }>(
    (p) => `Il pagamento è del ${p.day} e non c’è un esercizio aperto in cui accertarlo.`,
    () => 'Apri l’esercizio, poi riprova.',
  ),
  SPONTANEOUS_TYPE_MISSING: entry<{ transfer: number }>(
    (p) => `Manca il tipo di dovuto del versamento n. ${p.transfer}.`,
    () => 'Sceglilo: ogni versamento all’ente paga un dovuto.',
  ),
  SPONTANEOUS_PERSON_FIXED: entry<{ name: string }>(
    (p) => `La posizione di questo pagamento è già di ${p.name}.`,
    () => 'Attribuiscilo alla stessa persona; se sono la stessa, unisci le due schede in Anagrafiche.',
  ),
  SPONTANEOUS_POSTED: entry<{ accertamento: string }>(
    (p) => `L’accertamento ${p.accertamento} ha già reversali: ciò che è contabilizzato non si disfà da qui.`,
    () => 'Annulla prima la reversale, poi riprova.',
  ),
  SPONTANEOUS_NOT_OURS: entry(
    () => 'Nessun versamento di questa ricevuta è dell’ente: non c’è nulla da accertare.',
    () => 'Lasciala così com’è.',
  ),
}
