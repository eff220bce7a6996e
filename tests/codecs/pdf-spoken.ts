import { openPdf } from './pdf-tools.ts'

interface StructNode {
  readonly role?: string
  readonly type?: string
  readonly id?: string
  readonly children?: readonly StructNode[]
}

/**
 * The paper as a screen reader goes through it, page by page: `role text` for each element with content, behind the
 * roles that hold it: `Table > TBody > TR > TD 200,00`.
 */
export async function spoken(bytes: Uint8Array): Promise<string[]> {
  const document = await openPdf(bytes)
  const said: string[] = []
  for (let n = 1; n <= document.numPages; n++) {
    const page = await document.getPage(n)
    const texts = new Map<string, string>()
    const open: (string | null)[] = []
    for (const item of (await page.getTextContent({ includeMarkedContent: true })).items) {
      if ('str' in item) {
        const id = open.at(-1)
        if (id) texts.set(id, `${texts.get(id) ?? ''}${item.str}${item.hasEOL ? ' ' : ''}`)
      } else if (item.type === 'endMarkedContent') open.pop()
      else open.push((item as { id?: string }).id ?? null)
    }
    const walk = (node: StructNode, path: readonly string[]): void => {
      if (node.type === 'content') {
        said.push(`${path.join(' > ')} ${texts.get(node.id ?? '') ?? ''}`.replace(/\s+/g, ' ').trimEnd())
      }
      const inside = node.role === undefined || node.role === 'Root' || node.role === 'Document' ? [] : [node.role]
      for (const child of node.children ?? []) walk(child, [...path, ...inside])
    }
    const tree = (await page.getStructTree()) as StructNode | null
    if (tree) walk(tree, [])
  }
  await document.loadingTask.destroy()
  return said
}
