import type { Id } from '#domain/brand'
import type { Instant, IsoDate } from '#domain/date'
import {
  alboEntryOf,
  alboOf,
  contactOf,
  enrolmentOf,
  REGISTER_CONTACTS,
  type RegisterContact,
} from '#domain/person-difference'
import type { PersonCategory, RegisterPerson } from '#domain/register-row'
import { searchKey } from '#domain/search-key'
import type { ShownDifference } from '#ledger/import-difference'
import { type ImportEffect, insertEffects } from '#ledger/import-effect'
import type { WriteHandle } from '#ledger/ledger'
import {
  closeAlboEntries,
  closeContacts,
  type EnrolmentChange,
  insertAlboEntries,
  insertContacts,
  insertFirstContacts,
  insertPeople,
  type KnownPerson,
  moveEnrolments,
  type NewAlboEntry,
  type NewContact,
  updatePerson,
} from '#ledger/people-import'
import { liftErasure } from '#ledger/person-erase'
import { pause, type Report } from './long-work.ts'
import { chosenDifferences, isStale, type KnownFacts, latestRows, readFactsOf } from './register-differences.ts'
import type { PeopleIndex } from './register-people.ts'

export interface PeopleWork {
  readonly importId: Id<'registerImport'>
  /** In the order of the file. */
  readonly rows: readonly RegisterPerson[]
  readonly people: PeopleIndex
  /** What was shown and chosen, by `differenceKey`. */
  readonly shown: ReadonlyMap<string, ShownDifference>
  readonly today: IsoDate
  readonly source: string
}

export interface PeopleRaised {
  /** By the fiscal code of the rows. */
  readonly ids: ReadonlyMap<string, Id<'person'>>
  readonly created: number
  readonly updated: number
  readonly contacts: number
  readonly alboEntries: number
}

type MutableEffect = {
  -readonly [K in 'changed' | 'contacts' | 'albo']: ImportEffect[K][number][]
} & { erasedAt?: Instant; enrolled?: NonNullable<ImportEffect['enrolled']>[number][] }

/** The archive changed since the differences were shown, of the people of these codes. */
export class StaleDifferences extends Error {
  readonly codes: readonly string[]
  constructor(codes: readonly string[]) {
    super('differences that nobody has seen')
    this.codes = codes
  }
}

const STEP = 'Aggiorno l’anagrafica'

/**
 * Adds the people of the rows and updates the known ones as chosen, and writes down what it did for an undo.
 * @throws StaleDifferences when somebody would be changed otherwise than was shown.
 */
export async function raisePeople(db: WriteHandle, work: PeopleWork, report: Report): Promise<PeopleRaised> {
  const { known, unknown } = latestRows(work.rows, work.people)
  const total = known.size + unknown.size
  report(STEP, 0, total)
  const effects = new Map<Id<'person'>, MutableEffect>()
  const effectOf = (id: Id<'person'>): MutableEffect => {
    let effect = effects.get(id)
    if (effect === undefined) {
      effect = { changed: [], contacts: [], albo: [] }
      effects.set(id, effect)
    }
    return effect
  }
  const ids = new Map<string, Id<'person'>>()
  const newRows = [...unknown.values()]
  const newIds = await insertPeople(db, newRows.map(personOf))
  for (const [i, row] of newRows.entries()) ids.set(row.fiscalCode, newIds[i] as Id<'person'>)
  report(STEP, newRows.length, total)
  for (const [id, erasedAt] of await liftErasure(db, [...known.keys()])) effectOf(id).erasedAt = erasedAt
  const changes = await updateKnown(db, work, known, effectOf, (done) => report(STEP, newRows.length + done, total))
  for (const { fiscalCode } of work.rows) {
    const person = work.people.byCode.get(fiscalCode)
    if (person !== undefined) ids.set(fiscalCode, person.id)
  }
  const contacts = newRows.flatMap((row, i) => contactsOf(row, newIds[i] as Id<'person'>, work))
  const contactIds = await insertFirstContacts(db, contacts)
  for (const [i, contact] of contacts.entries()) {
    const opened = contactIds[i] as Id<'contactPoint'>
    effectOf(contact.personId).contacts.push({ kind: contact.kind as RegisterContact, opened, closed: [] })
  }
  const entries = newRows.flatMap((row, i) => entryOf(row, newIds[i] as Id<'person'>, row.category, work.today))
  const entryIds = await insertAlboEntries(db, entries)
  let opened = 0
  for (const [i, entry] of entries.entries()) {
    const id = entryIds[i] ?? null
    if (id === null) continue
    opened += 1
    effectOf(entry.personId).albo.push({ opened: id, closed: [] })
  }
  const created = new Set(newIds)
  for (const id of newIds) effectOf(id)
  await insertEffects(
    db,
    [...effects].map(([personId, effect]) => ({
      importId: work.importId,
      personId,
      created: created.has(personId) ? (1 as const) : (0 as const),
      effectJson: JSON.stringify(effect),
    })),
  )
  report(STEP, total, total)
  return {
    ids,
    created: newIds.length,
    updated: effects.size - newIds.length,
    contacts: contacts.length + changes.contacts,
    alboEntries: opened + changes.alboEntries,
  }
}

