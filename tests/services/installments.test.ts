import pg from 'pg'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readCsv } from '#codecs/csv-read'
import { isoDate } from '#domain/date'
import { cents } from '#domain/money'
import type { FakeClock } from '#hosts/clock'
import type { LedgerTarget } from '#ledger/ledger'
import { generation, member, members, type Office, openOffice, YEAR } from './office.ts'
import { cancelPositions } from './support/cancel.ts'
import { Collection } from './support/collection.ts'

const THRICE = { count: 3, withSingle: true, firstDue: '2026-03-31', everyMonths: 1 }
const ONLY = { ...THRICE, withSingle: false }
const PG_URL = process.env.QUIETANZA_PG_URL ?? null

function suite(openOn: () => LedgerTarget | undefined) {
  let office: Office
  let at: Collection
  beforeEach(async () => {
    office = await openOffice(undefined, openOn())
    at = new Collection(office)
  })
  afterEach(async () => {
    await at.holds()
    expect((await at.client.ledger.check()).filter((line) => !line.ok)).toEqual([])
    await office.close()
  })

  /** One person with an old quota of 100,00, one of 215,00 and a fee of 10,00 on another capitolo. */
  const threeDebts = () =>
    office.raise([
      member(1, { amountCents: cents(21_500) }),
      member(1, {
        competenceYear: 2025,
        causale: 'Quota 2025',
        amountCents: cents(10_000),
        dueDate: isoDate('2026-01-31'),
      }),
      member(1, {
        service: 'Diritti di segreteria',
        causale: 'Certificato',
        amountCents: cents(1_000),
        dueDate: isoDate('2026-12-01'),
      }),
    ])

  it('gives a notice number to each payment, counts a position once, and finds it by any of its numbers', async () => {
    await office.raise(members(5, { amountCents: cents(21_500) }))
    const { preview, made } = await at.issue({ installments: THRICE })
    expect(preview).toMatchObject({ positions: { count: 5, cents: 107_500 }, payments: 20, accertamenti: { count: 5 } })
    expect(made.positions).toEqual({ count: 5, cents: 107_500 })
    const list = await at.client.debtPosition.list({ filters: {} })
    expect([list.count, list.totals.cents]).toEqual([5, 107_500])
    expect(list.rows.every((row) => row.cents === 21_500 && row.installments === 3)).toBe(true)
    const { row, payments } = await at.position(2)
    expect(payments.map((p) => [p.ordinal, p.cents, p.dueDate, p.paid])).toEqual([
      [0, 21_500, '2026-03-31', false],
      [1, 7_167, '2026-03-31', false],
      [2, 7_167, '2026-04-30', false],
      [3, 7_166, '2026-05-31', false],
    ])
    expect(payments[0]?.noticeNumber).toBe(row.noticeNumber)
    expect(new Set(payments.map((p) => p.iuv)).size).toBe(4)
    for (const payment of payments) {
      for (const search of [payment.iuv, payment.noticeNumber, payment.noticeNumber.replace(/(.{4})(?=.)/g, '$1 ')]) {
        const found = await at.client.debtPosition.list({ filters: {}, search })
        expect(found.rows.map((one) => one.id)).toEqual([row.id])
      }
      const anywhere = await at.client.search.find({ text: payment.noticeNumber })
      expect(anywhere.map((one) => [one.kind, one.id, one.exact])).toEqual([['debtPosition', row.id, true]])
    }
    // Digits that all the numbers of a position share find it once.
    const shared = await at.client.search.find({ text: row.iuv.slice(0, 9) })
    expect(shared.map((one) => one.kind)).toEqual(Array.from({ length: 5 }, () => 'debtPosition'))
    const batches = await at.client.issuance.list({ filters: {} } as never)
    expect(batches.rows[0]).toMatchObject({ positions: { count: 5, cents: 107_500 } })
    expect(await at.step('emesso')).toEqual([5, 107_500])
  })

  it('exports the number of instalments, and sorts and filters by what the whole position asks', async () => {
    await office.raise([member(1, { amountCents: cents(30_000) }), member(2, { amountCents: cents(9_000) })])
    await at.issue({ installments: ONLY, search: 'Zita' })
    await office.raise([member(3, { amountCents: cents(20_000) })])
    await at.issue({})
    const sorted = await at.client.debtPosition.list({ filters: {}, sort: { column: 'cents', direction: 'desc' } })
    expect(sorted.rows.map((row) => [row.cents, row.installments])).toEqual([
      [30_000, 3],
      [20_000, 0],
      [9_000, 3],
    ])
    const some = await at.client.debtPosition.list({ filters: { minCents: cents(10_001) } })
    expect([some.count, some.totals.cents]).toEqual([2, 50_000])
    const file = await at.client.debtPosition.export({
      ...{
        filters: {},
        format: 'csv',
        title: 'Posizioni',
        filtersInWords: '',
        sort: { column: 'cents', direction: 'asc' },
      },
      columns: [
        { key: 'cents', heading: 'Importo' },
        { key: 'installments', heading: 'Rate' },
      ],
    } as never)
    const csv = readCsv(new TextDecoder().decode(await office.bytes(file)).replace(/^\uFEFF/, ''), ';')
    if (!csv.ok) throw new Error('not a CSV')
    expect(csv.value.map((record) => record.cells).slice(0, 4)).toEqual([
      ['Importo', 'Rate'],
      ['90,00', '3'],
      ['200,00', ''],
      ['300,00', '3'],
    ])
  })

  it('collects a grouped position instalment by instalment, the oldest debt first (DOMAIN.md §9.4)', async () => {
    await threeDebts()
    const { preview } = await at.issue({ installments: ONLY, groupByPerson: true })
    expect(preview).toMatchObject({ positions: { count: 1, cents: 32_500 }, payments: 3, grouped: 1 })
    const { row, payments, allocations } = await at.position()
    expect(row).toMatchObject({ installments: 3, cents: 32_500, dueDate: '2026-03-31', state: 'issued' })
    expect(row.accertamenti).toMatch(/ e altri 2$/)
    expect(allocations.map((a) => a.cents)).toEqual([10_000, 21_500, 1_000])
    expect(payments.map((p) => p.cents)).toEqual([10_834, 10_833, 10_833])
    const born = (await at.position()).history.filter((fact) => fact.text.startsWith('Emessa'))
    expect(born.map((fact) => fact.text)).toEqual([
      `Emessa nel lotto «Quote 2026», avviso ${row.noticeNumber}, in 3 rate`,
    ])
    const [first, second, third] = payments as [(typeof payments)[0], (typeof payments)[0], (typeof payments)[0]]

    await at.pay(first)
    expect((await at.position()).row).toMatchObject({ state: 'partiallyPaid', dueDate: '2026-04-30', cents: 32_500 })
    expect(await at.step('pagato')).toEqual([1, 10_834])
    expect(await at.step('riconciliato')).toEqual([1, 10_834])
    expect(await at.post()).toEqual([10_834])
    const collected = async () =>
      (await office.accertamenti()).rows
        .map((a) => [a.causale, a.collectedCents, a.state])
        .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1))
    expect(await collected()).toEqual([
      ['Certificato', 0, 'outstanding'],
      ['Quota 2025', 10_000, 'collected'],
      ['Quota di iscrizione 2026', 834, 'partlyCollected'],
    ])
    await at.pay(second)
    expect(await at.post()).toEqual([10_833])
    expect((await at.position()).payments.map((p) => p.paid)).toEqual([true, true, false])
    // The last instalment pays two capitoli: a transfer each, a row each.
    await at.pay({ iuv: third.iuv, cents: 9_833, index: 1 }, { iuv: third.iuv, cents: 1_000, index: 2 })
    expect((await at.position()).row).toMatchObject({ state: 'paid', dueDate: '2026-05-31' })
    expect((await at.post()).sort()).toEqual([1_000, 9_833])
    expect((await at.position()).row.state).toBe('collected')
    expect((await collected()).map(([, sum, state]) => [sum, state])).toEqual([
      [1_000, 'collected'],
      [10_000, 'collected'],
      [21_500, 'collected'],
    ])
    const quietanze = await at.client.quietanza.list({ filters: { exercise: YEAR } } as never)
    expect(quietanze.rows.map((q) => [q.iuv, q.cents])).toEqual(
      expect.arrayContaining([
        [first.iuv, 10_834],
        [second.iuv, 10_833],
      ]),
    )
    expect(quietanze.rows.reduce((n, q) => n + q.cents, 0)).toBe(32_500)
    const { dues, person } = await at.client.person.get({ id: row.personId })
    expect(dues).toHaveLength(3)
    expect(dues.every((due) => due.debtPositionId === row.id && due.payment === 'collected')).toBe(true)
    expect(person).toMatchObject({ collectedCents: 32_500, outstandingCents: 0 })
    const batches = await at.client.issuance.list({ filters: {} } as never)
    expect(batches.rows[0]).toMatchObject({ collected: { count: 1, cents: 32_500 } })
  })

  it('holds a single payment that comes after an instalment: its money stays on the credit', async () => {
    await office.raise([member(1, { amountCents: cents(21_500) })])
    await at.issue({ installments: THRICE })
    const [single, first, second, third] = (await at.position()).payments as never as { iuv: string; cents: number }[]
    await at.pay(first as never)
    expect(await at.post()).toEqual([7_167])
    const flowId = await at.pay(single as never)
    expect(await at.labels(flowId)).toEqual(['PAID_WITH_OTHER_OPTION'])
    expect(await at.post()).toEqual([])
    const after = await at.position()
    expect(after.row).toMatchObject({ state: 'partiallyPaid', dueDate: '2026-04-30' })
    expect(after.payments.map((p) => p.paid)).toEqual([true, true, false, false])
    expect(after.payments.map((p) => p.surplus)).toEqual([true, false, false, false])
    const held = await at.client.bankStatement.movements({ filters: {} } as never)
    expect(held.rows.map((m) => [m.cents, m.regularisedCents]).sort()).toEqual([
      [21_500, 0],
      [7_167, 7_167],
    ])
    expect(await at.step('pagato')).toEqual([1, 7_167])
    // The other instalments still go their way.
    await at.pay(second as never, third as never)
    expect(await at.post()).toEqual([14_333])
    expect((await at.position()).row.state).toBe('collected')
  })

  it('holds an instalment that comes after the single payment', async () => {
    await office.raise([member(1, { amountCents: cents(21_500) })])
    await at.issue({ installments: THRICE })
    const [single, first] = (await at.position()).payments as never as { iuv: string; cents: number }[]
    await at.pay(single as never)
    expect(await at.post()).toEqual([21_500])
    const flowId = await at.pay(first as never)
    expect(await at.labels(flowId)).toEqual(['PAID_WITH_OTHER_OPTION'])
    expect(await at.post()).toEqual([])
    const { row, payments } = await at.position()
    expect(row).toMatchObject({ state: 'collected', dueDate: '2026-03-31' })
    expect(payments.map((p) => p.surplus)).toEqual([false, true, false, false])
    expect(await at.step('pagato')).toEqual([1, 21_500])
  })

  it('holds an instalment paid twice and never counts it for the next one', async () => {
    await office.raise([member(1, { amountCents: cents(21_600) })])
    await at.issue({ installments: ONLY })
    const [first, second] = (await at.position()).payments as never as { iuv: string; cents: number }[]
    await at.pay(first as never)
    expect(await at.post()).toEqual([7_200])
    const flowId = await at.pay(first as never)
    expect(await at.labels(flowId)).toEqual(['DUPLICATE_PAYMENT'])
    expect(await at.post()).toEqual([])
    const twice = (await at.position()).payments
    expect(twice.map((p) => [p.paid, p.surplus])).toEqual([
      [true, true],
      [false, false],
      [false, false],
    ])
    await at.pay(second as never)
    expect(await at.post()).toEqual([7_200])
    expect((await at.position()).row.state).toBe('partiallyPaid')
  })

  it('refuses to cancel a position of which an instalment was paid', async () => {
    await office.raise(members(2, { amountCents: cents(21_500) }))
    await at.issue({ installments: ONLY })
    const { row, payments } = await at.position()
    await at.pay(payments[1] as never)
    const ids = (await at.client.debtPosition.list({ filters: {} })).rows.map((one) => one.id)
    expect(await cancelPositions(office.context, ids, 'importo sbagliato')).toEqual({
      ...{ count: 1, cents: 21_500 },
      leftOut: [{ reason: 'Hanno un pagamento', count: 1 }],
    })
    await at.holds()
    expect((await at.client.debtPosition.get({ id: row.id })).state).toBe('partiallyPaid')
    // What is cancelled can be issued again, its numbers stay taken; money for them is held.
    const gone = (await at.client.debtPosition.list({ filters: { state: ['cancelled'] } })).rows[0]
    const old = (await at.client.debtPosition.get({ id: gone?.id as never })).payments
    await at.issue({ installments: ONLY })
    const flowId = await at.pay(old[0] as never)
    expect(await at.labels(flowId)).toEqual(['POSITION_CANCELLED'])
    expect(await at.post()).toEqual([7_167])
  })

  it('is expired when the next instalment to be paid is past due', async () => {
    await office.raise(members(1, { amountCents: cents(21_500) }))
    await at.issue({ installments: ONLY })
    const { payments } = await at.position()
    const clock = office.context.clock as FakeClock
    const views = async () => {
      const { issued, expired, partiallyPaid } = await at.client.debtPosition.counts({ exercise: YEAR })
      return { issued, expired, partiallyPaid }
    }
    expect(await views()).toEqual({ issued: 1, expired: 0, partiallyPaid: 0 })
    await clock.waitUntil(Date.parse('2026-04-02T10:00:00Z'))
    expect(await views()).toEqual({ issued: 0, expired: 1, partiallyPaid: 0 })
    await at.pay(payments[0] as never)
    expect(await views()).toEqual({ issued: 0, expired: 0, partiallyPaid: 1 })
    const due = await at.client.debtPosition.list({
      filters: { dueFrom: isoDate('2026-04-30'), dueTo: isoDate('2026-04-30') },
    })
    expect(due.count).toBe(1)
  })

  it('leaves out what is too small, and refuses dates after the end of validity', async () => {
    await office.raise([member(1, { amountCents: cents(2) }), member(2, { amountCents: cents(3) })])
    const preview = await at.client.debtPosition.generationPreview(generation({ installments: ONLY }))
    expect(preview).toMatchObject({
      ...{ positions: { count: 1, cents: 3 }, payments: 3 },
      leftOut: [{ reason: 'L’importo è troppo piccolo per tante rate', count: 1 }],
    })
    const late = at.client.debtPosition.generationPreview(generation({ installments: { ...ONLY, everyMonths: 6 } }))
    await expect(late).rejects.toMatchObject({ data: { problems: [{ code: 'VALIDITY_BEFORE_DUE' }] } })
  })

  it('never asks a debt twice through options or instalments', async () => {
    await office.raise(members(3))
    await at.issue({ installments: THRICE })
    const again = await at.client.debtPosition.generationPreview(generation({ installments: ONLY }))
    expect(again).toMatchObject({ positions: { count: 0 }, payments: 0, leftOut: [{ count: 3 }] })
    expect((await office.accertamenti({ issued: false })).count).toBe(0)
  })
}

describe('instalments · SQLite', () => suite(() => undefined))

describe.skipIf(PG_URL === null)('instalments · PostgreSQL (skipped where QUIETANZA_PG_URL is not set)', () => {
  const schemas: string[] = []
  afterAll(async () => {
    const client = new pg.Client({ connectionString: PG_URL ?? '' })
    await client.connect()
    for (const schema of schemas) await client.query(`DROP SCHEMA IF EXISTS "${schema}" CASCADE`)
    await client.end()
  })
  suite(() => {
    const schema = `rate_${process.pid}_${schemas.length}`
    schemas.push(schema)
    return { engine: 'postgres', url: PG_URL ?? '', schema, clock: 'program' }
  })
})
