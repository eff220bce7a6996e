import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { iuvOf, type NodeOffice, nodeOffice, ORDINE, option, POSTAL, plan, position } from './node-office.ts'

let office: NodeOffice
beforeEach(async () => {
  office = await nodeOffice()
})
afterEach(async () => {
  await office.node.close()
})

const V1 = `/v1/organizations/${ORDINE}/debtpositions`
const V2 = `/v2/organizations/${ORDINE}/debtpositions`
const V3 = `/v3/organizations/${ORDINE}/debtpositions`
const one = (n: number) => `${V1}/${ORDINE}-${n}`

async function state(n: number, api = V1): Promise<string> {
  return (await office.call('GET', `${api}/${ORDINE}-${n}`)).json.status
}

describe('states', () => {
  test('a draft waits; published it is valid at once, or at its validity date', async () => {
    expect((await office.call('POST', V1, position(1))).json.status).toBe('DRAFT')
    expect((await office.call('POST', `${one(1)}/publish`)).json.status).toBe('VALID')
    expect((await office.call('POST', `${one(1)}/publish`)).status).toBe(409)

    const later = position(2, { validityDate: '2026-03-10T00:00:00Z' })
    expect((await office.call('POST', `${V1}?toPublish=true`, later)).json.status).toBe('PUBLISHED')
    office.clock.ms = Date.parse('2026-03-09T23:59:59Z')
    expect(await state(2)).toBe('PUBLISHED')
    office.clock.ms = Date.parse('2026-03-10T00:00:00Z')
    expect(await state(2)).toBe('VALID')
  })

  test('it expires after its last day only where it is to', async () => {
    await office.call('POST', `${V1}?toPublish=true`, position(1, { switchToExpired: true }))
    await office.call('POST', `${V1}?toPublish=true`, position(2))
    office.clock.ms = Date.parse('2026-03-31T21:59:59Z')
    expect(await state(1)).toBe('VALID')
    office.clock.ms += 1
    expect(await state(1)).toBe('EXPIRED')
    expect(await state(2)).toBe('VALID')
    expect(await state(1, V3)).toBe('UNPAYABLE')
    expect((await office.call('POST', `${one(1)}/invalidate`)).status).toBe(409)
    // A later date makes it payable again.
    const longer = position(1, { paymentOption: [option(1, { dueDate: '2026-06-30T21:59:59Z' })] })
    expect((await office.call('PUT', `${one(1)}?toPublish=true`, longer)).json.status).toBe('VALID')
  })

  test('what is invalid stays so: neither updated nor published, but removed', async () => {
    await office.call('POST', `${V1}?toPublish=true`, position(1))
    expect((await office.call('POST', `${one(1)}/invalidate`)).json.status).toBe('INVALID')
    expect((await office.call('POST', `${one(1)}/invalidate`)).status).toBe(409)
    expect((await office.call('PUT', one(1), position(1))).status).toBe(409)
    expect((await office.call('POST', `${one(1)}/publish`)).status).toBe(409)
    expect((await office.call('DELETE', one(1))).status).toBe(200)
    expect((await office.call('GET', one(1))).status).toBe(404)
    expect((await office.call('POST', V1, position(1))).status).toBe(201)
  })

  test('a draft is not invalidated; one whose day is past is not published', async () => {
    await office.call('POST', V1, position(1))
    expect((await office.call('POST', `${one(1)}/invalidate`)).status).toBe(409)
    await office.call('POST', V1, position(2, { validityDate: '2026-03-10T00:00:00Z' }))
    office.clock.ms = Date.parse('2026-03-11T00:00:00Z')
    expect((await office.call('POST', `${one(2)}/publish`)).json.title).toMatch(/validity date/)
    office.clock.ms = Date.parse('2026-04-01T00:00:00Z')
    expect((await office.call('POST', `${one(1)}/publish`)).json.title).toMatch(/due date/)
  })

  test('an update without publishing takes it back to the draft', async () => {
    await office.call('POST', `${V1}?toPublish=true`, position(1))
    const answer = await office.call('PUT', one(1), position(1, { fullName: 'Zita Cantelmori' }))
    expect(answer.json).toMatchObject({ status: 'DRAFT', fullName: 'Zita Cantelmori' })
  })

  test('an update keeps the validity date of what is valid, and may change the numbers', async () => {
    const before = (await office.call('POST', `${V1}?toPublish=true`, position(1))).json.validityDate
    office.clock.ms += 86_400_000
    const more = { amount: 16_000, transfer: [{ ...option(1).transfer[0], amount: 16_000 }] }
    const same = await office.call('PUT', `${one(1)}?toPublish=true`, position(1, { paymentOption: [option(1, more)] }))
    expect(same.json).toMatchObject({ status: 'VALID', validityDate: before })
    expect(same.json.paymentOption[0].amount).toBe(16_000)
    await office.call('PUT', `${one(1)}?toPublish=true`, position(1, { paymentOption: [option(5)] }))
    expect(office.node.store.byIuv(ORDINE, iuvOf(1))).toBeUndefined()
    expect(office.node.store.byNav(ORDINE, `3${iuvOf(5)}`)?.position.iupd).toBe(`${ORDINE}-1`)
  })

  test('an update says which position it means, and finds it', async () => {
    await office.call('POST', V1, position(1))
    expect((await office.call('PUT', one(1), position(2))).status).toBe(400)
    expect((await office.call('PUT', one(2), position(2))).status).toBe(404)
    expect((await office.call('DELETE', one(2))).status).toBe(404)
    expect((await office.call('POST', `${one(2)}/publish`)).status).toBe(404)
  })
})

