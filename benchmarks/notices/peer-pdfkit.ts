// pdfkit as its manual shows it: fonts registered from memory, each text placed, each code one filled path.
import { Buffer } from 'node:buffer'
import PDFDocument from 'pdfkit'
import { BANDS, type Content, contentOf, darkRuns, type FaceName, TRUETYPE } from './content.ts'

type Document = InstanceType<typeof PDFDocument>

function open(): { document: Document; bytes: Promise<Buffer>; written: () => number } {
  const document = new PDFDocument({ size: 'A4', margin: 0, autoFirstPage: false })
  const pieces: Buffer[] = []
  const bytes = new Promise<Buffer>((resolve, reject) => {
    document.on('data', (piece: Buffer) => pieces.push(piece))
    document.on('end', () => resolve(Buffer.concat(pieces)))
    document.on('error', reject)
  })
  for (const [name, program] of Object.entries(TRUETYPE)) document.registerFont(name, program)
  return { document, bytes, written: () => pieces.length }
}

function draw(document: Document, { runs, codes }: Content): void {
  document.addPage()
  document.fillColor('#ececec')
  for (const [x, y, width, height] of BANDS) document.rect(x, y, width, height)
  document.fill()
  document.fillColor('#000000')
  let face: FaceName | null = null
  for (const run of runs) {
    if (face !== run.face) document.font(run.face)
    face = run.face
    document.fontSize(run.size).text(run.text, run.x, run.base, { baseline: 'alphabetic', lineBreak: false })
  }
  for (const code of codes) {
    const module = code.side / code.count
    for (const [column, row, length] of darkRuns(code)) {
      document.rect(code.x + column * module, code.y + row * module, length * module, module)
    }
    document.fill()
  }
}

export async function drawWithPdfkit(n: number): Promise<Buffer> {
  const { document, bytes } = open()
  draw(document, contentOf(n))
  document.end()
  return bytes
}

export async function mergeWithPdfkit(count: number): Promise<Buffer> {
  const { document, bytes } = open()
  for (let n = 0; n < count; n++) {
    draw(document, contentOf(n))
    document.outline.addItem(`Persona ${n}`)
  }
  document.end()
  return bytes
}
