import { Buffer } from 'node:buffer'
import type { Font } from './font.ts'
import type { ObjectSink } from './objects.ts'

const FLAG_FIXED = 1
const FLAG_SYMBOLIC = 4

/** Writes the five objects of one embedded subset (Type 0, CID = glyph) and returns the number of the font. */
export function writeFont(sink: ObjectSink, font: Font, subset: number): number {
  const { data } = font
  const part = data.subsets[subset]
  if (!part) throw new RangeError(`font ${font.key}${subset}`)
  const program = Buffer.from(part.data, 'base64')
  const name = `${'ABCDE'[subset]}${'ABCDE'[subset]}QUIE+${data.name}`
  const file = sink.stream(`/Length1 ${part.length}/Filter/FlateDecode`, program)
  const descriptor = sink.object(
    `<</Type/FontDescriptor/FontName/${name}/Flags ${FLAG_SYMBOLIC + (data.mono ? FLAG_FIXED : 0)}/FontBBox[${data.bbox.join(' ')}]` +
      `/ItalicAngle 0/Ascent ${data.ascent}/Descent ${data.descent}/CapHeight ${data.capHeight}/StemV ${Math.round(data.weight / 5)}/FontFile2 ${file} 0 R>>`,
  )
  const order = part.glyphs.map((glyph, i) => ({
    glyph,
    width: part.widths[i] as number,
    char: part.chars[i] as string,
  }))
  order.sort((a, b) => a.glyph - b.glyph)
  const widths = order.map(({ glyph, width }) => `${glyph}[${width}]`).join('')
  const descendant = sink.object(
    `<</Type/Font/Subtype/CIDFontType2/BaseFont/${name}/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>` +
      `/FontDescriptor ${descriptor} 0 R/CIDToGIDMap/Identity/DW 500/W[${widths}]>>`,
  )
  const unicode = sink.deflated('', toUnicode(order))
  return sink.object(
    `<</Type/Font/Subtype/Type0/BaseFont/${name}/Encoding/Identity-H/DescendantFonts[${descendant} 0 R]/ToUnicode ${unicode} 0 R>>`,
  )
}

function toUnicode(order: readonly { glyph: number; char: string }[]): string {
  const hex = (n: number): string => n.toString(16).padStart(4, '0')
  const lines = order.map(({ glyph, char }) => `<${hex(glyph)}><${hex(char === '\u00a0' ? 32 : char.charCodeAt(0))}>`)
  const blocks: string[] = []
  for (let i = 0; i < lines.length; i += 100) {
    const block = lines.slice(i, i + 100)
    blocks.push(`${block.length} beginbfchar\n${block.join('\n')}\nendbfchar`)
  }
  return `/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo <</Registry(Adobe)/Ordering(UCS)/Supplement 0>> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000><ffff>
endcodespacerange
${blocks.join('\n')}
endcmap
CMapName currentdict /CMap defineresource pop
end
end`
}
