import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readReportingFlowJson } from '#codecs/flow-json'
import { zipIupds, zipPositions } from '#codecs/massive-zip'
import { readReceipt } from '#codecs/receipt-xml'
import type { Instant } from '#domain/date'
import type { GpdBody, GpdPosition, GpdPositionV3 } from '#domain/gpd'
import {
  type CheckoutCart,
  type ListedFlow,
  NODE_PRODUCTS,
  type NodeAnswer,
  type NodeCall,
  type NodeConnection,
  type NodeGateway,
  type NodeProduct,
} from '#domain/node-ports'
import { composeNoticeNumber, type SegregationCode } from '#domain/notice-number'
import { ioApi } from '#gateways/io-api'
import { nodeApi } from '#gateways/node-api'
import { pay } from '#simulator/node/pay'
import { settle } from '#simulator/node/settle'
import { ioSpec } from '../gateways/io-spec.ts'
import {
  iuvOf,
  type NodeOffice,
  nodeOffice,
  ORDINE,
  option,
  plan,
  position,
  transfer,
} from '../simulator/node-office.ts'
import { officialFile } from './openapi-file.ts'

const PSP = 'BALFITM1XXX'
let office: NodeOffice
let node: NodeGateway
let to: NodeConnection
let calls: NodeCall[]
/** All that the tests of this file were seen to use, «file operationId status». */
const seen = new Set<string>()

beforeEach(async () => {
  office = await nodeOffice({ settings: { massiveEveryMs: 0 } })
  calls = []
  node = nodeApi({ clock: office.clock, onCall: (call) => calls.push(call), timeouts: { askMs: 5_000 } })
  const { origin, keys } = office.node
  to = { environment: 'rehearsal', origin, fiscalCode: ORDINE, brokerCode: ORDINE, keys }
})
afterEach(async () => {
  for (const [operation, statuses] of office.judge.used)
    for (const status of statuses) seen.add(`${operation} ${status}`)
  await office.node.close()
})

const v1 = (n: number, change: object = {}): GpdBody => ({ api: 'v1', position: position(n, change) as GpdPosition })
const v3 = (n: number): GpdBody => ({ api: 'v3', position: plan(n) as unknown as GpdPositionV3 })
const ok = <T>(answer: { readonly kind: string; readonly value?: T }): T => {
  expect(answer).toMatchObject({ kind: 'ok' })
  return answer.value as T
}
const payNow = (n: number) =>
  pay(office.node.store, {
    ...{ creditor: ORDINE, noticeNumber: `3${iuvOf(n)}`, at: office.clock.now(), psp: PSP },
  })

