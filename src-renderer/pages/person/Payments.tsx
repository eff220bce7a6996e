import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { orpc } from '../../client.ts'
import { DateText, Money } from '../../components/cells.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { ToneText } from '../../components/St.tsx'
import { openRoute } from '../../frame/routes.ts'
import type { PersonId } from './card.ts'

/** Money that came for a person's debts: what providers say was paid, and what the books collected. */
export function Payments({ personId }: { readonly personId: PersonId }) {
  const { data, error } = useQuery(orpc.person.payments.queryOptions({ input: { id: personId } }))
  const navigate = useNavigate()
  if (!data) return <ErrorNote error={error} />
  if (data.length === 0) return <p className="muted card-body">Ancora nessun pagamento.</p>
  return (
    <table className="plain">
      <thead>
        <tr>
          <th>Data</th>
          <th>Pagamento</th>
          <th className="right">Importo €</th>
        </tr>
      </thead>
      <tbody>
        {data.map((row, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two lines of one reversale may be equal
          <tr key={`${row.route}-${i}`} className="tall">
            <td>
              <DateText date={row.date} />
            </td>
            <td>
              <ToneText tone={row.tone}>{row.text}</ToneText>{' '}
              <button type="button" className="link small" onClick={() => openRoute(navigate, row.route)}>
                vedi
              </button>
              <div className="muted small cut" title={row.detail}>
                {row.detail}
              </div>
            </td>
            <td className="right">
              <Money cents={row.cents} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
