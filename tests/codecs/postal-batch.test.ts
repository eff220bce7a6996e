import { readFileSync } from 'node:fs'
import ExcelJS from 'exceljs'
import { describe, expect, it } from 'vitest'
import { type PostalBatchRow, postalBatchCsv, postalBatchXlsx } from '#codecs/postal-batch'
import type { Instant } from '#domain/date'

const row = (more: Partial<PostalBatchRow> = {}): PostalBatchRow => ({
  ...{ file: 'BLN_2026_01.pdf', recipient: "D'ALBAROSA ZITA", presso: '', street: 'VIA DEI LARICI 12', building: '' },
  ...{ postalCode: '09124', city: 'CAGLIARI', province: 'CA', country: '', fiscalCode: '00012345678', year: 2026 },
  ...{ iuv: '01000000000000120', noticeNumber: '301000000000000120', pages: 2, firstPage: 3 },
  ...more,
})
const AT = '2026-03-01T08:00:00.000Z' as Instant

async function bytes(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = []
  for await (const chunk of chunks) all.push(chunk)
  return Buffer.concat(all)
}

describe('the list of a postal batch', () => {
  it('has the columns of the documented layout, codes with their zeros', async () => {
    expect((await bytes(postalBatchCsv([row()]))).toString('utf8')).toBe(
      '\uFEFFfile_pdf;destinatario;presso;indirizzo;edificio;cap;comune;provincia;stato;cf;anno;iuv;numero_avviso;pagine;pagina_da\r\n' +
        "BLN_2026_01.pdf;D'ALBAROSA ZITA;;VIA DEI LARICI 12;;09124;CAGLIARI;CA;;00012345678;2026;01000000000000120;301000000000000120;2;3\r\n",
    )
    const book = new ExcelJS.Workbook()
    await book.xlsx.load((await bytes(postalBatchXlsx([row()], AT))).buffer as ArrayBuffer)
    const cells = book.worksheets[0]?.getRow(2)
    expect([6, 10, 12, 14].map((n) => cells?.getCell(n).value)).toEqual([
      '09124',
      '00012345678',
      '01000000000000120',
      2,
    ])
  })

  it('says the same in both files, cell by cell', async () => {
    const all = [row({ country: 'SVIZZERA', province: '', presso: 'PRESSO STUDIO', building: 'SCALA B' }), row()]
    const text = (await bytes(postalBatchCsv(all))).toString('utf8').replace('\uFEFF', '')
    const lines = text
      .trim()
      .split('\r\n')
      .map((line) => line.split(';'))
    const book = new ExcelJS.Workbook()
    await book.xlsx.load((await bytes(postalBatchXlsx(all, AT))).buffer as ArrayBuffer)
    const sheet = book.worksheets[0]
    const cells = lines.map((line, r) => line.map((_, c) => String(sheet?.getRow(r + 1).getCell(c + 1).value ?? '')))
    expect(cells).toEqual(lines)
    expect(sheet?.actualRowCount).toBe(3)
    // The layout is documented, column by column, in this order.
    const manual = readFileSync(new URL('../../docs/lotto-postale.md', import.meta.url), 'utf8')
    expect([...manual.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name)).toEqual(lines[0])
  })

  it('is the same bytes for the same rows', async () => {
    const one = await bytes(postalBatchXlsx([row()], AT))
    expect(one.equals(await bytes(postalBatchXlsx([row()], AT)))).toBe(true)
  })

  it.each(['=1+1', '+A1', '-A1', '@SUM(A1)', '\t=1', '\r=1', '＝1'])('never carries %j as a formula', async (text) => {
    const wild = row({ recipient: text, street: text, city: text, file: text })
    const csv = (await bytes(postalBatchCsv([wild]))).toString('utf8')
    const [first = ''] = csv.slice(csv.indexOf('\n') + 1).split(';')
    expect(first.replace(/^"/, '').startsWith(`'${text.slice(0, 1)}`)).toBe(true)
    const book = new ExcelJS.Workbook()
    await book.xlsx.load((await bytes(postalBatchXlsx([wild], AT))).buffer as ArrayBuffer)
    const cell = book.worksheets[0]?.getRow(2).getCell(2)
    expect(cell?.type).toBe(ExcelJS.ValueType.String)
    expect(cell?.formula).toBeUndefined()
  })

  it('keeps a separator, a quote and a line end inside their cell', async () => {
    const csv = (await bytes(postalBatchCsv([row({ recipient: 'A;B"C\r\nD' })]))).toString('utf8')
    expect(csv).toContain(';"A;B""C\r\nD";')
  })
})
