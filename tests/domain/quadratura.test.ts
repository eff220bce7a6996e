import { expect, test } from 'vitest'
import { cents } from '#domain/money'
import { type SquareCredit, type SquareFlow, squareOf } from '#domain/quadratura'

const credit = (amount: number, of: Partial<Record<keyof SquareCredit, unknown>> = {}): SquareCredit => ({
  cents: cents(amount),
  ...{ storned: cents(0), toFlows: cents(0), toPayments: cents(0), toAccertamenti: cents(0) },
  ...{ proposed: false, reason: 'senza riferimento', ...(of as Partial<SquareCredit>) },
})
const flow = (amount: number, covered: number, of: Partial<SquareFlow> = {}): SquareFlow => ({
  ...{ cents: cents(amount), covered: cents(covered), proposed: false, reason: 'non accreditato', ...of },
})

test('every part of a credit has its line, and the lines make the difference', () => {
  const parts = { storned: 1000, toFlows: 5000, toPayments: 2000, toAccertamenti: 700 }
  const square = squareOf([credit(10000, parts), credit(300, { proposed: true })], [flow(5000, 5000), flow(80, 0)])
  expect(square.differenceCents).toBe(5220)
  expect(square.explanation).toEqual([
    { text: 'Accrediti abbinati a singoli pagamenti', cents: 2000 },
    { text: 'Accrediti abbinati ad accertamenti', cents: 700 },
    { text: 'Accrediti stornati', cents: 1000 },
    { text: 'Accrediti: in proposta', cents: 300 },
    { text: 'Accrediti: senza riferimento', cents: 1300 },
    { text: 'Flussi: non accreditato', cents: -80 },
  ])
  expect(square.unexplainedCents).toBe(0)
  expect(square.credits).toMatchObject({
    ...{ total: { count: 2, cents: 10300 }, matched: { count: 1, cents: 7700 } },
    ...{ proposed: { count: 1, cents: 300 }, alone: { count: 1, cents: 2300 } },
  })
})

test('a match that only one side knows is not explained away', () => {
  expect(squareOf([credit(5000, { toFlows: 5000 })], [flow(5000, 0)]).unexplainedCents).toBe(5000)
  expect(squareOf([credit(5000)], [flow(5000, 5000)]).unexplainedCents).toBe(-5000)
  expect(squareOf([credit(5000, { toFlows: 5000 })], [flow(5000, 4999)]).unexplainedCents).toBe(1)
})
