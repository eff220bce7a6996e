import { Button, Select, TextInput } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useState } from 'react'
import type { RegisterMapping } from '#domain/register-mapping'
import { columnName } from './FieldSource.tsx'
import type { Look } from './import-draft.ts'
import { refOf, withoutSkip, withSkip } from './mapping-edit.ts'

/** Rows of the file that are none: totals, notes, people who left. Each is told by what a column reads there. */
export function SkipRows({
  columns,
  mapping,
  onChange,
}: {
  readonly columns: Look['columns']
  readonly mapping: RegisterMapping
  readonly onChange: (mapping: RegisterMapping) => void
}) {
  const [letter, setLetter] = useState<string | null>(null)
  const [text, setText] = useState('')
  const column = columns.find((c) => c.letter === letter)
  const add = () => {
    if (column === undefined || text.trim() === '') return
    onChange(withSkip(mapping, refOf(mapping, column), text.trim()))
    setText('')
  }
  return (
    <div className="map-skip">
      {mapping.skip.flatMap((s) =>
        s.texts.map((t) => (
          <div key={`${s.column.letter} ${t}`} className="map-column">
            <span className="cut">
              <b className="t-acc">{s.column.letter}</b> {s.column.heading ?? ''} è «{t}»
            </span>
            <button
              type="button"
              className="icon-button"
              aria-label={`Non saltare più «${t}»`}
              onClick={() => onChange(withoutSkip(mapping, s.column.letter, t))}
            >
              <IconX size={15} stroke={1.7} aria-hidden />
            </button>
          </div>
        )),
      )}
      <form
        className="map-column"
        onSubmit={(event) => {
          event.preventDefault()
          add()
        }}
      >
        <Select
          aria-label="Colonna che dice di saltare la riga"
          placeholder="dove la colonna"
          searchable
          selectFirstOptionOnChange
          data={columns.map((c) => ({ value: c.letter, label: columnName(c) }))}
          value={letter}
          onChange={setLetter}
        />
        <TextInput
          aria-label="Testo che fa saltare la riga"
          placeholder="è «Totale»"
          maxLength={200}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Button type="submit" disabled={column === undefined || text.trim() === ''}>
          Salta
        </Button>
      </form>
    </div>
  )
}
