import type { MassiveKind } from '#domain/node-ports'
import type { DueRow } from '#ledger/node-position-work'

/** Up to so many go one by one: each has its own answer, and as many calls cost nothing. */
export const FEW = 5
/** Positions in one bulk call, and removals. */
export const BULK = 100
export const REMOVED_AT_ONCE = 20
/** Rows in hand at the same time: after a cut each of them has to be asked about. */
const MOST_ALONE = 400
const MOST_IN_BULK = 1000

export type Way = 'few' | 'bulk' | 'plan' | 'massive'

/** Which of the due rows are taken in hand now. */
export interface Chosen {
  readonly rows: readonly DueRow[]
  /** They go all together, in one file. */
  readonly massive: MassiveKind | null
}

export interface ChoosingRules {
  /** So many or more of one kind go by the massive load. */
  readonly massiveFrom: number
  /** Without it, for a while: it did not take the last one. */
  readonly massiveWorks: boolean
  /** Nothing new is published before the day on which the institution is active. */
  readonly mayCreate: boolean
}

const MASSIVE: Readonly<Record<MassiveKind, DueRow['step']>> = { create: 'create', update: 'update', delete: 'remove' }

/** @param due oldest first */
export function chooseRows(due: readonly DueRow[], rules: ChoosingRules): Chosen | null {
  const open = due.filter(({ step }) => step !== 'create' || rules.mayCreate)
  for (const kind of ['create', 'update', 'delete'] as const) {
    const rows = open.filter((one) => one.step === MASSIVE[kind] && goesInBulk(one))
    if (rules.massiveWorks && rows.length >= rules.massiveFrom) return { rows, massive: kind }
  }
  const alone = open.filter((one) => !goesInBulk(one)).slice(0, MOST_ALONE)
  const bulk = open.filter(goesInBulk).slice(0, MOST_IN_BULK)
  return alone.length + bulk.length === 0 ? null : { rows: [...alone, ...bulk], massive: null }
}

/** Plans go by v3, which takes them one by one; so does whatever is only asked or closed. */
export function goesInBulk({ step, facts, row }: DueRow): boolean {
  if (step === 'create' || step === 'update') return facts.api === 'v1'
  return step === 'remove' && row.api === 'v1'
}

/** What a person reads before: which way so many of each kind go, in how many calls. */
export function waysOf(
  plain: number,
  plans: number,
  { massiveFrom }: Pick<ChoosingRules, 'massiveFrom'>,
  most: number,
) {
  const ways: { way: Way; count: number; calls: number }[] = []
  if (plain >= massiveFrom) ways.push({ way: 'massive', count: plain, calls: Math.ceil(plain / most) })
  else if (plain > FEW) ways.push({ way: 'bulk', count: plain, calls: Math.ceil(plain / BULK) })
  else if (plain > 0) ways.push({ way: 'few', count: plain, calls: plain })
  if (plans > 0) ways.push({ way: 'plan', count: plans, calls: plans })
  return ways
}
