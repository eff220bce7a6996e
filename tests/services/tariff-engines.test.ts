import { createRouterClient } from '@orpc/server'
import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { type Instant, isoDate } from '#domain/date'
import { cents } from '#domain/money'
import { FakeClock } from '#hosts/clock'
import { checkEquations } from '#ledger/balances'
import type { LedgerTarget } from '#ledger/ledger'
import { router } from '#services/router'
import { PG_URL } from '../ledger/support/both-engines.ts'
import { openOffice, outcome, YEAR } from './office.ts'
import { enrol } from './support/enrolled.ts'

const YEARLY = { albo: null, section: null, status: null, category: null, fromYears: 0, toYears: null, description: '' }

/** A tariff, its quotas taken back and raised again, their notices, the late fees: alike on both engines. */
async function aYear(target?: LedgerTarget) {
  const clock = new FakeClock()
  const office = await openOffice(clock, target)
  try {
    const client = createRouterClient(router, { context: office.context })
    const types = await client.serviceType.list()
    const quota = types.find((type) => type.name === 'Quota annuale') as (typeof types)[number]
    const steps = [{ afterDays: 30, fixedCents: cents(0), basisPoints: 1000 }]
    const lateFeeRule = { graceDays: 0, steps, interest: { kind: 'legal' as const }, minCents: null, maxCents: null }
    await client.serviceType.save({ ...quota, lateFeeRule })
    await client.lateFee.saveRates({ rates: [{ year: YEAR, basisPoints: 160 }] })
    const rows = [
      { ...YEARLY, code: 'ORD', effect: { kind: 'amount' as const, cents: cents(21_500) } },
      { ...YEARLY, code: 'B', section: 'B', effect: { kind: 'percent' as const, basisPoints: 5000 } },
    ]
    const table = { serviceTypeId: quota.id, year: YEAR, proRata: true, rows }
    const { mark } = await client.tariff.get({ serviceTypeId: quota.id, year: YEAR })
    const first = await client.tariff.save({ ...table, proRata: false, mark })
    await client.tariff.save({ ...table, mark: first.mark })
    await enrol(office, [{}, { section: 'B' }, { from: `${YEAR}-01-10` }])
    const asked = { serviceTypeId: quota.id, year: YEAR, date: isoDate('2026-02-01'), dueDate: isoDate('2026-03-31') }
    const raise = async () => {
      const { raise: seen, mark } = await client.quota.preview(asked)
      return outcome(await client.quota.raise({ ...asked, expected: { ...seen, mark } }))
    }
    const { batchId } = await raise()
    await client.quota.undo({ id: batchId, reason: 'Da rifare' })
    const raised = await raise()
    await office.generate()
    clock.moveTo('2026-05-15T09:00:00.000Z' as Instant)
    const scope = { of: { exercise: YEAR }, day: isoDate('2026-05-15') }
    const late = await client.lateFee.preview(scope)
    const asking = { how: 'version' as const, dueDate: isoDate('2026-06-30'), validUntil: isoDate('2026-12-31') }
    const seen = { expectedCents: late.fees.cents, mark: late.mark }
    const applied = await outcome(await client.lateFee.apply({ ...scope, ...asking, ...seen }))
    return {
      raised: { ...raised, batchId: 0 },
      history: (await client.quota.history({ filters: {} })).rows.map((row) => [row.state, row.kept]),
      gaps: (await client.tariff.gaps({ ...table, rows: [], date: asked.date })).gaps,
      words: await client.tariff.words(),
      fees: [late.fees, late.rows[0]?.why],
      applied,
      leftOut: (await client.lateFee.preview(scope)).leftOut,
      equations: await office.context.ledger.read(checkEquations),
    }
  } finally {
    await office.close()
  }
}

const YEAR_TOLD = {
  raised: { batchId: 0, accertamenti: { count: 3, cents: 53_750 }, exercise: YEAR, firstNumber: 4, lastNumber: 6 },
  history: [
    ['raised', '3 quote hanno una posizione'],
    ['undone', 'È già stata disfatta'],
  ],
  gaps: [
    { text: 'Nessuna tariffa per professionista, Albo, da 0 a 16 anni d’iscrizione', people: 2 },
    { text: 'Nessuna tariffa per professionista, Albo, sezione B, 16 anni d’iscrizione', people: 1 },
  ],
  words: { albo: ['Albo'], section: ['B'], status: ['iscritto'] },
  // 10 % of 215,00 twice and of 107,50, and 45 days at 1,6 %: 0,42 twice and 0,21.
  fees: [
    { count: 3, cents: 5_480 },
    '10 % di 215,00 €, oltre 30 giorni, interessi di 45 giorni, dal 01/04/2026 al 15/05/2026: 0,42 €',
  ],
  applied: { fees: { count: 3, cents: 5_480 }, revised: 3, positions: 0, issuanceId: null, leftOut: [] },
  leftOut: [
    { reason: 'Non è scaduta', count: 3 },
    { reason: 'È già una mora', count: 3 },
  ],
  equations: [],
}

describe('a year of tariffs and late fees', () => {
  it('on SQLite', { timeout: 30_000 }, async () => {
    expect(await aYear()).toEqual(YEAR_TOLD)
  })

  it.skipIf(PG_URL === null)('on PostgreSQL', { timeout: 60_000 }, async () => {
    const url = PG_URL as string
    const schema = `tariffe_${process.pid}_${Date.now()}`
    try {
      expect(await aYear({ engine: 'postgres', url, schema, clock: 'program' })).toEqual(YEAR_TOLD)
    } finally {
      const client = new pg.Client({ connectionString: url })
      await client.connect()
      await client.query(`DROP SCHEMA IF EXISTS "${schema}" CASCADE`)
      await client.end()
    }
  })
})
