import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ALTRO, iuvOf, type NodeOffice, nodeOffice, ORDINE, option, plan, position, transfer } from './node-office.ts'

let office: NodeOffice
beforeAll(async () => {
  office = await nodeOffice()
})
afterAll(async () => {
  await office.node.close()
})

const ALL = `/v1/organizations/${ORDINE}/debtpositions`

/** What a body must not be, and what the node says of it. The judge sees only bodies that the official files allow. */
const REFUSED: readonly (readonly [string, object, RegExp])[] = [
  ['transfers that do not sum up', { paymentOption: [option(1, { amount: 14_999 })] }, /total of the transfers/],
  [
    'six transfers',
    {
      paymentOption: [
        option(1, {
          amount: 6,
          transfer: ['1', '2', '3', '4', '5', '5'].map((idTransfer) => transfer(1, { idTransfer })),
        }),
      ],
    },
    /at most 5 transfers/,
  ],
  [
    'one id for two transfers',
    { paymentOption: [option(1, { amount: 2, transfer: [transfer(1), transfer(1)] })] },
    /not unique/,
  ],
  ['no transfer', { paymentOption: [option(1, { transfer: [] })] }, /total of the transfers/],
  ['a due date that is past', { paymentOption: [option(1, { dueDate: '2026-03-02T08:59:59Z' })] }, /due_date/],
  [
    'a due date before the validity date',
    { validityDate: '2026-04-01T00:00:00Z', paymentOption: [option(1)] },
    /due_date must be >= validity_date/,
  ],
  ['a validity date that is not to come', { validityDate: '2026-03-02T09:00:00Z' }, /validity_date/],
  [
    'retention before the due date',
    { paymentOption: [option(1, { retentionDate: '2026-03-30T21:59:59Z' })] },
    /retention_date/,
  ],
  ['an IBAN with a wrong check digit', ibanOf('IT61X0542811101000000123456'), /is not valid/],
  ['an IBAN that is not registered', ibanOf('IT94E0760115500001012531156'), /is not enabled/],
  ['a taxonomy code of another shape', categoryOf('0401107TS'), /taxonomy/],
  [
    'IBAN and stamp together',
    {
      paymentOption: [
        option(1, {
          transfer: [
            transfer(15_000, { stamp: { hashDocument: 'aGFzaA==', stampType: '01', provincialResidence: 'RM' } }),
          ],
        }),
      ],
    },
    /iban or stamp/,
  ],
  [
    'neither IBAN nor stamp',
    {
      paymentOption: [
        option(1, {
          transfer: [{ idTransfer: '1', amount: 15_000, remittanceInformation: 'Quota', category: '9/0401107TS/' }],
        }),
      ],
    },
    /iban or stamp/,
  ],
]

function ibanOf(iban: string) {
  return { paymentOption: [option(1, { transfer: [transfer(15_000, { iban })] })] }
}

function categoryOf(category: string) {
  return { paymentOption: [option(1, { transfer: [transfer(15_000, { category })] })] }
}

describe('what a position may not be', () => {
  test.each(REFUSED)('%s', async (_what, change, words) => {
    const answer = await office.call('POST', ALL, position(1, change))
    expect(answer.status, JSON.stringify(answer.json)).toBe(400)
    expect(answer.json).toMatchObject({ status: 400, title: 'Error in the debt position request data' })
    expect(answer.json.detail).toMatch(words)
    expect(office.node.store.count('position')).toBe(0)
  })

  test('NOTIFICATION_FEE belongs to the platform', async () => {
    const mine = option(1, { paymentOptionMetadata: [{ key: 'NOTIFICATION_FEE', value: '1' }] })
    expect((await office.call('POST', ALL, position(1, { paymentOption: [mine] }))).status).toBe(409)
  })
})

