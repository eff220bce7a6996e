import { epochMsOf, formatDate, type Instant, type IsoDate, instantOf } from './date.ts'
import type { CheckoutCart } from './node-ports.ts'
import type { StoredPayment, StoredPosition } from './position-plan.ts'

/** Notices of a cart of Checkout at most (pagopa.md §8). */
export const MAX_CART_NOTICES = 5

/** Checkout forgets a cart that nobody opened after ten minutes (its code; no document says it). */
const OPEN_MINUTES = 10
/** Once it is open the payer has time to pay, and the receipt to come; later it may still come, but nobody waits for it. */
const WAIT_MINUTES = 60

export function openUntil(at: Instant): Instant {
  return instantOf(epochMsOf(at) + OPEN_MINUTES * 60_000)
}

/** Carts older than this are waited for no longer. */
export function waitedSince(now: Instant): Instant {
  return instantOf(epochMsOf(now) - WAIT_MINUTES * 60_000)
}

export type CartState = 'waiting' | 'partlyPaid' | 'paid' | 'lapsed'

/** By the receipts of its notices, never by the return of the payer's browser. */
export function cartState(rows: readonly { readonly paid: boolean }[], at: Instant, now: Instant): CartState {
  const paid = rows.filter((row) => row.paid).length
  if (paid === rows.length) return 'paid'
  if (paid > 0) return 'partlyPaid'
  return at >= waitedSince(now) ? 'waiting' : 'lapsed'
}

const NODE_SAYS: Readonly<Record<string, string>> = {
  DRAFT: 'Sul nodo è ancora una bozza: pubblicala',
  PUBLISHED: 'Sul nodo non si paga ancora: la validità non è cominciata',
  EXPIRED: 'Per il nodo è scaduta: riemettila',
  INVALID: 'Per il nodo non è più valida: riattivala o riemettila',
  UNPAYABLE: 'Per il nodo non si può pagare: riemettila',
  PAID: 'Il nodo la dice già pagata: aspetta la ricevuta',
  REPORTED: 'Il nodo la dice già pagata: aspetta la ricevuta',
}

/** Why nothing of a position can be paid by Checkout now; null where something can. */
export function whyNotPayable(position: StoredPosition, today: IsoDate): string | null {
  const { lifecycle, payment, nodeState, syncState, validUntil } = position
  if (lifecycle === 'cancelled') return 'È annullata'
  if (lifecycle === 'draft') return 'È una bozza'
  if (payment === 'paid' || payment === 'collected') return 'È già pagata'
  if (validUntil < today) return `Si poteva pagare fino al ${formatDate(validUntil)}: riemettila`
  if (syncState === 'failed') return 'È stata rifiutata: guarda perché, poi mandala di nuovo'
  if (syncState === 'diverged') return 'Il nodo e l’archivio non dicono la stessa cosa: scegli quale vale'
  if (nodeState === null) return syncState === 'inFlight' ? 'Sta andando sul nodo' : 'Non è sul nodo: pubblicala'
  if (nodeState !== 'VALID' && nodeState !== 'PARTIALLY_PAID') {
    return NODE_SAYS[nodeState] ?? `Il nodo la dice «${nodeState}»`
  }
  if (syncState !== 'synced') return 'Sul nodo c’è ancora com’era prima: aspetta che sia aggiornata'
  return null
}

/** Payments of a position with the reason why each cannot be paid now; the single one first. */
export function cartPayments(
  position: StoredPosition,
  today: IsoDate,
): readonly { readonly kind: 'single' | 'plan'; readonly payment: StoredPayment; readonly whyNot: string | null }[] {
  const whole = whyNotPayable(position, today)
  const { single, installments } = position
  const begun = installments.some((one) => one.state !== 'unpaid')
  const whyNot = (payment: StoredPayment, kind: 'single' | 'plan') => {
    if (payment.state !== 'unpaid') return 'È già pagata'
    if (payment.noticeNumber === null) return 'Non ha un numero avviso'
    if (kind === 'single' && begun) return 'Si sta già pagando a rate'
    if (kind === 'plan' && single !== null && single.state !== 'unpaid') return 'È già stata pagata tutta insieme'
    return whole
  }
  return [
    ...(single === null ? [] : [{ kind: 'single' as const, payment: single, whyNot: whyNot(single, 'single') }]),
    ...installments.map((payment) => ({ kind: 'plan' as const, payment, whyNot: whyNot(payment, 'plan') })),
  ]
}

/** What is offered at first: all at once where it can be, else the next instalment. */
export function nextPayment(position: StoredPosition, today: IsoDate): StoredPayment | null {
  return cartPayments(position, today).find((one) => one.whyNot === null)?.payment ?? null
}

/** «Quota 2026, rata 2 di 4» */
export function paymentDescription(position: StoredPosition, kind: 'single' | 'plan', payment: StoredPayment): string {
  const tail = kind === 'single' ? '' : `, rata ${payment.ordinal} di ${position.installments.length}`
  return `${position.description.slice(0, 140 - tail.length)}${tail}`
}

/** The body that Checkout takes; texts within its limits, and on postal accounts only where all the money goes to one. */
export function checkoutCart({
  payments,
  institution,
  returnUrls,
  reference,
  email,
}: {
  readonly payments: readonly {
    readonly payment: StoredPayment
    readonly noticeNumber: string
    readonly description: string
  }[]
  readonly institution: { readonly fiscalCode: string; readonly name: string }
  readonly returnUrls: { readonly ok: string; readonly cancel: string; readonly error: string }
  readonly reference: string
  readonly email: string | null
}): CheckoutCart {
  const transfers = payments.flatMap(({ payment }) => payment.transfers)
  return {
    ...(email === null ? {} : { emailNotice: email }),
    paymentNotices: payments.map(({ payment, noticeNumber, description }) => ({
      noticeNumber,
      fiscalCode: institution.fiscalCode,
      amount: payment.cents,
      companyName: institution.name.slice(0, 140),
      description,
    })),
    returnUrls: {
      returnOkUrl: returnUrls.ok,
      returnCancelUrl: returnUrls.cancel,
      returnErrorUrl: returnUrls.error,
    },
    idCart: reference,
    // ABI 07601 is Poste.
    ...(transfers.every(({ iban }) => iban?.slice(5, 10) === '07601') ? { allCCP: true } : {}),
  }
}
