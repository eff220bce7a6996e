import type { Id } from '#domain/brand'
import type { IsoDate } from '#domain/date'
import type { FiscalCode } from '#domain/fiscal-code'
import { type Cents, cents, sum } from '#domain/money'
import { thrownAway } from '#domain/node-step'
import { composeNoticeNumber, type SegregationCode } from '#domain/notice-number'
import {
  type AskedDebt,
  askedOf,
  type NotRevised,
  type PositionChange,
  type RevisedPayment,
  type RevisedPosition,
  revisePosition,
  type StoredPosition,
} from '#domain/position-plan'
import { ProblemError, problem } from '#domain/problem'
import { cancellingExercise, raisingDate } from '#domain/raising'
import { insertVariations, type NewVariation } from '#ledger/accertamento-raise'
import { listExercises } from '#ledger/chart'
import { restingChunks } from '#ledger/chunks'
import { readInstitution } from '#ledger/institution'
import { assignIuvBases } from '#ledger/iuv-bases'
import type { ReadHandle, WriteHandle } from '#ledger/ledger'
import { readDebtsToIssue } from '#ledger/position-issue'
import { withdrawWaiting } from '#ledger/position-superseded'
import {
  askedBy,
  insertVersions,
  makeCurrent,
  type NewVersion,
  type RevisedDebt,
  readRevisedDebts,
  readStoredPositions,
  type VersionPayment,
} from '#ledger/position-version'
import type { PositionVersionKind } from '#ledger/schema/position'
import type { ServiceContext } from './context.ts'
import type { Report } from './long-work.ts'
import { today } from './produced-file.ts'
import { reconcileDebts, reconciledBooks } from './reconcile-ledger.ts'
import { roomsOf } from './rooms.ts'
import { LeftOut } from './selection.ts'

/** Why a position stays as it is, said of many: «Hanno…», so that the same words stand under a preview and in a refusal. */
export const NOT_REVISED: Readonly<Record<NotRevised, string>> = {
  paid: 'Sono già pagate',
  singlePaid: 'Sono già pagate in un’unica soluzione',
  notAsked: 'Un importo è di un accertamento che la posizione non chiede',
  belowPaid: 'Le rate pagate superano il nuovo importo',
  nothingLeft: 'Non resta niente da chiedere: vanno annullate',
  termsDiffer: 'Le rate non fanno l’importo da pagare',
  tooSmall: 'L’importo è troppo piccolo per tante rate',
  tooManyAccounts: 'Servono più di cinque bonifici in un pagamento',
  tooMuch: 'L’importo supera il limite di pagoPA',
  validityBeforeDue: 'La scadenza è dopo la fine della validità',
  datesGoBack: 'Le scadenze delle rate non sono in ordine',
}

/** A position that will get another version, as it was and as it will be. */
export interface Revision {
  readonly position: StoredPosition
  readonly next: RevisedPosition
}

interface Order {
  /** What changes of each; null leaves the position out for the reason given. */
  readonly changeOf: (position: StoredPosition) => PositionChange | { readonly leftOut: string }
  /** Accertamenti that are added to the only position. */
  readonly added?: readonly Id<'accertamento'>[]
  /** Written although nothing is other than before: a reactivation. */
  readonly always?: boolean
}

export interface Plan {
  readonly revisions: readonly Revision[]
  readonly leftOut: LeftOut
}

/**
 * What an act does to these positions, worked out and not written: what was paid never changes, what is open is asked anew
 * (`domain/position-plan.ts`). In a write it is worked out again under its lock.
 */
