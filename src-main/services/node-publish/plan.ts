import { createHash } from 'node:crypto'
import type { Id } from '#domain/brand'
import { formatDate, type IsoDate, romeDate } from '#domain/date'
import { type Cents, sum } from '#domain/money'
import type { NodeEnvironment } from '#domain/node-ports'
import type { StoredPosition } from '#domain/position-plan'
import { type Problem, ProblemError, problem } from '#domain/problem'
import { restingChunks } from '#ledger/chunks'
import type { ReadHandle } from '#ledger/ledger'
import { readNodeSettings } from '#ledger/node-connection'
import { nextOf, presentEnvironment, readNodeRows, readPositionFacts } from '#ledger/node-position'
import { MOST_AT_ONCE } from '#ledger/node-position-work'
import { handedRows } from '#ledger/partner-held'
import type { PositionQuery } from '#ledger/position-list'
import { readStoredPositions } from '#ledger/position-version'
import type { ServiceContext } from '../context.ts'
import { readGpdBodies } from '../gpd-bodies.ts'
import { needNode, requireSameEnvironment } from '../node-connection.ts'
import { centsOf } from '../position-revise.ts'
import { today } from '../produced-file.ts'
import { chosenPositions, LeftOut, type Selection } from '../selection.ts'
import { taxonomyWarnings } from '../taxonomy-warnings.ts'
import { REMOVED_AT_ONCE, waysOf } from './choose.ts'
import { isPaused } from './paused.ts'

/** What a person is about to want on the node, or off it. */
export interface NodePlan {
  readonly environment: NodeEnvironment
  readonly rows: readonly PlannedRow[]
  readonly ways: ReturnType<typeof waysOf>
  readonly leftOut: LeftOut
  readonly problems: readonly Problem[]
}

interface PlannedRow {
  readonly id: Id<'debtPosition'>
  readonly version: number
  readonly cents: Cents
}

/** Who would go onto the node now, which way, and who would not and why. */
export async function planPublication(
  db: ReadHandle,
  context: ServiceContext,
  selection: Selection<PositionQuery>,
): Promise<NodePlan> {
  const environment = await presentEnvironment(db)
  const day = today(context)
  const leftOut = new LeftOut()
  const rows: PlannedRow[] = []
  const codes = new Set<string>()
  let plans = 0
  for await (const slice of restingChunks(await chosenPositions(db, selection, day), 500)) {
    const facts = await readPositionFacts(db, slice)
    const known = Map.groupBy(await readNodeRows(db, environment, slice), (row) => row.debtPositionId as number)
    const bodies = await readGpdBodies(db, context, slice)
    const entrusted = await handedRows(db, environment, slice)
    for (const id of slice) {
      const of = facts.get(id)
      const body = bodies.get(id)
      if (of === undefined || body === undefined) continue
      const row = known.get(id)?.find(({ iupd }) => iupd === of.iupd)
      const why = notPublished(of, row === undefined ? null : nextOf(row, of), row?.step ?? null)
      if (why !== null) leftOut.add(why)
      else if (entrusted.has(id)) leftOut.add('Sono affidate al partner tecnologico')
      else if (body.position.validUntil < day) leftOut.add('Valevano fino a un giorno passato: vanno riemesse')
      else if (body.reading.kind === 'unpublishable') {
        leftOut.add(`Il nodo non le prende così: ${(body.reading.reasons[0] ?? '').replace(/^Avviso \d+: /, '')}`)
      } else {
        if (body.reading.body.api === 'v3') plans += 1
        for (const code of codesOf(body.position)) codes.add(code)
        rows.push({ id, version: of.version, cents: centsOf(body.position) })
      }
    }
  }
  const { massiveFrom, activeFrom } = await readNodeSettings(db, environment)
  const ways = waysOf(rows.length - plans, plans, { massiveFrom }, MOST_AT_ONCE)
  const expired = await taxonomyWarnings(db, day, codes)
  const problems = [...beforeActivation(context, activeFrom), ...(await standingProblems(db, context)), ...expired]
  return { environment, rows, ways, leftOut, problems }
}

function codesOf({ single, installments }: StoredPosition): readonly string[] {
  return [single, ...installments].flatMap((one) => (one?.transfers ?? []).map(({ taxonomyCode }) => taxonomyCode))
}

type Facts = NonNullable<ReturnType<Awaited<ReturnType<typeof readPositionFacts>>['get']>>

function notPublished(facts: Facts, next: ReturnType<typeof nextOf> | null, underWay: string | null): string | null {
  if (facts.lifecycle === 'cancelled') return 'Sono annullate'
  if (facts.lifecycle === 'draft') return 'Sono bozze'
  if (facts.settled) return 'Sono già pagate'
  if (next === null || next.kind === 'refused') return null
  if (underWay !== null || next.kind === 'step') return 'Sono già in partenza'
  return next.kind === 'none'
    ? 'Sono già sul nodo così come sono'
    : 'Il nodo le dice in modo diverso: vanno viste le differenze'
}

