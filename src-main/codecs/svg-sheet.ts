import { refuseForeign, refuseLimit } from './svg-refuse.ts'
import type { SvgElement, SvgTree } from './svg-tree.ts'

interface Rule {
  readonly matches: (element: SvgElement, classes: ReadonlySet<string>) => boolean
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

const MAX_RULES = 2000

/** Rules of classes, names and ids as drawing programs write them. @throws ProblemError for selectors beyond those. */
export function readStyleSheets(tree: SvgTree): StyleSheet {
  const rules: Rule[] = []
  for (const { text, line } of tree.sheets) {
    const plain = withoutComments(text).replace(/<!--|-->/g, ' ')
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
        if (rules.length > MAX_RULES) refuseLimit(`ha più di ${MAX_RULES} regole di stile`)
      }
    }
  }
  return rules.sort((a, b) => a.weight - b.weight)
}

/** By hand: a pattern would look for the end again from every beginning. */
function withoutComments(text: string): string {
  let out = ''
  for (let at = 0; at < text.length; ) {
    const start = text.indexOf('/*', at)
    if (start < 0) return out + text.slice(at)
    const end = text.indexOf('*/', start + 2)
    out += `${text.slice(at, start)} `
    if (end < 0) return out
    at = end + 2
  }
  return out
}

function short(text: string): string {
  const one = text.trim().slice(0, 200).replace(/\s+/g, ' ')
  return one.length > 40 ? `${one.slice(0, 40)}…` : one
}

/** `path`, `.a`, `path.a.b`, `#x`, `*`, `:root`; null for combinations and states. */
function readSelector(selector: string): Omit<Rule, 'declarations'> | null {
  if (selector === ':root') return { matches: ({ name }) => name === 'svg', weight: 10 }
  const match = /^(\*|[a-zA-Z]+)?((?:[.#][\w-]+)*)$/.exec(selector)
  if (!match || selector === '') return null
  const tag = match[1] === '*' ? undefined : match[1]
  const parts = match[2]?.match(/[.#][\w-]+/g) ?? []
  const classes = parts.filter((part) => part.startsWith('.')).map((part) => part.slice(1))
  const ids = parts.filter((part) => part.startsWith('#')).map((part) => part.slice(1))
  return {
    matches(element, own) {
      if (tag !== undefined && element.name !== tag) return false
      if (ids.some((id) => element.attributes.get('id') !== id)) return false
      return classes.every((name) => own.has(name))
    },
    weight: (tag === undefined ? 0 : 1) + 10 * classes.length + 100 * ids.length,
  }
}

function readDeclarations(text: string): Declaration[] {
  return text.split(';').flatMap((part) => {
    const at = part.indexOf(':')
    if (at < 0) return []
    const raw = part.slice(at + 1).trim()
    const mark = raw.lastIndexOf('!')
    const important =
      mark >= 0 &&
      raw
        .slice(mark + 1)
        .trim()
        .toLowerCase() === 'important'
    const value = important ? raw.slice(0, mark).trimEnd() : raw
    const property = part.slice(0, at).trim().toLowerCase()
    return value === '' ? [] : [{ property, value, important }]
  })
}

/** What is declared on one element, by property: its attributes, then the rules, then its own `style`. */
export function declaredOn(element: SvgElement, sheet: StyleSheet): ReadonlyMap<string, string> {
  const out = new Map(element.attributes)
  const important = new Map<string, string>()
  const take = (declarations: readonly Declaration[]) => {
    for (const one of declarations) (one.important ? important : out).set(one.property, one.value)
  }
  const classes = new Set((element.attributes.get('class') ?? '').split(/\s+/))
  for (const rule of sheet) if (rule.matches(element, classes)) take(rule.declarations)
  const own = element.attributes.get('style')
  if (own !== undefined) take(readDeclarations(own))
  for (const [property, value] of important) out.set(property, value)
  return out
}
