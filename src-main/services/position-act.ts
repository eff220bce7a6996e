import type { z } from 'zod'
import type { changeSchema } from '#contract/position-act'
import type { Id } from '#domain/brand'
import type { IsoDate } from '#domain/date'
import type { JsonValue } from '#domain/json'
import { sum } from '#domain/money'
import { isUnpayable, thrownAway } from '#domain/node-step'
import type { PositionChange, StoredPosition } from '#domain/position-plan'
import { ProblemError, problem } from '#domain/problem'
import type { ReadHandle } from '#ledger/ledger'
import { cancelPositions } from '#ledger/position-issue'
import type { PositionQuery } from '#ledger/position-list'
import { withdrawWaiting } from '#ledger/position-superseded'
import { readStoredPositions } from '#ledger/position-version'
import type { PositionVersionKind } from '#ledger/schema/position'
import { command } from './command.ts'
import { os, type ServiceContext } from './context.ts'
import { longWork, type Report } from './long-work.ts'
import { readCard } from './position-card.ts'
import { createPosition, previewCreate } from './position-create.ts'
import { mayReissue } from './position-dates.ts'
import { notePosition, positionNotes } from './position-note.ts'
import { outsideOf, payOutside } from './position-outside.ts'
import { asSeen, doneOf, previewOf, previewOfCancel } from './position-preview.ts'
import { type Plan, planRevisions, refusalOf, writeRevisions } from './position-revise.ts'
import { today } from './produced-file.ts'
import { reconcileDebts } from './reconcile-ledger.ts'
import { chosenPositions, LeftOut, type Selection } from './selection.ts'

/** An act that writes new versions, whatever it is: which positions, and what of each. */
interface VersionAct {
  readonly command: 'positionAct.change' | 'positionAct.reactivate' | 'positionAct.reissue'
  readonly kind: PositionVersionKind
  readonly selection: Selection<PositionQuery>
  readonly changeOf: (position: StoredPosition) => PositionChange | { readonly leftOut: string }
  readonly always?: boolean
  /** It speaks of the accertamenti or of the instalments of one position. */
  readonly onlyOne?: boolean
}

async function plan(db: ReadHandle, context: ServiceContext, act: VersionAct, report?: Report): Promise<Plan> {
  const ids = await chosenPositions(db, act.selection, today(context))
  if (act.onlyOne === true && ids.length > 1) throw new ProblemError(problem('POSITION_ACT_ONE', {}))
  return planRevisions(db, context, ids, act, report)
}

function preview(context: ServiceContext, act: VersionAct) {
  return context.ledger.read(async (db) => previewOf(db, context, await plan(db, context, act)))
}

interface Seen {
  readonly reason: string
  readonly expected: number
  readonly stamp: string
}

/** Planned again under the lock, done if it is what the person saw: all of them or none. */
async function carryOut(context: ServiceContext, act: VersionAct, seen: Seen, said: JsonValue, report: Report) {
  const payload = { reason: seen.reason, count: seen.expected, said }
  return context.ledger.write(command(context, act.command, payload), async (db) => {
    const { revisions, leftOut } = await plan(db, context, act, report)
    asSeen(revisions, seen, leftOut)
    await writeRevisions(db, context, revisions, { kind: act.kind, reason: seen.reason }, report)
    return doneOf(revisions, leftOut)
  })
}

function changeAct(selection: Selection<PositionQuery>, change: z.output<typeof changeSchema>): VersionAct {
  const { amounts, ...rest } = change
  const of = amounts && new Map(amounts.map((one) => [one.accertamentoId as number, one.cents]))
  return {
    ...{ command: 'positionAct.change', kind: 'change', selection },
    onlyOne: amounts !== undefined || change.terms?.kind === 'written',
    changeOf: ({ lifecycle }) =>
      lifecycle === 'issued' ? { ...rest, amounts: of } : { leftOut: 'Sono annullate: vanno riattivate' },
  }
}

interface NewDates {
  readonly dueDate?: IsoDate | null | undefined
  readonly validUntil?: IsoDate | undefined
}

function datesOf(position: StoredPosition, { dueDate, validUntil }: NewDates): PositionChange {
  return {
    dueDate: dueDate === undefined ? undefined : { kind: 'to', date: dueDate },
    validUntil,
    takenUp: position.lifecycle === 'cancelled',
    // Its numbers are thrown away on the node: nobody could pay with them.
    freshNumbers: thrownAway(position.nodeState),
  }
}

function reactivateAct(selection: Selection<PositionQuery>, dates: NewDates): VersionAct {
  return {
    ...{ command: 'positionAct.reactivate', kind: 'reactivation', selection, always: true },
    changeOf: (position) =>
      position.lifecycle === 'cancelled' ? datesOf(position, dates) : { leftOut: 'Non sono annullate' },
  }
}

function reissueAct(context: ServiceContext, selection: Selection<PositionQuery>, dates: NewDates): VersionAct {
  const day = today(context)
  return {
    ...{ command: 'positionAct.reissue', kind: 'reissue', selection, always: true },
    changeOf: (position) =>
      mayReissue(position, day) ? datesOf(position, dates) : { leftOut: 'Non sono scadute, annullate o fallite' },
  }
}

