import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Id } from '#domain/brand'
import { addDays, epochMsOf, type Instant, isoDate } from '#domain/date'
import type { FiscalCode } from '#domain/fiscal-code'
import { cents } from '#domain/money'
import { composeNoticeNumber, type SegregationCode } from '#domain/notice-number'
import { seededRandom } from '#hosts/random'
import { insertAccertamenti } from '#ledger/accertamento-raise'
import { checkEquations } from '#ledger/balances'
import { openLedger } from '#ledger/open-ledger'
import { insertIssuance, insertPositions } from '#ledger/position-issue'
import { uniform } from '#services/rehearsal'
import { publishAgain, settle } from '#simulator/node/settle'
import { paySpontaneously } from '#simulator/node/spontaneous'
import { FakeClock, silentLog } from '../ledger/support/fake-clock.ts'
import { RECEIVER, SEGREGATION } from '../services/support/collection-office.ts'
import { IBAN, NodeOffice, PSP, QUOTA } from '../services/support/node-office.ts'
import { live } from './child-life.ts'
import type { Order, Said } from './node-receive-child.ts'

const LONG = process.env.QUIETANZA_LONG === '1'
const PAID = LONG ? 10_000 : 240
const KILLS = LONG ? 20 : 4
const SEED = LONG ? Date.now() % 1_000_000 : 6
const chance = uniform({ random: seededRandom(SEED) })
const NOW = '2026-03-20T08:00:00.000Z' as Instant

let at: NodeOffice
let tmp = ''
let file = ''
let calls = 0
const asked: { paid: number; cents: number; unasked: number; unaskedCents: number } = {
  ...{ paid: 0, cents: 0, unasked: 0, unaskedCents: 0 },
}

