import { link, mkdir, readdir, readFile, rename, stat, unlink } from 'node:fs/promises'
import { extname, join } from 'node:path'
import type { FoundFile } from '#domain/ports'
import { sha256Of } from './file-name.ts'

/** Files of a folder that others put there: not those of systems, not those still under a temporary name. */
export async function listFiles(folder: string): Promise<FoundFile[]> {
  const found: FoundFile[] = []
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isFile() || /^(\.|~\$|Thumbs\.db$|desktop\.ini$)|\.(tmp|part|crdownload|filepart)$/i.test(entry.name))
      continue
    const about = await stat(join(folder, entry.name)).catch(() => null)
    if (about) found.push({ name: entry.name, size: about.size, changed: about.mtimeMs })
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** Null when the file is gone. */
export async function readFound(folder: string, name: string): Promise<Uint8Array | null> {
  return readFile(join(folder, name)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
}

/** Moves a file into a subfolder if its bytes are still those; one of the same name there is never replaced. */
export async function moveFound(folder: string, name: string, sha256: string, into: string): Promise<boolean> {
  const from = join(folder, name)
  const bytes = await readFound(folder, name)
  if (bytes === null || sha256Of(bytes) !== sha256) return false
  const target = join(folder, into)
  await mkdir(target, { recursive: true })
  const end = extname(name)
  for (let n = 1; n < 1000; n++) {
    const to = join(target, n === 1 ? name : `${name.slice(0, name.length - end.length)} (${n})${end}`)
    const there = await readFile(to).catch(() => null)
    if (there !== null && sha256Of(there) !== sha256) continue
    if (there !== null) await unlink(from)
    else await give(from, to)
    return true
  }
  return false
}

async function give(from: string, to: string): Promise<void> {
  try {
    await link(from, to)
  } catch {
    // Network drives often have no hard links.
    await rename(from, to)
    return
  }
  await unlink(from)
}
