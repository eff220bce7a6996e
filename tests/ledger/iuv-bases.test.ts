import { expect, test } from 'vitest'
import { instantOf } from '#domain/date'
import { composeNoticeNumber, epochMsOfTick, ticksOf } from '#domain/notice-number'
import { assignIuvBases } from '#ledger/iuv-bases'
import type { WriteHandle } from '#ledger/ledger'
import { onBothEngines } from './support/both-engines.ts'
import { FakeClock } from './support/fake-clock.ts'
import { command, makeOffice } from './support/office.ts'

async function store(db: WriteHandle, bases: readonly number[], at = '2026-02-02T08:00:00.000Z'): Promise<void> {
  const person = await db.selectFrom('person').select('id').executeTakeFirstOrThrow()
  const position = await db
    .insertInto('debtPosition')
    .values({
      personId: person.id,
      issuanceId: null,
      lifecycle: 'issued',
      currentVersion: 1,
      payment: 'unpaid',
      nodeState: null,
      syncState: 'none',
      cancelledAt: null,
      cancelReason: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  for (const base of bases) {
    const number = composeNoticeNumber('01' as never, base)
    await db
      .insertInto('iuvAssignment')
      .values({ ...number, base, origin: 'own', debtPositionId: position.id, at: at as never })
      .execute()
  }
}

onBothEngines('bases of IUVs', (bench) => {
  test('start at the clock, run on, and the commit waits for the last one', async () => {
    const clock = new FakeClock()
    const ledger = await bench.open(clock)
    await makeOffice(ledger)
    const start = ticksOf(clock.epochMs())
    const first = await ledger.write(command(), async (db) => {
      const bases = await assignIuvBases(db, 5000, clock)
      await store(db, bases.slice(-1))
      expect(ticksOf(clock.epochMs())).toBe(start)
      return bases
    })
    expect(first[0]).toBe(start)
    expect(first.at(-1)).toBe(start + 4999)
    expect(clock.epochMs()).toBeGreaterThan(epochMsOfTick(start + 4999))
    const second = await ledger.write(command(), (db) => assignIuvBases(db, 2, clock))
    expect(second).toEqual([start + 5000, start + 5001])
  })

  test('two calls in one write do not overlap', async () => {
    const clock = new FakeClock()
    const ledger = await bench.open(clock)
    await makeOffice(ledger)
    const all = await ledger.write(command(), async (db) => {
      const one = await assignIuvBases(db, 10, clock)
      await store(db, one)
      const two = await assignIuvBases(db, 10, clock)
      await store(db, two)
      return [...one, ...two]
    })
    expect(new Set(all).size).toBe(20)
  })

  test('a number given by a clock once wrong is skipped, not continued', async () => {
    const clock = new FakeClock()
    const ledger = await bench.open(clock)
    await makeOffice(ledger)
    const now = ticksOf(clock.epochMs())
    const future = ticksOf(Date.parse('2031-01-01T00:00:00Z'))
    await ledger.write(command(), (db) => store(db, [future]))
    const bases = await ledger.write(command(), (db) => assignIuvBases(db, 3, clock))
    expect(bases).toEqual([now, now + 1, now + 2])
    clock.ms = epochMsOfTick(future - 1)
    const later = await ledger.write(command(), (db) => assignIuvBases(db, 3, clock))
    expect(later).toEqual([future + 1, future + 2, future + 3])
  })

  test('refused in words while the clock stands behind the journal', async () => {
    const clock = new FakeClock()
    const ledger = await bench.open(clock)
    await makeOffice(ledger)
    clock.ms -= 61_000
    await expect(ledger.write(command(), (db) => assignIuvBases(db, 1, clock))).rejects.toThrow(
      'L’orologio del computer segna 2026-02-02 08:58:59, ma l’ultima registrazione è delle 2026-02-02 09:00:00.',
    )
    clock.ms += 2_000
    expect(
      await ledger.write({ ...command(), at: instantOf(clock.ms) }, (db) => assignIuvBases(db, 1, clock)),
    ).toHaveLength(1)
  })
})
