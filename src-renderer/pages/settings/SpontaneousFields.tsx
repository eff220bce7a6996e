import { Checkbox, Select, TextInput } from '@mantine/core'
import type { InferContractRouterInputs } from '@orpc/contract'
import type { Contract } from '#contract/contract'

type Values = Pick<
  InferContractRouterInputs<Contract>['serviceType']['save'],
  'spontaneous' | 'spontaneousCapitoloId' | 'spontaneousCausale' | 'spontaneousYear'
>

const YEARS = [
  { value: '0', label: 'l’anno del pagamento' },
  { value: '-1', label: 'l’anno prima' },
  { value: '1', label: 'l’anno dopo' },
]

/** Whether what nobody asked for is raised with this type, and with what. */
export function SpontaneousFields({
  values,
  capitoli,
  onChange,
}: {
  readonly values: Values
  readonly capitoli: readonly { readonly value: string; readonly label: string }[]
  readonly onChange: (change: Partial<Values>) => void
}) {
  const on = values.spontaneous === true
  return (
    <>
      <h3 className="span-6 rule-head">Pagamenti spontanei</h3>
      <Checkbox
        className="span-6"
        label="Nasce anche da pagamenti spontanei"
        description="Chi paga su un altro portale senza un avviso di qui, con questo codice di tassonomia: persona, accertamento e posizione nascono da sé e aspettano uno sguardo"
        checked={on}
        onChange={(e) => onChange({ spontaneous: e.currentTarget.checked })}
      />
      {on && (
        <>
          <Select
            className="span-3"
            label="Capitolo"
            value={values.spontaneousCapitoloId == null ? '' : String(values.spontaneousCapitoloId)}
            data={[{ value: '', label: 'quello del tipo' }, ...capitoli]}
            allowDeselect={false}
            onChange={(id) =>
              onChange({ spontaneousCapitoloId: id === '' || id === null ? null : (Number(id) as never) })
            }
          />
          <Select
            className="span-3"
            label="Anno di competenza"
            value={String(values.spontaneousYear ?? 0)}
            data={YEARS}
            allowDeselect={false}
            onChange={(year) => year !== null && onChange({ spontaneousYear: Number(year) })}
          />
          <TextInput
            className="span-6"
            label="Causale"
            placeholder="quella del pagamento"
            maxLength={140}
            value={values.spontaneousCausale ?? ''}
            onChange={(e) =>
              onChange({ spontaneousCausale: e.currentTarget.value === '' ? null : e.currentTarget.value })
            }
          />
        </>
      )}
    </>
  )
}
