import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
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

/** What the technological partner was told of one position; where it is not his, what the node says. */
export function PartnerPart({ id, children }: { readonly id: Id<'debtPosition'>; readonly children: ReactNode }) {
  const { data, error } = useQuery(orpc.partner.position.queryOptions({ input: { id } }))
  if (error) return <ErrorNote error={error} />
  if (data === undefined) return null
  if (!data.entrusted) return children
  return (
    <>
      <p className="strong">
        Affidata al{' '}
        <Link to="/nodo" search={{ vista: 'partner' } as never}>
          partner
        </Link>
      </p>
      <ul className="position-lines">
        {data.files.map((file) => (
          <li key={`${file.id}-${file.kind}`}>
            <span className="cut" title={`File n. ${file.id}`}>
              {KINDS[file.kind]}
            </span>
            <TimeText at={file.at} />
            <St family="partnerOutcome" code={file.outcome} />
          </li>
        ))}
      </ul>
      {data.files[0]?.reason && <p className="small t-bad">{data.files[0].reason}</p>}
      {data.need !== null && <p className="small ink2">{NEEDS[data.need]}</p>}
    </>
  )
}
