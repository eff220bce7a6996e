import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { Cents } from '#domain/money'
import { orpc } from '../../client.ts'
import type { BoardRow } from './board.ts'

const SEARCH_AFTER_MS = 220

/** Counterparts for a credit, by text and by amount more or less; asked a little after the typing stops. */
export function useCounterparts(row: BoardRow, text: string, toleranceCents: Cents | null) {
  const [asked, setAsked] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text), SEARCH_AFTER_MS)
    return () => clearTimeout(timer)
  }, [text])
  return useQuery(
    orpc.reconciliation.search.queryOptions({
      input: { bankMovementId: row.bankMovementId, text: asked, toleranceCents },
      placeholderData: (before) => before,
      staleTime: 0,
    }),
  )
}
