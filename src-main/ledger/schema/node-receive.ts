import type { Generated } from 'kysely'
import type { Id } from '#domain/brand'
import type { Instant } from '#domain/date'
import type { NodeEnvironment } from '#domain/node-ports'
import type { NodeReadingKind } from '#domain/node-reading'
import type { Flag, JsonText } from './common.ts'

/** Key (environment, kind). */
export interface NodeReadingTable {
  environment: NodeEnvironment
  kind: NodeReadingKind
  /** All that was paid, or published, before it was seen. */
  mark: Instant | null
  wholeAt: Instant | null
  triedAt: Instant | null
  error: string | null
  /** Between these two the node no longer answers, and nothing was read. */
  lostFrom: Instant | null
  lostUntil: Instant | null
}

/** Key (environment, iuv, listed). Insert only: as the node listed a receipt that is kept. */
export interface NodeReceiptTable {
  environment: NodeEnvironment
  iuv: string
  listed: string
  receiptId: Id<'receipt'> | null
  at: Instant
}

/** Key (environment, flowId, pspCode, revision). Insert only: a revision that is kept; `versionId` null where it said nothing new. */
export interface NodeFlowTable {
  environment: NodeEnvironment
  flowId: string
  pspCode: string
  revision: number
  published: string | null
  versionId: Id<'reportingFlowVersion'> | null
  at: Instant
}

/** Listed and not read yet. Unique (environment, kind, reference, part). */
export interface NodeUnreadTable {
  id: Generated<Id<'nodeUnread'>>
  environment: NodeEnvironment
  kind: NodeReadingKind
  /** IUV, or flow id. */
  reference: string
  /** What tells it from others of the same reference. */
  part: string
  listedJson: JsonText
  reason: string
  attempts: number
  firstAt: Instant
  lastAt: Instant
  /** A person left it: asked for no more. */
  leftAt: Instant | null
}

export type SpontaneousState = 'toAssign' | 'raised' | 'looked' | 'left'
/** Why a receipt waits: no type answers, more than one do, another software's, no open exercise, the same is owed already, undone or left by a person. */
export type SpontaneousWhy =
  | 'noType'
  | 'manyTypes'
  | 'otherSoftware'
  | 'noExercise'
  | 'owedAlready'
  | 'undone'
  | 'byHand'

/** A receipt without a position of ours. Key receiptId. */
export interface SpontaneousTable {
  receiptId: Id<'receipt'>
  state: SpontaneousState
  why: SpontaneousWhy | null
  debtPositionId: Id<'debtPosition'> | null
  /** The person was written with it. */
  newPerson: Flag
  at: Instant
  operator: string
  lookedAt: Instant | null
  lookedBy: string | null
}
