import { Button, Checkbox, Select } from '@mantine/core'
import { IconPlus, IconX } from '@tabler/icons-react'
import { addDays, type IsoDate, isoDate } from '#domain/date'
import { type LateFeeRule, type LateFeeStep, lateFeeOf } from '#domain/late-fee'
import { type Cents, cents, formatCents, ZERO } from '#domain/money'
import { useAppState } from '../../app-state.ts'
import { AmountField } from '../../components/fields.tsx'
import { WholeNumber } from './WholeNumber.tsx'

const FRESH: LateFeeRule = {
  graceDays: 0,
  steps: [
    { afterDays: 30, fixedCents: ZERO, basisPoints: 1000 },
    { afterDays: 90, fixedCents: ZERO, basisPoints: 2000 },
  ],
  interest: null,
  minCents: null,
  maxCents: null,
}

const INTERESTS = [
  { value: '', label: 'Nessuno' },
  { value: 'legal', label: 'Legali, al tasso di ogni anno' },
  { value: 'yearly', label: 'A un tasso annuo proprio' },
]

/** What who is late owes of this type, and what it would be on a common amount. */
export function LateFeeRuleFields({
  rule,
  cents: amount,
  onChange,
}: {
  readonly rule: LateFeeRule | null
  /** On which it is tried. */
  readonly cents: Cents
  readonly onChange: (rule: LateFeeRule | null) => void
}) {
  const step = (at: number, patch: Partial<LateFeeStep>) =>
    rule && onChange({ ...rule, steps: rule.steps.map((s, n) => (n === at ? { ...s, ...patch } : s)) })
  return (
    <>
      <Checkbox
        className="span-6"
        label="Chi paga in ritardo deve una mora"
        checked={rule !== null}
        onChange={(e) => onChange(e.currentTarget.checked ? FRESH : null)}
      />
      {rule !== null && (
        <>
          <div className="span-6 fee-steps">
            <table className="plain">
              <thead>
                <tr>
                  <th scope="col">Oltre giorni</th>
                  <th scope="col">% di ciò che manca</th>
                  <th scope="col">più euro fissi</th>
                  <th scope="col">
                    <span className="visually-hidden">Togli</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {rule.steps.map((s, at) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: steps have no other name
                  <tr key={at}>
                    <td>
                      <WholeNumber
                        aria-label={`Oltre giorni, scaglione ${at + 1}`}
                        max={3650}
                        value={s.afterDays}
                        onChange={(days) => step(at, { afterDays: days ?? 0 })}
                      />
                    </td>
                    <td>
                      <AmountField
                        label={`Percento, scaglione ${at + 1}`}
                        cents={s.basisPoints as Cents}
                        onChange={(bp) => step(at, { basisPoints: bp ?? 0 })}
                      />
                    </td>
                    <td>
                      <AmountField
                        label={`Euro fissi, scaglione ${at + 1}`}
                        cents={s.fixedCents}
                        onChange={(fixed) => step(at, { fixedCents: fixed ?? ZERO })}
                      />
                    </td>
                    <td>
                      <button
                        type="button"
                        className="icon-button"
                        aria-label={`Togli lo scaglione ${at + 1}`}
                        onClick={() => onChange({ ...rule, steps: rule.steps.filter((_, n) => n !== at) })}
                      >
                        <IconX size={14} stroke={1.7} aria-hidden />
                      </button>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
            <Button
              leftSection={<IconPlus size={14} stroke={1.7} aria-hidden />}
              disabled={rule.steps.length >= 10}
              onClick={() => onChange({ ...rule, steps: [...rule.steps, nextStep(rule.steps)] })}
            >
              Aggiungi uno scaglione
            </Button>
          </div>
          <WholeNumber
            className="span-2"
            label="Giorni di tolleranza"
            max={730}
            value={rule.graceDays}
            onChange={(days) => onChange({ ...rule, graceDays: days ?? 0 })}
          />
          <Select
            className="span-2"
            label="Interessi al giorno"
            data={INTERESTS}
            value={rule.interest?.kind ?? ''}
            allowDeselect={false}
            onChange={(kind) => onChange({ ...rule, interest: interestOf(kind) })}
          />
          {rule.interest?.kind === 'yearly' ? (
            <div className="span-2">
              <AmountField
                label="Tasso annuo, %"
                cents={rule.interest.basisPoints as Cents}
                onChange={(bp) => onChange({ ...rule, interest: { kind: 'yearly', basisPoints: bp ?? 0 } })}
              />
            </div>
          ) : (
            <p className="span-2 ink2 small align-end">
              {rule.interest?.kind === 'legal' && 'I tassi di ogni anno si scrivono in Mora.'}
            </p>
          )}
          <div className="span-2">
            <AmountField
              label="Non meno di, euro"
              cents={rule.minCents}
              onChange={(minCents) => onChange({ ...rule, minCents })}
            />
          </div>
          <div className="span-2">
            <AmountField
              label="Non più di, euro"
              cents={rule.maxCents}
              onChange={(maxCents) => onChange({ ...rule, maxCents })}
            />
          </div>
          <Trial rule={rule} amount={amount} />
        </>
      )}
    </>
  )
}

function nextStep(steps: readonly LateFeeStep[]): LateFeeStep {
  const last = steps.at(-1)
  if (last === undefined) return { afterDays: 30, fixedCents: ZERO, basisPoints: 1000 }
  return { ...last, afterDays: last.afterDays + 60 }
}

function interestOf(kind: string | null): LateFeeRule['interest'] {
  if (kind === 'legal') return { kind }
  return kind === 'yearly' ? { kind, basisPoints: 500 } : null
}

/** «Su 215,00 €: dopo 31 giorni 21,50 €, dopo 91 giorni 43,00 €» */
function Trial({ rule, amount }: { readonly rule: LateFeeRule; readonly amount: Cents }) {
  const today: IsoDate = useAppState().data?.today ?? isoDate('2026-01-01')
  const days = [...new Set([rule.graceDays + 1, ...rule.steps.map((s) => s.afterDays + 1), 365])].sort((a, b) => a - b)
  const words = days.flatMap((n) => {
    const rates = new Map<number, number>()
    const outcome = lateFeeOf(
      { ...rule, interest: rule.interest?.kind === 'legal' ? null : rule.interest },
      amount,
      addDays(today, -n),
      today,
      rates,
    )
    return outcome.kind === 'fee'
      ? [`dopo ${n === 1 ? '1 giorno' : `${n} giorni`} ${formatCents(outcome.fee.cents)} €`]
      : []
  })
  return (
    <p className="span-6 ink2 small" aria-live="polite">
      Su {formatCents(amount)} €: {words.length === 0 ? 'niente' : words.join(', ')}
      {rule.interest?.kind === 'legal' ? ', più gli interessi legali' : ''}. Ogni importo si arrotonda al centesimo, una
      volta sola.
    </p>
  )
}

/** What keeps a rule from being saved, null where nothing does. */
export function lateFeeRuleError(rule: LateFeeRule | null): string | null {
  if (rule === null) return null
  for (const [at, step] of rule.steps.entries()) {
    const before = rule.steps[at - 1]
    if (before !== undefined && step.afterDays <= before.afterDays) {
      return `Lo scaglione ${at + 1} viene dopo il precedente: servono più di ${before.afterDays} giorni.`
    }
    if (step.basisPoints < 0 || step.fixedCents < 0) return `Lo scaglione ${at + 1} ha un numero negativo.`
    if (step.basisPoints === 0 && step.fixedCents === 0) return `Lo scaglione ${at + 1} non chiede niente.`
  }
  if (rule.steps.length === 0 && rule.interest === null)
    return 'La mora non chiede niente: aggiungi uno scaglione o gli interessi.'
  if ((rule.minCents ?? 0) < 0 || (rule.maxCents ?? 0) < 0) return 'Il minimo e il massimo non sono negativi.'
  if (rule.interest?.kind === 'yearly' && rule.interest.basisPoints < 0) return 'Il tasso non è negativo.'
  if (rule.minCents !== null && rule.maxCents !== null && rule.minCents > rule.maxCents)
    return 'Il minimo è più del massimo.'
  return null
}

/** A common amount, where the type proposes none. */
export const COMMON_CENTS = cents(21_500)
