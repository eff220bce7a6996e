import { SaxesParser, type SaxesTagPlain } from 'saxes'
import { type Problem, problem } from '#domain/problem'
import { err, ok, type Result } from '#domain/result'
import { type ByteSource, collect, formatBytes, Refusal } from './refusal.ts'
import { columnOfReference, dateOfSerial, isDateFormat, type XlsxCell, type XlsxRow } from './xlsx-cell.ts'
import { readXml } from './xml-read.ts'
import { ZipArchive } from './zip-read.ts'

export interface XlsxLimits {
  /** Of the file as it is. */
  readonly bytes: number
  /** Of all that is opened from it. */
  readonly inflated: number
  readonly ratio: number
  readonly cells: number
  readonly sheets: number
}

export const XLSX_LIMITS: XlsxLimits = {
  bytes: 64 * 1_048_576,
  inflated: 1024 * 1_048_576,
  ratio: 500,
  cells: 20_000_000,
  sheets: 64,
}

interface XlsxSheet {
  readonly name: string
  /** Hidden sheets are never the register. */
  readonly hidden: boolean
}

export interface XlsxBook {
  readonly sheets: readonly XlsxSheet[]
  /** It carries programs; nothing here runs them. */
  readonly macros: boolean
  /** Rows that the sheet declares, blank ones included, found without parsing. */
  countRows(sheet: number, signal?: AbortSignal): Promise<number>
  /**
   * Rows of one sheet in batches, in the order of the file, empty rows left out. `merged` gets the merged ranges, which
   * stand after the rows in the file. `progress` gets how much of the sheet was read before each batch, from 0 to 1.
   * @throws Refusal, and the signal's reason when aborted.
   */
  rows(sheet: number, options?: RowsOptions): AsyncGenerator<XlsxRow[]>
}

interface RowsOptions {
  readonly signal?: AbortSignal
  merged?(range: string): void
  progress?(share: number): void
}

/** Opens a workbook: its sheets' names, shared strings and date formats; rows are streamed later, sheet by sheet. */
export async function openXlsx(
  source: ByteSource,
  options: { readonly limits?: XlsxLimits; readonly signal?: AbortSignal } = {},
): Promise<Result<XlsxBook, Problem>> {
  const limits = options.limits ?? XLSX_LIMITS
  const bytes = await collect(source, limits.bytes, options.signal)
  if (bytes === null) {
    const limit = formatBytes(limits.bytes)
    return err(problem('FILE_TOO_LARGE', { size: `più di ${limit}`, limit }))
  }
  try {
    refuseWrongKind(bytes)
    return ok(await readBook(new ZipArchive(bytes, limits), limits, options.signal))
  } catch (error) {
    if (error instanceof Refusal) return err(error.problem)
    throw error
  }
}

function refuseWrongKind(bytes: Uint8Array): void {
  if (bytes.length === 0) throw new Refusal(problem('FILE_EMPTY', {}))
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (start.length < 4 || start.readUInt16BE(0) !== 0x504b) {
    throw new Refusal(problem('XLSX_UNREADABLE', { reason: 'il contenuto non è quello di un file .xlsx' }))
  }
}

/** Zips that are tables of other programs, in words. */
const OTHER_BOOKS: Readonly<Record<string, string>> = {
  'xl/workbook.bin': 'un .xlsb (Excel binario)',
  'content.xml': 'un .ods (LibreOffice)',
  'Index/Document.iwa': 'un .numbers (Apple)',
  'word/document.xml': 'un documento di Word',
}

