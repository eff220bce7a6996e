import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import { leadingPayment, type NoticeData } from '#domain/notice'
import type { PreparedPage } from './canvas.ts'
import { FileResources } from './kit.ts'
import { type NoticeKit, type NoticeLetter, preparedPages, withLetter } from './notice-kit.ts'
import { drawVariablePages, noticeShape } from './notice-pages.ts'
import { ObjectSink, pdfString } from './objects.ts'
import { catalog, type PaperInfo, writeInfo, writePage } from './paper.ts'

/** Children of one node of the page tree. */
const BRANCH = 128

/** Bytes gathered before they are handed on. */
const CHUNK = 256 * 1024

export interface PaperToMerge {
  readonly notice: NoticeData
  readonly letter?: NoticeLetter
}

/**
 * Many notices as one file: shared fonts and drawings, a bookmark by name for each, written as it is drawn. Only object
 * offsets stay in memory. Pages are compressed and not tagged.
 * @throws ProblemError at the notice that cannot be printed; check with `checkNotice` before, nothing should be left half written.
 */
export async function* mergeNotices(
  papers: Iterable<PaperToMerge> | AsyncIterable<PaperToMerge>,
  kit: NoticeKit,
  info: PaperInfo,
): AsyncGenerator<Uint8Array> {
  let pieces: Uint8Array[] = []
  let size = 0
  const sink = new ObjectSink((piece) => {
    pieces.push(piece)
    size += piece.length
  }, kit.prefix)
  const resources = new FileResources(sink, kit)
  const hash = createHash('md5').update(info.title)
  const tree = sink.reserve()
  const outlines = sink.reserve()
  const branches: { number: number; count: number }[] = []
  let kids: number[] = []
  let branch = 0
  // A bookmark names its neighbours, so it is written when the next one has its number.
  let bookmark: { number: number; previous: number; title: string; page: number } | null = null
  let first = 0
  let last = 0
  let pages = 0
  let papersCount = 0
  const fixed = new Map<string, readonly PreparedPage[]>()

  const closeBranch = (): void => {
    if (kids.length === 0) return
    sink.object(
      `<</Type/Pages/Parent ${tree} 0 R/Count ${kids.length}/Kids[${kids.map((n) => `${n} 0 R`).join(' ')}]>>`,
      branch,
    )
    branches.push({ number: branch, count: kids.length })
    kids = []
  }
  const closeBookmark = (next: number): void => {
    if (bookmark === null) return
    const { number, previous, title, page } = bookmark
    const links = `${previous === 0 ? '' : `/Prev ${previous} 0 R`}${next === 0 ? '' : `/Next ${next} 0 R`}`
    sink.object(`<</Title ${pdfString(title)}/Parent ${outlines} 0 R${links}/Dest[${page} 0 R/Fit]>>`, number)
  }

  for await (const { notice, letter } of papers) {
    const shape = noticeShape(notice, kit.style)
    let prepared = fixed.get(shape.key)
    if (prepared === undefined) {
      prepared = preparedPages(shape, kit, sink)
      fixed.set(shape.key, prepared)
    }
    hash.update(leadingPayment(notice).noticeNumber)
    let firstPage = 0
    for (const canvas of withLetter(drawVariablePages(notice, shape, kit.style, prepared), letter)) {
      if (kids.length === 0) branch = sink.reserve()
      const stream = sink.deflated('', canvas.content(), 1)
      const page = sink.reserve()
      writePage(sink, page, canvas, stream, resources, branch, '')
      kids.push(page)
      if (firstPage === 0) firstPage = page
      pages++
      if (kids.length === BRANCH) closeBranch()
    }
    const number = sink.reserve()
    closeBookmark(number)
    bookmark = { number, previous: last, title: notice.debtor.name, page: firstPage }
    if (first === 0) first = number
    last = number
    papersCount++
    if (size >= CHUNK) {
      yield Buffer.concat(pieces)
      pieces = []
      size = 0
    }
  }
  closeBranch()
  closeBookmark(0)
  sink.object(`<</Type/Pages/Count ${pages}/Kids[${branches.map((b) => `${b.number} 0 R`).join(' ')}]>>`, tree)
  sink.object(
    pages === 0
      ? '<</Type/Outlines/Count 0>>'
      : `<</Type/Outlines/First ${first} 0 R/Last ${last} 0 R/Count ${papersCount}>>`,
    outlines,
  )
  const root = sink.object(`${catalog(tree)}/Outlines ${outlines} 0 R/PageMode/UseOutlines>>`)
  sink.finish(root, writeInfo(sink, info), hash.digest('hex'))
  yield Buffer.concat(pieces)
}