function personOf(row: RegisterPerson) {
  return {
    kind: row.fiscalCode.length === 16 ? ('F' as const) : ('G' as const),
    fiscalCode: row.fiscalCode,
    vatNumber: row.vatNumber,
    name: row.name,
    category: row.category,
    mergedIntoId: null,
    searchKey: searchKey(row.name, row.fiscalCode, row.vatNumber),
  }
}

function contactsOf(row: RegisterPerson, personId: Id<'person'>, work: PeopleWork): NewContact[] {
  return REGISTER_CONTACTS.flatMap((kind) => newContact(row, personId, kind, work) ?? [])
}

function newContact(
  row: RegisterPerson,
  personId: Id<'person'>,
  kind: RegisterContact,
  { today, source }: PeopleWork,
): NewContact | null {
  const value = contactOf(row, kind)
  if (value === null) return null
  const parts = kind === 'address' ? row.address : null
  return {
    personId,
    kind,
    value,
    street: parts?.street ?? null,
    civicNumber: parts?.civicNumber ?? null,
    postalCode: parts?.postalCode ?? null,
    city: parts?.city ?? null,
    province: parts?.province ?? null,
    country: parts?.country ?? null,
    validFrom: today,
    validTo: null,
    source,
    failedAt: null,
  }
}

function entryOf(
  row: RegisterPerson,
  personId: Id<'person'>,
  category: PersonCategory,
  today: IsoDate,
): NewAlboEntry[] {
  if (row.alboNumber === null) return []
  const { section, enrolmentDate } = row
  const from = enrolmentDate ?? today
  return [
    { personId, albo: alboOf(row, category), section, number: row.alboNumber, from, to: null, status: 'iscritto' },
  ]
}

