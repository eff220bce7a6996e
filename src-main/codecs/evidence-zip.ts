import { Buffer } from 'node:buffer'
import { type Problem, problem } from '#domain/problem'
import { err, ok, type Result } from '#domain/result'
import { formatBytes, Refusal } from './refusal.ts'
import { ZipArchive } from './zip-read.ts'

const LIMITS = { inflated: 512 * 1_048_576, ratio: 200 }
const MAX_ENTRIES = 5_000
const MAX_ENTRY = 128 * 1_048_576

/** One file of an archive, read when asked. */
export interface EvidenceEntry {
  /** A name and nothing else: folders are cut off, it never says where to write. */
  readonly name: string
  bytes(signal?: AbortSignal): Promise<Result<Uint8Array, Problem>>
}

/** Whether bytes are an archive of files, and not a workbook, which is one of parts. */
export function looksLikeEvidenceZip(bytes: Uint8Array): boolean {
  if (!isZip(bytes)) return false
  try {
    const archive = new ZipArchive(bytes, LIMITS)
    return !archive.has('[Content_Types].xml') && !archive.has('xl/workbook.xml')
  } catch (error) {
    // A workbook with a password is no zip at all.
    if (error instanceof Refusal) return error.problem.code === 'XLSX_PROTECTED'
    throw error
  }
}

/**
 * Flows, receipts and statements that came as one zip, in the order of the archive. What systems add of their own is left
 * out; an archive inside the archive is not opened, and is told as the problem of its entry.
 */
export function readEvidenceZip(bytes: Uint8Array): Result<readonly EvidenceEntry[], Problem> {
  try {
    const archive = new ZipArchive(bytes, LIMITS)
    const paths = archive.names().filter((path) => !/(^|\/)(__MACOSX\/|\.[^./]|Thumbs\.db$|desktop\.ini$)/i.test(path))
    if (paths.length === 0) return err(problem('ARCHIVE_EMPTY', {}))
    if (paths.length > MAX_ENTRIES) {
      return err(problem('ARCHIVE_LIMIT', { limit: `contiene ${paths.length} file, al più ${MAX_ENTRIES}` }))
    }
    return ok(paths.map((path) => ({ name: nameOf(path), bytes: (signal) => entry(archive, path, signal) })))
  } catch (error) {
    if (error instanceof Refusal) return err(inArchive(error.problem))
    throw error
  }
}

async function entry(
  archive: ZipArchive,
  path: string,
  signal: AbortSignal | undefined,
): Promise<Result<Uint8Array, Problem>> {
  const file = nameOf(path)
  try {
    const chunks: Uint8Array[] = []
    let length = 0
    for await (const chunk of archive.read(path, signal)) {
      length += chunk.length
      if (length > MAX_ENTRY) {
        return err(problem('ARCHIVE_LIMIT', { limit: `un file passa i ${formatBytes(MAX_ENTRY)}` }, { file }))
      }
      chunks.push(chunk)
    }
    const whole = chunks.length === 1 ? (chunks[0] as Uint8Array) : Buffer.concat(chunks)
    return looksLikeEvidenceZip(whole) ? err(problem('ARCHIVE_NESTED', {}, { file })) : ok(whole)
  } catch (error) {
    if (error instanceof Refusal) return err({ ...inArchive(error.problem), file })
    throw error
  }
}

/** The reader of archives speaks of workbooks. */
function inArchive(found: Problem): Problem {
  if (found.code === 'XLSX_PROTECTED') return problem('ARCHIVE_PROTECTED', {})
  if (found.code === 'XLSX_LIMIT') {
    const limit = String(found.params.limit).replace('aprendola', 'aprendolo').replace('aperta', 'aperto')
    return problem('ARCHIVE_LIMIT', { limit })
  }
  return problem('ARCHIVE_BROKEN', {})
}

function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] === 0x03 || bytes[2] === 0x05)
}

/** `../../etc/x` and `C:\\x` are names of files too. */
function nameOf(path: string): string {
  const name = path.split(/[/\\]/).at(-1) ?? ''
  return (
    [...name]
      .filter((c) => c >= ' ' && c !== '\u007f')
      .join('')
      .replace(/^[A-Za-z]:/, '') || 'senza nome'
  )
}
