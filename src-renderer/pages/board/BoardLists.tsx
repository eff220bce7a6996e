import { Link } from '@tanstack/react-router'
import { sum } from '#domain/money'
import { counted, DateText, Money } from '../../components/cells.tsx'
import { AllDone } from '../../components/EmptyState.tsx'
import { ScrollBox } from '../../components/ScrollBox.tsx'
import { ToneText } from '../../components/St.tsx'
import { type Board, type BoardRow, reasonOf, spansOf } from './board.ts'
import { Causale } from './Causale.tsx'

/** «Abbinati»: what faces what, whether by itself or by hand; those by hand can be opened again. */
export function MatchedList({
  rows,
  onReopen,
}: {
  readonly rows: Board['matched']
  readonly onReopen: (decisionId: number) => void
}) {
  if (rows.length === 0)
    return (
      <AllDone
        title="Nessun accredito abbinato"
        text="Qui stanno gli accrediti che hanno trovato la loro controparte."
      />
    )
  return (
    <ListCard
      label="Accrediti abbinati"
      foot={<Foot count={rows.length} cents={sum(rows.map((r) => r.cents))} one="abbinato" many="abbinati" />}
    >
      <thead>
        <tr>
          <th>Data</th>
          <th>Accredito in banca</th>
          <th className="right">Accreditato €</th>
          <th>Come</th>
          <th className="right">Nel flusso €</th>
          <th>Controparte</th>
          <th>
            <span className="visually-hidden">Azioni</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((r) => (
          <tr key={r.bankMovementId}>
            <td>
              <DateText date={r.bookingDate} />
            </td>
            <td className="mono cut" title={r.description}>
              {r.description}
            </td>
            <td className="right">
              <Money cents={r.cents} />
            </td>
            <td title={r.label.text}>
              <ToneText tone={r.label.tone}>{r.byHand ? 'A mano' : r.label.title}</ToneText>
            </td>
            <td className="right">
              <span className={r.targetCents === r.cents ? '' : 't-warn'}>
                <Money cents={r.targetCents} />
              </span>
            </td>
            <td className="mono cut" title={r.targetTitle}>
              {r.flowId === null ? (
                r.targetTitle
              ) : (
                <Link to="/rendicontazioni" search={{ flusso: r.flowId } as never}>
                  {r.flowId}
                </Link>
              )}
            </td>
            <td className="right">
              {r.posted ? (
                <span className="small muted">con reversale</span>
              ) : r.decisionId !== null ? (
                <button type="button" className="link" onClick={() => r.decisionId !== null && onReopen(r.decisionId)}>
                  Riapri
                </button>
              ) : null}
            </td>
          </tr>
        ))}
      </tbody>
    </ListCard>
  )
}

/** «Flussi senza accredito»: reported and not credited yet. */
export function UncreditedList({ rows }: { readonly rows: Board['flowsWithoutCredit'] }) {
  if (rows.length === 0)
    return (
      <AllDone
        title="Nessun flusso senza accredito"
        text="Tutti i flussi importati hanno il loro accredito in banca."
      />
    )
  return (
    <ListCard
      label="Flussi senza accredito"
      foot={<Foot count={rows.length} cents={sum(rows.map((r) => r.cents))} one="flusso" many="flussi" />}
    >
      <thead>
        <tr>
          <th>Regolato</th>
          <th>Flusso</th>
          <th>Prestatore</th>
          <th>Stato</th>
          <th className="right">Pagam.</th>
          <th className="right">Importo €</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((r) => (
          <tr key={r.reportingFlowId}>
            <td>
              <DateText date={r.regulationDate} />
            </td>
            <td className="mono">
              <Link to="/rendicontazioni" search={{ flusso: r.flowId } as never}>
                {r.flowId}
              </Link>
            </td>
            <td className="cut" title={r.pspName}>
              {r.pspName}
            </td>
            <td className="cut" title={r.label.text}>
              <ToneText tone={r.label.tone}>{r.label.title}</ToneText>
            </td>
            <td className="right">{r.payments}</td>
            <td className="right">
              <Money cents={r.cents} />
            </td>
          </tr>
        ))}
      </tbody>
    </ListCard>
  )
}

