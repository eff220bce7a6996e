import type { Problem, ProblemPlace } from '#domain/problem'
import { err, ok, type Result } from '#domain/result'
import type { ByteSource } from './refusal.ts'
import { readXml, type XmlLimits } from './xml-read.ts'

/** An element kept as a tree, names without prefix. */
export class XmlElement {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  /** Of its tag, from 1. */
  readonly line: number
  /** From the root, with the occurrence of what repeats. */
  readonly path: string
  /** As written, its ends included. */
  raw = ''
  readonly children: XmlElement[] = []

  constructor(name: string, attributes: Readonly<Record<string, string>>, line: number, path: string) {
    this.name = name
    this.attributes = attributes
    this.line = line
    this.path = path
  }

  get text(): string {
    return this.raw.trim()
  }

  child(name: string): XmlElement | null {
    return this.children.find((c) => c.name === name) ?? null
  }

  all(name: string): XmlElement[] {
    return this.children.filter((c) => c.name === name)
  }

  /** The first element down that path. */
  at(path: string): XmlElement | null {
    let found: XmlElement | null = this
    for (const name of path.split('/')) found = found?.child(name) ?? null
    return found
  }

  /** Text of the first element down that path, null when there is none or it is empty. */
  textAt(path: string): string | null {
    return this.at(path)?.text || null
  }

  place(): ProblemPlace {
    return { position: { line: this.line, path: this.path } }
  }
}

/**
 * Reads a document as a tree. `take` is called with each element once it is whole, inside out: what it takes (true) is let
 * go, so that a long document of many alike needs the memory of one.
 */
export async function readXmlTree(
  source: ByteSource,
  limits: XmlLimits,
  take: (element: XmlElement, parent: XmlElement) => boolean = () => false,
  signal?: AbortSignal,
): Promise<Result<XmlElement, Problem>> {
  const stack: XmlElement[] = []
  let root: XmlElement | null = null
  const broken = await readXml(
    source,
    {
      open(name, attributes, _depth, place) {
        const element = new XmlElement(name, attributes, place.line, place.path)
        if (stack.length === 0) root = element
        else stack.at(-1)?.children.push(element)
        stack.push(element)
      },
      close(_name, text) {
        const element = stack.pop() as XmlElement
        element.raw = text
        const parent = stack.at(-1)
        if (parent && take(element, parent)) parent.children.pop()
      },
    },
    limits,
    signal,
  )
  return broken ? err(broken) : ok(root as unknown as XmlElement)
}
