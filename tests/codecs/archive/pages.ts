import { type PDFDict, type PDFName, type PDFPage, PDFRawStream } from 'pdf-lib'
import { type Operation, operations } from './content.ts'
import { type ArchiveFile, decoded } from './file.ts'
import { type FontFacts, fontFaults } from './fonts.ts'

/** Operators that our papers may use: all of ISO 32000-1, none that sets a colour outside grey and RGB. */
const OPERATORS = new Set(
  'b B b* B* BDC BI BMC BT c cm d Do EMC ET f f* g G gs h i j J l m M n q Q re RG rg ri s S Tc Td TD Tf Tj TJ TL Tm Tr Ts Tw Tz v w W W* y'.split(
    ' ',
  ),
)
const PAINTS = new Set('b B b* B* BI Do f f* s S Tj TJ'.split(' '))

/** What one page shows, checked against ISO 19005-2 §6.2 and ISO 14289-1 §7.1. Returns the numbers of its marks. */
export function pageFaults(
  file: ArchiveFile,
  page: PDFPage,
  tagged: boolean,
  fonts: Map<PDFDict, FontFacts | null>,
  faults: string[],
): number[] {
  const { node } = page
  const { width, height } = page.getSize()
  if (Math.min(width, height) < 3 || Math.max(width, height) > 14_400) faults.push('page of a forbidden size')
  for (const key of ['Annots', 'AA', 'PresSteps']) if (file.get(node, key)) faults.push(`page with ${key}`)
  if (tagged && file.name(node, 'Tabs') !== 'S') faults.push('page without tab order')
  const resources = file.dict(node, 'Resources')
  if (resources === null) {
    faults.push('page without resources')
    return []
  }
  const contents = file.items(node, 'Contents').filter((part): part is PDFRawStream => part instanceof PDFRawStream)
  const marks: number[] = []
  // Each stream of a page stands for itself: states and marks do not run from one into the next.
  for (const part of contents) {
    const found = operations(decoded(part).toString('latin1'))
    const facts = new Map<string, FontFacts | null>()
    const listed = file.dict(resources, 'Font')
    for (const [key, reference] of listed?.entries() ?? []) {
      const font = file.follow(reference) as PDFDict
      if (!fonts.has(font)) fonts.set(font, fontFaults(file, font, faults))
      facts.set((key as PDFName).asString(), fonts.get(font) ?? null)
    }
    graphicsFaults(file, resources, found, faults)
    textFaults(found, facts, faults)
    if (tagged) marks.push(...markFaults(found, faults))
  }
  if (new Set(marks).size !== marks.length) faults.push('a mark number stands twice on a page')
  return marks
}

function graphicsFaults(file: ArchiveFile, resources: PDFDict, found: readonly Operation[], faults: string[]): void {
  let depth = 0
  for (const { operator, operands } of found) {
    if (!OPERATORS.has(operator)) faults.push(`operator ${operator}`)
    if (operator === 'q' && ++depth > 28) faults.push('q nested too deep')
    if (operator === 'Q' && --depth < 0) faults.push('Q without q')
    if (operator === 'BI' && operands.includes('/I') && operands.includes('true')) {
      const interpolate = operands[operands.indexOf('/I') + 1]
      if (interpolate === 'true') faults.push('interpolated inline image')
    }
    if (operator === 'Do') {
      const drawing = file.dict(resources, 'XObject')
      const object = drawing && file.get(drawing, (operands[0] as string).slice(1))
      if (object instanceof PDFRawStream) drawingFaults(file, object, faults)
      else faults.push(`no drawing ${operands[0]}`)
    }
  }
  if (depth !== 0) faults.push('q without Q')
}

function drawingFaults(file: ArchiveFile, drawing: PDFRawStream, faults: string[]): void {
  const { dict } = drawing
  const kind = file.name(dict, 'Subtype')
  for (const key of ['OPI', 'PS', 'Ref', 'Alternates']) if (file.get(dict, key)) faults.push(`drawing with ${key}`)
  if (kind === 'Image') {
    if (file.flag(dict, 'Interpolate')) faults.push('interpolated image')
    if (!['DeviceRGB', 'DeviceGray'].includes(file.name(dict, 'ColorSpace') ?? ''))
      faults.push('image of other colours')
    if (![1, 2, 4, 8].includes(file.number(dict, 'BitsPerComponent') ?? 0)) faults.push('image of other depth')
    const mask = file.get(dict, 'SMask')
    if (mask instanceof PDFRawStream) drawingFaults(file, mask, faults)
    return
  }
  if (kind !== 'Form') faults.push(`drawing of kind ${kind}`)
  const inner = operations(decoded(drawing).toString('latin1'))
  graphicsFaults(file, file.dict(dict, 'Resources') ?? dict, inner, faults)
  if (inner.some(({ operator }) => operator === 'BDC' || operator === 'BMC')) faults.push('marks inside a drawing')
}

function textFaults(found: readonly Operation[], fonts: ReadonlyMap<string, FontFacts | null>, faults: string[]): void {
  let font: FontFacts | null | undefined
  for (const { operator, operands, strings } of found) {
    if (operator === 'Tf') font = fonts.get(operands[0] as string)
    if (operator !== 'Tj' && operator !== 'TJ') continue
    if (!font) {
      faults.push('text without font')
      continue
    }
    for (const text of strings) {
      for (let i = 0; i < text.length; i += 2) {
        const code = text.charCodeAt(i) * 256 + text.charCodeAt(i + 1)
        const unicode = font.unicode.get(code)
        if (code === 0) faults.push(`${font.name}: .notdef is shown`)
        if (code >= font.glyphs) faults.push(`${font.name}: no glyph ${code}`)
        if (unicode === undefined || /[\0\ufeff\ufffe\ue000-\uf8ff]/.test(unicode)) {
          faults.push(`${font.name}: glyph ${code} without Unicode`)
        }
      }
    }
  }
}

/** Everything painted is marked: an element of the structure, or an artifact; neither inside the other. */
function markFaults(found: readonly Operation[], faults: string[]): number[] {
  const marks: number[] = []
  let open: string | null = null
  for (const { operator, operands } of found) {
    if (operator === 'BDC' || operator === 'BMC') {
      if (open !== null) faults.push('marks nest')
      open = operands[0] as string
      const at = operands.indexOf('/MCID')
      if (operator === 'BDC' && at >= 0) marks.push(Number(operands[at + 1]))
      else if (open !== '/Artifact') faults.push(`mark ${open} without number`)
    } else if (operator === 'EMC') {
      if (open === null) faults.push('EMC without mark')
      open = null
    } else if (PAINTS.has(operator) && open === null) faults.push(`${operator} outside every mark`)
  }
  if (open !== null) faults.push('mark without end')
  return marks
}
