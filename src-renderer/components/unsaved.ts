import { useEffect, useState, useSyncExternalStore } from 'react'

/** What would be lost, in words: the question, and the button that loses it. */
export interface UnsavedWords {
  readonly title: string
  readonly text: string
  readonly act: string
}

interface Question {
  readonly words: UnsavedWords
  readonly answer: (leave: boolean) => void
}

const FORM: UnsavedWords = {
  title: 'Ci sono modifiche non salvate',
  text: 'Se lasci adesso, ciò che hai cambiato qui si perde.',
  act: 'Lascia senza salvare',
}

interface Held {
  readonly words: UnsavedWords
  /** On its way to be saved. */
  saving: Promise<unknown> | null
}

/** The hold of a form on its page. */
export interface Hold {
  /** Lets the page go at once, without waiting for it to be drawn as saved. */
  readonly letGo: () => void
  /** Who leaves meanwhile waits for its end, and is asked only where it failed. */
  readonly saving: <T>(save: Promise<T>) => Promise<T>
}

/** Forms on screen that hold something not saved. */
const held = new Set<Held>()
const listeners = new Set<() => void>()
let question: Question | null = null

/** Whether the page shown holds something that nobody has saved. */
export function hasUnsaved(): boolean {
  return held.size > 0
}

/** Asks where something would be lost; true when it may be left. One question at a time: the former one stays. */
export async function mayLeave(): Promise<boolean> {
  while (true) {
    const saving = [...held].find((one) => one.saving !== null)?.saving
    if (!saving) break
    await saving.catch(() => undefined)
    // The form hears of it too.
    await new Promise((resolve) => setTimeout(resolve))
  }
  const [first] = held
  if (first === undefined) return true
  if (question !== null) return false
  return new Promise((resolve) => {
    pose({
      words: first.words,
      answer: (leave) => {
        pose(null)
        resolve(leave)
      },
    })
  })
}

/** Holds the page while `changed`. */
export function useUnsaved(changed: boolean, words: UnsavedWords = FORM): Hold {
  const [entry] = useState<Held>({ words, saving: null })
  // At every drawing: who was let go and is written into again is held again.
  useEffect(() => {
    if (changed) held.add(entry)
    else held.delete(entry)
  })
  useEffect(
    () => () => {
      held.delete(entry)
    },
    [entry],
  )
  return {
    letGo: () => held.delete(entry),
    saving: async (save) => {
      entry.saving = save
      try {
        return await save
      } finally {
        entry.saving = null
      }
    },
  }
}

export function useUnsavedQuestion(): Question | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => question,
  )
}

function pose(next: Question | null): void {
  question = next
  for (const listener of listeners) listener()
}
