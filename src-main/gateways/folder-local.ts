import {
  constants,
  type FileHandle,
  link,
  lstat,
  open,
  readdir,
  readFile,
  realpath,
  rename,
  stat,
  statfs,
  unlink,
} from 'node:fs/promises'
import { basename, join, relative, resolve, sep } from 'node:path'
import type { FolderGateway, FolderToken } from '#domain/ports'
import { ProblemError, problem } from '#domain/problem'
import { readTypedFolder } from '#domain/typed-folder'
import { isFileName, sha256Of } from './file-name.ts'
import { openFolderBatch, readFromBatch, removeBatch } from './folder-batch.ts'
import { folderReason } from './folder-reason.ts'
import { giveUpTemporary, sweepAbandoned, sweepTemporary, temporaryName } from './folder-temporary.ts'
import type { FolderTokens } from './folder-token.ts'
import {
  type HeldPlace,
  heldPlace,
  heldText,
  inWords,
  notWritten,
  ONLY_ROOTS,
  type TypedPlaces,
  tryWriting,
  typedProblem,
} from './folder-typed.ts'
import { listFiles, moveFound, readFound } from './folder-watch.ts'

export interface FolderRoot {
  readonly name: string
  readonly path: string
}

export interface LocalFolders extends FolderGateway {
  /** For the host, whose own dialog has just shown the folder to the person: the token of a path below a root. */
  tokenOf(path: string): Promise<FolderToken>
}

/** Less does not hold a handful of notices. */
const LEAST_FREE = 1_000_000

/**
 * Folders of this machine and the network drives that it has mounted. Nothing is listed or written outside `roots` and
 * the folders that a person wrote and `typed` does not refuse, whatever links stand in between. The token of a written
 * folder carries it: nobody without the key makes one, and a later refusal of the host holds for the old ones too.
 */
