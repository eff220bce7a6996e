import type { InferContractRouterOutputs } from '@orpc/contract'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Contract } from '#contract/contract'
import { formatCents } from '#domain/money'
import { SECTIONS } from '#domain/vocabulary'
import { orpc } from '../../client.ts'
import { counted, DateText, formatCount, Money, TimeText } from '../../components/cells.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { Facts } from '../../components/Page.tsx'
import { ToneText } from '../../components/St.tsx'
import { DetailPanel, PanelPart } from '../../table/DetailPanel.tsx'
import { PostFlow } from '../reversali/PostFlow.tsx'

type Row = InferContractRouterOutputs<Contract>['reportingFlow']['list']['rows'][number]
type Change = InferContractRouterOutputs<Contract>['reportingFlow']['get']['versionList'][number]['changes'][number]

const PAYMENTS_SHOWN = 200

/** «nuovo», «era 180,00», «esito 0 → 3». */
function changeWords({ before, after }: Change): string {
  if (before === null) return 'nuovo'
  if (after === null) return `era ${formatCents(before.cents)}`
  const words = before.cents === after.cents ? [] : [`era ${formatCents(before.cents)}`]
  if (before.outcome !== after.outcome) words.push(`esito ${before.outcome} → ${after.outcome}`)
  return words.join(', ')
}

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
        {(row.labels.length > 0 ? row.labels : [row.label]).map((label) => (
          <p key={label.code} className="small ink2 panel-text">
            <ToneText tone={label.tone}>{label.title}</ToneText> {label.text}
          </p>
        ))}
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
                <span className="mono cut" title={v.fileName ?? ''}>
                  {v.flowDateTimeText}
                </span>
                <Money cents={v.declaredCents} />
              </li>
            ))}
          </ul>
        </PanelPart>
      )}
      {detail.data?.versionList
        .filter((v) => v.version > 1)
        .map((v) => (
          <PanelPart key={v.version} title={`Che cosa cambia nella ${v.version}`}>
            {v.changed === 0 ? (
              <p className="small ink2 panel-text">Nessun pagamento: cambiano solo i dati della testata.</p>
            ) : (
              <ul className="panel-lines payments">
                {v.changes.map((c, i) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: the order is the file's
                  <li key={i}>
                    <span className="mono cut">{c.iuv}</span>
                    {c.after === null ? <span className="t-bad">tolto</span> : <Money cents={c.after.cents} />}
                    <span className="small muted">{changeWords(c)}</span>
                    <span />
                  </li>
                ))}
              </ul>
            )}
            {v.changed > v.changes.length && (
              <p className="muted small">
                Le prime {formatCount(v.changes.length)} righe di {formatCount(v.changed)}.
              </p>
            )}
          </PanelPart>
        ))}
    </DetailPanel>
  )
}
