import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Log } from '#domain/ports'
import type { Ledger, LedgerTarget } from '#ledger/ledger'
import { ledgerTargetOf } from '../backend.ts'
import { systemClock } from '../clock.ts'
import { dataFolderOf, THIS_MACHINE } from '../data-folder.ts'
import { UnreadableError } from './command.ts'

/** The command line says what it finds; it writes no log of its own. */
const SILENT: Log = { info: () => undefined, warn: () => undefined, error: () => undefined }

export function dataFolder(given: string | null): string {
  return given === null ? dataFolderOf(THIS_MACHINE) : resolve(given)
}

/** Where the ledger is; null when there is none yet. Never makes one. */
export function presentLedger(folder: string): LedgerTarget | null {
  const target = ledgerTargetOf(folder)
  return target.engine === 'sqlite' && !existsSync(target.file) ? null : target
}

/** Opens the ledger, does the work, closes it whatever happens. */
export async function withLedger<T>(folder: string, work: (ledger: Ledger) => Promise<T>): Promise<T> {
  const target = presentLedger(folder)
  if (target === null) throw new UnreadableError(`In «${folder}» non c’è ancora un archivio.`)
  const { openLedger } = await import('#ledger/open-ledger')
  const ledger = await openLedger(target, { log: SILENT, clock: systemClock() })
  try {
    return await work(ledger)
  } finally {
    await ledger.close()
  }
}
