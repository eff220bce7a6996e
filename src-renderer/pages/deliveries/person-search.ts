import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Id } from '#domain/brand'
import { orpc } from '../../client.ts'

/** A person chosen by typing a piece of the name. */
export function usePersonSearch() {
  const [text, setText] = useState('')
  const [chosen, setChosen] = useState<{ readonly id: Id<'person'>; readonly name: string } | null>(null)
  const [asked] = useDebouncedValue(text.trim(), 200)
  const found = useQuery(
    orpc.person.list.queryOptions({
      input: { filters: {}, search: asked, sort: { column: 'name', direction: 'asc' }, offset: 0, limit: 20 },
      enabled: asked.length >= 2 && asked !== chosen?.name,
      placeholderData: keepPreviousData,
    }),
  )
  const rows = asked.length < 2 ? [] : (found.data?.rows ?? [])
  const options = rows.map((r) => ({ value: String(r.id), label: r.name }))
  if (chosen && !options.some((o) => o.value === String(chosen.id))) {
    options.unshift({ value: String(chosen.id), label: chosen.name })
  }
  return {
    text,
    setText,
    options,
    /** Looked for, and nobody is called so. */
    none: asked.length >= 2 && found.data?.count === 0,
    chosen,
    value: chosen === null ? null : String(chosen.id),
    choose: (value: string | null) => {
      const row = rows.find((r) => String(r.id) === value)
      if (row) setChosen({ id: row.id, name: row.name })
      else if (value === null) setChosen(null)
    },
  }
}
