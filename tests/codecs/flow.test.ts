import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readReportingFlow } from '#codecs/flow-xml'
import { type WritableFlow, writeReportingFlow } from '#codecs/flow-xml-write'
import { instantOfDateTime } from '#codecs/iso-date-time'
import { isoDate } from '#domain/date'
import { cents } from '#domain/money'
import { specsDir } from '../specs.ts'

const specs = specsDir()
if (specs === null) console.log('flow.test: no specifications folder here, official schema and sample skipped')
const hasXmllint = spawnSync('xmllint', ['--version']).status === 0

const day = isoDate('2026-03-02')
const flow: WritableFlow = {
  flowId: '2026-03-02ABCDITMM-0000001',
  flowDateTime: '2026-03-02T20:00:00',
  regulationId: 'TRN0001 & <c.>',
  regulationDate: day,
  senderType: 'B',
  senderId: 'ABCDITMM',
  senderName: 'PSP di prova',
  bic: 'ABCDITMMXXX',
  receiverFiscalCode: '80087670016',
  receiverName: 'Ordine di prova',
  rows: [
    { iuv: '01202600000012332', iur: 'IUR1', index: 1, amountCents: cents(21500), outcome: '0', outcomeDate: day },
    { iuv: '01000000000000144', iur: 'IUR2', index: null, amountCents: cents(5), outcome: '9', outcomeDate: day },
  ],
}

