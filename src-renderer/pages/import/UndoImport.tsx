import type { InferContractRouterOutputs } from '@orpc/contract'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Contract } from '#contract/contract'
import type { Id } from '#domain/brand'
import { problemText } from '#domain/problem'
import { client, orpc } from '../../client.ts'
import { ConfirmDialog } from '../../components/ConfirmDialog.tsx'
import { counted, formatCount, Money } from '../../components/cells.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { ReasonField } from '../../components/fields.tsx'
import { ScrollBox } from '../../components/ScrollBox.tsx'

type Preview = InferContractRouterOutputs<Contract>['registerImport']['undoPreview']

/** Takes a confirmed import back, with a reason, while nothing of it is issued or collected: first what goes and what stays. */
export function UndoImport({
  opened,
  id,
  fileName,
  leave,
  onClose,
}: {
  readonly opened: boolean
  readonly id: Id<'registerImport'>
  readonly fileName: string
  readonly leave: string
  readonly onClose: () => void
}) {
  const [reason, setReason] = useState('')
  const preview = useQuery(orpc.registerImport.undoPreview.queryOptions({ input: { id }, enabled: opened }))
  const effect = preview.data
  const possible = effect?.undoable === true
  return (
    <ConfirmDialog
      opened={opened}
      onClose={onClose}
      title="Disfa l’importazione"
      subtitle={fileName}
      act="Disfa l’importazione"
      leave={leave}
      danger
      disabled={!possible || reason.trim().length < 3}
      {...(possible
        ? {
            warning: `${effect.accertamenti.count > 0 ? 'Gli accertamenti restano nel registro, annullati da una variazione con questo motivo. ' : ''}Lo stesso file si potrà importare di nuovo.`,
          }
        : {})}
      onConfirm={() => client.registerImport.undo({ id, reason })}
    >
      <ErrorNote error={preview.error} />
      {effect && !effect.undoable && (
        <div className="note note-bad">
          <div>
            <p className="strong">Non si può disfare</p>
            {effect.whyNot.map((p) => (
              <p key={p.code}>{problemText(p)}</p>
            ))}
          </div>
        </div>
      )}
      {effect?.undoable && (
        <>
          <Effect effect={effect} />
          <ReasonField value={reason} onChange={setReason} mt={10} />
        </>
      )}
    </ConfirmDialog>
  )
}

function Effect({ effect }: { readonly effect: Preview }) {
  const rows: readonly (readonly [string, number])[] = [
    ['Persone create, tolte', effect.people.removed],
    ['Persone aggiornate, com’erano prima', effect.people.restored],
    ['Recapiti aggiunti, tolti', effect.contacts.removed],
    ['Recapiti di prima, riaperti', effect.contacts.reopened],
    ['Iscrizioni all’albo, tolte', effect.alboEntries.removed],
    ['Iscrizioni di prima, riaperte', effect.alboEntries.reopened],
  ]
  return (
    <>
      <table className="plain">
        <tbody>
          {effect.accertamenti.count > 0 && (
            <tr>
              <td>Accertamenti, annullati</td>
              <td className="right">{formatCount(effect.accertamenti.count)}</td>
              <td className="right">
                <Money cents={effect.accertamenti.cents} euro />
              </td>
            </tr>
          )}
          {rows
            .filter(([, count]) => count > 0)
            .map(([label, count]) => (
              <tr key={label}>
                <td>{label}</td>
                <td className="right">{formatCount(count)}</td>
                <td />
              </tr>
            ))}
        </tbody>
      </table>
      {effect.stays.total > 0 && (
        <>
          <p className="strong undo-stays">{counted(effect.stays.total, 'cosa resta', 'cose restano')}</p>
          <ScrollBox className="undo-list" label="Che cosa resta">
            <ul>
              {effect.stays.first.map((s, i) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes while shown
                <li key={i}>
                  <b className="strong">{s.name}</b> {WHAT[s.what]} {s.value !== s.name && s.value}
                  <span className="muted">: {WHY[s.why]}</span>
                </li>
              ))}
            </ul>
          </ScrollBox>
        </>
      )}
    </>
  )
}

const WHAT: Readonly<Record<Preview['stays']['first'][number]['what'], string>> = {
  person: 'resta in archivio',
  field: 'resta con',
  contact: 'conserva il recapito',
  alboEntry: 'conserva l’iscrizione',
}

const WHY: Readonly<Record<Preview['stays']['first'][number]['why'], string>> = {
  dues: 'degli accertamenti, anche annullati, portano il suo nome',
  used: 'altro nell’archivio si riferisce a lei',
  changed: 'qualcuno ha cambiato questo dato dopo',
}
