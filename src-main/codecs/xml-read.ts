import { SaxesParser, type SaxesTagPlain } from 'saxes'
import { type Problem, problem } from '#domain/problem'
import { type ByteSource, chunksOf, formatBytes, Refusal, stopIfAborted } from './refusal.ts'

/** Where the parser stands: true during the call it is given to, so whoever keeps it copies what it needs. */
export interface XmlPlace {
  /** Of the element's own tag, from 1. */
  readonly line: number
  /**
   * Local names from the root, with the occurrence (from 1) of elements that repeat: `root/row[3]/amount`. Put together
   * when asked: most elements never need it.
   */
  readonly path: string
}

/** Elements by local name: banks and PSPs choose their own prefixes. */
export interface XmlHandler {
  open?(name: string, attributes: Readonly<Record<string, string>>, depth: number, place: XmlPlace): void
  /** `text` is the element's own, up to its first child; `leaf` is true when it holds no element. */
  close(name: string, text: string, depth: number, leaf: boolean, place: XmlPlace): void
}

export interface XmlLimits {
  readonly bytes: number
  readonly depth: number
  readonly text: number
}

export const XML_LIMITS: XmlLimits = { bytes: 256 * 1_048_576, depth: 64, text: 4 * 1_048_576 }

/**
 * Names as they came and what is left of them without prefix, by number. Documents repeat themselves: the name that
 * followed this one the last time is tried first, and most are found by one comparison.
 */
class Names {
  readonly local: string[] = []
  readonly #raw: string[] = []
  readonly #byRaw = new Map<string, number>()
  readonly #after: number[] = []
  #last = 0

  numberOf(raw: string): number {
    const guess = this.#after[this.#last] as number
    let found = guess
    if (this.#raw[guess] !== raw) {
      found = this.#byRaw.get(raw) ?? this.#add(raw)
      this.#after[this.#last] = found
    }
    this.#last = found
    return found
  }

  #add(raw: string): number {
    const number = this.#raw.push(raw) - 1
    this.local.push(raw.slice(raw.indexOf(':') + 1))
    this.#after.push(number)
    this.#byRaw.set(raw, number)
    return number
  }
}

/**
 * The open elements, by depth. What each depth needs is kept from one element to the next: a flow of 100,000 rows opens
 * 700,000 elements, and an object for each is what makes a reader slow.
 */
class Stack implements XmlPlace {
  depth = -1
  readonly names: string[] = []
  readonly texts: string[] = []
  readonly leaf: boolean[] = []
  readonly #lines: number[] = []
  readonly #nth: number[] = []
  readonly #children: Children[] = []

