import { expect, test } from 'vitest'
import { checkEquations } from '#ledger/balances'
import { onBothEngines } from './support/both-engines.ts'
import { command, credit, makeOffice, post, raise } from './support/office.ts'

/** Wrongs done with the guards switched off: what the equations must see. */
const WRONGS: readonly [string, string, readonly string[]][] = [
  ['E11', 'UPDATE "accertamentoBalance" SET "state" = \'outstanding\'', ['accertamentoBalance']],
  ['E1', 'UPDATE "accertamentoBalance" SET "collectedCents" = 1', ['accertamentoBalance']],
  ['E2', 'UPDATE "movementBalance" SET "availableCents" = "availableCents" + 1', ['movementBalance']],
  ['E3', 'UPDATE "accertamento" SET "assessedCents" = 4999', ['accertamento']],
  ['E4', 'UPDATE "reversale" SET "cents" = 4999', ['reversale']],
  ['E8', 'UPDATE "accertamento" SET "number" = 7 WHERE "number" = 2', ['accertamento']],
]

onBothEngines('the equations', (bench) => {
  test.each(WRONGS)('%s sees: %s', async (equation, wrong, tables) => {
    const ledger = await bench.open()
    const office = await makeOffice(ledger)
    await ledger.write(command(), async (db) => {
      const paid = await raise(db, office, 5000)
      await raise(db, office, 100)
      const money = await credit(db, office.account, 5000)
      await post(db, office, [{ accertamentoId: paid, credit: money, cents: 5000 }])
    })
    expect(await ledger.read(checkEquations)).toEqual([])
    for (const table of tables) {
      if (ledger.target.engine === 'postgres') {
        await bench.raw(ledger, `ALTER TABLE "${table}" DISABLE TRIGGER ALL`)
        continue
      }
      const triggers = await bench.raw(
        ledger,
        `SELECT "name" FROM sqlite_master WHERE "type" = 'trigger' AND "tbl_name" = '${table}'`,
      )
      for (const { name } of triggers) await bench.raw(ledger, `DROP TRIGGER "${name}"`)
    }
    await bench.raw(ledger, wrong)
    expect((await ledger.read(checkEquations)).join('\n')).toContain(`${equation} `)
  })
})
