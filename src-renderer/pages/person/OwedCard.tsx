import { Button } from '@mantine/core'
import { IconArrowsJoin2, IconBuildingBank } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { DateText, Money } from '../../components/cells.tsx'
import { type Card, isOverdue, isPaid } from './card.ts'

/** The answer on the telephone: what is owed, since when, and what may be known of it. */
export function OwedCard({
  card: { person, dues, credits, suspects, assignee },
  today,
  onMerge,
  onPay,
}: {
  readonly card: Card
  readonly today: string | null
  readonly onMerge: () => void
  /** Null where nothing of what is owed has a notice. */
  readonly onPay: (() => void) | null
}) {
  const overdue = dues.filter((d) => isOverdue(d, today))
  const overdueCents = overdue.reduce((sum, d) => sum + d.dueCents - d.collectedCents, 0)
  const arriving = dues.filter((d) => d.state !== 'cancelled' && isPaid(d))
  const arrivingCents = arriving.reduce((sum, d) => sum + d.dueCents - d.collectedCents, 0)
  const oldest = overdue.map((d) => d.dueDate).sort()[0] ?? null
  const [credit] = credits
  return (
    <section className="card card-body" aria-label="Da pagare">
      <span className="muted small">Da pagare</span>
      <div className="figure">
        <Money cents={person.outstandingCents} euro />
      </div>
      {overdueCents > 0 && (
        <div className="t-warn">
          <Money cents={overdueCents} euro /> {overdue.length === 1 ? 'scaduti il' : 'scaduti, i primi il'}{' '}
          <DateText date={oldest} />
        </div>
      )}
      {arrivingCents > 0 && (
        <div className="t-ok small">
          di cui <Money cents={arrivingCents} euro /> già pagati, non ancora nei libri
        </div>
      )}
      <span className="ink2 small">
        su <Money cents={person.dueCents} euro /> dovuti, <Money cents={person.collectedCents} euro /> riscossi
      </span>
      {onPay !== null && (
        <Button className="person-pay" onClick={onPay}>
          Paga ora…
        </Button>
      )}
      {credit !== undefined && (
        <div className="note note-info person-hint" title={credit.text}>
          <IconBuildingBank size={16} stroke={1.7} aria-hidden />
          <div>
            C’è un accredito di <Money cents={credit.cents} euro /> che sembra suo.{' '}
            <Link
              to="/riconciliazione"
              search={{ estratto: credit.statementId?.toString(), sel: `m${credit.bankMovementId}` } as never}
            >
              Decidi
            </Link>
          </div>
        </div>
      )}
      {suspects > 0 && (
        <div className="note note-unc person-hint">
          <IconArrowsJoin2 size={16} stroke={1.7} aria-hidden />
          <div>
            {suspects === 1 ? 'Un’altra scheda sembra sua.' : `Altre ${suspects} schede sembrano sue.`}{' '}
            <button type="button" className="link" onClick={onMerge}>
              Confronta
            </button>
          </div>
        </div>
      )}
      {assignee !== null && <div className="small ink2 person-assigned">Affidata a {assignee}</div>}
    </section>
  )
}
