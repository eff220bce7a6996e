import { call } from '@orpc/server'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Id } from '#domain/brand'
import { cents } from '#domain/money'
import type { FileToken } from '#domain/ports'
import type { RegisterMapping } from '#domain/register-mapping'
import { FakeClock } from '#hosts/clock'
import { registerImport } from '../../src-main/services/register-import.ts'
import { PG_URL } from '../ledger/support/both-engines.ts'
import { member, members, type Office, openOffice, outcome, type RegisterInput } from './office.ts'

type ImportId = Id<'registerImport'>

let office: Office
afterEach(() => office?.close())
const ctx = () => ({ context: office.context })

const read = async (token: FileToken, more: { mapping?: RegisterMapping; after?: ImportId } = {}) =>
  outcome(await call(registerImport.read, { token, ...more }, ctx()))
const rowsOf = async (importId: ImportId) => (await call(registerImport.rows, { filters: { importId } }, ctx())).rows
const rowOf = async (importId: ImportId, row: number) => (await rowsOf(importId)).find((one) => one.row === row)
const AMOUNT = 'Q'
const SERVICE = 'N'
async function fix(importId: ImportId, row: number, column: string, value: string) {
  const rowId = (await rowOf(importId, row))?.id as Id<'importRow'>
  return (await call(registerImport.fixCell, { rowId, column, value }, ctx())).row
}
async function leaveOut(importId: ImportId, row: number) {
  const rowIds = [(await rowOf(importId, row))?.id as Id<'importRow'>]
  await call(registerImport.leaveOut, { rowIds, leftOut: true }, ctx())
}

/** Rows 2 to 5 of the sheet; rows 3 and 4 name a service that is not there. */
const wrong = { service: 'Quota anuale' }
const FILE: RegisterInput[] = [member(1), member(2, wrong), member(3, wrong), member(4)]

