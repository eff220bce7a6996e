import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { readReportingFlowJson } from '#codecs/flow-json'
import { readReportingFlow } from '#codecs/flow-xml'
import { readReceipt } from '#codecs/receipt-xml'
import { composeNoticeNumber, type SegregationCode } from '#domain/notice-number'
import type { PayHow } from '#simulator/node/money'
import { pay } from '#simulator/node/pay'
import { publishAgain, settle } from '#simulator/node/settle'
import { paySpontaneously } from '#simulator/node/spontaneous'
import { specsDir } from '../specs.ts'
import { ALTRO, IBAN, type NodeOffice, nodeOffice, ORDINE, option, position, transfer } from './node-office.ts'

const specs = specsDir()
const hasXmllint = spawnSync('xmllint', ['--version']).status === 0
const PSP = 'BALFITM1XXX'

let office: NodeOffice | null = null
afterEach(async () => {
  await office?.node.close()
  office = null
})

/** Numbers of the n-th notice, with their check digits. */
function numbers(n: number) {
  const { noticeNumber, iuv } = composeNoticeNumber('01' as SegregationCode, 1_000_000 + n)
  return { nav: noticeNumber as string, iuv: iuv as string }
}

function wait({ clock }: NodeOffice, days: number) {
  clock.ms += days * 86_400_000
}

async function opened(): Promise<NodeOffice> {
  office = await nodeOffice()
  return office
}

async function publish({ call }: NodeOffice, n: number, change: object = {}, optionChange: object = {}) {
  const body = position(n, { paymentOption: [{ ...option(n, numbers(n)), ...optionChange }], ...change })
  expect((await call('POST', `/v1/organizations/${ORDINE}/debtpositions?toPublish=true`, body)).status).toBe(201)
}

const paying = ({ node, clock }: NodeOffice, n: number, how: PayHow = 'regular', cents?: number) =>
  pay(node.store, {
    creditor: ORDINE,
    noticeNumber: numbers(n).nav,
    psp: PSP,
    at: clock.now(),
    how,
    ...(cents === undefined ? {} : { cents }),
  })

async function statusOf({ call }: NodeOffice, n: number) {
  const { json } = await call('GET', `/v1/organizations/${ORDINE}/debtpositions/${ORDINE}-${n}`)
  return [json.status, json.paymentOption.map((each: { status: string }) => each.status).join()]
}

async function get({ node }: NodeOffice, product: 'gpd' | 'fdr', path: string) {
  const base = product === 'gpd' ? '/gpd/payments-receipts-service/v1' : '/fdr-org/service/v1'
  const response = await fetch(`${node.origin}${base}${path}`, {
    headers: { 'Ocp-Apim-Subscription-Key': node.keys[product] },
  })
  return { status: response.status, text: await response.text() }
}

const receiptsOf = async (at: NodeOffice, query = '') =>
  JSON.parse((await get(at, 'gpd', `/payments/${ORDINE}/receipts${query}`)).text)
const receiptOf = async (at: NodeOffice, iuv: string) => get(at, 'gpd', `/payments/${ORDINE}/receipts/${iuv}`)
const flowsOf = async (at: NodeOffice, query = '') =>
  JSON.parse((await get(at, 'fdr', `/organizations/${ORDINE}/fdrs${query}`)).text)

