import type { InferContractRouterOutputs } from '@orpc/contract'
import type { Contract } from '#contract/contract'
import { problemText } from '#domain/problem'
import { REGISTER_FIELD_NAMES, REGISTER_FIELDS, type RegisterField } from '#domain/register-field'
import type { RegisterMapping } from '#domain/register-mapping'
import { stateWord } from '#domain/vocabulary'
import { formatCount } from '../../components/cells.tsx'
import { ScrollBox } from '../../components/ScrollBox.tsx'
import { StIcon } from '../../components/St.tsx'
import { shapeOfField } from './register-words.ts'

type Preview = InferContractRouterOutputs<Contract>['registerImport']['preview']

/** The first rows as the mapping reads them: a field a column, whatever the file calls it. */
export function ReadTable({
  read,
  mapping,
}: {
  readonly read: Preview | undefined
  readonly mapping: RegisterMapping
}) {
  const rows = read?.rows ?? []
  const fields = REGISTER_FIELD_NAMES.filter(
    (field) => mapping.fields[field] !== undefined || rows.some((row) => row.values[field] !== undefined),
  )
  return (
    <ScrollBox className="chooser-scroll" label="Come sarà letto">
      <table className="plain chooser-table read-table">
        <thead>
          <tr>
            <th className="right">Riga</th>
            <th>
              <span className="visually-hidden">Esito</span>
            </th>
            {fields.map((field) => (
              <th key={field} className={shapeOfField(field).right ? 'right' : ''}>
                {REGISTER_FIELDS[field].label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const { word, tone } = stateWord('importRow', row.status)
            const why = row.problems.map((p) => problemText(p)).join(' ')
            return (
              <tr key={row.row}>
                <td className="right muted">{formatCount(row.row)}</td>
                <td title={why}>
                  <StIcon tone={tone} word={why === '' ? word : `${word}: ${why}`} />
                </td>
                {fields.map((field) => (
                  <ReadCell key={field} field={field} text={row.values[field]} />
                ))}
              </tr>
            )
          })}
        </tbody>
      </table>
      {rows.length === 0 && (
        <p className="card-body ink2">Quando i campi obbligatori hanno una colonna, qui leggi le prime righe.</p>
      )}
    </ScrollBox>
  )
}

function ReadCell({ field, text }: { readonly field: RegisterField; readonly text: string | undefined }) {
  const shape = shapeOfField(field)
  return (
    <td className={[shape.right ? 'right' : '', shape.mono ? 'mono' : ''].join(' ').trim()} title={text}>
      {text ?? <span className="muted">·</span>}
    </td>
  )
}
