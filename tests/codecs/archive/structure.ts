import { PDFArray, PDFDict, PDFName, PDFNumber, type PDFObject, PDFRef } from 'pdf-lib'
import type { ArchiveFile } from './file.ts'

/** Standard types of ISO 32000-1 §14.8.4 and where they may stand (null: anywhere that holds blocks). */
const PARENTS: Readonly<Record<string, readonly string[] | null>> = {
  Document: ['StructTreeRoot'],
  Part: ['Document'],
  Sect: null,
  H1: null,
  H2: null,
  H3: null,
  P: null,
  Figure: null,
  Note: null,
  Caption: ['Table', 'L'],
  Table: null,
  THead: ['Table'],
  TBody: ['Table'],
  TR: ['Table', 'THead', 'TBody'],
  TH: ['TR'],
  TD: ['TR'],
  L: null,
  LI: ['L'],
  LBody: ['LI'],
}

interface Walk {
  readonly file: ArchiveFile
  readonly faults: string[]
  readonly ids: Set<string>
  readonly headings: number[]
  /** `page mark` → element, as the tree says. */
  readonly leaves: Map<string, PDFRef>
}

/** ISO 14289-1 §7 and ISO 32000-1 §14.7: the tree, its types and attributes, and that pages and tree say the same. */
export function structureFaults(
  file: ArchiveFile,
  marks: ReadonlyMap<PDFRef, { readonly key: number | null; readonly marks: readonly number[] }>,
  faults: string[],
): void {
  const root = file.dict(file.catalog, 'StructTreeRoot')
  const document = root?.get(PDFName.of('K'))
  if (!root || !(document instanceof PDFRef)) {
    faults.push('no structure')
    return
  }
  const walk: Walk = { file, faults, ids: new Set(), headings: [], leaves: new Map() }
  const rootReference = file.catalog.get(PDFName.of('StructTreeRoot')) as PDFRef
  element(walk, document, rootReference, 'StructTreeRoot')
  if (walk.headings.length > 0 && walk.headings[0] !== 1) faults.push('the first heading is not of level 1')
  walk.headings.forEach((level, i) => {
    if (i > 0 && level > (walk.headings[i - 1] as number) + 1) faults.push(`a heading of level ${level} skips one`)
  })
  const parents = parentTree(file, root)
  let count = 0
  for (const [page, { key, marks: numbers }] of marks) {
    const listed = key === null ? undefined : parents.get(key)
    if (numbers.length > 0 && !listed) faults.push('a page is not in the parent tree')
    for (const number of numbers) {
      count++
      const leaf = walk.leaves.get(`${page.objectNumber} ${number}`)
      if (leaf === undefined) faults.push(`mark ${number} is in no element`)
      if (listed?.get(number) !== leaf) faults.push(`mark ${number}: parent tree and structure differ`)
    }
  }
  if (walk.leaves.size !== count) faults.push(`${walk.leaves.size} marks in the structure, ${count} on the pages`)
}

function element(walk: Walk, reference: PDFRef, parent: PDFRef, parentTag: string): void {
  const { file, faults } = walk
  const dict = file.follow(reference)
  if (!(dict instanceof PDFDict)) {
    faults.push('an element is missing')
    return
  }
  const tag = file.name(dict, 'S') ?? '?'
  const allowed = PARENTS[tag]
  if (allowed === undefined) faults.push(`element of type ${tag}`)
  else if (allowed !== null && !allowed.includes(parentTag)) faults.push(`${tag} inside ${parentTag}`)
  else if (allowed === null && ['Table', 'THead', 'TBody', 'TR', 'L'].includes(parentTag))
    faults.push(`${tag} inside ${parentTag}`)
  if (dict.get(PDFName.of('P')) !== parent) faults.push(`${tag} with another parent`)
  attributes(walk, dict, tag)
  if (/^H\d$/.test(tag)) walk.headings.push(Number(tag[1]))
  if (tag === 'Part') walk.headings.length = 0
  const kids = kidsOf(dict)
  if (kids.length === 0) faults.push(`${tag} is empty`)
  for (const kid of kids) {
    if (kid instanceof PDFRef) element(walk, kid, reference, tag)
    else if (kid instanceof PDFNumber) {
      const page = dict.get(PDFName.of('Pg')) as PDFRef
      walk.leaves.set(`${page.objectNumber} ${kid.asNumber()}`, reference)
    } else faults.push(`${tag} with a kid of another kind`)
  }
  if (tag === 'Table') tableFaults(walk, dict)
}

function kidsOf(dict: PDFDict): PDFObject[] {
  const kids = dict.get(PDFName.of('K'))
  return kids instanceof PDFArray ? kids.asArray() : kids === undefined ? [] : [kids]
}

function attributes({ file, faults, ids }: Walk, dict: PDFDict, tag: string): void {
  const lang = file.text(dict, 'Lang')
  if (lang !== null && !/^[a-z]{2}(-[A-Z]{2})?$/.test(lang)) faults.push(`language ${lang}`)
  const attribute = file.dict(dict, 'A')
  if (tag === 'Figure') {
    if (!file.text(dict, 'Alt')?.trim()) faults.push('a figure without alternative text')
    if (attribute === null || file.items(attribute, 'BBox').length !== 4) faults.push('a figure without box')
  }
  if (tag === 'TH' && !['Column', 'Row'].includes((attribute && file.name(attribute, 'Scope')) ?? '')) {
    faults.push('a heading cell without scope')
  }
  if (tag === 'Note') {
    const id = file.text(dict, 'ID')
    if (id === null || ids.has(id)) faults.push('a note without identifier of its own')
    else ids.add(id)
  }
}

/** Rows of a table have as many cells, so that a reader aloud can name the column of each. */
function tableFaults({ file, faults }: Walk, table: PDFDict): void {
  const rows: PDFDict[] = []
  const gather = (dict: PDFDict): void => {
    if (file.name(dict, 'S') === 'TR') rows.push(dict)
    else for (const kid of kidsOf(dict)) if (kid instanceof PDFRef) gather(file.follow(kid) as PDFDict)
  }
  gather(table)
  const widths = new Set(rows.map((row) => kidsOf(row).length))
  if (widths.size > 1) faults.push(`a table with rows of ${[...widths].join(' and ')} cells`)
}

function parentTree(file: ArchiveFile, root: PDFDict): Map<number, Map<number, PDFRef>> {
  const found = new Map<number, Map<number, PDFRef>>()
  const tree = file.dict(root, 'ParentTree')
  const numbers = tree === null ? [] : (file.get(tree, 'Nums') as PDFArray).asArray()
  for (let i = 0; i + 1 < numbers.length; i += 2) {
    const list = file.follow(numbers[i + 1] as PDFObject) as PDFArray
    found.set((numbers[i] as PDFNumber).asNumber(), new Map(list.asArray().map((leaf, mark) => [mark, leaf as PDFRef])))
  }
  return found
}
