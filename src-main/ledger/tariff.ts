import { sql } from 'kysely'
import type { Id } from '#domain/brand'
import { type IsoDate, romeDate } from '#domain/date'
import type { LegalRates } from '#domain/late-fee'
import { type Cents, cents } from '#domain/money'
import type { AlboStretch, TariffEffect, TariffRow } from '#domain/tariff'
import { isIssued, listRaised, type RaisedDue } from './accertamento-raise.ts'
import type { Beat } from './beat.ts'
import { insertMany } from './bulk.ts'
import { chunks } from './chunks.ts'
import type { ReadHandle, WriteHandle } from './ledger.ts'
import { shownId } from './person-family.ts'
import type { PersonCategory } from './schema/person.ts'
import type { QuotaBatchTable, TariffTable } from './schema/tariff.ts'

export interface StoredTariff {
  readonly proRata: boolean
  readonly rows: TariffRow[]
}

/** Tariff of a type in a year; null where none was written. */
export async function readTariff(
  db: ReadHandle,
  serviceTypeId: Id<'serviceType'>,
  year: number,
): Promise<StoredTariff | null> {
  const plan = await db
    .selectFrom('tariffPlan')
    .selectAll()
    .where('serviceTypeId', '=', serviceTypeId)
    .where('year', '=', year)
    .executeTakeFirst()
  if (plan === undefined) return null
  const rows = await db
    .selectFrom('tariff')
    .selectAll()
    .where('tariffPlanId', '=', plan.id)
    .orderBy('ordinal')
    .execute()
  return {
    proRata: plan.proRata === 1,
    rows: rows.map(
      ({ id: _id, tariffPlanId: _plan, ordinal: _ordinal, effect, cents: amount, basisPoints, ...row }) => ({
        ...row,
        effect: effectOf(effect, amount, basisPoints),
      }),
    ),
  }
}

function effectOf(kind: TariffTable['effect'], amount: Cents | null, basisPoints: number | null): TariffEffect {
  if (kind === 'amount' && amount !== null) return { kind, cents: amount }
  if (kind === 'percent' && basisPoints !== null) return { kind, basisPoints }
  return { kind: 'none' }
}

/** Years in which a type has a tariff, latest first. */
export async function listTariffYears(db: ReadHandle, serviceTypeId: Id<'serviceType'>): Promise<number[]> {
  const rows = await db
    .selectFrom('tariffPlan')
    .select('year')
    .where('serviceTypeId', '=', serviceTypeId)
    .orderBy('year', 'desc')
    .execute()
  return rows.map((row) => row.year)
}

/** Puts a table in the place of the one before; without rows there is none. */
export async function replaceTariff(
  db: WriteHandle,
  serviceTypeId: Id<'serviceType'>,
  year: number,
  tariff: { readonly proRata: boolean; readonly rows: readonly TariffRow[] },
): Promise<void> {
  const before = await db
    .selectFrom('tariffPlan')
    .select('id')
    .where('serviceTypeId', '=', serviceTypeId)
    .where('year', '=', year)
    .executeTakeFirst()
  if (before !== undefined) {
    await db.deleteFrom('tariff').where('tariffPlanId', '=', before.id).execute()
    await db.deleteFrom('tariffPlan').where('id', '=', before.id).execute()
  }
  if (tariff.rows.length === 0) return
  const { id } = await db
    .insertInto('tariffPlan')
    .values({ serviceTypeId, year, proRata: tariff.proRata ? 1 : 0 })
    .returning('id')
    .executeTakeFirstOrThrow()
  await insertMany(
    db,
    'tariff',
    tariff.rows.map(({ effect, ...row }, at) => ({
      ...row,
      tariffPlanId: id,
      ordinal: at + 1,
      effect: effect.kind,
      cents: effect.kind === 'amount' ? effect.cents : null,
      basisPoints: effect.kind === 'percent' ? effect.basisPoints : null,
    })),
  )
}

export interface RegisterEntry extends AlboStretch {
  readonly number: string
}

export interface RegisterPerson {
  readonly id: Id<'person'>
  readonly name: string
  readonly fiscalCode: string | null
  readonly category: PersonCategory
  readonly searchKey: string
  /** All of them, also those of people merged into this one. */
  readonly entries: readonly RegisterEntry[]
}

/**
 * People as the register has them, in alphabetical order: everybody with an entry in an albo, or these alone. Who was merged is
 * seen as who survived; who was erased is not there.
 */
