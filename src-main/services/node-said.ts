import type { HeldPosition } from '#domain/gpd'
import { gpdDifferences } from '#domain/gpd-difference'
import { canonicalJson, type JsonValue } from '#domain/json'
import { divergenceOf, divergenceSides, paidOnlyThere, type Side } from '#domain/node-divergence'
import type { NodeEnvironment } from '#domain/node-ports'
import { ABSENT } from '#domain/node-step'
import { decisionsOn } from '#ledger/decision'
import type { WriteHandle } from '#ledger/ledger'
import { readNodeRowsByIupd } from '#ledger/node-follow'
import {
  heldJsonOf,
  type NodeRow,
  nextOf,
  patchNodeRows,
  type RowChange,
  readPositionFacts,
  settleOnNode,
} from '#ledger/node-position'
import type { ServiceContext } from './context.ts'
import { readGpdBodies } from './gpd-bodies.ts'

/** What the node said of one iupd; null: it has none. */
export interface Said {
  readonly iupd: string
  readonly held: HeldPosition | null
}

/** What the node said of each, in what it differs, and what lists show of it. */
export async function storeSaid(
  db: WriteHandle,
  context: ServiceContext,
  environment: NodeEnvironment,
  batch: readonly Said[],
) {
  const at = context.clock.now()
  const rows = await readNodeRowsByIupd(
    db,
    environment,
    batch.map(({ iupd }) => iupd),
  )
  const ids = [...new Set([...rows.values()].map((row) => row.debtPositionId))]
  const facts = await readPositionFacts(db, ids)
  const bodies = await readGpdBodies(db, context, ids)
  const kept = await keptSides(db, [...rows.values()])
  const changes: RowChange[] = []
  const paidThere: string[] = []
  let [changed, diverged] = [0, 0]
  for (const { iupd, held } of batch) {
    const row = rows.get(iupd)
    const of = row && facts.get(row.debtPositionId)
    const own = row && bodies.get(row.debtPositionId)
    // A step that began meanwhile knows better: its worker asks by itself.
    if (row === undefined || of === undefined || own === undefined || row.step !== null || row.unsure === 1) continue
    const { position, facts: sent, reading } = own
    const current = iupd === of.iupd
    const fields = current && held !== null && reading.kind === 'ok' ? gpdDifferences(sent, reading.body, held) : []
    const now = heard(row, held, current ? position.version : null)
    const next = nextOf({ ...row, ...now }, of)
    const compared = {
      position,
      held: { state: now.state, before: row.state, heldVersion: now.heldVersion, payments: held?.payments ?? null },
      ...{ next, fields },
    }
    // What an earlier iupd holds is compared by its state alone: its numbers are not those of the current version.
    const divergence = current || next.kind === 'diverged' ? divergenceOf(compared) : null
    const sidesJson = divergence === null ? null : sidesText(divergenceSides(compared))
    const keptDivergence = divergence !== null && kept.get(iupd) === sidesJson ? divergence : null
    paidThere.push(...paidOnlyThere(compared).map((one) => one.iuv))
    // What a bulk answer left unsaid is news to nobody.
    const moved = row.heldJson !== null && now.heldJson !== row.heldJson
    if (now.state !== row.state || moved || divergence !== row.divergence) changed += 1
    if (divergence !== null && keptDivergence === null) diverged += 1
    const patch = { ...now, saidAt: at, divergence, keptDivergence, sidesJson }
    changes.push({ iupd, patch: onlyChanged(row, patch) })
  }
  await patchNodeRows(db, environment, changes)
  await settleOnNode(db, environment, ids)
  return { changed, diverged, paidThere }
}

/**
 * @param current version of the iupd, where it is the present one. An adopted row takes it for the one that the node holds: where it is
 * not, the two are told apart field by field and a person chooses, since an older copy of the archive may be the one that is wrong.
 */
function heard(row: NodeRow, held: HeldPosition | null, current: number | null) {
  if (held === null) return { state: ABSENT, heldJson: null, heldVersion: row.heldVersion, api: row.api }
  const heldJson = heldJsonOf(held.payments)
  const adopted = row.heldVersion === 0 && row.state === null
  return {
    ...{ state: held.status, heldJson, api: held.api },
    heldVersion: adopted && current !== null ? current : row.heldVersion,
  }
}

/** Equal patches go in one statement: what stays as it was is left out. */
function onlyChanged<P extends object>(row: NodeRow, patch: P): Partial<P> {
  const before = row as unknown as Readonly<Record<string, unknown>>
  return Object.fromEntries(Object.entries(patch).filter(([name, value]) => before[name] !== value)) as Partial<P>
}

function sidesText(sides: readonly Side[]): string {
  return canonicalJson(sides as unknown as JsonValue)
}

export const KEEP_DECISION = 'nodeKeep'
export const KEEP_SUBJECT = 'nodePosition'

/** Of rows that a person left as they are: both sides as they were then. */
async function keptSides(db: WriteHandle, rows: readonly NodeRow[]): Promise<Map<string, string>> {
  const left = rows.filter((row) => row.keptDivergence !== null)
  if (left.length === 0) return new Map()
  const said = await decisionsOn(
    db,
    left.map(({ iupd }) => ({ kind: KEEP_SUBJECT, key: iupd })),
    [KEEP_DECISION],
  )
  return new Map(said.map((one) => [one.subjectKey, String((one.payload as { sides?: unknown }).sides ?? '')]))
}
