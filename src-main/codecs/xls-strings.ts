/** Bytes of one record and of the CONTINUE records after it: texts may run over the edges (MS-XLS 2.5.293). */
export class RecordReader {
  readonly #segments: readonly Buffer[]
  #segment = 0
  #at = 0

  constructor(segments: readonly Buffer[]) {
    this.#segments = segments
  }

  u8(): number {
    return this.#take(1).readUInt8(0)
  }

  u16(): number {
    return this.#take(2).readUInt16LE(0)
  }

  u32(): number {
    return this.#take(4).readUInt32LE(0)
  }

  skip(length: number): void {
    for (let left = length; left > 0; ) {
      const some = Math.min(left, this.#room())
      this.#at += some
      left -= some
    }
  }

  /** A text with its flags before it: characters of one or two bytes, runs of format and phonetics after it. */
  text(length: number): string {
    const flags = this.u8()
    const runs = flags & 8 ? this.u16() : 0
    const phonetic = flags & 4 ? this.u32() : 0
    const text = this.#characters(length, (flags & 1) === 1)
    this.skip(runs * 4 + phonetic)
    return text
  }

  /** Where characters go on in another record, it begins by saying again how wide they are. */
  #characters(length: number, wide: boolean): string {
    let text = ''
    let isWide = wide
    for (let left = length; left > 0; ) {
      const segment = this.#segments[this.#segment]
      if (!segment) throw new RangeError('text beyond the record')
      if (this.#at >= segment.length) {
        this.#segment += 1
        this.#at = 0
        isWide = (this.u8() & 1) === 1
        continue
      }
      const width = isWide ? 2 : 1
      const count = Math.min(left, Math.floor((segment.length - this.#at) / width))
      if (count === 0) throw new RangeError('half a character')
      text += segment.toString(isWide ? 'utf16le' : 'latin1', this.#at, this.#at + count * width)
      this.#at += count * width
      left -= count
    }
    return text
  }

  #room(): number {
    for (let segment = this.#segments[this.#segment]; segment; segment = this.#segments[this.#segment]) {
      if (this.#at < segment.length) return segment.length - this.#at
      this.#segment += 1
      this.#at = 0
    }
    throw new RangeError('beyond the record')
  }

  #take(length: number): Buffer {
    if (this.#room() >= length) {
      const from = this.#at
      this.#at += length
      return (this.#segments[this.#segment] as Buffer).subarray(from, from + length)
    }
    return Buffer.from(Array.from({ length }, () => this.#take(1)[0] as number))
  }
}
