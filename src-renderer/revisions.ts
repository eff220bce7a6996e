import type { QueryClient } from '@tanstack/react-query'
import { catchUp } from './catch-up.ts'
import { client } from './client.ts'

const PAUSE_MS = 2000

/**
 * Refetches what is on screen each time the ledger's revision rises: two windows, or a browser beside the desktop, stay
 * in step. When the stream breaks it is opened again.
 */
export async function followRevisions(queries: QueryClient, signal: AbortSignal): Promise<void> {
  const caughtUp = catchUp(() => queries.invalidateQueries())
  while (!signal.aborted) {
    try {
      for await (const { revision } of await client.ledger.revisions(undefined, { signal })) caughtUp(revision)
    } catch {
      // The backend went away or the page is closing; the loop tries again.
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
  }
}
