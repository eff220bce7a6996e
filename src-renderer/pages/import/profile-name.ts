import { useQuery } from '@tanstack/react-query'
import { orpc } from '../../client.ts'

/** Names that older imports were kept under, and the reading that has no name. */
const WORDS: Readonly<Record<string, string>> = {
  'tracciato-quote': 'Quietanza standard',
  '': 'colonne assegnate a mano',
}

/** How a profile is called; one that is gone is shown as the import has it. */
export function useProfileName(): (profile: string) => string {
  const profiles = useQuery(orpc.registerProfile.list.queryOptions())
  return (profile) => profiles.data?.find((p) => p.id === profile)?.name ?? WORDS[profile] ?? profile
}
