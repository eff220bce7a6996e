import type { Canvas, MarkedContent, StructureGroup } from './canvas.ts'
import { num, type ObjectSink, pdfString } from './objects.ts'

interface Leaf {
  readonly mark: MarkedContent
  readonly mcid: number
  readonly page: number
}

interface Branch {
  readonly tag: string
  readonly title: string | null
  readonly kids: (Branch | Leaf)[]
}

/**
 * The structure tree of a file: pages are added in their order, each with its marks in reading order; groups gather marks
 * of as many pages as they span and stand where their first mark does. Written when all pages are known.
 */
export class StructureTree {
  readonly #document: Branch = { tag: 'Document', title: null, kids: [] }
  /** Object number of each page and how many marks it has, by its key in the parent tree. */
  readonly #pages: { readonly number: number; readonly marks: number }[] = []
  #root = this.#document
  #groups = new Map<StructureGroup, Branch>()

  /** What follows is one paper of several in the file. */
  part(title: string): void {
    this.#root = { tag: 'Part', title, kids: [] }
    this.#document.kids.push(this.#root)
    this.#groups = new Map()
  }

  /** Returns the page's key (`StructParents`). `page` is the number of its object. */
  add(canvas: Canvas, page: number): number {
    const { marks } = canvas
    const leaves = marks.map((mark, mcid): Leaf => ({ mark, mcid, page }))
    leaves.sort((a, b) => a.mark.order - b.mark.order)
    for (const leaf of leaves) this.#branch(leaf.mark.options.in ?? null).kids.push(leaf)
    this.#pages.push({ number: page, marks: marks.length })
    return this.#pages.length - 1
  }

  #branch(group: StructureGroup | null): Branch {
    if (group === null) return this.#root
    const known = this.#groups.get(group)
    if (known !== undefined) return known
    const branch: Branch = { tag: group.tag, title: null, kids: [] }
    this.#branch(group.parent).kids.push(branch)
    this.#groups.set(group, branch)
    return branch
  }

  /** Writes the tree and returns the number of its root. */
  write(sink: ObjectSink): number {
    const root = sink.reserve()
    const byPage = new Map(this.#pages.map(({ number, marks }) => [number, new Array<number>(marks)]))
    const document = writeBranch(sink, this.#document, root, byPage)
    const parents = this.#pages.map(({ number }, key) => {
      const leaves = byPage.get(number) ?? []
      return `${key} ${sink.object(`[${leaves.map((leaf) => `${leaf} 0 R`).join(' ')}]`)} 0 R`
    })
    sink.object(
      `<</Type/StructTreeRoot/K ${document} 0 R/ParentTree ${sink.object(`<</Nums[${parents.join(' ')}]>>`)} 0 R/ParentTreeNextKey ${parents.length}>>`,
      root,
    )
    return root
  }
}

function writeBranch(sink: ObjectSink, branch: Branch, parent: number, byPage: Map<number, number[]>): number {
  const number = sink.reserve()
  const kids = branch.kids.map((kid) =>
    'mark' in kid ? writeLeaf(sink, kid, number, byPage) : writeBranch(sink, kid, number, byPage),
  )
  const title = branch.title === null ? '' : `/T ${pdfString(branch.title)}`
  return sink.object(`<</S/${branch.tag}/P ${parent} 0 R${title}/K[${kids.map((n) => `${n} 0 R`).join(' ')}]>>`, number)
}

function writeLeaf(
  sink: ObjectSink,
  { mark, mcid, page }: Leaf,
  parent: number,
  byPage: Map<number, number[]>,
): number {
  const { alt, lang, scope } = mark.options
  const number = sink.reserve()
  let extra = ''
  if (alt !== undefined) extra += `/Alt ${pdfString(alt)}`
  if (lang !== undefined) extra += `/Lang(${lang})`
  if (scope !== undefined) extra += `/A<</O/Table/Scope/${scope}>>`
  if (mark.tag === 'Figure' && mark.box !== null)
    extra += `/A<</O/Layout/Placement/Block/BBox[${mark.box.map(num).join(' ')}]>>`
  if (mark.tag === 'Note') extra += `/ID(note${number})`
  const leaves = byPage.get(page) as number[]
  if (mark.tag === 'LI') {
    // What a list item says stands in its body.
    leaves[mcid] = sink.object(`<</S/LBody/P ${number} 0 R/Pg ${page} 0 R/K ${mcid}>>`)
    return sink.object(`<</S/LI/P ${parent} 0 R${extra}/K ${leaves[mcid]} 0 R>>`, number)
  }
  leaves[mcid] = number
  return sink.object(`<</S/${mark.tag}/P ${parent} 0 R/Pg ${page} 0 R/K ${mcid}${extra}>>`, number)
}
