import { expect, test } from 'vitest'
import { type IsoDate, isoDate } from '#domain/date'
import { LABELS, type LabelCode, labelOf, labelText, labelTitle } from '#domain/labels'
import { cents } from '#domain/money'
import { plan } from '#domain/plan'
import { draftCount, groupForPosting, type PostingContext } from '#domain/posting-groups'
import type { TargetLine } from '#domain/reconcile-outcome'

const line = (
  movementId: number,
  accertamentoId: number,
  amount: number,
  of: Partial<TargetLine> = {},
): TargetLine => ({
  movementId,
  accertamentoId,
  cents: cents(amount),
  iuv: `iuv${accertamentoId}`,
  idTransfer: 1,
  flowId: 'F1',
  rowKey: `r${accertamentoId}`,
  edge: 0,
  claim: accertamentoId,
  assignedByHand: false,
  ...of,
})
const context = (of: Partial<PostingContext> = {}): PostingContext => ({
  today: isoDate('2026-06-30'),
  exercises: [
    { year: 2025, state: 'closed', lastReversaleDate: isoDate('2025-12-30') },
    { year: 2026, state: 'open', lastReversaleDate: isoDate('2026-03-11') },
  ],
  movements: [1, 2, 3].map((movementId) => ({
    movementId,
    bankAccountId: 1,
    bookingDate: ['2026-02-02', '2026-04-10', '2025-12-31'][movementId - 1] as IsoDate,
    bankReference: `RIF${movementId}`,
    provvisorio: null,
    fingerprint: `f${movementId}`,
  })),
  accertamenti: [1, 2, 3].map((accertamentoId) => ({
    accertamentoId,
    exercise: accertamentoId === 3 ? 2025 : 2026,
    number: accertamentoId,
    capitoloId: 7,
    capitoloCode: '1.01',
    personId: accertamentoId,
  })),
  ...of,
})

test('groups by flow, capitolo and origin, dated in order and never before the last reversale', () => {
  const { drafts, refused } = groupForPosting(
    [line(2, 1, 100), line(2, 2, 200), line(2, 3, 50), line(1, 1, 70, { flowId: 'F0' })],
    context(),
  )
  expect(refused).toEqual([])
  expect(drafts.map((d) => [d.date, d.originYear, d.cents, d.causale])).toEqual([
    ['2026-03-11', 2026, 70, 'Incassi pagoPA, flusso F0, accredito del 02/02/2026, riferimento RIF1'],
    ['2026-04-10', 2025, 50, 'Incassi pagoPA, flusso F1, accredito del 10/04/2026, riferimento RIF2, c/residui 2025'],
    ['2026-04-10', 2026, 300, 'Incassi pagoPA, flusso F1, accredito del 10/04/2026, riferimento RIF2'],
  ])
})

test('one per payer, one per day, dated on the day of posting', () => {
  const lines = [line(2, 1, 100), line(2, 2, 200), line(2, 2, 10, { flowId: 'F2' })]
  expect(groupForPosting(lines, context({ grouping: 'payer' })).drafts.map((d) => [d.personId, d.cents])).toEqual([
    [1, 100],
    [2, 200],
    [2, 10],
  ])
  const [day] = groupForPosting(lines, context({ grouping: 'day', reversaleDate: 'postingDay' })).drafts
  expect([day?.cents, day?.date]).toEqual([310, '2026-06-30'])
})

test('a payment of which one part finds no exercise is refused whole, and counted so', () => {
  const next = { year: 2027, state: 'closed' as const, lastReversaleDate: null }
  const late = context()
  const split = context({
    exercises: [...late.exercises, next],
    movements: late.movements.map((m) => (m.movementId === 2 ? { ...m, bookingDate: isoDate('2027-01-02') } : m)),
  })
  const [half, rest, other] = [line(1, 1, 40), line(2, 1, 10), line(1, 2, 70, { flowId: 'F0' })]
  const { drafts, refused } = groupForPosting([half, rest, other], split)
  expect(refused).toEqual([half, rest])
  expect(drafts.map((d) => d.cents)).toEqual([70])
  const counting = {
    ...split,
    movementOf: (id: number) => split.movements.find((m) => m.movementId === id),
    accertamentoOf: (id: number) => split.accertamenti.find((a) => a.accertamentoId === id),
  }
  expect(draftCount([half, rest, other], counting)).toBe(1)
})

