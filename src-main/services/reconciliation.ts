import type { z } from 'zod'
import type { reconciliation as contract } from '#contract/reconciliation'
import type { Id } from '#domain/brand'
import type { JsonValue } from '#domain/json'
import { add, cents } from '#domain/money'
import { ProblemError, problem } from '#domain/problem'
import { searchKey } from '#domain/search-key'
import { openDebts, openInstallments, payersOf } from '#ledger/board-load'
import { listFlows } from '#ledger/flow-list'
import type { ReadHandle } from '#ledger/ledger'
import { listMovements, type MovementRow } from '#ledger/movement-list'
import { assigneeOf, insertNotes, notesOn } from '#ledger/note-store'
import { readSubjectHistory } from '#ledger/subject-history'
import type { Act } from './act.ts'
import { rememberAct } from './act-stack.ts'
import { readBoard } from './board.ts'
import { type Candidate, debtCandidate, flowCandidate, installmentCandidate } from './board-candidates.ts'
import { command } from './command.ts'
import { os, type ServiceContext } from './context.ts'
import { consequencesOf, decideActs, undoDecisions } from './decisions.ts'
import { today } from './produced-file.ts'
import { booksUntouched } from './reconcile-ledger.ts'
import { learnFrom } from './rule-learning.ts'
import { decisionSubjectOf, flowNameOf, notePlaceOf, subjectStands } from './subject.ts'
import { findCounterparts } from './table-find.ts'
import { readTable } from './work-table.ts'

type Decided = z.output<NonNullable<(typeof contract.decide)['~orpc']['outputSchema']>>

async function oneMovement(db: ReadHandle, id: Id<'bankMovement'>): Promise<MovementRow> {
  const movement = (await listMovements(db, { id }))[0]
  if (!movement) throw new ProblemError(problem('MOVEMENT_NOT_FOUND', { id }))
  return movement
}

/** All the acts in one write; afterwards they are what Ctrl Z takes back, together. */
async function decide(
  context: ServiceContext,
  { acts, reason, annul }: { readonly acts: readonly Act[]; readonly reason: string; readonly annul: boolean },
): Promise<Decided> {
  const kinds: Record<string, number> = {}
  for (const { kind } of acts) kinds[kind] = (kinds[kind] ?? 0) + 1
  const first = acts.length === 1 ? { act: acts[0] as unknown as JsonValue } : {}
  const write = command(context, 'reconciliation.decide', { kinds, reason, annul, ...first })
  const { at, operator } = write
  const { decisionIds, annulled } = await context.ledger.write(write, async (db) => {
    const said = await decideActs(db, acts, { reason, annul }, { at, operator })
    await learnFrom(db, said.planned, said.decisionIds, { at, operator })
    if (acts.every((act) => act.kind === 'skip')) booksUntouched(db)
    return said
  })
  rememberAct(context.ledger, operator, decisionIds)
  return { decisionIds: [...decisionIds], decided: acts.length, annulled: [...annulled] }
}

/** One act of the page before the work table. */
async function decideOne(context: ServiceContext, act: Act, reason: string): Promise<Id<'decision'>> {
  const { decisionIds } = await decide(context, { acts: [act], reason, annul: false })
  return decisionIds[0] as Id<'decision'>
}

export const reconciliation = {
  board: os.reconciliation.board.handler(({ context, input }) =>
    context.ledger.read((db) => readBoard(db, input, today(context))),
  ),

  match: os.reconciliation.match.handler(async ({ context, input }) => {
    const { bankMovementId, targets, reason } = input
    return { decisionId: await decideOne(context, { kind: 'match', bankMovementId, targets }, reason) }
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

  exclude: os.reconciliation.exclude.handler(async ({ context, input }) => {
    const { bankMovementIds, reason } = input
    return { decisionId: await decideOne(context, { kind: 'exclude', bankMovementIds }, reason) }
  }),

  skip: os.reconciliation.skip.handler(async ({ context, input }) => {
    const { bankMovementId } = input
    await decideOne(context, { kind: 'skip', subject: { kind: 'movement', bankMovementId } }, '')
    return { bankMovementId }
  }),

  table: os.reconciliation.table.handler(({ context, input }) =>
    context.ledger.read((db) => readTable(db, context, input)),
  ),

  decide: os.reconciliation.decide.handler(({ context, input }) => decide(context, input)),

  consequences: os.reconciliation.consequences.handler(({ context, input }) => {
    const author = { at: context.clock.now(), operator: context.operator }
    return context.ledger.read((db) => consequencesOf(db, input, author))
  }),

  undo: os.reconciliation.undo.handler(async ({ context, input }) => {
    const { decisionIds: ids, reason, annul } = input
    const write = command(context, 'reconciliation.undo', { decisionIds: ids, reason, annul })
    const { at, operator } = write
    const { decisionIds, annulled } = await context.ledger.write(write, (db) =>
      undoDecisions(db, ids, { reason, annul }, { at, operator }),
    )
    return { decisionIds: [...decisionIds], annulled: [...annulled] }
  }),

  find: os.reconciliation.find.handler(({ context, input }) =>
    context.ledger.read((db) => findCounterparts(db, context, input)),
  ),

  note: os.reconciliation.note.handler(({ context, input }) => {
    const { subject, text, assignee } = input
    const write = command(context, 'reconciliation.note', { subject })
    const { at, operator } = write
    return context.ledger.write(write, async (db) => {
      await subjectStands(db, subject)
      const place = notePlaceOf(subject)
      await insertNotes(db, [place], { text, assignee, at, operator })
      booksUntouched(db)
      const notes = await notesOn(db, place)
      return { notes: notes.filter((n) => n.text !== '').length, assignee: assigneeOf(notes) }
    })
  }),

  assign: os.reconciliation.assign.handler(({ context, input }) => {
    const { subjects, assignee } = input
    const write = command(context, 'reconciliation.assign', { subjects: subjects.length, assignee })
    const { at, operator } = write
    return context.ledger.write(write, async (db) => {
      for (const subject of subjects) await subjectStands(db, subject)
      await insertNotes(db, subjects.map(notePlaceOf), { text: '', assignee: assignee ?? '', at, operator })
      booksUntouched(db)
      return { assigned: subjects.length }
    })
  }),

  notes: os.reconciliation.notes.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const notes = await notesOn(db, notePlaceOf(input.subject))
      return { assignee: assigneeOf(notes), notes: notes.filter((n) => n.text !== '') }
    }),
  ),

  history: os.reconciliation.history.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const { subject } = input
      const flowId = 'reportingFlowId' in subject ? await flowNameOf(db, subject.reportingFlowId) : ''
      const notes = notePlaceOf(subject)
      return readSubjectHistory(db, {
        kind: subject.kind,
        id: notes.subjectId,
        rowKey: subject.kind === 'flowRow' ? subject.rowKey : null,
        decisions: decisionSubjectOf(subject, () => flowId),
        notes,
      })
    }),
  ),
}
