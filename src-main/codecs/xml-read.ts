import { SaxesParser, type SaxesTagPlain } from 'saxes'
import { type Problem, problem } from '#domain/problem'
import { type ByteSource, chunksOf, formatBytes, Refusal, stopIfAborted } from './refusal.ts'

export interface XmlPlace {
  /** From 1. */
  readonly line: number
  /** Local names from the root, with the occurrence (from 1) of elements that repeat: `root/row[3]/amount`. */
  readonly path: string
}

/** Elements by local name: banks and PSPs choose their own prefixes. */
export interface XmlHandler {
  open?(name: string, attributes: Readonly<Record<string, string>>, depth: number, place: XmlPlace): void
  /** `text` is the element's own character data; `leaf` is true when it holds no element. */
  close(name: string, text: string, depth: number, leaf: boolean, place: XmlPlace): void
}

export interface XmlLimits {
  readonly bytes: number
  readonly depth: number
  readonly text: number
}

export const XML_LIMITS: XmlLimits = { bytes: 256 * 1_048_576, depth: 64, text: 4 * 1_048_576 }

interface Open {
  readonly name: string
  readonly path: string
  readonly line: number
  text: string
  leaf: boolean
  /** How many children of each name came so far. */
  readonly seen: Map<string, number>
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
  const stack: Open[] = []
  const parser = new SaxesParser({ xmlns: false, position: true })
  const limit = (text: string) =>
    new Refusal(problem('XML_LIMIT', { limit: text }, { position: { line: parser.line } }))
  parser.on('doctype', () => {
    throw new Refusal(problem('XML_DOCTYPE', {}, { position: { line: parser.line } }))
  })
  parser.on('error', (error) => {
    const at = stack.at(-1)
    const position = at ? { line: parser.line, path: at.path } : { line: parser.line }
    throw new Refusal(problem('XML_UNREADABLE', { reason: reasonOf(error.message) }, { position }))
  })
  parser.on('opentag', (tag: SaxesTagPlain) => {
    const name = tag.name.slice(tag.name.indexOf(':') + 1)
    const parent = stack.at(-1)
    if (stack.length >= limits.depth) throw limit(`più di ${limits.depth} elementi uno dentro l’altro`)
    let path = name
    if (parent) {
      parent.leaf = false
      const n = (parent.seen.get(name) ?? 0) + 1
      parent.seen.set(name, n)
      path = `${parent.path}/${name}${n > 1 ? `[${n}]` : ''}`
    }
    const open = { name, path, line: parser.line, text: '', leaf: true, seen: new Map<string, number>() }
    stack.push(open)
    handler.open?.(name, tag.attributes, stack.length - 1, open)
  })
  const text = (part: string) => {
    const at = stack.at(-1)
    if (!at) return
    at.text += part
    if (at.text.length > limits.text) throw limit(`più di ${formatBytes(limits.text)} di testo in «${at.name}»`)
  }
  parser.on('text', text)
  parser.on('cdata', text)
  parser.on('closetag', () => {
    const at = stack.pop() as Open
    handler.close(at.name, at.text, stack.length, at.leaf, at)
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
