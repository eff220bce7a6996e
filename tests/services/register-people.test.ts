import { call } from '@orpc/server'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Id } from '#domain/brand'
import { formatDate, type IsoDate } from '#domain/date'
import { FakeClock } from '#hosts/clock'
import { PERSON_NAMED_IN } from '#ledger/import-effect'
import { statements0001 } from '../../migrations/0001-books.ts'
import { statements0002 } from '../../migrations/0002-notice-style.ts'
import { statements0003 } from '../../migrations/0003-delivery.ts'
import { statements0004 } from '../../migrations/0004-reconciliation.ts'
import { statements0005 } from '../../migrations/0005-register-and-positions.ts'
import { person } from '../../src-main/services/person.ts'
import { registerImport } from '../../src-main/services/register-import.ts'
import { PG_URL } from '../ledger/support/both-engines.ts'
import { member, members, type Office, openOffice, outcome, type RegisterInput } from './office.ts'

let office: Office
afterEach(() => office?.close())

/** Opens an office on this engine before each test of the block. */
function officeOn(engine: string): void {
  let serial = 0
  beforeEach(async () => {
    serial += 1
    const schema = `r_${process.pid}_${Math.floor(performance.now() * 1000)}_${serial}`
    const server = { engine: 'postgres', url: PG_URL ?? '', schema, clock: 'program' } as const
    office = await openOffice(new FakeClock(), engine === 'SQLite' ? undefined : server)
  })
}
const ENGINES = PG_URL === null ? ['SQLite'] : ['SQLite', 'PostgreSQL']

type ImportId = Id<'registerImport'>
const ctx = () => ({ context: office.context })
const pending = async (rows: RegisterInput[], name = 'albo.xlsx') => office.read(await office.write(rows, name))
const differences = (importId: ImportId, more: object = {}, search = '') =>
  call(registerImport.differences, { filters: { importId, ...more }, search }, ctx())
const choose = (id: ImportId, choice: 'update' | 'keep', more: object = {}) =>
  call(registerImport.setDifferences, { id, choice, ...more }, ctx())
const preview = (id: ImportId) => call(registerImport.undoPreview, { id }, ctx())
const undo = (id: ImportId) => call(registerImport.undo, { id, reason: 'file sbagliato' }, ctx())

async function cardOf(n: number) {
  const { fiscalCode } = member(n)
  const list = await call(person.list, { filters: {}, search: fiscalCode } as never, ctx())
  const card = await call(person.get, { id: list.rows[0]?.id as never }, ctx())
  const open = card.contacts.filter((c) => c.validTo === null)
  return {
    id: card.person.id,
    name: card.person.name,
    category: card.person.category,
    vatNumber: card.person.vatNumber,
    open: Object.fromEntries(open.map((c) => [c.kind, c.value])),
    albo: card.albo.map((entry) => entry.number),
  }
}

/** The same member in a later list: moved, married, with a VAT number and another number in the albo. */
const later = (n: number, more: Partial<RegisterInput> = {}) =>
  member(n, {
    name: `Rinominata ${n}`,
    vatNumber: '00743110157',
    email: `nuova${n}@example.it`,
    alboNumber: `B${n}`,
    causale: 'Mora 2026',
    ...more,
  })

