import { execFileSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { chown } from 'node:fs/promises'
import { basename, join } from 'node:path'
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
  selfSigned,
  serverFolder,
} from './machine.ts'

export interface Vsftpd {
  readonly host: '127.0.0.1'
  readonly port: number
  readonly user: string
  readonly password: string
  /** What the user sees as `/inbox`, the only folder where it may write. */
  readonly inbox: string
  /** Certificate (PEM) and its SHA-256 (hex); empty for `plain`. */
  readonly pem: string
  readonly fingerprint: string
  kill(): Promise<void>
  start(): Promise<void>
  killSessions(): void
  stop(): Promise<void>
}

export type VsftpdMode = 'plain' | 'explicit' | 'implicit'

/** A real vsftpd of its own on this machine; null, with the reason printed, where it cannot run. TLS session reuse is demanded; `more` are lines of its own configuration, which win. */
export async function startVsftpd(mode: VsftpdMode, more = ''): Promise<Vsftpd | null> {
  const reason = missing('/usr/sbin/vsftpd', '/usr/sbin/useradd')
  if (reason !== null) return absent('vsftpd', reason)
  const folder = serverFolder('ftp')
  mkdirSync('/var/run/vsftpd/empty', { recursive: true })
  const root = join(folder, 'root')
  const inbox = join(root, 'inbox')
  mkdirSync(inbox, { recursive: true })
  const password = 'segreto'
  const user = await addUser(root, password)
  await chown(inbox, Number(execFileSync('id', ['-u', user], { encoding: 'utf8' })), -1)
  const { cert, key, pem } = selfSigned(folder)
  const port = await freePort()
  const pam = basename(folder)
  const pamFile = join('/etc/pam.d', pam)
  writeFileSync(pamFile, 'auth required pam_unix.so nodelay\naccount required pam_unix.so\n')
  const tls =
    mode === 'plain'
      ? ''
      : `ssl_enable=YES
implicit_ssl=${mode === 'implicit' ? 'YES' : 'NO'}
force_local_logins_ssl=YES
force_local_data_ssl=YES
require_ssl_reuse=YES
ssl_ciphers=HIGH
rsa_cert_file=${cert}
rsa_private_key_file=${key}
`
  writeFileSync(
    join(folder, 'conf'),
    `listen=YES
listen_address=127.0.0.1
listen_port=${port}
background=NO
anonymous_enable=NO
local_enable=YES
write_enable=YES
chroot_local_user=YES
pam_service_name=${pam}
${tls}pasv_address=127.0.0.1
seccomp_sandbox=NO
delay_failed_login=0
vsftpd_log_file=${folder}/log
${more}`,
  )
  let program: Daemon | null = null
  const start = async () => {
    program = daemon('/usr/sbin/vsftpd', [join(folder, 'conf')])
    await answering(port, 'vsftpd', () => 'no log')
  }
  const kill = async () => {
    await program?.kill()
    program = null
  }
  const stop = async () => {
    await kill()
    rmSync(pamFile, { force: true })
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
    inbox,
    pem: mode === 'plain' ? '' : readFileSync(cert, 'utf8'),
    fingerprint: mode === 'plain' ? '' : new X509Certificate(pem).fingerprint256.replaceAll(':', '').toLowerCase(),
    kill,
    start,
    killSessions: () => program?.killSessions(),
    stop,
  }
}
