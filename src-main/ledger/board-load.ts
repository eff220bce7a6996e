import { sql } from 'kysely'
import type { Id } from '#domain/brand'
import type { IsoDate } from '#domain/date'
import type { Cents } from '#domain/money'
import { searchKey } from '#domain/search-key'
import { chunks } from './chunks.ts'
import type { ReadHandle } from './ledger.ts'
import { shownId } from './person-family.ts'

export interface PayerRow {
  readonly versionId: Id<'reportingFlowVersion'>
  readonly name: string
  readonly iuv: string
  readonly cents: Cents
}

/** Payers of flow versions, in file order. */
export async function payersOf(
  db: ReadHandle,
  versionIds: readonly Id<'reportingFlowVersion'>[],
): Promise<Map<number, PayerRow[]>> {
  const out = new Map<number, PayerRow[]>()
  for (const part of chunks(versionIds)) {
    const rows = await db
      .selectFrom('flowRow')
      .leftJoin('iuvAssignment', (join) => join.on(sql<boolean>`"iuvAssignment"."iuv" = "flowRow"."iuv"`))
      .leftJoin('debtPosition', 'debtPosition.id', 'iuvAssignment.debtPositionId')
      .leftJoin('person', 'person.id', 'debtPosition.personId')
      .where('flowRow.versionId', 'in', [...part])
      .where('flowRow.ordinal', '<=', 50)
      .select(['flowRow.versionId', 'flowRow.iuv', 'flowRow.cents', 'person.name'])
      .orderBy('flowRow.versionId')
      .orderBy('flowRow.ordinal')
      .execute()
    for (const row of rows) {
      const list = out.get(row.versionId) ?? []
      list.push({ ...row, name: row.name ?? 'Posizione sconosciuta' })
      out.set(row.versionId, list)
    }
  }
  return out
}

export interface OpenDebt {
  readonly accertamentoId: Id<'accertamento'>
  readonly exercise: number
  readonly number: number
  readonly causale: string
  readonly dueDate: IsoDate | null
  readonly personName: string
  readonly fiscalCode: string | null
  readonly outstandingCents: Cents
}

interface SearchRange {
  readonly text: string
  readonly minCents: number | null
  readonly maxCents: number | null
  /** Due date. */
  readonly dateFrom?: IsoDate | null
  readonly dateTo?: IsoDate | null
}

function debts(db: ReadHandle) {
  return db
    .selectFrom('accertamento as a')
    .innerJoin('accertamentoBalance as b', 'b.accertamentoId', 'a.id')
    .innerJoin('person as p', 'p.id', 'a.personId')
    .select(['a.id as accertamentoId', 'a.exercise', 'a.number', 'a.causale', 'a.dueDate', 'p.name as personName'])
    .select(['p.fiscalCode', sql<Cents>`b."dueCents" - b."collectedCents"`.as('outstandingCents')])
    .orderBy('a.exercise')
    .orderBy('a.number')
}

/** What each of these people still owes, oldest first. */
export async function openDebtsOf(db: ReadHandle, people: readonly Id<'person'>[]): Promise<Map<number, OpenDebt[]>> {
  const out = new Map<number, OpenDebt[]>()
  for (const part of chunks([...new Set(people)], 500)) {
    const rows = await debts(db)
      .select(shownId('p').as('personId'))
      .where((eb) => eb.or([eb('p.id', 'in', [...part]), eb('p.mergedIntoId', 'in', [...part])]))
      .where('b.state', 'in', ['outstanding', 'partlyCollected'])
      .execute()
    for (const { personId, ...row } of rows) {
      const list = out.get(personId)
      if (list) list.push(row)
      else out.set(personId, [row])
    }
  }
  return out
}

