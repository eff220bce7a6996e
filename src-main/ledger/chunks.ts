/** Rows that one statement carries: below the parameter limits of both engines also for wide tables. */
const CHUNK = 200

export function* chunks<T>(rows: readonly T[], size = CHUNK): Generator<readonly T[]> {
  for (let at = 0; at < rows.length; at += size) yield rows.slice(at, at + size)
}
