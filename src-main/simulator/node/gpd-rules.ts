import { readIban } from '#domain/iban'
import { isTaxonomyCode } from '#domain/taxonomy'
import type { SentPayment, SentPosition, SentTransfer } from './gpd-read.ts'
import { refusals } from './gpd-refusals.ts'
import type { NodeStore } from './store.ts'

export type Purpose = 'create' | 'update'

/**
 * The rules of pagopa.md §7.1 that a position keeps: dates in order and not past, at most 5 transfers with ids 1–5 that sum up
 * to their payment, IBAN or stamp, IBAN registered, taxonomy code of the right shape. @throws Refused 400, 409
 */
export function checkRules(
  store: NodeStore,
  fiscalCode: string,
  sent: SentPosition,
  now: string,
  purpose: Purpose,
): void {
  for (const option of sent.options) {
    const { validityDate } = option
    if (purpose === 'create' && validityDate !== undefined && validityDate <= now) {
      throw refusals.data(`validity_date must be > current_date [${validityDate}; ${now}]`)
    }
    for (const payment of option.payments) {
      const { dueDate, retentionDate } = payment
      const mustLast = purpose === 'create' || option.switchToExpired
      if (dueDate < (validityDate ?? now) || (mustLast && dueDate < now)) {
        const dates = `due_date=${dueDate}; validity_date=${validityDate}; current_date=${now}`
        throw refusals.data(`due_date must be >= validity_date and current_date [${dates}]`)
      }
      if (retentionDate !== undefined && retentionDate < dueDate) {
        throw refusals.data(`retention_date must be >= due_date [${retentionDate}; ${dueDate}]`)
      }
      checkTransfers(store, fiscalCode, payment, now)
      if (payment.metadata.some(({ key }) => key === 'NOTIFICATION_FEE')) throw refusals.reservedMetadata()
    }
  }
}

function checkTransfers(store: NodeStore, fiscalCode: string, payment: SentPayment, now: string): void {
  const { transfer, iuv } = payment
  if (transfer.length > 5) throw refusals.data(`at most 5 transfers [${transfer.length} found for iuv ${iuv}]`)
  for (const { idTransfer } of transfer) {
    if (!/^[1-5]$/.test(idTransfer)) throw refusals.data(`transfer id ${idTransfer} is not one of 1, 2, 3, 4, 5`)
  }
  if (new Set(transfer.map(({ idTransfer }) => idTransfer)).size < transfer.length) {
    throw refusals.data(`transfer ids of iuv ${iuv} are not unique`)
  }
  for (const each of transfer) {
    if ((each.iban === undefined) === (each.stamp === undefined) || (each.stamp && each.postalIban !== undefined)) {
      throw refusals.data(`iban or stamp, one of them, is required [iuv ${iuv}, transfer ${each.idTransfer}]`)
    }
    if (!isTaxonomyCode(each.category)) throw refusals.data(`category ${each.category} is not a taxonomy code`)
    checkIban(store, fiscalCode, each, now)
  }
  const sum = transfer.reduce((total, { amount }) => total + amount, 0)
  if (sum !== payment.amount) {
    throw refusals.data(`payment amount must coincide with the total of the transfers [${payment.amount}; ${sum}]`)
  }
}

/** Ours must stand in the Back office; of another institution's only the digits are looked at. */
function checkIban(store: NodeStore, fiscalCode: string, transfer: SentTransfer, now: string): void {
  const owner = transfer.organizationFiscalCode ?? fiscalCode
  for (const iban of [transfer.iban, transfer.postalIban]) {
    if (iban === undefined) continue
    if (readIban(iban).state !== 'ok') throw refusals.data(`the IBAN ${iban} is not valid`)
    if (!store.get('organization', owner)) continue
    const known = store.get('iban', `${owner}/${iban}`)
    if (!known || known.validFrom > now || (known.dueDate !== undefined && known.dueDate <= now)) {
      throw refusals.data(`the IBAN ${iban} is not enabled for the organization ${owner}`)
    }
  }
}
