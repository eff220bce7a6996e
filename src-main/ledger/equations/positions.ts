import { composeNoticeNumber } from '#domain/notice-number'
import type { ReadHandle } from '../ledger.ts'

/** E9: each IUV is what its base makes, each base once. E10: installment = Σ transfers, own transfer = Σ allocations. */
export async function checkPositions(db: ReadHandle): Promise<string[]> {
  const found: string[] = []
  const bases = new Set<number>()
  const assigned = await db
    .selectFrom('iuvAssignment')
    .select(['iuv', 'noticeNumber', 'base'])
    .where('origin', '=', 'own')
    .execute()
  for (const row of assigned) {
    const base = row.base ?? -1
    const made = row.noticeNumber ? composeNoticeNumber(row.noticeNumber.slice(1, 3) as never, Math.max(base, 0)) : null
    if (bases.has(base) || made?.iuv !== row.iuv || made.noticeNumber !== row.noticeNumber) {
      found.push(`E9 IUV ${row.iuv}: base ${row.base}`)
    }
    bases.add(base)
  }
  const installments = await db
    .selectFrom('installment as i')
    .leftJoin('transfer as t', 't.installmentId', 'i.id')
    .groupBy(['i.id', 'i.iuv', 'i.cents'])
    .select((eb) => ['i.iuv', 'i.cents', eb.fn.sum('t.cents').as('total')])
    .execute()
  for (const row of installments) {
    if (Number(row.total ?? 0) !== row.cents)
      found.push(`E10 rata ${row.iuv}: ${row.cents}, versamenti ${row.total ?? 0}`)
  }
  const transfers = await db
    .selectFrom('transfer as t')
    .leftJoin('allocation as a', 'a.transferId', 't.id')
    .where('t.own', '=', 1)
    .where('t.stamp', '=', 0)
    .groupBy(['t.id', 't.cents'])
    .select((eb) => ['t.id', 't.cents', eb.fn.sum('a.cents').as('total')])
    .execute()
  for (const row of transfers) {
    if (Number(row.total ?? 0) !== row.cents)
      found.push(`E10 versamento ${row.id}: ${row.cents}, imputati ${row.total ?? 0}`)
  }
  return found
}
