import { Button } from '@mantine/core'
import { IconShieldCheck } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { CHANNELS, FIELDS } from '#domain/vocabulary'
import { orpc } from '../../client.ts'
import { NoticeNumberText, TimeText } from '../../components/cells.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { Facts } from '../../components/Page.tsx'
import { DetailPanel, PanelPart } from '../../table/DetailPanel.tsx'
import { AddressText } from './AddressText.tsx'
import { ACT_WORDS, type DeliveryAct, type DeliveryRow, DeliverySt, proposedAct } from './delivery-list.tsx'
import { EvidenceSheet } from './EvidenceSheet.tsx'
import { type Evidence, Timeline } from './Timeline.tsx'

const LEFT: readonly DeliveryRow['state'][] = ['sent', 'accepted', 'delivered']

/** One delivery: to whom, how it went in plain words, and every attempt and receipt with its time (picture 06). */
export function DeliveryPanel({
  row,
  onAct,
}: {
  readonly row: DeliveryRow
  readonly onAct: (row: DeliveryRow, act: DeliveryAct) => void
}) {
  const navigate = useNavigate()
  const detail = useQuery(orpc.delivery.get.queryOptions({ input: { id: row.id } }))
  const [shown, setShown] = useState<Evidence | null>(null)
  const now = detail.data ?? row
  const proposed = proposedAct(now)
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
              void navigate({ to: '/avvisi', search: { lotto: 'tutti', sel: String(row.debtPositionId) } as never })
            }
          >
            Vedi avviso
          </Button>
          {proposed && (
            <Button
              className={proposed === 'decide' ? 'unc-button' : proposed === 'cancel' ? 'danger' : ''}
              onClick={() => onAct(now, proposed)}
            >
              {ACT_WORDS[proposed]}
            </Button>
          )}
          {LEFT.includes(now.state) && <Button onClick={() => onAct(now, 'resend')}>Rispedisci…</Button>}
        </>
      }
    >
      <PanelPart>
        <div className="delivery-head">
          <DeliverySt row={now} pill />
          <span className="muted small">
            <TimeText at={now.at} />
          </span>
        </div>
        <Facts
          rows={[
            ['A', <AddressText key="a" address={now.address} />],
            [FIELDS.notice, <NoticeNumberText key="n" value={now.noticeNumber} />],
            ...(now.ordinal > 1 ? [['Invio', `il ${now.ordinal}º a questo recapito`] as const] : []),
            ...(now.reason ? [['Motivo', now.reason] as const] : []),
          ]}
        />
        {proposed === 'fixAddress' && (
          <p className="small ink2">
            Se il recapito è già quello giusto,{' '}
            <button type="button" className="link" onClick={() => onAct(now, 'retry')}>
              rispedisci…
            </button>
          </p>
        )}
      </PanelPart>
      <PanelPart title="Che cosa è successo">
        <ErrorNote error={detail.error} />
        {detail.data && detail.data.attempts.length + detail.data.evidence.length > 0 ? (
          <Timeline detail={detail.data} onOpen={setShown} />
        ) : (
          detail.data && <p className="muted small">Non è ancora partito niente.</p>
        )}
        {(detail.data?.evidence.length ?? 0) > 0 && (
          <p className="muted small evidence-kept">
            <IconShieldCheck size={15} stroke={1.7} aria-hidden />
            Ricevute conservate intere come prova.
          </p>
        )}
      </PanelPart>
      {shown && <EvidenceSheet evidence={shown} onClose={() => setShown(null)} />}
    </DetailPanel>
  )
}
