import { Button } from '@mantine/core'
import type { InferContractRouterOutputs } from '@orpc/contract'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import type { Contract } from '#contract/contract'
import { CATEGORIES } from '#domain/vocabulary'
import { orpc } from '../../client.ts'
import { DateText, formatCount, Money, Mono } from '../../components/cells.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { History } from '../../components/History.tsx'
import { Facts } from '../../components/Page.tsx'
import { St } from '../../components/St.tsx'
import { DetailPanel, PanelPart } from '../../table/DetailPanel.tsx'

type Row = InferContractRouterOutputs<Contract>['accertamento']['list']['rows'][number]

const VARIATIONS = {
  increase: 'Aumento',
  decrease: 'Riduzione',
  cancellation: 'Annullamento',
  writeOff: 'Stralcio',
} as const

/** All of one accertamento: the sums, where it comes from, its variations, its history. */
export function AccertamentoPanel({ row }: { readonly row: Row }) {
  const detail = useQuery(orpc.accertamento.get.queryOptions({ input: { id: row.id } }))
  const d = detail.data
  const navigate = useNavigate()
  const go = (to: string, search: Readonly<Record<string, string>>) => void navigate({ to, search: search as never })
  return (
    <DetailPanel
      title={row.personName}
      subtitle={
        <>
          {CATEGORIES[row.category].toLowerCase()} ·{' '}
          <Link to="/persone/$id" params={{ id: String(row.personId) }}>
            scheda
          </Link>
        </>
      }
      {...(row.issued || row.outstandingCents > 0
        ? {
            actions: row.issued ? (
              <Button onClick={() => go('/posizioni', { persona: String(row.personId) })}>Vedi la posizione</Button>
            ) : (
              <Button
                onClick={() => go('/posizioni/nuova', { persona: String(row.personId), accertamento: String(row.id) })}
              >
                Nuova posizione per questo
              </Button>
            ),
          }
        : {})}
    >
      <PanelPart>
        <div className="panel-amount">
          <Money cents={row.dueCents} euro />
          <St family="accertamento" code={row.state} pill />
        </div>
        <Facts
          rows={[
            [
              'Accert.',
              `${formatCount(row.number)}/${row.exercise} · cap. ${row.capitolo} · ${row.residui ? 'residui' : 'competenza'}`,
            ],
            ['Causale', row.causale],
            ['Tipo', `${row.service}, anno ${row.competenceYear}`],
            ['CF', <Mono key="cf">{row.fiscalCode}</Mono>],
            ['Data', <DateText key="data" date={row.date} />],
            ['Scadenza', <DateText key="scadenza" date={row.dueDate} />],
            ['Avviso', row.issued ? 'emesso' : 'non ancora'],
            ['Riscosso', <Money key="r" cents={row.collectedCents} euro />],
            ['Da riscuotere', <Money key="d" cents={row.outstandingCents} euro strong />],
            ...(d?.importFileName ? [['Dal file', `${d.importFileName}, riga ${d.importRow ?? '·'}`] as const] : []),
            ...(d?.externalReference ? [['Riferimento', d.externalReference] as const] : []),
          ]}
        />
      </PanelPart>
      {d && d.variations.length > 0 && (
        <PanelPart title="Variazioni">
          {d.variations.map((v) => (
            <p key={`${v.date}-${v.kind}-${v.cents}`}>
              <DateText date={v.date} /> {VARIATIONS[v.kind]} <Money cents={v.cents} euro />: {v.reason}
            </p>
          ))}
        </PanelPart>
      )}
      <PanelPart title="Storia">
        <ErrorNote error={detail.error} />
        {d && <History lines={d.history} />}
      </PanelPart>
    </DetailPanel>
  )
}
