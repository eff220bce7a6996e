import { sql } from 'kysely'
import type { Id } from '#domain/brand'
import type { CreditNames } from '#domain/credit-words'
import type { Instant, IsoDate } from '#domain/date'
import type { Cents } from '#domain/money'
import type { ReadHandle } from './ledger.ts'
import { shownId } from './person-family.ts'

export interface ReversaleRow {
  readonly id: Id<'reversale'>
  readonly exercise: number
  readonly number: number
  readonly date: IsoDate
  readonly capitoloId: Id<'capitolo'>
  readonly capitoloCode: string
  readonly capitoloName: string
  readonly originYear: number
  readonly bankAccountId: Id<'bankAccount'>
  readonly account: string
  readonly iban: string | null
  /** Null when its lines come from several flows or from none. */
  readonly flowId: string | null
  /** Name of the only debtor, or «diversi». */
  readonly debtor: string
  readonly causale: string
  readonly lines: number
  readonly cents: Cents
  readonly annulledOn: IsoDate | null
  readonly annulmentReason: string | null
  /** Number, in the same exercise, of the list on which it was handed to the treasurer. */
  readonly transmissionListId: Id<'transmissionList'> | null
  readonly transmissionList: number | null
  /** Day on which the treasurer carried it out. */
  readonly executedOn: IsoDate | null
  readonly accountKind: 'bank' | 'postal' | 'treasury' | 'cash'
  readonly at: Instant
  readonly operator: string
}

export interface ReversaleFilter {
  readonly id?: Id<'reversale'>
  readonly exercise?: number
  readonly capitoloId?: Id<'capitolo'> | null
  readonly bankAccountId?: Id<'bankAccount'> | null
  readonly transmissionListId?: Id<'transmissionList'>
}

/** Reversali by exercise and number, annulled ones too: they keep their row. */
export async function listReversali(db: ReadHandle, filter: ReversaleFilter): Promise<ReversaleRow[]> {
  let query = db
    .selectFrom('reversale as r')
    .innerJoin('capitolo as c', 'c.id', 'r.capitoloId')
    .innerJoin('bankAccount as b', 'b.id', 'r.bankAccountId')
    .leftJoin('reversaleAnnulment as x', 'x.reversaleId', 'r.id')
    .leftJoin('reversaleExecution as e', 'e.reversaleId', 'r.id')
    .leftJoin('transmissionListLine as tl', 'tl.reversaleId', 'r.id')
    .leftJoin('transmissionList as t', 't.id', 'tl.transmissionListId')
    .select(['r.id', 'r.exercise', 'r.number', 'r.date', 'r.capitoloId', 'r.originYear', 'r.bankAccountId'])
    .select(['r.causale', 'r.cents', 'r.at', 'r.operator', 'c.code as capitoloCode', 'c.name as capitoloName'])
    .select(['b.kind as accountKind', 'e.date as executedOn'])
    .select(['b.name as account', 'b.iban', 'x.date as annulledOn', 'x.reason as annulmentReason'])
    .select(['t.id as transmissionListId', 't.number as transmissionList'])
    .orderBy('r.exercise')
    .orderBy('r.number')
  if (filter.id !== undefined) query = query.where('r.id', '=', filter.id)
  if (filter.exercise !== undefined) query = query.where('r.exercise', '=', filter.exercise)
  if (filter.capitoloId != null) query = query.where('r.capitoloId', '=', filter.capitoloId)
  if (filter.bankAccountId != null) query = query.where('r.bankAccountId', '=', filter.bankAccountId)
  if (filter.transmissionListId !== undefined) query = query.where('t.id', '=', filter.transmissionListId)
  const rows = await query.execute()
  const sums = await lineFacts(db, filter)
  return rows.map((row) => {
    const fact = sums.get(row.id)
    return {
      ...row,
      lines: fact?.lines ?? 0,
      flowId: fact && fact.firstFlow === fact.lastFlow && fact.flows === fact.lines ? fact.flowId : null,
      debtor: fact && fact.firstPerson === fact.lastPerson ? fact.person : 'diversi',
    }
  })
}

