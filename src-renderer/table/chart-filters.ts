import { useQuery } from '@tanstack/react-query'
import { FIELDS } from '#domain/vocabulary'
import { orpc } from '../client.ts'
import type { FilterDef } from './FilterBar.tsx'

/** «Conto», by id. */
export function useAccountFilter(): FilterDef {
  const accounts = useQuery(orpc.account.list.queryOptions())
  return {
    key: 'conto',
    label: 'Conto',
    kind: 'one',
    options: (accounts.data ?? []).map((a) => ({ value: String(a.id), label: a.name })),
  }
}

/** «Capitolo» of an exercise, by id. */
export function useCapitoloFilter(exercise: number): FilterDef {
  const capitoli = useQuery(orpc.capitolo.list.queryOptions({ input: { exercise } }))
  return {
    key: 'capitolo',
    label: FIELDS.capitolo,
    kind: 'one',
    options: (capitoli.data ?? []).map((c) => ({ value: String(c.id), label: `${c.code} ${c.name}` })),
  }
}
