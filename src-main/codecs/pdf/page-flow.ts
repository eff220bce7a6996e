import { A4, Canvas } from './canvas.ts'
import { REGULAR } from './font.ts'

/** Papers of our own are drawn in millimetres. */
const MM = 72 / 25.4

/** Points to millimetres, for text sizes. */
export function pt(points: number): number {
  return points / MM
}

export const MARGIN = 18

export interface FlowOptions {
  readonly landscape?: boolean
  /** Forgets the geometry of finished pages: for papers without a bound on their length. */
  readonly light?: boolean
  /** Left part of the foot. */
  readonly note: string
  /** No foot where there is one page only. */
  readonly bareSingle?: boolean
  /** Draws the head of a page (numbered from 0) and returns where the body begins. */
  readonly head: (canvas: Canvas, index: number) => number
}

/** Pages filled from top to bottom; the foot («pagina 1 di n») is drawn when all are known. */
export class PageFlow {
  readonly pages: Canvas[] = []
  readonly left = MARGIN
  readonly right: number
  readonly bottom: number
  readonly #options: FlowOptions
  readonly #size: { readonly width: number; readonly height: number }
  y = 0

  constructor(options: FlowOptions) {
    this.#options = options
    this.#size = options.landscape ? { width: A4.height, height: A4.width } : A4
    this.right = this.#size.width / MM - MARGIN
    this.bottom = this.#size.height / MM - MARGIN - 4
    this.next()
  }

  get canvas(): Canvas {
    return this.pages[this.pages.length - 1] as Canvas
  }

  get width(): number {
    return this.right - this.left
  }

  next(): void {
    if (this.#options.light) this.pages.at(-1)?.seal()
    const canvas = new Canvas(MM, this.#size)
    this.pages.push(canvas)
    this.y = this.#options.head(canvas, this.pages.length - 1)
  }

  /** Goes to a new page unless `height` fits below; true when it did. */
  need(height: number): boolean {
    if (this.y + height <= this.bottom) return false
    this.next()
    return true
  }

  finish(): readonly Canvas[] {
    if (this.#options.bareSingle && this.pages.length === 1) return this.pages
    const y = this.#size.height / MM - MARGIN + 4
    this.pages.forEach((page, i) => {
      page.beginArtifact()
      page.fill(0.35)
      page.text(this.left, y, REGULAR, pt(8), this.#options.note)
      page.text(this.right, y, REGULAR, pt(8), `pagina ${i + 1} di ${this.pages.length}`, 'right')
      page.end()
    })
    return this.pages
  }
}
