import { Button, Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Id } from '#domain/brand'
import { percentText } from '#domain/late-fee'
import { type Cents, formatCents, ZERO } from '#domain/money'
import type { TariffRow } from '#domain/tariff'
import { RISE_STEPS, raiseTariff } from '#domain/tariff-table'
import { orpc } from '../../client.ts'
import { counted } from '../../components/cells.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { AmountField } from '../../components/fields.tsx'
import { Sheet } from '../../components/Sheet.tsx'

const STEP_WORDS = ['al centesimo', 'ai 10 centesimi', 'ai 50 centesimi', 'all’euro', 'ai 5 euro']

/** The tariff of another year, raised by a percentage, into this one: nothing is saved until «Salva». */
export function CopyYear({
  serviceTypeId,
  year,
  years,
  onCopy,
  onClose,
}: {
  readonly serviceTypeId: Id<'serviceType'>
  readonly year: number
  /** Years that have a tariff, latest first. */
  readonly years: readonly number[]
  readonly onCopy: (rows: readonly TariffRow[], proRata: boolean) => void
  readonly onClose: () => void
}) {
  const [from, setFrom] = useState(years.find((y) => y < year) ?? years[0] ?? year - 1)
  const [rise, setRise] = useState<Cents | null>(ZERO)
  const [step, setStep] = useState<number>(1)
  const source = useQuery(orpc.tariff.get.queryOptions({ input: { serviceTypeId, year: from } }))
  const before = source.data?.rows ?? []
  const after = raiseTariff(before, rise ?? 0, step)
  const amounts = before.flatMap((row, at) => {
    const next = after[at]?.effect
    return row.effect.kind === 'amount' && next?.kind === 'amount'
      ? [{ row, now: next.cents, before: row.effect.cents }]
      : []
  })
  return (
    <Sheet opened onClose={onClose} title={`Copia la tariffa in quella del ${year}`} size={620}>
      <div className="form-grid">
        <Select
          className="span-2"
          label="Dall’anno"
          data={years.map(String)}
          value={String(from)}
          allowDeselect={false}
          onChange={(next) => next && setFrom(Number(next))}
        />
        <div className="span-2">
          <AmountField label="Aumento, %" cents={rise} onChange={setRise} />
        </div>
        <Select
          className="span-2"
          label="Arrotonda"
          data={RISE_STEPS.map((value, n) => ({ value: String(value), label: STEP_WORDS[n] ?? '' }))}
          value={String(step)}
          allowDeselect={false}
          onChange={(next) => next && setStep(Number(next))}
        />
      </div>
      <p className="ink2 small">
        Ogni importo aumenta del {percentText(rise ?? 0)} e va al multiplo più vicino; a metà si sale. Percentuali ed
        esenzioni restano come sono. Un segno meno diminuisce.
      </p>
      <ErrorNote error={source.error} />
      <div className="tariff-copy">
        <table className="plain">
          <thead>
            <tr>
              <th scope="col">Tariffa</th>
              <th scope="col" className="right">
                {from} €
              </th>
              <th scope="col" className="right">
                {year} €
              </th>
            </tr>
          </thead>
          <tbody>
            {amounts.map(({ row, before: was, now }) => (
              <tr key={row.code}>
                <td>
                  {row.code} {row.description}
                </td>
                <td className="num">{formatCents(was)}</td>
                <td className="num strong">{formatCents(now)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="dialog-foot inset">
        <span className="muted small">Niente è salvato finché non premi «Salva»</span>
        <Button onClick={onClose}>Lascia</Button>
        <Button
          variant="filled"
          disabled={after.length === 0}
          onClick={() => {
            onCopy(after, source.data?.proRata ?? false)
            onClose()
          }}
        >
          Copia {counted(after.length, 'riga', 'righe')}
        </Button>
      </div>
    </Sheet>
  )
}
