import { type Cents, cents } from './money.ts'

/** `amount` of the want with index `want`, taken from the slice with index `slice`. */
export interface FilledPart {
  readonly want: number
  readonly slice: number
  readonly cents: Cents
}

/**
 * Pours slices into wants, both in order (northwest corner, DOMAIN.md §5.2): the single rule for imputing money. Parts
 * are positive, come in order, and where Σ wants = Σ slices both marginals hold to the cent.
 */
export function fillInOrder(wants: readonly Cents[], slices: readonly Cents[]): FilledPart[] {
  const parts: FilledPart[] = []
  let slice = 0
  let left: number = slices[0] ?? 0
  wants.forEach((wanted, want) => {
    let need: number = wanted
    while (need > 0 && slice < slices.length) {
      if (left === 0) {
        slice += 1
        left = slices[slice] ?? 0
        continue
      }
      const amount = Math.min(need, left)
      parts.push({ want, slice, cents: cents(amount) })
      need -= amount
      left -= amount
    }
  })
  return parts
}
