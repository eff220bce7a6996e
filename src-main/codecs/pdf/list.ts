import type { ListDocument } from '#domain/list-paper'
import type { Canvas, Tag } from './canvas.ts'
import { BOLD, REGULAR, SEMIBOLD } from './font.ts'
import { MARGIN, PageFlow, pt } from './page-flow.ts'
import { writePaper } from './paper.ts'
import { ownPaperKit } from './paper-parts.ts'
import { drawLines, requireFit } from './paper-text.ts'
import { Table } from './table.ts'

/** Rows up to which a list is tagged: the structure of a longer one would weigh more than the list itself. */
const TAGGED_ROWS = 2_000

type Row = readonly string[]

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
  const source = list.rows[Symbol.iterator]()
  const first = take(source, TAGGED_ROWS + 1)
  const tagged = first.length <= TAGGED_ROWS
  const flow: PageFlow = new PageFlow({
    landscape: list.orientation === 'landscape',
    light,
    note: list.note,
    head: (canvas, index) => (index === 0 ? firstHead(canvas, list, tagged) : nextHead(canvas, list)),
  })
  const table = new Table(flow, list.columns, list.orientation === 'landscape' ? 8.5 : 9, list.title, tagged)
  // One row behind, to know which is the last and keep it with the totals.
  let pending: Row | null = null
  for (const row of rest(first, source)) {
    if (pending !== null) table.row(pending)
    pending = row
  }
  if (pending !== null) table.row(pending, list.totals === null ? 0 : table.totalsHeight)
  else {
    part(flow.canvas, tagged ? 'P' : null, () => {
      flow.canvas.text(flow.left, flow.y + 8, REGULAR, pt(9.5), 'Nessuna riga.')
    })
    flow.y += 10
  }
  if (list.totals !== null) table.totals(list.totals)
  flow.finish()
  return flow.pages
}

function take(source: Iterator<Row>, most: number): Row[] {
  const rows: Row[] = []
  while (rows.length < most) {
    const next = source.next()
    if (next.done) break
    rows.push(next.value)
  }
  return rows
}

function* rest(first: readonly Row[], source: Iterator<Row>): Generator<Row> {
  yield* first
  for (let next = source.next(); !next.done; next = source.next()) yield next.value
}

const SMALL = { height: 4, size: pt(8.5), minSize: pt(6), leading: 1.2 }

function firstHead(canvas: Canvas, list: ListDocument, tagged: boolean): number {
  const owner = { person: list.title, field: 'Titolo' }
  const width = canvas.width / canvas.unit - 2 * MARGIN
  canvas.fill(0.35)
  const institution = requireFit(REGULAR, list.institution, { ...SMALL, width }, owner)
  part(canvas, tagged ? 'P' : null, () => drawLines(canvas, MARGIN, MARGIN, REGULAR, institution))
  canvas.fill(0)
  const room = { ...SMALL, width, height: 14, size: pt(16), minSize: pt(9) }
  const title = requireFit(BOLD, list.title, room, owner)
  let y = part(canvas, tagged ? 'H1' : null, () => drawLines(canvas, MARGIN, MARGIN + 8, BOLD, title))
  if (list.filters !== '') {
    const space = { ...SMALL, width, height: 16, size: pt(9.5), minSize: pt(7) }
    const filters = requireFit(REGULAR, list.filters, space, { ...owner, field: 'Filtri' })
    canvas.fill(0.35)
    y = part(canvas, tagged ? 'P' : null, () => drawLines(canvas, MARGIN, y + 6, REGULAR, filters))
    canvas.fill(0)
  }
  return y + 4
}

function nextHead(canvas: Canvas, list: ListDocument): number {
  const owner = { person: list.title, field: 'Titolo' }
  const room = { ...SMALL, width: canvas.width / canvas.unit - 2 * MARGIN }
  canvas.beginArtifact()
  canvas.fill(0.35)
  drawLines(canvas, MARGIN, MARGIN, REGULAR, requireFit(REGULAR, list.institution, room, owner))
  canvas.fill(0)
  const title = requireFit(SEMIBOLD, list.title, { ...room, size: pt(9.5) }, owner)
  const y = drawLines(canvas, MARGIN, MARGIN + 5, SEMIBOLD, title)
  canvas.end()
  return y + 2.5
}

function part<T>(canvas: Canvas, tag: Tag | null, draw: () => T): T {
  if (tag === null) return draw()
  canvas.begin(tag)
  const result = draw()
  canvas.end()
  return result
}
