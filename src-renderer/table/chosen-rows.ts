import type { Paging } from './pages.ts'
import type { Selection } from './selection.ts'

/** As many as one call may ask for. */
const MOST = 500

type FetchPage<Row> = (paging: Paging) => Promise<{ readonly rows: readonly Row[]; readonly count: number }>

/** Every row of a list, page after page: for what has to be decided row by row where «tutte le filtrate» is chosen. */
export async function everyRow<Row>(fetchPage: FetchPage<Row>): Promise<Row[]> {
  const all: Row[] = []
  for (;;) {
    const { rows, count } = await fetchPage({ offset: all.length, limit: MOST })
    all.push(...rows)
    if (rows.length === 0 || all.length >= count) return all
  }
}

/** Ids of the rows chosen on a list; where all of a filter are chosen but some, its pages are asked for. */
export async function chosenIds<Row, I extends number>(
  selection: Selection,
  fetchPage: FetchPage<Row>,
  idOf: (row: Row) => I,
): Promise<I[]> {
  const { chosen } = selection
  if (chosen.kind === 'some') return [...chosen.ids.keys()] as I[]
  return (await everyRow(fetchPage)).map(idOf).filter(selection.has)
}
