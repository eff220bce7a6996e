import { sql } from 'kysely'
import { albo } from './0005/albo.ts'
import { imports } from './0005/imports.ts'
import { lists } from './0005/lists.ts'
import { people } from './0005/people.ts'
import { position } from './0005/position.ts'
import { tariff } from './0005/tariff.ts'
import type { DialectName } from './ddl/dialect.ts'
import type { Migration } from './ddl/migration.ts'
import { sliceSql } from './ddl/slice.ts'

const SLICES = [imports, people, position, tariff, albo, lists]

/** Imports with what they changed of people, people merged and erased, new versions of positions, tariffs, lists for each Albo. */
export function statements0005(dialect: DialectName): string[] {
  return SLICES.flatMap((slice) => sliceSql(slice, dialect))
}

export const migration0005: Migration = {
  name: '0005-register-and-positions',
  async up(db, dialect) {
    for (const statement of statements0005(dialect)) await sql.raw(statement).execute(db)
  },
}
