import type { InferContractRouterOutputs } from '@orpc/contract'
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react'
import type { Contract } from '#contract/contract'
import { DateText, formatCount, Money } from '../../components/cells.tsx'
import { CopyNumber } from './CopyNumber.tsx'

type Payment = InferContractRouterOutputs<Contract>['debtPosition']['get']['payments'][number]

/** All that can be paid with one notice, each with its number and whether it was paid. */
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
        const name = p.ordinal === 0 ? 'Rata unica' : `Rata ${formatCount(p.ordinal)}`
        const late = isDue(p) && p.dueDate !== null && today !== undefined && p.dueDate < today
        return (
          <li key={p.iuv}>
            <span className="strong">{name}</span>
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
            <PaymentState payment={p} due={isDue(p)} late={late} />
          </li>
        )
      })}
    </ul>
  )
}

/** Payments still awaited: once something came in by one way, the other one is not due any more. */
function dueOnes(payments: readonly Payment[], cancelled: boolean): (payment: Payment) => boolean {
  const first = payments.find((p) => p.paid && !p.surplus) ?? payments.find((p) => p.paid)
  const way = first === undefined ? null : first.ordinal === 0
  return (p) => !cancelled && !p.paid && (way === null || way === (p.ordinal === 0))
}

/** «pagata», «in più» where nobody asked for that money, «scaduta», «da pagare», «non dovuta». */
function PaymentState({
  payment,
  due,
  late,
}: {
  readonly payment: Payment
  readonly due: boolean
  readonly late: boolean
}) {
  if (payment.surplus) {
    return (
      <span
        className="position-payment-state t-warn"
        title="Pagata due volte, o dopo che la posizione era già pagata nell’altro modo: la somma resta sull’accredito."
      >
        <IconAlertTriangle size={14} stroke={1.7} aria-hidden /> in più
      </span>
    )
  }
  if (payment.paid) {
    return (
      <span className="position-payment-state t-ok">
        <IconCheck size={14} stroke={2} aria-hidden /> pagata
      </span>
    )
  }
  return <span className="position-payment-state muted">{late ? 'scaduta' : due ? 'da pagare' : 'non dovuta'}</span>
}