describe('positions of v1', () => {
  it('are created, read, changed, published, listed, made invalid and removed', async () => {
    const created = ok(await node.gpd.create(to, v1(1), false))
    expect(created).toMatchObject({ iupd: `${ORDINE}-1`, api: 'v1', status: 'DRAFT' })
    expect(created.payments).toMatchObject([{ iuv: iuvOf(1), cents: 15_000, status: 'PO_UNPAID' }])
    const changed = v1(1, { paymentOption: [option(1, { amount: 20_000, transfer: [transfer(20_000)] })] })
    expect(ok(await node.gpd.update(to, changed, false))).toMatchObject({ payments: [{ cents: 20_000 }] })
    expect(ok(await node.gpd.publish(to, 'v1', `${ORDINE}-1`))).toMatchObject({ status: 'VALID' })
    const read = ok(await node.gpd.read(to, 'v1', `${ORDINE}-1`))
    expect(read?.payments[0]).toMatchObject({
      dueDate: '2026-03-31T21:59:59.000Z',
      nav: `3${iuvOf(1)}`,
      transfers: [{ cents: 20_000, fiscalCode: ORDINE, reported: false }],
    })
    expect(ok(await node.gpd.list(to, { api: 'v1', page: 0, status: 'VALID' }))).toMatchObject({
      pages: 1,
      rows: [read],
    })
    const due = { from: '2026-03-01', to: '2026-03-31' }
    expect(ok(await node.gpd.list(to, { api: 'v1', page: 0, due })).rows).toHaveLength(1)
    expect(ok(await node.gpd.list(to, { api: 'v1', page: 0, paid: due })).rows).toHaveLength(0)
    expect(ok(await node.gpd.invalidate(to, `${ORDINE}-1`))).toMatchObject({ status: 'INVALID' })
    expect(ok(await node.gpd.remove(to, 'v1', `${ORDINE}-1`))).toBeNull()
    expect(ok(await node.gpd.read(to, 'v1', `${ORDINE}-1`))).toBeNull()
  })

  it('are refused in words: twice, wrong, gone, paid, not payable', async () => {
    ok(await node.gpd.create(to, v1(1), true))
    const twice = await node.gpd.create(to, v1(1), true)
    expect(twice).toMatchObject({ kind: 'refused', status: 409, reason: expect.stringContaining('ha già') })
    const foreign = v1(2, {
      paymentOption: [option(2, { transfer: [transfer(15_000, { iban: 'IT45R0760103200000000001016' })] })],
    })
    expect(await node.gpd.create(to, foreign, true)).toMatchObject({
      ...{ kind: 'refused', status: 400, reason: expect.stringContaining('IBAN') },
      reply: expect.stringContaining('IT45R0760103200000000001016'),
    })
    const past = v1(3, { paymentOption: [option(3, { dueDate: '2026-01-31T22:59:59Z' })] })
    expect(await node.gpd.create(to, past, true)).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('data'),
    })
    const short = v1(4, { paymentOption: [option(4, { transfer: [transfer(14_999)] })] })
    expect(await node.gpd.create(to, short, true)).toMatchObject({ reason: expect.stringContaining('importi') })
    for (const absent of [
      node.gpd.update(to, v1(9), true),
      node.gpd.publish(to, 'v1', `${ORDINE}-9`),
      node.gpd.invalidate(to, `${ORDINE}-9`),
      node.gpd.remove(to, 'v1', `${ORDINE}-9`),
    ]) {
      expect(await absent).toMatchObject({ kind: 'refused', status: 404 })
    }
    expect(await node.gpd.publish(to, 'v1', `${ORDINE}-1`)).toMatchObject({
      status: 409,
      reason: expect.stringContaining('pubblicare'),
    })
    payNow(1)
    expect(ok(await node.gpd.read(to, 'v1', `${ORDINE}-1`))).toMatchObject({
      status: 'PAID',
      payments: [{ status: 'PO_PAID', receiptId: expect.any(String), paidAt: expect.any(String) }],
    })
    expect(await node.gpd.update(to, v1(1), true)).toMatchObject({ kind: 'refused', status: 409 })
    expect(await node.gpd.remove(to, 'v1', `${ORDINE}-1`)).toMatchObject({ kind: 'refused', status: 409 })
    expect(await node.gpd.invalidate(to, `${ORDINE}-1`)).toMatchObject({
      status: 409,
      reason: expect.stringContaining('annullare'),
    })
    const wide = await node.gpd.list(to, { api: 'v1', page: 0, due: { from: '2026-01-01', to: '2026-12-31' } })
    expect(wide).toMatchObject({ kind: 'refused', status: 400, reason: expect.stringContaining('periodo') })
  })

  it('are closed when paid outside', async () => {
    ok(await node.gpd.create(to, v1(1), true))
    expect(ok(await node.gpd.paidOutside(to, `3${iuvOf(1)}`, '2026-03-01T10:00:00.000Z' as Instant))).toBeNull()
    expect(ok(await node.gpd.read(to, 'v1', `${ORDINE}-1`))?.payments[0]?.status).toBe('PO_PAID')
    expect(await node.gpd.paidOutside(to, `3${iuvOf(1)}`, null)).toMatchObject({ kind: 'refused', status: 409 })
    expect(await node.gpd.paidOutside(to, `3${iuvOf(8)}`, null)).toMatchObject({ kind: 'refused', status: 404 })
    ok(await node.gpd.create(to, v1(2), false))
    expect(await node.gpd.paidOutside(to, `3${iuvOf(2)}`, null)).toMatchObject({
      ...{ kind: 'refused', status: 422, reason: expect.stringContaining('non è pagabile') },
    })
  })
})

