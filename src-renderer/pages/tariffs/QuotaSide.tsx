import { Button } from '@mantine/core'
import { IconAlertTriangle, IconLock } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { problemText } from '#domain/problem'
import { counted, DateText, formatCount, Money } from '../../components/cells.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { Key } from '../../components/Key.tsx'
import type { QuotaPreview } from './quota.ts'

/** Zone 3: totals by tariff, who stays out and why, and the act. */
export function QuotaSide({
  preview,
  error,
  busy,
  target,
  onGenerate,
}: {
  readonly preview: QuotaPreview | undefined
  readonly error: unknown
  readonly busy: boolean
  /** Address of the tariff that is applied. */
  readonly target: Readonly<Record<string, string>>
  readonly onGenerate: () => void
}) {
  const count = preview?.raise.count ?? 0
  const problems = preview?.problems ?? []
  const why = problems.length > 0 ? 'Non si genera ancora: guarda sopra perché.' : null
  return (
    <section className="card grow generate-side" aria-label="3 · Riepilogo">
      <header className="card-head">
        <h2>3 · Tariffe e chi resta fuori</h2>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
      {/* biome-ignore lint/a11y/useSemanticElements: a named part that scrolls */}
      <div className="card-body" tabIndex={0} role="group" aria-label="Tariffe e chi resta fuori">
        <ErrorNote error={error} />
        {problems.map((p) => (
          <div className="note note-bad small" key={`${p.code} ${problemText(p)}`}>
            <IconAlertTriangle size={16} stroke={1.7} aria-hidden />
            <div>
              {problemText(p)}{' '}
              {p.code === 'TARIFF_EMPTY' && (
                <Link to="/tariffe" search={target as never}>
                  Apri le tariffe
                </Link>
              )}
            </div>
          </div>
        ))}
        {preview !== undefined && preview.byTariff.length > 0 && (
          <table className="plain quota-totals">
            <thead>
              <tr>
                <th scope="col">Tariffa</th>
                <th scope="col" className="right">
                  Quote
                </th>
                <th scope="col" className="right">
                  Importo €
                </th>
              </tr>
            </thead>
            <tbody>
              {preview.byTariff.map((t) => (
                <tr key={t.tariff}>
                  <td className="cut" title={t.tariff}>
                    {t.tariff}
                  </td>
                  <td className="num">{formatCount(t.count)}</td>
                  <td className="num">
                    <Money cents={t.cents} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
        {preview !== undefined && preview.unknownYears > 0 && (
          <div className="note note-warn small">
            <IconAlertTriangle size={16} stroke={1.7} aria-hidden />
            <div>
              Di {counted(preview.unknownYears, 'persona', 'persone')} non si sa da quando sono nell’albo: c’è solo il
              giorno dell’importazione. Per loro non valgono le righe con gli anni. Importa la data d’iscrizione, o
              scrivila nella scheda.
            </div>
          </div>
        )}
        {preview?.leftOut.map((l) => (
          <div
            key={l.reason}
            className={`note small ${l.reason.startsWith('Nessuna tariffa') ? 'note-warn' : 'note-plain'}`}
          >
            <IconAlertTriangle size={16} stroke={1.7} aria-hidden />
            <div>
              {counted(l.count, 'persona resta fuori', 'persone restano fuori')}. {l.reason}.
            </div>
          </div>
        ))}
        {preview !== undefined && preview.counts.already > 0 && (
          <p className="ink2 small">
            {counted(preview.counts.already, 'persona ha già la sua quota', 'persone hanno già la loro quota')}: non
            nasce due volte.
          </p>
        )}
      </div>
      <div className="generate-summary" aria-live="polite">
        <h2>
          {count === 0
            ? 'Nessuna quota da generare'
            : count === 1
              ? 'Si genera 1 quota'
              : `Si generano ${formatCount(count)} quote`}
        </h2>
        <dl>
          <div>
            <dt>scadenza</dt>
            <dd className="num">{preview?.dueDate == null ? 'nessuna' : <DateText date={preview.dueDate} />}</dd>
          </div>
          <div>
            <dt>totale</dt>
            <dd className="num generate-total">
              <Money cents={preview?.raise.cents ?? (0 as never)} euro />
            </dd>
          </div>
        </dl>
        <p className="generate-lock">
          <IconLock size={15} stroke={1.7} aria-hidden />
          <span>Nascono gli accertamenti, non ancora gli avvisi. Si disfa finché nessuno è emesso o riscosso.</span>
        </p>
        {why !== null && <p className="t-bad small generate-why">{why}</p>}
        <Button
          variant="filled"
          fullWidth
          size="sm"
          disabled={count === 0 || why !== null || busy}
          onClick={onGenerate}
          rightSection={<Key keys="Ctrl+Enter" />}
        >
          {count === 0 ? 'Genera le quote…' : count === 1 ? 'Genera 1 quota…' : `Genera ${formatCount(count)} quote…`}
        </Button>
      </div>
    </section>
  )
}
