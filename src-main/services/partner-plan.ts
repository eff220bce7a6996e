import { createHash } from 'node:crypto'
import type { PartnerFileRow } from '#codecs/partner-csv'
import type { Id } from '#domain/brand'
import { type Cents, sum } from '#domain/money'
import type { NodeEnvironment } from '#domain/node-ports'
import { thrownAway } from '#domain/node-step'
import { massivePosition, type PartnerFileKind } from '#domain/partner'
import { type Problem, ProblemError, problem } from '#domain/problem'
import { restingChunks } from '#ledger/chunks'
import type { ReadHandle } from '#ledger/ledger'
import { type NodeRow, presentEnvironment, readNodeRows, readPositionFacts } from '#ledger/node-position'
import { entrustedToTell, type NewPartnerRow } from '#ledger/partner'
import { handedRows, standingAtPartner } from '#ledger/partner-held'
import type { PositionQuery } from '#ledger/position-list'
import type { ServiceContext } from './context.ts'
import { type GpdBodyOf, readGpdBodies } from './gpd-bodies.ts'
import { requireSameEnvironment } from './node-connection.ts'
import { centsOf } from './position-revise.ts'
import { today } from './produced-file.ts'
import { chosenPositions, LeftOut, type Selection } from './selection.ts'

/** GPD takes files of 100.000 positions and of 100 MiB (pagopa.md §7.4); with plans the second comes first. */
export const MOST_ROWS = 50_000

/** A position that a file would tell the partner of. */
export type PlannedRow = NewPartnerRow & PartnerFileRow

export interface PartnerPlan {
  readonly environment: NodeEnvironment
  readonly kind: PartnerFileKind
  readonly rows: readonly PlannedRow[]
  readonly leftOut: LeftOut
  readonly problems: readonly Problem[]
}

/** Who would be handed to the partner for the first time, and who would not and why. */
export async function planEntrust(
  db: ReadHandle,
  context: ServiceContext,
  selection: Selection<PositionQuery>,
  alsoPublished: boolean,
): Promise<PartnerPlan & { readonly published: number }> {
  const environment = await presentEnvironment(db)
  const day = today(context)
  const leftOut = new LeftOut()
  const rows: PlannedRow[] = []
  let published = 0
  for await (const slice of restingChunks(await chosenPositions(db, selection, day), 500)) {
    const facts = await readPositionFacts(db, slice)
    const handed = await handedRows(db, environment, slice)
    const onNode = Map.groupBy(await readNodeRows(db, environment, slice), (row) => row.debtPositionId as number)
    const bodies = await readGpdBodies(db, context, slice)
    for (const id of slice) {
      const of = facts.get(id)
      const body = bodies.get(id)
      if (of === undefined || body === undefined) continue
      const there = standingOnNode(onNode.get(id) ?? [])
      const why = notEntrusted(of, handed.has(id), there)
      if (why === null && there === 'published') published += 1
      if (why !== null) leftOut.add(why)
      else if (there === 'published' && !alsoPublished) leftOut.add('Sono già sul nodo, pubblicate da qui')
      else if (body.position.validUntil < day) leftOut.add('Valevano fino a un giorno passato: vanno riemesse')
      else pushBody(rows, leftOut, id, body, of.paidOutside.length)
    }
  }
  const warning = { severity: 'warning' } as const
  const problems = [
    ...(rows.length > MOST_ROWS ? [problem('PARTNER_TOO_MANY', { count: rows.length, limit: MOST_ROWS })] : []),
    ...(published > 0 ? [problem('PARTNER_ON_NODE', { count: published }, warning)] : []),
  ]
  return { environment, kind: 'create', rows, leftOut, problems, published }
}

function standingOnNode(rows: readonly NodeRow[]): 'none' | 'leaving' | 'published' {
  if (rows.some((row) => row.step !== null || row.unsure === 1)) return 'leaving'
  // What waits to leave is wanted there, too: who hands it over takes it away from there.
  return rows.some((row) => row.pending === 1 || (row.state !== null && !thrownAway(row.state))) ? 'published' : 'none'
}

type Facts = NonNullable<ReturnType<Awaited<ReturnType<typeof readPositionFacts>>['get']>>

function notEntrusted(facts: Facts, isHanded: boolean, onNode: 'none' | 'leaving' | 'published'): string | null {
  if (facts.lifecycle === 'cancelled') return 'Sono annullate'
  if (facts.lifecycle === 'draft') return 'Sono bozze'
  if (facts.settled) return 'Sono già pagate'
  if (isHanded) return 'Sono già affidate al partner'
  return onNode === 'leaving' ? 'Stanno andando sul nodo proprio ora' : null
}

