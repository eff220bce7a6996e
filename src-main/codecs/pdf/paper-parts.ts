import { amountInWords } from '#domain/amount-in-words'
import { formatDate, type IsoDate } from '#domain/date'
import { type Cents, formatCents } from '#domain/money'
import type { PaperInstitution } from '#domain/quietanza-paper'
import type { Canvas } from './canvas.ts'
import { BOLD, type Font, MONO, measure, REGULAR, SEMIBOLD } from './font.ts'
import { type PaperKit, preparePaperKit } from './kit.ts'
import { MARGIN, type PageFlow, pt } from './page-flow.ts'
import { drawLines, requireFit, type TextOwner } from './paper-text.ts'

let kit: PaperKit | null = null

/** Fonts of quietanze, reversali and lists: the same in every file, prepared at the first use. */
export function ownPaperKit(): PaperKit {
  kit ??= preparePaperKit([REGULAR, SEMIBOLD, BOLD, MONO])
  return kit
}

/** Institution on the left, kind of paper on the right, a rule below; returns where the body begins. */
export function letterhead(canvas: Canvas, right: number, institution: PaperInstitution, kind: string): number {
  const owner: TextOwner = { person: institution.name, field: 'Ente' }
  const room = { width: right - MARGIN - 52, height: 11, size: pt(13), minSize: pt(8), leading: 1.2 }
  const name = requireFit(BOLD, institution.name, room, owner)
  canvas.begin('P')
  let y = drawLines(canvas, MARGIN, MARGIN + 3.5, BOLD, name)
  canvas.end()
  const small = (at: number, text: string, align: 'left' | 'right' = 'left', font: Font = REGULAR): void => {
    canvas.begin('P')
    canvas.fill(0.3)
    canvas.text(align === 'left' ? MARGIN : right, at, font, pt(9), text, align)
    canvas.fill(0)
    canvas.end()
  }
  if (institution.office !== null) {
    const office = requireFit(REGULAR, institution.office, { ...room, height: 4, size: pt(9), minSize: pt(6) }, owner)
    canvas.begin('P')
    canvas.fill(0.3)
    y = drawLines(canvas, MARGIN, y + 4.8, REGULAR, office)
    canvas.fill(0)
    canvas.end()
  }
  small(y + 4.6, `Codice fiscale ${institution.fiscalCode}`)
  if (kind !== '') small(MARGIN + 3.5, kind.toUpperCase(), 'right', SEMIBOLD)
  canvas.line(MARGIN, y + 8.5, right, y + 8.5, 0.3)
  return y + 8.5
}

/** Smaller head of the pages after the first. */
export function runningHead(canvas: Canvas, right: number, institution: PaperInstitution, title: string): number {
  const owner: TextOwner = { person: institution.name, field: 'Ente' }
  canvas.beginArtifact()
  canvas.fill(0.3)
  const room = { width: right - MARGIN - 70, height: 4, size: pt(9), minSize: pt(5), leading: 1.1 }
  drawLines(canvas, MARGIN, MARGIN + 1, REGULAR, requireFit(REGULAR, institution.name, room, owner))
  canvas.text(right, MARGIN + 1, SEMIBOLD, pt(9), title, 'right')
  canvas.fill(0)
  canvas.end()
  canvas.line(MARGIN, MARGIN + 3.5, right, MARGIN + 3.5, 0.2)
  return MARGIN + 6
}

export interface Field {
  readonly label: string
  readonly text: string
  /** Columns of the grid that it takes, of twelve. */
  readonly span: number
  readonly mono?: boolean
  readonly strong?: boolean
}

/** Small grey labels over their values, in rows of twelve columns; a row is as high as its longest value. */
export function fieldGrid(flow: PageFlow, fields: readonly Field[], person: string): void {
  const rows: Field[][] = []
  let used = 12
  for (const field of fields) {
    if (used + field.span > 12) {
      rows.push([])
      used = 0
    }
    rows.at(-1)?.push(field)
    used += field.span
  }
  for (const row of rows) fieldRow(flow, row, person)
}

function fieldRow(flow: PageFlow, row: readonly Field[], person: string): void {
  const unit = flow.width / 12
  const cells = row.map((field) => {
    const font: Font = field.mono ? MONO : field.strong ? SEMIBOLD : REGULAR
    const room = {
      width: unit * field.span - 4,
      height: 60,
      size: pt(field.mono ? 9.5 : 10.5),
      minSize: pt(7),
      leading: 1.3,
    }
    return { field, font, fitted: requireFit(font, field.text, room, { person, field: field.label }) }
  })
  const height = Math.max(...cells.map(({ fitted }) => fitted.lines.length * fitted.leading)) + 7.5
  flow.need(height)
  let x = flow.left
  for (const { field, font, fitted } of cells) {
    flow.canvas.begin('P')
    flow.canvas.fill(0.4)
    flow.canvas.text(x, flow.y + 3, REGULAR, pt(8), `${field.label}: `)
    flow.canvas.fill(0)
    drawLines(flow.canvas, x, flow.y + 7.6, font, fitted)
    flow.canvas.end()
    x += unit * field.span
  }
  flow.y += height
}

