import { call } from '@orpc/server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { book } from '#services/book'
import { exportSituation, situation } from '#services/capitolo-situation'
import { dashboard } from '#services/dashboard'
import { journal } from '#services/journal'
import { search } from '#services/search'
import { CollectionOffice, causaleOf, flowOf } from './support/collection-office.ts'

const F1 = '2026-03-11AAAAITM1XXX-0001'

/** Two quotas of 2026 and one residuo of 2025, all reported; the residuo stays unpaid, a diritto is never issued. */
let office: CollectionOffice
let iuv = ''
beforeAll(async () => {
  office = await CollectionOffice.open()
  const old = await office.quota(10000, { exercise: 2025 })
  const a1 = await office.quota(18000)
  await office.quota(18000)
  await office.raise(1500, { capitoloId: office.diritti })
  iuv = a1.iuv
  await office.importFlows(
    flowOf(F1, [
      [a1.iuv, 18000],
      [old.iuv, 10000],
    ]),
  )
  await office.loadStatement([['2026-03-12', 28000, causaleOf(F1)]])
  await office.postAll()
})
afterAll(async () => {
  expect(await office.equations()).toEqual([])
  await office.close()
})

const context = () => ({ context: office.ctx })

test('competenza and residui become two reversali, and the situation of the capitoli tells them apart', async () => {
  expect(await office.reversali()).toEqual(['1: 10000', '2: 18000'])
  const rows = await call(situation, { exercise: 2026 }, context())
  expect(
    rows.map((r) => [r.code, r.originYear, r.residui, r.accertatoCents, r.riscossoCents, r.daRiscuotereCents]),
  ).toEqual([
    ['01.01', 2026, false, 36000, 18000, 18000],
    ['01.02', 2026, false, 1500, 0, 1500],
    ['01.01', 2025, true, 10000, 10000, 0],
  ])
  const columns = [
    { key: 'code', heading: 'Cap.' },
    { key: 'originYear', heading: 'Gestione' },
    { key: 'riscossoCents', heading: 'Riscosso €' },
  ]
  const request = {
    filters: { exercise: 2026 },
    format: 'csv',
    title: 'Situazione dei capitoli 2026',
    columns,
  } as const
  const file = await call(exportSituation, request, context())
  const text = Buffer.from(await (await office.files.open(file.token)).bytes()).toString()
  expect(text).toContain('01.01;Residui 2025;100,00')
  expect(text).toContain('280,00')
})

test('mastro opens with the residui and its last balances are what is left to collect', async () => {
  const page = await call(book.mastro, { filters: { exercise: 2026 } }, context())
  expect(page.totals).toEqual({ accertatoCents: 47500, riscossoCents: 28000 })
  expect(page.rows[0]).toMatchObject({ date: '2026-01-01', accertatoCents: 10000, balanceCents: 10000 })
  const quote = page.rows.filter((r) => r.capitolo.startsWith('01.01'))
  expect(quote.at(-1)?.balanceCents).toBe(18000)
  const one = await call(book.mastro, { filters: { exercise: 2026, capitoloId: office.diritti } }, context())
  expect(one.count).toBe(1)
  const found = await call(book.mastro, { filters: { exercise: 2026 }, search: 'reversale' }, context())
  expect(found.totals.riscossoCents).toBe(28000)
})

test('cash journal and unpaid sum to the books', async () => {
  const cash = await call(book.cashJournal, { filters: { exercise: 2026 } }, context())
  expect(cash.rows.map((r) => r.progressiveCents)).toEqual([10000, 28000])
  expect(cash.totals.cents).toBe(28000)
  const unpaid = await call(
    book.unpaid,
    { filters: { exercise: 2026 }, sort: { column: 'outstandingCents', direction: 'desc' } },
    context(),
  )
  expect(unpaid.rows.map((r) => r.outstandingCents)).toEqual([18000, 1500])
  expect(unpaid.totals.outstandingCents).toBe(19500)
})

test('dashboard: the road, the months and the checks', async () => {
  const page = await call(dashboard.get, { exercise: 2026 }, context())
  expect(page.totals).toEqual({ issuedCents: 37500, collectedCents: 18000, outstandingCents: 19500 })
  expect(page.road.map((s) => [s.step, s.count, s.cents])).toEqual([
    ['accertato', 3, 37500],
    ['emesso', 2, 36000],
    ['consegnato', 0, null],
    ['pagato', 1, 18000],
    ['riconciliato', 1, 18000],
    ['reversali', 2, 28000],
  ])
  expect(page.months.slice(0, 4).map((m) => [m.issuedCents, m.collectedCents])).toEqual([
    [0, 0],
    [37500, 0],
    [37500, 18000],
    [null, null],
  ])
  expect(page.residuiMonths[2]).toMatchObject({ issuedCents: 10000, collectedCents: 10000 })
  expect(page.checks.every((c) => c.ok)).toBe(true)
  expect(page.todo.map((t) => t.kind)).toEqual(['notIssued'])
  expect(page.nextStep.route).toBe('/consegne')
  expect(page.activity[0]?.text).toContain('Reversali emesse')
})

test('journal: what was done, and an unbroken chain', async () => {
  const page = await call(journal.list, { filters: {} }, context())
  expect(page.rows[0]).toMatchObject({ command: 'reversale.post', operator: 'Segreteria' })
  expect(page.count).toBe(page.rows.length)
  const found = await call(journal.list, { filters: {}, search: 'estratto conto' }, context())
  expect(found.rows.map((r) => r.command)).toEqual(['bankStatement.confirm'])
  expect(await call(journal.verify, undefined, context())).toEqual({ ok: true, entries: page.count, firstBroken: null })
})

test('search: an IUV with blanks, a flow id, a number, a name', async () => {
  const byIuv = await call(search.find, { text: iuv.replace(/(.{4})/g, '$1 ') }, context())
  expect(byIuv[0]).toMatchObject({ kind: 'debtPosition', exact: true })
  const byNotice = await call(search.find, { text: `3${iuv}` }, context())
  expect(byNotice[0]).toMatchObject({ kind: 'debtPosition', exact: true })
  expect((await call(search.find, { text: F1 }, context()))[0]).toMatchObject({ kind: 'reportingFlow', exact: true })
  const numbers = await call(search.find, { text: '2026/2' }, context())
  expect(numbers.map((n) => n.title)).toEqual(['Reversale 2026/2', 'Accertamento 2026/2'])
  expect((await call(search.find, { text: 'persona 002' }, context()))[0]).toMatchObject({ kind: 'person' })
})
