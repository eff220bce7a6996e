import { Buffer } from 'node:buffer'
import { deflateSync } from 'node:zlib'

const HEADER = Buffer.from('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n', 'latin1')

/**
 * Numbers objects, keeps their offsets and hands on bytes: the whole of a PDF file but its meaning. `emit` receives
 * consecutive pieces, so a file of any length needs only its offsets in memory.
 */
export class ObjectSink {
  readonly #emit: (piece: Uint8Array) => void
  /** Offset by object number; index 0 unused; -1 = reserved, not yet written. */
  readonly #offsets: number[]
  #position: number

  /** With `after`, goes on behind a prepared prefix whose offsets it takes over. */
  constructor(emit: (piece: Uint8Array) => void, after?: Prefix) {
    this.#emit = emit
    this.#offsets = after ? after.offsets.slice() : [0]
    this.#position = 0
    this.#write(after ? after.bytes : HEADER)
  }

  #write(piece: Uint8Array): void {
    this.#emit(piece)
    this.#position += piece.length
  }

  reserve(): number {
    this.#offsets.push(-1)
    return this.#offsets.length - 1
  }

  /** Writes one object; text must be Latin-1 (strings of the file go through `pdfString`). Returns its number. */
  object(body: string, number: number = this.reserve()): number {
    this.#offsets[number] = this.#position
    this.#write(Buffer.from(`${number} 0 obj\n${body}\nendobj\n`, 'latin1'))
    return number
  }

  stream(dictionary: string, data: Uint8Array, number: number = this.reserve()): number {
    this.#offsets[number] = this.#position
    this.#write(Buffer.from(`${number} 0 obj\n<<${dictionary}/Length ${data.length}>>\nstream\n`, 'latin1'))
    this.#write(data)
    this.#write(END_STREAM)
    return number
  }

  /** A Latin-1 stream, compressed: worth it for merged files and long lists, not for one notice. */
  deflated(dictionary: string, text: string, level = 6): number {
    return this.stream(`${dictionary}/Filter/FlateDecode`, deflateSync(Buffer.from(text, 'latin1'), { level }))
  }

  /** Cross-reference table and trailer. `id` is 32 hex digits made from the content, so equal input gives equal bytes. */
  finish(root: number, info: number, id: string): void {
    const start = this.#position
    const rows = ['0000000000 65535 f \n']
    for (let n = 1; n < this.#offsets.length; n++) {
      const offset = this.#offsets[n] as number
      if (offset < 0) throw new Error(`PDF object ${n} reserved and never written`)
      rows.push(`${String(offset).padStart(10, '0')} 00000 n \n`)
    }
    this.#write(
      Buffer.from(
        `xref\n0 ${this.#offsets.length}\n${rows.join('')}trailer\n<</Size ${this.#offsets.length}/Root ${root} 0 R/Info ${info} 0 R/ID[<${id}><${id}>]>>\nstartxref\n${start}\n%%EOF\n`,
        'latin1',
      ),
    )
  }

  /** What was written so far, to start many files with. */
  offsets(): readonly number[] {
    return this.#offsets
  }
}

const END_STREAM = Buffer.from('\nendstream\nendobj\n', 'latin1')

/** Objects written once and shared by many files: header, fonts, drawings. */
export interface Prefix {
  readonly bytes: Uint8Array
  readonly offsets: readonly number[]
}

/** A text string of the file: PDFDoc where ASCII, else UTF-16BE. */
export function pdfString(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return `(${text.replace(/[\\()]/g, '\\$&')})`
  let hex = 'feff'
  for (let i = 0; i < text.length; i++) hex += text.charCodeAt(i).toString(16).padStart(4, '0')
  return `<${hex}>`
}

/** At most three decimals, no exponent, no trailing zeros. */
export function num(value: number): string {
  const rounded = Math.round(value * 1000) / 1000
  return Object.is(rounded, -0) ? '0' : String(rounded)
}
