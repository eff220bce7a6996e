import { TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { NodeEnvironment } from '#domain/node-ports'
import { problemText } from '#domain/problem'
import { ENVIRONMENTS } from '#domain/vocabulary'
import { client, orpc } from '../../client.ts'
import { ConfirmDialog } from '../../components/ConfirmDialog.tsx'
import { counted, formatCount } from '../../components/cells.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { say } from '../../components/toast.ts'
import type { NodeState } from './node-form.ts'

const MEANS: Readonly<Record<NodeEnvironment, string>> = {
  rehearsal: 'Le posizioni andranno al nodo di questo computer: nessuno le vede e nessuno paga davvero.',
  uat: 'Le posizioni andranno al nodo di collaudo di pagoPA: nessuno paga davvero.',
  production:
    'Da qui in poi le posizioni pubblicate sono vere: chi riceve un avviso paga, e i soldi arrivano sul conto dell’ente.',
}

/** What another environment means, with figures, before it is chosen; who enters or leaves real money types the institution's code. */
export function ChooseEnvironment({
  state,
  to,
  onClose,
}: {
  readonly state: NodeState
  readonly to: NodeEnvironment | null
  readonly onClose: () => void
}) {
  const [typed, setTyped] = useState('')
  const input = { environment: to ?? state.environment }
  const preview = useQuery(orpc.node.choosePreview.queryOptions({ input, enabled: to !== null, staleTime: 0 }))
  const name = ENVIRONMENTS[input.environment].name
  const from = ENVIRONMENTS[state.environment].name
  const real = to === 'production' || state.environment === 'production'
  const seen = preview.data?.to === to ? preview.data : undefined
  const refused = seen?.problems ?? []
  const close = () => {
    setTyped('')
    onClose()
  }
  return (
    <ConfirmDialog
      opened={to !== null}
      onClose={close}
      title={`Passa da ${from} a ${name}`}
      subtitle={MEANS[input.environment]}
      act={`Passa a ${name}`}
      leave={`Resta in ${from}`}
      danger={real}
      {...(real ? { edge: 'bad' as const } : {})}
      disabled={seen === undefined || refused.length > 0 || (real && typed.trim() !== state.fiscalCode)}
      onConfirm={async () => {
        if (to === null) return
        await client.node.chooseEnvironment({ environment: to, typed: typed.trim() })
        say(`Ora il programma lavora in ${name}.`)
      }}
    >
      <ErrorNote error={preview.error} />
      {seen && seen.held > 0 && (
        <p>
          {`In ${from} ${seen.held === 1 ? 'è pubblicata' : 'sono pubblicate'} `}
          <b>{counted(seen.held, 'posizione', 'posizioni')}</b>
          {seen.open > 0 ? `, ${formatCount(seen.open)} ancora da pagare. ` : '. '}
          {state.environment === 'production'
            ? 'Restano pagabili da chiunque, ma finché non torni in Produzione il programma non le segue e non riceve i loro pagamenti.'
            : `Là restano; in ${name} si pubblicano da capo.`}
        </p>
      )}
      {seen && state.environment === 'production' && (
        <p className="note note-bad">
          {`I pagamenti finti che arrivano da ${name} entrano in questi libri come quelli veri, e con il primo l’archivio non torna più in Produzione: le prove si fanno su una copia.`}
        </p>
      )}
      {seen && to === 'uat' && seen.inventedReceipts + seen.inventedFlows > 0 && (
        <p>
          {`Nei libri ci sono già ${counted(seen.inventedReceipts, 'ricevuta finta', 'ricevute finte')} e ${counted(seen.inventedFlows, 'flusso finto', 'flussi finti')}: restano, e questo archivio non potrà passare in Produzione.`}
        </p>
      )}
      {refused.map((one) => (
        <p key={`${one.code}-${JSON.stringify(one.params)}`} className="note note-bad">
          {problemText(one)}
        </p>
      ))}
      {real && seen && refused.length === 0 && (
        <TextInput
          label={`Scrivi il codice fiscale dell’ente (${state.fiscalCode})`}
          description={state.institutionName}
          value={typed}
          maxLength={11}
          onChange={(e) => setTyped(e.currentTarget.value)}
        />
      )}
    </ConfirmDialog>
  )
}
