import { call } from '@orpc/server'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { FileToken } from '#domain/ports'
import type { RegisterMapping } from '#domain/register-mapping'
import { registerImport } from '#services/register-import'
import { registerProfile } from '#services/register-profile'
import { workbookFromJson } from '../gallery/workbook-from-json.ts'
import { member, members, type Office, openOffice, outcome } from './office.ts'

let office: Office
beforeEach(async () => {
  office = await openOffice()
})
afterEach(() => office.close())
const ctx = () => ({ context: office.context })

async function upload(name: string, bytes: Uint8Array | string): Promise<FileToken> {
  const writer = await office.context.files.create(name, 'application/octet-stream')
  await writer.write(Buffer.from(bytes))
  return writer.commit()
}

const codes = (work: Promise<unknown>): Promise<readonly string[]> =>
  work.then(
    () => [],
    (error: { data?: { problems?: { code: string }[] } }) => {
      if (error.data?.problems === undefined) throw error
      return error.data.problems.map((p) => p.code)
    },
  )

const HEAD = 'Tessera;Cogn.;Nome proprio;Cod.fisc.;Genere;Da versare;Entro'
const line = (n: number, amount = '1.215,50') => {
  const { fiscalCode, name } = member(n)
  const [surname = '', ...first] = name.split(' ')
  return `T${n};${surname};${first.join(' ')};${fiscalCode};O;${amount};31/03/2026`
}
const csv = (...lines: string[]) => [HEAD, ...lines].join('\r\n')

const read = (token: FileToken, how: { mapping?: RegisterMapping; profileId?: string } = {}) =>
  call(registerImport.read, { token, ...how }, ctx()).then(outcome)
const look = (token: FileToken, more: object = {}) => call(registerImport.look, { token, ...more }, ctx())

/** What a person makes of the proposal. */
function completed(mapping: RegisterMapping): RegisterMapping {
  return {
    ...mapping,
    fields: {
      ...mapping.fields,
      category: {
        ...{ kind: 'columns', columns: [{ heading: 'Genere', letter: 'E' }], otherwise: null },
        translations: [{ from: 'O', to: 'professionista' }],
      },
      amount: { kind: 'columns', columns: [{ heading: 'Da versare', letter: 'F' }], translations: [], otherwise: null },
      dueDate: { kind: 'columns', columns: [{ heading: 'Entro', letter: 'G' }], translations: [], otherwise: null },
      service: { kind: 'constant', text: 'Quota annuale' },
      competenceYear: { kind: 'constant', text: '2026' },
      causale: { kind: 'template', template: 'Quota {anno} tessera {numeroAlbo}' },
    },
  }
}