export async function readRegisterPeople(
  db: ReadHandle,
  ids: readonly Id<'person'>[] | null,
): Promise<RegisterPerson[]> {
  const entries = new Map<number, RegisterEntry[]>()
  const rows = await db
    .selectFrom('alboEntry')
    .innerJoin('person', 'person.id', 'alboEntry.personId')
    .select(shownId('person').as('owner'))
    .select([
      'alboEntry.albo',
      'alboEntry.section',
      'alboEntry.number',
      'alboEntry.from',
      'alboEntry.to',
      'alboEntry.status',
    ])
    .execute()
  for (const { owner, ...entry } of rows) {
    const known = entries.get(owner)
    if (known === undefined) entries.set(owner, [entry])
    else known.push(entry)
  }
  const found: Omit<RegisterPerson, 'entries'>[] = []
  const people = () =>
    db
      .selectFrom('person')
      .where('mergedIntoId', 'is', null)
      .where('erasedAt', 'is', null)
      .select(['id', 'name', 'fiscalCode', 'category', 'searchKey'])
  // In order already where the engine sorts as JavaScript does: sorting again, below, then costs little.
  if (ids === null) found.push(...(await people().orderBy('searchKey').execute()).filter((p) => entries.has(p.id)))
  else {
    const chosen = new Set<Id<'person'>>()
    for (const slice of chunks(ids, 500)) {
      const rows = await db
        .selectFrom('person')
        .where('id', 'in', slice)
        .select(shownId('person').as('shown'))
        .execute()
      for (const { shown } of rows) chosen.add(shown)
    }
    for (const slice of chunks([...chosen], 500)) found.push(...(await people().where('id', 'in', slice).execute()))
  }
  return found
    .map((person) => ({ ...person, entries: entries.get(person.id) ?? [] }))
    .sort((a, b) => (a.searchKey < b.searchKey ? -1 : a.searchKey > b.searchKey ? 1 : a.id - b.id))
}

/**
 * Days on which registers were imported. A file that does not say since when people are enrolled leaves them in the albo from
 * the day of its import: such a day says nothing of their seniority.
 */
export async function listImportDays(db: ReadHandle): Promise<ReadonlySet<IsoDate>> {
  const rows = await db
    .selectFrom('registerImport')
    .select(['at', 'confirmedAt'])
    .where('state', '=', 'confirmed')
    .execute()
  return new Set(rows.map((row) => romeDate(row.confirmedAt ?? row.at)))
}

/** Who has a due of that type and year already, with its number: cancelled ones do not count. */
export async function readDuesOfYear(
  db: ReadHandle,
  serviceTypeId: Id<'serviceType'>,
  year: number,
): Promise<ReadonlyMap<number, string>> {
  const rows = await db
    .selectFrom('accertamento')
    .innerJoin('accertamentoBalance', 'accertamentoBalance.accertamentoId', 'accertamento.id')
    .innerJoin('person', 'person.id', 'accertamento.personId')
    .where('accertamento.serviceTypeId', '=', serviceTypeId)
    .where('accertamento.competenceYear', '=', year)
    .where('accertamentoBalance.state', '!=', 'cancelled')
    .select(shownId('person').as('owner'))
    .select(['accertamento.number', 'accertamento.exercise'])
    .execute()
  return new Map(rows.map((row) => [row.owner, `${row.number}/${row.exercise}`]))
}

export interface NewQuotaBatch extends Omit<QuotaBatchTable, 'id' | 'state'> {
  /** By the number of the accertamento. */
  readonly dues: readonly { readonly number: number; readonly tariff: string | null; readonly why: string }[]
}

/** Remembers what a generation raised; its accertamenti are in the books already. */
export async function insertQuotaBatch(
  db: WriteHandle,
  { dues, ...batch }: NewQuotaBatch,
  beat: Beat,
): Promise<Id<'quotaBatch'>> {
  const { id } = await db
    .insertInto('quotaBatch')
    .values({ ...batch, state: 'raised' })
    .returning('id')
    .executeTakeFirstOrThrow()
  const raised = await db
    .selectFrom('accertamento')
    .select(['id', 'number'])
    .where('exercise', '=', batch.exercise)
    .where('number', '>=', batch.firstNumber)
    .where('number', '<=', batch.lastNumber)
    .execute()
  const byNumber = new Map(raised.map((row) => [row.number, row.id]))
  await insertMany(
    db,
    'quotaDue',
    dues.map(({ number, tariff, why }) => ({
      accertamentoId: byNumber.get(number) as Id<'accertamento'>,
      quotaBatchId: id,
      tariff,
      why,
    })),
    beat,
  )
  return id
}

export interface QuotaBatchRow extends Omit<QuotaBatchTable, 'id' | 'parametersJson' | 'serviceTypeId'> {
  readonly id: Id<'quotaBatch'>
  readonly service: string
  readonly count: number
  readonly cents: Cents
}

