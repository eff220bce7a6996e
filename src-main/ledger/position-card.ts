import type { Id } from '#domain/brand'
import type { Instant, IsoDate } from '#domain/date'
import { type Cents, cents } from '#domain/money'
import type { ReadHandle } from './ledger.ts'
import { validityOf } from './position-list.ts'
import type { DeliveryChannel, DeliveryState } from './schema/delivery.ts'
import type { PositionVersionKind } from './schema/position.ts'

export interface VersionPart {
  readonly kind: 'single' | 'plan'
  readonly ordinal: number
  readonly iuv: string
  readonly noticeNumber: string | null
  readonly cents: Cents
  readonly dueDate: IsoDate | null
}

export interface VersionRow {
  readonly version: number
  readonly kind: PositionVersionKind | null
  readonly at: Instant
  readonly operator: string | null
  readonly reason: string
  /** Null: that of its batch. */
  readonly validUntil: IsoDate | null
  readonly payments: readonly VersionPart[]
  readonly notices: readonly {
    readonly id: Id<'notice'>
    readonly layout: string
    readonly languages: string
    readonly at: Instant
  }[]
  readonly prints: readonly { readonly at: Instant; readonly operator: string; readonly duplicate: boolean }[]
  readonly deliveries: readonly {
    readonly id: Id<'delivery'>
    readonly channel: DeliveryChannel
    readonly to: string
    readonly state: DeliveryState
    readonly at: Instant
  }[]
}

/** Every version of a position with what was drawn and sent of it, the first one first. */
export async function readVersions(db: ReadHandle, id: Id<'debtPosition'>): Promise<VersionRow[]> {
  const versions = await db
    .selectFrom('debtPositionVersion')
    .where('debtPositionId', '=', id)
    .select(['version', 'kind', 'createdAt as at', 'operator', 'reason', 'validUntil'])
    .orderBy('version')
    .execute()
  const parts = await db
    .selectFrom('paymentOption')
    .innerJoin('installment', 'installment.paymentOptionId', 'paymentOption.id')
    .innerJoin('iuvAssignment', 'iuvAssignment.iuv', 'installment.iuv')
    .where('paymentOption.debtPositionId', '=', id)
    .select(['paymentOption.version', 'paymentOption.kind', 'installment.ordinal', 'installment.iuv'])
    .select(['iuvAssignment.noticeNumber', 'installment.cents', 'installment.dueDate'])
    .orderBy('installment.id')
    .execute()
  const notices = await db
    .selectFrom('notice')
    .where('debtPositionId', '=', id)
    .select(['id', 'version', 'layout', 'languages', 'createdAt as at'])
    .orderBy('id')
    .execute()
  const prints = await db
    .selectFrom('noticePrint')
    .where('debtPositionId', '=', id)
    .select(['version', 'at', 'operator', 'duplicate'])
    .orderBy('id')
    .execute()
  const deliveries = await db
    .selectFrom('delivery')
    .innerJoin('notice', 'notice.id', 'delivery.noticeId')
    .where('notice.debtPositionId', '=', id)
    .select(['delivery.id', 'notice.version', 'delivery.channel', 'delivery.addressText as to', 'delivery.state'])
    .select('delivery.updatedAt as at')
    .orderBy('delivery.id')
    .execute()
  return versions.map((row): VersionRow => {
    const of = <T extends { readonly version: number }>(rows: readonly T[]) =>
      rows.filter((one) => one.version === row.version).map(({ version: _version, ...one }) => one)
    return {
      ...row,
      payments: of(parts),
      notices: of(notices),
      prints: of(prints).map((one) => ({ ...one, duplicate: one.duplicate === 1 })),
      deliveries: of(deliveries),
    }
  })
}

export interface PositionLife {
  readonly externalReference: string | null
  readonly issuedBy: string | null
  /** Of its batch; null without one. */
  readonly batchValidUntil: IsoDate | null
  readonly cancellations: readonly {
    readonly at: Instant
    readonly operator: string | null
    readonly reason: string
    readonly version: number
  }[]
}

/** What its versions do not say: own identifier, who issued it, when it was cancelled (newest first). */
export async function readLife(db: ReadHandle, id: Id<'debtPosition'>): Promise<PositionLife> {
  const position = await db
    .selectFrom('debtPosition')
    .leftJoin('issuance', 'issuance.id', 'debtPosition.issuanceId')
    .where('debtPosition.id', '=', id)
    .select(['debtPosition.externalReference', 'issuance.operator', 'issuance.parametersJson', 'issuance.at'])
    .executeTakeFirst()
  const cancellations = await db
    .selectFrom('positionCancellation')
    .where('debtPositionId', '=', id)
    .select(['at', 'operator', 'reason', 'version'])
    .orderBy('id', 'desc')
    .execute()
  return {
    externalReference: position?.externalReference ?? null,
    issuedBy: position?.operator ?? null,
    batchValidUntil:
      position?.parametersJson && position.at
        ? validityOf({ own: null, parametersJson: position.parametersJson, at: position.at })
        : null,
    cancellations: cancellations.map((row) => ({ ...row, operator: row.operator === '' ? null : row.operator })),
  }
}

/** Names of accertamenti with their causale, by id. */
export async function readDebtNames(
  db: ReadHandle,
  ids: readonly Id<'accertamento'>[],
): Promise<Map<number, { readonly name: string; readonly causale: string }>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('accertamento')
    .where('id', 'in', [...new Set(ids)])
    .select(['id', 'exercise', 'number', 'causale'])
    .execute()
  return new Map(rows.map((row) => [row.id, { name: `${row.number}/${row.exercise}`, causale: row.causale }]))
}

/** Cents that a version asks in all: of its single payment, else of its instalments. */
export function centsOfVersion({ payments }: Pick<VersionRow, 'payments'>): Cents {
  const single = payments.find((one) => one.kind === 'single')
  return single?.cents ?? cents(payments.reduce((n, one) => n + one.cents, 0))
}
