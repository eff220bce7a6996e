import type { PostalAddress } from '#domain/address-lines'
import { addressLines } from '#domain/address-lines'
import type { Id } from '#domain/brand'
import type { Instant, IsoDate } from '#domain/date'
import type { NoticeData, NoticePayment } from '#domain/notice'
import { restingChunks } from './chunks.ts'
import type { ReadHandle, WriteHandle } from './ledger.ts'
import { readOpenPayments } from './open-payments.ts'
import { shownId } from './person-family.ts'
import { validityOf } from './position-list.ts'
import type { PositionLifecycle, PositionPayment } from './schema/position.ts'

export interface PaymentFacts extends NoticePayment {
  readonly iuv: string
}

/** All that a notice, a letter, a mail or a file name says of one position in its current version. */
export interface NoticeFacts {
  readonly debtPositionId: Id<'debtPosition'>
  readonly version: number
  readonly lifecycle: PositionLifecycle
  readonly payment: PositionPayment
  readonly personId: Id<'person'>
  readonly name: string
  readonly fiscalCode: string | null
  /** Never neither; the instalments in their order. */
  readonly payments: { readonly single: PaymentFacts | null; readonly installments: readonly PaymentFacts[] }
  /** What is still to be paid, where it was read for a reminder and a part was paid; null asks for all. */
  readonly open: NoticeFacts['payments'] | null
  /** Last day on which it can be paid; null without end. */
  readonly validUntil: IsoDate | null
  readonly description: string
  /** Latest year of competence among what it asks for. */
  readonly year: number
  /** Description of its batch; empty where it has none. */
  readonly issuance: string
  readonly address: PostalAddress | null
}

/** The payment that gives the paper its number: the single one, else the first instalment that is asked for. */
export function leadingOf({ payments, open }: NoticeFacts): PaymentFacts {
  const asked = open ?? payments
  return asked.single ?? (asked.installments[0] as PaymentFacts)
}

/**
 * What the codecs draw. Of who paid a part only what is left: instalments keep the number that they had, and one that is
 * left alone is drawn as the one payment of the paper.
 */
export function noticeData(facts: NoticeFacts): NoticeData {
  const { payments, open } = facts
  if (open === null) return wholeNotice(facts)
  const left = open.installments.map((one) => ({ ...plain(one), ordinal: payments.installments.indexOf(one) + 1 }))
  const [last] = left
  const alone = open.single === null && left.length === 1 && last !== undefined
  return {
    ...wholeNotice(facts),
    ...(alone ? { single: last, installments: [] } : { single: open.single && plain(open.single), installments: left }),
  }
}

/** All that the position ever asked for, paid or not. */
export function wholeNotice({ payments, description, name, fiscalCode, address }: NoticeFacts): NoticeData {
  return {
    single: payments.single && plain(payments.single),
    installments: payments.installments.map(plain),
    subject: description,
    debtor: { name, fiscalCode, addressLines: addressLines(address) },
  }
}

function plain({ noticeNumber, cents, dueDate }: PaymentFacts): NoticePayment {
  return { noticeNumber, cents, dueDate }
}

/** Positions read at a time. */
export const FACTS_SLICE = 240

/**
 * Facts of these positions, in their order. Left out are positions that do not exist and those with a payment that has
 * no notice number (IUVs of others). For a reminder, who paid a part is asked only for the rest.
 */
export async function readNoticeFacts(
  db: ReadHandle,
  ids: readonly Id<'debtPosition'>[],
  purpose: 'notice' | 'reminder' = 'notice',
): Promise<NoticeFacts[]> {
  const found = new Map<number, NoticeFacts>()
  for await (const slice of restingChunks(ids, FACTS_SLICE)) {
    const facts = await readSlice(db, slice)
    const partly = purpose === 'notice' ? [] : facts.filter(({ payment }) => payment === 'partiallyPaid')
    const open = await readOpenPayments(db, partly)
    for (const one of facts) found.set(one.debtPositionId, { ...one, open: open.get(one.debtPositionId) ?? null })
  }
  return ids.flatMap((id) => found.get(id) ?? [])
}

async function readSlice(db: ReadHandle, ids: readonly Id<'debtPosition'>[]): Promise<NoticeFacts[]> {
  const positions = await db
    .selectFrom('debtPosition')
    .innerJoin('person', 'person.id', 'debtPosition.personId')
    .innerJoin('debtPositionVersion', (join) =>
      join
        .onRef('debtPositionVersion.debtPositionId', '=', 'debtPosition.id')
        .onRef('debtPositionVersion.version', '=', 'debtPosition.currentVersion'),
    )
    .leftJoin('issuance', 'issuance.id', 'debtPosition.issuanceId')
    .where('debtPosition.id', 'in', ids)
    .select([
      'debtPosition.id as debtPositionId',
      'debtPosition.currentVersion as version',
      'debtPosition.lifecycle',
      'debtPosition.payment',
      shownId('person').as('personId'),
      'person.name',
      'person.fiscalCode',
      'issuance.description as issuance',
      'debtPositionVersion.validUntil as ownValidity',
      'issuance.parametersJson',
      'issuance.at as issuedAt',
    ])
    .execute()
  const payments = await readPayments(db, ids)
  const years = await readYears(db, ids)
  const addresses = await readAddresses(
    db,
    positions.map((row) => row.personId),
  )
  return positions.flatMap(({ ownValidity, parametersJson, issuedAt, ...row }) => {
    const own = payments.get(row.debtPositionId) ?? []
    const single = own.find((one) => one.kind === 'single') ?? null
    const installments = own.filter((one) => one.kind === 'plan')
    const lead = single ?? installments[0]
    if (lead === undefined || own.some((one) => one.noticeNumber === null)) return []
    return {
      ...row,
      issuance: row.issuance ?? '',
      open: null,
      validUntil:
        parametersJson === null || issuedAt === null
          ? ownValidity
          : validityOf({ own: ownValidity, parametersJson, at: issuedAt }),
      payments: { single: single === null ? null : factsOf(single), installments: installments.map(factsOf) },
      description: lead.description,
      year: years.get(row.debtPositionId) ?? 0,
      address: addresses.get(row.personId) ?? null,
    }
  })
}

