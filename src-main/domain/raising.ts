import { type IsoDate, isoDate, yearOf } from './date.ts'

export interface ExerciseState {
  readonly year: number
  readonly state: 'historical' | 'open' | 'closed' | 'approved'
}

/** The open exercise that today's work enters: this year's, else the latest open one; null when none is open. */
export function currentExercise(exercises: readonly ExerciseState[], today: IsoDate): number | null {
  const open = exercises.filter((e) => e.state === 'open').map((e) => e.year)
  if (open.length === 0) return null
  return open.includes(yearOf(today)) ? yearOf(today) : Math.max(...open)
}

/**
 * The exercise in which a quota is raised (DOMAIN.md §7, §8.5): the current one whatever earlier year it speaks of, but
 * a historical one keeps its own (opening residui) until a later one is closed, and a later year needs its exercise
 * open. Null when it cannot be.
 */
export function raisingExercise(
  competenceYear: number,
  exercises: readonly ExerciseState[],
  today: IsoDate,
): number | null {
  const own = exercises.find((e) => e.year === competenceYear)
  const closed = exercises.some((e) => e.year > competenceYear && (e.state === 'closed' || e.state === 'approved'))
  if (own?.state === 'historical' && !closed) return competenceYear
  const current = currentExercise(exercises, today)
  if (current === null) return null
  if (competenceYear <= current) return current
  return own?.state === 'open' ? competenceYear : null
}

/**
 * The exercise in which an accertamento is cancelled: its own while that is open, else the current one, where it is a residuo
 * and its cancellation a writing off (DOMAIN.md §8). Null when none is open.
 */
export function cancellingExercise(origin: number, exercises: readonly ExerciseState[], today: IsoDate): number | null {
  if (exercises.some((e) => e.year === origin && e.state === 'open')) return origin
  const current = currentExercise(exercises, today)
  return current === null ? null : Math.max(origin, current)
}

/** The date of what is raised today in an exercise: today, brought inside the year, and never before the last number's. */
export function raisingDate(exercise: number, today: IsoDate, last: IsoDate | null): IsoDate {
  const first = isoDate(`${exercise}-01-01`)
  const end = isoDate(`${exercise}-12-31`)
  const inside = today < first ? first : today > end ? end : today
  return last !== null && last > inside ? last : inside
}
