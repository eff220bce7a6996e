import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import type { Canvas } from './canvas.ts'
import { FileResources } from './kit.ts'
import { ObjectSink, pdfString } from './objects.ts'
import { catalog, type PaperInfo, writeInfo, writePage } from './paper.ts'
import { ownPaperKit } from './paper-parts.ts'

export interface OwnPaper {
  /** Its bookmark. */
  readonly title: string
  readonly pages: readonly Canvas[]
}

/** Pages under one node of the page tree: viewers find a page of thousands in two steps. */
const BRANCH = 128
/** Bytes gathered before they are handed on. */
const CHUNK = 256 * 1024

interface Bookmark {
  readonly number: number
  readonly title: string
  readonly page: number
}

/**
 * Many of our own papers (quietanze, reversali) as one file to print: shared fonts, a bookmark for each, written as it
 * is drawn. Compressed and not tagged, like the merged notices. Equal papers give equal bytes.
 */
export async function* mergePapers(
  papers: Iterable<OwnPaper> | AsyncIterable<OwnPaper>,
  info: PaperInfo,
): AsyncGenerator<Uint8Array> {
  const kit = ownPaperKit()
  let pieces: Uint8Array[] = []
  let size = 0
  const sink = new ObjectSink((piece) => {
    pieces.push(piece)
    size += piece.length
  }, kit.prefix)
  const resources = new FileResources(sink, kit)
  const hash = createHash('md5').update(info.title)
  const tree = sink.reserve()
  const branches: string[] = []
  const bookmarks: Bookmark[] = []
  let branch = 0
  let kids: string[] = []
  let count = 0
  const closeBranch = (): void => {
    if (kids.length === 0) return
    sink.object(`<</Type/Pages/Parent ${tree} 0 R/Count ${kids.length}/Kids[${kids.join(' ')}]>>`, branch)
    branches.push(`${branch} 0 R`)
    kids = []
  }
  for await (const { title, pages } of papers) {
    let first = 0
    for (const canvas of pages) {
      const content = canvas.content()
      hash.update(content)
      if (kids.length === 0) branch = sink.reserve()
      const stream = sink.deflated('', content, 1)
      const page = sink.reserve()
      writePage(sink, page, canvas, stream, resources, branch, '')
      kids.push(`${page} 0 R`)
      if (first === 0) first = page
      count++
      if (kids.length === BRANCH) closeBranch()
    }
    bookmarks.push({ number: sink.reserve(), title, page: first })
    if (size >= CHUNK) {
      yield Buffer.concat(pieces)
      pieces = []
      size = 0
    }
  }
  closeBranch()
  sink.object(`<</Type/Pages/Count ${count}/Kids[${branches.join(' ')}]>>`, tree)
  const outlines = writeOutlines(sink, bookmarks)
  const root = sink.object(`${catalog(tree)}/Outlines ${outlines} 0 R/PageMode/UseOutlines>>`)
  sink.finish(root, writeInfo(sink, info), hash.digest('hex'))
  yield Buffer.concat(pieces)
}

function writeOutlines(sink: ObjectSink, bookmarks: readonly Bookmark[]): number {
  const outlines = sink.reserve()
  bookmarks.forEach(({ number, title, page }, i) => {
    const previous = bookmarks[i - 1]
    const next = bookmarks[i + 1]
    const links = `${previous ? `/Prev ${previous.number} 0 R` : ''}${next ? `/Next ${next.number} 0 R` : ''}`
    sink.object(`<</Title ${pdfString(title)}/Parent ${outlines} 0 R${links}/Dest[${page} 0 R/Fit]>>`, number)
  })
  const ends = bookmarks.length === 0 ? '' : `/First ${bookmarks[0]?.number} 0 R/Last ${bookmarks.at(-1)?.number} 0 R`
  return sink.object(`<</Type/Outlines${ends}/Count ${bookmarks.length}>>`, outlines)
}
