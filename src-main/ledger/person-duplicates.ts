import { sql } from 'kysely'
import type { Id } from '#domain/brand'
import type { Instant } from '#domain/date'
import {
  type DuplicateReason,
  duplicateReasons,
  type Likeness,
  pairsByOneCharacter,
  withoutOmocodia,
} from '#domain/likely-duplicate'
import { searchKey } from '#domain/search-key'
import { restingChunks } from './chunks.ts'
import type { ReadHandle, WriteHandle } from './ledger.ts'

export interface SuspectedPair {
  readonly firstId: Id<'person'>
  readonly secondId: Id<'person'>
  readonly reasons: readonly DuplicateReason[]
}

interface Known {
  readonly id: Id<'person'>
  readonly name: string
  readonly fiscalCode: string | null
  readonly vatNumber: string | null
}

/** Whoever shares a name or number with more people than these is an office, not a duplicate. */
const MOST_ALIKE = 20

/** Pairs of people who look like one, the surest first; those that a person said are two are left out. */
export async function suspectedPairs(db: ReadHandle): Promise<SuspectedPair[]> {
  const people = await present(db).orderBy('id').execute()
  const together = new Map<string, readonly [Known, Known]>()
  const add = (a: Known, b: Known) => together.set(`${a.id} ${b.id}`, a.id < b.id ? [a, b] : [b, a])
  for (const key of [nameOf, vatOf, originalCodeOf]) {
    for (const group of Map.groupBy(people, key)) {
      const [value, alike] = group
      if (value === null || alike.length < 2 || alike.length > MOST_ALIKE) continue
      for (const [i, a] of alike.entries()) for (const b of alike.slice(i + 1)) add(a, b)
    }
  }
  const coded = people.filter((one) => one.fiscalCode !== null)
  for (const [i, j] of pairsByOneCharacter(coded.map((one) => one.fiscalCode as string))) {
    add(coded[i] as Known, coded[j] as Known)
  }
  return judged(db, [...together.values()])
}

/** The same for one person, without looking at all the others. */
export async function suspectedOf(db: ReadHandle, id: Id<'person'>): Promise<SuspectedPair[]> {
  const me = await present(db).where('id', '=', id).executeTakeFirst()
  if (me === undefined) return []
  const key = searchKey(me.name)
  const code = me.fiscalCode ?? ''
  const half = Math.floor(code.length / 2)
  const others = await present(db)
    .where('id', '<>', id)
    .where((eb) =>
      eb.or([
        eb.and([eb('searchKey', '>=', key), eb('searchKey', '<', `${key} \uffff`)]),
        ...(me.vatNumber === null ? [] : [eb('vatNumber', '=', me.vatNumber)]),
        // Two codes that differ by one character have one half alike; those of omocodia the letters in front.
        ...(code === ''
          ? []
          : [
              sql<boolean>`("fiscalCode" >= ${code.slice(0, 6)} and "fiscalCode" < ${`${code.slice(0, 6)}\uffff`})`,
              sql<boolean>`substr("fiscalCode", ${half + 1}) = ${code.slice(half)}`,
            ]),
      ]),
    )
    .limit(1_000)
    .execute()
  return judged(
    db,
    others.map((other): readonly [Known, Known] => (other.id < id ? [other, me] : [me, other])),
  )
}

function present(db: ReadHandle) {
  return db
    .selectFrom('person')
    .where('mergedIntoId', 'is', null)
    .where('erasedAt', 'is', null)
    .select(['id', 'name', 'fiscalCode', 'vatNumber'])
}

const nameOf = (one: Known) => searchKey(one.name)
const vatOf = (one: Known) => one.vatNumber
const originalCodeOf = (one: Known) => (one.fiscalCode?.length === 16 ? withoutOmocodia(one.fiscalCode) : null)

const ORDER: readonly DuplicateReason[] = [
  'sameCode',
  'omocodia',
  'oneCharacter',
  'alboNumber',
  'vatNumber',
  'email',
  'address',
]

async function judged(db: ReadHandle, pairs: readonly (readonly [Known, Known])[]): Promise<SuspectedPair[]> {
  if (pairs.length === 0) return []
  const likeness = await readLikeness(db, [
    ...new Map(pairs.flatMap(([a, b]) => [[a.id, a] as const, [b.id, b] as const])).values(),
  ])
  const distinct = new Set(
    (await db.selectFrom('personDistinct').select(['firstId', 'secondId']).execute()).map(
      (row) => `${row.firstId} ${row.secondId}`,
    ),
  )
  return pairs
    .flatMap(([a, b]) => {
      if (distinct.has(`${a.id} ${b.id}`)) return []
      const reasons = duplicateReasons(likeness.get(a.id) as Likeness, likeness.get(b.id) as Likeness)
      return reasons.length === 0 ? [] : [{ firstId: a.id, secondId: b.id, reasons }]
    })
    .sort(
      (a, b) =>
        ORDER.indexOf(a.reasons[0] as DuplicateReason) - ORDER.indexOf(b.reasons[0] as DuplicateReason) ||
        b.reasons.length - a.reasons.length ||
        a.firstId - b.firstId ||
        a.secondId - b.secondId,
    )
}

async function readLikeness(db: ReadHandle, people: readonly Known[]): Promise<Map<number, Likeness>> {
  const found = new Map<number, { mail: string[]; addresses: string[]; alboNumbers: string[] }>()
  for (const one of people) found.set(one.id, { mail: [], addresses: [], alboNumbers: [] })
  const ids = people.map((one) => one.id)
  for await (const slice of restingChunks(ids, 500)) {
    const contacts = await db
      .selectFrom('contactPoint')
      .where('personId', 'in', slice)
      .where('validTo', 'is', null)
      .select(['personId', 'kind', 'value'])
      .execute()
    for (const { personId, kind, value } of contacts) {
      if (kind === 'email' || kind === 'pec') found.get(personId)?.mail.push(value)
      if (kind === 'address') found.get(personId)?.addresses.push(value)
    }
    const entries = await db
      .selectFrom('alboEntry')
      .where('personId', 'in', slice)
      .where('to', 'is', null)
      .select(['personId', 'albo', 'number'])
      .execute()
    for (const { personId, albo, number } of entries) found.get(personId)?.alboNumbers.push(`${albo}|${number}`)
  }
  return new Map(
    people.map((one) => [
      one.id,
      {
        name: one.name,
        fiscalCode: one.fiscalCode,
        vatNumber: one.vatNumber,
        ...(found.get(one.id) as Omit<Likeness, 'name' | 'fiscalCode' | 'vatNumber'>),
      },
    ]),
  )
}

/** They are two people: said once, whatever the order. */
export async function keepDistinct(
  db: WriteHandle,
  a: Id<'person'>,
  b: Id<'person'>,
  by: { readonly at: Instant; readonly operator: string },
): Promise<void> {
  const [firstId, secondId] = a < b ? [a, b] : [b, a]
  await db
    .insertInto('personDistinct')
    .values({ firstId, secondId, ...by })
    .onConflict((conflict) => conflict.columns(['firstId', 'secondId']).doNothing())
    .execute()
}
