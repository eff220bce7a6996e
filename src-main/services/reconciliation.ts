import type { Id } from '#domain/brand'
import { romeDate } from '#domain/date'
import type { JsonValue } from '#domain/json'
import { add, type Cents, cents, formatCents, sum } from '#domain/money'
import { ProblemError, problem } from '#domain/problem'
import { searchKey } from '#domain/search-key'
import {
  insertNote,
  installmentIuv,
  notesOf,
  openDebts,
  openInstallments,
  payersOf,
  reversaliHolding,
} from '#ledger/board-load'
import { insertDecision, listDecisions, revokeDecision } from '#ledger/decision'
import { listFlows } from '#ledger/flow-list'
import type { ReadHandle, WriteHandle } from '#ledger/ledger'
import { listMovements, type MovementRow } from '#ledger/movement-list'
import { readBoard } from './board.ts'
import { type Candidate, debtCandidate, flowCandidate, installmentCandidate } from './board-candidates.ts'
import { os, type ServiceContext } from './context.ts'
import { today } from './produced-file.ts'
import { booksUntouched, NO_PEOPLE, reconcileLedger } from './reconcile-ledger.ts'

interface Target {
  readonly kind: 'flow' | 'iuv' | 'accertamento'
  readonly id: number
  readonly cents: Cents
}

async function oneMovement(db: ReadHandle, id: Id<'bankMovement'>): Promise<MovementRow> {
  const movement = (await listMovements(db, { id }))[0]
  if (!movement) throw new ProblemError(problem('MOVEMENT_NOT_FOUND', { id }))
  return movement
}

/** A credit whose money is already in reversali is not decided again: they are annulled first. */
async function refusePosted(db: ReadHandle, movements: readonly MovementRow[]): Promise<void> {
  const posted = movements.filter((m) => m.regularisedCents > 0).map((m) => m.id)
  if (posted.length === 0) return
  const reversali = await reversaliHolding(db, { bankMovementIds: posted })
  throw new ProblemError(problem('MATCH_POSTED', { reversali: reversali.join(', ') }))
}

/** Ids of the screen → the names that a decision keeps: flow ids and IUVs outlive versions. */
async function namedTarget(db: ReadHandle, target: Target): Promise<JsonValue> {
  if (target.kind === 'flow') {
    const flow = (await listFlows(db, { id: target.id as Id<'reportingFlow'> }))[0]
    if (!flow?.active) throw new ProblemError(problem('MATCH_TARGET_GONE', { title: `flusso ${target.id}` }))
    return { kind: 'flow', flowId: flow.flowId, cents: target.cents }
  }
  if (target.kind === 'iuv') {
    const iuv = await installmentIuv(db, target.id)
    if (iuv === null) throw new ProblemError(problem('MATCH_TARGET_GONE', { title: `rata ${target.id}` }))
    return { kind: 'iuv', iuv, cents: target.cents }
  }
  const debt = (await openDebts(db, { ids: [target.id as Id<'accertamento'>] }))[0]
  if (!debt) throw new ProblemError(problem('MATCH_TARGET_GONE', { title: `accertamento ${target.id}` }))
  if (target.cents > debt.outstandingCents) {
    const name = `${debt.exercise}/${debt.number}`
    const amounts = { cents: formatCents(target.cents), outstanding: formatCents(debt.outstandingCents) }
    throw new ProblemError(problem('MATCH_EXCEEDS_DEBT', { accertamento: name, ...amounts }))
  }
  return { kind: 'accertamento', accertamentoId: target.id, cents: target.cents }
}

async function decide(
  db: WriteHandle,
  context: ServiceContext,
  decision: { kind: string; subjectKind: string; subjectKey: string; payload: JsonValue; reason: string },
): Promise<Id<'decision'>> {
  const at = context.clock.now()
  const id = await insertDecision(db, { ...decision, at, operator: context.operator })
  await reconcileLedger(db, at, NO_PEOPLE)
  return id
}

