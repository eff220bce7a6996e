import type { Paging } from './pages.ts'

/** As many as one call may ask for. */
const MOST = 500

/** Every row of a list, page after page: for what has to be decided row by row where «tutte le filtrate» is chosen. */
export async function everyRow<Row>(
  fetchPage: (paging: Paging) => Promise<{ readonly rows: readonly Row[]; readonly count: number }>,
): Promise<Row[]> {
  const all: Row[] = []
  for (;;) {
    const { rows, count } = await fetchPage({ offset: all.length, limit: MOST })
    all.push(...rows)
    if (rows.length === 0 || all.length >= count) return all
  }
}