describe.each(ENGINES)('what a later file says of known people · %s', (engine) => {
  officeOn(engine)

  it('is shown field by field before anything changes, names kept and contacts updated unless chosen', async () => {
    await office.raise(members(3))
    const {
      id,
      differences: sums,
      newPeople,
    } = await pending([later(1), member(2, { causale: 'Mora 2026' }), later(9)])
    expect(newPeople).toBe(1)
    expect(sums).toEqual({
      people: 1,
      update: 3,
      keep: 1,
      fields: [
        { field: 'name', update: 0, keep: 1 },
        { field: 'vatNumber', update: 1, keep: 0 },
        { field: 'email', update: 1, keep: 0 },
        { field: 'alboNumber', update: 1, keep: 0 },
      ],
    })
    const { rows, count } = await differences(id)
    expect(count).toBe(1)
    expect(rows[0]).toMatchObject({ name: 'D’Albarosa 00001 Zita', row: 2 })
    expect(rows[0]?.changes).toEqual([
      { field: 'name', old: 'D’Albarosa 00001 Zita', new: 'Rinominata 1', choice: 'keep' },
      { field: 'vatNumber', old: null, new: '00743110157', choice: 'update' },
      { field: 'email', old: 'socio1@example.it', new: 'nuova1@example.it', choice: 'update' },
      { field: 'alboNumber', old: 'A1', new: 'B1', choice: 'update' },
    ])
    expect((await cardOf(1)).open.email).toBe('socio1@example.it')
    expect(await office.confirm(id)).toMatchObject({ people: 1, updatedPeople: 1, accertamenti: { count: 3 } })
    const card = await cardOf(1)
    expect(card).toMatchObject({ name: 'D’Albarosa 00001 Zita', vatNumber: '00743110157' })
    expect(card.open).toMatchObject({ email: 'nuova1@example.it', address: 'Via dei Platani 2, 09124 Cagliari (CA)' })
    expect(card.albo).toContain('B1')
  })

  it('is chosen for all, for one field, for one person', async () => {
    await office.raise(members(4))
    const { id } = await pending([later(1), later(2, { vatNumber: null }), later(3, { vatNumber: null })])
    const two = (await differences(id, {}, '00002')).rows[0]?.personId as Id<'person'>
    expect(await choose(id, 'keep')).toMatchObject({ people: 3, update: 0, keep: 10 })
    expect(await choose(id, 'update', { fields: ['name'] })).toMatchObject({ update: 3 })
    expect(await choose(id, 'keep', { fields: ['name'], personIds: [two] })).toMatchObject({ update: 2 })
    expect((await differences(id, { field: ['name'], choice: 'keep' })).rows.map((row) => row.personId)).toEqual([two])
    await office.confirm(id)
    expect(await cardOf(1)).toMatchObject({
      name: 'Rinominata 1',
      vatNumber: null,
      open: { email: 'socio1@example.it' },
    })
    expect((await cardOf(2)).name).toBe('D’Albarosa 00002 Zita')
    expect((await cardOf(3)).name).toBe('Rinominata 3')
  })

  it('says nothing of capitals, blanks and accents, nor of empty cells', async () => {
    await office.raise([member(1)])
    const same = member(1, {
      ...{ name: 'D’ALBAROSA 00001 ZITA', email: 'SOCIO1@example.it', alboNumber: null },
      ...{ address: null, causale: 'Mora 2026' },
    })
    expect((await pending([same])).differences).toMatchObject({ people: 0 })
  })

  it('changes nothing of people left out, and everything again when they are taken in', async () => {
    await office.raise(members(3))
    const { id } = await pending([later(1), later(2, { vatNumber: null })])
    const rows = await call(registerImport.rows, { filters: { importId: id } } as never, ctx())
    const rowId = rows.rows.find((row) => row.name === 'Rinominata 1')?.id as Id<'importRow'>
    await choose(id, 'update', { fields: ['name'] })
    const out = await call(registerImport.leaveOut, { rowIds: [rowId], leftOut: true }, ctx())
    expect(out).toMatchObject({ leftOut: 1, accertamenti: { count: 1 }, differences: { people: 1 } })
    const again = await call(registerImport.leaveOut, { rowIds: [rowId], leftOut: false }, ctx())
    expect(again).toMatchObject({ leftOut: 0, accertamenti: { count: 2 }, differences: { people: 2 } })
    await call(registerImport.leaveOut, { rowIds: [rowId], leftOut: true }, ctx())
    expect(await office.confirm(id)).toMatchObject({ accertamenti: { count: 1 }, updatedPeople: 1, leftOut: 1 })
    expect(await cardOf(1)).toMatchObject({ name: 'D’Albarosa 00001 Zita', open: { email: 'socio1@example.it' } })
    expect((await cardOf(2)).name).toBe('Rinominata 2')
  })

  it('counts a row left out with none of the others: an error left out stops nothing', async () => {
    const { id, error } = await pending([member(1), member(2, { service: 'Quota inventata' }), member(3)])
    expect(error).toBe(1)
    const { rows } = await call(registerImport.rows, { filters: { importId: id } } as never, ctx())
    const rowIds = rows.filter((row) => row.row !== 2).map((row) => row.id)
    const out = await call(registerImport.leaveOut, { rowIds, leftOut: true }, ctx())
    expect(out).toMatchObject({ rows: 3, good: { count: 1 }, error: 0, leftOut: 2, problems: { total: 0 } })
    expect(await office.confirm(id)).toMatchObject({ accertamenti: { count: 1 }, leftOut: 2 })
  })

  it('follows a corrected cell, and forgets a person whom the row no longer names', async () => {
    await office.raise(members(3))
    const { id, columns } = await pending([later(1), later(2, { vatNumber: null })])
    const letter = (field: string) => columns.find((c) => c.field === field)?.letter as string
    const { rows } = await call(registerImport.rows, { filters: { importId: id } } as never, ctx())
    const first = rows.find((row) => row.name === 'Rinominata 1')?.id as Id<'importRow'>
    const fix = (field: string, value: string) =>
      call(registerImport.fixCell, { rowId: first, column: letter(field), value }, ctx())
    await choose(id, 'update', { fields: ['name'] })
    await fix('email', 'altra@example.it')
    const one = (await differences(id)).rows.find((row) => row.changes.some((c) => c.new === 'altra@example.it'))
    expect(one?.changes.find((c) => c.field === 'name')?.choice).toBe('update')
    const moved = await fix('fiscalCode', member(7).fiscalCode)
    expect(moved.summary).toMatchObject({ newPeople: 1, differences: { people: 1 } })
  })

  it('enters even when every quota is already in the books', async () => {
    await office.raise(members(2))
    const { id, already } = await pending([member(0, { email: 'x@example.it' }), member(1)])
    expect(already).toBe(2)
    expect(await office.confirm(id)).toMatchObject({ accertamenti: { count: 0 }, exercise: null, updatedPeople: 1 })
    expect((await cardOf(0)).open.email).toBe('x@example.it')
  })
})

