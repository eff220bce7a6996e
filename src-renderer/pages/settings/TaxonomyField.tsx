import { ActionIcon, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import type { InferContractRouterOutputs } from '@orpc/contract'
import { IconSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Contract } from '#contract/contract'
import { COLLECTION_REASONS, isTaxonomyCode } from '#domain/taxonomy'
import { orpc } from '../../client.ts'
import { counted } from '../../components/cells.tsx'
import { Sheet } from '../../components/Sheet.tsx'
import { StIcon } from '../../components/St.tsx'
import { TaxonomyCodes } from './TaxonomyCodes.tsx'

type Wrong = InferContractRouterOutputs<Contract>['taxonomy']['wrong'][number]

/** The code of a tipo di dovuto: typed or looked for; says what it is and whether it is in force. */
export function TaxonomyField({
  value,
  onChange,
}: {
  readonly value: string
  readonly onChange: (code: string) => void
}) {
  const [looking, setLooking] = useState(false)
  const [asked] = useDebouncedValue(value, 150)
  const wellFormed = isTaxonomyCode(asked)
  const judged = useQuery(
    orpc.taxonomy.check.queryOptions({ input: { codes: [asked] }, enabled: wellFormed && asked === value }),
  ).data?.[0]
  const own = judged?.code === value ? judged : undefined
  return (
    <>
      <TextInput
        className="span-2"
        label="Codice di tassonomia"
        placeholder="9/0401107TS/"
        error={value === '' || isTaxonomyCode(value) ? null : 'Usa la forma 9/0401107TS/.'}
        value={value}
        classNames={{ input: 'mono' }}
        onChange={(e) => onChange(e.currentTarget.value.trim())}
        rightSection={
          <ActionIcon
            variant="subtle"
            size={24}
            aria-label="Cerca il codice di tassonomia"
            title="Cerca il codice di tassonomia"
            onClick={() => setLooking(true)}
          >
            <IconSearch size={15} stroke={1.7} aria-hidden />
          </ActionIcon>
        }
      />
      <p className="span-6 small ink2 taxonomy-about" aria-live="polite">
        {own?.warning ? (
          <span className="t-warn block">{own.warning}</span>
        ) : own ? (
          <span className="block">
            {own.serviceName}
            {own.reason === null ? '' : `, ${COLLECTION_REASONS[own.reason].toLowerCase()}`}.
          </span>
        ) : null}
        9/ = inoltra come richiesta di pagamento; con 6/, 7/ o 8/ il nodo non la inoltra. Un codice nuovo vale da qui in
        poi: le posizioni già emesse tengono il loro.
      </p>
      <Sheet opened={looking} onClose={() => setLooking(false)} title="Codice di tassonomia" size={880}>
        <div className="taxonomy-picker">
          <TaxonomyCodes
            onPick={(code) => {
              onChange(code)
              setLooking(false)
            }}
          />
        </div>
      </Sheet>
    </>
  )
}

/** Beside a code that is not in force: what is wrong, and how many open positions have it. */
export function TaxonomyMark({ wrong }: { readonly wrong: Wrong | undefined }) {
  if (wrong === undefined) return null
  const open =
    wrong.openPositions === 0
      ? ''
      : ` Lo ${wrong.openPositions === 1 ? 'usa' : 'usano'} ${counted(wrong.openPositions, 'posizione aperta', 'posizioni aperte')}.`
  return <StIcon tone="warn" word={`${wrong.warning}${open}`} />
}