describe('a file of a layout that nobody knows', () => {
  it('is looked into, previewed, read by hand, and known again once its profile is saved', async () => {
    const token = await upload('iscritti.csv', csv(line(1), line(2, 'boh'), line(3)))
    const seen = await look(token)
    expect(seen).toMatchObject({
      kind: 'csv',
      separator: ';',
      encoding: 'utf-8',
      headerRow: 1,
      profile: null,
      macros: false,
    })
    expect(seen.columns.map((c) => [c.letter, c.field, c.reason])).toEqual([
      ['A', 'alboNumber', 'l’intestazione è «Tessera»'],
      ['B', null, null],
      ['C', 'firstName', 'l’intestazione è «Nome proprio»'],
      ['D', 'fiscalCode', 'l’intestazione è «Cod.fisc.»'],
      ['E', null, null],
      ['F', null, null],
      ['G', null, null],
    ])
    expect(seen.columns[0]?.samples).toEqual(['T1', 'T2', 'T3'])
    expect(seen.rows[1]?.cells).toEqual(line(1).split(';'))
    const preview = (mapping: RegisterMapping) => call(registerImport.preview, { token, mapping }, ctx())
    expect((await preview(seen.mapping)).problems.first.map((p) => p.field)).toContain('Servizio')
    const mapping = completed({
      ...seen.mapping,
      fields: {
        ...seen.mapping.fields,
        surname: { kind: 'columns', columns: [{ heading: 'Cogn.', letter: 'B' }], translations: [], otherwise: null },
      },
    })
    const shown = await preview(mapping)
    expect(shown).toMatchObject({ read: 3, good: 2, error: 1, complete: true, problems: { total: 0 } })
    expect(shown.rows[1]).toMatchObject({ row: 3, status: 'error', values: { causale: 'Quota 2026 tessera T2' } })
    expect(shown.rows[0]?.values).toMatchObject({ amount: '1.215,50', dueDate: '31/03/2026', name: member(1).name })

    expect(await codes(read(token))).toEqual(['REGISTER_NO_HEADINGS'])
    const summary = await read(token, { mapping })
    expect(summary).toMatchObject({
      profile: 'Colonne assegnate a mano',
      rows: 3,
      good: { count: 2, cents: 243_100 },
      error: 1,
    })

    const headings = seen.columns.map((c) => c.heading)
    const saved = await call(registerProfile.save, { name: 'Albo nuovo', mapping, headings }, ctx())
    expect(saved).toMatchObject({ shipped: false, assumption: false, name: 'Albo nuovo' })
    const next = await upload('altri.csv', `Elenco del 3 febbraio\r\n\r\n${csv(line(4), line(5))}`)
    expect(await look(next)).toMatchObject({ profile: { id: saved.id, name: 'Albo nuovo' }, headerRow: 3 })
    expect(await read(next)).toMatchObject({ profile: 'Albo nuovo', rows: 2, good: { count: 2 } })
  })

  it('a wrong cell is corrected in the forms of the file, and only that changes', async () => {
    const token = await upload('iscritti.csv', csv(line(1, '215.5x')))
    const mapping = { ...completed((await look(token)).mapping), amountForm: 'point', dateForm: 'mdy' } as const
    const surname = {
      kind: 'columns',
      columns: [{ heading: 'Cogn.', letter: 'B' }],
      translations: [],
      otherwise: null,
    } as const
    const summary = await read(token, { mapping: { ...mapping, fields: { ...mapping.fields, surname } } })
    const { rows } = await call(registerImport.rows, { filters: { importId: summary.id } } as never, ctx())
    expect(rows[0]?.problems.map((p) => [p.code, p.position?.column])).toEqual([
      ['AMOUNT_FORM', 'F'],
      ['DATE_NOT_EXISTING', 'G'],
    ])
    const fix = (column: string, value: string) =>
      call(registerImport.fixCell, { rowId: rows[0]?.id as never, column, value }, ctx())
    expect((await fix('F', '1,215.50')).row).toMatchObject({ status: 'error' })
    const { row } = await fix('G', '03/31/2026')
    expect(row).toMatchObject({ status: 'good', amountCents: 121_550, dueDate: '2026-03-31', cells: { E: 'O' } })
    expect(await office.confirm(summary.id)).toMatchObject({ accertamenti: { count: 1, cents: 121_550 } })
  })

  it('gives the different values of a column, the commonest first', async () => {
    const token = await upload('iscritti.csv', csv(...[1, 2, 3].map((n) => line(n)), line(4).replace(';O;', ';Stp;')))
    const { mapping } = await look(token)
    expect(mapping.fields.amount).toMatchObject({ columns: [{ heading: 'Da versare', letter: 'F' }] })
    const { values, total } = await call(registerImport.columnValues, { token, mapping, letters: ['E'] }, ctx())
    expect({ values, total }).toEqual({
      values: [
        { text: 'O', count: 3 },
        { text: 'Stp', count: 1 },
      ],
      total: 2,
    })
  })

  it('chooses the sheet and the row of headings that it is told, and says so when they are not there', async () => {
    const sheets = [
      { name: 'Copertina', rows: [['Ordine']] },
      { name: 'Iscritti', rows: [['Elenco'], HEAD.split(';'), line(1).split(';'), line(2).split(';')] },
      { name: 'Altri', rows: [HEAD.split(';'), line(3).split(';')] },
    ]
    const token = await upload('iscritti.xlsx', await workbookFromJson({ sheets }))
    const first = await look(token)
    expect(first).toMatchObject({ kind: 'xlsx', sheet: 'Iscritti', headerRow: 2, mapping: { sheet: 'Iscritti' } })
    expect(first.sheets.map((s) => s.name)).toEqual(['Copertina', 'Iscritti', 'Altri'])
    expect(await look(token, { sheet: 'Altri', headerRow: 0 })).toMatchObject({ sheet: 'Altri', headerRow: 0 })
    expect(await codes(look(token, { sheet: 'Quote' }))).toEqual(['REGISTER_SHEET_GONE'])
  })

  it('the tracciato is recognised and stays what it was', async () => {
    const token = await office.write(members(3))
    const seen = await look(token)
    expect(seen).toMatchObject({ profile: { id: 'tracciato', assumption: false }, headerRow: 1 })
    expect(await read(token)).toMatchObject({ profile: 'tracciato-quote', good: { count: 3 } })
    const again = await office.write(members(2), 'b.xlsx')
    expect(await read(again, { mapping: seen.mapping, profileId: 'tracciato' })).toMatchObject({ good: { count: 2 } })
  })
})

