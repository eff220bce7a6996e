import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import ExcelJS from 'exceljs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inspectFile, recogniseKind } from '#codecs/inspect'
import { readStatement } from '#codecs/statement-read'
import { readXls } from '#codecs/xls-read'
import type { XlsxRow } from '#codecs/xlsx-cell'
import { openXlsx } from '#codecs/xlsx-read'
import { biff, compound, text, wide, xlsOf } from './xls-samples.ts'

const soffice = spawnSync('soffice', ['--version']).status === 0
if (!soffice) console.log('xls.test: no LibreOffice here, skipped')

const FLOW = '/PUR/LGPE-RIVERSAMENTO/URI/2026-03-12PSPXITM1XXX-S000123456'
const ROWS = 400

/** What banks put into the old format, and the cells that its records tell apart. */
async function book(): Promise<Uint8Array> {
  const workbook = new ExcelJS.Workbook()
  const sheet = workbook.addWorksheet('Movimenti')
  sheet.addRow(['Conto «prova» €', 'IT60X0542811101000000123456'])
  sheet.addRow([])
  sheet.addRow(['Data', 'Valuta', 'Causale', 'Descrizione', 'Importo', 'Divisa'])
  for (let i = 0; i < ROWS; i += 1) {
    const amount = i % 3 === 0 ? -(i + 1) : i % 3 === 1 ? (i + 1) / 100 : 1_234_567.89 + i
    const text = i % 7 === 0 ? `Bonifico «è» ${i} ${'à€'.repeat(40)}` : `BONIFICO ${i} ${FLOW} ${'x'.repeat(i % 90)}`
    const row = sheet.addRow([new Date(Date.UTC(2026, 2, 1 + (i % 28))), '13/03/2026', 48, text, amount, 'EUR'])
    row.getCell(1).numFmt = 'dd/mm/yyyy'
  }
  const kinds = workbook.addWorksheet('Altro')
  kinds.addRow([true, false, 0, -1, 1e15, 0.1, 536_870_911, -536_870_912, 536_870_912.5])
  kinds.addRow([
    { formula: '1+1', result: 2 },
    { formula: '1=1', result: true },
    { formula: '1/0', result: { error: '#DIV/0!' } },
  ])
  kinds.getCell('A3').value = new Date(Date.UTC(2026, 0, 1, 12))
  kinds.getCell('A3').numFmt = 'yyyy-mm-dd'
  kinds.getCell('C4').value = { richText: [{ text: 'ricco ', font: { bold: true } }, { text: 'testo' }] }
  workbook.addWorksheet('Nascosto', { state: 'hidden' }).addRow(['x'])
  return new Uint8Array(await workbook.xlsx.writeBuffer())
}

async function rowsOfXlsx(bytes: Uint8Array, index: number): Promise<XlsxRow[]> {
  const opened = await openXlsx(bytes)
  if (!opened.ok) throw new Error(opened.error.code)
  const rows: XlsxRow[] = []
  for await (const batch of opened.value.rows(index)) rows.push(...batch)
  return rows
}

/** The old format keeps results of formulas, not their text in our words. */
function plain(rows: readonly XlsxRow[]): unknown {
  return rows.map((row) => [
    row.number,
    [...row.cells].map(([column, { ...cell }]) => [column, { ...cell, formula: '' }]),
  ])
}