describe('positions of v2, many at a time', () => {
  it('are created, changed and removed, or none of them', async () => {
    const many = [1, 2, 3].map((n) => position(n) as GpdPosition)
    expect(ok(await node.gpd.createMany(to, many, false))).toBeNull()
    expect(ok(await node.gpd.updateMany(to, many, true))).toBeNull()
    expect(ok(await node.gpd.read(to, 'v1', `${ORDINE}-3`))?.status).toBe('VALID')
    expect(await node.gpd.createMany(to, many, false)).toMatchObject({ kind: 'refused', status: 409 })
    const wrong = [position(4), position(5, { paymentOption: [option(5, { amount: 1 })] })] as GpdPosition[]
    expect(await node.gpd.createMany(to, wrong, false)).toMatchObject({ kind: 'refused', status: 400 })
    expect(await node.gpd.updateMany(to, [position(9) as GpdPosition], false)).toMatchObject({ kind: 'refused' })
    expect(ok(await node.gpd.removeMany(to, [`${ORDINE}-1`, `${ORDINE}-2`]))).toBeNull()
    expect(ok(await node.gpd.read(to, 'v1', `${ORDINE}-2`))).toBeNull()
    expect(await node.gpd.removeMany(to, [`${ORDINE}-9`])).toMatchObject({ kind: 'refused', status: 404 })
  })

  it('are never more than the node takes', () => {
    const many = Array.from({ length: 101 }, (_, n) => position(n) as GpdPosition)
    expect(() => node.gpd.createMany(to, many, true)).toThrow(RangeError)
    expect(() =>
      node.gpd.removeMany(
        to,
        many.slice(0, 21).map(({ iupd }) => iupd),
      ),
    ).toThrow(RangeError)
    expect(calls).toEqual([])
  })
})

describe('plans of v3', () => {
  it('are created, changed, published, read, listed and removed', async () => {
    const created = ok(await node.gpd.create(to, v3(1), false))
    expect(created).toMatchObject({ api: 'v3', status: 'DRAFT' })
    expect(created.payments.map(({ cents, partial }) => [cents, partial])).toEqual([
      ...[[15_000, false]],
      ...[
        [5000, true],
        [5000, true],
        [5000, true],
      ],
    ])
    expect(ok(await node.gpd.update(to, v3(1), false)).status).toBe('DRAFT')
    expect(ok(await node.gpd.publish(to, 'v3', `${ORDINE}-1`)).status).toBe('VALID')
    const read = ok(await node.gpd.read(to, 'v3', `${ORDINE}-1`))
    expect(read).toMatchObject({
      debtor: { fullName: 'Tersilla Boscarolo' },
      payments: [{ status: 'UNPAID' }, {}, {}, {}],
    })
    expect(ok(await node.gpd.list(to, { api: 'v3', page: 0 })).rows).toEqual([read])
    // The platform shows v1 no plan beside other ways to pay.
    expect(await node.gpd.create(to, v3(1), false)).toMatchObject({ kind: 'refused', status: 409 })
    expect(ok(await node.gpd.remove(to, 'v3', `${ORDINE}-1`))).toBeNull()
    expect(ok(await node.gpd.read(to, 'v3', `${ORDINE}-1`))).toBeNull()
    for (const absent of [
      node.gpd.update(to, v3(1), true),
      node.gpd.publish(to, 'v3', `${ORDINE}-1`),
      node.gpd.remove(to, 'v3', `${ORDINE}-1`),
    ]) {
      expect(await absent).toMatchObject({ kind: 'refused', status: 404 })
    }
  })
})

