import { type Kysely, sql } from 'kysely'
import type { Log } from '#domain/ports'
import { ProblemError, problem } from '#domain/problem'
import type { Migration } from '#migrations/ddl/migration'
import { type Engine, untyped } from './engine/engine.ts'

/**
 * Brings the ledger to the shape this program knows: backup first (SQLite, when there is something to lose), then every
 * pending step in one transaction.
 * @throws ProblemError LEDGER_NEWER, LEDGER_NOT_OURS, LEDGER_UPGRADE_FAILED; the ledger is then as it was.
 */
export async function migrate(engine: Engine, migrations: readonly Migration[], log: Log): Promise<void> {
  const isNew = await engine.isEmpty()
  if (!isNew && pendingOf(await engine.read((db) => appliedNames(db as never, engine)), migrations).length === 0) return
  const backup = isNew || engine.dialect === 'postgres' ? null : await engine.backup(undefined)
  let step = ''
  try {
    await engine.reshape(async (handle) => {
      const db = untyped(handle)
      // Asked again under the lock: another program may have done it meanwhile.
      await sql
        .raw(`CREATE TABLE IF NOT EXISTS "schemaMigration" ("name" TEXT PRIMARY KEY, "at" TEXT NOT NULL)`)
        .execute(db)
      for (const migration of pendingOf(await appliedNames(db, engine), migrations)) {
        step = migration.name
        await migration.up(db, engine.dialect)
        await sql`INSERT INTO "schemaMigration" ("name", "at") VALUES (${step}, ${engine.clock.now()})`.execute(db)
        log.info('ledger.migrated', { step })
      }
    })
  } catch (cause) {
    if (cause instanceof ProblemError) throw cause
    log.error('ledger.migrationFailed', { step, cause: String(cause) })
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new ProblemError(problem('LEDGER_UPGRADE_FAILED', { step, reason, backup: backup?.file ?? '' }))
  }
}

function pendingOf(applied: readonly string[], known: readonly Migration[]): readonly Migration[] {
  const names = new Set(known.map((migration) => migration.name))
  const found = applied.filter((name) => !names.has(name)).at(-1)
  if (found !== undefined) {
    throw new ProblemError(problem('LEDGER_NEWER', { found, known: known.at(-1)?.name ?? '' }))
  }
  return known.filter((migration) => !applied.includes(migration.name))
}

async function appliedNames(db: Kysely<unknown>, engine: Engine): Promise<string[]> {
  try {
    const rows = await sql<{ name: string }>`SELECT "name" FROM "schemaMigration" ORDER BY "name"`.execute(db)
    return rows.rows.map((row) => row.name)
  } catch {
    throw new ProblemError(problem('LEDGER_NOT_OURS', { file: engine.place }))
  }
}

/** Name of the last step applied: the version of the ledger's shape. */
export async function schemaVersion(engine: Engine): Promise<string> {
  return engine.read(async (db) => (await appliedNames(db as never, engine)).at(-1) ?? '')
}
