import type { Id } from '#domain/brand'
import type { Instant } from '#domain/date'
import type { Cents } from '#domain/money'
import type { Edge, TargetLine } from '#domain/reconcile-outcome'
import { insertMany, reserveIds } from './bulk.ts'
import { chunks } from './chunks.ts'
import type { ReadHandle, WriteHandle } from './ledger.ts'
import type { MatchKind } from './schema/books.ts'

interface OpenMatch {
  readonly id: Id<'match'>
  readonly bankMovementId: number
  readonly kind: MatchKind
  readonly cents: Cents
  readonly decisionId: number | null
  readonly targetMovementId: number | null
}

interface Room {
  available: number
  matched: number
}

/**
 * The open matches, read the first time and then known. A match that carries effective lines stays until its reversale is
 * annulled, and what finds no room meanwhile waits for it; that is why this is run again after each annulment.
 */
export class MatchStore {
  #open: Map<string, OpenMatch> | null = null

  /** Makes them those that the evidence wants: closes the superseded ones, opens the missing ones. */
  async store(
    db: WriteHandle,
    edges: readonly Edge[],
    flowIdOf: ReadonlyMap<string, Id<'reportingFlow'>>,
    posted: readonly { readonly matchId: number }[],
    at: Instant,
  ): Promise<void> {
    const open = await this.#known(db)
    const wanted = new Map<string, Edge>()
    for (const edge of edges) {
      const key = edgeKey(edge, flowIdOf)
      if (key !== null) wanted.set(key, edge)
    }
    const changed: [string, OpenMatch][] = []
    for (const [key, match] of open) {
      const edge = wanted.get(key)
      const same = edge !== undefined && edge.cents === match.cents && (edge.decisionId ?? null) === match.decisionId
      if (same) wanted.delete(key)
      else changed.push([key, match])
    }
    if (changed.length === 0 && wanted.size === 0) return
    const withLines = new Set(changed.length === 0 ? [] : posted.map((line) => line.matchId))
    const close = changed.filter(([key, match]) => {
      if (!withLines.has(match.id)) return true
      wanted.delete(key)
      return false
    })
    const rooms = await loadRooms(db, [
      ...close.flatMap(([, match]) => [match.bankMovementId, match.targetMovementId ?? 0]),
      ...[...wanted.values()].map(({ movementId, target }) =>
        target.kind === 'storno' ? target.movementId : movementId,
      ),
    ])
    const room = (movement: number): Room => rooms.get(movement) ?? { available: 0, matched: 0 }
    for (const [key, match] of close) {
      open.delete(key)
      if (match.kind === 'storno') room(match.targetMovementId ?? 0).available += match.cents
      else room(match.bankMovementId).matched -= match.cents
    }
    for (const part of chunks(close)) {
      await db
        .updateTable('match')
        .set({ closedReason: 'superseded', closedAt: at })
        .where(
          'id',
          'in',
          part.map(([, match]) => match.id),
        )
        .execute()
    }
    const fits = [...wanted].sort(([, a], [, b]) => rank(a) - rank(b)).filter(([, edge]) => takeRoom(edge, room))
    const ids = await reserveIds(db, 'match', fits.length)
    const rows = fits.map(([, edge], index) => ({ id: ids[index] as Id<'match'>, ...matchRow(edge, flowIdOf, at) }))
    await insertMany(db, 'match', rows)
    for (const [index, row] of rows.entries()) open.set((fits[index] as [string, Edge])[0], row)
  }

  /** The open match that a line draws on: that of its edge, else of its flow, of its IUV, of its accertamento. */
  async finder(
    db: ReadHandle,
    flowIdOf: ReadonlyMap<string, Id<'reportingFlow'>>,
    edges: readonly Edge[],
  ): Promise<(line: TargetLine) => Id<'match'> | null> {
    const open = await this.#known(db)
    return (line) => {
      // Money freed by a revocation pays a row of another flow: the edge, not the flow, says whose match it is.
      const edge = edges[line.edge]
      const flow = line.flowId === null ? undefined : flowIdOf.get(line.flowId)
      const match =
        open.get(edge === undefined ? '' : (edgeKey(edge, flowIdOf) ?? '')) ??
        open.get(`${line.movementId}|flow|${flow}`) ??
        open.get(`${line.movementId}|iuv|${line.iuv}`) ??
        open.get(`${line.movementId}|accertamento|${line.accertamentoId}`)
      return match?.id ?? null
    }
  }

  async #known(db: ReadHandle): Promise<Map<string, OpenMatch>> {
    this.#open ??= await openMatches(db)
    return this.#open
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

async function openMatches(db: ReadHandle): Promise<Map<string, OpenMatch>> {
  const rows = await db.selectFrom('match').selectAll().where('closedReason', 'is', null).orderBy('id').execute()
  return new Map(
    rows.map((m) => [
      `${m.bankMovementId}|${m.kind}|${m.reportingFlowId ?? m.iuv ?? m.accertamentoId ?? m.targetMovementId}`,
      m,
    ]),
  )
}

async function loadRooms(db: ReadHandle, movementIds: readonly number[]): Promise<Map<number, Room>> {
  const rooms = new Map<number, Room>()
  for (const part of chunks([...new Set(movementIds)], 500)) {
    const rows = await db
      .selectFrom('movementBalance')
      .select(['bankMovementId', 'availableCents', 'matchedCents'])
      .where('bankMovementId', 'in', part as Id<'bankMovement'>[])
      .execute()
    for (const r of rows) rooms.set(r.bankMovementId, { available: r.availableCents, matched: r.matchedCents })
  }
  return rooms
}