/** Cancelled positions that the node still lets somebody pay. */
export async function planWithdrawal(
  db: ReadHandle,
  context: ServiceContext,
  selection: Selection<PositionQuery>,
): Promise<NodePlan> {
  const environment = await presentEnvironment(db)
  const leftOut = new LeftOut()
  const rows: PlannedRow[] = []
  let [invalidated, removed, plans] = [0, 0, 0]
  for await (const slice of restingChunks(await chosenPositions(db, selection, today(context)), 500)) {
    const facts = await readPositionFacts(db, slice)
    const known = Map.groupBy(await readNodeRows(db, environment, slice), (row) => row.debtPositionId as number)
    const positions = new Map((await readStoredPositions(db, slice)).map((one) => [one.id as number, one]))
    for (const id of slice) {
      const of = facts.get(id)
      const position = positions.get(id)
      if (of === undefined || position === undefined) continue
      const moves = (known.get(id) ?? []).map((row) => ({ row, next: nextOf(row, of) }))
      const held = moves.find(({ next }) => next.kind === 'step' || next.kind === 'refused')
      if (of.lifecycle !== 'cancelled') leftOut.add('Non sono annullate')
      else if (moves.some(({ next }) => next.kind === 'diverged')) leftOut.add('Qualcuno le ha pagate')
      else if (held === undefined) leftOut.add('Il nodo non le ha, o le ha già tolte')
      else {
        if (held.row.api === 'v3') plans += 1
        else if (held.row.state === 'DRAFT') removed += 1
        else invalidated += 1
        rows.push({ id, version: of.version, cents: centsOf(position) })
      }
    }
  }
  const ways = [
    { way: 'few' as const, count: invalidated, calls: invalidated },
    { way: 'bulk' as const, count: removed, calls: Math.ceil(removed / REMOVED_AT_ONCE) },
    { way: 'plan' as const, count: plans, calls: plans },
  ].filter(({ count }) => count > 0)
  return { environment, rows, ways, leftOut, problems: await standingProblems(db, context) }
}

function beforeActivation(context: ServiceContext, activeFrom: IsoDate | null): Problem[] {
  if (activeFrom === null || activeFrom <= romeDate(context.clock.now())) return []
  return [problem('NODE_BEFORE_ACTIVATION', { day: formatDate(activeFrom) })]
}

async function standingProblems(db: ReadHandle, { nodePublisher }: ServiceContext): Promise<Problem[]> {
  const { stopped } = nodePublisher.state()
  const warning = { severity: 'warning' } as const
  return [
    ...(stopped === null ? [] : [problem('NODE_WORK_STOPPED', { reason: stopped.reason }, warning)]),
    ...((await isPaused(db)) ? [problem('NODE_WORK_PAUSED', {}, warning)] : []),
  ]
}

/** What lacks before the node can be reached: asked outside of any transaction, since the rehearsal node may have to open. */
export async function connectionProblems(context: ServiceContext): Promise<readonly Problem[]> {
  try {
    await needNode(context, 'gpd')
    return []
  } catch (error) {
    if (error instanceof ProblemError) return error.problems
    throw error
  }
}

/** The plan as the wire carries it. */
export function previewOfPlan(plan: NodePlan, lacking: readonly Problem[]) {
  return {
    environment: plan.environment,
    count: plan.rows.length,
    cents: sum(plan.rows.map((row) => row.cents)),
    stamp: stampOf(plan),
    ways: [...plan.ways],
    leftOut: plan.leftOut.list(),
    problems: [...lacking, ...plan.problems],
  }
}

export interface SeenPlan {
  readonly environment: NodeEnvironment
  readonly expected: number
  readonly stamp: string
}

/** @throws ProblemError when nothing can be done, or not what the person saw. */
export function planAsSeen(plan: NodePlan, seen: SeenPlan): void {
  requireSameEnvironment(seen.environment, plan.environment)
  const error = plan.problems.find(({ severity }) => severity === 'error')
  if (error !== undefined) throw new ProblemError(error)
  if (plan.rows.length === 0) {
    const [first] = plan.leftOut.list()
    throw new ProblemError(
      first ? problem('POSITION_ACT_REFUSED', { reason: first.reason }) : problem('POSITION_GONE', {}),
    )
  }
  if (plan.rows.length !== seen.expected || stampOf(plan) !== seen.stamp) {
    throw new ProblemError(problem('POSITION_ACT_MOVED', { expected: seen.expected, found: plan.rows.length }))
  }
}

function stampOf({ environment, rows }: NodePlan): string {
  const said = rows.map(({ id, version, cents }) => `${id}|${version}|${cents}`).sort()
  return createHash('sha256')
    .update([environment, ...said].join('\n'))
    .digest('hex')
    .slice(0, 32)
}
