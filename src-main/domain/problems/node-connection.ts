import { entry } from './entry.ts'

const SETTINGS = 'Impostazioni › Nodo pagoPA'

/** The connection to the pagoPA node: what lacks before anything can be asked of it, and what does not agree with it. */
export const nodeConnectionProblems = {
  NODE_NO_REHEARSAL: entry(
    () => 'Questo programma non ha un nodo di prova.',
    () => 'Apri l’archivio con il programma, non dalla riga di comando.',
  ),
  NODE_REHEARSAL_FAILED: entry<{ reason: string }>(
    (p) => `Il nodo di prova di questo computer non parte: ${p.reason}.`,
    () => 'Chiudi e riapri il programma; se resta così, sposta altrove la cartella «nodo-di-prova» dei dati.',
  ),
  NODE_PRODUCT_OFF: entry<{ product: string; environment: string }>(
    (p) => `Nell’ambiente ${p.environment} il servizio «${p.product}» è spento.`,
    () => `Accendilo in ${SETTINGS}.`,
  ),
  NODE_KEY_MISSING: entry<{ product: string; environment: string }>(
    (p) => `Manca la chiave del servizio «${p.product}» per l’ambiente ${p.environment}, su questo computer.`,
    () => `Copiala dal Back office pagoPA in ${SETTINGS}.`,
  ),
  NODE_KEY_FORM: entry<{ product: string }>(
    (p) => `La chiave del servizio «${p.product}» contiene spazi o segni che una chiave non ha.`,
    () => 'Copiala di nuovo dal Back office pagoPA, da sola.',
  ),
  NODE_NOT_TRIED: entry<{ environment: string }>(
    (p) => `Oggi su questo computer nessuna prova del collegamento con l’ambiente ${p.environment} è riuscita.`,
    () => 'Premi «Prova collegamento» e torna qui quando è tutto verde.',
  ),
  NODE_NOT_TYPED: entry<{ fiscalCode: string }>(
    (p) => `Il codice fiscale scritto non è quello dell’ente (${p.fiscalCode}).`,
    () => 'Scrivi il codice fiscale dell’ente.',
  ),
  NODE_INVENTED_PAYMENTS: entry<{ receipts: number; flows: number }>(
    (p) =>
      `In questo archivio ci sono pagamenti finti, arrivati da Prova o da Collaudo: ${p.receipts === 1 ? '1 ricevuta' : `${p.receipts} ricevute`} e ${p.flows === 1 ? '1 flusso' : `${p.flows} flussi`}. In Produzione i libri li conterebbero come soldi veri.`,
    () => 'Rimetti la copia di sicurezza di prima delle prove, oppure comincia un archivio nuovo.',
  ),
  NODE_UNANSWERED: entry<{ reason: string; reply: string }>(
    (p) => `${p.reason}${p.reply === '' ? '' : ` pagoPA risponde: «${p.reply}».`}`,
    () => '',
  ),
  NODE_IBAN_UNKNOWN: entry<{ iban: string; account: string }>(
    (p) => `pagoPA non conosce l’IBAN ${p.iban} del conto «${p.account}»: le posizioni che lo usano saranno rifiutate.`,
    () => 'Aggiungilo nel Back office pagoPA, poi premi «Aggiorna IBAN».',
  ),
  NODE_IBAN_FUTURE: entry<{ iban: string; account: string; day: string }>(
    (p) => `L’IBAN ${p.iban} del conto «${p.account}» vale per pagoPA soltanto dal ${p.day}.`,
    () => 'Aspetta quel giorno, oppure usa un altro conto per i tipi di dovuto.',
  ),
  NODE_IBAN_OFF: entry<{ iban: string; account: string; status: string }>(
    (p) => `L’IBAN ${p.iban} del conto «${p.account}» non è attivo per pagoPA (stato «${p.status}»).`,
    () => 'Attivalo nel Back office pagoPA, oppure usa un altro conto per i tipi di dovuto.',
  ),
  NODE_STATION_UNKNOWN: entry<{ station: string }>(
    (p) => `pagoPA non conosce la stazione ${p.station} per questo ente.`,
    () => `Correggila in ${SETTINGS}: è nel Back office pagoPA, alla voce Stazioni.`,
  ),
  NODE_SEGREGATION_UNKNOWN: entry<{ code: string; known: string }>(
    (p) =>
      `Gli avvisi nascono con il codice di segregazione ${p.code}, che pagoPA non ha su nessuna stazione attiva dell’ente (ha: ${p.known}).`,
    () => 'Correggilo in Impostazioni › Ente, o fatti associare quel codice nel Back office pagoPA.',
  ),
} as const
