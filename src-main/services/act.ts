import type { z } from 'zod'
import type { actSchema, subjectSchema } from '#contract/decision'
import type { Instant } from '#domain/date'

export type Act = z.infer<typeof actSchema>

export type Subject = z.infer<typeof subjectSchema>

export interface Author {
  readonly at: Instant
  readonly operator: string
}

/** «2026/12» */
export function nameOfReversale(id: number): string {
  return `${Math.floor(id / 1_000_000)}/${id % 1_000_000}`
}
