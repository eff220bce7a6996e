import type { Id } from '#domain/brand'
import type { Instant, IsoDate } from '#domain/date'
import type { FiscalCode } from '#domain/fiscal-code'
import { canonicalJson, type JsonValue } from '#domain/json'
import type { ReadHandle, WriteHandle } from './ledger.ts'
import { closeContacts, insertContacts } from './people-import.ts'
import { familyIds } from './person-family.ts'
import { type Identity, writeIdentity } from './person-write.ts'
import type { ContactKind } from './schema/person.ts'

/** What a merge changed, so that it can be taken back. */
interface Before {
  readonly survivor: Identity
  readonly other: Identity
  /** The survivor as it came out of the merge. */
  readonly after: Identity
  /** Contacts of the survivor that were closed, and those that came from the other. */
  readonly closed: readonly Id<'contactPoint'>[]
  readonly added: readonly Id<'contactPoint'>[]
}

interface By {
  readonly at: Instant
  readonly operator: string
  readonly day: IsoDate
}

/** What stands in the place of the data of two people once they are erased: they are one for ever. */
export const FORGOTTEN = '{}'

/** Source of a contact that came with a merge. */
export const MERGED = 'unione'

export async function readIdentity(db: ReadHandle, id: Id<'person'>): Promise<Identity | null> {
  const row = await db
    .selectFrom('person')
    .where('id', '=', id)
    .select(['kind', 'name', 'fiscalCode', 'vatNumber', 'category'])
    .executeTakeFirst()
  return row ?? null
}

/** `other` is seen as `survivor` from now on, with the data of `after`; contacts of these kinds come from the other. */
export async function mergePeople(
  db: WriteHandle,
  survivor: { readonly id: Id<'person'>; readonly before: Identity; readonly after: Identity },
  other: { readonly id: Id<'person'>; readonly before: Identity },
  contactsOfOther: readonly ContactKind[],
  by: By,
): Promise<void> {
  const { closed, added } = await takeContacts(db, survivor.id, other.id, contactsOfOther, by.day)
  const before: Before = { survivor: survivor.before, other: other.before, after: survivor.after, closed, added }
  await db
    .insertInto('personMerge')
    .values({
      personId: other.id,
      intoId: survivor.id,
      at: by.at,
      operator: by.operator,
      formerCode: codeLeftBehind(survivor.before, other.before, survivor.after),
      beforeJson: canonicalJson(before as unknown as JsonValue),
      separatedAt: null,
      separatedBy: null,
    })
    .execute()
  // The pointer first: a code is unique only among those who stand by themselves.
  await db
    .updateTable('person')
    .set({ mergedIntoId: survivor.id })
    .where('id', 'in', await familyIds(db, other.id))
    .execute()
  await writeIdentity(db, survivor.id, survivor.after)
}

async function takeContacts(
  db: WriteHandle,
  survivorId: Id<'person'>,
  otherId: Id<'person'>,
  kinds: readonly ContactKind[],
  day: IsoDate,
): Promise<Pick<Before, 'closed' | 'added'>> {
  if (kinds.length === 0) return { closed: [], added: [] }
  const open = (personId: Id<'person'>) =>
    db
      .selectFrom('contactPoint')
      .selectAll()
      .where('personId', '=', personId)
      .where('validTo', 'is', null)
      .where('kind', 'in', kinds)
      .orderBy('id')
      .execute()
  const theirs = await open(otherId)
  const same = new Set(theirs.map((c) => `${c.kind}|${c.value}`))
  const mine = await open(survivorId)
  const kept = new Set(mine.map((c) => `${c.kind}|${c.value}`))
  const closed = mine.filter((c) => !same.has(`${c.kind}|${c.value}`)).map((c) => c.id)
  await closeContacts(db, closed, day)
  // One that a merge of this same day had brought and a separation closed is opened again: it is among them too.
  const added = await insertContacts(
    db,
    theirs
      .filter((c) => !kept.has(`${c.kind}|${c.value}`))
      .map(({ id: _id, ...c }) => ({ ...c, personId: survivorId, validFrom: day, source: MERGED })),
  )
  return { closed, added }
}

