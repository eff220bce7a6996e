import { Select } from '@mantine/core'
import type { RegisterMapping } from '#domain/register-mapping'
import type { Draft, Look } from './import-draft.ts'
import { withPurpose } from './mapping-edit.ts'
import { AMOUNT_FORMS, DATE_FORMS, ENCODINGS, PURPOSES, SEPARATORS } from './register-words.ts'

/** How the file is cut into cells and how its dates and amounts are written. */
export function MapShape({
  draft,
  look,
  mapping,
}: {
  readonly draft: Draft
  readonly look: Look
  readonly mapping: RegisterMapping
}) {
  const headings = [
    { value: '0', label: 'nessuna' },
    ...look.rows.slice(0, 30).map((row) => ({ value: String(row.number), label: `riga ${row.number}` })),
  ]
  const sheets = look.sheets.filter((s) => !s.hidden || s.name === look.sheet)
  return (
    <div className="card map-shape">
      {sheets.length > 1 && (
        <Select
          label="Foglio"
          data={sheets.map((s) => s.name)}
          value={look.sheet}
          onChange={(sheet) => sheet !== null && draft.ask({ sheet, headerRow: null })}
        />
      )}
      <Select
        label="Intestazioni"
        data={headings}
        value={String(look.headerRow ?? 0)}
        onChange={(row) => row !== null && draft.ask({ headerRow: Number(row) })}
      />
      {look.separator !== null && (
        <Select
          label="Separatore"
          data={optionsOf(SEPARATORS)}
          value={look.separator}
          onChange={(value) => value !== null && draft.ask({ separator: value as keyof typeof SEPARATORS })}
        />
      )}
      {look.encoding !== null && (
        <Select
          label="Caratteri"
          data={optionsOf(ENCODINGS)}
          value={look.encoding}
          onChange={(value) => value !== null && draft.ask({ encoding: value as keyof typeof ENCODINGS })}
        />
      )}
      <Select
        label="Contiene"
        data={optionsOf(PURPOSES)}
        value={mapping.purpose}
        onChange={(value) => value !== null && draft.set(withPurpose(mapping, value as keyof typeof PURPOSES))}
      />
      <Select
        label="Importi"
        data={optionsOf(AMOUNT_FORMS)}
        value={mapping.amountForm}
        disabled={mapping.purpose === 'people'}
        onChange={(value) =>
          value !== null && draft.set({ ...mapping, amountForm: value as keyof typeof AMOUNT_FORMS })
        }
      />
      <Select
        label="Date"
        data={optionsOf(DATE_FORMS)}
        value={mapping.dateForm}
        onChange={(value) => value !== null && draft.set({ ...mapping, dateForm: value as keyof typeof DATE_FORMS })}
      />
    </div>
  )
}

function optionsOf(words: Readonly<Record<string, string>>): { value: string; label: string }[] {
  return Object.entries(words).map(([value, label]) => ({ value, label }))
}
