import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { FIELDS } from '#domain/vocabulary'
import { client, orpc } from '../../client.ts'
import { ConfirmDialog } from '../../components/ConfirmDialog.tsx'
import { counted, formatCount, Money, TimeText } from '../../components/cells.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { ReasonField } from '../../components/fields.tsx'
import { Facts } from '../../components/Page.tsx'
import { say } from '../../components/toast.ts'
import { DetailPanel, PanelPart } from '../../table/DetailPanel.tsx'
import { type BatchRow, FORMATS, KINDS, type PartnerRow } from './partner-work.ts'

const SOURCES = { csv: 'CSV', gpd: 'Report GPD', hand: 'Detto a voce' } as const
const PAGE = 50

/** A file for the partner: what came of it, who was refused and why. */
export function PartnerBatch({ id, actions }: { readonly id: BatchRow['id']; readonly actions: ReactNode }) {
  const { data, error } = useQuery(orpc.partner.batch.queryOptions({ input: { id } }))
  const [asked, setAsked] = useState<'accept' | 'withdraw' | null>(null)
  return (
    <DetailPanel
      title={`File n. ${id}`}
      subtitle={data ? `${KINDS[data.kind]} · ${FORMATS[data.format].name}` : ''}
      actions={actions}
    >
      <ErrorNote error={error} />
      {data && (
        <>
          <PanelPart>
            {data.withdrawn && (
              <p className="note note-warn small">
                <span>
                  Ritirato <TimeText at={data.withdrawn.at} />: {data.withdrawn.reason}
                </span>
              </p>
            )}
            <Facts
              rows={[
                ['Fatto', <TimeText key="fatto" at={data.at} />],
                ['Da', data.operator],
                ['Nome', data.fileName],
                ['Posizioni', formatCount(data.rows)],
                [FIELDS.amount, <Money key="importo" cents={data.cents} euro />],
              ]}
            />
            {data.withdrawn === null && (
              <div className="node-acts">
                {data.waiting > 0 && (
                  <button type="button" className="link small" onClick={() => setAsked('accept')}>
                    Segna prese senza file…
                  </button>
                )}
                {data.accepted === 0 && (
                  <button type="button" className="link small" onClick={() => setAsked('withdraw')}>
                    Ritira il file…
                  </button>
                )}
              </div>
            )}
          </PanelPart>
          {data.outcomes.length > 0 && (
            <PanelPart title="Esiti caricati">
              <ul className="partner-rows">
                {data.outcomes.map((one) => (
                  <li key={one.at} title={one.fileName}>
                    <div className="partner-row-head">
                      <span>{SOURCES[one.source]}</span>
                      <TimeText at={one.at} />
                    </div>
                    <div className="small ink2">
                      {counted(one.accepted, 'presa', 'prese')}, {counted(one.refused, 'rifiutata', 'rifiutate')}
                      {one.unknown > 0 ? `, ${counted(one.unknown, 'sconosciuta', 'sconosciute')}` : ''}
                    </div>
                  </li>
                ))}
              </ul>
            </PanelPart>
          )}
          <Rows id={id} refused={data.refused} waiting={data.waiting} />
        </>
      )}
      {data && asked && <ByHand batch={data} act={asked} onClose={() => setAsked(null)} />}
    </DetailPanel>
  )
}

/** Refused ones first, then those of which nothing was heard. */
function Rows({
  id,
  refused,
  waiting,
}: {
  readonly id: BatchRow['id']
  readonly refused: number
  readonly waiting: number
}) {
  return (
    <>
      {refused > 0 && <RowsOf id={id} outcome="refused" title="Rifiutate" />}
      {waiting > 0 && <RowsOf id={id} outcome="waiting" title="In attesa" />}
      {refused + waiting === 0 && <RowsOf id={id} outcome="accepted" title="Prese" />}
    </>
  )
}

function RowsOf({
  id,
  outcome,
  title,
}: {
  readonly id: BatchRow['id']
  readonly outcome: PartnerRow['outcome']
  readonly title: string
}) {
  const query = useInfiniteQuery({
    queryKey: ['partner.rows', id, outcome],
    queryFn: ({ pageParam, signal }) =>
      client.partner.rows(
        { filters: { id, outcome: [outcome] }, search: '', sort: null, offset: pageParam, limit: PAGE },
        { signal },
      ),
    initialPageParam: 0,
    getNextPageParam: (last, pages) => (pages.length * PAGE < last.count ? pages.length * PAGE : undefined),
  })
  const rows = query.data?.pages.flatMap((page) => page.rows) ?? []
  const count = query.data?.pages[0]?.count ?? 0
  return (
    <PanelPart title={`${title} (${formatCount(count)})`}>
      <ErrorNote error={query.error} />
      <ul className="partner-rows">
        {rows.map((row) => (
          <li key={row.iupd}>
            <div className="partner-row-head">
              <Link to="/posizioni" search={{ sel: String(row.debtPositionId) } as never} className="cut">
                {row.personName}
              </Link>
              <Money cents={row.cents} />
            </div>
            {row.reason !== null && <div className="small t-bad">{row.reason}</div>}
            {outcome === 'refused' && row.followed && <div className="small muted">È in un file più recente</div>}
          </li>
        ))}
      </ul>
      {query.hasNextPage && (
        <button type="button" className="link small" onClick={() => void query.fetchNextPage()}>
          Altre {formatCount(Math.min(PAGE, count - rows.length))}…
        </button>
      )}
    </PanelPart>
  )
}

function ByHand({
  batch,
  act,
  onClose,
}: {
  readonly batch: BatchRow
  readonly act: 'accept' | 'withdraw'
  readonly onClose: () => void
}) {
  const [reason, setReason] = useState('')
  const { id } = batch
  const accept = act === 'accept'
  const many = counted(accept ? batch.waiting : batch.rows, 'posizione', 'posizioni')
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={accept ? `Segna ${many} come prese dal partner` : `Ritira il file n. ${id}`}
      subtitle={
        accept
          ? 'Quando il partner dice che ha caricato tutto, senza mandare un esito. Ciò che ha rifiutato resta rifiutato.'
          : `Solo se il partner non l’ha avuto, o non ne ha preso niente: ${many} tornano a noi, da pubblicare o da affidare di nuovo.`
      }
      act={accept ? `Segna ${many}` : `Ritira ${many}`}
      leave="Lascia"
      danger={!accept}
      disabled={reason.trim().length < 3}
      onConfirm={async () => {
        if (accept) {
          const { count } = await client.partner.mark({ id, accepted: true, debtPositionIds: [], reason })
          say(`${counted(count, 'posizione segnata come presa', 'posizioni segnate come prese')} dal partner.`)
        } else {
          const { count } = await client.partner.withdraw({ id, reason })
          say(`File ritirato: ${counted(count, 'posizione torna', 'posizioni tornano')} a noi.`)
        }
      }}
    >
      <ReasonField value={reason} onChange={setReason} />
    </ConfirmDialog>
  )
}
