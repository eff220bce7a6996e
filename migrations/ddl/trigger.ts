import type { DialectName } from './dialect.ts'

/**
 * Triggers as data: one text for both engines, one generator per dialect. Conditions and statements use `NEW."x"` and
 * `OLD."x"`, subqueries allowed (on PostgreSQL they go into the function body). A refusal raises «CODE table».
 */
export interface Refusal {
  readonly table: string
  readonly event: TriggerEvent
  /** Short name, unique for the table. */
  readonly name: string
  readonly when: string
  readonly code: string
}

export interface Action {
  readonly table: string
  readonly event: TriggerEvent
  readonly name: string
  /** Done only when this holds. */
  readonly when?: string
  /** True when the statements move balances, which refuse everybody else. */
  readonly movesBalances: boolean
  readonly statements: readonly string[]
}

type TriggerEvent = 'INSERT' | 'UPDATE' | 'DELETE'

/** True when the statement was not started by a trigger of ours: balances are written only by triggers. */
export const OUTSIDE_TRIGGERS = '@outsideTriggers'

/**
 * SQLite does not tell a trigger who started it: the moving triggers open this gate, write and close it. PostgreSQL
 * knows its depth (and would crawl on one row updated thousands of times in a transaction).
 */
export const BALANCE_GATE = 'balanceGate'

const OUTSIDE: Readonly<Record<DialectName, string>> = {
  sqlite: `(SELECT "open" FROM "${BALANCE_GATE}") = 0`,
  postgres: 'pg_trigger_depth() <= 1',
}

export function refusalSql(refusal: Refusal, dialect: DialectName): string[] {
  const when = refusal.when.replaceAll(OUTSIDE_TRIGGERS, OUTSIDE[dialect])
  const name = `${refusal.table}_${refusal.event.toLowerCase()}_${refusal.name}`
  const message = `${refusal.code} ${refusal.table}`
  if (dialect === 'sqlite') {
    return [
      `CREATE TRIGGER "${name}" BEFORE ${refusal.event} ON "${refusal.table}" FOR EACH ROW WHEN ${when}\nBEGIN\n  SELECT RAISE(ABORT, '${message}');\nEND`,
    ]
  }
  const row = refusal.event === 'DELETE' ? 'OLD' : 'NEW'
  return postgresTrigger(
    name,
    'BEFORE',
    refusal.event,
    refusal.table,
    `IF (${when}) THEN RAISE EXCEPTION '${message}' USING ERRCODE = 'QZ001'; END IF;\n  RETURN ${row};`,
  )
}

/** PostgreSQL only: the refusal of that name goes, so that another may take its place. */
export function dropRefusalSql(refusal: Refusal): string[] {
  const name = `${refusal.table}_${refusal.event.toLowerCase()}_${refusal.name}`
  return [`DROP TRIGGER "${name}" ON "${refusal.table}"`, `DROP FUNCTION "${name}"()`]
}

export function actionSql(action: Action, dialect: DialectName): string[] {
  const name = `${action.table}_${action.event.toLowerCase()}_${action.name}`
  if (dialect === 'sqlite') {
    const gate = (open: 0 | 1) => (action.movesBalances ? [`UPDATE "${BALANCE_GATE}" SET "open" = ${open}`] : [])
    const body = [...gate(1), ...action.statements, ...gate(0)].map((s) => `  ${s};`).join('\n')
    const when = action.when ? ` WHEN ${action.when}` : ''
    return [
      `CREATE TRIGGER "${name}" AFTER ${action.event} ON "${action.table}" FOR EACH ROW${when}\nBEGIN\n${body}\nEND`,
    ]
  }
  const statements = action.statements.map((s) => `${s};`).join('\n  ')
  const body = action.when ? `IF (${action.when}) THEN\n  ${statements}\n  END IF;` : statements
  return postgresTrigger(name, 'AFTER', action.event, action.table, `${body}\n  RETURN NULL;`)
}

/** Without the setting, a plan made while a table was empty reads it whole for the rest of the session. */
function postgresTrigger(name: string, timing: string, event: string, table: string, body: string): string[] {
  return [
    `CREATE FUNCTION "${name}"() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $body$\nBEGIN\n  ${body}\nEND $body$`,
    `CREATE TRIGGER "${name}" ${timing} ${event} ON "${table}" FOR EACH ROW EXECUTE FUNCTION "${name}"()`,
  ]
}
