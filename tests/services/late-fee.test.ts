import { call } from '@orpc/server'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { writeReportingFlow } from '#codecs/flow-xml-write'
import { type Instant, isoDate } from '#domain/date'
import type { LateFeeRule } from '#domain/late-fee'
import { cents } from '#domain/money'
import { REHEARSAL_INSTITUTION } from '#domain/rehearsal-register'
import { FakeClock } from '#hosts/clock'
import { checkEquations } from '#ledger/balances'
import { accertamento } from '../../src-main/services/accertamento.ts'
import { debtPosition } from '../../src-main/services/debt-position.ts'
import { serviceType } from '../../src-main/services/institution.ts'
import { lateFee } from '../../src-main/services/late-fee.ts'
import { reportingFlow } from '../../src-main/services/reporting-flow.ts'
import { member, members, type Office, openOffice, outcome, YEAR } from './office.ts'
import { flowOf } from './support/collection-office.ts'

let office: Office
let clock: FakeClock
beforeEach(async () => {
  clock = new FakeClock()
  office = await openOffice(clock)
})
afterEach(async () => {
  expect(await office.context.ledger.read(checkEquations)).toEqual([])
  await office.close()
})

const ctx = () => ({ context: office.context })
const DAY = isoDate('2026-05-15')

const STEPS: LateFeeRule = {
  graceDays: 0,
  steps: [
    { afterDays: 30, fixedCents: cents(0), basisPoints: 1000 },
    { afterDays: 90, fixedCents: cents(0), basisPoints: 2000 },
  ],
  interest: null,
  minCents: null,
  maxCents: null,
}

async function ruled(rule: LateFeeRule | null): Promise<void> {
  const types = await call(serviceType.list, undefined, ctx())
  const own = types.find((t) => t.name === 'Quota annuale') as (typeof types)[number]
  const lateFeeRule = rule === null ? null : { ...rule, steps: [...rule.steps] }
  await call(serviceType.save, { ...own, lateFeeRule }, ctx())
}

const problemsOf = (promise: Promise<unknown>) =>
  promise.then(
    () => [],
    (error: { data?: { problems?: { code: string }[] } }) =>
      error.data?.problems?.map((p) => p.code) ?? [String(error)],
  )

type Edits = { accertamentoId: never; cents: never }[]
const ALL = { exercise: YEAR }
const preview = (of: object = ALL, day = DAY, edits: object[] = []) =>
  call(lateFee.preview, { of: of as typeof ALL, day, edits: edits as Edits }, ctx())

async function apply(
  how: 'version' | 'separate' | 'debt',
  of: object = ALL,
  day = DAY,
  edits: object[] = [],
  more: object = {},
) {
  const { fees, mark } = await preview(of, day, edits)
  const input = {
    ...{ of: of as typeof ALL, day, edits: edits as Edits, how, causale: '', dueDate: isoDate('2026-06-30') },
    ...{ validUntil: isoDate('2026-12-31'), expectedCents: fees.cents, mark, ...more },
  }
  return outcome(await call(lateFee.apply, input, ctx()))
}

/** Three people with an amount that can be divided by hand, and their notices. */
async function issued(): Promise<void> {
  await ruled(STEPS)
  await office.raise([0, 1, 2].map((n) => member(n, { amountCents: cents(21_500) })))
  await office.generate()
  clock.moveTo('2026-05-15T09:00:00.000Z' as Instant)
}

async function paid(n: number): Promise<void> {
  const { rows } = await office.positions()
  const position = rows[n] as (typeof rows)[number]
  const flow = flowOf('2026-05-10AAAAITM1XXX-0000001', [[position.iuv, position.cents]], {
    receiver: REHEARSAL_INSTITUTION.fiscalCode,
  })
  const writer = await office.context.files.create('flusso.xml', 'application/xml')
  await writer.write(writeReportingFlow(flow))
  await outcome(await call(reportingFlow.import, { tokens: [await writer.commit()] }, ctx()))
}

