import { type Problem, problem } from '#domain/problem'
import { err, ok, type Result } from '#domain/result'
import { CompoundFile } from './cfb-read.ts'
import { Refusal } from './refusal.ts'
import { RecordReader } from './xls-strings.ts'
import { columnName, dateOfSerial, isDateFormat, type XlsxCell, type XlsxRow } from './xlsx-cell.ts'

export interface XlsSheet {
  readonly name: string
  readonly hidden: boolean
  readonly rows: readonly XlsxRow[]
  /** Ranges of cells merged into one: `A2:A4`. */
  readonly merged: readonly string[]
}

const MAX_CELLS = 2_000_000
const MAX_SHEETS = 64

/** Records of MS-XLS that hold values; all others (formats, drawings, macros, links) are stepped over unread. */
const BOF = 0x809
const EOF = 0x0a
const FILEPASS = 0x2f
const DATEMODE = 0x22
const FORMAT = 0x41e
const XF = 0xe0
const BOUNDSHEET = 0x85
const SST = 0xfc
const CONTINUE = 0x3c
const LABELSST = 0xfd
const LABEL = 0x204
const RSTRING = 0xd6
const NUMBER = 0x203
const RK = 0x27e
const MULRK = 0xbd
const FORMULA = 0x06
const STRING = 0x207
const BOOLERR = 0x205
const MERGEDCELLS = 0xe5

const ERRORS: Readonly<Record<number, string>> = {
  0: '#NULL!',
  7: '#DIV/0!',
  15: '#VALUE!',
  23: '#REF!',
  29: '#NAME?',
  36: '#NUM!',
  42: '#N/A',
}

/** Whether bytes begin like the container of the old Excel. */
export function looksLikeXls(bytes: Uint8Array): boolean {
  return bytes[0] === 0xd0 && bytes[1] === 0xcf && bytes[2] === 0x11 && bytes[3] === 0xe0
}

/**
 * Values of a binary workbook of Excel 97–2003 (BIFF8): texts, numbers, dates and the saved results of formulas. Nothing
 * else of it is interpreted. Older books and those under a password are refused by name.
 */
export function readXls(bytes: Uint8Array): Result<XlsSheet[], Problem> {
  try {
    const file = new CompoundFile(bytes)
    // Excel keeps an encrypted .xlsx inside the container of the old .xls.
    if (file.has('EncryptedPackage')) return err(problem('XLSX_PROTECTED', {}))
    const book = file.stream('Workbook')
    if (!book) return err(problem('XLS_OLD', {}))
    return ok(new XlsBook(book).sheets())
  } catch (error) {
    if (error instanceof Refusal) return err(error.problem)
    if (error instanceof RangeError) return err(problem('XLSX_UNREADABLE', { reason: 'il contenuto è rovinato' }))
    throw error
  }
}

interface BiffRecord {
  readonly type: number
  readonly data: Buffer
  /** Its CONTINUE records, in order. */
  readonly more: readonly Buffer[]
}

/** Records from a BOF to the EOF that closes it; charts inside a sheet nest. */
function* recordsFrom(book: Buffer, start: number): Generator<BiffRecord> {
  let depth = 0
  for (let at = start; at + 4 <= book.length; ) {
    const type = book.readUInt16LE(at)
    const [data, next] = body(book, at)
    at = next
    const more: Buffer[] = []
    while (at + 4 <= book.length && book.readUInt16LE(at) === CONTINUE) {
      const [piece, after] = body(book, at)
      more.push(piece)
      at = after
    }
    yield { type, data, more }
    if (type === BOF) depth += 1
    if (type === EOF) depth -= 1
    if (depth <= 0) return
  }
  throw new RangeError('no end of the records')
}

function body(book: Buffer, at: number): [Buffer, number] {
  const end = at + 4 + book.readUInt16LE(at + 2)
  if (end > book.length) throw new RangeError('record beyond the book')
  return [book.subarray(at + 4, end), end]
}

class XlsBook {
  readonly #book: Buffer
  readonly #strings: string[] = []
  readonly #codes = new Map<number, string>()
  readonly #formats: number[] = []
  readonly #sheets: { readonly name: string; readonly hidden: boolean; readonly at: number }[] = []
  #date1904 = false
  #cells = 0

  constructor(book: Buffer) {
    this.#book = book
    for (const record of recordsFrom(book, 0)) this.#global(record)
  }

  sheets(): XlsSheet[] {
    if (this.#sheets.length === 0) {
      throw new Refusal(problem('XLSX_UNREADABLE', { reason: 'non contiene nessun foglio' }))
    }
    return this.#sheets.map(({ name, hidden, at }) => ({ name, hidden, ...this.#content(at) }))
  }

