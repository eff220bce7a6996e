import type { FileServerSession, PutOutcome } from '#domain/ports'
import { ProblemError, problem, problemText } from '#domain/problem'
import { isFileName, remoteTemporary, sha256Of } from './file-name.ts'
import { type FileLine, LineError, MOST_BYTES } from './file-server-line.ts'

/** Puts and removes files over one line, opened again when it has died. */
export function fileServerSession(host: string, first: FileLine, reopen: () => Promise<FileLine>): FileServerSession {
  let line = first
  const living = async () => {
    if (!line.alive) {
      await line.close()
      line = await reopen()
    }
    return line
  }
  return {
    async put(name, bytes, replacing) {
      if (!isFileName(name)) throw new ProblemError(problem('FOLDER_FILE_NAME', { name }))
      try {
        return await putFile(await living(), name, bytes, replacing)
      } catch (error) {
        return failed(error)
      }
    },
    async remove(name, sha256) {
      if (!isFileName(name)) throw new ProblemError(problem('FOLDER_FILE_NAME', { name }))
      try {
        return await removeFile(await living(), name, sha256)
      } catch (error) {
        if (!(error instanceof LineError)) throw error
        throw new ProblemError(problem('FILE_SERVER_REMOVE', { host, name, reason: error.reason }))
      }
    },
    async free() {
      // What cannot be asked is not known: the first file will say.
      return living()
        .then((one) => one.free())
        .catch(() => null)
    },
    async close() {
      await line.close()
    },
  }
}

async function removeFile(line: FileLine, name: string, sha256: string): Promise<'removed' | 'absent' | 'different'> {
  await line.remove(remoteTemporary(name, sha256))
  const size = await line.size(name)
  if (size === null) return 'absent'
  if (size > MOST_BYTES || sha256Of(await line.read(name)) !== sha256) return 'different'
  await line.remove(name)
  return 'removed'
}

async function putFile(
  line: FileLine,
  name: string,
  bytes: Uint8Array,
  replacing: string | undefined,
): Promise<PutOutcome> {
  const temporary = remoteTemporary(name, sha256Of(bytes))
  const file = await line.begin(name, temporary)
  let over = false
  if (file.present !== null) {
    const found = await compare(line, name, file.present, bytes, replacing)
    if (found !== 'ours') {
      await file.drop()
      return { kind: found }
    }
    over = true
  }
  const from = file.partial <= bytes.length ? file.partial : 0
  try {
    const length = await file.write(bytes.subarray(from), from)
    if (length !== bytes.length || (from > 0 && !equal(await line.read(temporary), bytes))) {
      await file.drop()
      const reason = 'Il file è arrivato diverso da come era partito: sarà rispedito.'
      return { kind: 'temporary', reason, reply: `${length} byte invece di ${bytes.length}` }
    }
    if (!over && !line.renameRefusesPresent) {
      const size = await line.size(name)
      if (size !== null) {
        const found = await compare(line, name, size, bytes, undefined)
        await file.drop()
        return { kind: found === 'same' ? 'same' : 'different' }
      }
    }
  } catch (error) {
    // What a cut leaves is resumed; what a full disk leaves only makes it fuller.
    if (error instanceof LineError && error.useless && line.alive) await file.drop().catch(() => undefined)
    throw error
  }
  return rename(line, temporary, name, bytes, over)
}

/** The last step: only here a dead line leaves the outcome unknown. */
async function rename(
  line: FileLine,
  temporary: string,
  name: string,
  bytes: Uint8Array,
  over: boolean,
): Promise<PutOutcome> {
  try {
    await line.rename(temporary, name, over)
    return { kind: 'written' }
  } catch (error) {
    if (!(error instanceof LineError)) throw error
    if (error.lost) {
      const reason = 'La linea è caduta mentre il file prendeva il suo nome: riprovando si vede se c’è.'
      return { kind: 'unknown', reason, reply: error.reply }
    }
    // Somebody took the name meanwhile, or another program of ours has just put the same file.
    const size = await line.size(name)
    if (size !== null && !over) {
      const found = await compare(line, name, size, bytes, undefined)
      await line.remove(temporary)
      return { kind: found === 'same' ? 'same' : 'different' }
    }
    await line.remove(temporary)
    throw error
  }
}

async function compare(
  line: FileLine,
  name: string,
  size: number,
  bytes: Uint8Array,
  replacing: string | undefined,
): Promise<'same' | 'different' | 'ours'> {
  if (size !== bytes.length && replacing === undefined) return 'different'
  if (size > MOST_BYTES) return 'different'
  const there = await line.read(name)
  if (equal(there, bytes)) return 'same'
  return replacing !== undefined && sha256Of(there) === replacing ? 'ours' : 'different'
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && Buffer.compare(a, b) === 0
}

function failed(error: unknown): PutOutcome {
  if (error instanceof LineError) return { kind: error.kind, reason: error.reason, reply: error.reply }
  // The line could not be opened again: the next opening tells the whole story and stops there.
  if (error instanceof ProblemError) {
    return { kind: 'temporary', reason: error.problems.map(problemText).join(' '), reply: '' }
  }
  throw error
}