export interface MergeStep {
  readonly id: Id<'personMerge'>
  readonly personId: Id<'person'>
  readonly intoId: Id<'person'>
  readonly formerCode: FiscalCode | null
  readonly at: Instant
  readonly operator: string
  readonly before: Before
}

/** The step by which a person was merged, while it is in force. */
export async function readMergeStep(db: ReadHandle, personId: Id<'person'>): Promise<MergeStep | null> {
  const row = await db
    .selectFrom('personMerge')
    .where('personId', '=', personId)
    .where('separatedAt', 'is', null)
    .select(STEP)
    .executeTakeFirst()
  if (row === undefined || row.beforeJson === FORGOTTEN) return null
  const { beforeJson, ...step } = row
  return { ...step, before: JSON.parse(beforeJson) as Before }
}

/** Who was merged into a person and can be separated, the last one first; with the name and code they had. */
export async function readMerged(db: ReadHandle, id: Id<'person'>) {
  const rows = await db
    .selectFrom('personMerge as m')
    .innerJoin('person as p', 'p.id', 'm.personId')
    .where('p.mergedIntoId', '=', id)
    .where('m.separatedAt', 'is', null)
    .where('m.beforeJson', '<>', FORGOTTEN)
    .select(['m.personId', 'm.at', 'm.operator', 'm.beforeJson', 'm.formerCode'])
    .orderBy('m.id', 'desc')
    .execute()
  return rows.map(({ personId, beforeJson, at, operator }) => {
    const { other } = JSON.parse(beforeJson) as Before
    return { id: personId, name: other.name, fiscalCode: other.fiscalCode as string | null, at, operator }
  })
}

/** What two who part are from then on, and the merges after theirs as they would have been without it. */
export interface Separation {
  readonly root: { readonly id: Id<'person'>; readonly identity: Identity }
  readonly other: Identity
  readonly later: readonly MergeStep[]
}

/**
 * Each as before the merge, but for what was written since. The survivor may have been merged with others later, or into
 * somebody: those merges no longer hand on what came from the one who leaves.
 */
export async function planSeparation(db: ReadHandle, step: MergeStep, root: Id<'person'>): Promise<Separation> {
  const steps = (await readSteps(db, root)).filter(({ id }) => id !== step.id)
  const later: MergeStep[] = []
  let [was, is] = [step.before.after, step.before.survivor]
  const replay = (one: MergeStep, sides: Pick<Before, 'survivor' | 'other'>) => {
    const after = followed(one.before, sides)
    const formerCode = codeLeftBehind(sides.survivor, sides.other, after)
    later.push({ ...one, formerCode, before: { ...one.before, ...sides, after } })
    was = one.before.after
    is = after
  }
  for (let [owner, since] = [step.intoId, step.id]; ; ) {
    for (const one of steps.filter(({ intoId, id }) => intoId === owner && id > since)) {
      replay(one, { survivor: giveBack(one.before.survivor, was, is), other: one.before.other })
    }
    const next = steps.find(({ personId }) => personId === owner)
    if (next === undefined) break
    replay(next, { survivor: next.before.survivor, other: giveBack(next.before.other, was, is) })
    owner = next.intoId
    since = next.id
  }
  const { other } = step.before
  const identity = giveBack((await readIdentity(db, root)) as Identity, was, is)
  // The code of the other goes with it, whoever wrote it on the survivor meanwhile.
  const clash = identity.fiscalCode !== null && identity.fiscalCode === other.fiscalCode
  return { root: { id: root, identity: clash ? { ...identity, fiscalCode: is.fiscalCode } : identity }, other, later }
}

