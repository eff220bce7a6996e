import { sql } from 'kysely'
import type { Id } from '#domain/brand'
import type { Instant, IsoDate } from '#domain/date'
import { type Cents, cents } from '#domain/money'
import { searchKey } from '#domain/search-key'
import { chunks } from './chunks.ts'
import type { ReadHandle, WriteHandle } from './ledger.ts'
import { FORGOTTEN } from './person-merge.ts'

/** What the ledger holds of a person and of whoever was merged into it, in counts. */
export interface Held {
  readonly contacts: number
  readonly alboEntries: number
  readonly notes: number
  readonly stops: number
  readonly changes: number
  readonly importRows: number
  readonly accertamenti: number
  readonly positions: number
  readonly collections: number
  readonly receipts: number
  readonly deliveries: number
  readonly outstandingCents: Cents
  /** Files that were read, not yet confirmed, and name the person. */
  readonly pendingImports: number
  /** Deliveries that still wait or leave. */
  readonly leaving: number
  readonly alboInForce: number
  /** Last exercise in which something of the person was raised or collected. */
  readonly lastExercise: number | null
}

type Ids = readonly Id<'person'>[]

export async function readHeld(db: ReadHandle, ids: Ids): Promise<Held> {
  const among = sql.join(ids)
  const count = (from: string, where = sql`"personId" in (${among})`) =>
    sql<number>`(select count(*) from ${sql.table(from)} where ${where})`
  const mine = sql`select "id" from "accertamento" where "personId" in (${among})`
  const positions = sql`select "id" from "debtPosition" where "personId" in (${among})`
  const notices = sql`select "id" from "notice" where "debtPositionId" in (${positions})`
  const row = await db
    .selectNoFrom([
      count('contactPoint').as('contacts'),
      count('alboEntry').as('alboEntries'),
      count('alboEntry', sql`"personId" in (${among}) and "to" is null`).as('alboInForce'),
      count(
        'note',
        sql`("subjectKind" = 'person' and "subjectId" in (${among})) or ("subjectKind" = 'debtPosition' and "subjectId" in (${positions}))`,
      ).as('notes'),
      count('deliveryStop').as('stops'),
      count('personChange').as('changes'),
      count('importRow', sql`("rawJson" <> ${FORGOTTEN} or "parsedJson" is not null) and ${importedRowsOf(ids)}`).as(
        'importRows',
      ),
      sql<number>`(select count(distinct "importRow"."importId") from "importRow" join "registerImport" i on i."id" = "importRow"."importId" where i."state" = 'pending' and ${importedRowsOf(ids)})`.as(
        'pendingImports',
      ),
      count('accertamento').as('accertamenti'),
      count('debtPosition').as('positions'),
      count('reversaleLine', sql`"accertamentoId" in (${mine})`).as('collections'),
      count('receipt', sql`"iuv" in (select "iuv" from "iuvAssignment" where "debtPositionId" in (${positions}))`).as(
        'receipts',
      ),
      count('delivery', sql`"noticeId" in (${notices})`).as('deliveries'),
      count(
        'delivery',
        sql`"noticeId" in (${notices}) and "state" in ('queued', 'sending', 'deferred', 'uncertain')`,
      ).as('leaving'),
      sql<number>`(select coalesce(sum(b."dueCents" - b."collectedCents"), 0) from "accertamentoBalance" b where b."accertamentoId" in (${mine}))`.as(
        'outstanding',
      ),
      sql<number | null>`(select max("exercise") from "accertamento" where "personId" in (${among}))`.as('raisedIn'),
      sql<
        number | null
      >`(select max(r."exercise") from "reversaleLine" l join "reversale" r on r."id" = l."reversaleId" where l."accertamentoId" in (${mine}))`.as(
        'collectedIn',
      ),
    ])
    .executeTakeFirstOrThrow()
  const { outstanding, raisedIn, collectedIn, ...counts } = row
  const years = [raisedIn, collectedIn].filter((year) => year !== null).map(Number)
  return {
    ...(Object.fromEntries(Object.entries(counts).map(([key, value]) => [key, Number(value)])) as Omit<
      Held,
      'outstandingCents' | 'lastExercise'
    >),
    outstandingCents: cents(Number(outstanding)),
    lastExercise: years.length === 0 ? null : Math.max(...years),
  }
}

/** Whether the books name the person: then name and fiscal code stay as long as the books. */
export function standsInBooks(held: Held): boolean {
  return held.accertamenti > 0 || held.positions > 0 || held.collections > 0
}

/**
 * Takes away all that the books do not need: contacts, positions in the albi, notes, stops, previous values, what imports
 * had read. A contact to which something was sent keeps its row, empty. Whoever the books do not name goes wholly.
 */
