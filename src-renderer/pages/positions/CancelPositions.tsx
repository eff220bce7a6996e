import { client } from '../../client.ts'
import { counted } from '../../components/cells.tsx'
import type { ActProps } from './act-frame.ts'
import { PositionActDialog } from './PositionActDialog.tsx'

type Input = Parameters<typeof client.positionAct.cancelPreview>[0]

/** First what it will do, to how many, and who is left out and why; then a reason and the act. */
export function CancelPositions(props: ActProps) {
  return (
    <PositionActDialog<Input>
      {...props}
      input={{ selection: props.selection }}
      preview={(input, signal) => client.positionAct.cancelPreview(input, { signal })}
      title={(n) => `Annulla ${counted(n, 'posizione', 'posizioni')}`}
      subtitle="L’avviso non si paga più; l’accertamento resta e si può emettere di nuovo."
      words={{ title: 'Annullo le posizioni', done: ['posizione annullata', 'posizioni annullate'] }}
      danger
      lifecycle={['issued', 'cancelled']}
      warning={
        <>
          <b className="strong">Il numero avviso resta preso.</b> Se ti ricredi la posizione si riattiva, con lo stesso
          numero finché il nodo non l’ha resa non valida; una posizione generata da capo ne prende un altro.
        </>
      }
      reasons={['Emessa per errore', 'Non più dovuta', 'Cancellato dall’Albo']}
      run={(input, said, signal) => client.positionAct.cancel({ ...input, ...said }, { signal })}
    />
  )
}
