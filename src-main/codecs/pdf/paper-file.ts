import { Buffer } from 'node:buffer'
import { createHash, type Hash } from 'node:crypto'
import type { Canvas } from './canvas.ts'
import { FileResources, type PaperKit } from './kit.ts'
import { type PaperInfo, writeInfo, writeMetadata } from './metadata.ts'
import { num, ObjectSink, pdfString } from './objects.ts'
import { StructureTree } from './structure.ts'

/** Children of one node of the page tree: viewers find a page of thousands in two steps. */
const BRANCH = 128

export interface PaperFileOptions {
  /** Compression of pages and of object streams, 1–9. */
  readonly level: number
  /** Bytes gathered before they are handed on. */
  readonly chunk?: number
  /** A file of more parts than this is not tagged. */
  readonly taggedParts?: number
}

/** One file written page by page; in memory stay only places of objects, and marks as long as it may be tagged. */
export class PaperFile {
  readonly sink: ObjectSink
  readonly #kit: PaperKit
  readonly #info: PaperInfo
  readonly #options: PaperFileOptions
  readonly #resources: FileResources
  readonly #hash: Hash
  readonly #tree: number
  #branches: string[] = []
  #branch = 0
  #kids: string[] = []
  #pages = 0
  #structure: StructureTree | null
  #marks = 0
  #outlines = 0
  /** A bookmark names its neighbours, so it is written when the next one has its number. */
  #bookmark: { number: number; previous: number; title: string; page: number } | null = null
  #firstBookmark = 0
  #bookmarks = 0

  constructor(emit: (piece: Uint8Array) => void, kit: PaperKit, info: PaperInfo, options: PaperFileOptions) {
    const { level, chunk } = options
    this.sink = new ObjectSink(emit, { after: kit.prefix, pack: level, ...(chunk === undefined ? {} : { chunk }) })
    this.#kit = kit
    this.#info = info
    this.#options = options
    this.#resources = new FileResources(this.sink, kit.resources)
    this.#hash = createHash('md5').update(info.title)
    this.#tree = this.sink.reserve()
    this.#structure = kit.intent === null ? null : new StructureTree()
  }

  /** Pages of one paper of several, with its bookmark. */
  part(title: string, pages: readonly Canvas[]): void {
    if (this.#bookmarks >= (this.#options.taggedParts ?? Number.POSITIVE_INFINITY)) this.#structure = null
    this.#structure?.part(title)
    const numbers = pages.map((canvas) => this.page(canvas))
    if (this.#outlines === 0) this.#outlines = this.sink.reserve()
    const number = this.sink.reserve()
    const previous = this.#bookmark?.number ?? 0
    this.#closeBookmark(number)
    this.#bookmark = { number, previous, title, page: numbers[0] as number }
    if (this.#bookmarks === 0) this.#firstBookmark = number
    this.#bookmarks++
  }

  /** Writes the page and returns its number. */
  page(canvas: Canvas): number {
    const { sink } = this
    const content = Buffer.from(canvas.content(), 'latin1')
    this.#hash.update(content)
    if (this.#kids.length === 0) this.#branch = sink.reserve()
    const stream = sink.deflated('', content, this.#options.level)
    const number = sink.reserve()
    let marks = ''
    if (this.#structure !== null && canvas.markCount > 0) {
      marks = `/Tabs/S/StructParents ${this.#structure.add(canvas, number)}`
      this.#marks += canvas.markCount
    }
    sink.object(pageObject(canvas, this.#branch, stream, `${this.#resources.object(canvas)} 0 R`, marks), number)
    this.#kids.push(`${number} 0 R`)
    this.#pages++
    if (this.#kids.length === BRANCH) this.#closeBranch()
    return number
  }

  finish(): void {
    const { sink } = this
    this.#closeBranch()
    sink.object(`<</Type/Pages/Count ${this.#pages}/Kids[${this.#branches.join(' ')}]>>`, this.#tree)
    let outlines = ''
    if (this.#outlines !== 0) {
      const last = this.#bookmark?.number
      this.#closeBookmark(0)
      sink.object(
        `<</Type/Outlines/First ${this.#firstBookmark} 0 R/Last ${last} 0 R/Count ${this.#bookmarks}>>`,
        this.#outlines,
      )
      outlines = `/Outlines ${this.#outlines} 0 R/PageMode/UseOutlines`
    }
    const tagged = this.#structure !== null && this.#marks > 0
    const structure = tagged ? (this.#structure as StructureTree).write(sink) : null
    const metadata = this.#kit.intent === null ? null : writeMetadata(sink, this.#info, tagged)
    const root = sink.object(catalog(this.#tree, this.#kit.intent, metadata, structure, outlines))
    sink.finish(root, writeInfo(sink, this.#info), this.#hash.digest('hex'))
  }

  #closeBranch(): void {
    if (this.#kids.length === 0) return
    this.sink.object(
      `<</Type/Pages/Parent ${this.#tree} 0 R/Count ${this.#kids.length}/Kids[${this.#kids.join(' ')}]>>`,
      this.#branch,
    )
    this.#branches.push(`${this.#branch} 0 R`)
    this.#kids = []
  }

  #closeBookmark(next: number): void {
    if (this.#bookmark === null) return
    const { number, previous, title, page } = this.#bookmark
    const links = `${previous === 0 ? '' : `/Prev ${previous} 0 R`}${next === 0 ? '' : `/Next ${next} 0 R`}`
    this.sink.object(
      `<</Title ${pdfString(title)}/Parent ${this.#outlines} 0 R${links}/Dest[${page} 0 R/Fit]>>`,
      number,
    )
  }
}

export function pageObject(page: Canvas, parent: number, stream: number, resources: string, marks: string): string {
  const contents = page.base === null ? `${stream} 0 R` : `[${page.base} 0 R ${stream} 0 R]`
  return `<</Type/Page/Parent ${parent} 0 R/MediaBox[0 0 ${num(page.width)} ${num(page.height)}]/Resources ${resources}/Contents ${contents}${marks}>>`
}

export function catalog(
  pages: number,
  intent: number | null,
  metadata: number | null,
  structure: number | null,
  extra = '',
): string {
  const archive = intent === null ? '' : `/OutputIntents[${intent} 0 R]`
  const words = metadata === null ? '' : `/Metadata ${metadata} 0 R`
  const tags = structure === null ? '' : `/MarkInfo<</Marked true>>/StructTreeRoot ${structure} 0 R`
  return `<</Type/Catalog/Pages ${pages} 0 R/Lang(it-IT)/ViewerPreferences<</DisplayDocTitle true>>${archive}${words}${tags}${extra}>>`
}
