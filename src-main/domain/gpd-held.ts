import { type Instant, instantOf } from './date.ts'
import type { GpdApi, HeldPayment, HeldPosition, HeldTransfer } from './gpd.ts'

type Row = Readonly<Record<string, unknown>>

/**
 * What an answer of GPD says that the node holds: a position read, listed, or echoed after an act. Null where it says too
 * little or in other types: then nothing is known, and it has to be asked.
 */
export function heldOf(api: GpdApi, answer: unknown): HeldPosition | null {
  if (!isRow(answer)) return null
  const iupd = text(answer.iupd)
  const status = text(answer.status)
  const options = rows(answer.paymentOption)
  if (iupd === null || status === null || options === null) return null
  const payments: HeldPayment[] = []
  for (const option of options) {
    const listed = api === 'v1' ? [option] : rows(option.installments)
    if (listed === null) return null
    for (const one of listed) {
      const payment = paymentOf(api, one, option, status)
      if (payment === null) return null
      payments.push(payment)
    }
  }
  return {
    ...{ iupd, api, status, payments },
    companyName: text(answer.companyName),
    validityDate: instant(answer.validityDate ?? options[0]?.validityDate),
    paidAt: instant(answer.paymentDate),
    debtor: debtorOf(options[0]?.debtor),
  }
}

function debtorOf(value: unknown): HeldPosition['debtor'] {
  const fiscalCode = isRow(value) ? text(value.fiscalCode) : null
  const fullName = isRow(value) ? text(value.fullName) : null
  return fiscalCode === null || fullName === null ? null : { fiscalCode, fullName }
}

function paymentOf(api: GpdApi, row: Row, option: Row, positionStatus: string): HeldPayment | null {
  const iuv = text(row.iuv)
  const status = text(row.status) ?? silentStatus(api, positionStatus)
  const listed = row.transfer === undefined ? [] : rows(row.transfer)
  if (iuv === null || status === null || listed === null || !isCount(row.amount)) return null
  const transfers: HeldTransfer[] = []
  for (const one of listed) {
    if (!isCount(one.amount)) return null
    transfers.push({
      idTransfer: text(one.idTransfer) ?? '',
      cents: one.amount,
      fiscalCode: text(one.organizationFiscalCode),
      remittance: text(one.remittanceInformation),
      category: text(one.category),
      iban: text(one.iban),
      reported: one.status === 'T_REPORTED',
    })
  }
  return {
    ...{ iuv, nav: text(row.nav), cents: row.amount, status, transfers },
    dueDate: instant(row.dueDate),
    description: text(row.description),
    partial: api === 'v3' ? (rows(option.installments)?.length ?? 0) > 1 : row.isPartialPayment === true,
    paidAt: instant(row.paymentDate),
    receiptId: text(row.idReceipt),
    flowId: text(row.idFlowReporting),
  }
}

/** Echoes of acts leave out the state of each payment: nobody has paid a position in one of these states. */
const NOBODY_PAID = new Set(['DRAFT', 'PUBLISHED', 'VALID', 'INVALID', 'EXPIRED'])

function silentStatus(api: GpdApi, positionStatus: string): string | null {
  if (!NOBODY_PAID.has(positionStatus)) return null
  return api === 'v1' ? 'PO_UNPAID' : 'UNPAID'
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function rows(value: unknown): readonly Row[] | null {
  return Array.isArray(value) && value.every(isRow) ? value : null
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

const MOST = 256

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' && value.length <= MOST ? value : null
}

/** A date-time; without a zone it is UTC, as everything in GPD (pagopa.md §7.1). */
function instant(value: unknown): Instant | null {
  if (typeof value !== 'string') return null
  const match = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:?\d{2})?$/.exec(value)
  if (match === null) return null
  const at = Date.parse(`${(match[1] as string).replace(/(\.\d{3})\d+$/, '$1')}${match[2] ?? 'Z'}`)
  return Number.isNaN(at) ? null : instantOf(at)
}