describe('refusals alike in all versions', () => {
  it('wrong data, wrong state and paid positions, by v1, v2 and v3', async () => {
    const half = option(2, { amount: 1 })
    const { isPartialPayment: _, ...part } = half
    const wrong3 = { ...plan(2), paymentOption: [{ ...plan(2).paymentOption[0], installments: [part] }] }
    const bad: GpdBody = { api: 'v3', position: wrong3 as unknown as GpdPositionV3 }
    expect(await node.gpd.create(to, bad, true)).toMatchObject({ kind: 'refused', status: 400 })
    ok(await node.gpd.create(to, v1(1), true))
    ok(await node.gpd.create(to, v3(2), true))
    const wrong1 = v1(1, { paymentOption: [option(1, { amount: 1 })] })
    expect(await node.gpd.update(to, wrong1, true)).toMatchObject({ kind: 'refused', status: 400 })
    expect(await node.gpd.update(to, bad, true)).toMatchObject({ kind: 'refused', status: 400 })
    const wrong = [wrong1.position as GpdPosition]
    expect(await node.gpd.updateMany(to, wrong, true)).toMatchObject({ kind: 'refused', status: 400 })
    expect(await node.gpd.publish(to, 'v3', `${ORDINE}-2`)).toMatchObject({ kind: 'refused', status: 409 })
    payNow(1)
    payNow(2)
    expect(await node.gpd.updateMany(to, [position(1) as GpdPosition], true)).toMatchObject({ status: 409 })
    expect(await node.gpd.removeMany(to, [`${ORDINE}-1`])).toMatchObject({ kind: 'refused', status: 409 })
    expect(await node.gpd.update(to, v3(2), true)).toMatchObject({ kind: 'refused', status: 409 })
    expect(await node.gpd.remove(to, 'v3', `${ORDINE}-2`)).toMatchObject({ kind: 'refused', status: 409 })
    const wide = { from: '2026-01-01', to: '2026-12-31' }
    expect(await node.gpd.list(to, { api: 'v3', page: 0, due: wide })).toMatchObject({ kind: 'refused', status: 400 })
  })
})

describe('massive loads', () => {
  const wait = async (fileId: string) => {
    for (let i = 0; i < 200; i += 1) {
      const report = ok(await node.massive.report(to, fileId))
      if (report !== null) return report
    }
    throw new Error('no report')
  }

  it('are sent as one archive, followed to their report, and listed', async () => {
    office.node.settings.massiveTurn = 1
    const many = [1, 2, 3, 4, 5].map((n) => position(n) as GpdPosition)
    const { fileId, retryAfterSeconds } = ok(await node.massive.upload(to, 'create', zipPositions(many)))
    expect(retryAfterSeconds).toBe(1)
    const status = ok(await node.massive.status(to, fileId))
    expect(status.submitted).toBe(5)
    const report = await wait(fileId)
    expect(report).toMatchObject({ fileId, submitted: 5, processed: 5 })
    expect(report.rows.flatMap(({ iupds }) => iupds).sort()).toEqual(many.map(({ iupd }) => iupd))
    expect(ok(await node.massive.status(to, fileId)).state).toBe('COMPLETED')
    const again = ok(await node.massive.upload(to, 'create', zipPositions(many)))
    expect((await wait(again.fileId)).rows).toMatchObject([{ status: 409 }])
    const changed = ok(await node.massive.upload(to, 'update', zipPositions(many)))
    expect((await wait(changed.fileId)).rows).toMatchObject([{ status: 200 }])
    const gone = ok(await node.massive.upload(to, 'delete', zipIupds(many.map(({ iupd }) => iupd))))
    expect((await wait(gone.fileId)).processed).toBe(5)
    expect(ok(await node.gpd.read(to, 'v1', `${ORDINE}-1`))).toBeNull()
    const files = ok(await node.massive.files(to, '2026-03-01', '2026-03-03'))
    expect([...files].sort()).toEqual([fileId, again.fileId, changed.fileId, gone.fileId].sort())
  })

  it('are told too early, unknown and refused', async () => {
    office.node.settings.massiveTurn = 1
    const many = Array.from({ length: 50 }, (_, n) => position(n) as GpdPosition)
    const { fileId } = ok(await node.massive.upload(to, 'create', zipPositions(many)))
    expect(ok(await node.massive.report(to, fileId))).toBeNull()
    expect(calls.at(-1)).toMatchObject({ operation: 'massive.report', status: 425, outcome: 'ok' })
    await wait(fileId)
    expect(await node.massive.report(to, 'nessuno')).toMatchObject({ kind: 'refused', status: 404 })
    expect(await node.massive.status(to, 'nessuno')).toMatchObject({ kind: 'refused', status: 404 })
    expect(await node.massive.files(to, '2026-01-01', '2026-03-01')).toMatchObject({ kind: 'refused', status: 400 })
    office.node.settings.massiveEveryMs = 5000
    expect(await node.massive.upload(to, 'delete', zipIupds(['x']))).toMatchObject({
      ...{ kind: 'temporary', status: 429, retryAfterSeconds: 5 },
    })
  })
})

