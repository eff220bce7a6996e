import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useEffect, useMemo, useRef, useState } from 'react'
import { client, orpc } from '../client.ts'

/** A column of a list. `id` is the field's name in the contract: sort and export name it so. */
export interface QColumn<Row> {
  readonly id: string
  readonly header: string
  /** In the head instead of the words, which then are its hidden text. */
  readonly headerIcon?: ReactNode
  readonly cell: (row: Row) => ReactNode
  /** Pixels at 12.5 px text: date 88, notice number 174, fiscal code 132, amount 86 (SCREENS.md §12.8). */
  readonly width: number
  /** Takes what is left of the width; at most one or two columns. */
  readonly flex?: boolean
  readonly align?: 'right' | 'center'
  readonly sortable?: boolean
  /** Not shown until chosen; `wide`: shown by itself from 1700 px on. */
  readonly hidden?: boolean | 'wide'
  /** Full text of a cell that may be cut. */
  readonly title?: (row: Row) => string
  /** Not offered in export and in «Colonne». */
  readonly action?: boolean
}

export interface ColumnMemory {
  readonly order: readonly string[]
  readonly shown: Readonly<Record<string, boolean>>
  readonly sizes: Readonly<Record<string, number>>
}

export interface ColumnSet<Row> {
  /** All that can be chosen, in the present order. */
  readonly all: readonly QColumn<Row>[]
  /** Those on screen, in order: what Esporta and Stampa write. */
  readonly visible: readonly QColumn<Row>[]
  readonly memory: ColumnMemory
  readonly isShown: (id: string) => boolean
  readonly show: (id: string, shown: boolean) => void
  readonly move: (id: string, before: string) => void
  readonly resize: (id: string, width: number) => void
  readonly reset: () => void
}

const NOTHING: ColumnMemory = { order: [], shown: {}, sizes: {} }
const SAVE_AFTER_MS = 600

/** The columns of one list: which, in which order, how wide; remembered in the ledger for the operator. */
export function useColumns<Row>(listId: string, columns: readonly QColumn<Row>[]): ColumnSet<Row> {
  const key = `columns:${listId}`
  const queries = useQueryClient()
  const stored = useQuery(orpc.setting.get.queryOptions({ input: { key }, staleTime: Number.POSITIVE_INFINITY }))
  const [own, setOwn] = useState<ColumnMemory | null>(null)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const memory = useMemo(() => own ?? readMemory(stored.data ?? null), [own, stored.data])
  const wide = useWide()

  useEffect(() => () => clearTimeout(timer.current), [])

  const change = (next: ColumnMemory) => {
    setOwn(next)
    clearTimeout(timer.current)
    const value = next === NOTHING ? null : JSON.stringify(next)
    timer.current = setTimeout(() => {
      void client.setting
        .set({ key, value })
        .then(() => queries.setQueryData(orpc.setting.get.queryKey({ input: { key } }), value))
        .catch(() => undefined)
    }, SAVE_AFTER_MS)
  }

  const rank = (id: string) => {
    const at = memory.order.indexOf(id)
    return at === -1 ? null : at
  }
  const all = columns
    .map((column, i) => ({ column, at: rank(column.id) ?? i }))
    .sort((a, b) => a.at - b.at)
    .map(({ column }) => column)
  const isShown = (id: string) => {
    const column = columns.find((c) => c.id === id)
    if (!column) return false
    return memory.shown[id] ?? (column.hidden === 'wide' ? wide : column.hidden !== true)
  }
  return {
    all,
    visible: all.filter((c) => isShown(c.id)),
    memory,
    isShown,
    show: (id, shown) => change({ ...memory, shown: { ...memory.shown, [id]: shown } }),
    move: (id, before) => {
      const order = all.map((c) => c.id).filter((other) => other !== id)
      order.splice(Math.max(0, order.indexOf(before)), 0, id)
      change({ ...memory, order })
    },
    resize: (id, width) => change({ ...memory, sizes: { ...memory.sizes, [id]: width } }),
    reset: () => change(NOTHING),
  }
}

function readMemory(text: string | null): ColumnMemory {
  if (text === null) return NOTHING
  try {
    return { ...NOTHING, ...(JSON.parse(text) as Partial<ColumnMemory>) }
  } catch {
    return NOTHING
  }
}

/** From 1700 px on more columns are open by themselves. */
export function useWide(): boolean {
  const [wide, setWide] = useState(() => window.matchMedia('(min-width: 1700px)').matches)
  useEffect(() => {
    const media = window.matchMedia('(min-width: 1700px)')
    const listen = () => setWide(media.matches)
    media.addEventListener('change', listen)
    return () => media.removeEventListener('change', listen)
  }, [])
  return wide
}
