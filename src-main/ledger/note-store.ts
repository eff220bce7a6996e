import { type Insertable, sql } from 'kysely'
import type { Instant } from '#domain/date'
import { insertMany } from './bulk.ts'
import { chunks } from './chunks.ts'
import type { ReadHandle, WriteHandle } from './ledger.ts'
import type { NoteTable } from './schema/system.ts'

/**
 * What a note stands on. A row of a flow is the flow with the row's key inside the kind («flowRow iuv|iur|1|1»): the key
 * survives a new version of the flow, the row's id does not.
 */
export interface NotePlace {
  readonly subjectKind: string
  readonly subjectId: number
}

export interface Note {
  readonly text: string
  /** '' takes the assignment away, null leaves it as it was. */
  readonly assignee: string | null
  readonly at: Instant
  readonly operator: string
}

export interface NoteCount {
  /** Those with words: an assignment alone is not one. */
  readonly notes: number
  readonly assignee: string | null
}

export const NO_NOTES: NoteCount = { notes: 0, assignee: null }

export function placeKey({ subjectKind, subjectId }: NotePlace): string {
  return `${subjectKind}#${subjectId}`
}

export async function insertNotes(
  db: WriteHandle,
  places: readonly NotePlace[],
  note: Omit<Insertable<NoteTable>, 'id' | 'subjectKind' | 'subjectId'>,
): Promise<void> {
  await insertMany(
    db,
    'note',
    places.map(({ subjectKind, subjectId }) => ({ subjectKind, subjectId, ...note })),
  )
}

export async function notesOn(db: ReadHandle, { subjectKind, subjectId }: NotePlace): Promise<Note[]> {
  return db
    .selectFrom('note')
    .where('subjectKind', '=', subjectKind)
    .where('subjectId', '=', subjectId)
    .select(['text', 'assignee', 'at', 'operator'])
    .orderBy('id')
    .execute()
}

/** The last assignment said, null when it is nobody's. */
export function assigneeOf(notes: readonly { readonly assignee: string | null }[]): string | null {
  const last = notes.findLast((note) => note.assignee !== null)?.assignee ?? ''
  return last === '' ? null : last
}

/** Notes and assignment of everything that has any, by `placeKey`. */
export async function allNoteCounts(db: ReadHandle): Promise<Map<string, NoteCount>> {
  const rows = await db
    .selectFrom('note')
    .groupBy(['subjectKind', 'subjectId'])
    .select(['subjectKind', 'subjectId'])
    .select(sql<number>`cast(sum(case when "text" <> '' then 1 else 0 end) as bigint)`.as('notes'))
    .select(sql<number | null>`max(case when "assignee" is not null then "id" end)`.as('assigned'))
    .execute()
  const ids = rows.flatMap((row) => (row.assigned === null ? [] : [Number(row.assigned)]))
  const names = new Map<number, string>()
  for (const part of chunks(ids)) {
    const found = await db
      .selectFrom('note')
      .where('id', 'in', [...part] as never[])
      .select(['id', 'assignee'])
      .execute()
    for (const row of found) names.set(row.id, row.assignee ?? '')
  }
  return new Map(
    rows.map((row) => {
      const assignee = names.get(Number(row.assigned)) ?? ''
      return [placeKey(row), { notes: Number(row.notes), assignee: assignee === '' ? null : assignee }]
    }),
  )
}
