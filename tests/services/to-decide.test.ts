import { call } from '@orpc/server'
import { afterEach, describe, expect, test } from 'vitest'
import { openLedger } from '#ledger/open-ledger'
import type { Act } from '#services/act'
import { reconcileUpgraded } from '#services/reconcile-upgraded'
import { reconciliation } from '#services/reconciliation'
import { silentLog } from '../ledger/support/fake-clock.ts'
import { derivedTables, expectKeptBooksTrue } from '../ledger/support/kept-books.ts'
import { expectCountsAgree } from './support/counts-agree.ts'
import { anOfficeForEachTest, office } from './support/own-office.ts'
import { UNDECIDED } from './support/undecided.ts'

anOfficeForEachTest()
afterEach(() => expectKeptBooksTrue(office.ledger, office.clock.now()))

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

test('two credits of who owes one debt: neither is confirmed with one key', async () => {
  const debt = await office.raise(5000)
  const owner = await office.ledger.read((db) =>
    db
      .selectFrom('accertamento')
      .innerJoin('person', 'person.id', 'accertamento.personId')
      .where('accertamento.id', '=', debt)
      .select('person.name')
      .executeTakeFirstOrThrow(),
  )
  const load = (day: string) => office.loadStatement([[`2026-03-${day}`, 5000, `BONIFICO DA ${owner.name} QUOTA`]])
  await load('12')
  const rowsNow = async () => (await expectCountsAgree(office.ctx, 2026)).rows
  expect((await rowsNow()).map((row) => row.confirms)).toEqual([0])
  await load('13')
  const rows = await rowsNow()
  expect(rows.map((row) => [row.confirms, row.counterparts.length])).toEqual([
    [null, 1],
    [null, 1],
  ])
  expect(rows[0]?.counterparts[0]?.evidence.map((e) => e.text)).toContain('Un altro accredito può pagarlo')
})

test('an archive filled by an older program is reconciled once, when it is opened', async () => {
  const { iuv } = await office.quota(5000)
  expect(await reconcileUpgraded(office.ctx)).toBe(false)
  await office.loadStatement([
    ['2026-03-12', 5000, `BONIFICO /RFB/${iuv}/50.00`],
    ['2026-03-16', 5000, `BONIFICO /RFB/${iuv}/50.00 BIS`],
  ])
  const asItWas = await office.ledger.read(derivedTables)
  expect(await reconcileUpgraded(office.ctx)).toBe(false)
  // As the migration leaves it: nothing was counted, labels have no list.
  await office.write(async (db) => {
    await db.deleteFrom('setting').where('key', '=', 'derived.toDecide').execute()
    await db.updateTable('movementLabel').set({ labelsJson: '[]' }).execute()
  })
  const { target } = office.ledger
  const opened = await openLedger(target, { clock: office.clock, log: silentLog })
  try {
    expect(await reconcileUpgraded({ ...office.ctx, ledger: opened })).toBe(true)
    expect(await reconcileUpgraded({ ...office.ctx, ledger: opened })).toBe(false)
    expect(await opened.read(derivedTables)).toEqual(asItWas)
  } finally {
    await opened.close()
  }
  expect(await waiting()).toEqual([['DUPLICATE_PAYMENT', 5000]])
})

describe('each question that the books may ask is one row of every count, and of none once it is answered', () => {
  test.each(UNDECIDED.map((asked) => [`${asked.kind} ${asked.code}: ${asked.when}`, asked] as const))(
    '%s',
    async (_, asked) => {
      await asked.prepare(office)
      await expectCountsAgree(office.ctx, 2026)
      await office.postAll()
      const table = await expectCountsAgree(office.ctx, 2026)
      const row = table.rows.find((r) => r.kind === asked.kind && r.label.code === asked.code)
      expect(table.kinds[asked.kind]).toBeGreaterThan(0)
      const act = row === undefined ? undefined : answerTo(row)
      if (act === undefined) throw new Error('nothing asks')
      await call(reconciliation.decide, { acts: [act], reason: 'lo sappiamo', annul: true }, { context: office.ctx })
      const after = await expectCountsAgree(office.ctx, 2026)
      expect(after.rows.map((r) => r.key)).not.toContain(row?.key)
    },
  )
})

function answerTo({ kind, subject, labels }: Awaited<ReturnType<typeof expectCountsAgree>>['rows'][number]): Act {
  if (subject.kind === 'reversale') return { kind: 'keepReversale', reversaleId: subject.reversaleId }
  const exceeds = kind === 'debit' && labels.some((l) => l.code === 'STORNO_EXCEEDS')
  if (subject.kind !== 'movement' || exceeds) return { kind: 'setAside', subject }
  return { kind: 'exclude', bankMovementIds: [subject.bankMovementId] }
}
