import { expect, test } from 'vitest'
import { checkEquations } from '#ledger/balances'
import type { Ledger } from '#ledger/ledger'
import { onBothEngines } from './support/both-engines.ts'
import { startChild } from './support/child.ts'
import { command, makeOffice, raise } from './support/office.ts'
import { realClock } from './support/real-clock.ts'

const ROUNDS = 12

async function numbers(ledger: Ledger) {
  return ledger.read(async (db) => ({
    reversali: (await db.selectFrom('reversale').select('number').orderBy('number').execute()).map((r) => r.number),
    accertamenti: (await db.selectFrom('accertamento').select('number').orderBy('number').execute()).map(
      (r) => r.number,
    ),
    bases: (await db.selectFrom('iuvAssignment').select('base').execute()).map((r) => r.base),
  }))
}

onBothEngines('writers beside each other', (bench) => {
  test('two programs: numbers 1…n without gaps, no IUV twice', async () => {
    const ledger = await bench.open(realClock)
    const office = await makeOffice(ledger)
    const args = [JSON.stringify(ledger.target), JSON.stringify(office), String(ROUNDS)]
    const children = [startChild('writer', args), startChild('writer', args)]
    expect(await Promise.all(children.map((child) => child.ended))).toEqual([0, 0])
    const found = await numbers(ledger)
    const expected = Array.from({ length: 2 * ROUNDS }, (_, i) => i + 1)
    expect(found.reversali).toEqual(expected)
    expect(found.accertamenti).toEqual(expected)
    expect(new Set(found.bases).size).toBe(2 * ROUNDS * 20)
    expect(await ledger.read(checkEquations)).toEqual([])
  })

  test('many writes asked at once in one program: one after the other', async () => {
    const ledger = await bench.open()
    const office = await makeOffice(ledger)
    await Promise.all(Array.from({ length: 20 }, () => ledger.write(command(), (db) => raise(db, office, 100))))
    expect((await numbers(ledger)).accertamenti).toEqual(Array.from({ length: 20 }, (_, i) => i + 1))
  })

  test('a write that fails leaves no number behind', async () => {
    const ledger = await bench.open()
    const office = await makeOffice(ledger)
    const failing = ledger.write(command(), async (db) => {
      await raise(db, office, 100)
      throw new Error('stop')
    })
    await expect(failing).rejects.toThrow('stop')
    await ledger.write(command(), (db) => raise(db, office, 100))
    expect((await numbers(ledger)).accertamenti).toEqual([1])
  })
})
