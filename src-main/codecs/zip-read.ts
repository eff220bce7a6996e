import { Readable } from 'node:stream'
import { crc32, createInflateRaw } from 'node:zlib'
import { problem } from '#domain/problem'
import { formatBytes, Refusal, stopIfAborted } from './refusal.ts'

interface ZipEntry {
  readonly name: string
  readonly method: number
  readonly crc: number
  readonly compressedSize: number
  /** As the directory says; what comes out is measured. */
  readonly size: number
  readonly localOffset: number
}

export interface ZipLimits {
  /** Sum of all that is inflated from one archive. */
  readonly inflated: number
  /** Inflated over compressed size of an entry beyond 16 MB: more is a zip bomb. */
  readonly ratio: number
}

const RATIO_FROM = 16 * 1_048_576

/**
 * A zip archive in memory, read through its central directory: entries in any order, nothing on disk. (The streaming
 * reader of exceljs spills sheets that come before their strings and styles, as Excel writes them, to temporary files.)
 */
export class ZipArchive {
  readonly #bytes: Buffer
  readonly #entries = new Map<string, ZipEntry>()
  readonly #limits: ZipLimits
  #inflated = 0
  /** How far each entry was opened. */
  readonly #opened = new Map<string, number>()

  /** @throws Refusal XLSX_UNREADABLE when the directory is missing or broken. */
  constructor(bytes: Uint8Array, limits: ZipLimits) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#limits = limits
    try {
      this.#readDirectory()
    } catch (error) {
      throw error instanceof RangeError ? broken('l’archivio è tagliato o rovinato') : error
    }
  }

  has(name: string): boolean {
    return this.#entries.has(name)
  }

  /** Bytes of an entry once opened, as the directory says: for progress only. */
  sizeOf(name: string): number {
    return this.#entries.get(name)?.size ?? 0
  }

  /** Entries in the order of the directory, folders left out. */
  names(): string[] {
    return [...this.#entries.keys()].filter((name) => !name.endsWith('/'))
  }

  /** Content of an entry, in chunks. @throws Refusal when missing, encrypted, broken or beyond the limits. */
  async *read(name: string, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
    const entry = this.#entries.get(name)
    if (!entry) throw broken(`manca la parte «${name}»`)
    const at = entry.localOffset
    if (at + 30 > this.#bytes.length || this.#bytes.readUInt32LE(at) !== 0x04034b50)
      throw broken('l’archivio è rovinato')
    const start = at + 30 + this.#bytes.readUInt16LE(at + 26) + this.#bytes.readUInt16LE(at + 28)
    const data = this.#bytes.subarray(start, start + entry.compressedSize)
    if (data.length < entry.compressedSize) throw broken('l’archivio è tagliato')
    if (entry.method !== 0 && entry.method !== 8) throw broken('una parte è compressa in un modo sconosciuto')
    let length = 0
    let crc = 0
    // A sheet is read more than once (headings, count, rows): the limit is on the archive, not on our passes.
    const before = this.#opened.get(name) ?? 0
    const stream = entry.method === 0 ? Readable.from([data]) : inflate(data)
    try {
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        stopIfAborted(signal)
        length += chunk.length
        crc = crc32(chunk, crc)
        if (length > before) {
          this.#inflated += Math.min(chunk.length, length - before)
          this.#opened.set(name, length)
        }
        if (this.#inflated > this.#limits.inflated) {
          throw limit(`più di ${formatBytes(this.#limits.inflated)} una volta aperta`)
        }
        if (length > RATIO_FROM && length > entry.compressedSize * this.#limits.ratio) {
          throw limit('si gonfia troppo aprendola, come fanno i file fatti per bloccare i programmi')
        }
        yield chunk
      }
      if (crc !== entry.crc) throw broken('una parte è cambiata da quando fu salvata')
    } catch (error) {
      if (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_')) {
        throw broken('una parte compressa è rovinata')
      }
      throw error
    } finally {
      stream.destroy()
    }
  }

  #readDirectory(): void {
    const b = this.#bytes
    let end = b.length - 22
    while (end >= 0 && end > b.length - 65_558 && b.readUInt32LE(end) !== 0x06054b50) end -= 1
    if (end < 0 || b.readUInt32LE(end) !== 0x06054b50)
      throw broken('l’archivio è tagliato o non è una cartella di lavoro')
    const count = b.readUInt16LE(end + 10)
    let at = b.readUInt32LE(end + 16)
    if (count === 0xffff || at === 0xffffffff) throw limit('è un archivio di oltre 4 GB o 65.535 parti')
    for (let i = 0; i < count; i += 1) {
      if (b.readUInt32LE(at) !== 0x02014b50) throw broken('l’indice dell’archivio è rovinato')
      if ((b.readUInt16LE(at + 8) & 1) === 1) throw new Refusal(problem('XLSX_PROTECTED', {}))
      const nameLength = b.readUInt16LE(at + 28)
      const name = b.toString('utf8', at + 46, at + 46 + nameLength).replaceAll('\\', '/')
      this.#entries.set(name.replace(/^\//, ''), {
        name,
        method: b.readUInt16LE(at + 10),
        crc: b.readUInt32LE(at + 16),
        compressedSize: b.readUInt32LE(at + 20),
        size: b.readUInt32LE(at + 24),
        localOffset: b.readUInt32LE(at + 42),
      })
      at += 46 + nameLength + b.readUInt16LE(at + 30) + b.readUInt16LE(at + 32)
    }
  }
}

function inflate(data: Buffer): Readable {
  // Most parts are small: a large buffer for each would be thrown away again.
  const chunkSize = Math.min(256 * 1024, Math.max(4096, data.length * 8))
  const stream = createInflateRaw({ chunkSize })
  stream.end(data)
  return stream
}

function broken(reason: string): Refusal {
  return new Refusal(problem('XLSX_UNREADABLE', { reason }))
}

function limit(text: string): Refusal {
  return new Refusal(problem('XLSX_LIMIT', { limit: text }))
}