export async function planRevisions(
  db: ReadHandle,
  context: ServiceContext,
  ids: readonly Id<'debtPosition'>[],
  order: Order,
  report: Report = () => {},
): Promise<Plan> {
  const leftOut = new LeftOut()
  const revisions: Revision[] = []
  const books = await reconciledBooks(db, context.clock.now())
  /** What those before in the same act will ask for: two cancelled ones never stand again for the same debt. */
  const taken = new Map<number, Id<'debtPosition'>>()
  let done = 0
  for await (const slice of restingChunks(ids, 500)) {
    report('Calcolo le nuove versioni', done, ids.length)
    const positions = await readStoredPositions(db, slice)
    const asked = new Map(positions.map((one) => [one.id, askedOf(one)]))
    const debtIds = [...asked.values()].flatMap((of) => [...of.keys()] as Id<'accertamento'>[])
    const debts = await readRevisedDebts(db, [...debtIds, ...(order.added ?? [])])
    const rooms = books === null ? null : roomsOf(books, new Set(debts.keys()))
    const roomOf = (debt: RevisedDebt): Cents => {
      const room = rooms?.get(debt.accertamentoId) ?? debt.outstandingCents
      return cents(Math.max(0, room))
    }
    const asking = await askedBy(db, [...debts.keys()] as Id<'accertamento'>[])
    const isElsewhere = (debt: number, position: number) =>
      (asking.get(debt) ?? []).some((id) => id !== position) || (taken.get(debt) ?? position) !== position
    const added = order.added === undefined ? [] : await addedDebts(db, order.added, positions, debts, roomOf)
    for (const position of positions) {
      const change =
        order.added !== undefined && position.lifecycle !== 'issued'
          ? { leftOut: 'Sono annullate' }
          : order.changeOf(position)
      if ('leftOut' in change) {
        leftOut.add(change.leftOut)
        continue
      }
      const of = asked.get(position.id) as ReturnType<typeof askedOf>
      // A cancelled one asks for nothing: what it would ask may be on another notice by now.
      if ([...of.keys()].some((id) => isElsewhere(id, position.id))) {
        leftOut.add('Un’altra posizione chiede già le stesse somme')
        continue
      }
      const present = [...of].map(([id, money]): AskedDebt => {
        const debt = debts.get(id) as RevisedDebt
        return { ...debt, ...money, roomCents: roomOf(debt) }
      })
      const next = revisePosition(position, present, { ...change, added })
      if (typeof next === 'string') leftOut.add(NOT_REVISED[next])
      else if (!next.changed && order.always !== true) leftOut.add('Sono già così')
      else {
        revisions.push({ position, next })
        for (const id of of.keys()) taken.set(id, position.id)
      }
    }
    done += slice.length
  }
  return { revisions, leftOut }
}

async function addedDebts(
  db: ReadHandle,
  ids: readonly Id<'accertamento'>[],
  positions: readonly StoredPosition[],
  debts: ReadonlyMap<number, RevisedDebt>,
  roomOf: (debt: RevisedDebt) => Cents,
): Promise<AskedDebt[]> {
  const found = await readDebtsToIssue(db, ids)
  return found.map((debt): AskedDebt => {
    const known = debts.get(debt.accertamentoId) as RevisedDebt
    const roomCents = roomOf(known)
    const name = `${debt.number}/${debt.exercise}`
    if (debt.personId !== positions[0]?.personId) throw new ProblemError(problem('ADDED_DEBT_OF_ANOTHER', { name }))
    if (debt.issued) throw new ProblemError(problem('DEBT_ASKED_ALREADY', { name }))
    if (roomCents === 0) throw new ProblemError(problem('DEBT_NOTHING_LEFT', { name }))
    if (!debt.pagoPa) throw new ProblemError(problem('DEBT_NOT_PAGOPA', { name }))
    if (debt.iban === null) throw new ProblemError(problem('DEBT_WITHOUT_ACCOUNT', { name }))
    const money = { askedCents: cents(0), paidCents: cents(0), roomCents }
    return { ...known, iban: debt.iban, taxonomyCode: debt.taxonomyCode, ...money }
  })
}

export interface Writing {
  readonly kind: PositionVersionKind
  readonly reason: string
  /** Under another iupd whatever the node says: it did not take the present one. */
  readonly anew?: boolean
}

