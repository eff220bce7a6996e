import type { Id } from '#domain/brand'
import { canonicalJson } from '#domain/json'
import type { ReadHandle, WriteHandle } from './ledger.ts'
import { readSetting, writeSetting } from './setting.ts'

/** The rules of the books, each a setting of its own name with these presets. */
export interface BookRules {
  readonly reversaleGrouping: 'flow' | 'payer' | 'day'
  readonly reversaleDate: 'bankDate' | 'postingDay'
  readonly requireReceipt: boolean
  readonly annulExecuted: boolean
  readonly excessCapitolo: Id<'capitolo'> | null
  readonly unidentifiedCapitolo: Id<'capitolo'> | null
}

const PRESETS: BookRules = {
  reversaleGrouping: 'flow',
  reversaleDate: 'bankDate',
  requireReceipt: false,
  annulExecuted: false,
  excessCapitolo: null,
  unidentifiedCapitolo: null,
}
const KEYS = Object.keys(PRESETS) as (keyof BookRules)[]

export async function readBookRules(db: ReadHandle): Promise<BookRules> {
  const rows = await db.selectFrom('setting').selectAll().where('key', 'in', KEYS).execute()
  return { ...PRESETS, ...Object.fromEntries(rows.map((row) => [row.key, JSON.parse(row.valueJson)])) }
}

export async function writeBookRules(db: WriteHandle, rules: BookRules): Promise<void> {
  for (const key of KEYS) await writeSetting(db, key, canonicalJson(rules[key]))
}

const LATE_CREDIT = 'lateCredit'

/** Closed exercises whose late credits a person has agreed to collect in the open one. */
export async function readAgreedLate(db: ReadHandle): Promise<ReadonlySet<number>> {
  const json = await readSetting(db, LATE_CREDIT)
  return new Set(json === null ? [] : (JSON.parse(json) as number[]))
}

export async function agreeLate(db: WriteHandle, years: readonly number[]): Promise<void> {
  const all = new Set([...(await readAgreedLate(db)), ...years])
  await writeSetting(db, LATE_CREDIT, canonicalJson([...all].sort((a, b) => a - b)))
}