describe.each(ENGINES)('undoing an import · %s', (engine) => {
  officeOn(engine)

  it('gives people back as they were, and says what stays and why', async () => {
    await office.raise(members(2))
    const before = [await cardOf(0), await cardOf(1)]
    const { id } = await pending([later(0), later(1, { vatNumber: null }), later(5, { vatNumber: null })])
    await choose(id, 'update')
    await office.confirm(id)
    await call(
      person.saveContact,
      { personId: before[1]?.id as Id<'person'>, kind: 'email', value: 'a.mano@example.it' },
      ctx(),
    )
    const seen = await preview(id)
    expect(seen).toMatchObject({
      undoable: true,
      accertamenti: { count: 3 },
      people: { removed: 0, restored: 2 },
      contacts: { reopened: 1 },
      alboEntries: { removed: 3, reopened: 2 },
    })
    expect(seen.stays.first.map((stay) => [stay.what, stay.why]).sort()).toEqual([
      ['contact', 'changed'],
      ['person', 'dues'],
    ])
    await undo(id)
    expect(await cardOf(0)).toEqual(before[0])
    const second = await cardOf(1)
    expect(second).toMatchObject({ name: before[1]?.name, albo: before[1]?.albo })
    expect(second.open.email).toBe('a.mano@example.it')
    expect((await cardOf(5)).open).toEqual({})
  })

  it('is refused with the reason once something was issued', async () => {
    const { id } = await office.raise(members(2))
    await office.generate()
    expect(await preview(id)).toMatchObject({
      undoable: false,
      whyNot: [{ code: 'IMPORT_IN_USE', params: { issued: 2 } }],
    })
    const history = await call(registerImport.history, { filters: {} } as never, ctx())
    expect(history.rows[0]).toMatchObject({ undoable: false, whyNot: [{ code: 'IMPORT_IN_USE' }] })
  })
})

