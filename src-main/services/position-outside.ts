import type { Id } from '#domain/brand'
import type { IsoDate } from '#domain/date'
import { type Cents, cents, sum } from '#domain/money'
import { leadingPayments, openPaymentsOf, type StoredPayment, type StoredPosition } from '#domain/position-plan'
import { ProblemError, problem } from '#domain/problem'
import { listBankAccounts } from '#ledger/bank-account'
import { decisionsOn } from '#ledger/decision'
import type { ReadHandle } from '#ledger/ledger'
import { readStoredPositions } from '#ledger/position-version'
import type { Act } from './act.ts'
import { payloadOf } from './act-effect.ts'
import { rememberAct } from './act-stack.ts'
import { command } from './command.ts'
import type { ServiceContext } from './context.ts'
import { decideActs } from './decisions.ts'

async function positionOf(db: ReadHandle, id: Id<'debtPosition'>): Promise<StoredPosition> {
  const [position] = await readStoredPositions(db, [id])
  if (position === undefined) throw new ProblemError(problem('POSITION_GONE', {}))
  return position
}

/** Of what is ours: the money of others and stamps are not collected here. */
function ownCents(payment: StoredPayment): Cents {
  return sum(payment.transfers.filter((t) => t.own && !t.stamp).map((t) => t.cents))
}

/** What is left, in the way in which it is being paid. */
export function remainingOf(position: StoredPosition): Cents {
  const open = openPaymentsOf(position)
  const { single } = position
  return single !== null && open.includes(single) ? single.cents : sum(open.map((one) => one.cents))
}

function ordinalOf(position: StoredPosition, payment: StoredPayment): number {
  return payment === position.single ? 0 : payment.ordinal
}

/** What can still be paid at the counter, and what was said of it already. */
export async function outsideOf(db: ReadHandle, _context: ServiceContext, id: Id<'debtPosition'>) {
  const position = await positionOf(db, id)
  const said = await decisionsOn(db, [{ kind: 'debtPosition', key: String(id) }], ['paidOutside'])
  const accounts = await listBankAccounts(db)
  const open = openPaymentsOf(position)
  return {
    remainingCents: remainingOf(position),
    payments: open.map((one) => ({
      ordinal: ordinalOf(position, one),
      ...{ cents: ownCents(one), dueDate: one.dueDate, noticeNumber: one.noticeNumber ?? '' },
    })),
    cashAccounts: accounts
      .filter((a) => a.kind === 'cash' && a.closedDate === null)
      .map(({ id: account, name }) => ({ id: account, name })),
    said: said
      .filter((row) => row.kind === 'paidOutside')
      .map((row) => {
        const payload = payloadOf(row)
        const amount = typeof payload.cents === 'number' ? cents(payload.cents) : null
        const how = String(payload.how ?? '')
        return {
          decisionId: row.id,
          at: row.at,
          operator: row.operator,
          document: String(payload.document),
          how,
          cents: amount,
        }
      }),
  }
}

export interface OutsideInput {
  readonly id: Id<'debtPosition'>
  /** 0 is the single payment; none: all that is left. */
  readonly payments: readonly number[]
  readonly how: 'cash' | 'pos' | 'bonifico'
  readonly document: string
  readonly date: IsoDate
  readonly cashAccountId: Id<'bankAccount'> | null
  readonly reason: string
}

/** The payments that the person means; null is all of a position of which nothing is paid. */
function meant(position: StoredPosition, ordinals: readonly number[]): readonly StoredPayment[] | null {
  const open = openPaymentsOf(position)
  if (open.length === 0)
    throw new ProblemError(problem('PAID_OUTSIDE_PAID', { title: `La posizione di ${position.personName}` }))
  if (ordinals.length === 0)
    return open.length === position.installments.length + (position.single ? 1 : 0) ? null : open
  const chosen = open.filter((one) => ordinals.includes(ordinalOf(position, one)))
  const mixed = position.single !== null && chosen.includes(position.single) && chosen.length > 1
  if (chosen.length !== new Set(ordinals).size || mixed) throw new ProblemError(problem('PAID_OUTSIDE_PAYMENTS', {}))
  return chosen
}

/** Says it as a decision of the work table does, in one write: «Disfa» takes it back, cash and all. */
export async function payOutside(context: ServiceContext, input: OutsideInput) {
  const { id, how, document, date, reason } = input
  const payload = { debtPositionId: id, how, document, date, payments: [...input.payments] }
  const write = command(context, 'positionAct.payOutside', payload)
  const { at, operator } = write
  const done = await context.ledger.write(write, async (db) => {
    const position = await positionOf(db, id)
    const chosen = meant(position, input.payments)
    const asked = sum((chosen ?? leadingPayments(position)).map(ownCents))
    const act: Act = {
      ...{ kind: 'paidOutside', debtPositionId: id, document, how, date },
      cashAccountId: how === 'cash' ? input.cashAccountId : null,
      cents: how === 'cash' ? asked : null,
      ...(chosen === null ? {} : { iuvs: chosen.map((one) => one.iuv as string) }),
    }
    const said = await decideActs(
      db,
      [act],
      { reason: reason === '' ? document : reason, annul: false },
      { at, operator },
    )
    return { decisionIds: said.decisionIds, cents: asked }
  })
  rememberAct(context.ledger, operator, done.decisionIds)
  return { decisionId: done.decisionIds.at(-1) as Id<'decision'>, cents: done.cents }
}
