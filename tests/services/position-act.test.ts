import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Id } from '#domain/brand'
import { type IsoDate, isoDate, romeDate } from '#domain/date'
import { type Cents, cents } from '#domain/money'
import { ProblemError } from '#domain/problem'
import type { FakeClock } from '#hosts/clock'
import type { WriteHandle } from '#ledger/ledger'
import { planRevisions, refusalOf, writeRevisions } from '#services/position-revise'
import { member, members, type Office, openOffice, outcome, YEAR } from './office.ts'
import { Collection } from './support/collection.ts'

const THRICE = { count: 3, withSingle: false, firstDue: isoDate('2026-03-31'), everyMonths: 1 }

let office: Office
let at: Collection
beforeEach(async () => {
  office = await openOffice()
  at = new Collection(office)
})
afterEach(async () => {
  await at.holds()
  expect((await at.client.ledger.check()).filter((line) => !line.ok)).toEqual([])
  await office.close()
})

type Client = Collection['client']['positionAct']
type Change = Parameters<Client['change']>[0]['change']

const codesOf = (promise: Promise<unknown>) =>
  promise.then(
    () => [],
    (error: { data?: { problems?: { code: string }[] } }) =>
      error.data?.problems?.map((p) => p.code) ?? [String(error)],
  )

async function change(ids: Id<'debtPosition'>[], what: Change, reason = 'Per prova') {
  const selection = { ids: ids as number[] }
  const preview = await at.client.positionAct.changePreview({ selection, change: what })
  const order = { selection, change: what, reason, expected: preview.count, stamp: preview.stamp }
  const done = () => at.client.positionAct.change(order).then(outcome)
  return { preview, done, order }
}

async function act(
  name: 'reactivate' | 'reissue' | 'cancel',
  ids: number[],
  more: { dueDate?: IsoDate; validUntil?: IsoDate } = {},
) {
  const input = { selection: { ids }, ...more } as never
  const preview = await at.client.positionAct[`${name}Preview`](input)
  const order = { ...(input as object), reason: 'Per prova', expected: preview.count, stamp: preview.stamp } as never
  return { preview, done: () => at.client.positionAct[name](order).then((work) => outcome(work as never)) }
}

/** What only another part of the program writes. */
const inBooks = <T>(fn: (db: WriteHandle) => Promise<T>) => {
  const { ledger, operator, clock } = office.context
  return ledger.write({ command: 'test', operator, payload: {}, at: clock.now() }, fn)
}

const card = (id: Id<'debtPosition'>) => at.client.positionAct.card({ id })
const cardOf = async (n = 0) => card((await at.position(n)).row.id)
const outstanding = async () => {
  const { totals } = await at.client.accertamento.list({ filters: { exercise: YEAR } })
  return totals.outstandingCents
}

