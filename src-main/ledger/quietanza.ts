import { type Insertable, sql } from 'kysely'
import { addressLines as linesOf } from '#domain/address-lines'
import type { Id } from '#domain/brand'
import type { Instant, IsoDate } from '#domain/date'
import { type Cents, cents } from '#domain/money'
import type { NoticeNumber } from '#domain/notice-number'
import { insertMany } from './bulk.ts'
import type { ReadHandle, WriteHandle } from './ledger.ts'
import { familyOf, shownId } from './person-family.ts'
import type { QuietanzaTable } from './schema/books.ts'

export type NewQuietanza = Omit<Insertable<QuietanzaTable>, 'id'>

export async function insertQuietanze(db: WriteHandle, rows: readonly NewQuietanza[]): Promise<void> {
  await insertMany(db, 'quietanza', rows)
}

export interface QuietanzaRow {
  readonly id: Id<'quietanza'>
  readonly number: string
  readonly reversaleId: Id<'reversale'>
  readonly exercise: number
  readonly reversaleNumber: number
  readonly date: IsoDate
  readonly personId: Id<'person'>
  readonly personName: string
  readonly fiscalCode: string | null
  readonly causale: string
  readonly iuv: string | null
  readonly cents: Cents
  readonly annulledOn: IsoDate | null
  readonly annulmentReason: string | null
  readonly at: Instant
}

export interface QuietanzaFilter {
  readonly exercise?: number
  readonly reversaleId?: Id<'reversale'> | null
  readonly personId?: Id<'person'> | null
  readonly id?: Id<'quietanza'>
  readonly ids?: readonly Id<'quietanza'>[]
}

/** Quietanze by number of reversale and line. */
export async function listQuietanze(db: ReadHandle, filter: QuietanzaFilter): Promise<QuietanzaRow[]> {
  let query = db
    .selectFrom('quietanza as q')
    .innerJoin('reversaleLine as line', 'line.id', 'q.reversaleLineId')
    .innerJoin('reversale as r', 'r.id', 'line.reversaleId')
    .innerJoin('accertamento as a', 'a.id', 'line.accertamentoId')
    .innerJoin('person as p', 'p.id', 'a.personId')
    .leftJoin('reversaleAnnulment as x', 'x.reversaleId', 'r.id')
    .select(['q.id', 'q.number', 'q.cents', 'q.at', 'line.iuv', 'r.id as reversaleId', 'r.exercise', 'r.date'])
    .select([
      'r.number as reversaleNumber',
      'a.causale',
      shownId('p').as('personId'),
      'p.name as personName',
      'p.fiscalCode',
    ])
    .select(['x.date as annulledOn', 'x.reason as annulmentReason'])
    .orderBy('r.exercise')
    .orderBy('r.number')
    .orderBy('line.ordinal')
  if (filter.exercise !== undefined) query = query.where('r.exercise', '=', filter.exercise)
  if (filter.reversaleId != null) query = query.where('r.id', '=', filter.reversaleId)
  if (filter.personId != null) query = query.where('p.id', 'in', familyOf(filter.personId))
  if (filter.id !== undefined) query = query.where('q.id', '=', filter.id)
  if (filter.ids !== undefined) query = query.where('q.id', 'in', filter.ids)
  return query.execute()
}

type QuietanzaShown = Pick<QuietanzaFilter, 'exercise' | 'reversaleId' | 'personId'>

/** Quietanze without who they are of, which is looked up for a page. */
function numbered(db: ReadHandle, { exercise, reversaleId, personId }: QuietanzaShown) {
  let query = db
    .selectFrom('reversale as r')
    .innerJoin('reversaleLine as line', 'line.reversaleId', 'r.id')
    .innerJoin('quietanza as q', 'q.reversaleLineId', 'line.id')
  if (exercise !== undefined) query = query.where('r.exercise', '=', exercise)
  if (reversaleId != null) query = query.where('r.id', '=', reversaleId)
  if (personId != null) {
    const theirs = db.selectFrom('accertamento').select('id').where('personId', 'in', familyOf(personId))
    query = query.where('line.accertamentoId', 'in', theirs)
  }
  return query
}

