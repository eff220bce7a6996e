import { type Kysely, sql } from 'kysely'
import { addedColumns, newTables, proposalTable, refusals } from './0004/reconciliation.ts'
import type { DialectName } from './ddl/dialect.ts'
import type { Migration } from './ddl/migration.ts'
import { addColumnSql, tableSql } from './ddl/table.ts'
import { refusalSql } from './ddl/trigger.ts'

/** Files and rows that wait, what decisions speak of, executed reversali, rules, watched folders, lists for the Albo. */
export function statements0004(dialect: DialectName): string[] {
  return [
    ...Object.entries(addedColumns).flatMap(([table, columns]) =>
      Object.entries(columns).map(([name, column]) =>
        addColumnSql(table, name, column, dialect, name === 'labelsJson' ? `'[]'` : null),
      ),
    ),
    'DROP TABLE "proposal"',
    ...tableSql(proposalTable, dialect),
    ...newTables.flatMap((table) => tableSql(table, dialect)),
    ...refusals.flatMap((refusal) => refusalSql(refusal, dialect)),
  ]
}

/** Subjects of the decisions that there are: the movement of most of them, each movement of an exclusion of many. */
async function fillSubjects(db: Kysely<unknown>): Promise<void> {
  const decisions = await sql<{ id: number; subjectKind: string; subjectKey: string; payloadJson: string }>`
    SELECT "id", "subjectKind", "subjectKey", "payloadJson" FROM "decision" ORDER BY "id"`.execute(db)
  for (const { id, subjectKind, subjectKey, payloadJson } of decisions.rows) {
    const many = (JSON.parse(payloadJson) as { movementIds?: number[] } | null)?.movementIds
    for (const key of many?.map(String) ?? [subjectKey]) {
      await sql`INSERT INTO "decisionSubject" ("decisionId", "kind", "key") VALUES (${id}, ${subjectKind}, ${key})`.execute(
        db,
      )
    }
  }
}

/** What was collected before the lists for the Albo existed belongs to the first of them. */
async function fillWriteBacks(db: Kysely<unknown>): Promise<void> {
  await sql`INSERT INTO "alboWriteBack" ("personId", "accertamentoId", "reversaleLineId", "externalReference", "cents", "at")
    SELECT a."personId", a."id", l."id", a."externalReference", l."cents", r."at" FROM "reversaleLine" l
    JOIN "reversale" r ON r."id" = l."reversaleId" JOIN "accertamento" a ON a."id" = l."accertamentoId"
    ORDER BY l."id"`.execute(db)
}

export const migration0004: Migration = {
  name: '0004-reconciliation',
  async up(db, dialect) {
    for (const statement of statements0004(dialect)) await sql.raw(statement).execute(db)
    await fillSubjects(db)
    await fillWriteBacks(db)
  },
}