describe('payments', () => {
  test('only what is payable is paid, once, and says why otherwise', async () => {
    const at = await opened()
    expect(paying(at, 1)).toMatchObject({ ok: false, code: 'PAA_PAGAMENTO_SCONOSCIUTO' })
    await publish(at, 1)
    expect(paying(at, 1)).toMatchObject({ ok: true, paid: { cents: 15_000, outcome: '0', hasReceipt: true } })
    expect(await statusOf(at, 1)).toEqual(['PAID', 'PO_PAID'])
    expect(paying(at, 1)).toMatchObject({ ok: false, code: 'PAA_PAGAMENTO_DUPLICATO' })

    await publish(at, 2, { validityDate: '2026-03-10T00:00:00Z' })
    expect(paying(at, 2)).toMatchObject({ ok: false, code: 'PAA_PAGAMENTO_SCONOSCIUTO' })
    await publish(at, 3, { switchToExpired: true })
    at.clock.ms = Date.parse('2026-04-02T09:00:00.000Z')
    expect(paying(at, 3)).toMatchObject({ ok: false, code: 'PAA_PAGAMENTO_SCADUTO' })
    await at.call('POST', `/v1/organizations/${ORDINE}/debtpositions/${ORDINE}-2/invalidate`)
    expect(paying(at, 2)).toMatchObject({ ok: false, code: 'PAA_PAGAMENTO_ANNULLATO' })
  })

  test('the whole excludes the instalments and the reverse; instalments come one by one', async () => {
    const at = await opened()
    const parts = [2, 3].map((n) =>
      option(n, { ...numbers(n), isPartialPayment: true, amount: 7500, transfer: [transfer(7500)] }),
    )
    const both = { paymentOption: [option(1, numbers(1)), ...parts] }
    const body = position(1, both)
    expect((await at.call('POST', `/v1/organizations/${ORDINE}/debtpositions?toPublish=true`, body)).status).toBe(201)
    expect(paying(at, 2)).toMatchObject({ ok: true })
    expect((await statusOf(at, 1))[0]).toBe('PARTIALLY_PAID')
    expect(paying(at, 1)).toMatchObject({ ok: false, code: 'PAA_PAGAMENTO_DUPLICATO' })
    expect(paying(at, 3)).toMatchObject({ ok: true })
    expect((await statusOf(at, 1))[0]).toBe('PAID')
  })

  test('providers without a line pay twice, late and another amount; a failed one pays nothing', async () => {
    const at = await opened()
    await publish(at, 1)
    expect(paying(at, 1, 'ko')).toMatchObject({ ok: true, paid: { ok: false } })
    expect(await statusOf(at, 1)).toEqual(['VALID', 'PO_UNPAID'])
    expect((await readReceipt(Buffer.from((await receiptOf(at, numbers(1).iuv)).text))).receipt?.ok).toBe(false)

    expect(paying(at, 1, 'regular', 7000)).toMatchObject({ ok: true, paid: { cents: 7000 } })
    const again = paying(at, 1, 'standIn')
    expect(again).toMatchObject({ ok: true, paid: { cents: 15_000, outcome: '8', hasReceipt: false } })
    expect((await receiptsOf(at)).results).toHaveLength(1)
    const { receipt } = await readReceipt(Buffer.from((await receiptOf(at, numbers(1).iuv)).text))
    expect([receipt?.ok, receipt?.amountCents]).toEqual([true, 7000])

    await publish(at, 2)
    await at.call('POST', `/v1/organizations/${ORDINE}/debtpositions/${ORDINE}-2/invalidate`)
    expect(paying(at, 2, 'standIn')).toMatchObject({ ok: true, paid: { outcome: '4', hasReceipt: true } })
    expect((await statusOf(at, 2))[0]).toBe('INVALID')

    const [flow] = settle(at.node.store, at.clock.now(), true)
    expect(flow?.rows.map((row) => [row.cents, row.outcome])).toEqual([
      [7000, '0'],
      [15_000, '8'],
      [15_000, '4'],
    ])
  })
})

