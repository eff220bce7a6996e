import { sql } from 'kysely'
import type { Id } from '#domain/brand'
import type { Instant, IsoDate } from '#domain/date'
import type { Cents } from '#domain/money'
import type { ReadHandle } from './ledger.ts'
import { readToDecide } from './to-decide.ts'

export interface MovementRow {
  readonly id: Id<'bankMovement'>
  readonly bankAccountId: Id<'bankAccount'>
  readonly bankStatementId: Id<'bankStatement'> | null
  readonly account: string
  readonly bookingDate: IsoDate
  readonly valueDate: IsoDate | null
  readonly cents: Cents
  readonly description: string
  readonly bankReference: string | null
  readonly counterparty: string | null
  readonly endToEndId: string | null
  readonly transactionCode: string | null
  readonly fingerprint: string
  readonly provvisorio: number | null
  readonly availableCents: Cents
  readonly matchedCents: Cents
  readonly regularisedCents: Cents
  readonly state: string | null
  readonly code: string | null
  readonly paramsJson: string | null
  /** All that is said of it, the first included: for `readLabels`. */
  readonly labelsJson: string | null
}

export interface MovementFilter {
  readonly bankAccountId?: Id<'bankAccount'> | null
  readonly statementId?: Id<'bankStatement'> | null
  readonly dateFrom?: IsoDate | null
  readonly dateTo?: IsoDate | null
}

/** Movements by booking date, then by fingerprint: an order that does not depend on when they were loaded. */
export async function listMovements(db: ReadHandle, filter: MovementFilter): Promise<MovementRow[]> {
  let query = db
    .selectFrom('bankMovement as m')
    .innerJoin('bankAccount as b', 'b.id', 'm.bankAccountId')
    .innerJoin('movementBalance as balance', 'balance.bankMovementId', 'm.id')
    .leftJoin('movementLabel as label', 'label.bankMovementId', 'm.id')
    .leftJoin('provvisorio as p', (join) => join.onRef('p.bankMovementId', '=', 'm.id').on('p.annulledAt', 'is', null))
    .selectAll('m')
    .select(['b.name as account', 'p.number as provvisorio'])
    .select(['balance.availableCents', 'balance.matchedCents', 'balance.regularisedCents'])
    .select(['label.state', 'label.code', 'label.paramsJson', 'label.labelsJson'])
    .orderBy('m.bookingDate')
    .orderBy('m.fingerprint')
  if (filter.bankAccountId != null) query = query.where('m.bankAccountId', '=', filter.bankAccountId)
  if (filter.statementId != null) query = query.where('m.bankStatementId', '=', filter.statementId)
  if (filter.dateFrom != null) query = query.where('m.bookingDate', '>=', filter.dateFrom)
  if (filter.dateTo != null) query = query.where('m.bookingDate', '<=', filter.dateTo)
  return query.execute()
}

export interface StatementRow {
  readonly id: Id<'bankStatement'>
  readonly bankAccountId: Id<'bankAccount'>
  readonly fileName: string
  readonly account: string
  readonly profile: string
  readonly from: IsoDate | null
  readonly to: IsoDate | null
  readonly openingCents: Cents | null
  readonly closingCents: Cents | null
  readonly importedAt: Instant
  readonly movements: number
  readonly creditCents: Cents
  readonly debitCents: Cents
  /** Rows of the work table of this statement that wait for a person. */
  readonly toDecide: number
  readonly operator: string
}

/** Statements, latest first, with the movements that each brought. */
export async function listStatements(
  db: ReadHandle,
  filter: { readonly bankAccountId?: Id<'bankAccount'> | null },
): Promise<StatementRow[]> {
  let query = db
    .selectFrom('bankStatement as s')
    .innerJoin('bankAccount as b', 'b.id', 's.bankAccountId')
    .selectAll('s')
    .select('b.name as account')
    .orderBy('s.importedAt', 'desc')
    .orderBy('s.id', 'desc')
  if (filter.bankAccountId != null) query = query.where('s.bankAccountId', '=', filter.bankAccountId)
  const rows = await query.execute()
  const sums = await db
    .selectFrom('bankMovement as m')
    .groupBy('m.bankStatementId')
    .select(['m.bankStatementId', sql<number>`count(*)`.as('movements')])
    .select(sql<number>`cast(sum(case when m."cents" > 0 then m."cents" else 0 end) as bigint)`.as('creditCents'))
    .select(sql<number>`cast(sum(case when m."cents" < 0 then m."cents" else 0 end) as bigint)`.as('debitCents'))
    .execute()
  const { statements } = await readToDecide(db)
  const byStatement = new Map(sums.map((s) => [s.bankStatementId as number | null, s]))
  const writers = await statementWriters(db)
  return rows.map((row) => {
    const s = byStatement.get(row.id)
    return {
      ...row,
      movements: Number(s?.movements ?? 0),
      creditCents: Number(s?.creditCents ?? 0) as Cents,
      debitCents: Number(s?.debitCents ?? 0) as Cents,
      toDecide: statements[row.id] ?? 0,
      operator: writers.get(row.importedAt) ?? '',
    }
  })
}

/** Who loaded each statement: the journal says it, at the same instant. */
async function statementWriters(db: ReadHandle): Promise<Map<string, string>> {
  const rows = await db
    .selectFrom('journalEntry')
    .select(['at', 'operator'])
    .where('command', '=', 'bankStatement.confirm')
    .execute()
  return new Map(rows.map((r) => [r.at, r.operator]))
}
