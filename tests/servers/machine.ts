import { execFile, execFileSync, type SpawnOptions, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Users of the tests carry the number of the process that made them, so that what a killed one left can be told. */
const USER = /^qzt(\d+)x[0-9a-f]{4}$/

/** Why a server cannot run here, in words; null when it can. */
export function missing(...programs: readonly string[]): string | null {
  if (process.getuid?.() !== 0) return 'serve root'
  const absent = programs.filter((program) => !existsSync(program))
  return absent.length === 0 ? null : `manca ${absent.join(', ')}`
}

/** Null for the caller, the reason for whoever reads the run. */
export function absent(what: string, reason: string): null {
  console.log(`${what} non si avvia (${reason}): le sue prove girano sui server incorporati o si saltano.`)
  return null
}

/** A folder that other users may enter, as servers that change user need. */
export function serverFolder(what: string): string {
  const folder = mkdtempSync(join(tmpdir(), `qz-${what}-`))
  chmodSync(folder, 0o755)
  return folder
}

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** Waits until something answers on a port of this machine. */
export async function answering(port: number, what: string, log: () => string): Promise<void> {
  for (const until = Date.now() + 15_000; Date.now() < until; await sleep(30)) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1')
      // Whatever ends it, also the time that is over: only `close` always comes.
      let connected = false
      socket.setTimeout(500, () => socket.destroy())
      socket.once('connect', () => {
        connected = true
        socket.destroy()
      })
      socket.once('error', () => socket.destroy())
      socket.once('close', () => resolve(connected))
    })
    if (open) return
  }
  throw new Error(`${what} does not answer: ${log()}`)
}

/** A certificate of localhost, for thirty days, and its key, in the folder. */
export function selfSigned(folder: string, name = 'localhost'): { cert: string; key: string; pem: string } {
  const [cert, key] = [join(folder, `${name}-cert.pem`), join(folder, `${name}-key.pem`)]
  execFileSync(
    'openssl',
    [
      ...'req -x509 -newkey rsa:2048 -nodes -days 30'.split(' '),
      ...['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name},IP:127.0.0.1`],
      ...['-keyout', key, '-out', cert],
    ],
    { stdio: 'ignore' },
  )
  return { cert, key, pem: readFileSync(cert, 'utf8') }
}

/** A user of this machine with a password, its home in `home`. */
export async function addUser(home: string, password: string): Promise<string> {
  await sweepUsers()
  const name = `qzt${process.pid}x${randomBytes(2).toString('hex')}`
  await locked('useradd', ['-M', '-d', home, '-s', '/bin/sh', name])
  const pass = spawn('chpasswd', { stdio: ['pipe', 'ignore', 'pipe'] })
  const ended = new Promise<number | null>((resolve) => pass.once('exit', resolve))
  pass.stdin.end(`${name}:${password}\n`)
  if ((await ended) !== 0) throw new Error('chpasswd failed')
  return name
}

export async function removeUser(name: string): Promise<void> {
  await locked('userdel', ['-f', name]).catch(() => undefined)
}

async function sweepUsers(): Promise<void> {
  for (const line of readFileSync('/etc/passwd', 'utf8').split('\n')) {
    const name = line.split(':')[0] ?? ''
    const pid = USER.exec(name)?.[1]
    if (pid !== undefined && !existsSync(`/proc/${pid}`)) await removeUser(name)
  }
}

/** The file of users is locked while another test writes it. */
async function locked(program: string, args: readonly string[]): Promise<void> {
  for (let turn = 0; ; turn += 1) {
    try {
      await run(program, args)
      return
    } catch (error) {
      if (turn === 40 || !/lock/.test(String(error))) throw error
      await sleep(100)
    }
  }
}

export interface Daemon {
  readonly pid: number
  /** The program and all its sessions at once, as a power cut would. */
  kill(): Promise<void>
  /** Asks it to end, and waits; what is still there after five seconds is killed. */
  end(): Promise<void>
  /** Only the sessions: the program goes on taking new ones. */
  killSessions(): void
}

/** A server in the foreground under this process. */
export function daemon(program: string, args: readonly string[], options: SpawnOptions = {}): Daemon {
  const child = spawn(program, args, { stdio: 'ignore', ...options })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()).once('error', () => resolve()))
  const pid = child.pid ?? 0
  const onExit = () => killAll(pid)
  process.once('exit', onExit)
  endOnSignals()
  return {
    pid,
    async kill() {
      killAll(pid)
      await ended
      process.off('exit', onExit)
    },
    async end() {
      process.off('exit', onExit)
      child.kill('SIGTERM')
      await Promise.race([ended, sleep(5_000, undefined, { ref: false })])
      killAll(pid)
      await ended
    },
    killSessions: () => {
      for (const session of descendants(pid)) signal(session)
    },
  }
}

let listening = false

/** A run that is told to stop goes through `exit`, which stops its servers. */
function endOnSignals(): void {
  if (listening) return
  listening = true
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => process.exit(143))
}

function killAll(pid: number): void {
  if (pid === 0) return
  for (const one of [pid, ...descendants(pid)]) signal(one)
}

function signal(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}

function descendants(pid: number): number[] {
  const parents = new Map<number, number>()
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, 'utf8')
      parents.set(Number(entry), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]))
    } catch {
      // It has ended while we looked.
    }
  }
  const found: number[] = []
  for (let round = [pid]; round.length > 0; ) {
    round = [...parents].filter(([, parent]) => round.includes(parent)).map(([child]) => child)
    found.push(...round)
  }
  return found
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
}