/** Takes a merge back as planned. */
export async function separatePerson(
  db: WriteHandle,
  step: MergeStep,
  { root, other, later }: Separation,
  by: By,
): Promise<void> {
  await db
    .updateTable('personMerge')
    .set({ separatedAt: by.at, separatedBy: by.operator })
    .where('id', '=', step.id)
    .execute()
  for (const { id, formerCode, before } of later) {
    const beforeJson = canonicalJson(before as unknown as JsonValue)
    await db.updateTable('personMerge').set({ beforeJson, formerCode }).where('id', '=', id).execute()
  }
  const family = await familyIds(db, root.id)
  const parents = new Map((await readSteps(db, root.id)).map(({ personId, intoId }) => [personId, intoId]))
  await writeIdentity(db, root.id, root.identity)
  await db
    .updateTable('person')
    .set({ mergedIntoId: step.personId })
    .where(
      'id',
      'in',
      family.filter((id) => leadsTo(parents, id, step.personId)),
    )
    .execute()
  await writeIdentity(db, step.personId, other)
  await db.updateTable('person').set({ mergedIntoId: null }).where('id', '=', step.personId).execute()
  await giveContactsBack(db, step.intoId, step.before, by.day)
}

/** The merges in force that led to a person, in their order. */
async function readSteps(db: ReadHandle, root: Id<'person'>): Promise<MergeStep[]> {
  const rows = await db
    .selectFrom('personMerge')
    .where('personId', 'in', await familyIds(db, root))
    .where('separatedAt', 'is', null)
    .where('beforeJson', '<>', FORGOTTEN)
    .select(STEP)
    .orderBy('id')
    .execute()
  return rows.map(({ beforeJson, ...step }) => ({ ...step, before: JSON.parse(beforeJson) as Before }))
}

const STEP = ['id', 'personId', 'intoId', 'formerCode', 'at', 'operator', 'beforeJson'] as const

/** What came out of a merge, had its two been these. */
function followed({ survivor, other, after }: Before, now: Pick<Before, 'survivor' | 'other'>): Identity {
  return eachField((key) => {
    if (after[key] === survivor[key]) return now.survivor[key]
    return after[key] === other[key] ? now.other[key] : after[key]
  })
}

function codeLeftBehind(survivor: Identity, other: Identity, after: Identity): FiscalCode | null {
  const codes = [survivor.fiscalCode, other.fiscalCode]
  return codes.find((code) => code !== null && code !== after.fiscalCode) ?? null
}

function leadsTo(parents: ReadonlyMap<Id<'person'>, Id<'person'>>, id: Id<'person'>, end: Id<'person'>): boolean {
  for (let at: Id<'person'> | undefined = id; at !== undefined; at = parents.get(at)) if (at === end) return true
  return false
}

/** Each field as before the merge, unless somebody wrote another one since. */
function giveBack(now: Identity, after: Identity, before: Identity): Identity {
  return eachField((key) => (now[key] === after[key] ? before[key] : now[key]))
}

function eachField(field: <K extends keyof Identity>(key: K) => Identity[K]): Identity {
  return {
    kind: field('kind'),
    name: field('name'),
    fiscalCode: field('fiscalCode'),
    vatNumber: field('vatNumber'),
    category: field('category'),
  }
}

async function giveContactsBack(db: WriteHandle, ownerId: Id<'person'>, before: Before, day: IsoDate): Promise<void> {
  await closeContacts(db, before.added, day)
  if (before.closed.length === 0) return
  const open = new Set(
    (
      await db
        .selectFrom('contactPoint')
        .where('personId', '=', ownerId)
        .where('validTo', 'is', null)
        .select('kind')
        .execute()
    ).map((row) => row.kind),
  )
  const rows = await db.selectFrom('contactPoint').where('id', 'in', before.closed).select(['id', 'kind']).execute()
  const again = rows.filter((row) => !open.has(row.kind)).map((row) => row.id)
  if (again.length > 0) await db.updateTable('contactPoint').set({ validTo: null }).where('id', 'in', again).execute()
}
