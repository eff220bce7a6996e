import { Select } from '@mantine/core'
import type { ComponentProps, FocusEvent } from 'react'
import { REGISTER_FIELDS, type RegisterField } from '#domain/register-field'
import type { RegisterMapping } from '#domain/register-mapping'
import type { Look } from './import-draft.ts'

/** The choice of a column that nothing reads. */
export const IGNORE = 'ignora'
/** What is typed takes the place of what is there, the first that fits is chosen; passing by with Tab opens nothing. */
const TYPED = {
  searchable: true,
  selectFirstOptionOnChange: true,
  openOnFocus: false,
  onFocus: (event: FocusEvent<HTMLInputElement>) => event.currentTarget.select(),
} as const

/** The head of a column of the file: letter, title, the field that it fills, chosen by typing. */
export function ColumnHead({
  column,
  fields,
  mapping,
  options,
  onChange,
}: {
  readonly column: Look['columns'][number] | undefined
  readonly fields: readonly RegisterField[]
  readonly mapping: RegisterMapping
  readonly options: NonNullable<ComponentProps<typeof Select>['data']>
  readonly onChange: (field: RegisterField | null) => void
}) {
  if (column === undefined) return null
  const [first, ...others] = fields
  const source = first === undefined ? undefined : mapping.fields[first]
  const joined = source?.kind === 'columns' && source.columns.length > 1 ? source.columns.map((c) => c.letter) : []
  return (
    <div className="map-head">
      <span className="cut" title={[column.heading, column.reason].filter(Boolean).join(': ')}>
        <b className="t-acc">{column.letter}</b> {column.heading}
      </span>
      <Select
        aria-label={`Campo della colonna ${column.letter} ${column.heading}`}
        {...TYPED}
        data={options}
        value={first ?? IGNORE}
        nothingFoundMessage="Nessun campo con questo nome"
        comboboxProps={{ withinPortal: true, width: 230, position: 'bottom-start' }}
        onChange={(field) => onChange(field === IGNORE || field === null ? null : (field as RegisterField))}
      />
      <span className="muted map-joined cut">
        {joined.length > 0 && `unita: ${joined.join(' + ')}`}
        {others.length > 0 && ` anche ${others.map((f) => REGISTER_FIELDS[f].label).join(', ')}`}
      </span>
    </div>
  )
}
