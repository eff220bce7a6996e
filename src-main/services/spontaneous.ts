import type { z } from 'zod'
import type { contract } from '#contract/contract'
import type { Id } from '#domain/brand'
import { isIsoDate, romeDate, yearOf } from '#domain/date'
import { cents, sum } from '#domain/money'
import { ProblemError, problem } from '#domain/problem'
import { cancellingExercise, raisingDate } from '#domain/raising'
import { typesFor } from '#domain/spontaneous'
import { SPONTANEOUS_STATES, SPONTANEOUS_WHY } from '#domain/vocabulary'
import { insertVariations } from '#ledger/accertamento-raise'
import { listExercises, listServiceTypes, type ServiceTypeRow } from '#ledger/chart'
import { receiverOf } from '#ledger/flow-store'
import type { ReadHandle, WriteHandle } from '#ledger/ledger'
import { cancelPositions } from '#ledger/position-issue'
import { lookSpontaneous, saySpontaneous, unaskedReceipt } from '#ledger/spontaneous'
import { countSpontaneous, listSpontaneous, type SpontaneousRow } from '#ledger/spontaneous-list'
import { command } from './command.ts'
import { os, type ServiceContext } from './context.ts'
import { answerOf, type ListRules, searchAndSort } from './list-page.ts'
import { reconcileLedger } from './reconcile-ledger.ts'
import { isOwn, ownCents, ownTransfers, Raiser } from './spontaneous-raise.ts'

type Contract = (typeof contract)['nodeInbox']['spontaneous']
type Wire = z.output<NonNullable<Contract['list']['~orpc']['outputSchema']>>['rows'][number]
type Assign = z.output<NonNullable<Contract['assign']['~orpc']['inputSchema']>>

const RULES: ListRules<Wire> = {
  text: (r) => [r.iuv, r.debtorName, r.debtorFiscalCode, r.description, r.personName, r.words, ...r.serviceTypes],
  columns: {
    paidOn: (r) => r.paidOn,
    iuv: (r) => r.iuv,
    debtorName: (r) => r.debtorName,
    description: (r) => r.description,
    ownCents: (r) => r.ownCents,
    state: (r) => SPONTANEOUS_STATES[r.state],
    words: (r) => r.words,
  },
}

function wireRow(row: SpontaneousRow, receiver: string): Wire {
  const day = row.paidAt.slice(0, 10)
  const anonymous = row.debtorFiscalCode === null || row.debtorFiscalCode.toUpperCase() === 'ANONIMO'
  const { numbers, types } = liveOf(row)
  return {
    ...{ id: row.id, iuv: row.iuv, pspName: row.pspName, debtorName: row.debtorName, description: row.description },
    paidOn: isIsoDate(day) ? day : null,
    debtorFiscalCode: anonymous ? null : row.debtorFiscalCode,
    cents: row.cents,
    ownCents: ownCents(row, receiver),
    categories: [...new Set(ownTransfers(row, receiver).flatMap((one) => one.category ?? []))],
    ...{ state: row.state, why: row.why, words: wordsOf(row) },
    ...{ debtPositionId: row.debtPositionId, personId: row.personId, personName: row.personName },
    newPerson: row.newPerson,
    accertamenti: numbers,
    serviceTypes: types,
    canUndo: isRaised(row) && row.accertamenti.every((one) => one.collectedCents === 0),
    ...{ at: row.at, lookedAt: row.lookedAt, lookedBy: row.lookedBy },
  }
}

function wordsOf(row: SpontaneousRow): string {
  if (!isRaised(row)) return row.why === null ? '' : SPONTANEOUS_WHY[row.why]
  const { numbers, types } = liveOf(row)
  const whom = row.newPerson ? 'persona nuova' : 'persona già in anagrafica'
  return `${types.join(', ')}: accertamento ${numbers.join(', ')}, ${whom}.`
}

/** Accertamenti that were not taken back: their numbers, and their types. */
function liveOf({ accertamenti }: SpontaneousRow): { readonly numbers: string[]; readonly types: string[] } {
  const live = accertamenti.filter((one) => one.dueCents > 0)
  return {
    numbers: live.map((one) => `${one.number}/${one.exercise}`),
    types: [...new Set(live.map((one) => one.serviceType))],
  }
}

function isRaised({ state }: Pick<SpontaneousRow, 'state'>): boolean {
  return state === 'raised' || state === 'looked'
}

async function needOne(db: ReadHandle, id: Id<'receipt'>): Promise<SpontaneousRow> {
  const [row] = await listSpontaneous(db, { id })
  if (row === undefined) throw new ProblemError(problem('SPONTANEOUS_GONE', {}))
  return row
}

function refuseState(row: SpontaneousRow): never {
  throw new ProblemError(problem('SPONTANEOUS_STATE', { state: SPONTANEOUS_STATES[row.state] }))
}

