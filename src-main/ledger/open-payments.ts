import type { Id } from '#domain/brand'
import { openPayments, type PayablePart } from '#domain/open-payments'
import { chunks } from './chunks.ts'
import type { ReadHandle } from './ledger.ts'

interface Asked<P> {
  readonly debtPositionId: Id<'debtPosition'>
  readonly payments: { readonly single: P | null; readonly installments: readonly P[] }
}

/** What can still be paid of each position, by what the evidence says now (`domain/open-payments.ts`). */
export async function readOpenPayments<P extends PayablePart & { readonly iuv: string }>(
  db: ReadHandle,
  facts: readonly Asked<P>[],
): Promise<ReadonlyMap<Id<'debtPosition'>, Asked<P>['payments']>> {
  const closed = new Set<string>()
  const ids = facts.map((one) => one.debtPositionId)
  for (const slice of chunks(ids, 500)) {
    const rows = await db
      .selectFrom('debtPosition')
      .innerJoin('paymentOption', (join) =>
        join
          .onRef('paymentOption.debtPositionId', '=', 'debtPosition.id')
          .onRef('paymentOption.version', '=', 'debtPosition.currentVersion'),
      )
      .innerJoin('installment', 'installment.paymentOptionId', 'paymentOption.id')
      .innerJoin('installmentState', 'installmentState.installmentId', 'installment.id')
      .where('debtPosition.id', 'in', slice)
      .where('installmentState.state', '<>', 'unpaid')
      .select(['debtPosition.id', 'installment.iuv'])
      .execute()
    for (const { id, iuv } of rows) closed.add(`${id}|${iuv}`)
  }
  return new Map(
    facts.map((one) => [
      one.debtPositionId,
      openPayments(one.payments, ({ iuv }) => (closed.has(`${one.debtPositionId}|${iuv}`) ? 'paid' : 'unpaid')),
    ]),
  )
}