describe('a binary workbook made record by record', () => {
  const u16 = (...values: number[]) => Buffer.concat(values.map((v) => Buffer.from([v & 255, v >> 8])))
  const cell = (row: number, column: number) => u16(row, column, 0)
  const cells = (...records: Buffer[]) => {
    const read = readXls(xlsOf(records))
    return read.ok ? read.value[0]?.rows.map((row) => [...row.cells.entries()]) : read.error.code
  }

  it('keeps the text that a formula gave', () => {
    const result = Buffer.from([0, 0, 0, 0, 0, 0, 0xff, 0xff])
    const formula = biff(0x06, cell(0, 0), result, Buffer.alloc(8))
    expect(cells(formula, biff(0x207, u16(2), text('ab')))).toEqual([[[0, { kind: 'text', text: 'ab' }]]])
    const empty = biff(0x06, cell(0, 0), Buffer.from([3, 0, 0, 0, 0, 0, 0xff, 0xff]), Buffer.alloc(8))
    expect(cells(empty)).toEqual([])
  })

  it('reads a shared text that goes on in the next record, there with characters of another width', () => {
    const shared = [biff(0xfc, u16(1, 0, 1, 0), u16(6), text('abc')), biff(0x3c, Buffer.from([1]), wide('€à«'))]
    const sheets = readXls(xlsOf([biff(0xfd, cell(4, 2), u16(0, 0))], shared))
    expect(sheets.ok && [...(sheets.value[0]?.rows[0]?.cells ?? [])]).toEqual([[2, { kind: 'text', text: 'abc€à«' }]])
    expect(sheets.ok && sheets.value[0]?.rows[0]?.number).toBe(5)
  })

  it('steps over the records of a chart inside the sheet', () => {
    const number = (value: number) => {
      const bytes = Buffer.alloc(8)
      bytes.writeDoubleLE(value)
      return bytes
    }
    const chart = [biff(0x809, u16(0x600, 0x20), Buffer.alloc(12)), biff(0x203, cell(0, 0), number(9)), biff(0x0a)]
    expect(cells(...chart, biff(0x203, cell(0, 1), number(4.5)))).toEqual([[[1, { kind: 'number', value: 4.5 }]]])
  })

  it('is refused by name when older, when under a password, when it is no workbook', () => {
    const code = (bytes: Uint8Array) => {
      const read = readXls(bytes)
      return read.ok ? 'read' : read.error.code
    }
    expect(code(xlsOf([], [], 0x500))).toBe('XLS_OLD')
    expect(code(xlsOf([], [biff(0x2f, Buffer.alloc(6))]))).toBe('XLSX_PROTECTED')
    expect(code(compound('EncryptedPackage', Buffer.alloc(5000)))).toBe('XLSX_PROTECTED')
    expect(code(compound('WordDocument', Buffer.alloc(5000)))).toBe('XLS_OLD')
    expect(code(xlsOf([biff(0xfd, cell(0, 0), u16(7, 0))]))).toBe('XLSX_UNREADABLE')
    expect(code(Buffer.from('d0cf11e0a1b11ae1', 'hex'))).toBe('XLSX_UNREADABLE')
  })
})

describe.skipIf(!soffice)('a binary workbook that LibreOffice wrote', { timeout: 120_000 }, () => {
  let folder = ''
  let source: Uint8Array
  let bytes: Buffer

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'xls-'))
    source = await book()
    writeFileSync(join(folder, 'lista.xlsx'), source)
    const profile = `-env:UserInstallation=${pathToFileURL(join(folder, 'profile')).href}`
    const convert = ['--headless', '--convert-to', 'xls:MS Excel 97', '--outdir', join(folder, 'old')]
    spawnSync('soffice', [profile, ...convert, join(folder, 'lista.xlsx')], { timeout: 110_000 })
    bytes = readFileSync(join(folder, 'old', 'lista.xls'))
  }, 120_000)

  afterAll(() => rmSync(folder, { recursive: true }))

  it('says cell by cell what the new format says', async () => {
    const sheets = readXls(bytes)
    if (!sheets.ok) throw new Error(sheets.error.code)
    expect(sheets.value.map((s) => [s.name, s.hidden])).toEqual([
      ['Movimenti', false],
      ['Altro', false],
      ['Nascosto', true],
    ])
    for (const [index, sheet] of sheets.value.entries()) {
      expect(plain(sheet.rows), sheet.name).toEqual(plain(await rowsOfXlsx(source, index)))
    }
  })

  it('is a statement like any other', async () => {
    expect(await recogniseKind(bytes)).toBe('bankStatement')
    const [old, now] = [await readStatement(bytes), await readStatement(source)]
    expect(old.profile).toBe('popolare-sondrio')
    expect(old.movements).toHaveLength(ROWS)
    expect(old).toEqual(now)
    expect(await inspectFile('lista.xls', bytes)).toMatchObject({ kind: 'bankStatement', problems: [] })
  })

  it('damaged anywhere is read or refused in words, never a crash and never long', () => {
    const started = performance.now()
    let refused = 0
    for (let n = 0; n < 600; n += 1) {
      const at = (n * 2_654_435_761) % bytes.length
      const damaged = Buffer.from(bytes)
      if (n % 3 === 0) damaged.fill(n % 2 === 0 ? 0xff : 0, at, at + 64)
      else damaged[at] = (damaged[at] as number) ^ (1 << (n % 8))
      const header = (n * 7) % 512
      if (n % 5 === 0) damaged[header] = (damaged[header] as number) ^ 0xff
      const read = readXls(n % 4 === 0 ? damaged.subarray(0, at) : damaged)
      if (!read.ok) {
        refused += 1
        expect(['XLSX_UNREADABLE', 'XLSX_PROTECTED', 'XLS_OLD', 'XLSX_LIMIT']).toContain(read.error.code)
      }
    }
    expect(refused).toBeGreaterThan(100)
    expect(performance.now() - started).toBeLessThan(60_000)
  })
})