describe('a change of amount or due date', () => {
  it('is a new version with the same numbers; the accertamento varies by the difference', async () => {
    await office.raise([member(1, { amountCents: cents(21_500) })])
    await at.issue({})
    const { row, payments } = await at.position()
    const [debt] = (await at.client.accertamento.list({ filters: { exercise: YEAR } })).rows
    const { preview, done, order } = await change([row.id], {
      amounts: [{ accertamentoId: debt?.id as Id<'accertamento'>, cents: cents(22_000) }],
      dueDate: { kind: 'to', date: isoDate('2026-06-30') },
    })
    expect(preview).toMatchObject({
      ...{ count: 1, beforeCents: 21_500, afterCents: 22_000, newNumbers: 0, leftOut: [], warnings: [] },
      variations: { count: 1, cents: 500 },
    })
    expect(await done()).toEqual({ count: 1, cents: 22_000, leftOut: [] })
    const after = await at.position()
    expect(after.row).toMatchObject({ iuv: row.iuv, cents: 22_000, dueDate: '2026-06-30', state: 'issued' })
    expect(after.payments.map((one) => one.noticeNumber)).toEqual(payments.map((one) => one.noticeNumber))
    expect(await outstanding()).toBe(22_000)
    const shown = await cardOf()
    expect(shown.versions.map((one) => [one.version, one.kind, one.current, one.reason])).toEqual([
      [2, 'change', true, 'Per prova'],
      [1, 'issue', false, 'emissione'],
    ])
    expect(shown.versions[0]?.changes).toEqual([
      'Importo: 215,00 → 220,00',
      expect.stringMatching(/^Scadenza: .* → 30\/06\/2026$/),
    ])
    // The second click, and what was looked at before it, are told.
    expect(await codesOf(at.client.positionAct.change(order).then(outcome))).toEqual(['POSITION_ACT_REFUSED'])
    expect((await cardOf()).version).toBe(2)
    const lower = await change([row.id], { amounts: [{ accertamentoId: debt?.id as never, cents: cents(10_000) }] })
    await lower.done()
    expect(await outstanding()).toBe(10_000)
    // The second notice of the old amount asks; that of the new one pays.
    const flowId = await at.pay({ iuv: row.iuv, cents: 22_000 })
    expect(await at.labels(flowId)).toEqual(['AMOUNT_DIFFERS'])
    await at.pay({ iuv: row.iuv, cents: 10_000 })
    await at.post()
    expect(await outstanding()).toBe(0)
  })

  it('shifted twice by the same click moves once', async () => {
    await office.raise(members(2))
    await at.issue({ dueDate: '2026-03-31' })
    const { rows } = await at.client.debtPosition.list({ filters: {}, limit: 10 })
    const ids = rows.map((row) => row.id)
    const { preview, order } = await change(ids, { dueDate: { kind: 'shift', days: 30 } })
    const both = await Promise.allSettled([1, 2].map(() => at.client.positionAct.change(order).then(outcome)))
    expect(both.map((one) => one.status).sort()).toEqual(['fulfilled', 'rejected'])
    const after = await at.client.debtPosition.list({ filters: {}, limit: 10 })
    expect(after.rows.map((row) => row.dueDate)).toEqual(preview.rows.map((row) => row.after.dueDate))
  })

  it('is done of the amounts that were seen, and of those of the position alone', async () => {
    await office.raise([
      member(1, { amountCents: cents(10_000) }),
      member(1, { competenceYear: 2025, causale: 'Quota 2025', amountCents: cents(6_000) }),
      member(2, { amountCents: cents(3_000) }),
    ])
    await at.issue({ groupByPerson: true, dueDate: '2026-06-30' })
    const { rows } = await at.client.debtPosition.list({ filters: {}, limit: 10 })
    const [mine, other] = [16_000, 3_000].map((n) => rows.find((row) => row.cents === n)?.id as Id<'debtPosition'>)
    const debtsOf = async (id: Id<'debtPosition'>) => (await at.client.debtPosition.get({ id })).allocations
    const [debt, last] = await debtsOf(mine as Id<'debtPosition'>)
    const [foreign] = await debtsOf(other as Id<'debtPosition'>)
    const half = await change([mine as never], {
      amounts: [
        { accertamentoId: foreign?.accertamentoId as never, cents: cents(100) },
        { accertamentoId: debt?.accertamentoId as never, cents: cents(5_000) },
      ],
    })
    expect(half.preview.leftOut[0]?.reason).toBe('Un importo è di un accertamento che la posizione non chiede')
    // What is left of one debt falls while the window is open: what would be done is no longer what was seen.
    const due = await change([mine as never], { dueDate: { kind: 'to', date: isoDate('2026-07-31') } })
    expect(due.preview.afterCents).toBe(16_000)
    await inBooks((db) =>
      db
        .insertInto('accertamentoVariation')
        .values({
          ...{ accertamentoId: last?.accertamentoId as never, exercise: YEAR, date: isoDate('2026-02-02') },
          ...{ kind: 'decrease', cents: cents(-3_000), reason: 'ricalcolo', act: null },
        })
        .execute(),
    )
    expect(await codesOf(due.done())).toEqual(['POSITION_ACT_MOVED'])
    const anew = await change([mine as never], { dueDate: { kind: 'to', date: isoDate('2026-07-31') } })
    expect((await anew.done()).cents).toBe(13_000)
  })

  it('warns of a date that it writes, not of one that was past already', async () => {
    await office.raise([member(1, { amountCents: cents(10_000) })])
    await at.issue({ dueDate: '2026-02-28' })
    ;(office.context.clock as FakeClock).moveTo('2026-05-01T08:00:00.000Z' as never)
    const { row, allocations } = await at.position()
    const amounts = [{ accertamentoId: allocations[0]?.accertamentoId as never, cents: cents(9_000) }]
    expect((await change([row.id], { amounts })).preview.warnings).toEqual([])
    const past = await change([row.id], { amounts, dueDate: { kind: 'to', date: isoDate('2026-04-01') } })
    expect(past.preview.warnings.map((one) => one.code)).toEqual(['POSITION_DUE_PAST'])
    await (await act('cancel', [row.id])).done()
    expect((await act('reactivate', [row.id])).preview.warnings).toHaveLength(1)
  })

  it('leaves out what cannot be, with the reason, and refuses when that is all', async () => {
    await office.raise(members(3, { amountCents: cents(10_000) }))
    await at.issue({ dueDate: '2026-06-30', validUntil: '2026-12-31' })
    const { rows } = await at.client.debtPosition.list({ filters: {}, limit: 10 })
    const [first, second, third] = rows.map((row) => row.id) as [
      Id<'debtPosition'>,
      Id<'debtPosition'>,
      Id<'debtPosition'>,
    ]
    await at.pay({ iuv: rows[0]?.iuv as string, cents: 10_000 })
    await (await act('cancel', [second])).done()
    const due = await change([first, second, third], { dueDate: { kind: 'to', date: isoDate('2026-09-30') } })
    expect(due.preview.leftOut).toEqual([
      { reason: 'Sono già pagate in un’unica soluzione', count: 1 },
      { reason: 'Sono annullate: vanno riattivate', count: 1 },
    ])
    expect((await due.done()).count).toBe(1)
    const late = await change([third], { dueDate: { kind: 'to', date: isoDate('2027-01-31') } })
    expect(late.preview.leftOut).toEqual([{ reason: 'La scadenza è dopo la fine della validità', count: 1 }])
    expect(await codesOf(late.done())).toEqual(['POSITION_ACT_REFUSED'])
    const both = await change([third], {
      dueDate: { kind: 'to', date: isoDate('2027-01-31') },
      validUntil: isoDate('2027-03-31'),
    })
    await both.done()
    expect((await card(third)).validUntil).toBe('2027-03-31')
    const shown = (await at.client.debtPosition.list({ filters: {}, limit: 10 })).rows.find((row) => row.id === third)
    expect(shown?.validUntil).toBe('2027-03-31')
  })
})

