import { sql } from 'kysely'
import { foldFlowId } from '#domain/flow-id'
import type { Cents } from '#domain/money'
import type { ReadHandle } from './ledger.ts'
import { searchWords } from './person-search.ts'

const LIMIT = 8

/** People by name, fiscal code or VAT number; folded words, each must stand in the person's key. */
export async function findPeople(db: ReadHandle, text: string) {
  const words = searchWords(text)
  if (words.length === 0) return []
  let query = db
    .selectFrom('person')
    .where('mergedIntoId', 'is', null)
    .select(['id', 'name', 'fiscalCode', 'vatNumber', 'category'])
    .orderBy('searchKey')
    .limit(LIMIT)
  for (const word of words) query = query.where('searchKey', 'like', `%${word}%`)
  return query.execute()
}

/**
 * Positions with an IUV that contains the digits, or whose notice number is these eighteen: each once, by the first of
 * its numbers that is meant (a plan has one for each instalment).
 */
export async function findPositions(db: ReadHandle, digits: string) {
  if (!/^\d{6,18}$/.test(digits)) return []
  const iuv = digits.length === 18 ? digits.slice(1) : digits
  return db
    .selectFrom('iuvAssignment as i')
    .innerJoin('debtPosition as d', 'd.id', 'i.debtPositionId')
    .innerJoin('person as p', 'p.id', 'd.personId')
    .where(sql<boolean>`i."iuv" like ${`%${iuv}%`}`)
    .groupBy(['d.id', 'p.name'])
    .select(['d.id', 'p.name'])
    .select((eb) => [eb.fn.min('i.iuv').as('iuv'), eb.fn.min('i.noticeNumber').as('noticeNumber')])
    .orderBy('iuv')
    .limit(LIMIT)
    .execute()
}

export async function findFlows(db: ReadHandle, text: string) {
  const fold = foldFlowId(text)
  if (fold.length < 4) return []
  return db
    .selectFrom('reportingFlow')
    .where('foldKey', 'like', `%${fold}%`)
    .select(['id', 'flowId', 'foldKey'])
    .orderBy('flowId', 'desc')
    .limit(LIMIT)
    .execute()
}

/** «12», «2026/12» or «12/2026». */
export function numberedRow(text: string): { readonly number: number; readonly year: number | null } | null {
  const match = /^(?:(\d{4})\/)?(\d{1,6})(?:\/(\d{4}))?$/.exec(text.trim())
  if (!match) return null
  const year = match[1] ?? match[3]
  return { number: Number(match[2]), year: year === undefined ? null : Number(year) }
}

export interface FoundNumber {
  readonly id: number
  readonly exercise: number
  readonly number: number
  readonly text: string
  readonly cents: Cents
}

export async function findReversali(
  db: ReadHandle,
  wanted: { readonly number: number; readonly year: number | null },
): Promise<FoundNumber[]> {
  let query = db
    .selectFrom('reversale')
    .where('number', '=', wanted.number)
    .select(['id', 'exercise', 'number', 'causale as text', 'cents'])
    .orderBy('exercise', 'desc')
    .limit(LIMIT)
  if (wanted.year !== null) query = query.where('exercise', '=', wanted.year)
  return query.execute()
}

export async function findAccertamenti(
  db: ReadHandle,
  wanted: { readonly number: number; readonly year: number | null },
): Promise<FoundNumber[]> {
  let query = db
    .selectFrom('accertamento as a')
    .innerJoin('person as p', 'p.id', 'a.personId')
    .where('a.number', '=', wanted.number)
    .select(['a.id', 'a.exercise', 'a.number', 'p.name as text', 'a.assessedCents as cents'])
    .orderBy('a.exercise', 'desc')
    .limit(LIMIT)
  if (wanted.year !== null) query = query.where('a.exercise', '=', wanted.year)
  return query.execute()
}
