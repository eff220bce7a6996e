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
  if (!sort || !key) return found
  const sign = sort.direction === 'asc' ? 1 : -1
  return found
    .map((row, index) => ({ row, index, key: orderKey(key(row)) }))
    .sort((a, b) => sign * compareKeys(a.key, b.key) || a.index - b.index)
    .map((entry) => entry.row)
}

const MARKS = /\p{M}/gu
const DIGITS = /\d+/g
const QUOTES = /[‘’]/g
const LONGEST_NUMBER = 24

/** A text by which a plain comparison sorts as Italian lists do: no accents, no capitals, numbers by value. */
function orderKey<T>(value: T): T | string {
  if (typeof value !== 'string') return value
  const plain = value.normalize('NFD').replace(MARKS, '').replace(QUOTES, "'").toLowerCase()
  return plain.replace(DIGITS, (digits) => digits.padStart(LONGEST_NUMBER, '0'))
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