export function localFolders(
  roots: readonly FolderRoot[],
  tokens: FolderTokens,
  typed: TypedPlaces = ONLY_ROOTS,
): LocalFolders {
  /** Folders in which this run has looked for what an earlier one, killed in the middle, left half written. */
  const swept = new Set<string>()
  const held = (token: FolderToken): HeldPlace => {
    const opened = tokens.open(token)
    if (opened === null) throw new ProblemError(problem('FOLDER_UNKNOWN', {}))
    return heldPlace(opened)
  }
  const seal = (place: HeldPlace): FolderToken => tokens.seal(heldText(place))
  /** The written folder stays what it was on that day: a link put in its place leads nowhere. */
  const mayUse = async (real: string, written: string | null): Promise<boolean> =>
    written === null ? isAllowed(real) : isInside(written, real) && typed.refuse(real, false) === null
  const resolvePlace = async (token: FolderToken): Promise<HeldPlace> => {
    const { path, written } = held(token)
    const real = await realpath(path).catch((error: NodeJS.ErrnoException) => {
      throw unwritable(path, error)
    })
    if (!(await mayUse(real, written))) throw new ProblemError(problem('FOLDER_UNKNOWN', {}))
    return { path: real, written }
  }
  const resolveToken = async (token: FolderToken): Promise<string> => (await resolvePlace(token)).path
  const sweepOnce = async (folder: string): Promise<void> => {
    await sweepAbandoned(folder)
    if (swept.has(folder)) return
    swept.add(folder)
    await sweepTemporary(folder)
  }
  const isAllowed = async (real: string): Promise<boolean> => {
    for (const root of roots) {
      const base = await realpath(root.path).catch(() => null)
      if (base !== null && isInside(base, real)) return true
    }
    return false
  }

  const within = async <T>(token: FolderToken, work: (folder: string) => Promise<T>): Promise<T> => {
    const folder = await resolveToken(token)
    try {
      return await work(folder)
    } catch (error) {
      throw unwritable(folder, error)
    }
  }

  return {
    files: (token) => within(token, listFiles),
    async read(token, name) {
      if (!isFileName(name)) throw new ProblemError(problem('FOLDER_FILE_NAME', { name }))
      return within(token, (folder) => readFound(folder, name))
    },
    async move(token, name, sha256, into) {
      if (!isFileName(name)) throw new ProblemError(problem('FOLDER_FILE_NAME', { name }))
      return within(token, (folder) => moveFound(folder, name, sha256, into))
    },
    async tokenOf(path) {
      const real = await realpath(resolve(path))
      if (!(await isAllowed(real))) throw new ProblemError(problem('FOLDER_UNKNOWN', {}))
      return tokens.seal(real)
    },
    async list(parent) {
      if (parent === null) {
        const present = await Promise.all(
          roots.map(async (root) => {
            const real = await realpath(root.path).catch(() => null)
            return real === null ? [] : [{ token: tokens.seal(real), name: root.name }]
          }),
        )
        return present.flat()
      }
      const { path: folder, written } = await resolvePlace(parent)
      const found: { token: FolderToken; name: string }[] = []
      for (const entry of await readdir(folder, { withFileTypes: true })) {
        if (entry.name.startsWith('.') || !(entry.isDirectory() || entry.isSymbolicLink())) continue
        const real = await realpath(join(folder, entry.name)).catch(() => null)
        if (real === null || !(await mayUse(real, written)) || !(await stat(real)).isDirectory()) continue
        found.push({ token: seal({ path: real, written }), name: entry.name })
      }
      return found.sort((a, b) => a.name.localeCompare(b.name, 'it'))
    },
    async enter(text) {
      const read = readTypedFolder(text, process.platform === 'win32' ? 'windows' : 'posix')
      if (!read.ok) throw typedProblem(text, read.reason, read.remedy)
      return inWords(text, async () => {
        const real = await realpath(read.path)
        if (!(await stat(real)).isDirectory()) {
          throw typedProblem(text, 'è un file, non una cartella', 'Scrivi la cartella che lo contiene.')
        }
        const below = await isAllowed(real)
        const why = typed.refuse(real, below)
        if (why !== null) throw typedProblem(text, why, 'Scegli o scrivi un’altra cartella.')
        await tryWriting(real).catch((error: unknown) => {
          throw notWritten(text, error)
        })
        return { token: seal({ path: real, written: below ? null : real }), name: basename(real) || real }
      })
    },
    async describe(token) {
      const { path, written } = held(token)
      if (written !== null) return [written, ...relative(written, path).split(sep)].filter(Boolean).join(' › ')
      for (const root of roots) {
        const base = await realpath(root.path).catch(() => root.path)
        if (!isInside(base, path)) continue
        const rest = relative(base, path)
        return rest === '' ? root.name : `${root.name} › ${rest.split(sep).join(' › ')}`
      }
      return basename(path)
    },
    async check(token) {
      try {
        const folder = await resolveToken(token)
        const space = await statfs(folder)
        await tryWriting(folder)
        // Some network drives do not tell their size: there the first file will say.
        const freeBytes = space.blocks > 0 ? space.bavail * space.bsize : null
        const isFull = freeBytes !== null && freeBytes < LEAST_FREE
        return { ok: !isFull, freeBytes, reason: isFull ? 'il disco è pieno' : '' }
      } catch (error) {
        return { ok: false, freeBytes: null, reason: folderReason(error) }
      }
    },
    async remove(token, name, sha256) {
      if (!isFileName(name)) throw new ProblemError(problem('FOLDER_FILE_NAME', { name }))
      const folder = await resolveToken(token)
      try {
        return await removeFile(join(folder, name), sha256)
      } catch (error) {
        throw unwritable(folder, error)
      }
    },
    async put(token, name, bytes, replacing) {
      if (!isFileName(name)) throw new ProblemError(problem('FOLDER_FILE_NAME', { name }))
      const folder = await resolveToken(token)
      try {
        await sweepOnce(folder)
        return await putFile(folder, name, bytes, replacing)
      } catch (error) {
        throw unwritable(folder, error)
      }
    },
    async batch(token, name) {
      const folder = await resolveToken(token)
      const inWords = async <T>(work: () => Promise<T>): Promise<T> => {
        try {
          return await work()
        } catch (error) {
          throw unwritable(folder, error)
        }
      }
      const batch = await inWords(async () => {
        await sweepOnce(folder)
        return openFolderBatch(folder, name)
      })
      return {
        write: (file, chunks) => inWords(() => batch.write(file, chunks)),
        seal: () => inWords(() => batch.seal()),
        abort: () => batch.abort(),
      }
    },
    async readFromBatch(token, name, file) {
      const folder = await resolveToken(token)
      try {
        return await readFromBatch(folder, name, file)
      } catch (error) {
        throw unwritable(folder, error)
      }
    },
    async removeBatch(token, name, files) {
      const folder = await resolveToken(token)
      try {
        return await removeBatch(folder, name, files)
      } catch (error) {
        throw unwritable(folder, error)
      }
    },
  }
}

