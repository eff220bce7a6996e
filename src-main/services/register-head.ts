import { openWorkbook, type Workbook } from '#codecs/workbook'
import type { XlsxRow } from '#codecs/xlsx-cell'
import type { Files, FileToken } from '#domain/ports'
import { ProblemError, problem } from '#domain/problem'
import type { RegisterEncoding, RegisterSeparator } from '#domain/register-mapping'
import type { RegisterProfile } from '#domain/register-profile'
import { type RegisterSigns, recognise, signsOf } from './register-recognise.ts'
import { asProblem } from './register-refusal.ts'

/** Rows of a sheet that stay in memory while its columns are being assigned. */
const HEAD = 2000
/** Files, sheets and codings that are kept at a time: who assigns columns goes back and forth among few. */
const KEPT = 4

export interface HeadRequest {
  readonly token: FileToken
  readonly sheet: string | null
  readonly encoding: RegisterEncoding | null
  readonly separator: RegisterSeparator | null
}

/** The beginning of a register file: what can be shown of it, and read again at once. */
export interface RegisterHead {
  readonly fileName: string
  readonly book: Pick<Workbook, 'encoding' | 'kind' | 'macros' | 'separator' | 'sheets'>
  /** Index of the sheet whose rows these are. */
  readonly sheet: number
  readonly rows: readonly XlsxRow[]
  /** Whether those are all its rows. */
  readonly complete: boolean
  /** Rows that it declares, blank ones included. */
  readonly count: number
  /** What profiles are recognised by, on all sheets. */
  readonly signs: RegisterSigns
}

interface Kept {
  readonly request: HeadRequest
  readonly head: Promise<RegisterHead>
}

const heads = new WeakMap<Files, Kept[]>()

/**
 * The head of a file, kept for the next questions about it. Without a sheet it is the one that a profile recognises, else
 * the first that is filled. @throws ProblemError when the file cannot be opened.
 */
export async function headOf(
  files: Files,
  request: HeadRequest,
  profiles: readonly RegisterProfile[],
): Promise<RegisterHead> {
  const kept = heads.get(files) ?? []
  heads.set(files, kept)
  for (const known of kept) {
    if (known.request.token === request.token && (await answers(known, request))) return known.head
  }
  const { token, sheet, encoding, separator } = request
  const made: Kept = { request: { token, sheet, encoding, separator }, head: readHead(files, request, profiles) }
  kept.push(made)
  if (kept.length > KEPT) kept.shift()
  return made.head.catch((error: unknown) => {
    kept.splice(kept.indexOf(made), 1)
    throw error
  })
}

/** Whether a head that was asked for in other words is the one that is meant: what was found then may be named now. */
async function answers({ request, head }: Kept, asked: HeadRequest): Promise<boolean> {
  const { book, sheet } = await head
  const same = <T>(was: T | null, found: T | null, is: T | null) => is === was || (was === null && is === found)
  return (
    same(request.sheet, book.sheets[sheet]?.name ?? null, asked.sheet) &&
    same(request.encoding, book.encoding, asked.encoding) &&
    same(request.separator, book.separator, asked.separator)
  )
}

async function readHead(
  files: Files,
  { token, sheet, encoding, separator }: HeadRequest,
  profiles: readonly RegisterProfile[],
): Promise<RegisterHead> {
  const file = await files.open(token)
  const opened = await openWorkbook(file.chunks(), { encoding, separator })
  if (!opened.ok) throw new ProblemError(opened.error)
  const book = opened.value
  return asProblem(async () => {
    const signs = await signsOf(book)
    const index = await chosenSheet(book, sheet ?? recognise(signs, profiles)?.mapping.sheet ?? null)
    const { rows, complete } = await firstRows(book, index)
    const count = complete ? rows.length : await book.countRows(index)
    const { encoding: coding, kind, macros, separator: sign, sheets } = book
    const about = { encoding: coding, kind, macros, separator: sign, sheets }
    return { fileName: file.name, book: about, sheet: index, rows, complete, count, signs }
  })
}

async function chosenSheet(book: Workbook, name: string | null): Promise<number> {
  if (name !== null) {
    const named = book.sheets.findIndex((s) => s.name === name)
    const sheets = book.sheets.map((s) => `«${s.name}»`).join(', ')
    if (named < 0) throw new ProblemError(problem('REGISTER_SHEET_GONE', { name, sheets }))
    return named
  }
  for (const [index, { hidden }] of book.sheets.entries()) {
    if (!hidden && (await firstRows(book, index, 2)).rows.length > 1) return index
  }
  return Math.max(
    0,
    book.sheets.findIndex((s) => !s.hidden),
  )
}

async function firstRows(book: Workbook, sheet: number, limit = HEAD): Promise<{ rows: XlsxRow[]; complete: boolean }> {
  const rows: XlsxRow[] = []
  for await (const batch of book.rows(sheet)) {
    for (const row of batch) {
      if (rows.length >= limit) return { rows, complete: false }
      rows.push(row)
    }
  }
  return { rows, complete: true }
}

/** The head as a workbook whose other sheets are empty: what lays a mapping on a file lays it on this. */
export function headAsBook({ book, sheet, rows, count }: RegisterHead): Workbook {
  return {
    ...book,
    countRows: async () => count,
    async *rows(index) {
      if (index === sheet && rows.length > 0) yield [...rows]
    },
  }
}
