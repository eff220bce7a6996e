import { describe, expect, it } from 'vitest'
import { inspectFile } from '#codecs/inspect'
import { columnOfHeading, REGISTER_COLUMNS } from '#codecs/register-columns'
import { readRegister, readRegisterWhole } from '#codecs/register-read'
import { registerTemplate, writeRegister } from '#codecs/register-write'
import { xlsxBytes } from '#codecs/xlsx-write'
import { type Instant, isoDate } from '#domain/date'
import { type FiscalCode, personCheckLetter } from '#domain/fiscal-code'
import type { Iban } from '#domain/iban'
import { cents } from '#domain/money'
import type { Progress } from '#domain/progress'
import { categoryOf } from '#domain/register-mapping'
import type { RegisterRow } from '#domain/register-row'
import { workbookFromJson } from '../gallery/workbook-from-json.ts'
import { compound, sheetCells, xlsOf } from './xls-samples.ts'

const CREATED = '2026-02-02T08:00:00.000Z' as Instant

function fiscalCode(n: number): FiscalCode {
  const letter = (k: number) => String.fromCharCode(65 + (Math.floor(n / 26 ** k) % 26))
  const first = `RSS${letter(0)}${letter(1)}${letter(2)}60A01H501`
  return (first + personCheckLetter(first)) as FiscalCode
}

function row(n: number): Omit<RegisterRow, 'row' | 'sheet'> {
  const address = {
    street: 'Via Roma',
    civicNumber: null,
    postalCode: '09124',
    city: 'Cagliari',
    province: 'CA',
    country: 'IT',
  }
  return {
    fiscalCode: fiscalCode(n),
    vatNumber: n % 2 === 0 ? '00743110157' : null,
    name: `D’Amico Niccolò ${n}`,
    category: n % 3 === 0 ? 'stp' : 'professionista',
    alboNumber: `A${n}`,
    address: n % 5 === 0 ? null : address,
    email: `p${n}@example.it`,
    pec: null,
    phone: n % 3 === 0 ? '+39 070 123456' : null,
    iban: n % 4 === 1 ? ('IT60X0542811101000000123456' as Iban) : null,
    albo: n % 6 === 0 ? 'Albo speciale' : null,
    section: n % 2 === 0 ? 'A' : null,
    enrolmentDate: n % 3 === 1 ? isoDate('1998-11-05') : null,
    service: 'Quota annuale',
    competenceYear: 2026,
    causale: '=Quota 2026',
    amountCents: cents(21500 + n),
    dueDate: n % 4 === 0 ? null : isoDate('2026-03-31'),
    capitolo: null,
    externalReference: n % 7 === 0 ? `R-${n}` : null,
  }
}

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = []
  for await (const chunk of chunks) all.push(chunk)
  return Buffer.concat(all)
}

const workbook = (n: number) =>
  collect(
    writeRegister(
      Array.from({ length: n }, (_, i) => row(i)),
      CREATED,
    ),
  )

