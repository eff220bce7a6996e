import { sql } from 'kysely'
import type { Id } from '#domain/brand'
import type { Instant, IsoDate } from '#domain/date'
import type { Cents } from '#domain/money'
import type { ReadHandle } from './ledger.ts'
import { familyOf } from './person-family.ts'
import type { AccertamentoState } from './schema/books.ts'
import type { ContactPointTable } from './schema/person.ts'

export type ContactRow = Omit<ContactPointTable, 'id' | 'personId'> & {
  readonly id: Id<'contactPoint'>
  readonly failedBy: 'delivery' | 'hand' | null
}

/** Contacts of a person, those in force first, then the closed ones, newest first. */
export async function readContactsOf(db: ReadHandle, personId: Id<'person'>): Promise<ContactRow[]> {
  const rows = await db
    .selectFrom('contactPoint')
    .selectAll()
    .select(
      sql<Instant | null>`(select max(d."updatedAt") from "delivery" d where d."contactPointId" = "contactPoint"."id"
        and d."state" = 'failed' and not exists (select 1 from "delivery" good where good."contactPointId" = d."contactPointId"
        and good."state" in ('sent', 'accepted', 'delivered') and good."id" > d."id"))`.as('bouncedAt'),
    )
    .where('personId', '=', personId)
    .orderBy('id', 'desc')
    .execute()
  return rows
    .map(({ personId: _person, bouncedAt, failedAt, ...row }) => ({
      ...row,
      failedAt: failedAt ?? bouncedAt,
      failedBy: failedAt !== null ? ('hand' as const) : bouncedAt !== null ? ('delivery' as const) : null,
    }))
    .sort((a, b) => Number(a.validTo !== null) - Number(b.validTo !== null))
}

export interface AlboRow {
  readonly id: Id<'alboEntry'>
  readonly albo: string
  readonly section: string | null
  readonly number: string
  readonly from: IsoDate
  readonly to: IsoDate | null
  readonly status: string
}

/** Positions in the albi, of whoever was merged too; those in force first, then the latest. */
export async function readAlboOf(db: ReadHandle, personId: Id<'person'>): Promise<AlboRow[]> {
  const rows = await db
    .selectFrom('alboEntry')
    .select(['id', 'albo', 'section', 'number', 'from', 'to', 'status'])
    .where('personId', 'in', familyOf(personId))
    .orderBy('id', 'desc')
    .execute()
  return rows.sort((a, b) => Number(a.to !== null) - Number(b.to !== null))
}

export interface PersonDue {
  readonly accertamentoId: Id<'accertamento'>
  readonly exercise: number
  readonly number: number
  readonly competenceYear: number
  readonly causale: string
  readonly dueDate: IsoDate | null
  readonly dueCents: Cents
  readonly collectedCents: Cents
  readonly state: AccertamentoState
}

/** Everything ever raised on a person, and on whoever was merged into it, latest exercise first. */
export async function readDuesOf(db: ReadHandle, personId: Id<'person'>): Promise<PersonDue[]> {
  return db
    .selectFrom('accertamento')
    .innerJoin('accertamentoBalance', 'accertamentoBalance.accertamentoId', 'accertamento.id')
    .where('accertamento.personId', 'in', familyOf(personId))
    .select(['accertamento.id as accertamentoId', 'accertamento.exercise', 'accertamento.number'])
    .select(['accertamento.competenceYear', 'accertamento.causale', 'accertamento.dueDate'])
    .select(['accertamentoBalance.dueCents', 'accertamentoBalance.collectedCents', 'accertamentoBalance.state'])
    .orderBy('accertamento.exercise', 'desc')
    .orderBy('accertamento.number', 'desc')
    .execute()
}

/** Positions ever issued to a person, cancelled ones too. */
export async function positionIdsOf(db: ReadHandle, personId: Id<'person'>): Promise<Id<'debtPosition'>[]> {
  const rows = await db
    .selectFrom('debtPosition')
    .where('personId', 'in', familyOf(personId))
    .select('id')
    .orderBy('id')
    .execute()
  return rows.map((row) => row.id)
}

export interface HintedCredit {
  readonly bankMovementId: Id<'bankMovement'>
  readonly statementId: Id<'bankStatement'> | null
  readonly date: IsoDate
  readonly cents: Cents
  readonly text: string
}

/** Credits that the reconciliation proposes for debts of this person. */
export async function hintedCredits(db: ReadHandle, personId: Id<'person'>): Promise<HintedCredit[]> {
  return db
    .selectFrom('proposal as q')
    .innerJoin('accertamento as a', (join) =>
      join.on(sql<boolean>`a."id" = q."targetId"`).on('q.kind', '=', 'accertamento'),
    )
    .innerJoin('bankMovement as m', 'm.id', 'q.bankMovementId')
    .where('a.personId', 'in', familyOf(personId))
    .groupBy(['m.id', 'm.bankStatementId', 'm.bookingDate', 'm.cents', 'm.description'])
    .select([
      'm.id as bankMovementId',
      'm.bankStatementId as statementId',
      'm.bookingDate as date',
      'm.cents',
      'm.description as text',
    ])
    .orderBy('m.bookingDate', 'desc')
    .limit(5)
    .execute()
}

