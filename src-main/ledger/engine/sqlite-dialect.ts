import type Database from 'better-sqlite3'
import {
  CompiledQuery,
  type DatabaseConnection,
  type Driver,
  SqliteDialect,
  type SqliteDialectConfig,
  SqliteDriver,
} from 'kysely'

/** Statements kept prepared on one connection: bulk writes repeat the same text thousands of times. */
const KEPT_STATEMENTS = 200

class ImmediateDriver extends SqliteDriver {
  readonly #begin: string
  constructor(config: SqliteDialectConfig, begin: string) {
    super(config)
    this.#begin = begin
  }
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw(this.#begin))
  }
}

/** Kysely says `begin`; a write must take the lock at once, or it can fail half way with SQLITE_BUSY. */
export class ImmediateSqliteDialect extends SqliteDialect {
  readonly #config: SqliteDialectConfig
  readonly #begin: string
  constructor(database: Database.Database, begin: 'begin immediate' | 'begin') {
    const config: SqliteDialectConfig = { database: withKeptStatements(database) as never }
    super(config)
    this.#config = config
    this.#begin = begin
  }
  override createDriver(): Driver {
    return new ImmediateDriver(this.#config, this.#begin)
  }
}

function withKeptStatements(database: Database.Database) {
  const kept = new Map<string, Database.Statement>()
  return {
    close: () => database.close(),
    prepare(sql: string): Database.Statement {
      const found = kept.get(sql)
      // A statement being iterated by a stream cannot be shared.
      if (found && !found.busy) return found
      const statement = database.prepare(sql)
      if (kept.size >= KEPT_STATEMENTS) kept.delete(kept.keys().next().value as string)
      kept.set(sql, statement)
      return statement
    },
  }
}
