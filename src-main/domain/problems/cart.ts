import { entry } from './entry.ts'

/** Paying now, by a link of Checkout. */
export const cartProblems = {
  CART_NOT_PAYABLE: entry<{ notice: string; reason: string }>(
    ({ notice, reason }) => `L’avviso ${notice} non si può pagare adesso. ${reason}.`,
    () => '',
  ),
  CART_TOO_MANY: entry<{ most: number }>(
    ({ most }) => `Sono scelte più di ${most} posizioni: un link ne paga cinque al più.`,
    () => 'Scegline meno.',
  ),
  CART_NOTICE_GONE: entry(
    () => 'Uno dei pagamenti scelti non c’è più: la posizione è cambiata.',
    () => 'Riapri «Paga ora».',
  ),
  CART_BOTH_WAYS: entry<{ person: string }>(
    ({ person }) => `Della posizione di ${person} sono scelti il pagamento unico e le rate: si pagherebbe due volte.`,
    () => 'Scegli l’uno o le altre.',
  ),
  CART_CHANGED: entry(
    () => 'L’importo è cambiato mentre guardavi: il link non è stato chiesto.',
    () => 'Riapri «Paga ora» e controlla.',
  ),
  CART_NO_RETURN: entry<{ environment: string }>(
    ({ environment }) => `Mancano gli indirizzi a cui chi paga torna dopo Checkout, nell’ambiente ${environment}.`,
    () => 'Scrivili in Impostazioni › Nodo pagoPA: sono pagine https del sito dell’ente.',
  ),
  CART_REFUSED: entry<{ reason: string }>(
    ({ reason }) => `Checkout non ha dato il link. ${reason}`,
    () => '',
  ),
  CART_GONE: entry(
    () => 'Questo link non c’è più.',
    () => 'Riapri «Paga ora».',
  ),
}
