import type { Generated } from 'kysely'
import type { Id } from '#domain/brand'
import type { Instant } from '#domain/date'
import type { Flag, JsonText, Sha256Text } from './common.ts'

export type DeliveryChannel = 'email' | 'pec' | 'folder'
export type DeliveryState =
  | 'queued'
  | 'sending'
  | 'sent'
  | 'accepted'
  | 'delivered'
  | 'deferred'
  | 'failed'
  | 'uncertain'
  | 'cancelled'
  | 'suppressed'

/** The password lives only in the secrets, under `mail:<id>`. */
export interface MailAccountTable {
  id: Generated<Id<'mailAccount'>>
  name: string
  kind: 'email' | 'pec'
  host: string
  port: number
  security: 'tls' | 'starttls' | 'none'
  user: string | null
  fromName: string
  fromAddress: string
  perMinute: number
  active: Flag
}

export interface CampaignTable {
  id: Generated<Id<'campaign'>>
  purpose: string
  /** `DeliveryChannel[]` and whatever each needs (mail account, folder in words). */
  channelsJson: JsonText
  /** Subject and body with their placeholders. */
  templateJson: JsonText
  at: Instant
  operator: string
}

/**
 * Unique (campaignId, noticeId, channel, addressText, ordinal); of the same first four at most one is queued, sending,
 * deferred or uncertain.
 */
export interface DeliveryTable {
  id: Generated<Id<'delivery'>>
  campaignId: Id<'campaign'>
  noticeId: Id<'notice'>
  channel: DeliveryChannel
  contactPointId: Id<'contactPoint'> | null
  addressText: string
  ordinal: number
  state: DeliveryState
  messageId: string | null
  /** Why it failed, was deferred or suppressed, in Italian words. */
  reason: string | null
  updatedAt: Instant
}

/** Committed before anything is sent; fixed once `endedAt` is set. */
export interface DeliveryAttemptTable {
  id: Generated<Id<'deliveryAttempt'>>
  deliveryId: Id<'delivery'>
  ordinal: number
  startedAt: Instant
  messageId: string
  endedAt: Instant | null
  outcome: string | null
  reply: string | null
}

type DeliveryEvidenceKind = 'smtp' | 'accettazione' | 'consegna' | 'mancata' | 'dsn' | 'file' | 'io'

/** Insert only. Unique (deliveryId, kind, sha256). */
export interface DeliveryEvidenceTable {
  id: Generated<Id<'deliveryEvidence'>>
  deliveryId: Id<'delivery'>
  kind: DeliveryEvidenceKind
  at: Instant
  sha256: Sha256Text
  bytesBase64: string | null
  path: string | null
  text: string | null
}