/** The grey band with the amount in words and in figures. */
export function amountBand(flow: PageFlow, label: string, amount: Cents, person: string): void {
  flow.need(20)
  const { canvas } = flow
  canvas.fill(0.945)
  canvas.rect(flow.left, flow.y, flow.width, 17)
  canvas.fill(0)
  const amountText = `€ ${formatCents(amount)}`
  const figures = measure(BOLD, pt(18), amountText)
  const room = { width: flow.width - figures - 14, height: 8.5, size: pt(10.5), minSize: pt(6), leading: 1.2 }
  const words = requireFit(SEMIBOLD, `${amountInWords(amount)} euro`, room, { person, field: label })
  canvas.begin('P')
  canvas.fill(0.4)
  canvas.text(flow.left + 4, flow.y + 6, REGULAR, pt(8), `${label}: `)
  canvas.fill(0)
  drawLines(canvas, flow.left + 4, flow.y + (words.lines.length > 1 ? 10 : 11.5), SEMIBOLD, words)
  canvas.end()
  canvas.begin('P')
  canvas.text(flow.right - 4, flow.y + 10.6, BOLD, pt(18), amountText, 'right')
  canvas.end()
  flow.y += 17
}

/** Boxed notice on the copy of an annulled paper. */
export function annulledBox(
  flow: PageFlow,
  word: string,
  annulled: { on: IsoDate; reason: string },
  person: string,
): void {
  const text = `${word} il ${formatDate(annulled.on)}. Motivo: ${annulled.reason}`
  const room = { width: flow.width - 8, height: 14, size: pt(10.5), minSize: pt(7), leading: 1.25 }
  const fitted = requireFit(SEMIBOLD, text, room, { person, field: 'Motivo dell’annullamento' })
  const height = fitted.lines.length * fitted.leading + 4
  const { canvas } = flow
  for (const [x1, y1, x2, y2] of [
    [flow.left, flow.y, flow.right, flow.y],
    [flow.left, flow.y + height, flow.right, flow.y + height],
    [flow.left, flow.y, flow.left, flow.y + height],
    [flow.right, flow.y, flow.right, flow.y + height],
  ] as const) {
    canvas.line(x1, y1, x2, y2, 0.4)
  }
  canvas.begin('P')
  drawLines(canvas, flow.left + 4, flow.y + 5.4, SEMIBOLD, fitted)
  canvas.end()
  flow.y += height + 5
}

/** Title and, at its right, a short qualifier. */
export function paperTitle(flow: PageFlow, title: string, aside: string): void {
  flow.canvas.begin('H1')
  flow.canvas.text(flow.left, flow.y + 11, BOLD, pt(20), `${title} `)
  flow.canvas.text(flow.right, flow.y + 11, REGULAR, pt(12), aside, 'right')
  flow.canvas.end()
  flow.y += 18
}

/** Small heading over a part of the paper. */
export function partTitle(flow: PageFlow, title: string, keep: number): void {
  flow.need(8 + keep)
  flow.canvas.begin('H2')
  flow.canvas.text(flow.left, flow.y + 4, SEMIBOLD, pt(10.5), title)
  flow.canvas.end()
  flow.y += 7.5
}

/** Height of `signatures`, so that they share a page with what they sign. */
export const SIGNATURES = 31

/** Offices side by side, each over the line on which it signs. */
export function signatures(flow: PageFlow, offices: readonly string[], person: string): void {
  if (offices.length === 0) return
  flow.need(SIGNATURES)
  flow.y += 12
  const share = flow.width / offices.length
  offices.forEach((office, i) => {
    const middle = flow.left + share * (i + 0.5)
    const half = Math.min(26, share / 2 - 3)
    const room = { width: share - 6, height: pt(9.5), size: pt(9.5), minSize: pt(6), leading: 1.1 }
    const fitted = requireFit(REGULAR, office, room, { person, field: 'Firma' })
    flow.canvas.begin('P')
    flow.canvas.text(middle, flow.y, REGULAR, fitted.size, fitted.lines[0] ?? '', 'center')
    flow.canvas.end()
    flow.canvas.line(middle - half, flow.y + 14, middle + half, flow.y + 14, 0.2)
  })
  flow.y += 18
}
