import { sql } from 'kysely'
import type { Id } from '#domain/brand'
import { type IsoDate, isoDateOf } from '#domain/date'
import type { Cents } from '#domain/money'
import type { ReadHandle } from './ledger.ts'
import type { PersonCategory } from './schema/person.ts'
import { readSituation } from './situation.ts'

export interface MastroRow {
  readonly date: IsoDate
  readonly capitoloId: Id<'capitolo'>
  readonly capitolo: string
  readonly text: string
  readonly accertatoCents: Cents
  readonly riscossoCents: Cents
}

/** Everything that moved each capitolo in the exercise, by capitolo and date; residui open it on 1 January. */
export async function listMastro(
  db: ReadHandle,
  filter: { readonly exercise: number; readonly capitoloId: Id<'capitolo'> | null },
): Promise<MastroRow[]> {
  const { exercise, capitoloId } = filter
  const zero = 0 as Cents
  const codes = new Map<number, string>(
    (await db.selectFrom('capitolo').select(['id', 'code', 'name']).execute()).map((c) => [
      c.id,
      `${c.code} ${c.name}`,
    ]),
  )
  const name = (id: number) => codes.get(id) ?? ''
  const rows: MastroRow[] = []

  const variations = await db
    .selectFrom('accertamentoVariation as v')
    .innerJoin('accertamento as a', 'a.id', 'v.accertamentoId')
    .where('v.exercise', '=', exercise)
    .select(['v.date', 'v.cents', 'v.reason', 'a.capitoloId', 'a.exercise', 'a.number'])
    .orderBy('v.id')
    .execute()
  const variedResidui = new Map<string, number>()
  for (const v of variations) {
    if (v.exercise === exercise) continue
    const key = `${v.capitoloId}|${v.exercise}`
    variedResidui.set(key, (variedResidui.get(key) ?? 0) + v.cents)
  }
  const firstDay = isoDateOf(exercise, 1, 1) as IsoDate
  for (const s of await readSituation(db, exercise)) {
    if (!s.residui) continue
    const opening = s.accertatoCents - (variedResidui.get(`${s.capitoloId}|${s.originYear}`) ?? 0)
    const text = `Residui al 1º gennaio, origine ${s.originYear}`
    rows.push({
      date: firstDay,
      capitoloId: s.capitoloId,
      capitolo: name(s.capitoloId),
      text,
      accertatoCents: opening as Cents,
      riscossoCents: zero,
    })
  }
  const raised = await db
    .selectFrom('accertamento as a')
    .innerJoin('person as p', 'p.id', 'a.personId')
    .where('a.exercise', '=', exercise)
    .select(['a.date', 'a.capitoloId', 'a.number', 'a.causale', 'a.assessedCents', 'p.name'])
    .orderBy('a.number')
    .execute()
  for (const a of raised) {
    const text = `Accertamento ${exercise}/${a.number}, ${a.name}, ${a.causale}`
    const { date, capitoloId: id, assessedCents } = a
    rows.push({ date, capitoloId: id, capitolo: name(id), text, accertatoCents: assessedCents, riscossoCents: zero })
  }
  for (const v of variations) {
    const text = `Variazione dell’accertamento ${v.exercise}/${v.number}: ${v.reason}`
    const { date, capitoloId: id, cents } = v
    rows.push({ date, capitoloId: id, capitolo: name(id), text, accertatoCents: cents, riscossoCents: zero })
  }
  const reversali = await db
    .selectFrom('reversale as r')
    .leftJoin('reversaleAnnulment as x', 'x.reversaleId', 'r.id')
    .where('r.exercise', '=', exercise)
    .select(['r.date', 'r.capitoloId', 'r.number', 'r.causale', 'r.cents', 'r.originYear'])
    .select(['x.date as annulledOn', 'x.reason'])
    .orderBy('r.number')
    .execute()
  for (const r of reversali) {
    const origin = r.originYear < exercise ? `, residui ${r.originYear}` : ''
    const base = { capitoloId: r.capitoloId, capitolo: name(r.capitoloId), accertatoCents: zero }
    rows.push({ ...base, date: r.date, text: `Reversale ${r.number}${origin}, ${r.causale}`, riscossoCents: r.cents })
    if (r.annulledOn !== null) {
      const text = `Annullamento della reversale ${r.number}: ${r.reason ?? ''}`
      rows.push({ ...base, date: r.annulledOn, text, riscossoCents: -r.cents as Cents })
    }
  }
  return rows
    .filter((row) => capitoloId === null || row.capitoloId === capitoloId)
    .map((row, index) => ({ row, index }))
    .sort((a, b) => compare(a.row.capitolo, b.row.capitolo) || compare(a.row.date, b.row.date) || a.index - b.index)
    .map(({ row }) => row)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

export interface UnpaidRow {
  readonly accertamentoId: Id<'accertamento'>
  readonly personId: Id<'person'>
  readonly personName: string
  readonly fiscalCode: string | null
  readonly category: PersonCategory
  readonly exercise: number
  readonly number: number
  readonly capitolo: string
  readonly causale: string
  readonly dueDate: IsoDate | null
  readonly dueCents: Cents
  readonly outstandingCents: Cents
}

/** Accertamenti with something still outstanding, of an exercise and of those before it. */
export interface UnpaidFilter {
  readonly exercise: number
  /** Only those before it, only its own, or both. */
  readonly residui: boolean | null
  /** Empty: all. */
  readonly category: readonly PersonCategory[]
}

function unpaidOf(db: ReadHandle, { exercise, residui, category }: UnpaidFilter) {
  let query = db
    .selectFrom('accertamento as a')
    .innerJoin('accertamentoBalance as b', 'b.accertamentoId', 'a.id')
    .where('a.exercise', residui === null ? '<=' : residui ? '<' : '=', exercise)
    .where('b.state', 'in', ['outstanding', 'partlyCollected'])
  if (category.length > 0) {
    const among = sql<boolean>`exists (select 1 from "person" p where p."id" = a."personId" and p."category" in (${sql.join(category)}))`
    query = query.where(among)
  }
  return query
}

/** How many they are and what is outstanding of them. */
export async function sumUnpaid(
  db: ReadHandle,
  filter: UnpaidFilter,
): Promise<{ count: number; outstandingCents: Cents }> {
  const row = await unpaidOf(db, filter)
    .select(sql<number>`count(*)`.as('count'))
    .select(sql<number>`cast(coalesce(sum(b."dueCents" - b."collectedCents"), 0) as bigint)`.as('cents'))
    .executeTakeFirstOrThrow()
  return { count: Number(row.count), outstandingCents: Number(row.cents) as Cents }
}

/** Oldest first: a page of them, or all. */
export async function listUnpaid(
  db: ReadHandle,
  filter: UnpaidFilter,
  page?: { readonly offset: number; readonly limit: number },
): Promise<UnpaidRow[]> {
  let query = unpaidOf(db, filter)
    .innerJoin('person as p', 'p.id', 'a.personId')
    .innerJoin('capitolo as c', 'c.id', 'a.capitoloId')
    .select(['a.id as accertamentoId', 'a.personId', 'p.name as personName', 'p.fiscalCode', 'p.category'])
    .select(['a.exercise', 'a.number', 'c.code', 'c.name', 'a.causale', 'a.dueDate', 'b.dueCents', 'b.collectedCents'])
    .orderBy('a.exercise')
    .orderBy('a.number')
  if (page !== undefined) query = query.offset(page.offset).limit(page.limit)
  return (await query.execute()).map(({ code, name, collectedCents, ...row }) => ({
    ...row,
    capitolo: `${code} ${name}`,
    outstandingCents: (row.dueCents - collectedCents) as Cents,
  }))
}
