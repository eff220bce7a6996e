import { Button, Menu, Popover, TextInput } from '@mantine/core'
import { IconDots, IconPlus } from '@tabler/icons-react'
import { useQueries, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { client, orpc } from '../client.ts'
import { formatCount } from '../components/cells.tsx'
import { ErrorNote } from '../components/ErrorNote.tsx'
import { ViewStrip } from '../components/Views.tsx'
import { cleared, tidy, type UrlState } from '../url-state.ts'
import type { ListState } from './list-state.ts'

/** A view of a list: a name for a set of filters. System views are locked; people add their own. */
export interface SystemView {
  readonly id: string
  readonly label: string
  readonly count?: number | undefined
  /** Filters, and `ordina` where the view has its own order. */
  readonly state: UrlState
}

interface OwnView {
  readonly id: number
  readonly label: string
  readonly state: UrlState
}

/** Views whose count is asked under a name; none until it is known. */
export function withCounts<View extends { readonly count: string }>(
  views: readonly View[],
  counts: Readonly<Record<string, number>> | undefined,
): (Omit<View, 'count'> & { readonly count: number | undefined })[] {
  return views.map((view) => ({ ...view, count: counts && (counts[view.count] ?? 0) }))
}

/** Tabs with counts, the person's own views, «Salva vista». A changed view shows a dot. The first view is the default. */
export function ListViews({
  page,
  views,
  list,
  countOf,
}: {
  readonly page: string
  readonly views: readonly SystemView[]
  readonly list: ListState
  /** How many rows a person's own view holds, by its filters. */
  readonly countOf?: (filters: UrlState) => Promise<number>
}) {
  const saved = useQuery(orpc.view.list.queryOptions({ input: { page } }))
  const own: readonly OwnView[] = (saved.data ?? []).map((v) => ({
    id: v.id,
    label: v.name,
    state: readState(v.stateJson),
  }))
  const ownCounts = useQueries({
    queries: own.map((view) => ({
      queryKey: ['view.count', page, view.state],
      queryFn: () => (countOf ? countOf(filtersOf(view.state)) : null),
      enabled: countOf !== undefined,
    })),
  })
  const chosen = list.url.vista ?? views[0]?.id ?? ''
  const ownChosen = own.find((v) => `mia-${v.id}` === chosen)
  const base = ownChosen?.state ?? views.find((v) => v.id === chosen)?.state ?? {}
  const changed = !sameState(filtersOf(base), list.filters)

  const go = (id: string, state: UrlState) => {
    list.set({ ...cleared(list.url), ...state, vista: id === views[0]?.id ? undefined : id }, { push: true })
  }
  const current = () => tidy({ ...list.filters, ordina: list.url.ordina })
  const store = async (id: number | null, name: string) => {
    const stored = await client.view.save({ id: id as never, page, name, stateJson: JSON.stringify(current()) })
    list.set({ vista: `mia-${stored.id}` })
    await saved.refetch()
  }
  return (
    <div className="views">
      <ViewStrip label="Viste" current={chosen}>
        {views.map((view) => (
          <button
            key={view.id}
            type="button"
            className="view"
            aria-current={view.id === chosen ? 'page' : undefined}
            onClick={() => go(view.id, view.state)}
          >
            {view.label}
            {view.count !== undefined && <span className="view-count">{formatCount(view.count)}</span>}
            {view.id === chosen && changed && <ChangedDot />}
          </button>
        ))}
        {own.map((view, i) => (
          <button
            key={view.id}
            type="button"
            className="view"
            aria-current={`mia-${view.id}` === chosen ? 'page' : undefined}
            onClick={() => go(`mia-${view.id}`, view.state)}
          >
            {view.label}
            {ownCounts[i]?.data != null && <span className="view-count">{formatCount(ownCounts[i].data)}</span>}
            {`mia-${view.id}` === chosen && changed && <ChangedDot />}
          </button>
        ))}
        {ownChosen && (
          <Menu position="bottom-start" transitionProps={{ duration: 0 }}>
            <Menu.Target>
              <button type="button" className="view" aria-label={`Azioni sulla vista ${ownChosen.label}`}>
                <IconDots size={16} stroke={1.7} aria-hidden />
              </button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item disabled={!changed} onClick={() => void store(ownChosen.id, ownChosen.label)}>
                Aggiorna «{ownChosen.label}»
              </Menu.Item>
              <Menu.Item
                onClick={() =>
                  void client.view.remove({ id: ownChosen.id as never }).then(() => {
                    go(views[0]?.id ?? '', views[0]?.state ?? {})
                    return saved.refetch()
                  })
                }
              >
                Togli «{ownChosen.label}»
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        )}
        <SaveView onSave={(name) => store(null, name)} />
      </ViewStrip>
    </div>
  )
}

function ChangedDot() {
  return (
    <span className="changed-dot" title="Vista modificata">
      <span className="visually-hidden">modificata</span>
    </span>
  )
}

function SaveView({ onSave }: { readonly onSave: (name: string) => Promise<void> }) {
  const [opened, setOpened] = useState(false)
  const [name, setName] = useState('')
  const [error, setError] = useState<unknown>(null)
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-start" trapFocus returnFocus>
      <Popover.Target>
        <button type="button" className="view save-view" onClick={() => setOpened(!opened)}>
          <IconPlus size={14} stroke={1.7} aria-hidden /> Salva vista
        </button>
      </Popover.Target>
      <Popover.Dropdown>
        <form
          className="filter-text"
          onSubmit={(event) => {
            event.preventDefault()
            onSave(name).then(
              () => {
                setOpened(false)
                setName('')
              },
              (failure: unknown) => setError(failure),
            )
          }}
        >
          <TextInput
            label="Nome della vista"
            value={name}
            onChange={(e) => setName(e.currentTarget.value)}
            data-autofocus
          />
          <Button type="submit" variant="filled" disabled={name.trim() === ''}>
            Salva
          </Button>
        </form>
        <ErrorNote error={error} />
      </Popover.Dropdown>
    </Popover>
  )
}

function readState(json: string): UrlState {
  try {
    return tidy(JSON.parse(json) as Record<string, unknown>)
  } catch {
    return {}
  }
}

function filtersOf(state: UrlState): UrlState {
  const { ordina: _ordina, cerca: _cerca, ...filters } = state
  return tidy(filters)
}

function sameState(a: UrlState, b: UrlState): boolean {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)])
  return [...keys].every((key) => a[key] === b[key])
}
