import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { CHANNELS, FIELDS } from '#domain/vocabulary'
import { orpc } from '../../client.ts'
import { Money, NoticeNumberText, TimeText } from '../../components/cells.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { History } from '../../components/History.tsx'
import { Facts } from '../../components/Page.tsx'
import { St } from '../../components/St.tsx'
import { DetailPanel, PanelPart } from '../../table/DetailPanel.tsx'
import { AddressText } from './AddressText.tsx'
import { ACT_WORDS, type DeliveryAct, type DeliveryRow, proposedAct } from './delivery-list.tsx'

/** One delivery: to whom, how it went, in plain words and in the server's, and all that happened to its notice. */
export function DeliveryPanel({
  row,
  onAct,
}: {
  readonly row: DeliveryRow
  readonly onAct: (row: DeliveryRow, act: DeliveryAct) => void
}) {
  const navigate = useNavigate()
  const position = useQuery(orpc.debtPosition.get.queryOptions({ input: { id: row.debtPositionId } }))
  const d = position.data
  const proposed = proposedAct(row)
  return (
    <DetailPanel
      title={row.personName}
      subtitle={
        <>
          {CHANNELS[row.channel]} ·{' '}
          <Link to="/persone/$id" params={{ id: String(row.personId) }}>
            scheda
          </Link>
        </>
      }
      actions={
        <>
          <Button
            onClick={() =>
              void navigate({
                to: '/avvisi',
                search: {
                  ...(d ? { lotto: String(d.issuanceId) } : { lotto: 'tutti' }),
                  sel: String(row.debtPositionId),
                } as never,
              })
            }
          >
            Vedi avviso
          </Button>
          {proposed && (
            <Button
              className={proposed === 'decide' ? 'unc-button' : proposed === 'cancel' ? 'danger' : ''}
              onClick={() => onAct(row, proposed)}
            >
              {proposed === 'fixAddress' ? 'Correggi recapito' : ACT_WORDS[proposed]}
            </Button>
          )}
        </>
      }
    >
      <PanelPart>
        <div className="panel-amount">
          {d ? <Money cents={d.cents} euro /> : <span />}
          <St family="delivery" code={row.state} pill />
        </div>
        <Facts
          rows={[
            ['A', <AddressText key="a" address={row.address} />],
            [FIELDS.notice, <NoticeNumberText key="n" value={row.noticeNumber} />],
            ['Quando', <TimeText key="q" at={row.at} />],
            ...(row.ordinal > 1 ? [['Invio', `il ${row.ordinal}º a questo recapito`] as const] : []),
            ...(row.reason ? [['Motivo', row.reason] as const] : []),
            ...(row.reply ? [['Risposta', <span key="r">«{row.reply}»</span>] as const] : []),
          ]}
        />
        {row.state === 'failed' && row.channel !== 'folder' && (
          <p className="small ink2">
            Correggi il recapito nella scheda, poi <b>Rispedisci</b>: l’avviso riparte verso quello nuovo.{' '}
            {proposed === 'fixAddress' && (
              <button type="button" className="link" onClick={() => onAct(row, 'retry')}>
                Rispedisci…
              </button>
            )}
          </p>
        )}
      </PanelPart>
      <PanelPart title="Storia dell’avviso">
        <ErrorNote error={position.error} />
        {d && (
          <History lines={d.history.filter((h) => ['delivery', 'notice', 'position', 'decision'].includes(h.kind))} />
        )}
      </PanelPart>
    </DetailPanel>
  )
}
