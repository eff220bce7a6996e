import { Button, Checkbox, TextInput } from '@mantine/core'
import type { InferContractRouterOutputs } from '@orpc/contract'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Contract } from '#contract/contract'
import { client, orpc } from '../../../client.ts'
import { counted, formatCount, Money } from '../../../components/cells.tsx'
import { ErrorNote } from '../../../components/ErrorNote.tsx'
import { Sheet } from '../../../components/Sheet.tsx'

type SentList = InferContractRouterOutputs<Contract>['alboSent']['list']['rows'][number]

const SHOWN = 60

/** The Albo's answer marked by hand: the rows that it refused, each with its reason; the others count as accepted. */
export function AlboAnswerSheet({ row, onClose }: { readonly row: SentList; readonly onClose: () => void }) {
  const queries = useQueryClient()
  const [search, setSearch] = useState('')
  const [refused, setRefused] = useState<ReadonlyMap<number, string>>(new Map())
  const [lastReason, setLastReason] = useState('')
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const rows = useQuery(
    orpc.alboSent.rows.queryOptions({
      input: { filters: { id: row.id }, search, limit: SHOWN, sort: { column: 'personName', direction: 'asc' } },
      placeholderData: (before) => before,
    }),
  )
  const change = (edit: (map: Map<number, string>) => void) => {
    const map = new Map(refused)
    edit(map)
    setRefused(map)
  }
  const save = async () => {
    setBusy(true)
    setError(null)
    try {
      const answers = [...refused].map(([ordinal, reason]) => ({ ordinal, reason }))
      await client.alboSent.answer({ id: row.id, refused: answers })
      await queries.invalidateQueries()
      onClose()
    } catch (failure) {
      setError(failure)
    } finally {
      setBusy(false)
    }
  }
  const count = rows.data?.count ?? 0
  return (
    <Sheet opened onClose={onClose} title={`Righe rifiutate di ${row.fileName}`} size={680}>
      <p className="ink2 small">
        Spunta quelle che l’Albo ha rifiutato e scrivi perché: ripartono con la prossima lista.
      </p>
      <TextInput
        label="Cerca"
        placeholder="Nome, codice fiscale, chiave"
        value={search}
        onChange={(e) => setSearch(e.currentTarget.value)}
      />
      <table className="plain">
        <thead>
          <tr>
            <th>Iscritto</th>
            <th className="right">Anno</th>
            <th className="right">Importo €</th>
            <th>Motivo del rifiuto</th>
          </tr>
        </thead>
        <tbody>
          {rows.data?.rows.map((r) => {
            const reason = refused.get(r.ordinal)
            return (
              <tr key={r.ordinal}>
                <td>
                  <Checkbox
                    label={r.personName}
                    checked={reason !== undefined}
                    disabled={r.again}
                    onChange={(e) => {
                      const { checked } = e.currentTarget
                      change((map) => (checked ? map.set(r.ordinal, lastReason) : map.delete(r.ordinal)))
                    }}
                  />
                </td>
                <td className="right">{r.competenceYear}</td>
                <td className="right">
                  <Money cents={r.cents} />
                </td>
                <td>
                  {reason !== undefined && (
                    <TextInput
                      aria-label={`Motivo per ${r.personName}`}
                      maxLength={500}
                      value={reason}
                      onChange={(e) => {
                        const { value } = e.currentTarget
                        setLastReason(value)
                        change((map) => map.set(r.ordinal, value))
                      }}
                    />
                  )}
                  {r.again && <span className="small muted">già ridetta</span>}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
      {count > SHOWN && (
        <p className="small muted">
          Mostrate {SHOWN} di {formatCount(count)}: cerca il nome.
        </p>
      )}
      <ErrorNote error={error ?? rows.error} />
      <div className="person-foot">
        <Button onClick={onClose}>Lascia</Button>
        <Button
          variant="filled"
          loading={busy}
          disabled={refused.size === 0 || [...refused.values()].some((reason) => reason.trim() === '')}
          onClick={() => void save()}
        >
          Segna {counted(refused.size, 'rifiutata', 'rifiutate')}, accettate le altre
        </Button>
      </div>
    </Sheet>
  )
}
