import { useRef, useState } from 'react'
import { useUnsaved } from './unsaved.ts'

export interface FormState<T> {
  readonly values: T
  readonly changed: boolean
  readonly busy: boolean
  readonly error: unknown
  readonly set: (patch: Partial<T>) => void
  readonly reset: () => void
  /** Runs the save; true when it went well. */
  readonly submit: (save: (values: T) => Promise<unknown>) => Promise<boolean>
}

/** A form over the values of the backend: Salva is open only by changes, which are not left without a word; problems of the backend stay in `error`. */
export function useForm<T>(initial: T): FormState<T> {
  const [edited, setEdited] = useState<Partial<T>>({})
  const latest = useRef(edited)
  const edit = (next: Partial<T>) => {
    latest.current = next
    setEdited(next)
  }
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const values = { ...initial, ...edited }
  const changed = (Object.keys(edited) as (keyof T)[]).some((key) => edited[key] !== initial[key])
  const hold = useUnsaved(changed)
  const saving = useRef(false)
  return {
    values,
    changed,
    busy,
    error,
    set: (patch) => edit({ ...latest.current, ...patch }),
    reset: () => {
      edit({})
      setError(null)
    },
    submit: async (save) => {
      if (saving.current) return false
      saving.current = true
      setBusy(true)
      setError(null)
      try {
        await hold.saving(save(values))
        // What was typed while the rest was being saved is not saved, and stays.
        const since = Object.entries(latest.current).filter(([key, value]) => value !== values[key as keyof T])
        edit(Object.fromEntries(since) as Partial<T>)
        if (since.length === 0) hold.letGo()
        return true
      } catch (failure) {
        setError(failure)
        return false
      } finally {
        saving.current = false
        setBusy(false)
      }
    },
  }
}
