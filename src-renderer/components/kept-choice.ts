import type { QueryClient, QueryKey } from '@tanstack/react-query'
import { client } from '../client.ts'
import { sayFailure } from './toast.ts'

/**
 * Remembers a choice, shown at once. A reading that was on its way when it was made would bring the former one back: it is
 * given up, and one that came in between is asked again.
 */
export function keepChoice(queries: QueryClient, queryKey: QueryKey, key: string, value: string | null): void {
  void queries.cancelQueries({ queryKey })
  queries.setQueryData(queryKey, value)
  client.setting.set({ key, value }).then(() => queries.invalidateQueries({ queryKey }), sayFailure)
}
