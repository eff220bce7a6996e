import { Button, NumberInput, SegmentedControl } from '@mantine/core'
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react'
import { useId } from 'react'
import type { IsoDate } from '#domain/date'
import type { Cents } from '#domain/money'
import { Money } from '../../components/cells.tsx'
import { AmountField, DateField } from '../../components/fields.tsx'
import type { PaymentMode } from '../generate/payment-mode.ts'
import { MOST_INSTALLMENTS, type PlanDraft, type PlanLine, planGap, planLines, planSum } from './plan-draft.ts'

const MODES: readonly { readonly value: PaymentMode; readonly label: string }[] = [
  { value: 'single', label: 'Unica soluzione' },
  { value: 'both', label: 'Anche a rate' },
  { value: 'plan', label: 'Solo a rate' },
]

/** At once, in instalments, or as the payer likes; the instalments by rule, each of them open to the hand. */
export function PlanFields({
  draft,
  total,
  validUntil,
  onChange,
}: {
  readonly draft: PlanDraft
  readonly total: Cents
  readonly validUntil: IsoDate | null
  readonly onChange: (draft: PlanDraft) => void
}) {
  const label = useId()
  const lines = planLines(draft, total)
  const byRule = (rule: Partial<PlanDraft['rule']>) =>
    onChange({ ...draft, rule: { ...draft.rule, ...rule }, edited: null })
  const write = (at: number, patch: Partial<PlanLine>) => {
    const before = lines[at]
    // A field that is left says its value again: only what changes takes the instalments off the rule.
    if (before && Object.entries(patch).every(([key, value]) => before[key as keyof PlanLine] === value)) return
    onChange({ ...draft, edited: lines.map((line, i) => (i === at ? { ...line, ...patch } : line)) })
  }
  return (
    <div className="plan-fields">
      <div>
        <div id={label} className="field-label">
          Pagamento
        </div>
        <SegmentedControl
          size="xs"
          aria-labelledby={label}
          data={[...MODES]}
          value={draft.mode}
          onChange={(mode) => onChange({ ...draft, mode: mode as PaymentMode })}
        />
      </div>
      {draft.mode !== 'single' && (
        <>
          <div className="installment-fields plan-rule">
            <NumberInput
              label="Rate"
              value={draft.rule.count}
              min={2}
              max={MOST_INSTALLMENTS}
              clampBehavior="strict"
              allowDecimal={false}
              onChange={(value) => {
                if (typeof value === 'number' && value >= 2 && value !== draft.rule.count) byRule({ count: value })
              }}
            />
            <DateField
              label="Prima scadenza"
              value={draft.rule.firstDue}
              onChange={(firstDue) => firstDue && firstDue !== draft.rule.firstDue && byRule({ firstDue })}
            />
            <NumberInput
              label="Una ogni"
              value={draft.rule.everyMonths}
              min={1}
              max={12}
              clampBehavior="strict"
              allowDecimal={false}
              suffix={draft.rule.everyMonths === 1 ? ' mese' : ' mesi'}
              onChange={(value) => {
                if (typeof value === 'number' && value >= 1 && value !== draft.rule.everyMonths)
                  byRule({ everyMonths: value })
              }}
            />
          </div>
          <table className="plain plan-table">
            <thead>
              <tr>
                <th scope="col">Rata</th>
                <th scope="col">Scadenza</th>
                <th scope="col" className="right">
                  Importo €
                </th>
              </tr>
            </thead>
            <tbody>
              {lines.map((line, i) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: an instalment is its place
                <tr key={i}>
                  <td>{i + 1}</td>
                  <td>
                    <DateField
                      label={`Scadenza della rata ${i + 1}`}
                      value={line.dueDate}
                      onChange={(dueDate) => write(i, { dueDate })}
                    />
                    {line.dueDate !== null && validUntil !== null && line.dueDate > validUntil && (
                      <span className="t-bad small">dopo la fine della validità</span>
                    )}
                  </td>
                  <td>
                    <AmountField
                      label={`Importo della rata ${i + 1}`}
                      cents={line.cents}
                      onChange={(cents) => write(i, { cents })}
                    />
                  </td>
                </tr>
              ))}
            </tbody>
            <tfoot>
              <tr>
                <td colSpan={2}>
                  <PlanSum lines={lines} total={total} />
                  {draft.edited !== null && (
                    <Button
                      className="plan-again"
                      variant="subtle"
                      size="compact-xs"
                      onClick={() => onChange({ ...draft, edited: null })}
                    >
                      Rifai uguali
                    </Button>
                  )}
                </td>
                <td className="num">
                  <Money cents={planSum(lines)} />
                </td>
              </tr>
            </tfoot>
          </table>
        </>
      )}
    </div>
  )
}

/** Whether the instalments make the total, written while they are typed. */
function PlanSum({ lines, total }: { readonly lines: readonly PlanLine[]; readonly total: Cents }) {
  const gap = planGap(lines, total)
  return (
    <span className={gap === null ? 't-ok plan-sum' : 't-bad plan-sum'} aria-live="polite">
      {gap === null ? (
        <IconCheck size={14} stroke={2} aria-hidden />
      ) : (
        <IconAlertTriangle size={14} stroke={1.7} aria-hidden />
      )}
      {gap ?? 'fanno il totale'}
    </span>
  )
}
