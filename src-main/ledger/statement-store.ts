import type { Insertable } from 'kysely'
import type { StatementMapping } from '#domain/bank-statement'
import type { Id } from '#domain/brand'
import type { Instant, IsoDate } from '#domain/date'
import { canonicalJson, type JsonValue } from '#domain/json'
import type { Cents } from '#domain/money'
import { insertMany } from './bulk.ts'
import { chunks } from './chunks.ts'
import type { ReadHandle, WriteHandle } from './ledger.ts'
import type { BankMovementTable, BankStatementTable } from './schema/evidence.ts'
import type { BankAccountTable } from './schema/institution.ts'

export interface KnownMovement {
  readonly id: Id<'bankMovement'>
  readonly bookingDate: IsoDate
  readonly cents: Cents
  readonly bankReference: string | null
  readonly fingerprint: string
  /** Layout of the statement that brought it, null for a movement written by hand. */
  readonly profile: string | null
  readonly provvisorio: number | null
}

/** Movements of an account in a span of days, to tell new from known. */
export async function knownMovements(
  db: ReadHandle,
  bankAccountId: Id<'bankAccount'>,
  from: IsoDate,
  to: IsoDate,
): Promise<KnownMovement[]> {
  return db
    .selectFrom('bankMovement as m')
    .leftJoin('bankStatement as s', 's.id', 'm.bankStatementId')
    .leftJoin('provvisorio as p', (join) => join.onRef('p.bankMovementId', '=', 'm.id').on('p.annulledAt', 'is', null))
    .where('m.bankAccountId', '=', bankAccountId)
    .where('m.bookingDate', '>=', from)
    .where('m.bookingDate', '<=', to)
    .select(['m.id', 'm.bookingDate', 'm.cents', 'm.bankReference', 'm.fingerprint', 's.profile'])
    .select('p.number as provvisorio')
    .orderBy('m.id')
    .execute()
}

export interface StatementAccountRow {
  readonly id: Id<'bankAccount'>
  readonly name: string
  readonly iban: string | null
  readonly kind: BankAccountTable['kind']
  readonly closedDate: IsoDate | null
}

export async function statementAccounts(db: ReadHandle): Promise<StatementAccountRow[]> {
  return db.selectFrom('bankAccount').select(['id', 'name', 'iban', 'kind', 'closedDate']).orderBy('id').execute()
}

/** What stands for the account in the fingerprints of its movements. */
export function accountKey({ id, iban }: Pick<StatementAccountRow, 'id' | 'iban'>): string {
  return iban ?? `conto ${id}`
}

/** Statements of an account made from a file: by its own content, as they were kept once, or by its part of it. */
export async function statementsBySha(
  db: ReadHandle,
  sha256s: readonly string[],
): Promise<{ readonly id: Id<'bankStatement'>; readonly bankAccountId: Id<'bankAccount'>; readonly sha256: string }[]> {
  return db
    .selectFrom('bankStatement')
    .select(['id', 'bankAccountId', 'sha256'])
    .where('sha256', 'in', sha256s)
    .execute()
}

/** The last balance known of an account before a day, if the statement that has it ends before that day. */
export async function balanceBefore(
  db: ReadHandle,
  bankAccountId: Id<'bankAccount'>,
  day: IsoDate,
): Promise<{ readonly to: IsoDate; readonly closingCents: Cents } | null> {
  const row = await db
    .selectFrom('bankStatement')
    .select(['to', 'closingCents'])
    .where('bankAccountId', '=', bankAccountId)
    .where('from', 'is not', null)
    .where('from', '<=', day)
    .orderBy('to', 'desc')
    .orderBy('id', 'desc')
    .executeTakeFirst()
  if (!row || row.to === null || row.closingCents === null || row.to >= day) return null
  return { to: row.to, closingCents: row.closingCents }
}

export async function insertStatement(
  db: WriteHandle,
  statement: Omit<Insertable<BankStatementTable>, 'id'>,
  movements: readonly Pick<
    Insertable<BankMovementTable>,
    | ('bookingDate' | 'valueDate' | 'cents' | 'description' | 'bankReference' | 'fingerprint')
    | ('counterparty' | 'endToEndId' | 'transactionCode' | 'takesBack')
  >[],
): Promise<Id<'bankStatement'>> {
  const { id } = await db.insertInto('bankStatement').values(statement).returning('id').executeTakeFirstOrThrow()
  await insertMany(
    db,
    'bankMovement',
    movements.map((m) => ({ ...m, stornoOfId: null, bankStatementId: id, bankAccountId: statement.bankAccountId })),
  )
  return id
}

