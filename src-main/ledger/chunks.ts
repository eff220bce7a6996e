import { setImmediate as nextTurn } from 'node:timers/promises'

/** Rows that one statement carries: below the parameter limits of both engines also for wide tables. */
const CHUNK = 200

export function* chunks<T>(rows: readonly T[], size = CHUNK): Generator<readonly T[]> {
  for (let at = 0; at < rows.length; at += size) yield rows.slice(at, at + size)
}

/** The same, giving way to everything else between two of them: for whoever goes through tens of thousands. */
export async function* restingChunks<T>(rows: readonly T[], size = CHUNK): AsyncGenerator<readonly T[]> {
  for (let at = 0; at < rows.length; at += size) {
    if (at > 0) await nextTurn()
    yield rows.slice(at, at + size)
  }
}
