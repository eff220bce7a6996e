import { romeDate } from '#domain/date'
import { cents, splitByLargestRemainder } from '#domain/money'
import type { PaidNotice, PaidTransfer, PayOrder } from './money.ts'
import { iurOf, mannerOf, paidKey, paymentsOf } from './paid.ts'
import { providerOf } from './provider-of.ts'
import type { NodeOption, NodePayment, NodePosition } from './records.ts'
import { positionAt, statusOfPayments } from './states.ts'
import { type NodeStore, positionKey } from './store.ts'

export type PayResult =
  | { readonly ok: true; readonly paid: PaidNotice }
  | { readonly ok: false; readonly code: PayRefusal; readonly reason: string }

export type PayRefusal =
  | 'PAA_PAGAMENTO_SCONOSCIUTO'
  | 'PAA_PAGAMENTO_DUPLICATO'
  | 'PAA_PAGAMENTO_SCADUTO'
  | 'PAA_PAGAMENTO_ANNULLATO'

const REFUSALS: Readonly<Record<PayRefusal, string>> = {
  PAA_PAGAMENTO_SCONOSCIUTO: 'Il nodo non ha un avviso pagabile con questo numero.',
  PAA_PAGAMENTO_DUPLICATO: 'È già pagato, da solo o con l’altra modalità dello stesso avviso.',
  PAA_PAGAMENTO_SCADUTO: 'È scaduto e non si può più pagare.',
  PAA_PAGAMENTO_ANNULLATO: 'È annullato.',
}

/** Pays a notice as a payer does at a provider: position, receipt and what a flow will tell change together. */
export function pay(store: NodeStore, order: PayOrder): PayResult {
  const how = order.how ?? 'regular'
  const found = store.byNav(order.creditor, order.noticeNumber)
  if (!found) return refuse('PAA_PAGAMENTO_SCONOSCIUTO')
  const position = positionAt(found.position, order.at)
  const refusal = refusalOf(position, found.payment)
  // A draft was never shown to anybody, so that not even a provider without a line could know it.
  if (refusal !== null && (how !== 'standIn' || position.status === 'DRAFT')) return refuse(refusal)
  const number = paymentsOf(store, order.creditor, found.payment.iuv)
  const paid = paidNotice(order, position, found.payment, number, {
    ok: how !== 'ko',
    outcome: refusal !== null ? (number > 0 ? '8' : '4') : how === 'standIn' ? '4' : '0',
    hasReceipt: refusal === null || number === 0,
  })
  store.change((changes) => {
    changes.put('paid', paidKey(paid, number), paid)
    if (paid.ok && refusal === null)
      changes.put('position', positionKey(order.creditor, position.iupd), settled(position, paid))
  })
  return { ok: true, paid }
}

/** Why the platform would not take the payment, null where it would (pagopa.md §7.2, §7.4). */
export function refusalOf(position: NodePosition, payment: NodePayment): PayRefusal | null {
  const { status } = position
  if (status === 'DRAFT' || status === 'PUBLISHED') return 'PAA_PAGAMENTO_SCONOSCIUTO'
  if (status === 'EXPIRED') return 'PAA_PAGAMENTO_SCADUTO'
  if (status === 'INVALID') return 'PAA_PAGAMENTO_ANNULLATO'
  if (status === 'PAID' || status === 'REPORTED') return 'PAA_PAGAMENTO_DUPLICATO'
  if (payment.status !== 'PO_UNPAID') return 'PAA_PAGAMENTO_DUPLICATO'
  const own = optionOf(position, payment.iuv)
  const otherBegun = position.options.some(
    (option) => option !== own && option.payments.some((each) => each.status !== 'PO_UNPAID'),
  )
  return otherBegun ? 'PAA_PAGAMENTO_DUPLICATO' : null
}

function refuse(code: PayRefusal): PayResult {
  return { ok: false, code, reason: REFUSALS[code] }
}

function optionOf(position: NodePosition, iuv: string): NodeOption {
  return position.options.find((option) => option.payments.some((each) => each.iuv === iuv)) as NodeOption
}

function paidNotice(
  order: PayOrder,
  position: NodePosition,
  payment: NodePayment,
  number: number,
  end: Pick<PaidNotice, 'ok' | 'outcome' | 'hasReceipt'>,
): PaidNotice {
  const iur = iurOf(order.creditor, order.noticeNumber, number)
  const { debtor } = optionOf(position, payment.iuv)
  const amount = order.cents ?? payment.amount
  const shares = splitByLargestRemainder(
    cents(amount),
    payment.transfer.map((transfer) => transfer.amount),
  )
  return {
    iur,
    noticeNumber: order.noticeNumber,
    iuv: payment.iuv,
    creditor: order.creditor,
    companyName: position.companyName,
    description: payment.description,
    debtor: {
      kind: debtor.type,
      fiscalCode: debtor.fiscalCode,
      name: debtor.fullName,
      ...(debtor.email === undefined ? {} : { email: debtor.email }),
    },
    cents: amount,
    transfers: payment.transfer.flatMap((transfer, n): PaidTransfer[] => {
      const share = shares[n] as number
      if (share === 0) return []
      return [
        {
          idTransfer: Number(transfer.idTransfer),
          fiscalCode: transfer.organizationFiscalCode,
          companyName: transfer.companyName ?? position.companyName,
          cents: share,
          iban: transfer.stamp ? null : (transfer.iban ?? null),
          remittance: transfer.remittanceInformation,
          category: transfer.category,
        },
      ]
    }),
    psp: providerOf(order.psp).code,
    ...mannerOf(iur),
    at: order.at,
    day: romeDate(order.at),
    ...end,
  }
}

/** The position after one of its payments was made. */
function settled(position: NodePosition, paid: PaidNotice): NodePosition {
  const stamp = { lastUpdatedDate: paid.at }
  const options = position.options.map((option) => ({
    ...option,
    payments: option.payments.map((payment) =>
      payment.iuv !== paid.iuv
        ? payment
        : {
            ...payment,
            ...stamp,
            status: 'PO_PAID' as const,
            paymentDate: paid.at,
            paymentMethod: paid.method,
            pspCompany: providerOf(paid.psp).name,
            idReceipt: paid.iur,
            fee: paid.feeCents,
          },
    ),
  }))
  const next = { ...position, ...stamp, options }
  const status = statusOfPayments(next)
  return { ...next, status, ...(status === 'PAID' ? { paymentDate: paid.at } : {}) }
}
