import { expect, test } from 'vitest'
import { verifyJournal } from '#ledger/journal'
import { onBothEngines } from './support/both-engines.ts'
import { command } from './support/office.ts'

onBothEngines('the journal', (bench) => {
  test('has one row for each write, chained, and finds a row changed behind its back', async () => {
    const ledger = await bench.open()
    for (const name of ['uno', 'due', 'tre', 'quattro']) {
      await ledger.write({ ...command(name), payload: { cents: 1234, testo: 'è «così»' } }, async () => {})
    }
    const rows = await ledger.read((db) => db.selectFrom('journalEntry').selectAll().orderBy('seq').execute())
    expect(rows.map((row) => `${row.seq} ${row.command} ${row.operator}`)).toEqual([
      '1 uno prova',
      '2 due prova',
      '3 tre prova',
      '4 quattro prova',
    ])
    expect(rows[1]?.previousHash).toBe(rows[0]?.hash)
    expect(rows[0]?.payloadJson).toBe('{"cents":1234,"testo":"è «così»"}')
    expect(await ledger.read(verifyJournal)).toBeNull()

    // Someone with the file and a SQL tool can switch the guard off; the chain still tells.
    const [guard] =
      ledger.target.engine === 'sqlite'
        ? ['DROP TRIGGER "journalEntry_update_fixed"']
        : ['ALTER TABLE "journalEntry" DISABLE TRIGGER ALL']
    await bench.raw(ledger, guard as string)
    await bench.raw(ledger, `UPDATE "journalEntry" SET "payloadJson" = '{"cents":9999}' WHERE "seq" = 3`)
    expect(await ledger.read(verifyJournal)).toEqual({ seq: 3, checked: 2 })
    expect((await ledger.health()).journal).toEqual(['La catena del registro attività si rompe alla riga 3.'])
  })

  test('a write that fails writes no row and does not raise the revision', async () => {
    const ledger = await bench.open()
    await ledger.write(command('uno'), async () => {})
    await expect(
      ledger.write(command('due'), async () => {
        throw new Error('stop')
      }),
    ).rejects.toThrow('stop')
    expect(await ledger.revision()).toBe(1)
    expect(await ledger.read((db) => db.selectFrom('journalEntry').select('seq').execute())).toHaveLength(1)
  })
})
