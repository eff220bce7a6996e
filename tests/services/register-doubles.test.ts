import { call } from '@orpc/server'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Id } from '#domain/brand'
import { FakeClock } from '#hosts/clock'
import { person } from '../../src-main/services/person.ts'
import { registerImport } from '../../src-main/services/register-import.ts'
import { workbookFromJson } from '../gallery/workbook-from-json.ts'
import { PG_URL } from '../ledger/support/both-engines.ts'
import { member, type Office, openOffice, type RegisterInput } from './office.ts'

let office: Office
afterEach(() => office?.close())

const ENGINES = PG_URL === null ? ['SQLite'] : ['SQLite', 'PostgreSQL']
const ctx = () => ({ context: office.context })
const pending = async (rows: RegisterInput[], name = 'quote.xlsx') => office.read(await office.write(rows, name))
type Summary = Awaited<ReturnType<typeof pending>>
const rowsOf = async (id: Id<'registerImport'>) =>
  (await call(registerImport.rows, { filters: { importId: id } } as never, ctx())).rows
const letterOf = (summary: Summary, field: string) => summary.columns.find((c) => c.field === field)?.letter as string

/** Writes a cell of the nth row, from 0. */
async function fix(summary: Summary, n: number, field: string, value: string) {
  const rowId = (await rowsOf(summary.id))[n]?.id as never
  return (await call(registerImport.fixCell, { rowId, column: letterOf(summary, field), value }, ctx())).row
}

const refused = (work: Promise<unknown>): Promise<readonly unknown[]> =>
  work.then(
    () => [],
    (error: { data?: { problems?: { code: string; position?: { row?: number } }[] } }) => {
      if (error.data?.problems === undefined) throw error
      return error.data.problems.map((p) => [p.code, p.position?.row])
    },
  )

describe.each(ENGINES)('no quota is dropped in silence · %s', (engine) => {
  let serial = 0
  beforeEach(async () => {
    serial += 1
    const schema = `d_${process.pid}_${Math.floor(performance.now() * 1000)}_${serial}`
    const server = { engine: 'postgres', url: PG_URL ?? '', schema, clock: 'program' } as const
    office = await openOffice(new FakeClock(), engine === 'SQLite' ? undefined : server)
  })

  it('a reference that another row has stays an error whatever else is corrected', async () => {
    const summary = await pending([
      member(1, { externalReference: 'R1' }),
      member(2, { externalReference: 'R1', causale: 'Altro' }),
    ])
    const row = await fix(summary, 1, 'causale', 'Altro ancora')
    expect([row.status, row.problems.map((p) => [p.code, p.params.row])]).toEqual([
      'error',
      [['REFERENCE_DUPLICATE', 2]],
    ])
    expect(await fix(summary, 1, 'externalReference', 'R2')).toMatchObject({ status: 'good', problems: [] })
    expect(await office.confirm(summary.id)).toMatchObject({ accertamenti: { count: 2 }, leftOut: 0 })
  })

  it('one service in two writings is one quota, told when the file is read', async () => {
    const summary = await pending([member(1), member(1, { service: 'Quotà annuale' })])
    expect(summary).toMatchObject({ good: { count: 1 }, error: 1 })
    expect(summary.problems.first.map((p) => [p.code, p.position?.row, p.params.row])).toEqual([
      ['ROW_DUPLICATE', 3, 2],
    ])
  })

  it('a row left out is nobody’s double, and one that comes back is told before anything enters', async () => {
    const summary = await pending([member(1), member(1)])
    expect(summary.error).toBe(1)
    const [first] = await rowsOf(summary.id)
    const leave = (leftOut: boolean) => call(registerImport.leaveOut, { rowIds: [first?.id as never], leftOut }, ctx())
    await leave(true)
    expect(await fix(summary, 1, 'causale', 'Quota di iscrizione 2026')).toMatchObject({ status: 'good' })
    await leave(false)
    expect(await refused(office.confirm(summary.id))).toEqual([['ROW_DUPLICATE', 3]])
    expect((await office.accertamenti()).count).toBe(0)
    await leave(true)
    expect(await office.confirm(summary.id)).toMatchObject({ accertamenti: { count: 1 }, leftOut: 1 })
  })

  it('two cells of one row corrected at once are both corrected', async () => {
    const summary = await pending([member(1, { service: 'Boh', capitolo: '99.9' })])
    await Promise.all([fix(summary, 0, 'service', 'Quota annuale'), fix(summary, 0, 'capitolo', '')])
    expect(await rowsOf(summary.id)).toMatchObject([{ status: 'good', service: 'Quota annuale', capitolo: '' }])
  })

  it('what only one of the rows of a person says is kept', async () => {
    const bare = { email: null, address: null, alboNumber: null, pec: null }
    await office.raise([member(1, { section: 'A' }), member(1, { causale: 'Mora', ...bare })])
    const card = async () => {
      const { rows } = await call(person.list, { filters: {}, search: member(1).fiscalCode } as never, ctx())
      const { contacts, albo } = await call(person.get, { id: rows[0]?.id as never }, ctx())
      const open = contacts.filter((c) => c.validTo === null).map((c) => c.value)
      return { open, albo: albo.map((one) => [one.number, one.section]) }
    }
    expect(await card()).toMatchObject({ open: expect.arrayContaining(['socio1@example.it']), albo: [['A1', 'A']] })
    expect((await card()).open).toHaveLength(2)
    const again = [member(1, { causale: 'C1', email: 'nuova@example.it' }), member(1, { causale: 'C2', ...bare })]
    const { id, differences } = await pending(again, 'altre.xlsx')
    expect(differences.fields).toEqual([{ field: 'email', update: 1, keep: 0 }])
    await office.confirm(id)
    expect((await card()).open).toContain('nuova@example.it')
  })
})

