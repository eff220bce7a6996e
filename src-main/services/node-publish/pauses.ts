/** How long what failed waits: doubles from `firstMs`, never above `mostMs`, a fifth more or less so that many do not return together. */
export interface Pauses {
  readonly firstMs: number
  readonly mostMs: number
}

export const PAUSES: Pauses = { firstMs: 2000, mostMs: 15 * 60_000 }

/**
 * @param attempts that failed in a row, from 1
 * @param chance 0 to 1
 * @param askedSeconds as the node said it (`Retry-After`): never less than that
 */
export function pauseMs(
  { firstMs, mostMs }: Pauses,
  attempts: number,
  chance: number,
  askedSeconds: number | undefined,
): number {
  const doubled = Math.min(mostMs, firstMs * 2 ** Math.min(attempts - 1, 20))
  return Math.max(Math.round(doubled * (0.8 + 0.4 * chance)), (askedSeconds ?? 0) * 1000)
}
