import type { InferContractRouterOutputs } from '@orpc/contract'
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react'
import type { Contract } from '#contract/contract'
import { DateText, formatCount, Money } from '../../components/cells.tsx'
import { CopyNumber } from './CopyNumber.tsx'

type Payment = InferContractRouterOutputs<Contract>['debtPosition']['get']['payments'][number]

/** All that can be paid with one notice, each with its number and whether it was paid. */
export function PositionPayments({
  payments,
  today,
}: {
  readonly payments: readonly Payment[]
  readonly today: string | undefined
}) {
  return (
    <ul className="position-payments">
      {payments.map((p) => {
        const name = p.ordinal === 0 ? 'Rata unica' : `Rata ${formatCount(p.ordinal)}`
        const late = !p.paid && p.dueDate !== null && today !== undefined && p.dueDate < today
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
            <PaymentState payment={p} late={late} />
          </li>
        )
      })}
    </ul>
  )
}

/** «pagata», «pagata in più» where nobody asked for that money, «scaduta», «da pagare». */
function PaymentState({ payment, late }: { readonly payment: Payment; readonly late: boolean }) {
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
  return <span className="position-payment-state muted">{late ? 'scaduta' : 'da pagare'}</span>
}