it('a row under merged cells stays wrong until what they hide is written', async () => {
  office = await openOffice()
  const heads = ['Codice fiscale', 'Nominativo', 'Categoria', 'Servizio', 'Anno', 'Causale', 'Importo', 'E-mail']
  const line = (n: number) => {
    const { fiscalCode, name, service, causale, email } = member(n)
    return [fiscalCode, name, 'professionista', service, 2026, causale, 215, n === 1 ? email : '']
  }
  const sheets = [{ name: 'Quote', rows: [heads, line(1), line(2)], merges: ['H2:H3'] }]
  const writer = await office.context.files.create('unite.xlsx', 'application/octet-stream')
  await writer.write(await workbookFromJson({ sheets }))
  const summary = await office.read(await writer.commit())
  expect(await fix(summary, 1, 'causale', 'Altro')).toMatchObject({
    status: 'error',
    problems: [{ code: 'CELL_MERGED' }],
  })
  expect(await fix(summary, 1, 'email', 'socio2@example.it')).toMatchObject({ status: 'good', causale: 'Altro' })
})

describe('what is shown of people is what is done', () => {
  beforeEach(async () => {
    office = await openOffice()
  })
  const differencesOf = async (id: Id<'registerImport'>) => {
    const { rows } = await call(registerImport.differences, { filters: { importId: id } } as never, ctx())
    return rows.flatMap((row) => row.changes.map(({ field, old, new: now, choice }) => [field, old, now, choice]))
  }

  it('a category that is to change shows the albo that changes with it', async () => {
    await office.raise([member(1)])
    const { id } = await pending([member(1, { category: 'praticante', causale: 'Mora' })], 'altre.xlsx')
    expect(await differencesOf(id)).toEqual([['category', 'professionista', 'praticante', 'keep']])
    const set = (choice: 'update' | 'keep') =>
      call(registerImport.setDifferences, { id, choice, fields: ['category'] } as never, ctx())
    expect((await set('update')).fields.map((f) => f.field)).toEqual(['category', 'alboNumber'])
    expect((await set('keep')).fields.map((f) => f.field)).toEqual(['category'])
  })

  it('an archive that changed in between is shown again before anything enters', async () => {
    await office.raise([member(1), member(2)])
    const first = await pending([member(1, { causale: 'C1', email: 'prima@example.it' })], 'a.xlsx')
    const second = await pending([member(1, { causale: 'C2' }), member(2, { causale: 'C2' })], 'b.xlsx')
    expect(await differencesOf(second.id)).toEqual([])
    await office.confirm(first.id)
    expect(await refused(office.confirm(second.id))).toEqual([['IMPORT_PEOPLE_CHANGED', undefined]])
    expect((await office.accertamenti()).count).toBe(3)
    expect(await differencesOf(second.id)).toEqual([['email', 'prima@example.it', 'socio1@example.it', 'update']])
    expect(await office.confirm(second.id)).toMatchObject({ accertamenti: { count: 2 }, updatedPeople: 1 })
  })

  it('a contact that was there before is only closed again by the undo', async () => {
    await office.raise([member(1)])
    const { rows } = await call(person.list, { filters: {}, search: member(1).fiscalCode } as never, ctx())
    const personId = rows[0]?.id as never
    await call(person.saveContact, { personId, kind: 'email', value: 'nuova@example.it' } as never, ctx())
    const { id } = await pending([member(1, { causale: 'Mora' })], 'altre.xlsx')
    await office.confirm(id)
    await call(registerImport.undo, { id, reason: 'file sbagliato' }, ctx())
    const { contacts } = await call(person.get, { id: personId }, ctx())
    const mails = contacts.filter((c) => c.kind === 'email').map((c) => [c.value, c.validTo === null])
    expect(mails.toSorted()).toEqual([
      ['nuova@example.it', true],
      ['socio1@example.it', false],
    ])
  })
})
