import { Button } from '@mantine/core'
import type { InferContractRouterOutputs } from '@orpc/contract'
import type { Contract } from '#contract/contract'
import { Sheet } from '../../components/Sheet.tsx'
import { ToneText } from '../../components/St.tsx'
import { fieldName } from './register-words.ts'

type Columns = InferContractRouterOutputs<Contract>['registerImport']['get']['columns']

/** Which column of the file fills which field, and which are not read. */
export function ColumnsSheet({
  opened,
  onClose,
  profile,
  columns,
  onColumns,
}: {
  readonly opened: boolean
  readonly onClose: () => void
  readonly profile: string
  readonly columns: Columns
  /** Back to the columns, where they can be assigned otherwise. */
  readonly onColumns: (() => void) | null
}) {
  return (
    <Sheet opened={opened} onClose={onClose} title="Colonne riconosciute" size={620}>
      <p className="ink2">
        Il file è letto come «{profile}»: le colonne si riconoscono dal titolo, in qualunque ordine.
        {onColumns === null && ' Per assegnarle in un altro modo scegli di nuovo il file.'}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
      {/* biome-ignore lint/a11y/useSemanticElements: a part that scrolls, not a set of fields */}
      <div className="columns-list" tabIndex={0} role="group" aria-label="Colonne">
        <table className="plain">
          <thead>
            <tr>
              <th>Colonna</th>
              <th>Titolo nel file</th>
              <th>Campo che riempie</th>
            </tr>
          </thead>
          <tbody>
            {columns.map((c) => (
              <tr key={c.letter}>
                <td className="strong t-acc">{c.letter}</td>
                <td>{c.heading}</td>
                <td>{c.field === null ? <ToneText tone="warn">non letta</ToneText> : fieldName(c.field)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {onColumns !== null && (
        <div className="sheet-foot">
          <Button variant="filled" onClick={onColumns}>
            Assegna le colonne…
          </Button>
        </div>
      )}
    </Sheet>
  )
}