describe('who is late', () => {
  it('is told by the rule of their type, on the day asked', async () => {
    await issued()
    expect((await preview(ALL, isoDate('2026-04-30'))).fees).toEqual({ count: 0, cents: 0 })
    expect((await preview(ALL, isoDate('2026-05-01'))).fees).toEqual({ count: 3, cents: 6_450 })
    expect((await preview(ALL, isoDate('2026-06-30'))).fees).toEqual({ count: 3, cents: 12_900 })
    const { rows, totals } = await call(lateFee.list, { filters: { of: ALL, day: DAY } }, ctx())
    expect(rows[0]).toMatchObject({
      ...{ dueDate: '2026-03-31', daysLate: 45, baseCents: 21_500, cents: 2_150, beforeCents: 0, state: 'fee' },
      why: '10 % di 215,00 €, oltre 30 giorni',
    })
    expect(totals).toEqual({ baseCents: 64_500, cents: 6_450 })
  })

  it('is nobody who has paid, even while the books do not have it yet', async () => {
    await issued()
    await paid(1)
    const { fees, leftOut } = await preview()
    expect(fees).toEqual({ count: 2, cents: 4_300 })
    expect(leftOut).toEqual([{ reason: 'È pagata, aspetta la reversale', count: 1 }])
  })

  it('is asked nothing without a rule, but by hand', async () => {
    await office.raise([member(1, { amountCents: cents(21_500) })])
    clock.moveTo('2026-05-15T09:00:00.000Z' as Instant)
    const none = await preview()
    expect(none).toMatchObject({ fees: { count: 0 }, rows: [{ state: 'none', daysLate: 45 }] })
    expect(await problemsOf(apply('debt'))).toEqual(['LATE_FEE_NOTHING'])
    const edits = [{ accertamentoId: none.rows[0]?.accertamentoId, cents: 1_000 }]
    expect(await apply('debt', ALL, DAY, edits)).toMatchObject({ fees: { count: 1, cents: 1_000 }, positions: 0 })
  })

  it('waits for the rate of the legal interest', async () => {
    await ruled({ ...STEPS, steps: [], interest: { kind: 'legal' } })
    await office.raise([member(1, { amountCents: cents(100_000), dueDate: isoDate('2025-12-31') })])
    clock.moveTo('2026-05-15T09:00:00.000Z' as Instant)
    expect((await preview()).rows[0]?.why).toBe('Manca il tasso degli interessi legali del 2026')
    const rates = [{ year: 2026, basisPoints: 160 }]
    expect(await call(lateFee.saveRates, { rates }, ctx())).toEqual(rates)
    // 135 days × 1,6 % of 1.000,00 / 365 = 5,9178…
    expect((await preview()).rows[0]).toMatchObject({
      cents: 592,
      why: 'interessi di 135 giorni, dal 01/01/2026 al 15/05/2026: 5,92 €',
    })
  })
})

