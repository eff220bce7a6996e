import { sql } from 'kysely'
import { foldFlowId } from '#domain/flow-id'
import type { Cents } from '#domain/money'
import type { ReadHandle } from './ledger.ts'
import { foundOtherwise, searchWords } from './person-search.ts'

const LIMIT = 8

/**
 * People by name, fiscal code, VAT number, e-mail, PEC or number in the albo; whoever was merged is found by its own code
 * and leads to the survivor. Names that begin with the text stand first.
 */
export async function findPeople(db: ReadHandle, text: string) {
  const words = searchWords(text)
  if (words.length === 0) return []
  const columns = ['id', 'name', 'fiscalCode', 'vatNumber', 'category'] as const
  const present = () => db.selectFrom('person').where('mergedIntoId', 'is', null).select(columns)
  const key = words.join(' ')
  const begins = await present()
    .where('searchKey', '>=', key)
    .where('searchKey', '<', `${key}\uffff`)
    .orderBy('searchKey')
    .limit(LIMIT)
    .execute()
  const found = new Map<number, (typeof begins)[number]>()
  const other = begins.length < LIMIT ? foundOtherwise(text, false) : null
  if (other !== null) {
    const rows = await present()
      .where(sql<boolean>`"person"."id" in ${other}`)
      .orderBy('searchKey')
      .limit(LIMIT)
      .execute()
    // Whose number or address this is comes before whose name holds it.
    for (const row of rows) found.set(row.id, row)
  }
  for (const row of begins) found.set(row.id, row)
  if (found.size < LIMIT) {
    let query = present().orderBy('searchKey').limit(LIMIT)
    for (const word of words) query = query.where('searchKey', 'like', `%${word}%`)
    for (const row of await query.execute()) found.set(row.id, row)
  }
  return [...found.values()].slice(0, LIMIT)
}

/**
 * Positions with an IUV that contains the digits, or whose notice number begins with them: each once, by the first of its
 * numbers that is meant (a plan has one for each instalment).
 */
export async function findPositions(db: ReadHandle, digits: string) {
  if (!/^\d{6,18}$/.test(digits)) return []
  const iuv = digits.length === 18 ? digits.slice(1) : digits
  const find = (where: ReturnType<typeof sql<boolean>>) =>
    db
      .selectFrom('iuvAssignment as i')
      .innerJoin('debtPosition as d', 'd.id', 'i.debtPositionId')
      .innerJoin('person as p', 'p.id', 'd.personId')
      .where(where)
      .groupBy(['d.id', 'p.name'])
      .select(['d.id', 'p.name'])
      .select((eb) => [eb.fn.min('i.iuv').as('iuv'), eb.fn.min('i.noticeNumber').as('noticeNumber')])
      .orderBy('iuv')
      .limit(LIMIT)
      .execute()
  // An index answers how a number begins; what stands in its middle is looked for only when nothing begins so.
  const end = '\uffff'
  const begins = await find(
    sql<boolean>`i."iuv" in (select "iuv" from "iuvAssignment" where "iuv" >= ${iuv} and "iuv" < ${iuv + end}
      union select "iuv" from "iuvAssignment" where "noticeNumber" >= ${digits} and "noticeNumber" < ${digits + end})`,
  )
  if (begins.length > 0) return begins
  return find(
    sql<boolean>`i."iuv" in (select "iuv" from "iuvAssignment" where "iuv" like ${`%${iuv}%`} order by "iuv" limit 64)`,
  )
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