describe('what comes back', () => {
  it('is listed and handed over: receipts and flows, amounts to the cent', async () => {
    const cents = [15_003, 29_000, 1_999]
    const notices = cents.map((_, n) => composeNoticeNumber('01' as SegregationCode, n))
    const [first] = notices as [(typeof notices)[0]]
    for (const [n, amount] of cents.entries()) {
      const { noticeNumber: nav, iuv } = notices[n] as (typeof notices)[0]
      const paymentOption = [option(n, { nav, iuv, amount, transfer: [transfer(amount)] })]
      ok(await node.gpd.create(to, v1(n, { paymentOption }), true))
      pay(office.node.store, { creditor: ORDINE, noticeNumber: nav, at: office.clock.now(), psp: PSP })
    }
    const receipts = ok(await node.receipts.list(to, { page: 0, size: 2, from: '2026-03-01', until: '2026-03-02' }))
    expect(receipts).toMatchObject({ pages: 2, rows: [{ paidAt: '2026-03-02T10:00:00' }, {}] })
    const xml = ok(await node.receipts.xml(to, first.iuv))
    const receipt = await readReceipt(xml)
    expect(receipt).toMatchObject({ problems: [], receipt: { iuv: first.iuv, amountCents: 15_003 } })
    expect(await node.receipts.xml(to, iuvOf(7))).toMatchObject({ kind: 'refused', status: 404 })

    office.clock.ms += 5 * 86_400_000
    settle(office.node.store, office.clock.now())
    const flows = ok(await node.fdr.list(to, { page: 1, publishedAfter: '2026-03-01T00:00:00.000Z' as Instant }))
    expect(flows.pages).toBe(1)
    const read: number[] = []
    for (const flow of flows.rows) {
      const bytes = ok(await node.fdr.flow(to, flow))
      const reading = await readReportingFlowJson(bytes)
      expect(reading.problems).toEqual([])
      expect(reading.flow?.flowId).toBe(flow.fdr)
      read.push(...(reading.flow?.rows ?? []).map((row) => row.amountCents as number))
    }
    expect(read.sort((a, b) => a - b)).toEqual([...cents].sort((a, b) => a - b))
    const [flow] = flows.rows as [ListedFlow]
    expect(await node.fdr.flow(to, { ...flow, revision: 9 })).toMatchObject({
      kind: 'refused',
      status: 404,
    })
    expect(ok(await node.gpd.read(to, 'v1', `${ORDINE}-0`))).toMatchObject({
      status: 'REPORTED',
      payments: [{ flowId: expect.any(String) }],
    })
  })
})

const CART: CheckoutCart = {
  paymentNotices: [
    {
      ...{ noticeNumber: `3${iuvOf(1)}`, fiscalCode: ORDINE, amount: 15_000 },
      ...{ companyName: 'Ordine di prova', description: 'Quota 2026' },
    },
  ],
  returnUrls: {
    returnOkUrl: 'https://ordine.example/ok',
    returnCancelUrl: 'https://ordine.example/no',
    returnErrorUrl: 'https://ordine.example/ko',
  },
  emailNotice: 'tersilla@ordine.example',
}

describe('Checkout and Back office', () => {
  it('hand over where to pay, the IBANs and the stations', async () => {
    ok(await node.gpd.create(to, v1(1), true))
    const { url } = ok(await node.checkout.cart(to, CART))
    expect(ok(await node.checkout.tryKey(to))).toBeNull()
    const closed = { ...to, keys: { ...to.keys, checkout: 'sbagliata' } }
    expect(await node.checkout.tryKey(closed)).toMatchObject({ kind: 'closed', status: 401 })
    expect(url.startsWith(`${to.origin}/`)).toBe(true)
    const stations = ok(await node.backoffice.stations(to))
    expect(stations).toMatchObject([{ stationCode: `${ORDINE}_01`, segregationCode: '01', active: true }])
    const ibans = ok(await node.backoffice.ibans(to))
    expect(ibans.map(({ iban }) => iban).sort()).toEqual(['IT60X0542811101000000123456', 'IT76P0306909790100000300089'])
  })
})

