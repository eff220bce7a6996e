import type { Id } from '#domain/brand'
import type { Instant } from '#domain/date'
import type { Cents } from '#domain/money'
import type { Edge, TargetLine } from '#domain/reconcile-outcome'
import { chunks } from './chunks.ts'
import type { ReadHandle, WriteHandle } from './ledger.ts'
import type { MatchKind } from './schema/books.ts'

interface OpenMatch {
  readonly id: Id<'match'>
  readonly bankMovementId: number
  readonly kind: MatchKind
  readonly key: string
  readonly cents: Cents
  readonly decisionId: number | null
  readonly targetMovementId: number | null
  readonly hasLines: boolean
}

interface Room {
  available: number
  matched: number
}

/**
 * Makes the open matches those that the evidence wants: closes the superseded ones, opens the missing ones. A match
 * that carries effective lines stays until its reversale is annulled, and what finds no room meanwhile waits for it;
 * that is why this is run again after each annulment.
 */
export async function storeMatches(
  db: WriteHandle,
  edges: readonly Edge[],
  flowIdOf: ReadonlyMap<string, Id<'reportingFlow'>>,
  at: Instant,
): Promise<void> {
  const open = await openMatches(db)
  const rooms = await loadRooms(db)
  const room = (movement: number): Room => rooms.get(movement) ?? { available: 0, matched: 0 }
  const wanted = new Map<string, Edge>()
  for (const edge of edges) {
    const key = edgeKey(edge, flowIdOf)
    if (key !== null) wanted.set(key, edge)
  }
  const close: Id<'match'>[] = []
  for (const match of open) {
    const edge = wanted.get(match.key)
    const same = edge !== undefined && edge.cents === match.cents && (edge.decisionId ?? null) === match.decisionId
    if (same || match.hasLines) {
      wanted.delete(match.key)
      continue
    }
    close.push(match.id)
    if (match.kind === 'storno') room(match.targetMovementId ?? 0).available += match.cents
    else room(match.bankMovementId).matched -= match.cents
  }
  for (const part of chunks(close)) {
    await db
      .updateTable('match')
      .set({ closedReason: 'superseded', closedAt: at })
      .where('id', 'in', [...part])
      .execute()
  }
  const fits = [...wanted.values()].sort((a, b) => rank(a) - rank(b)).filter((edge) => takeRoom(edge, room))
  for (const part of chunks(fits)) {
    await db
      .insertInto('match')
      .values(part.map((edge) => matchRow(edge, flowIdOf, at)))
      .execute()
  }
}

/** Storni first: they lower what a credit can give. */
function rank(edge: Edge): number {
  return edge.target.kind === 'storno' ? 0 : 1
}

function takeRoom(edge: Edge, room: (movement: number) => Room): boolean {
  if (edge.target.kind === 'storno') {
    const credit = room(edge.target.movementId)
    if (credit.available - edge.cents < credit.matched) return false
    credit.available -= edge.cents
    return true
  }
  const credit = room(edge.movementId)
  if (credit.matched + edge.cents > credit.available) return false
  credit.matched += edge.cents
  return true
}

function matchRow(edge: Edge, flowIdOf: ReadonlyMap<string, Id<'reportingFlow'>>, at: Instant) {
  const { target } = edge
  return {
    bankMovementId: edge.movementId as Id<'bankMovement'>,
    kind: target.kind,
    reportingFlowId: target.kind === 'flow' ? (flowIdOf.get(target.flowId) ?? null) : null,
    iuv: target.kind === 'iuv' ? target.iuv : null,
    accertamentoId: target.kind === 'accertamento' ? (target.accertamentoId as Id<'accertamento'>) : null,
    targetMovementId:
      target.kind === 'storno' || target.kind === 'internal' ? (target.movementId as Id<'bankMovement'>) : null,
    cents: edge.cents,
    origin: edge.origin === 'automatic' ? ('engine' as const) : ('decision' as const),
    decisionId: edge.decisionId as Id<'decision'> | null,
    openedAt: at,
    closedReason: null,
    closedAt: null,
  }
}

function edgeKey(edge: Edge, flowIdOf: ReadonlyMap<string, Id<'reportingFlow'>>): string | null {
  const { target } = edge
  switch (target.kind) {
    case 'flow': {
      const id = flowIdOf.get(target.flowId)
      return id === undefined ? null : `${edge.movementId}|flow|${id}`
    }
    case 'iuv':
      return `${edge.movementId}|iuv|${target.iuv}`
    case 'accertamento':
      return `${edge.movementId}|accertamento|${target.accertamentoId}`
    default:
      return `${edge.movementId}|${target.kind}|${target.movementId}`
  }
}

async function openMatches(db: ReadHandle): Promise<OpenMatch[]> {
  const rows = await db.selectFrom('match').selectAll().where('closedReason', 'is', null).orderBy('id').execute()
  const used = await db
    .selectFrom('reversaleLine')
    .leftJoin('reversaleAnnulment', 'reversaleAnnulment.reversaleId', 'reversaleLine.reversaleId')
    .where('reversaleAnnulment.id', 'is', null)
    .select('reversaleLine.matchId')
    .distinct()
    .execute()
  const withLines = new Set(used.map((row) => row.matchId))
  return rows.map((m) => ({
    id: m.id,
    bankMovementId: m.bankMovementId,
    kind: m.kind,
    key: `${m.bankMovementId}|${m.kind}|${m.reportingFlowId ?? m.iuv ?? m.accertamentoId ?? m.targetMovementId}`,
    cents: m.cents,
    decisionId: m.decisionId,
    targetMovementId: m.targetMovementId,
    hasLines: withLines.has(m.id),
  }))
}

async function loadRooms(db: ReadHandle): Promise<Map<number, Room>> {
  const rows = await db
    .selectFrom('movementBalance')
    .select(['bankMovementId', 'availableCents', 'matchedCents'])
    .execute()
  return new Map(rows.map((r) => [r.bankMovementId, { available: r.availableCents, matched: r.matchedCents }]))
}

/** The open match that a line draws on: that of its edge, else of its flow, of its IUV, of its accertamento. */
export async function matchFinder(
  db: ReadHandle,
  flowIdOf: ReadonlyMap<string, Id<'reportingFlow'>>,
  edges: readonly Edge[],
): Promise<(line: TargetLine) => Id<'match'> | null> {
  const open = new Map((await openMatches(db)).map((m) => [m.key, m.id]))
  return (line) => {
    // Money freed by a revocation pays a row of another flow: the edge, not the flow, says whose match it is.
    const edge = edges[line.edge]
    const flow = line.flowId === null ? undefined : flowIdOf.get(line.flowId)
    return (
      open.get(edge === undefined ? '' : (edgeKey(edge, flowIdOf) ?? '')) ??
      open.get(`${line.movementId}|flow|${flow}`) ??
      open.get(`${line.movementId}|iuv|${line.iuv}`) ??
      open.get(`${line.movementId}|accertamento|${line.accertamentoId}`) ??
      null
    )
  }
}

/** Ids of the flows of this institution by flow id. */
export async function flowIds(db: ReadHandle, receiver: string): Promise<Map<string, Id<'reportingFlow'>>> {
  const rows = await db.selectFrom('reportingFlow').select(['id', 'flowId']).where('receiver', '=', receiver).execute()
  return new Map(rows.map((row) => [row.flowId, row.id]))
}
