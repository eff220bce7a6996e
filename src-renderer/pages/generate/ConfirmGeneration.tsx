import { formatDate } from '#domain/date'
import { formatCents } from '#domain/money'
import { client } from '../../client.ts'
import { ConfirmDialog } from '../../components/ConfirmDialog.tsx'
import { counted, formatCount, Money } from '../../components/cells.tsx'
import { say } from '../../components/toast.ts'
import { startJob } from '../../jobs/jobs.ts'
import { LeftOut } from '../positions/LeftOut.tsx'
import type { Generated } from './GenerationDone.tsx'
import type { GenerationInput, GenerationSummary } from './generation.ts'

/** The irreversible step: what will be, the two sums that must be equal, what cannot be undone (SCREENS.md §6). */
export function ConfirmGeneration({
  input,
  summary,
  onClose,
  onDone,
  onStart,
}: {
  readonly input: GenerationInput
  readonly summary: GenerationSummary
  readonly onClose: () => void
  readonly onStart: (running: boolean) => void
  readonly onDone: (generated: Generated) => void
}) {
  const { positions, accertamenti, grouped, payments } = summary
  const act = `Genera ${counted(positions.count, 'posizione', 'posizioni')}`
  const p = input.parameters
  const start = () => {
    onStart(true)
    void startJob({
      title: 'Genero le posizioni',
      subtitle: p.description,
      unit: 'posizioni',
      cancelWord: 'Annulla la generazione',
      cancelNote: 'Se annulli non resta niente: né posizioni né numeri avviso',
      run: (signal) => client.debtPosition.generate(input, { signal }),
      onDone: (result) => onDone({ ...result, description: p.description }),
      onCancelled: () => say('Generazione annullata: nessuna posizione è nata.'),
    }).finally(() => onStart(false))
  }
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`${act} per ${euro(positions.cents)}`}
      subtitle={`Lotto «${p.description}», valide fino al ${formatDate(p.validUntil)}${
        p.dueDate ? `; scadenza ${formatDate(p.dueDate)} dove manca` : ''
      }${installmentWords(p)}.`}
      act={act}
      note="I numeri avviso li vedi alla fine"
      warning={
        <>
          <b className="strong">
            {payments === positions.count
              ? 'Ogni posizione prende un numero avviso e uno IUV per sempre.'
              : 'Ogni rata e ogni pagamento per intero prendono un numero avviso e uno IUV per sempre.'}
          </b>{' '}
          Un errore si corregge annullando la posizione e generandola di nuovo, con un altro numero.
        </>
      }
      onConfirm={async () => start()}
    >
      <table className="plain">
        <thead>
          <tr>
            <th scope="col">Che cosa nasce</th>
            <th scope="col" className="right">
              Numero
            </th>
            <th scope="col" className="right">
              Importo €
            </th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <td>Accertamenti chiesti</td>
            <td className="num">{formatCount(accertamenti.count)}</td>
            <td className="num">
              <Money cents={accertamenti.cents} />
            </td>
          </tr>
          {grouped > 0 && (
            <tr>
              <td>di cui avvisi con più dovuti, «{p.groupDescription}»</td>
              <td className="num">{formatCount(grouped)}</td>
              <td />
            </tr>
          )}
          {payments !== positions.count && (
            <tr>
              <td>Numeri avviso, uno per ogni pagamento possibile</td>
              <td className="num">{formatCount(payments)}</td>
              <td />
            </tr>
          )}
        </tbody>
        <tfoot>
          <tr>
            <td>Posizioni debitorie</td>
            <td className="num">{formatCount(positions.count)}</td>
            <td className="num">
              <Money cents={positions.cents} />
            </td>
          </tr>
        </tfoot>
      </table>
      <LeftOut reasons={summary.leftOut} />
    </ConfirmDialog>
  )
}

/** «; anche in 3 rate, la prima il 31/03/2026». */
function installmentWords({ installments }: GenerationInput['parameters']): string {
  if (installments == null) return ''
  const { withSingle, count, firstDue } = installments
  return `; ${withSingle ? 'anche' : 'solo'} in ${formatCount(count)} rate, la prima il ${formatDate(firstDue)}`
}

function euro(cents: GenerationSummary['positions']['cents']): string {
  return `${formatCents(cents)} €`
}
