import { Buffer } from 'node:buffer'
import { type Font, setText } from './font.ts'
import { num } from './objects.ts'

export interface TextBox {
  readonly text: string
  /** Left, top, right, bottom in the unit of the canvas, from the top left corner. */
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/** A code on the page: its modules on a side tell which (33 is a QR), the rest is in the unit of the canvas. */
export interface CodeBox {
  readonly modules: number
  readonly x: number
  readonly y: number
  readonly side: number
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
  /** Of a Figure: left, bottom, right, top of what was placed, in points from the bottom left corner. */
  box: readonly [number, number, number, number] | null
}

const NO_OPTIONS: MarkOptions = {}
const NO_NAMES: ReadonlySet<string> = new Set()

/** A page drawn once, whose operators many pages begin with; they stand in the file as `stream`. */
export interface PreparedPage {
  readonly canvas: Canvas
  readonly stream: number
  /** Marks are left out: the file is not tagged. */
  readonly bare?: boolean
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
  readonly #boxes: TextBox[] = []
  /** Every code drawn on this page, in order. */
  readonly codes: CodeBox[] = []
  readonly #marks: MarkedContent[] = []
  readonly #resources = new Set<string>()
  #prepared: PreparedPage | null = null
  /** Marks of the prepared page, whose numbers go before ours. */
  #before = 0
  #bare = false
  #ops = ''
  #open = false

  constructor(unit: number, size: { readonly width: number; readonly height: number } = A4) {
    this.unit = unit
    this.width = size.width
    this.height = size.height
  }

  /** Goes on from a page prepared before. */
  resume(prepared: PreparedPage): void {
    this.#prepared = prepared
    this.#before = prepared.canvas.marks.length
    this.#bare = prepared.bare === true
  }

  /** Number of the stream that is drawn before this page's own operators. */
  get base(): number | null {
    return this.#prepared === null ? null : this.#prepared.stream
  }

  /** Every text on the page. */
  get boxes(): readonly TextBox[] {
    return this.#prepared === null ? this.#boxes : [...this.#prepared.canvas.boxes, ...this.#boxes]
  }

  /** Every mark on the page, by its number (MCID). */
  get marks(): readonly MarkedContent[] {
    return this.#prepared === null ? this.#marks : [...this.#prepared.canvas.marks, ...this.#marks]
  }

  get markCount(): number {
    return this.#before + this.#marks.length
  }

  /** The marks made since `resume`. */
  get ownMarks(): readonly MarkedContent[] {
    return this.#marks
  }

  /** Names of all fonts and drawings on the page. */
  get resources(): ReadonlySet<string> {
    return this.#prepared === null ? this.#resources : new Set([...this.#prepared.canvas.resources, ...this.#resources])
  }

  /** The names that the prepared page uses. */
  get preparedResources(): ReadonlySet<string> {
    return this.#prepared === null ? NO_NAMES : this.#prepared.canvas.ownResources
  }

  /** The names used since `resume`. */
  get ownResources(): ReadonlySet<string> {
    return this.#resources
  }

