import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { insertMany, reserveIds } from '#ledger/bulk'
import type { WriteHandle } from '#ledger/ledger'
import { onBothEngines } from './support/both-engines.ts'
import { command, makeOffice } from './support/office.ts'

onBothEngines('handles', (bench) => {
  test('a read handle cannot write, whatever its type is told', async () => {
    const ledger = await bench.open()
    const writing = ledger.read((db) =>
      (db as unknown as WriteHandle).insertInto('operator').values({ name: 'x', active: 1 }).execute(),
    )
    await expect(writing).rejects.toThrow(/si può solo leggere|read-only transaction/)
  })

  test('a read sees one snapshot while others write', async () => {
    const ledger = await bench.open()
    await ledger.read(async (db) => {
      const before = await db.selectFrom('operator').select('name').execute()
      const other = new Promise<void>((resolve, reject) => {
        setImmediate(() => {
          ledger
            .write(command(), (w) => w.insertInto('operator').values({ name: 'nuovo', active: 1 }).execute())
            .then(() => resolve(), reject)
        })
      })
      await other
      expect(await db.selectFrom('operator').select('name').execute()).toEqual(before)
    })
    expect(await ledger.read((db) => db.selectFrom('operator').select('name').execute())).toEqual([{ name: 'nuovo' }])
  })

  test('more reads at once than connections', async () => {
    const ledger = await bench.open()
    const counts = await Promise.all(
      Array.from({ length: 30 }, () =>
        ledger.read(async (db) => {
          await new Promise((resolve) => setTimeout(resolve, 2))
          return (await db.selectFrom('revision').select('counter').executeTakeFirstOrThrow()).counter
        }),
      ),
    )
    expect(counts).toEqual(Array(30).fill(0))
  })

  test('closing waits for the reads under way', async () => {
    const ledger = await bench.open()
    const slow = ledger.read(async (db) => {
      await new Promise((resolve) => setTimeout(resolve, 20))
      return db.selectFrom('revision').select('counter').execute()
    })
    await Promise.all([ledger.close(), expect(slow).resolves.toEqual([{ counter: 0 }])])
    await expect(ledger.revision()).rejects.toThrow('the ledger is closed')
  })

  test('the ledger inside its own write is said, not waited for', async () => {
    const ledger = await bench.open()
    await expect(ledger.write(command(), () => ledger.revision())).rejects.toThrow('inside ledger.write')
    await expect(ledger.write(command(), () => ledger.write(command(), async () => 1))).rejects.toThrow(
      'inside ledger.write',
    )
  })

  test('revisions tell each commit and end with the ledger', async () => {
    const ledger = await bench.open()
    const seen: number[] = []
    const following = (async () => {
      for await (const revision of ledger.revisions()) seen.push(revision)
    })()
    await expect.poll(() => seen).toEqual([0])
    await ledger.write(command(), async () => {})
    await expect.poll(() => seen, { interval: 5, timeout: 1000 }).toEqual([0, 1])
    await ledger.close()
    await following
    expect(seen).toEqual([0, 1])
  })

  test('sums and counts are numbers on both engines', async () => {
    const ledger = await bench.open()
    await ledger.read(async (db) => {
      const row = await sql<{
        a: unknown
        b: unknown
      }>`SELECT COUNT(*) AS a, SUM("counter") AS b FROM "revision"`.execute(db as never)
      expect(row.rows).toEqual([{ a: 1, b: 0 }])
    })
  })

  test('bulk rows go in by the batch, whole or not at all', async () => {
    const ledger = await bench.open()
    await makeOffice(ledger)
    const rows = (ids: readonly number[]) =>
      ids.map((id) => ({ id: id as never, name: `op ${id}`, active: 1 as const }))
    const beats: number[] = []
    await ledger.write(command(), async (db) => {
      const ids = await reserveIds(db, 'operator', 450)
      expect(new Set(ids).size).toBe(450)
      await insertMany(db, 'operator', rows(ids), (done) => beats.push(done))
    })
    expect(beats).toEqual([200, 400, 450])
    const stopped = ledger.write(command(), async (db) => {
      const ids = await reserveIds(db, 'operator', 450)
      await insertMany(db, 'operator', rows(ids.map((id) => id + 10_000)), (done) => {
        if (done === 400) throw new Error('annullato')
      })
    })
    await expect(stopped).rejects.toThrow('annullato')
    expect(await ledger.read((db) => db.selectFrom('operator').select('id').execute())).toHaveLength(450)
    await ledger.write(command(), (db) => db.insertInto('operator').values({ name: 'dopo', active: 1 }).execute())
  })
})