describe('paid outside pagoPA', () => {
  const paids = (n: number) => `/v1/organizations/${ORDINE}/paymentoptions/paids/3${iuvOf(n)}`

  test('the whole, once', async () => {
    await office.call('POST', `${V1}?toPublish=true`, position(1))
    const answer = await office.call('POST', paids(1), { paymentDate: '2026-03-02T08:00:00Z' })
    expect(answer.json).toMatchObject({ status: 'PO_PAID', pspCompany: 'CLOSED_AS_ALREADY_PAID_BY_EC' })
    expect(await state(1)).toBe('PAID')
    expect((await office.call('POST', paids(1), {})).status).toBe(409)
    expect((await office.call('PUT', one(1), position(1))).status).toBe(409)
    expect((await office.call('DELETE', one(1))).status).toBe(409)
    expect((await office.call('POST', `${one(1)}/invalidate`)).status).toBe(409)
  })

  test('an instalment leaves the others; the whole is then no more', async () => {
    await office.call('POST', `${V3}?toPublish=true`, plan(1))
    expect((await office.call('POST', paids(2), {})).json.isPartialPayment).toBe(true)
    expect(await state(1)).toBe('PARTIALLY_PAID')
    expect((await office.call('POST', paids(1), {})).status).toBe(404)
    await office.call('POST', paids(3), {})
    await office.call('POST', paids(4), {})
    expect(await state(1)).toBe('PAID')
  })

  test('a draft is not payable, an unknown number is not found', async () => {
    await office.call('POST', V1, position(1))
    expect((await office.call('POST', paids(1), {})).status).toBe(422)
    expect((await office.call('POST', paids(9), {})).status).toBe(404)
    expect((await office.call('POST', `/v2/organizations/${ORDINE}/paymentoptions/paids/399`, {})).status).toBe(404)
  })
})

