import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { endOfDayInRome, type Instant, type IsoDate, isoDate, romeDate, romeDateTime } from '#domain/date'
import type { FiscalCode } from '#domain/fiscal-code'
import type { GpdBody, HeldPosition } from '#domain/gpd'
import { gpdDifferences } from '#domain/gpd-difference'
import { type GpdFacts, type GpdInstitution, type GpdPaymentFacts, gpdBodyOf } from '#domain/gpd-position'
import type { Iban } from '#domain/iban'
import { type Cents, cents, splitByLargestRemainder } from '#domain/money'
import { composeNoticeNumber, type SegregationCode } from '#domain/notice-number'
import { officialFile } from '../node/openapi-file.ts'

const NOW = '2026-03-02T09:00:00.000Z' as Instant
const ORDINE = '80087670016' as FiscalCode
const BANK = 'IT60X0542811101000000123456' as Iban
const POSTAL = 'IT94E0760115500001012531156' as Iban
const INSTITUTION: GpdInstitution = { name: 'Ordine di prova', office: null, postalIban: null }

type Transfer = GpdPaymentFacts['transfers'][number]

const transfer = (change: Partial<Transfer> = {}): Transfer => ({
  ...{ idTransfer: 1, cents: cents(15_000), own: true, fiscalCode: ORDINE, iban: BANK, stamp: null },
  ...{ taxonomyCode: '9/0401107TS/', remittance: '/RFB/01000000000000043/150.00/TXT/Quota 2026' },
  ...change,
})

const payment = (n: number, change: Partial<GpdPaymentFacts> = {}): GpdPaymentFacts => ({
  ...composeNoticeNumber('01' as SegregationCode, n),
  ...{ cents: cents(15_000), dueDate: isoDate('2026-03-31'), description: 'Quota 2026', open: true },
  transfers: [transfer()],
  ...change,
})

const facts = (change: Partial<GpdFacts> = {}): GpdFacts => ({
  ...{ iupd: `${ORDINE}-01000000000000043`, validUntil: isoDate('2026-12-31'), single: payment(0), installments: [] },
  debtor: {
    ...{ kind: 'F', fiscalCode: 'RSSMRA85T10A562S', name: 'Tersilla Boscarolo', email: 'tersilla@studio.example' },
    address: {
      ...{ street: 'Via Roma', civicNumber: '12/b', postalCode: '09124', city: 'Cagliari', province: 'CA' },
      ...{ country: null, value: 'Via Roma 12/b, 09124 Cagliari (CA)' },
    },
  },
  ...change,
})

const read = (change: Partial<GpdFacts> = {}, institution = INSTITUTION, now = NOW) =>
  gpdBodyOf(facts(change), institution, { now })
const body = (...of: Parameters<typeof read>): GpdBody => {
  const reading = read(...of)
  if (reading.kind !== 'ok') throw new Error(reading.reasons.join('\n'))
  return reading.body
}
const v1 = (...of: Parameters<typeof read>) => {
  const made = body(...of)
  if (made.api !== 'v1') throw new Error('v3')
  return made.position
}
const v3 = (...of: Parameters<typeof read>) => {
  const made = body(...of)
  if (made.api !== 'v3') throw new Error('v1')
  return made.position
}
const reasons = (...of: Parameters<typeof read>) => {
  const reading = read(...of)
  return reading.kind === 'ok' ? [] : reading.reasons
}

