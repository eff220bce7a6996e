import { type Kysely, sql } from 'kysely'
import type { Ledger } from '#ledger/ledger'

/** All rows of all tables of a SQLite ledger, or of all but some: two digests are equal when nothing at all was written between. */
export function ledgerDigest(ledger: Ledger, without: readonly string[] = []): Promise<Record<string, unknown[]>> {
  return ledger.read(async (handle) => {
    const db = handle as unknown as Kysely<unknown>
    const tables = await sql<{ name: string }>`
      SELECT "name" FROM sqlite_master WHERE "type" = 'table' AND "name" NOT LIKE 'sqlite_%' ORDER BY "name"`.execute(
      db,
    )
    const digest: Record<string, unknown[]> = {}
    for (const { name } of tables.rows) {
      if (without.includes(name)) continue
      digest[name] = (await sql`SELECT * FROM ${sql.table(name)}`.execute(db)).rows
    }
    return digest
  })
}
