import { existsSync, rmSync } from 'node:fs'
import { ProblemError, problem } from '#domain/problem'
import type { Migration } from '#migrations/ddl/migration'
import { MIGRATIONS } from '#migrations/list'
import type { Engine } from './engine/engine.ts'
import { PostgresEngine } from './engine/postgres-engine.ts'
import { SqliteEngine } from './engine/sqlite-engine.ts'
import { leftUnclean, refuseForeignFile, refuseNetworkShare } from './engine/sqlite-file.ts'
import { problemOfError } from './errors.ts'
import type { Ledger, LedgerTarget, LedgerTools } from './ledger.ts'
import { migrate } from './migrate.ts'
import { SqlLedger } from './sql-ledger.ts'

/** Schema of a ledger on PostgreSQL when its address names none. */
const DEFAULT_SCHEMA = 'quietanza'

/**
 * Opens a ledger, new or old: place and integrity checked, migrated, ready.
 * @throws ProblemError LEDGER_ON_NETWORK, LEDGER_NOT_OURS, LEDGER_DAMAGED, LEDGER_NEWER, LEDGER_UPGRADE_FAILED,
 * LEDGER_UNREACHABLE: each leaves the ledger as it was.
 */
export async function openLedger(
  target: LedgerTarget,
  tools: LedgerTools,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<Ledger> {
  const isNewFile = target.engine === 'sqlite' && !existsSync(target.file)
  const engine = target.engine === 'sqlite' ? await openSqlite(target.file, tools) : await openPostgres(target, tools)
  try {
    await migrate(engine, migrations, tools.log)
    return new SqlLedger(target, engine, tools.log)
  } catch (error) {
    await engine.close()
    if (isNewFile) rmSync(target.file, { force: true })
    throw problemOfError(error)
  }
}

async function openSqlite(file: string, tools: LedgerTools): Promise<Engine> {
  refuseNetworkShare(file)
  refuseForeignFile(file)
  const unclean = leftUnclean(file)
  let engine: SqliteEngine | undefined
  try {
    engine = new SqliteEngine(file, tools.clock)
    const findings = await engine.integrity(unclean)
    if (findings.length > 0) throw damaged(file, findings.slice(0, 3).join('; '))
    if (unclean) tools.log.warn('ledger.uncleanExit', { file })
    return engine
  } catch (error) {
    await engine?.close().catch(() => {})
    const code = (error as { code?: string }).code ?? ''
    if (/^SQLITE_(CORRUPT|NOTADB)/.test(code)) throw damaged(file, (error as Error).message)
    throw problemOfError(error)
  }
}

function openPostgres(target: LedgerTarget & { engine: 'postgres' }, tools: LedgerTools): Promise<Engine> {
  const { url, schema = DEFAULT_SCHEMA, clock = 'server' } = target
  return PostgresEngine.open(url, schema, tools.clock, clock === 'server')
}

function damaged(file: string, reason: string): ProblemError {
  return new ProblemError(problem('LEDGER_DAMAGED', { file, reason }))
}
