import type { InferContractRouterOutputs } from '@orpc/contract'
import type { Contract } from '#contract/contract'
import { useExercise } from '../../app-state.ts'
import { ConfirmDialog } from '../../components/ConfirmDialog.tsx'
import { counted, formatCount, Money } from '../../components/cells.tsx'

type Summary = InferContractRouterOutputs<Contract>['registerImport']['get']

/** The irreversible step: how many accertamenti, for how much, what stays out. */
export function ConfirmImport({
  summary,
  mode,
  onClose,
  onConfirm,
}: {
  readonly summary: Summary
  readonly mode: 'all' | 'goodOnly' | null
  readonly onClose: () => void
  readonly onConfirm: (goodOnly: boolean) => void
}) {
  const exercise = useExercise()
  const { count } = summary.accertamenti
  const people = summary.purpose === 'people'
  const ticked = people ? 0 : count - summary.good.count - summary.warning.count
  const tickedCents = summary.accertamenti.cents - summary.good.cents - summary.warning.cents
  const act = people
    ? `Importa ${counted(summary.good.count + summary.warning.count, 'persona', 'persone')}`
    : `Importa ${counted(count, 'quota', 'quote')}`
  return (
    <ConfirmDialog
      opened={mode !== null}
      onClose={onClose}
      title={act}
      subtitle={
        people
          ? 'Il file contiene solo persone: non nasce nessun accertamento.'
          : `Nascono ${counted(count, 'accertamento', 'accertamenti')} numerati in fila nell’esercizio ${exercise}.`
      }
      act={act}
      leave="Torna al controllo"
      note="Il programma scrive tutto in un solo colpo, alla fine"
      warning={
        <>
          {!people && <b className="strong">I numeri degli accertamenti restano assegnati. </b>}
          Un’importazione si può disfare{' '}
          {people
            ? 'finché nessuno usa le persone che ha creato.'
            : 'finché nessuna sua quota è emessa o riscossa: ogni accertamento resta nel registro, annullato.'}
        </>
      }
      onConfirm={async () => onConfirm(mode === 'goodOnly')}
    >
      <table className="plain">
        <thead>
          <tr>
            <th>Righe del file</th>
            <th className="right">Quante</th>
            <th className="right">Importo €</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <td>Pronte</td>
            <td className="right">{formatCount(summary.good.count)}</td>
            <td className="right">
              <Money cents={people ? null : summary.good.cents} />
            </td>
          </tr>
          <tr>
            <td>Con avvertenze, entrano</td>
            <td className="right">{formatCount(summary.warning.count)}</td>
            <td className="right">
              <Money cents={people ? null : summary.warning.cents} />
            </td>
          </tr>
          {summary.error > 0 && (
            <tr>
              <td className="t-bad">Con errori, restano fuori</td>
              <td className="right">{formatCount(summary.error)}</td>
              <td className="right">·</td>
            </tr>
          )}
          {ticked > 0 && (
            <tr>
              <td>Già importate, entrano lo stesso</td>
              <td className="right">{formatCount(ticked)}</td>
              <td className="right">
                <Money cents={tickedCents} />
              </td>
            </tr>
          )}
          {summary.leftOut > 0 && (
            <tr>
              <td>Lasciate fuori da te</td>
              <td className="right">{formatCount(summary.leftOut)}</td>
              <td className="right">·</td>
            </tr>
          )}
          {summary.already > ticked && (
            <tr>
              <td>Già importate, saltate</td>
              <td className="right">{formatCount(summary.already - ticked)}</td>
              <td className="right">·</td>
            </tr>
          )}
        </tbody>
        <tfoot>
          <tr>
            <td>{people ? 'Entrano in archivio' : 'Entrano nei conti'}</td>
            <td className="right">{formatCount(people ? summary.good.count + summary.warning.count : count)}</td>
            <td className="right">
              <Money cents={people ? null : summary.accertamenti.cents} />
            </td>
          </tr>
        </tfoot>
      </table>
      <p className="import-people">{peopleWords(summary)}</p>
    </ConfirmDialog>
  )
}

/** What happens to people: who is new, what is updated of those already known. */
function peopleWords({ newPeople, differences }: Summary): string {
  const words = newPeople === 0 ? [] : [`Nascono ${counted(newPeople, 'persona nuova', 'persone nuove')}.`]
  if (differences.people > 0) {
    words.push(
      `Di ${counted(differences.people, 'persona già nota', 'persone già note')} ${counted(differences.update, 'dato si aggiorna', 'dati si aggiornano')}, ${counted(differences.keep, 'resta com’è', 'restano come sono')}.`,
    )
  }
  return words.length === 0 ? 'Le persone sono già tutte in archivio, e restano come sono.' : words.join(' ')
}
