import { useState } from 'react'
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
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const values = { ...initial, ...edited }
  const changed = (Object.keys(edited) as (keyof T)[]).some((key) => edited[key] !== initial[key])
  const letGo = useUnsaved(changed)
  return {
    values,
    changed,
    busy,
    error,
    set: (patch) => setEdited({ ...edited, ...patch }),
    reset: () => {
      setEdited({})
      setError(null)
    },
    submit: async (save) => {
      setBusy(true)
      setError(null)
      try {
        await save(values)
        letGo()
        setEdited({})
        return true
      } catch (failure) {
        setError(failure)
        return false
      } finally {
        setBusy(false)
      }
    },
  }
}