/** Accertamenti still outstanding, by ids, or by amount, due date and text: person, number, reference outside (MAV, Albo). */
export async function openDebts(
  db: ReadHandle,
  by: SearchRange | { readonly ids: readonly Id<'accertamento'>[] },
): Promise<OpenDebt[]> {
  let query = debts(db)
  if ('ids' in by) {
    const found: OpenDebt[] = []
    for (const part of chunks(by.ids, 500)) found.push(...(await query.where('a.id', 'in', [...part]).execute()))
    return found
  } else {
    query = query.where('b.state', 'in', ['outstanding', 'partlyCollected']).limit(100)
    if (by.minCents !== null) query = query.where(sql`b."dueCents" - b."collectedCents"`, '>=', by.minCents)
    if (by.maxCents !== null) query = query.where(sql`b."dueCents" - b."collectedCents"`, '<=', by.maxCents)
    if (by.dateFrom) query = query.where('a.dueDate', '>=', by.dateFrom)
    if (by.dateTo) query = query.where('a.dueDate', '<=', by.dateTo)
    const text = by.text.trim()
    const number = numberAndYear(text)
    if (number) {
      query = query.where('a.exercise', '=', number.exercise).where('a.number', '=', number.number)
    } else if (text !== '') {
      const words = searchKey(text)
        .split(' ')
        .filter((word) => word !== '')
      const reference = text.replace(/\s+/g, '')
      query = query.where((eb) =>
        eb.or([
          eb.and(words.map((word) => eb('p.searchKey', 'like', `%${word}%`))),
          ...(reference.length >= 4 ? [eb('a.externalReference', 'like', `%${reference}%`)] : []),
        ]),
      )
    }
  }
  return query.execute()
}

/** «2026/12» and «12/2026» alike; null for any other text. */
function numberAndYear(text: string): { readonly exercise: number; readonly number: number } | null {
  const parts = /^(\d{1,6})\/(\d{1,6})$/.exec(text)
  if (!parts) return null
  const [first, second] = [Number(parts[1]), Number(parts[2])]
  const isYear = (n: number) => n >= 1990 && n <= 2100
  if (isYear(first)) return { exercise: first, number: second }
  return isYear(second) ? { exercise: second, number: first } : null
}

export interface OpenInstallment {
  readonly id: Id<'installment'>
  readonly iuv: string
  readonly cents: Cents
  readonly dueDate: IsoDate | null
  readonly description: string
  /** From 1 in a plan; null for a single payment. */
  readonly ordinal: number | null
  readonly personName: string
  readonly fiscalCode: string | null
}

/** Unpaid installments of live positions, by amount and text of person or IUV. */
export async function openInstallments(db: ReadHandle, by: SearchRange): Promise<OpenInstallment[]> {
  let query = db
    .selectFrom('installment as i')
    .innerJoin('paymentOption as o', 'o.id', 'i.paymentOptionId')
    .innerJoin('debtPosition as d', (join) =>
      join.onRef('d.id', '=', 'o.debtPositionId').onRef('d.currentVersion', '=', 'o.version'),
    )
    .innerJoin('person as p', 'p.id', 'd.personId')
    .leftJoin('installmentState as s', 's.installmentId', 'i.id')
    .where('d.lifecycle', '=', 'issued')
    .where((eb) => eb.or([eb('s.state', 'is', null), eb('s.state', '=', 'unpaid')]))
    .select(['i.id', 'i.iuv', 'i.cents', 'i.dueDate', 'i.description', 'p.name as personName', 'p.fiscalCode'])
    .select(sql<number | null>`case when o."kind" = 'plan' then i."ordinal" end`.as('ordinal'))
    .orderBy('i.id')
    .limit(100)
  if (by.minCents !== null) query = query.where('i.cents', '>=', by.minCents as Cents)
  if (by.maxCents !== null) query = query.where('i.cents', '<=', by.maxCents as Cents)
  if (by.dateFrom) query = query.where('i.dueDate', '>=', by.dateFrom)
  if (by.dateTo) query = query.where('i.dueDate', '<=', by.dateTo)
  const digits = by.text.replace(/\s+/g, '')
  if (/^\d{10,18}$/.test(digits)) query = query.where(sql`i."iuv"`, 'like', `%${digits.slice(-17)}%`)
  else {
    for (const word of searchKey(by.text).split(' ')) {
      if (word !== '') query = query.where('p.searchKey', 'like', `%${word}%`)
    }
  }
  return query.execute()
}