describe('profiles', () => {
  const mappingOf = async () => completed((await look(await upload('a.csv', csv(line(1))))).mapping)
  const save = async (name: string) =>
    call(registerProfile.save, { name, mapping: await mappingOf(), headings: HEAD.split(';') }, ctx())

  it('are listed with the shipped ones, which nobody changes', async () => {
    const saved = await save('Zeta')
    const all = await call(registerProfile.list, undefined, ctx())
    expect(all.map((p) => p.name)).toEqual([
      ...['Tracciato del programma', 'Albo ISI', 'OrdineP', 'Albo Unico OPI', 'Sferabit', 'Zeta'],
    ])
    expect(all.at(-1)).toEqual(saved)
    expect(await codes(save('albo isi'))).toEqual(['REGISTER_PROFILE_LOCKED'])
    for (const id of ['albo-isi', 'tracciato']) {
      expect(await codes(call(registerProfile.rename, { id, name: 'Mio' }, ctx()))).toEqual(['REGISTER_PROFILE_LOCKED'])
      expect(await codes(call(registerProfile.remove, { id }, ctx()))).toEqual(['REGISTER_PROFILE_LOCKED'])
    }
  })

  it('are replaced by name, renamed, removed', async () => {
    const first = await save('Uno')
    expect((await save('UNO')).id).toBe(first.id)
    const second = await save('Due')
    expect(await codes(call(registerProfile.rename, { id: second.id, name: 'uno' }, ctx()))).toEqual([
      'REGISTER_PROFILE_NAME',
    ])
    expect(await call(registerProfile.rename, { id: second.id, name: 'Tre' }, ctx())).toMatchObject({
      id: second.id,
      name: 'Tre',
    })
    await call(registerProfile.remove, { id: first.id }, ctx())
    const names = (await call(registerProfile.list, undefined, ctx())).filter((p) => !p.shipped).map((p) => p.name)
    expect(names).toEqual(['Tre'])
    expect(await codes(call(registerProfile.remove, { id: first.id }, ctx()))).toEqual(['REGISTER_PROFILE_GONE'])
    expect(await codes(read(await upload('b.csv', csv(line(2))), { profileId: 'n999' }))).toEqual([
      'REGISTER_PROFILE_GONE',
    ])
  })

  it('go from one office to another as a file, and no other file passes for one', async () => {
    const saved = await save('Da esportare (2026)')
    const file = await call(registerProfile.export, { id: saved.id }, ctx())
    expect(file.name).toBe('da-esportare-2026.profilo.json')
    const text = Buffer.from(await office.bytes(file)).toString()
    const bring = async (content: string) =>
      call(registerProfile.import, { token: await upload('p.profilo.json', content) }, ctx())
    const brought = await bring(text)
    expect(brought).toEqual({ ...saved, id: brought.id, name: 'Da esportare (2026) (2)' })
    const refused = ['REGISTER_PROFILE_FILE']
    expect(await codes(bring('{'))).toEqual(refused)
    expect(await codes(bring('[]'))).toEqual(refused)
    expect(await codes(bring(text.replace('"version": 1', '"version": 2')))).toEqual(refused)
    expect(await codes(bring(text.replace('"kind": "constant"', '"kind": "program"')))).toEqual(refused)
    expect(await codes(bring(text.replace('"Genere"', JSON.stringify('x'.repeat(600)))))).toEqual(refused)
    expect(await codes(bring(`${text}${' '.repeat(300 * 1024)}`))).toEqual(refused)
    const shipped = await call(registerProfile.export, { id: 'sferabit' }, ctx())
    expect(await bring(Buffer.from(await office.bytes(shipped)).toString())).toMatchObject({ name: 'Sferabit (2)' })
  })

  it('tell the assumed ones from files of theirs', async () => {
    const [, isi] = await call(registerProfile.list, undefined, ctx())
    const { fiscalCode } = member(1)
    const cells: Readonly<Record<string, string>> = {
      ...{ COGNOME: 'Rossi', NOME: 'Ada', CODICE_FISCALE: fiscalCode, TIPO_ISCRITTO: 'I', ANNO: '2026' },
      ...{ CAUSALE: 'Quota', IMPORTO: '215,00', SCADENZA: '31/03/2026', ID_QUOTA: 'Q1' },
    }
    const headings = isi?.headings ?? []
    const text = `${headings.join(';')}\n${headings.map((h) => cells[h] ?? '').join(';')}\n`
    const token = await upload('isi.csv', text)
    expect((await look(token)).profile).toEqual({ id: 'albo-isi', name: 'Albo ISI', shipped: true, assumption: true })
    expect(await read(token)).toMatchObject({ profile: 'Albo ISI', rows: 1, error: 0 })
  })
})
