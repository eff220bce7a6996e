import { Button, Checkbox, TextInput } from '@mantine/core'
import { IconAlertTriangle, IconLock } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { installmentDueDates } from '#domain/installment-split'
import type { Cents } from '#domain/money'
import { problemText } from '#domain/problem'
import { counted, DateText, formatCount, Money } from '../../components/cells.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { DateField } from '../../components/fields.tsx'
import { Key } from '../../components/Key.tsx'
import type { GenerationParameters, GenerationSummary } from './generation.ts'
import { InstallmentFields } from './InstallmentFields.tsx'
import type { InstallmentRule } from './payment-mode.ts'

/** Zones 3 and 4: how the positions are made, and live what will be made. */
export function GenerationSide({
  parameters,
  proposed,
  typicalCents,
  onChange,
  summary,
  error,
  busy,
  onGenerate,
}: {
  readonly parameters: GenerationParameters
  readonly proposed: InstallmentRule
  readonly typicalCents: Cents | null
  readonly onChange: (patch: Partial<GenerationParameters>) => void
  readonly summary: GenerationSummary | undefined
  readonly error: unknown
  readonly busy: boolean
  readonly onGenerate: () => void
}) {
  const p = parameters
  const count = error === null ? (summary?.positions.count ?? 0) : 0
  const why = count === 0 ? null : p.description.trim() === '' ? 'Manca la descrizione del lotto.' : null
  const last = p.installments ? installmentDueDates(p.installments).at(-1) : undefined
  const late = last !== undefined && last > p.validUntil ? last : null
  return (
    <section className="card grow" aria-label="3 · Parametri e 4 · Riepilogo">
      <header className="card-head">
        <h2>3 · Parametri</h2>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
      {/* biome-ignore lint/a11y/useSemanticElements: a named part that scrolls, not a set of fields */}
      <div className="card-body" tabIndex={0} role="group" aria-label="3 · Parametri">
        <div className="zone-fields">
          <TextInput
            label="Descrizione del lotto"
            value={p.description}
            error={p.description.trim() === '' ? 'Serve a ritrovarlo fra gli avvisi.' : null}
            onChange={(e) => onChange({ description: e.currentTarget.value })}
          />
          <div className="field-pair">
            <DateField
              label="Scadenza, dove manca"
              value={p.dueDate}
              placeholder="regola del tipo"
              onChange={(dueDate) => onChange({ dueDate })}
            />
            <DateField
              label="Fine validità"
              value={p.validUntil}
              onChange={(validUntil) => validUntil && onChange({ validUntil })}
            />
          </div>
          <hr className="zone-rule" />
          <InstallmentFields
            rule={p.installments ?? null}
            proposed={proposed}
            validUntil={p.validUntil}
            typicalCents={typicalCents}
            onChange={(installments) => onChange({ installments })}
          />
          <hr className="zone-rule" />
          <Checkbox
            label="Raggruppa per persona"
            description={groupWords(p.groupByPerson, summary)}
            checked={p.groupByPerson}
            onChange={(e) => onChange({ groupByPerson: e.currentTarget.checked })}
          />
          {p.groupByPerson && (
            <TextInput
              label="Causale degli avvisi raggruppati"
              value={p.groupDescription}
              maxLength={140}
              onChange={(e) => onChange({ groupDescription: e.currentTarget.value })}
            />
          )}
          {summary && summary.withoutContact > 0 && (
            <Warning>
              {counted(summary.withoutContact, 'persona', 'persone')} senza PEC né e-mail:{' '}
              {summary.withoutContact === 1 ? 'avrà' : 'avranno'} l’avviso da stampare.{' '}
              <Link to="/persone" search={{ senza: 'email,pec' } as never}>
                Mostrale
              </Link>
            </Warning>
          )}
          {summary && summary.withoutAddress > 0 && (
            <Warning>
              {counted(summary.withoutAddress, 'persona', 'persone')} senza indirizzo: l’avviso si fa, senza recapito.{' '}
              <Link to="/persone" search={{ senza: 'address' } as never}>
                Mostrale
              </Link>
            </Warning>
          )}
          {summary && summary.expiredAtIssue > 0 && (
            <Warning>
              {summary.expiredAtIssue === 1
                ? '1 posizione nasce già scaduta'
                : `${formatCount(summary.expiredAtIssue)} posizioni nascono già scadute`}
              : si potrà pagare fino alla fine della validità.
            </Warning>
          )}
          {summary?.warnings.map((w) => (
            <Warning key={problemText(w)}>
              {problemText(w)}{' '}
              <Link to="/impostazioni/$voce" params={{ voce: 'tipi' }}>
                Tipi di dovuto
              </Link>
            </Warning>
          ))}
          {summary?.leftOut.map((l) => (
            <Warning key={l.reason}>
              {counted(l.count, 'accertamento resta fuori', 'accertamenti restano fuori')}. {l.reason}.
            </Warning>
          ))}
        </div>
      </div>
      <div className="generate-summary" aria-live="polite">
        <h2>
          4 ·{' '}
          {error !== null
            ? 'Non si genera ancora'
            : count === 1
              ? 'Si genera 1 posizione'
              : `Si generano ${formatCount(count)} posizioni`}
        </h2>
        {error === null ? (
          <dl>
            <div>
              <dt>da accertamenti</dt>
              <dd className="num">{formatCount(summary?.accertamenti.count ?? 0)}</dd>
            </div>
            {summary !== undefined && summary.payments !== summary.positions.count && (
              <div>
                <dt>numeri avviso, uno ogni pagamento</dt>
                <dd className="num">{formatCount(summary.payments)}</dd>
              </div>
            )}
            <div>
              <dt>totale</dt>
              <dd className="num generate-total">
                <Money cents={summary?.positions.cents ?? 0} euro />
              </dd>
            </div>
          </dl>
        ) : (
          <>
            <ErrorNote error={error} />
            {late !== null && (
              <button
                type="button"
                className="link small generate-remedy"
                onClick={() => onChange({ validUntil: late })}
              >
                Porta la fine della validità al <DateText date={late} />
              </button>
            )}
          </>
        )}
        <p className="generate-lock">
          <IconLock size={15} stroke={1.7} aria-hidden />
          <span>
            I numeri avviso nascono alla conferma e non si riusano più. Niente parte ora: la consegna viene dopo.
          </span>
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
          {error !== null
            ? 'Genera posizioni…'
            : count === 1
              ? 'Genera 1 posizione…'
              : `Genera ${formatCount(count)} posizioni…`}
        </Button>
      </div>
    </section>
  )
}

function groupWords(grouped: boolean, summary: GenerationSummary | undefined): string {
  if (!grouped) return 'Un solo avviso a chi ha più di una riga.'
  const n = summary?.grouped ?? 0
  if (n === 0) return 'Nessuna persona ha più di una riga.'
  return n === 1
    ? '1 persona ha più di una riga: un solo avviso.'
    : `${formatCount(n)} persone hanno più di una riga: un solo avviso ciascuna.`
}

function Warning({ children }: { readonly children: ReactNode }) {
  return (
    <div className="note note-warn small">
      <IconAlertTriangle size={16} stroke={1.7} aria-hidden />
      <div>{children}</div>
    </div>
  )
}
