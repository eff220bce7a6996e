import type { Id } from '#domain/brand'
import type { NamedCredit, NamingDebit } from '#domain/taken-back'
import { chunks } from './chunks.ts'
import type { ReadHandle } from './ledger.ts'

/** The credits that storni may name: those with such a number in force, such an end-to-end id or such a reference. */
export async function creditsNamedBy(db: ReadHandle, debits: readonly NamingDebit[]): Promise<NamedCredit[]> {
  const found = new Map<number, NamedCredit>()
  const bearing = (column: 'p.number' | 'm.endToEndId' | 'm.bankReference', part: readonly (string | number)[]) =>
    db
      .selectFrom('bankMovement as m')
      .leftJoin('provvisorio as p', (join) =>
        join.onRef('p.bankMovementId', '=', 'm.id').on('p.annulledAt', 'is', null),
      )
      .where(column as 'm.endToEndId', 'in', part as string[])
      .where('m.bankAccountId', 'in', [...new Set(debits.map((d) => d.bankAccountId as Id<'bankAccount'>))])
      .where('m.cents', '>', 0 as never)
      .select(['m.id as movementId', 'm.bankAccountId', 'm.bookingDate', 'm.cents', 'm.fingerprint'])
      .select(['m.endToEndId', 'm.bankReference', 'p.exercise', 'p.number'])
      .execute()
  const reversals = debits.filter((d) => d.takesBack.kind === 'reversal')
  const wanted = [
    ['p.number', debits.flatMap(({ takesBack }) => (takesBack.kind === 'provvisorio' ? takesBack.numbers : []))],
    ['m.endToEndId', reversals.flatMap((d) => d.endToEndId ?? [])],
    ['m.bankReference', reversals.flatMap((d) => d.bankReference ?? [])],
  ] as const
  for (const [column, values] of wanted) {
    for (const part of chunks([...new Set<string | number>(values)])) {
      for (const { exercise, number, ...credit } of await bearing(column, part)) {
        const provvisorio = exercise === null || number === null ? null : { exercise, number }
        found.set(credit.movementId, { ...credit, provvisorio })
      }
    }
  }
  return [...found.values()]
}

/** Whether some storno of the account names a provvisorio: then a number that changes may change what it takes back. */
export async function stornoNamesNumber(db: ReadHandle, bankAccountId: Id<'bankAccount'>): Promise<boolean> {
  const row = await db
    .selectFrom('bankMovement')
    .select('id')
    .where('bankAccountId', '=', bankAccountId)
    .where('takesBack', 'like', 'provvisorio %')
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}
