import { NumberInput, Select } from '@mantine/core'
import { STATEMENT_ENCODINGS, type StatementMapping } from '#domain/bank-statement'
import { FileHeadTable } from '../../components/FileHeadTable.tsx'
import { columnLetter, ROLES, type Role, type Roles, type Shape } from './columns-to-mapping.ts'

const SEPARATORS = [
  { value: ';', label: 'punto e virgola ;' },
  { value: ',', label: 'virgola ,' },
  { value: '\t', label: 'tabulazione' },
  { value: '|', label: 'barra |' },
]
const DATES = [
  { value: 'dmy', label: 'giorno mese anno' },
  { value: 'ymd', label: 'anno mese giorno' },
  { value: 'mdy', label: 'mese giorno anno' },
  { value: 'd-month-y', label: '12 mar 2026' },
]
const MARKS = [
  { value: ',', label: '1.234,56' },
  { value: '.', label: '1,234.56' },
]
const UNITS = [
  { value: 'euro', label: 'euro' },
  { value: 'cents', label: 'centesimi' },
]
const DESCRIPTIONS = [
  { value: 'one', label: 'su una riga' },
  { value: 'until-next-date', label: 'continua nelle righe sotto' },
]
const JOINTS = [
  { value: 'blank', label: 'con uno spazio' },
  { value: 'none', label: 'senza niente' },
]
const ENCODINGS = STATEMENT_ENCODINGS.map((value) => ({
  value,
  label: value === 'utf-8' ? 'UTF-8' : 'Windows (1252)',
}))

/** The head of the file as a table: a select on each column says what it holds (SCREENS.md §9.3, mapping in the head). */
export function ColumnChooser({
  head,
  shape,
  roles,
  onShape,
  onRole,
}: {
  readonly head: readonly (readonly string[])[]
  readonly shape: Shape
  readonly roles: Roles
  readonly onShape: (patch: Partial<Shape>) => void
  readonly onRole: (column: number, role: Role | null) => void
}) {
  const options = Object.entries(ROLES).map(([value, label]) => ({ value, label }))
  const headings = [
    { value: '', label: 'nessuna' },
    ...head.slice(0, 15).map((_, i) => ({ value: String(i), label: `riga ${i + 1}` })),
  ]
  const pick =
    <K extends keyof StatementMapping & keyof Shape>(key: K) =>
    (value: string | null) => {
      if (value !== null) onShape({ [key]: value } as Partial<Shape>)
    }
  return (
    <div className="chooser">
      <div className="chooser-shape">
        <Select
          label="Intestazioni"
          data={headings}
          value={shape.headerRow === null ? '' : String(shape.headerRow)}
          allowDeselect={false}
          onChange={(v) => onShape({ headerRow: v === '' || v === null ? null : Number(v) })}
        />
        <Select
          label="Date"
          data={DATES}
          value={shape.dateFormat}
          allowDeselect={false}
          onChange={pick('dateFormat')}
        />
        <Select
          label="Importi"
          data={MARKS}
          value={shape.decimalMark}
          allowDeselect={false}
          onChange={pick('decimalMark')}
        />
        <Select
          label="Separatore"
          data={SEPARATORS}
          value={shape.separator}
          allowDeselect={false}
          onChange={pick('separator')}
        />
        <Select
          label="Caratteri"
          data={ENCODINGS}
          value={shape.encoding}
          allowDeselect={false}
          onChange={pick('encoding')}
        />
        <Select
          label="Unità"
          data={UNITS}
          value={shape.amountUnit}
          allowDeselect={false}
          onChange={pick('amountUnit')}
        />
        <Select
          label="Descrizione"
          data={DESCRIPTIONS}
          value={shape.descriptionRows}
          allowDeselect={false}
          onChange={pick('descriptionRows')}
        />
        <Select
          label="Pezzi uniti"
          data={JOINTS}
          value={shape.descriptionJoint}
          allowDeselect={false}
          onChange={pick('descriptionJoint')}
        />
        <NumberInput
          label="Salta in cima"
          min={0}
          max={500}
          value={shape.skipTop}
          onChange={(v) => onShape({ skipTop: Number(v) || 0 })}
        />
        <NumberInput
          label="Salta in fondo"
          min={0}
          max={500}
          value={shape.skipBottom}
          onChange={(v) => onShape({ skipBottom: Number(v) || 0 })}
        />
      </div>
      <FileHeadTable
        rows={head.map((cells, i) => ({ number: i + 1, cells }))}
        headerRow={shape.headerRow === null ? null : shape.headerRow + 1}
        chosen={(c) => roles[c] !== undefined}
        head={(c) => (
          <Select
            aria-label={`Che cosa contiene la colonna ${columnLetter(c)}`}
            placeholder={`${columnLetter(c)} · ignora`}
            data={options}
            value={roles[c] ?? null}
            clearable
            comboboxProps={{ withinPortal: true, width: 180, position: 'bottom-start' }}
            onChange={(role) => onRole(c, role as Role | null)}
          />
        )}
      />
    </div>
  )
}
