import type { Id } from '#domain/brand'
import type { IsoDate } from '#domain/date'
import { type InstallmentPayment, installmentPayment, positionPayment } from '#domain/payment-state'
import type { InstallmentOutcome } from '#domain/reconcile-outcome'
import { chunks } from './chunks.ts'
import type { WriteHandle } from './ledger.ts'
import type { Flag } from './schema/common.ts'
import type { PositionPayment } from './schema/position.ts'

/** Where the payment of an IUV was met, for the lists. */
export interface PaymentPlace {
  readonly reportingFlowId: Id<'reportingFlow'> | null
  readonly bankMovementId: Id<'bankMovement'> | null
}

interface State extends PaymentPlace {
  readonly state: InstallmentPayment
  readonly paidTwice: Flag
  readonly otherOptionPaid: Flag
  readonly paidDate: IsoDate | null
}

/**
 * Recomputes the payment of every installment and position from the outcome and from the posted lines, and writes what
 * changed. The one place where these states come from (DOMAIN.md §3).
 */
export async function storePayments(
  db: WriteHandle,
  outcomes: readonly InstallmentOutcome[],
  posted: readonly { readonly iuv: string | null; readonly cents: number }[],
  places: ReadonlyMap<string, PaymentPlace>,
): Promise<void> {
  const outcomeOf = new Map(outcomes.map((o) => [o.iuv, o]))
  const postedOf = new Map<string, number>()
  for (const { iuv, cents } of posted) if (iuv !== null) postedOf.set(iuv, (postedOf.get(iuv) ?? 0) + cents)
  const installments = await db
    .selectFrom('installment')
    .innerJoin('paymentOption', 'paymentOption.id', 'installment.paymentOptionId')
    .innerJoin('debtPosition', 'debtPosition.id', 'paymentOption.debtPositionId')
    .select(['installment.id', 'installment.iuv', 'paymentOption.id as optionId', 'paymentOption.version'])
    .select(['debtPosition.id as positionId', 'debtPosition.currentVersion', 'debtPosition.payment'])
    .orderBy('installment.id')
    .execute()
  const own = new Map<number, number>()
  const transfers = await db.selectFrom('transfer').select(['installmentId', 'cents', 'own', 'stamp']).execute()
  for (const t of transfers) {
    if (t.own === 1 && t.stamp === 0) own.set(t.installmentId, (own.get(t.installmentId) ?? 0) + t.cents)
  }

  const wanted = new Map<number, State>()
  const positions = new Map<number, { payment: PositionPayment; options: Map<number, InstallmentPayment[]> }>()
  for (const i of installments) {
    const outcome = outcomeOf.get(i.iuv)
    const state = installmentPayment(outcome?.state, own.get(i.id) ?? 0, postedOf.get(i.iuv) ?? 0)
    const twice = outcome?.paidTwice === true
    const other = outcome?.otherOptionPaid === true
    if (state !== 'unpaid' || twice || other) {
      const place = places.get(i.iuv)
      wanted.set(i.id, {
        state,
        paidTwice: twice ? 1 : 0,
        otherOptionPaid: other ? 1 : 0,
        paidDate: outcome?.paidOn ?? null,
        reportingFlowId: place?.reportingFlowId ?? null,
        bankMovementId: place?.bankMovementId ?? null,
      })
    }
    const position = positions.get(i.positionId) ?? { payment: i.payment, options: new Map() }
    positions.set(i.positionId, position)
    if (i.version === i.currentVersion) {
      const option = position.options.get(i.optionId)
      // The option that got the first accepted payment counts; money come through the other one is not of the position.
      const counted = other ? 'unpaid' : state
      if (option) option.push(counted)
      else position.options.set(i.optionId, [counted])
    }
  }
  await writeInstallmentStates(db, wanted)
  const changed = new Map<PositionPayment, Id<'debtPosition'>[]>()
  for (const [id, position] of positions) {
    const payment = positionPayment([...position.options.values()])
    if (payment === position.payment) continue
    const list = changed.get(payment)
    if (list) list.push(id as Id<'debtPosition'>)
    else changed.set(payment, [id as Id<'debtPosition'>])
  }
  for (const [payment, ids] of changed) {
    for (const part of chunks(ids)) {
      await db
        .updateTable('debtPosition')
        .set({ payment })
        .where('id', 'in', [...part])
        .execute()
    }
  }
}

async function writeInstallmentStates(db: WriteHandle, wanted: ReadonlyMap<number, State>): Promise<void> {
  const text = (s: State) =>
    [s.state, s.paidTwice, s.otherOptionPaid, s.paidDate, s.reportingFlowId, s.bankMovementId].join('|')
  const stored = await db.selectFrom('installmentState').selectAll().execute()
  const storedText = new Map<number, string>(stored.map((s) => [s.installmentId, text(s)]))
  const remove = stored
    .filter((s) => {
      const want = wanted.get(s.installmentId)
      return want === undefined || text(want) !== storedText.get(s.installmentId)
    })
    .map((s) => s.installmentId)
  for (const part of chunks(remove)) {
    await db
      .deleteFrom('installmentState')
      .where('installmentId', 'in', [...part])
      .execute()
  }
  const write = [...wanted].filter(([id, state]) => storedText.get(id) !== text(state))
  for (const part of chunks(write)) {
    const values = part.map(([id, state]) => ({ installmentId: id as Id<'installment'>, ...state }))
    await db.insertInto('installmentState').values(values).execute()
  }
}
