import type { Id } from '#domain/brand'
import type { Instant, IsoDate } from '#domain/date'
import type { Cents } from '#domain/money'
import type { NoticeNumber } from '#domain/notice-number'
import { chunks } from './chunks.ts'
import type { ReadHandle, WriteHandle } from './ledger.ts'
import type { PositionLifecycle, PositionPayment } from './schema/position.ts'

/** All that a notice, a mail or a file name says of one position in its current version. */
export interface NoticeFacts {
  readonly debtPositionId: Id<'debtPosition'>
  readonly version: number
  readonly lifecycle: PositionLifecycle
  readonly payment: PositionPayment
  readonly personId: Id<'person'>
  readonly name: string
  readonly fiscalCode: string | null
  readonly noticeNumber: NoticeNumber
  readonly iuv: string
  readonly cents: Cents
  readonly dueDate: IsoDate | null
  readonly description: string
  /** Latest year of competence among what it asks for. */
  readonly year: number
  readonly address: {
    readonly street: string | null
    readonly civicNumber: string | null
    readonly postalCode: string | null
    readonly city: string | null
    readonly province: string | null
    readonly country: string | null
    readonly value: string
  } | null
}

/** Facts of these positions, in their order; positions that do not exist are left out. */
export async function readNoticeFacts(db: ReadHandle, ids: readonly Id<'debtPosition'>[]): Promise<NoticeFacts[]> {
  const found = new Map<number, NoticeFacts>()
  for (const slice of chunks(ids, 500)) {
    const rows = await db
      .selectFrom('debtPosition')
      .innerJoin('person', 'person.id', 'debtPosition.personId')
      .innerJoin('paymentOption', (join) =>
        join
          .onRef('paymentOption.debtPositionId', '=', 'debtPosition.id')
          .onRef('paymentOption.version', '=', 'debtPosition.currentVersion')
          .on('paymentOption.kind', '=', 'single'),
      )
      .innerJoin('installment', 'installment.paymentOptionId', 'paymentOption.id')
      .innerJoin('iuvAssignment', 'iuvAssignment.iuv', 'installment.iuv')
      .where('debtPosition.id', 'in', slice)
      .select([
        'debtPosition.id as debtPositionId',
        'debtPosition.currentVersion as version',
        'debtPosition.lifecycle',
        'debtPosition.payment',
        'debtPosition.personId',
        'person.name',
        'person.fiscalCode',
        'iuvAssignment.noticeNumber',
        'installment.id as installmentId',
        'installment.iuv',
        'installment.cents',
        'installment.dueDate',
        'installment.description',
      ])
      .execute()
    const years = await db
      .selectFrom('transfer')
      .innerJoin('allocation', 'allocation.transferId', 'transfer.id')
      .innerJoin('accertamento', 'accertamento.id', 'allocation.accertamentoId')
      .where(
        'transfer.installmentId',
        'in',
        rows.map((row) => row.installmentId),
      )
      .groupBy('transfer.installmentId')
      .select((eb) => ['transfer.installmentId', eb.fn.max('accertamento.competenceYear').as('year')])
      .execute()
    const yearOf = new Map(years.map((row) => [row.installmentId, Number(row.year)]))
    const addresses = await db
      .selectFrom('contactPoint')
      .where('kind', '=', 'address')
      .where('validTo', 'is', null)
      .where(
        'personId',
        'in',
        rows.map((row) => row.personId),
      )
      .selectAll()
      .orderBy('id')
      .execute()
    const addressOf = new Map(addresses.map((row) => [row.personId, row]))
    for (const { installmentId, noticeNumber, ...row } of rows) {
      if (noticeNumber === null) continue
      found.set(row.debtPositionId, {
        ...row,
        noticeNumber,
        year: yearOf.get(installmentId) ?? 0,
        address: addressOf.get(row.personId) ?? null,
      })
    }
  }
  return ids.flatMap((id) => found.get(id) ?? [])
}

/** Notices of these positions' versions in one layout; missing ones are written with the hash of their paper. */
export async function ensureNotices(
  db: WriteHandle,
  papers: readonly { readonly debtPositionId: Id<'debtPosition'>; readonly version: number; readonly sha256: string }[],
  paper: { readonly layout: string; readonly languages: string; readonly at: Instant },
): Promise<Map<number, Id<'notice'>>> {
  const { layout, languages, at } = paper
  const ids = new Map<number, Id<'notice'>>()
  for (const slice of chunks(papers)) {
    await db
      .insertInto('notice')
      .values(slice.map((row) => ({ ...row, layout, languages, createdAt: at })))
      .onConflict((conflict) => conflict.columns(['debtPositionId', 'version', 'layout', 'languages']).doNothing())
      .execute()
    const versions = new Map(slice.map((row) => [row.debtPositionId, row.version]))
    const rows = await db
      .selectFrom('notice')
      .where('debtPositionId', 'in', [...versions.keys()])
      .where('layout', '=', layout)
      .where('languages', '=', languages)
      .select(['id', 'debtPositionId', 'version'])
      .execute()
    for (const row of rows)
      if (versions.get(row.debtPositionId as never) === row.version) ids.set(row.debtPositionId, row.id)
  }
  return ids
}
