import { DateText, formatCount, Money } from '../../components/cells.tsx'
import { St } from '../../components/St.tsx'
import type { PositionCard } from './act-frame.ts'
import { CopyNumber } from './CopyNumber.tsx'

type Payment = PositionCard['payments'][number]

/** All that can be paid with one notice, each with its number and how far its money has come. */
export function PositionPayments({
  payments,
  cancelled,
  today,
}: {
  readonly payments: readonly Payment[]
  readonly cancelled: boolean
  readonly today: string | undefined
}) {
  const isDue = dueOnes(payments, cancelled)
  return (
    <ul className="position-payments">
      {payments.map((p) => {
        const late = isDue(p) && p.dueDate !== null && today !== undefined && p.dueDate < today
        return (
          <li key={p.iuv}>
            <span className="strong">{p.ordinal === 0 ? 'Rata unica' : `Rata ${formatCount(p.ordinal)}`}</span>
            <span className={late ? 't-bad' : 'ink2'}>
              {p.dueDate === null ? 'senza scadenza' : <DateText date={p.dueDate} />}
            </span>
            <Money cents={p.cents} />
            <span className="position-payment-number">
              <CopyNumber
                value={p.noticeNumber}
                of={p.ordinal === 0 ? 'della rata unica' : `della rata ${p.ordinal}`}
              />
            </span>
            <span
              className="position-payment-state"
              {...(p.surplus
                ? {
                    title:
                      'Pagata due volte, o dopo che la posizione era già pagata nell’altro modo: la somma resta sull’accredito.',
                  }
                : {})}
            >
              <St family="installment" code={codeOf(p, isDue(p), late)} />
            </span>
            {p.paidDate !== null && (
              <span className="small ink2 position-payment-when">
                il <DateText date={p.paidDate} />
              </span>
            )}
          </li>
        )
      })}
    </ul>
  )
}

function codeOf(payment: Payment, due: boolean, late: boolean): string {
  if (payment.surplus) return 'surplus'
  if (payment.state !== 'unpaid') return payment.state
  return late ? 'expired' : due ? 'unpaid' : 'notDue'
}

/** Payments still awaited: once something came in by one way, the other one is not due any more. */
function dueOnes(payments: readonly Payment[], cancelled: boolean): (payment: Payment) => boolean {
  const paid = payments.filter((p) => p.state !== 'unpaid')
  const first = paid.find((p) => !p.surplus) ?? paid[0]
  const way = first === undefined ? null : first.ordinal === 0
  return (p) => !cancelled && p.state === 'unpaid' && (way === null || way === (p.ordinal === 0))
}
