/** Called between slices of long writes: says how many rows are done, and may throw to roll everything back. */
export type Beat = (done: number) => void
