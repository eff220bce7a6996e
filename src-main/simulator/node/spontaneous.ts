import { type Instant, romeDate } from '#domain/date'
import { inventPeople } from '#domain/invented-people'
import { composeNoticeNumber, type SegregationCode } from '#domain/notice-number'
import { diceOf } from './dice-of.ts'
import type { PaidNotice } from './money.ts'
import { iurOf, mannerOf, paidKey, paymentsOf } from './paid.ts'
import { providerOf } from './provider-of.ts'
import type { NodeStore } from './store.ts'

/** A payment of which the institution's program knows nothing: made on another portal, or with another software's number. */
export interface SpontaneousOrder {
  readonly creditor: string
  /** The institution's own code, or that of its other software. */
  readonly segregationCode: SegregationCode
  readonly psp: string
  readonly at: Instant
  readonly cents: number
  readonly description: string
  /** Taxonomy code. */
  readonly category: string
  readonly iban: string
  /** An invented person where it is not said. */
  readonly debtor?: PaidNotice['debtor']
  /** What goes to another institution, as the first transfer does to ours. */
  readonly alsoTo?: {
    readonly fiscalCode: string
    readonly name: string
    readonly iban: string
    readonly cents: number
  }
}

/** The number comes from the clock, in milliseconds, as the platform's own generator makes them (pagopa.md §1.1). */
export function paySpontaneously(store: NodeStore, order: SpontaneousOrder): PaidNotice {
  const { creditor, at } = order
  let base = Date.parse(at)
  let number = composeNoticeNumber(order.segregationCode, base)
  while (paymentsOf(store, creditor, number.iuv) > 0 || store.byNav(creditor, number.noticeNumber)) {
    base += 1
    number = composeNoticeNumber(order.segregationCode, base)
  }
  const { noticeNumber, iuv } = number
  const iur = iurOf(creditor, noticeNumber, 0)
  const companyName = store.get('organization', creditor)?.name ?? 'Ente di prova'
  const own = { idTransfer: 1, fiscalCode: creditor, companyName, cents: order.cents, iban: order.iban }
  const remittance = `/RFB/${iuv}/TXT/${order.description}`.slice(0, 140)
  const also = order.alsoTo
  const paid: PaidNotice = {
    ...{ iur, noticeNumber, iuv, creditor, companyName, description: order.description },
    debtor: order.debtor ?? somebody(noticeNumber),
    cents: order.cents + (also?.cents ?? 0),
    transfers: [
      { ...own, remittance, category: order.category },
      ...(also === undefined
        ? []
        : [
            {
              ...{ idTransfer: 2, fiscalCode: also.fiscalCode, companyName: also.name, cents: also.cents },
              ...{ iban: also.iban, remittance, category: order.category },
            },
          ]),
    ],
    psp: providerOf(order.psp).code,
    ...mannerOf(iur),
    ...{ at, day: romeDate(at), outcome: '0', ok: true, hasReceipt: true },
  }
  store.change((changes) => changes.put('paid', paidKey(paid, 0), paid))
  return paid
}

function somebody(noticeNumber: string): PaidNotice['debtor'] {
  const [person] = inventPeople(1, diceOf(`somebody ${noticeNumber}`))
  if (!person) throw new RangeError('nobody was invented')
  return { kind: person.kind, fiscalCode: person.fiscalCode, name: person.name }
}