test('a credit of a closed exercise goes into the next open one and says so; without any it is refused', () => {
  const { drafts } = groupForPosting([line(3, 3, 50)], context())
  expect(drafts.map((d) => [d.exercise, d.date, d.labels])).toEqual([
    [2026, '2026-03-11', [labelOf('EXERCISE_CLOSED', { year: 2025, open: 2026 })]],
  ])
  const closed = context({ exercises: [{ year: 2026, state: 'closed', lastReversaleDate: null }] })
  expect(groupForPosting([line(1, 1, 50)], closed)).toEqual({ drafts: [], refused: [line(1, 1, 50)] })
})

test('what touches a line that is gone is held, with the rest of its claim', () => {
  const posted = { ...line(1, 1, 100), lineId: 1, reversaleId: 1, kept: false }
  const target = [line(1, 2, 100, { claim: 5 }), line(2, 3, 40, { claim: 5 }), line(2, 2, 60, { claim: 6 })]
  const { add, gone, held } = plan(target, [posted])
  expect([add.map((l) => l.claim), gone.map((l) => l.lineId), held.map((l) => l.claim)]).toEqual([[6], [1], [5, 5]])
  expect(plan(target, [{ ...posted, kept: true }])).toEqual({ add: target, gone: [], held: [] })
})

test('a line posted by its IUV is the same line when its one-row flow arrives', () => {
  const posted = { ...line(1, 1, 100), lineId: 1, reversaleId: 1, kept: false }
  expect(plan([line(1, 1, 100, { flowId: 'late', rowKey: 'x' })], [posted])).toEqual({ add: [], gone: [], held: [] })
})

const TODAY = isoDate('2026-03-16')

test('every label has a title and a sentence without holes', () => {
  const params = {
    flowId: 'F',
    iuv: '1',
    cents: 100,
    total: 200,
    user: 'Ada',
    left: 1,
    credited: 3,
    expected: 4,
    reason: 'r',
    date: '2026-03-12',
    year: 2025,
    exercise: 2026,
    number: 1,
    open: 2026,
    parts: 2,
    declared: 5,
    sum: 6,
    count: 7,
    receiver: '8',
    n: 1,
    outcome: '9',
    receipt: 1,
    v: 1,
    first: 'il flusso F',
    shorter: 'F1',
    since: '2026-03-12',
    document: 'd',
  }
  for (const code of Object.keys(LABELS) as LabelCode[]) {
    const text = labelText({ code, params }, TODAY)
    expect(text, code).toMatch(/^\p{Lu}.*\.$/u)
    expect(text, code).not.toMatch(/undefined|NaN|'/)
    expect(labelTitle(code).length, code).toBeLessThan(30)
  }
  expect(labelText(labelOf('PARTLY_CREDITED', { flowId: 'F', credited: 6000, total: 10000 }), TODAY)).toBe(
    'Flusso F: accreditati 60,00 su 100,00.',
  )
})

test('a label keeps the day since when, and is as old as the day on which it is read', () => {
  const uncredited = labelOf('NOT_CREDITED', { since: '2026-03-12' })
  expect(labelText(uncredited, isoDate('2026-03-13'))).toBe('Non ancora accreditato da 1 giorno lavorativo.')
  expect(labelText(uncredited, TODAY)).toBe('Non ancora accreditato da 2 giorni lavorativi.')
  const waiting = labelOf('WAITING_FOR_FLOW', { flowId: 'F', since: '2026-03-12' })
  expect(labelText(waiting, TODAY)).toBe('Il flusso F non è ancora arrivato (accreditato da 4 giorni).')
  expect(labelText(waiting, isoDate('2026-03-10'))).toContain('da 0 giorni')
})
