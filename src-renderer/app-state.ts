import { useQuery } from '@tanstack/react-query'
import { useSyncExternalStore } from 'react'
import { orpc } from './client.ts'

const KEY = 'quietanza.esercizio'
const listeners = new Set<() => void>()

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Chooses the exercise through which the whole program is seen. */
export function chooseExercise(year: number): void {
  sessionStorage.setItem(KEY, String(year))
  for (const listener of listeners) listener()
}

/** What the frame knows of the program: institution, exercises, badges, ledger. */
export function useAppState() {
  return useQuery(orpc.app.state.queryOptions({ staleTime: 5_000 }))
}

/** The chosen exercise, else the open one, else this year's. */
export function useExercise(): number {
  const { data } = useAppState()
  const chosen = useSyncExternalStore(subscribe, () => sessionStorage.getItem(KEY))
  const years = data?.exercises.map((e) => e.year) ?? []
  if (chosen !== null && years.includes(Number(chosen))) return Number(chosen)
  return data?.currentExercise ?? Number((data?.today ?? new Date().toISOString()).slice(0, 4))
}
