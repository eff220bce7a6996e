import { Button } from '@mantine/core'
import { IconPlus, IconX } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Cents } from '#domain/money'
import { client, orpc } from '../../client.ts'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { AmountField } from '../../components/fields.tsx'
import { Sheet } from '../../components/Sheet.tsx'
import { say } from '../../components/toast.ts'

interface Rate {
  readonly year: number
  readonly basisPoints: number | null
}

/** Rates of the legal interest, year by year: a decree says them, so a person writes them. */
export function LegalRates({ year, onClose }: { readonly year: number; readonly onClose: () => void }) {
  const stored = useQuery(orpc.lateFee.rates.queryOptions())
  const [edited, setEdited] = useState<readonly Rate[] | null>(null)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const rates = edited ?? [...(stored.data ?? [])].sort((a, b) => b.year - a.year)
  const add = () => {
    const years = rates.map((rate) => rate.year)
    const next = years.includes(year) ? Math.min(...years) - 1 : year
    setEdited([...rates, { year: next, basisPoints: null }].sort((a, b) => b.year - a.year))
  }
  const save = async () => {
    setBusy(true)
    setError(null)
    try {
      const filled = rates.flatMap((r) =>
        r.basisPoints === null ? [] : [{ year: r.year, basisPoints: r.basisPoints }],
      )
      await client.lateFee.saveRates({ rates: filled })
      say('Tassi legali salvati.')
      onClose()
    } catch (failure) {
      setError(failure)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Sheet opened onClose={onClose} title="Tassi degli interessi legali" size={420}>
      <p className="ink2 small">
        Il tasso di ogni anno è fissato da un decreto del Ministero dell’economia: scrivi quelli degli anni in cui hai
        crediti scaduti. Servono solo ai tipi di dovuto con gli interessi legali.
      </p>
      <table className="plain fee-steps">
        <thead>
          <tr>
            <th scope="col">Anno</th>
            <th scope="col">Tasso, %</th>
            <th scope="col">
              <span className="visually-hidden">Togli</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rates.map((rate) => (
            <tr key={rate.year}>
              <td>{rate.year}</td>
              <td>
                <AmountField
                  label={`Tasso del ${rate.year}, percento`}
                  cents={rate.basisPoints as Cents | null}
                  onChange={(bp) => setEdited(rates.map((r) => (r.year === rate.year ? { ...r, basisPoints: bp } : r)))}
                />
              </td>
              <td>
                <button
                  type="button"
                  className="icon-button"
                  aria-label={`Togli il ${rate.year}`}
                  onClick={() => setEdited(rates.filter((r) => r.year !== rate.year))}
                >
                  <IconX size={14} stroke={1.7} aria-hidden />
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <ErrorNote error={error ?? stored.error} />
      <div className="dialog-foot inset">
        <Button leftSection={<IconPlus size={14} stroke={1.7} aria-hidden />} onClick={add}>
          Aggiungi un anno
        </Button>
        <span className="foot-gap" />
        <Button onClick={onClose}>Lascia</Button>
        <Button variant="filled" disabled={edited === null} loading={busy} onClick={() => void save()}>
          Salva
        </Button>
      </div>
    </Sheet>
  )
}