/** Person, accertamenti and position of one that waits or was left; of one taken back, its own position asks again. */
function assign(context: ServiceContext, input: Assign) {
  const { id, types, personId } = input
  const writer = { at: context.clock.now(), operator: context.operator }
  return context.ledger.write(command(context, 'spontaneous.assign', { id }), async (db) => {
    const row = await needOne(db, id)
    if (isRaised(row)) refuseState(row)
    const receipt = await unaskedReceipt(db, id)
    if (receipt === null) throw new ProblemError(problem('SPONTANEOUS_GONE', {}))
    const receiver = (await receiverOf(db)) ?? ''
    const own = ownTransfers(receipt, receiver)
    if (own.length === 0) throw new ProblemError(problem('SPONTANEOUS_NOT_OURS', {}))
    const known = new Map((await listServiceTypes(db)).map((type) => [type.id as number, type]))
    const chosen = new Map<number, ServiceTypeRow>()
    for (const transfer of own) {
      const type = known.get(types.find((one) => one.idTransfer === transfer.idTransfer)?.serviceTypeId ?? 0)
      if (type === undefined) {
        throw new ProblemError(problem('SPONTANEOUS_TYPE_MISSING', { transfer: transfer.idTransfer }))
      }
      chosen.set(transfer.idTransfer, type)
    }
    const again = row.debtPositionId
    if (again !== null && personId !== null && personId !== row.personId) {
      throw new ProblemError(problem('SPONTANEOUS_PERSON_FIXED', { name: row.personName ?? '' }))
    }
    const raiser = await Raiser.open(db, writer)
    const made = await raiser.raise(receipt, chosen, { personId: again === null ? personId : row.personId, again })
    await reconcileLedger(db, writer.at)
    return made
  })
}

/** Position and accertamenti go back, while nothing of them is in the books; the person stays. */
function undo(context: ServiceContext, id: Id<'receipt'>, reason: string) {
  const at = context.clock.now()
  const writer = { at, operator: context.operator }
  return context.ledger.write(command(context, 'spontaneous.undo', { id, reason }), async (db) => {
    const row = await needOne(db, id)
    if (!isRaised(row) || row.debtPositionId === null) refuseState(row)
    const posted = row.accertamenti.find((one) => one.collectedCents > 0)
    if (posted !== undefined) {
      throw new ProblemError(problem('SPONTANEOUS_POSTED', { accertamento: `${posted.number}/${posted.exercise}` }))
    }
    await cancelPositions(db, [row.debtPositionId], { reason, ...writer })
    const count = await cancelAccertamenti(db, row, reason, at)
    await saySpontaneous(
      db,
      {
        ...{ receiptId: id, state: 'toAssign', why: 'undone' },
        debtPositionId: row.debtPositionId,
        newPerson: row.newPerson,
      },
      writer,
    )
    await reconcileLedger(db, at)
    return { accertamenti: count }
  })
}

async function cancelAccertamenti(
  db: WriteHandle,
  row: SpontaneousRow,
  reason: string,
  at: Parameters<typeof romeDate>[0],
): Promise<number> {
  const exercises = await listExercises(db)
  const day = romeDate(at)
  const live = row.accertamenti.filter((one) => one.dueCents > 0)
  await insertVariations(
    db,
    live.map((one) => {
      const exercise = cancellingExercise(one.exercise, exercises, day)
      if (exercise === null) throw new ProblemError(problem('EXERCISE_NOT_OPEN', { year: yearOf(day) }))
      return {
        ...{ accertamentoId: one.id, exercise, date: raisingDate(exercise, day, null), reason, act: null },
        ...{ kind: 'cancellation' as const, cents: cents(-one.dueCents) },
      }
    }),
  )
  return live.length
}

/** Section `nodeInbox.spontaneous`: payments that nobody here asked for. */
export const spontaneous = {
  list: os.nodeInbox.spontaneous.list.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const receiver = (await receiverOf(db)) ?? ''
      const all = (await listSpontaneous(db, input.filters)).map((row) => wireRow(row, receiver))
      const rows = searchAndSort(all, input, RULES)
      return answerOf(rows, input, { ownCents: sum(rows.map((row) => row.ownCents)) })
    }),
  ),

  counts: os.nodeInbox.spontaneous.counts.handler(({ context }) =>
    context.ledger.read(async (db) => {
      const counts = await countSpontaneous(db)
      return { ...counts, all: Object.values(counts).reduce((n, one) => n + one, 0) }
    }),
  ),

  get: os.nodeInbox.spontaneous.get.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const receiver = (await receiverOf(db)) ?? ''
      const row = await needOne(db, input.id)
      const types = await listServiceTypes(db)
      return {
        ...wireRow(row, receiver),
        transfers: row.transfers.map(({ iban: _iban, stamp, ...transfer }) => ({
          ...transfer,
          own: isOwn({ ...transfer, stamp }, receiver),
          serviceTypeIds: typesFor(transfer.category, types).map((type) => type.id),
        })),
      }
    }),
  ),

  look: os.nodeInbox.spontaneous.look.handler(({ context, input }) =>
    context.ledger.write(command(context, 'spontaneous.look', { ...input }), async (db) => ({
      moved: await lookSpontaneous(db, input.ids, input.looked, {
        at: context.clock.now(),
        operator: context.operator,
      }),
    })),
  ),

  assign: os.nodeInbox.spontaneous.assign.handler(({ context, input }) => assign(context, input)),

  undo: os.nodeInbox.spontaneous.undo.handler(({ context, input }) => undo(context, input.id, input.reason)),

  leave: os.nodeInbox.spontaneous.leave.handler(({ context, input: { id, left } }) =>
    context.ledger.write(command(context, 'spontaneous.leave', { id, left }), async (db) => {
      const row = await needOne(db, id)
      if (isRaised(row) || (row.state === 'left') === left) refuseState(row)
      const { debtPositionId, newPerson } = row
      await saySpontaneous(
        db,
        { ...{ receiptId: id, state: left ? 'left' : 'toAssign', why: 'byHand' }, debtPositionId, newPerson },
        { at: context.clock.now(), operator: context.operator },
      )
      return { left }
    }),
  ),
}
