import { randomBytes } from 'node:crypto'
import type { FileServer, FileServerGateway } from '#domain/ports'
import { ProblemError, problem, problemText } from '#domain/problem'
import { ftpLogin, isThisMachine } from './file-server-ftp.ts'
import { type FileLine, type FileServerOptions, LineError } from './file-server-line.ts'
import { fileServerSession } from './file-server-session.ts'
import { sftpLogin } from './file-server-sftp.ts'

const CONTROL = /\p{Cc}/u

/** Servers that take files, by SFTP (SSH), FTPS (explicit or implicit TLS) or plain FTP. */
export function fileServers(options: FileServerOptions = {}): FileServerGateway {
  const login = (server: FileServer, seen?: (fingerprint: string) => void) =>
    server.protocol === 'sftp' ? sftpLogin(server, options, seen) : ftpLogin(server, options, seen)
  const line = async (server: FileServer): Promise<FileLine> => {
    checkTexts(server)
    const entered = await login(server)
    try {
      return await entered.enter(server)
    } catch (error) {
      await entered.close()
      throw error
    }
  }
  return {
    async open(server) {
      const first = await line(server)
      try {
        await tryWriting(first)
      } catch (error) {
        await first.close()
        throw error instanceof LineError ? unusable(server, error) : error
      }
      return fileServerSession(server.host, first, () => line({ ...server, makeFolder: false }))
    },

    async probe(server) {
      const steps: { step: string; ok: boolean; ms: number; text: string }[] = []
      let fingerprint: string | null = null
      let from = performance.now()
      const end = (step: string, ok: boolean, text: string) => {
        steps.push({ step, ok, ms: Math.round(performance.now() - from), text })
        from = performance.now()
      }
      const failed = (step: string, error: unknown) => {
        if (error instanceof ProblemError) end(step, false, error.problems.map(problemText).join(' '))
        else if (error instanceof LineError) end(step, false, error.reason)
        else throw error
        return { steps, fingerprint }
      }
      let entered: Awaited<ReturnType<typeof login>>
      try {
        checkTexts(server)
        entered = await login(server, (shown) => {
          fingerprint = shown
        })
      } catch (error) {
        return failed(stepOf(error), error)
      }
      end('Collegamento e accesso', true, `${server.host} lascia entrare ${server.user}.`)
      if (server.protocol === 'ftp') end('Cifratura', true, clearWords(server))
      let open: FileLine | null = null
      try {
        open = await entered.enter(server)
        end('Cartella', true, server.remoteFolder === '' ? 'Cartella d’ingresso.' : `«${server.remoteFolder}» c’è.`)
        await tryWriting(open)
        end('Scrittura', true, 'Un file di prova è stato scritto e tolto.')
        const free = await open.free()
        if (free !== null) end('Spazio', true, `Liberi ${Math.floor(free / 1_000_000).toLocaleString('it-IT')} MB.`)
      } catch (error) {
        return failed(open === null ? 'Cartella' : 'Scrittura', error)
      } finally {
        await (open ?? entered).close()
      }
      return { steps, fingerprint }
    },
  }
}

/** Nobody should find out later that nothing was encrypted. */
function clearWords({ host }: FileServer): string {
  return isThisMachine(host)
    ? 'Nessuna: FTP in chiaro, ma il server è su questo stesso computer.'
    : 'Nessuna: hai accettato che password e avvisi viaggino in chiaro.'
}

function stepOf(error: unknown): string {
  const code = error instanceof ProblemError ? error.problems[0]?.code : undefined
  if (code === 'FILE_SERVER_LOGIN') return 'Accesso'
  if (code === 'FILE_SERVER_KEY_NEW' || code === 'FILE_SERVER_KEY_CHANGED') return 'Chiave del server'
  if (code === 'FILE_SERVER_CERTIFICATE') return 'Certificato'
  return 'Collegamento'
}

/** A file of three bytes, written and removed: a folder that refuses stops a campaign before its first notice. */
async function tryWriting(line: FileLine): Promise<void> {
  const name = `.quietanza-${randomBytes(8).toString('hex')}.tmp`
  const file = await line.begin(name, name)
  try {
    const length = await file.write(Buffer.from('ok\n'), 0)
    if (length !== 3) throw new LineError('temporary', 'Il file di prova non è arrivato intero.', `${length}`)
  } finally {
    if (line.alive) await file.drop().catch(() => undefined)
  }
}

function unusable(server: FileServer, error: LineError): ProblemError {
  const reason = error.reason.replace(/\.$/, '').replace(/^./, (c) => c.toLowerCase())
  return new ProblemError(
    problem('FILE_SERVER_FOLDER', { host: server.host, folder: server.remoteFolder || 'd’ingresso', reason }),
  )
}

/** Nothing typed by a person opens another command. */
function checkTexts(server: FileServer): void {
  for (const text of [
    server.host,
    server.user,
    server.remoteFolder,
    server.privateKey === null ? (server.password ?? '') : '',
  ]) {
    if (CONTROL.test(text)) {
      const reason = 'Nome, utente, password o cartella contengono un a capo o un segno invisibile.'
      throw new ProblemError(problem('FILE_SERVER_LOGIN', { host: server.host.replace(/\p{Cc}/gu, '·'), reason }))
    }
  }
}
