import { call } from '@orpc/server'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Id } from '#domain/brand'
import type { Act } from '#services/act'
import { reconcileNow } from '#services/reconcile-ledger'
import { reconciliation } from '#services/reconciliation'
import { causaleOf, flowOf } from './support/collection-office.ts'
import { expectCountsAgree } from './support/counts-agree.ts'
import { anOfficeForEachTest, ctx, office } from './support/own-office.ts'

// Debits that name a credit and are no storno of it: refunds of what was paid twice, commissions. A person says.

anOfficeForEachTest()

const F1 = '2026-03-11AAAAITM1XXX-0001'
const decide = (...acts: Act[]) => call(reconciliation.decide, { acts, reason: 'prova' }, ctx())
const rows = async () => (await expectCountsAgree(office.ctx, 2026)).rows
const shown = async () => (await rows()).map((r) => `${r.kind} ${r.cents} ${r.label.code}`)
const alarms = async () => (await office.ready()).alarms.map((a) => a.reversale)

async function counterpartsOfDebit() {
  return (await rows()).find((r) => r.kind === 'debit')?.counterparts ?? []
}

beforeEach(() =>
  office.write((db) =>
    db.insertInto('capitolo').values({ code: '90.1', name: 'Somme da restituire', kind: 'partitaDiGiro' }).execute(),
  ),
)

/** Gives what is left of the one row that waits to «somme da restituire». */
async function giveBack(): Promise<void> {
  const back = (await rows())[0]?.counterparts.find((c) => 'excessTo' in c.act && c.act.excessTo != null)
  await decide(back?.act as Act)
}

describe('a refund that names its payment', () => {
  /** A quota of 50 paid twice by transfers of their own; the second is to be given back. */
  async function twice() {
    const { iuv } = await office.quota(5000)
    await office.loadStatement([
      ['2026-03-12', 5000, `BONIFICO /RFB/${iuv}/50.00`],
      ['2026-03-13', 5000, `BONIFICO /RFB/${iuv}/50.00 BIS`],
    ])
    await giveBack()
    await office.postAll()
    expect(await office.reversali()).toEqual(['1: 5000', '2: 5000'])
    return iuv
  }
  const refund = (iuv: string) => office.loadStatement([['2026-03-14', -5000, `RESTITUZIONE /RFB/${iuv}/50.00`]])

  test('is asked about, and paid with a mandato: the books stay', async () => {
    await refund(await twice())
    expect(await shown()).toEqual(['debit -5000 MAYBE_REFUND'])
    expect(await alarms()).toEqual([])
    const answers = await counterpartsOfDebit()
    expect(answers.map((c) => c.title)).toEqual([
      'Escludi: rimborso con mandato',
      'Accredito su Banca di Vallombra',
      'Accredito su Banca di Vallombra',
    ])
    await decide(answers[0]?.act as Act)
    expect(await shown()).toEqual([])
    expect(await office.reversali()).toEqual(['1: 5000', '2: 5000'])
  })

  test('is a storno when a person says so', async () => {
    await refund(await twice())
    const answers = await counterpartsOfDebit()
    expect(answers[1]).toMatchObject({ act: { kind: 'storno' }, date: '2026-03-13' })
    await decide(answers[1]?.act as Act)
    expect(await shown()).toEqual(['alarm 5000 ALARM'])
    expect(await alarms()).toEqual(['2026/2'])
  })

  test('that comes before the decision has taken the credit back: nothing is left to give', async () => {
    const { iuv } = await office.quota(5000)
    await office.loadStatement([
      ['2026-03-12', 5000, `BONIFICO /RFB/${iuv}/50.00`],
      ['2026-03-13', 5000, `BONIFICO /RFB/${iuv}/50.00 BIS`],
    ])
    await refund(iuv)
    expect(await shown()).toEqual([])
    await office.postAll()
    expect(await office.reversali()).toEqual(['1: 5000'])
  })

  test('of what a flow brought above its debt', async () => {
    const { iuv } = await office.quota(5000)
    await office.importFlows(flowOf(F1, [[iuv, 6000]]))
    await office.loadStatement([['2026-03-12', 6000, causaleOf(F1)]])
    const row = (await rows())[0]
    const back = row?.counterparts.find(
      (c) => 'excessTo' in c.act && c.act.excessTo != null && c.act.targets.length > 0,
    )
    await decide(back?.act as Act)
    await office.postAll()
    await office.loadStatement([['2026-03-14', -1000, `RIMBORSO ECCEDENZA ${causaleOf(F1)}`]])
    expect(await shown()).toEqual(['debit -1000 MAYBE_REFUND'])
    expect(await alarms()).toEqual([])
    // More than what is to be given back is the storno of the credit.
    await office.loadStatement([['2026-03-16', -6000, `STORNO ${causaleOf(F1)}`]])
    expect(await shown()).toEqual(['alarm 5000 ALARM', 'alarm 1000 ALARM', 'debit -1000 MAYBE_REFUND'])
  })
})

