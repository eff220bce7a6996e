import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Id } from '#domain/brand'
import { CHANNELS } from '#domain/vocabulary'
import { orpc } from '../../client.ts'
import { counted, NoticeNumberText, TimeText } from '../../components/cells.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { AddressText } from './AddressText.tsx'
import { DeliverySt } from './delivery-list.tsx'

const SHOWN = 50

/** Every delivery of one notice or of one person, the latest first: when, by which way, to whom, how it ended. */
export function NoticeDeliveries({
  debtPositionId = null,
  personId = null,
  notices = false,
  none,
}: {
  readonly debtPositionId?: Id<'debtPosition'> | null
  readonly personId?: Id<'person'> | null
  /** Says also which notice it was. */
  readonly notices?: boolean
  /** Said where there is none. */
  readonly none: string
}) {
  const { data, error } = useQuery(
    orpc.delivery.list.queryOptions({
      input: {
        filters: { debtPositionId, personId },
        search: '',
        sort: { column: 'at', direction: 'desc' },
        offset: 0,
        limit: SHOWN,
      },
    }),
  )
  if (!data) return <ErrorNote error={error} />
  if (data.count === 0) return <p className="muted small">{none}</p>
  return (
    <ul className="notice-deliveries">
      {data.rows.map((r) => (
        <li key={r.id}>
          <span className="notice-delivery-head">
            <Link
              to="/consegne"
              search={
                { campagna: String(r.campaignId), vista: 'tutte', cerca: r.noticeNumber, sel: String(r.id) } as never
              }
            >
              {CHANNELS[r.channel]}
            </Link>
            <span className="muted small">
              <TimeText at={r.at} />
            </span>
            <DeliverySt row={r} />
          </span>
          {notices && (
            <span className="small ink2">
              <NoticeNumberText value={r.noticeNumber} />
            </span>
          )}
          <span className="small">
            <AddressText address={r.address} />
          </span>
          {r.reason && <span className="small ink2">{r.reason}</span>}
        </li>
      ))}
      {data.count > data.rows.length && (
        <li className="muted small">e altre {counted(data.count - data.rows.length, 'consegna', 'consegne')}.</li>
      )}
    </ul>
  )
}
