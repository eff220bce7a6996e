import { formatDate, type Instant, romeDate } from './date.ts'
import type { GpdBody, GpdInstallment, HeldPayment, HeldPosition } from './gpd.ts'
import type { GpdFacts } from './gpd-position.ts'
import { type Cents, formatCents } from './money.ts'
import { type FieldDifference, isPaidOnNode } from './node-divergence.ts'

const NOTHING = 'non c’è'
const UNPAID = /^(PO_)?UNPAID$/

/**
 * Where what the node holds is other than what would be sent, field by field. What is paid there already is no difference; a due
 * date that has passed since it was sent is none either, nor what the node does not say.
 */
export function gpdDifferences(facts: GpdFacts, body: GpdBody, held: HeldPosition): FieldDifference[] {
  const sent = paymentsOf(body)
  const there = new Map(held.payments.map((one) => [one.iuv, one]))
  const dues = new Map([facts.single, ...facts.installments].map((one) => [one?.iuv, one?.dueDate ?? null]))
  const out: FieldDifference[] = debtorDifference(body, held)
  for (const payment of sent) {
    const other = there.get(payment.iuv)
    there.delete(payment.iuv)
    out.push(...paymentDifferences(payment, other, dues.get(payment.iuv) ?? null))
  }
  // The whole that stays open there beside an instalment that was paid: the node lets nobody pay it any more.
  const begun = facts.installments.some((one) =>
    held.payments.some((other) => other.iuv === one.iuv && isPaidOnNode(other)),
  )
  for (const { iuv, cents, status } of there.values()) {
    if (!UNPAID.test(status) || (begun && iuv === facts.single?.iuv)) continue
    out.push({ field: 'amount', iuv, here: NOTHING, there: euro(cents) })
  }
  return out
}

export function paymentsOf(body: GpdBody): readonly GpdInstallment[] {
  return body.api === 'v1'
    ? body.position.paymentOption
    : body.position.paymentOption.flatMap((option) => option.installments)
}

function paymentDifferences(
  sent: GpdInstallment,
  held: HeldPayment | undefined,
  due: string | null,
): FieldDifference[] {
  const { iuv } = sent
  if (held === undefined) return [{ field: 'amount', iuv, here: euro(sent.amount), there: NOTHING }]
  const out: FieldDifference[] = []
  if (held.cents !== sent.amount) out.push({ field: 'amount', iuv, here: euro(sent.amount), there: euro(held.cents) })
  if (held.dueDate !== null) {
    const day = romeDate(held.dueDate)
    const here = romeDate(sent.dueDate as Instant)
    if (day !== here && day !== due) out.push({ field: 'due', iuv, here: formatDate(here), there: formatDate(day) })
  }
  const transfers = new Map(held.transfers.map((one) => [one.idTransfer, one]))
  for (const one of sent.transfer) {
    const other = transfers.get(one.idTransfer)
    if (other === undefined) continue
    if (held.cents === sent.amount && other.cents !== one.amount) {
      const nth = `versamento ${one.idTransfer}: `
      out.push({ field: 'amount', iuv, here: nth + euro(one.amount), there: nth + euro(other.cents) })
    }
    if (one.iban !== undefined && other.iban !== null && other.iban.toUpperCase() !== one.iban) {
      out.push({ field: 'iban', iuv, here: one.iban, there: other.iban })
    }
  }
  return out
}

function debtorDifference(body: GpdBody, { debtor }: HeldPosition): FieldDifference[] {
  const ours = body.api === 'v1' ? body.position : body.position.paymentOption[0]?.debtor
  if (debtor === null || ours === undefined) return []
  const same =
    debtor.fiscalCode.toUpperCase() === ours.fiscalCode && debtor.fullName.toUpperCase() === ours.fullName.toUpperCase()
  if (same) return []
  const words = (one: { readonly fiscalCode: string; readonly fullName: string }) =>
    `${one.fullName} (${one.fiscalCode})`
  return [{ field: 'debtor', iuv: null, here: words(ours), there: words(debtor) }]
}

function euro(cents: number): string {
  return `${formatCents(cents as Cents)} €`
}
