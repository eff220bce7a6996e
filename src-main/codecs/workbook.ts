import { type Problem, problem } from '#domain/problem'
import { err, ok, type Result } from '#domain/result'
import { type ByteSource, collect, formatBytes, stopIfAborted } from './refusal.ts'
import { looksLikeXls, readXls, type XlsSheet } from './xls-read.ts'
import { openXlsx, XLSX_LIMITS, type XlsxBook } from './xlsx-read.ts'

/** Rows handed over together: readers breathe between batches. */
const BATCH = 500

/** Opens a workbook by its content: `.xlsx` in a stream, or the old binary `.xls`, which is read at once. */
export async function openWorkbook(
  source: ByteSource,
  options: { readonly signal?: AbortSignal } = {},
): Promise<Result<XlsxBook, Problem>> {
  const bytes = await collect(source, XLSX_LIMITS.bytes, options.signal)
  if (bytes === null) {
    const limit = formatBytes(XLSX_LIMITS.bytes)
    return err(problem('FILE_TOO_LARGE', { size: `più di ${limit}`, limit }))
  }
  if (!looksLikeXls(bytes)) return openXlsx(bytes, options)
  const sheets = readXls(bytes)
  return sheets.ok ? ok(oldBook(sheets.value)) : sheets
}

function oldBook(sheets: readonly XlsSheet[]): XlsxBook {
  const at = (index: number) => sheets[index] as XlsSheet
  return {
    sheets: sheets.map(({ name, hidden }) => ({ name, hidden })),
    countRows: async (index) => at(index).rows.at(-1)?.number ?? 0,
    async *rows(index, options = {}) {
      const { rows, merged } = at(index)
      for (let from = 0; from < rows.length; from += BATCH) {
        stopIfAborted(options.signal)
        yield rows.slice(from, from + BATCH)
      }
      for (const range of merged) options.merged?.(range)
    },
  }
}