async function readBook(zip: ZipArchive, limits: XlsxLimits, signal: AbortSignal | undefined): Promise<XlsxBook> {
  const other = Object.entries(OTHER_BOOKS).find(([name]) => zip.has(name))?.[1]
  if (other !== undefined && !zip.has('xl/workbook.xml')) {
    throw new Refusal(problem('WORKBOOK_OTHER_FORMAT', { format: other }))
  }
  const targets = new Map<string, { readonly type: string; readonly path: string }>()
  await part(zip, 'xl/_rels/workbook.xml.rels', signal, (name, attributes) => {
    if (name !== 'Relationship' || !attributes.Id || !attributes.Target) return
    const target = attributes.Target
    const path = target.startsWith('/') ? target.slice(1) : normalise(`xl/${target}`)
    targets.set(attributes.Id, { type: (attributes.Type ?? '').split('/').at(-1) as string, path })
  })
  const sheets: (XlsxSheet & { readonly path: string })[] = []
  let date1904 = false
  await part(zip, 'xl/workbook.xml', signal, (name, attributes) => {
    if (name === 'workbookPr') date1904 = /^(1|true|on)$/.test(attributes.date1904 ?? '')
    if (name !== 'sheet') return
    const id = Object.entries(attributes).find(([key]) => key === 'id' || key.endsWith(':id'))?.[1]
    const target = targets.get(id ?? '')
    if (target?.type !== 'worksheet') return
    const hidden = attributes.state === 'hidden' || attributes.state === 'veryHidden'
    sheets.push({ name: attributes.name ?? '', hidden, path: target.path })
  })
  if (sheets.length === 0) throw new Refusal(problem('XLSX_UNREADABLE', { reason: 'non contiene nessun foglio' }))
  if (sheets.length > limits.sheets)
    throw new Refusal(problem('XLSX_LIMIT', { limit: `più di ${limits.sheets} fogli` }))
  const pathOf = (type: string) => [...targets.values()].find((t) => t.type === type)?.path
  const strings = await readStrings(zip, pathOf('sharedStrings'), signal)
  const dateStyles = await readDateStyles(zip, pathOf('styles'), signal)
  let cells = limits.cells
  return {
    sheets,
    macros: zip.has('xl/vbaProject.bin'),
    async countRows(index, signal) {
      let count = 0
      let tail = ''
      for await (const chunk of zip.read((sheets[index] as { path: string }).path, signal)) {
        const text = tail + Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1')
        for (let at = text.indexOf('</row>'); at >= 0; at = text.indexOf('</row>', at + 6)) count += 1
        tail = text.slice(Math.max(text.lastIndexOf('</row>') + 6, text.length - 5))
      }
      return count
    },
    async *rows(index, options = {}) {
      const sheet = sheets[index]
      if (!sheet) throw new RangeError(`no sheet ${index}`)
      const reader = new SheetReader(strings, dateStyles, date1904, options.merged)
      const decoder = new TextDecoder()
      const size = zip.sizeOf(sheet.path)
      let read = 0
      for await (const chunk of zip.read(sheet.path, options.signal)) {
        read += chunk.length
        options.progress?.(size > 0 ? Math.min(1, read / size) : 0)
        reader.write(decoder.decode(chunk, { stream: true }), sheet.name)
        cells -= reader.takeCellCount()
        if (cells < 0) {
          const limit = `più di ${limits.cells.toLocaleString('it-IT')} celle`
          throw new Refusal(problem('XLSX_LIMIT', { limit }, { position: { sheet: sheet.name } }))
        }
        const rows = reader.takeRows()
        if (rows.length > 0) yield rows
      }
    },
  }
}

/** A part that is too much for the reader is told as that: nothing else is wrong with it. */
function brokenPart(path: string, broken: Problem): Refusal {
  if (broken.code === 'XLSX_LIMIT') return new Refusal(broken)
  if (broken.code !== 'XML_LIMIT') {
    return new Refusal(problem('XLSX_UNREADABLE', { reason: `la parte «${path}» è rovinata` }))
  }
  return new Refusal(problem('XLSX_LIMIT', { limit: `nella parte «${path}» ${broken.params.limit}` }))
}

type OnOpen = (name: string, attributes: Readonly<Record<string, string>>) => void

async function part(zip: ZipArchive, path: string, signal: AbortSignal | undefined, onOpen: OnOpen): Promise<void> {
  if (!zip.has(path)) throw new Refusal(problem('XLSX_UNREADABLE', { reason: `manca la parte «${path}»` }))
  const broken = await readXml(zip.read(path, signal), { open: onOpen, close: () => {} }, undefined, signal)
  if (broken) throw brokenPart(path, broken)
}

