import { sql } from 'kysely'
import { searchKey } from '#domain/search-key'

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
