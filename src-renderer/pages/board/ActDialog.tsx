import { Button, Modal } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { DateText, Money } from '../../components/cells.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { leftOf, type TableRow, textOf } from './board.ts'

/** A small dialog over the table: title, body, the way out and one act. Errors stay inside. */
export function ActDialog({
  title,
  act,
  disabled,
  size = 560,
  onClose,
  onAct,
  left,
  children,
}: {
  readonly title: string
  readonly act: string
  readonly disabled?: boolean
  readonly size?: number
  readonly onClose: () => void
  readonly onAct: () => Promise<unknown>
  readonly left?: ReactNode
  readonly children: ReactNode
}) {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const run = async () => {
    setBusy(true)
    setError(null)
    try {
      await onAct()
      onClose()
    } catch (failure) {
      setError(failure)
      setBusy(false)
    }
  }
  return (
    <Modal opened onClose={onClose} title={title} size={size} closeButtonProps={{ 'aria-label': 'Chiudi' }}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault()
          if (!disabled && !busy) void run()
        }}
      >
        {children}
        <ErrorNote error={error} />
        <div className="dialog-foot inset">
          <span>{left}</span>
          <Button onClick={onClose}>Lascia</Button>
          <Button type="submit" variant="filled" disabled={disabled ?? false} loading={busy}>
            {act}
          </Button>
        </div>
      </form>
    </Modal>
  )
}

/** The row that a dialog is about. */
export function RowLine({ row }: { readonly row: TableRow }) {
  return (
    <p className="credit-line">
      <DateText date={row.date} />
      <span className="mono cut" title={textOf(row)}>
        {textOf(row)}
      </span>
      <Money cents={row.kind === 'debit' ? row.cents : leftOf(row)} euro strong />
    </p>
  )
}