describe('plans', () => {
  test('v1 shows one plan beside the whole, and the other way round', async () => {
    await office.call('POST', `${V3}?toPublish=true`, plan(1))
    const v1 = (await office.call('GET', one(1))).json
    const seen = v1.paymentOption.map((each: { amount: number; isPartialPayment: boolean }) => [
      each.amount,
      each.isPartialPayment,
    ])
    expect(seen).toEqual([
      [15_000, false],
      [5000, true],
      [5000, true],
      [5000, true],
    ])
    const parts = [1, 2].map((k) =>
      option(20 + k, { isPartialPayment: true, amount: 100, transfer: [{ ...option(1).transfer[0], amount: 100 }] }),
    )
    await office.call('POST', V1, position(20, { paymentOption: [option(20), ...parts] }))
    const v3 = (await office.call('GET', `${V3}/${ORDINE}-20`)).json
    expect(v3.paymentOption.map((each: { installments: unknown[] }) => each.installments.length)).toEqual([1, 2])
  })

  test('of two plans v1 says 422 and leaves them out of its lists, though it counts them', async () => {
    const sent = plan(1)
    const [, parts] = sent.paymentOption
    const second = { ...plan(10).paymentOption[1] }
    await office.call('POST', V3, { ...sent, paymentOption: [parts, second] })
    await office.call('POST', V1, position(30))
    const read = await office.call('GET', one(1))
    expect(read.status).toBe(422)
    expect(read.json.title).toBe('MULTI_INSTALLMENT_NOT_SUPPORTED_IN_V1')
    const v1 = (await office.call('GET', V1)).json
    expect(v1.payment_position_list).toHaveLength(1)
    expect(v1.page_info.items_found).toBe(2)
    expect((await office.call('GET', V3)).json.payment_position_list).toHaveLength(2)
    expect((await office.call('GET', `${V3}/${ORDINE}-1`)).status).toBe(200)
  })

  test('published, updated and removed by v3', async () => {
    expect((await office.call('POST', V3, plan(1))).json.status).toBe('DRAFT')
    expect((await office.call('POST', `${V3}/${ORDINE}-1/publish`)).json.status).toBe('VALID')
    const other = { ...plan(1), officeName: 'Segreteria' }
    expect((await office.call('PUT', `${V3}/${ORDINE}-1?toPublish=true`, other)).json).toMatchObject({
      status: 'VALID',
      officeName: 'Segreteria',
    })
    expect((await office.call('PUT', `${V3}/${ORDINE}-2`, other)).status).toBe(400)
    expect((await office.call('DELETE', `${V3}/${ORDINE}-1`)).status).toBe(200)
  })
})

describe('lists', () => {
  const iupds = (json: { payment_position_list: { iupd: string }[] }) =>
    json.payment_position_list.map(({ iupd }) => Number(iupd.split('-')[1]))

  test('pages from 0, newest first, 50 at most', async () => {
    for (let n = 1; n <= 12; n += 1) await office.call('POST', V1, position(n))
    const first = (await office.call('GET', V1)).json
    expect(iupds(first)).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3])
    expect(first.page_info).toEqual({ page: 0, limit: 10, items_found: 10, total_pages: 2 })
    expect(iupds((await office.call('GET', `${V1}?page=1`)).json)).toEqual([2, 1])
    expect(iupds((await office.call('GET', `${V1}?page=2`)).json)).toEqual([])
    expect(iupds((await office.call('GET', `${V1}?orderby=IUPD&ordering=ASC&limit=3`)).json)).toEqual([1, 10, 11])
  })

  test('by state, as it is by now', async () => {
    await office.call('POST', `${V1}?toPublish=true`, position(1, { validityDate: '2026-03-10T00:00:00Z' }))
    await office.call('POST', V1, position(2))
    expect(iupds((await office.call('GET', `${V1}?status=PUBLISHED`)).json)).toEqual([1])
    office.clock.ms = Date.parse('2026-03-10T00:00:00Z')
    expect(iupds((await office.call('GET', `${V1}?status=VALID`)).json)).toEqual([1])
    expect(iupds((await office.call('GET', `${V3}?status=DRAFT`)).json)).toEqual([2])
  })

  test('by due date: 30 days at most, and only the payments of those days are shown', async () => {
    await office.call('POST', V3, plan(1))
    const april = (await office.call('GET', `${V1}?due_date_from=2026-04-01&due_date_to=2026-04-30`)).json
    expect(april.payment_position_list[0].paymentOption.map(({ iuv }: { iuv: string }) => iuv)).toEqual([iuvOf(3)])
    expect(iupds((await office.call('GET', `${V1}?due_date_from=2026-07-01`)).json)).toEqual([])
    expect(iupds((await office.call('GET', `${V1}?due_date_to=2026-04-20`)).json)).toEqual([1])
    const far = await office.call('GET', `${V1}?due_date_from=2026-04-01&due_date_to=2026-05-02`)
    expect(far.status).toBe(400)
  })

  test('by day of payment', async () => {
    await office.call('POST', `${V1}?toPublish=true`, position(1))
    const paidAt = { paymentDate: '2026-03-02T08:00:00Z' }
    await office.call('POST', `/v1/organizations/${ORDINE}/paymentoptions/paids/3${iuvOf(1)}`, paidAt)
    expect(iupds((await office.call('GET', `${V1}?payment_date_from=2026-03-02`)).json)).toEqual([1])
    const timed = 'payment_date_time_from=2026-03-02T08:00:01Z'
    expect(iupds((await office.call('GET', `${V1}?${timed}`)).json)).toEqual([])
    const both = `${V1}?payment_date_from=2026-03-02&due_date_from=2026-03-02`
    expect((await office.call('GET', both)).status).toBe(400)
  })

  test.each(['limit=51', 'limit=0', 'page=-1', 'status=PAGATA', 'due_date_from=31/03/2026'])(
    '%s is refused',
    async (query) => {
      office.node.onExchange = null
      expect((await office.call('GET', `${V1}?${query}`)).status).toBe(400)
    },
  )
})

