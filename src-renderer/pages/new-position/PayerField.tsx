import { Combobox, TextInput, useCombobox } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { Id } from '#domain/brand'
import { FIELDS } from '#domain/vocabulary'
import { orpc } from '../../client.ts'
import { Mono } from '../../components/cells.tsx'

/** The option that creates the person instead of choosing one. */
const NEW = 'nuova'
const SHOWN = 10

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
  const typed = text.trim()
  const [asked] = useDebouncedValue(typed, 150)
  const found = useQuery(
    orpc.person.list.queryOptions({
      input: { filters: {}, search: asked, sort: { column: 'name', direction: 'asc' }, offset: 0, limit: SHOWN },
      enabled: asked.length >= 2,
      placeholderData: keepPreviousData,
    }),
  )
  const combobox = useCombobox()
  const rows = asked.length < 2 ? [] : (found.data?.rows ?? [])
  const more = (found.data?.count ?? 0) - rows.length
  const known = asked.length >= 2 && found.data !== undefined
  // The hand stays on the first that was found, whatever stood there before.
  const first = rows[0]?.id ?? NEW
  // biome-ignore lint/correctness/useExhaustiveDependencies: the list that is shown decides
  useEffect(() => {
    if (known) combobox.selectFirstOption()
  }, [known, first, rows.length])
  return (
    <Combobox
      store={combobox}
      withinPortal={false}
      onOptionSubmit={(value) => {
        if (value === NEW) onNew(typed)
        else onChoose(Number(value) as Id<'person'>)
      }}
    >
      <Combobox.Target>
        <TextInput
          label="Cerca per nome, codice fiscale o numero d’albo"
          placeholder="bastano due lettere"
          autoFocus
          value={text}
          onFocus={() => combobox.openDropdown()}
          onBlur={() => combobox.closeDropdown()}
          onChange={(e) => {
            setText(e.currentTarget.value)
            combobox.openDropdown()
          }}
        />
      </Combobox.Target>
      <Combobox.Dropdown hidden={!known}>
        <Combobox.Options aria-label="Persone trovate">
          {rows.map((row) => (
            <Combobox.Option key={row.id} value={String(row.id)}>
              <span className="payer-option">
                <span className="cut strong">{row.name}</span>
                <Mono>{row.fiscalCode}</Mono>
                <span className="small">{row.alboNumber === null ? '' : `${FIELDS.albo} ${row.alboNumber}`}</span>
              </span>
            </Combobox.Option>
          ))}
          <Combobox.Option value={NEW}>
            {rows.length === 0 ? 'Nessuno nel registro. ' : ''}
            <span className="strong">Nuova persona: {typed}</span>
            {more > 0 ? <span className="small"> (o scrivi di più: altre {more} trovate)</span> : null}
          </Combobox.Option>
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  )
}
