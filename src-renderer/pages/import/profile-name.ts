import { useQuery } from '@tanstack/react-query'
import { orpc } from '../../client.ts'

/** How the tracciato was kept before profiles had names. */
const TRACCIATO = 'tracciato-quote'

/** How a profile is called; one that is gone, or the columns assigned by hand, is shown as the import has it. */
export function useProfileName(): (profile: string) => string {
  const profiles = useQuery(orpc.registerProfile.list.queryOptions())
  return (profile) => {
    const id = profile === TRACCIATO ? 'tracciato' : profile
    return profiles.data?.find((p) => p.id === id)?.name ?? profile
  }
}
