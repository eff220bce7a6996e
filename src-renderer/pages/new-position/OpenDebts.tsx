import { Checkbox } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import type { Id } from '#domain/brand'
import { orpc } from '../../client.ts'
import { DateText, formatCount, Money } from '../../components/cells.tsx'
import type { AccertamentoRow } from '../generate/generation.ts'
import type { OpenDebt } from './draft.ts'

/** What the payer owes already and no notice asks for: ticked, it goes into this one. */
export function OpenDebts({
  personId,
  exercise,
  start,
  ticked,
  onChange,
}: {
  readonly personId: Id<'person'>
  readonly exercise: number
  /** Ticked from the beginning: the one from whose panel the page was opened. */
  readonly start: Id<'accertamento'> | null
  readonly ticked: readonly OpenDebt[]
  readonly onChange: (ticked: readonly OpenDebt[]) => void
}) {
  const { data } = useQuery(
    orpc.accertamento.list.queryOptions({
      input: {
        filters: { exercise, personId, issued: false, state: ['outstanding', 'partlyCollected'] },
        search: '',
        sort: { column: 'number', direction: 'asc' },
        offset: 0,
        limit: 50,
      },
    }),
  )
  const begun = useRef(false)
  useEffect(() => {
    const row = data?.rows.find(({ id }) => id === start)
    if (begun.current || row === undefined) return
    begun.current = true
    onChange([debtOf(row)])
  })
  if (!data || data.count === 0) return null
  return (
    <fieldset className="open-debts">
      <legend className="field-label">Già accertati, senza avviso</legend>
      {data.rows.map((row) => (
        <div key={row.id} className="open-debt">
          <Checkbox
            label={`${formatCount(row.number)}/${row.exercise} · ${row.causale}`}
            checked={ticked.some((debt) => debt.id === row.id)}
            onChange={(e) =>
              onChange(e.currentTarget.checked ? [...ticked, debtOf(row)] : ticked.filter((debt) => debt.id !== row.id))
            }
          />
          <span className="muted small">
            {row.dueDate === null ? 'senza scadenza' : <DateText date={row.dueDate} />}
          </span>
          <Money cents={row.outstandingCents} />
        </div>
      ))}
    </fieldset>
  )
}

function debtOf(row: AccertamentoRow): OpenDebt {
  return { id: row.id, causale: row.causale, cents: row.outstandingCents, dueDate: row.dueDate }
}
