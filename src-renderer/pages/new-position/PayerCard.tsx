import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Id } from '#domain/brand'
import { CATEGORIES, FIELDS } from '#domain/vocabulary'
import { orpc } from '../../client.ts'
import { Mono } from '../../components/cells.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'

/** The person chosen: enough to know that it is the right one, and where the notice will go. */
export function PayerCard({ id, onLeave }: { readonly id: Id<'person'>; readonly onLeave: () => void }) {
  const { data, error } = useQuery(orpc.person.get.queryOptions({ input: { id } }))
  if (!data) return <ErrorNote error={error} />
  const { person, contacts } = data
  const now = (kind: string) => contacts.find((c) => c.kind === kind && c.validTo === null)?.value ?? null
  const address = now('address')
  return (
    <div className="payer-card">
      <div>
        <span className="strong">{person.name}</span> <Mono>{person.fiscalCode}</Mono>
        <div className="small ink2">
          {[
            CATEGORIES[person.category].toLowerCase(),
            person.alboNumber === null ? null : `${FIELDS.albo} ${person.alboNumber}`,
            address,
            now('pec') ?? now('email'),
          ]
            .filter((t) => t !== null)
            .join(' · ')}
          {address === null && <span className="t-warn"> · senza indirizzo</span>}
        </div>
      </div>
      <span className="payer-links">
        <Link to="/persone/$id" params={{ id: String(id) }}>
          scheda
        </Link>
        <button type="button" className="link" onClick={onLeave}>
          cambia
        </button>
      </span>
    </div>
  )
}
