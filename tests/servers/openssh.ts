import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { chown } from 'node:fs/promises'
import { join } from 'node:path'
import {
  absent,
  addUser,
  answering,
  type Daemon,
  daemon,
  freePort,
  missing,
  removeFolder,
  removeUser,
  serverFolder,
} from './machine.ts'

export interface OpenSsh {
  readonly host: '127.0.0.1'
  readonly port: number
  readonly user: string
  readonly password: string
  /** A key that the server accepts (PEM), under the pass-phrase. */
  readonly privateKey: string
  readonly passphrase: string
  /** SHA-256 of the present host key, hex. */
  fingerprint(): string
  /** The user's folder: what is put on the server is here. */
  readonly home: string
  /** The server and all its sessions at once; `start` brings it back on the same port. */
  kill(): Promise<void>
  start(): Promise<void>
  /** Only the sessions under way. */
  killSessions(): void
  /** From the next start the server shows another key. */
  changeHostKey(): void
  stop(): Promise<void>
}

/** A real OpenSSH server (SFTP only) of its own on this machine; null, with the reason printed, where it cannot run. */
export async function startOpenSsh(): Promise<OpenSsh | null> {
  const reason = missing('/usr/sbin/sshd', '/usr/bin/ssh-keygen', '/usr/sbin/useradd')
  if (reason !== null) return absent('OpenSSH', reason)
  const folder = serverFolder('ssh')
  mkdirSync('/run/sshd', { recursive: true, mode: 0o755 })
  const home = join(folder, 'home')
  mkdirSync(home)
  const [password, passphrase] = ['segreto', 'frase segreta']
  const user = await addUser(home, password)
  const uid = Number(execFileSync('id', ['-u', user], { encoding: 'utf8' }))
  await chown(home, uid, -1)
  const hostKey = join(folder, 'hostkey')
  const makeHostKey = () => {
    for (const path of [hostKey, `${hostKey}.pub`]) rmSync(path, { force: true })
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', hostKey])
  }
  makeHostKey()
  const own = join(folder, 'own')
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', passphrase, '-f', own])
  writeFileSync(join(folder, 'authorized_keys'), readFileSync(`${own}.pub`))
  chmodSync(join(folder, 'authorized_keys'), 0o644)
  const port = await freePort()
  writeFileSync(
    join(folder, 'config'),
    `Port ${port}
ListenAddress 127.0.0.1
HostKey ${hostKey}
PidFile ${folder}/pid
AuthorizedKeysFile ${folder}/authorized_keys
StrictModes no
UsePAM no
PasswordAuthentication yes
KbdInteractiveAuthentication no
MaxStartups 100
AllowUsers ${user}
Subsystem sftp internal-sftp
ForceCommand internal-sftp
`,
  )
  const log = join(folder, 'log')
  let program: Daemon | null = null
  const start = async () => {
    program = daemon('/usr/sbin/sshd', ['-D', '-f', join(folder, 'config'), '-E', log])
    await answering(port, 'OpenSSH', () => (existsSync(log) ? readFileSync(log, 'utf8') : ''))
  }
  const kill = async () => {
    await program?.kill()
    program = null
  }
  const stop = async () => {
    await kill()
    await removeUser(user)
    removeFolder(folder)
  }
  try {
    await start()
  } catch (error) {
    await stop()
    throw error
  }
  return {
    host: '127.0.0.1',
    port,
    user,
    password,
    privateKey: readFileSync(own, 'utf8'),
    passphrase,
    fingerprint() {
      const blob = Buffer.from(readFileSync(`${hostKey}.pub`, 'utf8').split(' ')[1] ?? '', 'base64')
      return createHash('sha256').update(blob).digest('hex')
    },
    home,
    kill,
    start,
    killSessions: () => program?.killSessions(),
    changeHostKey: makeHostKey,
    stop,
  }
}
