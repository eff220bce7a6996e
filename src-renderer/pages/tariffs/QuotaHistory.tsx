import { Button } from '@mantine/core'
import type { InferContractRouterOutputs } from '@orpc/contract'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Contract } from '#contract/contract'
import { client, orpc } from '../../client.ts'
import { ConfirmDialog } from '../../components/ConfirmDialog.tsx'
import { counted, formatCount, Money, TimeText } from '../../components/cells.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { ReasonField } from '../../components/fields.tsx'
import { Sheet } from '../../components/Sheet.tsx'
import { say } from '../../components/toast.ts'

type Batch = InferContractRouterOutputs<Contract>['quota']['history']['rows'][number]

/** Generations that were made, the latest first; one can be taken back while nothing of it is issued or collected. */
export function QuotaHistory({ onClose }: { readonly onClose: () => void }) {
  const history = useQuery(orpc.quota.history.queryOptions({ input: { filters: {}, limit: 50 }, staleTime: 0 }))
  const [undoing, setUndoing] = useState<Batch | null>(null)
  const [reason, setReason] = useState('')
  const rows = history.data?.rows ?? []
  if (undoing !== null) {
    const act = `Annulla ${counted(undoing.accertamenti.count, 'accertamento', 'accertamenti')}`
    return (
      <ConfirmDialog
        opened
        onClose={onClose}
        title="Disfa la generazione"
        subtitle={`${undoing.service} ${undoing.year}, accertamenti da ${formatCount(undoing.firstNumber)} a ${formatCount(undoing.lastNumber)}/${undoing.exercise}`}
        act={act}
        leave="Lascia com’è"
        danger
        disabled={reason.trim().length < 3}
        warning="Gli accertamenti restano nel registro, annullati da una variazione con questo motivo; i numeri restano usati. Poi le quote si possono generare di nuovo."
        onConfirm={async () => {
          await client.quota.undo({ id: undoing.id, reason })
          say(
            `Generazione disfatta: ${counted(undoing.accertamenti.count, 'accertamento annullato', 'accertamenti annullati')}.`,
          )
        }}
      >
        <p>
          {counted(undoing.accertamenti.count, 'accertamento', 'accertamenti')} per{' '}
          <Money cents={undoing.accertamenti.cents} euro strong />.
        </p>
        <ReasonField value={reason} onChange={setReason} />
      </ConfirmDialog>
    )
  }
  return (
    <Sheet opened onClose={onClose} title="Generazioni fatte" size={860}>
      <ErrorNote error={history.error} />
      {history.data !== undefined && rows.length === 0 && (
        <p className="ink2">Ancora nessuna quota generata dalle tariffe.</p>
      )}
      {rows.length > 0 && (
        <div className="quota-history">
          <table className="plain">
            <thead>
              <tr>
                <th scope="col">Tipo e anno</th>
                <th scope="col">Quando</th>
                <th scope="col">Operatore</th>
                <th scope="col">Accertamenti</th>
                <th scope="col" className="right">
                  Valgono ancora
                </th>
                <th scope="col" className="right">
                  Importo €
                </th>
                <th scope="col">
                  <span className="visually-hidden">Disfa</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((r) => (
                <tr key={r.id} className={r.state === 'undone' ? 'struck' : ''}>
                  <td>
                    {r.service} {r.year}
                  </td>
                  <td>
                    <TimeText at={r.at} />
                  </td>
                  <td>{r.operator}</td>
                  <td className="num-text">
                    {formatCount(r.firstNumber)}–{formatCount(r.lastNumber)}/{r.exercise}
                  </td>
                  <td className="num">{formatCount(r.accertamenti.count)}</td>
                  <td className="num">
                    <Money cents={r.accertamenti.cents} />
                  </td>
                  <td className="right">
                    {r.kept === null ? (
                      <Button className="danger" size="compact-xs" onClick={() => setUndoing(r)}>
                        Disfa…
                      </Button>
                    ) : (
                      <span className="muted small">{r.kept}</span>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Sheet>
  )
}
