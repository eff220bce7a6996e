import { ActionIcon, Button, NumberInput, Select, TextInput } from '@mantine/core'
import { IconPlus, IconX } from '@tabler/icons-react'
import { FIELDS } from '#domain/vocabulary'
import { AmountField } from '../../components/fields.tsx'
import { type DueLine, newDue, type ServiceChoice, taxonomyError } from './draft.ts'

/** Rows that are raised with the position, each on the capitolo of its type; summed. */
export function DueRows({
  dues,
  services,
  year,
  onChange,
}: {
  readonly dues: readonly DueLine[]
  readonly services: readonly ServiceChoice[]
  readonly year: number
  readonly onChange: (dues: readonly DueLine[]) => void
}) {
  const write = (key: number, patch: Partial<DueLine>) =>
    onChange(dues.map((due) => (due.key === key ? { ...due, ...patch } : due)))
  const choose = (due: DueLine, id: string | null) => {
    const service = services.find((s) => String(s.id) === id)
    if (service === undefined) return
    write(due.key, {
      serviceTypeId: service.id,
      causale: service.defaultCausale.replaceAll('{anno}', String(due.competenceYear)),
      cents: due.cents ?? service.defaultCents,
      taxonomyCode: service.taxonomyCode,
    })
  }
  return (
    <>
      <ul className="due-rows">
        {dues.map((due, i) => {
          const service = services.find((s) => s.id === due.serviceTypeId)
          const of = ` della riga ${i + 1}`
          return (
            <li key={due.key} className="due-row">
              <Select
                label={FIELDS.serviceType}
                aria-label={`${FIELDS.serviceType}${of}`}
                className="due-service"
                placeholder="Scegli"
                data={services.map((s) => ({ value: String(s.id), label: s.name }))}
                value={due.serviceTypeId === null ? null : String(due.serviceTypeId)}
                onChange={(id) => choose(due, id)}
                searchable
                selectFirstOptionOnChange
                comboboxProps={{ withinPortal: true }}
              />
              <TextInput
                label={FIELDS.causale}
                aria-label={`${FIELDS.causale}${of}`}
                className="due-causale"
                maxLength={140}
                value={due.causale}
                onChange={(e) => write(due.key, { causale: e.currentTarget.value })}
              />
              <NumberInput
                label={FIELDS.competenceYear}
                aria-label={`${FIELDS.competenceYear}${of}`}
                className="due-year"
                hideControls
                thousandSeparator=""
                allowDecimal={false}
                min={1990}
                max={year + 1}
                value={due.competenceYear}
                onChange={(value) => typeof value === 'number' && write(due.key, { competenceYear: value })}
              />
              <div className="due-amount">
                <AmountField
                  label={`${FIELDS.amount} €`}
                  cents={due.cents}
                  onChange={(cents) => write(due.key, { cents })}
                />
              </div>
              <ActionIcon
                variant="subtle"
                className="due-remove"
                aria-label={`Togli la riga ${i + 1}`}
                title={`Togli la riga ${i + 1}`}
                disabled={dues.length === 1 && due.serviceTypeId === null}
                onClick={() => onChange(dues.length === 1 ? [newDue(year)] : dues.filter((d) => d.key !== due.key))}
              >
                <IconX size={16} stroke={1.7} aria-hidden />
              </ActionIcon>
              {service && (
                <div className="due-more">
                  <span className="muted small">{service.capitolo}</span>
                  <TextInput
                    label="Tassonomia"
                    aria-label={`Tassonomia${of}`}
                    classNames={{ input: 'mono' }}
                    error={taxonomyError(due.taxonomyCode)}
                    value={due.taxonomyCode}
                    maxLength={140}
                    onChange={(e) => write(due.key, { taxonomyCode: e.currentTarget.value.trim() })}
                  />
                </div>
              )}
            </li>
          )
        })}
      </ul>
      <Button
        variant="subtle"
        leftSection={<IconPlus size={16} stroke={1.7} aria-hidden />}
        onClick={() => onChange([...dues, newDue(year)])}
      >
        Aggiungi una riga
      </Button>
    </>
  )
}
