import { readFileSync } from 'node:fs'

/** What must not be passed: a ratio of the same run, or megabytes. */
export interface Target {
  readonly what: string
  readonly most: number
  readonly value: number
}

export interface PartResult {
  /** Lines for a person. */
  readonly table: readonly string[]
  readonly targets: readonly Target[]
  /** For the JSON line. */
  readonly figures: Readonly<Record<string, unknown>>
}

/** One measure of the reconciliation benchmark, in a file of its own. */
export interface Part {
  readonly name: string
  readonly title: string
  run(): Promise<PartResult>
}

/** Node's options for a measure in a process of its own: those of the program itself, and the collector at hand. */
export function childOptions(): string[] {
  const program = readFileSync(new URL('../../scripts/program-options.json', import.meta.url), 'utf8')
  return [...process.execArgv, ...(JSON.parse(program) as string[]), '--expose-gc']
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number
}