describe('a plan', () => {
  it('takes the place of the single payment and goes back; what was paid stays as it was paid', async () => {
    await office.raise([
      member(1, { amountCents: cents(10_000) }),
      member(1, {
        competenceYear: 2025,
        causale: 'Quota 2025',
        amountCents: cents(5_001),
        dueDate: isoDate('2026-01-31'),
      }),
    ])
    await at.issue({ groupByPerson: true, validUntil: '2027-12-31' })
    const { row } = await at.position()
    const rule = { kind: 'rule' as const, rule: THRICE }
    const { preview, done } = await change([row.id], { terms: rule })
    expect(preview).toMatchObject({ newNumbers: 3, beforeCents: 15_001, afterCents: 15_001 })
    await done()
    const plan = await at.position()
    expect(plan.payments.map((one) => [one.ordinal, one.cents, one.dueDate])).toEqual([
      [1, 5_001, '2026-03-31'],
      [2, 5_000, '2026-04-30'],
      [3, 5_000, '2026-05-31'],
    ])
    const numbers = plan.payments.map((one) => one.iuv)
    await at.pay({ iuv: numbers[0] as string, cents: 5_001 })
    await at.post()
    // Two left become four, written by hand: the paid one is untouched, two keep their number.
    const written = [1_000, 2_000, 3_000, 4_000].map((amount, i) => ({
      cents: cents(amount),
      dueDate: isoDate(`2026-0${6 + i}-15`),
    }))
    const wrong = await change([row.id], {
      terms: { kind: 'written', single: null, installments: written.slice(1) },
    })
    expect(wrong.preview.leftOut).toEqual([{ reason: 'Le rate non fanno l’importo da pagare', count: 1 }])
    const four = await change([row.id], { terms: { kind: 'written', single: null, installments: written } })
    expect(four.preview).toMatchObject({ newNumbers: 2 })
    await four.done()
    const after = await at.position()
    expect(after.payments.map((one) => [one.cents, one.paid])).toEqual([
      [5_001, true],
      [1_000, false],
      [2_000, false],
      [3_000, false],
      [4_000, false],
    ])
    expect(after.payments.slice(0, 3).map((one) => one.iuv)).toEqual(numbers)
    // The rest at once is one more instalment, and keeps the number of the first that was open.
    const rest = await change([row.id], { terms: { kind: 'once', dueDate: isoDate('2026-10-31') } })
    await rest.done()
    const last = await at.position()
    expect(last.payments.map((one) => [one.cents, one.iuv])).toEqual([
      [5_001, numbers[0]],
      [10_000, numbers[1]],
    ])
    // A number that the position no longer asks with waits for a person, whatever it brings.
    const flowId = await at.pay({ iuv: after.payments[3]?.iuv as string, cents: 3_000 })
    expect(await at.labels(flowId)).toEqual(['NOTICE_REPLACED'])
    await at.pay({ iuv: numbers[1] as string, cents: 10_000 })
    expect(await at.post()).toEqual([10_000])
    expect((await at.position()).row.state).toBe('collected')
    expect(await outstanding()).toBe(0)
  })

  it('splits a changed amount in the proportion of the instalments that are open', async () => {
    await office.raise([member(1, { amountCents: cents(10_000) })])
    await at.issue({ installments: { ...THRICE, withSingle: true }, validUntil: '2026-12-31' })
    const { row, payments } = await at.position()
    await at.pay({ iuv: payments[1]?.iuv as string, cents: 3_334 })
    const [debt] = (await at.client.accertamento.list({ filters: { exercise: YEAR } })).rows
    const of = (amount: number) => ({ amounts: [{ accertamentoId: debt?.id as never, cents: cents(amount) }] })
    expect((await change([row.id], of(3_000))).preview.leftOut[0]?.reason).toBe(
      'Le rate pagate superano il nuovo importo',
    )
    const { done } = await change([row.id], of(10_335))
    await done()
    const after = await at.position()
    expect(after.payments.map((one) => one.cents)).toEqual([3_334, 3_501, 3_500])
    // Once an instalment is paid the payment at once is no more.
    expect(after.payments.map((one) => one.ordinal)).toEqual([1, 2, 3])
    await (await change([row.id], of(3_334))).done()
    expect((await at.position()).payments).toHaveLength(1)
    await at.post()
    expect((await at.position()).row.state).toBe('collected')
  })
})