describe('App IO', () => {
  it('says who has the app, takes a message and tells its state', async () => {
    const io = ioApi(office.clock)
    const service = { baseUrl: `${to.origin}/api/v1`, key: 'chiave-del-servizio' }
    const codes = ['RSSMRA85T10A562S', 'DLBGVR80A41B354F', 'JHNDOE00A01F205N', 'SPNDNL80R13C555X', 'VRDMRN72A12H501Z']
    const profiles = await Promise.all(codes.map((code) => io.profile(service, code)))
    const fiscalCode = codes[profiles.findIndex(({ kind }) => kind === 'allowed')] as string
    const sent = await io.send(service, {
      ...{ fiscalCode, subject: 'Avviso di pagamento: quota 2026', dueDate: '2026-03-31T21:59:59.000Z' as Instant },
      markdown:
        'C’è un avviso di pagamento di **150,00 euro** per la quota di iscrizione: si paga dall’app entro marzo.',
      payment: { cents: 15_000, noticeNumber: `3${iuvOf(1)}`, payeeFiscalCode: ORDINE },
    })
    expect(sent).toMatchObject({ kind: 'sent', messageId: expect.any(String) })
    expect(await io.status(service, fiscalCode, sent.messageId as string)).toEqual({ kind: 'PROCESSED' })
    const refused = { ...service, key: 'rifiutata' }
    expect(await io.profile(refused, fiscalCode)).toMatchObject({
      kind: 'permanent',
      reply: expect.stringMatching(/^401/),
    })
  })
})

describe('keys and codes', () => {
  it('are told apart: no key, a wrong one, one of another product, another institution', async () => {
    const ask = (more: Partial<NodeConnection>) => node.gpd.read({ ...to, ...more }, 'v1', 'x')
    expect(await ask({ keys: { ...to.keys, gpd: null } })).toMatchObject({
      kind: 'closed',
      status: null,
      reason: expect.stringContaining('Manca la chiave'),
    })
    expect(await ask({ keys: { ...to.keys, gpd: 'sbagliata' } })).toMatchObject({ kind: 'closed', status: 401 })
    expect(await ask({ keys: { ...to.keys, gpd: to.keys.fdr } })).toMatchObject({ kind: 'closed', status: 403 })
    expect(await ask({ fiscalCode: '97249640588' })).toMatchObject({ kind: 'closed', status: 403 })
    const elsewhere = nodeApi({ clock: office.clock, timeouts: { askMs: 500 } })
    expect(await elsewhere.fdr.list({ ...to, keys: { ...to.keys, fdr: 'no' } }, { page: 1 })).toMatchObject({
      status: 401,
    })
    expect(await elsewhere.checkout.cart({ ...to, keys: { ...to.keys, checkout: 'no' } }, CART)).toMatchObject({
      status: 401,
    })
    expect(JSON.stringify(calls)).not.toContain(to.keys.gpd as string)
  })
})

describe('faults', () => {
  const fault = (kind: string, more: object = {}) =>
    office.node.faults.set([{ kind, share: 1, times: 1, ...more } as never])

  it('leave an act unknown where it may have been done, and a question to be asked again', async () => {
    for (const [kind, act] of [
      ['hangUp', 'unknown'],
      ['hangUpAfter', 'unknown'],
      ['truncated', 'unknown'],
      ['serverErrorAfter', 'unknown'],
      ['tooMany', 'temporary'],
    ] as const) {
      fault(kind, { retryAfterSeconds: 7 })
      const made = await node.gpd.create(to, v1(1), true)
      expect(made, kind).toMatchObject({ kind: act })
      if (kind === 'tooMany') expect(made).toMatchObject({ retryAfterSeconds: 7 })
      fault(kind)
      expect(await node.gpd.read(to, 'v1', `${ORDINE}-1`), kind).toMatchObject({ kind: 'temporary' })
      const held = ok(await node.gpd.read(to, 'v1', `${ORDINE}-1`))
      if (held !== null) ok(await node.gpd.remove(to, 'v1', `${ORDINE}-1`))
    }
    fault('twice')
    expect(await node.gpd.create(to, v1(1), true)).toMatchObject({ kind: 'refused', status: 409 })
  })
})

