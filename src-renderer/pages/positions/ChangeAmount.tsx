import { useState } from 'react'
import type { Id } from '#domain/brand'
import { add, type Cents, sum, ZERO } from '#domain/money'
import { client } from '../../client.ts'
import { formatCount, Money } from '../../components/cells.tsx'
import { AmountField } from '../../components/fields.tsx'
import type { ActProps } from './act-frame.ts'
import { PositionActDialog } from './PositionActDialog.tsx'

type Change = Parameters<typeof client.positionAct.changePreview>[0]

/** What each accertamento of a position is to ask; the difference goes to the books as a variation. */
export function ChangeAmount({
  allocations,
  more,
  ...props
}: ActProps & {
  /** So much more, or less, the node asks; null where nobody said. */
  readonly more: Cents | null
  readonly allocations: readonly {
    readonly accertamentoId: Id<'accertamento'>
    readonly exercise: number
    readonly number: number
    readonly causale: string
    readonly cents: Cents
  }[]
}) {
  const [first] = allocations
  // Of several accertamenti nobody knows which of them the node has otherwise.
  const there = more === null || first === undefined || allocations.length > 1 ? ZERO : add(first.cents, more)
  const [written, setWritten] = useState<ReadonlyMap<number, Cents | null>>(
    new Map(first !== undefined && there > 0 ? [[first.accertamentoId, there]] : []),
  )
  const amountOf = (a: (typeof allocations)[number]) =>
    written.has(a.accertamentoId) ? (written.get(a.accertamentoId) ?? null) : a.cents
  const changed = allocations.filter((a) => amountOf(a) !== a.cents)
  const blank = changed.some((a) => amountOf(a) === null)
  const ready = changed.length > 0 && !blank
  return (
    <PositionActDialog<Change>
      {...props}
      input={
        ready
          ? {
              selection: props.selection,
              change: {
                amounts: changed.map((a) => ({ accertamentoId: a.accertamentoId, cents: amountOf(a) ?? ZERO })),
              },
            }
          : null
      }
      preview={(input, signal) => client.positionAct.changePreview(input, { signal })}
      missing={ready ? null : blank ? 'Manca un importo.' : 'Scrivi il nuovo importo.'}
      title={() => 'Cambia importo'}
      subtitle="Scrivi quanto si chiede in tutto. La differenza è una variazione dell’accertamento; il numero avviso resta quello."
      act={() => 'Cambia l’importo'}
      words={{ title: 'Cambio l’importo', done: ['importo cambiato', 'importi cambiati'] }}
      reasons={['Errore nell’importo', 'Delibera del Consiglio', 'Riduzione concessa']}
      run={(input, said, signal) => client.positionAct.change({ ...input, ...said }, { signal })}
    >
      <table className="plain plan-table act-amounts">
        <thead>
          <tr>
            <th scope="col">Accertamento</th>
            <th scope="col" className="right">
              Adesso €
            </th>
            <th scope="col" className="right">
              Nuovo importo €
            </th>
          </tr>
        </thead>
        <tbody>
          {allocations.map((a, i) => (
            <tr key={a.accertamentoId}>
              <td>
                {formatCount(a.number)}/{a.exercise} · {a.causale}
              </td>
              <td className="num">
                <Money cents={a.cents} />
              </td>
              <td>
                <AmountField
                  label={`Nuovo importo di ${a.number}/${a.exercise}`}
                  cents={amountOf(a)}
                  focus={i === 0}
                  onChange={(cents) => setWritten(new Map(written).set(a.accertamentoId, cents))}
                />
              </td>
            </tr>
          ))}
        </tbody>
        {allocations.length > 1 && (
          <tfoot>
            <tr>
              <td>Totale</td>
              <td className="num">
                <Money cents={sum(allocations.map((a) => a.cents))} />
              </td>
              <td className="num">
                <Money cents={sum(allocations.map((a) => amountOf(a) ?? ZERO))} />
              </td>
            </tr>
          </tfoot>
        )}
      </table>
      {there > 0 && <p className="small ink2 act-line">Il nuovo importo proposto è quello che chiede il nodo.</p>}
    </PositionActDialog>
  )
}