describe('cancelled and taken up again', () => {
  it('keeps its numbers, unless the node has thrown them away, and remembers who cancelled and why', async () => {
    await office.raise([member(1, { amountCents: cents(10_000) })])
    await at.issue({ dueDate: '2026-06-30' })
    const { row } = await at.position()
    expect((await act('reactivate', [row.id])).preview.leftOut).toEqual([{ reason: 'Non sono annullate', count: 1 }])
    ;(office.context.clock as FakeClock).advance(60_000)
    expect(await (await act('cancel', [row.id])).done()).toMatchObject({ count: 1, cents: 10_000 })
    expect((await at.position()).row.state).toBe('cancelled')
    expect((await card(row.id)).can).toMatchObject({ reactivate: null, change: 'La posizione è annullata' })
    // Paid meanwhile with the notice in the drawer: held until it stands again.
    const flowId = await at.pay({ iuv: row.iuv, cents: 10_000 })
    expect(await at.labels(flowId)).toEqual(['POSITION_CANCELLED'])
    ;(office.context.clock as FakeClock).advance(60_000)
    const again = await act('reactivate', [row.id])
    expect(again.preview).toMatchObject({ count: 1, newNumbers: 0 })
    await again.done()
    expect(await at.labels(flowId)).not.toEqual(['POSITION_CANCELLED'])
    await at.post()
    const after = await at.position()
    expect([after.row.state, after.row.iuv]).toEqual(['collected', row.iuv])
    const shown = await card(row.id)
    expect(shown.cancellations).toMatchObject([{ reason: 'Per prova', version: 1 }])
    expect(shown.versions[0]).toMatchObject({ version: 2, kind: 'reactivation' })
    expect(after.history.filter((one) => one.kind === 'position').map((one) => one.text)).toEqual([
      'Riattivata, versione 2: Per prova',
      'Annullata: Per prova',
      expect.stringContaining('Emessa nel lotto'),
    ])
  })

  it('gets new numbers where the node said INVALID', async () => {
    await office.raise([member(1, { amountCents: cents(10_000) })])
    await at.issue({})
    const { row } = await at.position()
    await (await act('cancel', [row.id])).done()
    await inBooks((db) => db.updateTable('debtPosition').set({ nodeState: 'INVALID' }).execute())
    const again = await act('reactivate', [row.id])
    expect(again.preview.newNumbers).toBe(1)
    await again.done()
    expect((await at.position()).row.iuv).not.toBe(row.iuv)
    const iupds = await office.context.ledger.read((db) =>
      db.selectFrom('debtPositionVersion').select('iupd').execute(),
    )
    expect(new Set(iupds.map((one) => one.iupd)).size).toBe(2)
  })

  it('takes the payment of an old paper that asks for the same, and waits with one that asks otherwise', async () => {
    await office.raise(members(2, { amountCents: cents(10_000) }))
    await at.issue({ dueDate: '2026-06-30' })
    const { rows } = await at.client.debtPosition.list({ filters: {}, limit: 10 })
    const [kept, changed] = rows as [(typeof rows)[number], (typeof rows)[number]]
    const ids = rows.map((row) => row.id)
    await inBooks((db) => db.updateTable('debtPosition').set({ nodeState: 'INVALID' }).execute())
    await (await act('reissue', ids, { dueDate: isoDate('2026-09-30'), validUntil: isoDate('2026-12-31') })).done()
    const debts = (await at.client.debtPosition.get({ id: changed.id })).allocations
    const amounts = [{ accertamentoId: debts[0]?.accertamentoId as never, cents: cents(12_500) }]
    await (await change([changed.id], { amounts })).done()
    const fresh = (await at.client.debtPosition.get({ id: kept.id })).iuv
    expect(fresh).not.toBe(kept.iuv)
    // Only its dates changed: the paper in the drawer pays.
    const first = await at.pay({ iuv: kept.iuv, cents: 10_000 })
    expect(await at.labels(first)).toEqual(['NO_RECEIPT'])
    const state = async (id: Id<'debtPosition'>) => (await at.client.debtPosition.get({ id })).state
    expect(await state(kept.id)).toBe('paid')
    expect((await card(kept.id)).can.cancel).not.toBeNull()
    const again = await at.pay({ iuv: fresh, cents: 10_000 })
    expect(await at.labels(again)).toEqual(['DUPLICATE_PAYMENT'])
    // The other asks for 125,00 now: both amounts are told, and a person says.
    const less = await at.pay({ iuv: changed.iuv, cents: 10_000 })
    const flows = await at.client.reportingFlow.list({ filters: { flowId: less } as never })
    const payments = await at.client.reportingFlow.payments({
      filters: { reportingFlowId: flows.rows[0]?.id as never },
    })
    expect(payments.rows.map((row) => [row.label.code, row.label.text])).toEqual([
      ['NOTICE_REPLACED', 'Pagati 100,00 con un avviso superato: ora la posizione chiede 125,00, con altri numeri.'],
    ])
    expect(await at.post()).toEqual([10_000])
    expect([await state(kept.id), await state(changed.id)]).toEqual(['collected', 'issued'])
    // A later version of what was paid with it: still paid, still with the same number.
    expect((await change([kept.id], { dueDate: { kind: 'to', date: isoDate('2026-10-31') } })).preview.count).toBe(0)
  })

  it('is not asked for again while its money, given by hand, is only to be posted', async () => {
    await office.raise([member(1, { amountCents: cents(10_000) })])
    await at.issue({})
    const { row, allocations } = await at.position()
    await (await act('cancel', [row.id])).done()
    const flowId = await at.pay({ iuv: row.iuv, cents: 10_000 })
    const flows = await at.client.reportingFlow.list({ filters: { flowId } as never })
    const reportingFlowId = flows.rows[0]?.id as never
    const [paid] = (await at.client.reportingFlow.payments({ filters: { reportingFlowId } })).rows
    const accertamentoId = allocations[0]?.accertamentoId as never
    const targets = [{ accertamentoId, cents: cents(10_000) }]
    await at.client.reconciliation.decide({
      acts: [{ kind: 'assignRow', reportingFlowId, rowKey: paid?.rowKey as string, targets }],
      reason: 'Pagata con il vecchio avviso',
    } as never)
    expect(await codesOf(at.issue({}))).toEqual(['NOTHING_TO_ISSUE'])
    const form = await at.client.positionAct.createPreview({
      ...{ payer: { personId: row.personId }, rows: [{ kind: 'outstanding', accertamentoId }] },
      ...{ terms: { single: { dueDate: null }, installments: null }, validUntil: isoDate('2026-12-31') },
    })
    expect(form.problems.map((one) => one.code)).toContain('DEBT_NOTHING_LEFT')
    expect(await at.post()).toEqual([10_000])
  })

  it('does not come back while another position asks for the same, nor for what is no longer owed', async () => {
    await office.raise([member(1, { amountCents: cents(10_000) })])
    await at.issue({})
    const first = (await at.position()).row
    await (await act('cancel', [first.id])).done()
    await at.issue({})
    expect((await act('reactivate', [first.id])).preview.leftOut).toEqual([
      { reason: 'Un’altra posizione chiede già le stesse somme', count: 1 },
    ])
    const { rows } = await at.client.debtPosition.list({ filters: {}, limit: 10 })
    const second = rows.find((row) => row.id !== first.id)
    await (await act('cancel', [second?.id as never])).done()
    const [debt] = (await at.client.accertamento.list({ filters: { exercise: YEAR } })).rows
    await at.client.accertamento.cancel({
      selection: { ids: [debt?.id as never] },
      reason: 'Esonero',
      act: 'Delibera 1',
    })
    expect((await act('reactivate', [first.id])).preview.leftOut).toEqual([
      { reason: 'Non resta niente da chiedere: vanno annullate', count: 1 },
    ])
  })

  it('never stands twice for the same debt, whatever is chosen together', async () => {
    await office.raise([member(1, { amountCents: cents(10_000) })])
    await at.issue({ dueDate: '2026-02-28' })
    const first = (await at.position()).row.id
    await (await act('cancel', [first])).done()
    await at.issue({ dueDate: '2026-02-28' })
    const { rows } = await at.client.debtPosition.list({ filters: {}, limit: 10 })
    const second = rows.find((row) => row.id !== first)?.id as Id<'debtPosition'>
    ;(office.context.clock as FakeClock).moveTo('2026-05-01T08:00:00.000Z' as never)
    const elsewhere = [{ reason: 'Un’altra posizione chiede già le stesse somme', count: 1 }]
    // One is cancelled, the other live and expired.
    const dates = { dueDate: isoDate('2026-07-31'), validUntil: isoDate('2026-12-31') }
    const both = await act('reissue', [first, second], dates)
    expect(both.preview).toMatchObject({ count: 1, leftOut: elsewhere, rows: [{ id: second }] })
    // Both are cancelled: the first chosen stands again.
    await (await act('cancel', [second])).done()
    const again = await act('reactivate', [first, second])
    expect(again.preview).toMatchObject({ count: 1, leftOut: elsewhere, rows: [{ id: first }] })
    await again.done()
    expect((await at.client.debtPosition.list({ filters: { state: ['cancelled'] }, limit: 10 })).count).toBe(1)
  })

  it('is issued again in one go with new dates: expired and cancelled, not the others', async () => {
    await office.raise(members(3, { amountCents: cents(10_000), dueDate: null }))
    await at.issue({ dueDate: '2026-02-28', validUntil: '2026-12-31' })
    ;(office.context.clock as FakeClock).moveTo('2026-05-01T08:00:00.000Z' as never)
    const { rows } = await at.client.debtPosition.list({ filters: {}, limit: 10 })
    const ids = rows.map((row) => row.id)
    await (await act('cancel', [ids[0] as never])).done()
    await (await change([ids[1] as never], { dueDate: { kind: 'to', date: isoDate('2026-06-30') } })).done()
    const again = await act('reissue', ids, { dueDate: isoDate('2026-07-31'), validUntil: isoDate('2026-10-31') })
    expect(again.preview).toMatchObject({
      ...{ count: 2, newNumbers: 0 },
      leftOut: [{ reason: 'Non sono scadute, annullate o fallite', count: 1 }],
    })
    await again.done()
    const after = (await at.client.debtPosition.list({ filters: {}, limit: 10 })).rows
    expect(after.map((row) => [row.state, row.dueDate, row.validUntil])).toEqual([
      ['issued', '2026-07-31', '2026-10-31'],
      ['issued', '2026-06-30', '2026-12-31'],
      ['issued', '2026-07-31', '2026-10-31'],
    ])
    expect((await at.client.debtPosition.list({ filters: { state: ['expired'] }, limit: 10 })).count).toBe(0)
  })
})