describe('the register workbook', () => {
  it('comes back row by row as it was written', async () => {
    const reading = await readRegisterWhole(await workbook(50))
    expect(reading.problems).toEqual([])
    expect(reading.rows).toEqual(Array.from({ length: 50 }, (_, i) => ({ ...row(i), row: i + 2, sheet: 'Quote' })))
    expect(reading).toMatchObject({ rowCount: 50, goodRowCount: 50, headerRow: 1, totalCents: 50 * 21500 + 1225 })
  })

  it('is given in batches with progress up to its end, and stops when asked', async () => {
    const bytes = await workbook(5000)
    const beats: Progress[] = []
    const sizes: number[] = []
    await readRegister(bytes, { onProgress: (p) => beats.push(p), onBatch: (lines) => void sizes.push(lines.length) })
    expect(sizes.length).toBeGreaterThan(3)
    expect(beats.at(-1)).toEqual({ step: 'Lettura del registro', done: 5000, total: 5000 })
    const stop = new AbortController()
    let given = 0
    const reading = readRegister(bytes, {
      signal: stop.signal,
      onBatch(lines) {
        given += lines.length
        stop.abort()
      },
    })
    await expect(reading).rejects.toThrow(/abort/i)
    expect(given).toBeLessThan(5000)
  })

  it('finds its sheet and headings under titles, in any order, case and accent', async () => {
    const described = {
      sheets: [
        { name: 'Copertina', rows: [['Ordine di prova']] },
        {
          name: 'Dati',
          rows: [
            ['Quote 2026'],
            [],
            [
              'IMPORTO DOVUTO',
              'cod. fiscale',
              'Nominativo',
              'Città',
              'anno',
              'descrizione',
              'Tipo di dovuto',
              'CATEGORIA *',
            ],
            [215.1, 'rssmra85t10a562s', '  Rossi   Mario ', null, '2026', 'Quota', 'Quota annuale', 'S.T.P.'],
            [null, '  ', null, null, null, null, null, null],
          ],
        },
      ],
    }
    const reading = await readRegisterWhole(await workbookFromJson(described))
    expect(reading.problems).toEqual([])
    expect(reading).toMatchObject({ sheet: 'Dati', headerRow: 3, rowCount: 1 })
    expect(reading.rows[0]).toMatchObject({
      row: 4,
      fiscalCode: 'RSSMRA85T10A562S',
      name: 'Rossi Mario',
      category: 'stp',
      amountCents: 21510,
    })
  })

  it('keeps two equal dues that the register tells apart by reference', async () => {
    const twice = [0, 1].map((i) => ({ ...row(1), externalReference: `R-${i}` }))
    const reading = await readRegisterWhole(await collect(writeRegister(twice, CREATED)))
    expect(reading.problems).toEqual([])
    expect(reading.goodRowCount).toBe(2)
  })

  it('the template is its own empty register, with instructions, byte for byte the same', async () => {
    const template = await collect(registerTemplate(CREATED))
    expect(Buffer.compare(template, await collect(registerTemplate(CREATED)))).toBe(0)
    const reading = await readRegisterWhole(template)
    expect(reading.problems.map((p) => p.code)).toEqual(['REGISTER_NO_ROWS'])
  })

  it('no heading or alias means two columns', () => {
    const seen = new Map<string, string>()
    for (const column of REGISTER_COLUMNS) {
      for (const name of [column.heading, ...column.aliases]) expect(columnOfHeading(name)?.key, name).toBe(column.key)
      expect(seen.has(column.heading)).toBe(false)
      seen.set(column.heading, column.key)
    }
    expect(categoryOf('Società tra Professionisti')).toBe('stp')
  })

  it('is printed by the command line under the names of the contract', async () => {
    const inspected = await inspectFile('quote.xlsx', await workbook(1))
    expect(inspected).toEqual({
      kind: 'register',
      profile: 'tracciato-quote',
      rows: [
        {
          row: 2,
          fiscalCode: fiscalCode(0),
          name: 'D’Amico Niccolò 0',
          category: 'stp',
          service: 'Quota annuale',
          competenceYear: 2026,
          causale: '=Quota 2026',
          amountCents: 21500,
          dueDate: null,
          capitolo: null,
          externalReference: 'R-0',
        },
      ],
      problems: [],
    })
  })

  it('is known by its headings as a text file too', async () => {
    const heads = REGISTER_COLUMNS.filter((c) => c.required).map((c) => c.heading)
    const { fiscalCode: code, name } = row(1)
    const line = [code, `"${name}"`, 'professionista', 'Quota annuale', '2026', 'Quota 2026', '1.215,50']
    const text = Buffer.from(`${heads.join(';')}\r\n${line.join(';')}\r\n`)
    expect(await inspectFile('quote.csv', text)).toMatchObject({
      ...{ kind: 'register', rows: [{ row: 2, name, amountCents: 121_550 }], problems: [] },
    })
  })

  it('a workbook of movements is no register', async () => {
    const columns = ['Data contabile', 'Data valuta', 'Causale ABI', 'Descrizione', 'Importo', 'Divisa'].map(
      (heading) => ({
        heading,
        kind: heading.startsWith('Data')
          ? ('date' as const)
          : heading === 'Importo'
            ? ('money' as const)
            : ('text' as const),
      }),
    )
    const rows = [
      [isoDate('2026-03-03'), isoDate('2026-03-03'), '48', 'BONIFICO', cents(43000), 'EUR'],
      [isoDate('2026-03-04'), isoDate('2026-03-04'), '16', 'SPESE', cents(-150), 'EUR'],
    ]
    const bytes = await xlsxBytes([{ name: 'Movimenti', columns, rows }], { createdAt: CREATED })
    expect(await inspectFile('x.xlsx', bytes)).toMatchObject({
      kind: 'bankStatement',
      profile: 'bper-causale-abi',
      movements: [
        { bookingDate: '2026-03-03', amountCents: 43000, description: 'BONIFICO' },
        { bookingDate: '2026-03-04', amountCents: -150 },
      ],
      problems: [],
    })
  })
})