/** Bodies that the official file does not allow either: the judge is not asked. */
const SHAPELESS: readonly (readonly [string, unknown])[] = [
  ['no JSON', '{'],
  ['no IUPD', position(1, { iupd: undefined })],
  ['an amount of 0', position(1, { paymentOption: [option(1, { amount: 0 })] })],
  ['an amount with decimals', position(1, { paymentOption: [option(1, { amount: 150.5 })] })],
  ['a due date without hour', position(1, { paymentOption: [option(1, { dueDate: '2026-03-31' })] })],
  ['a due date of another zone', position(1, { paymentOption: [option(1, { dueDate: '2026-03-31T23:59:59+02:00' })] })],
  ['a subject of 141 letters', position(1, { paymentOption: [option(1, { description: 'x'.repeat(141) })] })],
  ['a country in words', position(1, { country: 'Italia' })],
  ['neither F nor G', position(1, { type: 'X' })],
  [
    '11 metadata',
    position(1, {
      paymentOption: [
        option(1, { paymentOptionMetadata: Array.from({ length: 11 }, (_, i) => ({ key: `k${i}`, value: 'v' })) }),
      ],
    }),
  ],
]

test.each(SHAPELESS)('what has not the shape of a position is refused: %s', async (_what, body) => {
  office.node.onExchange = null
  const response = await fetch(`${office.node.origin}/gpd/debt-positions-service${ALL}`, {
    method: 'POST',
    headers: { 'Ocp-Apim-Subscription-Key': office.node.keys.gpd, 'Content-Type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  office.node.onExchange = (exchange) => office.judge.see(exchange)
  expect(response.status).toBe(400)
  expect(office.node.store.count('position')).toBe(0)
})

test('a number of another segregation code is not ours to ask for', async () => {
  const foreign = option(1, { iuv: '02000000000000001', nav: '302000000000000001' })
  const answer = await office.call('POST', ALL, position(1, { paymentOption: [foreign] }))
  expect(answer.status).toBe(403)
  expect(answer.json.title).toBe('The payment position is forbidden')
})

test('v3 refuses by the same rules', async () => {
  const sent = plan(1)
  const [whole, parts] = sent.paymentOption
  const short = { ...parts, installments: parts?.installments.map((each) => ({ ...each, amount: 4999 })) }
  const answer = await office.call('POST', `/v3/organizations/${ORDINE}/debtpositions`, {
    ...sent,
    paymentOption: [whole, short],
  })
  expect(answer.status).toBe(400)
})

test('an IBAN of another institution is looked at, not looked up', async () => {
  const other = transfer(5000, { idTransfer: '2', organizationFiscalCode: ALTRO, iban: 'IT45R0760103200000000001016' })
  const body = position(90, { paymentOption: [option(90, { amount: 20_000, transfer: [transfer(15_000), other] })] })
  expect((await office.call('POST', ALL, body)).status).toBe(201)
})

describe('numbers are unique', () => {
  beforeAll(async () => {
    expect((await office.call('POST', ALL, position(10))).status).toBe(201)
  })

  test.each([
    ['the IUPD', position(11, { iupd: `${ORDINE}-10` })],
    ['the IUV', position(11, { paymentOption: [option(11, { iuv: iuvOf(10) })] })],
    ['the notice number', position(11, { paymentOption: [option(11, { nav: `3${iuvOf(10)}` })] })],
    ['the IUV within one position', position(11, { paymentOption: [option(11), option(11)] })],
  ])('%s', async (_what, body) => {
    const answer = await office.call('POST', ALL, body)
    expect(answer.status).toBe(409)
    expect(answer.json.title).toMatch(/uniqueness/)
    expect(office.node.store.position(ORDINE, `${ORDINE}-11`)).toBeUndefined()
  })

  test('a notice number that is not said is 3 and the IUV', async () => {
    const { nav: _, ...rest } = option(12)
    const answer = await office.call('POST', ALL, position(12, { paymentOption: [rest] }))
    expect(answer.json.paymentOption[0].nav).toBe(`3${iuvOf(12)}`)
  })
})
