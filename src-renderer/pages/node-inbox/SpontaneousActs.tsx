import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Id } from '#domain/brand'
import { client, orpc } from '../../client.ts'
import { ConfirmDialog } from '../../components/ConfirmDialog.tsx'
import { counted, Money } from '../../components/cells.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { ReasonField } from '../../components/fields.tsx'
import { say } from '../../components/toast.ts'
import { usePersonSearch } from '../deliveries/person-search.ts'
import type { SpontaneousRow } from './receive-work.ts'

interface Asked {
  readonly row: SpontaneousRow
  readonly onClose: () => void
}

/** Which tipo di dovuto each transfer pays, and who owes it: then person, accertamento and position are made. */
export function AssignSpontaneous({ row, onClose }: Asked) {
  const detail = useQuery(orpc.nodeInbox.spontaneous.get.queryOptions({ input: { id: row.id } }))
  const types = useQuery(orpc.serviceType.list.queryOptions()).data ?? []
  const [chosen, setChosen] = useState<Readonly<Record<number, string>>>({})
  const person = usePersonSearch()
  const own = (detail.data?.transfers ?? []).filter((one) => one.own)
  const typeOf = (idTransfer: number): string | null => {
    const proposed = own.find((one) => one.idTransfer === idTransfer)?.serviceTypeIds ?? []
    // One alone is proposed; of several a person chooses.
    return chosen[idTransfer] ?? (proposed.length === 1 ? String(proposed[0]) : null)
  }
  const missing = own.some((one) => typeOf(one.idTransfer) === null)
  // The position of one that was taken back keeps its person.
  const fixed = row.debtPositionId !== null
  const whom = row.debtorFiscalCode === null ? 'Versante da identificare' : (row.debtorName ?? row.debtorFiscalCode)
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title="Attribuisci il pagamento"
      subtitle={row.description ?? row.iuv}
      act={own.length > 1 ? `Accerta ${own.length} dovuti` : 'Accerta il dovuto'}
      leave="Torna all’elenco"
      disabled={own.length === 0 || missing}
      {...(missing ? { note: 'Scegli il tipo di dovuto.' } : {})}
      onConfirm={async () => {
        await client.nodeInbox.spontaneous.assign({
          id: row.id,
          types: own.map((one) => ({
            idTransfer: one.idTransfer,
            serviceTypeId: Number(typeOf(one.idTransfer)) as Id<'serviceType'>,
          })),
          personId: fixed ? null : (person.chosen?.id ?? null),
        })
        say('Accertato: la sua riga nel flusso lo troverà da sola.')
      }}
    >
      <ErrorNote error={detail.error} />
      <p>
        Nascono l’accertamento e la posizione, con lo IUV della ricevuta e l’importo pagato. Se la persona non c’è,
        nasce anche lei.
      </p>
      <div className="form-grid">
        {own.map((one) => (
          <div key={one.idTransfer} className="span-6">
            <Select
              label={
                <>
                  Tipo di dovuto per <Money cents={one.cents} euro /> {one.category === null ? '' : `· ${one.category}`}
                </>
              }
              value={typeOf(one.idTransfer)}
              searchable
              data={types
                .filter((type) => type.active)
                .sort((a, b) => Number(one.serviceTypeIds.includes(b.id)) - Number(one.serviceTypeIds.includes(a.id)))
                .map((type) => ({
                  value: String(type.id),
                  label: one.serviceTypeIds.includes(type.id) ? `${type.name} (stesso codice)` : type.name,
                }))}
              onChange={(id) => id && setChosen({ ...chosen, [one.idTransfer]: id })}
            />
          </div>
        ))}
        <div className="span-6">
          {fixed ? (
            <p className="small ink2">Resta di {row.personName}: è la stessa posizione di prima.</p>
          ) : (
            <Select
              label="Chi lo doveva"
              placeholder={`${whom}, come dice la ricevuta`}
              searchable
              clearable
              searchValue={person.text}
              onSearchChange={person.setText}
              data={person.options}
              filter={({ options }) => options}
              nothingFoundMessage={person.none ? 'Nessuno si chiama così' : 'Scrivi almeno due lettere'}
              value={person.value}
              onChange={person.choose}
            />
          )}
        </div>
      </div>
    </ConfirmDialog>
  )
}

/** Position cancelled, accertamenti cancelled; the person stays. */
export function UndoSpontaneous({ row, onClose }: Asked) {
  const [reason, setReason] = useState('')
  const n = row.accertamenti.length
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title="Disfa il pagamento spontaneo"
      act="Disfa"
      leave="Torna all’elenco"
      danger
      disabled={reason.trim().length < 3}
      {...(reason.trim().length < 3 ? { note: 'Scrivi il motivo.' } : {})}
      onConfirm={async () => {
        await client.nodeInbox.spontaneous.undo({ id: row.id, reason: reason.trim() })
        say('Disfatto: il pagamento torna tra quelli da attribuire.')
      }}
    >
      <p>
        Si annullano la posizione e {counted(n, 'accertamento', 'accertamenti')} ({row.accertamenti.join(', ')}) di{' '}
        <Money cents={row.ownCents} euro strong />. La ricevuta resta, e il pagamento torna da attribuire.
      </p>
      <ReasonField value={reason} onChange={setReason} />
    </ConfirmDialog>
  )
}