describe('reporting flows', () => {
  it('come back as they were written', async () => {
    const reading = await readReportingFlow(writeReportingFlow(flow))
    expect(reading.problems).toEqual([])
    expect(reading.flow).toEqual({
      ...flow,
      flowDateTimeUtc: '2026-03-02T19:00:00.000Z',
      declaredCount: 2,
      declaredTotalCents: 21505,
    })
  })

  it('read the same cut in any way into chunks', async () => {
    const bytes = writeReportingFlow({ ...flow, senderName: 'Società è qui' })
    async function* crumbs() {
      for (let i = 0; i < bytes.length; i += 7) yield bytes.subarray(i, i + 7)
    }
    expect(await readReportingFlow(crumbs())).toEqual(await readReportingFlow(bytes))
  })

  it('read with any prefix, in Latin-1, with a zone on the days', async () => {
    const text = new TextDecoder()
      .decode(writeReportingFlow({ ...flow, senderName: 'Società' }))
      .replaceAll(/<(\/?)(?=[a-zF])/g, '<$1pay_i:')
      .replace('encoding="UTF-8"', 'encoding="ISO-8859-1"')
      .replace('xmlns=', 'xmlns:pay_i=')
      .replaceAll(/>(2026-03-02)</g, '>$1+01:00<')
    const reading = await readReportingFlow(Buffer.from(text, 'latin1'))
    expect(reading.problems).toEqual([])
    expect(reading.flow.senderName).toBe('Società')
    expect(reading.flow.regulationDate).toBe('2026-03-02')
  })

  it('give a revocation as positive, whatever its sign, and lower the total by it', async () => {
    const revoked = { ...flow, rows: [flow.rows[0]!, { ...flow.rows[1]!, outcome: '3' }] }
    const written = new TextDecoder().decode(writeReportingFlow(revoked))
    for (const text of [written, written.replace('>0.05<', '>-0.05<')]) {
      const reading = await readReportingFlow(Buffer.from(text))
      expect(reading.problems).toEqual([])
      expect(reading.flow.rows[1]).toMatchObject({ amountCents: 5, outcome: '3' })
      expect(reading.flow.declaredTotalCents).toBe(21495)
    }
  })

  it('are tolerated with an element that no schema has, once told', async () => {
    const text = new TextDecoder()
      .decode(writeReportingFlow(flow))
      .replaceAll('</datiSingoliPagamenti>', '<colore><tinta>blu</tinta></colore></datiSingoliPagamenti>')
      .replace('<numeroTotalePagamenti>', '<nuovo><dentro/></nuovo><numeroTotalePagamenti>')
    const { problems, flow: read } = await readReportingFlow(Buffer.from(text))
    expect(problems.map((p) => [p.code, p.severity, p.params.name])).toEqual([
      ['FLOW_ELEMENT_UNKNOWN', 'warning', 'nuovo'],
      ['FLOW_ELEMENT_UNKNOWN', 'warning', 'colore'],
    ])
    expect(read.rows).toHaveLength(2)
  })

  it('keep rows told twice and rows of one payment with several transfers apart', async () => {
    const [one] = flow.rows as [(typeof flow.rows)[0]]
    const rows = [
      one,
      { ...one, index: 2 },
      { ...one, iur: 'ALTRO' },
      one,
      { ...one, index: null },
      { ...one, index: 2 },
    ]
    const { problems, flow: read } = await readReportingFlow(writeReportingFlow({ ...flow, rows }))
    expect(read.rows).toHaveLength(6)
    expect(problems.map((p) => [p.code, p.severity, p.params.row, p.position?.path])).toEqual([
      ['FLOW_ROW_DUPLICATE', 'warning', 1, 'FlussoRiversamento/datiSingoliPagamenti[4]'],
      ['FLOW_ROW_DUPLICATE', 'warning', 2, 'FlussoRiversamento/datiSingoliPagamenti[6]'],
    ])
  })

  it('have each anomaly under its own code: outcomes, sum, count, repeated rows', async () => {
    const rows = ['0', '3', '4', '8', '9', 'X'].map((outcome, i) => ({
      ...flow.rows[0]!,
      index: (i % 5) + 1,
      iur: `I${i}`,
      outcome,
    }))
    const text = new TextDecoder().decode(writeReportingFlow({ ...flow, rows }))
    const known = await readReportingFlow(Buffer.from(text))
    expect(known.problems.map((p) => [p.code, p.severity])).toEqual([['FLOW_OUTCOME_UNKNOWN', 'warning']])
    expect(known.flow.rows.map((r) => r.outcome)).toEqual(['0', '3', '4', '8', '9', 'X'])
    const wrong = text
      .replace(/(<importoTotalePagamenti>)[^<]*/, '$11.00')
      .replace(/(<numeroTotalePagamenti>)[^<]*/, '$15')
    expect((await readReportingFlow(Buffer.from(wrong))).problems.map((p) => p.code)).toEqual([
      'FLOW_OUTCOME_UNKNOWN',
      'FLOW_COUNT_DIFFERS',
      'FLOW_TOTAL_DIFFERS',
    ])
  })

  it('list every problem, not only the first', async () => {
    const text = new TextDecoder()
      .decode(writeReportingFlow(flow))
      .replace('>215.00<', '>215,00<')
      .replace('>2026-03-02T20:00:00<', '>ieri<')
      .replace('>2<', '>5<')
    const { problems } = await readReportingFlow(Buffer.from(text))
    expect(problems.map((p) => [p.code, p.position?.path?.split('/').at(-1)])).toEqual([
      ['FLOW_FIELD_WRONG', 'singoloImportoPagato'],
      ['FLOW_FIELD_WRONG', 'dataOraFlusso'],
      ['FLOW_COUNT_DIFFERS', 'numeroTotalePagamenti'],
    ])
  })

  it('stop when asked', async () => {
    await expect(readReportingFlow(writeReportingFlow(flow), { signal: AbortSignal.abort() })).rejects.toThrow(/abort/i)
  })

  it.skipIf(specs === null)('read the official sample', async () => {
    const file = join(specs as string, 'pagopa-data/samples/fdr_2021-07-27SELBIT2B-S003014897.xml')
    const { flow: read, problems } = await readReportingFlow(readFileSync(file))
    expect(problems).toEqual([])
    expect(read).toMatchObject({ flowId: '2021-07-27SELBIT2B-S003014897', declaredTotalCents: 6000, declaredCount: 3 })
  })

  it.skipIf(specs === null || !hasXmllint)('are read in every enumeration state of the official schemas', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'flow-'))
    try {
      for (const [schema, outcomes] of [
        ['FlussoRiversamento_1_0_4_master', ['0', '3', '9']],
        ['FlussoRiversamento_1_0_4_with_4_8', ['0', '3', '4', '8', '9']],
        ['FlussoRiversamento_1_0_5', ['0', '4', '8', '9']],
      ] as const) {
        const rows = outcomes.map((outcome, i) => ({ ...flow.rows[0]!, iur: `IUR${i}`, outcome }))
        for (const version of ['1.0', '1.1']) {
          const plain = new TextDecoder()
            .decode(writeReportingFlow({ ...flow, rows }))
            .replace('Oggetto>1.0', `Oggetto>${version}`)
          const prefixed = plain.replaceAll(/<(\/?)(?=[a-zF])/g, '<$1pay_i:').replace('xmlns=', 'xmlns:pay_i=')
          for (const text of [plain, prefixed]) {
            writeFileSync(join(folder, 'flow.xml'), text)
            const file = join(specs as string, `pagopa-data/xsd/${schema}.xsd`)
            const judged = spawnSync('xmllint', ['--noout', '--schema', file, join(folder, 'flow.xml')], {
              encoding: 'utf8',
            })
            expect(judged.stderr, schema).toContain('validates')
            const reading = await readReportingFlow(Buffer.from(text))
            expect(reading.problems, schema).toEqual([])
            expect(reading.flow.rows.map((r) => r.outcome)).toEqual(outcomes)
          }
        }
      }
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

describe('moments', () => {
  it('without zone are those of the clock in Italy, summer and winter', () => {
    expect(instantOfDateTime('2026-01-15T12:00:00')).toBe('2026-01-15T11:00:00.000Z')
    expect(instantOfDateTime('2026-07-15T12:00:00.123456')).toBe('2026-07-15T10:00:00.123Z')
    expect(instantOfDateTime('2026-03-29T01:59:59')).toBe('2026-03-29T00:59:59.000Z')
    expect(instantOfDateTime('2026-03-29T03:00:00')).toBe('2026-03-29T01:00:00.000Z')
    expect(instantOfDateTime('2026-07-15T12:00:00+02:00')).toBe('2026-07-15T10:00:00.000Z')
    expect(instantOfDateTime('2026-07-15T12:00:00Z')).toBe('2026-07-15T12:00:00.000Z')
    for (const text of ['2026-02-30T12:00:00', '2026-07-15', '2026-07-15T25:00:00', ''])
      expect(instantOfDateTime(text)).toBeNull()
  })
})
