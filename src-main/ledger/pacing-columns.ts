import type { Pacing } from '#domain/pacing'

/** Pacing as the account tables keep it. */
export interface PacingColumns {
  readonly perMinute: number
  readonly perDay: number | null
  readonly batchSize: number | null
  readonly batchPauseSeconds: number | null
  readonly windowFrom: string | null
  readonly windowTo: string | null
  readonly windowDays: string | null
}

export function pacingColumns({ perMinute, perDay, batch, window }: Pacing): PacingColumns {
  return {
    perMinute,
    perDay,
    batchSize: batch?.size ?? null,
    batchPauseSeconds: batch?.pauseSeconds ?? null,
    windowFrom: window?.from ?? null,
    windowTo: window?.to ?? null,
    windowDays: window === null ? null : [...new Set(window.days)].sort().join(''),
  }
}

/** Splits a row into its pacing and the rest. */
export function withPacing<T extends PacingColumns>(
  row: T,
): Omit<T, keyof PacingColumns> & { readonly pacing: Pacing } {
  const { perMinute, perDay, batchSize, batchPauseSeconds, windowFrom, windowTo, windowDays, ...rest } = row
  const pacing: Pacing = {
    perMinute,
    perDay,
    batch:
      batchSize === null || batchPauseSeconds === null ? null : { size: batchSize, pauseSeconds: batchPauseSeconds },
    window:
      windowFrom === null || windowTo === null || windowDays === null
        ? null
        : { from: windowFrom, to: windowTo, days: [...windowDays].map(Number) },
  }
  return { ...rest, pacing }
}