async function lineFacts(db: ReadHandle, filter: ReversaleFilter) {
  let query = db
    .selectFrom('reversaleLine as l')
    .innerJoin('accertamento as a', 'a.id', 'l.accertamentoId')
    .innerJoin('reversale as r', 'r.id', 'l.reversaleId')
    .groupBy('l.reversaleId')
    .select((eb) => [
      'l.reversaleId',
      sql<number>`count(*)`.as('lines'),
      sql<number>`count("l"."reportingFlowId")`.as('flows'),
      eb.fn.min('l.reportingFlowId').as('firstFlow'),
      eb.fn.max('l.reportingFlowId').as('lastFlow'),
      eb.fn.min('a.personId').as('firstPerson'),
      eb.fn.max('a.personId').as('lastPerson'),
    ])
  if (filter.id !== undefined) query = query.where('r.id', '=', filter.id)
  if (filter.exercise !== undefined) query = query.where('r.exercise', '=', filter.exercise)
  const rows = await query.execute()
  const flows = new Map<number, string>(
    (await db.selectFrom('reportingFlow').select(['id', 'flowId']).execute()).map((f) => [f.id, f.flowId]),
  )
  const single = new Set(rows.filter((r) => r.firstPerson === r.lastPerson).map((r) => r.firstPerson))
  const people = new Map<number, string>()
  if (single.size > 0) {
    const all = await db.selectFrom('person').select(['id', 'name']).execute()
    for (const p of all) if (single.has(p.id)) people.set(p.id, p.name)
  }
  return new Map<number, LineFact>(
    rows.map((r) => [
      r.reversaleId,
      {
        lines: Number(r.lines),
        flows: Number(r.flows),
        firstFlow: r.firstFlow,
        lastFlow: r.lastFlow,
        flowId: r.firstFlow === null ? null : (flows.get(r.firstFlow) ?? null),
        firstPerson: r.firstPerson,
        lastPerson: r.lastPerson,
        person: people.get(r.firstPerson) ?? '',
      },
    ]),
  )
}

interface LineFact {
  readonly lines: number
  readonly flows: number
  readonly firstFlow: number | null
  readonly lastFlow: number | null
  readonly flowId: string | null
  readonly firstPerson: number
  readonly lastPerson: number
  readonly person: string
}

export interface ReversaleLineRow {
  readonly accertamentoId: Id<'accertamento'>
  readonly exercise: number
  readonly number: number
  readonly causale: string
  readonly personId: Id<'person'>
  readonly personName: string
  readonly fiscalCode: string | null
  readonly iuv: string | null
  readonly bankMovementId: Id<'bankMovement'>
  readonly bookingDate: IsoDate
  readonly bankReference: string | null
  readonly provvisorio: number | null
  readonly flowId: string | null
  readonly cents: Cents
}

export async function listReversaleLines(db: ReadHandle, id: Id<'reversale'>): Promise<ReversaleLineRow[]> {
  return db
    .selectFrom('reversaleLine as l')
    .innerJoin('accertamento as a', 'a.id', 'l.accertamentoId')
    .innerJoin('person as p', 'p.id', 'a.personId')
    .innerJoin('bankMovement as m', 'm.id', 'l.bankMovementId')
    .leftJoin('provvisorio as pr', (join) =>
      join.onRef('pr.bankMovementId', '=', 'm.id').on('pr.annulledAt', 'is', null),
    )
    .leftJoin('reportingFlow as f', 'f.id', 'l.reportingFlowId')
    .where('l.reversaleId', '=', id)
    .select(['l.accertamentoId', 'a.exercise', 'a.number', 'a.causale', 'p.name as personName'])
    .select(shownId('p').as('personId'))
    .select(['p.fiscalCode', 'l.iuv', 'l.bankMovementId', 'm.bookingDate', 'm.bankReference'])
    .select(['pr.number as provvisorio', 'f.flowId', 'l.cents'])
    .orderBy('l.ordinal')
    .execute()
}

/** The credits that each reversale regularises, once each, in the order of its lines. */
export async function creditsOfReversali(
  db: ReadHandle,
  exercise: number | null,
): Promise<ReadonlyMap<number, CreditNames[]>> {
  let query = db
    .selectFrom('reversaleLine as l')
    .innerJoin('reversale as r', 'r.id', 'l.reversaleId')
    .innerJoin('bankMovement as m', 'm.id', 'l.bankMovementId')
    .leftJoin('provvisorio as p', (join) => join.onRef('p.bankMovementId', '=', 'm.id').on('p.annulledAt', 'is', null))
    .groupBy(['l.reversaleId', 'l.bankMovementId', 'm.bookingDate', 'm.bankReference', 'p.number'])
    .select(['l.reversaleId', 'm.bookingDate', 'm.bankReference', 'p.number as provvisorio'])
    .select((eb) => eb.fn.min('l.ordinal').as('first'))
    .orderBy('l.reversaleId')
    .orderBy('first')
  if (exercise !== null) query = query.where('r.exercise', '=', exercise)
  const found = new Map<number, CreditNames[]>()
  for (const { reversaleId, first: _, ...credit } of await query.execute()) {
    const list = found.get(reversaleId)
    if (list) list.push(credit)
    else found.set(reversaleId, [credit])
  }
  return found
}
