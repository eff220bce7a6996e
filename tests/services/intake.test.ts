import { createHash } from 'node:crypto'
import { call } from '@orpc/server'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { z } from 'zod'
import { readReportingFlow } from '#codecs/flow-xml'
import { writeReportingFlow } from '#codecs/flow-xml-write'
import { writeBancoPostaStatement } from '#codecs/statement-csv-write'
import type { intakeFileSchema } from '#contract/intake'
import type { Instant, IsoDate } from '#domain/date'
import { cents } from '#domain/money'
import { problemText } from '#domain/problem'
import { flowContentText } from '#domain/reporting-flow'
import { readNodeStake, writeEnvironment } from '#ledger/node-environment'
import { bankStatement } from '#services/bank-statement'
import { intake } from '#services/intake'
import { receipt } from '#services/receipt'
import { reportingFlow } from '#services/reporting-flow'
import { emitFlows } from '#simulator/flows'
import type { PaidNotice } from '#simulator/node/money'
import { mannerOf } from '#simulator/node/paid'
import { receiptXml } from '#simulator/node/receipt-xml'
import type { Payment } from '#simulator/payments'
import { PROVIDERS, type Provider } from '#simulator/providers'
import { zipOf } from '../codecs/zip-samples.ts'
import { inBothOffices } from './support/both-offices.ts'
import { type CollectionOffice, causaleOf, drain, flowOf, RECEIVER } from './support/collection-office.ts'
import { paSendRt, rt62 } from './support/receipt-files.ts'

const F1 = '2026-03-02AAAAITM1XXX-0001'
const STRANGER = '97735020584'