describe('what GPD is sent', () => {
  it('one payment, by v1', () => {
    expect(v1()).toEqual({
      ...{ iupd: `${ORDINE}-01000000000000043`, payStandIn: true, companyName: 'Ordine di prova' },
      ...{ type: 'F', fiscalCode: 'RSSMRA85T10A562S', fullName: 'Tersilla Boscarolo' },
      ...{ streetName: 'Via Roma', civicNumber: '12/b', postalCode: '09124', city: 'Cagliari', province: 'CA' },
      ...{ country: 'IT', email: 'tersilla@studio.example', switchToExpired: false },
      paymentOption: [
        {
          ...{ nav: '301000000000000043', iuv: '01000000000000043', amount: 15_000, description: 'Quota 2026' },
          ...{
            isPartialPayment: false,
            dueDate: '2026-03-31T21:59:59.000Z',
            retentionDate: '2026-12-31T22:59:59.000Z',
          },
          transfer: [
            {
              ...{
                idTransfer: '1',
                amount: 15_000,
                organizationFiscalCode: ORDINE,
                category: '9/0401107TS/',
                iban: BANK,
              },
              ...{
                remittanceInformation: '/RFB/01000000000000043/150.00/TXT/Quota 2026',
                companyName: 'Ordine di prova',
              },
            },
          ],
        },
      ],
    })
  })

  it('the whole and its instalments, as two options of v3', () => {
    const installments = [1, 2, 3].map((n) =>
      payment(n, {
        cents: cents(5000),
        dueDate: isoDate(`2026-0${n + 3}-30`),
        transfers: [transfer({ cents: cents(5000) })],
      }),
    )
    const { paymentOption } = v3({ installments })
    expect(paymentOption.map((option) => [option.description, option.installments.map((one) => one.amount)])).toEqual([
      ['Quota 2026', [15_000]],
      ['Pagamento in 3 rate', [5000, 5000, 5000]],
    ])
    const [, plan] = paymentOption
    expect(plan?.installments.map((one) => one.dueDate.slice(0, 10))).toEqual([
      '2026-04-30',
      '2026-05-30',
      '2026-06-30',
    ])
    expect(v3({ single: null, installments }).paymentOption).toHaveLength(1)
  })

  it('only what nobody has paid: the whole falls away with the first instalment', () => {
    const installments = [1, 2].map((n) => payment(n))
    const [paid, open] = installments as [GpdPaymentFacts, GpdPaymentFacts]
    const { paymentOption } = v3({ installments: [{ ...paid, open: false }, open] })
    expect(paymentOption.flatMap((option) => option.installments.map((one) => one.iuv))).toEqual([open.iuv])
    expect(reasons({ single: payment(0, { open: false }), installments })).toEqual(['Non c’è più niente da pagare.'])
  })

  it('a due date to its last second in Italy, whatever the clock change', () => {
    for (const [day, end] of [
      ['2026-03-28', '2026-03-28T22:59:59.000Z'],
      ['2026-03-29', '2026-03-29T21:59:59.000Z'],
      ['2026-10-24', '2026-10-24T21:59:59.000Z'],
      ['2026-10-25', '2026-10-25T22:59:59.000Z'],
    ] as const) {
      const [option] = v1({ single: payment(0, { dueDate: isoDate(day) }) }).paymentOption
      expect(option?.dueDate).toBe(end)
    }
  })

  it('the last day of the position where it is overdue, or due at no date; then it ends there', () => {
    for (const dueDate of [isoDate('2026-02-28'), null]) {
      const position = v1({ single: payment(0, { dueDate }) })
      expect(position.paymentOption[0]?.dueDate).toBe('2026-12-31T22:59:59.000Z')
      expect(position.switchToExpired).toBe(true)
    }
    // Due today is not overdue before midnight.
    const evening = '2026-03-31T21:59:58.000Z' as Instant
    expect(v1({}, INSTITUTION, evening).paymentOption[0]?.dueDate).toBe('2026-03-31T21:59:59.000Z')
    const midnight = '2026-03-31T21:59:59.000Z' as Instant
    expect(v1({}, INSTITUTION, midnight).paymentOption[0]?.dueDate).toBe('2026-12-31T22:59:59.000Z')
  })

  it('the postal account of the slip, where all the money is ours', () => {
    const postal = { ...INSTITUTION, postalIban: POSTAL }
    expect(v1({}, postal).paymentOption[0]?.transfer[0]).toMatchObject({ iban: BANK, postalIban: POSTAL })
    const shared = payment(0, {
      cents: cents(16_000),
      transfers: [
        transfer(),
        transfer({ idTransfer: 2, cents: cents(1000), own: false, fiscalCode: '97249640588' as FiscalCode }),
      ],
    })
    for (const one of v1({ single: shared }, postal).paymentOption[0]?.transfer ?? [])
      expect(one).not.toHaveProperty('postalIban')
  })

  it('a stamp with its document, in place of the IBAN', () => {
    const document = { hash: 'wHpFSLCGZjIvNSXxqtGbxg7275t446DRTk5ZrsdUQ6E=', province: 'CA' }
    const stamped = payment(0, {
      cents: cents(1600),
      transfers: [transfer({ cents: cents(1600), iban: null, stamp: { document } })],
    })
    expect(v1({ single: stamped }).paymentOption[0]?.transfer[0]).toMatchObject({
      stamp: { hashDocument: document.hash, stampType: '01', provincialResidence: 'CA' },
    })
  })

  it('a causale in the letters of SEPA, small ones left small', () => {
    const transfers = [transfer({ remittance: 'Quota «2026» – società D’Angelo & figli, è 150 €' })]
    const [option] = v1({ single: payment(0, { transfers }) }).paymentOption
    expect(option?.transfer[0]?.remittanceInformation).toBe("Quota 2026 - societa D'Angelo + figli, e 150 EUR")
  })

  it('ANONIMO for a debtor without a code; of an address what fits, and what does not is told', () => {
    const { debtor } = facts()
    expect(v1({ debtor: { ...debtor, fiscalCode: null } }).fiscalCode).toBe('ANONIMO')
    const address = { ...debtor.address, city: 'x'.repeat(36), street: 'y'.repeat(71) } as NonNullable<
      typeof debtor.address
    >
    const reading = read({ debtor: { ...debtor, address } })
    expect(reading).toMatchObject({
      kind: 'ok',
      left: ['la via (più di 70 caratteri)', 'il comune (più di 35 caratteri)'],
    })
    const position = v1({ debtor: { ...debtor, address } })
    for (const field of ['streetName', 'city', 'country']) expect(position).not.toHaveProperty(field)
    expect(v1({ debtor: { ...debtor, address: null, email: null } })).not.toHaveProperty('email')
  })
})

