import type { Sort } from '#contract/list'
import type { ReadHandle, WriteHandle } from '#ledger/ledger'
import { glance, keepRead, MemoryKey, stillHolds } from '#ledger/ledger-memory'
import { inOrder, type ListRules, type ListShape, searchAndSort } from './list-page.ts'

/** By what was asked, the latest last. */
const LISTS = new MemoryKey<Map<string, Promise<unknown>>>()

/** Answers kept for a ledger: a list, its sums, one order of it. Each page open on a workstation asks for three or four. */
const MOST = 12

/**
 * What a list works out once for many pages (its sums, its rows, the order of its ids), until something is written.
 * @param asked everything that the answer depends on, the day too where it counts; never the page
 */
export async function keptList<T>(db: ReadHandle, asked: readonly unknown[], make: () => Promise<T>): Promise<T> {
  const name = JSON.stringify(asked)
  let lists = await glance(db, LISTS)
  if (lists === null) {
    lists = new Map()
    await keepRead(db, LISTS, lists)
  }
  const known = lists.get(name) as Promise<T> | undefined
  lists.delete(name)
  const answer = known ?? make()
  lists.set(name, answer)
  if (lists.size > MOST) lists.delete(lists.keys().next().value as string)
  try {
    return await answer
  } catch (error) {
    lists.delete(name)
    throw error
  }
}

/** This write changes nothing that a list shows: columns chosen and filters saved do not make lists be asked anew. */
export function listsUntouched(db: WriteHandle): void {
  stillHolds(db, LISTS)
}

/**
 * Ids of one page of a list that a database sorts. The first page is asked alone; further ones are cut from the whole order,
 * which is asked once, since a database walks over all that an offset leaves out.
 */
export async function pageOfIds<I extends number>(
  db: ReadHandle,
  asked: readonly unknown[],
  page: { readonly offset: number; readonly limit: number },
  list: (page?: { readonly offset: number; readonly limit: number }) => Promise<I[]>,
): Promise<I[]> {
  if (page.offset === 0) return list(page)
  const ids = await keptList(db, [...asked, 'ids'], () => list())
  return ids.slice(page.offset, page.offset + page.limit)
}

/** What the order of a long list is made of: what the sorted column says of each, in the order that breaks ties. */
interface Valued<I extends number> {
  readonly id: I
  readonly value: string | number | null
}

/**
 * One page of a long list that this program sorts. Only the sorted column is read of all of it, once; its rows are looked up
 * by the page.
 */
export async function sortedPage<I extends number, R>(
  db: ReadHandle,
  asked: readonly unknown[],
  { sort, offset, limit }: { readonly sort: Sort; readonly offset: number; readonly limit: number },
  values: () => Promise<readonly Valued<I>[]>,
  rowsOf: (ids: readonly I[]) => Promise<ReadonlyMap<I, R>>,
): Promise<R[]> {
  const ids = await keptList(db, [...asked, sort, 'order'], async () =>
    inOrder(await values(), (one) => one.value, sort.direction).map((one) => one.id),
  )
  const page = ids.slice(offset, offset + limit)
  const rows = page.length === 0 ? new Map<I, R>() : await rowsOf(page)
  return page.flatMap((id) => rows.get(id) ?? [])
}

/** Rows of a list that fits in memory, searched and sorted; both are kept. Not for use inside a write. */
export async function keptRows<R>(
  db: ReadHandle,
  asked: readonly unknown[],
  { search, sort }: ListShape,
  rules: ListRules<R>,
  make: () => Promise<readonly R[]>,
): Promise<readonly R[]> {
  const rows = await keptList(db, asked, make)
  if (search.trim() === '' && sort === null) return rows
  return keptList(db, [...asked, search, sort], async () => searchAndSort(rows, { search, sort }, rules))
}
