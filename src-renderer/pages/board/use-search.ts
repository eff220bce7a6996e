import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { IsoDate } from '#domain/date'
import type { Cents } from '#domain/money'
import { orpc } from '../../client.ts'
import type { TableRow } from './board.ts'

const SEARCH_AFTER_MS = 220

export interface Sought {
  readonly text: string
  readonly toleranceCents?: Cents | null
  readonly dateFrom?: IsoDate | null
  readonly dateTo?: IsoDate | null
}

/** Counterparts of a row, by text, amount more or less, and days; asked a little after the typing stops. */
export function useCounterparts(
  row: TableRow,
  { text, toleranceCents = null, dateFrom = null, dateTo = null }: Sought,
) {
  const [asked, setAsked] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text), SEARCH_AFTER_MS)
    return () => clearTimeout(timer)
  }, [text])
  return useQuery(
    orpc.reconciliation.find.queryOptions({
      input: { subject: row.subject, text: asked, toleranceCents, dateFrom, dateTo },
      placeholderData: (before) => before,
      staleTime: 0,
      enabled: row.kind !== 'flow' && row.kind !== 'alarm',
    }),
  )
}
