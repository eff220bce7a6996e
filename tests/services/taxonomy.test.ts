import { call } from '@orpc/server'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ORDER_TAXONOMY } from '#domain/taxonomy'
import { dashboard } from '../../src-main/services/dashboard.ts'
import { debtPosition } from '../../src-main/services/debt-position.ts'
import { serviceType } from '../../src-main/services/institution.ts'
import { nodePosition } from '../../src-main/services/node-position.ts'
import { taxonomy } from '../../src-main/services/taxonomy.ts'
import { PG_URL } from '../ledger/support/both-engines.ts'
import { FakeClock } from '../ledger/support/fake-clock.ts'
import { generation, member, type Office, openOffice, YEAR } from './office.ts'
import { ordersTaxonomy, taxonomyCsv, taxonomyJson, taxonomyRow } from './support/taxonomy-files.ts'

let serial = 0
const onServer = () => {
  serial += 1
  const schema = `x_${process.pid}_${serial}`
  return { engine: 'postgres' as const, url: PG_URL as string, schema, clock: 'program' as const }
}

const ENGINES = [
  { name: 'SQLite', open: () => openOffice() },
  { name: 'PostgreSQL', open: () => openOffice(new FakeClock('2026-03-12T07:00:00.000Z'), onServer()) },
] as const