describe('a commission that names its flow', () => {
  const pay = async () => {
    await office.importFlows(flowOf(F1, [[(await office.quota(5000)).iuv, 5000]]))
    await office.loadStatement([['2026-03-12', 5000, causaleOf(F1)]])
  }
  const fee = () => office.loadStatement([['2026-03-13', -100, `COMMISSIONI SU ${causaleOf(F1)}`]])

  test.each(['unposted', 'posted'])('%s: it asks, and excluded it leaves the flow credited', async (how) => {
    await pay()
    if (how === 'posted') await office.postAll()
    await fee()
    const alarm = how === 'posted' ? ['alarm 5000 ALARM'] : []
    expect(await shown()).toEqual([...alarm, 'debit -100 STORNO_IN_PART', 'credit 5000 PARTLY_CREDITED'])
    const answers = await counterpartsOfDebit()
    expect(answers.map((c) => [c.act.kind, c.title])).toEqual([
      ['exclude', 'Escludi: commissione o spesa'],
      ['storno', 'Accredito su Banca di Vallombra'],
    ])
    await decide(answers[0]?.act as Act)
    expect(await shown()).toEqual([])
    await office.postAll()
    expect(await office.reversali()).toEqual(['1: 5000'])
  })

  test('a storno when a person says so: only the credit asks', async () => {
    await pay()
    await fee()
    const [, storno] = await counterpartsOfDebit()
    await decide(storno?.act as Act)
    expect(await shown()).toEqual(['credit 5000 PARTLY_CREDITED'])
  })

  test('that leaves the credit what its flow is worth takes back only what was too much', async () => {
    await office.importFlows(flowOf(F1, [[(await office.quota(4900)).iuv, 4900]]))
    await office.loadStatement([['2026-03-12', 5000, causaleOf(F1)]])
    await fee()
    expect(await shown()).toEqual([])
  })
})

test('a credit matched by hand to part of a flow says so, and the flow stands among those not credited', async () => {
  await office.importFlows(flowOf(F1, [[(await office.quota(5000)).iuv, 5000]]))
  await office.loadStatement([['2026-03-12', 3000, 'BONIFICO QUALSIASI']])
  const view = async (name: 'matched' | 'uncredited') =>
    (await call(reconciliation.table, { view: name }, ctx())).rows.map((r) => `${r.kind} ${r.label.code}`)
  const flow = await office.ledger.read((db) => db.selectFrom('reportingFlow').select('id').executeTakeFirstOrThrow())
  const credit = await office.ledger.read((db) => db.selectFrom('bankMovement').select('id').executeTakeFirstOrThrow())
  const bankMovementId: Id<'bankMovement'> = credit.id
  await decide({ kind: 'match', bankMovementId, targets: [{ kind: 'flow', id: flow.id, cents: 3000 as never }] })
  expect(await view('matched')).toEqual(['credit PARTLY_CREDITED'])
  expect(await view('uncredited')).toEqual(['flow PARTLY_CREDITED'])
  // The rest comes: all is in its place.
  await office.loadStatement([['2026-03-13', 2000, causaleOf(F1)]])
  expect(await view('matched')).toEqual(['credit MATCHED_BY_HAND', 'credit MATCHED_FLOW'])
  expect(await view('uncredited')).toEqual([])
  expect((await office.ledger.read(reconcileNow))?.plan.add.map((line) => line.cents)).toEqual([3000, 2000])
})
