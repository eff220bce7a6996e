import { call } from '@orpc/server'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readBadges } from '#ledger/badges'
import { listStatements } from '#ledger/movement-list'
import { reconciliation } from '#services/reconciliation'
import { expectKeptBooksTrue } from '../ledger/support/kept-books.ts'
import { CollectionOffice } from './support/collection-office.ts'

let office: CollectionOffice
beforeEach(async () => {
  office = await CollectionOffice.open()
})
afterEach(async () => {
  await expectKeptBooksTrue(office.ledger, office.clock.now())
  expect(await office.equations()).toEqual([])
  await office.close()
})

const scope = { statementId: null, bankAccountId: null }

/** Credits that wait for a person: of the work table, of the menu, of the statements. */
async function waiting() {
  const board = await call(reconciliation.board, scope, { context: office.ctx })
  const { creditsToDecide } = await office.ledger.read(readBadges)
  const statements = await office.ledger.read((db) => listStatements(db, {}))
  const labels = board.toDecide.map((row) => [row.label.code, row.leftCents])
  expect([creditsToDecide, statements.reduce((sum, s) => sum + s.toDecide, 0)]).toEqual([labels.length, labels.length])
  return labels
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