describe('a late fee', () => {
  it('has a rule of no amount below zero, whose least is not above its most', async () => {
    const step = { afterDays: 0, fixedCents: cents(-500), basisPoints: 0 }
    for (const wrong of [{ steps: [step] }, { minCents: cents(-1) }, { minCents: cents(2), maxCents: cents(1) }]) {
      await expect(ruled({ ...STEPS, ...wrong })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    }
  })

  it('is added to the position of its debt, in a new version with the same notice number', async () => {
    await issued()
    const [before] = (await office.positions()).rows
    const of = { positions: { ids: [before?.id] } }
    expect(await apply('version', of)).toMatchObject({
      fees: { count: 1, cents: 2_150 },
      revised: 1,
      positions: 0,
      leftOut: [],
    })
    const after = await call(debtPosition.get, { id: before?.id as never }, ctx())
    expect(after).toMatchObject({
      cents: 23_650,
      version: 2,
      noticeNumber: before?.noticeNumber,
      dueDate: '2026-06-30',
    })
    expect(after.allocations.map((a) => [a.causale, a.cents])).toEqual([
      ['Quota di iscrizione 2026', 21_500],
      ['Mora per ritardato pagamento 2026', 2_150],
    ])
    expect((await office.positions()).count).toBe(3)
  })

  it('gets a position of its own where so asked', async () => {
    await issued()
    const done = await apply('separate')
    expect(done).toMatchObject({ fees: { count: 3, cents: 6_450 }, revised: 0, positions: 3, leftOut: [] })
    const { rows } = await office.positions({ issuanceId: done.issuanceId })
    expect(rows.map((r) => [r.causale, r.cents, r.dueDate])).toEqual(
      Array.from({ length: 3 }, () => ['Mora per ritardato pagamento 2026', 2_150, '2026-06-30']),
    )
    const fees = (await office.accertamenti()).rows.filter((r) => r.service === 'Mora')
    expect(fees.map((r) => [r.capitolo, r.dueCents, r.issued])).toEqual(
      Array.from({ length: 3 }, () => ['10.5', 2_150, true]),
    )
  })

  it('is not asked twice for one step, and the next step asks only the difference', async () => {
    await issued()
    await apply('debt')
    expect((await preview()).fees.count).toBe(0)
    expect((await preview()).leftOut).toContainEqual({
      reason: 'Per questo ritardo la mora è già stata chiesta: 21,50 €',
      count: 3,
    })
    const later = isoDate('2026-07-31')
    clock.moveTo('2026-07-31T09:00:00.000Z' as Instant)
    const next = await preview(ALL, later)
    expect(next.fees).toEqual({ count: 3, cents: 6_450 })
    expect(next.rows[0]?.why).toBe('20 % di 215,00 €, oltre 90 giorni, meno 21,50 € già chiesti')
    expect(next.leftOut).toEqual([{ reason: 'È già una mora', count: 3 }])
    await apply('debt', ALL, later, [], { dueDate: isoDate('2026-08-31') })
    expect((await preview(ALL, later)).fees.count).toBe(0)
  })

  it('is of each instalment once a step, though its notice was given other dates for it', async () => {
    await ruled(STEPS)
    await office.raise([member(0, { amountCents: cents(30_000) })])
    const each = { count: 3, firstDue: isoDate('2026-03-31'), everyMonths: 1, withSingle: false }
    await office.generate({ installments: each })
    const on = async (day: string) => {
      clock.moveTo(`${day}T09:00:00.000Z` as Instant)
      const { fees, rows } = await preview(ALL, isoDate(day))
      return [fees.cents, rows[0]?.why]
    }
    expect(await on('2026-05-15')).toEqual([1_000, '10 % di 100,00 €, oltre 30 giorni'])
    await apply('version', ALL, isoDate('2026-05-15'), [], { dueDate: isoDate('2026-05-20') })
    // 31/03, 30/04 and 31/05 became 20/05, 19/06 and 20/07; the fee is in the three, and the oldest debt first in each.
    expect(await on('2026-07-10')).toEqual([0, 'Per questo ritardo la mora è già stata chiesta: 10,00 €'])
    expect(await on('2026-07-25')).toEqual([1_033, '10 % di 103,33 €, oltre 30 giorni'])
    await apply('debt', ALL, isoDate('2026-07-25'), [], { dueDate: null })
    expect((await on('2026-07-25'))[0]).toBe(0)
    // Of 300,00 the first takes 103,34 of 310,00, the last what is left: 93,33. 20,67 less 10,33, and 9,33.
    expect(await on('2026-08-25')).toEqual([
      1_967,
      'rata del 20/05/2026: 20 % di 103,34 €, oltre 90 giorni, meno 10,33 € già chiesti; ' +
        'rata del 20/07/2026: 10 % di 93,33 €, oltre 30 giorni',
    ])
  })

  it('of interest alone is asked again for the days that came since, also after one counted to an earlier day', async () => {
    await ruled({ ...STEPS, steps: [], interest: { kind: 'yearly', basisPoints: 1_000 } })
    await office.raise([member(0, { amountCents: cents(36_500) })])
    clock.moveTo('2026-05-15T09:00:00.000Z' as Instant)
    await apply('debt', ALL, isoDate('2026-05-10'))
    const first = await preview()
    expect(first.rows[0]).toMatchObject({
      ...{ cents: 50, beforeCents: 400 },
      why: 'interessi di 5 giorni, dal 11/05/2026 al 15/05/2026: 0,50 €',
    })
    await apply('debt')
    expect((await preview()).leftOut).toContainEqual({
      ...{ reason: 'Per questo ritardo la mora è già stata chiesta: 4,50 €', count: 1 },
    })
    clock.moveTo('2026-06-15T09:00:00.000Z' as Instant)
    expect((await preview(ALL, isoDate('2026-06-15'))).fees).toEqual({ count: 1, cents: 310 })
  })

  it('can be asked again after its accertamento was cancelled', async () => {
    await issued()
    await apply('debt')
    const fees = (await office.accertamenti()).rows.filter((r) => r.service === 'Mora')
    const selection = { ids: fees.map((r) => r.id) }
    await call(accertamento.cancel, { selection, reason: 'Condonata', act: '' }, ctx())
    expect((await preview()).fees).toEqual({ count: 3, cents: 6_450 })
  })

  it('is raised once by two clicks, also by hand', async () => {
    await issued()
    const two = await Promise.allSettled([apply('separate'), apply('separate')])
    expect(two.map((r) => r.status).sort()).toEqual(['fulfilled', 'rejected'])
    const seen = await preview()
    const edits = [{ accertamentoId: seen.rows.find((r) => r.state === 'none')?.accertamentoId, cents: 500 }]
    const hands = await Promise.allSettled([apply('debt', ALL, DAY, edits), apply('debt', ALL, DAY, edits)])
    expect(hands.map((r) => r.status).sort()).toEqual(['fulfilled', 'rejected'])
    expect((await office.accertamenti()).rows.filter((r) => r.service === 'Mora')).toHaveLength(4)
  })

  it('follows the amounts by hand and leaves out who was struck off', async () => {
    await issued()
    const { rows } = await preview()
    const edits = [
      { accertamentoId: rows[0]?.accertamentoId, cents: null },
      { accertamentoId: rows[1]?.accertamentoId, cents: 999 },
    ]
    expect((await preview(ALL, DAY, edits)).fees).toEqual({ count: 2, cents: 3_149 })
    expect(await apply('version', ALL, DAY, edits)).toMatchObject({ fees: { count: 2, cents: 3_149 }, revised: 2 })
  })

  it('is refused when the amounts are no longer those that were seen', async () => {
    await issued()
    const { fees, mark } = await preview()
    await ruled({ ...STEPS, minCents: cents(3_000) })
    const input = {
      ...{ of: ALL, day: DAY, how: 'debt' as const, dueDate: null, validUntil: isoDate('2026-12-31') },
      ...{ expectedCents: fees.cents, mark },
    }
    expect(await problemsOf(call(lateFee.apply, input, ctx()).then(outcome))).toEqual(['LATE_FEE_CHANGED'])
    expect((await office.accertamenti()).count).toBe(3)
  })

  it('is refused when the debts are others, though the sum is the same', async () => {
    await issued()
    const { rows } = await preview()
    const struck = (n: number) => [{ accertamentoId: rows[n]?.accertamentoId, cents: null }]
    const { fees, mark } = await preview(ALL, DAY, struck(0))
    const other = apply('debt', ALL, DAY, struck(1), { expectedCents: fees.cents, mark })
    expect(await problemsOf(other)).toEqual(['LATE_FEE_CHANGED'])
    expect((await office.accertamenti()).count).toBe(3)
  })

  it('is of a delay that was, on a notice that can be paid', async () => {
    await issued()
    const refusal = (how: 'version' | 'separate' | 'debt', more: object, day = DAY) =>
      problemsOf(apply(how, ALL, day, [], more))
    expect(await refusal('debt', {}, isoDate('2026-05-16'))).toEqual(['LATE_FEE_AHEAD'])
    expect(await refusal('debt', { dueDate: isoDate('2026-05-14') })).toEqual(['POSITION_DUE_PAST'])
    for (const how of ['version', 'separate'] as const) {
      expect(await refusal(how, { dueDate: isoDate('2027-01-01') })).toEqual(['VALIDITY_BEFORE_DUE'])
      expect(await refusal(how, { dueDate: null, validUntil: isoDate('2026-05-14') })).toEqual([
        'POSITION_VALIDITY_PAST',
      ])
    }
    expect(await refusal('debt', { causale: 'Mora {ano}' })).toEqual(['TEMPLATE_FIELD_UNKNOWN'])
    expect((await office.accertamenti()).count).toBe(3)
    await apply('version', ALL, DAY, [], { validUntil: isoDate('2026-07-01') })
    expect((await office.positions()).rows.map((r) => r.validUntil)).toEqual(
      Array.from({ length: 3 }, () => '2026-12-31'),
    )
  })

  it('is raised, and no notice asks for it, where its type is not through pagoPA', async () => {
    await issued()
    const own = (await call(serviceType.list, undefined, ctx())).find((t) => t.kind === 'mora')
    await call(serviceType.save, { ...(own as NonNullable<typeof own>), pagoPa: false }, ctx())
    expect(await apply('version')).toEqual({
      ...{ fees: { count: 3, cents: 6_450 }, revised: 0, positions: 0, issuanceId: null },
      leftOut: [
        { reason: 'Il tipo di dovuto della mora non si paga con pagoPA: la mora è accertata, non emessa', count: 3 },
      ],
    })
    expect((await office.positions()).rows.map((r) => r.cents)).toEqual([21_500, 21_500, 21_500])
  })

  it('is never more than pagoPA takes', async () => {
    await issued()
    const { rows } = await preview()
    const edits = rows.map((r) => ({ accertamentoId: r.accertamentoId, cents: Number.MAX_SAFE_INTEGER }))
    const seen = await preview(ALL, DAY, edits)
    expect(seen.fees.count).toBe(0)
    expect(seen.leftOut).toEqual([{ reason: 'L’importo a mano supera il limite di pagoPA', count: 3 }])
    const most = rows.map((r) => ({ accertamentoId: r.accertamentoId, cents: 99_999_999_999 }))
    expect(await apply('version', ALL, DAY, most)).toMatchObject({ revised: 0, positions: 3 })
  })

  it('is raised for many, in new versions, in bearable time', async () => {
    await ruled(STEPS)
    const many = process.env.QUIETANZA_LONG === '1' ? 5_000 : 300
    await office.raise(members(many))
    await office.generate()
    clock.moveTo('2026-05-15T09:00:00.000Z' as Instant)
    const from = performance.now()
    const listed = await preview()
    const read = performance.now() - from
    expect(listed.fees.count).toBe(many)
    const done = await apply('version')
    console.info(
      `${many} more: elenco ${read.toFixed(0)} ms, nuove versioni ${(performance.now() - from - read).toFixed(0)} ms`,
    )
    expect(done.revised).toBe(many)
  }, 180_000)
})