async function readStrings(zip: ZipArchive, path: string | undefined, signal?: AbortSignal): Promise<string[]> {
  const strings: string[] = []
  if (path === undefined || !zip.has(path)) return strings
  let text = ''
  let phonetic = 0
  const broken = await readXml(
    zip.read(path, signal),
    {
      open(name) {
        if (name === 'rPh') phonetic += 1
      },
      close(name, content) {
        if (name === 'rPh') phonetic -= 1
        else if (name === 't' && phonetic === 0) text += content
        else if (name === 'si') {
          strings.push(unescapeText(text))
          text = ''
        }
      },
    },
    { bytes: 512 * 1_048_576, depth: 32, text: 1_048_576 },
    signal,
  )
  if (broken) throw brokenPart(path, broken)
  return strings
}

/** For each cell style (the `s` of a cell), whether its numbers are dates. */
async function readDateStyles(zip: ZipArchive, path: string | undefined, signal?: AbortSignal): Promise<boolean[]> {
  const styles: boolean[] = []
  if (path === undefined || !zip.has(path)) return styles
  const codes = new Map<number, string>()
  let inCellXfs = false
  const broken = await readXml(
    zip.read(path, signal),
    {
      open(name, attributes) {
        if (name === 'numFmt') codes.set(Number(attributes.numFmtId), attributes.formatCode ?? '')
        if (name === 'cellXfs') inCellXfs = true
        if (name !== 'xf' || !inCellXfs) return
        const id = Number(attributes.numFmtId ?? 0)
        styles.push(isDateFormat(id, codes.get(id)))
      },
      close(name) {
        if (name === 'cellXfs') inCellXfs = false
      },
    },
    undefined,
    signal,
  )
  if (broken) throw brokenPart(path, broken)
  return styles
}

/** Of Excel: beyond them no reference is true. */
const LAST_ROW = 1_048_576
const LAST_COLUMN = 16_383
/** A number as XML writes it (xsd:double without its infinities). */
const NUMBER = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*$/

/** Push parser of one sheet; its own because a large register is millions of cells and must not build paths. */
class SheetReader {
  readonly #parser = new SaxesParser({ xmlns: false, position: false })
  readonly #strings: readonly string[]
  readonly #dateStyles: readonly boolean[]
  readonly #date1904: boolean
  #rows: XlsxRow[] = []
  #cellCount = 0
  #row = 0
  #cells: Map<number, XlsxCell> = new Map()
  #column = -1
  #type = ''
  #style = 0
  #value = ''
  #hasValue = false
  #formula: string | null = null
  #text = ''
  #collect = false
  #phonetic = 0

