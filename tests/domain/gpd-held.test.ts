import { describe, expect, it } from 'vitest'
import { heldOf } from '#domain/gpd-held'

const option = { iuv: '01000000000000043', nav: '301000000000000043', amount: 15_000, description: 'Quota 2026' }

describe('what the node holds', () => {
  it('of v1, payment by payment', () => {
    const answer = {
      ...{ iupd: 'uno', status: 'PARTIALLY_PAID', companyName: 'Ordine', paymentDate: '2026-03-02T10:00:00Z' },
      paymentOption: [
        {
          ...{ ...option, isPartialPayment: true, status: 'PO_REPORTED', dueDate: '2026-03-31T23:59:59+02:00' },
          ...{ paymentDate: '2026-03-02T10:00:00.123456', idReceipt: 'r1', idFlowReporting: 'f1' },
          transfer: [
            { idTransfer: '1', amount: 14_000, iban: 'IT1', category: '9/0401107TS/', status: 'T_REPORTED' },
            { idTransfer: '2', amount: 1_000, organizationFiscalCode: '97249640588', status: 'T_UNREPORTED' },
          ],
        },
      ],
    }
    expect(heldOf('v1', answer)).toEqual({
      ...{ iupd: 'uno', api: 'v1', status: 'PARTIALLY_PAID', companyName: 'Ordine', validityDate: null, debtor: null },
      paidAt: '2026-03-02T10:00:00.000Z',
      payments: [
        {
          ...{ iuv: option.iuv, nav: option.nav, cents: 15_000, description: 'Quota 2026', partial: true },
          ...{ status: 'PO_REPORTED', dueDate: '2026-03-31T21:59:59.000Z', paidAt: '2026-03-02T10:00:00.123Z' },
          ...{ receiptId: 'r1', flowId: 'f1' },
          transfers: [
            {
              ...{ idTransfer: '1', cents: 14_000, fiscalCode: null, remittance: null },
              ...{ category: '9/0401107TS/', iban: 'IT1', reported: true },
            },
            {
              ...{ idTransfer: '2', cents: 1_000, fiscalCode: '97249640588', remittance: null },
              ...{ category: null, iban: null, reported: false },
            },
          ],
        },
      ],
    })
  })

  it('of v3, the whole and the instalments of its options side by side', () => {
    const debtor = { type: 'F', fiscalCode: 'RSSMRA85T10A562S', fullName: 'Tersilla Boscarolo' }
    const answer = {
      ...{ iupd: 'uno', status: 'VALID' },
      paymentOption: [
        { debtor, validityDate: '2026-03-02T00:00:00Z', installments: [{ ...option, status: 'UNPAID' }] },
        {
          debtor,
          installments: [
            { ...option, iuv: '2' },
            { ...option, iuv: '3', status: 'EXPIRED' },
          ],
        },
      ],
    }
    const held = heldOf('v3', answer)
    expect(held?.debtor).toEqual({ fiscalCode: 'RSSMRA85T10A562S', fullName: 'Tersilla Boscarolo' })
    expect(held?.validityDate).toBe('2026-03-02T00:00:00.000Z')
    expect(held?.payments.map(({ iuv, partial, status }) => [iuv, partial, status])).toEqual([
      ...[
        [option.iuv, false, 'UNPAID'],
        ['2', true, 'UNPAID'],
        ['3', true, 'EXPIRED'],
      ],
    ])
    expect(heldOf('v3', { ...answer, paymentOption: [{ debtor }] })).toBeNull()
  })

  it('unpaid where the position says that nobody has paid, and unknown where it does not', () => {
    for (const status of ['DRAFT', 'PUBLISHED', 'VALID', 'INVALID', 'EXPIRED']) {
      expect(heldOf('v1', { iupd: 'uno', status, paymentOption: [option] })?.payments[0]?.status).toBe('PO_UNPAID')
    }
    for (const status of ['PARTIALLY_PAID', 'PAID', 'REPORTED', 'UNPAYABLE', 'NUOVO']) {
      expect(heldOf('v1', { iupd: 'uno', status, paymentOption: [option] })).toBeNull()
    }
  })

  it('nothing where it says too little', () => {
    for (const answer of [
      null,
      [],
      'x',
      {},
      { iupd: 'uno' },
      { iupd: '', status: 'VALID' },
      { iupd: 1, status: 'VALID' },
    ]) {
      expect(heldOf('v1', answer)).toBeNull()
    }
    const of = (change: object) =>
      heldOf('v1', { iupd: 'uno', status: 'VALID', paymentOption: [{ ...option, ...change }] })
    for (const amount of ['15000', 150.5, -1, 2 ** 60, null]) expect(of({ amount })).toBeNull()
    for (const transfer of [[{ amount: 1.5 }], ['x'], 'x']) expect(of({ transfer })).toBeNull()
    expect(of({ transfer: undefined })?.payments[0]?.transfers).toEqual([])
    for (const dueDate of ['2026-03-31', 'domani', '2026-02-31T99:00:00Z', 7])
      expect(of({ dueDate })?.payments[0]?.dueDate).toBeNull()
    for (const paymentOption of [[option, 'x'], 'x', undefined]) {
      expect(heldOf('v1', { iupd: 'uno', status: 'VALID', paymentOption })).toBeNull()
    }
  })
})