/** How many quietanze, and what those in force are of. */
export async function sumQuietanze(
  db: ReadHandle,
  filter: QuietanzaShown,
): Promise<{ readonly count: number; readonly cents: Cents }> {
  const row = await numbered(db, filter)
    .leftJoin('reversaleAnnulment as x', 'x.reversaleId', 'r.id')
    .select(sql<number>`count(*)`.as('count'))
    .select(sql<number>`cast(coalesce(sum(case when x."id" is null then q."cents" end), 0) as bigint)`.as('cents'))
    .executeTakeFirstOrThrow()
  return { count: Number(row.count), cents: cents(Number(row.cents)) }
}

const whose = (column: 'name' | 'fiscalCode') =>
  sql<
    string | null
  >`(select p.${sql.ref(column)} from "accertamento" a join "person" p on p."id" = a."personId" where a."id" = line."accertamentoId")`

const VALUES = {
  number: sql<string>`q."number"`,
  // The id is made of exercise and number.
  reversale: sql<number>`r."id"`,
  date: sql<string>`r."date"`,
  personName: whose('name'),
  fiscalCode: whose('fiscalCode'),
  causale: sql<string>`(select a."causale" from "accertamento" a where a."id" = line."accertamentoId")`,
  iuv: sql<string | null>`line."iuv"`,
  cents: sql<number>`q."cents"`,
}

type QuietanzaColumn = keyof typeof VALUES

/** What one column says of each quietanza, by number of reversale and line: of all, or of a page. */
export async function quietanzaValues(
  db: ReadHandle,
  filter: QuietanzaShown,
  column: QuietanzaColumn,
  page?: { readonly offset: number; readonly limit: number },
) {
  let query = numbered(db, filter)
    .select(['q.id', sql<string | number | null>`${VALUES[column]}`.as('value')])
    .orderBy('r.exercise')
    .orderBy('r.number')
    .orderBy('line.ordinal')
  if (page !== undefined) query = query.offset(page.offset).limit(page.limit)
  return query.execute()
}

export function isQuietanzaColumn(name: string): name is QuietanzaColumn {
  return Object.hasOwn(VALUES, name)
}

export interface QuietanzaLineRow {
  readonly causale: string
  readonly exercise: number
  readonly number: number
  readonly capitoloCode: string
  readonly capitoloName: string
  readonly cents: Cents
  readonly bookingDate: IsoDate
  readonly flowId: string | null
  readonly rowKey: string | null
}

/** What one quietanza settles: the lines of its reversale that belong to the same payment. */
export async function quietanzaLines(db: ReadHandle, id: Id<'quietanza'>): Promise<QuietanzaLineRow[]> {
  const first = await db
    .selectFrom('quietanza')
    .innerJoin('reversaleLine as line', 'line.id', 'quietanza.reversaleLineId')
    .where('quietanza.id', '=', id)
    .selectAll('line')
    .executeTakeFirstOrThrow()
  let query = db
    .selectFrom('reversaleLine as line')
    .innerJoin('accertamento as a', 'a.id', 'line.accertamentoId')
    .innerJoin('capitolo as c', 'c.id', 'line.capitoloId')
    .innerJoin('bankMovement as m', 'm.id', 'line.bankMovementId')
    .leftJoin('reportingFlow as f', 'f.id', 'line.reportingFlowId')
    .where('line.reversaleId', '=', first.reversaleId)
    .select(['a.causale', 'a.exercise', 'a.number', 'c.code as capitoloCode', 'c.name as capitoloName'])
    .select(['line.cents', 'line.rowKey', 'm.bookingDate', 'f.flowId'])
    .orderBy('line.ordinal')
  if (first.iuv === null) {
    query = query
      .where('line.iuv', 'is', null)
      .where('line.accertamentoId', '=', first.accertamentoId)
      .where('line.bankMovementId', '=', first.bankMovementId)
  } else {
    query = query.where('line.iuv', '=', first.iuv)
    query =
      first.rowKey === null ? query.where('line.rowKey', 'is', null) : query.where('line.rowKey', '=', first.rowKey)
    query =
      first.reportingFlowId === null
        ? query.where('line.reportingFlowId', 'is', null)
        : query.where('line.reportingFlowId', '=', first.reportingFlowId)
  }
  return query.execute()
}

