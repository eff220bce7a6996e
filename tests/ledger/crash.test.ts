import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { checkEquations } from '#ledger/balances'
import { openLedger } from '#ledger/open-ledger'
import { startChild } from './support/child.ts'
import { silentLog } from './support/fake-clock.ts'
import { makeOffice } from './support/office.ts'
import { realClock } from './support/real-clock.ts'

const TIMES = process.env.QUIETANZA_LONG === '1' ? 50 : 4

/** Moments spread over the child's life, always the same ones. */
const momentMs = (i: number) => 5 + ((i * 7919) % 97)

test(
  `kill -9 in the middle of writes, ${TIMES} times: the ledger reopens clean and loses nothing it committed`,
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'quietanza-crash-'))
    const target = { engine: 'sqlite', file: join(folder, 'ordine.quietanza') } as const
    const tools = { clock: realClock, log: silentLog }
    const first = await openLedger(target, tools)
    const office = await makeOffice(first)
    await first.close()
    const committed = new Set<number>()
    for (let i = 0; i < TIMES; i += 1) {
      const child = startChild('writer', [JSON.stringify(target), JSON.stringify(office), '100000'])
      while (child.lines().length === 0) await sleep(2)
      await sleep(momentMs(i))
      child.process.kill('SIGKILL')
      await child.ended
      for (const line of child.lines()) for (const base of JSON.parse(line).iuvs as number[]) committed.add(base)

      const ledger = await openLedger(target, tools)
      expect(await ledger.health()).toMatchObject({ integrity: [], journal: [], equations: [] })
      const kept = await ledger.read(async (db) => ({
        bases: new Set((await db.selectFrom('iuvAssignment').select('base').execute()).map((row) => row.base)),
        numbers: (await db.selectFrom('reversale').select('number').orderBy('number').execute()).map(
          (row) => row.number,
        ),
      }))
      expect([...committed].filter((base) => !kept.bases.has(base))).toEqual([])
      expect(kept.numbers).toEqual(kept.numbers.map((_, n) => n + 1))
      expect(await ledger.read(checkEquations)).toEqual([])
      await ledger.close()
    }
    expect(committed.size).toBeGreaterThan(TIMES)
    rmSync(folder, { recursive: true, force: true })
  },
  process.env.QUIETANZA_LONG === '1' ? 300_000 : 60_000,
)