  #global({ type, data, more }: BiffRecord): void {
    switch (type) {
      case BOF:
        if (data.readUInt16LE(0) !== 0x600) throw new Refusal(problem('XLS_OLD', {}))
        break
      case FILEPASS:
        throw new Refusal(problem('XLSX_PROTECTED', {}))
      case DATEMODE:
        this.#date1904 = data.readUInt16LE(0) === 1
        break
      case FORMAT: {
        const reader = new RecordReader([data])
        const id = reader.u16()
        this.#codes.set(id, reader.text(reader.u16()))
        break
      }
      case XF:
        this.#formats.push(data.readUInt16LE(2))
        break
      case BOUNDSHEET: {
        const reader = new RecordReader([data])
        const at = reader.u32()
        const hidden = reader.u8() !== 0
        const worksheet = reader.u8() === 0
        const name = reader.text(reader.u8())
        if (worksheet) this.#sheets.push({ name, hidden, at })
        if (this.#sheets.length > MAX_SHEETS) {
          throw new Refusal(problem('XLSX_LIMIT', { limit: `più di ${MAX_SHEETS} fogli` }))
        }
        break
      }
      case SST: {
        const reader = new RecordReader([data, ...more])
        reader.skip(4)
        const count = reader.u32()
        for (let i = 0; i < count; i += 1) this.#strings.push(reader.text(reader.u16()))
        break
      }
      default:
    }
  }

  #content(start: number): Pick<XlsSheet, 'rows' | 'merged'> {
    const merged: string[] = []
    const rows = new Map<number, Map<number, XlsxCell>>()
    const put = (row: number, column: number, cell: XlsxCell | null) => {
      this.#cells += 1
      if (this.#cells > MAX_CELLS) {
        const limit = `più di ${MAX_CELLS.toLocaleString('it-IT')} celle`
        throw new Refusal(problem('XLSX_LIMIT', { limit }))
      }
      if (cell === null) return
      const cells = rows.get(row)
      if (cells) cells.set(column, cell)
      else rows.set(row, new Map([[column, cell]]))
    }
    let formula: { readonly row: number; readonly column: number } | null = null
    let depth = 0
    for (const { type, data, more } of recordsFrom(this.#book, start)) {
      if (type === BOF) depth += 1
      if (type === EOF) depth -= 1
      // Charts inside a sheet have records of their own.
      if (depth !== 1) continue
      const at = () => [data.readUInt16LE(0), data.readUInt16LE(2)] as const
      switch (type) {
        case LABELSST:
          put(...at(), this.#shared(data.readUInt32LE(6)))
          break
        case LABEL:
        case RSTRING: {
          const reader = new RecordReader([data.subarray(6), ...more])
          put(...at(), textCell(reader.text(reader.u16())))
          break
        }
        case NUMBER:
          put(...at(), this.#number(data.readDoubleLE(6), data.readUInt16LE(4)))
          break
        case RK:
          put(...at(), this.#number(rkValue(data.readUInt32LE(6)), data.readUInt16LE(4)))
          break
        case MULRK: {
          const [row, first] = at()
          for (let i = 0; 4 + i * 6 + 6 <= data.length - 2; i += 1) {
            const value = rkValue(data.readUInt32LE(6 + i * 6))
            put(row, first + i, this.#number(value, data.readUInt16LE(4 + i * 6)))
          }
          break
        }
        case BOOLERR:
          put(...at(), booleanOrError(data.readUInt8(6), data.readUInt8(7) === 1))
          break
        case FORMULA: {
          const [row, column] = at()
          if (data.readUInt16LE(12) !== 0xffff) {
            put(row, column, this.#number(data.readDoubleLE(6), data.readUInt16LE(4)))
            break
          }
          const kind = data.readUInt8(6)
          if (kind === 0) formula = { row, column }
          else put(row, column, kind === 3 ? null : booleanOrError(data.readUInt8(8), kind === 2))
          break
        }
        case MERGEDCELLS:
          merged.push(...rangesOf(data))
          break
        case STRING: {
          const reader = new RecordReader([data, ...more])
          if (formula) put(formula.row, formula.column, textCell(reader.text(reader.u16())))
          formula = null
          break
        }
        default:
      }
    }
    const sorted = [...rows]
      .sort(([a], [b]) => a - b)
      .map(([row, cells]) => ({ number: row + 1, cells: new Map([...cells].sort(([a], [b]) => a - b)) }))
    return { rows: sorted, merged }
  }

  #shared(index: number): XlsxCell | null {
    const text = this.#strings[index]
    if (text === undefined) throw new RangeError('no such text')
    return textCell(text)
  }

  #number(value: number, style: number): XlsxCell {
    const format = this.#formats[style] ?? 0
    if (!isDateFormat(format, this.#codes.get(format))) return { kind: 'number', value }
    const date = dateOfSerial(value, this.#date1904)
    return { kind: 'date', date, fraction: value - Math.floor(value) }
  }
}

/** First and last row, first and last column of each range. */
function rangesOf(data: Buffer): string[] {
  return Array.from({ length: data.readUInt16LE(0) }, (_, i) => {
    const [top, bottom, left, right] = [0, 2, 4, 6].map((at) => data.readUInt16LE(2 + i * 8 + at)) as [
      ...[number, number, number, number],
    ]
    return `${columnName(left)}${top + 1}:${columnName(right)}${bottom + 1}`
  })
}

function textCell(text: string): XlsxCell | null {
  return text === '' ? null : { kind: 'text', text }
}

function booleanOrError(value: number, isError: boolean): XlsxCell {
  return isError ? { kind: 'error', text: ERRORS[value] ?? '#N/A' } : { kind: 'boolean', value: value === 1 }
}

/** A number in 30 bits: an integer or the top of a double, perhaps times a hundred (MS-XLS 2.5.217). */
function rkValue(rk: number): number {
  let value: number
  if (rk & 2) value = (rk | 0) >> 2
  else {
    const double = Buffer.alloc(8)
    double.writeUInt32LE((rk & 0xfffffffc) >>> 0, 4)
    value = double.readDoubleLE(0)
  }
  return rk & 1 ? value / 100 : value
}
