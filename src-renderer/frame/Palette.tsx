import { createSpotlight, Spotlight } from '@mantine/spotlight'
import {
  type Icon,
  IconArrowsSplit2,
  IconFileText,
  IconListNumbers,
  IconReceiptEuro,
  IconSearch,
  IconUser,
} from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { orpc } from '../client.ts'
import { Key } from '../components/Key.tsx'
import { keyWords, useBoundKeys } from '../keys.ts'
import { ALL_SECTIONS, NUMBERED, OTHER_PLACES } from '../navigation.ts'
import { openRoute } from './routes.ts'

const [store, palette] = createSpotlight()

export function openPalette(): void {
  palette.open()
}

/**
 * Chooses the first result as an arrow would: Mantine selects nothing by itself (SCREENS.md §12.6), and keeps counting
 * from a result that is gone when the list changes.
 */
function chooseFirst(): void {
  const input = document.querySelector<HTMLInputElement>('.palette-search input')
  if (input) {
    document.querySelector('.palette [data-selected]')?.removeAttribute('data-selected')
    store.updateState((state) => ({ ...state, selected: -1 }))
    input.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', code: 'ArrowDown', bubbles: true }))
  }
}

const GROUPS: Readonly<Record<string, { readonly title: string; readonly icon: Icon }>> = {
  person: { title: 'Persone', icon: IconUser },
  debtPosition: { title: 'Posizioni e avvisi', icon: IconFileText },
  accertamento: { title: 'Accertamenti', icon: IconListNumbers },
  reportingFlow: { title: 'Flussi di rendicontazione', icon: IconArrowsSplit2 },
  reversale: { title: 'Reversali', icon: IconReceiptEuro },
}

