import { Button } from '@mantine/core'
import type { InferContractRouterOutputs } from '@orpc/contract'
import { IconInfoCircle } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Contract } from '#contract/contract'
import { type Problem, problemText } from '#domain/problem'
import { CHANNELS, deliveryWord, FIELDS } from '#domain/vocabulary'
import { orpc } from '../../client.ts'
import { counted, DateText, formatCount, Money } from '../../components/cells.tsx'
import { Card, Facts } from '../../components/Page.tsx'
import { St, StIcon, ToneText } from '../../components/St.tsx'
import { NoticeDeliveries } from '../deliveries/NoticeDeliveries.tsx'
import type { PositionRow } from '../positions/position-list.tsx'

export interface CheckResult {
  readonly notices: number
  readonly shrunk: number
  readonly problems: { readonly first: readonly Problem[]; readonly total: number }
}

export type Sample = InferContractRouterOutputs<Contract>['notice']['sample']

/** At the right: what this notice asks and where it went. */
export function NoticeFacts({
  row,
  onPrint,
  onDeliver,
}: {
  readonly row: PositionRow
  readonly onPrint: () => void
  readonly onDeliver: () => void
}) {
  return (
    <Card
      title={
        <Link to="/persone/$id" params={{ id: String(row.personId) }} title={row.personName}>
          {row.personName}
        </Link>
      }
    >
      <Facts
        rows={[
          [FIELDS.amount, <Money key="importo" cents={row.cents} euro strong />],
          [FIELDS.dueDate, <DateText key="scadenza" date={row.dueDate} />],
          [FIELDS.state, <St key="stato" family="position" code={row.state} />],
          ['Consegna', <DeliveryWords key="consegna" row={row} />],
          [FIELDS.accertamentoShort, row.accertamenti],
          [FIELDS.causale, row.causale],
        ]}
      />
      {row.installments > 0 && <Installments id={row.id} />}
      {row.delivery !== null && <NoticeDeliveries debtPositionId={row.id} none="Mai consegnato." />}
      <div className="side-actions">
        <Button onClick={onPrint} disabled={row.state === 'cancelled'}>
          Stampa questo
        </Button>
        <Button onClick={onDeliver} disabled={row.state === 'cancelled'}>
          Consegna…
        </Button>
      </div>
    </Card>
  )
}

/** What can be paid with this notice, and what has come in. */
function Installments({ id }: { readonly id: PositionRow['id'] }) {
  const payments = useQuery(orpc.debtPosition.get.queryOptions({ input: { id } })).data?.payments ?? []
  if (payments.length === 0) return null
  const word = (ordinal: number) => (ordinal === 0 ? 'Rata unica' : `Rata ${ordinal}`)
  return (
    <table className="plain installments">
      <caption className="visually-hidden">Come si può pagare</caption>
      <thead className="visually-hidden">
        <tr>
          <th>Pagamento</th>
          <th>{FIELDS.dueDate}</th>
          <th>{FIELDS.amount}</th>
          <th>{FIELDS.state}</th>
        </tr>
      </thead>
      <tbody>
        {payments.map((p) => (
          <tr key={p.ordinal} title={`Avviso ${p.noticeNumber}`}>
            <td>{word(p.ordinal)}</td>
            <td>
              <DateText date={p.dueDate} />
            </td>
            <td className="right">
              <Money cents={p.cents} />
            </td>
            <td>{p.paid ? <StIcon tone="ok" word="pagata" /> : <span className="visually-hidden">da pagare</span>}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function DeliveryWords({ row }: { readonly row: PositionRow }) {
  if (row.delivery === null) return <span className="muted">mai consegnato</span>
  const { word, tone } = deliveryWord(row.delivery)
  return <ToneText tone={tone}>{`${CHANNELS[row.delivery.channel]}, ${word.toLowerCase()}`}</ToneText>
}

/** Checks of the whole batch: nothing is delivered that does not read back equal. */
export function BatchChecks({
  result,
  busy,
  count,
  onCheck,
}: {
  readonly result: CheckResult | null
  readonly busy: boolean
  readonly count: number
  readonly onCheck: () => void
}) {
  return (
    <Card
      title="Controlli sul lotto"
      actions={
        result && (
          <button type="button" className="link" disabled={busy} onClick={onCheck}>
            Ripeti
          </button>
        )
      }
    >
      {result === null ? (
        <>
          <p className="ink2 small check-words">
            Ridisegna gli avvisi e controlla che ogni testo stia nel suo riquadro e che ogni codice, QR o Data Matrix
            del bollettino, riletto dica numero e importo giusti.
          </p>
          <Button fullWidth loading={busy} disabled={count === 0} onClick={onCheck}>
            Controlla {counted(count, 'avviso', 'avvisi')}
          </Button>
        </>
      ) : (
        <ul className="check-lines">
          {result.problems.total === 0 && (
            <>
              <li>
                <ToneText tone="ok">{`${counted(result.notices, 'avviso', 'avvisi')}: codici riletti e uguali`}</ToneText>
              </li>
              <li>
                <ToneText tone="ok">Tutti i testi dentro i riquadri</ToneText>
              </li>
              <li>
                <ToneText tone="ok">Ogni carattere si può stampare</ToneText>
              </li>
            </>
          )}
          {result.shrunk > 0 && (
            <li>
              <ToneText tone="warn">{`${counted(result.shrunk, 'avviso', 'avvisi')} con un testo ristretto per entrare`}</ToneText>
            </li>
          )}
          {result.problems.total > 0 && (
            <li>
              <ToneText tone="bad">
                {`${counted(result.problems.total, 'problema', 'problemi')} su ${formatCount(result.notices)} avvisi`}
              </ToneText>
            </li>
          )}
          {result.problems.first.slice(0, 4).map((p, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes while shown
            <li key={i} className="small">
              {problemText(p)}
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}

/** Said where the notices are seen: without the official kit they carry neutral words. */
export function NeutralMarks() {
  const style = useQuery(orpc.noticeStyle.get.queryOptions()).data
  if (!style || style.graphics.some((g) => g.kind === 'pagopa')) return null
  return (
    <p className="note note-info small">
      <IconInfoCircle size={16} stroke={1.7} aria-hidden />
      <span>
        Marchio pagoPA neutro: carica il kit grafico ufficiale in{' '}
        <Link to="/impostazioni/$voce" params={{ voce: 'avvisi' }} search={{ parte: 'kit' } as never}>
          Impostazioni, Avvisi
        </Link>
        .
      </span>
    </p>
  )
}

/** «Campionatura»: the extremes of the batch, with why each was picked. */
export function SampleList({
  sample,
  open,
  onOpen,
  onClose,
}: {
  readonly sample: Sample
  readonly open: number | null
  readonly onOpen: (id: number) => void
  readonly onClose: () => void
}) {
  return (
    <Card
      title="Campionatura"
      about={counted(sample.length, 'avviso', 'avvisi')}
      flush
      actions={
        <button type="button" className="link" onClick={onClose}>
          Chiudi
        </button>
      }
    >
      <ul className="sample-lines">
        {sample.map((s) => (
          <li key={s.debtPositionId}>
            <button type="button" aria-current={s.debtPositionId === open} onClick={() => onOpen(s.debtPositionId)}>
              <span className="sample-name">{s.personName}</span>
              <span className="ink2 small">{s.why}</span>
            </button>
          </li>
        ))}
      </ul>
    </Card>
  )
}