export interface ReceiptOfPerson {
  readonly id: Id<'receipt'>
  readonly iuv: string
  readonly noticeNumber: string | null
  readonly ok: number
  readonly cents: Cents
  readonly paidAt: string
  readonly pspName: string | null
  readonly payerName: string | null
}

/** Receipts of the person's notices. */
export async function receiptsOf(db: ReadHandle, personId: Id<'person'>): Promise<ReceiptOfPerson[]> {
  return db
    .selectFrom('receipt as r')
    .innerJoin('iuvAssignment as i', (join) => join.on(sql<boolean>`i."iuv" = r."iuv"`))
    .innerJoin('debtPosition as d', 'd.id', 'i.debtPositionId')
    .where('d.personId', 'in', familyOf(personId))
    .select(['r.id', 'r.iuv', 'r.noticeNumber', 'r.ok', 'r.cents', 'r.paidAt', 'r.pspName', 'r.payerName'])
    .orderBy('r.paidAt', 'desc')
    .execute()
}

export interface CollectionOfPerson {
  readonly reversaleId: Id<'reversale'>
  readonly exercise: number
  readonly number: number
  readonly date: IsoDate
  readonly cents: Cents
  readonly causale: string
  readonly bookingDate: IsoDate
  readonly iuv: string | null
  readonly flowId: string | null
  readonly annulledOn: IsoDate | null
}

/** What the books collected of the person's debts, line by line, latest first. */
export async function collectionsOf(db: ReadHandle, personId: Id<'person'>): Promise<CollectionOfPerson[]> {
  return db
    .selectFrom('reversaleLine as l')
    .innerJoin('reversale as r', 'r.id', 'l.reversaleId')
    .innerJoin('accertamento as a', 'a.id', 'l.accertamentoId')
    .innerJoin('bankMovement as m', 'm.id', 'l.bankMovementId')
    .leftJoin('reportingFlow as f', 'f.id', 'l.reportingFlowId')
    .leftJoin('reversaleAnnulment as x', 'x.reversaleId', 'r.id')
    .where('a.personId', 'in', familyOf(personId))
    .select(['r.id as reversaleId', 'r.exercise', 'r.number', 'r.date', 'l.cents', 'a.causale', 'm.bookingDate'])
    .select(['l.iuv', 'f.flowId', 'x.date as annulledOn'])
    .orderBy('r.date', 'desc')
    .orderBy('r.id', 'desc')
    .orderBy('l.id')
    .execute()
}

export interface NoticeOfPerson {
  readonly debtPositionId: Id<'debtPosition'>
  readonly version: number
  readonly currentVersion: number
  readonly lifecycle: 'draft' | 'issued' | 'cancelled'
  readonly issuedAt: Instant
  readonly noticeNumber: string | null
  readonly description: string
  readonly cents: Cents
}

/** The notice of each position of the person, as its current version stands. */
export async function noticesOf(db: ReadHandle, personId: Id<'person'>): Promise<NoticeOfPerson[]> {
  const rows = await db
    .selectFrom('debtPosition as d')
    .innerJoin('debtPositionVersion as v', (join) =>
      join.onRef('v.debtPositionId', '=', 'd.id').onRef('v.version', '=', 'd.currentVersion'),
    )
    .innerJoin('paymentOption as o', (join) =>
      join.onRef('o.debtPositionId', '=', 'd.id').onRef('o.version', '=', 'd.currentVersion'),
    )
    .innerJoin('installment as i', 'i.paymentOptionId', 'o.id')
    .innerJoin('iuvAssignment as u', 'u.iuv', 'i.iuv')
    .where('d.personId', 'in', familyOf(personId))
    .select(['d.id as debtPositionId', 'v.version', 'd.currentVersion', 'd.lifecycle', 'v.createdAt as issuedAt'])
    .select(['u.noticeNumber', 'o.description', 'o.kind', 'i.cents', 'i.ordinal'])
    .orderBy('d.id')
    .orderBy('o.kind', 'desc')
    .orderBy('i.ordinal')
    .execute()
  // A notice shows the single payment where there is one, else the plan: its first number and the whole sum.
  const byPosition = Map.groupBy(rows, (row) => row.debtPositionId)
  return [...byPosition.values()].flatMap((of) => {
    const single = of.filter((row) => row.kind === 'single')
    const shown = single.length > 0 ? single : of
    const [first] = shown
    if (first === undefined) return []
    const { kind: _kind, ordinal: _ordinal, ...row } = first
    return [{ ...row, cents: shown.reduce((total, one) => total + one.cents, 0) as Cents }]
  })
}
