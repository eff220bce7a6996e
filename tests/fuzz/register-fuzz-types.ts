/** Places of the memory that worker and watcher share: the seed under way. */
export interface FuzzState {
  readonly 0: number
}

export interface FuzzOrder {
  readonly from: number
  readonly to: number
  readonly state: SharedArrayBuffer
}

export interface FuzzReport {
  readonly counts: Readonly<Record<string, number>>
  readonly slowestMs: number
  readonly slowestSeed: number
  /** After a collection, at each fifth of the way. */
  readonly heapMb: readonly number[]
  readonly failures: readonly string[]
}