export async function erasePeople(
  db: WriteHandle,
  ids: Ids,
  { wholly, at, day }: { readonly wholly: boolean; readonly at: Instant; readonly day: IsoDate },
): Promise<void> {
  await db.deleteFrom('note').where('subjectKind', '=', 'person').where('subjectId', 'in', ids).execute()
  await db
    .deleteFrom('note')
    .where('subjectKind', '=', 'debtPosition')
    .where('subjectId', 'in', (eb) => eb.selectFrom('debtPosition').select('id').where('personId', 'in', ids))
    .execute()
  await db.deleteFrom('personChange').where('personId', 'in', ids).execute()
  await db.deleteFrom('deliveryStop').where('personId', 'in', ids).execute()
  await db.deleteFrom('alboEntry').where('personId', 'in', ids).execute()
  await db
    .deleteFrom('personDistinct')
    .where((eb) => eb.or([eb('firstId', 'in', ids), eb('secondId', 'in', ids)]))
    .execute()
  await eraseContacts(db, ids, day)
  await eraseRules(db, ids)
  await eraseImported(db, ids, wholly)
  if (wholly) {
    await db.deleteFrom('personMerge').where('personId', 'in', ids).execute()
    await db.deleteFrom('personMerge').where('intoId', 'in', ids).execute()
    await db.updateTable('person').set({ mergedIntoId: null, fiscalCode: null }).where('id', 'in', ids).execute()
    await db.deleteFrom('person').where('id', 'in', ids).execute()
    return
  }
  await db
    .updateTable('personMerge')
    .set({ beforeJson: FORGOTTEN, formerCode: null })
    .where((eb) => eb.or([eb('personId', 'in', ids), eb('intoId', 'in', ids)]))
    .execute()
  const people = await db.selectFrom('person').where('id', 'in', ids).select(['id', 'name', 'fiscalCode']).execute()
  for (const { id, name, fiscalCode } of people) {
    await db
      .updateTable('person')
      .set({ vatNumber: null, erasedAt: at, searchKey: searchKey(name, fiscalCode) })
      .where('id', '=', id)
      .execute()
  }
}

async function eraseContacts(db: WriteHandle, ids: Ids, day: IsoDate): Promise<void> {
  const used = await db
    .selectFrom('contactPoint as c')
    .where('c.personId', 'in', ids)
    .where(sql<boolean>`exists (select 1 from "delivery" d where d."contactPointId" = c."id")`)
    .select(['c.id', 'c.validTo'])
    .execute()
  const none = { street: null, civicNumber: null, postalCode: null, city: null, province: null, country: null }
  for (const { id, validTo } of used) {
    await db
      .updateTable('contactPoint')
      .set({ ...none, value: `cancellato ${id}`, source: '', validTo: validTo ?? day, failedAt: null })
      .where('id', '=', id)
      .execute()
  }
  let rest = db.deleteFrom('contactPoint').where('personId', 'in', ids)
  if (used.length > 0)
    rest = rest.where(
      'id',
      'not in',
      used.map((c) => c.id),
    )
  await rest.execute()
}

/** Rules that give credits to this person no longer propose. */
async function eraseRules(db: WriteHandle, ids: Ids): Promise<void> {
  const rules = await db.selectFrom('learnedRule').select(['id', 'actionJson']).execute()
  const mine = rules.filter(({ actionJson }) => {
    const { personId } = JSON.parse(actionJson) as { personId?: Id<'person'> }
    return personId !== undefined && ids.includes(personId)
  })
  for (const slice of chunks(mine)) {
    await db
      .deleteFrom('learnedRule')
      .where(
        'id',
        'in',
        slice.map((rule) => rule.id),
      )
      .execute()
  }
}

/** Rows of imports about the person: which they were stays, what they said does not, nor the code of whom no book names. */
async function eraseImported(db: WriteHandle, ids: Ids, wholly: boolean): Promise<void> {
  await db.deleteFrom('importDifference').where('personId', 'in', ids).execute()
  await db.deleteFrom('importPerson').where('personId', 'in', ids).execute()
  await db
    .updateTable('importRow')
    .set({ rawJson: FORGOTTEN, parsedJson: null, problemsJson: '[]', ...(wholly ? { fiscalCode: null } : {}) })
    .where(importedRowsOf(ids))
    .execute()
}

/** Rows that raised an accertamento of theirs, or that say their fiscal code. */
export function importedRowsOf(ids: Ids) {
  const among = sql.join(ids)
  return sql<boolean>`("importRow"."id" in (select "importRowId" from "accertamento" where "personId" in (${among}))
    or "importRow"."fiscalCode" in (select "fiscalCode" from "person" where "id" in (${among}) and "fiscalCode" is not null
      union select "formerCode" from "personMerge" where "intoId" in (${among}) and "separatedAt" is null and "formerCode" is not null))`
}

/**
 * Whoever is named again in a register, or owes again, is a person like the others: of these, those who had been erased,
 * and since when.
 */
export async function liftErasure(db: WriteHandle, ids: Ids): Promise<ReadonlyMap<Id<'person'>, Instant>> {
  const all = await db.selectFrom('person').where('erasedAt', 'is not', null).select(['id', 'erasedAt']).execute()
  const wanted = new Set(ids)
  const lifted = new Map(
    all.flatMap(({ id, erasedAt }) => (wanted.has(id) && erasedAt !== null ? [[id, erasedAt]] : [])),
  )
  await markErased(db, [...lifted.keys()], null)
  return lifted
}

/** The mark of an erasure on people and on whoever was merged into them. */
export async function markErased(db: WriteHandle, ids: Ids, erasedAt: Instant | null): Promise<void> {
  for (const slice of chunks(ids, 500)) {
    await db
      .updateTable('person')
      .set({ erasedAt })
      .where((eb) => eb.or([eb('id', 'in', slice), eb('mergedIntoId', 'in', slice)]))
      .execute()
  }
}
