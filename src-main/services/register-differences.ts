import type { Id } from '#domain/brand'
import {
  type DifferenceChoice,
  type PersonDifference,
  type PersonFacts,
  personDifferences,
  REGISTER_CONTACTS,
  type RegisterContact,
  usualChoice,
} from '#domain/person-difference'
import type { RegisterPerson } from '#domain/register-row'
import { firstStretch } from '#domain/tariff'
import {
  deleteDifferences,
  differenceKey,
  insertDifferences,
  type NewDifference,
  readShown,
  type ShownDifference,
} from '#ledger/import-difference'
import type { ReadHandle, WriteHandle } from '#ledger/ledger'
import { type KnownAlboEntry, type KnownPerson, readAlboEntries, readOpenContacts } from '#ledger/people-import'
import { listSpeakingRows } from '#ledger/register-import'
import { type PeopleIndex, readPeopleIndex } from './register-people.ts'

/** A known person with the keys of what is in force. */
export interface KnownFacts extends PersonFacts {
  readonly contactIds: Readonly<Partial<Record<RegisterContact, readonly Id<'contactPoint'>[]>>>
  readonly albo: readonly KnownPosition[]
}

type KnownPosition = PersonFacts['albo'][number] & {
  readonly id: Id<'alboEntry'>
  /** With which the person came into the albo. */
  readonly first: KnownAlboEntry
}

/** What the archive holds of these people. */
export async function readFactsOf(
  db: ReadHandle,
  people: readonly KnownPerson[],
): Promise<Map<Id<'person'>, KnownFacts>> {
  const ids = people.map((person) => person.id)
  const found = new Map(
    people.map(({ id, name, category, vatNumber }) => [
      id,
      {
        ...{ name, category, vatNumber },
        contacts: {} as Partial<Record<RegisterContact, string[]>>,
        contactIds: {} as Partial<Record<RegisterContact, Id<'contactPoint'>[]>>,
        albo: [] as KnownPosition[],
      },
    ]),
  )
  for (const { id, personId, kind, value } of await readOpenContacts(db, ids)) {
    const facts = found.get(personId)
    if (facts === undefined || !isRegisterContact(kind)) continue
    facts.contacts[kind] = [...(facts.contacts[kind] ?? []), value]
    facts.contactIds[kind] = [...(facts.contactIds[kind] ?? []), id]
  }
  const few = ids.length <= 500 ? { numbers: [], personIds: ids } : null
  const entries = Map.groupBy(await readAlboEntries(db, few), (entry) => entry.personId)
  for (const [personId, facts] of found) {
    const own = entries.get(personId) ?? []
    for (const entry of own) {
      if (entry.to !== null) continue
      const { id, albo, number, section } = entry
      const first = firstStretch(own, entry)
      facts.albo.push({ id, albo, number, section, enrolled: first.from, enrolledBy: first.to, first })
    }
  }
  return found
}

function isRegisterContact(kind: string): kind is RegisterContact {
  return (REGISTER_CONTACTS as readonly string[]).includes(kind)
}

/**
 * The last row of each person says who they are now, and what it leaves empty the rows before it say: of those who are
 * known, and of those who are not, by code.
 */
export function latestRows(
  rows: Iterable<RegisterPerson>,
  people: PeopleIndex,
): {
  readonly known: ReadonlyMap<Id<'person'>, { readonly person: KnownPerson; readonly row: RegisterPerson }>
  readonly unknown: ReadonlyMap<string, RegisterPerson>
} {
  const known = new Map<Id<'person'>, { person: KnownPerson; row: RegisterPerson }>()
  const unknown = new Map<string, RegisterPerson>()
  for (const row of rows) {
    const person = people.byCode.get(row.fiscalCode)
    if (person === undefined) unknown.set(row.fiscalCode, completed(row, unknown.get(row.fiscalCode)))
    else known.set(person.id, { person, row: completed(row, known.get(person.id)?.row) })
  }
  return { known, unknown }
}