describe.each(ENGINES)('a file of people alone · %s', (engine) => {
  officeOn(engine)

  const HEADINGS = ['CF', 'Nominativo', 'Tipo', 'Matricola', 'Sezione', 'Telefono', 'Mail', 'IBAN', 'Iscritto dal']
  const FIELDS = [
    ...(['fiscalCode', 'name', 'category', 'alboNumber', 'section', 'phone', 'email', 'iban'] as const),
    'enrolmentDate' as const,
  ]
  const mapping = {
    ...({ purpose: 'people', sheet: null, headerRow: 1, encoding: null, separator: ';', skip: [] } as const),
    ...({ amountForm: 'comma', dateForm: 'dmy' } as const),
    fields: Object.fromEntries(
      FIELDS.map((field, i) => {
        const columns = [{ heading: HEADINGS[i] as string, letter: String.fromCharCode(65 + i) }]
        return [field, { kind: 'columns' as const, columns, translations: [], otherwise: null }]
      }),
    ),
  }
  async function peopleOf(...lines: string[]) {
    const writer = await office.context.files.create('anagrafica.csv', 'text/csv')
    await writer.write(Buffer.from([HEADINGS.join(';'), ...lines].join('\r\n')))
    return outcome(await call(registerImport.read, { token: await writer.commit(), mapping }, ctx()))
  }
  const line = (n: number, more: string) => `${member(n).fiscalCode};D’Albarosa 0000${n} Zita;professionista;${more}`

  it('adds and updates people, raises nothing, and is taken back whole', async () => {
    await office.raise(members(2))
    const before = await cardOf(1)
    const summary = await peopleOf(
      line(1, 'A1;B;070 123456;socio1@example.it;IT60X0542811101000000123456;01/02/2010'),
      line(5, 'A5;A;;socio5@example.it;;15/06/2020'),
      line(6, 'A6;A;;non una e-mail;;'),
    )
    expect(summary).toMatchObject({ purpose: 'people', rows: 3, good: { count: 2 }, error: 1, newPeople: 1 })
    expect(summary.accertamenti).toEqual({ count: 0, cents: 0 })
    expect(summary.differences.fields.map((one) => one.field)).toEqual(['phone', 'iban', 'alboNumber', 'alboSection'])
    const dues = (await office.accertamenti()).count
    expect(await office.confirm(summary.id, true)).toMatchObject({
      ...{ accertamenti: { count: 0, cents: 0 }, exercise: null, people: 1, updatedPeople: 1, leftOut: 1 },
    })
    expect((await office.accertamenti()).count).toBe(dues)
    expect((await cardOf(1)).open).toMatchObject({ phone: '070 123456', iban: 'IT60X0542811101000000123456' })
    expect((await cardOf(5)).open).toEqual({ email: 'socio5@example.it' })
    const seen = await preview(summary.id)
    expect(seen).toMatchObject({ undoable: true, people: { removed: 1 }, stays: { total: 0 } })
    await undo(summary.id)
    expect(await cardOf(1)).toEqual(before)
    const gone = await call(person.list, { filters: {}, search: member(5).fiscalCode } as never, ctx())
    expect(gone.count).toBe(0)
  })

  const alboOf = async (n: number) => {
    const list = await call(person.list, { filters: {}, search: member(n).fiscalCode } as never, ctx())
    const { albo } = await call(person.get, { id: list.rows[0]?.id as never }, ctx())
    return albo.map(({ number, section, from, to }) => ({ number, section, from, to }))
  }
  const changesOf = async (id: ImportId) => (await differences(id)).rows.map((row) => row.changes)

  it('brings the enrolment of who is known already, as chosen, and takes it back', async () => {
    await office.raise(members(3))
    const [day] = (await alboOf(1)).map((entry) => entry.from)
    const { id } = await peopleOf(line(1, 'A1;;;;;01/02/2010'), line(2, 'A2;;;;;03/04/2011'))
    const shown = formatDate(day as IsoDate)
    expect(await changesOf(id)).toEqual(
      [['A1', '01/02/2010'] as const, ['A2', '03/04/2011'] as const].map(([number, since]) => [
        {
          ...{ field: 'alboNumber', choice: 'update' },
          ...{ old: `${number}, iscrizione ${shown}`, new: `${number}, iscrizione ${since}` },
        },
      ]),
    )
    const second = (await differences(id)).rows.find((row) => row.fiscalCode === member(2).fiscalCode)
    await choose(id, 'keep', { personIds: [second?.personId] })
    expect(await office.confirm(id)).toMatchObject({ people: 0, updatedPeople: 1 })
    expect(await alboOf(1)).toEqual([{ number: 'A1', section: null, from: '2010-02-01', to: null }])
    expect(await alboOf(2)).toMatchObject([{ from: day }])
    expect((await peopleOf(line(1, 'A1;;070 1;;;01/02/2010'))).differences.fields).toHaveLength(1)
    expect(await preview(id)).toMatchObject({ people: { removed: 0, restored: 1 }, stays: { total: 0 } })
    await undo(id)
    expect(await alboOf(1)).toMatchObject([{ from: day, to: null }])
  })

  it('dates the first position, also of who changes number meanwhile, and asks it once', async () => {
    await office.raise(members(2))
    const before = await alboOf(1)
    const day = before[0]?.from
    const { id } = await peopleOf(line(1, 'B1;;;;;01/02/2010'))
    expect((await changesOf(id))[0]).toMatchObject([{ new: 'B1, iscrizione 01/02/2010' }])
    await office.confirm(id)
    expect(await alboOf(1)).toEqual([
      { number: 'B1', section: null, from: day, to: null },
      { number: 'A1', section: null, from: '2010-02-01', to: day },
    ])
    expect((await peopleOf(line(1, 'B1;;070 1;;;01/02/2010'))).differences.fields).toMatchObject([{ field: 'phone' }])
    await undo(id)
    expect(await alboOf(1)).toEqual(before)
  })

  it('leaves an enrolment that somebody changed since, and does not take the day of another', async () => {
    await office.raise(members(2))
    const first = await peopleOf(line(1, 'A1;;;;;01/02/2010'))
    await office.confirm(first.id)
    await office.confirm((await peopleOf(line(1, 'A1;;070 1;;;05/06/2012'))).id)
    expect(await preview(first.id)).toMatchObject({
      stays: { total: 1, first: [{ what: 'alboEntry', why: 'changed' }] },
    })
    await undo(first.id)
    expect(await alboOf(1)).toMatchObject([{ from: '2012-06-05' }])
    await office.confirm((await peopleOf(line(7, 'A0;;;;;05/06/2012'))).id)
    await office.confirm((await peopleOf(line(0, 'A0;;070 2;;;05/06/2012'))).id)
    expect((await alboOf(0))[0]?.from).not.toBe('2012-06-05')
  })

  it('leaves a person whom somebody uses by now, and says so', async () => {
    const { id } = await peopleOf(line(5, 'A5;A;;socio5@example.it;;'), line(6, 'A6;A;;;;'))
    await office.confirm(id)
    await office.raise([member(5, { alboNumber: 'A5' })])
    const seen = await preview(id)
    expect(seen).toMatchObject({ people: { removed: 1 }, stays: { total: 1 } })
    expect(seen.stays.first[0]).toMatchObject({ what: 'person', why: 'dues', value: member(5).fiscalCode })
    await undo(id)
    expect((await cardOf(5)).name).toBe('D’Albarosa 00005 Zita')
  })

  it('enters once for people and once for quotas', async () => {
    const token = await office.write([member(3)])
    const dues = await office.read(token)
    const file = await call(registerImport.look, { token }, ctx())
    const people = { ...file.mapping, purpose: 'people' as const }
    const again = await outcome(await call(registerImport.read, { token, mapping: people }, ctx()))
    expect([dues.purpose, again.purpose]).toEqual(['dues', 'people'])
    expect(await office.confirm(again.id)).toMatchObject({ people: 1, accertamenti: { count: 0 } })
    expect(await office.confirm(dues.id)).toMatchObject({ people: 0, accertamenti: { count: 1 } })
    const third = await outcome(await call(registerImport.read, { token, mapping: people }, ctx()))
    expect(third).toMatchObject({ id: again.id, state: 'confirmed' })
  })

  it('that says nothing new is refused', async () => {
    await office.raise([member(1)])
    const { id } = await peopleOf(line(1, 'A1;;;socio1@example.it;;'))
    const refused = await office.confirm(id).then(
      () => null,
      (error: { data?: { problems?: { code: string }[] } }) => error.data?.problems?.[0]?.code,
    )
    expect(refused).toBe('IMPORT_NOTHING_TO_RAISE')
  })
})