/** Ctrl K: people, positions, flows, reversali by text or pasted number; commands with `>`; sections. */
export function Palette() {
  const [query, setQuery] = useState('')
  const [pasted, setPasted] = useState(false)
  const [entered, setEntered] = useState(false)
  const chosenFor = useRef('')
  const navigate = useNavigate()
  const bound = useBoundKeys()
  const onlyCommands = query.startsWith('>')
  const text = query.replace(/^[>#@]\s*/, '').trim()
  const found = useQuery(
    orpc.search.find.queryOptions({
      input: { text },
      enabled: text.length >= 2 && !onlyCommands,
      placeholderData: keepPreviousData,
    }),
  )
  const results = text.length >= 2 && !onlyCommands ? (found.data ?? []) : []
  const kept = query.startsWith('@')
    ? results.filter((r) => r.kind === 'person')
    : query.startsWith('#')
      ? results.filter((r) => r.kind === 'debtPosition')
      : results
  const lower = text.toLocaleLowerCase('it')
  const places =
    query.startsWith('@') || query.startsWith('#')
      ? []
      : [...ALL_SECTIONS, ...OTHER_PLACES].filter((s) => s.label.toLocaleLowerCase('it').includes(lower))
  const commands = [...bound.page, ...bound.program].filter(
    (b) => b.run && b.label.toLocaleLowerCase('it').includes(lower) && (onlyCommands || text.length >= 2),
  )
  const shape = `${kept.map((r) => r.id).join()}|${places.length}|${commands.length}`

  const now = `${shape}|${query}`
  const waiting = text.length >= 2 && !onlyCommands && (found.isPlaceholderData || found.isPending)

  useEffect(() => {
    const timer = setTimeout(() => {
      chooseFirst()
      chosenFor.current = now
    }, 30)
    return () => clearTimeout(timer)
  }, [now])

  // Invio pressed before the answer came opens what it finds, never what was found before.
  // biome-ignore lint/correctness/useExhaustiveDependencies: waits again whenever the list changes
  useEffect(() => {
    if (!entered || waiting) return
    const timer = setTimeout(() => {
      setEntered(false)
      document.querySelector<HTMLElement>('.palette [data-selected]')?.click()
    }, 60)
    return () => clearTimeout(timer)
  }, [entered, waiting, now])

  // A whole identifier that was pasted opens its card at once.
  const exact = results.filter((r) => r.exact)
  const target = pasted && !found.isFetching && exact.length === 1 ? exact[0]?.route : undefined
  useEffect(() => {
    if (target === undefined) return
    setPasted(false)
    palette.close()
    openRoute(navigate, target)
  }, [target, navigate])

  return (
    <Spotlight.Root
      store={store}
      onSpotlightOpen={() => setTimeout(chooseFirst, 60)}
      query={query}
      onQueryChange={(next) => {
        setQuery(next)
        setEntered(false)
        if (next === '') setPasted(false)
      }}
      shortcut={null}
      size={660}
      radius="md"
      yOffset={88}
      centered={false}
      overlayProps={{ blur: 0, backgroundOpacity: 0.35 }}
      maxHeight={480}
      scrollable
      clearQueryOnClose
      transitionProps={{ duration: 0 }}
      attributes={{ content: { 'aria-label': 'Cerca o comanda' } }}
    >
      <Spotlight.Search
        className="palette-search"
        placeholder="Cerca persona, CF, IUV, comando"
        aria-label="Cerca o comanda"
        onPaste={() => setPasted(true)}
        onKeyDown={(event) => event.isTrusted && setPasted(false)}
        onKeyDownCapture={(event) => {
          if (event.key !== 'Enter' || !(waiting || chosenFor.current !== now)) return
          event.preventDefault()
          event.stopPropagation()
          setEntered(true)
        }}
        leftSection={<IconSearch size={18} stroke={1.7} aria-hidden />}
        rightSection={<Key keys="Escape" />}
      />
      <Spotlight.ActionsList className="palette" aria-label="Risultati">
        {Object.entries(GROUPS).map(([kind, { title, icon: Shape }]) => {
          const rows = kept.filter((r) => r.kind === kind)
          if (rows.length === 0) return null
          return (
            <Spotlight.ActionsGroup key={kind} label={title}>
              {rows.map((row) => (
                <Spotlight.Action
                  key={`${kind}-${row.id}`}
                  label={row.title}
                  description={row.detail}
                  leftSection={<Shape size={18} stroke={1.7} aria-hidden />}
                  onClick={() => openRoute(navigate, row.route)}
                />
              ))}
            </Spotlight.ActionsGroup>
          )
        })}
        {commands.length > 0 && (
          <Spotlight.ActionsGroup label="Comandi">
            {commands.map((b) => (
              <Spotlight.Action
                key={`${[b.keys].flat().join()}-${b.label}`}
                label={b.label.charAt(0).toLocaleUpperCase('it') + b.label.slice(1)}
                rightSection={<kbd className="key">{keyWords([b.keys].flat()[0] ?? '')}</kbd>}
                onClick={() => setTimeout(() => b.run?.(), 0)}
              />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {places.length > 0 && !onlyCommands && (
          <Spotlight.ActionsGroup label="Vai a">
            {places.map((s) => {
              const number = NUMBERED.indexOf(s) + 1
              const Shape = s.icon
              return (
                <Spotlight.Action
                  key={s.to}
                  label={s.label}
                  leftSection={<Shape size={18} stroke={1.7} aria-hidden />}
                  rightSection={number > 0 ? <Key keys={`Alt+${number}`} /> : null}
                  onClick={() => void navigate({ to: s.to })}
                />
              )
            })}
          </Spotlight.ActionsGroup>
        )}
        {kept.length + commands.length + places.length === 0 && (
          <Spotlight.Empty>{found.isFetching ? 'Cerco…' : `Nessun risultato per «${text}»`}</Spotlight.Empty>
        )}
      </Spotlight.ActionsList>
      <Spotlight.Footer>
        <div className="palette-foot">
          <span>
            <Key keys="ArrowUp" /> <Key keys="ArrowDown" /> scegli <Key keys="Enter" /> apri
          </span>
          <span>&gt; solo comandi · # numero avviso · @ persona</span>
        </div>
      </Spotlight.Footer>
    </Spotlight.Root>
  )
}
