import { PDFArray, PDFDict, PDFNumber, PDFRawStream } from 'pdf-lib'
import { type ArchiveFile, decoded } from './file.ts'

/** What a page needs to know of an embedded font. */
export interface FontFacts {
  readonly name: string
  readonly glyphs: number
  /** Code → text. */
  readonly unicode: ReadonlyMap<number, string>
}

/** ISO 19005-2 §6.2.11: embedded, composite fonts, widths equal to the program's, every code with its Unicode. */
export function fontFaults(file: ArchiveFile, font: PDFDict, faults: string[]): FontFacts | null {
  const name = file.name(font, 'BaseFont') ?? '?'
  const fault = (text: string): void => {
    faults.push(`font ${name}: ${text}`)
  }
  if (file.name(font, 'Subtype') !== 'Type0') fault('is not composite')
  if (file.name(font, 'Encoding') !== 'Identity-H') fault('has another encoding')
  const [descendant] = file.items(font, 'DescendantFonts')
  if (!(descendant instanceof PDFDict)) {
    fault('has no descendant')
    return null
  }
  if (file.name(descendant, 'BaseFont') !== name) fault('and its descendant differ in name')
  if (!/^[A-Z]{6}\+\S+$/.test(name)) fault('is a subset without prefix')
  if (file.name(descendant, 'Subtype') !== 'CIDFontType2') fault('is no TrueType')
  if (file.name(descendant, 'CIDToGIDMap') !== 'Identity') fault('has no map to glyphs')
  const descriptor = file.dict(descendant, 'FontDescriptor')
  const program = descriptor === null ? undefined : file.get(descriptor, 'FontFile2')
  if (descriptor === null || !(program instanceof PDFRawStream)) {
    fault('is not embedded')
    return null
  }
  if (file.name(descriptor, 'FontName') !== name) fault('and its descriptor differ in name')
  const data = decoded(program)
  if (file.number(program.dict, 'Length1') !== data.length) fault('has a wrong Length1')
  const advances = advanceWidths(data)
  for (const [glyph, width] of widths(file, descendant)) {
    if (Math.abs((advances[glyph] ?? Number.NaN) - width) > 1)
      fault(`glyph ${glyph} is ${advances[glyph]}, not ${width}`)
  }
  const map = file.get(font, 'ToUnicode')
  if (!(map instanceof PDFRawStream)) {
    fault('has no ToUnicode')
    return null
  }
  return { name, glyphs: advances.length, unicode: unicodeOf(decoded(map).toString('latin1')) }
}

function table(data: Buffer, name: string): Buffer {
  for (let i = 0; i < data.readUInt16BE(4); i++) {
    const at = 12 + i * 16
    if (data.toString('latin1', at, at + 4) !== name) continue
    return data.subarray(data.readUInt32BE(at + 8), data.readUInt32BE(at + 8) + data.readUInt32BE(at + 12))
  }
  throw new Error(`no table ${name}`)
}

/** In thousandths of an em, by glyph. */
function advanceWidths(data: Buffer): number[] {
  const unitsPerEm = table(data, 'head').readUInt16BE(18)
  const long = table(data, 'hhea').readUInt16BE(34)
  const count = table(data, 'maxp').readUInt16BE(4)
  const metrics = table(data, 'hmtx')
  return Array.from({ length: count }, (_, i) => (metrics.readUInt16BE(Math.min(i, long - 1) * 4) * 1000) / unitsPerEm)
}

function* widths(file: ArchiveFile, font: PDFDict): Generator<[number, number]> {
  const items = file.items(font, 'W')
  for (let i = 0; i + 1 < items.length; i += 2) {
    const [first, list] = [items[i], items[i + 1]]
    if (!(first instanceof PDFNumber) || !(list instanceof PDFArray)) throw new Error('W of another form')
    for (const [n, width] of list.asArray().entries()) yield [first.asNumber() + n, (width as PDFNumber).asNumber()]
  }
}

function unicodeOf(map: string): Map<number, string> {
  const found = new Map<number, string>()
  for (const [, block] of map.matchAll(/beginbfrange(.*?)endbfrange/gs)) {
    for (const [, first, last, text] of (block as string).matchAll(/<(\w+)><(\w+)><(\w+)>/g)) {
      const [from, to, code] = [first, last, text].map((hex) => Number.parseInt(hex as string, 16)) as [
        number,
        number,
        number,
      ]
      for (let n = from; n <= to; n++) found.set(n, String.fromCharCode(code + n - from))
    }
  }
  return found
}
