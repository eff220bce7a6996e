import type { FileResult } from '#contract/values'
import { type IsoDate, romeDate } from '#domain/date'
import type { ServiceContext } from './context.ts'

export const XLSX_MIME = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
export const CSV_MIME = 'text/csv; charset=utf-8'
export const PDF_MIME = 'application/pdf'

/** Writes a file for the person to save or open; when the writing fails nothing of it stays. */
export async function produceFile(
  context: ServiceContext,
  name: string,
  mime: string,
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<FileResult> {
  const writer = await context.files.create(name, mime)
  try {
    let size = 0
    for await (const chunk of chunks) {
      await writer.write(chunk)
      size += chunk.byteLength
    }
    return { token: await writer.commit(), name, size, mime }
  } catch (error) {
    await writer.abort()
    throw error
  }
}

/** «Posizioni debitorie» of today → `posizioni-debitorie-2026-03-12.xlsx`: only characters that every disk takes. */
export function fileNameOf(title: string, day: IsoDate, extension: string): string {
  const plain = title
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60)
  return `${plain === '' ? 'elenco' : plain}-${day}.${extension}`
}

/** The books' «today». */
export function today(context: ServiceContext): IsoDate {
  return romeDate(context.clock.now())
}
