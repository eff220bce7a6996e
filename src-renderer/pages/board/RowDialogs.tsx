import { Autocomplete, Textarea, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Id } from '#domain/brand'
import { formatCents, sum } from '#domain/money'
import { client, orpc } from '../../client.ts'
import { ConfirmDialog } from '../../components/ConfirmDialog.tsx'
import { counted, DateText, Money, TimeText } from '../../components/cells.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { ScrollBox } from '../../components/ScrollBox.tsx'
import { ActDialog, RowLine } from './ActDialog.tsx'
import { type Act, isMono, leftOf, nameOf, reasonOf, type TableRow } from './board.ts'

const REASONS: Partial<Readonly<Record<Act['kind'], readonly string[]>>> = {
  exclude: [
    'Non è un incasso pagoPA',
    'Già riscosso in altro modo',
    'Restituzione o giroconto',
    'Di competenza di altri',
  ],
  acceptFlow: ['Verificato con il prestatore', 'La somma delle righe è quella giusta'],
  chooseVersion: ['Verificato con il prestatore', 'È quella che torna con l’accredito'],
  netRevocation: ['Incassato prima di usare questo programma', 'Verificato con il prestatore'],
  setAside: ['Da coprire con mandato', 'Si aspetta il prestatore', 'Chiesto al debitore'],
  confirmRevocation: ['Verificata con il prestatore', 'Rimborsata al debitore'],
  keepReversale: ['Già trasmessa al tesoriere', 'L’incasso è certo'],
}

/** The reason last written for each act since the program was opened: offered selected, so that it can be kept or typed over. */
const lastReasons = new Map<Act['kind'], string>()

