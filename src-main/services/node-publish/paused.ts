import type { ReadHandle } from '#ledger/ledger'
import { readSetting } from '#ledger/setting'

/** Nothing leaves while a person wants it so, on any workstation. */
export const PAUSED_SETTING = 'nodePosition.paused'

export async function isPaused(db: ReadHandle): Promise<boolean> {
  return (await readSetting(db, PAUSED_SETTING)) === 'true'
}
