import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import type { NoticeData } from '#domain/notice'
import { FileResources } from './kit.ts'
import { drawNoticePage, type NoticeKit } from './notice.ts'
import { ObjectSink, pdfString } from './objects.ts'
import { catalog, type PaperInfo, writeInfo, writePage } from './paper.ts'

/** Children of one node of the page tree. */
const BRANCH = 128

/** Bytes gathered before they are handed on. */
const CHUNK = 256 * 1024

/**
 * Many notices as one file: shared fonts and drawings, a bookmark by name for each, written as it is drawn. Only object
 * offsets stay in memory. Pages are compressed and not tagged.
 * @throws ProblemError at the notice that cannot be printed; check with `checkNotice` before, nothing should be left half written.
 */
export async function* mergeNotices(
  notices: Iterable<NoticeData> | AsyncIterable<NoticeData>,
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

  for await (const notice of notices) {
    const canvas = drawNoticePage(notice, kit)
    const content = canvas.content()
    hash.update(notice.noticeNumber)
    if (kids.length === 0) branch = sink.reserve()
    const stream = sink.deflated('', content, 1)
    const page = sink.reserve()
    writePage(sink, page, canvas, stream, resources, branch, '')
    kids.push(page)
    const number = sink.reserve()
    closeBookmark(number)
    bookmark = { number, previous: last, title: notice.debtor.name, page }
    if (first === 0) first = number
    last = number
    pages++
    if (kids.length === BRANCH) closeBranch()
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
      : `<</Type/Outlines/First ${first} 0 R/Last ${last} 0 R/Count ${pages}>>`,
    outlines,
  )
  const root = sink.object(`${catalog(tree)}/Outlines ${outlines} 0 R/PageMode/UseOutlines>>`)
  sink.finish(root, writeInfo(sink, info), hash.digest('hex'))
  yield Buffer.concat(pieces)
}