/** Generations, latest first, with what stands of each. */
export async function listQuotaBatches(
  db: ReadHandle,
  page: { readonly id?: Id<'quotaBatch'>; readonly offset: number; readonly limit: number },
): Promise<{ rows: QuotaBatchRow[]; count: number }> {
  const { count } = await db
    .selectFrom('quotaBatch')
    .select(sql<number>`count(*)`.as('count'))
    .executeTakeFirstOrThrow()
  let from = db.selectFrom('quotaBatch').innerJoin('serviceType', 'serviceType.id', 'quotaBatch.serviceTypeId')
  if (page.id !== undefined) from = from.where('quotaBatch.id', '=', page.id)
  const rows = await from
    .select([
      'quotaBatch.id',
      'serviceType.name as service',
      'quotaBatch.year',
      'quotaBatch.date',
      'quotaBatch.exercise',
    ])
    .select([
      'quotaBatch.firstNumber',
      'quotaBatch.lastNumber',
      'quotaBatch.state',
      'quotaBatch.at',
      'quotaBatch.operator',
    ])
    .orderBy('quotaBatch.id', 'desc')
    .offset(page.offset)
    .limit(page.limit)
    .execute()
  const sums = new Map<number, { readonly count: number; readonly cents: Cents }>()
  for (const { id } of rows) {
    const sum = await db
      .selectFrom('quotaDue')
      .innerJoin('accertamentoBalance', 'accertamentoBalance.accertamentoId', 'quotaDue.accertamentoId')
      .where('quotaDue.quotaBatchId', '=', id)
      .where('accertamentoBalance.state', '!=', 'cancelled')
      .select(sql<number>`count(*)`.as('count'))
      .select(sql<number>`coalesce(sum("accertamentoBalance"."dueCents"), 0)`.as('cents'))
      .executeTakeFirstOrThrow()
    sums.set(id, { count: Number(sum.count), cents: cents(Number(sum.cents)) })
  }
  return {
    rows: rows.map((row) => ({ ...row, ...(sums.get(row.id) as { count: number; cents: Cents }) })),
    count: Number(count),
  }
}

/** Accertamenti of a generation. */
export function listQuotaDues(db: ReadHandle, id: Id<'quotaBatch'>): Promise<RaisedDue[]> {
  return listRaised(
    db,
    sql`"accertamento"."id" in (select d."accertamentoId" from "quotaDue" d where d."quotaBatchId" = ${id})`,
  )
}

/** How many of a generation are asked for by a live position, and how many are collected at least in part. */
export async function countQuotaUse(
  db: ReadHandle,
  id: Id<'quotaBatch'>,
): Promise<{ readonly issued: number; readonly collected: number }> {
  const row = await db
    .selectFrom('quotaDue')
    .innerJoin('accertamento', 'accertamento.id', 'quotaDue.accertamentoId')
    .innerJoin('accertamentoBalance', 'accertamentoBalance.accertamentoId', 'accertamento.id')
    .where('quotaDue.quotaBatchId', '=', id)
    .select(sql<number>`coalesce(sum(${isIssued('accertamento')}), 0)`.as('issued'))
    .select(
      sql<number>`coalesce(sum(case when "accertamentoBalance"."collectedCents" > 0 then 1 else 0 end), 0)`.as(
        'collected',
      ),
    )
    .executeTakeFirstOrThrow()
  return { issued: Number(row.issued), collected: Number(row.collected) }
}

export async function setQuotaBatchUndone(db: WriteHandle, id: Id<'quotaBatch'>): Promise<void> {
  await db.updateTable('quotaBatch').set({ state: 'undone' }).where('id', '=', id).execute()
}

/** Albi, sections and statuses in use. */
export async function listAlboWords(db: ReadHandle): Promise<{ albo: string[]; section: string[]; status: string[] }> {
  const rows = await db.selectFrom('alboEntry').select(['albo', 'section', 'status']).distinct().execute()
  const sorted = (values: readonly (string | null)[]) =>
    [...new Set(values.filter((v) => v !== null && v.trim() !== ''))].sort((a, b) =>
      (a as string).localeCompare(b as string, 'it'),
    ) as string[]
  return {
    albo: sorted(rows.map((r) => r.albo)),
    section: sorted(rows.map((r) => r.section)),
    status: sorted(rows.map((r) => r.status)),
  }
}

export async function readLegalRates(db: ReadHandle): Promise<LegalRates> {
  const rows = await db.selectFrom('legalRate').selectAll().orderBy('year').execute()
  return new Map(rows.map((row) => [row.year, row.basisPoints]))
}

export async function replaceLegalRates(
  db: WriteHandle,
  rates: readonly { readonly year: number; readonly basisPoints: number }[],
): Promise<void> {
  await db.deleteFrom('legalRate').execute()
  await insertMany(db, 'legalRate', rates)
}
