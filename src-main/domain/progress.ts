/** One beat of long work: the step's Italian name and how far it got. `total` is null while unknown. */
export interface Progress {
  readonly step: string
  readonly done: number
  readonly total: number | null
}
