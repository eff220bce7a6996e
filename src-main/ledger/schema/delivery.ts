import type { Generated } from 'kysely'
import type { Id } from '#domain/brand'
import type { Instant } from '#domain/date'
import type { Flag, JsonText, Sha256Text } from './common.ts'

export type DeliveryChannel = 'email' | 'pec' | 'folder' | 'server' | 'post' | 'io'
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
  perDay: number | null
  batchSize: number | null
  batchPauseSeconds: number | null
  windowFrom: string | null
  windowTo: string | null
  /** Digits, 1 Monday … 7 Sunday: «12345». */
  windowDays: string | null
  imapHost: string | null
  imapPort: number | null
  imapSecurity: 'tls' | 'starttls' | 'none' | null
  imapUser: string | null
  imapFolder: string | null
  /** How far the mailbox was read: UIDs count only within one UIDVALIDITY. */
  receiptsUidValidity: string | null
  receiptsUid: number | null
  receiptsReadAt: Instant | null
  receiptsError: string | null
  active: Flag
}

/** The password or the key and its pass-phrase live only in the secrets. */
export interface FileAccountTable {
  id: Generated<Id<'fileAccount'>>
  name: string
  protocol: 'ftp' | 'ftps' | 'ftpsImplicit' | 'sftp'
  host: string
  port: number
  user: string
  auth: 'password' | 'key'
  remoteFolder: string
  perMinute: number
  perDay: number | null
  batchSize: number | null
  batchPauseSeconds: number | null
  windowFrom: string | null
  windowTo: string | null
  /** Digits, 1 Monday … 7 Sunday: «12345». */
  windowDays: string | null
  /** SHA-256 of the host key or certificate that a person accepted. */
  pinned: string | null
  active: Flag
}

/** One row, of id 1; none while App IO was never configured. */
export interface IoServiceTable {
  id: Generated<Id<'ioService'>>
  enabled: Flag
  baseUrl: string
  perMinute: number
  perDay: number | null
  batchSize: number | null
  batchPauseSeconds: number | null
  windowFrom: string | null
  windowTo: string | null
  /** Digits, 1 Monday … 7 Sunday: «12345». */
  windowDays: string | null
}

/** Nothing is sent to the person while `removedAt` is null; a null channel means all. */
export interface DeliveryStopTable {
  id: Generated<Id<'deliveryStop'>>
  personId: Id<'person'>
  channel: DeliveryChannel | null
  reason: string
  from: Instant
  operator: string
  removedAt: Instant | null
  removedReason: string | null
  removedBy: string | null
}

/** A message read from the mailbox of receipts. Unique (accountId, uidValidity, uid). */
export interface MailReceiptTable {
  id: Generated<Id<'mailReceipt'>>
  accountId: Id<'mailAccount'>
  uidValidity: string
  uid: number
  kind: string
  sha256: Sha256Text
  bytesBase64: string | null
  referencedMessageId: string | null
  deliveryId: Id<'delivery'> | null
  at: Instant
  text: string | null
}

/** One way of a campaign. Ways of one lane share an account and its pace: one loop of the outbox sends them all. */
export interface CampaignWayTable {
  campaignId: Id<'campaign'>
  channel: DeliveryChannel
  /** `mail:3`, `server:2`, `io`, `folder:7` and `post:7` (7 the campaign). */
  lane: string
  /** The account's address or the folder, in words. */
  place: string
  /** A mail account or a file account, by the channel. */
  accountId: number | null
  /** Folder token of `folder` and `post`. */
  folder: string | null
  /** Why the way stands still, until `retryAt` or until a person resumes the campaign. */
  stoppedReason: string | null
  /** When a server that did not answer is tried again by itself; null where a person is needed. */
  retryAt: Instant | null
  /** Times in a row that it did not answer. */
  retries: number
  /** When everything had left and what comes after it (index, merged file) was done. */
  closedAt: Instant | null
}

/** Which program sends on a lane, until when unless it says again that it lives. */
export interface OutboxLaneTable {
  lane: string
  holder: string
  until: Instant
}

export interface CampaignTable {
  id: Generated<Id<'campaign'>>
  /** In words: «12 avvisi per e-mail». */
  description: string
  /** The ways as they were chosen; the outbox reads `campaignWay`. */
  channelsJson: JsonText
  /** Subject and body with their placeholders, letter, options. */
  templateJson: JsonText
  at: Instant
  operator: string
  purpose: 'notice' | 'reminder'
  startAt: Instant | null
  pausedAt: Instant | null
  cancelledAt: Instant | null
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
  /** Of a deferred one: not before this. */
  nextAt: Instant | null
  /** Why it is sent again, in the words of the person who wanted it. */
  note: string | null
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
  /** The lane on which it left, for the account's limits. */
  lane: string | null
}

export type DeliveryEvidenceKind =
  | 'smtp'
  | 'accettazione'
  | 'nonAccettazione'
  | 'presaInCarico'
  | 'consegna'
  | 'mancata'
  | 'preavviso'
  | 'anomalia'
  | 'virus'
  | 'dsn'
  | 'file'
  | 'index'
  | 'post'
  | 'io'

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