describe.each(ENGINES)('history · %s', (engine) => {
  officeOn(engine)

  it('tells who imported what, when, from which file, and what came of it', async () => {
    const wrong = member(8, { service: 'Affitto' })
    const { id } = await pending([...members(3), wrong], 'quote 2026.xlsx')
    await office.confirm(id, true)
    const list = () => call(registerImport.history, { filters: {} } as never, ctx())
    const { rows } = await list()
    expect(rows[0]).toMatchObject({
      ...{
        fileName: 'quote 2026.xlsx',
        state: 'confirmed',
        rows: 4,
        rowsOut: 1,
        error: 1,
        operator: office.context.operator,
      },
      ...{ accertamenti: { count: 3 }, created: { people: 3, contacts: 6, alboEntries: 3 }, updatedPeople: 0 },
      ...{ undoable: true, undone: null, confirmedBy: office.context.operator, purpose: 'dues' },
    })
    expect(rows[0]?.sha256).toMatch(/^[0-9a-f]{64}$/)
    await undo(id)
    expect((await list()).rows[0]).toMatchObject({
      ...{ state: 'undone', undoable: false, rowsOut: 1, accertamenti: { count: 0 } },
      undone: { reason: 'file sbagliato', operator: office.context.operator },
    })
    const columns = ['fileName', 'sha256', 'rows', 'rowsOut', 'undone'].map((key) => ({ key, heading: key }))
    const shape = { format: 'csv', title: 'Storico', columns, filters: {}, search: '', sort: null } as never
    const file = await call(registerImport.historyExport, shape, ctx())
    const text = Buffer.from(await office.bytes(file)).toString('utf8')
    expect(text).toContain('quote 2026.xlsx')
    expect(text).toContain('file sbagliato')
  })
})

it('the undo looks at every table that names a person', () => {
  const named: string[] = []
  for (const make of [statements0001, statements0002, statements0003, statements0004, statements0005]) {
    for (const text of make('sqlite')) {
      const table = /^(?:CREATE|ALTER) TABLE "(\w+?)(?:_new)?"/.exec(text)?.[1]
      for (const [, column] of text.matchAll(/"(\w+)" [^\n,]*REFERENCES "person"/g)) named.push(`${table}.${column}`)
    }
  }
  const own = ['contactPoint.personId', 'alboEntry.personId', 'importDifference.personId']
  const looked = PERSON_NAMED_IN.map(([table, column]) => `${table}.${column}`)
  expect([...new Set(named)].sort()).toEqual([...new Set([...own, ...looked])].sort())
})
