import type { Id } from '#domain/brand'
import type { IsoDate } from '#domain/date'
import { type InstallmentPayment, installmentPayment, positionPayment } from '#domain/payment-state'
import type { InstallmentOutcome } from '#domain/reconcile-outcome'
import { insertMany } from './bulk.ts'
import { chunks } from './chunks.ts'
import { difference } from './difference.ts'
import type { DebtsEvidence } from './evidence-debts.ts'
import type { ReadHandle, WriteHandle } from './ledger.ts'
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

/** The payment states of installments and positions as they are stored: read the first time, then known. */
export class PaymentStore {
  #states: Map<number, State> | null = null
  readonly #positions = new Map<number, PositionPayment>()

  /**
   * Recomputes the payment of every installment and position from the outcome and from the posted lines, and writes what
   * changed. The one place where these states come from (DOMAIN.md §3).
   */
  async store(
    db: WriteHandle,
    outcomes: readonly InstallmentOutcome[],
    debts: DebtsEvidence,
    posted: readonly { readonly iuv: string | null; readonly cents: number }[],
    places: ReadonlyMap<string, PaymentPlace>,
  ): Promise<void> {
    const outcomeOf = new Map(outcomes.map((o) => [o.iuv, o]))
    const postedOf = new Map<string, number>()
    for (const { iuv, cents } of posted) if (iuv !== null) postedOf.set(iuv, (postedOf.get(iuv) ?? 0) + cents)

    const wanted = new Map<number, State>()
    const positions = new Map<number, Map<number, InstallmentPayment[]>>()
    for (const i of debts.places) {
      const outcome = outcomeOf.get(i.iuv)
      const state = installmentPayment(outcome?.state, i.ownCents, postedOf.get(i.iuv) ?? 0)
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
      let options = positions.get(i.positionId)
      if (!options) {
        options = new Map()
        positions.set(i.positionId, options)
      }
      if (i.version === debts.currentVersion(i.positionId)) {
        const option = options.get(i.optionId)
        // The option that got the first accepted payment counts; money come through the other one is not of the position.
        const counted = other ? 'unpaid' : state
        if (option) option.push(counted)
        else options.set(i.optionId, [counted])
      }
    }
    await this.#writeStates(db, wanted)
    await this.#writePositions(db, positions)
  }

  async #writeStates(db: WriteHandle, wanted: Map<number, State>): Promise<void> {
    const stored = this.#states ?? (await loadStates(db))
    const { remove, write } = difference(stored, wanted, sameState)
    for (const part of chunks(remove)) {
      await db
        .deleteFrom('installmentState')
        .where('installmentId', 'in', part as Id<'installment'>[])
        .execute()
    }
    await insertMany(
      db,
      'installmentState',
      write.map((id) => ({ installmentId: id as Id<'installment'>, ...(wanted.get(id) as State) })),
    )
    this.#states = wanted
  }

  async #writePositions(
    db: WriteHandle,
    positions: ReadonlyMap<number, ReadonlyMap<number, InstallmentPayment[]>>,
  ): Promise<void> {
    await this.#readPositions(db, positions)
    const changed = new Map<PositionPayment, Id<'debtPosition'>[]>()
    for (const [id, options] of positions) {
      const payment = positionPayment([...options.values()])
      if (payment === this.#positions.get(id)) continue
      this.#positions.set(id, payment)
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

  /** Positions issued since. */
  async #readPositions(db: ReadHandle, positions: ReadonlyMap<number, unknown>): Promise<void> {
    let last = 0
    for (const id of this.#positions.keys()) if (id > last) last = id
    const missing = [...positions.keys()].filter((id) => !this.#positions.has(id))
    if (missing.length === 0) return
    const from = missing.reduce((least, id) => Math.min(least, id), last)
    const rows = await db
      .selectFrom('debtPosition')
      .select(['id', 'payment'])
      .where('id', '>=', from as Id<'debtPosition'>)
      .execute()
    for (const { id, payment } of rows) if (!this.#positions.has(id)) this.#positions.set(id, payment)
  }
}

async function loadStates(db: ReadHandle): Promise<Map<number, State>> {
  const rows = await db.selectFrom('installmentState').selectAll().execute()
  return new Map(rows.map(({ installmentId, ...state }) => [installmentId, state]))
}

function sameState(a: State, b: State): boolean {
  return (
    a.state === b.state &&
    a.paidTwice === b.paidTwice &&
    a.otherOptionPaid === b.otherOptionPaid &&
    a.paidDate === b.paidDate &&
    a.reportingFlowId === b.reportingFlowId &&
    a.bankMovementId === b.bankMovementId
  )
}
