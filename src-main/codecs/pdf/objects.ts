import { Buffer } from 'node:buffer'
import { deflateSync } from 'node:zlib'

const HEADER = Buffer.from('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n', 'latin1')
const END_STREAM = '\nendstream\nendobj\n'

/** Objects of one object stream at most; the cross-reference keeps their index in one byte. */
const PACK_OBJECTS = 200

/** A cross-reference of more objects is worth compressing. */
const LONG_REFERENCE = 1000

/** Objects written once and shared by many files: header, fonts, drawings. */
export interface Prefix {
  readonly bytes: Uint8Array
  readonly places: readonly number[]
}

export interface SinkOptions {
  /** Goes on behind these bytes, whose numbers and places it takes over. */
  readonly after?: Prefix
  /** Compression of object streams, 1–9; without it objects stand one by one, which is faster for few. */
  readonly pack?: number
  /** Bytes gathered before they are handed on; 16 kB without it. */
  readonly chunk?: number
}

/**
 * Numbers objects, keeps their places and hands on bytes: the whole of a PDF file but its meaning. `emit` receives
 * consecutive pieces, so a file of any length needs only its places in memory. Ends with a cross-reference stream (PDF
 * 1.5 and later).
 */
export class ObjectSink {
  readonly #emit: (piece: Uint8Array) => void
  /** By object number: byte offset; -1 = reserved, not yet written; below = packed, see `packed`. */
  readonly #places: number[]
  readonly #pack: number | null
  readonly #chunkSize: number
  #chunk: Buffer
  #used = 0
  /** Bytes handed on before the chunk. */
  #emitted = 0
  #packNumbers: number[] = []
  #packBodies: string[] = []
  #packStream = 0

  constructor(emit: (piece: Uint8Array) => void, { after, pack, chunk = 16_384 }: SinkOptions = {}) {
    this.#emit = emit
    this.#places = after ? after.places.slice() : [0]
    this.#pack = pack ?? null
    this.#chunkSize = chunk
    this.#chunk = Buffer.allocUnsafeSlow(chunk)
    this.#bytes(after ? after.bytes : HEADER)
  }

  #text(text: string): void {
    const { length } = text
    if (this.#used + length > this.#chunk.length) this.#drain(length)
    this.#chunk.write(text, this.#used, length, 'latin1')
    this.#used += length
  }

  #bytes(bytes: Uint8Array): void {
    if (this.#used + bytes.length > this.#chunk.length) this.#drain(0)
    if (bytes.length > this.#chunk.length) {
      this.#emit(bytes)
      this.#emitted += bytes.length
    } else {
      this.#chunk.set(bytes, this.#used)
      this.#used += bytes.length
    }
  }

  /** Hands the chunk on and begins another, of at least so many bytes. */
  #drain(least: number): void {
    if (this.#used > 0) {
      this.#emit(this.#chunk.subarray(0, this.#used))
      this.#emitted += this.#used
      this.#used = 0
    } else if (least <= this.#chunk.length) return
    this.#chunk = Buffer.allocUnsafeSlow(Math.max(this.#chunkSize, least))
  }