type PaymentRow = Awaited<ReturnType<typeof paymentRows>>[number]

function factsOf({ noticeNumber, iuv, cents, dueDate }: PaymentRow): PaymentFacts {
  return { noticeNumber: noticeNumber as PaymentFacts['noticeNumber'], iuv, cents, dueDate }
}

/** Payments of the current versions, the instalments in their order. */
async function readPayments(db: ReadHandle, ids: readonly Id<'debtPosition'>[]): Promise<Map<number, PaymentRow[]>> {
  const found = new Map<number, PaymentRow[]>()
  for (const row of await paymentRows(db, ids)) {
    const own = found.get(row.debtPositionId)
    if (own === undefined) found.set(row.debtPositionId, [row])
    else own.push(row)
  }
  return found
}

function currentOptions(db: ReadHandle, ids: readonly Id<'debtPosition'>[]) {
  return db
    .selectFrom('debtPosition')
    .innerJoin('paymentOption', (join) =>
      join
        .onRef('paymentOption.debtPositionId', '=', 'debtPosition.id')
        .onRef('paymentOption.version', '=', 'debtPosition.currentVersion'),
    )
    .innerJoin('installment', 'installment.paymentOptionId', 'paymentOption.id')
    .where('debtPosition.id', 'in', ids)
}

function paymentRows(db: ReadHandle, ids: readonly Id<'debtPosition'>[]) {
  return currentOptions(db, ids)
    .innerJoin('iuvAssignment', 'iuvAssignment.iuv', 'installment.iuv')
    .select(['debtPosition.id as debtPositionId', 'paymentOption.kind', 'installment.iuv', 'installment.cents'])
    .select(['installment.dueDate', 'installment.description', 'iuvAssignment.noticeNumber'])
    .orderBy('installment.ordinal')
    .execute()
}

async function readYears(db: ReadHandle, ids: readonly Id<'debtPosition'>[]): Promise<Map<number, number>> {
  const rows = await currentOptions(db, ids)
    .innerJoin('transfer', 'transfer.installmentId', 'installment.id')
    .innerJoin('allocation', 'allocation.transferId', 'transfer.id')
    .innerJoin('accertamento', 'accertamento.id', 'allocation.accertamentoId')
    .groupBy('debtPosition.id')
    .select((eb) => ['debtPosition.id', eb.fn.max('accertamento.competenceYear').as('year')])
    .execute()
  return new Map(rows.map((row) => [row.id, Number(row.year)]))
}

/** Present addresses, the last written of each person. */
async function readAddresses(db: ReadHandle, people: readonly Id<'person'>[]): Promise<Map<number, PostalAddress>> {
  if (people.length === 0) return new Map()
  const rows = await db
    .selectFrom('contactPoint')
    .where('kind', '=', 'address')
    .where('validTo', 'is', null)
    .where('personId', 'in', people)
    .select(['personId', 'street', 'civicNumber', 'postalCode', 'city', 'province', 'country', 'value'])
    .orderBy('id')
    .execute()
  return new Map(rows.map((row) => [row.personId, row]))
}

/** A paper as the ledger remembers it. */
export interface DrawnPaper {
  readonly debtPositionId: Id<'debtPosition'>
  readonly version: number
  readonly layout: string
  readonly sha256: string
}

/** Notices of these positions' versions; missing ones are written with their layout and the hash of their paper. */
export async function ensureNotices(
  db: WriteHandle,
  papers: readonly DrawnPaper[],
  paper: { readonly languages: string; readonly at: Instant },
): Promise<Map<number, Id<'notice'>>> {
  const { languages, at } = paper
  const ids = new Map<number, Id<'notice'>>()
  for await (const slice of restingChunks(papers)) {
    await db
      .insertInto('notice')
      .values(slice.map((row) => ({ ...row, languages, createdAt: at })))
      .onConflict((conflict) => conflict.columns(['debtPositionId', 'version', 'layout', 'languages']).doNothing())
      .execute()
    const drawn = new Map(slice.map((row) => [`${row.debtPositionId}|${row.version}|${row.layout}`, row]))
    const rows = await db
      .selectFrom('notice')
      .where(
        'debtPositionId',
        'in',
        slice.map((row) => row.debtPositionId),
      )
      .where('languages', '=', languages)
      .select(['id', 'debtPositionId', 'version', 'layout'])
      .execute()
    for (const row of rows) {
      if (drawn.has(`${row.debtPositionId}|${row.version}|${row.layout}`)) ids.set(row.debtPositionId, row.id)
    }
  }
  return ids
}