  constructor(
    strings: readonly string[],
    dateStyles: readonly boolean[],
    date1904: boolean,
    merged: ((range: string) => void) | undefined,
  ) {
    this.#strings = strings
    this.#dateStyles = dateStyles
    this.#date1904 = date1904
    const parser = this.#parser
    parser.on('doctype', () => {
      throw new Refusal(problem('XML_DOCTYPE', {}))
    })
    parser.on('error', () => {
      throw new Refusal(problem('XLSX_UNREADABLE', { reason: `il foglio è rovinato dopo la riga ${this.#row}` }))
    })
    parser.on('opentag', (tag: SaxesTagPlain) => {
      if (tag.name.endsWith('mergeCell') && tag.attributes.ref) merged?.(tag.attributes.ref)
      else this.#open(local(tag.name), tag.attributes)
    })
    parser.on('text', (text) => {
      if (this.#collect) this.#text += text
    })
    parser.on('cdata', (text) => {
      if (this.#collect) this.#text += text
    })
    parser.on('closetag', (tag: SaxesTagPlain) => this.#close(local(tag.name)))
  }

  write(text: string, sheet: string): void {
    try {
      this.#parser.write(text)
    } catch (error) {
      if (error instanceof Refusal) throw new Refusal({ ...error.problem, position: { sheet } })
      throw error
    }
  }

  takeRows(): XlsxRow[] {
    const rows = this.#rows
    this.#rows = []
    return rows
  }

  takeCellCount(): number {
    const count = this.#cellCount
    this.#cellCount = 0
    return count
  }

  #open(name: string, attributes: Readonly<Record<string, string>>): void {
    switch (name) {
      case 'row': {
        const number = attributes.r ? Number(attributes.r) : this.#row + 1
        // Rows rise: of two with one number nobody knows which is meant, and Excel opens no such file.
        if (!Number.isSafeInteger(number) || number <= this.#row || number > LAST_ROW) throw this.#broken()
        this.#row = number
        this.#cells = new Map()
        this.#column = -1
        break
      }
      case 'c':
        this.#column = attributes.r ? columnOfReference(attributes.r) : this.#column + 1
        if (this.#column < 0 || this.#column > LAST_COLUMN || this.#cells.has(this.#column)) throw this.#broken()
        this.#type = attributes.t ?? 'n'
        this.#style = attributes.s ? Number(attributes.s) : 0
        this.#value = ''
        this.#hasValue = false
        this.#formula = null
        break
      case 'rPh':
        this.#phonetic += 1
        break
      case 'v':
      case 'f':
      case 't':
        if (this.#collect || (name === 'v' && this.#hasValue)) throw this.#broken()
        this.#text = ''
        this.#collect = this.#phonetic === 0
        break
    }
  }

  #close(name: string): void {
    switch (name) {
      case 'rPh':
        this.#phonetic -= 1
        break
      case 'v':
      case 't':
        if (!this.#collect) break
        this.#value += this.#text
        this.#hasValue = true
        this.#collect = false
        break
      case 'f':
        this.#formula = this.#text
        this.#collect = false
        break
      case 'c': {
        this.#cellCount += 1
        const cell = this.#cell()
        if (cell) this.#cells.set(this.#column, cell)
        break
      }
      case 'row':
        if (this.#cells.size > 0) this.#rows.push({ number: this.#row, cells: this.#cells })
        break
    }
  }

  #cell(): XlsxCell | null {
    const formula = this.#formula === null ? {} : { formula: `=${this.#formula}` }
    if (!this.#hasValue || (this.#value === '' && this.#type !== 'str' && this.#type !== 'inlineStr')) {
      return this.#formula === null ? null : { kind: 'uncalculated', formula: `=${this.#formula}` }
    }
    switch (this.#type) {
      case 's': {
        const text = this.#strings[Number(this.#value)]
        if (text === undefined) {
          throw new Refusal(
            problem('XLSX_UNREADABLE', { reason: `alla riga ${this.#row} manca il testo di una cella` }),
          )
        }
        return text === '' ? null : { kind: 'text', text, ...formula }
      }
      case 'str':
      case 'inlineStr': {
        const text = unescapeText(this.#value)
        return text === '' ? null : { kind: 'text', text, ...formula }
      }
      case 'b':
        return { kind: 'boolean', value: this.#value === '1' || this.#value === 'true', ...formula }
      case 'e':
        return { kind: 'error', text: this.#value, ...formula }
      case 'd':
        return { kind: 'date', ...isoCell(this.#value), ...formula }
      case 'n': {
        // `Number` would also take 0x1F and Infinity, which no sheet means.
        const value = NUMBER.test(this.#value) ? Number(this.#value) : Number.NaN
        if (!Number.isFinite(value)) return { kind: 'error', text: this.#value, ...formula }
        if (!this.#dateStyles[this.#style]) return { kind: 'number', value, ...formula }
        return {
          kind: 'date',
          date: dateOfSerial(value, this.#date1904),
          fraction: value - Math.floor(value),
          ...formula,
        }
      }
      default:
        return { kind: 'error', text: this.#value, ...formula }
    }
  }

  #broken(): Refusal {
    return new Refusal(problem('XLSX_UNREADABLE', { reason: `il foglio è rovinato dopo la riga ${this.#row}` }))
  }
}

function isoCell(text: string): { readonly date: ReturnType<typeof dateOfSerial>; readonly fraction: number } {
  const ms = Date.parse(`${text.slice(0, 10)}T00:00:00Z`)
  return {
    date: Number.isNaN(ms) ? null : dateOfSerial(ms / 86_400_000 + 25_569, false),
    fraction: text.length > 10 ? 0.5 : 0,
  }
}

/** Excel writes characters that XML forbids as `_x000D_` (ECMA-376 22.4.2.4, ST_Xstring). */
function unescapeText(text: string): string {
  if (!text.includes('_x')) return text
  return text.replaceAll(/_x([0-9A-Fa-f]{4})_/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

function local(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}

function normalise(path: string): string {
  const out: string[] = []
  for (const step of path.split('/')) {
    if (step === '..') out.pop()
    else if (step !== '.') out.push(step)
  }
  return out.join('/')
}
