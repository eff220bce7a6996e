import { Readable, Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'basic-ftp'
import type { FileServer } from '#domain/ports'
import { ProblemError, problem } from '#domain/problem'
import { type FileLine, MOST_BYTES } from './file-server-line.ts'
import { ftpError } from './file-server-reason.ts'

/** How long the reply may come after the channel of the data has gone. */
const REPLY_MS = 2_000
/** Replies of a server that does not know a command (RFC 959 §4.2). */
const UNKNOWN_COMMAND = new Set([500, 501, 502, 504])

/** The line in its folder; one command at a time, as the protocol wants. @throws ProblemError FILE_SERVER_FOLDER */
export async function ftpLine(client: Client, server: FileServer): Promise<FileLine> {
  const run = async <T>(step: 'read' | 'write' | 'name', work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      throw ftpError(error, step)
    }
  }
  await findFolder(client, server)
  const upload = toldByReply(client)
  let knowsSize = true
  const size = async (name: string): Promise<number | null> => {
    if (!knowsSize) return listed(name)
    try {
      return await client.size(name)
    } catch (error) {
      const { name: kind, code } = error as { name?: string; code?: number }
      if (kind === 'FTPError' && code === 550) return null
      if (kind === 'FTPError' && UNKNOWN_COMMAND.has(Number(code))) {
        knowsSize = false
        return listed(name)
      }
      throw ftpError(error, 'read')
    }
  }
  const listed = async (name: string) => {
    const all = await run('read', () => client.list())
    return all.find((entry) => entry.name === name && entry.isFile)?.size ?? null
  }
  const remove = async (name: string) => {
    try {
      await client.remove(name)
    } catch (error) {
      const known = ftpError(error, 'name')
      if (known.lost || (await size(name)) !== null) throw known
    }
  }

  return {
    get alive() {
      return !client.closed
    },
    // Servers replace a file that has the name already (RFC 959 is silent): one looks right before.
    renameRefusesPresent: false,
    size,
    remove,
    async begin(name, temporary) {
      const present = await size(name)
      const partial = present === null ? ((await size(temporary)) ?? 0) : 0
      return {
        present,
        partial,
        async write(bytes, from) {
          const source = () =>
            Readable.from([Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)], { objectMode: false })
          await run('write', () =>
            upload(() => (from > 0 ? client.appendFrom(source(), temporary) : client.uploadFrom(source(), temporary))),
          )
          return (await size(temporary)) ?? 0
        },
        drop: () => remove(temporary),
      }
    },
    async read(name) {
      const chunks: Buffer[] = []
      let length = 0
      const sink = new Writable({
        write(chunk: Buffer, _encoding, done) {
          length += chunk.length
          chunks.push(chunk)
          done(length > MOST_BYTES ? new Error('file too large') : null)
        },
      })
      await run('read', () => client.downloadTo(sink, name))
      return Buffer.concat(chunks)
    },
    rename: (from, to) => run('name', async () => void (await client.rename(from, to))),
    async free() {
      const reply = await client.sendIgnoringError('AVBL').catch(() => null)
      const bytes = reply?.code === 213 ? Number(reply.message.slice(4).trim()) : Number.NaN
      return Number.isSafeInteger(bytes) ? bytes : null
    },
    async close() {
      if (!client.closed) {
        const bye = client.sendIgnoringError('QUIT').catch(() => undefined)
        await Promise.race([bye, sleep(1_000, undefined, { ref: false })])
      }
      client.close()
    },
  }
}

/**
 * Runs an upload so that a server which gives up (full disk, quota) is heard: it closes the channel of the data first and
 * says why on the other one right after. The library would close both at the first.
 */
function toldByReply(client: Client): (work: () => Promise<unknown>) => Promise<void> {
  const { ftp } = client
  const closeAll = ftp.closeWithError.bind(ftp)
  let uploading = false
  ftp.closeWithError = (error) => {
    const isData = /\(data socket\)/.test(error.message) && !/Timeout/.test(error.message)
    if (!uploading || !isData) closeAll(error)
  }
  return async (work) => {
    uploading = true
    try {
      await work()
    } catch (error) {
      if ((error as Error).name === 'FTPError' || client.closed) throw error
      const reply = ftp.handle(undefined, (said, task) =>
        said instanceof Error ? task.reject(said) : task.resolve(said),
      )
      const told = await Promise.race([reply.catch((said: unknown) => said), sleep(REPLY_MS, null, { ref: false })])
      if ((told as Error | null)?.name === 'FTPError') throw told
      closeAll(error as Error)
      throw error
    } finally {
      uploading = false
    }
  }
}

async function findFolder(client: Client, server: FileServer): Promise<void> {
  const { host, remoteFolder } = server
  if (remoteFolder === '') return
  const refuse = (reason: string) =>
    new ProblemError(problem('FILE_SERVER_FOLDER', { host, folder: remoteFolder, reason }))
  const go = async () => {
    try {
      await client.cd(remoteFolder)
      return true
    } catch (error) {
      const known = ftpError(error, 'read')
      if (known.lost) throw refuse(lower(known.reason))
      return false
    }
  }
  if (await go()) return
  if (server.makeFolder !== true) throw refuse('non esiste, o l’utente non può entrarci')
  try {
    await client.send(`MKD ${remoteFolder}`)
  } catch {
    throw refuse('non esiste e il server non permette di crearla')
  }
  if (!(await go())) throw refuse('non esiste, o l’utente non può entrarci')
}

function lower(sentence: string): string {
  return sentence.replace(/\.$/, '').replace(/^./, (c) => c.toLowerCase())
}
