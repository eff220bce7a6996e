import type { Id } from '#domain/brand'
import type { IsoDate } from '#domain/date'
import { type InstallmentPayment, installmentPayment, positionPayment } from '#domain/payment-state'
import type { InstallmentOutcome, ReconcileOutcome, TargetLine } from '#domain/reconcile-outcome'
import { insertMany } from './bulk.ts'
import { chunks } from './chunks.ts'
import type { DebtsEvidence, InstallmentPlace } from './evidence-debts.ts'
import type { ReadHandle, WriteHandle } from './ledger.ts'
import { followOnNode } from './node-position.ts'
import type { PostedLineRow } from './posted-lines.ts'
import type { BooksEvidence } from './reconcile-load.ts'
import type { Flag } from './schema/common.ts'
import type { PositionPayment } from './schema/position.ts'

/** Ids in a statement: fewer than the parameters that both engines take. */
const MANY = 1000

interface State {
  readonly state: InstallmentPayment
  readonly paidTwice: Flag
  readonly otherOptionPaid: Flag
  readonly paidDate: IsoDate | null
  readonly reportingFlowId: Id<'reportingFlow'> | null
  readonly bankMovementId: Id<'bankMovement'> | null
}

/** What is known of one IUV in this run. */
interface Known {
  outcome: InstallmentOutcome | undefined
  postedCents: number
  /** Where its payment was met: in the books, else in the lines to post. */
  line: TargetLine | PostedLineRow | undefined
}

/** The payment states of installments and positions as they are stored: read the first time, then known. */
export class PaymentStore {
  #states: Map<number, State> | null = null
  readonly #positions = new Map<number, PositionPayment>()
  #lastPosition = 0

  /**
   * Recomputes the payment of every installment and position from the outcome and from the posted lines, and writes what
   * changed. The one place where these states come from (DOMAIN.md §3).
   */
  async store(db: WriteHandle, evidence: BooksEvidence, outcome: ReconcileOutcome): Promise<void> {
    const { debts, collected, posted } = evidence
    const known = knownByIuv(outcome, posted.rows, debts)
    const states = this.#states ?? (await loadStates(db))
    const first = this.#states === null
    const fresh = await this.#readPositions(db, debts)
    const remove: number[] = []
    const insert: number[] = []
    // Posting turns thousands of payments from credited to collected and changes nothing else of them.
    const turned = new Map<InstallmentPayment, number[]>()
    const touched = new Set<number>()
    const outside = new Set<Id<'debtPosition'>>()
    const collectedOutside = outsideCollected(posted.rows, debts)
    for (const i of debts.places) {
      const of = known.get(i.iuv)
      const before = states.get(i.id)
      if (of === undefined && before === undefined) continue
      const flowId = of?.line?.flowId
      const wanted = stateOf(i, of, flowId ? (collected.flowIdOf.get(flowId) ?? null) : null, before)
      // Posting changes nothing of what was paid outside, but that its position is collected.
      if (wanted?.state === 'paidOutside') touched.add(i.positionId)
      if (wanted === before) continue
      touched.add(i.positionId)
      if (wanted?.state === 'paidOutside' || before?.state === 'paidOutside') {
        outside.add(i.positionId as Id<'debtPosition'>)
      }
      if (wanted === undefined) states.delete(i.id)
      else states.set(i.id, wanted)
      if (before !== undefined && wanted !== undefined && onlyTurned(before, wanted)) {
        const list = turned.get(wanted.state)
        if (list) list.push(i.id)
        else turned.set(wanted.state, [i.id])
        continue
      }
      if (before !== undefined) remove.push(i.id)
      if (wanted !== undefined) insert.push(i.id)
    }
    for (const [state, ids] of turned) {
      for (const part of chunks(ids, MANY)) {
        await db
          .updateTable('installmentState')
          .set({ state })
          .where('installmentId', 'in', part as Id<'installment'>[])
          .execute()
      }
    }
    for (const part of chunks(remove, MANY)) {
      await db
        .deleteFrom('installmentState')
        .where('installmentId', 'in', part as Id<'installment'>[])
        .execute()
    }
    await insertMany(
      db,
      'installmentState',
      insert.map((id) => ({ installmentId: id as Id<'installment'>, ...(states.get(id) as State) })),
    )
    this.#states = states
    const all = first || debts.versionsMoved
    await this.#writePositions(db, debts, states, all ? null : new Set([...touched, ...fresh]), collectedOutside)
    debts.versionsMoved = false
    // The node is told of what was paid outside of it.
    if (outside.size > 0) await followOnNode(db, [...outside])
  }

