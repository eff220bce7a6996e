import type { z } from 'zod'
import type { reconciliation as contract } from '#contract/reconciliation'
import type { JsonValue } from '#domain/json'
import { assigneeOf, insertNotes, notesOn } from '#ledger/note-store'
import { readSubjectHistory } from '#ledger/subject-history'
import type { Act } from './act.ts'
import { rememberAct } from './act-stack.ts'
import { command } from './command.ts'
import { os, type ServiceContext } from './context.ts'
import { consequencesOf, decideActs, undoDecisions } from './decisions.ts'
import { booksUntouched } from './reconcile-ledger.ts'
import { learnFrom } from './rule-learning.ts'
import { decisionSubjectOf, flowNameOf, notePlaceOf, subjectStands } from './subject.ts'
import { findCounterparts } from './table-find.ts'
import { readTable } from './work-table.ts'

type Decided = z.output<NonNullable<(typeof contract.decide)['~orpc']['outputSchema']>>

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

export const reconciliation = {
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
