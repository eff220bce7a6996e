import type { InferContractRouterOutputs } from '@orpc/contract'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Contract } from '#contract/contract'
import { SECTIONS } from '#domain/vocabulary'
import { orpc } from '../../client.ts'
import { counted, DateText, formatCount, Money, TimeText } from '../../components/cells.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { Facts } from '../../components/Page.tsx'
import { ToneText } from '../../components/St.tsx'
import { DetailPanel, PanelPart } from '../../table/DetailPanel.tsx'
import { PostFlow } from '../reversali/PostFlow.tsx'

type Row = InferContractRouterOutputs<Contract>['reportingFlow']['list']['rows'][number]

const PAYMENTS_SHOWN = 200

/** One flow: how much of it is credited, by which movements, who paid, and its versions. */
export function FlowPanel({ row }: { readonly row: Row }) {
  const detail = useQuery(orpc.reportingFlow.get.queryOptions({ input: { id: row.id } }))
  const payments = useQuery(
    orpc.reportingFlow.payments.queryOptions({
      input: {
        filters: { reportingFlowId: row.id },
        limit: PAYMENTS_SHOWN,
        sort: { column: 'ordinal', direction: 'asc' },
      },
    }),
  )
  const missing = row.declaredCents - row.creditedCents
  return (
    <DetailPanel
      title={row.flowId}
      subtitle={
        <>
          {row.pspName} · <Link to="/riconciliazione">{SECTIONS.reconciliation.toLowerCase()}</Link>
        </>
      }
    >
      <PanelPart>
        <div className="panel-amount">
          <Money cents={row.declaredCents} euro />
          <ToneText tone={row.label.tone} pill>
            {row.label.title}
          </ToneText>
        </div>
        <p className="small ink2 panel-text">{row.label.text}</p>
        <Facts
          rows={[
            ['Regolato', <DateText key="d" date={row.regulationDate} />],
            [
              'Bonifico',
              <span key="b" className="mono">
                {row.regulationId}
              </span>,
            ],
            ['Inviato', <TimeText key="t" at={row.flowDateTime} />],
            ['Accreditato', <Money key="a" cents={row.creditedCents} />],
            ...(missing > 0 ? ([['Mancano', <Money key="m" cents={missing} strong />]] as const) : []),
          ]}
        />
      </PanelPart>
      <PostFlow flow={row} />
      <ErrorNote error={detail.error ?? payments.error} />
      {detail.data && detail.data.credits.length > 0 && (
        <PanelPart title={detail.data.credits.length === 1 ? 'Accredito' : 'Accrediti'}>
          <ul className="panel-lines">
            {detail.data.credits.map((c) => (
              <li key={c.bankMovementId} title={c.description}>
                <DateText date={c.bookingDate} />
                <span className="mono cut">{c.description}</span>
                <Money cents={c.cents} />
              </li>
            ))}
          </ul>
        </PanelPart>
      )}
      <PanelPart title={counted(payments.data?.count ?? row.declaredCount, 'pagamento', 'pagamenti')}>
        <ul className="panel-lines payments">
          {payments.data?.rows.map((p) => (
            <li key={p.id} title={p.label.text}>
              <span className="cut">
                {p.debtPositionId === null ? (
                  (p.personName ?? 'Posizione sconosciuta')
                ) : (
                  <Link to="/posizioni" search={{ cerca: p.iuv } as never}>
                    {p.personName ?? 'Posizione sconosciuta'}
                  </Link>
                )}
              </span>
              <Money cents={p.cents} />
              <span className="mono small muted">{p.iuv}</span>
              <span className={`small t-${p.label.tone}`}>
                {p.reversale === null ? p.label.title : `rev. ${p.reversale}`}
              </span>
            </li>
          ))}
        </ul>
        {payments.data && payments.data.count > PAYMENTS_SHOWN && (
          <p className="muted small">I primi {formatCount(PAYMENTS_SHOWN)}; gli altri sono nell’esportazione.</p>
        )}
      </PanelPart>
      {detail.data && detail.data.versionList.length > 1 && (
        <PanelPart title="Versioni">
          <ul className="panel-lines">
            {detail.data.versionList.map((v) => (
              <li key={v.version}>
                <span>
                  {v.version}
                  {v.active ? ' · vale' : ''}
                </span>
                <span className="mono cut">{v.flowDateTimeText}</span>
                <Money cents={v.declaredCents} />
              </li>
            ))}
          </ul>
        </PanelPart>
      )}
    </DetailPanel>
  )
}
