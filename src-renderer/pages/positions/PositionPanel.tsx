import { ActionIcon, Button, Menu } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import type { Id } from '#domain/brand'
import { formatDate } from '#domain/date'
import { CATEGORIES, FIELDS } from '#domain/vocabulary'
import { useAppState } from '../../app-state.ts'
import { orpc } from '../../client.ts'
import { DateText, formatCount, Money, Mono } from '../../components/cells.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { History } from '../../components/History.tsx'
import { Facts } from '../../components/Page.tsx'
import { St } from '../../components/St.tsx'
import { DetailPanel, PanelPart } from '../../table/DetailPanel.tsx'
import { NoticeDeliveries } from '../deliveries/NoticeDeliveries.tsx'
import { CopyNumber } from './CopyNumber.tsx'
import { saveNotice } from './notice-work.ts'
import { PositionPayments } from './PositionPayments.tsx'

/** All of one position: what is asked, on which accertamenti, what else the person has, what happened to it. */
export function PositionPanel({
  id,
  onDeliver,
  onCancel,
}: {
  readonly id: Id<'debtPosition'>
  readonly onDeliver: () => void
  readonly onCancel: () => void
}) {
  const navigate = useNavigate()
  const today = useAppState().data?.today
  const { data: d, error } = useQuery(orpc.debtPosition.get.queryOptions({ input: { id } }))
  if (!d) {
    return (
      <DetailPanel title="Posizione">
        <ErrorNote error={error} />
      </DetailPanel>
    )
  }
  const cancellable = d.state === 'issued' || d.state === 'expired'
  return (
    <DetailPanel
      title={d.personName}
      subtitle={
        <>
          {d.alboNumber ? `Albo n. ${d.alboNumber} · ` : ''}
          {CATEGORIES[d.category].toLowerCase()} ·{' '}
          <Link to="/persone/$id" params={{ id: String(d.personId) }}>
            scheda
          </Link>
        </>
      }
      actions={
        <>
          <Button
            onClick={() =>
              void navigate({ to: '/avvisi', search: { lotto: String(d.issuanceId), sel: String(d.id) } as never })
            }
          >
            Vedi avviso
          </Button>
          <Button onClick={onDeliver} disabled={d.state === 'cancelled'}>
            Consegna…
          </Button>
          <Menu
            position="top-end"
            transitionProps={{ duration: 0 }}
            withinPortal={false}
            withInitialFocusPlaceholder={false}
          >
            <Menu.Target>
              <ActionIcon aria-label="Altre azioni sulla posizione">
                <IconDots size={16} stroke={1.7} aria-hidden />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={() => void saveNotice(d.id)}>Salva l’avviso in PDF</Menu.Item>
              <Menu.Item
                onClick={() => void navigate({ to: '/posizioni', search: { lotto: String(d.issuanceId) } as never })}
              >
                Tutto il lotto «{d.issuance}»
              </Menu.Item>
              <Menu.Item className="danger" disabled={!cancellable} onClick={onCancel}>
                Annulla…
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </>
      }
    >
      <PanelPart>
        <div className="panel-amount">
          <Money cents={d.cents} euro />
          <St family="position" code={d.state} pill {...overdue(d.state, d.dueDate ?? d.validUntil, today)} />
        </div>
        <Facts
          rows={[
            [FIELDS.causale, d.causale],
            [FIELDS.notice, <CopyNumber key="avviso" value={d.noticeNumber} />],
            ['IUV', <Mono key="iuv">{d.iuv}</Mono>],
            [
              FIELDS.dueDate,
              <span key="scadenza">
                <DateText date={d.dueDate} />, valida fino al {formatDate(d.validUntil)}
              </span>,
            ],
            ['Lotto', d.issuance],
            ['Recapito', d.address ?? <span className="t-warn">manca l’indirizzo</span>],
          ]}
        />
      </PanelPart>
      {d.payments.length > 1 && (
        <PanelPart title="Pagamenti">
          <PositionPayments payments={d.payments} cancelled={d.state === 'cancelled'} today={today} />
        </PanelPart>
      )}
      <PanelPart title={d.allocations.length === 1 ? FIELDS.accertamento : 'Accertamenti'}>
        <ul className="position-lines">
          {d.allocations.map((a) => (
            <li key={a.accertamentoId}>
              <Link to="/accertamenti" search={{ sel: String(a.accertamentoId) } as never}>
                {formatCount(a.number)}/{a.exercise}
              </Link>
              <span className="ink2 cut" title={a.causale}>
                cap. {a.capitolo} · {(a.residui ? FIELDS.residui : FIELDS.competenza).toLowerCase()}
              </span>
              <Money cents={a.cents} />
            </li>
          ))}
        </ul>
      </PanelPart>
      {d.others.length > 0 && (
        <PanelPart title="Della stessa persona">
          <ul className="position-lines">
            {d.others.slice(0, 6).map((o) => (
              <li key={o.id}>
                <Link
                  to="/posizioni"
                  search={{ persona: String(d.personId), sel: String(o.id) } as never}
                  className="cut"
                  title={o.causale}
                >
                  {o.causale}
                </Link>
                <St family="position" code={o.state} />
                <Money cents={o.cents} />
              </li>
            ))}
          </ul>
        </PanelPart>
      )}
      <PanelPart title="Consegne">
        <NoticeDeliveries debtPositionId={d.id} none="Mai consegnato." />
      </PanelPart>
      <PanelPart title="Storia">
        <History lines={d.history} />
      </PanelPart>
    </DetailPanel>
  )
}

function overdue(state: string, due: string, today: string | undefined): { more?: string } {
  if (state !== 'expired' || today === undefined) return {}
  const days = Math.round((Date.parse(today) - Date.parse(due)) / 86_400_000)
  return days < 1 ? {} : { more: days === 1 ? 'da ieri' : `da ${formatCount(days)} giorni` }
}
