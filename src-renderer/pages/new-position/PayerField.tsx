import { Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Id } from '#domain/brand'
import { FIELDS } from '#domain/vocabulary'
import { orpc } from '../../client.ts'
import { Mono } from '../../components/cells.tsx'

/** The option that creates the person instead of choosing one. */
const NEW = 'nuova'
const SHOWN = 12

/** Who pays, found while typing by name, fiscal code or albo number; the last choice is a person who is not there yet. */
export function PayerField({
  onChoose,
  onNew,
}: {
  readonly onChoose: (id: Id<'person'>) => void
  /** With what was typed: a name or a fiscal code. */
  readonly onNew: (typed: string) => void
}) {
  const [text, setText] = useState('')
  const [asked] = useDebouncedValue(text.trim(), 150)
  const found = useQuery(
    orpc.person.list.queryOptions({
      input: { filters: {}, search: asked, sort: { column: 'name', direction: 'asc' }, offset: 0, limit: SHOWN },
      enabled: asked.length >= 2,
      placeholderData: keepPreviousData,
    }),
  )
  const rows = asked.length < 2 ? [] : (found.data?.rows ?? [])
  const byValue = new Map(rows.map((row) => [String(row.id), row]))
  return (
    <Select
      label="Chi paga"
      description={
        asked.length >= 2 && found.data?.count === 0
          ? 'Nessuno con questo nome, codice fiscale o numero d’albo.'
          : 'Nome, codice fiscale o numero d’albo: bastano due lettere.'
      }
      placeholder="Cerca una persona"
      searchable
      selectFirstOptionOnChange
      data-autofocus
      autoFocus
      value={null}
      data={[
        ...rows.map((row) => ({ value: String(row.id), label: row.name })),
        ...(text.trim().length >= 2 ? [{ value: NEW, label: `Nuova persona: ${text.trim()}` }] : []),
      ]}
      onChange={(value) => {
        if (value === NEW) onNew(text.trim())
        else if (value !== null) onChoose(Number(value) as Id<'person'>)
      }}
      searchValue={text}
      onSearchChange={setText}
      filter={({ options }) => options}
      comboboxProps={{ withinPortal: false }}
      renderOption={({ option }) => {
        const row = byValue.get(option.value)
        if (row === undefined) return <span className="link">{option.label}</span>
        return (
          <span className="payer-option">
            <span className="cut strong">{row.name}</span>
            <Mono>{row.fiscalCode}</Mono>
            <span className="muted small">{row.alboNumber === null ? '' : `${FIELDS.albo} ${row.alboNumber}`}</span>
          </span>
        )
      }}
    />
  )
}
