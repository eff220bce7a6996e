import type { z } from 'zod'
import type { reconciliation } from '#contract/reconciliation'
import type { Id } from '#domain/brand'
import type { IsoDate } from '#domain/date'
import { foldFlowId } from '#domain/flow-id'
import { add, type Cents, cents } from '#domain/money'
import { ProblemError, problem } from '#domain/problem'
import { searchKey } from '#domain/search-key'
import { actFlows, actInstallments, actRows } from '#ledger/act-facts'
import { openDebts, openInstallments, payersOf } from '#ledger/board-load'
import { excessPlace } from '#ledger/excess-place'
import type { ReadHandle } from '#ledger/ledger'
import { peopleNamed } from '#ledger/table-load'
import type { Act } from './act.ts'
import type { ServiceContext } from './context.ts'
import {
  type Counterpart,
  debtCounterpart,
  flowCounterpart,
  installmentCounterpart,
  matchOf,
  movementCounterpart,
  partForFlow,
} from './counterparts.ts'
import { isFull } from './matched-by-hand.ts'
import { reconciledBooks } from './reconcile-ledger.ts'
import { partFor, withRoom } from './rooms.ts'
import { loadFacts, type TableFacts } from './table-facts.ts'
import { leftOf, partOf, type Seen } from './table-index.ts'
import { internalCounterpart, internals, isStornable } from './table-proposals.ts'
import { told } from './table-told.ts'
import { isUnpaid } from './to-decide.ts'

type Input = z.output<NonNullable<(typeof reconciliation.find)['~orpc']['inputSchema']>>

const MOST = 100
const SEARCHED = { level: 'searched' as const, rivals: 1 }

interface Range {
  readonly text: string
  readonly minCents: Cents | null
  readonly maxCents: Cents | null
  readonly dateFrom: IsoDate | null
  readonly dateTo: IsoDate | null
}

/** Counterparts of one row, nearest amount first: with no text, those of exactly its amount. */
export async function findCounterparts(db: ReadHandle, context: ServiceContext, input: Input): Promise<Counterpart[]> {
  const at = context.clock.now()
  const books = await reconciledBooks(db, at)
  if (!books) return []
  const facts = await loadFacts(db, books, at)
  const found = await ofSubject(db, input, facts)
  const { left } = found
  const distance = (c: Counterpart) => Math.abs(c.cents - Math.abs(left))
  const nearest = found.list.sort((a, b) => distance(a) - distance(b)).slice(0, MOST)
  return told(nearest, found.decided, found.more)
}

interface Found {
  readonly left: Cents
  readonly list: Counterpart[]
  /** What stands on the row, and whether what is found goes beside it. */
  readonly decided: readonly number[]
  readonly more: boolean
}

const NOTHING: Found = { left: cents(0), list: [], decided: [], more: false }

const decidedOf = (key: string, { index }: TableFacts) => (index.decisionsOf.get(key) ?? []).map((d) => d.decisionId)

async function ofSubject(db: ReadHandle, input: Input, facts: TableFacts): Promise<Found> {
  const { subject } = input
  if (subject.kind === 'flowRow') {
    const flow = (await actFlows(db, [subject.reportingFlowId])).get(subject.reportingFlowId)
    const rows = flow?.activeVersionId == null ? undefined : await actRows(db, [flow.activeVersionId])
    const row = rows?.get(flow?.activeVersionId ?? 0)?.get(subject.rowKey)
    const asked = facts.index.held.find((r) => r.rowKey === subject.rowKey && r.flow.flowId === flow?.flowId)
    // What is asked of it is to be taken back first.
    if (asked?.label.code === 'ASSIGNED_UNPAID') return NOTHING
    if (!flow || !row) throw new ProblemError(problem('FLOW_ROW_GONE', { flowId: flow?.flowId ?? '' }))
    // Its money is elsewhere: whatever is found could not be given to it.
    const decided = decidedOf(`f${flow.flowId}|${subject.rowKey}`, facts)
    const said = { left: row.cents, decided, more: false }
    if (asked?.label.code === 'CREDIT_USED') return { ...said, list: [] }
    const debts = withRoom(await openDebts(db, rangeOf(input, row.cents)), facts.books)
    const found = debts.map((debt) => {
      const targets = [{ accertamentoId: debt.accertamentoId, cents: partFor(row.cents, debt) }]
      return debtCounterpart({ ...subject, kind: 'assignRow', targets }, row.cents, debt, SEARCHED, [])
    })
    const back = await toGiveBack(db, input.text, row.cents, (person) => ({
      ...{ ...subject, kind: 'assignRow', targets: [] },
      ...{ excessTo: person },
    }))
    return { ...said, list: [...found, ...back] }
  }
  // What is to be said of a flow or a reversale is among its own counterparts: there is nothing to look for.
  if (subject.kind !== 'movement') return NOTHING
  const id = subject.bankMovementId
  const seen = facts.index.byMovement.get(id)
  if (!seen) throw new ProblemError(problem('MOVEMENT_NOT_FOUND', { id }))
  if (isUnpaid(seen)) return NOTHING
  const left = leftOf(seen)
  const range = rangeOf(input, left)
  const list = seen.movement.cents < 0 ? ofDebit(seen, range, facts) : await ofCredit(db, seen, left, range, facts)
  return { left, list, decided: decidedOf(`m${id}`, facts), more: partOf(seen) !== null }
}

