import { refuseForeign } from './svg-refuse.ts'
import type { SvgElement, SvgTree } from './svg-tree.ts'

interface Rule {
  readonly matches: (element: SvgElement) => boolean
  /** Tag 1, class 10, id 100; equal weights: the later rule wins. */
  readonly weight: number
  readonly declarations: readonly Declaration[]
}

interface Declaration {
  readonly property: string
  readonly value: string
  readonly important: boolean
}

export type StyleSheet = readonly Rule[]

/** Rules of classes, names and ids as drawing programs write them. @throws ProblemError for selectors beyond those. */
export function readStyleSheets(tree: SvgTree): StyleSheet {
  const rules: Rule[] = []
  for (const { text, line } of tree.sheets) {
    const plain = text.replace(/\/\*[\s\S]*?\*\//g, ' ').replace(/<!--|-->/g, ' ')
    for (const block of plain.split('}')) {
      const [head, body] = block.split('{') as [string, string | undefined]
      if (head.trim() === '') continue
      if (head.includes('@')) refuseForeign(`una regola di stile «${short(head)}»`, line)
      if (body === undefined) refuseForeign(`una regola di stile scritta male «${short(head)}»`, line)
      const declarations = readDeclarations(body)
      for (const selector of head.split(',')) {
        const rule = readSelector(selector.trim())
        if (rule === null) refuseForeign(`una regola di stile «${short(selector)}»`, line)
        rules.push({ ...rule, declarations })
      }
    }
  }
  return rules.sort((a, b) => a.weight - b.weight)
}

function short(text: string): string {
  const one = text.trim().replace(/\s+/g, ' ')
  return one.length > 40 ? `${one.slice(0, 40)}…` : one
}

/** `path`, `.a`, `path.a.b`, `#x`, `*`, `:root`; null for combinations and states. */
function readSelector(selector: string): Omit<Rule, 'declarations'> | null {
  if (selector === ':root') return { matches: (element) => element.name === 'svg', weight: 10 }
  const match = /^(\*|[a-zA-Z]+)?((?:[.#][\w-]+)*)$/.exec(selector)
  if (!match || selector === '') return null
  const tag = match[1] === '*' ? undefined : match[1]
  const parts = match[2]?.match(/[.#][\w-]+/g) ?? []
  const classes = parts.filter((part) => part.startsWith('.')).map((part) => part.slice(1))
  const ids = parts.filter((part) => part.startsWith('#')).map((part) => part.slice(1))
  return {
    matches(element) {
      if (tag !== undefined && element.name !== tag) return false
      if (ids.some((id) => element.attributes.get('id') !== id)) return false
      if (classes.length === 0) return true
      const own = (element.attributes.get('class') ?? '').split(/\s+/)
      return classes.every((name) => own.includes(name))
    },
    weight: (tag === undefined ? 0 : 1) + 10 * classes.length + 100 * ids.length,
  }
}

function readDeclarations(text: string): Declaration[] {
  return text.split(';').flatMap((part) => {
    const at = part.indexOf(':')
    if (at < 0) return []
    const raw = part.slice(at + 1).trim()
    const value = raw.replace(/\s*!\s*important$/i, '')
    const property = part.slice(0, at).trim().toLowerCase()
    return value === '' ? [] : [{ property, value, important: value !== raw }]
  })
}

/** What is declared on one element, by property: its attributes, then the rules, then its own `style`. */
export function declaredOn(element: SvgElement, sheet: StyleSheet): ReadonlyMap<string, string> {
  const out = new Map(element.attributes)
  const important = new Map<string, string>()
  const take = (declarations: readonly Declaration[]) => {
    for (const one of declarations) (one.important ? important : out).set(one.property, one.value)
  }
  for (const rule of sheet) if (rule.matches(element)) take(rule.declarations)
  const own = element.attributes.get('style')
  if (own !== undefined) take(readDeclarations(own))
  for (const [property, value] of important) out.set(property, value)
  return out
}
