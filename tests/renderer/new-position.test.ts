import { describe, expect, it } from 'vitest'
import type { Id } from '#domain/brand'
import { isoDate } from '#domain/date'
import { cents } from '#domain/money'
import {
  type Draft,
  dueDateOfDraft,
  emptyDraft,
  newDue,
  newOther,
  newPayer,
  proposedDescription,
  readDraft,
  totalOf,
  validityOf,
} from '../../src-renderer/pages/new-position/draft.ts'
import { newPlan, planGap, planLines, planProblem } from '../../src-renderer/pages/positions/plan-draft.ts'

const TODAY = isoDate('2026-11-22')
const UNTIL = isoDate('2026-12-31')
const service = {
  ...{ id: 1 as Id<'serviceType'>, name: 'Quota', capitolo: 'cap. 10.1', taxonomyCode: '9/0401107TS/' },
  ...{ defaultCausale: 'Quota {anno}', defaultCents: cents(21_500), dueRule: null },
}
const due = (causale: string, amount: number | null) => ({
  ...{ ...newDue(2026), serviceTypeId: service.id, causale, taxonomyCode: service.taxonomyCode },
  cents: amount === null ? null : cents(amount),
})
const draft = (patch: Partial<Draft> = {}): Draft => ({
  ...emptyDraft(2026, TODAY),
  ...{ payer: { kind: 'known', id: 7 as Id<'person'> }, dues: [due('Quota 2026', 21_500)] },
  ...patch,
})
const missing = (patch: Partial<Draft>) => {
  const read = readDraft(draft(patch), UNTIL)
  return 'missing' in read ? read.missing : null
}

describe('a position while it is being written', () => {
  it('says the first thing that is missing, from the first field to the last', () => {
    expect(missing({ payer: null })).toBe('Scegli chi paga.')
    expect(missing({ payer: { kind: 'new', person: newPayer('Rossi Ada') } })).toBe(
      'Manca il codice fiscale di chi paga.',
    )
    expect(missing({ dues: [newDue(2026)] })).toBe('Scegli che cosa deve.')
    expect(missing({ dues: [due('Quota 2026', null)] })).toBe('Manca l’importo di «Quota 2026».')
    expect(missing({ others: [newOther()] })).toBe('Manca il codice fiscale dell’altro ente: 11 cifre.')
    expect(missing({})).toBeNull()
  })

  it('takes a fiscal code that was searched for to its place, and a company is no professional', () => {
    expect(newPayer('RSSMRA85T10A562S')).toMatchObject({ name: '', fiscalCode: 'RSSMRA85T10A562S' })
    expect(newPayer('00743110157')).toMatchObject({ fiscalCode: '00743110157', category: 'stp' })
    expect(newPayer('Rossi Ada')).toMatchObject({ name: 'Rossi Ada', fiscalCode: '' })
  })

  it('sums new dues, those that stand and the money of others; rows that nobody touched are not asked', () => {
    const others = [
      {
        ...newOther(),
        ...{ fiscalCode: '97249640588', iban: 'IT60 X054 2811 1010 0000 0123 456', taxonomyCode: '9/0401108AP/' },
        ...{ causale: 'Contributo', cents: cents(950) },
      },
    ]
    const ticked = [{ id: 3 as Id<'accertamento'>, causale: 'Diritti', cents: cents(1_000), dueDate: null }]
    const whole = draft({ dues: [due('Quota 2026', 21_500), newDue(2026)], ticked, others })
    expect(totalOf(whole)).toBe(23_450)
    const read = readDraft(whole, UNTIL)
    expect('input' in read && read.input).toMatchObject({
      rows: [
        { kind: 'outstanding', accertamentoId: 3 },
        { kind: 'new', cents: 21_500 },
      ],
      others: [{ iban: 'IT60X0542811101000000123456', cents: 950, remittance: 'Contributo' }],
      description: 'Diritti e Quota 2026',
      terms: { single: { dueDate: null }, installments: null },
    })
  })

  it('proposes one causale for several dues, never longer than the notice takes', () => {
    expect(proposedDescription(draft({ dues: [due('A', 1), due('B', 1), due('C', 1), due('A', 1)] }))).toBe('A, B e C')
    const long = proposedDescription(draft({ dues: [due('x'.repeat(100), 1), due('y'.repeat(100), 1)] }))
    expect(long).toHaveLength(140)
  })

  it('proposes the due date of the rule while it is still to come, and keeps the one that was written', () => {
    const ruled = (month: number) => [
      { ...service, dueRule: { kind: 'fixedDay' as const, month, day: 15, workingDay: false } },
    ]
    expect(dueDateOfDraft(draft(), ruled(12), TODAY)).toBe('2026-12-15')
    expect(dueDateOfDraft(draft(), ruled(3), TODAY)).toBeNull()
    const written = { dueDate: isoDate('2027-02-01'), dueWritten: true }
    expect(dueDateOfDraft(draft(written), ruled(12), TODAY)).toBe('2027-02-01')
    expect(validityOf(draft(written), 2026, TODAY)).toBe('2027-12-31')
    expect(validityOf(draft(), 2026, TODAY)).toBe('2026-12-31')
  })
})

describe('instalments written by hand', () => {
  const plan = newPlan(TODAY)
  const total = cents(21_500)

  it('are equal by the rule and make the total', () => {
    const lines = planLines(plan, total)
    expect(lines.map((line) => line.cents)).toEqual([7_167, 7_167, 7_166])
    expect(planProblem(lines, total)).toBeNull()
  })

  it('say to the cent what is missing or too much, and which one cannot stand', () => {
    const edited = (first: number) =>
      planLines(plan, total).map((line, i) => (i === 0 ? { ...line, cents: cents(first) } : line))
    expect(planGap(edited(7_166), total)).toBe('mancano 0,01 €')
    expect(planGap(edited(7_168), total)).toBe('0,01 € di troppo')
    expect(planProblem(edited(7_166), total)).toBe('Le rate non fanno il totale: mancano 0,01 €.')
    expect(planProblem(edited(0), total)).toBe('La rata 1 non ha un importo.')
    const [first, second, third] = planLines(plan, total)
    expect(
      planProblem(
        [first, third, second].flatMap((l) => l ?? []),
        total,
      ),
    ).toBe('La rata 3 non scade dopo la 2.')
  })
})