function rangeOf({ text, toleranceCents, dateFrom, dateTo }: Input, left: Cents): Range {
  const near = toleranceCents ?? (text.trim() === '' ? cents(0) : null)
  const amount = cents(Math.abs(left))
  const minCents = near === null ? null : cents(amount - near)
  const maxCents = near === null ? null : add(amount, near)
  return { text, minCents, maxCents, dateFrom, dateTo }
}

function within(amount: number, day: IsoDate, { minCents, maxCents, dateFrom, dateTo }: Range): boolean {
  return (
    (minCents === null || amount >= minCents) &&
    (maxCents === null || amount <= maxCents) &&
    (dateFrom === null || day >= dateFrom) &&
    (dateTo === null || day <= dateTo)
  )
}

async function ofCredit(
  db: ReadHandle,
  seen: Seen,
  left: Cents,
  range: Range,
  facts: TableFacts,
): Promise<Counterpart[]> {
  const { index, books, flowIds } = facts
  const words = searchKey(range.text).split(' ')
  const flows = books.outcome.flows
    .flatMap((outcome) => {
      const version = index.versions.get(outcome.versionId)
      const id = flowIds.get(outcome.flowId)
      if (!version || id === undefined || outcome.versionState !== 'active' || outcome.credit === 'credited') return []
      if (partForFlow(seen, left, outcome) === 0 || isFull(outcome, seen, books)) return []
      if (!within(outcome.totalCents, version.regulationDate, range)) return []
      const text = searchKey(
        `${outcome.flowId} ${foldFlowId(outcome.flowId)} ${version.pspName ?? ''} ${version.pspCode}`,
      )
      return words.every((w) => text.includes(w)) ? [{ id, version, outcome }] : []
    })
    .slice(0, MOST)
  const payers = await payersOf(
    db,
    flows.map((f) => f.version.versionId as Id<'reportingFlowVersion'>),
  )
  const { movementId } = seen.movement
  const open = await openInstallments(db, range)
  const own = await actInstallments(
    db,
    open.map((i) => i.id),
  )
  // A payment is matched whole, for what of it is ours.
  const installments = open.flatMap((i) => {
    const amount = own.get(i.id)?.ownCents ?? cents(0)
    return amount > 0 && amount <= left ? [{ ...i, cents: amount }] : []
  })
  const debts = withRoom(await openDebts(db, range), facts.books)
  const text = searchKey(range.text)
  const transfers = internals(seen, facts).filter(
    ({ movement }) =>
      within(Math.abs(movement.cents), movement.bookingDate, range) && searchKey(movement.description).includes(text),
  )
  return [
    ...flows.map((f) => flowCounterpart(seen, left, { ...f, payers: payers.get(f.version.versionId) ?? [] }, SEARCHED)),
    ...installments.map((i) => installmentCounterpart(movementId, left, i)),
    ...debts.map((d) => {
      return debtCounterpart(
        matchOf(movementId, [{ kind: 'accertamento', id: d.accertamentoId, cents: partFor(left, d) }]),
        left,
        d,
        SEARCHED,
        [{ ok: false, text: 'Nessun riferimento pagoPA: è un bonifico diretto' }],
      )
    }),
    ...(await toGiveBack(db, range.text, left, (person) => ({ ...matchOf(movementId, []), excessTo: person }))),
    ...transfers.map((debit) => internalCounterpart(seen, debit, facts, seen.movement.bookingDate, 'searched', [])),
  ]
}

/** People of that name, to whom the money may be given back though nothing here asks for it. */
async function toGiveBack(
  db: ReadHandle,
  text: string,
  amount: Cents,
  act: (person: Id<'person'>) => Act,
): Promise<Counterpart[]> {
  const place = text.trim().length < 3 ? null : await excessPlace(db)
  if (!place) return []
  return (await peopleNamed(db, text, 10)).map(
    ({ id, name }): Counterpart => ({
      act: act(id),
      title: 'Da restituire',
      detail: `A ${name}, capitolo ${place.capitolo}`,
      date: null,
      cents: amount,
      evidence: [],
      level: 'searched',
      payers: [],
    }),
  )
}

/** Credits that a debit may take back, wholly or in part, and those of another account whose giroconto it may be. */
function ofDebit(seen: Seen, range: Range, facts: TableFacts): Counterpart[] {
  const { movement: debit } = seen
  const text = searchKey(range.text)
  const credits = facts.index.movements.filter((credit) => {
    const { movement } = credit
    const same = movement.bankAccountId === debit.bankAccountId && movement.bookingDate <= debit.bookingDate
    return isStornable(credit) && same && fits(movement, text, range)
  })
  const account = (s: Seen) => facts.accounts.get(s.movement.bankAccountId ?? 0) ?? ''
  const storni = credits.slice(-MOST).map((credit): Counterpart => {
    const act: Act = {
      kind: 'storno',
      bankMovementId: debit.movementId as Id<'bankMovement'>,
      creditMovementId: credit.movement.movementId as Id<'bankMovement'>,
    }
    return movementCounterpart(act, credit, account(credit), 'searched', [])
  })
  const transfers = internals(seen, facts)
    .filter(({ movement }) => movement.cents > 0 && fits(movement, text, range))
    .map((credit) => internalCounterpart(credit, seen, facts, credit.movement.bookingDate, 'searched', []))
  return [...storni, ...transfers]
}

function fits(
  movement: { readonly cents: number; readonly bookingDate: IsoDate; readonly description: string },
  text: string,
  range: Range,
): boolean {
  return within(Math.abs(movement.cents), movement.bookingDate, range) && searchKey(movement.description).includes(text)
}