/**
 * New numbers under another iupd, in one click, of what the node refuses, threw away or lets nobody pay. Nobody looked at a preview:
 * only what still stands so is written.
 */
export function reissueAnew(
  context: ServiceContext,
  ids: readonly Id<'debtPosition'>[],
  { reason, ...dates }: NewDates & { readonly reason: string },
  report: Report,
) {
  const changeOf = (position: StoredPosition) =>
    position.syncState === 'failed' || isUnpayable(position.nodeState)
      ? { ...datesOf(position, dates), freshNumbers: true }
      : { leftOut: 'Il nodo le ha prese: i numeri restano' }
  const payload = { reason, count: ids.length, said: saidOf(dates) }
  return context.ledger.write(command(context, 'positionAct.reissue', payload), async (db) => {
    const { revisions, leftOut } = await planRevisions(db, context, ids, { changeOf, always: true }, report)
    if (revisions.length === 0) throw new ProblemError(refusalOf(leftOut))
    await writeRevisions(db, context, revisions, { kind: 'reissue', reason, anew: true }, report)
    return doneOf(revisions, leftOut)
  })
}

/** Cancelling an issued position with a payment known is refused (DOMAIN.md §3). */
async function cancellable(db: ReadHandle, selection: Selection<PositionQuery>, context: ServiceContext) {
  const leftOut = new LeftOut()
  const all = await readStoredPositions(db, await chosenPositions(db, selection, today(context)))
  const positions = all.filter((position) => {
    if (position.lifecycle === 'cancelled') leftOut.add('Sono già annullate')
    else if (position.payment !== 'unpaid') leftOut.add('Hanno un pagamento')
    else return true
    return false
  })
  return { positions, leftOut }
}

function saidOf(value: unknown): JsonValue {
  return JSON.parse(JSON.stringify(value)) as JsonValue
}

export const positionAct = {
  createPreview: os.positionAct.createPreview.handler(({ context, input }) =>
    context.ledger.read((db) => previewCreate(db, context, input)),
  ),

  create: os.positionAct.create.handler(({ context, input }) => createPosition(context, input)),

  card: os.positionAct.card.handler(({ context, input }) =>
    context.ledger.read((db) => readCard(db, context, input.id)),
  ),

  notes: os.positionAct.notes.handler(({ context, input }) => context.ledger.read((db) => positionNotes(db, input.id))),

  note: os.positionAct.note.handler(({ context, input }) => notePosition(context, input)),

  changePreview: os.positionAct.changePreview.handler(({ context, input }) =>
    preview(context, changeAct(input.selection, input.change)),
  ),

  change: os.positionAct.change.handler(async function* ({ context, input, signal }) {
    const act = changeAct(input.selection, input.change)
    return yield* longWork(signal, (report) => carryOut(context, act, input, saidOf(input.change), report))
  }),

  cancelPreview: os.positionAct.cancelPreview.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const { positions, leftOut } = await cancellable(db, input.selection, context)
      return previewOfCancel(db, positions, leftOut)
    }),
  ),

  cancel: os.positionAct.cancel.handler(async function* ({ context, input, signal }) {
    const { reason, expected } = input
    return yield* longWork(signal, (report) =>
      context.ledger.write(command(context, 'debtPosition.cancel', { reason, count: expected }), async (db) => {
        report('Annullo le posizioni', 0, expected)
        const { positions, leftOut } = await cancellable(db, input.selection, context)
        asSeen(
          positions.map((position) => ({ position })),
          input,
          leftOut,
        )
        const at = context.clock.now()
        const ids = positions.map(({ id }) => id)
        await cancelPositions(db, ids, { reason, at, operator: context.operator })
        await withdrawWaiting(db, ids, 'La posizione è annullata', at)
        report('Annullo le posizioni', expected, expected)
        await reconcileDebts(db, at)
        const asked = positions.map(
          ({ single, installments }) => single?.cents ?? sum(installments.map((i) => i.cents)),
        )
        return { count: positions.length, cents: sum(asked), leftOut: leftOut.list() }
      }),
    )
  }),

  reactivatePreview: os.positionAct.reactivatePreview.handler(({ context, input }) =>
    preview(context, reactivateAct(input.selection, input)),
  ),

  reactivate: os.positionAct.reactivate.handler(async function* ({ context, input, signal }) {
    const { selection, dueDate, validUntil } = input
    const said = saidOf({ dueDate, validUntil })
    return yield* longWork(signal, (report) => carryOut(context, reactivateAct(selection, input), input, said, report))
  }),

  reissuePreview: os.positionAct.reissuePreview.handler(({ context, input }) =>
    preview(context, reissueAct(context, input.selection, input)),
  ),

  reissue: os.positionAct.reissue.handler(async function* ({ context, input, signal }) {
    const { selection, dueDate, validUntil } = input
    const said = { dueDate, validUntil }
    return yield* longWork(signal, (report) =>
      carryOut(context, reissueAct(context, selection, input), input, said, report),
    )
  }),

  outside: os.positionAct.outside.handler(({ context, input }) =>
    context.ledger.read((db) => outsideOf(db, context, input.id)),
  ),

  payOutside: os.positionAct.payOutside.handler(({ context, input }) => payOutside(context, input)),
}
