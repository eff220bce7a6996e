import { Buffer } from 'node:buffer'
import type { Font } from './font.ts'
import { FONTS } from './font.ts'
import { writeFont } from './font-objects.ts'
import { ObjectSink, type Prefix } from './objects.ts'

/** Objects that many papers share, written once: base subsets of the fonts and drawings, by resource name. */
export interface PaperKit {
  readonly prefix: Prefix
  readonly resources: ReadonlyMap<string, number>
}

/** `draw` may write images and forms and returns their resource names (`X…`) and numbers. */
export function preparePaperKit(
  fonts: readonly Font[],
  draw: (sink: ObjectSink) => ReadonlyMap<string, number> = none,
): PaperKit {
  const pieces: Uint8Array[] = []
  const sink = new ObjectSink((piece) => pieces.push(piece))
  const resources = new Map<string, number>()
  for (const font of fonts) resources.set(`${font.key}0`, writeFont(sink, font, 0))
  for (const [name, number] of draw(sink)) resources.set(name, number)
  return { prefix: { bytes: Buffer.concat(pieces), offsets: sink.offsets().slice() }, resources }
}

/** The same kit with more behind it. */
export function extendPaperKit(kit: PaperKit, draw: (sink: ObjectSink) => void): PaperKit {
  const pieces: Uint8Array[] = []
  const sink = new ObjectSink((piece) => pieces.push(piece), kit.prefix)
  draw(sink)
  return { prefix: { bytes: Buffer.concat(pieces), offsets: sink.offsets().slice() }, resources: kit.resources }
}

function none(): ReadonlyMap<string, number> {
  return new Map()
}

/** Resources of one file: those of the kit, and the further font subsets that its pages turn out to need. */
export class FileResources {
  readonly #sink: ObjectSink
  readonly #numbers: Map<string, number>

  constructor(sink: ObjectSink, kit: PaperKit) {
    this.#sink = sink
    this.#numbers = new Map(kit.resources)
  }

  /** The page's resource dictionary. */
  dictionary(names: ReadonlySet<string>): string {
    let fonts = ''
    let drawings = ''
    for (const name of names) {
      const entry = `/${name} ${this.#number(name)} 0 R`
      if (name.startsWith('X')) drawings += entry
      else fonts += entry
    }
    return `<</Font<<${fonts}>>${drawings === '' ? '' : `/XObject<<${drawings}>>`}>>`
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
