import type { Next } from '#domain/invented-people'

export type { Next }

/** Whole number from `least` to `most`, both included. */
export function between(next: Next, least: number, most: number): number {
  return least + Math.floor(next() * (most - least + 1))
}

export function pickWeighted<T extends { readonly weight: number }>(next: Next, from: readonly T[]): T {
  let left = next() * from.reduce((sum, item) => sum + item.weight, 0)
  for (const item of from) {
    left -= item.weight
    if (left < 0) return item
  }
  return from[from.length - 1] as T
}

/** `length` capital hex digits. */
export function hexDigits(next: Next, length: number): string {
  return Array.from({ length }, () => between(next, 0, 15).toString(16).toUpperCase()).join('')
}
