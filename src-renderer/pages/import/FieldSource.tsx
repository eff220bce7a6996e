import { Button, SegmentedControl, Select, TextInput } from '@mantine/core'
import { IconArrowsExchange, IconX } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { REGISTER_FIELDS, type RegisterField } from '#domain/register-field'
import { CATEGORY_NAMES, CAUSALE_FIELDS, type RegisterMapping } from '#domain/register-mapping'
import { unknownField } from '#domain/template'
import { orpc } from '../../client.ts'
import { FieldChips } from '../../components/FieldChips.tsx'
import { useFieldInsert } from '../../components/field-insert.ts'
import type { Look } from './import-draft.ts'
import { canJoin, columnsOf, refOf, withColumns, withOtherwise, withSource } from './mapping-edit.ts'

type Kind = 'none' | 'columns' | 'constant' | 'template'

/** Where one field takes its text: columns, the same for every row, or (the causale) other fields. */
export function FieldSource({
  field,
  columns,
  mapping,
  onChange,
  onTranslate,
}: {
  readonly field: RegisterField
  readonly columns: Look['columns']
  readonly mapping: RegisterMapping
  readonly onChange: (mapping: RegisterMapping) => void
  readonly onTranslate: () => void
}) {
  const source = mapping.fields[field]
  const [asked, setAsked] = useState<Kind | null>(null)
  const kind: Kind = asked ?? source?.kind ?? 'columns'
  const facts = REGISTER_FIELDS[field]
  const choose = (next: Kind) => {
    setAsked(next)
    if (next === 'none' || (source !== undefined && source.kind !== next)) onChange(withSource(mapping, field, null))
    if (next === 'template') onChange(withSource(mapping, field, { kind: 'template', template: FIRST_TEMPLATE }))
  }
  const kinds = [
    { value: 'columns', label: 'Colonna' },
    { value: 'constant', label: 'Uguale per tutte' },
    ...(field === 'causale' ? [{ value: 'template', label: 'Composta' }] : []),
    ...(facts.required === 'no' ? [{ value: 'none', label: 'Non serve' }] : []),
  ]
  return (
    <div className="map-editor">
      <p className="small ink2">{facts.help}</p>
      <SegmentedControl
        fullWidth
        data={kinds}
        value={kind}
        aria-label={`Da dove viene: ${facts.label}`}
        onChange={(next) => choose(next as Kind)}
      />
      {kind === 'columns' && (
        <ColumnsOf
          field={field}
          columns={columns}
          mapping={mapping}
          onChange={(next) => {
            setAsked(null)
            onChange(next)
          }}
          onTranslate={onTranslate}
        />
      )}
      {kind === 'constant' && (
        <ConstantText
          field={field}
          label="Vale per tutte le righe"
          value={source?.kind === 'constant' ? source.text : ''}
          onChange={(text) => {
            setAsked('constant')
            onChange(withSource(mapping, field, text === '' ? null : { kind: 'constant', text }))
          }}
        />
      )}
      {kind === 'template' && (
        <Template
          value={source?.kind === 'template' ? source.template : ''}
          onChange={(template) =>
            onChange(withSource(mapping, field, template === '' ? null : { kind: 'template', template }))
          }
        />
      )}
    </div>
  )
}

const FIRST_TEMPLATE = '{servizio} {anno}'

