import { describe, expect, test } from 'vitest'
import { type ClosingFacts, checkText, closingChecklist, type ExerciseYear, moveRefusal } from '#domain/closing'
import { isoDate } from '#domain/date'
import { cents } from '#domain/money'
import { coversDay, holeText, type StatementPeriod, statementHoles } from '#domain/statement-holes'

const none = { count: 0, cents: cents(0) }
const clean: ClosingFacts = {
  exercises: [
    { year: 2026, state: 'open' },
    { year: 2027, state: 'open' },
  ],
  today: '2027-01-10',
  alarms: none,
  overdrawn: none,
  uncovered: [],
  ready: none,
  credits: none,
  notOurs: none,
  imports: [],
  pending: none,
}
const bad = (facts: Partial<ClosingFacts>) =>
  closingChecklist(2026, { ...clean, ...facts }).flatMap((l) => (l.level === 'ok' ? [] : [`${l.check} ${l.level}`]))

describe('the checklist', () => {
  test('a clean year has nothing to say', () => {
    expect(bad({})).toEqual([])
  })

  test('what blocks and what is only to be read', () => {
    expect(bad({ today: '2026-12-31' })).toEqual(['yearOver blocking'])
    expect(bad({ exercises: [{ year: 2025, state: 'open' }, ...clean.exercises] })).toEqual(['previous blocking'])
    expect(bad({ exercises: [{ year: 2026, state: 'open' }] })).toEqual(['next warning'])
    const one = { count: 1, cents: cents(5000) }
    expect(bad({ alarms: one, ready: one, credits: one, imports: ['quote.xlsx'], uncovered: ['Banca'] })).toEqual([
      'alarms blocking',
      'statements warning',
      'ready warning',
      'credits warning',
      'imports warning',
    ])
  })

  test('each line that is not well says so in words', () => {
    const lines = closingChecklist(2026, { ...clean, uncovered: ['Banca', 'Posta'], imports: ['quote.xlsx'] })
    expect(lines.flatMap((l) => (l.level === 'ok' ? [] : [checkText(l, 2026)]))).toEqual([
      'Mancano estratti conto di Banca, Posta: il loro periodo non arriva in fondo all’anno, o ha un buco.',
      'Da confermare o lasciare: quote.xlsx.',
    ])
  })
})

describe('moves of an exercise', () => {
  const years: ExerciseYear[] = [
    { year: 2024, state: 'approved' },
    { year: 2025, state: 'closed' },
    { year: 2026, state: 'closed' },
    { year: 2027, state: 'open' },
  ]
  test.each([
    ['close', 2027, null],
    ['close', 2026, 'chiudere: non è aperto'],
    ['reopen', 2026, null],
    ['reopen', 2025, 'riaprire: il 2026 è già chiuso, prima si riapre quello'],
    ['reopen', 2024, 'cambiare: il rendiconto è approvato'],
    ['approve', 2025, null],
    ['approve', 2026, 'approvare: prima si approva il 2025'],
    ['approve', 2027, 'approvare: prima va chiuso'],
  ] as const)('%s %i', (move, year, why) => {
    expect(moveRefusal(move, year, years)).toBe(why)
  })

  test('no three open exercises', () => {
    const open = [...years, { year: 2028, state: 'open' as const }]
    expect(moveRefusal('reopen', 2026, open)).toContain('il 2028 è già aperto')
  })
})

describe('holes between statements', () => {
  const period = (from: string, to: string, over: Partial<StatementPeriod> = {}): StatementPeriod => ({
    ...{ from: isoDate(from), to: isoDate(to), declared: true, openingCents: null, closingCents: null, ...over },
  })

  test('periods that do not touch are a hole, though no balance says it', () => {
    const holes = statementHoles([period('2026-01-01', '2026-01-31'), period('2026-02-10', '2026-02-28')])
    expect(holes.map((h) => holeText('Banca', h))).toEqual([
      'Banca: tra gli estratti conto dal 31/01/2026 al 10/02/2026 manca qualcosa (i periodi dichiarati dalla banca non si toccano). Carica prima il periodo che manca.',
    ])
  })

  test('days without movements prove nothing where the bank does not say what the file covers', () => {
    const from = { declared: false }
    expect(
      statementHoles([period('2026-01-02', '2026-01-20', from), period('2026-02-10', '2026-02-28', from)]),
    ).toEqual([])
  })

  test('balances that agree close the gap; that differ, open it', () => {
    const first = period('2026-01-01', '2026-01-31', { closingCents: cents(500) })
    const next = (opening: number) => period('2026-02-10', '2026-02-28', { openingCents: cents(opening) })
    expect(statementHoles([first, next(500)])).toEqual([])
    expect(statementHoles([next(700), first])[0]?.balances).toEqual({ closing: 500, opening: 700 })
  })

  test('a long statement inside which short ones lie leaves no hole', () => {
    const year = period('2026-01-01', '2026-06-30')
    expect(statementHoles([year, period('2026-02-01', '2026-02-28'), period('2026-07-01', '2026-07-31')])).toEqual([])
  })

  test('the last day of the year is covered only with nothing missing before it', () => {
    const day = isoDate('2026-12-31')
    const autumn = period('2026-10-01', '2026-11-30')
    expect(coversDay([autumn], day)).toBe(false)
    expect(coversDay([autumn, period('2026-12-01', '2026-12-31')], day)).toBe(true)
    expect(coversDay([autumn, period('2026-12-20', '2027-01-31')], day)).toBe(false)
  })
})