/**
 * Writes the new versions in the caller's write: variations, new numbers where payments were added, versions, and deliveries
 * of the old ones that had not left yet are taken back. The reconciliation is asked again at the end.
 */
export async function writeRevisions(
  db: WriteHandle,
  context: ServiceContext,
  revisions: readonly Revision[],
  { kind, reason, anew = false }: Writing,
  report: Report = () => {},
): Promise<void> {
  const institution = await readInstitution(db)
  if (institution === null) throw new ProblemError(problem('INSTITUTION_MISSING', {}))
  const at = context.clock.now()
  await insertVariations(db, await variationsOf(db, revisions, reason, today(context)))
  const bases = (await assignIuvBases(db, newNumbers(revisions), context.ledger.clock)).values()
  const numbered = ({ before, paid: _paid, ...payment }: RevisedPayment): VersionPayment => {
    if (before !== null) return { ...payment, iuv: before.iuv, fresh: null }
    const base = bases.next().value as number
    const { iuv, noticeNumber } = composeNoticeNumber(institution.segregationCode as SegregationCode, base)
    return { ...payment, iuv, fresh: { noticeNumber, base } }
  }
  const fiscalCode = institution.fiscalCode as FiscalCode
  const versions = revisions.map(({ position, next }): NewVersion => {
    const single = next.single && numbered(next.single)
    const installments = next.installments.map(numbered)
    const leading = single ?? (installments[0] as VersionPayment)
    // The node has thrown the old one away, or does not take it.
    const iupd = anew || thrownAway(position.nodeState) ? `${fiscalCode}-${leading.iuv}` : position.iupd
    return {
      ...{ id: position.id, version: position.version + 1, iupd, description: position.description, reason, kind },
      ...{ validUntil: next.validUntil, operator: context.operator, single, installments },
    }
  })
  let done = 0
  for await (const slice of restingChunks(versions)) {
    await insertVersions(db, slice, { fiscalCode, at })
    await makeCurrent(db, slice)
    done += slice.length
    report('Scrivo le nuove versioni', done, versions.length)
  }
  const ids = versions.map(({ id }) => id)
  await withdrawWaiting(db, ids, 'L’avviso è superato da una nuova versione', at)
  report('Riconcilio', 0)
  await reconcileDebts(db, at)
}

export function newNumbers(revisions: readonly Revision[]): number {
  const fresh = ({ single, installments }: RevisedPosition) =>
    [single, ...installments].filter((one) => one !== null && one.before === null).length
  return revisions.reduce((n, { next }) => n + fresh(next), 0)
}

async function variationsOf(
  db: ReadHandle,
  revisions: readonly Revision[],
  reason: string,
  day: IsoDate,
): Promise<NewVariation[]> {
  const wanted = revisions.flatMap(({ next }) => next.variations)
  if (wanted.length === 0) return []
  const exercises = await listExercises(db)
  const debts = await readRevisedDebts(
    db,
    wanted.map((one) => one.accertamentoId),
  )
  return wanted.map(({ accertamentoId, cents: by }) => {
    const origin = (debts.get(accertamentoId) as RevisedDebt).exercise
    const exercise = cancellingExercise(origin, exercises, day)
    if (exercise === null) throw new ProblemError(problem('EXERCISE_NOT_OPEN', { year: Number(day.slice(0, 4)) }))
    return {
      ...{ accertamentoId, exercise, date: raisingDate(exercise, day, null) },
      ...{ kind: by > 0 ? ('increase' as const) : ('decrease' as const), cents: by, reason, act: null },
    }
  })
}

/** Nothing can be done of what was asked: the first reason, in words. */
export function refusalOf(leftOut: LeftOut) {
  const [first] = leftOut.list()
  return first === undefined ? problem('POSITION_GONE', {}) : problem('POSITION_ACT_REFUSED', { reason: first.reason })
}

export function centsOf({ single, installments }: Pick<StoredPosition, 'single' | 'installments'>): Cents {
  return single?.cents ?? sum(installments.map((one) => one.cents))
}
