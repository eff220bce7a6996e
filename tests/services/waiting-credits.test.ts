import { afterEach, beforeEach, expect, test } from 'vitest'
import { expectKeptBooksTrue } from '../ledger/support/kept-books.ts'
import { CollectionOffice } from './support/collection-office.ts'
import { expectCountsAgree } from './support/counts-agree.ts'

let office: CollectionOffice
beforeEach(async () => {
  office = await CollectionOffice.open()
})
afterEach(async () => {
  await expectKeptBooksTrue(office.ledger, office.clock.now())
  expect(await office.equations()).toEqual([])
  await office.close()
})

/** Rows of the work table that wait for a person; menu, dashboard and statements count the same. */
async function waiting() {
  const { rows } = await expectCountsAgree(office.ctx, 2026)
  return rows.map((row) => [row.label.code, row.kind === 'credit' ? row.leftCents : row.cents])
}

test('a payment credited twice by its own transfer waits for a person, before and after the first is posted', async () => {
  const { iuv } = await office.quota(5000)
  await office.loadStatement([
    ['2026-03-12', 5000, `BONIFICO /RFB/${iuv}/50.00`],
    ['2026-03-16', 5000, `BONIFICO /RFB/${iuv}/50.00 BIS`],
  ])
  expect(await waiting()).toEqual([['DUPLICATE_PAYMENT', 5000]])
  await office.postAll()
  expect(await office.reversali()).toEqual(['1: 5000'])
  expect(await waiting()).toEqual([['DUPLICATE_PAYMENT', 5000]])
})

test('a payment whose position is paid in instalments already waits too', async () => {
  const debt = await office.raise(6000)
  const half = { accertamentoId: debt, cents: 3000 }
  const position = await office.issue({ single: [{ accertamentoId: debt, cents: 6000 }], plan: [[half], [half]] })
  const [single, first] = position.iuvs
  await office.loadStatement([
    ['2026-03-12', 3000, `BONIFICO /RFB/${first}/30.00`],
    ['2026-03-16', 6000, `BONIFICO /RFB/${single}/60.00`],
  ])
  expect(await waiting()).toEqual([['PAID_WITH_OTHER_OPTION', 6000]])
  await office.postAll()
  expect(await waiting()).toEqual([['PAID_WITH_OTHER_OPTION', 6000]])
})
