import { Buffer } from 'node:buffer'
import { ProblemError, problem } from '#domain/problem'
import { Refusal } from './refusal.ts'
import { ZipArchive } from './zip-read.ts'

const LIMITS = { inflated: 32 * 1_048_576, ratio: 200 }
const MAX_FILES = 500

/** Files of a graphic kit that came as one archive; what macOS adds of its own is left out. @throws ProblemError GRAPHIC_BROKEN. */
export async function readGraphicZip(bytes: Uint8Array): Promise<{ name: string; bytes: Uint8Array }[]> {
  try {
    const archive = new ZipArchive(bytes, LIMITS)
    const names = archive.names().filter((name) => !/(^|\/)(__MACOSX\/|\.)/.test(name))
    if (names.length > MAX_FILES) {
      throw new ProblemError(problem('GRAPHIC_LIMIT', { limit: `l’archivio ha più di ${MAX_FILES} file` }))
    }
    const out: { name: string; bytes: Uint8Array }[] = []
    for (const name of names) {
      const chunks: Uint8Array[] = []
      for await (const chunk of archive.read(name)) chunks.push(chunk)
      out.push({ name, bytes: new Uint8Array(Buffer.concat(chunks)) })
    }
    return out
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const reason =
      error.problem.code === 'XLSX_PROTECTED'
        ? 'l’archivio zip è protetto da una password'
        : error.problem.code === 'XLSX_LIMIT'
          ? 'l’archivio zip contiene troppo'
          : 'l’archivio zip è rovinato'
    throw new ProblemError(problem('GRAPHIC_BROKEN', { reason }))
  }
}
