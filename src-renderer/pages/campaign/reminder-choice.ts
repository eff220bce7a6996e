import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReminderChoice, readReminderChoice } from '#domain/reminder'
import { client, orpc } from '../../client.ts'
import { sayFailure } from '../../components/toast.ts'

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
    choose: (choice) => {
      const value = JSON.stringify(choice)
      queries.setQueryData(options.queryKey, value)
      client.setting.set({ key: KEY, value }).catch(sayFailure)
    },
  }
}
