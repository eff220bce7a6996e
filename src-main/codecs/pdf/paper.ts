import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import type { Canvas, MarkedContent } from './canvas.ts'
import { FileResources, type PaperKit } from './kit.ts'
import { num, ObjectSink, pdfString } from './objects.ts'

export interface PaperInfo {
  readonly title: string
  readonly author: string
  readonly subject: string
}

/**
 * One file from drawn pages: tagged (reading order, alternative texts), language, title; no date and a fingerprint made
 * from the content, so that the same paper is the same bytes.
 */
export function writePaper(kit: PaperKit, pages: readonly Canvas[], info: PaperInfo): Uint8Array {
  const pieces: Uint8Array[] = []
  const sink = new ObjectSink((piece) => pieces.push(piece), kit.prefix)
  const resources = new FileResources(sink, kit)
  const hash = createHash('md5').update(info.title)
  const tree = sink.reserve()
  // Long lists carry no marks: a tree of a hundred thousand cells would weigh more than the list.
  const tagged = pages.some((page) => page.marks.length > 0)
  const structure = tagged ? sink.reserve() : 0
  const document = tagged ? sink.reserve() : 0
  const numbers: number[] = []
  const elements: string[] = []
  const parents: string[] = []
  pages.forEach((page, index) => {
    const content = page.content()
    hash.update(content)
    const stream = pages.length > 1 ? sink.deflated('', content) : sink.stream('', Buffer.from(content, 'latin1'))
    const number = sink.reserve()
    numbers.push(number)
    writePage(sink, number, page, stream, resources, tree, tagged ? `/Tabs/S/StructParents ${index}` : '')
    if (!tagged) return
    const marks = writeElements(sink, page.marks, number, document)
    parents.push(`${index}[${marks.byMcid.map((n) => `${n} 0 R`).join(' ')}]`)
    elements.push(...marks.inOrder.map((n) => `${n} 0 R`))
  })
  sink.object(`<</Type/Pages/Count ${pages.length}/Kids[${numbers.map((n) => `${n} 0 R`).join(' ')}]>>`, tree)
  let extra = ''
  if (elements.length > 0) {
    sink.object(`<</Type/StructElem/S/Document/P ${structure} 0 R/K[${elements.join(' ')}]>>`, document)
    sink.object(
      `<</Type/StructTreeRoot/K ${document} 0 R/ParentTree<</Nums[${parents.join('')}]>>/ParentTreeNextKey ${pages.length}>>`,
      structure,
    )
    extra = `/MarkInfo<</Marked true>>/StructTreeRoot ${structure} 0 R`
  }
  const root = sink.object(`${catalog(tree)}${extra}>>`)
  sink.finish(root, writeInfo(sink, info), hash.digest('hex'))
  return Buffer.concat(pieces)
}

/** Begins the catalog, to be closed by the caller. */
export function catalog(pageTree: number): string {
  return `<</Type/Catalog/Pages ${pageTree} 0 R/Lang(it-IT)/ViewerPreferences<</DisplayDocTitle true>>`
}

export function writeInfo(sink: ObjectSink, info: PaperInfo): number {
  return sink.object(
    `<</Title ${pdfString(info.title)}/Author ${pdfString(info.author)}/Subject ${pdfString(info.subject)}/Creator(Quietanza)/Producer(Quietanza)>>`,
  )
}

export function writePage(
  sink: ObjectSink,
  number: number,
  page: Canvas,
  stream: number,
  resources: FileResources,
  parent: number,
  extra: string,
): void {
  // The dictionary first: it may write a font subset, which must not fall inside the page's own object.
  const dictionary = resources.dictionary(page.resources)
  sink.object(
    `<</Type/Page/Parent ${parent} 0 R/MediaBox[0 0 ${num(page.width)} ${num(page.height)}]/Resources${dictionary}/Contents ${page.base === null ? `${stream} 0 R` : `[${page.base} 0 R ${stream} 0 R]`}${extra}>>`,
    number,
  )
}

function writeElements(
  sink: ObjectSink,
  marks: readonly MarkedContent[],
  page: number,
  parent: number,
): { byMcid: number[]; inOrder: number[] } {
  const byMcid = marks.map(({ tag, options: { alt } }, mcid) =>
    sink.object(
      `<</Type/StructElem/S/${tag}/P ${parent} 0 R/Pg ${page} 0 R/K ${mcid}${alt === undefined ? '' : `/Alt ${pdfString(alt)}`}>>`,
    ),
  )
  const inOrder = marks
    .map((mark, mcid) => ({ order: mark.order, number: byMcid[mcid] as number }))
    .sort((a, b) => a.order - b.order)
    .map(({ number }) => number)
  return { byMcid, inOrder }
}
