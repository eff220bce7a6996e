import { describe, expect, test } from 'vitest'
import type { HeldPayment } from '#domain/gpd'
import { type HeldOnNode, type NextOnNode, nextOnNode, syncOf, toldOutside, type WantedOnNode } from '#domain/node-step'

const WANTED: WantedOnNode = { live: true, version: 2, api: 'v1', settled: false, paidOutside: [] }
const HELD: HeldOnNode = { api: 'v1', heldVersion: 2, state: 'VALID', payments: null, unsure: false, refused: null }

function word(next: NextOnNode): string {
  if (next.kind === 'step') return next.step
  return next.kind === 'diverged' ? `diverged ${next.divergence}` : next.kind
}

function next(wanted: Partial<WantedOnNode>, held: Partial<HeldOnNode>): string {
  return word(nextOnNode({ ...WANTED, ...wanted }, { ...HELD, ...held }))
}

function payment(nav: string, status: string): HeldPayment {
  return {
    ...{ iuv: nav.slice(1), nav, cents: 1000, dueDate: null, description: null, partial: false, status },
    ...{ paidAt: null, receiptId: null, flowId: null, transfers: [] },
  }
}

/** State on the node → what is told of a position that stands there as it is here, changed here, left here. */
const TABLE: readonly (readonly [state: string | null, same: string, changed: string, left: string])[] = [
  [null, 'create', 'create', 'none'],
  ['DRAFT', 'publish', 'update', 'remove'],
  ['PUBLISHED', 'none', 'update', 'invalidate'],
  ['VALID', 'none', 'update', 'invalidate'],
  ['EXPIRED', 'none', 'update', 'none'],
  ['INVALID', 'diverged invalidOnNode', 'diverged invalidOnNode', 'none'],
  ['ABSENT', 'diverged absentOnNode', 'diverged absentOnNode', 'none'],
  ['UNPAYABLE', 'diverged notPayableOnNode', 'update', 'none'],
  ['PARTIALLY_PAID', 'none', 'diverged changedButPaid', 'diverged cancelledButPaid'],
  ['PAID', 'none', 'diverged changedButPaid', 'diverged cancelledButPaid'],
  ['REPORTED', 'none', 'diverged changedButPaid', 'diverged cancelledButPaid'],
  ['SOMETHING_NEW', 'diverged oddState', 'diverged oddState', 'diverged oddState'],
]

describe.each(TABLE)('%s on the node', (state, same, changed, left) => {
  const heldVersion = state === null ? null : 2
  test('as it is here', () => expect(next({}, { state, heldVersion })).toBe(same))
  test('changed here', () => expect(next({ version: 3 }, { state, heldVersion })).toBe(changed))
  test('cancelled, or left behind by another iupd', () =>
    expect(next({ live: false }, { state, heldVersion })).toBe(left))
  test('nobody knows whether the last step was done', () => {
    for (const live of [true, false]) expect(next({ live }, { state, heldVersion, unsure: true })).toBe('ask')
  })
})

test('what the node never had is created, also after it was asked in vain', () => {
  expect(next({}, { state: 'ABSENT', heldVersion: null })).toBe('create')
  expect(next({ settled: true }, { state: 'ABSENT', heldVersion: null })).toBe('none')
  expect(next({ settled: true }, { state: null, heldVersion: null })).toBe('none')
})

test('what is settled here is neither created nor changed, and nothing is said of what the node threw away', () => {
  for (const state of ['VALID', 'EXPIRED', 'INVALID', 'ABSENT', 'UNPAYABLE']) {
    expect(next({ settled: true, version: 3 }, { state })).toBe('none')
  }
})

test('plans are taken away, since v3 invalidates nothing', () => {
  expect(next({ live: false }, { state: 'VALID', api: 'v3' })).toBe('remove')
  expect(next({ live: false }, { state: 'PUBLISHED', api: 'v3' })).toBe('remove')
  expect(next({ live: false }, { state: 'PAID', api: 'v3' })).toBe('diverged cancelledButPaid')
})

test('a refused step waits for a person until the version is another one, or the step is', () => {
  const refused = { step: 'create', version: 2 } as const
  expect(next({}, { state: null, heldVersion: null, refused })).toBe('refused')
  expect(next({ version: 3 }, { state: null, heldVersion: null, refused })).toBe('create')
  expect(next({ live: false }, { state: 'VALID', refused })).toBe('invalidate')
  expect(next({ live: false }, { state: 'VALID', refused: { step: 'invalidate', version: 2 } })).toBe('refused')
  expect(next({}, { unsure: true, refused: { step: 'ask', version: 2 } })).toBe('ask')
})

describe('paid outside pagoPA', () => {
  const navs = ['301', '302']
  const open = [payment('301', 'PO_UNPAID'), payment('302', 'UNPAID')]
  const closed = [payment('301', 'PO_PAID'), payment('302', 'PAID')]

  test('what can be paid there is closed there, once it is known what is open', () => {
    expect(next({ paidOutside: navs }, { payments: null })).toBe('ask')
    expect(next({ paidOutside: navs, settled: true }, { payments: open })).toBe('payOutside')
    expect(next({ paidOutside: navs, settled: true }, { payments: closed })).toBe('none')
    expect(next({ paidOutside: ['302'] }, { state: 'PARTIALLY_PAID', payments: open })).toBe('payOutside')
    expect(toldOutside(['302', '303'], open)).toEqual(['302'])
    expect(toldOutside(navs, closed)).toEqual([])
  })

  test('where nothing can be paid yet it is taken away, and what has expired is left alone', () => {
    const paid = { paidOutside: navs, settled: true }
    expect(next(paid, { state: 'PUBLISHED' })).toBe('invalidate')
    expect(next(paid, { state: 'PUBLISHED', api: 'v3' })).toBe('remove')
    expect(next(paid, { state: 'DRAFT' })).toBe('remove')
    expect(next(paid, { state: 'EXPIRED' })).toBe('none')
    expect(next(paid, { state: null, heldVersion: null })).toBe('none')
  })

  test('of what is only half paid the rest is published first', () => {
    expect(next({ paidOutside: ['301'] }, { state: null, heldVersion: null })).toBe('create')
    expect(next({ paidOutside: ['301'] }, { state: 'DRAFT' })).toBe('publish')
  })
})

test('lists show one word', () => {
  expect(syncOf({ kind: 'step', step: 'create' }, true)).toBe('inFlight')
  expect(syncOf({ kind: 'step', step: 'create' }, false)).toBe('toSync')
  expect(syncOf({ kind: 'none' }, false)).toBe('synced')
  expect(syncOf({ kind: 'refused' }, false)).toBe('failed')
  expect(syncOf({ kind: 'diverged', divergence: 'oddState' }, false)).toBe('diverged')
})
