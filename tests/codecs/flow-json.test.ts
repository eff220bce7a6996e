import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readReportingFlowJson } from '#codecs/flow-json'
import { readFlow } from '#codecs/flow-read'
import { writeReportingFlow } from '#codecs/flow-xml-write'
import { inspectFile } from '#codecs/inspect'
import { isoDate } from '#domain/date'
import { cents } from '#domain/money'
import { flowContentText } from '#domain/reporting-flow'
import { specsDir } from '../specs.ts'

const specs = specsDir()
if (specs === null) console.log('flow-json.test: no specifications folder here, sample skipped')

const FLOW = `{"status":"PUBLISHED","revision":2,"created":"2026-03-02T19:00:00Z","fdr":"2026-03-02ABCDITMM-0000001",
"fdrDate":"2026-03-02T19:00:00.123456Z","regulation":"TRN0001","regulationDate":"2026-03-02","bicCodePouringBank":"ABCDITMMXXX",
"sender":{"type":"BIC_CODE","id":"ABCDITMM","pspId":"ABCDITMM","pspName":"PSP di prova","pspBrokerId":"1","channelId":"1_01"},
"receiver":{"id":"80087670016","organizationId":"80087670016","organizationName":"Ordine di prova"},
"computedTotPayments":2,"computedSumPayments":215.05,"totPayments":2,"sumPayments":215.05}`
const payment = (iuv: string, pay: string, status: string) =>
  `{"index":1,"iuv":"${iuv}","iur":"IUR${iuv.slice(-1)}","idTransfer":1,"pay":${pay},"payStatus":"${status}","payDate":"2026-03-01T23:59:59.9Z"}`
const page = (number: number, of: number, ...payments: string[]) =>
  `{"metadata":{"pageSize":1,"pageNumber":${number},"totPage":${of}},"count":1,"data":[${payments.join(',')}]}`
const ONE = payment('01202600000012332', '215.00', 'EXECUTED')
const TWO = payment('01000000000000144', '0.05', 'NO_RPT')
const read = (text: string) => readReportingFlowJson(Buffer.from(text))