/** «Ignorati»: what is not pagoPA's, and what a person left out, with the reason. */
export function IgnoredList({
  rows,
  onReopen,
}: {
  readonly rows: Board['ignored']
  readonly onReopen: (decisionId: number) => void
}) {
  if (rows.length === 0)
    return <AllDone title="Nessun movimento ignorato" text="Qui stanno addebiti, giroconti e ciò che non è pagoPA." />
  return (
    <ListCard
      label="Movimenti ignorati"
      foot={<Foot count={rows.length} cents={sum(rows.map((r) => r.cents))} one="movimento" many="movimenti" />}
    >
      <thead>
        <tr>
          <th>Data</th>
          <th>Descrizione</th>
          <th>Perché</th>
          <th className="right">Importo €</th>
          <th>
            <span className="visually-hidden">Azioni</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((r) => (
          <tr key={r.bankMovementId}>
            <td>
              <DateText date={r.bookingDate} />
            </td>
            <td className="mono cut" title={r.description}>
              {r.description}
            </td>
            <td className="cut" title={r.label.text}>
              <ToneText tone={r.label.tone}>{r.label.code === 'EXCLUDED' ? r.label.text : r.label.title}</ToneText>
            </td>
            <td className="right">
              <Money cents={r.cents} />
            </td>
            <td className="right">
              {r.decisionId !== null && (
                <button type="button" className="link" onClick={() => r.decisionId !== null && onReopen(r.decisionId)}>
                  Riapri
                </button>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </ListCard>
  )
}

/** «Tabella»: the same rows, one line each. */
export function PlainList({
  rows,
  cursor,
  onCursor,
}: {
  readonly rows: readonly BoardRow[]
  readonly cursor: number
  readonly onCursor: (index: number) => void
}) {
  return (
    <ListCard label="Accrediti da decidere, in tabella">
      <thead>
        <tr>
          <th>Data</th>
          <th>Accredito in banca</th>
          <th className="right">Accreditato €</th>
          <th>Motivo</th>
          <th className="right">Nel flusso €</th>
          <th>Controparte</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((r, i) => (
          <tr
            key={r.bankMovementId}
            className={i === cursor ? 'cursor' : ''}
            aria-current={i === cursor}
            onClick={() => onCursor(i)}
          >
            <td>
              <DateText date={r.bookingDate} />
            </td>
            <td className="cut">
              <Causale text={r.description} spans={spansOf(r)} folded />
            </td>
            <td className="right">
              <Money cents={r.leftCents} />
            </td>
            <td className="cut" title={reasonOf(r).text}>
              <ToneText tone={reasonOf(r).tone}>{reasonOf(r).title}</ToneText>
            </td>
            <td className="right">
              <Money cents={r.candidates[0]?.cents ?? null} />
            </td>
            <td className="mono cut" title={r.candidates[0]?.title}>
              {r.candidates[0]?.title ?? ''}
            </td>
          </tr>
        ))}
      </tbody>
    </ListCard>
  )
}

function ListCard({
  label,
  foot,
  children,
}: {
  readonly label: string
  readonly foot?: React.ReactNode
  readonly children: React.ReactNode
}) {
  return (
    <div className="card board-list">
      <ScrollBox className="chooser-scroll" label={label}>
        <table className="plain board-table">{children}</table>
      </ScrollBox>
      {foot}
    </div>
  )
}

function Foot({
  count,
  cents,
  one,
  many,
}: {
  readonly count: number
  readonly cents: number
  readonly one: string
  readonly many: string
}) {
  return (
    <div className="totals">
      <div className="totals-left">
        <span>
          <b>{counted(count, one, many)}</b>
        </span>
      </div>
      <span>
        Totale <Money cents={cents} euro strong />
      </span>
    </div>
  )
}
