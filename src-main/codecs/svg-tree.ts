import { SaxesParser, type SaxesTagPlain } from 'saxes'
import { ProblemError, problem } from '#domain/problem'
import { Refusal } from './refusal.ts'
import { refuseBroken, refuseElement, refuseForeign, refuseLimit } from './svg-refuse.ts'
import { encodingOf, reasonOf } from './xml-read.ts'

export interface SvgElement {
  readonly name: string
  /** By local name: `xlink:href` is `href`; other programs' own attributes are left out. */
  readonly attributes: ReadonlyMap<string, string>
  readonly children: SvgElement[]
  readonly line: number
}

export interface SvgTree {
  readonly root: SvgElement
  readonly byId: ReadonlyMap<string, SvgElement>
  /** Style sheets in the document's order. */
  readonly sheets: readonly { readonly text: string; readonly line: number }[]
}

export const MAX_ELEMENTS = 5000
const MAX_DEPTH = 64

/** Said to people or to other programs, never drawn. */
const SILENT = new Set(['title', 'desc', 'metadata'])

/**
 * Elements of an SVG by their local names; what other programs left for themselves (`sodipodi:…`, `i:…`) is passed over.
 * @throws ProblemError GRAPHIC_*: not well-formed, DOCTYPE, scripts, limits, another kind of document.
 */
export function readSvgTree(bytes: Uint8Array): SvgTree {
  const stack: SvgElement[] = []
  const byId = new Map<string, SvgElement>()
  const sheets: { text: string; line: number }[] = []
  let root: SvgElement | null = null
  let silentFrom = Number.POSITIVE_INFINITY
  let depth = 0
  let count = 0
  const parser = new SaxesParser({ xmlns: false, position: true })
  parser.on('doctype', () => refuseForeign('una dichiarazione DOCTYPE, che per sicurezza non si legge', parser.line))
  parser.on('processinginstruction', ({ target }) => {
    if (target === 'xml-stylesheet') refuseForeign('un foglio di stile esterno', parser.line)
  })
  parser.on('error', (error) => refuseBroken(reasonOf(error.message), parser.line))
  parser.on('opentag', (tag: SaxesTagPlain) => {
    depth += 1
    count += 1
    if (count > MAX_ELEMENTS) refuseLimit(`ha più di ${MAX_ELEMENTS} elementi`)
    if (depth > MAX_DEPTH) refuseLimit(`ha più di ${MAX_DEPTH} elementi uno dentro l’altro`)
    const name = tag.name.replace(/^svg:/, '')
    // Also where nothing is drawn: a browser would run it there as well.
    if (/(^|:)script$/i.test(name)) refuseElement('script', parser.line)
    if (depth > silentFrom) return
    if (root !== null && (name.includes(':') || SILENT.has(name))) {
      silentFrom = depth
      return
    }
    const element = elementOf(name, tag.attributes, parser.line)
    if (root === null) {
      if (name !== 'svg') throw new ProblemError(problem('GRAPHIC_KIND', { found: `un documento XML «${name}»` }))
      root = element
    } else stack.at(-1)?.children.push(element)
    stack.push(element)
    const id = element.attributes.get('id')
    if (id !== undefined && !byId.has(id)) byId.set(id, element)
    if (name === 'style') sheets.push({ text: '', line: parser.line })
  })
  const text = (part: string) => {
    if (depth < silentFrom && stack.at(-1)?.name === 'style') (sheets.at(-1) as { text: string }).text += part
  }
  parser.on('text', text)
  parser.on('cdata', text)
  parser.on('closetag', () => {
    if (depth < silentFrom) stack.pop()
    depth -= 1
    if (depth < silentFrom) silentFrom = Number.POSITIVE_INFINITY
  })
  parser.write(decoded(bytes)).close()
  if (root === null) return refuseBroken('non ha elementi')
  return { root, byId, sheets }
}

function elementOf(name: string, raw: Readonly<Record<string, string>>, line: number): SvgElement {
  const attributes = new Map<string, string>()
  for (const [key, value] of Object.entries(raw)) {
    if (/^on[a-z]/i.test(key)) refuseForeign(`uno script (attributo «${key}»)`, line)
    // What is not ours to read has a prefix; a reference keeps its old name.
    if (key === 'xlink:href') attributes.set('href', raw.href ?? value)
    else if (!key.includes(':')) attributes.set(key, value)
  }
  return { name, attributes, children: [], line }
}

function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes)
  } catch (error) {
    if (error instanceof Refusal) return refuseBroken('la sua codifica è sconosciuta')
    if (error instanceof TypeError) return refuseBroken('contiene caratteri che non sono nella codifica dichiarata')
    throw error
  }
}
