import type { Selection } from '../../table/selection.ts'

const PAGE = 500

/** Ids of the rows chosen on a list, also where all of a filter are chosen but some: then its pages are asked for. */
export async function chosenIds(
  selection: Selection,
  page: (paging: { readonly offset: number; readonly limit: number }) => Promise<{
    readonly ids: readonly number[]
    readonly count: number
  }>,
): Promise<number[]> {
  const input = selection.asInput(null)
  if ('ids' in input) return input.ids
  const ids: number[] = []
  for (let offset = 0; ; offset += PAGE) {
    const found = await page({ offset, limit: PAGE })
    ids.push(...found.ids)
    if (offset + PAGE >= found.count) break
  }
  return ids.filter((id) => !input.except.includes(id))
}
