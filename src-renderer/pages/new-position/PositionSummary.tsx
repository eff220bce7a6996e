import { Button } from '@mantine/core'
import type { InferContractRouterOutputs } from '@orpc/contract'
import { IconAlertTriangle, IconCircleX, IconLock } from '@tabler/icons-react'
import type { Contract } from '#contract/contract'
import type { Cents } from '#domain/money'
import { problemText } from '#domain/problem'
import { counted, DateText, formatCount, Money, Mono } from '../../components/cells.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { Key } from '../../components/Key.tsx'

type Preview = InferContractRouterOutputs<Contract>['positionAct']['createPreview']

/** Live: what will be paid and when, where the money goes, what the notice says; then the one act of the page. */
export function PositionSummary({
  preview,
  missing,
  error,
  total,
  busy,
  onCreate,
}: {
  /** Of the form as it stands; undefined while something is missing. */
  readonly preview: Preview | undefined
  readonly missing: string | null
  readonly error: unknown
  readonly total: Cents
  readonly busy: boolean
  readonly onCreate: () => void
}) {
  const errors = preview?.problems.filter((p) => p.severity === 'error') ?? []
  const stopped = missing !== null || error != null || preview === undefined || errors.length > 0
  const [first] = preview?.payments ?? []
  // The field itself tells of a code that is only suspicious.
  const shown = preview?.problems.filter((p) => p.code !== 'FISCAL_CODE_SUSPICIOUS') ?? []
  return (
    <section className="card grow" aria-label="Riepilogo">
      <header className="card-head">
        <h2>Riepilogo</h2>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
      {/* biome-ignore lint/a11y/useSemanticElements: a named part that scrolls, not a set of fields */}
      <div className="card-body new-summary" tabIndex={0} role="group" aria-label="Che cosa nasce">
        {preview === undefined ? (
          <p className="muted">Qui leggi, mentre scrivi, che cosa chiede l’avviso e dove vanno i soldi.</p>
        ) : (
          <>
            <h3>L’avviso dirà</h3>
            <p className="new-causale">{preview.description}</p>
            <ul className="new-lines">
              {preview.payments.map((p) => (
                <li key={p.ordinal}>
                  <span>{p.ordinal === 0 ? 'Rata unica' : `Rata ${formatCount(p.ordinal)}`}</span>
                  <span className="ink2">{p.dueDate === null ? 'senza scadenza' : <DateText date={p.dueDate} />}</span>
                  <Money cents={p.cents} />
                </li>
              ))}
            </ul>
            <h3>
              {first && first.ordinal > 0 ? 'Dove va la prima rata' : 'Dove vanno i soldi'}
              {first ? ` · ${counted(first.transfers.length, 'versamento', 'versamenti')}` : ''}
            </h3>
            <ol className="new-transfers">
              {first?.transfers.map((t) => (
                <li key={t.idTransfer}>
                  <span className={t.own ? '' : 't-info'}>{t.own ? 'all’ente' : (t.beneficiary ?? 'altro ente')}</span>
                  <Money cents={t.cents} />
                  <span className="small ink2">
                    <Mono>{t.iban === null ? t.fiscalCode : `…${t.iban.slice(-6)}`}</Mono> ·{' '}
                    <Mono>{t.taxonomyCode}</Mono>
                  </span>
                  {t.rows.map((row, i) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: rows of one transfer, in order
                    <span key={i} className="small ink2 cut" title={row.causale}>
                      {row.accertamento ?? 'nuovo accertamento'} · {row.causale}
                    </span>
                  ))}
                </li>
              ))}
            </ol>
            {preview.raised > 0 && (
              <p className="small ink2">
                {preview.raised === 1 ? 'Nasce 1 accertamento' : `Nascono ${formatCount(preview.raised)} accertamenti`}
                {preview.exercise === null ? '' : ` nell’esercizio ${preview.exercise}`}.
              </p>
            )}
          </>
        )}
        {shown.map((p, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the list is drawn anew with each preview
          <div key={i} className={`note small ${p.severity === 'error' ? 'note-bad' : 'note-warn'}`}>
            {p.severity === 'error' ? (
              <IconCircleX size={16} stroke={1.7} aria-hidden />
            ) : (
              <IconAlertTriangle size={16} stroke={1.7} aria-hidden />
            )}
            <div>{problemText(p)}</div>
          </div>
        ))}
        <ErrorNote error={error} />
      </div>
      <div className="generate-summary" aria-live="polite">
        <dl>
          <div>
            <dt>
              {preview === undefined ? 'totale' : counted(preview.payments.length, 'numero avviso', 'numeri avviso')}
            </dt>
            <dd className="num generate-total">
              <Money cents={preview?.totalCents ?? total} euro />
            </dd>
          </div>
        </dl>
        <p className="generate-lock">
          <IconLock size={15} stroke={1.7} aria-hidden />
          <span>Il numero avviso nasce creando la posizione e non si riusa più.</span>
        </p>
        {missing !== null && <p className="ink2 small generate-why">{missing}</p>}
        {missing === null && errors.length > 0 && <p className="t-bad small generate-why">Prima rimedia qui sopra.</p>}
        <Button
          variant="filled"
          fullWidth
          size="sm"
          disabled={stopped}
          loading={busy}
          onClick={onCreate}
          rightSection={<Key keys="Ctrl+Enter" />}
        >
          Crea la posizione
        </Button>
      </div>
    </section>
  )
}
