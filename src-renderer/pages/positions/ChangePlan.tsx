import { useState } from 'react'
import type { IsoDate } from '#domain/date'
import { client } from '../../client.ts'
import { Money } from '../../components/cells.tsx'
import { DateField } from '../../components/fields.tsx'
import { readTerms } from '../new-position/draft.ts'
import type { ActProps, PositionCard } from './act-frame.ts'
import { PlanFields } from './PlanFields.tsx'
import { PositionActDialog } from './PositionActDialog.tsx'
import { newPlan, type PlanDraft, planLines } from './plan-draft.ts'

type Change = Parameters<typeof client.positionAct.changePreview>[0]

/** How what is not paid yet is paid from now on: at once, in instalments, or as the payer likes. */
export function ChangePlan({
  card,
  today,
  ...props
}: ActProps & { readonly card: PositionCard; readonly today: IsoDate }) {
  const single = card.payments.find((p) => p.ordinal === 0)
  const [plan, setPlan] = useState<PlanDraft>(() => startOf(card, today))
  const [dueDate, setDueDate] = useState<IsoDate | null>(single?.dueDate ?? null)
  const [written, setWritten] = useState<IsoDate | null>(null)
  const last = plan.mode === 'single' ? dueDate : (planLines(plan, card.remainingCents).at(-1)?.dueDate ?? null)
  // A validity that ends before the last instalment goes along with it.
  const validUntil = written ?? (last !== null && last > card.validUntil ? last : card.validUntil)
  const read = readTerms(plan, card.remainingCents, dueDate)
  const missing = 'missing' in read ? read.missing : null
  return (
    <PositionActDialog<Change>
      {...props}
      input={
        'terms' in read
          ? {
              selection: props.selection,
              change: { terms: termsOf(read.terms), ...(validUntil === card.validUntil ? {} : { validUntil }) },
            }
          : null
      }
      preview={(input, signal) => client.positionAct.changePreview(input, { signal })}
      missing={missing}
      title={() => 'Rateizza'}
      subtitle="Cambia come si paga ciò che resta. I pagamenti nuovi prendono un numero avviso; quelli che restano tengono il loro."
      act={() => (plan.mode === 'single' ? 'Metti in unica soluzione' : 'Metti a rate')}
      words={{ title: 'Cambio i pagamenti', done: ['posizione con altri pagamenti', 'posizioni con altri pagamenti'] }}
      reasons={['Chiesto dall’iscritto', 'Delibera del Consiglio']}
      run={(input, said, signal) => client.positionAct.change({ ...input, ...said }, { signal })}
    >
      <div className="plan-beside">
        <PlanFields draft={plan} total={card.remainingCents} validUntil={validUntil} onChange={setPlan} />
        <div className="zone-fields">
          <p className="act-line">
            Restano da pagare <Money cents={card.remainingCents} euro strong />.
          </p>
          <DateField label="Valida fino al" value={validUntil} onChange={setWritten} />
          {plan.mode !== 'plan' && (
            <DateField
              label={plan.mode === 'both' ? 'Scadenza in unica soluzione' : 'Scadenza'}
              placeholder="senza"
              value={dueDate}
              onChange={setDueDate}
            />
          )}
        </div>
      </div>
    </PositionActDialog>
  )
}

/** The instalments that are left, to be changed; where there are none, those of the rule. */
function startOf(card: PositionCard, today: IsoDate): PlanDraft {
  const left = card.payments.filter((p) => p.ordinal > 0 && p.state === 'unpaid')
  const plan = newPlan(today)
  if (left.length < 2) return { ...plan, mode: 'plan' }
  const [first] = left
  return {
    mode: card.payments.some((p) => p.ordinal === 0) ? 'both' : 'plan',
    rule: { ...plan.rule, count: left.length, firstDue: first?.dueDate ?? plan.rule.firstDue },
    edited: left.map(({ dueDate, cents }) => ({ dueDate, cents })),
  }
}

function termsOf({ single, installments }: Extract<ReturnType<typeof readTerms>, { terms: unknown }>['terms']) {
  return installments === null
    ? { kind: 'once' as const, dueDate: single?.dueDate ?? null }
    : { kind: 'written' as const, single, installments }
}
