import type { Generated } from 'kysely'
import type { Id } from '#domain/brand'
import type { Instant } from '#domain/date'
import type { Cents } from '#domain/money'
import type { NodeEnvironment } from '#domain/node-ports'
import type { Iuv, NoticeNumber } from '#domain/notice-number'

/** Insert only: a link of Checkout handed to who pays. Its state comes from the receipts of its rows. */
export interface CheckoutCartTable {
  id: Generated<Id<'checkoutCart'>>
  /** `idCart` of Checkout; unique. */
  reference: string
  environment: NodeEnvironment
  url: string
  cents: Cents
  email: string | null
  at: Instant
  /** The link opens until then. */
  openUntil: Instant
  operator: string
}

/** Insert only. Key (cartId, ordinal). */
export interface CheckoutCartRowTable {
  cartId: Id<'checkoutCart'>
  ordinal: number
  debtPositionId: Id<'debtPosition'>
  version: number
  iuv: Iuv
  noticeNumber: NoticeNumber
  cents: Cents
  description: string
}

/** A published version that App IO was asked to tell of. Key (environment, debtPositionId, version): never twice. */
export interface PublicationMessageTable {
  environment: NodeEnvironment
  debtPositionId: Id<'debtPosition'>
  version: number
  /** The campaign that tells of it, or that left with others while it was left out. */
  campaignId: Id<'campaign'> | null
  /** Why it was left out; null where it was not. */
  why: string | null
  at: Instant
}