/** What was chosen «aggiorna»: a contact is closed and the new one opened, so is an albo position. */
async function updateKnown(
  db: WriteHandle,
  work: PeopleWork,
  known: ReadonlyMap<Id<'person'>, { readonly person: KnownPerson; readonly row: RegisterPerson }>,
  effectOf: (id: Id<'person'>) => MutableEffect,
  beat: (done: number) => void,
): Promise<{ contacts: number; alboEntries: number }> {
  const people = [...known.values()].map(({ person }) => person)
  const facts = await readFactsOf(db, people)
  const closing: Id<'contactPoint'>[] = []
  const opening: NewContact[] = []
  const closed: (readonly Id<'contactPoint'>[])[] = []
  const entries: { readonly entry: NewAlboEntry; readonly replaces: Id<'alboEntry'> | null }[] = []
  const enrolments: (EnrolmentChange & { readonly personId: Id<'person'> })[] = []
  const stale: string[] = []
  let seen = 0
  for (const [personId, { person, row }] of known) {
    const mine = facts.get(personId) as KnownFacts
    const differences = chosenDifferences(personId, mine, row, work.shown)
    if (isStale(personId, differences, work.shown)) stale.push(row.fiscalCode)
    const update = differences.filter((one) => one.choice === 'update')
    const fields = new Set(update.map((one) => one.field))
    for (const kind of REGISTER_CONTACTS) {
      const contact = fields.has(kind) ? newContact(row, personId, kind, work) : null
      if (contact === null) continue
      const present = mine.contactIds[kind] ?? []
      closing.push(...present)
      closed.push(present)
      opening.push(contact)
    }
    if (fields.has('name') || fields.has('category') || fields.has('vatNumber')) {
      await changePerson(db, person, row, fields, effectOf(personId))
    }
    if (fields.has('alboNumber') || fields.has('alboSection')) {
      const category = fields.has('category') ? row.category : person.category
      const entry = changedEntry(mine, row, personId, category, fields, work.today)
      if (entry !== null) entries.push(entry)
      const present = fields.has('alboNumber') ? alboEntryOf(mine, row, category) : undefined
      const from = present === undefined ? null : enrolmentOf(present, row)
      // A position that ends today cannot begin after it.
      const ending = entry !== null && entry.replaces === present?.first.id
      if (present !== undefined && from !== null && !(ending && from > work.today)) {
        enrolments.push({ personId, entry: present.first, from })
      }
    }
    seen += 1
    if (seen % 500 === 0) {
      beat(seen)
      await pause()
    }
  }
  if (stale.length > 0) throw new StaleDifferences(stale)
  await closeContacts(db, closing, work.today)
  const contactIds = await insertContacts(db, opening)
  for (const [i, { personId, kind }] of opening.entries()) {
    const opened = contactIds[i] as Id<'contactPoint'>
    effectOf(personId).contacts.push({ kind: kind as RegisterContact, opened, closed: closed[i] ?? [] })
  }
  for (const { personId, entry, from } of await moveEnrolments(db, enrolments)) {
    const effect = effectOf(personId)
    effect.enrolled = [...(effect.enrolled ?? []), { entry: entry.id, before: entry.from, after: from }]
  }
  const replaced = entries.flatMap(({ replaces }) => replaces ?? [])
  await closeAlboEntries(db, replaced, work.today)
  const entryIds = await insertAlboEntries(
    db,
    entries.map(({ entry }) => entry),
  )
  let alboEntries = 0
  for (const [i, { entry, replaces }] of entries.entries()) {
    const opened = entryIds[i] ?? null
    if (opened === null) continue
    alboEntries += 1
    effectOf(entry.personId).albo.push({ opened, closed: replaces === null ? [] : [replaces] })
  }
  return { contacts: opening.length, alboEntries }
}

function changedEntry(
  mine: KnownFacts,
  row: RegisterPerson,
  personId: Id<'person'>,
  category: PersonCategory,
  fields: ReadonlySet<string>,
  today: IsoDate,
): { readonly entry: NewAlboEntry; readonly replaces: Id<'alboEntry'> | null } | null {
  const albo = alboOf(row, category)
  const present = alboEntryOf(mine, row, category)
  const number = (fields.has('alboNumber') ? row.alboNumber : null) ?? present?.number ?? null
  if (number === null) return null
  const section = fields.has('alboSection') || present === undefined ? row.section : present.section
  if (present !== undefined && number === present.number && section === present.section) return null
  // A first position began when the file says; one that replaces another begins when the other ends.
  const from = present === undefined ? (row.enrolmentDate ?? today) : today
  const entry = { personId, albo, section, number, from, to: null, status: 'iscritto' }
  return { entry, replaces: present?.id ?? null }
}

async function changePerson(
  db: WriteHandle,
  person: KnownPerson,
  row: RegisterPerson,
  fields: ReadonlySet<string>,
  effect: MutableEffect,
): Promise<void> {
  const now = {
    name: fields.has('name') ? row.name : person.name,
    category: fields.has('category') ? row.category : person.category,
    vatNumber: fields.has('vatNumber') ? row.vatNumber : person.vatNumber,
  }
  for (const field of ['name', 'category', 'vatNumber'] as const) {
    const after = now[field]
    if (after !== null && after !== person[field]) effect.changed.push({ field, before: person[field], after })
  }
  await updatePerson(db, person.id, { ...now, searchKey: searchKey(now.name, person.fiscalCode, now.vatNumber) })
}
