import { describe, expect, test } from 'vitest'
import type { GpdPositionV3 } from '#domain/gpd'
import { atPartner, type HandedRow, massivePosition, partnerShown, type WantedAtPartner } from '#domain/partner'

const wanted = (more: Partial<WantedAtPartner> = {}): WantedAtPartner => ({
  ...{ live: true, version: 1, settled: false, closed: 0 },
  ...more,
})
const row = (kind: HandedRow['kind'], outcome: HandedRow['outcome'], more: Partial<HandedRow> = {}): HandedRow => ({
  iupd: 'x-1',
  kind,
  outcome,
  version: 1,
  closed: 0,
  ...more,
})

describe('what a file should tell the partner next', () => {
  test.each([
    ['nothing handed yet', wanted(), [], 'create', false],
    ['handed and unheard', wanted(), [row('create', 'waiting')], null, false],
    ['taken', wanted(), [row('create', 'accepted')], null, false],
    ['refused as it is', wanted(), [row('create', 'refused')], 'create', true],
    ['refused, then mended here', wanted({ version: 2 }), [row('create', 'refused')], 'create', false],
    ['refused, then taken', wanted(), [row('create', 'refused'), row('create', 'accepted')], null, false],
    ['changed since', wanted({ version: 2 }), [row('create', 'accepted')], 'update', false],
    ['changed before he answered', wanted({ version: 2 }), [row('create', 'waiting')], 'update', false],
    [
      'update refused',
      wanted({ version: 2 }),
      [row('create', 'accepted'), row('update', 'refused', { version: 2 })],
      'update',
      true,
    ],
    ['an instalment paid outside', wanted({ closed: 1 }), [row('create', 'accepted')], 'update', false],
    ['all of it paid outside', wanted({ closed: 1, settled: true }), [row('create', 'accepted')], 'delete', false],
    ['paid on pagoPA', wanted({ settled: true }), [row('create', 'accepted')], null, false],
    ['cancelled', wanted({ live: false }), [row('create', 'accepted')], 'delete', false],
    ['cancelled before he answered', wanted({ live: false }), [row('create', 'waiting')], 'delete', false],
    ['cancelled, never taken', wanted({ live: false }), [row('create', 'refused')], null, false],
    ['removal refused', wanted({ live: false }), [row('create', 'accepted'), row('delete', 'refused')], 'delete', true],
    ['removed', wanted({ live: false }), [row('create', 'accepted'), row('delete', 'accepted')], null, false],
    ['removed and live again', wanted(), [row('create', 'accepted'), row('delete', 'accepted')], 'create', false],
  ] as const)('%s', (_name, want, rows, need, refused) => {
    expect(atPartner(want, rows)).toMatchObject({ need, refused })
  })

  test('lists show what is worst of all its iupds, and what he said of the present one', () => {
    const left = atPartner(wanted({ live: false }), [row('create', 'accepted')])
    const present = atPartner(wanted(), [row('create', 'waiting', { iupd: 'x-2' })])
    expect(partnerShown([left, present])).toEqual({ nodeState: null, syncState: 'toSync' })
    expect(partnerShown([atPartner(wanted(), [row('create', 'refused')])])).toEqual({
      ...{ nodeState: null, syncState: 'failed' },
    })
    const gone = atPartner(wanted({ live: false }), [row('create', 'accepted'), row('delete', 'accepted')])
    expect(partnerShown([gone])).toEqual({ nodeState: 'INVALID', syncState: 'synced' })
  })
})

test('a plan of which only instalments are left has no whole', () => {
  const installment = { nav: '3', iuv: '1', amount: 100, description: 'Rata', dueDate: '2026-03-31T21:59:59.000Z' }
  const option = {
    ...{ description: 'Pagamento in 1 rate', retentionDate: '2026-12-31T22:59:59.000Z', switchToExpired: false },
    debtor: { type: 'F' as const, fiscalCode: 'ANONIMO', fullName: 'D’Albarosa Zita' },
    installments: [{ ...installment, transfer: [] }],
  }
  const position: GpdPositionV3 = { iupd: 'x-1', payStandIn: true, companyName: 'Ordine', paymentOption: [option] }
  expect(massivePosition({ api: 'v3', position })).toEqual({
    ...{ iupd: 'x-1', payStandIn: true, companyName: 'Ordine', switchToExpired: false },
    ...option.debtor,
    paymentOption: [{ ...installment, transfer: [], isPartialPayment: true, retentionDate: option.retentionDate }],
  })
})
