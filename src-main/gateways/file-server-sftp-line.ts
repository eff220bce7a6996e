import type SftpClient from 'ssh2-sftp-client'
import type { FileServer } from '#domain/ports'
import { ProblemError, problem } from '#domain/problem'
import { type BegunFile, type FileLine, LineError, MOST_BYTES } from './file-server-line.ts'
import { sftpError } from './file-server-reason.ts'

export type Wrapper = Awaited<ReturnType<SftpClient['connect']>>

/** What every server takes in one request (draft-ietf-secsh-filexfer-02 §3). */
const PIECE = 32_000
/** Requests on their way at once. */
const ON_THE_WAY = 64
const NO_SUCH_FILE = /^2 /
/** Write and create, keeping what is there: the library has no word for it (draft-ietf-secsh-filexfer-02 §6.3). */
const WRITE_CREATE = 0x02 | 0x08

type Step = 'read' | 'write' | 'name'
type Done<T> = (error: Error | undefined | null, value: T) => void

/** The connection under the requests. */
interface Under {
  readonly silenceMs: number
  isDead(): boolean
  cut(): void
  end(): Promise<void>
}

/** The line in its folder. @throws ProblemError FILE_SERVER_FOLDER */
export async function sftpLine(sftp: Wrapper, server: FileServer, under: Under): Promise<FileLine> {
  let lost = false
  /** One request; a server that does not answer in time is cut off. */
  const ask = <T>(step: Step, run: (done: Done<T>) => void): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      const fail = (error: LineError) => {
        clearTimeout(timer)
        lost ||= error.lost
        reject(error)
      }
      const timer = setTimeout(() => {
        fail(sftpError(new Error('Timeout'), step))
        under.cut()
      }, under.silenceMs)
      if (lost || under.isDead()) return fail(sftpError(new Error('Connection lost'), step))
      try {
        run((error, value) => {
          if (error) return fail(sftpError(error, step))
          clearTimeout(timer)
          resolve(value)
        })
      } catch (error) {
        // The library refuses by itself what this server does not know.
        fail(new LineError('permanent', 'Il server non conosce questa operazione.', String(error).slice(0, 300)))
      }
    })
  const act = (step: Step, run: (done: (error?: Error | null) => void) => void) =>
    ask<void>(step, (done) => run((error) => done(error, undefined)))

  const folder = await findFolder(sftp, server, ask, act)
  const at = (name: string) => `${folder === '/' ? '' : folder}/${name}`
  const size = async (name: string) =>
    (await orNull(ask<{ size: number }>('read', (done) => sftp.stat(at(name), done))))?.size ?? null
  const remove = async (name: string) => {
    await orNull(act('name', (done) => sftp.unlink(at(name), done)))
  }

  return {
    get alive() {
      return !lost && !under.isDead()
    },
    renameRefusesPresent: true,
    size,
    remove,
    async begin(name, temporary): Promise<BegunFile> {
      // The three questions travel together, and the server answers them in this order.
      const [present, partial, handle] = await Promise.all([
        size(name),
        size(temporary),
        ask<Buffer>('write', (done) => sftp.open(at(temporary), WRITE_CREATE as never, done)).catch(refusal),
      ])
      let open = !(handle instanceof LineError)
      return {
        present,
        partial: partial ?? 0,
        async write(bytes, from) {
          if (handle instanceof LineError) throw handle
          const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
          for (let start = 0; ; start += PIECE * ON_THE_WAY) {
            const pieces: Promise<unknown>[] = []
            const end = Math.min(buffer.length, start + PIECE * ON_THE_WAY)
            for (let i = start; i < end; i += PIECE) {
              const length = Math.min(PIECE, end - i)
              pieces.push(act('write', (done) => sftp.write(handle, buffer, i, length, from + i, done)))
            }
            if (end < buffer.length) {
              await Promise.all(pieces)
              continue
            }
            open = false
            // Length and closing travel behind the last pieces: one wait for all.
            const [stats] = await Promise.all([
              ask<{ size: number }>('read', (done) => sftp.fstat(handle, done)),
              act('write', (done) => sftp.close(handle, done)),
              ...pieces,
            ])
            return stats.size
          }
        },
        async drop() {
          if (open && !(handle instanceof LineError)) await act('write', (done) => sftp.close(handle, done))
          open = false
          await remove(temporary)
        },
      }
    },
    async read(name) {
      const handle = await ask<Buffer>('read', (done) => sftp.open(at(name), 'r', done))
      try {
        const { size: length } = await ask<{ size: number }>('read', (done) => sftp.fstat(handle, done))
        if (length > MOST_BYTES) throw new LineError('permanent', 'Il file sul server è troppo grande.', `${length}`)
        const whole = Buffer.alloc(length)
        for (let start = 0; start < length; ) {
          const pieces: Promise<number>[] = []
          for (let i = start; i < length && pieces.length < ON_THE_WAY; i += PIECE) {
            pieces.push(readPiece(ask, sftp, handle, whole, i, Math.min(PIECE, length - i)))
          }
          const got = await Promise.all(pieces)
          start += got.reduce((a, b) => a + b, 0)
        }
        return whole
      } finally {
        await act('read', (done) => sftp.close(handle, done)).catch(() => undefined)
      }
    },
    async rename(from, to, over) {
      if (!over) return act('name', (done) => sftp.rename(at(from), at(to), done))
      try {
        await act('name', (done) => sftp.ext_openssh_rename(at(from), at(to), done))
      } catch (error) {
        if (error instanceof LineError && error.lost) throw error
        await remove(to)
        await act('name', (done) => sftp.rename(at(from), at(to), done))
      }
    },
    async free() {
      type Space = { f_bavail: number; f_frsize: number }
      const space = await ask<Space>('read', (done) => sftp.ext_openssh_statvfs(folder, done as never)).catch(refusal)
      return space instanceof LineError ? null : space.f_bavail * space.f_frsize
    },
    close: () => under.end(),
  }
}

