import { entry } from './entry.ts'

/** The connection to the pagoPA node: what lacks before anything can be asked of it. */
export const nodeConnectionProblems = {
  NODE_NO_INSTITUTION: entry(
    () => 'Non c’è ancora l’ente: il nodo pagoPA non saprebbe di chi si parla.',
    () => 'Completa la guida iniziale.',
  ),
  NODE_NO_REHEARSAL: entry(
    () => 'Questo programma non ha un nodo di prova.',
    () => 'Apri l’archivio con il programma da scrivania.',
  ),
  NODE_PRODUCT_OFF: entry<{ product: string; environment: string }>(
    (p) => `Nell’ambiente ${p.environment} il servizio «${p.product}» è spento.`,
    () => 'Accendilo in Impostazioni › Nodo pagoPA.',
  ),
  NODE_KEY_MISSING: entry<{ product: string; environment: string }>(
    (p) => `Manca la chiave del servizio «${p.product}» per l’ambiente ${p.environment}, su questo computer.`,
    () => 'Copiala dal Back office pagoPA in Impostazioni › Nodo pagoPA.',
  ),
}