describe('debts added to a position', () => {
  it('are asked with what is open, in a new version; not twice, nor of another person', async () => {
    await office.raise([member(1, { amountCents: cents(9_000) }), member(2, { amountCents: cents(9_000) })])
    await at.issue({ installments: THRICE, validUntil: '2026-12-31' })
    const mine = await at.position(0)
    await at.pay({ iuv: mine.payments[0]?.iuv as string, cents: 3_000 })
    await office.raise([
      member(1, { service: 'Diritti di segreteria', causale: 'Mora', amountCents: cents(101) }),
      member(2, { service: 'Diritti di segreteria', causale: 'Mora', amountCents: cents(101) }),
    ])
    const { rows } = await at.client.accertamento.list({ filters: { exercise: YEAR, issued: false } })
    const own = rows.find((row) => row.personId === mine.row.personId)?.id as Id<'accertamento'>
    const others = rows.find((row) => row.personId !== mine.row.personId)?.id as Id<'accertamento'>
    const add = (id: Id<'accertamento'>) =>
      inBooks(async (db) => {
        const order = { added: [id], changeOf: () => ({}) }
        const { revisions, leftOut } = await planRevisions(db, office.context, [mine.row.id], order)
        const [revision] = revisions
        if (revision === undefined) throw new ProblemError(refusalOf(leftOut))
        await writeRevisions(db, office.context, revisions, { kind: 'added', reason: 'Mora' })
        return { version: revision.position.version + 1, cents: revision.next.cents }
      })
    await expect(add(others)).rejects.toMatchObject({ problems: [{ code: 'ADDED_DEBT_OF_ANOTHER' }] })
    expect(await add(own)).toEqual({ version: 2, cents: 9_101 })
    await expect(add(own)).rejects.toMatchObject({ problems: [{ code: 'DEBT_ASKED_ALREADY' }] })
    const after = await at.position(0)
    expect(after.payments.map((one) => one.cents)).toEqual([3_000, 3_051, 3_050])
    const transfers = (await card(mine.row.id)).payments.map((one) => one.transfers.map((t) => t.cents))
    expect(transfers).toEqual([[3_000], [3_051], [2_949, 101]])
    for (const payment of after.payments.slice(1, 2)) await at.pay({ iuv: payment.iuv, cents: payment.cents })
    await at.post()
    expect((await at.position(0)).row.state).toBe('partiallyPaid')
  })
})

