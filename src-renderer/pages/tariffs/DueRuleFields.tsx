import { Checkbox, Select } from '@mantine/core'
import { isoDate } from '#domain/date'
import { type DueRule, dueDateOf } from '#domain/due-rule'
import { useAppState } from '../../app-state.ts'
import { DateText } from '../../components/cells.tsx'
import { WholeNumber } from './WholeNumber.tsx'

const KINDS = [
  { value: '', label: 'Nessuna: si sceglie ogni volta' },
  { value: 'fixedDay', label: 'Un giorno fisso dell’anno' },
  { value: 'daysAfter', label: 'Tanti giorni dopo l’emissione' },
  { value: 'endOfMonth', label: 'A fine mese' },
]

const MONTHS = [
  ...['gennaio', 'febbraio', 'marzo', 'aprile', 'maggio', 'giugno', 'luglio'],
  ...['agosto', 'settembre', 'ottobre', 'novembre', 'dicembre'],
].map((label, n) => ({ value: String(n + 1), label }))

const FRESH: Readonly<Record<DueRule['kind'], DueRule>> = {
  fixedDay: { kind: 'fixedDay', month: 3, day: 31, workingDay: false },
  daysAfter: { kind: 'daysAfter', days: 30, workingDay: false },
  endOfMonth: { kind: 'endOfMonth', months: 1, workingDay: false },
}

/** When a due of this type falls due, and the day that it would be if it were raised today. */
export function DueRuleFields({
  rule,
  year,
  onChange,
}: {
  readonly rule: DueRule | null
  readonly year: number
  readonly onChange: (rule: DueRule | null) => void
}) {
  const today = useAppState().data?.today ?? isoDate(`${year}-01-01`)
  return (
    <>
      <Select
        className="span-3"
        label="Regola"
        data={KINDS}
        value={rule?.kind ?? ''}
        allowDeselect={false}
        onChange={(kind) => onChange(kind === '' || kind === null ? null : FRESH[kind as DueRule['kind']])}
      />
      {rule?.kind === 'fixedDay' && (
        <>
          <WholeNumber
            className="span-1"
            label="Giorno"
            min={1}
            max={31}
            value={rule.day}
            onChange={(day) => onChange({ ...rule, day: day ?? 1 })}
          />
          <Select
            className="span-2"
            label="Mese"
            data={MONTHS}
            value={String(rule.month)}
            allowDeselect={false}
            onChange={(month) => month && onChange({ ...rule, month: Number(month) })}
          />
        </>
      )}
      {rule?.kind === 'daysAfter' && (
        <WholeNumber
          className="span-3"
          label="Giorni dopo l’emissione"
          max={730}
          value={rule.days}
          onChange={(days) => onChange({ ...rule, days: days ?? 0 })}
        />
      )}
      {rule?.kind === 'endOfMonth' && (
        <WholeNumber
          className="span-3"
          label="Mesi dopo quello dell’emissione (0 = lo stesso)"
          max={24}
          value={rule.months}
          onChange={(months) => onChange({ ...rule, months: months ?? 0 })}
        />
      )}
      {rule !== null && (
        <>
          <Checkbox
            className="span-3"
            label="Se cade di sabato o festivo, il primo giorno lavorativo dopo"
            checked={rule.workingDay}
            onChange={(e) => onChange({ ...rule, workingDay: e.currentTarget.checked })}
          />
          <p className="span-3 ink2 small">
            Emessa oggi per il {year} scadrebbe il <DateText date={dueDateOf(rule, today, year)} />.
          </p>
        </>
      )}
    </>
  )
}
