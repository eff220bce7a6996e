import { useEffect, useRef, useSyncExternalStore } from 'react'

/**
 * One binding: the key, its words and what it does. The same table fills the status bar, the `?` sheet and tooltips, so
 * what is shown is what is bound. `keys` is written `Ctrl+K`, `Shift+F8`, `Alt+1`, `ArrowDown`, `Enter`, `Delete`, `/`.
 * Without `run` it only tells of a key that a component handles itself (the table's arrows).
 */
export interface KeyBinding {
  readonly keys: string | readonly string[]
  readonly label: string
  readonly run?: () => void
  /** Not in the status bar, only in the `?` sheet. */
  readonly quiet?: boolean
  /** Also inside text fields and open dialogs (function keys and Ctrl combinations always act in fields). */
  readonly everywhere?: boolean
}

type Group = { readonly id: symbol; readonly scope: 'program' | 'page'; bindings: readonly KeyBinding[] }

let groups: readonly Group[] = []
const listeners = new Set<() => void>()

function publish(next: readonly Group[]): void {
  groups = next
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Binds keys while the component is on screen. Later groups win over earlier ones; the page's over the program's. */
export function useKeys(bindings: readonly KeyBinding[], scope: 'program' | 'page' = 'page'): void {
  const id = useRef<symbol>(Symbol('keys'))
  const latest = useRef(bindings)
  latest.current = bindings
  const shape = bindings.map((b) => `${[b.keys].flat().join(' ')}:${b.label}:${b.quiet ?? ''}`).join('|')
  // biome-ignore lint/correctness/useExhaustiveDependencies: the shape stands for the bindings; handlers are read late
  useEffect(() => {
    const own: Group = {
      id: id.current,
      scope,
      bindings: latest.current.map((b, i) => (b.run ? { ...b, run: () => latest.current[i]?.run?.() } : b)),
    }
    publish([...groups, own])
    return () => publish(groups.filter((g) => g !== own))
  }, [shape, scope])
}

/** What is bound now, by scope; for the status bar and the `?` sheet. */
export function useBoundKeys(): { readonly page: readonly KeyBinding[]; readonly program: readonly KeyBinding[] } {
  const now = useSyncExternalStore(subscribe, () => groups)
  return {
    // Children register before their page: turned round, so that the page's own keys are read first.
    page: now
      .filter((g) => g.scope === 'page')
      .reverse()
      .flatMap((g) => g.bindings),
    program: now.filter((g) => g.scope === 'program').flatMap((g) => g.bindings),
  }
}

const WORDS: Readonly<Record<string, string>> = {
  Shift: 'Maiusc',
  Delete: 'Canc',
  Enter: 'Invio',
  Space: 'Spazio',
  Escape: 'Esc',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  PageDown: 'Pag ↓',
  PageUp: 'Pag ↑',
  Home: 'Inizio',
  End: 'Fine',
}

/** `Shift+F8` → `Maiusc F8`, as printed on an Italian keyboard. */
export function keyWords(keys: string): string {
  if (keys === '+') return keys
  return keys
    .split('+')
    .map((part) => WORDS[part] ?? part)
    .join(' ')
}

/** Name of the pressed key in the spelling of the table. */
export function keyOf(event: KeyboardEvent): string {
  const key = event.key === ' ' ? 'Space' : event.key.length === 1 ? event.key.toUpperCase() : event.key
  const shiftCounts = event.key.length > 1 || event.key === ' ' || /[A-Z]/.test(key)
  const parts: string[] = []
  if (event.ctrlKey || event.metaKey) parts.push('Ctrl')
  if (event.altKey) parts.push('Alt')
  if (event.shiftKey && shiftCounts) parts.push('Shift')
  parts.push(key)
  return parts.join('+')
}

function inField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target instanceof HTMLInputElement) return !['checkbox', 'radio', 'button'].includes(target.type)
  return target.isContentEditable || ['TEXTAREA', 'SELECT'].includes(target.tagName)
}

/** Keys that a closed list of choices has no use for: after choosing a batch, → goes on leafing through it. */
const BESIDE_A_CHOICE = ['ArrowLeft', 'ArrowRight', 'PageDown', 'PageUp']

function isClosedChoice(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement && target.readOnly && target.getAttribute('aria-expanded') === 'false'
}

/** The one listener of the program: installed once by main.tsx. */
export function installKeys(): void {
  // Looked at before anybody hears the key: a dialog that Esc closes is gone by the time the page is asked.
  let dialog = false
  window.addEventListener(
    'keydown',
    () => {
      dialog = document.querySelector('[role="dialog"], [role="alertdialog"]') !== null
    },
    true,
  )
  window.addEventListener('keydown', (event) => {
    if (event.defaultPrevented) return
    const pressed = keyOf(event)
    const plain = !/^(Ctrl|Alt)\+/.test(pressed) && !/^(Shift\+)?F\d+$/.test(pressed)
    const typing = inField(event.target) && !(BESIDE_A_CHOICE.includes(pressed) && isClosedChoice(event.target))
    const ordered = [...groups.filter((g) => g.scope === 'program'), ...groups.filter((g) => g.scope === 'page')]
    for (const binding of ordered.flatMap((g) => g.bindings).reverse()) {
      if (!binding.run || ![binding.keys].flat().includes(pressed)) continue
      if (!binding.everywhere && (dialog || (plain && typing))) continue
      // Enter and Space on a button or link belong to it.
      if (
        plain &&
        ['Enter', 'Space'].includes(pressed) &&
        event.target instanceof HTMLElement &&
        event.target.closest('button, a')
      )
        continue
      event.preventDefault()
      binding.run()
      return
    }
  })
}
