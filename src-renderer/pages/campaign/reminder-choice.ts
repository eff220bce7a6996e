import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReminderChoice, readReminderChoice } from '#domain/reminder'
import { orpc } from '../../client.ts'
import { keepChoice } from '../../components/kept-choice.ts'

const KEY = 'campagna.solleciti'

/** Whom the operator reminded last: proposed again. */
export function useReminderChoice(): {
  readonly remind: ReminderChoice
  readonly choose: (choice: ReminderChoice) => void
} {
  const queries = useQueryClient()
  const options = orpc.setting.get.queryOptions({ input: { key: KEY }, staleTime: Number.POSITIVE_INFINITY })
  const stored = useQuery(options)
  return {
    remind: readReminderChoice(stored.data ?? null),
    choose: (choice) => keepChoice(queries, options.queryKey, KEY, JSON.stringify(choice)),
  }
}