/** One call of each operation, whatever comes of it. */
const CALLS: Readonly<Record<string, readonly ((to: NodeConnection) => Promise<NodeAnswer<unknown>>)[]>> = {
  acts: [
    (at) => node.gpd.create(at, v1(1), true),
    (at) => node.gpd.create(at, v3(1), true),
    (at) => node.gpd.createMany(at, [position(1) as GpdPosition], true),
    (at) => node.gpd.update(at, v1(1), true),
    (at) => node.gpd.update(at, v3(1), true),
    (at) => node.gpd.updateMany(at, [position(1) as GpdPosition], true),
    (at) => node.gpd.publish(at, 'v1', 'x'),
    (at) => node.gpd.publish(at, 'v3', 'x'),
    (at) => node.gpd.invalidate(at, 'x'),
    (at) => node.gpd.remove(at, 'v1', 'x'),
    (at) => node.gpd.remove(at, 'v3', 'x'),
    (at) => node.gpd.removeMany(at, ['x']),
    (at) => node.gpd.paidOutside(at, `3${iuvOf(1)}`, null),
    (at) => node.massive.upload(at, 'create', zipPositions([position(1) as GpdPosition])),
    (at) => node.massive.upload(at, 'update', zipPositions([position(1) as GpdPosition])),
    (at) => node.massive.upload(at, 'delete', zipIupds(['x'])),
  ],
  questions: [
    (at) => node.gpd.read(at, 'v1', 'x'),
    (at) => node.gpd.read(at, 'v3', 'x'),
    (at) => node.gpd.list(at, { api: 'v1', page: 0 }),
    (at) => node.gpd.list(at, { api: 'v3', page: 0 }),
    (at) => node.massive.status(at, 'x'),
    (at) => node.massive.report(at, 'x'),
    (at) => node.massive.files(at, '2026-03-01', '2026-03-02'),
    (at) => node.receipts.list(at, { page: 0, size: 20 }),
    (at) => node.receipts.xml(at, '1'),
    (at) => node.fdr.list(at, { page: 1 }),
    (at) => node.fdr.flow(at, { fdr: 'x', pspId: 'y', revision: 1, flowDate: null, published: null }),
    (at) => node.checkout.cart(at, CART),
    (at) => node.backoffice.ibans(at),
    (at) => node.backoffice.stations(at),
  ],
}

describe('every operation', () => {
  const all = () => Object.entries(CALLS).flatMap(([kind, of]) => of.map((one) => ({ acts: kind === 'acts', one })))
  const withKey = (key: (product: NodeProduct) => string): NodeConnection => {
    const of = NODE_PRODUCTS.map((product) => [product, key(product)])
    return { ...to, keys: Object.fromEntries(of) as NodeConnection['keys'] }
  }

  it('closes where the key is wrong or opens another product', async () => {
    const { keys } = office.node
    const wrong = withKey(() => 'sbagliata-del-tutto')
    const other = withKey((product) => (product === 'fdr' ? keys.gpd : keys.fdr))
    for (const { one } of all()) {
      expect(await one(wrong), String(one)).toMatchObject({ kind: 'closed', status: 401 })
      expect(await one(other), String(one)).toMatchObject({ kind: 'closed', status: 403 })
    }
  })

  it('waits when told to, and knows whether something was done when the node breaks down', async () => {
    for (const { acts, one } of all()) {
      office.node.faults.set([{ kind: 'tooMany', share: 1, times: 1, retryAfterSeconds: 9 }])
      expect(await one(to), String(one)).toMatchObject({ kind: 'temporary', status: 429, retryAfterSeconds: 9 })
      office.node.faults.set([{ kind: 'serverError', share: 1, times: 1 }])
      const broken = await one(to)
      const status = 'status' in broken ? broken.status : null
      expect(broken, String(one)).toMatchObject({ kind: acts && status !== 503 ? 'unknown' : 'temporary' })
      expect([500, 502, 503]).toContain(status)
    }
  })
})

