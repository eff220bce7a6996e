import { createReadStream, rmSync } from 'node:fs'
import { type FileHandle, mkdtemp, open, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { Files, FileToken, Random } from '#domain/ports'
import { ProblemError, problem } from '#domain/problem'
import { isRunning } from '#gateways/folder-temporary'
import { systemRandom } from './random.ts'

export interface FileLimits {
  /** Bytes of one file. */
  readonly file: number
  /** Bytes of all the files of this run together. */
  readonly total: number
}

export interface HostFiles extends Files {
  /** Names a file that already lies on the disk (command line, rehearsal); it is read where it is. */
  adopt(path: string): Promise<FileToken>
  /** Removes all that was uploaded and produced. */
  dispose(): void
}

const DEFAULT_LIMITS: FileLimits = { file: 512 * 1024 * 1024, total: 4 * 1024 * 1024 * 1024 }
const PREFIX = 'quietanza-file-'

/** Uploaded and produced files of one run, in a private folder of the temporary place; gone when the program ends. */
export async function openFiles(
  limits: FileLimits = DEFAULT_LIMITS,
  place: string = tmpdir(),
  random: Random = systemRandom,
): Promise<HostFiles> {
  await sweep(place)
  const folder = await mkdtemp(join(place, `${PREFIX}${process.pid}-`))
  const known = new Map<FileToken, { readonly name: string; readonly path: string; readonly size: number }>()
  let total = 0
  const dispose = (): void => {
    known.clear()
    rmSync(folder, { recursive: true, force: true })
  }
  process.once('exit', dispose)
  const newToken = (): FileToken => Buffer.from(random.bytes(16)).toString('hex') as FileToken

  return {
    async open(token) {
      const entry = known.get(token)
      if (!entry) throw new ProblemError(problem('FILE_GONE', {}))
      return {
        name: entry.name,
        size: entry.size,
        chunks: () => createReadStream(entry.path, { highWaterMark: 256 * 1024 }) as AsyncIterable<Uint8Array>,
        bytes: async () => new Uint8Array(await readFile(entry.path)),
      }
    },
    async create(name) {
      const token = newToken()
      const path = join(folder, token)
      let handle: FileHandle | null = await open(path, 'wx', 0o600)
      let size = 0
      const abort = async (): Promise<void> => {
        await handle?.close()
        handle = null
        total -= size
        size = 0
        await rm(path, { force: true })
      }
      return {
        async write(chunk) {
          if (handle === null) throw new Error('write after the file was sealed')
          if (size + chunk.length > limits.file || total + chunk.length > limits.total) {
            const over = megabytes(size + chunk.length)
            await abort()
            throw new ProblemError(problem('FILE_TOO_LARGE', { size: `più di ${over}`, limit: megabytes(limits.file) }))
          }
          await handle.writeFile(chunk)
          size += chunk.length
          total += chunk.length
        },
        async commit() {
          if (handle === null) throw new Error('commit of a file that was sealed')
          await handle.close()
          handle = null
          known.set(token, { name: plainName(name), path, size })
          return token
        },
        abort,
      }
    },
    async adopt(path) {
      const token = newToken()
      known.set(token, { name: basename(path), path, size: (await stat(path)).size })
      return token
    },
    dispose() {
      process.off('exit', dispose)
      dispose()
    },
  }
}

/** The last part of whatever the browser called the file, without anything that a disk or a header could misread. */
export function plainName(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? ''
  const clean = last
    .replace(/[\p{Cc}\p{Cf}<>:"|?*]/gu, '')
    .trim()
    .slice(-180)
  return clean === '' || /^\.+$/.test(clean) ? 'file' : clean
}

/** A program that was killed leaves its folder: the next one removes those of processes that are no more. */
async function sweep(place: string): Promise<void> {
  for (const name of await readdir(place)) {
    if (!name.startsWith(PREFIX)) continue
    const pid = Number(name.slice(PREFIX.length).split('-')[0])
    if (Number.isInteger(pid) && pid > 0 && !isRunning(pid))
      await rm(join(place, name), { recursive: true, force: true })
  }
}

function megabytes(bytes: number): string {
  return `${Math.max(1, Math.round(bytes / 1024 / 1024))} MB`
}