/** So many positions, each of one quota, in one write. */
async function issue(count: number): Promise<readonly { readonly iuv: string; readonly cents: number }[]> {
  const { office } = at
  const wanted = Array.from({ length: count }, (_, n) => ({ n, cents: 1_000 + ((n * 37) % 40_000) }))
  const numbered = wanted.map((one) => ({
    ...one,
    ...composeNoticeNumber(SEGREGATION as SegregationCode, 2_000_000 + one.n),
    base: 2_000_000 + one.n,
  }))
  await office.write(async (db) => {
    const { id: personId } = await db
      .insertInto('person')
      .values({
        ...{ kind: 'F', fiscalCode: null, vatNumber: null, name: 'Persona', category: 'professionista' },
        ...{ mergedIntoId: null, searchKey: 'persona' },
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    await insertAccertamenti(
      db,
      numbered.map((one) => ({
        ...{ exercise: 2026, number: one.n + 1, date: isoDate('2026-02-02'), capitoloId: office.quote, personId },
        ...{ serviceTypeId: office.service, competenceYear: 2026, causale: 'Quota 2026', dueDate: null },
        ...{ assessedCents: cents(one.cents), externalReference: null, importRowId: null },
      })),
      () => {},
    )
    const ids = (await db.selectFrom('accertamento').select('id').orderBy('number').execute()).map((row) => row.id)
    const at0 = office.clock.now()
    const issuanceId = await insertIssuance(db, {
      ...{ description: 'Lotto', parametersJson: '{}', at: at0, operator: 'prova' },
    })
    await insertPositions(
      db,
      numbered.map((one, i) => ({
        ...{ personId, description: 'Quota 2026', iupd: `${RECEIVER}-${one.iuv}`, installments: [] },
        single: {
          ...{ dueDate: null, cents: cents(one.cents), iuv: one.iuv, noticeNumber: one.noticeNumber, base: one.base },
          transfers: [
            {
              ...{ idTransfer: 1, cents: cents(one.cents), iban: null, taxonomyCode: QUOTA, remittance: 'Quota' },
              allocations: [{ accertamentoId: ids[i] as Id<'accertamento'>, cents: cents(one.cents) }],
            },
          ],
        },
      })),
      { issuanceId, fiscalCode: RECEIVER as FiscalCode, at: at0, operator: 'prova' },
      () => {},
    )
    await db.updateTable('serviceType').set({ spontaneous: 1 }).where('id', '=', office.service).execute()
  })
  return numbered
}

/** A child fetches; it is killed once the node has heard so many calls more, or ends when all is there. */
function fetchAll(killedAfter: number | null) {
  const { origin, keys, pageUrl } = at.node
  const order: Order = {
    ...{ folder: join(tmp, 'dati'), file, shiftMs: Date.now() - epochMsOf(NOW), node: { origin, keys, pageUrl } },
  }
  const until = calls + (killedAfter ?? 0)
  const death = async (isOver: () => boolean) => {
    while (calls < until && !isOver()) await new Promise((resolve) => setTimeout(resolve, 1))
    await new Promise((resolve) => setTimeout(resolve, chance() * 40))
  }
  return live<Said>('node-receive', order, tmp, killedAfter === null ? null : death)
}

const looked = async <T>(look: (ledger: Awaited<ReturnType<typeof openLedger>>) => Promise<T>): Promise<T> => {
  const ledger = await openLedger({ engine: 'sqlite', file }, { clock: new FakeClock(NOW), log: silentLog })
  try {
    return await look(ledger)
  } finally {
    await ledger.close()
  }
}

/** Each receipt and each revision at most once, whenever the program died; whole at the end. */
function check(whole: boolean): Promise<void> {
  return looked((ledger) =>
    ledger.read(async (db) => {
      const receipts = await db.selectFrom('receipt').select(['iuv', 'iur', 'cents']).execute()
      const there = new Map([...at.node.store.all('paid')].map((paid) => [`${paid.iuv}|${paid.iur}`, paid.cents]))
      expect(new Set(receipts.map((r) => `${r.iuv}|${r.iur}`)).size).toBe(receipts.length)
      for (const r of receipts) expect(there.get(`${r.iuv}|${r.iur}`)).toBe(r.cents)
      const rows = await db
        .selectFrom('reportingFlowVersion as v')
        .innerJoin('reportingFlow as f', 'f.id', 'v.reportingFlowId')
        .innerJoin('flowRow as r', 'r.versionId', 'v.id')
        .select(['f.flowId', 'v.revision', 'v.id', 'r.iuv', 'r.cents'])
        .execute()
      const held = Map.groupBy(rows, (row) => `${row.flowId} ${row.revision}`)
      const published = new Map([...at.node.store.all('flow')].map((flow) => [`${flow.flowId} ${flow.revision}`, flow]))
      for (const [key, of] of held) {
        expect(new Set(of.map((row) => row.id)).size).toBe(1)
        const told = published.get(key)?.rows.map((row) => `${row.iuv} ${row.cents}`)
        expect(of.map((row) => `${row.iuv} ${row.cents}`).sort()).toEqual(told?.sort())
      }
      const raised = await db
        .selectFrom('spontaneous')
        .innerJoin('debtPosition', 'debtPosition.id', 'spontaneous.debtPositionId')
        .select(['debtPosition.id', 'debtPosition.payment'])
        .execute()
      const positions = await db.selectFrom('debtPosition').select('id').execute()
      expect(positions.length).toBe(PAID + raised.length)
      if (whole) {
        expect(receipts.length).toBe(asked.paid + asked.unasked)
        expect(receipts.reduce((sum, r) => sum + r.cents, 0)).toBe(asked.cents + asked.unaskedCents)
        expect([...held.keys()].sort()).toEqual([...published.keys()].sort())
        expect(raised.length).toBe(asked.unasked)
        expect(raised.every((one) => one.payment === 'paid')).toBe(true)
        const states = await db.selectFrom('debtPosition').select('payment').where('payment', '<>', 'paid').execute()
        expect(states).toEqual([])
      }
      expect(await checkEquations(db)).toEqual([])
    }),
  )
}

beforeAll(async () => {
  tmp = mkdtempSync(join(tmpdir(), 'quietanza-receive-'))
  at = await NodeOffice.open()
  const { onExchange } = at.node
  at.node.onExchange = (exchange) => {
    calls += 1
    onExchange?.(exchange)
  }
  const positions = await issue(PAID)
  const day = (n: number) => `${addDays(isoDate('2026-03-01'), n % 14)}T1${n % 9}:0${n % 7}:00.000Z` as Instant
  for (const [n, { iuv, cents: amount }] of positions.entries()) {
    const when = day(n)
    at.pay(iuv, amount, { at: when, day: when.slice(0, 10) as never })
    asked.paid += 1
    asked.cents += amount
    if (n % 50 !== 0) continue
    const debtor = n % 100 === 0 ? { debtor: { kind: 'F' as const, fiscalCode: 'ANONIMO', name: 'ANONIMO' } } : {}
    const paid = paySpontaneously(at.node.store, {
      ...{ creditor: RECEIVER, segregationCode: SEGREGATION as SegregationCode, psp: PSP, at: when, cents: 500 + n },
      ...{ description: 'Diritti di segreteria', category: QUOTA, iban: IBAN, ...debtor },
    })
    asked.unasked += 1
    asked.unaskedCents += paid.cents
  }
  at.goTo(NOW)
  settle(at.node.store, NOW)
  at.node.faults.set([
    { kind: 'serverError', share: 0.012 },
    { kind: 'hangUp', share: 0.012 },
    { kind: 'truncated', share: 0.012 },
    { kind: 'hangUpAfter', share: 0.01 },
    { kind: 'tooMany', share: 0.002, retryAfterSeconds: 1 },
    { kind: 'silent', share: 0.002 },
  ])
  const { target } = at.office.ledger
  file = target.engine === 'sqlite' ? target.file : ''
  await at.office.ledger.close()
}, 600_000)
afterAll(async () => {
  await at.close()
  rmSync(tmp, { recursive: true, force: true })
})

test(
  `${PAID} payments come back once over a node that fails one call in twenty, killed ${KILLS} times (seed ${SEED})`,
  async () => {
    let interrupted = 0
    // Spread over the whole work: a call for each payment and some more.
    const most = ((PAID * 1.1) / KILLS) * 0.8
    for (let i = 0; i < KILLS; i += 1) {
      const life = await fetchAll(Math.ceil(most * (0.4 + 0.6 * chance()))).catch((error: unknown) => {
        // All was there before its hour came.
        if (String(error).includes('child ended with 0')) return null
        throw error
      })
      if (life?.interrupted) interrupted += 1
      await check(false)
    }
    expect(interrupted).toBeGreaterThan(KILLS / 2)
    await fetchAll(null)
    await check(true)
    // Some flows are published again: their last revision, and those before it, are versions beside the others.
    const flows = [...at.node.store.all('flow')]
    const later = '2026-03-20T08:30:00.000Z' as Instant
    const latest = '2026-03-20T08:40:00.000Z' as Instant
    at.goTo(latest)
    for (const [n, flow] of flows.entries()) {
      if (n % 3 !== 0) continue
      const second = publishAgain(at.node.store, flow, later)
      if (n % 2 === 0) publishAgain(at.node.store, second, latest, true)
    }
    const killed = await fetchAll(3).catch(() => null)
    await check(false)
    expect(killed === null || killed.interrupted).toBe(true)
    await fetchAll(null)
    await check(true)
    console.info(
      `${asked.paid + asked.unasked} receipts, ${[...at.node.store.all('flow')].length} revisions, ${calls} calls, ${interrupted} lives cut`,
    )
  },
  LONG ? 1_800_000 : 120_000,
)
