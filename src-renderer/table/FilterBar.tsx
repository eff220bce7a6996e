import { Button, Checkbox, Menu, Popover, Radio, TextInput } from '@mantine/core'
import { IconFilter, IconSearch, IconX } from '@tabler/icons-react'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { formatDate, type IsoDate, parseItalianDate } from '#domain/date'
import { type Cents, formatCents, parseAmount } from '#domain/money'
import { Key } from '../components/Key.tsx'
import { useKeys } from '../keys.ts'
import type { ListState } from './list-state.ts'

/** A filter of a list; its value stands in the address under `key`. */
export interface FilterDef {
  readonly key: string
  /** «Scadenza». */
  readonly label: string
  /** `one` and `many` choose among options (many: `a,b`), `date` is an ISO day, `amount` cents as text, `days` a count of them, `text` as typed. */
  readonly kind: 'one' | 'many' | 'date' | 'amount' | 'days' | 'text'
  readonly options?: readonly { readonly value: string; readonly label: string }[]
  /** Before the value in words: «fino al», «da». */
  readonly prefix?: string
  /** Set by links alone, never chosen from the menu: nobody knows such a value by heart. */
  readonly linked?: boolean
}

/** The value in words: «fino al 31/03/2026», «scaduta, pagata in parte». */
export function filterWords(filter: FilterDef, value: string): string {
  const prefix = filter.prefix ? `${filter.prefix} ` : ''
  if (filter.kind === 'date') return `${prefix}${formatDate(value as IsoDate)}`
  if (filter.kind === 'amount') return `${prefix}${formatCents(Number(value) as Cents)}`
  if (filter.kind === 'text') return `${prefix}${value}`
  if (filter.kind === 'days') return `${prefix}${value} ${value === '1' ? 'giorno' : 'giorni'}`
  const labels = value.split(',').map((v) => filter.options?.find((o) => o.value === v)?.label ?? v)
  return `${prefix}${labels.join(', ').toLocaleLowerCase('it')}`
}

/** All filters in words, for Stampa, for «nothing matches» and for the title of an export. */
export function filtersInWords(filters: readonly FilterDef[], list: ListState): string {
  const words = filters.flatMap((f) => {
    const value = list.filters[f.key]
    return value === undefined ? [] : [`${f.label} ${filterWords(f, value)}`]
  })
  if (list.search !== '') words.push(`Ricerca «${list.search}»`)
  return words.join('; ')
}

