import { createHash, randomBytes } from 'node:crypto'
import { existsSync, statSync } from 'node:fs'
import { chmod, mkdir, readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { FileServer } from '#domain/ports'
import { ProblemError } from '#domain/problem'
import { remoteTemporary } from '#gateways/file-name'
import { fileServers } from '#gateways/file-server'
import { type OpenSsh, startOpenSsh } from '../servers/openssh.ts'
import { type BadLine, startProxy } from '../servers/proxy.ts'
import { smallDisk } from '../servers/small-disk.ts'

const gateway = fileServers({ connectTimeoutMs: 8_000, silenceTimeoutMs: 1_500 })
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const NAME = 'RSSMRA85T10A562S_2026_01000000000000123.pdf'
let ssh: OpenSsh | null = null
let folder = ''
let turn = 0

beforeAll(async () => {
  ssh = await startOpenSsh()
})
afterAll(async () => {
  await ssh?.stop()
})
beforeEach(async ({ skip }) => {
  if (ssh === null) return skip('OpenSSH non c’è')
  turn += 1
  folder = join(ssh.home, `prova-${turn}`)
  await mkdir(folder)
  await chmod(folder, 0o777)
})

function at(over: Partial<FileServer> = {}): FileServer {
  const server = ssh as OpenSsh
  return {
    protocol: 'sftp',
    host: server.host,
    port: server.port,
    user: server.user,
    password: server.password,
    privateKey: null,
    remoteFolder: `prova-${turn}`,
    pinned: server.fingerprint(),
    ...over,
  }
}

async function refused(server: FileServer): Promise<{ code: string; text: string }> {
  const error = await gateway.open(server).then(
    async (session) => {
      await session.close()
      return null
    },
    (e: unknown) => e,
  )
  if (!(error instanceof ProblemError)) throw new Error(`not refused: ${String(error)}`)
  return { code: error.problems[0]?.code ?? '', text: error.message }
}

describe('a file that arrives', () => {
  it('whole under its name, once; equal is «same», different is left as it is', async () => {
    const bytes = randomBytes(3_000_017)
    const session = await gateway.open(at())
    expect(await session.put(NAME, bytes)).toEqual({ kind: 'written' })
    expect(await session.put(NAME, bytes)).toEqual({ kind: 'same' })
    expect(await session.put(NAME, randomBytes(bytes.length))).toEqual({ kind: 'different' })
    expect(await session.put(NAME, randomBytes(10))).toEqual({ kind: 'different' })
    expect(await session.put('vuoto.txt', new Uint8Array())).toEqual({ kind: 'written' })
    await session.close()
    expect(Buffer.compare(await readFile(join(folder, NAME)), bytes)).toBe(0)
    expect((await readdir(folder)).sort()).toEqual([NAME, 'vuoto.txt'])
  })

  it('with the private key and its pass-phrase', async () => {
    const server = ssh as OpenSsh
    const session = await gateway.open(at({ privateKey: server.privateKey, password: server.passphrase }))
    expect((await session.put(NAME, Buffer.from('uno'))).kind).toBe('written')
    await session.close()
  })

  it('is replaced only where it is the file of ours that was named', async () => {
    const [first, second] = [Buffer.from('indice uno'), Buffer.from('indice due, più lungo')]
    const session = await gateway.open(at())
    await session.put('indice.csv', first)
    expect(await session.put('indice.csv', second, sha256(Buffer.from('altro')))).toEqual({ kind: 'different' })
    expect(await session.put('indice.csv', second, sha256(first))).toEqual({ kind: 'written' })
    await session.close()
    expect(await readFile(join(folder, 'indice.csv'), 'utf8')).toBe('indice due, più lungo')
    expect(await readdir(folder)).toEqual(['indice.csv'])
  })

  it('is removed only while its bytes are still ours, with what was left half written', async () => {
    const bytes = Buffer.from('avviso')
    const session = await gateway.open(at())
    await session.put(NAME, bytes)
    await writeFile(join(folder, remoteTemporary(NAME, sha256(bytes))), 'av')
    expect(await session.remove(NAME, sha256(Buffer.from('cambiato')))).toBe('different')
    expect(await session.remove(NAME, sha256(bytes))).toBe('removed')
    expect(await session.remove(NAME, sha256(bytes))).toBe('absent')
    await session.close()
    expect(await readdir(folder)).toEqual([])
  })

  it.each(['../fuori.pdf', 'a/b.pdf', 'a\\b.pdf', '..', '', '.nascosto', 'a\0b', 'a\r\nb.pdf'])(
    'refuses the name %j',
    async (name) => {
      const session = await gateway.open(at())
      await expect(session.put(name, Buffer.from('x'))).rejects.toThrow(/non può essere il nome di un file/)
      await expect(session.remove(name, '')).rejects.toThrow(/non può essere il nome di un file/)
      await session.close()
      expect(existsSync(join((ssh as OpenSsh).home, 'fuori.pdf'))).toBe(false)
      expect(await readdir(folder)).toEqual([])
    },
  )

  it('a folder is made only where asked', async () => {
    const missing = `prova-${turn}/nuova`
    expect((await refused(at({ remoteFolder: missing }))).text).toMatch(/non esiste/)
    // Making it needs a folder that the user may write.
    const session = await gateway.open(at({ remoteFolder: missing, makeFolder: true }))
    expect((await session.put(NAME, Buffer.from('x'))).kind).toBe('written')
    await session.close()
    expect(await readdir(join(folder, 'nuova'))).toEqual([NAME])
  })
})

describe('who the server is, and who we are', () => {
  it('a key that nobody accepted is shown and nothing secret is sent', async () => {
    const { code, text } = await refused(at({ pinned: null, password: 'sbagliata' }))
    expect(code).toBe('FILE_SERVER_KEY_NEW')
    expect(text).toContain((ssh as OpenSsh).fingerprint())
    const probe = await gateway.probe(at({ pinned: null }))
    expect(probe.fingerprint).toBe((ssh as OpenSsh).fingerprint())
    expect(probe.steps.map((s) => [s.step, s.ok])).toEqual([['Chiave del server', false]])
  })

  it('a changed key is refused, with both the danger and the new fingerprint', async () => {
    const server = ssh as OpenSsh
    const before = server.fingerprint()
    await server.kill()
    server.changeHostKey()
    await server.start()
    const { code, text } = await refused(at({ pinned: before }))
    expect(code).toBe('FILE_SERVER_KEY_CHANGED')
    expect(text).toContain(server.fingerprint())
    expect(text).toMatch(/niente è stato inviato/)
    const probe = await gateway.probe(at({ pinned: before }))
    expect([probe.fingerprint, probe.steps.at(-1)?.ok]).toEqual([server.fingerprint(), false])
  })

  it('a wrong password, pass-phrase or key says so, and never repeats it', async () => {
    const server = ssh as OpenSsh
    const password = await refused(at({ password: 'sbagliatissima' }))
    expect(password).toMatchObject({ code: 'FILE_SERVER_LOGIN', text: expect.stringMatching(/password rifiutati/) })
    expect(password.text).not.toContain('sbagliatissima')
    const phrase = await refused(at({ privateKey: server.privateKey, password: 'sbagliata' }))
    expect(phrase).toMatchObject({ code: 'FILE_SERVER_LOGIN', text: expect.stringMatching(/frase segreta/) })
    expect((await refused(at({ privateKey: 'niente', password: null }))).text).toMatch(/chiave privata/)
    expect((await gateway.probe(at({ password: 'x' }))).steps.at(-1)).toMatchObject({ step: 'Accesso', ok: false })
  })

  it('a name or a port without a server are told apart', async () => {
    expect((await refused(at({ host: 'nessuno.invalid' }))).text).toMatch(/nome del server non si trova/)
    expect((await refused(at({ port: 1 }))).text).toMatch(/Nessun programma risponde/)
  })

  it('the probe goes through all its steps and leaves nothing', async () => {
    const { steps, fingerprint } = await gateway.probe(at())
    expect(steps.map((s) => [s.step, s.ok])).toEqual([
      ['Collegamento e accesso', true],
      ['Cartella', true],
      ['Scrittura', true],
      ['Spazio', true],
    ])
    expect(fingerprint).toBe((ssh as OpenSsh).fingerprint())
    expect(await readdir(folder)).toEqual([])
  })
})

describe('what goes wrong on the way', () => {
  let proxy: BadLine
  beforeEach(async () => {
    proxy = await startProxy((ssh as OpenSsh).port)
  })
  afterEach(async () => proxy?.close())

  it('a line cut in the middle leaves no file of that name, and the rest follows the next time', async () => {
    const bytes = randomBytes(2_000_000)
    const session = await gateway.open(at({ port: proxy.port }))
    // Held first and cut once the server has written: a line cut at once takes along what the server had not read yet.
    proxy.hangAfter(900_000)
    const putting = session.put(NAME, bytes)
    const temporary = join(folder, remoteTemporary(NAME, sha256(bytes)))
    await expect.poll(() => (existsSync(temporary) ? statSync(temporary).size : 0)).toBeGreaterThan(500_000)
    proxy.cut()
    expect(await putting).toMatchObject({ kind: 'temporary', reason: expect.stringMatching(/linea/) })
    proxy.hangAfter(null)
    expect(existsSync(join(folder, NAME))).toBe(false)
    const { size } = await stat(temporary)
    expect(size).toBeLessThan(bytes.length)
    // Only what was missing travels: the whole would be cut again.
    proxy.dropAfter(bytes.length - size + 300_000)
    expect(await session.put(NAME, bytes)).toEqual({ kind: 'written' })
    await session.close()
    expect(Buffer.compare(await readFile(join(folder, NAME)), bytes)).toBe(0)
    expect(await readdir(folder)).toEqual([NAME])
  })

  it('a piece left with other bytes is not believed: the file is written anew', async () => {
    const bytes = randomBytes(100_000)
    await writeFile(join(folder, remoteTemporary(NAME, sha256(bytes))), Buffer.alloc(50_000), { mode: 0o666 })
    await chmod(join(folder, remoteTemporary(NAME, sha256(bytes))), 0o666)
    const session = await gateway.open(at())
    expect((await session.put(NAME, bytes)).kind).toBe('temporary')
    expect(await readdir(folder)).toEqual([])
    expect((await session.put(NAME, bytes)).kind).toBe('written')
    await session.close()
    expect(Buffer.compare(await readFile(join(folder, NAME)), bytes)).toBe(0)
  })

  it('a server that hangs is left after its time', async () => {
    const session = await gateway.open(at({ port: proxy.port }))
    proxy.hangAfter(300_000)
    const outcome = await session.put(NAME, randomBytes(1_000_000))
    expect(outcome).toMatchObject({ kind: 'temporary', reason: expect.stringMatching(/smesso di rispondere/) })
    await session.close()
    expect(existsSync(join(folder, NAME))).toBe(false)
  })

  it('a server that hangs before the login is told as such', async () => {
    proxy.hangAfter(0)
    const quick = fileServers({ connectTimeoutMs: 500 })
    await expect(quick.open(at({ port: proxy.port }))).rejects.toThrow(/non risponde entro il tempo/)
  })

  it('a server killed in the middle: temporary, then the same session goes on with the new one', async () => {
    const server = ssh as OpenSsh
    const bytes = randomBytes(12_000_000)
    const session = await gateway.open(at())
    const putting = session.put(NAME, bytes)
    setTimeout(() => server.killSessions(), 40)
    const first = await putting
    expect(['temporary', 'unknown']).toContain(first.kind)
    await server.kill()
    expect(await session.put(NAME, bytes)).toMatchObject({ kind: 'temporary' })
    await server.start()
    expect(['written', 'same']).toContain((await session.put(NAME, bytes)).kind)
    await session.close()
    expect(Buffer.compare(await readFile(join(folder, NAME)), bytes)).toBe(0)
    expect(await readdir(folder)).toEqual([NAME])
  })

  it('a full disk is said, tried again later, and nothing is left on it', async ({ skip }) => {
    const disk = smallDisk(folder, 256 * 1024, (ssh as OpenSsh).user)
    if (disk === null) return skip('i dischi piccoli non si montano qui')
    try {
      const session = await gateway.open(at())
      const outcome = await session.put(NAME, randomBytes(600_000))
      expect(outcome).toMatchObject({ kind: 'temporary', reason: expect.stringMatching(/disco del server è pieno/) })
      expect(await readdir(folder)).toEqual([])
      expect((await session.put('piccolo.pdf', randomBytes(1_000))).kind).toBe('written')
      await session.close()
    } finally {
      disk.unmount()
    }
  })

  it('a folder that may not be written stops before the first file; one that stops being so, at its file', async () => {
    await chmod(folder, 0o555)
    expect(await refused(at())).toMatchObject({
      code: 'FILE_SERVER_FOLDER',
      text: expect.stringMatching(/non permette all’utente di scrivere/),
    })
    await chmod(folder, 0o777)
    const session = await gateway.open(at())
    await chmod(folder, 0o555)
    expect(await session.put(NAME, Buffer.from('x'))).toMatchObject({
      kind: 'permanent',
      reason: expect.stringMatching(/non permette/),
    })
    await session.close()
    await truncate(join((ssh as OpenSsh).home, '..', 'log'), 0)
  })
})
