import { call } from '@orpc/server'
import { expect, test } from 'vitest'
import type { Id } from '#domain/brand'
import { cents } from '#domain/money'
import type { Act } from '#services/act'
import { bankStatement } from '#services/bank-statement'
import { reconciliation } from '#services/reconciliation'
import { reportingFlow } from '#services/reporting-flow'
import { reversale } from '#services/reversale'
import { CollectionOffice, causaleOf, drain, flowOf } from './support/collection-office.ts'
import { anOfficeForEachTest, ctx, office } from './support/own-office.ts'

anOfficeForEachTest()

const F1 = '2026-03-11AAAAITM1XXX-0001'
const scope = { statementId: null, bankAccountId: null }

type View = 'toDecide' | 'matched' | 'uncredited' | 'ignored'
const table = (view: View = 'toDecide') => call(reconciliation.table, { view }, ctx())
const decide = (act: Act, reason = '') => call(reconciliation.decide, { acts: [act], reason }, ctx())
const undo = (decisionIds: Id<'decision'>[]) => call(reconciliation.undo, { decisionIds }, ctx())

/** The one credit of a view. */
async function credit(view: View = 'toDecide') {
  const rows = (await table(view)).rows.flatMap((row) => (row.kind === 'credit' ? [row] : []))
  expect(rows).toHaveLength(1)
  return rows[0] as (typeof rows)[number]
}

/** One flow of 180,00 whose credit carries only the beginning of the id. */
async function truncated() {
  const a1 = await office.quota(18000)
  await office.importFlows(flowOf(F1, [[a1.iuv, 18000]]))
  await office.loadStatement([['2026-03-12', 18000, 'BONIFICO /PUR/LGPE-RIVERSAMENTO/URI/2026-03-1']])
  return a1
}

test('a truncated reference is a proposal with its proof; confirmed it posts, undone it goes back', async () => {
  await truncated()
  const first = await table()
  expect(first.counts).toEqual({ toDecide: 1, matched: 0, uncredited: 1, ignored: 0 })
  const row = await credit()
  expect(row.label.code).toBe('TRUNCATED')
  expect(row.spans.some((s) => s.mark === 'missing')).toBe(true)
  const [candidate] = row.counterparts
  expect(row.confirms).toBe(0)
  expect(candidate).toMatchObject({ level: 'truncated', title: F1, cents: 18000 })
  expect(candidate?.evidence[0]).toEqual({ ok: true, text: 'Importo uguale al centesimo: 180,00' })
  expect(candidate?.evidence.at(-1)?.ok).toBe(false)
  expect(candidate?.payers.map((p) => p.name)).toEqual(['Persona 001'])
  expect(first.square).toMatchObject({ differenceCents: 0, unexplainedCents: 0 })
  expect(first.square.credits.proposed).toEqual({ count: 1, cents: 18000 })
  expect((await office.ready()).drafts).toEqual([])

  const { decisionIds } = await decide(candidate?.act as Act)
  const second = await table('matched')
  expect(second.counts).toMatchObject({ toDecide: 0, matched: 1, uncredited: 0 })
  expect(await credit('matched')).toMatchObject({
    ...{ byHand: true, decisionIds, targets: [{ title: F1, cents: 18000 }], posted: false },
  })
  expect(second.lastAct).toEqual({ decisionIds, text: 'Abbinato l’accredito del 12/03/2026 di 180,00' })

  await undo(decisionIds)
  expect((await table()).counts.toDecide).toBe(1)
  await expect(undo(decisionIds)).rejects.toMatchObject({ data: { problems: [{ code: 'DECISION_GONE' }] } })

  const again = await decide(candidate?.act as Act)
  await office.postAll()
  expect(await office.reversali()).toEqual(['1: 18000'])
  await expect(undo(again.decisionIds)).rejects.toMatchObject({
    data: { problems: [{ code: 'MATCH_POSTED', params: { reversali: '2026/1' } }] },
  })
  expect(await credit('matched')).toMatchObject({ posted: true })
})

test('excluded and skipped credits: reason, undo, notes', async () => {
  await truncated()
  const { bankMovementId, subject } = await credit()
  await decide({ kind: 'skip', subject })
  expect((await credit()).skippedToday).toBe(true)
  office.clock.ms += 24 * 3_600_000
  expect((await credit()).skippedToday).toBe(false)
  const notes = await call(reconciliation.note, { subject, text: 'chiedere alla banca' }, ctx())
  expect(notes.notes).toBe(1)
  expect((await credit()).notes).toBe(1)
  const { decisionIds } = await decide({ kind: 'exclude', bankMovementIds: [bankMovementId] }, 'non è pagoPA')
  expect((await table()).rows).toEqual([])
  const excluded = await credit('ignored')
  expect(excluded.label.text).toBe('Escluso: non è pagoPA.')
  expect(excluded.decisionIds).toEqual(decisionIds)
  expect((await table()).square.unexplainedCents).toBe(0)
  await undo(decisionIds)
  expect((await table()).rows).toHaveLength(1)
})

