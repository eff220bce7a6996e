import type { IsoDate } from './date.ts'
import { type Cents, sum } from './money.ts'
import type { NoticeNumber } from './notice-number.ts'
import type { InstallmentPayment } from './payment-state.ts'

export interface PayablePart {
  readonly noticeNumber: NoticeNumber
  readonly cents: Cents
  readonly dueDate: IsoDate | null
}

interface Payments<P extends PayablePart> {
  readonly single: P | null
  readonly installments: readonly P[]
}

/**
 * What is still to be paid: once an instalment is paid only the others, the single payment then being closed; nothing
 * where the single one is paid. Both ways stand open while nothing was paid.
 */
export function openPayments<P extends PayablePart>(
  { single, installments }: Payments<P>,
  stateOf: (payment: P) => InstallmentPayment,
): Payments<P> {
  if (single !== null && stateOf(single) !== 'unpaid') return { single: null, installments: [] }
  const open = installments.filter((one) => stateOf(one) === 'unpaid')
  return { single: open.length === installments.length ? single : null, installments: open }
}

/** The whole that is still asked. */
export function openCents({ single, installments }: Payments<PayablePart>): Cents {
  return single?.cents ?? sum(installments.map((one) => one.cents))
}
