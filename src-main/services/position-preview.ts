import { createHash } from 'node:crypto'
import type { z } from 'zod'
import type { actPreviewSchema } from '#contract/position-act'
import type { Id } from '#domain/brand'
import { type Cents, cents, sum } from '#domain/money'
import { isPaid, leadingPayments, type RevisedPosition, type StoredPosition } from '#domain/position-plan'
import { type Problem, ProblemError, problem } from '#domain/problem'
import type { ReadHandle } from '#ledger/ledger'
import { presentEnvironment } from '#ledger/node-position'
import { countHeld } from '#ledger/node-position-list'
import { countSuperseded } from '#ledger/position-superseded'
import type { ServiceContext } from './context.ts'
import { centsOf, newNumbers, type Plan, type Revision, refusalOf } from './position-revise.ts'
import { today } from './produced-file.ts'
import type { LeftOut } from './selection.ts'

type ActPreview = z.output<typeof actPreviewSchema>
type Side = ActPreview['rows'][number]['before']

/** Positions shown with their old and new sides. */
const SHOWN = 50

/** What the act would do, as the person sees it before. */
export async function previewOf(db: ReadHandle, context: ServiceContext, plan: Plan): Promise<ActPreview> {
  const { revisions, leftOut } = plan
  const variations = revisions.flatMap(({ next }) => next.variations)
  const ids = revisions.map(({ position }) => position.id)
  return {
    count: revisions.length,
    stamp: stampOf(revisions),
    beforeCents: sum(revisions.map(({ position }) => centsOf(position))),
    afterCents: sum(revisions.map(({ next }) => next.cents)),
    newNumbers: newNumbers(revisions),
    variations: { count: variations.length, cents: sum(variations.map((one) => one.cents)) },
    superseded: await countSuperseded(db, ids),
    leftOut: leftOut.list(),
    rows: revisions.slice(0, SHOWN).map(({ position, next }) => ({
      id: position.id,
      personName: position.personName,
      before: sideBefore(position),
      after: sideAfter(position, next),
    })),
    warnings: [...warningsOf(context, revisions), ...(await heldWarning(db, 'POSITION_ON_NODE', ids))],
  }
}

/** The node is told of what the act does by itself: the person knows before. */
async function heldWarning(
  db: ReadHandle,
  code: 'POSITION_ON_NODE' | 'POSITION_OFF_NODE',
  ids: readonly Id<'debtPosition'>[],
): Promise<Problem[]> {
  const count = await countHeld(db, await presentEnvironment(db), ids)
  return count === 0 ? [] : [problem(code, { count }, { severity: 'warning' })]
}

/** The same of positions that only leave: cancelled ones ask for nothing. */
export async function previewOfCancel(
  db: ReadHandle,
  positions: readonly StoredPosition[],
  leftOut: LeftOut,
): Promise<ActPreview> {
  return {
    count: positions.length,
    stamp: stampOf(positions.map((position) => ({ position }))),
    beforeCents: sum(positions.map(centsOf)),
    afterCents: cents(0),
    newNumbers: 0,
    variations: { count: 0, cents: cents(0) },
    superseded: await countSuperseded(
      db,
      positions.map(({ id }) => id),
    ),
    leftOut: leftOut.list(),
    rows: positions.slice(0, SHOWN).map((position) => {
      const before = sideBefore(position)
      return {
        ...{ id: position.id, personName: position.personName, before },
        after: { ...before, cents: cents(0), dueDate: null, installments: 0, payments: [] },
      }
    }),
    warnings: await heldWarning(
      db,
      'POSITION_OFF_NODE',
      positions.map(({ id }) => id),
    ),
  }
}

/** A position that an act is about, and what it asks for afterwards where it still asks. */
interface Looked {
  readonly position: StoredPosition
  readonly next?: RevisedPosition
}

/**
 * Which positions an act was looked at for, as they were then and as they would be: who acts on others, twice, or on amounts
 * that money has moved meanwhile, is told.
 */
function stampOf(looked: readonly Looked[]): string {
  const said = looked.map(({ position: { id, version, lifecycle, payment }, next }) => {
    const after = [next?.single ?? null, ...(next?.installments ?? [])].map((one) => [one?.cents, one?.dueDate])
    return JSON.stringify([id, version, lifecycle, payment, next?.validUntil, after, next?.variations])
  })
  return createHash('sha256').update(said.sort().join('\n')).digest('hex').slice(0, 32)
}

/** @throws ProblemError when nothing can be done, or not what the person saw. */
export function asSeen(
  looked: readonly Looked[],
  seen: { readonly expected: number; readonly stamp: string },
  leftOut: LeftOut,
): void {
  if (looked.length === 0) throw new ProblemError(refusalOf(leftOut))
  if (looked.length !== seen.expected || stampOf(looked) !== seen.stamp) {
    throw new ProblemError(problem('POSITION_ACT_MOVED', { expected: seen.expected, found: looked.length }))
  }
}

function sideBefore(position: StoredPosition): Side {
  const { single, installments } = position
  const all = [...(single === null ? [] : [{ ...single, ordinal: 0 }]), ...installments]
  return {
    cents: centsOf(position),
    dueDate: leadingPayments(position).find((one) => !isPaid(one))?.dueDate ?? null,
    validUntil: position.validUntil,
    installments: installments.length,
    payments: all.map((one) => ({
      ...{ ordinal: one.ordinal, cents: one.cents, dueDate: one.dueDate, noticeNumber: one.noticeNumber },
      paid: isPaid(one),
    })),
  }
}

function sideAfter(_position: StoredPosition, next: RevisedPosition): Side {
  const { single, installments } = next
  const leading = single === null ? installments : [single]
  const payments = [
    ...(single === null ? [] : [{ ...single, ordinal: 0 }]),
    ...installments.map((one, i) => ({ ...one, ordinal: i + 1 })),
  ]
  return {
    cents: next.cents,
    dueDate: leading.find((one) => !one.paid)?.dueDate ?? null,
    validUntil: next.validUntil,
    installments: installments.length,
    payments: payments.map((one) => ({
      ...{ ordinal: one.ordinal, cents: one.cents, dueDate: one.dueDate, paid: one.paid },
      noticeNumber: one.before?.noticeNumber ?? null,
    })),
  }
}

/** Of dates that the act writes, or brings back: one that stays as it was is nobody's news. */
function warningsOf(context: ServiceContext, revisions: readonly Revision[]): Problem[] {
  const day = today(context)
  const late = revisions.filter(({ position, next }) =>
    [next.single, ...next.installments].some((one) => {
      if (one === null || one.paid || one.dueDate === null || one.dueDate >= day) return false
      return position.lifecycle === 'cancelled' || one.before?.dueDate !== one.dueDate
    }),
  )
  const over = revisions.filter(({ next }) => next.validUntil < day)
  return [
    ...(late.length > 0 ? [problem('POSITION_DUE_PAST', { count: late.length }, { severity: 'warning' })] : []),
    ...(over.length > 0 ? [problem('POSITION_VALIDITY_PAST', { count: over.length }, { severity: 'warning' })] : []),
  ]
}

/** What a list of ids asks in all. */
export function doneOf(
  revisions: readonly Revision[],
  leftOut: LeftOut,
): { count: number; cents: Cents; leftOut: ReturnType<LeftOut['list']> } {
  return { count: revisions.length, cents: sum(revisions.map(({ next }) => next.cents)), leftOut: leftOut.list() }
}
