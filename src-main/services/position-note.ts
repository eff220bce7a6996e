import type { Id } from '#domain/brand'
import { ProblemError, problem } from '#domain/problem'
import type { ReadHandle } from '#ledger/ledger'
import { assigneeOf, insertNotes, type NotePlace, notesOn } from '#ledger/note-store'
import { readStoredPositions } from '#ledger/position-version'
import { command } from './command.ts'
import type { ServiceContext } from './context.ts'

function placeOf(id: Id<'debtPosition'>): NotePlace {
  return { subjectKind: 'debtPosition', subjectId: id }
}

/** What was noted on a position, oldest first, and whom it is given to. */
export async function positionNotes(db: ReadHandle, id: Id<'debtPosition'>) {
  const notes = await notesOn(db, placeOf(id))
  return { notes, assignee: assigneeOf(notes) }
}

/** What a note says can be erased with its person; the journal cannot forget, so it does not say it. */
export function notePosition(
  context: ServiceContext,
  { id, text, assignee }: { readonly id: Id<'debtPosition'>; readonly text: string; readonly assignee: string | null },
) {
  const at = context.clock.now()
  const { operator } = context
  return context.ledger.write(command(context, 'positionAct.note', { debtPositionId: id }), async (db) => {
    const [known] = await readStoredPositions(db, [id])
    if (known === undefined) throw new ProblemError(problem('POSITION_GONE', {}))
    if (text !== '' || assignee !== null) await insertNotes(db, [placeOf(id)], { text, assignee, at, operator })
    return positionNotes(db, id)
  })
}
