import { useState } from 'react'

/** A trial of what is written in a form: its last answer, whether it is under way, what went wrong. */
export function useProbe<T, A extends readonly unknown[] = []>(run: (...of: A) => Promise<T>) {
  const [result, setResult] = useState<T | null>(null)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const go = async (...of: A) => {
    if (busy) return
    setBusy(true)
    setError(null)
    setResult(null)
    try {
      setResult(await run(...of))
    } catch (failure) {
      setError(failure)
    } finally {
      setBusy(false)
    }
  }
  return { result, busy, error, go }
}
