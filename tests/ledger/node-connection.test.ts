import { expect, test } from 'vitest'
import type { IsoDate } from '#domain/date'
import {
  keepNodeAccounts,
  listNodeIbans,
  listNodeStations,
  type NodeSettings,
  readNodeSettings,
  saveNodeSettings,
} from '#ledger/node-connection'
import { readNodeStake, writeEnvironment } from '#ledger/node-environment'
import { onBothEngines } from './support/both-engines.ts'
import { AT, command, makeOffice } from './support/office.ts'

const SETTINGS: NodeSettings = {
  ...{ brokerCode: '80099980254', stationCode: '80099980254_02', activeFrom: '2026-03-01' as IsoDate },
  products: { gpd: true, fdr: false, checkout: true, backoffice: false },
  returnUrls: { ok: 'https://a.example/ok', cancel: 'https://a.example/no', error: 'https://a.example/ko' },
  ...{ autoPublish: true, massiveFrom: 50, receiveEveryMinutes: 0, ioOnPublication: true, ibansCheckedAt: null },
}
const iban = (code: string) => ({
  ...{ iban: code, status: 'ENABLED', validFrom: '2026-01-01' as IsoDate, description: null },
})

onBothEngines('the connection to the node', (bench) => {
  test('each environment is written, read and written over by itself', async () => {
    const ledger = await bench.open()
    const read = (environment: 'uat' | 'production') => ledger.read((db) => readNodeSettings(db, environment))
    const before = await read('production')
    await ledger.write(command(), (db) => saveNodeSettings(db, 'uat', SETTINGS))
    expect(await read('uat')).toEqual(SETTINGS)
    const other = { ...SETTINGS, returnUrls: null, massiveFrom: 2000 }
    await ledger.write(command(), (db) => saveNodeSettings(db, 'uat', other))
    expect(await read('uat')).toEqual(other)
    expect(await read('production')).toEqual(before)
  })

  test('what the Back office says takes the place of what it said, and settings stay', async () => {
    const ledger = await bench.open()
    const station = { stationCode: '80099980254_02', segregationCode: '47', active: 1 as const }
    const said = (ibans: readonly string[]) =>
      ledger.write(command(), (db) =>
        keepNodeAccounts(db, 'uat', {
          ibans: ibans.map(iban),
          stations: [station, { ...station, segregationCode: '' }],
          at: AT,
        }),
      )
    await ledger.write(command(), (db) => saveNodeSettings(db, 'uat', SETTINGS))
    await said(['IT66S0999912100000000012345', 'IT60X0542811101000000123456'])
    await said(['IT60X0542811101000000123456'])
    const rows = await ledger.read(async (db) => ({
      ibans: (await listNodeIbans(db, 'uat')).map((row) => row.iban),
      stations: (await listNodeStations(db, 'uat')).map((row) => row.segregationCode),
      elsewhere: await listNodeIbans(db, 'production'),
      settings: await readNodeSettings(db, 'uat'),
    }))
    expect(rows).toEqual({
      ibans: ['IT60X0542811101000000123456'],
      stations: ['', '47'],
      elsewhere: [],
      settings: { ...SETTINGS, ibansCheckedAt: AT },
    })
  })

  test('half of the return addresses, or a day that is none, is refused by the database, too', async () => {
    const ledger = await bench.open()
    await ledger.write(command(), (db) => saveNodeSettings(db, 'uat', SETTINGS))
    for (const change of [`"returnErrorUrl" = NULL`, `"activeFrom" = 'domani'`, `"massiveFrom" = 0`, `"gpdOn" = 2`]) {
      await expect(bench.raw(ledger, `UPDATE "nodeConnection" SET ${change}`), change).rejects.toThrow()
    }
  })

  test('what is at stake is counted by environment', async () => {
    const ledger = await bench.open()
    await makeOffice(ledger)
    const stake = () => ledger.read((db) => readNodeStake(db, 'uat'))
    expect(await stake()).toEqual({ held: 0, open: 0, inventedReceipts: 0, inventedFlows: 0 })
    await ledger.write(command(), (db) => writeEnvironment(db, 'uat'))
    await bench.raw(
      ledger,
      `INSERT INTO "nodeFlow" ("environment", "flowId", "pspCode", "revision", "published", "versionId", "at") VALUES ('rehearsal', 'F', 'P', 1, NULL, NULL, '${AT}')`,
    )
    // Listed and not yet in the books.
    expect(await stake()).toMatchObject({ inventedFlows: 0 })
  })
})
