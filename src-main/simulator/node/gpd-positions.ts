import type { SentOption, SentPosition } from './gpd-read.ts'
import { refusals } from './gpd-refusals.ts'
import { checkRules } from './gpd-rules.ts'
import type { NodeDesk } from './http.ts'
import type { NodeOption, NodePayment, NodePosition, NodeTransfer } from './records.ts'
import {
  ALREADY_PAID,
  firstValidity,
  INVALIDABLE,
  PAYABLE,
  paymentsOf,
  positionAt,
  published,
  statusOfPayments,
  UPDATABLE,
} from './states.ts'
import { type NodeStore, positionKey } from './store.ts'

/** Placeholder of the platform for what was paid elsewhere. */
const PAID_ELSEWHERE = 'CLOSED_AS_ALREADY_PAID_BY_EC'

/** IUPDs, IUVs and notice numbers that a change not yet kept takes, so that rows of one load may not share them. */
export class Taken {
  readonly #names = new Set<string>()

  /** False where another has it. */
  take(name: string): boolean {
    if (this.#names.has(name)) return false
    this.#names.add(name)
    return true
  }
}

/** What would be kept of a new position. @throws Refused 400, 409 */
export function created(
  desk: NodeDesk,
  fiscalCode: string,
  sent: SentPosition,
  toPublish: boolean,
  taken = new Taken(),
): NodePosition {
  const now = desk.now()
  checkSegregation(desk.store, fiscalCode, sent.options[0]?.payments[0]?.iuv)
  checkRules(desk.store, fiscalCode, sent, now, 'create')
  const position = built(fiscalCode, sent, now)
  if (desk.store.position(fiscalCode, sent.iupd) || !taken.take(`iupd/${sent.iupd}`))
    throw refusals.duplicate(fiscalCode)
  checkUnique(desk.store, position, taken)
  return toPublish ? published(position, now) : position
}

/**
 * What would be kept of a position sent anew. As on the platform it falls back to DRAFT unless it is published at once.
 * @throws Refused 400, 404, 409
 */
export function updated(
  desk: NodeDesk,
  fiscalCode: string,
  sent: SentPosition,
  toPublish: boolean,
  taken = new Taken(),
): NodePosition {
  const now = desk.now()
  const before = found(desk, fiscalCode, sent.iupd)
  if (!UPDATABLE.includes(before.status)) throw refusals.wrongState('updatable', sent.iupd, before.status)
  const options = sent.options.map((option) => ({ ...option, ...keptValidity(before, option, toPublish, now) }))
  const whole = { ...sent, options }
  checkSegregation(desk.store, fiscalCode, sent.options[0]?.payments[0]?.iuv)
  checkRules(desk.store, fiscalCode, whole, now, 'update')
  const next = { ...built(fiscalCode, whole, now), insertedDate: before.insertedDate }
  if (!taken.take(`iupd/${sent.iupd}`)) throw refusals.duplicate(fiscalCode)
  checkUnique(desk.store, next, taken)
  return toPublish ? published(next, now) : next
}

/** Of an option already valid: its date need not be said again. */
function keptValidity(before: NodePosition, option: SentOption, toPublish: boolean, now: string) {
  if (option.validityDate !== undefined || !toPublish || before.status !== 'VALID') return {}
  const iuvs = new Set(option.payments.map(({ iuv }) => iuv))
  const same = before.options.find((each) => each.payments.some(({ iuv }) => iuvs.has(iuv)))
  return same?.validityDate !== undefined && same.validityDate < now ? { validityDate: same.validityDate } : {}
}

/** A position as it is by now. @throws Refused 403, 404 */
export function found(desk: NodeDesk, fiscalCode: string, iupd: string): NodePosition {
  const position = desk.store.position(fiscalCode, iupd)
  if (!position) throw refusals.notFound(fiscalCode, iupd)
  checkSegregation(desk.store, fiscalCode, paymentsOf(position)[0]?.iuv)
  return positionAt(position, desk.now())
}

/** @throws Refused 404, 409 */
export function publish(desk: NodeDesk, fiscalCode: string, iupd: string): NodePosition {
  const now = desk.now()
  const position = found(desk, fiscalCode, iupd)
  if (position.status !== 'DRAFT') throw refusals.wrongState('publishable', iupd, position.status)
  if (paymentsOf(position).some(({ dueDate }) => dueDate < now)) throw refusals.publishTooLate(iupd, 'due')
  const validity = firstValidity(position)
  if (validity !== undefined && validity < now) throw refusals.publishTooLate(iupd, 'validity')
  return keep(desk, published(position, now))
}

/** @throws Refused 404, 409 */
export function invalidate(desk: NodeDesk, fiscalCode: string, iupd: string): NodePosition {
  const position = found(desk, fiscalCode, iupd)
  if (!INVALIDABLE.includes(position.status)) throw refusals.wrongState('invalidable', iupd, position.status)
  return keep(desk, { ...position, status: 'INVALID', lastUpdatedDate: desk.now() })
}

/** @throws Refused 404, 409 where something was paid */
export function removable(desk: NodeDesk, fiscalCode: string, iupd: string): NodePosition {
  const position = found(desk, fiscalCode, iupd)
  if (ALREADY_PAID.includes(position.status)) throw refusals.paid(fiscalCode, iupd)
  return position
}

/**
 * Marks a payment as made outside pagoPA. The files declare 422 for what is not payable; the newest code of the platform lets
 * some of it through, so this is the stricter of the two. @throws Refused 404, 409, 422
 */
export function paidOutside(desk: NodeDesk, fiscalCode: string, nav: string, paidAt: string | undefined): NodePayment {
  const hit = desk.store.byNav(fiscalCode, nav)
  if (!hit) throw refusals.noPayment(fiscalCode, nav)
  const position = positionAt(hit.position, desk.now())
  if (hit.payment.status !== 'PO_UNPAID' || position.status === 'PAID' || position.status === 'REPORTED') {
    throw refusals.alreadyPaid(nav)
  }
  if (!PAYABLE.includes(position.status)) throw refusals.notPayable(nav, position.status)
  const paidOption = position.options.find((each) => each.payments.some(({ status }) => status !== 'PO_UNPAID'))
  const option = position.options.find((each) => each.payments.some((payment) => payment.nav === nav))
  // Another way to pay the same debt was already taken: for the platform this one is no more.
  if (paidOption && paidOption !== option) throw refusals.noPayment(fiscalCode, nav)
  const now = desk.now()
  const paid: NodePayment = {
    ...hit.payment,
    status: 'PO_PAID',
    lastUpdatedDate: now,
    pspCompany: PAID_ELSEWHERE,
    idReceipt: PAID_ELSEWHERE,
    ...(paidAt === undefined ? {} : { paymentDate: paidAt }),
  }
  const options = position.options.map((each) => ({
    ...each,
    payments: each.payments.map((payment) => (payment.nav === nav ? paid : payment)),
  }))
  const next = { ...position, options, lastUpdatedDate: now }
  const status = statusOfPayments(next)
  keep(desk, { ...next, status, ...(status === 'PAID' && paidAt !== undefined ? { paymentDate: paidAt } : {}) })
  return paid
}

/** Puts another IBAN in the transfers not yet paid, `limit` at most. Answers how many. */
export function changeIban(
  desk: NodeDesk,
  fiscalCode: string,
  oldIban: string,
  newIban: string,
  limit: number,
): number {
  const now = desk.now()
  let count = 0
  desk.store.change(({ put }) => {
    for (const each of desk.store.all('position')) {
      if (count >= limit || each.organizationFiscalCode !== fiscalCode) continue
      const position = positionAt(each, now)
      if (!['DRAFT', 'PUBLISHED', 'VALID', 'PARTIALLY_PAID'].includes(position.status)) continue
      const before = count
      const change = (transfer: NodeTransfer): NodeTransfer => {
        if (transfer.iban !== oldIban || count >= limit) return transfer
        count += 1
        return { ...transfer, iban: newIban, lastUpdatedDate: now }
      }
      const options = position.options.map((option) => ({
        ...option,
        payments: option.payments.map((payment) =>
          payment.status === 'PO_UNPAID' ? { ...payment, transfer: payment.transfer.map(change) } : payment,
        ),
      }))
      if (count > before) put('position', positionKey(fiscalCode, position.iupd), { ...position, options })
    }
  })
  return count
}

/** Keeps a position. */
export function keep(desk: NodeDesk, position: NodePosition): NodePosition {
  desk.store.change(({ put }) => put('position', positionKey(position.organizationFiscalCode, position.iupd), position))
  return position
}

function built(fiscalCode: string, sent: SentPosition, now: string): NodePosition {
  const option = ({ payments, ...each }: SentOption): NodeOption => ({
    ...each,
    payments: payments.map((payment) => ({
      ...payment,
      nav: payment.nav ?? `3${payment.iuv}`,
      status: 'PO_UNPAID',
      lastUpdatedDate: now,
      transfer: payment.transfer.map((transfer) => ({
        ...transfer,
        organizationFiscalCode: transfer.organizationFiscalCode ?? fiscalCode,
        status: 'T_UNREPORTED',
        lastUpdatedDate: now,
      })),
    })),
  })
  const { options, ...head } = sent
  return {
    organizationFiscalCode: fiscalCode,
    ...head,
    status: 'DRAFT',
    options: options.map(option),
    insertedDate: now,
    lastUpdatedDate: now,
  }
}

/**
 * The platform lets a broker touch the numbers of its stations' segregation codes only, and looks at the first of a position
 * (pagopa.md §1.1). Nothing is asked where no station of the institution is known. @throws Refused 403
 */
function checkSegregation(store: NodeStore, fiscalCode: string, iuv: string | undefined): void {
  const codes = [...store.all('station')].filter((each) => each.organizationFiscalCode === fiscalCode && each.active)
  if (iuv === undefined || codes.length === 0) return
  if (!codes.some(({ segregationCode }) => segregationCode === iuv.slice(0, 2)))
    throw refusals.forbidden(fiscalCode, iuv)
}

/** IUV and notice number are unique for ever within an institution. */
function checkUnique(store: NodeStore, position: NodePosition, taken: Taken): void {
  const { organizationFiscalCode: fiscalCode, iupd } = position
  for (const { iuv, nav } of paymentsOf(position)) {
    const holders = [store.byIuv(fiscalCode, iuv), store.byNav(fiscalCode, nav)]
    if (holders.some((each) => each && each.position.iupd !== iupd)) throw refusals.duplicate(fiscalCode)
    if (!taken.take(`iuv/${iuv}`) || !taken.take(`nav/${nav}`)) throw refusals.duplicate(fiscalCode)
  }
}
