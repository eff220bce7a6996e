import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { chown, mkdir, readdir, readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { absent, answering, daemon, freePort, missing, removeFolder, selfSigned, serverFolder } from './machine.ts'

/** Owner of the boxes: no user of its own is needed. */
export const NOBODY = 65_534

export interface Dovecot {
  readonly host: '127.0.0.1'
  /** IMAP with STARTTLS. */
  readonly port: number
  /** IMAP over TLS. */
  readonly tlsPort: number
  /** Any user that is a whole address; the password of all of them. */
  readonly password: string
  /** Certificate to be trusted (PEM), and the files of it for a server beside this one. */
  readonly pem: string
  readonly certFile: string
  readonly keyFile: string
  /** Folder with one Maildir a user. */
  readonly boxes: string
  /** Socket with which Postfix asks for passwords. */
  readonly authSocket: string
  /** Whole messages of a user's inbox, as they arrived. */
  messages(user: string): Promise<string[]>
  /** How many messages a user's inbox holds. */
  count(user: string): Promise<number>
  /** Puts a message into a user's inbox, as a delivery would. */
  deliver(user: string, message: string): Promise<void>
  stop(): Promise<void>
}

/** A real Dovecot (IMAP, and passwords for Postfix) of its own on this machine; null, with the reason printed, where it cannot run. */
export async function startDovecot(): Promise<Dovecot | null> {
  const reason = missing('/usr/sbin/dovecot', '/usr/lib/dovecot/imap')
  if (reason !== null) return absent('Dovecot', reason)
  const folder = serverFolder('dovecot')
  const boxes = join(folder, 'box')
  mkdirSync(boxes)
  await chown(boxes, NOBODY, NOBODY)
  const { cert, key, pem } = selfSigned(folder)
  const [port, tlsPort] = [await freePort(), await freePort()]
  const password = 'segreto'
  writeFileSync(join(folder, 'dovecot.conf'), configuration({ folder, boxes, cert, key, port, tlsPort, password }))
  const log = join(folder, 'dovecot.log')
  const program = daemon('/usr/sbin/dovecot', ['-F', '-c', join(folder, 'dovecot.conf')])
  const stop = async () => {
    await program.end()
    removeFolder(folder)
  }
  try {
    await answering(port, 'Dovecot', () => readFileSync(log, 'utf8'))
    await firstLogin(port, password)
  } catch (error) {
    await stop()
    throw error
  }
  let delivered = 0
  return {
    host: '127.0.0.1',
    port,
    tlsPort,
    password,
    pem,
    certFile: cert,
    keyFile: key,
    boxes,
    authSocket: join(folder, 'run', 'auth-client'),
    messages: async (user) => Promise.all((await inbox(boxes, user)).map((path) => readFile(path, 'utf8'))),
    count: async (user) => (await inbox(boxes, user)).length,
    async deliver(user, message) {
      for (const part of ['', 'tmp', 'new', 'cur']) {
        await mkdir(join(boxes, user, part), { recursive: true })
        await chown(join(boxes, user, part), NOBODY, NOBODY)
      }
      delivered += 1
      const path = join(boxes, user, 'new', `${Math.floor(Date.now() / 1000)}.P${process.pid}Q${delivered}.prova`)
      writeFileSync(path, message.replace(/\r?\n/g, '\n'))
      await chown(path, NOBODY, NOBODY)
    },
    stop,
  }
}

async function inbox(boxes: string, user: string): Promise<string[]> {
  const found: string[] = []
  for (const part of ['new', 'cur']) {
    const names = await readdir(join(boxes, user, part)).catch(() => [])
    found.push(...names.map((name) => join(boxes, user, part, name)))
  }
  return found.sort()
}

/** All messages of all boxes, by user. */
export function countsByBox(boxes: string): Map<string, number> {
  const counts = new Map<string, number>()
  for (const user of readdirSync(boxes)) {
    let count = 0
    for (const part of ['new', 'cur']) {
      try {
        count += readdirSync(join(boxes, user, part)).length
      } catch {
        // A box that was never opened has no such folder.
      }
    }
    counts.set(user, count)
  }
  return counts
}

/** The process that checks passwords takes seconds to start, once: not in the middle of a test. */
async function firstLogin(port: number, password: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    socket.setTimeout(20_000, () => socket.destroy(new Error('Dovecot does not log in')))
    socket.once('error', reject)
    let text = ''
    let asked = 0
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1')
      if (asked === 0 && text.startsWith('* OK')) {
        asked = 1
        socket.write(`a1 LOGIN prova@ordine.test ${password}\r\n`)
      } else if (asked === 1 && text.includes('a1 ')) {
        asked = 2
        socket.end('a2 LOGOUT\r\n')
      }
    })
    socket.once('close', () => (text.includes('a1 OK') ? resolve() : reject(new Error(text))))
  })
}

function configuration(at: {
  folder: string
  boxes: string
  cert: string
  key: string
  port: number
  tlsPort: number
  password: string
}): string {
  return `base_dir = ${at.folder}/run
state_dir = ${at.folder}/run
log_path = ${at.folder}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = required
ssl_cert = <${at.cert}
ssl_key = <${at.key}
auth_mechanisms = plain login
auth_failure_delay = 0
default_idle_kill = 1 hours
mail_location = maildir:${at.boxes}/%u
first_valid_uid = 1
mail_max_userip_connections = 100
passdb {
  driver = static
  args = password=${at.password}
}
userdb {
  driver = static
  args = uid=${NOBODY} gid=${NOBODY} home=${at.boxes}/%u allow_all_users=yes
}
service imap-login {
  process_min_avail = 1
  inet_listener imap {
    port = ${at.port}
  }
  inet_listener imaps {
    port = ${at.tlsPort}
  }
}
service auth {
  unix_listener auth-client {
    mode = 0666
  }
}
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
`
}
