import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { chown } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { type Dovecot, NOBODY } from './dovecot.ts'
import { absent, answering, freePort, missing, removeFolder, serverFolder } from './machine.ts'

const run = promisify(execFile)

export interface Postfix {
  readonly host: '127.0.0.1'
  /** Submission with STARTTLS; a login is demanded. */
  readonly port: number
  /** Submission over TLS. */
  readonly tlsPort: number
  /** Any address may log in, with the password of its Dovecot. */
  readonly password: string
  readonly pem: string
  /** What the server wrote of its work. */
  log(): string
  /** Until nothing waits in its queue. */
  drained(): Promise<void>
  stop(): Promise<void>
}

export interface PostfixOptions {
  /** Addresses with a box of their own; any other of `ordine.test` and `pec.test` is refused (550). */
  readonly boxes: readonly string[]
  /** Addresses answered otherwise than with 250: «450 4.2.0 rimandato», «552 5.2.2 casella piena». */
  readonly answers?: Readonly<Record<string, string>>
  /** Takes every address of its domains: one without a box comes back later as the server's own report (RFC 3464). */
  readonly takesUnknown?: boolean
  /** Domains that it hands on to a server of this machine, by port. */
  readonly routes?: Readonly<Record<string, number>>
  /** Warns the sender after a second that a message is late, and tries again every second. */
  readonly warnsSoon?: boolean
}

/** A real Postfix of its own on this machine, delivering into the boxes of `dovecot`; null, with the reason printed, where it cannot run. */
export async function startPostfix(dovecot: Dovecot, options: PostfixOptions): Promise<Postfix | null> {
  const reason = missing('/usr/sbin/postfix', '/usr/lib/postfix/sbin/master')
  if (reason !== null) return absent('Postfix', reason)
  const folder = serverFolder('postfix')
  for (const part of ['etc', 'spool', 'data']) mkdirSync(join(folder, part))
  await chown(join(folder, 'data'), await uidOf('postfix'), -1)
  const [port, tlsPort] = [await freePort(), await freePort()]
  const etc = join(folder, 'etc')
  const log = join(folder, 'log')
  writeFileSync(join(etc, 'boxes'), options.boxes.map((box) => `${box} ${box}/\n`).join(''))
  const answers = Object.entries(options.answers ?? {})
  writeFileSync(join(etc, 'answers'), answers.map(([address, reply]) => `${address} ${reply}\n`).join(''))
  const routes = Object.entries(options.routes ?? {})
  writeFileSync(join(etc, 'routes'), routes.map(([domain, to]) => `${domain} smtp:[127.0.0.1]:${to}\n`).join(''))
  writeFileSync(join(etc, 'main.cf'), mainCf(folder, dovecot, options))
  writeFileSync(join(etc, 'master.cf'), masterCf(port, tlsPort))
  const read = () => (existsSync(log) ? readFileSync(log, 'utf8') : '')
  const postfix = (command: string) => run('/usr/sbin/postfix', ['-c', etc, command])
  const stop = async () => {
    process.off('exit', stopNow)
    await postfix('stop').catch(() => undefined)
    await ended(join(folder, 'spool', 'pid', 'master.pid'))
    removeFolder(folder)
  }
  const stopNow = () => {
    try {
      process.kill(Number(readFileSync(join(folder, 'spool', 'pid', 'master.pid'), 'utf8')), 'SIGTERM')
    } catch {
      // It has ended by itself.
    }
  }
  process.once('exit', stopNow)
  try {
    await postfix('start').catch((error: unknown) => {
      throw new Error(`Postfix does not start: ${String(error)} ${read()}`)
    })
    await answering(port, 'Postfix', read)
  } catch (error) {
    await stop()
    throw error
  }
  return {
    host: '127.0.0.1',
    port,
    tlsPort,
    password: dovecot.password,
    pem: dovecot.pem,
    log: read,
    async drained() {
      for (const until = Date.now() + 60_000; Date.now() < until; await sleep(100)) {
        const { stdout } = await run('/usr/sbin/postqueue', ['-c', etc, '-p'])
        if (/Mail queue is empty/.test(stdout)) return
      }
      throw new Error('Postfix does not empty its queue')
    },
    stop,
  }
}

