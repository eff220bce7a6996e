import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { constants, lstat, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { FolderBatch } from '#domain/ports'
import { ProblemError, problem } from '#domain/problem'
import { isFileName } from './file-name.ts'
import { giveUpTemporary, temporaryName } from './folder-temporary.ts'

/** Of a file of a batch that is read again whole. */
const MOST_READ = 64 * 1_048_576

/**
 * A subfolder that is written under a hidden temporary name and gets its own only when all of it is on the disk: whoever
 * looks into `folder` sees the whole batch or none of it.
 */
export async function openFolderBatch(folder: string, name: string): Promise<FolderBatch> {
  checkName(name)
  const hidden = join(folder, temporaryName())
  const target = join(folder, name)
  await mkdir(hidden, { mode: 0o755 })
  let sealed = false
  return {
    async write(file, chunks) {
      checkName(file)
      const handle = await open(join(hidden, file), constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o644)
      const hash = createHash('sha256')
      let size = 0
      try {
        for await (const chunk of chunks) {
          await handle.writeFile(chunk)
          hash.update(chunk)
          size += chunk.byteLength
        }
        await handle.sync()
      } finally {
        await handle.close()
      }
      return { size, sha256: hash.digest('hex') }
    },
    async seal() {
      // A folder cannot be given a name that is taken without replacing it only where it is empty; even so it stays.
      if (await isThere(target)) return 'taken'
      await syncFolder(hidden)
      try {
        await rename(hidden, target)
        sealed = true
      } catch (error) {
        if (['ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return 'taken'
        throw error
      }
      await syncFolder(folder)
      return 'sealed'
    },
    async abort() {
      if (!sealed) await giveUpTemporary(hidden)
    },
  }
}

/** A file of a sealed batch; null where the batch or the file is not there. */
export async function readFromBatch(folder: string, name: string, file: string): Promise<Uint8Array | 'none' | null> {
  checkName(name)
  checkName(file)
  if (!(await isThere(join(folder, name)))) return 'none'
  const path = join(folder, name, file)
  const found = await lstat(path).catch(() => null)
  if (found === null || !found.isFile() || found.size > MOST_READ) return null
  return new Uint8Array(await readFile(path))
}

/** Takes a sealed batch away whole, if it is as it was written: one step hides it, then it is removed. */
export async function removeBatch(
  folder: string,
  name: string,
  files: Readonly<Record<string, string>>,
): Promise<'removed' | 'absent' | 'different'> {
  checkName(name)
  const target = join(folder, name)
  if (!(await isThere(target))) return 'absent'
  if (!(await lstat(target)).isDirectory()) return 'different'
  const present = await readdir(target, { withFileTypes: true })
  if (present.length !== Object.keys(files).length) return 'different'
  for (const entry of present) {
    const written = Object.hasOwn(files, entry.name) ? files[entry.name] : undefined
    if (!entry.isFile() || written === undefined) return 'different'
    if ((await hashOf(join(target, entry.name))) !== written) return 'different'
  }
  const hidden = join(folder, temporaryName())
  await rename(target, hidden)
  await rm(hidden, { recursive: true, force: true })
  return 'removed'
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}

async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false
      throw error
    },
  )
}

async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  // Some network file systems cannot sync a folder; the files themselves are already safe.
  await handle.sync().catch(() => undefined)
  await handle.close()
}

function checkName(name: string): void {
  if (!isFileName(name)) throw new ProblemError(problem('FOLDER_FILE_NAME', { name }))
}