/** Ids of movements by fingerprint. */
export async function movementIds(
  db: ReadHandle,
  bankAccountId: Id<'bankAccount'>,
  fingerprints: readonly string[],
): Promise<Map<string, Id<'bankMovement'>>> {
  const found = new Map<string, Id<'bankMovement'>>()
  for (const part of chunks(fingerprints)) {
    const rows = await db
      .selectFrom('bankMovement')
      .select(['id', 'fingerprint'])
      .where('bankAccountId', '=', bankAccountId)
      .where('fingerprint', 'in', [...part])
      .execute()
    for (const row of rows) found.set(row.fingerprint, row.id)
  }
  return found
}

export async function exerciseYears(db: ReadHandle): Promise<ReadonlySet<number>> {
  return new Set((await db.selectFrom('exercise').select('year').execute()).map((e) => e.year))
}

/** Numbers of provvisori in force of an account and exercise, with the movement that has each. */
export async function takenProvvisori(
  db: ReadHandle,
  bankAccountId: Id<'bankAccount'>,
  exercise: number,
): Promise<Map<number, Id<'bankMovement'>>> {
  const rows = await db
    .selectFrom('provvisorio')
    .select(['number', 'bankMovementId'])
    .where('bankAccountId', '=', bankAccountId)
    .where('exercise', '=', exercise)
    .where('annulledAt', 'is', null)
    .execute()
  return new Map(rows.map((r) => [r.number, r.bankMovementId]))
}

export async function insertProvvisori(
  db: WriteHandle,
  rows: readonly {
    readonly bankMovementId: Id<'bankMovement'>
    readonly bankAccountId: Id<'bankAccount'>
    readonly exercise: number
    readonly number: number
  }[],
): Promise<void> {
  await insertMany(
    db,
    'provvisorio',
    rows.map((row) => ({ ...row, annulledAt: null })),
  )
}

export interface ReversaleFact {
  readonly id: Id<'reversale'>
  readonly exercise: number
  readonly number: number
  readonly cents: Cents
  readonly annulledOn: IsoDate | null
  readonly executed: boolean
}

/** Reversali of an exercise that bear these numbers. */
export async function reversaliByNumber(
  db: ReadHandle,
  exercise: number,
  numbers: readonly number[],
): Promise<Map<number, ReversaleFact>> {
  const found = new Map<number, ReversaleFact>()
  for (const part of chunks([...new Set(numbers)])) {
    const rows = await db
      .selectFrom('reversale as r')
      .leftJoin('reversaleAnnulment as x', 'x.reversaleId', 'r.id')
      .leftJoin('reversaleExecution as e', 'e.reversaleId', 'r.id')
      .select(['r.id', 'r.exercise', 'r.number', 'r.cents', 'x.date as annulledOn', 'e.id as executionId'])
      .where('r.exercise', '=', exercise)
      .where('r.number', 'in', [...part])
      .execute()
    for (const { executionId, ...row } of rows) found.set(row.number, { ...row, executed: executionId !== null })
  }
  return found
}

export async function insertExecutions(
  db: WriteHandle,
  rows: readonly {
    readonly reversaleId: Id<'reversale'>
    readonly date: IsoDate
    readonly bankStatementId: Id<'bankStatement'> | null
  }[],
  at: Instant,
  operator: string,
): Promise<void> {
  await insertMany(
    db,
    'reversaleExecution',
    rows.map((row) => ({ ...row, quietanzaNumber: null, at, operator })),
  )
}

const MAPPING_KIND = 'bankStatement'

/** How a person said that this account's files are read. */
export async function rememberedMapping(
  db: ReadHandle,
  bankAccountId: Id<'bankAccount'>,
): Promise<StatementMapping | null> {
  const row = await db
    .selectFrom('profile')
    .select('mappingJson')
    .where('kind', '=', MAPPING_KIND)
    .where('name', '=', String(bankAccountId))
    .executeTakeFirst()
  return row ? (JSON.parse(row.mappingJson) as StatementMapping) : null
}

export async function rememberMapping(
  db: WriteHandle,
  bankAccountId: Id<'bankAccount'>,
  mapping: StatementMapping,
): Promise<void> {
  const mappingJson = canonicalJson(mapping as unknown as JsonValue)
  await db
    .insertInto('profile')
    .values({ kind: MAPPING_KIND, name: String(bankAccountId), mappingJson })
    .onConflict((conflict) => conflict.columns(['kind', 'name']).doUpdateSet({ mappingJson }))
    .execute()
}
