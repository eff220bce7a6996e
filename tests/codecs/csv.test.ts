import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { detectSeparator, readCsv } from '#codecs/csv-read'
import { defuse, writeCsv } from '#codecs/csv-write'
import { parseBankAmount } from '#codecs/statement-cells'
import { decodeText } from '#codecs/text-decode'
import { type Cents, formatCents, formatDecimal, parseAmount, parseDecimal } from '#domain/money'

const cellText = fc.string({ unit: fc.constantFrom(...'abcèÀ’ ";,|\n0123-') }).filter((t) => defuse(t) === t)
const amount = fc.integer({ min: -99_999_999_999, max: 99_999_999_999 }).map((n) => (n === 0 ? 0 : n) as Cents)

async function csv(rows: string[][]): Promise<string> {
  const columns = (rows[0] ?? []).map((_, i) => ({ heading: `c${i}`, kind: 'text' as const }))
  const chunks: Uint8Array[] = []
  for await (const chunk of writeCsv(columns, rows)) chunks.push(chunk)
  const decoded = decodeText(Buffer.concat(chunks))
  if (!decoded.ok) throw new Error(decoded.error.code)
  return decoded.value.text
}

describe('CSV', () => {
  it('comes back as it went, whatever the cells hold', async () => {
    const rows = fc.array(fc.tuple(cellText, cellText, cellText), { minLength: 1, maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(rows, async (cells) => {
        const read = readCsv(await csv(cells), ';')
        const back = read.ok ? read.value.slice(1, -1).map((r) => [...r.cells]) : read.error
        expect(back).toEqual(cells.map((row) => [...row]))
      }),
      { numRuns: 200 },
    )
  })

  it('tells the line on which a record begins, over cells of several lines', () => {
    const read = readCsv('a;b\r\n"uno\r\ndue";x\r\nc;d', ';')
    expect(read.ok && read.value.map((r) => r.line)).toEqual([1, 2, 4])
  })

  it('never lets a spreadsheet run a cell', () => {
    for (const text of ['=1+1', '+39 070', '-2', '@SUM(A1)', '\t=1', '\r=1']) expect(defuse(text)).toBe(`'${text}`)
    expect(defuse('Quota 2026')).toBe('Quota 2026')
  })

  it('finds separator and encoding', () => {
    expect(detectSeparator('a;b;c\n1,5;2;3\n1,5;2;3')).toBe(';')
    expect(detectSeparator('a,b,c\n"1,5",2,3\n"1,5",2,3')).toBe(',')
    expect(detectSeparator('a\tb\n1\t2,5\n')).toBe('\t')
    expect(detectSeparator('una riga sola')).toBeNull()
    expect(decodeText(Buffer.from([0x63, 0x69, 0x74, 0x74, 0xe0, 0x80]))).toMatchObject({
      value: { text: 'città€', encoding: 'windows-1252' },
    })
    expect(decodeText(Buffer.from('\uFEFFcittà'))).toMatchObject({ value: { text: 'città', encoding: 'utf-8' } })
    expect(decodeText(Buffer.from('\uFEFFcittà', 'utf16le'))).toMatchObject({ value: { text: 'città' } })
  })
})

describe('amounts', () => {
  it('come back from the Italian and from the decimal form', () => {
    fc.assert(
      fc.property(amount, (cents) => {
        expect(parseAmount(formatCents(cents))).toEqual({ ok: true, value: cents })
        expect(parseDecimal(formatDecimal(cents))).toEqual({ ok: true, value: cents })
        expect(parseBankAmount(formatCents(cents), ',')?.cents).toBe(cents)
        expect(parseBankAmount(`${formatDecimal(cents)} EUR`, '.')?.cents).toBe(cents)
      }),
    )
  })

  it('are refused, never guessed, in the other form', () => {
    for (const text of ['1,234.56', '12.5', '1.23', '1.2345', '1 234,56', '12,345', '€ 5', '', '--5', '1e3']) {
      expect(parseAmount(text).ok, text).toBe(false)
    }
    for (const text of ['1.234,56', '5,5', 'abc', '']) expect(parseBankAmount(text, '.'), text).toBeNull()
    for (const text of ['1,234.56', '5.5', '12.34']) expect(parseBankAmount(text, ','), text).toBeNull()
    expect(parseBankAmount('18 668, 63', ',')?.cents).toBe(1_866_863)
    expect(parseBankAmount('26.851,95|', ',')?.cents).toBe(2_685_195)
    expect(parseBankAmount('1\u00A0234,56-', ',')).toEqual({ cents: -123_456, signed: true })
  })
})
