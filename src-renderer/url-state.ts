import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback } from 'react'

/** What stands after `?` in the address: filters, sort, view, open row. Texts only. */
export type UrlState = Readonly<Record<string, string | undefined>>

/** The address as state: Back works, and a link can be sent. An `undefined` or empty value leaves the address. */
export function useUrlState(): readonly [UrlState, (patch: UrlState, options?: { push?: boolean }) => void] {
  const search = useSearch({ strict: false }) as UrlState
  const navigate = useNavigate()
  const set = useCallback(
    (patch: UrlState, options: { push?: boolean } = {}) => {
      void navigate({
        to: '.',
        replace: options.push !== true,
        search: ((before: UrlState) => tidy({ ...before, ...patch })) as never,
      })
    },
    [navigate],
  )
  return [search, set]
}

export function tidy(state: Readonly<Record<string, unknown>>): UrlState {
  const out: Record<string, string> = {}
  for (const [key, value] of Object.entries(state)) {
    if (value !== undefined && value !== null && value !== '') out[key] = String(value)
  }
  return out
}

/** A patch that takes all of these out of the address. */
export function cleared(state: UrlState): UrlState {
  return Object.fromEntries(Object.keys(state).map((key) => [key, undefined]))
}

/** `name` ascending, `-name` descending. */
export function sortOf(text: string | undefined): { column: string; direction: 'asc' | 'desc' } | null {
  if (!text) return null
  return text.startsWith('-') ? { column: text.slice(1), direction: 'desc' } : { column: text, direction: 'asc' }
}