describe.each(ENGINES)('taxonomy · $name', ({ name, open }) => {
  const skipped = name === 'PostgreSQL' && !PG_URL
  if (skipped) console.warn('taxonomy on PostgreSQL is skipped: QUIETANZA_PG_URL is not set')
  const test = skipped ? it.skip : it
  let office: Office
  beforeEach(async () => {
    if (!skipped) office = await open()
  })
  afterEach(async () => {
    if (!skipped) await office.close()
  })

  const options = () => ({ context: office.context })
  async function upload(bytes: Uint8Array, as = 'tassonomia.json') {
    const writer = await office.context.files.create(as, 'application/json')
    await writer.write(bytes)
    return writer.commit()
  }
  const preview = async (bytes: Uint8Array, as?: string) => {
    const token = await upload(bytes, as)
    return { token, ...(await call(taxonomy.preview, { token }, options())) }
  }
  async function takeUp(bytes: Uint8Array) {
    const { token, stamp } = await preview(bytes)
    return call(taxonomy.confirm, { token, stamp }, options())
  }
  const todo = async () =>
    (await call(dashboard.get, { exercise: YEAR }, options())).todo.find(({ kind }) => kind === 'taxonomy')

  test('begins with the codes of the orders, then is what the file says', async () => {
    expect(await call(taxonomy.status, undefined, options())).toEqual({ file: null, codes: 12, expired: 0 })
    const other = taxonomyRow({ type: '08', service: '200', reason: 'AP', name: 'Altro ente' })
    const shown = await preview(taxonomyJson([...ordersTaxonomy({ '105': null }), other]))
    expect(shown).toMatchObject({
      ...{ fileName: 'tassonomia.json', version: 90, codes: 12, older: false, same: false },
      counts: { new: 1, changed: 0, expired: 0, gone: 1 },
    })
    expect(shown.rows.map(({ kind, code }) => [kind, code])).toEqual([
      ['gone', '9/0401105TS/'],
      ['new', '9/0801200AP/'],
    ])
    // Looking writes nothing.
    expect((await call(taxonomy.status, undefined, options())).file).toBeNull()
    const { token, stamp } = shown
    expect(await call(taxonomy.confirm, { token, stamp }, options())).toMatchObject({
      file: { name: 'tassonomia.json', version: 90 },
      codes: 12,
    })
    // A second click finds that it is done.
    await expect(call(taxonomy.confirm, { token, stamp }, options())).rejects.toMatchObject({
      data: { problems: [{ code: 'TAXONOMY_MOVED' }] },
    })
    const again = await preview(taxonomyJson([...ordersTaxonomy({ '105': null }), other]))
    expect(again).toMatchObject({ same: true, counts: { new: 0, changed: 0, expired: 0, gone: 0 } })
    const csv = await preview(taxonomyCsv(ordersTaxonomy({ '101': { name: 'Cambiato', version: '89' } })), 't.csv')
    expect(csv).toMatchObject({ version: 90, counts: { new: 1, changed: 1, gone: 1 } })
    const found = async (text: string, ordersOnly: boolean) =>
      (await call(taxonomy.search, { text, ordersOnly }, options())).rows.map(({ code, state }) => [code, state])
    expect(await found('altro ente', false)).toEqual([['9/0801200AP/', 'valid']])
    expect(await found('altro ente', true)).toEqual([])
    expect(await found('0401105', true)).toEqual([['9/0401105TS/', 'gone']])
  })

  test('a broken file changes nothing', async () => {
    const token = await upload(taxonomyJson(ordersTaxonomy({ '107': { from: '31/01/2026' } })))
    const refusal = { data: { problems: [{ code: 'TAXONOMY_DATE', file: 'tassonomia.json' }] } }
    await expect(call(taxonomy.preview, { token }, options())).rejects.toMatchObject(refusal)
    await expect(call(taxonomy.confirm, { token, stamp: '' }, options())).rejects.toMatchObject(refusal)
    expect((await call(taxonomy.status, undefined, options())).file).toBeNull()
  })

  test('an expired code is told wherever it is used; what was issued keeps it', async () => {
    await office.raise([member(1), member(2)])
    const before = await call(debtPosition.generationPreview, generation(), options())
    expect(before.warnings).toEqual([])
    expect(await todo()).toBeUndefined()
    await office.generate()
    const status = await takeUp(taxonomyJson(ordersTaxonomy({ '107': { to: '12/31/2025' } })))
    expect(status).toMatchObject({ codes: 12, expired: 1 })
    const [used] = await call(taxonomy.wrong, undefined, options())
    expect(used).toMatchObject({
      code: ORDER_TAXONOMY.quotaAlbo,
      state: 'expired',
      validTo: '2025-12-31',
      openPositions: 2,
    })
    expect(used?.types.length).toBeGreaterThan(0)
    expect(await todo()).toMatchObject({ text: expect.stringContaining('2 posizioni aperte') })
    const selection = { ids: (await office.positions()).rows.map((row) => row.id) }
    const published = await call(nodePosition.publishPreview, { selection }, options())
    expect(published.count).toBe(2)
    expect(published.problems.map(({ code, severity }) => [code, severity])).toEqual([
      ['TAXONOMY_NOT_IN_FORCE', 'warning'],
    ])
    await office.raise([member(3)])
    const { warnings } = await call(debtPosition.generationPreview, generation(), options())
    expect(warnings).toMatchObject([{ code: 'TAXONOMY_NOT_IN_FORCE', severity: 'warning' }])
    // Another code for the type: what was issued is what it was.
    const types = await call(serviceType.list, undefined, options())
    for (const type of types.filter((one) => one.taxonomyCode === ORDER_TAXONOMY.quotaAlbo)) {
      await call(serviceType.save, { ...type, taxonomyCode: ORDER_TAXONOMY.contributiVari }, options())
    }
    const after = await call(taxonomy.wrong, undefined, options())
    expect(after.find(({ code }) => code === ORDER_TAXONOMY.quotaAlbo)).toMatchObject({ types: [], openPositions: 2 })
    const transfers = await office.context.ledger.read((db) =>
      db.selectFrom('transfer').select('taxonomyCode').execute(),
    )
    expect(new Set(transfers.map((one) => one.taxonomyCode))).toEqual(new Set([ORDER_TAXONOMY.quotaAlbo]))
    expect(await call(taxonomy.check, { codes: ['8/0401107TS/PROPRIO'] }, options())).toMatchObject([
      { state: 'expired' },
    ])
  })
})
