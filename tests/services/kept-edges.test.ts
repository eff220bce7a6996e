import { call } from '@orpc/server'
import { describe, expect, test } from 'vitest'
import type { Id } from '#domain/brand'
import { cents } from '#domain/money'
import { plan } from '#domain/plan'
import { reconcile } from '#domain/reconcile'
import type { Act } from '#services/act'
import { exercise } from '#services/exercise'
import { reconciledBooks } from '#services/reconcile-ledger'
import { reconciliation } from '#services/reconciliation'
import { reportingFlow } from '#services/reporting-flow'
import { reversale } from '#services/reversale'
import { causaleOf, drain, flowOf } from './support/collection-office.ts'
import { anOfficeForEachTest, ctx, office, refused } from './support/own-office.ts'

// What the books keep of a flow stands on that flow's part of the credit: whoever pays with another part is collected, and
// what lacks room waits for a person.

anOfficeForEachTest()

const F2 = '2026-03-12AAAAITM1XXX-0002'
const F3 = '2026-03-12AAAAITM1XXX-0003'
const R1 = 2_026_000_001 as Id<'reversale'>
const WHOLE = { statementId: null, bankAccountId: null }

const decide = (...acts: Act[]) => call(reconciliation.decide, { acts, reason: 'prova' }, ctx())
const keep = (id = R1) => call(reversale.keep, { id, reason: 'Resta com’è' }, ctx())
const drafts = async () => (await office.ready()).drafts.map((d) => [d.flowId, d.cents])
const flowRows = async () =>
  (await call(reconciliation.table, {}, ctx())).rows.flatMap((r) =>
    r.kind === 'flowRow' ? [`${r.cents} ${r.label.code}`] : [],
  )
const keyOf = (iuv: string) => `${iuv}|IUR${iuv}|1|1`

async function flowId(name: string) {
  const { rows } = await call(reportingFlow.list, { filters: { flowId: name } }, ctx())
  return rows[0]?.id as Id<'reportingFlow'>
}

async function postOnly(wanted: (draft: { flowId: string | null; cents: number }) => boolean) {
  const chosen = (await office.ready()).drafts.filter(wanted)
  const expectedCents = cents(chosen.reduce((sum, d) => sum + d.cents, 0))
  const keys = chosen.map((d) => d.key)
  await drain(await call(reversale.post, { scope: WHOLE, keys, changes: {}, expectedCents, agreedLate: [] }, ctx()))
}

async function closeYear() {
  office.clock.ms = Date.parse('2027-01-20T08:00:00.000Z')
  const { lines } = await call(exercise.checklist, { year: 2026 }, ctx())
  await call(exercise.close, { year: 2026, acknowledged: lines.map((l) => l.check) }, ctx())
}

async function collected() {
  const rows = await office.ledger.read((db) =>
    db.selectFrom('accertamentoBalance').select('collectedCents').orderBy('accertamentoId').execute(),
  )
  return rows.map((r) => r.collectedCents)
}

function addSumsToGiveBack() {
  return office.write(async (db) => {
    await db
      .insertInto('capitolo')
      .values({ code: '90.1', name: 'Somme da restituire', kind: 'partitaDiGiro' })
      .execute()
  })
}

/** One credit of 150 for a flow of 90, which is posted, and one of 60, which is not; then the first names another payer. */
async function revisedBesideAnother(stays: () => Promise<unknown>) {
  const [a, b, c] = [await office.quota(4000), await office.quota(5000), await office.quota(4000)]
  const y = await office.quota(6000)
  const first = flowOf(F2, [
    [a.iuv, 4000],
    [b.iuv, 5000],
  ])
  await office.importFlows(first, flowOf(F3, [[y.iuv, 6000]]))
  await office.loadStatement([['2026-03-12', 15_000, `${causaleOf(F2)} ${causaleOf(F3)}`]])
  await postOnly((draft) => draft.flowId === F2)
  const revision = async () => {
    const rows: [string, number][] = [
      [c.iuv, 4000],
      [b.iuv, 5000],
    ]
    await office.importFlows(flowOf(F2, rows, { dateTime: '2026-03-14T10:00:00' }))
  }
  await stays()
  await revision()
}

