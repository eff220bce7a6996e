import { openWorkbook, type Workbook } from '#codecs/workbook'
import type { XlsxRow } from '#codecs/xlsx-cell'
import type { Files, FileToken } from '#domain/ports'
import { ProblemError, problem } from '#domain/problem'
import type { RegisterEncoding, RegisterSeparator } from '#domain/register-mapping'
import type { RegisterProfile } from '#domain/register-profile'
import { type Recognised, recogniseRegister } from './register-recognise.ts'
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
  readonly recognised: Recognised | null
}

const heads = new WeakMap<Files, Map<string, Promise<RegisterHead>>>()

/**
 * The head of a file, kept for the next questions about it. Without a sheet it is the one that a profile recognises, else
 * the first that is filled. @throws ProblemError when the file cannot be opened.
 */
export function headOf(
  files: Files,
  request: HeadRequest,
  profiles: readonly RegisterProfile[],
): Promise<RegisterHead> {
  const kept = heads.get(files) ?? new Map<string, Promise<RegisterHead>>()
  heads.set(files, kept)
  const known = profiles.map(({ id, name }) => `${id} ${name}`).join('|')
  const key = JSON.stringify([request.token, request.sheet, request.encoding, request.separator, known])
  const found = kept.get(key)
  if (found !== undefined) return found
  const made = readHead(files, request, profiles)
  kept.set(key, made)
  made.catch(() => kept.delete(key))
  for (const old of kept.keys()) if (kept.size > KEPT) kept.delete(old)
  return made
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
    const recognised = await recogniseRegister(book, profiles)
    const index = await chosenSheet(book, sheet ?? recognised?.mapping.sheet ?? null)
    const { rows, complete } = await firstRows(book, index)
    const count = complete ? rows.length : await book.countRows(index)
    return { fileName: file.name, book: { ...book }, sheet: index, rows, complete, count, recognised }
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
