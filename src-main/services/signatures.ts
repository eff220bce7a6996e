import { signaturesSchema } from '#contract/reversale'
import type { ReadHandle, WriteHandle } from '#ledger/ledger'
import { readSetting, writeSetting } from '#ledger/setting'

const KEY = 'institution:signatures'

/** Who signs where an institution has not said it: as the orders' regulations of accounting have it. */
const USUAL: readonly string[] = ['Il Tesoriere', 'Il Presidente']

/** Offices that sign reversali and transmission lists, left to right, at most three. */
export async function readSignatures(db: ReadHandle): Promise<string[]> {
  const json = await readSetting(db, KEY)
  return json === null ? [...USUAL] : signaturesSchema.parse(JSON.parse(json)).offices
}

export async function writeSignatures(db: WriteHandle, offices: readonly string[]): Promise<void> {
  await writeSetting(db, KEY, JSON.stringify({ offices }))
}