  /** What follows, up to `end`, is one element of the reading order. */
  begin(tag: Tag, options: MarkOptions = NO_OPTIONS): void {
    if (this.#open) throw new Error('marked content does not nest')
    this.#open = true
    const mcid = this.#before + this.#marks.length
    this.#marks.push({ tag, order: options.order ?? mcid, options, box: null })
    if (!this.#bare) this.#ops += `/${tag}<</MCID ${mcid}>>BDC\n`
  }

  /** What follows, up to `end`, is not read aloud: heads and feet that repeat. */
  beginArtifact(): void {
    if (this.#open) throw new Error('marked content does not nest')
    this.#open = true
    if (!this.#bare) this.#ops += '/Artifact BMC\n'
  }

  end(): void {
    this.#open = false
    if (!this.#bare) this.#ops += 'EMC\n'
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
    const { line, visible, parts, width: advance, visibleWidth, missing } = setText(font, text)
    if (line === '') return 0
    if (missing !== null) throw new RangeError(`«${line}» has «${missing}», which the face cannot draw`)
    // A blank at the end parts the words of two lines for who copies or listens; it takes no room.
    const width = (visibleWidth * size) / 1000
    const left = align === 'left' ? x : align === 'right' ? x - width : x - width / 2
    const points = num(size * this.unit)
    this.#ops += `BT ${num(left * this.unit)} ${num(this.height - y * this.unit)} Td `
    for (const { resource, show } of parts) {
      this.#resources.add(resource)
      this.#ops += `/${resource} ${points} Tf ${show} `
    }
    this.#ops += 'ET\n'
    // Cap height above, descender below: what ink can reach but for rare stacked accents.
    this.#boxes.push({ text: visible, left, right: left + width, top: y - size * 0.74, bottom: y + size * 0.22 })
    return (advance * size) / 1000
  }

  /** Grey from 0 (black) to 1 (white), for what follows. */
  fill(grey: number): void {
    this.#ops += `${num(grey)} g\n`
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
    this.#resources.add(resource)
    this.#surround(x, y, width, height)
    this.#artifact(
      `q ${num(width * this.unit)} 0 0 ${num(height * this.unit)} ${num(x * this.unit)} ${num(this.height - (y + height) * this.unit)} cm /${resource} Do Q`,
    )
  }

  /** Dark modules (1) of a square symbol as an image of one bit a module: sharp at any size, small and quick to write. */
  modules(modules: Uint8Array, size: number, x: number, y: number, side: number): void {
    this.codes.push({ modules: size, x, y, side })
    const edge = num(side * this.unit)
    this.#surround(x, y, side, side)
    this.#artifact(
      `q ${edge} 0 0 ${edge} ${num(x * this.unit)} ${num(this.height - (y + side) * this.unit)} cm BI/W ${size}/H ${size}/IM true/D[1 0]/F/AHx ID ${bits(modules, size)}>\nEI Q`,
    )
  }

  /** Operators written elsewhere, as they are. */
  raw(ops: string): void {
    this.#ops += `${ops}\n`
  }

  /** The open figure takes this rectangle in. */
  #surround(x: number, y: number, width: number, height: number): void {
    const mark = this.#open ? this.#marks.at(-1) : undefined
    if (mark?.tag !== 'Figure') return
    const [left, top] = [x * this.unit, this.height - y * this.unit]
    const [right, bottom] = [left + width * this.unit, top - height * this.unit]
    const { box } = mark
    mark.box =
      box === null
        ? [left, bottom, right, top]
        : [Math.min(box[0], left), Math.min(box[1], bottom), Math.max(box[2], right), Math.max(box[3], top)]
  }

  #artifact(ops: string): void {
    this.#ops += this.#open || this.#bare ? `${ops}\n` : `/Artifact BMC ${ops} EMC\n`
  }

  /** Keeps only what the file needs of a finished page: a list may have thousands. */
  seal(): void {
    this.#ops = Buffer.from(this.#ops, 'latin1').toString('latin1')
    this.#boxes.length = 0
    this.codes.length = 0
  }

  content(): string {
    return this.#ops
  }
}

/** Rows of modules as hex digits, each row filled up to whole bytes. */
function bits(modules: Uint8Array, size: number): string {
  const bytes = Buffer.allocUnsafe(Math.ceil(size / 8) * size)
  for (let at = 0, to = 0, row = 0; row < size; row++) {
    let byte = 1
    for (const end = at + size; at < end; at++) {
      byte = (byte << 1) | (modules[at] as number)
      if (byte < 256) continue
      bytes[to++] = byte
      byte = 1
    }
    if (byte > 1) bytes[to++] = byte << (8 - (size & 7))
  }
  return bytes.toString('hex')
}
