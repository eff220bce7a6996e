import type { Id } from '#domain/brand'
import type { Instant } from '#domain/date'
import { cents, sum } from '#domain/money'
import { type Problem, ProblemError, problem } from '#domain/problem'
import { currentExercise, raisingDate } from '#domain/raising'
import { searchKey } from '#domain/search-key'
import { insertVariations, listRaisedBy } from '#ledger/accertamento-raise'
import { listExercises } from '#ledger/chart'
import {
  deleteAlboEntries,
  deleteContacts,
  deletePeople,
  listEffects,
  type PersonNow,
  readAlboNow,
  readContactsNow,
  readPeopleInUse,
  readPeopleNow,
  reopenAlboEntries,
  reopenContacts,
  type TouchedPerson,
} from '#ledger/import-effect'
import type { ReadHandle, WriteHandle } from '#ledger/ledger'
import { closeContacts, type EnrolmentChange, moveEnrolments, updatePerson } from '#ledger/people-import'
import { markErased } from '#ledger/person-erase'
import { clearLiveRows, countHeld, type Held, type RegisterImportRow, setImportState } from '#ledger/register-import'
import { command } from './command.ts'
import type { ServiceContext } from './context.ts'
import { today } from './produced-file.ts'
import { reconcileDebts } from './reconcile-ledger.ts'
import { importSource, needImport } from './register-summary.ts'

/**
 * Why an import cannot be taken back; empty when it can.
 * @param held what stands on its accertamenti, if it was counted already
 */
export async function whyNotUndone(
  db: ReadHandle,
  context: ServiceContext,
  head: RegisterImportRow,
  held?: Held,
): Promise<Problem[]> {
  const { fileName: name } = head
  if (head.state !== 'confirmed') return [problem('IMPORT_NOT_CONFIRMED', { name })]
  if (head.purpose === 'people') return []
  const { issued, collected } = held ?? (await countHeld(db, head.id))
  if (issued + collected > 0) return [problem('IMPORT_IN_USE', { name, issued, collected })]
  const day = today(context)
  const open = currentExercise(await listExercises(db), day)
  return open === null ? [problem('EXERCISE_NOT_OPEN', { year: Number(day.slice(0, 4)) })] : []
}

interface Stay {
  readonly personId: Id<'person'>
  readonly name: string
  readonly what: 'person' | 'field' | 'contact' | 'alboEntry'
  /** `dues`: accertamenti carry the name. `used`: something else names it. `changed`: somebody changed it since. */
  readonly why: 'dues' | 'used' | 'changed'
  readonly value: string
}

/** What goes back to how it was before the import, person by person. */
interface PeopleBack {
  readonly removed: Id<'person'>[]
  readonly restored: { readonly person: PersonNow; readonly values: Partial<Record<string, string | null>> }[]
  readonly contacts: {
    readonly removed: Id<'contactPoint'>[]
    readonly closed: Id<'contactPoint'>[]
    readonly reopened: Id<'contactPoint'>[]
  }
  readonly albo: { readonly removed: Id<'alboEntry'>[]; readonly reopened: Id<'alboEntry'>[] }
  /** Positions that begin again when they did before. */
  readonly enrolled: (EnrolmentChange & { readonly personId: Id<'person'> })[]
  /** Whom the import had made a person again. */
  readonly erased: { readonly personId: Id<'person'>; readonly at: Instant }[]
  readonly stays: Stay[]
}

async function peopleBack(db: ReadHandle, { id, fileName }: RegisterImportRow): Promise<PeopleBack> {
  const touched = await listEffects(db, id)
  const people = await readPeopleNow(
    db,
    touched.map((one) => one.personId),
  )
  const contactIds = touched.flatMap((one) => one.effect.contacts.map((contact) => contact.opened))
  const alboIds = touched.flatMap((one) => one.effect.albo.map((entry) => entry.opened))
  const movedIds = touched.flatMap((one) => (one.effect.enrolled ?? []).map(({ entry }) => entry))
  const contacts = await readContactsNow(db, contactIds)
  const albo = await readAlboNow(db, [...alboIds, ...movedIds])
  const inUse = await readPeopleInUse(
    db,
    touched.flatMap((one) => (one.created ? [one.personId] : [])),
    { contacts: new Set(contactIds), albo: new Set(alboIds) },
  )
  const back: PeopleBack = {
    removed: [],
    restored: [],
    contacts: { removed: [], closed: [], reopened: [] },
    albo: { removed: [], reopened: [] },
    enrolled: [],
    erased: [],
    stays: [],
  }
  for (const one of touched) {
    const person = people.get(one.personId)
    if (person === undefined || person.erasedAt !== null) continue
    const stay = (what: Stay['what'], why: Stay['why'], value: string) =>
      back.stays.push({ personId: person.id, name: person.name, what, why, value })
    const kept = back.stays.length
    fieldsBack(one, person, back, stay)
    for (const { opened, closed } of one.effect.contacts) {
      const now = contacts.get(opened)
      if (now === undefined || now.validTo !== null) {
        if (now !== undefined && closed.length > 0) stay('contact', 'changed', now.value)
        continue
      }
      // One that was there before, closed on the same day, was only opened again: it is history.
      if (now.used || now.source !== importSource(fileName)) back.contacts.closed.push(opened)
      else back.contacts.removed.push(opened)
      if (now.used) stay('contact', 'used', now.value)
      back.contacts.reopened.push(...closed)
    }
    for (const { opened, closed } of one.effect.albo) {
      const now = albo.get(opened)
      if (now === undefined || now.to !== null) {
        if (now !== undefined) stay('alboEntry', 'changed', now.number)
        continue
      }
      back.albo.removed.push(opened)
      back.albo.reopened.push(...closed)
    }
    for (const { entry: id, before, after } of one.effect.enrolled ?? []) {
      const now = albo.get(id)
      if (now?.from === after) back.enrolled.push({ personId: person.id, entry: { id, ...now }, from: before })
      else if (now !== undefined) stay('alboEntry', 'changed', now.number)
    }
    if (one.effect.erasedAt !== undefined) {
      // What somebody did with the person since then keeps it.
      if (back.stays.length > kept) stay('person', 'used', person.fiscalCode ?? person.name)
      else back.erased.push({ personId: person.id, at: one.effect.erasedAt })
    }
    if (!one.created) continue
    const use = inUse.get(person.id)
    if (use !== undefined) stay('person', use, person.fiscalCode ?? person.name)
    else if (back.stays.length > kept) stay('person', 'used', person.fiscalCode ?? person.name)
    else back.removed.push(person.id)
  }
  return back
}