  /** @param touched positions of which an installment changed; null is all. */
  async #writePositions(
    db: WriteHandle,
    debts: DebtsEvidence,
    states: ReadonlyMap<number, State>,
    touched: ReadonlySet<number> | null,
    collectedOutside: (i: OwedPlace) => boolean,
  ): Promise<void> {
    const changed = new Map<PositionPayment, Id<'debtPosition'>[]>()
    for (const id of touched ?? debts.placesOf.keys()) {
      const payment = positionPayment([...optionsOf(debts, id, states, collectedOutside).values()])
      if (payment === this.#positions.get(id)) continue
      this.#positions.set(id, payment)
      const list = changed.get(payment)
      if (list) list.push(id as Id<'debtPosition'>)
      else changed.set(payment, [id as Id<'debtPosition'>])
    }
    for (const [payment, ids] of changed) {
      for (const part of chunks(ids, MANY)) {
        await db
          .updateTable('debtPosition')
          .set({ payment })
          .where('id', 'in', [...part])
          .execute()
      }
    }
  }

  /** Positions issued since: their payment as it stands. */
  async #readPositions(db: ReadHandle, debts: DebtsEvidence): Promise<number[]> {
    if (debts.placesOf.size === this.#positions.size) return []
    const rows = await db
      .selectFrom('debtPosition')
      .select(['id', 'payment'])
      .where('id', '>', this.#lastPosition as Id<'debtPosition'>)
      .orderBy('id')
      .execute()
    const fresh = rows.filter(({ id }) => debts.placesOf.has(id))
    for (const { id, payment } of fresh) this.#positions.set(id, payment)
    this.#lastPosition = fresh.at(-1)?.id ?? this.#lastPosition
    return fresh.map(({ id }) => id)
  }
}

function knownByIuv(
  outcome: ReconcileOutcome,
  posted: readonly PostedLineRow[],
  debts: DebtsEvidence,
): ReadonlyMap<string, Known> {
  const known = new Map<string, Known>()
  for (const one of outcome.installments) known.set(one.iuv, { outcome: one, postedCents: 0, line: undefined })
  const of = (iuv: string): Known => {
    let one = known.get(iuv)
    if (!one) {
      one = { outcome: undefined, postedCents: 0, line: undefined }
      known.set(iuv, one)
    }
    return one
  }
  for (const line of outcome.lines) if (line.iuv !== null) of(debts.presentIuv(line.iuv)).line = line
  for (const line of posted) {
    if (line.iuv === null) continue
    const one = of(debts.presentIuv(line.iuv))
    one.line = line
    one.postedCents += line.cents
  }
  return known
}

/** `before` itself when nothing changed; undefined when nothing is known of it. */
function stateOf(
  i: InstallmentPlace,
  known: Known | undefined,
  reportingFlowId: Id<'reportingFlow'> | null,
  before: State | undefined,
): State | undefined {
  const { outcome, line } = known ?? {}
  const state = installmentPayment(outcome?.state, i.ownCents, known?.postedCents ?? 0)
  const paidTwice: Flag = outcome?.paidTwice ? 1 : 0
  const otherOptionPaid: Flag = outcome?.otherOptionPaid ? 1 : 0
  if (state === 'unpaid' && paidTwice === 0 && otherOptionPaid === 0) return undefined
  const paidDate = outcome?.paidOn ?? null
  const bankMovementId = (line?.movementId ?? null) as Id<'bankMovement'> | null
  const same =
    before?.state === state &&
    before.paidTwice === paidTwice &&
    before.otherOptionPaid === otherOptionPaid &&
    before.paidDate === paidDate &&
    before.reportingFlowId === reportingFlowId &&
    before.bankMovementId === bankMovementId
  return same ? before : { state, paidTwice, otherOptionPaid, paidDate, reportingFlowId, bankMovementId }
}

function onlyTurned(a: State, b: State): boolean {
  return (
    a.paidTwice === b.paidTwice &&
    a.otherOptionPaid === b.otherOptionPaid &&
    a.paidDate === b.paidDate &&
    a.reportingFlowId === b.reportingFlowId &&
    a.bankMovementId === b.bankMovementId
  )
}

/** Installments of the current version, by option. The option that got the first accepted payment counts; money come through the other one is not of the position. */
type OwedPlace = DebtsEvidence['places'][number]

/** Money that came another way bears no number: its instalment is collected when the debts that it asks for are, whole. */
function outsideCollected(posted: readonly PostedLineRow[], debts: DebtsEvidence): (i: OwedPlace) => boolean {
  let sums: Map<number, number> | null = null
  const sumOf = (accertamentoId: number): number => {
    if (sums === null) {
      sums = new Map()
      for (const line of posted) sums.set(line.accertamentoId, (sums.get(line.accertamentoId) ?? 0) + line.cents)
    }
    return sums.get(accertamentoId) ?? 0
  }
  return ({ transfers }) =>
    transfers.every((transfer) =>
      transfer.allocations.every(({ accertamentoId }) => {
        const due = debts.dueOf(accertamentoId)
        return due !== undefined && sumOf(accertamentoId) >= due.dueCents
      }),
    )
}

function optionsOf(
  debts: DebtsEvidence,
  positionId: number,
  states: ReadonlyMap<number, State>,
  collectedOutside: (i: OwedPlace) => boolean,
): Map<number, InstallmentPayment[]> {
  const options = new Map<number, InstallmentPayment[]>()
  const current = debts.currentVersion(positionId)
  for (const i of debts.placesOf.get(positionId) ?? []) {
    if (i.version !== current) continue
    const state = states.get(i.id)
    const known = state === undefined || state.otherOptionPaid === 1 ? 'unpaid' : state.state
    const counted = known === 'paidOutside' && collectedOutside(i) ? 'collected' : known
    const option = options.get(i.optionId)
    if (option) option.push(counted)
    else options.set(i.optionId, [counted])
  }
  return options
}

async function loadStates(db: ReadHandle): Promise<Map<number, State>> {
  const rows = await db.selectFrom('installmentState').selectAll().execute()
  return new Map(rows.map(({ installmentId, ...state }) => [installmentId, state]))
}
