import { sql } from 'kysely'
import { noticeStyleTables } from './0002/notice-style.ts'
import type { DialectName } from './ddl/dialect.ts'
import type { Migration } from './ddl/migration.ts'
import { tableSql } from './ddl/table.ts'

/** What the institution decides about its notices and the letters that go with them. No row is needed to begin. */
export function statements0002(dialect: DialectName): string[] {
  return noticeStyleTables.flatMap((table) => tableSql(table, dialect))
}

export const migration0002: Migration = {
  name: '0002-notice-style',
  async up(db, dialect) {
    for (const statement of statements0002(dialect)) await sql.raw(statement).execute(db)
  },
}
