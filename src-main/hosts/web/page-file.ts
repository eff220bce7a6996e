import { readFile } from 'node:fs/promises'
import { join, normalize, sep } from 'node:path'
import { mediaTypeOf } from './policy.ts'

export interface PageFile {
  readonly bytes: Uint8Array
  readonly type: string
  readonly cache: string
}

/**
 * The path on disk of a page's address, or null when it is not one: encoded or plain, no address leaves the folder.
 * Addresses without a file name are places inside the program: the one page answers them.
 */
export function resolvePage(folder: string, pathname: string): string | null {
  let decoded: string
  try {
    decoded = decodeURIComponent(pathname)
  } catch {
    return null
  }
  if (decoded.includes('\0') || decoded.includes('\\')) return null
  const parts = decoded.split('/')
  if (parts.includes('..') || parts.some((part) => part.startsWith('.'))) return null
  const last = parts.at(-1) ?? ''
  const path = normalize(join(folder, last.includes('.') ? decoded : 'index.html'))
  const base = folder.endsWith(sep) ? folder : folder + sep
  return path.startsWith(base) && mediaTypeOf(path) !== null ? path : null
}

/** A page's file from the built renderer; null when there is none of that name. */
export async function readPage(folder: string, pathname: string): Promise<PageFile | null> {
  const path = resolvePage(folder, pathname)
  if (path === null) return null
  const bytes = await readFile(path).catch(() => null)
  if (bytes === null) return null
  // The built names carry the hash of their content; the page itself may change with the program.
  const hashed = /[\\/]assets[\\/][^\\/]+-[\w-]{8,}\.\w+$/.test(path)
  const type = mediaTypeOf(path) ?? 'application/octet-stream'
  return { bytes: new Uint8Array(bytes), type, cache: hashed ? 'private, max-age=31536000, immutable' : 'no-cache' }
}
