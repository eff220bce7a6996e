import { Checkbox, NumberInput, Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { orpc } from '../../../client.ts'
import { PaperPreview } from '../../../components/PaperPreview.tsx'
import type { StyleValues } from './style.ts'

const AFTER_MS = 300
const MOST = 12

const WAYS = [
  { value: 'single', label: 'Rata unica' },
  { value: 'both', label: 'Intero o a rate' },
  { value: 'installments', label: 'Solo a rate' },
] as const
type Way = (typeof WAYS)[number]['value']

/** The invented notice at the right: drawn again at every change, in the layout one wants to see. */
export function StylePreview({ values, saved }: { readonly values: StyleValues; readonly saved: StyleValues }) {
  const [way, setWay] = useState<Way>('single')
  const [count, setCount] = useState(3)
  const [dated, setDated] = useState(true)
  const [longest, setLongest] = useState(false)
  const layout = { single: way !== 'installments', installments: way === 'single' ? 0 : count, dated, longest }
  // The file's name does not show on the paper, and a wrong one must not stop it.
  const [style] = useDebouncedValue({ ...values, fileNamePattern: saved.fileNamePattern }, AFTER_MS)
  const query = useQuery(
    orpc.noticeStyle.preview.queryOptions({ input: { style, layout }, placeholderData: keepPreviousData }),
  )
  return (
    <PaperPreview
      title="Anteprima"
      label="Avviso di esempio"
      file={query.data}
      error={query.error}
      controls={
        <div className="sample-choice">
          <Select
            aria-label="Come si paga"
            className="sample-way"
            value={way}
            data={[...WAYS]}
            onChange={(value) => setWay(WAYS.find((w) => w.value === value)?.value ?? 'single')}
          />
          {way !== 'single' && (
            <NumberInput
              aria-label="Quante rate"
              className="sample-count"
              suffix=" rate"
              min={2}
              max={MOST}
              value={count}
              onChange={(n) => typeof n === 'number' && n >= 2 && n <= MOST && setCount(n)}
            />
          )}
          <Checkbox label="Con scadenza" checked={dated} onChange={(e) => setDated(e.currentTarget.checked)} />
          <Checkbox label="Testi lunghi" checked={longest} onChange={(e) => setLongest(e.currentTarget.checked)} />
        </div>
      }
    />
  )
}
