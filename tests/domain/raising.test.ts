import { describe, expect, it } from 'vitest'
import { isoDate } from '#domain/date'
import { editDistance, nearest } from '../../src-main/domain/nearest.ts'
import {
  cancellingExercise,
  currentExercise,
  type ExerciseState,
  raisingDate,
  raisingExercise,
} from '../../src-main/domain/raising.ts'

const today = isoDate('2026-02-02')
const books: ExerciseState[] = [
  { year: 2024, state: 'historical' },
  { year: 2025, state: 'closed' },
  { year: 2026, state: 'open' },
]

describe('raisingExercise', () => {
  it('puts an earlier year never assessed here into the current exercise, a historical one into its own', () => {
    expect(raisingExercise(2026, books, today)).toBe(2026)
    expect(raisingExercise(2025, books, today)).toBe(2026)
    expect(raisingExercise(2023, books, today)).toBe(2026)
    expect(raisingExercise(2024, [books[0] as ExerciseState, books[2] as ExerciseState], today)).toBe(2024)
  })

  it('puts into the current exercise what a historical one would have left out of a closing', () => {
    expect(raisingExercise(2024, books, today)).toBe(2026)
  })

  it('wants the exercise of a later year open', () => {
    expect(raisingExercise(2027, books, today)).toBeNull()
    expect(raisingExercise(2027, [...books, { year: 2027, state: 'open' }], today)).toBe(2027)
    expect(raisingExercise(2026, [{ year: 2026, state: 'closed' }], today)).toBeNull()
  })

  it('works in the present year when two are open', () => {
    expect(currentExercise([...books, { year: 2027, state: 'open' }], today)).toBe(2026)
    expect(currentExercise(books, isoDate('2027-01-10'))).toBe(2026)
    expect(currentExercise([], today)).toBeNull()
  })
})

describe('cancellingExercise', () => {
  const two: ExerciseState[] = [...books, { year: 2027, state: 'open' }]
  it('is the accertamento’s own while it is open, else the current one, never before its own', () => {
    expect(cancellingExercise(2026, two, isoDate('2027-02-02'))).toBe(2026)
    expect(cancellingExercise(2025, two, isoDate('2027-02-02'))).toBe(2027)
    expect(cancellingExercise(2024, two, today)).toBe(2026)
    expect(cancellingExercise(2027, books, today)).toBe(2027)
    expect(cancellingExercise(2025, books.slice(0, 2), today)).toBeNull()
  })
})

describe('raisingDate', () => {
  it('stays inside the exercise and never goes back', () => {
    expect(raisingDate(2026, today, null)).toBe('2026-02-02')
    expect(raisingDate(2024, today, null)).toBe('2024-12-31')
    expect(raisingDate(2027, today, null)).toBe('2027-01-01')
    expect(raisingDate(2026, today, isoDate('2026-03-01'))).toBe('2026-03-01')
  })
})

describe('nearest', () => {
  it('finds the name that was meant and stays silent when none is near', () => {
    const names = ['Quota annuale', 'Quota STP', 'Prima iscrizione']
    expect(nearest('quota anuale', names)).toBe('Quota annuale')
    expect(nearest('QUOTA-STP', names)).toBe('Quota STP')
    expect(nearest('Affitto locali', names)).toBeNull()
    expect(editDistance('mora', 'more')).toBe(1)
  })
})