test('«Cerca altro» finds flows, notices and debts of the same amount, and by name', async () => {
  await truncated()
  await office.quota(18000)
  const { subject } = await credit()
  const same = await call(reconciliation.find, { subject }, ctx())
  const kinds = same.map(({ act }) => (act.kind === 'match' ? act.targets[0]?.kind : act.kind))
  expect(kinds.sort()).toEqual(['accertamento', 'accertamento', 'flow', 'iuv'])
  const named = await call(reconciliation.find, { subject, text: 'persona 002' }, ctx())
  expect(named.map((c) => c.title)).toEqual(['Persona 002', 'Persona 002'])
})

test('the quadratura explains every cent: orphan credit, flow not credited, stranger', async () => {
  const a1 = await office.quota(18000)
  const a2 = await office.quota(5000)
  await office.importFlows(flowOf(F1, [[a1.iuv, 18000]]), flowOf('2026-03-12AAAAITM1XXX-0002', [[a2.iuv, 5000]]))
  await office.loadStatement([
    ['2026-03-12', 18000, causaleOf(F1)],
    ['2026-03-12', 7000, causaleOf('2026-03-12BBBBITM1XXX-0077')],
    ['2026-03-13', 1234, 'AFFITTO SALA'],
    ['2026-03-13', -900, 'COMMISSIONI'],
  ])
  const codes = async (view: View) => (await table(view)).rows.map((r) => `${r.cents} ${r.label.code}`).sort()
  expect(await codes('toDecide')).toEqual(['7000 WAITING_FOR_FLOW'])
  expect(await codes('matched')).toEqual(['18000 MATCHED_FLOW'])
  expect(await codes('uncredited')).toEqual(['5000 NOT_CREDITED'])
  expect(await codes('ignored')).toEqual(['-900 DEBIT', '1234 NO_REFERENCE'])
  const { square } = await table()
  expect(square).toMatchObject({ differenceCents: 18000 + 7000 + 1234 - 18000 - 5000, unexplainedCents: 0 })
  expect(square.explanation).toEqual([
    { text: 'Accrediti: flusso non ancora arrivato', cents: 7000 },
    { text: 'Accrediti: senza riferimento', cents: 1234 },
    { text: 'Flussi: non accreditato', cents: -5000 },
  ])
})

test('overlapping statements add only what is new; two equal credits of one file are two', async () => {
  const rows = [
    ['2026-03-10', 1000, 'Quota versata'],
    ['2026-03-10', 1000, 'Quota versata'],
    ['2026-03-11', 2000, 'Altro'],
  ] as const
  expect(await office.loadStatement(rows)).toMatchObject({ added: 3, already: 0 })
  expect(await office.loadStatement(rows)).toMatchObject({ added: 0, already: 3 })
  const wider = [...rows, ['2026-03-12', 3000, 'QUOTA  NUOVA'] as const]
  expect(await office.loadStatement(wider)).toMatchObject({ added: 1, already: 3 })
  const page = await call(bankStatement.movements, { filters: {}, search: 'quota' }, ctx())
  expect(page.count).toBe(3)
  expect(page.totals.creditCents).toBe(5000)
  const statements = await call(bankStatement.list, { filters: {} }, ctx())
  expect(statements.rows.map((s) => s.movements).sort()).toEqual([1, 3])
  expect(statements.totals.creditCents).toBe(7000)
  expect(statements.rows[0]?.operator).toBe('Segreteria')
})

test('a statement of an unknown bank is mapped once and remembered for its account', async () => {
  const csv = (day: number) =>
    new TextEncoder().encode(
      `Giorno;Causale estesa;Somma\r\n${day}/03/2026;${causaleOf(F1)};180,00\r\n14/03/2026;SPESE;-2,50\r\n`,
    )
  const first = await office.upload('uno.csv', csv(12))
  const bankAccountId = office.account
  const proposed = await call(bankStatement.read, { token: first, bankAccountId }, ctx())
  expect(proposed.profile).toBeNull()
  expect(proposed.remembered).toBe(false)
  expect(proposed.head[0]).toEqual(['Giorno', 'Causale estesa', 'Somma'])
  expect(proposed.preview[0]).toMatchObject({ cents: 18000, pagopa: 'flow', reference: F1, state: 'new' })
  expect(proposed.preview[1]).toMatchObject({ cents: -250, pagopa: 'none' })
  await call(bankStatement.confirm, { token: first, bankAccountId, mapping: proposed.mapping }, ctx())
  const second = await office.upload('due.csv', csv(13))
  const known = await call(bankStatement.read, { token: second, bankAccountId }, ctx())
  expect(known.remembered).toBe(true)
  expect(known.preview.map((m) => m.state)).toEqual(['new', 'already'])
  expect(known).toMatchObject({ added: 1, already: 1, changed: 0 })
})

