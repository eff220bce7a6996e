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

/** Forms on screen that hold something not saved. */
const held = new Set<{ readonly words: UnsavedWords }>()
const listeners = new Set<() => void>()
let question: Question | null = null

/** Whether the page shown holds something that nobody has saved. */
export function hasUnsaved(): boolean {
  return held.size > 0
}

/** Asks where something would be lost; true when it may be left. One question at a time: the former one stays. */
export function mayLeave(): Promise<boolean> {
  const [first] = held
  if (first === undefined) return Promise.resolve(true)
  if (question !== null) return Promise.resolve(false)
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

/** Holds the page while `changed`; what comes back lets it go at once, before a save that leaves the page. */
export function useUnsaved(changed: boolean, words: UnsavedWords = FORM): () => void {
  const [entry] = useState({ words })
  useEffect(() => {
    if (!changed) return
    held.add(entry)
    return () => {
      held.delete(entry)
    }
  }, [changed, entry])
  return () => {
    held.delete(entry)
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
