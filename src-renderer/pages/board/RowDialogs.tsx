import { Button, Modal, Textarea, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import type { Instant } from '#domain/date'
import { formatCents, sum } from '#domain/money'
import { client, orpc } from '../../client.ts'
import { ConfirmDialog } from '../../components/ConfirmDialog.tsx'
import { counted, DateText, formatCount, Money, TimeText } from '../../components/cells.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { ScrollBox } from '../../components/ScrollBox.tsx'
import { type BoardRow, reasonOf, targetOf } from './board.ts'

const REASONS = [
  'Non è un incasso pagoPA',
  'Già riscosso in altro modo',
  'Restituzione o giroconto',
  'Di competenza di altri',
]

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
          if (!disabled) void run()
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

/** The credit that a dialog is about. */
export function CreditLine({ row }: { readonly row: BoardRow }) {
  return (
    <p className="credit-line">
      <DateText date={row.bookingDate} />
      <span className="mono cut" title={row.description}>
        {row.description}
      </span>
      <Money cents={row.leftCents} euro strong />
    </p>
  )
}

/** «Escludi»: out of the table with its reason; it can be undone. */
export function ExcludeDialog({
  row,
  onClose,
  onDone,
}: {
  readonly row: BoardRow
  readonly onClose: () => void
  readonly onDone: () => void
}) {
  const [reason, setReason] = useState('')
  return (
    <ActDialog
      title={`Escludi l’accredito di ${formatCents(row.leftCents)} €`}
      act="Escludi l’accredito"
      disabled={reason.trim().length < 3}
      onClose={onClose}
      onAct={async () => {
        await client.reconciliation.exclude({ bankMovementIds: [row.bankMovementId], reason })
        onDone()
      }}
      left={<span className="muted small">Va tra gli ignorati; si può riaprire.</span>}
    >
      <CreditLine row={row} />
      <div className="reason-chips">
        {REASONS.map((r) => (
          <button key={r} type="button" className="chip add" onClick={() => setReason(r)}>
            {r}
          </button>
        ))}
      </div>
      <TextInput
        label="Motivo"
        value={reason}
        maxLength={500}
        onChange={(e) => setReason(e.currentTarget.value)}
        data-autofocus
      />
    </ActDialog>
  )
}

/** «Annota»: a note on the credit and who should look at it, with the notes already there. */
export function NoteDialog({
  row,
  onClose,
  onDone,
}: {
  readonly row: BoardRow
  readonly onClose: () => void
  readonly onDone: () => void
}) {
  const [text, setText] = useState('')
  const [assignee, setAssignee] = useState('')
  const subject = { kind: 'movement' as const, bankMovementId: row.bankMovementId }
  const notes = useQuery(orpc.reconciliation.notes.queryOptions({ input: { subject }, staleTime: 0 }))
  return (
    <ActDialog
      title={`Annota l’accredito di ${formatCents(row.leftCents)} €`}
      act="Annota"
      disabled={text.trim() === ''}
      onClose={onClose}
      onAct={async () => {
        await client.reconciliation.note({
          subject,
          text,
          assignee: assignee.trim() === '' ? null : assignee,
        })
        onDone()
      }}
    >
      <CreditLine row={row} />
      {(notes.data?.notes.length ?? 0) > 0 && (
        <ul className="note-list">
          {notes.data?.notes.map((n) => (
            <li key={`${n.at}-${n.text}`}>
              <span>{n.text}</span>
              <span className="small muted">
                {n.operator}, <TimeText at={n.at as Instant} />
                {n.assignee === null ? '' : ` · a ${n.assignee}`}
              </span>
            </li>
          ))}
        </ul>
      )}
      <ErrorNote error={notes.error} />
      <Textarea
        label="Nota"
        autosize
        minRows={2}
        maxLength={500}
        value={text}
        onChange={(e) => setText(e.currentTarget.value)}
        data-autofocus
      />
      <TextInput
        label="A chi, se serve"
        value={assignee}
        maxLength={100}
        onChange={(e) => setAssignee(e.currentTarget.value)}
      />
    </ActDialog>
  )
}

/** Maiusc Invio: all the rows of one reason that have a single counterpart of the same amount, after showing the list. */
export function ConfirmAllDialog({
  rows,
  onClose,
  onDone,
}: {
  readonly rows: readonly BoardRow[]
  readonly onClose: () => void
  readonly onDone: () => void
}) {
  const act = `Conferma ${counted(rows.length, 'proposta', 'proposte')}`
  return (
    <ConfirmDialog
      opened
      wide
      onClose={onClose}
      title={`${act} per ${formatCents(sum(rows.map((r) => r.leftCents)))} €`}
      subtitle={`Tutte «${rows[0] ? reasonOf(rows[0]).title : ''}», con una sola controparte dello stesso importo.`}
      act={act}
      leave="Torna al tavolo"
      note="Ognuna si può disfare finché non ha la sua reversale"
      onConfirm={async () => {
        for (const row of rows) {
          const best = row.candidates[0]
          if (best)
            await client.reconciliation.match({
              bankMovementId: row.bankMovementId,
              targets: [targetOf(row, best)],
              reason: '',
            })
        }
        onDone()
      }}
    >
      <ScrollBox className="post-table" label="Proposte da confermare">
        <table className="plain">
          <thead>
            <tr>
              <th>Data</th>
              <th>Controparte</th>
              <th className="right">Nel flusso €</th>
              <th className="right">Accreditato €</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((r) => (
              <tr key={r.bankMovementId}>
                <td>
                  <DateText date={r.bookingDate} />
                </td>
                <td className="mono">{r.candidates[0]?.title}</td>
                <td className="right">
                  <Money cents={r.candidates[0]?.cents ?? null} />
                </td>
                <td className="right">
                  <Money cents={r.leftCents} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
      <p className="ink2">
        {formatCount(rows.length)} accrediti, Σ <Money cents={sum(rows.map((r) => r.leftCents))} euro strong />
      </p>
    </ConfirmDialog>
  )
}
