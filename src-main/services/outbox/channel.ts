import type { Id } from '#domain/brand'
import type { Instant } from '#domain/date'
import type { CampaignRow, CampaignWay } from '#ledger/campaign'
import type { QueuedDelivery } from '#ledger/delivery-queue'
import type { NoticeFacts } from '#ledger/notice-facts'
import type { DeliveryEvidenceKind, DeliveryState } from '#ledger/schema/delivery'
import type { ServiceContext } from '../context.ts'
import type { LetterChoice } from '../notice-paper.ts'

/** What a campaign says and how, kept with it as JSON. */
export interface CampaignTemplate {
  readonly subject: string
  /** Text with the fields of `domain/letter.ts`. */
  readonly body: string
  readonly letter?: LetterChoice | null
  /** An index (CSV and JSON) beside the PDFs of `folder` and `server`. */
  readonly index?: boolean
  /** `post`: one PDF each, or one for the printer. */
  readonly postMerged?: boolean
  /** By which the files of `folder` and `server` were named when it was started. */
  readonly fileNamePattern?: string
}

/** A campaign as a channel needs it. */
export interface Campaign extends Pick<CampaignRow, 'id' | 'description' | 'purpose' | 'at' | 'operator'> {
  readonly template: CampaignTemplate
}

/** A delivery in hand: its attempt stands in the ledger, nothing has left yet. */
export interface Claimed {
  readonly delivery: QueuedDelivery
  readonly attemptId: Id<'deliveryAttempt'>
  /** Unique for the attempt; the Message-ID of a mail. */
  readonly messageId: string
  /** Of the attempt, from 1. */
  readonly ordinal: number
  /** As they were when it was taken in hand. */
  readonly facts: NoticeFacts
}

/** How an attempt ended. */
export interface ChannelEnd {
  /** `deferred` is tried again by itself where `retry` holds, with growing pauses; otherwise it becomes `failed`. */
  readonly state: Exclude<DeliveryState, 'queued' | 'sending' | 'cancelled'>
  /** One word for the attempt: `sent`, `temporary`, `same`… */
  readonly outcome: string
  readonly reply: string | null
  /** In Italian words, null when all went well. */
  readonly reason: string | null
  readonly evidence: {
    readonly kind: DeliveryEvidenceKind
    readonly sha256: string
    readonly text: string
    readonly bytesBase64?: string
  } | null
  readonly retry: boolean
  /** Not before this, where the other side said so; else the growing pauses of `domain/pacing.ts`. */
  readonly notBefore?: Instant
}

/**
 * One way of one campaign while the outbox sends on it: one connection, one set of papers. `send` never throws for what
 * the other side does: that is a `ChannelEnd`. A `ProblemError` out of `send` ends that delivery as failed; any other
 * error is a fault of the program and leaves it uncertain.
 */
export interface DeliveryChannelRun {
  /** What will be sent next, in this order: papers may be drawn ahead. */
  prepare?(next: readonly QueuedDelivery[]): void
  send(claimed: Claimed): Promise<ChannelEnd>
  /** When nothing of this way waits any more (index, merged file). May run again after a crash: it must bear that. */
  afterAll?(): Promise<void>
  close(): Promise<void>
}

/** @throws ProblemError when the way cannot be used: the way of that campaign stops with the sentence, till resumed. */
export type OpenChannel = (context: ServiceContext, campaign: Campaign, way: CampaignWay) => Promise<DeliveryChannelRun>