describe('a register in the old binary format', () => {
  const heads = REGISTER_COLUMNS.filter((c) => c.required).map((c) => c.heading)
  const line = (n: number, more: Readonly<Record<string, string | number>> = {}) => {
    const { fiscalCode: code, name, service, causale } = row(n)
    const values: Readonly<Record<string, string | number>> = {
      ...{ fiscalCode: code, name, service, causale, category: 'Professionista' },
      ...{ competenceYear: 2026, amount: 215.5, dueDate: '31/03/2026' },
      ...more,
    }
    return REGISTER_COLUMNS.filter((c) => c.required).map((c) => values[c.key] ?? '')
  }

  it('is read like a new one: rows, numbers, places of problems', async () => {
    const book = xlsOf(sheetCells([['Registro'], heads, line(1), line(2, { amount: -3 }), line(3)]))
    const reading = await readRegisterWhole(book)
    expect(reading).toMatchObject({ sheet: 'F1', headerRow: 2, rowCount: 3, goodRowCount: 2, totalCents: 43100 })
    expect(reading.rows.map((r) => [r.row, r.name, r.amountCents])).toEqual([
      [3, 'D’Amico Niccolò 1', 21550],
      [5, 'D’Amico Niccolò 3', 21550],
    ])
    expect(reading.problems.map((p) => [p.code, p.position?.sheet, p.position?.row])).toEqual([
      ['AMOUNT_NOT_POSITIVE', 'F1', 4],
    ])
    expect(await inspectFile('quote.xls', book)).toMatchObject({ kind: 'register', rows: [{ row: 3 }, { row: 5 }] })
  })

  it('tells merged cells, and is refused whole when it has no headings or is under a password', async () => {
    const merged = await readRegisterWhole(xlsOf(sheetCells([heads, line(1), line(2)], [[1, 2, 3, 3]])))
    expect(merged.problems).toMatchObject([
      { code: 'CELL_MERGED', params: { range: 'D2:D3' }, position: { row: 2, column: 'D' } },
      { code: 'CELL_MERGED', params: { range: 'D2:D3' }, position: { row: 3, column: 'D' } },
    ])
    const codes = async (book: Uint8Array) => (await readRegisterWhole(book)).problems.map((p) => p.code)
    expect(await codes(xlsOf(sheetCells([['Cognome', 'Nome']])))).toEqual(['REGISTER_NO_HEADINGS'])
    expect(await codes(compound('EncryptedPackage', Buffer.alloc(100)))).toEqual(['XLSX_PROTECTED'])
  })

  it('stops when it is cancelled', async () => {
    const book = xlsOf(sheetCells([heads, line(1)]))
    const reason = new Error('basta')
    await expect(readRegister(book, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  })
})