/** Chips, «Aggiungi filtro», search (`/`) and what the page adds at the right (usually «Colonne»). */
export function FilterBar({
  list,
  filters,
  searchLabel = 'Cerca nell’elenco',
  right,
}: {
  readonly list: ListState
  readonly filters: readonly FilterDef[]
  readonly searchLabel?: string
  readonly right?: ReactNode
}) {
  const [opened, setOpened] = useState<string | null>(null)
  const unset = filters.filter((f) => !f.linked && list.filters[f.key] === undefined && f.key !== opened)
  const shown = filters.filter((f) => list.filters[f.key] !== undefined || f.key === opened)
  return (
    <div className="filter-bar">
      {shown.map((filter) => (
        <Chip
          key={filter.key}
          filter={filter}
          value={list.filters[filter.key]}
          opened={opened === filter.key}
          onOpen={(open) => setOpened(open ? filter.key : null)}
          onChange={(value) => list.set({ [filter.key]: value })}
        />
      ))}
      {unset.length > 0 && (
        <Menu position="bottom-start" transitionProps={{ duration: 0 }}>
          <Menu.Target>
            <button type="button" className="chip add">
              <IconFilter size={14} stroke={1.7} aria-hidden /> Aggiungi filtro
            </button>
          </Menu.Target>
          <Menu.Dropdown>
            {unset.map((filter) => (
              <Menu.Item key={filter.key} onClick={() => setTimeout(() => setOpened(filter.key), 0)}>
                {filter.label}
                {filter.prefix ? ` ${filter.prefix}` : ''}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
      <div className="filter-right">
        <ListSearch list={list} label={searchLabel} />
        {right}
      </div>
    </div>
  )
}

function Chip({
  filter,
  value,
  opened,
  onOpen,
  onChange,
}: {
  readonly filter: FilterDef
  readonly value: string | undefined
  readonly opened: boolean
  readonly onOpen: (opened: boolean) => void
  readonly onChange: (value: string | undefined) => void
}) {
  return (
    // The target is the whole chip, so the roles that Mantine would give to it stand on its first button.
    <Popover opened={opened} onChange={onOpen} position="bottom-start" trapFocus returnFocus withRoles={false}>
      <Popover.Target>
        <span className="chip set">
          <button type="button" className="chip-words" onClick={() => onOpen(!opened)} aria-expanded={opened}>
            {filter.label} <b>{value === undefined ? '…' : filterWords(filter, value)}</b>
          </button>
          <button
            type="button"
            className="chip-x"
            aria-label={`Togli il filtro ${filter.label}`}
            onClick={() => {
              onOpen(false)
              onChange(undefined)
            }}
          >
            <IconX size={14} stroke={1.7} aria-hidden />
          </button>
        </span>
      </Popover.Target>
      <Popover.Dropdown>
        <FilterEditor filter={filter} value={value} onChange={onChange} onDone={() => onOpen(false)} />
      </Popover.Dropdown>
    </Popover>
  )
}

function FilterEditor({
  filter,
  value,
  onChange,
  onDone,
}: {
  readonly filter: FilterDef
  readonly value: string | undefined
  readonly onChange: (value: string | undefined) => void
  readonly onDone: () => void
}) {
  if (filter.kind === 'many') {
    return (
      <Checkbox.Group
        label={filter.label}
        value={value ? value.split(',') : []}
        onChange={(next) => onChange(next.length === 0 ? undefined : next.join(','))}
      >
        <div className="filter-options">
          {filter.options?.map((o) => (
            <Checkbox key={o.value} value={o.value} label={o.label} />
          ))}
        </div>
      </Checkbox.Group>
    )
  }
  if (filter.kind === 'one') {
    return (
      <Radio.Group
        label={filter.label}
        value={value ?? null}
        onChange={(next) => {
          onChange(next)
          onDone()
        }}
      >
        <div className="filter-options">
          {filter.options?.map((o) => (
            <Radio key={o.value} value={o.value} label={o.label} size="xs" />
          ))}
        </div>
      </Radio.Group>
    )
  }
  return <TextFilter filter={filter} value={value} onChange={onChange} onDone={onDone} />
}

const PLACEHOLDERS: Partial<Record<FilterDef['kind'], string>> = { date: 'gg/mm/aaaa', amount: '0,00', days: '30' }

function TextFilter({
  filter,
  value,
  onChange,
  onDone,
}: {
  readonly filter: FilterDef
  readonly value: string | undefined
  readonly onChange: (value: string | undefined) => void
  readonly onDone: () => void
}) {
  const [text, setText] = useState(
    value === undefined || filter.kind === 'text' || filter.kind === 'days'
      ? (value ?? '')
      : filter.kind === 'date'
        ? formatDate(value as IsoDate)
        : formatCents(Number(value) as Cents),
  )
  const [error, setError] = useState<string | null>(null)
  const apply = () => {
    if (text.trim() === '') onChange(undefined)
    else if (filter.kind === 'text') onChange(text.trim())
    else if (filter.kind === 'days') {
      if (!/^\d{1,5}$/.test(text.trim())) return setError('Scrivi quanti giorni, come 30.')
      onChange(String(Number(text)))
    } else if (filter.kind === 'date') {
      const date = parseItalianDate(text)
      if (date === null) return setError('Scrivi la data come 31/03/2026.')
      onChange(date)
    } else {
      const amount = parseAmount(text)
      if (!amount.ok) return setError('Scrivi l’importo come 1.234,56.')
      onChange(String(amount.value))
    }
    onDone()
  }
  return (
    <form
      className="filter-text"
      onSubmit={(event) => {
        event.preventDefault()
        apply()
      }}
    >
      <TextInput
        label={`${filter.label}${filter.prefix ? ` ${filter.prefix}` : ''}`}
        placeholder={PLACEHOLDERS[filter.kind]}
        value={text}
        error={error}
        onChange={(event) => {
          setText(event.currentTarget.value)
          setError(null)
        }}
        data-autofocus
      />
      <Button type="submit" variant="filled">
        Filtra
      </Button>
    </form>
  )
}

const SEARCH_AFTER_MS = 220

/** The list's own search, server-side; `/` goes to it, Esc leaves it. */
export function ListSearch({ list, label }: { readonly list: ListState; readonly label: string }) {
  const input = useRef<HTMLInputElement>(null)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const [text, setText] = useState(list.search)
  useEffect(() => {
    if (document.activeElement !== input.current) setText(list.search)
  }, [list.search])
  useEffect(() => () => clearTimeout(timer.current), [])
  useKeys([{ keys: '/', label: 'filtra', run: () => input.current?.focus() }])
  return (
    <TextInput
      ref={input}
      className="list-search"
      aria-label={label}
      placeholder={label}
      value={text}
      leftSection={<IconSearch size={15} stroke={1.7} aria-hidden />}
      rightSection={<Key keys="/" />}
      onChange={(event) => {
        const next = event.currentTarget.value
        setText(next)
        clearTimeout(timer.current)
        timer.current = setTimeout(() => list.set({ cerca: next, sel: undefined }), SEARCH_AFTER_MS)
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.preventDefault()
        setText('')
        list.set({ cerca: undefined })
        input.current?.blur()
      }}
    />
  )
}
