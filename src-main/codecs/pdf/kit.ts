import type { Canvas } from './canvas.ts'
import type { Font } from './font.ts'
import { FONTS } from './font.ts'
import { writeFont } from './font-objects.ts'
import { type ObjectSink, type Prefix, writePrefix } from './objects.ts'
import { srgbProfile } from './srgb.ts'

/** Objects that many papers share, written once: base subsets of the fonts, drawings by resource name, colour profile. */
export interface PaperKit {
  readonly prefix: Prefix
  readonly resources: ReadonlyMap<string, number>
  /** Number of the output intent (sRGB); null in a bare kit: its files have neither tags nor profile nor metadata. */
  readonly intent: number | null
}

export interface PaperKitOptions {
  /** May write images and forms; returns their resource names (`X…`) and numbers. */
  readonly draw?: (sink: ObjectSink) => ReadonlyMap<string, number>
  /** Only for benchmarks. */
  readonly bare?: boolean
}

export function preparePaperKit(fonts: readonly Font[], { draw, bare = false }: PaperKitOptions = {}): PaperKit {
  const resources = new Map<string, number>()
  let intent: number | null = null
  const prefix = writePrefix((sink) => {
    for (const font of fonts) resources.set(`${font.key}0`, writeFont(sink, font, 0))
    if (!bare) intent = writeIntent(sink)
    if (draw) for (const [name, number] of draw(sink)) resources.set(name, number)
  })
  return { prefix, resources, intent }
}

function writeIntent(sink: ObjectSink): number {
  const profile = sink.deflated('/N 3', srgbProfile().toString('latin1'), 9)
  const name = 'sRGB IEC61966-2.1'
  return sink.object(
    `<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(${name})/Info(${name})/DestOutputProfile ${profile} 0 R>>`,
  )
}

/** Resources of one file: those of the kit, and the further font subsets that its pages turn out to need. */
export class FileResources {
  readonly #sink: ObjectSink
  readonly #numbers: Map<string, number>
  readonly #dictionaries = new Map<string, number>()
  #last: { readonly names: ReadonlySet<string>; readonly number: number } | null = null

  constructor(sink: ObjectSink, resources: ReadonlyMap<string, number>) {
    this.#sink = sink
    this.#numbers = new Map(resources)
  }

  /** Number of everything written so far, by resource name. */
  get numbers(): ReadonlyMap<string, number> {
    return this.#numbers
  }

  /** Number of the resource dictionary of a page: pages that use the same names share it. */
  object(page: Canvas): number {
    // Thousands of pages like the one before need no set of their own to know it.
    const last = this.#last
    if (last !== null && isSubset(page.preparedResources, last.names) && isSubset(page.ownResources, last.names)) {
      return last.number
    }
    const names = page.resources
    const key = [...names].sort().join(' ')
    let number = this.#dictionaries.get(key)
    if (number === undefined) {
      number = this.#sink.object(this.dictionary(names))
      this.#dictionaries.set(key, number)
    }
    this.#last = { names, number }
    return number
  }

  dictionary(names: Iterable<string>): string {
    let fonts = ''
    let drawings = ''
    for (const name of names) {
      const entry = `/${name} ${this.#number(name)} 0 R`
      if (name.startsWith('X')) drawings += entry
      else fonts += entry
    }
    return `<<${fonts === '' ? '' : `/Font<<${fonts}>>`}${drawings === '' ? '' : `/XObject<<${drawings}>>`}>>`
  }

  #number(name: string): number {
    const known = this.#numbers.get(name)
    if (known !== undefined) return known
    const font = FONTS.find((f) => f.key === name[0])
    if (!font) throw new Error(`PDF resource ${name} is not in the kit`)
    const number = writeFont(this.#sink, font, Number(name.slice(1)))
    this.#numbers.set(name, number)
    return number
  }
}

function isSubset(some: ReadonlySet<string>, all: ReadonlySet<string>): boolean {
  for (const name of some) if (!all.has(name)) return false
  return true
}