describe('flows of the REST service', () => {
  it('say the same as the XML of the same flow', async () => {
    const day = isoDate('2026-03-01')
    const xml = writeReportingFlow({
      flowId: '2026-03-02ABCDITMM-0000001',
      flowDateTime: '2026-03-02T20:00:00.123456',
      regulationId: 'TRN0001',
      regulationDate: isoDate('2026-03-02'),
      senderType: 'B',
      senderId: 'ABCDITMM',
      senderName: 'PSP di prova',
      bic: 'ABCDITMMXXX',
      receiverFiscalCode: '80087670016',
      receiverName: 'Ordine di prova',
      rows: [
        { iuv: '01202600000012332', iur: 'IUR2', index: 1, amountCents: cents(21500), outcome: '0', outcomeDate: day },
        { iuv: '01000000000000144', iur: 'IUR4', index: 1, amountCents: cents(5), outcome: '9', outcomeDate: day },
      ],
    })
    const fromJson = await readFlow(Buffer.from(`{"flow":${FLOW},"payments":${page(1, 1, ONE, TWO)}}`))
    const fromXml = await readFlow(xml)
    expect(fromJson.problems).toEqual([])
    expect(fromXml.problems).toEqual([])
    expect({ ...fromJson.flow, flowDateTime: null }).toEqual({ ...fromXml.flow, flowDateTime: null })
    expect(flowContentText(fromJson.flow)).toBe(flowContentText(fromXml.flow))
  })

  it.each([
    ['side by side', `[${FLOW},${page(1, 2, ONE)},${page(2, 2, TWO)}]`],
    ['pages in the flow', `${FLOW.slice(0, -1)},"payments":[${page(2, 2, TWO)},${page(1, 2, ONE)}]}`],
    [
      'with the list of flows',
      `{"list":{"data":[{"fdr":"x","revision":1}]},"flow":${FLOW},"p":[${page(1, 1, ONE, TWO)}]}`,
    ],
  ])('are found however they were put together: %s', async (_, text) => {
    const { flow, problems } = await read(text)
    expect(problems).toEqual([])
    expect(flow.rows.map((r) => r.amountCents).toSorted((a, b) => a - b)).toEqual([5, 21500])
  })

  it('give each outcome its code, a revocation as positive, an unknown one as written', async () => {
    const words = ['EXECUTED', 'REVOKED', 'STAND_IN', 'STAND_IN_NO_RPT', 'NO_RPT', 'SOMETHING_NEW']
    const data = words.map((word, i) => payment(`0120260000001230${i}`, word === 'REVOKED' ? '-1.00' : '1.00', word))
    const flow = FLOW.replace('"totPayments":2,"sumPayments":215.05', '"totPayments":6,"sumPayments":4.00')
    const reading = await read(`[${flow},${page(1, 1, ...data)}]`)
    expect(reading.problems.map((p) => [p.code, p.severity])).toEqual([['FLOW_OUTCOME_UNKNOWN', 'warning']])
    expect(reading.flow.rows.map((r) => r.outcome)).toEqual(['0', '3', '4', '8', '9', 'SOMETHING_NEW'])
    expect(reading.flow.rows.every((r) => r.amountCents === 100)).toBe(true)
  })

  it('take amounts as they are written, never through a binary fraction', async () => {
    const wrong = await read(`[${FLOW},${page(1, 1, ONE.replace('215.00', '214.99999999999999'), TWO)}]`)
    expect(wrong.problems.map((p) => [p.code, p.position?.path])).toEqual([['FLOW_FIELD_WRONG', '[1].data[0].pay']])
    const exact = await read(
      `[${FLOW.replace('"sumPayments":215.05', '"sumPayments":215.1')},${page(1, 1, ONE, TWO.replace('0.05', '0.10'))}]`,
    )
    expect(exact.problems).toEqual([])
  })

  it('are refused with the place of each mistake', async () => {
    const text = `[${FLOW.replace('2026-03-02T19:00:00.123456Z', 'ieri')},${page(1, 3, ONE, ONE, TWO.replace('"iuv"', '"colore"'))},${page(1, 3, TWO)}]`
    expect((await read(text)).problems.map((p) => [p.code, p.position?.path])).toEqual([
      ['FLOW_FIELD_MISSING', '[1].data[2].iuv'],
      ['FLOW_ELEMENT_UNKNOWN', '[1].data[2].colore'],
      ['FLOW_PAGE_REPEATED', '[2]'],
      ['FLOW_PAGES_MISSING', undefined],
      ['FLOW_ROW_DUPLICATE', '[1].data[1]'],
      ['FLOW_FIELD_WRONG', '[0].fdrDate'],
      ['FLOW_COUNT_DIFFERS', '[0].totPayments'],
    ])
  })

  it.skipIf(specs === null)('read the sample of the specifications', async () => {
    const file = join(specs as string, 'pagopa-data/samples/fdr3_org_example_own.json')
    const inspected = await inspectFile('flow.json', readFileSync(file))
    expect(inspected).toMatchObject({ kind: 'reportingFlow', flowId: '2026-03-0388888888888-0000001', problems: [] })
    expect(inspected.rows).toMatchObject([
      { amountCents: 21500, outcome: '0', outcomeDate: '2026-03-02' },
      { amountCents: 21500, outcome: '4', outcomeDate: '2026-03-02' },
    ])
  })
})

it('a day of payment converted in Italy’s zone is the day that begins then, on both sides of the clock change', async () => {
  for (const [written, day] of [
    ['2026-02-28T23:00:00Z', '2026-03-01'],
    ['2026-06-30T22:00:00.000Z', '2026-07-01'],
    ['2026-06-30T23:00:00Z', '2026-06-30'],
    ['2026-03-01T00:00:00Z', '2026-03-01'],
  ] as const) {
    const one = payment('01202600000012332', '215.05', 'EXECUTED').replace('2026-03-01T23:59:59.9Z', written)
    const { flow } = await read(`{"flow":${FLOW},"payments":${page(1, 1, one)}}`)
    expect(flow.rows[0]?.outcomeDate).toBe(day)
  }
})
