import ExcelJS from 'exceljs'
import { describe, expect, it } from 'vitest'
import { dateOfSerial, isDateFormat, type XlsxRow } from '#codecs/xlsx-cell'
import { openXlsx, XLSX_LIMITS } from '#codecs/xlsx-read'
import { xlsxBytes } from '#codecs/xlsx-write'
import type { Instant } from '#domain/date'

const CREATED = '2026-02-02T08:00:00.000Z' as Instant

async function rowsOf(bytes: Uint8Array, sheet = 0): Promise<XlsxRow[]> {
  const book = await openXlsx(bytes)
  if (!book.ok) throw new Error(book.error.code)
  const rows: XlsxRow[] = []
  for await (const batch of book.value.rows(sheet)) rows.push(...batch)
  return rows
}

const table = () => [
  {
    name: 'Elenco',
    title: ['Accertamenti', 'Filtro: esercizio 2026'],
    columns: [
      { heading: 'Nome', kind: 'text', width: 20 },
      { heading: 'Data', kind: 'date' },
      { heading: 'Importo', kind: 'money' },
      { heading: 'Numero', kind: 'integer' },
    ] as const,
    rows: [
      ['=HYPERLINK("http://example.it")', '2026-03-31', 123456, 7],
      ['Niccolò «D’Amico»', null, -5, 1],
    ],
    autoFilter: true,
  },
]

describe('workbooks out', () => {
  it('are read by exceljs with their types, formulas never', async () => {
    const book = new ExcelJS.Workbook()
    await book.xlsx.load((await xlsxBytes(table(), { createdAt: CREATED })) as never)
    const sheet = book.getWorksheet('Elenco') as ExcelJS.Worksheet
    expect(sheet.getCell('A4').value).toBe('=HYPERLINK("http://example.it")')
    expect(sheet.getCell('A4').formula).toBeUndefined()
    expect(sheet.getCell('B4').value).toEqual(new Date('2026-03-31T00:00:00Z'))
    expect(sheet.getCell('C4').value).toBe(1234.56)
    expect(sheet.getCell('C4').numFmt).toBe('#,##0.00')
    expect(sheet.getCell('A3').font?.bold).toBe(true)
    expect(sheet.views[0]).toMatchObject({ state: 'frozen', ySplit: 3 })
    expect(book.created).toEqual(new Date(CREATED))
  })

  it('are the same bytes for the same rows, seconds apart', async () => {
    const first = await xlsxBytes(table(), { createdAt: CREATED })
    await new Promise((resolve) => setTimeout(resolve, 2100))
    expect(Buffer.compare(first, await xlsxBytes(table(), { createdAt: CREATED }))).toBe(0)
  })

  it('fail, rather than hang, when the rows fail', async () => {
    function* rows(): Generator<never[]> {
      yield []
      throw new Error('the ledger went away')
    }
    await expect(xlsxBytes([{ name: 'x', columns: [], rows: rows() }], { createdAt: CREATED })).rejects.toThrow(
      'went away',
    )
  })
})

describe('workbooks in', () => {
  it('keeps types: text, rich text, number, date, boolean, error, formula with and without value', async () => {
    const book = new ExcelJS.Workbook()
    const sheet = book.addWorksheet('Prova')
    sheet.addRow(['a', { richText: [{ text: 'due ' }, { font: { bold: true }, text: 'pezzi' }] }, 12.5, true])
    const row = sheet.addRow([
      new Date('2026-03-31T00:00:00Z'),
      { error: '#N/A' },
      { formula: 'C1*2', result: 25 },
      { formula: 'C1' },
    ])
    row.getCell(1).numFmt = 'dd/mm/yyyy'
    const rows = await rowsOf(new Uint8Array(await book.xlsx.writeBuffer()))
    expect([...(rows[0]?.cells.values() ?? [])]).toEqual([
      { kind: 'text', text: 'a' },
      { kind: 'text', text: 'due pezzi' },
      { kind: 'number', value: 12.5 },
      { kind: 'boolean', value: true },
    ])
    expect([...(rows[1]?.cells.values() ?? [])]).toEqual([
      { kind: 'date', date: '2026-03-31', fraction: 0 },
      { kind: 'error', text: '#N/A' },
      { kind: 'number', value: 25, formula: '=C1*2' },
      { kind: 'uncalculated', formula: '=C1' },
    ])
  })

  it('reads the 1904 calendar', async () => {
    const book = new ExcelJS.Workbook()
    book.properties.date1904 = true
    const sheet = book.addWorksheet('Prova')
    sheet.addRow([new Date('2026-03-31T00:00:00Z')]).getCell(1).numFmt = 'd/m/yyyy'
    const rows = await rowsOf(new Uint8Array(await book.xlsx.writeBuffer()))
    expect(rows[0]?.cells.get(0)).toMatchObject({ kind: 'date', date: '2026-03-31' })
  })

  it('knows the day that never was, and what a date looks like', () => {
    expect(dateOfSerial(59, false)).toBe('1900-02-28')
    expect(dateOfSerial(60, false)).toBeNull()
    expect(dateOfSerial(61, false)).toBe('1900-03-01')
    expect(dateOfSerial(0, true)).toBe('1904-01-01')
    expect(isDateFormat(14, undefined)).toBe(true)
    expect(isDateFormat(164, '[$-410]d mmmm yyyy;@')).toBe(true)
    for (const code of ['#,##0.00', '0.00%', 'General', '[Red]-#,##0.00', '"del mese" 0', 'hh:mm:ss', '@']) {
      expect(isDateFormat(164, code), code).toBe(false)
    }
  })

  it('refuses a part whose bytes changed since it was saved', async () => {
    const bytes = Buffer.from(await xlsxBytes(table(), { createdAt: CREATED }))
    // The checksum of every part in the archive's directory, one bit off.
    for (let at = bytes.indexOf('PK\x01\x02'); at >= 0; at = bytes.indexOf('PK\x01\x02', at + 4)) {
      bytes[at + 16] = (bytes[at + 16] as number) ^ 1
    }
    expect(await openXlsx(bytes)).toMatchObject({ ok: false, error: { code: 'XLSX_UNREADABLE' } })
  })

  it('refuses a cut archive, and more cells than its limit', async () => {
    const bytes = await xlsxBytes(table(), { createdAt: CREATED })
    const cut = await openXlsx(bytes.subarray(0, bytes.length - 40))
    expect(cut).toMatchObject({ ok: false, error: { code: 'XLSX_UNREADABLE' } })
    const small = await openXlsx(bytes, { limits: { ...XLSX_LIMITS, cells: 5 } })
    if (!small.ok) throw new Error(small.error.code)
    await expect(drain(small.value.rows(0))).rejects.toMatchObject({ problem: { code: 'XLSX_LIMIT' } })
  })
})

async function drain(rows: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of rows);
}