function completed(row: RegisterPerson, before: RegisterPerson | undefined): RegisterPerson {
  if (before === undefined) return row
  const says = <T>(now: T | null, earlier: T | null) => now === null || now === earlier
  const sameEntry =
    row.category === before.category && says(row.albo, before.albo) && says(row.alboNumber, before.alboNumber)
  return {
    ...row,
    vatNumber: row.vatNumber ?? before.vatNumber,
    address: row.address ?? before.address,
    email: row.email ?? before.email,
    pec: row.pec ?? before.pec,
    phone: row.phone ?? before.phone,
    iban: row.iban ?? before.iban,
    ...(sameEntry
      ? {
          albo: before.albo,
          alboNumber: before.alboNumber,
          section: row.section ?? before.section,
          enrolmentDate: row.enrolmentDate ?? before.enrolmentDate,
        }
      : {}),
  }
}

/** The differences of one known person, with what is chosen of each; `shown` by `differenceKey`. */
export function chosenDifferences(
  personId: Id<'person'>,
  facts: PersonFacts,
  row: RegisterPerson,
  shown: ReadonlyMap<string, ShownDifference>,
): (PersonDifference & { readonly choice: DifferenceChoice })[] {
  const choose = (one: PersonDifference) => shown.get(differenceKey(personId, one.field))?.choice ?? usualChoice(one)
  const first = personDifferences(facts, row)
  const category = first.find((one) => one.field === 'category')
  // Who changes category changes albo with it.
  const all =
    category !== undefined && choose(category) === 'update' ? personDifferences(facts, row, row.category) : first
  return all.map((one) => ({ ...one, choice: choose(one) }))
}

/** Whether something would be done that was never shown, or of a value that is no longer the one shown. */
export function isStale(
  personId: Id<'person'>,
  differences: readonly (PersonDifference & { readonly choice: DifferenceChoice })[],
  shown: ReadonlyMap<string, ShownDifference>,
): boolean {
  return differences.some(
    ({ field, old, choice }) => choice === 'update' && shown.get(differenceKey(personId, field))?.oldValue !== old,
  )
}

/** What the rows say of known people that the archive does not. */
export async function differencesOf(
  db: ReadHandle,
  importId: Id<'registerImport'>,
  rows: Iterable<RegisterPerson>,
  people: PeopleIndex,
  shown: ReadonlyMap<string, ShownDifference> = new Map(),
): Promise<NewDifference[]> {
  const { known } = latestRows(rows, people)
  const facts = await readFactsOf(
    db,
    [...known.values()].map(({ person }) => person),
  )
  const found: NewDifference[] = []
  for (const [personId, { row }] of known) {
    for (const one of chosenDifferences(personId, facts.get(personId) as KnownFacts, row, shown)) {
      const { field, old, choice } = one
      found.push({ importId, personId, rowNumber: row.row, field, oldValue: old, newValue: one.new, choice })
    }
  }
  return found
}

/** After rows of a pending import changed: the differences of the people of these codes again, with what was chosen. */
export async function refreshDifferences(
  db: WriteHandle,
  importId: Id<'registerImport'>,
  codes: readonly string[],
): Promise<void> {
  const people = await readPeopleIndex(db, { codes, vatNumbers: [], mails: [], alboNumbers: [] })
  const ids = new Set(codes.flatMap((code) => people.byCode.get(code)?.id ?? []))
  if (ids.size === 0) return
  const own = [...people.byCode].flatMap(([code, person]) => (ids.has(person.id) ? [code] : []))
  const stored = await listSpeakingRows(db, importId, own)
  const rows = stored
    .toSorted((a, b) => a.rowNumber - b.rowNumber)
    .map(({ parsedJson }) => JSON.parse(parsedJson) as RegisterPerson)
  const shown = await readShown(db, importId, [...ids])
  await deleteDifferences(db, importId, [...ids])
  await insertDifferences(db, await differencesOf(db, importId, rows, people, shown))
}
