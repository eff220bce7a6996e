import { sql } from 'kysely'
import { searchKey } from '#domain/search-key'
import { shownId } from './person-family.ts'

/** Folded words of a search; each must stand somewhere in the person's key. */
export function searchWords(search: string): string[] {
  return search
    .trim()
    .split(/\s+/)
    .map((word) => searchKey(word))
    .filter((word) => word !== '')
}

/** True where the person of the query matches every word, or `other` (a column of text) holds the search as written. */
export function matchesSearch(search: string, others: readonly string[]) {
  const words = searchWords(search)
  const person = words.map((word) => sql<boolean>`"person"."searchKey" like ${`%${word}%`}`)
  const whole = likeText(search.trim())
  const texts = others.map((column) => sql<boolean>`lower(${sql.ref(column)}) like ${whole} escape '\\'`)
  const all = person.length === 0 ? sql<boolean>`1 = 0` : sql<boolean>`(${sql.join(person, sql` and `)})`
  return sql<boolean>`(${sql.join([all, ...texts], sql` or `)})`
}

/** `%text%` for LIKE with `\` as escape. */
export function likeText(text: string): string {
  return `%${text.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`
}

/** Greater than every text that begins with the same letters: an index answers «begins with» as a range. */
const LAST = '\uffff'

/**
 * Ids of people that are found otherwise than by name or code: an e-mail or PEC that begins so, a number in the albo, a
 * fiscal code that a merge left behind, and with `numbers` an IUV or a notice number. Subqueries that an index answers.
 */
export function foundOtherwise(search: string, numbers: boolean) {
  const text = search.trim().toLowerCase()
  const compact = text.replace(/\s+/g, '')
  const parts = []
  if (compact.length >= 3 && !text.includes(' ')) {
    parts.push(sql`select ${shownId('p')} from "contactPoint" c join "person" p on p."id" = c."personId"
      where lower(c."value") >= ${text} and lower(c."value") < ${text + LAST} and c."kind" in ('email', 'pec')`)
  }
  if (compact.length > 0 && compact.length <= 20 && !text.includes(' ')) {
    // A number is meant whole while it is short: «1» would be half the albo.
    const upper = compact.length < 3 ? compact : compact + LAST
    parts.push(sql`select ${shownId('p')} from "alboEntry" e join "person" p on p."id" = e."personId"
      where lower(e."number") >= ${compact} and lower(e."number") <= ${upper}`)
  }
  if (/^[a-z0-9]{11}$|^[a-z0-9]{16}$/.test(compact)) {
    parts.push(sql`select ${shownId('p')} from "personMerge" m join "person" p on p."id" = m."personId"
      where m."separatedAt" is null and m."formerCode" = ${compact.toUpperCase()}`)
  }
  if (numbers && /^\d{6,18}$/.test(compact)) {
    const iuv = compact.length === 18 ? compact.slice(1) : compact
    parts.push(sql`select ${shownId('p')} from "iuvAssignment" i join "debtPosition" d on d."id" = i."debtPositionId"
      join "person" p on p."id" = d."personId" where i."iuv" >= ${iuv} and i."iuv" < ${iuv + LAST}`)
    if (compact.length < 18) {
      parts.push(sql`select ${shownId('p')} from "iuvAssignment" i join "debtPosition" d on d."id" = i."debtPositionId"
      join "person" p on p."id" = d."personId" where i."noticeNumber" >= ${compact} and i."noticeNumber" < ${compact + LAST}`)
    }
  }
  return parts.length === 0 ? null : sql`(${sql.join(parts, sql` union `)})`
}

/** True where the person is found by name, code, e-mail, PEC, number in the albo, IUV or notice number. */
export function matchesPerson(search: string) {
  const named = matchesSearch(search, [])
  const other = foundOtherwise(search, true)
  return other === null ? named : sql<boolean>`(${named} or "person"."id" in ${other})`
}
