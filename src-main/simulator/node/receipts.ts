import { romeDateTime } from '#domain/date'
import { NODE_PATHS } from '#domain/node-ports'
import { type NodeDesk, Refused, type Route } from './http.ts'
import type { PaidNotice } from './money.ts'
import { payDue } from './orders.ts'
import { paidKey, paymentsOf } from './paid.ts'
import { receiptXml } from './receipt-xml.ts'
import type { NodeStore } from './store.ts'

/** Service of receipts (gpd_payments.json): one receipt for each IUV, as the platform keeps them. */
export const receiptRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: `${NODE_PATHS.receipts}/payments/:fiscalCode/receipts`,
    lock: { product: 'gpd' },
    service: 'receipts',
    operation: 'getOrganizationReceipts',
    handle({ params, query }, { store, now }) {
      payDue(store, now())
      const page = wholeNumber(query, 'pageNum', 0, 0, 1_000_000)
      const size = wholeNumber(query, 'pageSize', 20, 1, 100)
      const found = filtered(receiptsOf(store, params.fiscalCode as string), query)
      const results = found.slice(page * size, (page + 1) * size)
      return {
        status: 200,
        json: {
          currentPageNumber: page,
          length: results.length,
          totalPages: Math.ceil(found.length / size),
          results: results.map((paid) => ({
            organizationFiscalCode: paid.creditor,
            iuv: paid.iuv,
            debtor: paid.debtor.fiscalCode,
            paymentDateTime: localTime(paid),
            status: store.byIuv(paid.creditor, paid.iuv) ? 'PAID' : 'CREATED',
          })),
        },
      }
    },
  },
  {
    method: 'GET',
    path: `${NODE_PATHS.receipts}/payments/:fiscalCode/receipts/:iuv`,
    lock: { product: 'gpd' },
    service: 'receipts',
    operation: 'getReceiptByIUV',
    handle({ params }, desk) {
      const paid = receiptOf(desk.store, params.fiscalCode as string, params.iuv as string)
      if (!paid) throw new Refused(404, 'Not Found', `No receipt for ${params.fiscalCode} and ${params.iuv}`)
      return { status: 200, type: 'application/xml', body: xmlOf(desk, paid) }
    },
  },
]

/** The receipt as the institution gets it. */
export function xmlOf({ store }: Pick<NodeDesk, 'store'>, paid: PaidNotice): Uint8Array {
  const brokerCode = store.get('organization', paid.creditor)?.brokerCode ?? paid.creditor
  const station = [...store.all('station')].find((each) => each.organizationFiscalCode === paid.creditor)
  return receiptXml(paid, { brokerCode, stationCode: station?.stationCode ?? `${brokerCode}_01` })
}

/** Of many payments of one IUV, the first that succeeded; else the last that failed. */
export function receiptOf(store: NodeStore, creditor: string, iuv: string): PaidNotice | undefined {
  let failed: PaidNotice | undefined
  const payments = paymentsOf(store, creditor, iuv)
  for (let number = 0; number < payments; number += 1) {
    const paid = store.get('paid', paidKey({ creditor, iuv }, number))
    if (paid?.hasReceipt && paid.ok) return paid
    if (paid?.hasReceipt) failed = paid
  }
  return failed
}

/** What was listed last, by institution: payments are only ever added. */
const listed = new WeakMap<
  NodeStore,
  Map<string, { readonly paid: number; readonly receipts: readonly PaidNotice[] }>
>()

/** In the order of payment. */
function receiptsOf(store: NodeStore, creditor: string): readonly PaidNotice[] {
  const known = listed.get(store) ?? new Map()
  listed.set(store, known)
  const before = known.get(creditor)
  if (before?.paid === store.count('paid')) return before.receipts
  const receipts: PaidNotice[] = []
  for (const paid of store.all('paid')) {
    if (paid.creditor === creditor && paid.hasReceipt && receiptOf(store, creditor, paid.iuv) === paid)
      receipts.push(paid)
  }
  receipts.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.iuv < b.iuv ? -1 : 1))
  known.set(creditor, { paid: store.count('paid'), receipts })
  return receipts
}

/** Days and times are compared as texts, in the zone in which the receipts are written. */
function filtered(receipts: readonly PaidNotice[], query: URLSearchParams): readonly PaidNotice[] {
  const from = query.get('from')
  const to = query.get('to')
  const debtor = query.get('debtor')
  const either = query.get('debtorOrIuv')
  if (from === null && to === null && debtor === null && either === null) return receipts
  return receipts.filter((paid) => {
    const time = localTime(paid)
    if (from !== null && time < from) return false
    // A day alone is meant whole.
    if (to !== null && time.slice(0, to.length) > to) return false
    if (debtor !== null && paid.debtor.fiscalCode !== debtor) return false
    return either === null || paid.debtor.fiscalCode.includes(either) || paid.iuv.includes(either)
  })
}

function localTime(paid: PaidNotice): string {
  return romeDateTime(paid.at).replace(' ', 'T')
}

/** @throws Refused 400 */
export function wholeNumber(
  query: URLSearchParams,
  name: string,
  otherwise: number,
  least: number,
  most: number,
): number {
  const text = query.get(name)
  if (text === null) return otherwise
  const value = /^\d{1,9}$/.test(text) ? Number(text) : -1
  if (value < least || value > most) throw new Refused(400, 'Bad Request', `${name} must be from ${least} to ${most}`)
  return value
}