function pushBody(
  rows: PlannedRow[],
  leftOut: LeftOut,
  id: Id<'debtPosition'>,
  { position, reading }: GpdBodyOf,
  closed: number,
): void {
  if (reading.kind === 'unpublishable') {
    const [first = ''] = reading.reasons
    leftOut.add(`Il nodo non le prende così: ${first.replace(/^Avviso \d+: /, '')}`)
    return
  }
  const { iupd, version } = position
  rows.push({
    ...{ debtPositionId: id, iupd, version, closed, cents: centsOf(position) },
    position: massivePosition(reading.body),
  })
}

/** What the partner should be told besides, a file for each kind; what he refused apart. */
export async function planDue(
  db: ReadHandle,
  context: ServiceContext,
): Promise<readonly (PartnerPlan & { readonly again: boolean })[]> {
  const environment = await presentEnvironment(db)
  const groups = KINDS.flatMap((kind) =>
    [false, true].map((again) => ({
      ...{ environment, kind, again, rows: [] as PlannedRow[], leftOut: new LeftOut(), problems: [] as Problem[] },
    })),
  )
  for await (const slice of restingChunks(await entrustedToTell(db, environment), 500)) {
    const facts = await readPositionFacts(db, slice)
    const handed = await handedRows(db, environment, slice)
    const bodies = await readGpdBodies(db, context, slice)
    for (const id of slice) {
      const of = facts.get(id)
      const body = bodies.get(id)
      if (of === undefined || body === undefined) continue
      const given = handed.get(id) ?? []
      for (const { iupd, need, refused } of standingAtPartner(of, given)) {
        const group = groups.find((one) => one.kind === need && one.again === refused)
        if (group === undefined) continue
        const closed = of.paidOutside.length
        if (need !== 'delete') pushBody(group.rows, group.leftOut, id, body, closed)
        else {
          const version = given.findLast((row) => row.iupd === iupd)?.version ?? of.version
          const cents = centsOf(body.position)
          group.rows.push({ debtPositionId: id, iupd, version, closed, cents, position: null })
        }
      }
    }
  }
  return groups.filter(({ rows, leftOut }) => rows.length > 0 || leftOut.list().length > 0).map(fitting)
}

const KINDS: readonly PartnerFileKind[] = ['create', 'update', 'delete']

/** What does not stand in one file goes into the next. */
function fitting<P extends PartnerPlan>(plan: P): P {
  return plan.rows.length <= MOST_ROWS ? plan : { ...plan, rows: plan.rows.slice(0, MOST_ROWS) }
}

/** The plan as the wire carries it. */
export function planOut(plan: PartnerPlan) {
  return {
    ...{ environment: plan.environment, count: plan.rows.length, cents: centsOfPlan(plan), stamp: stampOf(plan) },
    ...{ leftOut: plan.leftOut.list(), problems: [...plan.problems] },
  }
}

export function centsOfPlan({ rows }: PartnerPlan): Cents {
  return sum(rows.map((row) => row.cents))
}

export interface SeenPlan {
  readonly environment: NodeEnvironment
  readonly expected: number
  readonly stamp: string
}

/** @throws ProblemError when there is nothing to hand over, or not what the person saw */
export function planAsSeen(plan: PartnerPlan | undefined, seen: SeenPlan): asserts plan is PartnerPlan {
  const found = plan?.rows.length ?? 0
  if (plan === undefined) throw new ProblemError(problem('POSITION_ACT_MOVED', { expected: seen.expected, found }))
  requireSameEnvironment(seen.environment, plan.environment)
  const error = plan.problems.find(({ severity }) => severity === 'error')
  if (error !== undefined) throw new ProblemError(error)
  if (found === 0) {
    const [first] = plan.leftOut.list()
    throw new ProblemError(
      first ? problem('POSITION_ACT_REFUSED', { reason: first.reason }) : problem('POSITION_GONE', {}),
    )
  }
  if (found !== seen.expected || stampOf(plan) !== seen.stamp) {
    throw new ProblemError(problem('POSITION_ACT_MOVED', { expected: seen.expected, found }))
  }
}

export function stampOf({ environment, kind, rows }: PartnerPlan): string {
  const said = rows.map(({ iupd, version, cents, closed }) => `${iupd}|${version}|${cents}|${closed}`).sort()
  return createHash('sha256')
    .update([environment, kind, ...said].join('\n'))
    .digest('hex')
    .slice(0, 32)
}