/** The whole piece, however many answers it takes; a file that shrinks meanwhile is filled with nothing. */
async function readPiece(
  ask: <T>(step: Step, run: (done: Done<T>) => void) => Promise<T>,
  sftp: Wrapper,
  handle: Buffer,
  into: Buffer,
  start: number,
  length: number,
): Promise<number> {
  for (let done = 0; done < length; ) {
    const got = await ask<number>('read', (end) =>
      sftp.read(handle, into, start + done, length - done, start + done, (error, n) => end(error ?? null, n)),
    )
    if (got === 0) break
    done += got
  }
  return length
}

async function findFolder(
  sftp: Wrapper,
  server: FileServer,
  ask: <T>(step: Step, run: (done: Done<T>) => void) => Promise<T>,
  act: (step: Step, run: (done: (error?: Error | null) => void) => void) => Promise<void>,
): Promise<string> {
  const wanted = server.remoteFolder === '' ? '.' : server.remoteFolder
  const refuse = (reason: string) =>
    new ProblemError(problem('FILE_SERVER_FOLDER', { host: server.host, folder: server.remoteFolder, reason }))
  const look = () => orNull(ask<{ isDirectory(): boolean }>('read', (done) => sftp.stat(wanted, done)))
  try {
    let found = await look()
    if (found === null && server.makeFolder === true) {
      await act('name', (done) => sftp.mkdir(wanted, done)).catch(() => {
        throw refuse('non esiste e il server non permette di crearla')
      })
      found = await look()
    }
    if (found === null) throw refuse('non esiste')
    if (!found.isDirectory()) throw refuse('non è una cartella')
    return await ask<string>('read', (done) => sftp.realpath(wanted, done))
  } catch (error) {
    if (error instanceof LineError) throw refuse(error.reason.replace(/\.$/, '').replace(/^./, (c) => c.toLowerCase()))
    throw error
  }
}

function refusal(error: unknown): LineError {
  if (error instanceof LineError) return error
  throw error
}

async function orNull<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof LineError && NO_SUCH_FILE.test(error.reply)) return null
    throw error
  }
}