  push(name: string, number: number, line: number): void {
    const above = this.depth
    const at = above + 1
    this.depth = at
    let nth = 1
    if (above >= 0) {
      const children = this.#children[above] as Children
      if (this.leaf[above]) {
        this.leaf[above] = false
        children.parent += 1
      }
      if (children.of[number] === children.parent) nth = (children.count[number] as number) + 1
      else children.of[number] = children.parent
      children.count[number] = nth
    }
    this.names[at] = name
    this.texts[at] = ''
    this.leaf[at] = true
    this.#lines[at] = line
    this.#nth[at] = nth
    if (this.#children.length <= at) this.#children.push({ parent: 0, of: [], count: [] })
  }

  get line(): number {
    return this.#lines[this.depth] as number
  }

  get path(): string {
    let path = this.names[0] as string
    for (let at = 1; at <= this.depth; at += 1) {
      const nth = this.#nth[at] as number
      path += nth > 1 ? `/${this.names[at]}[${nth}]` : `/${this.names[at]}`
    }
    return path
  }
}

/** How many children of each name an element had so far; counts of an earlier parent at the same depth do not hold. */
interface Children {
  parent: number
  /** By number of the name: of which parent its count is. */
  readonly of: number[]
  readonly count: number[]
}

/**
 * Streams a document through `handler`. DOCTYPE and whatever passes the limits is refused; returns the problem, null
 * when the document was read to its end. An aborted signal rejects with the signal's reason.
 */
export async function readXml(
  source: ByteSource,
  handler: XmlHandler,
  limits: XmlLimits = XML_LIMITS,
  signal?: AbortSignal,
): Promise<Problem | null> {
  const names = new Names()
  const stack = new Stack()
  const parser = new SaxesParser({ xmlns: false, position: true })
  const limit = (text: string) =>
    new Refusal(problem('XML_LIMIT', { limit: text }, { position: { line: parser.line } }))
  parser.on('doctype', () => {
    throw new Refusal(problem('XML_DOCTYPE', {}, { position: { line: parser.line } }))
  })
  parser.on('error', (error) => {
    const position = stack.depth >= 0 ? { line: parser.line, path: stack.path } : { line: parser.line }
    throw new Refusal(problem('XML_UNREADABLE', { reason: reasonOf(error.message) }, { position }))
  })
  parser.on('opentag', (tag: SaxesTagPlain) => {
    if (stack.depth + 1 >= limits.depth) throw limit(`più di ${limits.depth} elementi uno dentro l’altro`)
    const number = names.numberOf(tag.name)
    const name = names.local[number] as string
    stack.push(name, number, parser.line)
    parser.on('text', text)
    handler.open?.(name, tag.attributes, stack.depth, stack)
  })
  const text = (part: string) => {
    const at = stack.depth
    if (at < 0) return
    const whole = stack.texts[at] === '' ? part : stack.texts[at] + part
    stack.texts[at] = whole
    if (whole.length > limits.text) throw limit(`più di ${formatBytes(limits.text)} di testo in «${stack.names[at]}»`)
  }
  parser.on('cdata', text)
  parser.on('closetag', () => {
    const at = stack.depth
    handler.close(stack.names[at] as string, stack.texts[at] as string, at, stack.leaf[at] as boolean, stack)
    stack.depth = at - 1
    // What follows a child is the indentation of the next: not even cut out.
    parser.off('text')
  })
  try {
    await feed(parser, source, limits, limit, signal)
    return null
  } catch (error) {
    if (error instanceof Refusal) return error.problem
    throw error
  }
}

async function feed(
  parser: SaxesParser,
  source: ByteSource,
  limits: XmlLimits,
  limit: (text: string) => Refusal,
  signal: AbortSignal | undefined,
): Promise<void> {
  let decoder: TextDecoder | null = null
  let length = 0
  const decode = (chunk?: Uint8Array) => {
    try {
      return chunk ? decoder!.decode(chunk, { stream: true }) : decoder!.decode()
    } catch {
      const reason = 'contiene caratteri che non sono nella codifica dichiarata'
      throw new Refusal(problem('XML_UNREADABLE', { reason }, { position: { line: parser.line } }))
    }
  }
  for await (const chunk of chunksOf(source)) {
    stopIfAborted(signal)
    length += chunk.length
    if (length > limits.bytes) throw limit(`più di ${formatBytes(limits.bytes)}`)
    decoder ??= new TextDecoder(encodingOf(chunk), { fatal: true })
    parser.write(decode(chunk))
  }
  if (decoder === null) throw new Refusal(problem('FILE_EMPTY', {}))
  parser.write(decode())
  parser.close()
}

/** The byte order mark, else the declaration (in ASCII by its own rule), else UTF-8. */
export function encodingOf(head: Uint8Array): string {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be'
  const declared = /^(?:\u00EF\u00BB\u00BF)?\s*<\?xml[^>]*encoding\s*=\s*["']([\w.:-]+)["']/.exec(
    Buffer.from(head.subarray(0, 256)).toString('latin1'),
  )?.[1]
  if (declared === undefined) return 'utf-8'
  try {
    return new TextDecoder(declared).encoding
  } catch {
    const reason = `la codifica «${declared}» è sconosciuta`
    throw new Refusal(problem('XML_UNREADABLE', { reason }, { position: { line: 1 } }))
  }
}

/** The parser speaks English: the few things that happen to real files are said in Italian. */
export function reasonOf(message: string): string {
  if (/unclosed tag|unexpected end|end of file|document must contain a root/i.test(message)) {
    return 'finisce prima del tempo'
  }
  if (/unexpected close tag|unmatched closing tag/i.test(message)) return 'un elemento si chiude senza essere aperto'
  if (/text data outside of root|must be well-formed/i.test(message)) return 'c’è del testo fuori dagli elementi'
  if (/attribute/i.test(message)) return 'un attributo è scritto male'
  if (/entity|malformed character/i.test(message)) return 'contiene un’entità sconosciuta'
  if (/disallowed character/i.test(message)) return 'contiene un carattere vietato'
  return 'la sua struttura non è valida'
}
