import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from '../house/cruise.ts'

export interface Program {
  /** The address that lets one browser in, once. */
  readonly address: string
  readonly origin: string
  /** Its data folder. */
  readonly folder: string
  /** The one folder, beside its own, into which it may deliver; offered as «consegnati». */
  readonly deliveries: string
  /** Ctrl-C: resolves with the exit code; the folders are removed unless they were given. */
  stop(): Promise<number>
}

/** Starts the real browser host in a process of its own, on a data folder of its own and a free port. */
export async function startProgram(
  options: {
    readonly folder?: string
    /** File with a certificate that its machine trusts beside the usual ones. */
    readonly trusted?: string
  } = {},
): Promise<Program> {
  pagesAreFresh()
  const own = mkdtempSync(join(tmpdir(), 'quietanza-e2e-'))
  const folder = options.folder ?? join(own, 'dati')
  const deliveries = join(own, 'consegnati')
  mkdirSync(deliveries)
  const main = join(ROOT, 'src-main', 'hosts', 'web', 'main.ts')
  const child = spawn(process.execPath, [main, '--port', '0', '--no-open', '--data', folder], {
    cwd: ROOT,
    env: {
      ...process.env,
      QUIETANZA_FOLDERS: deliveries,
      QUIETANZA_SECRETS: 'file',
      QUIETANZA_OPERATOR: 'Segreteria',
      QUIETANZA_LEDGER: '',
      ...(options.trusted === undefined ? {} : { NODE_EXTRA_CA_CERTS: options.trusted }),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  const ended = once(child, 'exit') as Promise<[number | null]>
  const address = await new Promise<string>((resolve, reject) => {
    const listen = (chunk: Buffer) => {
      said += chunk.toString()
      const found = /http:\/\/127\.0\.0\.1:\d+\/\S+/.exec(said)
      if (found) resolve(found[0])
    }
    child.stdout.on('data', listen)
    child.stderr.on('data', listen)
    void ended.then(([code]) => reject(new Error(`the program ended with ${code}:\n${said}`)))
  })
  return {
    address,
    origin: new URL(address).origin,
    folder,
    deliveries,
    async stop() {
      child.kill('SIGINT')
      const [code] = await ended
      rmSync(own, { recursive: true, force: true })
      return code ?? -1
    },
  }
}

/** `npm test` builds the pages first; run alone, these tests must not judge yesterday's. */
function pagesAreFresh(): void {
  const built = statSync(join(ROOT, 'dist', 'renderer', 'index.html'), { throwIfNoEntry: false })?.mtimeMs ?? 0
  const sources = ['src-renderer', join('src-main', 'contract'), join('src-main', 'domain')]
  const changed = sources.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs),
  )
  if (built < Math.max(...changed))
    throw new Error('the pages are older than their sources: npm run build, or npm test')
}
