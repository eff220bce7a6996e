import { Checkbox, SegmentedControl, Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { IsoDate } from '#domain/date'
import type { Cents } from '#domain/money'
import { CATEGORIES, FIELDS } from '#domain/vocabulary'
import { orpc } from '../../client.ts'
import { AmountField, DateField } from '../../components/fields.tsx'
import { Card } from '../../components/Page.tsx'
import { type ListState, manyOf } from '../../table/list-state.ts'

const EVERY = { value: '', label: 'Tutti' }

/** Zone 1: the filters, always open; each change refreshes the list. They live in the address. */
export function GenerationFilters({ list, exercise }: { readonly list: ListState; readonly exercise: number }) {
  const capitoli = useQuery(orpc.capitolo.list.queryOptions({ input: { exercise } }))
  const services = useQuery(orpc.serviceType.list.queryOptions())
  const f = list.filters
  const set = (key: string) => (value: string | null) => list.set({ [key]: value ?? undefined, sel: undefined })
  const date = (key: string) => (value: IsoDate | null) => list.set({ [key]: value ?? undefined })
  const amount = (key: string) => (value: Cents | null) =>
    list.set({ [key]: value === null ? undefined : String(value) })
  const changed = Object.keys(f).length > 0 || list.search !== ''
  return (
    <Card
      title="1 · Filtri"
      grow
      label="1 · Filtri"
      foot={
        <button type="button" className="link" disabled={!changed} onClick={list.clearFilters}>
          Togli i filtri
        </button>
      }
    >
      <div className="zone-fields">
        <div>
          <span className="field-label" id="provenienza">
            {FIELDS.origin}
          </span>
          <SegmentedControl
            fullWidth
            aria-labelledby="provenienza"
            value={f.provenienza ?? ''}
            onChange={set('provenienza')}
            data={[
              { value: '', label: 'Tutti' },
              { value: 'competenza', label: FIELDS.competenza },
              { value: 'residui', label: FIELDS.residui },
            ]}
          />
        </div>
        <Checkbox.Group
          label={FIELDS.category}
          value={manyOf(f.categoria)}
          onChange={(next) => list.set({ categoria: next.join(',') })}
        >
          <div className="zone-checks">
            {Object.entries(CATEGORIES).map(([value, label]) => (
              <Checkbox key={value} value={value} label={label} />
            ))}
          </div>
        </Checkbox.Group>
        <Select
          label="Capitolo d’entrata"
          value={f.capitolo ?? ''}
          onChange={set('capitolo')}
          data={[EVERY, ...(capitoli.data ?? []).map((c) => ({ value: String(c.id), label: `${c.code} ${c.name}` }))]}
        />
        <Select
          label={FIELDS.serviceType}
          value={f.tipo ?? ''}
          onChange={set('tipo')}
          data={[EVERY, ...(services.data ?? []).map((s) => ({ value: String(s.id), label: s.name }))]}
        />
        <div className="field-pair">
          <DateField label="Accertato dal" value={(f.dal ?? null) as IsoDate | null} onChange={date('dal')} />
          <DateField label="al" value={(f.al ?? null) as IsoDate | null} onChange={date('al')} />
        </div>
        <div className="field-pair">
          <AmountField
            label="Importo da €"
            cents={f.min === undefined ? null : (Number(f.min) as Cents)}
            onChange={amount('min')}
          />
          <AmountField
            label="a €"
            cents={f.max === undefined ? null : (Number(f.max) as Cents)}
            onChange={amount('max')}
          />
        </div>
      </div>
    </Card>
  )
}
