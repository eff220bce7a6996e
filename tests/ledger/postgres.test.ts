import { sql } from 'kysely'
import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { openLedger } from '#ledger/open-ledger'
import { PG_URL } from './support/both-engines.ts'
import { FakeClock, silentLog } from './support/fake-clock.ts'
import { command } from './support/office.ts'

const name = PG_URL ? 'only PostgreSQL' : 'only PostgreSQL (skipped: QUIETANZA_PG_URL is not set)'

describe.skipIf(!PG_URL)(name, () => {
  const url = PG_URL as string
  const drop = async (schema: string) => {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    await client.query(`DROP SCHEMA IF EXISTS "${schema}" CASCADE`)
    await client.end()
  }

  test('two workstations open a new ledger together, and share the server’s clock', async () => {
    const schema = `together_${process.pid}`
    const wrong = new FakeClock('2001-01-01T00:00:00.000Z')
    const open = () => openLedger({ engine: 'postgres', url, schema }, { clock: wrong, log: silentLog })
    const ledgers = await Promise.all([open(), open()])
    try {
      for (const ledger of ledgers) expect(Math.abs(ledger.clock.epochMs() - Date.now())).toBeLessThan(5_000)
      await Promise.all(ledgers.map((ledger) => ledger.write(command(), async () => {})))
      expect(await ledgers[0]?.revision()).toBe(2)
    } finally {
      await Promise.all(ledgers.map((ledger) => ledger.close()))
      await drop(schema)
    }
  })

  test('a number that would be rounded is refused', async () => {
    const schema = `unsafe_${process.pid}`
    const ledger = await openLedger({ engine: 'postgres', url, schema }, { clock: new FakeClock(), log: silentLog })
    try {
      const read = ledger.read((db) => sql`SELECT 9007199254740993::bigint AS "n"`.execute(db as never))
      await expect(read).rejects.toThrow('Il numero 9007199254740993 supera')
    } finally {
      await ledger.close()
      await drop(schema)
    }
  })

  test('one workstation sees what another commits', async () => {
    const schema = `follow_${process.pid}`
    const open = () => openLedger({ engine: 'postgres', url, schema }, { clock: new FakeClock(), log: silentLog })
    const [here, there] = [await open(), await open()]
    try {
      const revisions = here.revisions()[Symbol.asyncIterator]()
      expect((await revisions.next()).value).toBe(0)
      await there.write(command(), async () => {})
      expect((await revisions.next()).value).toBe(1)
    } finally {
      await Promise.all([here.close(), there.close()])
      await drop(schema)
    }
  })
})