/** Method of the gateways → the operations of the official files that it calls. */
const OPERATIONS: Readonly<Record<string, readonly string[]>> = {
  'gpd.create': ['gpd_external_v1 createPosition', 'gpd_external_v3 createPosition'],
  'gpd.createMany': ['gpd_external_v2_bulk createMultiplePositions'],
  'gpd.update': ['gpd_external_v1 updatePosition', 'gpd_external_v3 updatePosition'],
  'gpd.updateMany': ['gpd_external_v2_bulk updateMultiplePositions'],
  'gpd.publish': ['gpd_external_v1 publishPosition', 'gpd_external_v3 publishPosition'],
  'gpd.invalidate': ['gpd_external_v1 invalidatePosition'],
  'gpd.remove': ['gpd_external_v1 deletePosition', 'gpd_external_v3 deletePosition'],
  'gpd.removeMany': ['gpd_external_v2_bulk deleteMultipleDebtPositions'],
  'gpd.read': [
    'gpd_external_v1 getOrganizationDebtPositionByIUPD',
    'gpd_external_v3 getOrganizationDebtPositionByIUPD',
  ],
  'gpd.list': ['gpd_external_v1 getOrganizationDebtPositions', 'gpd_external_v3 getOrganizationDebtPositions'],
  'gpd.paidOutside': ['gpd_external_v1 setPaymentOptionAsAlreadyPaid'],
  'massive.upload': [
    'gpd_massive_v2 create-debt-positions-by-file-upload',
    'gpd_massive_v2 update-debt-positions-by-file-upload',
    'gpd_massive_v2 delete-debt-positions-by-file-upload',
  ],
  'massive.status': ['gpd_massive_v2 get-debt-positions-upload-status'],
  'massive.report': ['gpd_massive_v2 get-debt-positions-upload-report'],
  'massive.files': ['gpd_massive_v2 get-debt-positions-fileids'],
  'receipts.list': ['gpd_payments getOrganizationReceipts'],
  'receipts.xml': ['gpd_payments getReceiptByIUV'],
  'fdr.list': ['fdr_organization IOrganizationsController_getAllPublishedFlows'],
  'fdr.flow': [
    'fdr_organization IOrganizationsController_getSinglePublishedFlow',
    'fdr_organization IOrganizationsController_getPaymentsFromPublishedFlow',
  ],
  'checkout.cart': ['checkout_v1 PostCarts'],
  'checkout.tryKey': ['checkout_v1 PostCarts'],
  'io.profile': ['io_services_messages_index getProfileByPOST'],
  'io.send': ['io_services_messages_index submitMessageforUserWithFiscalCodeInBody'],
  'io.status': ['io_services_messages_index getMessage'],
  'backoffice.ibans': ['openapi_backoffice_external_ec getBrokerIbans'],
  'backoffice.stations': ['openapi_backoffice_external_ec getBrokerInstitutions'],
}

describe('coverage', () => {
  it('every operation of the gateways is in the table, and each was called and judged with success', () => {
    const methods = Object.entries({ ...node, io: ioApi(office.clock) }).flatMap(([service, of]) =>
      Object.keys(of).map((name) => `${service}.${name}`),
    )
    expect(methods.sort()).toEqual(Object.keys(OPERATIONS).sort())
    const operations = [...new Set(Object.values(OPERATIONS).flat())]
    const isAbsent = (name: string) => (name.startsWith('io_') ? ioSpec() : officialFile(name)) === null
    const absent = operations.filter((one) => isAbsent(one.split(' ')[0] as string))
    for (const one of absent) console.info(`${one}: not judged, the official file is not at hand`)
    const judgedOnes = new Set([...seen].map((one) => one.split(' ').slice(0, 2).join(' ')))
    expect([...judgedOnes].sort()).toEqual(operations.filter((one) => !absent.includes(one)).sort())
    const good = new Set(
      [...seen].filter((one) => /(2\d\d|302)$/.test(one)).map((one) => one.split(' ').slice(0, 2).join(' ')),
    )
    expect([...good].sort()).toEqual([...judgedOnes].sort())
    // Refusals of keys and limits too, of all but App IO and of the pages of a flow, of which the head is refused first.
    const firstRefused = [...judgedOnes].filter((one) => !/^io_|PaymentsFromPublishedFlow$/.test(one))
    for (const status of [401, 403, 429]) {
      expect(
        firstRefused.filter((one) => !seen.has(`${one} ${status}`)),
        String(status),
      ).toEqual([])
    }
  })
})
