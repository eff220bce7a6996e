import { Button } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { type Cents, formatCents } from '#domain/money'
import { AmountField } from '../../components/fields.tsx'
import { Facts } from '../../components/Page.tsx'
import { Sheet } from '../../components/Sheet.tsx'
import type { FeeRow } from './fee.ts'

/** The amount of one fee by hand, beside what the rule says. */
export function FeeAmount({
  row,
  cents,
  onChange,
  onClose,
}: {
  readonly row: FeeRow
  /** As it stands now. */
  readonly cents: Cents
  /** Undefined goes back to the rule. */
  readonly onChange: (cents: Cents | undefined) => void
  readonly onClose: () => void
}) {
  const [amount, setAmount] = useState<Cents | null>(cents)
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => {
    // After the dialog has put the focus on its first button.
    const timer = setTimeout(() => form.current?.querySelector('input')?.select(), 60)
    return () => clearTimeout(timer)
  }, [])
  const take = () => {
    if (amount === null || amount <= 0) return
    onChange(amount === row.cents ? undefined : amount)
    onClose()
  }
  return (
    <Sheet opened onClose={onClose} title={`Mora di ${row.personName}`} size={460}>
      <Facts
        rows={[
          ['Causale', row.causale],
          ['Non pagato', `${formatCents(row.baseCents)} €, in ritardo di ${row.daysLate} giorni`],
          ['Secondo la regola', row.cents > 0 ? `${formatCents(row.cents)} € (${row.why})` : row.why],
        ]}
      />
      <form
        ref={form}
        className="fee-amount"
        onSubmit={(e) => {
          e.preventDefault()
          take()
        }}
      >
        <AmountField label="Mora da chiedere, euro" cents={amount} onChange={setAmount} />
        <div className="dialog-foot inset">
          <Button
            disabled={row.cents === 0}
            onClick={() => {
              onChange(undefined)
              onClose()
            }}
          >
            Torna alla regola
          </Button>
          <span className="foot-gap" />
          <Button onClick={onClose}>Lascia</Button>
          <Button type="submit" variant="filled" disabled={amount === null || amount <= 0}>
            Usa questo importo
          </Button>
        </div>
      </form>
    </Sheet>
  )
}