describe('what cannot be published, in words', () => {
  const { debtor } = facts()
  const of = (change: Partial<Transfer>) => ({ single: payment(0, { transfers: [transfer(change)] }) })
  it.each<[string, Partial<GpdFacts>, string]>([
    ['a past validity', { validUntil: isoDate('2026-03-01') }, 'valeva fino al 01/03/2026'],
    ['a stamp without document', of({ stamp: { document: null } }), 'marca da bollo senza il suo documento'],
    ['no IBAN', of({ iban: null }), 'non ha un IBAN'],
    ['no taxonomy', of({ taxonomyCode: ' ' }), 'codice tassonomico'],
    ['a long causale', of({ remittance: 'x'.repeat(141) }), 'è di 141 caratteri, ne stanno 140'],
    ['an empty causale', of({ remittance: '«»' }), 'non ha una causale'],
    ['a long name', { debtor: { ...debtor, name: 'x'.repeat(71) } }, 'è di 71 caratteri, ne stanno 70'],
    ['no name', { debtor: { ...debtor, name: ' ' } }, 'Manca il nome'],
    ['an odd fiscal code', { debtor: { ...debtor, fiscalCode: 'RSSMRA85T10A562SX' } }, 'non si può mandare'],
    [
      'nothing to pay',
      { single: payment(0, { cents: cents(0), transfers: [transfer({ cents: cents(0) })] }) },
      'l’importo è zero',
    ],
    [
      'too much',
      { single: payment(0, { cents: cents(1e11), transfers: [transfer({ cents: cents(1e11) })] }) },
      'supera 999.999.999,99',
    ],
    ['no notice number', { single: payment(0, { noticeNumber: null }) }, 'manca il codice avviso'],
    [
      'six transfers',
      {
        single: payment(0, {
          transfers: [1, 2, 3, 4, 5, 6].map((n) => transfer({ idTransfer: n, cents: cents(2500) })),
        }),
      },
      'diviso in 6 versamenti',
    ],
    ['a sum that is wrong', of({ cents: cents(14_999) }), 'la somma dei versamenti'],
    ['an odd iupd', { iupd: 'a/b' }, 'ha segni che il nodo non prende'],
    [
      'too many instalments',
      { installments: Array.from({ length: 101 }, (_, n) => payment(n + 1)) },
      'Le rate sono 101',
    ],
  ])('%s', (_, change, words) => {
    expect(reasons(change).join(' ')).toContain(words)
  })
})

const text = (most: number) =>
  fc.string({ unit: 'binary', minLength: 1, maxLength: most }).map((value) => `Q${value}`.slice(0, most))
const day = fc
  .integer({ min: 0, max: 3000 })
  .map((n) => new Date(Date.UTC(2025, 0, 1) + n * 86_400_000).toISOString().slice(0, 10) as IsoDate)
const payments = fc.record({
  total: fc.integer({ min: 5, max: 99_999_999_999 }),
  weights: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 }),
  dueDate: fc.option(day, { nil: null }),
  description: text(140),
  remittance: text(60),
  own: fc.boolean(),
})
const positions = fc.record({
  single: fc.option(payments, { nil: null }),
  installments: fc.array(payments, { maxLength: 6 }),
  validUntil: day,
  name: text(70),
  fiscalCode: fc.option(fc.constantFrom('RSSMRA85T10A562S', '80087670016'), { nil: null }),
  address: fc.option(
    fc.record({ street: text(90), civicNumber: text(20), postalCode: text(20), city: text(50), province: text(40) }),
    { nil: null },
  ),
  office: fc.option(text(200), { nil: null }),
  postal: fc.boolean(),
})