/** Temporary name, sync, then the real name: a reader of the folder sees the whole file or none. */
async function putFile(
  folder: string,
  name: string,
  bytes: Uint8Array,
  replacing: string | undefined,
): Promise<'written' | 'same' | 'different'> {
  const target = join(folder, name)
  const present = await compare(target, bytes)
  const over = present === 'different' && replacing !== undefined && (await hasHash(target, replacing))
  if (present !== null && !over) return present
  const temporary = join(folder, temporaryName())
  let handle: FileHandle | null = null
  let isThere = false
  try {
    handle = await open(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o644)
    isThere = true
    await handle.writeFile(bytes)
    await handle.sync()
    await handle.close()
    handle = null
    if (over) {
      await rename(temporary, target)
      isThere = false
    } else {
      const given = await giveName(temporary, target)
      if (given === 'taken') return (await compare(target, bytes)) ?? 'different'
      isThere = given === 'linked'
    }
    await syncFolder(folder)
    return 'written'
  } finally {
    await handle?.close().catch(() => undefined)
    if (isThere) await giveUpTemporary(temporary)
  }
}

/** Gives the final name without ever replacing a file; `taken` when somebody took that name meanwhile. */
async function giveName(temporary: string, target: string): Promise<'linked' | 'renamed' | 'taken'> {
  try {
    await link(temporary, target)
    return 'linked'
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return 'taken'
    // Network drives often have no hard links: there a rename is the best that can be had.
    await rename(temporary, target)
    return 'renamed'
  }
}

async function compare(target: string, bytes: Uint8Array): Promise<'same' | 'different' | null> {
  const found = await stat(target).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (found === null) return null
  if (!found.isFile() || found.size !== bytes.length) return 'different'
  return Buffer.compare(await readFile(target), bytes) === 0 ? 'same' : 'different'
}

async function removeFile(target: string, sha256: string): Promise<'removed' | 'absent' | 'different'> {
  const found = await lstat(target).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (found === null) return 'absent'
  if (!found.isFile() || !(await hasHash(target, sha256))) return 'different'
  await unlink(target)
  return 'removed'
}

async function hasHash(target: string, sha256: string): Promise<boolean> {
  return sha256Of(await readFile(target)) === sha256
}

async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  // Some network file systems cannot sync a folder; the file itself is already safe.
  await handle.sync().catch(() => undefined)
  await handle.close()
}

function isInside(base: string, path: string): boolean {
  return path === base || path.startsWith(base.endsWith(sep) ? base : base + sep)
}

function unwritable(place: string, error: unknown): ProblemError {
  if (error instanceof ProblemError) return error
  return new ProblemError(problem('FOLDER_UNWRITABLE', { place: basename(place), reason: folderReason(error) }))
}
