import { type Canvas, StructureGroup } from './canvas.ts'
import { type FittedText, fitText } from './fit.ts'
import { BOLD, type Font, MONO, REGULAR, SEMIBOLD } from './font.ts'
import { type PageFlow, pt } from './page-flow.ts'
import { requireCharacters, requireFit } from './paper-text.ts'

export interface TableColumn {
  readonly title: string
  /** Share of the table's width. */
  readonly width: number
  readonly align: 'left' | 'right' | 'center'
  readonly mono?: boolean
}

interface Placed extends TableColumn {
  readonly x: number
  readonly room: number
}

const GAP = 3
const LEADING = 1.3

/** Rows under a repeated heading, page after page; long cells wrap, never cut. */
export class Table {
  readonly #flow: PageFlow
  readonly #columns: readonly Placed[]
  readonly #size: number
  readonly #person: string
  readonly #groups: { readonly head: StructureGroup; readonly body: StructureGroup } | null
  #headed = false

  /** `size` in points; `person` names the paper in problems; `tagged` makes it a table for who listens too. */
  constructor(flow: PageFlow, columns: readonly TableColumn[], size: number, person: string, tagged: boolean) {
    this.#flow = flow
    this.#size = pt(size)
    this.#person = person
    const table = tagged ? new StructureGroup('Table') : null
    this.#groups =
      table === null ? null : { head: new StructureGroup('THead', table), body: new StructureGroup('TBody', table) }
    const shares = columns.reduce((sum, c) => sum + c.width, 0)
    const usable = flow.width - GAP * (columns.length - 1)
    let x = flow.left
    this.#columns = columns.map((column) => {
      const room = (usable * column.width) / shares
      const placed = { ...column, x, room }
      x += room + GAP
      return placed
    })
    this.heading()
  }

  heading(): void {
    const cells = this.#columns.map((column) =>
      requireFit(
        SEMIBOLD,
        column.title,
        { width: column.room, height: this.#size * 2.6, size: this.#size * 0.92, minSize: pt(5), leading: 1.15 },
        { person: this.#person, field: column.title },
      ),
    )
    const height = Math.max(...cells.map((cell) => cell.lines.length * cell.leading)) + this.#size * 0.7
    this.#flow.need(height + this.#size * 3)
    const { canvas } = this.#flow
    const base = this.#flow.y + height - this.#size * 0.55
    // Said once: on the next pages the same heading is for the eye only.
    const row = this.#groups === null || this.#headed ? null : new StructureGroup('TR', this.#groups.head)
    const repeated = this.#groups !== null && this.#headed
    this.#headed = true
    if (repeated) canvas.beginArtifact()
    cells.forEach((cell, i) => {
      const column = this.#columns[i] as Placed
      if (row !== null) canvas.begin('TH', { in: row, scope: 'Column' })
      canvas.fill(0.3)
      drawCell(canvas, column, base - (cell.lines.length - 1) * cell.leading, SEMIBOLD, cell)
      canvas.fill(0)
      if (row !== null) canvas.end()
    })
    if (repeated) canvas.end()
    this.#flow.y += height
    canvas.line(this.#flow.left, this.#flow.y, this.#flow.right, this.#flow.y, 0.25)
  }

  /** `keep`: height that must still fit below on the same page, so that totals never stand alone. */
  row(cells: readonly string[], keep = 0, strong = false): void {
    const size = this.#size
    const fitted = this.#columns.map((column, i) => {
      const text = cells[i] ?? ''
      const font = fontOf(column, strong)
      requireCharacters(font, text, { person: this.#person, field: column.title })
      // Figures stay on one line and shrink; words wrap.
      if (column.align === 'right' || column.mono) {
        const one = fitText(font, text, { width: column.room, height: size, size, minSize: size * 0.7, leading: 1 })
        if (one !== null && one.lines.length === 1) return one
      }
      return requireFit(
        font,
        text,
        { width: column.room, height: 120, size, minSize: size * 0.8, leading: LEADING },
        { person: this.#person, field: column.title },
      )
    })
    const lines = Math.max(...fitted.map((cell) => cell.lines.length))
    const height = (lines - 1) * size * LEADING + size * 1.75
    if (this.#flow.need(height + keep)) this.heading()
    const { canvas } = this.#flow
    const base = this.#flow.y + size * 1.2
    const group = this.#groups === null ? null : new StructureGroup('TR', this.#groups.body)
    // What the sums are of is said before them.
    const named = strong ? cells.findIndex((text) => text !== '') : -1
    fitted.forEach((cell, i) => {
      const column = this.#columns[i] as Placed
      if (group !== null && i === named) canvas.begin('TH', { in: group, scope: 'Row' })
      else if (group !== null) canvas.begin('TD', { in: group })
      drawCell(canvas, column, base, fontOf(column, strong), cell)
      if (group !== null) canvas.end()
    })
    this.#flow.y += height
    if (!strong) canvas.line(this.#flow.left, this.#flow.y, this.#flow.right, this.#flow.y, 0.1, 0.82)
  }

  /** Height of the totals row, for `keep`. */
  get totalsHeight(): number {
    return this.#size * (1.75 + LEADING)
  }

  /** Bold last row under a rule. */
  totals(cells: readonly string[]): void {
    this.#flow.canvas.line(this.#flow.left, this.#flow.y, this.#flow.right, this.#flow.y, 0.25)
    this.row(cells, 0, true)
  }
}

function fontOf(column: TableColumn, strong: boolean): Font {
  return column.mono ? MONO : strong ? BOLD : REGULAR
}

function drawCell(canvas: Canvas, column: Placed, y: number, font: Font, cell: FittedText): void {
  const { x, room, align } = column
  const at = align === 'left' ? x : align === 'right' ? x + room : x + room / 2
  cell.lines.forEach((line, n) => {
    canvas.text(at, y + n * cell.leading, font, cell.size, n < cell.lines.length - 1 ? `${line} ` : line, align)
  })
}
