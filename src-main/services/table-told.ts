import type { Id } from '#domain/brand'
import type { Counterpart } from './counterparts.ts'

/** Acts that say which decisions their row showed; beside what was matched before, when it was in part. */
export function told(counterparts: readonly Counterpart[], seen: readonly number[], more: boolean): Counterpart[] {
  const ids = [...new Set(seen)] as Id<'decision'>[]
  if (ids.length === 0) return [...counterparts]
  return counterparts.map((one): Counterpart => {
    const act = { ...one.act, seen: ids }
    return { ...one, act: more && act.kind === 'match' ? { ...act, more: true } : act }
  })
}
