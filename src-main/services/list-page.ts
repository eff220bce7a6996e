import type { Sort } from '#contract/list'
import { searchKey } from '#domain/search-key'

export interface ListShape {
  readonly search: string
  readonly sort: Sort | null
}

/** How a list that fits in memory (flows, statements, reversali: thousands, not millions) is searched and sorted. */
export interface ListRules<R> {
  /** Texts in which every word of the search must be found. */
  text(row: R): readonly (string | null)[]
  /** What each sortable column compares; unknown columns leave the natural order. */
  readonly columns: Readonly<Record<string, (row: R) => string | number | boolean | null>>
}

/** Rows that match the search, in the order asked; the given order breaks ties. */
export function searchAndSort<R>(rows: readonly R[], shape: ListShape, rules: ListRules<R>): R[] {
  const words = searchKey(shape.search)
    .split(' ')
    .filter((w) => w !== '')
  const found =
    words.length === 0
      ? [...rows]
      : rows.filter((row) => {
          const text = searchKey(rules.text(row).join(' \u0000 '))
          const joined = text.replaceAll(' ', '')
          return words.every((w) => text.includes(w)) || joined.includes(words.join(''))
        })
  const { sort } = shape
  const key = sort && Object.hasOwn(rules.columns, sort.column) ? rules.columns[sort.column] : undefined
  return sort && key ? inOrder(found, key, sort.direction) : found
}

/** Rows in the order of what one column says of each; the given order breaks ties. */
export function inOrder<R>(
  rows: readonly R[],
  of: (row: R) => string | number | boolean | null,
  direction: Sort['direction'],
): R[] {
  const keys = rows.map((row) => orderKey(of(row)))
  const sign = direction === 'asc' ? 1 : -1
  // Places, not pairs of row and key: of a hundred thousand of them the collector would take longer than the sort.
  return Array.from(keys.keys())
    .sort((a, b) => sign * compareKeys(keys[a] ?? null, keys[b] ?? null) || a - b)
    .map((place) => rows[place] as R)
}

const PLAIN = /^[ -~]*$/
const MARKS = /\p{M}/gu
const DIGITS = /\d+/g
const QUOTES = /[‘’]/g
const LONGEST_NUMBER = 24
const ZEROES = '0'.repeat(LONGEST_NUMBER)

/** A text by which a plain comparison sorts as Italian lists do: no accents, no capitals, numbers by value. */
function orderKey<T>(value: T): T | string {
  if (typeof value !== 'string') return value
  const plain = PLAIN.test(value) ? value : value.normalize('NFD').replace(MARKS, '').replace(QUOTES, "'")
  return plain.toLowerCase().replace(DIGITS, (digits) => ZEROES.slice(digits.length) + digits)
}

/** Empty values last going up, whatever their kind. */
function compareKeys(a: string | number | boolean | null, b: string | number | boolean | null): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0
  return Number(a) - Number(b)
}

/** What a list in memory answers: the page, how many rows there are in all and their totals. */
export function answerOf<R, T>(
  rows: readonly R[],
  page: { readonly offset: number; readonly limit: number },
  totals: T,
): { rows: R[]; count: number; totals: T } {
  return { rows: pageOf(rows, page), count: rows.length, totals }
}

export function pageOf<R>(rows: readonly R[], page: { readonly offset: number; readonly limit: number }): R[] {
  return rows.slice(page.offset, page.offset + page.limit)
}
