import { hasEvidence } from '#ledger/reconcile-load'
import { readSetting } from '#ledger/setting'
import { TO_DECIDE_SETTING } from '#ledger/to-decide'
import { command } from './command.ts'
import type { ServiceContext } from './context.ts'
import { reconcileLedger } from './reconcile-ledger.ts'

/**
 * What is kept of a reconciliation grows with the program: an archive that an older one filled is reconciled once when it is
 * opened, so that menus and lists do not wait for the next flow to be true. False where there is nothing to do.
 */
export async function reconcileUpgraded(
  context: Pick<ServiceContext, 'ledger' | 'clock' | 'operator'>,
): Promise<boolean> {
  const { ledger } = context
  const old = await ledger.read(
    async (db) => (await readSetting(db, TO_DECIDE_SETTING)) === null && (await hasEvidence(db)),
  )
  if (!old) return false
  const write = command(context as ServiceContext, 'ledger.reconcile', {})
  await ledger.write(write, (db) => reconcileLedger(db, write.at))
  return true
}
