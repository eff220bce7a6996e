import { useQuery } from '@tanstack/react-query'
import { useExercise } from '../app-state.ts'
import { orpc } from '../client.ts'
import type { RoadStop } from './EmptyState.tsx'

const STOPS: Readonly<Record<string, readonly RoadStop[]>> = {
  accertato: ['Quote'],
  emesso: ['Avviso'],
  pagato: ['Pagamento'],
  riconciliato: ['Flusso', 'Accredito'],
  reversali: ['Reversale'],
}

/** The stops of the road already reached in the exercise, for the ticks of an empty state; none while not known. */
export function useRoadDone(): readonly RoadStop[] {
  const exercise = useExercise()
  const { data } = useQuery(orpc.dashboard.get.queryOptions({ input: { exercise } }))
  return (data?.road ?? []).flatMap((s) => (s.count > 0 ? (STOPS[s.step] ?? []) : []))
}
