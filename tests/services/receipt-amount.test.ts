import { call } from '@orpc/server'
import { describe, expect, test } from 'vitest'
import { cents } from '#domain/money'
import type { Act } from '#services/act'
import { receipt } from '#services/receipt'
import { reconciliation } from '#services/reconciliation'
import { intake } from '../../src-main/services/intake.ts'
import { member, openOffice, outcome } from './office.ts'
import { Collection } from './support/collection.ts'
import { causaleOf, drain, flowOf, RECEIVER } from './support/collection-office.ts'
import { anOfficeForEachTest, ctx, office } from './support/own-office.ts'
import { paSendRt } from './support/receipt-files.ts'

// A payment of another amount than its notice asks now: with a receipt and without one it ends the same.

anOfficeForEachTest()

const F1 = '2026-03-11AAAAITM1XXX-0001'

async function bringReceipt(iuv: string, amount: number): Promise<void> {
  const token = await office.upload('rt.xml', Buffer.from(paSendRt({ iuv, cents: amount, creditor: RECEIVER })))
  await drain(await call(intake.import, { tokens: [token] }, ctx()))
}

async function told() {
  const { rows } = await call(receipt.list, { filters: {}, limit: 10 }, ctx())
  return rows.map((row) => [row.label.code, row.label.text])
}

async function stateOf(iuv: string) {
  const found = await office.ledger.read((db) =>
    db
      .selectFrom('installment')
      .innerJoin('installmentState as s', 's.installmentId', 'installment.id')
      .where('installment.iuv', '=', iuv as never)
      .select('s.state')
      .executeTakeFirst(),
  )
  return found?.state ?? 'unpaid'
}

/** The row of its flow, which waits for a person; what is given to whom is the answer. */
async function given(targets: readonly (readonly [accertamentoId: number, amount: number])[]) {
  const { rows } = await call(reconciliation.table, { view: 'toDecide' }, ctx())
  const row = rows.find((one) => one.kind === 'flowRow')
  if (row?.kind !== 'flowRow') throw new Error('no row waits')
  expect(row.label.code).toBe('AMOUNT_DIFFERS')
  const act: Act = {
    ...{ kind: 'assignRow', reportingFlowId: row.reportingFlowId, rowKey: row.rowKey },
    targets: targets.map(([accertamentoId, amount]) => ({
      accertamentoId: accertamentoId as never,
      cents: cents(amount),
    })),
  }
  const { decisionIds } = await call(reconciliation.decide, { acts: [act], reason: 'prova' }, ctx())
  expect(await office.equations()).toEqual([])
  return decisionIds
}

describe.each([true, false])('with a receipt: %s', (withReceipt) => {
  async function paid(amount: number) {
    const quota = await office.quota(12_000)
    if (withReceipt) {
      await bringReceipt(quota.iuv, amount)
      const [first] = await told()
      expect(first?.[0]).toBe('RT_AMOUNT_DIFFERS')
      // Nobody is asked again for what he has paid, until a person has said what it is.
      expect(await stateOf(quota.iuv)).toBe('paid')
    }
    await office.importFlows(flowOf(F1, [[quota.iuv, amount]]))
    await office.loadStatement([['2026-03-12', amount, causaleOf(F1)]])
    expect(await stateOf(quota.iuv)).toBe('reported')
    return quota
  }

  test('less than it asks: once given, its instalment asks on for the rest', async () => {
    const quota = await paid(10_000)
    const decided = await given([[quota.accertamentoId, 10_000]])
    expect(await stateOf(quota.iuv)).toBe('unpaid')
    await office.postAll()
    expect(await stateOf(quota.iuv)).toBe('unpaid')
    if (withReceipt) expect((await told()).map(([code]) => code)).toEqual(['RT_CREDITED'])
    await call(reconciliation.undo, { decisionIds: [...decided], annul: true, reason: 'sbagliato' }, ctx())
    expect(await stateOf(quota.iuv)).toBe('reported')
  })

  test('more than it asks: once given to its debt and to another, it is paid, and collected when posted', async () => {
    const quota = await paid(15_000)
    const more = await office.raise(3_000, { sameAs: quota.accertamentoId })
    await given([
      [quota.accertamentoId, 12_000],
      [more, 3_000],
    ])
    expect(await stateOf(quota.iuv)).toBe('credited')
    await office.postAll()
    expect(await stateOf(quota.iuv)).toBe('collected')
  })

  test('given to another debt altogether, it pays nothing of its own', async () => {
    const quota = await paid(15_000)
    const other = await office.raise(15_000, { sameAs: quota.accertamentoId })
    await given([[other, 15_000]])
    expect(await stateOf(quota.iuv)).toBe('unpaid')
    await office.postAll()
    expect(await stateOf(quota.iuv)).toBe('unpaid')
  })
})

test('a receipt of another amount says what was paid and what is asked, in words', async () => {
  const quota = await office.quota(12_000)
  await bringReceipt(quota.iuv, 10_000)
  expect(await told()).toEqual([
    ['RT_AMOUNT_DIFFERS', 'Pagati 100,00, l’avviso ora chiede 120,00 (versione 1): si decide all’arrivo del flusso.'],
  ])
})

test('what is left of a notice paid in part is asked by another one, with a number that can still be paid', async () => {
  const desk = await openOffice()
  const at = new Collection(desk)
  try {
    await desk.raise([member(1, { amountCents: cents(12_000) })])
    await at.issue({ dueDate: '2026-06-30' })
    const before = await at.position()
    await at.pay({ iuv: before.row.iuv, cents: 10_000 })
    const { rows } = await at.client.reconciliation.table({ view: 'toDecide' })
    const held = rows.find((one) => one.kind === 'flowRow') as Extract<(typeof rows)[number], { kind: 'flowRow' }>
    const [debt] = (await desk.accertamenti()).rows
    const targets = [{ accertamentoId: debt?.id as never, cents: cents(10_000) }]
    const act: Act = { kind: 'assignRow', reportingFlowId: held.reportingFlowId, rowKey: held.rowKey, targets }
    await at.client.reconciliation.decide({ acts: [act], reason: 'prova' })
    const selection = { ids: [before.row.id] }
    const { stamp } = await at.client.positionAct.cancelPreview({ selection })
    await outcome(await at.client.positionAct.cancel({ selection, reason: 'Resto', expected: 1, stamp }))
    await at.issue({ dueDate: '2026-06-30' })
    const now = (await desk.positions()).rows.filter((row) => row.state !== 'cancelled')
    expect(now.map((row) => [row.cents, row.iuv === before.row.iuv])).toEqual([[2_000, false]])
    await at.pay({ iuv: now[0]?.iuv as string, cents: 2_000 })
    expect(await at.post()).toEqual([10_000, 2_000])
  } finally {
    await desk.close()
  }
})
