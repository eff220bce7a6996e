const FREE = 0xfffffffa
const HEADER_DIFAT = 109

/**
 * The named streams of a compound file, the container of the old .xls (MS-CFB). Only what lies in the file is followed:
 * a chain that leaves it or turns back on itself is an error.
 * @throws RangeError where the file does not hold together.
 */
export class CompoundFile {
  readonly #bytes: Buffer
  readonly #size: number
  readonly #fat: number[]
  readonly #miniFat: number[]
  readonly #mini: Buffer
  readonly #miniCutoff: number
  readonly #entries: readonly { readonly name: string; readonly start: number; readonly size: number }[]

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const file = this.#bytes
    const shift = file.readUInt16LE(0x1e)
    if (shift !== 9 && shift !== 12) throw new RangeError('sector size')
    this.#size = 1 << shift
    this.#miniCutoff = file.readUInt32LE(0x38)
    this.#fat = this.#difat().flatMap((sector) => this.#numbers(this.#sector(sector)))
    const directory = this.#chain(file.readUInt32LE(0x30))
    this.#miniFat = this.#numbers(this.#chain(file.readUInt32LE(0x3c)))
    const entries: { name: string; start: number; size: number; type: number }[] = []
    for (let at = 0; at + 128 <= directory.length; at += 128) {
      const length = Math.max(0, Math.min(64, directory.readUInt16LE(at + 64)) - 2)
      entries.push({
        name: directory.toString('utf16le', at, at + length),
        type: directory[at + 66] as number,
        start: directory.readUInt32LE(at + 116),
        size: directory.readUInt32LE(at + 120),
      })
    }
    this.#entries = entries.filter((entry) => entry.type === 2)
    const root = entries.find((entry) => entry.type === 5)
    this.#mini = root ? this.#chain(root.start).subarray(0, root.size) : Buffer.alloc(0)
  }

  has(name: string): boolean {
    return this.#entries.some((entry) => entry.name === name)
  }

  stream(name: string): Buffer | null {
    const entry = this.#entries.find((e) => e.name === name)
    if (!entry) return null
    const whole = entry.size < this.#miniCutoff ? this.#miniChain(entry.start) : this.#chain(entry.start)
    if (whole.length < entry.size) throw new RangeError('stream shorter than declared')
    return whole.subarray(0, entry.size)
  }

  #difat(): number[] {
    const file = this.#bytes
    const list = Array.from({ length: HEADER_DIFAT }, (_, i) => file.readUInt32LE(0x4c + i * 4))
    let next = file.readUInt32LE(0x44)
    for (let left = file.readUInt32LE(0x48); left > 0 && next < FREE; left -= 1) {
      if (list.length > this.#sectors()) throw new RangeError('endless list of sectors')
      const numbers = this.#numbers(this.#sector(next))
      next = numbers.pop() as number
      list.push(...numbers)
    }
    return list.filter((sector) => sector < FREE)
  }

  #sectors(): number {
    return Math.ceil(this.#bytes.length / this.#size)
  }

  #sector(index: number): Buffer {
    const from = (index + 1) * this.#size
    if (from >= this.#bytes.length) throw new RangeError('sector outside the file')
    return this.#bytes.subarray(from, from + this.#size)
  }

  #numbers(sector: Buffer): number[] {
    return Array.from({ length: sector.length >> 2 }, (_, i) => sector.readUInt32LE(i * 4))
  }

  #chain(start: number): Buffer {
    const pieces: Buffer[] = []
    for (let at = start; at < FREE; at = this.#fat[at] ?? FREE) {
      if (pieces.length > this.#sectors()) throw new RangeError('endless chain')
      pieces.push(this.#sector(at))
    }
    return Buffer.concat(pieces)
  }

  #miniChain(start: number): Buffer {
    const pieces: Buffer[] = []
    for (let at = start; at < FREE; at = this.#miniFat[at] ?? FREE) {
      if (at * 64 >= this.#mini.length || pieces.length > this.#miniFat.length) throw new RangeError('endless chain')
      pieces.push(this.#mini.subarray(at * 64, at * 64 + 64))
    }
    return Buffer.concat(pieces)
  }
}