inBothOffices('what comes in', (open) => {
  let office: CollectionOffice
  beforeEach(async () => {
    office = await open()
  })
  afterEach(() => office.close())

  const ctx = () => ({ context: office.ctx })

  type Brought = z.infer<typeof intakeFileSchema>

  async function bring(
    ...files: readonly (readonly [name: string, content: string | Uint8Array])[]
  ): Promise<Brought[]> {
    const tokens = await Promise.all(
      files.map(([name, content]) => office.upload(name, typeof content === 'string' ? Buffer.from(content) : content)),
    )
    return (await drain(await call(intake.import, { tokens }, ctx()))).files
  }

  const outcomes = (files: readonly Brought[]) => files.map((f) => `${f.name} ${f.kind} ${f.outcome}`)
  const receipts = () => call(receipt.list, { filters: {}, limit: 500 }, ctx())
  const entries = () => office.ledger.read((db) => db.selectFrom('journalEntry').select('command').execute())

  /** What the REST service says of the flow that `flowOf` writes: milliseconds, other sender, rows in another order. */
  function jsonOf(flow: ReturnType<typeof flowOf>): string {
    const total = flow.rows.reduce((n, r) => n + r.amountCents, 0) / 100
    const rows = [...flow.rows].reverse().map((r) => ({
      ...{ index: 1, iuv: r.iuv, iur: r.iur, idTransfer: 1, pay: r.amountCents / 100, payStatus: 'EXECUTED' },
      payDate: `${r.outcomeDate}T10:00:00Z`,
    }))
    return JSON.stringify({
      flow: {
        ...{ status: 'PUBLISHED', revision: 1, created: '2026-03-02T08:00:01Z', fdr: flow.flowId },
        ...{ fdrDate: '2026-03-02T08:00:00.432Z', regulation: flow.regulationId, regulationDate: flow.regulationDate },
        sender: { type: 'BIC_CODE', id: 'ALTROITM', pspId: 'ALTROITM', pspName: 'PSP Alfa' },
        receiver: { id: RECEIVER, organizationId: RECEIVER, organizationName: 'Ordine' },
        ...{
          totPayments: rows.length,
          sumPayments: total,
          computedTotPayments: rows.length,
          computedSumPayments: total,
        },
      },
      payments: { metadata: { pageSize: 50, pageNumber: 1, totPage: 1 }, count: rows.length, data: rows },
    })
  }

  describe('flows', () => {
    test('the same flow by XML and by JSON is one, whichever comes first', async () => {
      const a = await office.quota(18000)
      const b = await office.quota(5000)
      const flow = flowOf(F1, [
        [a.iuv, 18000],
        [b.iuv, 5000],
      ])
      expect(outcomes(await bring(['f.json', jsonOf(flow)]))).toEqual(['f.json flow added'])
      expect(outcomes(await bring(['f.xml', writeReportingFlow(flow)]))).toEqual(['f.xml flow already'])
      const list = await call(reportingFlow.list, { filters: {} }, ctx())
      expect(list.rows).toMatchObject([{ flowId: F1, versions: 1, declaredCents: 23000 }])
    })

    test('a flow kept under the earlier hash is known still, in both forms', async () => {
      const a = await office.quota(18000)
      const flow = flowOf(F1, [[a.iuv, 18000]])
      const xml = writeReportingFlow(flow)
      await bring(['f.xml', xml])
      const earlier = createHash('sha256')
        .update(flowContentText((await readReportingFlow(xml)).flow))
        .digest('hex')
      // The row as an earlier program left it: same facts, another hash.
      const version = await office.ledger.read((db) =>
        db.selectFrom('reportingFlowVersion').selectAll().executeTakeFirstOrThrow(),
      )
      expect(version.contentHash).not.toBe(earlier)
      const other = await open()
      try {
        await other.write(async (db) => {
          const f = await db
            .insertInto('reportingFlow')
            .values({ receiver: RECEIVER, flowId: F1, foldKey: 'x' })
            .returning('id')
            .executeTakeFirstOrThrow()
          const { id: _, ...v } = { ...version, reportingFlowId: f.id, contentHash: earlier }
          const kept = await db.insertInto('reportingFlowVersion').values(v).returning('id').executeTakeFirstOrThrow()
          const row = {
            iuv: a.iuv,
            iur: `IUR${a.iuv}`,
            idTransfer: 1,
            cents: cents(18000),
            outcome: '0',
            outcomeDate: '2026-03-02' as IsoDate,
          }
          await db
            .insertInto('flowRow')
            .values({ ...row, versionId: kept.id, ordinal: 1 })
            .execute()
        })
        const files = [await other.upload('f.xml', xml), await other.upload('f.json', Buffer.from(jsonOf(flow)))]
        const done = await drain(await call(reportingFlow.import, { tokens: files }, { context: other.ctx }))
        expect(done).toMatchObject({ added: 0, newVersions: 0, already: 2 })
      } finally {
        await other.close()
      }
    })

    test('flows, receipts and a statement in one zip: each to its place, the rest refused in words', async () => {
      const a = await office.quota(18000)
      const csv = writeBancoPostaStatement({
        ...{
          holder: 'Ordine',
          iban: 'IT60X0542811101000000123456',
          from: '2026-03-03' as IsoDate,
          to: '2026-03-03' as IsoDate,
          openingCents: cents(0),
        },
        movements: [
          {
            bookingDate: '2026-03-03' as IsoDate,
            valueDate: null,
            amountCents: cents(18000),
            description: causaleOf(F1),
          },
        ],
      })
      const zip = zipOf([
        ['flussi/f.xml', writeReportingFlow(flowOf(F1, [[a.iuv, 18000]]))],
        ['ricevute/r.xml', paSendRt({ iuv: a.iuv, cents: 18000, creditor: RECEIVER })],
        ['banca.csv', csv],
        ['foto.bin', Buffer.from([0, 1, 2, 3])],
      ])
      const files = await bring(['tutto.zip', zip])
      expect(outcomes(files)).toEqual([
        'f.xml flow added',
        'r.xml receipt added',
        'banca.csv statement toLoad',
        'foto.bin unknown refused',
      ])
      expect(files[3]?.problems.map(problemText)).toEqual([
        '«foto.bin» non è un flusso, né una ricevuta, né un estratto conto. Controlla di avere scelto il file giusto.',
      ])
      const token = files[2]?.statementToken
      expect(token).not.toBeNull()
      const done = await call(bankStatement.confirm, { token: token as never, bankAccountId: office.account }, ctx())
      expect(done).toMatchObject({ added: 1, matched: 1 })
      expect((await receipts()).rows[0]?.label.code).toBe('RT_CREDITED')
      const kept = await office.ledger.read((db) =>
        db.selectFrom('importFile').select(['kind', 'name', 'source']).orderBy('id').execute(),
      )
      expect(kept).toEqual([
        { kind: 'flow', name: 'f.xml', source: 'zip' },
        { kind: 'receipt', name: 'r.xml', source: 'zip' },
        { kind: 'statement', name: 'banca.csv', source: 'file' },
      ])
      const before = (await entries()).length
      expect(outcomes(await bring(['tutto.zip', zip])).slice(0, 2)).toEqual([
        'f.xml flow already',
        'r.xml receipt already',
      ])
      expect((await entries()).length).toBe(before)
      expect(await office.equations()).toEqual([])
    })
  })

  test('what a newer version changed is told row by row', async () => {
    const [a, b, c] = [await office.quota(18000), await office.quota(5000), await office.quota(700)]
    const first = flowOf(F1, [
      [a.iuv, 18000],
      [b.iuv, 5000],
    ])
    const second = flowOf(
      F1,
      [
        [a.iuv, 17000],
        [c.iuv, 6000],
      ],
      { dateTime: '2026-03-02T11:00:00' },
    )
    await bring(['uno.xml', writeReportingFlow(first)], ['due.xml', writeReportingFlow(second)])
    const [row] = (await call(reportingFlow.list, { filters: {} }, ctx())).rows
    const { versionList } = await call(reportingFlow.get, { id: row?.id as never }, ctx())
    expect(versionList.map((v) => [v.fileName, v.active, v.changed])).toEqual([
      ['uno.xml', false, 0],
      ['due.xml', true, 3],
    ])
    expect(versionList[1]?.changes.map((x) => [x.iuv, x.before?.cents, x.after?.cents])).toEqual([
      [a.iuv, 18000, 17000],
      [b.iuv, 5000, undefined],
      [c.iuv, undefined, 6000],
    ])
  })

  describe('files of the rehearsal', () => {
    const [alfa, ...others] = PROVIDERS
    const money = () => office.ledger.read((db) => readNodeStake(db, 'production'))

    /** A flow and a receipt of the same payment, as the rehearsal writes them. */
    function filesOf(provider: Provider, iuv: string): readonly (readonly [string, Uint8Array])[] {
      const day = '2026-03-02' as IsoDate
      const notice = { iuv, idTransfer: 1, cents: cents(5000) }
      const payment: Payment = { notice, iur: `IUR${iuv}`, provider, paidOn: day, outcome: '0' } as Payment
      const [flow] = emitFlows([payment], { fiscalCode: RECEIVER, name: 'Ordine' }, () => 0.5)
      const paid: PaidNotice = {
        ...{ iur: `IUR${iuv}`, noticeNumber: `3${iuv}`, iuv, creditor: RECEIVER, companyName: 'Ordine' },
        ...{
          description: 'Quota',
          cents: 5000,
          debtor: { kind: 'F', fiscalCode: 'RSSMRA85T10A562S', name: 'Tersilla' },
        },
        transfers: [
          {
            ...{ idTransfer: 1, fiscalCode: RECEIVER, companyName: 'Ordine', cents: 5000 },
            ...{ iban: 'IT60X0542811101000000123456', remittance: 'Quota', category: '9/0101100IM/' },
          },
        ],
        ...{ psp: provider.code, ...mannerOf(`IUR${iuv}`), at: '2026-03-02T10:00:00.000Z' as Instant, day },
        ...{ outcome: '0', ok: true, hasReceipt: true },
      }
      return [
        [`${provider.code}.xml`, flow?.bytes ?? new Uint8Array()],
        [`RT-${provider.code}.xml`, receiptXml(paid, { brokerCode: RECEIVER, stationCode: `${RECEIVER}_01` })],
      ]
    }

    test('count as invented payments, though no node gave them', async () => {
      const quota = await office.quota(5000)
      expect(await money()).toMatchObject({ inventedReceipts: 0, inventedFlows: 0 })
      await bring(['rt.xml', paSendRt({ iuv: (await office.quota(5000)).iuv, cents: 5000, creditor: RECEIVER })])
      await bring(['vero.xml', writeReportingFlow(flowOf(F1, [[quota.iuv, 5000]]))])
      expect(await money()).toMatchObject({ inventedReceipts: 0, inventedFlows: 0 })
      expect(outcomes(await bring(...filesOf(alfa as Provider, quota.iuv)))).toEqual([
        'BALFITM1XXX.xml flow added',
        'RT-BALFITM1XXX.xml receipt added',
      ])
      expect(await money()).toMatchObject({ inventedReceipts: 1, inventedFlows: 1 })
    })

    test('do not enter in Produzione, in a zip neither; what is true does', async () => {
      const quota = await office.quota(5000)
      await office.write((db) => writeEnvironment(db, 'production'))
      const before = await entries()
      const files = await bring(...filesOf(alfa as Provider, quota.iuv), [
        'tutti.zip',
        zipOf(others.flatMap((provider) => filesOf(provider, quota.iuv))),
      ])
      expect(files).toHaveLength(8)
      expect(files.filter((f) => f.outcome !== 'refused')).toEqual([])
      expect(new Set(files.flatMap((f) => f.problems.map((p) => p.code)))).toEqual(new Set(['INTAKE_INVENTED']))
      expect(files[1]?.problems.map(problemText)).toEqual([
        'La ricevuta è di «Banca Alfa di prova», un PSP inventato del nodo di prova: quei soldi nessuno li ha versati, e in Produzione non entra. Se ti serve per provare, usa un archivio che è in Prova.',
      ])
      expect(await entries()).toEqual(before)
      const [flow] = await bring(['vero.xml', writeReportingFlow(flowOf(F1, [[quota.iuv, 5000]]))])
      expect(flow).toMatchObject({ outcome: 'added' })
    })
  })

  describe('receipts', () => {
    test('one receipt in three forms is one; other content under the same key is refused in words', async () => {
      const a = await office.quota(18000)
      const r = { iuv: a.iuv, cents: 18000, creditor: RECEIVER }
      expect(outcomes(await bring(['v2.xml', paSendRt(r)], ['v1.xml', paSendRt(r, 1)], ['rt.xml', rt62(r)]))).toEqual([
        'v2.xml receipt added',
        'v1.xml receipt already',
        'rt.xml receipt already',
      ])
      const [conflict] = await bring(['altra.xml', paSendRt({ ...r, cents: 17000 })])
      expect(conflict).toMatchObject({ outcome: 'refused', problems: [{ code: 'RECEIPT_CONFLICT' }] })
      expect(problemText(conflict?.problems[0] as never)).toBe(
        `La ricevuta IUR${a.iuv} dello IUV ${a.iuv} c’è già con altri dati: qui pagata 170,00 il 02/03/2026, nell’archivio pagata 180,00 il 02/03/2026. Resta quella che c’è; chiedi al prestatore quale vale.`,
      )
      expect((await receipts()).rows).toMatchObject([{ iuv: a.iuv, cents: 18000, ok: true, debtorName: 'Rossi Mario' }])
    })

    test('a receipt of others is refused; one with a part of ours is kept; one not paid has no IUR and no money', async () => {
      const a = await office.quota(18000)
      const b = await office.quota(5000)
      const files = await bring(
        ['altri.xml', paSendRt({ iuv: a.iuv, cents: 18000, creditor: STRANGER })],
        [
          'parte.xml',
          paSendRt({
            iuv: a.iuv,
            cents: 20000,
            creditor: STRANGER,
            transfers: [
              [STRANGER, 2000],
              [RECEIVER, 18000],
            ],
          }),
        ],
        ['ko.xml', rt62({ iuv: b.iuv, cents: 5000, ok: false, creditor: RECEIVER })],
      )
      expect(outcomes(files)).toEqual(['altri.xml receipt refused', 'parte.xml receipt added', 'ko.xml receipt added'])
      expect(files[0]?.problems.map((p) => p.code)).toEqual(['RECEIPT_FOREIGN'])
      const { rows, totals } = await receipts()
      expect(rows.map((r) => [r.iuv, r.ok, r.iur === null, r.label.code])).toEqual(
        expect.arrayContaining([
          [a.iuv, true, false, 'RT_NO_FLOW'],
          [b.iuv, false, true, 'RT_KO'],
        ]),
      )
      expect(totals).toEqual({ cents: 20000, paid: 1 })
      const id = rows.find((r) => r.ok)?.id as never
      const detail = await call(receipt.get, { id }, ctx())
      expect(detail.transfers.map((t) => [t.fiscalCode, t.own])).toEqual([
        [STRANGER, false],
        [RECEIVER, true],
      ])
      expect(detail.debtPositionId).toBe(a.positionId)
    })

    test('ten thousand in one zip enter in one write', async () => {
      const many = Array.from({ length: 2500 }, (_, i): [string, string] => {
        const iuv = `47${String(i).padStart(15, '0')}`
        return [`r${i}.xml`, rt62({ iuv, cents: 100 + i, creditor: RECEIVER })]
      })
      const before = (await entries()).length
      const zips = [0, 1, 2, 3].map((n): [string, Uint8Array] => [
        `z${n}.zip`,
        zipOf(
          many.map(([name, text]) => [name, text.replaceAll('>47', `>4${n + 3}`).replaceAll('IUR47', `IUR4${n + 3}`)]),
        ),
      ])
      const files = await bring(...zips)
      expect(files.filter((f) => f.outcome !== 'added').slice(0, 3)).toEqual([])
      expect((await call(receipt.counts, undefined, ctx())).all).toBe(10_000)
      expect((await entries()).length).toBe(before + 1)
      const page = await call(
        receipt.list,
        { filters: { iuv: '430000' }, limit: 10, sort: { column: 'cents', direction: 'desc' } },
        ctx(),
      )
      expect(page).toMatchObject({ count: 2500, rows: [{ cents: 2599 }, {}, {}, {}, {}, {}, {}, {}, {}, {}] })
    }, 60_000)
  })
})
