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
  const [asked, setAsked] = useState<ByHandAct | null>(null)
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
                {data.kind === 'create' && data.refused > 0 && (
                  <button type="button" className="link small" onClick={() => setAsked('release')}>
                    Riprendi le rifiutate…
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

type ByHandAct = 'accept' | 'release' | 'withdraw'

interface ActWords {
  readonly title: string
  readonly subtitle: string
  readonly act: string
  run(reason: string): Promise<string>
}

function wordsOf(batch: BatchRow, act: ByHandAct): ActWords {
  const { id } = batch
  const positions = (count: number) => counted(count, 'posizione', 'posizioni')
  switch (act) {
    case 'accept':
      return {
        title: `Segna ${positions(batch.waiting)} come prese dal partner`,
        subtitle:
          'Quando il partner dice che ha caricato tutto, senza mandare un esito. Ciò che ha rifiutato resta rifiutato.',
        act: `Segna ${positions(batch.waiting)}`,
        async run(reason) {
          const { count } = await client.partner.mark({ id, accepted: true, debtPositionIds: [], reason })
          return `${counted(count, 'posizione segnata come presa', 'posizioni segnate come prese')} dal partner.`
        },
      }
    case 'release':
      return {
        title: `Riprendi ${counted(batch.refused, 'posizione rifiutata', 'posizioni rifiutate')}`,
        subtitle: 'Non sono più del partner: le pubblichi da qui, o le affidi di nuovo. Diglielo, che non le carichi.',
        act: `Riprendi ${positions(batch.refused)}`,
        async run(reason) {
          const { count } = await client.partner.release({ id, reason })
          return `${counted(count, 'posizione torna', 'posizioni tornano')} a noi, da pubblicare o da affidare.`
        },
      }
    case 'withdraw':
      return {
        title: `Ritira il file n. ${id}`,
        subtitle: `Solo se il partner non l’ha avuto, o non ne ha preso niente: ${positions(batch.rows)} tornano a noi, da pubblicare o da affidare di nuovo.`,
        act: `Ritira ${positions(batch.rows)}`,
        async run(reason) {
          const { count } = await client.partner.withdraw({ id, reason })
          return `File ritirato: ${counted(count, 'posizione torna', 'posizioni tornano')} a noi.`
        },
      }
  }
}

function ByHand({
  batch,
  act,
  onClose,
}: {
  readonly batch: BatchRow
  readonly act: ByHandAct
  readonly onClose: () => void
}) {
  const [reason, setReason] = useState('')
  const words = wordsOf(batch, act)
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={words.title}
      subtitle={words.subtitle}
      act={words.act}
      leave="Lascia"
      danger={act === 'withdraw'}
      disabled={reason.trim().length < 3}
      onConfirm={async () => say(await words.run(reason))}
    >
      <ReasonField value={reason} onChange={setReason} />
    </ConfirmDialog>
  )
}
