import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto'
import { open, readFile, rename, stat, unlink } from 'node:fs/promises'
import { promisify } from 'node:util'
import type { Secrets } from '#domain/ports'
import { ProblemError, problem } from '#domain/problem'

const COST = { N: 32_768, r: 8, p: 1, maxmem: 96 * 1024 * 1024 }
const derive = promisify<string, Buffer, number, typeof COST, Buffer>(scrypt)

interface SecretsDocument {
  readonly version: 1
  /** Salt of the derivation (scrypt N=32768 r=8 p=1), base64. */
  readonly salt: string
  /** A known word under the key: tells a wrong key at once. */
  readonly check: string
  readonly entries: Record<string, string>
}

/** Where the key comes from: a phrase that the person gives at start, or a key file readable only by this user. */
export type SecretsKey = { readonly phrase: string } | { readonly keyFile: string }

/**
 * Secrets in one file, mode 0600, each value AES-256-GCM under a key derived by scrypt and bound to its name.
 * @throws ProblemError SECRETS_LOCKED when the file was written under another key.
 */
export async function fileSecrets(file: string, key: SecretsKey): Promise<Secrets> {
  const place =
    'phrase' in key
      ? 'un file cifrato con la frase data all’avvio'
      : 'un file cifrato; la chiave è in un altro file accanto, leggibile solo da questo utente'
  const phrase = 'phrase' in key ? key.phrase : await keyOfFile(key.keyFile)
  let document = await read(file)
  const salt = document ? Buffer.from(document.salt, 'base64') : randomBytes(16)
  const secret = await derive(phrase, salt, 32, COST)
  if (document && unseal(secret, 'check', document.check) !== 'quietanza') {
    throw new ProblemError(problem('SECRETS_LOCKED', { place }))
  }
  document ??= {
    version: 1,
    salt: salt.toString('base64'),
    check: seal(secret, 'check', 'quietanza'),
    entries: {},
  }
  const held = document
  let queue: Promise<void> = Promise.resolve()
  const write = (change: (entries: Record<string, string>) => void): Promise<void> => {
    queue = queue
      .catch(() => undefined)
      .then(async () => {
        change(held.entries)
        await replace(file, JSON.stringify(held, null, 1))
      })
    return queue
  }
  return {
    place,
    async get(name) {
      const sealed = Object.hasOwn(held.entries, name) ? held.entries[name] : undefined
      return sealed === undefined ? null : unseal(secret, name, sealed)
    },
    set: (name, value) =>
      write((entries) => {
        entries[name] = seal(secret, name, value)
      }),
    delete: (name) =>
      write((entries) => {
        delete entries[name]
      }),
  }
}

function seal(key: Buffer, name: string, value: string): string {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(name))
  const sealed = Buffer.concat([cipher.update(value, 'utf8'), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64')
}

function unseal(key: Buffer, name: string, sealed: string): string | null {
  const bytes = Buffer.from(sealed, 'base64')
  if (bytes.length < 28) return null
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12)).setAAD(Buffer.from(name))
    decipher.setAuthTag(bytes.subarray(12, 28))
    return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8')
  } catch {
    return null
  }
}

async function read(file: string): Promise<SecretsDocument | null> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  return text === null ? null : (JSON.parse(text) as SecretsDocument)
}

async function keyOfFile(path: string): Promise<string> {
  const found = await stat(path).catch(() => null)
  if (found === null) {
    const handle = await open(path, 'wx', 0o600)
    await handle.writeFile(randomBytes(32).toString('hex'))
    await handle.sync()
    await handle.close()
  } else if (process.platform !== 'win32' && (found.mode & 0o077) !== 0) {
    throw new ProblemError(problem('SECRETS_LOCKED', { place: 'un file la cui chiave è leggibile da altri utenti' }))
  }
  return (await readFile(path, 'utf8')).trim()
}

async function replace(file: string, text: string): Promise<void> {
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`
  const handle = await open(temporary, 'wx', 0o600)
  try {
    await handle.writeFile(text)
    await handle.sync()
    await handle.close()
    await rename(temporary, file)
  } catch (error) {
    await handle.close().catch(() => undefined)
    await unlink(temporary).catch(() => undefined)
    throw error
  }
}
