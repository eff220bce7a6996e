import { expect, test } from 'vitest'
import type { Id } from '#domain/brand'
import { isoDate } from '#domain/date'
import type { HeldPayment } from '#domain/gpd'
import { cents } from '#domain/money'
import {
  type ComparedOnNode,
  type DivergenceKind,
  divergenceChoices,
  divergenceOf,
  divergenceReason,
  divergenceSides,
  isListedChange,
  saidThere,
} from '#domain/node-divergence'
import { ABSENT, nextOnNode } from '#domain/node-step'
import type { StoredPayment } from '#domain/position-plan'

const IUV = '01000000000000123'

function payment(more: Partial<StoredPayment> = {}): StoredPayment {
  return {
    ...{ ordinal: 1, iuv: IUV as never, noticeNumber: `3${IUV}` as never, cents: cents(21_500) },
    ...{ dueDate: isoDate('2026-03-31'), state: 'unpaid', paidDate: null, otherOption: false, surplus: false },
    transfers: [],
    ...more,
  }
}

function held(more: Partial<HeldPayment> = {}): HeldPayment {
  return {
    ...{ iuv: IUV, nav: `3${IUV}`, cents: 21_500, dueDate: null, description: null, partial: false },
    ...{ status: 'PO_UNPAID', paidAt: null, receiptId: null, flowId: null, transfers: [] },
    ...more,
  }
}

interface Case {
  readonly lifecycle?: 'issued' | 'cancelled'
  readonly payment?: 'unpaid' | 'partiallyPaid' | 'paid' | 'collected'
  readonly single?: StoredPayment
  readonly state: string | null
  readonly before?: string | null
  readonly heldVersion?: number | null
  readonly payments?: readonly HeldPayment[] | null
  readonly fields?: ComparedOnNode['fields']
  readonly refused?: boolean
}

/** As refresh compares: the next step is the one that the same facts ask for. */
function compared(one: Case): ComparedOnNode {
  const position = {
    ...{ id: 1 as Id<'debtPosition'>, version: 2, validUntil: isoDate('2026-12-31'), installments: [] },
    ...{ lifecycle: one.lifecycle ?? ('issued' as const), payment: one.payment ?? ('unpaid' as const) },
    single: one.single ?? payment(),
  }
  const { state, before = state, heldVersion = 2, payments = [held()] } = one
  const settled = position.payment === 'paid' || position.payment === 'collected'
  const next = nextOnNode(
    { live: position.lifecycle === 'issued', version: 2, api: 'v1', settled, paidOutside: [] },
    {
      ...{ api: 'v1', heldVersion, state, payments, unsure: false },
      refused: one.refused ? { step: position.lifecycle === 'issued' ? 'update' : 'invalidate', version: 2 } : null,
    },
  )
  return { position, held: { state, before, heldVersion, payments }, next, fields: one.fields ?? [] }
}

const paidThere = [held({ status: 'PO_PAID', paidAt: '2026-03-02T09:00:00.000Z' as never })]
const differs = (field: 'amount' | 'due' | 'iban' | 'debtor') => [{ field, iuv: IUV, here: 'A', there: 'B' }]

const CASES: readonly (readonly [what: string, one: Case, expected: DivergenceKind | null])[] = [
  ['as it is here', { state: 'VALID' }, null],
  ['never said', { state: null, heldVersion: null }, null],
  ['another version waits to be told', { state: 'VALID', heldVersion: 1 }, null],
  ['gone from the node', { state: ABSENT }, 'absentOnNode'],
  ['gone, and paid here', { state: ABSENT, payment: 'collected' }, null],
  ['invalid there', { state: 'INVALID' }, 'invalidOnNode'],
  ['invalid there, cancelled here', { state: 'INVALID', lifecycle: 'cancelled' }, null],
  ['unpayable there', { state: 'UNPAYABLE' }, 'notPayableOnNode'],
  ['paid there only', { state: 'PAID', before: 'VALID', payments: paidThere }, 'paidOnNode'],
  ['paid there, known by the state alone', { state: 'PAID', before: 'VALID', payments: null }, 'paidOnNode'],
  [
    'paid on both sides',
    { state: 'PAID', before: 'VALID', payment: 'paid', single: payment({ state: 'paid' }), payments: paidThere },
    null,
  ],
  [
    'reported after being paid',
    { state: 'REPORTED', before: 'PAID', payment: 'paid', single: payment({ state: 'paid' }), payments: paidThere },
    null,
  ],
  [
    'cancelled here, paid there',
    { state: 'PAID', before: 'VALID', lifecycle: 'cancelled', payments: paidThere },
    'cancelledButPaid',
  ],
  ['cancelled here, payable there, to be withdrawn', { state: 'VALID', lifecycle: 'cancelled' }, null],
  ['cancelled here, payable there, refused', { state: 'VALID', lifecycle: 'cancelled', refused: true }, 'openOnNode'],
  ['an older version, the new one refused', { state: 'VALID', heldVersion: 1, refused: true }, 'olderVersion'],
  [
    'paid here by a receipt',
    { state: 'VALID', payment: 'paid', single: payment({ state: 'credited' }) },
    'paidOnlyHere',
  ],
  ['another amount', { state: 'VALID', fields: differs('amount') }, 'amountsDiffer'],
  [
    'another IBAN before another due date',
    { state: 'VALID', fields: [...differs('due'), ...differs('iban')] },
    'ibanDiffers',
  ],
  ['another debtor', { state: 'VALID', fields: differs('debtor') }, 'debtorDiffers'],
  ['another due date', { state: 'VALID', fields: differs('due') }, 'duesDiffer'],
  ['expired by itself', { state: 'EXPIRED', before: 'VALID', fields: differs('due') }, null],
  ['back to payable after being invalid', { state: 'VALID', before: 'INVALID' }, 'unlistedChange'],
  ['a state nobody knows', { state: 'SUSPENDED', before: 'VALID' }, 'oddState'],
]

