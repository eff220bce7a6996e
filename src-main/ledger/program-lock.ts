import Database from 'better-sqlite3'
import { ProblemError, problem } from '#domain/problem'

export interface ProgramLock {
  release(): void
}

/**
 * One program at a time on a ledger file: two would take each other's deliveries under way for lost. The lock is a
 * SQLite file held in an exclusive transaction, so that the system lets it go with the program, however that dies; a
 * file with a process number would outlive it.
 * @throws ProblemError LEDGER_OPEN_ELSEWHERE when another program holds it.
 */
export function lockForProgram(ledgerFile: string): ProgramLock {
  const db = new Database(`${ledgerFile}.aperto`, { timeout: 0 })
  try {
    db.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    db.close()
    if ((error as { code?: string }).code !== 'SQLITE_BUSY') throw error
    throw new ProblemError(problem('LEDGER_OPEN_ELSEWHERE', { file: ledgerFile }))
  }
  return { release: () => db.close() }
}
