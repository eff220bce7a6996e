import type { ReadHandle } from '../ledger.ts'

/** Lines of reversali not annulled, joined with their reversale: the «L» of the equations. */
export function effectiveLines(db: ReadHandle) {
  return db
    .selectFrom('reversaleLine as l')
    .innerJoin('reversale as r', 'r.id', 'l.reversaleId')
    .leftJoin('reversaleAnnulment as x', 'x.reversaleId', 'r.id')
    .where('x.id', 'is', null)
}

/** SUM as a number that is 0 of nothing. */
export function total(row: { readonly total: string | number | bigint | null } | undefined): number {
  return Number(row?.total ?? 0)
}
