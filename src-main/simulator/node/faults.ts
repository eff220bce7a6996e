import type { NodeService } from '#domain/node-ports'
import type { Next } from '../dice.ts'

export const FAULT_KINDS = [
  /** 500, 502, 503 and nothing done. */
  'serverError',
  /** Done, and yet 500. */
  'serverErrorAfter',
  /** 429 with Retry-After. */
  'tooMany',
  /** Nothing done and never an answer. */
  'silent',
  /** Done, and never an answer. */
  'silentAfter',
  /** The line drops before anything is done. */
  'hangUp',
  /** The line drops after all is done. */
  'hangUpAfter',
  /** Done, the answer cut in the middle. */
  'truncated',
  /** Done twice, as when a relay tries again: the answer of the second time arrives. */
  'twice',
  /** Done, answered after `ms`. */
  'slow',
] as const
export type FaultKind = (typeof FAULT_KINDS)[number]

export interface FaultRule {
  readonly kind: FaultKind
  /** Of the calls that it concerns, 0–1. */
  readonly share: number
  readonly service?: NodeService | 'io'
  /** `operationId` of the official file. */
  readonly operation?: string
  /** How many times it still happens; for ever where absent. */
  readonly times?: number
  /** For `tooMany`. */
  readonly retryAfterSeconds?: number
  /** For `slow`. */
  readonly ms?: number
}

/** Faults on demand. Same seed and same calls, same faults. */
export class Faults {
  #rules: { rule: FaultRule; left: number }[] = []
  readonly #next: Next

  constructor(next: Next) {
    this.#next = next
  }

  /** Replaces what was set. */
  set(rules: readonly FaultRule[]): void {
    this.#rules = rules.map((rule) => ({ rule, left: rule.times ?? Number.POSITIVE_INFINITY }))
  }

  rules(): FaultRule[] {
    return this.#rules
      .filter(({ left }) => left > 0)
      .map(({ rule, left }) => (rule.times === undefined ? rule : { ...rule, times: left }))
  }

  /** What goes wrong with this call, null for nothing. */
  draw(service: NodeService | 'io', operation: string): FaultRule | null {
    for (const each of this.#rules) {
      if (each.left <= 0) continue
      if (each.rule.service !== undefined && each.rule.service !== service) continue
      if (each.rule.operation !== undefined && each.rule.operation !== operation) continue
      if (this.#next() >= each.rule.share) continue
      each.left -= 1
      return each.rule
    }
    return null
  }
}
