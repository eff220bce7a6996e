import { QueryClient } from '@tanstack/react-query'

/** What the pages have asked for. */
export const queries = new QueryClient({
  defaultOptions: {
    // The revision counter tells when to refetch; a second try is for the person to ask.
    queries: { staleTime: 30_000, retry: false, refetchOnWindowFocus: false },
    mutations: { retry: false },
  },
})