/** An act that the books want a reason for. */
export function ReasonDialog({
  row,
  act,
  word,
  onClose,
  decide,
}: {
  readonly row: TableRow
  readonly act: Act
  readonly word: string
  readonly onClose: () => void
  readonly decide: (acts: Act[], reason: string) => Promise<unknown>
}) {
  const [reason, setReason] = useState(lastReasons.get(act.kind) ?? '')
  return (
    <ActDialog
      title={`${word}: ${nameOf(row)} di ${formatCents(leftOf(row))} €`}
      act={word}
      disabled={reason.trim().length < 3}
      onClose={onClose}
      onAct={async () => {
        await decide([act], reason)
        lastReasons.set(act.kind, reason)
      }}
      left={<span className="muted small">Si può riaprire.</span>}
    >
      <RowLine row={row} />
      <div className="reason-chips">
        {REASONS[act.kind]?.map((r) => (
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
        onFocus={(e) => e.currentTarget.select()}
        data-autofocus
      />
    </ActDialog>
  )
}

/** «Annota» and «a chi»: a note, who should look at it, the notes already there and what happened to the row. */
export function NoteDialog({
  row,
  assignees,
  first,
  onClose,
  onDone,
}: {
  readonly row: TableRow
  readonly assignees: readonly string[]
  /** Where the hand is: N the note, G the name. */
  readonly first: 'note' | 'assignee'
  readonly onClose: () => void
  readonly onDone: () => void
}) {
  const { subject } = row
  const [text, setText] = useState('')
  const [assignee, setAssignee] = useState(row.assignee ?? '')
  const notes = useQuery(orpc.reconciliation.notes.queryOptions({ input: { subject }, staleTime: 0 }))
  const history = useQuery(orpc.reconciliation.history.queryOptions({ input: { subject }, staleTime: 0 }))
  // A note stands in the list above, with its name.
  const past = (history.data ?? []).filter((line) => !notes.data?.notes.some((note) => note.at === line.at))
  const to = assignee.trim()
  const moved = to !== (row.assignee ?? '')
  const written = text.trim() !== ''
  return (
    <ActDialog
      title={`Note e assegnazione: ${nameOf(row)}`}
      act={written ? 'Annota' : 'Assegna'}
      disabled={!written && !moved}
      size={640}
      onClose={onClose}
      onAct={async () => {
        if (written) await client.reconciliation.note({ subject, text, assignee: moved ? to : null })
        else await client.reconciliation.assign({ subjects: [subject], assignee: to === '' ? null : to })
        onDone()
      }}
    >
      <RowLine row={row} />
      <Textarea
        label="Nota"
        autosize
        minRows={2}
        maxLength={500}
        value={text}
        onChange={(e) => setText(e.currentTarget.value)}
        onKeyDown={(e) => {
          // One hand on the keyboard: Invio writes the note, Maiusc Invio begins a line.
          if (e.key !== 'Enter' || e.shiftKey) return
          e.preventDefault()
          e.currentTarget.form?.requestSubmit()
        }}
        data-autofocus={first === 'note' || undefined}
      />
      <Autocomplete
        label="A chi, se serve"
        maxLength={100}
        data={[...assignees]}
        // Inside the dialog, or what it offers stands outside every landmark.
        comboboxProps={{ withinPortal: false }}
        value={assignee}
        onChange={setAssignee}
        data-autofocus={first === 'assignee' || undefined}
      />
      {(notes.data?.notes.length ?? 0) > 0 && (
        <ul className="note-list">
          {notes.data?.notes.map((n) => (
            <li key={`${n.at}-${n.text}`}>
              <span>{n.text}</span>
              <span className="small muted">
                {n.operator}, <TimeText at={n.at} />
                {n.assignee === null || n.assignee === '' ? '' : ` · a ${n.assignee}`}
              </span>
            </li>
          ))}
        </ul>
      )}
      {past.length > 0 && (
        <ScrollBox className="board-history" label="Che cosa è successo">
          <ul className="note-list">
            {past.map((line) => (
              <li key={`${line.at}-${line.text}`} className="small ink2">
                <span>{line.text}</span>
                <span className="muted">
                  {line.operator === null ? '' : `${line.operator}, `}
                  <TimeText at={line.at} />
                </span>
              </li>
            ))}
          </ul>
        </ScrollBox>
      )}
      <ErrorNote error={notes.error ?? history.error} />
    </ActDialog>
  )
}

/** Maiusc Invio: all the rows of one reason whose counterpart is the only exact one, shown first, decided in one write. */
export function ConfirmAllDialog({
  rows,
  decide,
  onClose,
}: {
  readonly rows: readonly TableRow[]
  readonly decide: (acts: Act[], reason: string) => Promise<unknown>
  readonly onClose: () => void
}) {
  const act = `Conferma ${counted(rows.length, 'proposta', 'proposte')}`
  const proposals = rows.flatMap((row) => {
    const best = row.confirms === null ? undefined : row.counterparts[row.confirms]
    return best ? [{ row, best }] : []
  })
  return (
    <ConfirmDialog
      opened
      wide
      onClose={onClose}
      title={`${act} per ${formatCents(sum(rows.map(leftOf)))} €`}
      subtitle={`Tutte «${rows[0] ? reasonOf(rows[0]).title : ''}», con una sola controparte dello stesso importo.`}
      act={act}
      leave="Torna al tavolo"
      note="Ctrl Z le disfa tutte insieme"
      onConfirm={() =>
        decide(
          proposals.map(({ best }) => best.act),
          '',
        )
      }
    >
      <ScrollBox className="post-table" label="Proposte da confermare">
        <table className="plain">
          <thead>
            <tr>
              <th>Data</th>
              <th>Controparte</th>
              <th className="right">Controparte €</th>
              <th className="right">Accreditato €</th>
            </tr>
          </thead>
          <tbody>
            {proposals.map(({ row, best }) => (
              <tr key={row.key}>
                <td>
                  <DateText date={row.date} />
                </td>
                <td className={isMono(best) ? 'mono' : undefined}>{best.title}</td>
                <td className="right">
                  <Money cents={best.cents} />
                </td>
                <td className="right">
                  <Money cents={leftOf(row)} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
      <p className="ink2">
        {counted(rows.length, 'riga', 'righe')}, in tutto <Money cents={sum(rows.map(leftOf))} euro strong />
      </p>
    </ConfirmDialog>
  )
}

export interface Annulling {
  readonly acts: Act[]
  readonly undo: readonly Id<'decision'>[]
  readonly reason: string
}

/** What was posted: the reversali that go with it are named, and annulled with a reason in the same write. */
export function AnnulDialog({
  what,
  onClose,
  onAnnul,
}: {
  readonly what: Annulling
  readonly onClose: () => void
  readonly onAnnul: (reason: string) => Promise<unknown>
}) {
  const [reason, setReason] = useState(what.reason)
  const told = useQuery(
    orpc.reconciliation.consequences.queryOptions({ input: { acts: what.acts, undo: [...what.undo] }, staleTime: 0 }),
  )
  const reversali = told.data?.reversali ?? []
  const executed = reversali.filter((r) => r.executedOn !== null)
  const many = counted(reversali.length, 'reversale', 'reversali')
  const verb = what.undo.length > 0 ? 'Disfa' : 'Decidi'
  return (
    <ActDialog
      title={reversali.length === 0 ? `${verb}: c’è già una reversale` : `${verb} e annulla ${many}`}
      act={`${verb} e annulla ${many}`}
      disabled={!told.isSuccess || reason.trim().length < 3 || executed.length > 0}
      size={640}
      onClose={onClose}
      onAct={() => onAnnul(reason)}
      left={<span className="muted small">Il numero annullato non si riusa.</span>}
    >
      <p className="ink2">
        Questo incasso ha già la sua reversale. Resta senza sostegno per{' '}
        <Money cents={told.data?.freedCents ?? 0} euro strong />: insieme alla decisione si annulla
        {reversali.length === 1 ? ' questa reversale' : 'no queste reversali'}; ciò che resta giusto torna pronto da
        emettere.
      </p>
      <ScrollBox className="post-table" label="Reversali da annullare">
        <table className="plain">
          <thead>
            <tr>
              <th>Reversale</th>
              <th>Eseguita</th>
              <th className="right">Importo €</th>
            </tr>
          </thead>
          <tbody>
            {reversali.map((r) => (
              <tr key={r.reversaleId}>
                <td className="strong">{r.name}</td>
                <td>{r.executedOn === null ? 'no' : <DateText date={r.executedOn} />}</td>
                <td className="right">
                  <Money cents={r.cents} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
      {executed.length > 0 && (
        <p className="t-bad">
          Il tesoriere ha già eseguito {executed.map((r) => r.name).join(', ')}: qui non si può annullare. Tieni la
          reversale, oppure senti il tesoriere.
        </p>
      )}
      <ErrorNote error={told.error} />
      <TextInput
        label="Motivo dell’annullamento"
        value={reason}
        maxLength={500}
        onChange={(e) => setReason(e.currentTarget.value)}
        data-autofocus
      />
    </ActDialog>
  )
}
