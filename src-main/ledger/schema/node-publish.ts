import type { ColumnType, Generated } from 'kysely'
import type { Id } from '#domain/brand'
import type { Instant } from '#domain/date'
import type { GpdApi } from '#domain/gpd'
import type { MassiveKind, NodeEnvironment } from '#domain/node-ports'
import type { Flag, JsonText, Sha256Text } from './common.ts'

/**
 * A massive load. `sending`: written before the call; `unknown`: no answer came, it is looked for among the files that the node
 * has; `sent`: followed by `fileId`; `refused`: nothing of it was taken, its rows go another way.
 */
export interface NodeBatchTable {
  id: Generated<Id<'nodeBatch'>>
  environment: NodeEnvironment
  kind: MassiveKind
  state: 'sending' | 'unknown' | 'sent' | 'done' | 'refused'
  fileId: string | null
  /** Of the zip. */
  sha256: Sha256Text
  rows: number
  startedAt: Instant
  /** Run of the program that has it in hand. */
  owner: string
  endedAt: Instant | null
}

/** Key (environment, iupd). A row is there since the position was wanted on the node. */
export interface NodePositionTable {
  environment: NodeEnvironment
  iupd: string
  debtPositionId: Id<'debtPosition'>
  /** That took it; null until it was created. */
  api: GpdApi | null
  /** Version that the node has taken; 0 where it holds another content than any of ours. */
  heldVersion: number | null
  /** As the node last said; `ABSENT` where it said that it has none; null where it never said anything. */
  state: string | null
  /** `HeldPayment[]` of the last reading; null where only a bulk answer is known. */
  heldJson: JsonText | null
  saidAt: Instant | null
  step: 'create' | 'update' | 'publish' | 'invalidate' | 'remove' | 'payOutside' | 'ask' | null
  stepVersion: number | null
  stepAt: Instant | null
  stepOwner: string | null
  batchId: Id<'nodeBatch'> | null
  /** The last step may have been done or not. */
  unsure: Flag
  /** A next step may be there: looked at by the worker. */
  pending: Flag
  attempts: number
  nextAt: Instant | null
  faultKind: 'refused' | 'temporary' | 'unknown' | null
  faultStatus: number | null
  faultReply: string | null
  faultReason: string | null
  faultStep: string | null
  faultVersion: number | null
  faultAt: Instant | null
  /** Code of `domain/node-step.ts`; null where both sides agree. */
  divergence: string | null
  keptDivergence: string | null
  /** `Side[]` of `domain/node-divergence.ts` as they were when the two were compared; null where they agree. */
  sidesJson: ColumnType<JsonText | null, JsonText | null | undefined, JsonText | null>
}
