import { isoDate } from '#domain/date'
import { type Cents, formatCents } from '#domain/money'
import type { Backend } from '../../backend.ts'
import type { FakeClock } from '../../clock.ts'
import type { Client } from './client.ts'

export interface DemoOptions {
  readonly members: number
  readonly seed: number
  readonly out: string
  readonly print: (line: string) => void
}

/** What the steps of the road share. */
export interface DemoTools extends DemoOptions {
  readonly client: Client
  readonly backend: Backend
  readonly clock: FakeClock
  readonly mailPort: number
  readonly place: (name: string) => string
  /** Sends what waits, and comes back when nothing more can leave. */
  drain(): Promise<void>
  /** Does `work` while positions leave for the node; `goOn` looks again at what waits for a time, and comes back when nothing more can leave. */
  publishing<T>(work: (goOn: () => Promise<void>) => Promise<T>): Promise<T>
}

export const EXERCISE = 2026

/** Monthly from the end of March: inside the validity, whatever the number. */
const monthly = { firstDue: isoDate(`${EXERCISE}-03-31`), everyMonths: 1 }
export const LOTS: readonly {
  readonly description: string
  /** Of whom; empty is everybody who is left. */
  readonly category: ('stp' | 'praticante')[]
  readonly installments: (typeof monthly & { count: number; withSingle: boolean }) | null
}[] = [
  {
    description: `Quote società ${EXERCISE}`,
    category: ['stp'],
    installments: { ...monthly, count: 6, withSingle: false },
  },
  {
    description: `Quote praticanti ${EXERCISE}`,
    category: ['praticante'],
    installments: { ...monthly, count: 3, withSingle: true },
  },
  { description: `Quote ${EXERCISE}`, category: [], installments: null },
]

export function minutes(n: number): number {
  return n * 60_000
}

export function euro(cents: Cents): string {
  return `${formatCents(cents)} €`
}
