import { readdirSync } from 'node:fs'
import { call } from '@orpc/server'
import { expect, test } from 'vitest'
import { readBadges } from '#ledger/badges'
import { bankStatement } from '#services/bank-statement'
import { quietanza } from '#services/quietanza'
import { reportingFlow } from '#services/reporting-flow'
import { reversale } from '#services/reversale'
import { causaleOf, drain, flowOf } from './support/collection-office.ts'
import { anOfficeForEachTest, office } from './support/own-office.ts'

anOfficeForEachTest()

const F1 = '2026-03-11AAAAITM1XXX-0001'

test('plain: two quotas, one flow, one credit become one reversale and two quietanze (§9.1)', async () => {
  const a1 = await office.quota(18000)
  const a2 = await office.quota(18000)
  const imported = await office.importFlows(
    flowOf(F1, [
      [a1.iuv, 18000],
      [a2.iuv, 18000],
    ]),
  )
  expect(imported).toMatchObject({ added: 1, newVersions: 0, already: 0, refused: 0 })
  const loaded = await office.loadStatement([['2026-03-12', 36000, causaleOf(F1)]])
  expect(loaded).toMatchObject({ added: 1, already: 0, matched: 1 })

  const ready = await office.ready()
  expect(ready.totals).toEqual({ count: 1, cents: 36000 })
  expect(ready).toMatchObject({ payments: 2, nextNumber: 1, exercise: 2026, warnings: [], alarms: [] })
  const badges = async () => (await office.ledger.read(readBadges)).reversaliReady
  expect(await badges()).toBe(1)
  const posted = await office.postAll()
  expect(await badges()).toBe(0)
  expect(posted).toEqual({
    reversali: { count: 1, cents: 36000 },
    exercise: 2026,
    firstNumber: 1,
    lastNumber: 1,
    quietanze: 2,
  })
  expect(await office.postAll()).toBeNull()

  const context = office.ctx
  const flows = await call(reportingFlow.list, { filters: {} }, { context })
  expect(flows.rows[0]).toMatchObject({ flowId: F1, credit: 'credited', books: 'whole', creditDate: '2026-03-12' })
  expect(flows.rows[0]?.label.code).toBe('CREDITED')
  const payments = await call(
    reportingFlow.payments,
    { filters: { reportingFlowId: flows.rows[0]?.id as never } },
    { context },
  )
  expect(payments.rows.map((r) => r.reversale)).toEqual(['2026/1', '2026/1'])
  const movements = await call(bankStatement.movements, { filters: {} }, { context })
  expect(movements.rows[0]).toMatchObject({ cents: 36000, matchedCents: 36000, regularisedCents: 36000 })
  const papers = await call(quietanza.list, { filters: { exercise: 2026 } }, { context })
  expect(papers.totals.cents).toBe(36000)
  expect(papers.rows.map((r) => r.number)).toEqual(['2026/1-1', '2026/1-2'])
  const pdf = await call(quietanza.pdf, { id: papers.rows[0]?.id as never }, { context })
  expect(
    Buffer.from(await pdf.arrayBuffer())
      .subarray(0, 5)
      .toString(),
  ).toBe('%PDF-')
  const list = await call(reversale.list, { filters: { exercise: 2026 } }, { context })
  const paper = await call(reversale.pdf, { id: list.rows[0]?.id as never }, { context })
  expect(paper.size).toBeGreaterThan(1000)
  const states = await office.ledger.read((db) =>
    db.selectFrom('debtPosition').select('payment').orderBy('id').execute(),
  )
  expect(states.map((s) => s.payment)).toEqual(['collected', 'collected'])
})

test('quietanze into a folder: one PDF each, the second time the same bytes; a torn posting leaves nothing', async () => {
  const a1 = await office.quota(18000)
  const a2 = await office.quota(9000)
  await office.importFlows(
    flowOf(F1, [
      [a1.iuv, 18000],
      [a2.iuv, 9000],
    ]),
  )
  await office.loadStatement([['2026-03-12', 27000, causaleOf(F1)]])
  const ready = await office.ready()
  const order = {
    scope: { statementId: null, bankAccountId: null },
    keys: ready.drafts.map((d) => d.key),
    changes: {},
    expectedCents: ready.totals.cents,
  }
  const abort = new AbortController()
  const work = await call(reversale.post, order, { context: office.ctx, signal: abort.signal })
  await work.next()
  abort.abort()
  await expect(drain(work)).rejects.toMatchObject({ data: { problems: [{ code: 'CANCELLED' }] } })
  expect(await office.reversali()).toEqual([])
  await office.postAll()

  const { path, token } = await office.folder('quietanze')
  const save = async () =>
    drain(await call(quietanza.saveAll, { filters: { exercise: 2026 }, folder: token }, { context: office.ctx }))
  expect(await save()).toEqual({ written: 2, same: 0 })
  expect(readdirSync(path)).toHaveLength(2)
  expect(await save()).toEqual({ written: 0, same: 2 })
  await call(reversale.annul, { id: 2026000001 as never, reason: 'prova' }, { context: office.ctx })
  const list = await call(quietanza.list, { filters: { exercise: 2026 } }, { context: office.ctx })
  expect(list.rows.map((r) => r.annulled)).toEqual([true, true])
  expect(list.totals.cents).toBe(0)
  const states = await office.ledger.read((db) => db.selectFrom('debtPosition').select('payment').execute())
  expect(states.map((s) => s.payment)).toEqual(['paid', 'paid'])
})