test('flows: known again, of another institution, broken, all told file by file', async () => {
  const a1 = await office.quota(18000)
  const flow = flowOf(F1, [[a1.iuv, 18000]])
  await office.importFlows(flow)
  expect(await office.importFlows(flow)).toMatchObject({ added: 0, newVersions: 0, already: 1, refused: 0 })
  const foreign = flowOf('2026-03-12AAAAITM1XXX-0009', [['47190000000123456', 700]], { receiver: '90012345671' })
  const other = await office.importFlows(foreign)
  expect(other.files[0]).toMatchObject({ outcome: 'otherReceiver' })
  const broken = await office.upload('rotto.xml', new TextEncoder().encode('<FlussoRiversamento><a>'))
  const result = await drain(await call(reportingFlow.import, { tokens: [broken] }, ctx()))
  expect(result).toMatchObject({ added: 0, refused: 1 })
  expect(result.files[0]?.problems[0]?.file).toBe('rotto.xml')
  const counts = await call(reportingFlow.counts, undefined, ctx())
  expect(counts).toMatchObject({ all: 2 })
  const external = await office.ledger.read((db) =>
    db.selectFrom('iuvAssignment').select('iuv').where('origin', '=', 'external').execute(),
  )
  expect(external).toEqual([])
  const csv = await call(
    reportingFlow.export,
    {
      filters: {},
      format: 'csv',
      title: 'Rendicontazioni',
      columns: [
        { key: 'flowId', heading: 'Flusso' },
        { key: 'declaredCents', heading: 'Importo €' },
      ],
    },
    ctx(),
  )
  const text = Buffer.from(await (await office.files.open(csv.token)).bytes()).toString()
  expect(text).toContain(F1)
  expect(text).toContain('187,00')
})

test('posting: the date only moves later, the causale is the person’s, a changed total stops everything', async () => {
  const a1 = await office.quota(18000)
  const a2 = await office.quota(9000)
  const F2 = '2026-03-12AAAAITM1XXX-0002'
  await office.importFlows(flowOf(F1, [[a1.iuv, 18000]]), flowOf(F2, [[a2.iuv, 9000]]))
  await office.loadStatement([
    ['2026-03-12', 18000, causaleOf(F1)],
    ['2026-03-13', 9000, causaleOf(F2)],
  ])
  const ready = await office.ready()
  const [k1, k2] = ready.drafts.map((d) => d.key) as [string, string]
  const post = async (keys: string[], expectedCents: number, changes = {}) =>
    drain(await call(reversale.post, { scope, keys, expectedCents: cents(expectedCents), changes }, ctx()))
  await expect(post([k1, k2], 26999)).rejects.toMatchObject({ data: { problems: [{ code: 'POSTING_CHANGED' }] } })
  await expect(post([k1], 18000, { [k1]: { date: '2026-03-11' } })).rejects.toMatchObject({
    data: { problems: [{ code: 'POSTING_DATE_WRONG' }] },
  })
  expect(await office.reversali()).toEqual([])
  await post([k1, k2], 27000, { [k1]: { date: '2026-03-20', causale: 'Quote di marzo' } })
  const list = await call(reversale.list, { filters: { exercise: 2026 } }, ctx())
  expect(list.rows.map((r) => [r.number, r.date])).toEqual([
    [1, '2026-03-20'],
    [2, '2026-03-20'],
  ])
  expect(list.rows[0]?.causale).toBe('Quote di marzo')
  expect(list.totals).toEqual({ cents: 27000, annulledCents: 0 })
})

test('evidence in any order ends in the same books', async () => {
  const run = async (order: readonly number[]) => {
    const own = await CollectionOffice.open()
    const a = [await own.quota(18000), await own.quota(9000), await own.quota(4000)]
    const [i1, i2, i3] = a.map((x) => x.iuv) as [string, string, string]
    const F2 = '2026-03-12AAAAITM1XXX-0002'
    const steps = [
      () =>
        own.importFlows(
          flowOf(F1, [
            [i1, 18000],
            [i3, 4000],
          ]),
        ),
      () =>
        own.importFlows(
          flowOf(F2, [
            [i2, 9000],
            [i1, 18000],
          ]),
        ),
      () => own.loadStatement([['2026-03-12', 22000, causaleOf(F1)]]),
      () => own.loadStatement([['2026-03-13', 27000, causaleOf(F2)]]),
    ]
    for (const step of order) await steps[step]?.()
    await own.postAll()
    const lines = await own.ledger.read((db) =>
      db
        .selectFrom('reversaleLine as l')
        .innerJoin('bankMovement as m', 'm.id', 'l.bankMovementId')
        .select(['l.reversaleId', 'l.iuv', 'l.cents', 'm.bookingDate'])
        .orderBy('l.reversaleId')
        .orderBy('l.ordinal')
        .execute(),
    )
    expect(await own.equations()).toEqual([])
    await own.close()
    return lines
  }
  const first = await run([0, 1, 2, 3])
  expect(first).toHaveLength(3)
  expect(await run([3, 2, 1, 0])).toEqual(first)
  expect(await run([2, 0, 3, 1])).toEqual(first)
})
