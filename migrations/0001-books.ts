import { sql } from 'kysely'
import { booksTables } from './0001/books.ts'
import { bookTriggers } from './0001/books-triggers.ts'
import { deliveryTables } from './0001/delivery.ts'
import { derivedTables } from './0001/derived.ts'
import { evidenceTables } from './0001/evidence.ts'
import { FIXED, fixedRefusals } from './0001/fixed-triggers.ts'
import { institutionTables } from './0001/institution.ts'
import { personTables } from './0001/person.ts'
import { positionTables } from './0001/position.ts'
import { registerTables } from './0001/register.ts'
import { stateRefusals } from './0001/state-triggers.ts'
import { systemTables } from './0001/system.ts'
import type { DialectName } from './ddl/dialect.ts'
import type { Migration } from './ddl/migration.ts'
import { tableSql } from './ddl/table.ts'
import { actionSql, BALANCE_GATE, refusalSql } from './ddl/trigger.ts'

/** The whole first shape: order matters, PostgreSQL wants the referenced table first. */
export function statements0001(dialect: DialectName): string[] {
  const tables = [
    ...institutionTables,
    ...personTables,
    ...registerTables,
    ...booksTables.accertamenti,
    ...positionTables,
    ...deliveryTables,
    ...evidenceTables,
    ...booksTables.collections,
    ...derivedTables,
    ...systemTables,
  ]
  return [
    ...tables.flatMap((table) => tableSql(table, dialect)),
    `INSERT INTO "${BALANCE_GATE}" ("id", "open") VALUES (1, 0)`,
    'INSERT INTO "revision" ("id", "counter") VALUES (1, 0)',
    ...[...fixedRefusals(FIXED), ...stateRefusals, ...bookTriggers.refusals].flatMap((r) => refusalSql(r, dialect)),
    ...bookTriggers.actions.flatMap((a) => actionSql(a, dialect)),
  ]
}

export const migration0001: Migration = {
  name: '0001-books',
  async up(db, dialect) {
    for (const statement of statements0001(dialect)) await sql.raw(statement).execute(db)
  },
}
