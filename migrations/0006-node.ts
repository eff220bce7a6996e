import { sql } from 'kysely'
import { cart } from './0006/cart.ts'
import { connection } from './0006/connection.ts'
import { follow } from './0006/follow.ts'
import { publish } from './0006/publish.ts'
import { receive } from './0006/receive.ts'
import { roads } from './0006/roads.ts'
import { taxonomy } from './0006/taxonomy.ts'
import type { DialectName } from './ddl/dialect.ts'
import type { Migration } from './ddl/migration.ts'
import { sliceSql } from './ddl/slice.ts'

const SLICES = [connection, publish, follow, receive, cart, roads, taxonomy]

/** The pagoPA node: how it is reached, what it holds of ours, what came from it, carts, partners' files, taxonomy. */
export function statements0006(dialect: DialectName): string[] {
  return SLICES.flatMap((slice) => sliceSql(slice, dialect))
}

export const migration0006: Migration = {
  name: '0006-node',
  async up(db, dialect) {
    for (const statement of statements0006(dialect)) await sql.raw(statement).execute(db)
  },
}
