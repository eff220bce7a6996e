/** What stands on a page of the notice, from top to bottom, under the heading that every page repeats. */
export type PageBlock =
  /** Creditor and debtor. */
  | { readonly kind: 'parties' }
  /** How much and when, where to pay. */
  | { readonly kind: 'amount' }
  /** Payment data of the single payment. */
  | { readonly kind: 'data' }
  /** The heading «dati per il pagamento» alone, above instalments. */
  | { readonly kind: 'title' }
  /** The same heading with debtor, creditor and subject, which dense cells do not repeat. */
  | { readonly kind: 'summary' }
  /** A row of instalments: `first` counts from 0. */
  | { readonly kind: 'cells'; readonly cell: CellKind; readonly first: number; readonly count: number }
  /** A postal slip: of the single payment (null) or of an instalment counted from 0. */
  | { readonly kind: 'slip'; readonly compact: boolean; readonly installment: number | null }

/** Two in a row, three in a row, three in a row without creditor and subject. */
export type CellKind = 'wide' | 'narrow' | 'dense'

export const CELLS_IN_ROW: Readonly<Record<CellKind, number>> = { wide: 2, narrow: 3, dense: 3 }

/** Rows of instalments by their number: on the first page, then on the following ones (pagopa.md §3.3). */
const WITHOUT_SLIPS: Readonly<Record<number, readonly (readonly number[])[]>> = {
  2: [[2]],
  3: [[3]],
  4: [[2], [2]],
  5: [[2], [3]],
  6: [[2], [2, 2]],
  7: [[3], [2, 2]],
  8: [[2], [3, 3]],
}
const WITH_SLIPS: Readonly<Record<number, readonly number[]>> = {
  2: [2],
  3: [3],
  4: [2, 2],
  5: [2, 3],
  6: [3, 3],
  7: [3, 2, 2],
  8: [2, 3, 3],
}

/** From nine on the official engine goes on by three in a row, nine on a page. */
const ROWS_OF_MANY = 3

/**
 * The pages of a notice as the official engine divides them; beyond its twelve instalments the last page repeats.
 * `installments` is 0 or at least 2.
 */
export function noticePages(installments: number, single: boolean, postal: boolean): readonly (readonly PageBlock[])[] {
  const first: PageBlock[] = [{ kind: 'parties' }, { kind: 'amount' }]
  if (single) first.push({ kind: 'data' })
  if (postal) {
    if (single) first.push({ kind: 'slip', compact: false, installment: null })
    else first.push({ kind: 'summary' })
    return [first, ...pagesWithSlips(installments)]
  }
  if (installments === 0) return [first]
  if (!single) first.push({ kind: 'title' })
  return pagesWithoutSlips(installments, first)
}

function pagesWithSlips(installments: number): PageBlock[][] {
  const pages: PageBlock[][] = []
  let at = 0
  for (const count of WITH_SLIPS[installments] ?? byThree(installments)) {
    const compact = installments > 8 || count === 3
    const page: PageBlock[] = [{ kind: 'cells', cell: compact ? 'dense' : 'wide', first: at, count }]
    for (let i = 0; i < count; i++) page.push({ kind: 'slip', compact, installment: at + i })
    pages.push(page)
    at += count
  }
  return pages
}

function pagesWithoutSlips(installments: number, first: PageBlock[]): PageBlock[][] {
  const rowsOfPages = WITHOUT_SLIPS[installments]
  const pages = [first]
  let at = 0
  if (rowsOfPages !== undefined) {
    rowsOfPages.forEach((rows, p) => {
      const page = p === 0 ? first : []
      if (p > 0) pages.push(page)
      for (const count of rows) {
        page.push({ kind: 'cells', cell: count === 2 ? 'wide' : 'narrow', first: at, count })
        at += count
      }
    })
    return pages
  }
  byThree(installments).forEach((count, row) => {
    if (row > 0 && (row - 1) % ROWS_OF_MANY === 0) pages.push([{ kind: 'summary' }])
    const page = pages.at(-1) as PageBlock[]
    page.push({ kind: 'cells', cell: row === 0 ? 'narrow' : 'dense', first: at, count })
    at += count
  })
  return pages
}

function byThree(count: number): number[] {
  const rows: number[] = []
  for (let left = count; left > 0; left -= 3) rows.push(Math.min(3, left))
  return rows
}
