import { Button } from '@mantine/core'
import { IconStack2 } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { formatDate } from '#domain/date'
import { formatCents } from '#domain/money'
import { client } from '../../client.ts'
import { ConfirmDialog } from '../../components/ConfirmDialog.tsx'
import { counted, formatCount, Money } from '../../components/cells.tsx'
import { Sheet } from '../../components/Sheet.tsx'
import { say } from '../../components/toast.ts'
import { startJob } from '../../jobs/jobs.ts'
import type { QuotaParameters, QuotaPreview, QuotaRaised } from './quota.ts'

/** Before numbers are taken: what will be, by tariff, and the sum that the list shows. */
export function ConfirmQuotas({
  service,
  parameters,
  preview,
  onClose,
  onRunning,
  onDone,
}: {
  readonly service: string
  readonly parameters: QuotaParameters
  readonly preview: QuotaPreview
  readonly onClose: () => void
  readonly onRunning: (running: boolean) => void
  readonly onDone: (raised: QuotaRaised) => void
}) {
  const { raise, byTariff, dueDate } = preview
  const act = `Genera ${counted(raise.count, 'quota', 'quote')}`
  const start = () => {
    onRunning(true)
    void startJob({
      title: 'Genero le quote',
      subtitle: `${service} ${parameters.year}`,
      unit: 'quote',
      cancelWord: 'Annulla la generazione',
      cancelNote: 'Se annulli non resta niente nei conti',
      run: (signal) => client.quota.raise({ ...parameters, expected: { ...raise, mark: preview.mark } }, { signal }),
      onDone,
      onCancelled: () => say('Generazione annullata: nessun accertamento è nato.'),
    }).finally(() => onRunning(false))
  }
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`${act} per ${formatCents(raise.cents)} €`}
      subtitle={`${service} ${parameters.year}, ${dueDate === null ? 'senza scadenza' : `scadenza ${formatDate(dueDate)}`}, nell’esercizio ${preview.exercise ?? parameters.year}.`}
      act={act}
      warning="Gli accertamenti prendono i numeri che seguono nell’esercizio. Si disfa tutto insieme finché nessuno ha una posizione o un incasso; i numeri restano usati."
      onConfirm={async () => start()}
    >
      <table className="plain">
        <thead>
          <tr>
            <th scope="col">Tariffa</th>
            <th scope="col" className="right">
              Quote
            </th>
            <th scope="col" className="right">
              Importo €
            </th>
          </tr>
        </thead>
        <tbody>
          {byTariff.map((t) => (
            <tr key={t.tariff}>
              <td>{t.tariff}</td>
              <td className="num">{formatCount(t.count)}</td>
              <td className="num">
                <Money cents={t.cents} />
              </td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <td>Totale</td>
            <td className="num">{formatCount(raise.count)}</td>
            <td className="num">
              <Money cents={raise.cents} />
            </td>
          </tr>
        </tfoot>
      </table>
    </ConfirmDialog>
  )
}

/** What was born, and the next step of the road. */
export function QuotasDone({ raised, onClose }: { readonly raised: QuotaRaised; readonly onClose: () => void }) {
  const navigate = useNavigate()
  const { accertamenti, firstNumber, lastNumber, exercise } = raised
  return (
    <Sheet
      opened
      onClose={onClose}
      title={`${counted(accertamenti.count, 'quota generata', 'quote generate')}`}
      size={560}
    >
      <p>
        {accertamenti.count === 1
          ? `È nato l’accertamento ${formatCount(firstNumber)}/${exercise}`
          : `Sono nati gli accertamenti da ${formatCount(firstNumber)} a ${formatCount(lastNumber)}/${exercise}`}{' '}
        per <Money cents={accertamenti.cents} euro strong />.
      </p>
      <p className="ink2">Ora servono gli avvisi: genera le posizioni, poi consegnale.</p>
      <div className="dialog-foot inset">
        <Button onClick={() => void navigate({ to: '/accertamenti' })}>Vedi gli accertamenti</Button>
        <Button
          variant="filled"
          data-autofocus
          leftSection={<IconStack2 size={16} stroke={1.7} aria-hidden />}
          onClick={() => void navigate({ to: '/posizioni/genera' })}
        >
          Genera le posizioni…
        </Button>
      </div>
    </Sheet>
  )
}