test.each(CASES)('%s', (_what, one, expected) => {
  expect(divergenceOf(compared(one))).toBe(expected)
})

test('states reached over several listed ones while nobody looked are listed', () => {
  expect(isListedChange('DRAFT', 'REPORTED')).toBe(true)
  expect(isListedChange(null, 'PAID')).toBe(true)
  expect(isListedChange('PAID', 'VALID')).toBe(false)
  expect(isListedChange('INVALID', 'VALID')).toBe(false)
  expect(isListedChange('PAID', 'UNPAYABLE')).toBe(false)
})

test('each difference is told with both sides and something that may be chosen', () => {
  for (const [, one, kind] of CASES) {
    if (kind === null) continue
    expect(divergenceReason(kind)).not.toBe('')
    expect(divergenceSides(compared(one))[0]).toMatchObject({ what: 'Stato' })
    const choices = divergenceChoices(kind, false)
    expect(choices.at(-1)).toMatchObject({ choice: 'keep', side: 'neither' })
    expect(divergenceChoices(kind, true).map((c) => c.choice)).toContain('reopen')
  }
})

test('what the node says is paid has its day in Italy', () => {
  const late = [held({ status: 'PO_PAID', paidAt: '2026-03-01T23:30:00.000Z' as never })]
  expect(divergenceSides(compared({ state: 'PAID', before: 'VALID', payments: late }))).toContainEqual({
    ...{ what: 'Pagamento', here: 'nessuno' },
    there: '215,00 € il 02/03/2026',
  })
})

test('a change here starts from what the node asks of the same payments, where it says it of all', () => {
  const other = '01000000000000224'
  const first = payment({ cents: cents(10_000) })
  const second = payment({ iuv: other as never, ordinal: 2, cents: cents(11_500), dueDate: isoDate('2026-06-30') })
  const plan = { single: null, installments: [first, second] }
  const whole = { single: payment(), installments: [] }
  const midnight = '2026-05-31T21:59:59.000Z' as never
  expect(saidThere(whole, [held({ cents: 20_000, dueDate: midnight })])).toEqual({
    ...{ moreCents: -1_500, dueDate: '2026-05-31' },
  })
  expect(saidThere(whole, [held({ dueDate: '2026-03-30T22:00:00.000Z' as never })])).toEqual({
    ...{ moreCents: null, dueDate: null },
  })
  const there = [held({ cents: 12_000 }), held({ iuv: other, cents: 11_500, dueDate: midnight })]
  expect(saidThere(plan, there)).toEqual({ moreCents: 2_000, dueDate: null })
  // The first is paid: what falls due next is the second, and the whole counts no more.
  const begun = {
    single: payment({ iuv: '01000000000000325' as never }),
    installments: [payment({ ...first, state: 'paid' }), second],
  }
  expect(saidThere(begun, there)).toEqual({ moreCents: 2_000, dueDate: '2026-05-31' })
  // A sum of which the node says a part is none.
  expect(saidThere(plan, there.slice(0, 1))).toEqual({ moreCents: null, dueDate: null })
  expect(saidThere(whole, null)).toEqual({ moreCents: null, dueDate: null })
})
