import { expect, test } from 'vitest'
import { glance, keep, keepRead, LedgerMemory, MemoryKey, recall, stillHolds } from '#ledger/ledger-memory'
import { openLedger } from '#ledger/open-ledger'
import { onBothEngines } from './support/both-engines.ts'
import { FakeClock, silentLog } from './support/fake-clock.ts'
import { command } from './support/office.ts'

const KEY = new MemoryKey<string>()

test('what nobody asks for is given back after a while', async () => {
  const memory = new LedgerMemory(30)
  const keepOne = (revision: number) => {
    const loan = memory.lendToWrite({} as never)
    loan.keep(KEY, 'one')
    loan.commit(revision)
  }
  keepOne(1)
  keepOne(2)
  expect(memory.kept.size).toBe(1)
  await expect.poll(() => memory.kept.size, { timeout: 5_000 }).toBe(0)
})

onBothEngines('what a process keeps of a ledger', (bench) => {
  test('is there after the commit of the write that kept it, and of no other', async () => {
    const ledger = await bench.open()
    expect(await ledger.write(command(), (db) => recall(db, KEY))).toBeNull()
    await ledger.write(command(), async (db) => keep(db, KEY, 'one'))
    expect(await ledger.write(command(), (db) => recall(db, KEY))).toEqual({
      value: 'one',
      fresh: true,
      ownWrites: true,
    })
    // Taken out and not kept: a write that forgets it may have changed it.
    expect(await ledger.write(command(), (db) => recall(db, KEY))).toBeNull()
  })

  test('is gone after a write that took it out and failed, and stays when the write never asked for it', async () => {
    const ledger = await bench.open()
    const fail = async () => {
      throw new Error('no')
    }
    await ledger.write(command(), async (db) => keep(db, KEY, 'one'))
    await expect(ledger.write(command(), fail)).rejects.toThrow('no')
    const taken = await ledger.write(command(), async (db) => {
      const known = await recall(db, KEY)
      keep(db, KEY, 'two')
      return known
    })
    expect(taken).toMatchObject({ value: 'one', fresh: true })
    await expect(ledger.write(command(), (db) => recall(db, KEY).then(fail))).rejects.toThrow('no')
    expect(await ledger.write(command(), (db) => recall(db, KEY))).toBeNull()
  })

  test('is old after another write of this process, and foreign after one of another', async () => {
    const ledger = await bench.open()
    const hold = () => ledger.write(command(), async (db) => keep(db, KEY, 'one'))
    const recalled = () => ledger.write(command(), (db) => recall(db, KEY))
    await hold()
    await ledger.write(command(), async () => {})
    expect(await recalled()).toEqual({ value: 'one', fresh: false, ownWrites: true })
    await hold()
    const other = await openLedger(ledger.target, { clock: new FakeClock(), log: silentLog })
    await other.write(command(), async () => {})
    await ledger.write(command(), async () => {})
    expect(await recalled()).toEqual({ value: 'one', fresh: false, ownWrites: false })
    await hold()
    await other.write(command(), async () => {})
    await other.close()
    expect(await recalled()).toEqual({ value: 'one', fresh: false, ownWrites: false })
  })

  test('is shown to reads of the very state that it tells of', async () => {
    const ledger = await bench.open()
    const glanced = () => ledger.read((db) => glance(db, KEY))
    await ledger.write(command(), async (db) => keep(db, KEY, 'one'))
    expect(await glanced()).toBe('one')
    await ledger.write(command(), async (db) => stillHolds(db, KEY))
    expect(await glanced()).toBe('one')
    await ledger.write(command(), async () => {})
    expect(await glanced()).toBeNull()
    await ledger.read((db) => keepRead(db, KEY, 'read'))
    expect(await glanced()).toBe('read')
    const late = await ledger.read(async (db) => {
      await db.selectFrom('revision').select('counter').execute()
      await Promise.resolve()
      return keepRead(db, KEY, 'again').then(() => glance(db, KEY))
    })
    expect(late).toBe('read')
  })
})
