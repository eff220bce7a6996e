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
import { CartList } from '../cart/CartList.tsx'
import { NoticeDeliveries } from '../deliveries/NoticeDeliveries.tsx'
import { NodePart } from '../node/NodePart.tsx'
import { PartnerPart } from '../partner/PartnerPart.tsx'
import { CopyNumber } from './CopyNumber.tsx'
import { printNotices, saveNotice } from './notice-work.ts'
import type { PositionActName } from './PositionActs.tsx'
import { PositionNotes } from './PositionNotes.tsx'
import { PositionPayments } from './PositionPayments.tsx'
import { PositionTransfers } from './PositionTransfers.tsx'
import { PositionVersions, SENT } from './PositionVersions.tsx'

const UNSENT: ReadonlySet<string> = new Set(['cancelled', 'failed', 'suppressed'])

/** All of one position, as a file card: what is asked, on which accertamenti, how it changed, what happened to it. */
export function PositionPanel({
  id,
  onDeliver,
  onAct,
}: {
  readonly id: Id<'debtPosition'>
  readonly onDeliver: () => void
  readonly onAct: (name: PositionActName) => void
}) {
  const navigate = useNavigate()
  const today = useAppState().data?.today
  const { data: d, error } = useQuery(orpc.debtPosition.get.queryOptions({ input: { id } }))
  const { data: card, error: cardError } = useQuery(orpc.positionAct.card.queryOptions({ input: { id } }))
  if (!d || !card) {
    return (
      <DetailPanel title="Posizione">
        <ErrorNote error={error ?? cardError} />
      </DetailPanel>
    )
  }
  const { can } = card
  const sent = card.versions.some((v) => v.deliveries.length > 0)
  const out = card.versions.some(
    (v) => v.current && (v.prints.length > 0 || v.deliveries.some((d) => SENT.has(d.state))),
  )
  const outdated = card.versions.some((v) => !v.current && v.deliveries.some(({ state }) => SENT.has(state)))
  const newestSent = card.versions.some((v) => v.current && v.deliveries.some(({ state }) => !UNSENT.has(state)))
  const [first] = card.payments
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
            {sent ? 'Rispedisci…' : 'Consegna…'}
          </Button>
          <Menu
            position="top-end"
            transitionProps={{ duration: 0 }}
            withinPortal={false}
            withInitialFocusPlaceholder={false}
            width={272}
          >
            <Menu.Target>
              <ActionIcon aria-label="Altre azioni sulla posizione" title="Altre azioni sulla posizione">
                <IconDots size={16} stroke={1.7} aria-hidden />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown className="position-menu">
              <Act name="payNow" why={can.payNow} onAct={onAct}>
                Paga ora…
              </Act>
              <Menu.Divider />
              <Act name="amount" why={can.change} onAct={onAct}>
                Cambia importo…
              </Act>
              <Act name="due" why={can.change} onAct={onAct}>
                Cambia scadenza…
              </Act>
              <Act name="plan" why={can.terms} onAct={onAct}>
                Rateizza…
              </Act>
              <Act name="lateFee" why={can.addDebts} onAct={onAct}>
                Aggiungi mora…
              </Act>
              <Act name="outside" why={can.payOutside} onAct={onAct}>
                Pagata fuori da pagoPA…
              </Act>
              <Menu.Divider />
              <Menu.Item onClick={() => printNotices({ ids: [d.id] })}>
                {out ? 'Ristampa (duplicato)' : 'Stampa l’avviso'}
              </Menu.Item>
              <Menu.Item onClick={() => void saveNotice(d.id)}>Salva l’avviso in PDF</Menu.Item>
              <Menu.Item
                onClick={() => void navigate({ to: '/posizioni', search: { lotto: String(d.issuanceId) } as never })}
              >
                Tutto il lotto «{d.issuance}»
              </Menu.Item>
              <Menu.Divider />
              <Act name="reissue" why={can.reissue} onAct={onAct}>
                Riemetti…
              </Act>
              {card.lifecycle === 'cancelled' ? (
                <Act name="reactivate" why={can.reactivate} onAct={onAct}>
                  Riattiva…
                </Act>
              ) : (
                <Act name="cancel" why={can.cancel} onAct={onAct} danger>
                  Annulla…
                </Act>
              )}
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
        {card.remainingCents !== d.cents && card.remainingCents > 0 && (
          <p className="small ink2 panel-text">
            Restano da pagare <Money cents={card.remainingCents} euro strong />.
          </p>
        )}
        {outdated && !newestSent && d.state !== 'cancelled' && d.state !== 'paid' && d.state !== 'collected' && (
          <p className="note note-warn small">
            <span>
              Chi paga ha in mano un avviso superato.{' '}
              <button type="button" className="link" onClick={onDeliver}>
                Rispedisci…
              </button>
            </span>
          </p>
        )}
        <Facts
          rows={[
            [FIELDS.causale, d.causale],
            [FIELDS.notice, <CopyNumber key="avviso" value={d.noticeNumber} />],
            ['IUV', <Mono key="iuv">{d.iuv}</Mono>],
            [
              FIELDS.dueDate,
              <span key="scadenza">
                <DateText date={d.dueDate} />, valida fino al {formatDate(card.validUntil)}
              </span>,
            ],
            ...(card.externalReference === null ? [] : [['Identificativo', card.externalReference] as const]),
            ['Lotto', d.issuance],
            ['Recapito', d.address ?? <span className="t-warn">manca l’indirizzo</span>],
          ]}
        />
      </PanelPart>
      <PanelPart title="Nodo pagoPA">
        <PartnerPart id={id}>
          <NodePart
            key={id}
            id={id}
            state={card.nodeState}
            sync={card.syncState}
            open={card.lifecycle === 'issued' && d.state !== 'paid' && d.state !== 'collected'}
          />
        </PartnerPart>
      </PanelPart>
      {(card.payments.length > 1 || first?.state !== 'unpaid') && (
        <PanelPart title="Pagamenti">
          <PositionPayments payments={card.payments} cancelled={d.state === 'cancelled'} today={today} />
        </PanelPart>
      )}
      <CartList
        of={{ debtPositionId: id }}
        pay={{ selection: { ids: [id] } }}
        frame={(list) => <PanelPart title="Link «Paga ora»">{list}</PanelPart>}
      />
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
      {first && first.transfers.length > 1 && (
        <PanelPart title={first.ordinal === 0 ? 'Versamenti' : 'Versamenti della prima rata'}>
          <PositionTransfers transfers={first.transfers} />
        </PanelPart>
      )}
      <PanelPart title="Versioni">
        <PositionVersions card={card} />
      </PanelPart>
      <PanelPart title="Note">
        <PositionNotes key={id} id={id} />
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

/** One act of the menu; where it cannot be done, why. */
function Act({
  name,
  why,
  danger,
  onAct,
  children,
}: {
  readonly name: PositionActName
  readonly why: string | null
  readonly danger?: boolean
  readonly onAct: (name: PositionActName) => void
  readonly children: string
}) {
  return (
    <Menu.Item className={danger ? 'danger' : ''} disabled={why !== null} onClick={() => onAct(name)}>
      {children}
      {why !== null && <span className="act-why">{why}</span>}
    </Menu.Item>
  )
}

function overdue(state: string, due: string, today: string | undefined): { more?: string } {
  if (state !== 'expired' || today === undefined) return {}
  const days = Math.round((Date.parse(today) - Date.parse(due)) / 86_400_000)
  return days < 1 ? {} : { more: days === 1 ? 'da ieri' : `da ${formatCount(days)} giorni` }
}