async function uidOf(user: string): Promise<number> {
  return Number((await run('id', ['-u', user])).stdout)
}

async function ended(pidFile: string): Promise<void> {
  for (let turn = 0; turn < 100; turn += 1) {
    if (!existsSync(pidFile)) return
    const pid = Number(readFileSync(pidFile, 'utf8'))
    if (!Number.isFinite(pid) || pid === 0 || !existsSync(`/proc/${pid}`)) return
    await sleep(50)
  }
}

function mainCf(folder: string, dovecot: Dovecot, { takesUnknown, warnsSoon }: PostfixOptions): string {
  return `compatibility_level = 3.6
maillog_file = ${folder}/log
maillog_file_prefixes = ${folder}
queue_directory = ${folder}/spool
data_directory = ${folder}/data
myhostname = localhost
mydestination =
mynetworks =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
alias_maps =
virtual_mailbox_domains = ordine.test, pec.test
virtual_mailbox_base = ${dovecot.boxes}
virtual_mailbox_maps = texthash:${folder}/etc/boxes
virtual_uid_maps = static:${NOBODY}
virtual_gid_maps = static:${NOBODY}
smtpd_tls_cert_file = ${dovecot.certFile}
smtpd_tls_key_file = ${dovecot.keyFile}
smtpd_tls_security_level = encrypt
smtpd_tls_auth_only = yes
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = ${dovecot.authSocket}
smtpd_recipient_restrictions = check_recipient_access texthash:${folder}/etc/answers, permit_sasl_authenticated, reject
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_client_connection_count_limit = 0
smtpd_error_sleep_time = 0
message_size_limit = 20000000
transport_maps = texthash:${folder}/etc/routes
smtpd_reject_unlisted_recipient = ${takesUnknown ? 'no' : 'yes'}
${warnsSoon ? 'delay_warning_time = 1s\nqueue_run_delay = 1s\nminimal_backoff_time = 1s\nmaximal_backoff_time = 1s\n' : ''}`
}

const STOCK: readonly (readonly [string, string, string, string])[] = [
  ['pickup', '60', '1', 'pickup'],
  ['cleanup', '-', '0', 'cleanup'],
  ['qmgr', '300', '1', 'qmgr'],
  ['tlsmgr', '1000?', '1', 'tlsmgr'],
  ['rewrite', '-', '-', 'trivial-rewrite'],
  ['bounce', '-', '0', 'bounce'],
  ['defer', '-', '0', 'bounce'],
  ['trace', '-', '0', 'bounce'],
  ['verify', '-', '1', 'verify'],
  ['flush', '1000?', '0', 'flush'],
  ['proxymap', '-', '-', 'proxymap'],
  ['smtp', '-', '-', 'smtp'],
  ['relay', '-', '-', 'smtp'],
  ['error', '-', '-', 'error'],
  ['retry', '-', '-', 'error'],
  ['discard', '-', '-', 'discard'],
  ['virtual', '-', '-', 'virtual'],
  ['anvil', '-', '1', 'anvil'],
  ['scache', '-', '1', 'scache'],
]

/** Services with a socket that others than root may open. */
const PUBLIC = new Set(['pickup', 'cleanup', 'qmgr', 'flush'])
const UNPRIVILEGED = new Set(['virtual'])

function masterCf(port: number, tlsPort: number): string {
  const lines = [
    `127.0.0.1:${port} inet n - n - - smtpd`,
    `127.0.0.1:${tlsPort} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes`,
    'postlog unix-dgram n - n - 1 postlogd',
    ...STOCK.map(([name, wakeUp, most, program]) => {
      const reach = PUBLIC.has(name) ? 'n' : '-'
      const user = UNPRIVILEGED.has(name) ? 'n' : '-'
      return `${name} unix ${reach} ${user} n ${wakeUp} ${most} ${program}`
    }),
  ]
  return `${lines.join('\n')}\n`
}