describe('a flow is revised beside another of the same credit', () => {
  test('in a closed exercise: the other payer is collected, the new one waits', async () => {
    await revisedBesideAnother(closeYear)
    expect(await flowRows()).toEqual(['4000 CREDIT_USED'])
    expect(await drafts()).toEqual([[F3, 6000]])
    await office.postAll([2026])
    expect(await collected()).toEqual([4000, 5000, 0, 6000])
    expect(await flowRows()).toEqual(['4000 CREDIT_USED'])
    expect(await office.equations()).toEqual([])
  })

  test('kept by a person: likewise', async () => {
    await revisedBesideAnother(async () => {})
    await keep()
    expect(await flowRows()).toEqual(['4000 CREDIT_USED'])
    await office.postAll()
    expect(await collected()).toEqual([4000, 5000, 0, 6000])
    expect(await office.equations()).toEqual([])
  })

  test('kept and then let go: the reversale is in alarm again, and reissued for who paid', async () => {
    await revisedBesideAnother(async () => {})
    await keep()
    await call(reversale.release, { id: R1, reason: 'Ripensamento' }, ctx())
    const { nextCents: expectedCents } = await call(reversale.alarm, { id: R1 }, ctx())
    await call(reversale.reissue, { id: R1, reason: 'Versione nuova', expectedCents }, ctx())
    await office.postAll()
    expect(await collected()).toEqual([0, 5000, 4000, 6000])
    expect(await office.equations()).toEqual([])
  })
})

/** A flow of 90 with 20 that nobody knows: 70 posted; then the first of its payers is credited on its own, earlier. */
async function paidEarlierToo() {
  await addSumsToGiveBack()
  const [a, b] = [await office.quota(2000), await office.quota(5000)]
  const rows: [string, number][] = [
    [a.iuv, 2000],
    [b.iuv, 5000],
    ['47190000000777777', 2000],
  ]
  await office.importFlows(flowOf(F2, rows))
  await office.loadStatement([['2026-03-12', 9000, causaleOf(F2)]])
  await office.postAll()
  await office.loadStatement([['2026-03-01', 2000, `BON /RFB/${a.iuv}/`]])
  const assigned = { reportingFlowId: await flowId(F2), rowKey: keyOf(a.iuv), targets: [], excessTo: 1 as never }
  return { a, giveBack: { kind: 'assignRow', ...assigned } as Act }
}

describe('a payment posted, whose row is then assigned to be given back', () => {
  test('its reversale is not kept: the payment would be in the books twice', async () => {
    const { giveBack } = await paidEarlierToo()
    await decide(giveBack)
    await expect(keep()).rejects.toMatchObject(refused('REVERSALE_KEEP_ASSIGNED'))
    const act: Act = { kind: 'keepReversale', reversaleId: R1 }
    await expect(decide(act)).rejects.toMatchObject(refused('REVERSALE_KEEP_ASSIGNED'))
    expect((await office.ready()).alarms).toHaveLength(1)
    expect(await office.reversali()).toEqual(['1: 7000'])
  })

  test('were it kept all the same, nothing more would be given of the row, nor of the unknown’s money, in any order', async () => {
    const { a, giveBack } = await paidEarlierToo()
    await decide(giveBack)
    const books = await office.ledger.read((db) => reconciledBooks(db, office.clock.now()))
    if (!books) throw new Error('no books')
    const { input, posted } = books
    expect(books.outcome.lines.some((line) => line.iuv === a.iuv && line.rowKey === keyOf(a.iuv))).toBe(true)
    for (const movements of [input.movements, [...input.movements].reverse()]) {
      for (const kept of [[...posted], [...posted].reverse()]) {
        const { lines, flows } = reconcile({ ...input, movements, kept })
        expect(lines.map((line) => line.cents)).toEqual([5000])
        expect(flows[0]?.rows.map((row) => row.label.code)).toEqual(['CREDIT_USED', 'NO_RECEIPT', 'UNKNOWN_POSITION'])
        expect(
          plan(
            lines,
            posted.map((line) => ({ ...line, kept: true })),
          ).add,
        ).toEqual([])
      }
    }
  })

  test('with the alarm open the exercise does not close', async () => {
    const { giveBack } = await paidEarlierToo()
    await decide(giveBack)
    await expect(closeYear()).rejects.toMatchObject({ code: 'PROBLEM' })
  })

  test('assignment undone: then it is kept', async () => {
    const { giveBack } = await paidEarlierToo()
    const { decisionIds } = await decide(giveBack)
    await call(reconciliation.undo, { decisionIds }, ctx())
    await keep()
    expect(await drafts()).toEqual([])
    expect(await office.equations()).toEqual([])
  })
})
