import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Id } from '#domain/brand'
import { orpc } from '../../client.ts'
import { TimeText } from '../../components/cells.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { St } from '../../components/St.tsx'
import { KINDS } from './partner-work.ts'

const NEEDS = {
  create: 'Va messa in un file delle nuove.',
  update: 'È cambiata: va in un file di aggiornamento.',
  delete: 'Va tolta: va in un file di annullamento.',
} as const

/** What the technological partner was told of one position; nothing where it is not his. */
export function PartnerPart({ id }: { readonly id: Id<'debtPosition'> }) {
  const { data, error } = useQuery(orpc.partner.position.queryOptions({ input: { id } }))
  if (error) return <ErrorNote error={error} />
  if (!data?.entrusted) return null
  return (
    <div className="partner-part">
      <p className="strong">
        Affidata al{' '}
        <Link to="/nodo" search={{ vista: 'partner' } as never}>
          partner
        </Link>
      </p>
      <ul className="position-lines">
        {data.files.map((file) => (
          <li key={`${file.id}-${file.kind}`}>
            <span>
              n. {file.id}, {KINDS[file.kind].toLowerCase()}
            </span>
            <TimeText at={file.at} />
            <St family="partnerOutcome" code={file.outcome} />
          </li>
        ))}
      </ul>
      {data.files[0]?.reason && <p className="small t-bad">{data.files[0].reason}</p>}
      {data.need !== null && <p className="small ink2">{NEEDS[data.need]}</p>}
    </div>
  )
}
