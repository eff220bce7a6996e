import { Checkbox } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { formatCents, sum } from '#domain/money'
import { FIELDS } from '#domain/vocabulary'
import { client } from '../../client.ts'
import { ConfirmDialog } from '../../components/ConfirmDialog.tsx'
import { counted, DateText, formatCount, Money } from '../../components/cells.tsx'
import { ScrollBox } from '../../components/ScrollBox.tsx'
import { say } from '../../components/toast.ts'
import { startJob } from '../../jobs/jobs.ts'
import { type DraftChanges, numbered, type Ready, type Scope } from './ready.ts'

const ROWS_SHOWN = 200

/** The irreversible step of picture 08b: numbers, table, the two sums that must be equal. Also opened by Riconciliazione. */
export function PostDialog({
  ready,
  scope,
  chosen,
  changes,
  onClose,
  onDone,
}: {
  readonly ready: Ready
  readonly scope: Scope
  /** Keys of the drafts to issue; null for all. */
  readonly chosen: ReadonlySet<string> | null
  readonly changes: DraftChanges
  readonly onClose: () => void
  readonly onDone?: () => void
}) {
  const queries = useQueryClient()
  const [agreed, setAgreed] = useState(false)
  const kept = ready.drafts.filter((d) => chosen === null || chosen.has(d.key))
  const drafts = numbered({ ...ready, drafts: kept }, changes)
  const cents = sum(drafts.map((d) => d.cents))
  const lines = drafts.flatMap((d) => d.lines)
  // The same money counted from the bank's side: each payment on its credit.
  const credited = sum(lines.map((l) => l.cents))
  const payments = counted(lines.length, 'pagamento', 'pagamenti')
  const act = `Emetti ${counted(drafts.length, 'reversale', 'reversali')}`
  const first = drafts[0]?.number ?? ready.nextNumber
  const last = drafts.at(-1)?.number ?? first
  const numbers =
    first === last ? `Numero ${formatCount(first)}` : `Numeri da ${formatCount(first)} a ${formatCount(last)}`
  const post = () => {
    const own = Object.fromEntries(kept.flatMap((d) => (changes[d.key] ? [[d.key, changes[d.key] ?? {}]] : [])))
    void startJob({
      title: 'Emetto le reversali',
      subtitle: `${formatCents(cents)} €`,
      unit: 'reversali',
      cancelWord: 'Annulla emissione',
      cancelNote: 'Se annulli non resta niente nei conti: nessun numero è preso.',
      run: (signal) =>
        client.reversale.post(
          {
            ...{ scope, keys: kept.map((d) => d.key), changes: own, expectedCents: cents },
            agreedLate: agreed ? ready.late.map((l) => l.year) : [],
          },
          { signal },
        ),
      onDone: (done) => {
        const range =
          done.firstNumber === done.lastNumber
            ? `la n. ${formatCount(done.firstNumber)}`
            : `dal n. ${formatCount(done.firstNumber)} al n. ${formatCount(done.lastNumber)}`
        say(
          `${counted(done.reversali.count, 'reversale emessa', 'reversali emesse')} per ${formatCents(done.reversali.cents)} €, ${range} del ${done.exercise}; ${counted(done.quietanze, 'quietanza pronta', 'quietanze pronte')}.`,
        )
        void queries.invalidateQueries()
        onDone?.()
      },
      onCancelled: () => say('Emissione annullata: niente è entrato nei conti.'),
    })
    return undefined
  }
  return (
    <ConfirmDialog
      opened
      wide
      onClose={onClose}
      title={`${act} per ${formatCents(cents)} €`}
      subtitle={`${numbers} dell’esercizio ${ready.exercise ?? ''}, in ordine di data contabile.`}
      act={act}
      disabled={drafts.length === 0 || credited !== cents || (ready.late.length > 0 && !agreed)}
      note={`Con ${counted(lines.length, 'quietanza', 'quietanze')} in PDF, pronte da consegnare`}
      warning={
        <>
          <b className="strong">Le reversali emesse non si modificano.</b> Un errore si corregge annullandola con un
          motivo; la nuova prende un altro numero.
        </>
      }
      onConfirm={post as () => undefined}
    >
      <ScrollBox className="post-table" label="Reversali da emettere">
        <table className="plain">
          <thead>
            <tr>
              <th className="right">Numero</th>
              <th>Contabile</th>
              <th>{FIELDS.capitolo}</th>
              <th>Conto</th>
              <th className="right">Pagam.</th>
              <th className="right">Importo €</th>
            </tr>
          </thead>
          <tbody>
            {drafts.slice(0, ROWS_SHOWN).map((d) => (
              <tr key={d.key}>
                <td className="right strong">{formatCount(d.number)}</td>
                <td>
                  <DateText date={d.date} />
                </td>
                <td>
                  {d.capitolo}, {d.residui ? `residui ${d.originYear}` : 'competenza'}
                </td>
                <td>{d.account}</td>
                <td className="right">{formatCount(d.lines.length)}</td>
                <td className="right">
                  <Money cents={d.cents} />
                </td>
              </tr>
            ))}
            {drafts.length > ROWS_SHOWN && (
              <tr>
                <td colSpan={6} className="muted">
                  e altre {formatCount(drafts.length - ROWS_SHOWN)}
                </td>
              </tr>
            )}
          </tbody>
        </table>
      </ScrollBox>
      <div className="post-sums">
        <span>
          Accrediti in banca <Money cents={credited} euro strong />
        </span>
        <span className="muted">{payments}</span>
        <span>
          Reversali <Money cents={cents} euro strong />
        </span>
      </div>
      {ready.late.length > 0 && (
        <Checkbox
          mt={10}
          checked={agreed}
          onChange={(e) => setAgreed(e.currentTarget.checked)}
          label={lateWords(ready)}
          description="Lo si chiede una volta sola per esercizio: la risposta resta nel giornale."
        />
      )}
      {ready.warnings.length > 0 && (
        <div className="note note-info">
          <IconAlertTriangle size={16} stroke={1.7} aria-hidden />
          <div>
            {ready.warnings.map((w) => (
              <p key={w}>{w}</p>
            ))}
          </div>
        </div>
      )}
    </ConfirmDialog>
  )
}

function lateWords({ late }: Ready): string {
  return late
    .map(
      ({ year, open, cents }) =>
        `Il ${year} è chiuso: i suoi accrediti per ${formatCents(cents)} € si riscuotono nel ${open}, in conto residui.`,
    )
    .join(' ')
}
