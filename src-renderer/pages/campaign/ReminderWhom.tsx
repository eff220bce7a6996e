import { NumberInput, Radio, SegmentedControl } from '@mantine/core'
import { useQueries } from '@tanstack/react-query'
import { isOverdueDays, MOST_OVERDUE_DAYS, type ReminderChoice, SOON_DAYS } from '#domain/reminder'
import { orpc } from '../../client.ts'
import { formatCount } from '../../components/cells.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { type Audience, filterOf, type Moment } from './campaign-form.ts'

const CHOICES: readonly { readonly whom: ReminderChoice['whom']; label(choice: ReminderChoice): string }[] = [
  {
    whom: 'overdue',
    label: ({ overdueDays }) => (overdueDays === 1 ? 'Scadute' : `Scadute da almeno ${overdueDays} giorni`),
  },
  { whom: 'soon', label: ({ soonDays }) => `In scadenza entro ${soonDays} giorni` },
  { whom: 'never', label: () => 'Mai consegnate' },
  { whom: 'all', label: () => 'Tutte quelle da pagare' },
]

/** Whom to remind: before the due date, after it, or who was never reached; each with how many it takes now. */
export function ReminderWhom({
  audience,
  moment,
  onChange,
}: {
  readonly audience: Audience
  readonly moment: Moment
  readonly onChange: (remind: ReminderChoice) => void
}) {
  const { remind } = audience
  const counts = useQueries({
    queries: CHOICES.map(({ whom }) =>
      orpc.debtPosition.list.queryOptions({
        input: {
          filters: filterOf({ ...audience, remind: { ...remind, whom } }, moment),
          search: '',
          sort: null,
          offset: 0,
          limit: 1,
        },
      }),
    ),
  })
  return (
    <Radio.Group
      label="Quali posizioni"
      value={remind.whom}
      onChange={(whom) => onChange({ ...remind, whom: whom as ReminderChoice['whom'] })}
    >
      <div className="zone-checks">
        {CHOICES.map(({ whom, label }, i) => (
          <div key={whom}>
            <div className="choice-count">
              <Radio value={whom} label={label(remind)} size="xs" />
              <span className="num muted">{formatCountOf(counts[i]?.data?.count)}</span>
            </div>
            {whom === 'soon' && remind.whom === 'soon' && (
              <SegmentedControl
                aria-label="Entro quanti giorni"
                className="choice-days"
                fullWidth
                value={String(remind.soonDays)}
                data={SOON_DAYS.map((days) => ({ value: String(days), label: `${days} giorni` }))}
                onChange={(value) => {
                  const soonDays = SOON_DAYS.find((days) => String(days) === value)
                  if (soonDays !== undefined) onChange({ ...remind, soonDays })
                }}
              />
            )}
            {whom === 'overdue' && remind.whom === 'overdue' && (
              <NumberInput
                aria-label="Da almeno quanti giorni"
                className="choice-days"
                min={1}
                max={MOST_OVERDUE_DAYS}
                allowDecimal={false}
                allowNegative={false}
                clampBehavior="strict"
                value={remind.overdueDays}
                prefix="da almeno "
                suffix={remind.overdueDays === 1 ? ' giorno' : ' giorni'}
                onChange={(overdueDays) => isOverdueDays(overdueDays) && onChange({ ...remind, overdueDays })}
              />
            )}
          </div>
        ))}
      </div>
      <ErrorNote error={counts.find((one) => one.error !== null)?.error} />
    </Radio.Group>
  )
}

function formatCountOf(count: number | undefined): string {
  return count === undefined ? '' : formatCount(count)
}