describe.skipIf(officialFile('gpd_external_v1') === null)('any position', () => {
  it('gives a body that the official models allow, sums and days right, or says why not', () => {
    let published = 0
    fc.assert(
      fc.property(positions, (made) => {
        const numbered = (one: NonNullable<typeof made.single>, n: number) => {
          const parts = splitByLargestRemainder(one.total as Cents, one.weights)
          return payment(n, {
            ...{ cents: one.total as Cents, dueDate: one.dueDate, description: one.description },
            transfers: parts.map((part, i) =>
              transfer({ idTransfer: i + 1, cents: part, own: one.own, remittance: one.remittance }),
            ),
          })
        }
        const { address } = made
        const given = facts({
          single: made.single === null ? null : numbered(made.single, 0),
          installments: made.installments.map((one, i) => numbered(one, i + 1)),
          validUntil: made.validUntil,
          debtor: {
            ...{ kind: 'F', fiscalCode: made.fiscalCode, name: made.name, email: null },
            address: address === null ? null : { ...address, country: null, value: '' },
          },
        })
        const institution = { name: 'Ordine', office: made.office, postalIban: made.postal ? POSTAL : null }
        const reading = gpdBodyOf(given, institution, { now: NOW })
        if (reading.kind === 'unpublishable') {
          expect(reading.reasons.length).toBeGreaterThan(0)
          return
        }
        published += 1
        const { api, position } = reading.body
        const file = officialFile(api === 'v1' ? 'gpd_external_v1' : 'gpd_external_v3')
        const model = api === 'v1' ? 'PaymentPositionModel' : 'PaymentPositionModelV3'
        expect(file?.schemaFaults(model, JSON.parse(JSON.stringify(position)), 'request')).toEqual([])
        const sent =
          reading.body.api === 'v1'
            ? reading.body.position.paymentOption
            : reading.body.position.paymentOption.flatMap((one) => one.installments)
        const known = [given.single, ...given.installments].filter((one) => one !== null)
        expect(sent.map((one) => one.iuv)).toEqual(known.map((one) => one.iuv))
        for (const [i, one] of sent.entries()) {
          expect(one.transfer.reduce((sum, { amount }) => sum + amount, 0)).toBe(one.amount)
          expect(one.dueDate > NOW && one.dueDate <= endOfDayInRome(given.validUntil)).toBe(true)
          expect(romeDateTime(one.dueDate as Instant).slice(11)).toBe('23:59:59')
          const asked = known[i]?.dueDate ?? given.validUntil
          expect([asked, given.validUntil]).toContain(romeDate(one.dueDate as Instant))
          for (const { remittanceInformation } of one.transfer)
            expect(remittanceInformation).toMatch(/^[A-Za-z0-9 /?:().,'+-]{1,140}$/)
        }
      }),
      { numRuns: 600 },
    )
    expect(published).toBeGreaterThan(100)
  })
})

describe('what differs on the node', () => {
  it('once an instalment is paid, the whole that stays there is no difference; anything else that is open is', () => {
    const parts = [1, 2].map((n) => payment(n, { cents: cents(7500), transfers: [transfer({ cents: cents(7500) })] }))
    const [first, second] = parts as [GpdPaymentFacts, GpdPaymentFacts]
    const now = facts({ installments: [{ ...first, open: false }, second] })
    const reading = gpdBodyOf(now, INSTITUTION, { now: NOW })
    if (reading.kind !== 'ok') throw new Error(reading.reasons.join())
    const held = (of: GpdPaymentFacts, status: string) => ({
      ...{
        iuv: of.iuv,
        nav: of.noticeNumber,
        cents: of.cents,
        dueDate: null,
        description: null,
        partial: true,
        status,
      },
      ...{ paidAt: null, receiptId: null, flowId: null, transfers: [] },
    })
    const there = (whole: GpdPaymentFacts, paid: string): HeldPosition => ({
      ...{ iupd: now.iupd, api: 'v3', status: 'PARTIALLY_PAID', companyName: null, validityDate: null, paidAt: null },
      ...{ debtor: null, payments: [held(whole, 'UNPAID'), held(first, paid), held(second, 'UNPAID')] },
    })
    const whole = now.single as GpdPaymentFacts
    expect(gpdDifferences(now, reading.body, there(whole, 'PAID'))).toEqual([])
    expect(gpdDifferences(now, reading.body, there(payment(9), 'PAID'))).toHaveLength(1)
    expect(gpdDifferences(now, reading.body, there(whole, 'UNPAID'))).toHaveLength(2)
  })
})
