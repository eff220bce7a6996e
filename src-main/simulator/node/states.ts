import type { NodePayment, NodePosition, PositionStatus } from './records.ts'

/**
 * What a position has become by `now`: the platform moves PUBLISHED to VALID when the first validity date comes, and VALID to
 * EXPIRED after the last due date where every option is to expire. Derived at each look, so that no clock need run.
 */
export function positionAt(position: NodePosition, now: string): NodePosition {
  let { status } = position
  if (status === 'PUBLISHED') {
    const from = firstValidity(position)
    if (from !== undefined && from <= now) status = 'VALID'
  }
  if (status === 'VALID' && position.options.length > 0 && position.options.every((each) => each.switchToExpired)) {
    const last = paymentsOf(position).reduce((max, { dueDate }) => (dueDate > max ? dueDate : max), '')
    if (last < now) status = 'EXPIRED'
  }
  return status === position.status ? position : { ...position, status }
}

export function paymentsOf(position: NodePosition): NodePayment[] {
  return position.options.flatMap((option) => [...option.payments])
}

/** The earliest validity date of the options, as v1 shows it for the whole position. */
export function firstValidity(position: Pick<NodePosition, 'options'>): string | undefined {
  let first: string | undefined
  for (const { validityDate } of position.options) {
    if (validityDate !== undefined && (first === undefined || validityDate < first)) first = validityDate
  }
  return first
}

/**
 * Publishes at `now`: options without validity date are valid from now; VALID when one of them already is, else PUBLISHED.
 */
export function published(position: NodePosition, now: string): NodePosition {
  const options = position.options.map((option) => ({ ...option, validityDate: option.validityDate ?? now }))
  const valid = options.some(({ validityDate }) => validityDate <= now)
  const status: PositionStatus = valid ? 'VALID' : 'PUBLISHED'
  return { ...position, options, status, publishDate: now, lastUpdatedDate: now }
}

/** The state of the whole from those of its payments: reported, paid or partly so by the option that went furthest. */
export function statusOfPayments(position: NodePosition): PositionStatus {
  let best = position.status
  const rank = (status: PositionStatus) => ['PARTIALLY_PAID', 'PAID', 'REPORTED'].indexOf(status)
  for (const { payments } of position.options) {
    const paid = payments.filter(({ status }) => status !== 'PO_UNPAID')
    if (paid.length === 0) continue
    const whole = paid.length === payments.length
    const reported = whole && payments.every(({ status }) => status === 'PO_REPORTED')
    const status = reported ? 'REPORTED' : whole ? 'PAID' : 'PARTIALLY_PAID'
    if (rank(status) > rank(best)) best = status
  }
  return best
}

export const UPDATABLE: readonly PositionStatus[] = ['DRAFT', 'PUBLISHED', 'VALID', 'EXPIRED']
export const INVALIDABLE: readonly PositionStatus[] = ['PUBLISHED', 'VALID']
export const PAYABLE: readonly PositionStatus[] = ['VALID', 'PARTIALLY_PAID']
export const ALREADY_PAID: readonly PositionStatus[] = ['PARTIALLY_PAID', 'PAID', 'REPORTED']