describe('receipts', () => {
  test('each is a paSendRTV2 that the program and the official schema read, with the money of all', async () => {
    const at = await opened()
    const shares = [transfer(10_000), transfer(5000, { idTransfer: '2', organizationFiscalCode: ALTRO })]
    await publish(at, 1, { fullName: 'Studio «A & B» <Roma>' }, { transfer: shares })
    paying(at, 1)
    const { status, text } = await receiptOf(at, numbers(1).iuv)
    expect(status).toBe(200)
    const { receipt, problems } = await readReceipt(Buffer.from(text))
    expect(problems).toEqual([])
    expect(receipt).toMatchObject({
      format: 'PA_SEND_RT_V2',
      iuv: numbers(1).iuv,
      noticeNumber: numbers(1).nav,
      ok: true,
      amountCents: 15_000,
      paidAt: '2026-03-02T10:00:00',
      creditorFiscalCode: ORDINE,
      debtor: { identifier: 'RSSMRA85T10A562S', name: 'Studio «A & B» <Roma>' },
    })
    expect(receipt?.transfers.map((each) => [each.receiverFiscalCode, each.amountCents])).toEqual([
      [ORDINE, 10_000],
      [ALTRO, 5000],
    ])
    if (specs === null || !hasXmllint) {
      console.log('not judged by the official schema: no specifications or no xmllint')
      return
    }
    const folder = mkdtempSync(join(tmpdir(), 'quietanza-receipt-'))
    try {
      writeFileSync(join(folder, 'receipt.xml'), text)
      const xsd = join(specs, 'pagopa-data/xsd/wsdl/xsd/paForNode.xsd')
      const judged = spawnSync('xmllint', ['--nonet', '--noout', '--schema', xsd, join(folder, 'receipt.xml')], {
        encoding: 'utf8',
      })
      expect(judged.stderr).toContain('validates')
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  test('the list goes by pages and days; an unknown IUV is not found', async () => {
    const at = await opened()
    for (const n of [1, 2, 3, 4, 5]) {
      await publish(at, n)
      paying(at, n)
      wait(at, 1)
    }
    const page = await receiptsOf(at, '?pageNum=1&pageSize=2')
    expect([page.totalPages, page.results.map((row: { iuv: string }) => row.iuv)]).toEqual([
      3,
      [numbers(3).iuv, numbers(4).iuv],
    ])
    const days = await receiptsOf(at, '?from=2026-03-03&to=2026-03-04')
    expect(days.results.map((row: { iuv: string }) => row.iuv)).toEqual([numbers(2).iuv, numbers(3).iuv])
    expect((await receiptsOf(at, `?debtorOrIuv=${numbers(5).iuv}`)).results).toHaveLength(1)
    expect((await receiptOf(at, '01000000000000000')).status).toBe(404)
    expect((await get(at, 'gpd', `/payments/${ORDINE}/receipts?pageSize=101`)).status).toBe(400)
    expect(at.judge.faults.splice(0)).toHaveLength(1)
  })

  test('a payment that nobody asked for has its receipt, too, with whatever segregation code', async () => {
    const at = await opened()
    const spontaneous = (segregationCode: string) =>
      paySpontaneously(at.node.store, {
        creditor: ORDINE,
        segregationCode: segregationCode as SegregationCode,
        psp: PSP,
        at: at.clock.now(),
        cents: 1000,
        description: 'Diritti di segreteria',
        category: '9/0401104TS/',
        iban: IBAN,
        alsoTo: { fiscalCode: ALTRO, name: 'Altro ente di prova', iban: 'IT94E0760115500001012531156', cents: 200 },
      })
    for (const code of ['01', '47', '01']) spontaneous(code)
    const listed = (await receiptsOf(at)).results.map((row: { iuv: string }) => row.iuv)
    expect(new Set(listed).size).toBe(3)
    expect(listed.map((iuv: string) => iuv.slice(0, 2)).sort()).toEqual(['01', '01', '47'])
    for (const iuv of listed) {
      const { receipt, problems } = await readReceipt(Buffer.from((await receiptOf(at, iuv)).text))
      expect(problems).toEqual([])
      expect([receipt?.amountCents, receipt?.transfers.length]).toEqual([1200, 2])
    }
    expect(settle(at.node.store, at.clock.now(), true).flatMap((flow) => flow.rows.map((row) => row.cents))).toEqual([
      1000, 1000, 1000,
    ])
  })
})

describe('reporting flows', () => {
  test('they come after the provider’s day, one for each account, and what they tell is REPORTED', async () => {
    const at = await opened()
    const two = [transfer(10_000), transfer(5000, { idTransfer: '2', iban: 'IT76P0306909790100000300089' })]
    await publish(at, 1, {}, { transfer: two })
    await publish(at, 2)
    for (const n of [1, 2]) paying(at, n)
    expect((await flowsOf(at)).data).toEqual([])
    expect(await statusOf(at, 1)).toEqual(['PAID', 'PO_PAID'])
    wait(at, 3)
    const { data } = await flowsOf(at)
    expect(data.map((flow: { fdr: string; revision: number }) => [flow.fdr.slice(0, 21), flow.revision])).toEqual([
      [`2026-03-03${PSP}`, 1],
      [`2026-03-03${PSP}`, 1],
    ])
    expect(await statusOf(at, 1)).toEqual(['REPORTED', 'PO_REPORTED'])
    expect(await statusOf(at, 2)).toEqual(['REPORTED', 'PO_REPORTED'])
    expect([...at.node.store.all('flow')].map((flow) => flow.rows.map((row) => row.cents))).toEqual([
      [10_000, 15_000],
      [5000],
    ])
    // Nothing is told twice.
    wait(at, 1)
    expect((await flowsOf(at)).data).toHaveLength(2)
  })

  test('head and pages make one flow that the program reads, the same as its XML; revisions stand side by side', async () => {
    const at = await opened()
    for (const n of [1, 2, 3]) {
      await publish(at, n)
      paying(at, n)
    }
    const [flow] = settle(at.node.store, at.clock.now(), true)
    if (!flow) throw new Error('no flow')
    publishAgain(at.node.store, flow, at.clock.now(), true)
    const { data } = await flowsOf(at)
    expect(data).toMatchObject([{ fdr: flow.flowId, pspId: PSP, revision: 2 }])
    const path = (revision: number) => `/organizations/${ORDINE}/fdrs/${flow.flowId}/revisions/${revision}/psps/${PSP}`
    const head = (await get(at, 'fdr', path(1))).text
    const pages = [1, 2].map(async (page) => (await get(at, 'fdr', `${path(1)}/payments?size=2&page=${page}`)).text)
    const stitched = `[${head},${(await Promise.all(pages)).join(',')}]`
    const read = await readReportingFlowJson(Buffer.from(stitched))
    expect(read.problems).toEqual([])
    expect(read.flow).toMatchObject({ flowId: flow.flowId, declaredCount: 3, declaredTotalCents: 45_000 })
    const file = await fetch(
      `${at.node.pageUrl}flusso?${new URLSearchParams({ chiave: `${ORDINE}/${PSP}/${flow.flowId}/1` })}`,
    )
    const xml = await readReportingFlow(Buffer.from(await file.arrayBuffer()))
    expect(xml.problems).toEqual([])
    expect(xml.flow?.rows).toEqual(read.flow?.rows)
    expect(JSON.parse((await get(at, 'fdr', path(2))).text)).toMatchObject({ revision: 2, totPayments: 2 })
    expect((await get(at, 'fdr', path(3))).status).toBe(404)
  })

  test('the list goes by day of publication, and forgets what is older than the month before', async () => {
    const at = await opened()
    await publish(at, 1)
    paying(at, 1)
    settle(at.node.store, at.clock.now(), true)
    expect((await flowsOf(at, '?publishedGt=2026-03-01T00:00:00Z')).data).toHaveLength(1)
    expect((await flowsOf(at, '?publishedGt=2026-03-02T09:00:00Z')).data).toHaveLength(0)
    expect((await flowsOf(at, '?pspId=PBETITRR')).data).toHaveLength(0)
    expect((await get(at, 'fdr', `/organizations/${ORDINE}/fdrs?size=0`)).status).toBe(400)
    expect(at.judge.faults.splice(0)).toHaveLength(1)
    at.clock.ms = Date.parse('2026-05-02T09:00:00.000Z')
    expect((await flowsOf(at)).data).toHaveLength(0)
    expect((await flowsOf(at, '?publishedGt=2026-03-01T00:00:00Z')).data).toHaveLength(0)
  })
})