describe('bulk', () => {
  const rows = (...positions: object[]) => ({ paymentPositions: positions })

  test('all are created, updated and removed together', async () => {
    const made = await office.call('POST', `${V2}?toPublish=true`, rows(position(1), position(2), position(3)))
    expect([made.status, made.json]).toEqual([201, null])
    expect(await state(3)).toBe('VALID')
    const renamed = [1, 2, 3].map((n) => position(n, { fullName: 'Zita Cantelmori' }))
    expect((await office.call('PUT', `${V2}?toPublish=true`, rows(...renamed))).status).toBe(200)
    expect((await office.call('GET', `${V3}/${ORDINE}-2`)).json.paymentOption[0].debtor.fullName).toBe(
      'Zita Cantelmori',
    )
    const gone = { paymentPositionIUPDs: [1, 2, 3].map((n) => `${ORDINE}-${n}`) }
    expect((await office.call('DELETE', V2, gone)).status).toBe(200)
    expect(office.node.store.count('position')).toBe(0)
  })

  test('one bad row refuses them all', async () => {
    await office.call('POST', V1, position(2))
    expect((await office.call('POST', V2, rows(position(1), position(2), position(3)))).status).toBe(409)
    const bad = position(4, { paymentOption: [option(4, { amount: 1 })] })
    expect((await office.call('POST', V2, rows(position(3), bad))).status).toBe(400)
    expect((await office.call('POST', V2, rows(position(5), position(5)))).status).toBe(409)
    expect((await office.call('PUT', V2, rows(position(2), position(9)))).status).toBe(404)
    const some = (...ns: number[]) => ({ paymentPositionIUPDs: ns.map((n) => `${ORDINE}-${n}`) })
    expect((await office.call('DELETE', V2, some(2, 9))).status).toBe(404)
    await office.call('POST', `${V1}?toPublish=true`, position(7))
    await office.call('POST', `/v1/organizations/${ORDINE}/paymentoptions/paids/3${iuvOf(7)}`, {})
    expect((await office.call('DELETE', V2, some(2, 7))).status).toBe(409)
    expect(office.node.store.count('position')).toBe(2)
  })

  test('or, where so set, the good rows are kept and the refusal comes all the same', async () => {
    office.node.settings.bulk = 'rowByRow'
    await office.call('POST', V1, position(2))
    expect((await office.call('POST', V2, rows(position(1), position(2), position(3)))).status).toBe(409)
    expect(office.node.store.count('position')).toBe(3)
  })

  test('100 at most, 20 at most to remove, none is none', async () => {
    const many = Array.from({ length: 101 }, (_, n) => position(n))
    expect((await office.call('POST', V2, rows(...many))).status).toBe(400)
    expect((await office.call('POST', V2, rows(...many.slice(0, 100)))).status).toBe(201)
    expect((await office.call('POST', V2, rows())).status).toBe(400)
    office.node.onExchange = null
    const iupds = many.slice(0, 21).map(({ iupd }) => iupd)
    expect((await office.call('DELETE', V2, { paymentPositionIUPDs: iupds })).status).toBe(400)
  })
})

test('another IBAN for what is not yet paid', async () => {
  const old = option(1).transfer[0]?.iban
  await office.call('POST', `${V1}?toPublish=true`, position(1))
  await office.call('POST', V3, plan(10))
  const some = await office.call('PATCH', `${V1}/transfers?oldIban=${old}&limit=3`, { newIban: POSTAL })
  expect(some.json.updatedTransfers).toBe(3)
  const rest = await office.call('PATCH', `${V1}/transfers?oldIban=${old}`, { newIban: POSTAL })
  expect(rest.json.updatedTransfers).toBe(2)
  expect((await office.call('GET', one(1))).json.paymentOption[0].transfer[0].iban).toBe(POSTAL)
})