describe('paid outside pagoPA', () => {
  async function cashDesk() {
    await at.client.account.save({
      ...{
        id: null,
        kind: 'cash',
        name: 'Cassa',
        iban: null,
        openingDate: isoDate('2026-01-01'),
        openingCents: cents(0),
      },
    } as never)
    return (await at.client.account.list()).find((one) => one.kind === 'cash')?.id as Id<'bankAccount'>
  }

  it('closes the instalment that was paid in cash, and what comes for it afterwards waits', async () => {
    const cashAccountId = await cashDesk()
    await office.raise([member(1, { amountCents: cents(9_000) })])
    await at.issue({ installments: { ...THRICE, withSingle: true }, validUntil: '2026-12-31' })
    const { row, payments } = await at.position()
    const outside = await at.client.positionAct.outside({ id: row.id })
    expect(outside).toMatchObject({ remainingCents: 9_000, cashAccounts: [{ name: 'Cassa' }], said: [] })
    expect(outside.payments.map((one) => one.ordinal)).toEqual([0, 1, 2, 3])
    const pay = (ordinals: number[], how: 'cash' | 'pos' = 'cash', document = 'ricevuta 7') =>
      at.client.positionAct.payOutside({
        ...{ id: row.id, payments: ordinals, how, document, date: romeDate(office.context.clock.now()) },
        cashAccountId: how === 'cash' ? cashAccountId : null,
      })
    expect(await codesOf(pay([0, 1]))).toEqual(['PAID_OUTSIDE_PAYMENTS'])
    expect((await pay([2])).cents).toBe(3_000)
    await at.holds()
    expect(await codesOf(pay([2]))).toEqual(['PAID_OUTSIDE_PAYMENTS'])
    expect((await at.client.positionAct.outside({ id: row.id })).remainingCents).toBe(6_000)
    expect((await at.position()).row.state).toBe('partiallyPaid')
    await at.post()
    expect(await outstanding()).toBe(6_000)
    // Its notice paid all the same: above what is left of that instalment's debt, it waits.
    await at.pay({ iuv: payments[1]?.iuv as string, cents: 3_000 })
    await at.pay({ iuv: payments[3]?.iuv as string, cents: 3_000 })
    const flowId = await at.pay({ iuv: payments[2]?.iuv as string, cents: 3_000 })
    expect(await at.labels(flowId)).toEqual(['EXCEEDS_OUTSTANDING'])
    await at.post()
    expect(await outstanding()).toBe(0)
  })

  it('keeps an instalment paid outside when the rest is changed, and «Disfa» takes it back', async () => {
    const cashAccountId = await cashDesk()
    await office.raise([member(1, { amountCents: cents(9_000) })])
    await at.issue({ installments: THRICE, validUntil: '2026-12-31' })
    const { row, payments } = await at.position()
    const said = await at.client.positionAct.payOutside({
      ...{
        id: row.id,
        payments: [1],
        how: 'cash',
        document: 'ricevuta 8',
        date: romeDate(office.context.clock.now()),
        cashAccountId,
      },
    })
    const { done } = await change([row.id], { terms: { kind: 'once', dueDate: isoDate('2026-06-30') } })
    await done()
    const after = await at.position()
    expect(after.payments.map((one) => [one.cents, one.paid, one.iuv])).toEqual([
      [3_000, true, payments[0]?.iuv],
      [6_000, false, payments[1]?.iuv],
    ])
    await at.client.reconciliation.undo({ decisionIds: [said.decisionId], reason: 'Sbagliato', annul: true })
    await at.holds()
    expect((await at.position()).payments.map((one) => one.paid)).toEqual([false, false])
    expect((await at.client.positionAct.outside({ id: row.id })).remainingCents).toBe(9_000)
  })
})

