import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { client, orpc } from '../../client.ts'
import { ConfirmDialog } from '../../components/ConfirmDialog.tsx'
import { DateText, formatCount } from '../../components/cells.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { ReasonField } from '../../components/fields.tsx'
import type { PersonId } from './card.ts'

/** Erasure of personal data: what goes, what stays, why and until when, before it is done. */
export function EraseDialog({
  id,
  onClose,
  onErased,
}: {
  readonly id: PersonId
  readonly onClose: () => void
  readonly onErased: (wholly: boolean) => void
}) {
  const { data, error } = useQuery(orpc.person.erasePreview.queryOptions({ input: { id } }))
  const [reason, setReason] = useState('')
  const name = data?.name ?? ''
  const blocked = data?.blocked ?? []
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`Cancella i dati personali di ${name}`}
      subtitle={
        data?.wholly
          ? 'I libri non la nominano: se ne va tutta la scheda.'
          : 'Resta solo ciò che i libri devono conservare.'
      }
      act="Cancella i dati personali"
      leave="Torna alla scheda"
      danger
      wide
      disabled={data === undefined || blocked.length > 0 || reason.trim().length < 3}
      {...(blocked.length > 0
        ? {}
        : { warning: 'Non si può disfare. Per averne una copia, prima «Esporta i dati personali».' })}
      onConfirm={async () => {
        const { wholly } = await client.person.erase({ id, reason: reason.trim() })
        onErased(wholly)
      }}
    >
      <ErrorNote error={error} />
      {blocked.length > 0 && (
        <div className="note note-bad">
          <div>
            Adesso non si può:
            <ul className="erase-list">
              {blocked.map((why) => (
                <li key={why}>{why}</li>
              ))}
            </ul>
          </div>
        </div>
      )}
      {data && (
        <div className="erase-sides">
          <section>
            <h3>Se ne va</h3>
            <ul className="erase-list">
              {data.goes.map((row) => (
                <li key={row.what}>
                  {row.what} <span className="muted">({formatCount(row.count)})</span>
                </li>
              ))}
              {data.goes.length === 0 && <li className="muted">Niente: non c’è altro che i libri.</li>}
            </ul>
          </section>
          <section>
            <h3>
              Resta
              {data.until !== null && (
                <>
                  {' '}
                  fino al <DateText date={data.until} />
                </>
              )}
            </h3>
            <ul className="erase-list">
              {data.stays.map((row) => (
                <li key={row.what}>
                  {row.what} <span className="muted">({formatCount(row.count)})</span>
                  <div className="muted small">{row.why}</div>
                </li>
              ))}
              {data.stays.length === 0 && <li className="muted">Niente.</li>}
            </ul>
            {data.stays.length > 0 && (
              <p className="muted small">
                Le scritture contabili si conservano dieci anni dalla fine dell’esercizio (art. 2220 c.c.).
              </p>
            )}
          </section>
        </div>
      )}
      {blocked.length === 0 && <ReasonField value={reason} onChange={setReason} mt={8} />}
    </ConfirmDialog>
  )
}