  get #position(): number {
    return this.#emitted + this.#used
  }

  reserve(): number {
    this.#places.push(-1)
    return this.#places.length - 1
  }

  /** Writes one object; text must be Latin-1 (strings of the file go through `pdfString`). Returns its number. */
  object(body: string, number: number = this.reserve()): number {
    if (this.#pack === null) {
      this.#places[number] = this.#position
      this.#text(`${number} 0 obj\n${body}\nendobj\n`)
      return number
    }
    if (this.#packNumbers.length === 0) this.#packStream = this.reserve()
    this.#places[number] = packed(this.#packStream, this.#packNumbers.length)
    this.#packNumbers.push(number)
    this.#packBodies.push(body)
    if (this.#packNumbers.length === PACK_OBJECTS) this.flush()
    return number
  }

  /** Writes the objects gathered for the object stream at hand. */
  flush(): void {
    if (this.#packNumbers.length === 0) return
    let table = ''
    let offset = 0
    for (let i = 0; i < this.#packNumbers.length; i++) {
      table += `${this.#packNumbers[i]} ${offset} `
      offset += (this.#packBodies[i] as string).length + 1
    }
    const text = `${table}\n${this.#packBodies.join('\n')}`
    const head = `/Type/ObjStm/N ${this.#packNumbers.length}/First ${table.length + 1}`
    const stream = this.#packStream
    this.#packNumbers = []
    this.#packBodies = []
    this.deflated(head, text, this.#pack ?? 6, stream)
  }

  stream(dictionary: string, data: Uint8Array, number: number = this.reserve()): number {
    this.#places[number] = this.#position
    this.#text(`${number} 0 obj\n<<${dictionary}/Length ${data.length}>>\nstream\n`)
    this.#bytes(data)
    this.#text(END_STREAM)
    return number
  }

  /** A short Latin-1 stream, written as it is. */
  text(dictionary: string, text: string, number: number = this.reserve()): number {
    this.#places[number] = this.#position
    this.#text(`${number} 0 obj\n<<${dictionary}/Length ${text.length}>>\nstream\n`)
    this.#text(text)
    this.#text(END_STREAM)
    return number
  }

  /** A Latin-1 stream, compressed: worth it for what is prepared once, merged files and long lists. */
  deflated(dictionary: string, text: string | Uint8Array, level = 6, number: number = this.reserve()): number {
    const plain = typeof text === 'string' ? Buffer.from(text, 'latin1') : text
    // The default of 16 kB of output for each call fills the memory with what is thrown away at once.
    // Pages are shorter than a window of 8 kB, which is ready sooner than the usual one of 32.
    const data = deflateSync(plain, { level, chunkSize: 2048, windowBits: level === 1 ? 13 : 15 })
    return this.stream(`${dictionary}/Filter/FlateDecode`, data, number)
  }

  /** Cross-reference and trailer. `id` is 32 hex digits made from the content, so equal input gives equal bytes. */
  finish(root: number, info: number, id: string): void {
    this.flush()
    const self = this.reserve()
    const start = this.#position
    this.#places[self] = start
    const count = this.#places.length
    const wide = start < 0x1000000 ? 3 : start < 0x100000000 ? 4 : 5
    const long = count > LONG_REFERENCE
    const rows = this.#rows(wide, long)
    const filter = long ? `/Filter/FlateDecode/DecodeParms<</Predictor 12/Columns ${wide + 2}>>` : ''
    this.stream(
      `/Type/XRef/Size ${count}/W[1 ${wide} 1]/Root ${root} 0 R/Info ${info} 0 R/ID[<${id}><${id}>]${filter}`,
      long ? deflateSync(rows, { level: 6 }) : rows,
      self,
    )
    this.#text(`startxref\n${start}\n%%EOF\n`)
    this.#drain(0)
  }

  /** One row an object: kind, place, index; with `up` each as its difference from the row above (PNG predictor). */
  #rows(wide: number, up: boolean): Buffer {
    const width = wide + 2
    const places = this.#places
    const rows = Buffer.alloc(places.length * width)
    for (let n = 1, at = width; n < places.length; n++, at += width) {
      const place = places[n] as number
      if (place === -1) throw new Error(`PDF object ${n} reserved and never written`)
      rows[at] = place < 0 ? 2 : 1
      rows.writeUIntBE(place < 0 ? Math.floor(-(place + 2) / 256) : place, at + 1, wide)
      if (place < 0) rows[at + width - 1] = -(place + 2) % 256
    }
    if (!up) return rows
    const predicted = Buffer.alloc(places.length * (width + 1), 2)
    for (let n = 0; n < places.length; n++) {
      for (let i = 0; i < width; i++) {
        const above = n === 0 ? 0 : (rows[(n - 1) * width + i] as number)
        predicted[n * (width + 1) + 1 + i] = ((rows[n * width + i] as number) - above) & 255
      }
    }
    return predicted
  }

  /** Hands on what was written so far and tells where it stands, to start many files with. */
  places(): readonly number[] {
    this.flush()
    this.#drain(0)
    return this.#places
  }
}

/** Place of an object inside an object stream. */
function packed(stream: number, index: number): number {
  return -(stream * 256 + index) - 2
}

/** Gathers what `draw` writes, behind `after`; numbers it only reserves are written by each file. */
export function writePrefix(draw: (sink: ObjectSink) => void, after?: Prefix): Prefix {
  const pieces: Uint8Array[] = []
  const sink = new ObjectSink((piece) => pieces.push(piece), after ? { after, pack: 9 } : { pack: 9 })
  draw(sink)
  const places = sink.places().slice()
  return { bytes: Buffer.concat(pieces), places }
}

/** A text string of the file: PDFDoc where ASCII, else UTF-16BE. */
export function pdfString(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return `(${text.replace(/[\\()]/g, '\\$&')})`
  return `<feff${Buffer.from(text, 'utf16le').swap16().toString('hex')}>`
}

/** At most three decimals, no exponent, no trailing zeros. */
export function num(value: number): string {
  const rounded = Math.round(value * 1000) / 1000
  return Object.is(rounded, -0) ? '0' : String(rounded)
}
