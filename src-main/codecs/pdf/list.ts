import type { ListDocument } from '#domain/list-paper'
import type { Canvas } from './canvas.ts'
import { BOLD, REGULAR, SEMIBOLD } from './font.ts'
import { MARGIN, PageFlow, pt } from './page-flow.ts'
import { writePaper } from './paper.ts'
import { ownPaperKit } from './paper-parts.ts'
import { drawLines, requireFit } from './paper-text.ts'
import { Table } from './table.ts'

/** A table as on screen: title, filters in words, columns, totals, «pagina 1 di n». @throws ProblemError */
export function drawList(list: ListDocument): Uint8Array {
  return writePaper(ownPaperKit(), layList(list, true), {
    title: list.title,
    author: list.institution,
    subject: list.filters,
  })
}

/** The drawn pages; `light` drops their geometry as they fill. */
export function layList(list: ListDocument, light = false): PageFlow['pages'] {
  const flow: PageFlow = new PageFlow({
    landscape: list.orientation === 'landscape',
    light,
    note: list.note,
    head: (canvas, index) => head(canvas, list, index),
  })
  const table = new Table(flow, list.columns, list.orientation === 'landscape' ? 8.5 : 9, list.title, false)
  let rows = 0
  // One row behind, to know which is the last and keep it with the totals.
  let pending: readonly string[] | null = null
  for (const row of list.rows) {
    if (pending !== null) table.row(pending)
    pending = row
    rows++
  }
  if (pending !== null) table.row(pending, list.totals === null ? 0 : table.totalsHeight)
  if (rows === 0) {
    flow.canvas.text(flow.left, flow.y + 8, REGULAR, pt(9.5), 'Nessuna riga.')
    flow.y += 10
  }
  if (list.totals !== null) table.totals(list.totals)
  flow.finish()
  return flow.pages
}

function head(canvas: Canvas, list: ListDocument, index: number): number {
  const right = canvas.width / canvas.unit - MARGIN
  const owner = { person: list.title, field: 'Titolo' }
  const small = { width: right - MARGIN, height: 4, size: pt(8.5), minSize: pt(6), leading: 1.2 }
  canvas.fill(0.35)
  drawLines(canvas, MARGIN, MARGIN, REGULAR, requireFit(REGULAR, list.institution, small, owner))
  canvas.fill(0)
  if (index > 0) {
    const title = requireFit(SEMIBOLD, list.title, { ...small, size: pt(9.5) }, owner)
    return drawLines(canvas, MARGIN, MARGIN + 5, SEMIBOLD, title) + 2.5
  }
  const title = requireFit(BOLD, list.title, { ...small, height: 14, size: pt(16), minSize: pt(9) }, owner)
  let y = drawLines(canvas, MARGIN, MARGIN + 8, BOLD, title)
  if (list.filters !== '') {
    canvas.fill(0.35)
    const filters = requireFit(
      REGULAR,
      list.filters,
      { ...small, height: 16, size: pt(9.5), minSize: pt(7) },
      { ...owner, field: 'Filtri' },
    )
    y = drawLines(canvas, MARGIN, y + 6, REGULAR, filters)
    canvas.fill(0)
  }
  return y + 4
}
