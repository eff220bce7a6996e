import type { Id } from '#domain/brand'
import type { Instant, IsoDate } from '#domain/date'
import { type Cents, sum } from '#domain/money'
import { insertWriteBacks } from './albo.ts'
import { insertMany, reserveIds } from './bulk.ts'
import { chunks } from './chunks.ts'
import type { ReadHandle, WriteHandle } from './ledger.ts'
import { nextNumber } from './numbering.ts'

export interface LineToPost {
  readonly accertamentoId: Id<'accertamento'>
  readonly bankMovementId: Id<'bankMovement'>
  readonly matchId: Id<'match'>
  readonly reportingFlowId: Id<'reportingFlow'> | null
  readonly rowKey: string | null
  readonly iuv: string | null
  readonly idTransfer: number | null
  /** Greater than zero. */
  readonly cents: Cents
}

/** A reversale without its number. The date is the caller's: never before the last one of its exercise. */
export interface ReversaleToPost {
  readonly exercise: number
  readonly date: IsoDate
  readonly capitoloId: Id<'capitolo'>
  readonly originYear: number
  readonly bankAccountId: Id<'bankAccount'>
  readonly personId: Id<'person'> | null
  readonly causale: string
  readonly groupKey: string
  readonly lines: readonly LineToPost[]
}

export interface PostedReversale {
  readonly id: Id<'reversale'>
  readonly exercise: number
  readonly number: number
  readonly cents: Cents
  /** In the order of the draft's lines. */
  readonly lineIds: readonly Id<'reversaleLine'>[]
}

interface Author {
  readonly at: Instant
  readonly operator: string
}

/**
 * Issues reversali in the order given, numbered from the next of their exercise. All lines go in first: each header
 * then seals its own, and the triggers move the balances set-wise (DOMAIN.md §2, «header-last»). Who has paid is written
 * for the Albo with them.
 * @throws ProblemError of the books when the database refuses a line, a date or an exercise; then nothing is issued.
 */
export async function postReversali(
  db: WriteHandle,
  drafts: readonly ReversaleToPost[],
  author: Author,
): Promise<PostedReversale[]> {
  const numbers = new Map<number, number>()
  for (const year of new Set(drafts.map((draft) => draft.exercise))) {
    numbers.set(year, await nextNumber(db, 'reversale', year))
  }
  const lineCount = drafts.reduce((count, draft) => count + draft.lines.length, 0)
  const lineIds = await reserveIds(db, 'reversaleLine', lineCount)
  let used = 0
  const posted = drafts.map((draft): PostedReversale => {
    const number = numbers.get(draft.exercise) as number
    numbers.set(draft.exercise, number + 1)
    const ids = lineIds.slice(used, used + draft.lines.length)
    used += draft.lines.length
    const id = (draft.exercise * 1_000_000 + number) as Id<'reversale'>
    return { id, exercise: draft.exercise, number, cents: sum(draft.lines.map((l) => l.cents)), lineIds: ids }
  })
  await insertMany(
    db,
    'reversaleLine',
    drafts.flatMap((draft, d) =>
      draft.lines.map((line, l) => ({
        id: (posted[d] as PostedReversale).lineIds[l] as Id<'reversaleLine'>,
        reversaleId: (posted[d] as PostedReversale).id,
        ordinal: l + 1,
        capitoloId: draft.capitoloId,
        originYear: draft.originYear,
        accertamentoId: line.accertamentoId,
        bankMovementId: line.bankMovementId,
        matchId: line.matchId,
        reportingFlowId: line.reportingFlowId,
        rowKey: line.rowKey,
        iuv: line.iuv,
        idTransfer: line.idTransfer,
        cents: line.cents,
      })),
    ),
  )
  await insertMany(
    db,
    'reversale',
    drafts.map(({ lines: _, ...header }, d) => {
      const { id, number, cents } = posted[d] as PostedReversale
      return { id, number, cents, ...header, ...author }
    }),
  )
  await insertWriteBacks(db, posted, author.at)
  return posted
}

/** Annuls a whole reversale: its number stays, its money and its accertamenti come back. */
export async function annulReversale(
  db: WriteHandle,
  annulment: { readonly reversaleId: Id<'reversale'>; readonly date: IsoDate; readonly reason: string } & Author,
): Promise<void> {
  const { reversaleId, date, reason, at, operator } = annulment
  await db.insertInto('reversaleAnnulment').values({ reversaleId, date, reason, at, operator }).execute()
}

/** How a reversale stands: in force, annulled, carried out by the treasurer. */
export interface ReversaleStanding {
  readonly id: Id<'reversale'>
  readonly exercise: number
  readonly number: number
  readonly date: IsoDate
  readonly annulled: boolean
  readonly executedOn: IsoDate | null
  readonly accountKind: 'bank' | 'postal' | 'treasury' | 'cash'
}

export async function reversaleStandings(
  db: ReadHandle,
  ids: readonly Id<'reversale'>[],
): Promise<ReversaleStanding[]> {
  const out: ReversaleStanding[] = []
  for (const part of chunks(ids)) {
    const rows = await db
      .selectFrom('reversale as r')
      .innerJoin('bankAccount as account', 'account.id', 'r.bankAccountId')
      .leftJoin('reversaleAnnulment as annulment', 'annulment.reversaleId', 'r.id')
      .leftJoin('reversaleExecution as execution', 'execution.reversaleId', 'r.id')
      .where('r.id', 'in', [...part])
      .select([
        'r.id',
        'r.exercise',
        'r.number',
        'r.date',
        'annulment.id as annulmentId',
        'execution.date as executedOn',
        'account.kind as accountKind',
      ])
      .execute()
    out.push(...rows.map(({ annulmentId, ...row }) => ({ ...row, annulled: annulmentId !== null })))
  }
  return out
}