describe('many at once', () => {
  it('can be stopped half way and leaves nothing changed', async () => {
    await office.raise(members(450, { amountCents: cents(10_000) }))
    await at.issue({ dueDate: '2026-06-30' })
    const selection = { query: { filters: {} }, except: [] }
    const what: Change = { dueDate: { kind: 'to', date: isoDate('2026-07-31') } }
    const preview = await at.client.positionAct.changePreview({ selection, change: what })
    expect(preview).toMatchObject({ count: 450, rows: { length: 50 } })
    const stop = new AbortController()
    const order = { selection, change: what, reason: 'Proroga', expected: preview.count, stamp: preview.stamp }
    const work = await at.client.positionAct.change(order, { signal: stop.signal })
    const steps: string[] = []
    const failed = await (async () => {
      for (;;) {
        const step = await work.next()
        if (step.done) return false
        steps.push(step.value.step)
        if (step.value.step === 'Scrivo le nuove versioni') stop.abort()
      }
    })().catch(() => true)
    expect([failed, steps.at(-1)]).toEqual([true, 'Scrivo le nuove versioni'])
    const versions = await office.context.ledger.read((db) =>
      db.selectFrom('debtPositionVersion').selectAll().execute(),
    )
    expect(versions).toHaveLength(450)
    expect(await outcome(await at.client.positionAct.change(order))).toEqual({
      ...{ count: 450, cents: 4_500_000 as Cents, leftOut: [] },
    })
  })
})
