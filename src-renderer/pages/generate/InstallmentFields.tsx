import { NumberInput, SegmentedControl } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useId } from 'react'
import type { IsoDate } from '#domain/date'
import { installmentAmounts, installmentDueDates } from '#domain/installment-split'
import type { Cents } from '#domain/money'
import { DateText, formatCount, Money } from '../../components/cells.tsx'
import { DateField } from '../../components/fields.tsx'
import { type InstallmentRule, type PaymentMode, paymentMode, withMode } from './payment-mode.ts'

const MODES: readonly { readonly value: PaymentMode; readonly label: string }[] = [
  { value: 'single', label: 'Unica soluzione' },
  { value: 'both', label: 'Anche a rate' },
  { value: 'plan', label: 'Solo a rate' },
]

const WORDS: Readonly<Record<PaymentMode, string>> = {
  single: 'Un solo pagamento, per intero.',
  both: 'Tutto insieme o a rate: sceglie chi paga.',
  plan: 'Nell’avviso non c’è il pagamento per intero.',
}

/** How many lines of the example are shown before the middle ones are folded. */
const SHOWN = 4

/** How a position may be paid, and what the instalments of a typical debt would be. */
export function InstallmentFields({
  rule,
  proposed,
  validUntil,
  typicalCents,
  onChange,
}: {
  readonly rule: InstallmentRule | null
  /** What is offered when instalments are chosen: the last choices. */
  readonly proposed: InstallmentRule
  readonly validUntil: IsoDate
  /** The middle amount of the list; null while it is not known. */
  readonly typicalCents: Cents | null
  readonly onChange: (rule: InstallmentRule | null) => void
}) {
  const mode = paymentMode(rule)
  const label = useId()
  return (
    <>
      <div>
        <div id={label} className="field-label">
          Pagamento
        </div>
        <SegmentedControl
          fullWidth
          size="xs"
          aria-labelledby={label}
          data={[...MODES]}
          value={mode}
          onChange={(value) => onChange(withMode(value as PaymentMode, rule ?? proposed))}
        />
        <p className="field-note">{WORDS[mode]}</p>
      </div>
      {rule !== null && (
        <>
          <div className="installment-fields">
            <NumberInput
              label="Rate"
              value={rule.count}
              min={2}
              max={24}
              clampBehavior="strict"
              allowDecimal={false}
              onChange={(value) => {
                if (typeof value === 'number' && value >= 2) onChange({ ...rule, count: value })
              }}
            />
            <DateField
              label="Prima scadenza"
              value={rule.firstDue}
              onChange={(firstDue) => firstDue && onChange({ ...rule, firstDue })}
            />
            <NumberInput
              label="Una ogni"
              value={rule.everyMonths}
              min={1}
              max={12}
              clampBehavior="strict"
              allowDecimal={false}
              suffix={rule.everyMonths === 1 ? ' mese' : ' mesi'}
              onChange={(value) => {
                if (typeof value === 'number' && value >= 1) onChange({ ...rule, everyMonths: value })
              }}
            />
          </div>
          <Example rule={rule} validUntil={validUntil} cents={typicalCents} />
        </>
      )}
    </>
  )
}

/** Dates and amounts of a typical debt; the middle ones of many are folded. */
function Example({
  rule,
  validUntil,
  cents,
}: {
  readonly rule: InstallmentRule
  readonly validUntil: IsoDate
  readonly cents: Cents | null
}) {
  const dates = installmentDueDates(rule)
  const amounts = cents === null ? null : installmentAmounts(cents, rule.count)
  const lines = dates.map((date, i) => ({ ordinal: i + 1, date, cents: amounts?.[i] ?? null }))
  const folded = lines.length > SHOWN + 1
  const shown = folded ? [...lines.slice(0, SHOWN - 1), ...lines.slice(-1)] : lines
  return (
    <section className="installment-example" aria-label="Le rate per esempio" aria-live="polite">
      <p className="ink2 small">
        {cents === null ? (
          'Le scadenze:'
        ) : (
          <>
            Chi deve <Money cents={cents} euro /> pagherebbe:
          </>
        )}
      </p>
      <ol>
        {shown.map((line) => (
          <li key={line.ordinal} className={folded && line.ordinal === lines.length ? 'after-fold' : undefined}>
            <span>Rata {formatCount(line.ordinal)}</span>
            <span>
              <DateText date={line.date} />
              {line.date > validUntil && (
                <span className="t-bad" title="Dopo la fine della validità">
                  {' '}
                  <IconAlertTriangle size={13} stroke={1.7} aria-hidden />
                  <span className="visually-hidden"> dopo la fine della validità</span>
                </span>
              )}
            </span>
            <span className="num">{line.cents === null ? '' : <Money cents={line.cents} />}</span>
          </li>
        ))}
      </ol>
    </section>
  )
}
