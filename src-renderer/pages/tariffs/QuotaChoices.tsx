import { Checkbox, SegmentedControl, Select, TextInput } from '@mantine/core'
import type { IsoDate } from '#domain/date'
import { type DueRule, dueRuleInWords } from '#domain/due-rule'
import type { Cents } from '#domain/money'
import { FIELDS, SERVICE_KINDS } from '#domain/vocabulary'
import { FieldChips } from '../../components/FieldChips.tsx'
import { useFieldInsert } from '../../components/field-insert.ts'
import { AmountField, DateField } from '../../components/fields.tsx'
import { Card } from '../../components/Page.tsx'
import { ChosenPeople, type ChosenPerson } from './ChosenPeople.tsx'
import { CAUSALE_FIELDS } from './quota.ts'

export interface QuotaService {
  readonly id: number
  readonly name: string
  readonly kind: keyof typeof SERVICE_KINDS
  readonly dueRule: DueRule | null
  readonly defaultCausale: string
}

export interface QuotaChoice {
  readonly date: IsoDate
  /** Null is everybody in an albo. */
  readonly people: readonly ChosenPerson[] | null
  readonly cents: Cents | null
  readonly again: boolean
  readonly causale: string | null
  readonly dueDate: IsoDate | null
}

/** Zone 1: what is generated, of whom, as on which day. */
export function QuotaChoices({
  services,
  service,
  year,
  years,
  choice,
  onService,
  onYear,
  onChange,
}: {
  readonly services: readonly QuotaService[]
  readonly service: QuotaService | undefined
  readonly year: number
  readonly years: readonly number[]
  readonly choice: QuotaChoice
  readonly onService: (id: string) => void
  readonly onYear: (year: string) => void
  readonly onChange: (patch: Partial<QuotaChoice>) => void
}) {
  const causale = choice.causale ?? service?.defaultCausale ?? ''
  const { ref, insert } = useFieldInsert<HTMLInputElement>(causale, (text) => onChange({ causale: text }))
  return (
    <Card title="1 · Che cosa, a chi" grow label="1 · Che cosa, a chi">
      <div className="zone-fields">
        <Select
          label={FIELDS.serviceType}
          data={services.map((s) => ({
            value: String(s.id),
            label: `${s.name} · ${SERVICE_KINDS[s.kind].toLowerCase()}`,
          }))}
          value={service === undefined ? null : String(service.id)}
          allowDeselect={false}
          onChange={(id) => id && onService(id)}
        />
        <Select
          label="Anno di competenza"
          data={years.map(String)}
          value={String(year)}
          allowDeselect={false}
          onChange={(next) => next && onYear(next)}
        />
        <div>
          <span className="field-label" id="quote-a-chi">
            A chi
          </span>
          <SegmentedControl
            fullWidth
            aria-labelledby="quote-a-chi"
            value={choice.people === null ? 'albo' : 'scelte'}
            onChange={(next) => onChange({ people: next === 'albo' ? null : [] })}
            data={[
              { value: 'albo', label: 'Tutto l’albo' },
              { value: 'scelte', label: 'Persone scelte' },
            ]}
          />
        </div>
        {choice.people !== null && (
          <>
            <ChosenPeople people={choice.people} onChange={(people) => onChange({ people })} />
            <AmountField
              label="Importo a mano, euro"
              placeholder="vuoto: la tariffa"
              cents={choice.cents}
              onChange={(cents) => onChange({ cents })}
            />
            <Checkbox
              label="Anche a chi ne ha già uno nell’anno"
              checked={choice.again}
              onChange={(e) => onChange({ again: e.currentTarget.checked })}
            />
          </>
        )}
        <DateField
          label="Com’è l’albo il giorno"
          value={choice.date}
          onChange={(date) => date !== null && onChange({ date })}
        />
        <div>
          <DateField
            label={FIELDS.dueDate}
            placeholder={service?.dueRule ? 'vuota: la regola' : 'gg/mm/aaaa'}
            value={choice.dueDate}
            onChange={(dueDate) => onChange({ dueDate })}
          />
          {service?.dueRule && <p className="ink2 small">Se è vuota: {dueRuleInWords(service.dueRule)}.</p>}
        </div>
        <div>
          <TextInput
            ref={ref}
            label={FIELDS.causale}
            value={causale}
            maxLength={300}
            onChange={(e) => onChange({ causale: e.currentTarget.value })}
          />
          <FieldChips fields={Object.keys(CAUSALE_FIELDS)} titles={CAUSALE_FIELDS} onInsert={insert} />
        </div>
      </div>
    </Card>
  )
}