/** «Rata 2 di 3» of what the quietanza settles; null where it was paid at once. */
export async function installmentOf(
  db: ReadHandle,
  id: Id<'quietanza'>,
): Promise<{ readonly ordinal: number; readonly count: number } | null> {
  const row = await db
    .selectFrom('quietanza as q')
    .innerJoin('installment as i', 'i.id', 'q.installmentId')
    .innerJoin('paymentOption as o', 'o.id', 'i.paymentOptionId')
    .where('q.id', '=', id)
    .where('o.kind', '=', 'plan')
    .select(['i.ordinal', 'i.paymentOptionId'])
    .executeTakeFirst()
  if (row === undefined) return null
  const { count } = await db
    .selectFrom('installment')
    .where('paymentOptionId', '=', row.paymentOptionId)
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return { ordinal: row.ordinal, count: Number(count) }
}

export interface PaymentEvidence {
  readonly noticeNumber: NoticeNumber | null
  readonly iur: string | null
  readonly paidOn: IsoDate | null
  readonly psp: string | null
  /** Who paid, where the receipt says so. */
  readonly payer: { readonly name: string; readonly fiscalCode: string | null } | null
}

/**
 * What pagoPA's papers say of a payment: the receipt's words where there is one, else those of the flow's row. A notice
 * paid twice has two receipts: each payment has its own, by the IUR that its row (`rowKey`) names.
 */
export async function paymentEvidence(
  db: ReadHandle,
  iuv: string,
  flowId: string | null,
  rowKey: string | null,
): Promise<PaymentEvidence> {
  const assignment = await db
    .selectFrom('iuvAssignment')
    .select('noticeNumber')
    .where('iuv', '=', iuv as never)
    .executeTakeFirst()
  const receipts = await db
    .selectFrom('receipt')
    .select(['iur', 'paidAt', 'pspName', 'payerName', 'payerFiscalCode'])
    .where('iuv', '=', iuv)
    .where('ok', '=', 1)
    .orderBy('id')
    .execute()
  const rows =
    flowId === null
      ? []
      : await db
          .selectFrom('flowRow')
          .innerJoin('reportingFlowVersion as v', 'v.id', 'flowRow.versionId')
          .innerJoin('reportingFlow as f', 'f.id', 'v.reportingFlowId')
          .where('f.flowId', '=', flowId)
          .where('flowRow.iuv', '=', iuv)
          .select(['flowRow.iur', 'flowRow.outcomeDate', 'v.pspName', 'v.pspCode'])
          .orderBy('v.flowDateTime', 'desc')
          .execute()
  const row = rows.find(({ iur }) => rowKey?.startsWith(`${iuv}|${iur}|`)) ?? rows[0]
  const elsewhere = await db.selectFrom('flowRow').select('iur').distinct().where('iuv', '=', iuv).execute()
  const ofOthers = new Set(elsewhere.map(({ iur }) => iur).filter((iur) => row !== undefined && iur !== row.iur))
  const receipt = receipts.find(({ iur }) => iur === row?.iur) ?? receipts.find(({ iur }) => !ofOthers.has(iur))
  return {
    noticeNumber: assignment?.noticeNumber ?? null,
    iur: receipt?.iur ?? row?.iur ?? null,
    paidOn: (receipt?.paidAt.slice(0, 10) as IsoDate | undefined) ?? row?.outcomeDate ?? null,
    psp: receipt?.pspName ?? row?.pspName ?? row?.pspCode ?? null,
    payer: receipt?.payerName ? { name: receipt.payerName, fiscalCode: receipt.payerFiscalCode } : null,
  }
}

/** The present address of a person as an envelope writes it; empty when there is none. */
export async function addressLines(db: ReadHandle, personId: Id<'person'>): Promise<string[]> {
  const address = await db
    .selectFrom('contactPoint')
    .selectAll()
    .where('personId', '=', personId)
    .where('kind', '=', 'address')
    .where('validTo', 'is', null)
    .orderBy('id', 'desc')
    .executeTakeFirst()
  return linesOf(address ?? null)
}