function ColumnsOf({
  field,
  columns,
  mapping,
  onChange,
  onTranslate,
}: {
  readonly field: RegisterField
  readonly columns: Look['columns']
  readonly mapping: RegisterMapping
  readonly onChange: (mapping: RegisterMapping) => void
  readonly onTranslate: () => void
}) {
  const source = mapping.fields[field]
  const own = columnsOf(source)
  const free = columns.filter((c) => !own.some((o) => o.letter === c.letter))
  const options = free.map((c) => ({ value: c.letter, label: columnName(c) }))
  const translations = source?.kind === 'columns' ? source.translations.length : 0
  const { kind } = REGISTER_FIELDS[field]
  return (
    <>
      {own.map((column, i) => (
        <div key={column.letter} className="map-column">
          <span className="cut">
            <b className="t-acc">{column.letter}</b> {column.heading ?? ''}
          </span>
          {i > 0 && (
            <button
              type="button"
              className="icon-button"
              aria-label={`Metti ${column.letter} prima di ${own[i - 1]?.letter ?? ''}`}
              onClick={() => {
                const next = [...own]
                next.splice(i - 1, 0, ...next.splice(i, 1))
                onChange(withColumns(mapping, field, next))
              }}
            >
              <IconArrowsExchange size={15} stroke={1.7} aria-hidden />
            </button>
          )}
          <button
            type="button"
            className="icon-button"
            aria-label={`Togli la colonna ${column.letter}`}
            onClick={() =>
              onChange(
                withColumns(
                  mapping,
                  field,
                  own.filter((c) => c !== column),
                ),
              )
            }
          >
            <IconX size={15} stroke={1.7} aria-hidden />
          </button>
        </div>
      ))}
      {(own.length === 0 || (canJoin(field) && own.length < 6)) && (
        <Select
          key={own.length}
          aria-label={own.length === 0 ? `Colonna per ${REGISTER_FIELDS[field].label}` : 'Unisci un’altra colonna'}
          placeholder={own.length === 0 ? 'Scegli la colonna' : 'unisci un’altra colonna'}
          searchable
          selectFirstOptionOnChange
          data={options}
          value={null}
          nothingFoundMessage="Nessuna colonna con questo nome"
          onChange={(letter) => {
            const added = columns.find((c) => c.letter === letter)
            if (added !== undefined) onChange(withColumns(mapping, field, [...own, refOf(mapping, added)]))
          }}
        />
      )}
      {own.length > 1 && <p className="small ink2">Si leggono unite, con uno spazio in mezzo.</p>}
      {own.length > 0 && (
        <>
          <ConstantText
            field={field}
            label="Dove la cella è vuota"
            value={source?.kind === 'columns' ? (source.otherwise ?? '') : ''}
            onChange={(text) => onChange(withOtherwise(mapping, field, text === '' ? null : text))}
          />
          {kind === 'text' && (
            <Button onClick={onTranslate}>
              {translations === 0
                ? 'Traduci i valori…'
                : `${translations === 1 ? '1 valore tradotto' : `${translations} valori tradotti`}…`}
            </Button>
          )}
        </>
      )}
    </>
  )
}

/** A text for the field: one of ours where only those are read. */
function ConstantText({
  field,
  label,
  value,
  onChange,
}: {
  readonly field: RegisterField
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
}) {
  const known = useKnownTexts(field)
  if (known !== null) {
    return (
      <Select
        label={label}
        placeholder="scegli"
        searchable
        selectFirstOptionOnChange
        clearable
        data={known.includes(value) || value === '' ? known : [value, ...known]}
        value={value === '' ? null : value}
        onChange={(text) => onChange(text ?? '')}
      />
    )
  }
  return (
    <TextInput label={label} maxLength={500} value={value} onChange={(event) => onChange(event.currentTarget.value)} />
  )
}

/** The only texts that a field takes, where they are few; null where anything is read. */
export function useKnownTexts(field: RegisterField): string[] | null {
  const services = useQuery(orpc.serviceType.list.queryOptions({ enabled: field === 'service' }))
  if (field === 'category') return Object.values(CATEGORY_NAMES)
  if (field === 'service') return (services.data ?? []).filter((s) => s.active).map((s) => s.name)
  return null
}

function Template({ value, onChange }: { readonly value: string; readonly onChange: (value: string) => void }) {
  const { ref, insert } = useFieldInsert<HTMLInputElement>(value, onChange)
  const unknown = unknownField(value, CAUSALE_FIELDS)
  return (
    <>
      <TextInput
        ref={ref}
        label="Causale di ogni riga"
        maxLength={200}
        value={value}
        error={unknown === null ? null : `«{${unknown}}» non è un campo: scegline uno qui sotto.`}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      <FieldChips fields={CAUSALE_FIELDS} onInsert={insert} />
    </>
  )
}

export function columnName(column: Look['columns'][number]): string {
  return column.heading === '' ? column.letter : `${column.letter} ${column.heading}`
}
