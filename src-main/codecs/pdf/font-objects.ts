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
  const order: Entry[] = part.glyphs.map((glyph, i) => ({
    glyph,
    width: part.widths[i] as number,
    char: part.chars[i] as string,
  }))
  order.sort((a, b) => a.glyph - b.glyph)
  const unique = order.filter(({ glyph }, i) => glyph !== order[i - 1]?.glyph)
  const descendant = sink.object(
    `<</Type/Font/Subtype/CIDFontType2/BaseFont/${name}/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>` +
      `/FontDescriptor ${descriptor} 0 R/CIDToGIDMap/Identity/DW 500/W[${widthArray(unique)}]>>`,
  )
  const unicode = sink.deflated('', toUnicode(unique), 9)
  return sink.object(
    `<</Type/Font/Subtype/Type0/BaseFont/${name}/Encoding/Identity-H/DescendantFonts[${descendant} 0 R]/ToUnicode ${unicode} 0 R>>`,
  )
}

interface Entry {
  readonly glyph: number
  readonly width: number
  readonly char: string
}

/** Runs of consecutive glyphs, so that tables of them stay short. */
function runs(order: readonly Entry[], follows: (a: Entry, b: Entry) => boolean): Entry[][] {
  const found: Entry[][] = []
  for (const entry of order) {
    const run = found.at(-1)
    const last = run?.at(-1)
    if (run && last && entry.glyph === last.glyph + 1 && follows(last, entry)) run.push(entry)
    else found.push([entry])
  }
  return found
}

function widthArray(order: readonly Entry[]): string {
  return runs(order, () => true)
    .map((run) => `${run[0]?.glyph}[${run.map(({ width }) => width).join(' ')}]`)
    .join('')
}

function toUnicode(order: readonly Entry[]): string {
  const hex = (n: number): string => n.toString(16).padStart(4, '0')
  const code = ({ char }: Entry): number => (char === '\u00a0' ? 32 : char.charCodeAt(0))
  // A range may not step over a change of the code's high byte.
  const lines = runs(order, (a, b) => code(b) === code(a) + 1 && code(b) >> 8 === code(a) >> 8).map((run) => {
    const [first, last] = [run[0] as Entry, run.at(-1) as Entry]
    return `<${hex(first.glyph)}><${hex(last.glyph)}><${hex(code(first))}>`
  })
  const blocks: string[] = []
  for (let i = 0; i < lines.length; i += 100) {
    const block = lines.slice(i, i + 100)
    blocks.push(`${block.length} beginbfrange\n${block.join('\n')}\nendbfrange`)
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