export const reconciliation = {
  board: os.reconciliation.board.handler(({ context, input }) =>
    context.ledger.read((db) => readBoard(db, input, today(context))),
  ),

  match: os.reconciliation.match.handler(({ context, input }) => {
    const write = {
      command: 'reconciliation.match',
      operator: context.operator,
      payload: { bankMovementId: input.bankMovementId, targets: input.targets.map((t) => ({ ...t })) },
      at: context.clock.now(),
    }
    return context.ledger.write(write, async (db) => {
      const movement = await oneMovement(db, input.bankMovementId)
      await refusePosted(db, [movement])
      const asked = sum(input.targets.map((t) => t.cents))
      if (movement.cents < 0 || input.targets.some((t) => t.cents <= 0) || asked > movement.availableCents) {
        const amounts = { cents: formatCents(asked), available: formatCents(movement.availableCents) }
        throw new ProblemError(problem('MATCH_EXCEEDS_CREDIT', amounts))
      }
      const targets: JsonValue[] = []
      for (const target of input.targets) targets.push(await namedTarget(db, target))
      const decisionId = await decide(db, context, {
        kind: 'manualMatch',
        subjectKind: 'bankMovement',
        subjectKey: String(movement.id),
        payload: { movementId: movement.id, targets },
        reason: input.reason,
      })
      return { decisionId }
    })
  }),

  search: os.reconciliation.search.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const movement = await oneMovement(db, input.bankMovementId)
      const left = cents(movement.availableCents - movement.matchedCents)
      const near = input.toleranceCents ?? (input.text.trim() === '' ? cents(0) : null)
      const minCents = near === null ? null : cents(left - near)
      const maxCents = near === null ? null : add(left, near)
      const range = { text: input.text, minCents, maxCents }
      const words = searchKey(input.text).split(' ')
      const flows = (await listFlows(db)).filter(
        (f) =>
          f.active &&
          f.credit !== 'credited' &&
          (minCents === null || f.totalCents >= minCents) &&
          (maxCents === null || f.totalCents <= maxCents) &&
          words.every((w) => searchKey(`${f.flowId} ${f.foldKey} ${f.pspName ?? ''} ${f.pspCode}`).includes(w)),
      )
      const payers = await payersOf(
        db,
        flows.slice(0, 100).map((f) => f.versionId),
      )
      const found: Candidate[] = [
        ...flows
          .slice(0, 100)
          .map((f) =>
            flowCandidate(movement, left, f, payers.get(f.versionId) ?? [], { level: 'searched', rivals: 1 }),
          ),
        ...(await openInstallments(db, range)).map((i) => installmentCandidate(left, i)),
        ...(await openDebts(db, range)).map((d) => debtCandidate(left, d, { level: 'searched', proposal: null })),
      ]
      const distance = (c: Candidate) => Math.abs(c.cents - left)
      return found.sort((a, b) => distance(a) - distance(b)).slice(0, 100)
    }),
  ),

  exclude: os.reconciliation.exclude.handler(({ context, input }) => {
    const ids = [...new Set(input.bankMovementIds)]
    const write = {
      command: 'reconciliation.exclude',
      operator: context.operator,
      payload: { movements: ids.length, reason: input.reason },
      at: context.clock.now(),
    }
    return context.ledger.write(write, async (db) => {
      const wanted = new Set<number>(ids)
      const movements = (await listMovements(db, {})).filter((m) => wanted.has(m.id))
      if (movements.length !== wanted.size) throw new ProblemError(problem('MOVEMENT_NOT_FOUND', { id: ids[0] ?? 0 }))
      await refusePosted(db, movements)
      const decisionId = await decide(db, context, {
        kind: 'exclude',
        subjectKind: 'bankMovement',
        subjectKey: ids.length === 1 ? String(ids[0]) : `${ids.length} movimenti`,
        payload: { movementIds: ids },
        reason: input.reason,
      })
      return { decisionId }
    })
  }),

  skip: os.reconciliation.skip.handler(({ context, input }) => {
    const at = context.clock.now()
    const { operator } = context
    const payload = { bankMovementId: input.bankMovementId }
    return context.ledger.write({ command: 'reconciliation.skip', operator, payload, at }, async (db) => {
      await oneMovement(db, input.bankMovementId)
      await insertDecision(db, {
        kind: 'skip',
        subjectKind: 'bankMovement',
        subjectKey: String(input.bankMovementId),
        payload: { movementId: input.bankMovementId, day: romeDate(at) },
        reason: '',
        at,
        operator,
      })
      booksUntouched(db)
      return { bankMovementId: input.bankMovementId }
    })
  }),

  undo: os.reconciliation.undo.handler(({ context, input }) => {
    const at = context.clock.now()
    const { operator } = context
    const payload = { decisionId: input.decisionId }
    return context.ledger.write({ command: 'reconciliation.undo', operator, payload, at }, async (db) => {
      const decision = (await listDecisions(db)).find((d) => d.id === input.decisionId)
      if (!decision || decision.revoked) throw new ProblemError(problem('DECISION_GONE', { id: input.decisionId }))
      const reversali = await reversaliHolding(db, { decisionId: input.decisionId })
      if (reversali.length > 0) throw new ProblemError(problem('MATCH_POSTED', { reversali: reversali.join(', ') }))
      const reason = input.reason === '' ? 'Disfatto' : input.reason
      const decisionId = await revokeDecision(db, decision, { reason, at, operator })
      await reconcileLedger(db, at, NO_PEOPLE)
      return { decisionId }
    })
  }),

  note: os.reconciliation.note.handler(({ context, input }) => {
    const at = context.clock.now()
    const { operator } = context
    const payload = { bankMovementId: input.bankMovementId }
    return context.ledger.write({ command: 'reconciliation.note', operator, payload, at }, async (db) => {
      await oneMovement(db, input.bankMovementId)
      await insertNote(db, {
        subjectKind: 'bankMovement',
        subjectId: input.bankMovementId,
        text: input.text,
        assignee: input.assignee,
        at,
        operator,
      })
      booksUntouched(db)
      return { notes: (await notesOf(db, input.bankMovementId)).length }
    })
  }),

  notes: os.reconciliation.notes.handler(({ context, input }) =>
    context.ledger.read((db) => notesOf(db, input.bankMovementId)),
  ),
}
