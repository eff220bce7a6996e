import { Buffer } from 'node:buffer'
import { type Font, measure, printable, showText } from './font.ts'
import { num } from './objects.ts'

export interface TextBox {
  readonly text: string
  /** Left, top, right, bottom in the unit of the canvas, from the top left corner. */
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/** Structure types of what is drawn; `Artifact` is what a reader aloud should skip. */
export type Tag = 'H1' | 'H2' | 'H3' | 'P' | 'Figure' | 'TH' | 'TD' | 'Caption' | 'LI' | 'Note'

/** Structure types that only hold others; the last four also stand for one that holds several marks. */
export type GroupTag = 'Table' | 'THead' | 'TBody' | 'TR' | 'Sect' | 'L' | 'TH' | 'TD' | 'LI' | 'Caption'

/** An element of the structure tree without content of its own; may hold marks of many pages. It stands where its first mark does. */
export class StructureGroup {
  readonly tag: GroupTag
  readonly parent: StructureGroup | null

  constructor(tag: GroupTag, parent: StructureGroup | null = null) {
    this.tag = tag
    this.parent = parent
  }
}

export interface MarkOptions {
  /** Place in the reading order of the page; marks of equal order are read as drawn. Without it: as drawn. */
  readonly order?: number
  readonly alt?: string
  /** BCP 47 tag, where it is not the language of the paper. */
  readonly lang?: string
  readonly in?: StructureGroup
  /** Of a TH. */
  readonly scope?: 'Column' | 'Row'
}

export interface MarkedContent {
  readonly tag: Tag
  readonly order: number
  readonly options: MarkOptions
}

const NO_OPTIONS: MarkOptions = {}

/** A page drawn once, whose operators many pages begin with. */
export interface PreparedPage {
  readonly canvas: Canvas
  readonly stream: number
}

/** A4 in points. */
export const A4 = { width: 595.28, height: 841.89 } as const

/**
 * One page being drawn, y downwards from the top in `unit` points (0.75 = CSS px, 72/25.4 = mm). Text places are base
 * lines. Keeps what was drawn where, so that overlaps can be checked.
 */
export class Canvas {
  readonly width: number
  readonly height: number
  readonly unit: number
  readonly boxes: TextBox[] = []
  readonly marks: MarkedContent[] = []
  readonly resources = new Set<string>()
  /** Number of the stream that is drawn before this page's own operators. */
  base: number | null = null
  readonly #use = (resource: string): void => {
    this.resources.add(resource)
  }
  #ops: string[] = []
  #open = false

  constructor(unit: number, size: { readonly width: number; readonly height: number } = A4) {
    this.unit = unit
    this.width = size.width
    this.height = size.height
  }

  /** Goes on from a page prepared before, whose operators stand already in the file as `prepared.stream`. */
  resume(prepared: PreparedPage): void {
    this.boxes.push(...prepared.canvas.boxes)
    this.marks.push(...prepared.canvas.marks)
    for (const resource of prepared.canvas.resources) this.resources.add(resource)
    this.base = prepared.stream
  }

  /** What follows, up to `end`, is one element of the reading order. */
  begin(tag: Tag, options: MarkOptions = NO_OPTIONS): void {
    if (this.#open) throw new Error('marked content does not nest')
    const mcid = this.marks.length
    this.#ops.push(`/${tag}<</MCID ${mcid}>>BDC`)
    this.marks.push({ tag, order: options.order ?? mcid, options })
    this.#open = true
  }

  /** What follows, up to `end`, is not read aloud: heads and feet that repeat. */
  beginArtifact(): void {
    if (this.#open) throw new Error('marked content does not nest')
    this.#ops.push('/Artifact BMC')
    this.#open = true
  }

  end(): void {
    this.#ops.push('EMC')
    this.#open = false
  }

  /** Draws one line with its base line at `y` and returns its advance. `size` in the canvas's unit. */
  text(
    x: number,
    y: number,
    font: Font,
    size: number,
    text: string,
    align: 'left' | 'right' | 'center' = 'left',
  ): number {
    const line = printable(text)
    if (line === '') return 0
    // A blank at the end parts the words of two lines for who copies or listens; it takes no room.
    const visible = line.trimEnd()
    const width = measure(font, size, visible)
    const left = align === 'left' ? x : align === 'right' ? x - width : x - width / 2
    const place = `${num(left * this.unit)} ${num(this.height - y * this.unit)}`
    this.#ops.push(`BT ${place} Td ${showText(font, num(size * this.unit), line, this.#use)} ET`)
    // Cap height above, descender below: what ink can reach but for rare stacked accents.
    this.boxes.push({ text: visible, left, right: left + width, top: y - size * 0.74, bottom: y + size * 0.22 })
    return visible === line ? width : measure(font, size, line)
  }

  /** Grey from 0 (black) to 1 (white), for what follows. */
  fill(grey: number): void {
    this.#ops.push(`${num(grey)} g`)
  }

  rect(x: number, y: number, width: number, height: number): void {
    this.#artifact(
      `${num(x * this.unit)} ${num(this.height - (y + height) * this.unit)} ${num(width * this.unit)} ${num(height * this.unit)} re f`,
    )
  }

  /** A straight hairline or rule; `thickness` in the canvas's unit. */
  line(x1: number, y1: number, x2: number, y2: number, thickness: number, grey = 0): void {
    const at = (x: number, y: number): string => `${num(x * this.unit)} ${num(this.height - y * this.unit)}`
    this.#artifact(`q ${num(grey)} G ${num(thickness * this.unit)} w ${at(x1, y1)} m ${at(x2, y2)} l S Q`)
  }

  /** Places a drawing or image that fills the unit square (or its own box) into the given rectangle. */
  place(resource: string, x: number, y: number, width: number, height: number): void {
    this.resources.add(resource)
    this.#artifact(
      `q ${num(width * this.unit)} 0 0 ${num(height * this.unit)} ${num(x * this.unit)} ${num(this.height - (y + height) * this.unit)} cm /${resource} Do Q`,
    )
  }

  /** Dark modules of a square symbol as one filled path, runs of a row joined. */
  modules(modules: Uint8Array, size: number, x: number, y: number, side: number): void {
    const scale = (side * this.unit) / size
    let path = ''
    for (let row = 0, at = 0; row < size; row++) {
      for (let column = 0; column < size; column++, at++) {
        if (modules[at] === 0) continue
        const start = column
        while (column + 1 < size && modules[at + 1] === 1) {
          column++
          at++
        }
        path += `${start} ${row} ${column + 1 - start} 1 re `
      }
    }
    this.#artifact(
      `q ${scale.toFixed(5)} 0 0 ${(-scale).toFixed(5)} ${num(x * this.unit)} ${num(this.height - y * this.unit)} cm ${path}f Q`,
    )
  }

  /** Operators written elsewhere, as they are. */
  raw(ops: string): void {
    this.#ops.push(ops)
  }

  #artifact(ops: string): void {
    this.#ops.push(this.#open ? ops : `/Artifact BMC ${ops} EMC`)
  }

  /** Keeps only what the file needs of a finished page: a list may have thousands. */
  seal(): void {
    this.#ops = [Buffer.from(this.#ops.join('\n'), 'latin1').toString('latin1')]
    this.boxes.length = 0
  }

  content(): string {
    return this.#ops.join('\n')
  }
}