describe.each(PG_URL === null ? ['SQLite'] : ['SQLite', 'PostgreSQL'])('a file that waits · %s', (engine) => {
  let serial = 0
  beforeEach(async () => {
    serial += 1
    const schema = `a_${process.pid}_${Math.floor(performance.now() * 1000)}_${serial}`
    const server = { engine: 'postgres', url: PG_URL ?? '', schema, clock: 'program' } as const
    office = await openOffice(new FakeClock(), engine === 'SQLite' ? undefined : server)
  })

  it('read again keeps what was corrected, left out and ticked while its import waited, as often as it is read', async () => {
    await office.raise([member(4)])
    const token = await office.write(FILE)
    const first = await read(token)
    expect(first).toMatchObject({ error: 2, already: 1, carried: null })
    await fix(first.id, 3, SERVICE, 'Quota annuale')
    await fix(first.id, 3, AMOUNT, '99,50')
    await leaveOut(first.id, 4)
    await call(registerImport.tick, { rowIds: [(await rowOf(first.id, 5))?.id as never], ticked: true }, ctx())
    const again = await read(token)
    expect(again).toMatchObject({
      ...{ state: 'pending', error: 0, leftOut: 1, good: { count: 2 }, already: 1, accertamenti: { count: 3 } },
      carried: { cells: 2, rows: 2, choices: 0, lost: [], lostChoices: 0 },
    })
    expect(await rowOf(again.id, 3)).toMatchObject({ status: 'good', amountCents: 9950, service: 'Quota annuale' })
    await fix(again.id, 3, AMOUNT, '88,00')
    const third = await read(token)
    expect(third.carried).toMatchObject({ cells: 2, rows: 2, lost: [] })
    expect(await office.confirm(third.id)).toMatchObject({ accertamenti: { count: 3 } })
    expect((await office.accertamenti()).rows.map((row) => row.dueCents)).toContain(8800)
    const settings = await office.context.ledger.read((db) => db.selectFrom('setting').selectAll().execute())
    expect(settings.filter(({ key, valueJson }) => key.endsWith('.fixed') || valueJson.includes('carried'))).toEqual([])
  })

  it('says nothing of a correction that was taken back, nor of one before an import was left', async () => {
    const token = await office.write(FILE)
    const { id } = await read(token)
    await fix(id, 3, SERVICE, 'Quota annuale')
    await fix(id, 3, SERVICE, wrong.service)
    expect(await read(token)).toMatchObject({ error: 2, carried: null })
    const waiting = await read(token)
    await fix(waiting.id, 3, SERVICE, 'Quota annuale')
    await call(registerImport.discard, { id: waiting.id }, ctx())
    expect(await read(token)).toMatchObject({ error: 2, carried: null })
  })

  it('names what no longer fits when the columns are read otherwise', async () => {
    const token = await office.write(FILE)
    const { mapping } = await call(registerImport.look, { token }, ctx())
    const { id, columns } = await read(token, { mapping })
    const due = columns.find((column) => column.field === 'dueDate')?.letter as string
    await fix(id, 2, due, '03/04/2026')
    await fix(id, 3, SERVICE, 'Quota annuale')
    await fix(id, 4, AMOUNT, '77,00')
    const { amount: _amount, ...fields } = mapping.fields
    const other = { kind: 'constant', text: '10,00' } as const
    const again = await read(token, { mapping: { ...mapping, dateForm: 'mdy', fields: { ...fields, amount: other } } })
    expect(again.carried).toEqual({
      ...{ cells: 1, rows: 0, choices: 0, lostChoices: 0 },
      lost: [
        { what: 'cell', row: 2, column: due, value: '03/04/2026' },
        { what: 'cell', row: 4, column: AMOUNT, value: '77,00' },
      ],
    })
    expect(await rowOf(again.id, 3)).toMatchObject({ service: 'Quota annuale' })
  })

  it('finds the rows of the next version again where they read as they did, wherever they stand', async () => {
    const { id } = await read(await office.write(FILE))
    await fix(id, 3, SERVICE, 'Quota annuale')
    await fix(id, 4, SERVICE, 'Quota annuale')
    await fix(id, 2, AMOUNT, '55,00')
    await leaveOut(id, 5)
    const next = [member(9), member(1), member(2, wrong), member(3, { ...wrong, amountCents: cents(12_300) })]
    const again = await read(await office.write([...next, member(4)], 'quote-2.xlsx'), { after: id })
    expect(again.carried).toEqual({
      ...{ cells: 2, rows: 1, choices: 0, lostChoices: 0 },
      lost: [{ what: 'cell', row: 4, column: SERVICE, value: 'Quota annuale' }],
    })
    const seen = (await rowsOf(again.id)).map((row) => [row.row, row.status, row.leftOut, row.amountCents])
    expect(seen.map(([row, status, leftOut]) => [row, status, leftOut])).toEqual([
      [2, 'good', false],
      [3, 'good', false],
      [4, 'good', false],
      [5, 'error', false],
      [6, 'good', true],
    ])
    expect(seen[1]?.[3]).toBe(5500)
    expect((await call(registerImport.get, { id }, ctx())).state).toBe('pending')
    expect(await read(await office.write(FILE, 'altra.xlsx'))).toMatchObject({ carried: { cells: 3, rows: 1 } })
  })

  it('finds rows by the texts of their cells, never by what the archive calls them', async () => {
    const rows = [
      member(1, { pec: 'studio@pec.example', capitolo: null }),
      member(2, { service: 'Quota "anuale"', causale: 'Anno 2026, nulla', amountCents: cents(7_750) }),
      member(3),
    ]
    const { id } = await read(await office.write(rows))
    const found = async (search: string) => {
      const input = { filters: { importId: id }, search }
      return (await call(registerImport.rows, input, ctx())).rows.map((row) => row.row)
    }
    expect(await found('')).toEqual([2, 3, 4])
    expect(await found('PEC')).toEqual([2])
    for (const name of ['fiscalCode', 'fiscal', 'amount', 'sheet', 'vatNumber', '":', 'quote', 'stree']) {
      expect([name, await found(name)]).toEqual([name, []])
    }
    expect(await found('null')).toEqual([3])
    expect(await found('"anuale"')).toEqual([3])
    expect(await found(member(3).fiscalCode.toLowerCase())).toEqual([4])
    expect(await found('77,50')).toEqual([3])
    expect(await found('31/03/2026')).toEqual([2, 3, 4])
  })

  it('read again keeps what was chosen of people, where the file says the same of them', async () => {
    await office.raise(members(3))
    const changed = (n: number) =>
      member(n, { name: `Rinominata ${n}`, email: `nuova${n}@example.it`, causale: 'Mora' })
    const token = await office.write([changed(0), changed(1)])
    const { id, differences } = await read(token)
    expect(differences).toMatchObject({ people: 2, update: 2, keep: 2 })
    await call(registerImport.setDifferences, { id, fields: ['name'], choice: 'update' }, ctx())
    await call(registerImport.setDifferences, { id, fields: ['email'], choice: 'keep' }, ctx())
    const again = await read(token)
    expect(again.differences.fields).toEqual([
      { field: 'name', update: 2, keep: 0 },
      { field: 'email', update: 0, keep: 2 },
    ])
    expect(again.carried).toMatchObject({ cells: 0, rows: 0, choices: 4, lostChoices: 0 })
    const next = await office.write([changed(0), { ...changed(1), email: 'altra@example.it' }], 'dopo.xlsx')
    const after = await read(next, { after: again.id })
    expect(after.carried).toMatchObject({ choices: 3, lostChoices: 1 })
    expect(after.differences.fields[1]).toEqual({ field: 'email', update: 1, keep: 1 })
  })
})
