import { Button } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { Fragment } from 'react'
import { FIELDS } from '#domain/vocabulary'
import { DateText, formatCount, Money, NoticeNumberText } from '../../components/cells.tsx'
import { St } from '../../components/St.tsx'
import type { PositionActName } from '../positions/PositionActs.tsx'
import { type Due, isOverdue, isPaid } from './card.ts'

/** Everything owed, by year with subtotals. The current row has its actions under the table. */
export function Dues({
  dues,
  years,
  today,
  current,
  onCurrent,
}: {
  readonly dues: readonly Due[]
  readonly years: readonly number[]
  readonly today: string | null
  readonly current: Due | null
  readonly onCurrent: (due: Due) => void
}) {
  return (
    <>
      <table className="plain dues">
        <thead>
          <tr>
            <th className="right">{FIELDS.accertamentoShort}</th>
            <th>{FIELDS.causale}</th>
            <th>{FIELDS.dueDate}</th>
            <th>{FIELDS.state}</th>
            <th className="right">Dovuto €</th>
            <th className="right">Riscosso €</th>
          </tr>
        </thead>
        <tbody>
          {years.map((year) => {
            const rows = dues.filter((d) => d.competenceYear === year)
            return (
              <Fragment key={year}>
                <tr className="subtotal">
                  <td colSpan={4}>{year}</td>
                  <td className="right">
                    <Money cents={rows.reduce((sum, d) => sum + d.dueCents, 0)} />
                  </td>
                  <td className="right">
                    <Money cents={rows.reduce((sum, d) => sum + d.collectedCents, 0)} />
                  </td>
                </tr>
                {rows.map((due) => (
                  <DueRow
                    key={due.accertamentoId}
                    due={due}
                    overdue={isOverdue(due, today)}
                    current={current?.accertamentoId === due.accertamentoId}
                    onCurrent={() => onCurrent(due)}
                  />
                ))}
              </Fragment>
            )
          })}
        </tbody>
      </table>
      {dues.length === 0 && <p className="muted card-body">Non deve niente e non ha mai dovuto niente.</p>}
    </>
  )
}

function DueRow({
  due,
  overdue,
  current,
  onCurrent,
}: {
  readonly due: Due
  readonly overdue: boolean
  readonly current: boolean
  readonly onCurrent: () => void
}) {
  const classes = ['tall', due.state === 'cancelled' ? 'struck' : '', current ? 'current' : '']
    .filter(Boolean)
    .join(' ')
  return (
    <tr className={classes} aria-current={current ? 'true' : undefined} onClick={onCurrent}>
      <td className="right">{formatCount(due.number)}</td>
      <td>
        <div className="cut" title={due.causale}>
          {due.causale}
        </div>
        {due.noticeNumber !== null && (
          <span className="muted">
            <NoticeNumberText value={due.noticeNumber} />
          </span>
        )}
      </td>
      <td>
        <DateText date={due.dueDate} />
      </td>
      <td>{overdue ? <St family="payment" code="expired" /> : <DueState due={due} />}</td>
      <td className="right">
        <Money cents={due.dueCents} />
      </td>
      <td className="right">
        <Money cents={due.collectedCents} />
      </td>
    </tr>
  )
}

/** What was paid and is not in the books yet is told as paid. */
function DueState({ due }: { readonly due: Due }) {
  const paid = (due.state === 'outstanding' || due.state === 'partlyCollected') && isPaid(due)
  return paid ? <St family="payment" code="paid" /> : <St family="accertamento" code={due.state} />
}

/** What can be done with the current row, in one line under the table. */
export function DueActions({
  due,
  personId,
  onAct,
}: {
  readonly due: Due | null
  readonly personId: number
  readonly onAct: (name: PositionActName, due: Due) => void
}) {
  const navigate = useNavigate()
  if (due === null) return <span className="muted small">Scegli un dovuto per vedere che cosa se ne può fare.</span>
  const name = `${formatCount(due.number)}/${due.exercise}:`
  const { debtPositionId } = due
  if (debtPositionId === null || due.lifecycle !== 'issued') {
    const open = due.state === 'outstanding' || due.state === 'partlyCollected'
    return (
      <>
        <span className="muted small">{name}</span>
        {open && (
          <Button
            onClick={() => void navigate({ to: '/posizioni/nuova', search: { persona: String(personId) } as never })}
          >
            Emetti l’avviso…
          </Button>
        )}
        <Button
          onClick={() => void navigate({ to: '/accertamenti', search: { sel: String(due.accertamentoId) } as never })}
        >
          Vedi l’accertamento
        </Button>
      </>
    )
  }
  const payable = !isPaid(due)
  const place = { persona: String(personId), sel: String(debtPositionId) } as never
  return (
    <>
      <span className="muted small">{name}</span>
      <Button onClick={() => void navigate({ to: '/avvisi', search: { sel: String(debtPositionId) } as never })}>
        Vedi avviso
      </Button>
      {payable && (
        <>
          <Button onClick={() => onAct('payNow', due)}>Paga ora…</Button>
          <Button onClick={() => onAct('plan', due)}>Rateizza…</Button>
          <Button onClick={() => onAct('outside', due)}>Registra incasso…</Button>
        </>
      )}
      <Button onClick={() => void navigate({ to: '/posizioni', search: place })}>Apri la posizione</Button>
    </>
  )
}