function fieldsBack(
  { effect }: TouchedPerson,
  person: PersonNow,
  back: PeopleBack,
  stay: (what: Stay['what'], why: Stay['why'], value: string) => void,
): void {
  const values: Record<string, string | null> = {}
  for (const { field, before, after } of effect.changed) {
    if (person[field] === after && person.mergedIntoId === null) values[field] = before
    else stay('field', 'changed', String(person[field]))
  }
  if (Object.keys(values).length > 0) back.restored.push({ person, values })
}

/** What undoing would take back, and what stays and why. Nothing is written. */
export async function previewUndo(db: ReadHandle, context: ServiceContext, id: Id<'registerImport'>) {
  const head = await needImport(db, id)
  const whyNot = await whyNotUndone(db, context, head)
  const raised = head.state === 'confirmed' ? (await listRaisedBy(db, id)).filter((a) => a.dueCents > 0) : []
  const back = await peopleBack(db, head)
  return {
    undoable: whyNot.length === 0,
    whyNot,
    accertamenti: { count: raised.length, cents: sum(raised.map((a) => a.dueCents)) },
    people: {
      removed: back.removed.length,
      restored: new Set([...back.restored.map(({ person }) => person.id), ...back.enrolled.map((one) => one.personId)])
        .size,
    },
    contacts: {
      removed: back.contacts.removed.length + back.contacts.closed.length,
      reopened: back.contacts.reopened.length,
    },
    alboEntries: { removed: back.albo.removed.length, reopened: back.albo.reopened.length },
    stays: { first: back.stays.slice(0, 200), total: back.stays.length },
  }
}

/**
 * Takes an import back: each accertamento gets a cancellation in the open exercise (numbers stay used), people are as
 * they were, who was created and is named nowhere goes.
 */
export async function undoImport(context: ServiceContext, id: Id<'registerImport'>, reason: string): Promise<void> {
  await context.ledger.write(command(context, 'registerImport.undo', { id, reason }), async (db) => {
    const head = await needImport(db, id)
    const whyNot = await whyNotUndone(db, context, head)
    if (whyNot.length > 0) throw new ProblemError(...whyNot)
    await cancelRaised(db, context, head, reason)
    await takeBack(db, await peopleBack(db, head), today(context))
    await clearLiveRows(db, id)
    const at = context.clock.now()
    await setImportState(db, id, 'undone', { undoneAt: at, undoneBy: context.operator, undoReason: reason })
    await reconcileDebts(db, at)
  })
}

async function cancelRaised(
  db: WriteHandle,
  context: ServiceContext,
  head: RegisterImportRow,
  reason: string,
): Promise<void> {
  const raised = (await listRaisedBy(db, head.id)).filter((a) => a.dueCents > 0)
  const current = currentExercise(await listExercises(db), today(context))
  if (raised.length === 0 || current === null) return
  const date = raisingDate(current, today(context), null)
  await insertVariations(
    db,
    raised.map((a) => ({
      accertamentoId: a.id,
      exercise: Math.max(a.exercise, current),
      date,
      kind: 'cancellation' as const,
      cents: cents(-a.dueCents),
      reason,
      act: a.exercise < current ? `Annullamento dell’importazione ${head.fileName}` : null,
    })),
  )
}

async function takeBack(db: WriteHandle, back: PeopleBack, day: ReturnType<typeof today>): Promise<void> {
  await deleteContacts(db, back.contacts.removed)
  await closeContacts(db, back.contacts.closed, day)
  await reopenContacts(db, back.contacts.reopened)
  await deleteAlboEntries(db, back.albo.removed)
  await reopenAlboEntries(db, back.albo.reopened)
  await moveEnrolments(db, back.enrolled)
  for (const { person, values } of back.restored) {
    const now = { ...person, ...values } as Pick<PersonNow, 'name' | 'category' | 'vatNumber'>
    await updatePerson(db, person.id, {
      name: now.name,
      category: now.category as never,
      vatNumber: now.vatNumber,
      searchKey: searchKey(now.name, person.fiscalCode, now.vatNumber),
    })
  }
  for (const { personId, at } of back.erased) await markErased(db, [personId], at)
  await deletePeople(db, back.removed)
}
