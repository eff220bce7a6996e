import { Buffer } from 'node:buffer'
import { hash } from 'node:crypto'
import type { Canvas, MarkedContent } from './canvas.ts'
import { FileResources, type PaperKit } from './kit.ts'
import { type PaperInfo, writeInfo, writeMetadata } from './metadata.ts'
import { ObjectSink, type Prefix, writePrefix } from './objects.ts'
import { catalog, pageObject } from './paper-file.ts'
import { StructureTree } from './structure.ts'

/** Everything of a file but its content streams, info and resources, written once for all papers of one shape. */
export interface PaperTemplate {
  readonly prefix: Prefix
  readonly root: number
  readonly info: number
  readonly metadata: number | null
  readonly resources: number
  /** Number of each page's own stream. */
  readonly streams: readonly number[]
  /** Numbers of the fonts and drawings that the prefix holds. */
  readonly numbers: ReadonlyMap<string, number>
  /** Names in the resource dictionary that the prefix holds. */
  readonly names: ReadonlySet<string>
  readonly marks: readonly (readonly MarkedContent[])[]
}

/** From the pages of any one paper of the shape. */
export function prepareTemplate(kit: PaperKit, pages: readonly Canvas[]): PaperTemplate {
  // All of the kit, whatever the first paper uses, so that no paper depends on which was drawn before it.
  const names = new Set(kit.resources.keys())
  for (const page of pages) for (const name of page.preparedResources) names.add(name)
  const made = {
    root: 0,
    info: 0,
    metadata: null as number | null,
    resources: 0,
    streams: [] as number[],
    numbers: kit.resources,
  }
  const prefix = writePrefix((sink) => {
    const tree = sink.reserve()
    made.info = sink.reserve()
    made.streams = pages.map(() => sink.reserve())
    const resources = new FileResources(sink, kit.resources)
    made.resources = sink.object(resources.dictionary(names))
    made.numbers = resources.numbers
    const structure = kit.intent === null ? null : new StructureTree()
    const numbers = pages.map((page, i) => {
      const number = sink.reserve()
      const marks = structure === null ? '' : `/Tabs/S/StructParents ${structure.add(page, number)}`
      return sink.object(pageObject(page, tree, made.streams[i] as number, `${made.resources} 0 R`, marks), number)
    })
    sink.object(`<</Type/Pages/Count ${pages.length}/Kids[${numbers.map((n) => `${n} 0 R`).join(' ')}]>>`, tree)
    if (structure !== null) made.metadata = sink.reserve()
    made.root = sink.object(catalog(tree, kit.intent, made.metadata, structure === null ? null : structure.write(sink)))
  }, kit.prefix)
  return { prefix, names, ...made, marks: pages.map((page) => [...page.ownMarks]) }
}

/** Whether pages are marked just as those that the template was made from. */
export function fitsTemplate(template: PaperTemplate, pages: readonly Canvas[]): boolean {
  return (
    pages.length === template.marks.length &&
    pages.every((page, i) => {
      const marks = template.marks[i] as readonly MarkedContent[]
      return (
        page.ownMarks.length === marks.length &&
        page.ownMarks.every((mark, n) => alike(mark, marks[n] as MarkedContent))
      )
    })
  )
}

function alike(a: MarkedContent, b: MarkedContent): boolean {
  if (a.tag !== b.tag || a.order !== b.order) return false
  return a.options.alt === b.options.alt && a.options.lang === b.options.lang && a.options.scope === b.options.scope
}

/** The file of one paper that fits the template. */
export function fillTemplate(template: PaperTemplate, pages: readonly Canvas[], info: PaperInfo): Uint8Array {
  const contents = pages.map((page) => page.content())
  const weight = contents.reduce((sum, content) => sum + content.length, 0)
  const pieces: Uint8Array[] = []
  // Room for the whole file, so that it is gathered once.
  const chunk = template.prefix.bytes.length + weight + ROOM
  const sink = new ObjectSink((piece) => pieces.push(piece), { after: template.prefix, chunk })
  contents.forEach((content, i) => {
    // One page alone is quicker as it is and hardly larger; of many the weight tells.
    if (pages.length === 1) sink.text('', content, template.streams[i] as number)
    else sink.deflated('', content, 1, template.streams[i])
  })
  const further = furtherNames(template, pages)
  if (further !== null) {
    // Stands in the place of the prepared dictionary, which nothing refers to any more.
    const resources = new FileResources(sink, template.numbers)
    sink.object(resources.dictionary(further), template.resources)
  }
  writeInfo(sink, info, template.info)
  if (template.metadata !== null) writeMetadata(sink, info, true, template.metadata)
  sink.finish(template.root, template.info, hash('md5', info.title + contents.join(''), 'hex'))
  return pieces.length === 1 ? (pieces[0] as Uint8Array) : Buffer.concat(pieces)
}

/** Of info, metadata and cross-reference. */
const ROOM = 6_000

/** All names of the dictionary where the prepared one lacks some, null where it has them all. */
function furtherNames(template: PaperTemplate, pages: readonly Canvas[]): Set<string> | null {
  let further: Set<string> | null = null
  for (const page of pages) {
    for (const name of page.ownResources) {
      if (template.names.has(name)) continue
      further ??= new Set(template.names)
      further.add(name)
    }
  }
  return further
}
