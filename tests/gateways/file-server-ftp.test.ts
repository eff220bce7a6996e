import { createHash, randomBytes } from 'node:crypto'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { chmod, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { CLEAR_ACCEPTED, type FileServer } from '#domain/ports'
import { ProblemError } from '#domain/problem'
import { remoteTemporary } from '#gateways/file-name'
import { fileServers } from '#gateways/file-server'
import { startProxy } from '../servers/proxy.ts'
import { smallDisk } from '../servers/small-disk.ts'
import { startVsftpd, type Vsftpd, type VsftpdMode } from '../servers/vsftpd.ts'

const times = { connectTimeoutMs: 8_000, silenceTimeoutMs: 1_500 }
const gateway = fileServers(times)
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const NAME = 'RSSMRA85T10A562S_2026_01000000000000123.pdf'
const PROTOCOL = { plain: 'ftp', explicit: 'ftps', implicit: 'ftpsImplicit' } as const

describe.each(['explicit', 'implicit', 'plain'] as const)('a real FTP server, %s', (mode: VsftpdMode) => {
  let ftp: Vsftpd | null = null
  beforeAll(async () => {
    ftp = await startVsftpd(mode)
  })
  afterAll(async () => {
    await ftp?.stop()
  })
  beforeEach(async ({ skip }) => {
    if (ftp === null) return skip('vsftpd non c’è')
    for (const name of await readdir(ftp.inbox)) await rm(join(ftp.inbox, name), { recursive: true })
  })
  const inbox = () => (ftp as Vsftpd).inbox
  const at = (over: Partial<FileServer> = {}): FileServer => {
    const server = ftp as Vsftpd
    const pinned = mode === 'plain' ? null : server.fingerprint
    const { host, port, user, password } = server
    return {
      ...{ protocol: PROTOCOL[mode], host, port, user, password, privateKey: null, remoteFolder: '/inbox', pinned },
      ...over,
    }
  }
  const refused = async (server: FileServer, by = gateway) => {
    const error = await by.open(server).then(
      async (session) => {
        await session.close()
        return null
      },
      (e: unknown) => e,
    )
    if (!(error instanceof ProblemError)) throw new Error(`not refused: ${String(error)}`)
    return { code: error.problems[0]?.code ?? '', text: error.message }
  }

  it('takes a file whole, once; equal is «same», different is left as it is', async () => {
    const bytes = randomBytes(1_000_017)
    const session = await gateway.open(at())
    expect(await session.put(NAME, bytes)).toEqual({ kind: 'written' })
    expect(await session.put(NAME, bytes)).toEqual({ kind: 'same' })
    expect(await session.put(NAME, randomBytes(bytes.length))).toEqual({ kind: 'different' })
    expect(await session.put('quota d’albo.pdf'.replace('’', ' '), Buffer.from('spazi'))).toEqual({ kind: 'written' })
    await session.close()
    expect(Buffer.compare(await readFile(join(inbox(), NAME)), bytes)).toBe(0)
    expect((await readdir(inbox())).sort()).toEqual([NAME, 'quota d albo.pdf'])
  })

  it('resumes what a cut left, and believes no piece with other bytes', async () => {
    const bytes = randomBytes(400_000)
    const temporary = join(inbox(), remoteTemporary(NAME, sha256(bytes)))
    const leave = async (piece: Uint8Array) => {
      await writeFile(temporary, piece)
      await chmod(temporary, 0o666)
    }
    const session = await gateway.open(at())
    await leave(Buffer.alloc(150_000))
    expect((await session.put(NAME, bytes)).kind).toBe('temporary')
    expect(await readdir(inbox())).toEqual([])
    await leave(bytes.subarray(0, 150_000))
    expect(await session.put(NAME, bytes)).toEqual({ kind: 'written' })
    await session.close()
    expect(Buffer.compare(await readFile(join(inbox(), NAME)), bytes)).toBe(0)
    expect(await readdir(inbox())).toEqual([NAME])
  })

  it('replaces and removes only what is ours', async () => {
    const [first, second] = [Buffer.from('uno'), Buffer.from('due e più')]
    const session = await gateway.open(at())
    await session.put('indice.csv', first)
    expect(await session.put('indice.csv', second, sha256(Buffer.from('altro')))).toEqual({ kind: 'different' })
    expect(await session.put('indice.csv', second, sha256(first))).toEqual({ kind: 'written' })
    expect(await session.remove('indice.csv', sha256(first))).toBe('different')
    expect(await session.remove('indice.csv', sha256(second))).toBe('removed')
    expect(await session.remove('indice.csv', sha256(second))).toBe('absent')
    await session.close()
    expect(await readdir(inbox())).toEqual([])
  })

  it('a wrong password, a missing folder and one that may not be written have each its reason', async () => {
    // The system makes whoever mistakes a password wait.
    const patient = fileServers({ ...times, silenceTimeoutMs: 8_000 })
    const wrong = await refused(at({ password: 'sbagliatissima' }), patient)
    expect(wrong).toMatchObject({ code: 'FILE_SERVER_LOGIN', text: expect.stringMatching(/password rifiutati/) })
    expect(wrong.text).not.toContain('sbagliatissima')
    expect((await refused(at({ remoteFolder: '/altrove' }))).text).toMatch(/non esiste/)
    expect((await refused(at({ remoteFolder: '/' }))).text).toMatch(/non (permette|si può usare)/)
    expect((await refused(at({ port: 1 }))).text).toMatch(/Nessun programma risponde/)
    expect((await refused(at({ user: 'a\r\nDELE x' }))).text).toMatch(/invisibile/)
  })

  it('a folder is made where asked; the probe leaves nothing', async () => {
    const session = await gateway.open(at({ remoteFolder: '/inbox/nuova', makeFolder: true }))
    expect((await session.put(NAME, Buffer.from('x'))).kind).toBe('written')
    await session.close()
    const { steps, fingerprint } = await gateway.probe(at())
    expect(steps.map((s) => [s.step, s.ok])).toEqual([
      ['Collegamento e accesso', true],
      ...(mode === 'plain' ? [['Cifratura', true]] : []),
      ['Cartella', true],
      ['Scrittura', true],
    ])
    const told = steps.find((s) => s.step === 'Cifratura')?.text ?? ''
    expect(told).toBe(mode === 'plain' ? 'Nessuna: FTP in chiaro, ma il server è su questo stesso computer.' : '')
    expect(fingerprint).toBe(mode === 'plain' ? null : (ftp as Vsftpd).fingerprint)
    expect(await readdir(inbox())).toEqual(['nuova'])
  })

  it('a full disk is said, tried again later, and nothing is left on it', async ({ skip }) => {
    const disk = smallDisk(inbox(), 256 * 1024, (ftp as Vsftpd).user)
    if (disk === null) return skip('i dischi piccoli non si montano qui')
    try {
      const session = await gateway.open(at())
      const outcome = await session.put(NAME, randomBytes(600_000))
      expect(outcome).toMatchObject({ kind: 'temporary', reason: expect.stringMatching(/disco del server è pieno/) })
      expect(await readdir(inbox())).toEqual([])
      await session.close()
    } finally {
      disk.unmount()
    }
  })

  it('a server killed in the middle: temporary, then the same session goes on with the new one', async () => {
    const server = ftp as Vsftpd
    const bytes = randomBytes(60_000_000)
    const session = await gateway.open(at())
    const putting = session.put(NAME, bytes)
    const arrived = () => readdirSync(inbox()).some((name) => statSync(join(inbox(), name)).size > 500_000)
    while (!arrived()) await sleep(1)
    server.killSessions()
    expect(await putting).toMatchObject({ kind: 'temporary', reason: expect.stringMatching(/linea/) })
    expect(existsSync(join(inbox(), NAME))).toBe(false)
    await server.kill()
    expect(await session.put(NAME, bytes)).toMatchObject({ kind: 'temporary' })
    await server.start()
    expect(await session.put(NAME, bytes)).toEqual({ kind: 'written' })
    await session.close()
    expect(Buffer.compare(await readFile(join(inbox(), NAME)), bytes)).toBe(0)
    expect(await readdir(inbox())).toEqual([NAME])
  })

  it('a server that hangs is left after its time, before the login and after', async () => {
    const proxy = await startProxy((ftp as Vsftpd).port)
    const session = await gateway.open(at({ port: proxy.port }))
    proxy.hangAfter(0)
    expect(await session.put(NAME, Buffer.from('x'))).toMatchObject({
      kind: 'temporary',
      reason: expect.stringMatching(/smesso di rispondere/),
    })
    await session.close()
    const quick = fileServers({ connectTimeoutMs: 500 })
    expect((await refused(at({ port: proxy.port }), quick)).text).toMatch(/non risponde entro il tempo/)
    await proxy.close()
  })

  if (mode !== 'plain') {
    it('a certificate that nobody knows is refused with its fingerprint; trusted or accepted it is good', async () => {
      const server = ftp as Vsftpd
      const unknown = await refused(at({ pinned: null, password: 'x' }))
      expect(unknown.code).toBe('FILE_SERVER_CERTIFICATE')
      expect(unknown.text).toContain(server.fingerprint)
      expect((await gateway.probe(at({ pinned: null }))).fingerprint).toBe(server.fingerprint)
      const changed = await refused(at({ pinned: '0'.repeat(64) }))
      expect(changed.text).toMatch(/non è più quello che era stato accettato/)
      const trusting = fileServers({ ...times, ca: server.pem })
      const session = await trusting.open(at({ pinned: null }))
      expect((await session.put(NAME, Buffer.from('x'))).kind).toBe('written')
      await session.close()
    })
  }
})

describe('a server behind a router', () => {
  it.each(['explicit', 'plain'] as const)(
    'that says a wrong address for the data is reached all the same, %s',
    async (mode) => {
      const ftp = await startVsftpd(mode, 'cmds_denied=EPSV,EPRT\npasv_address=192.0.2.7\n')
      if (ftp === null) return
      try {
        const { host, port, user, password } = ftp
        const session = await gateway.open({
          ...{ protocol: PROTOCOL[mode], host, port, user, password, privateKey: null, remoteFolder: '/inbox' },
          pinned: mode === 'plain' ? null : ftp.fingerprint,
        })
        expect(await session.put(NAME, Buffer.from('avviso'))).toEqual({ kind: 'written' })
        expect(await session.put(NAME, Buffer.from('avviso'))).toEqual({ kind: 'same' })
        await session.close()
        expect(await readFile(join(ftp.inbox, NAME), 'utf8')).toBe('avviso')
      } finally {
        await ftp.stop()
      }
    },
  )
})

describe('plain FTP', () => {
  it('beyond this machine is refused before a line opens, unless a person chose it knowingly', async () => {
    const server: FileServer = {
      protocol: 'ftp',
      host: 'ftp.invalid',
      port: 21,
      user: 'ordine',
      password: 'segreto',
      privateKey: null,
      remoteFolder: '',
      pinned: null,
    }
    await expect(gateway.open(server)).rejects.toThrow(/in chiaro/)
    const probe = await gateway.probe(server)
    expect([probe.fingerprint, probe.steps.length]).toEqual([CLEAR_ACCEPTED, 1])
    await expect(gateway.open({ ...server, pinned: CLEAR_ACCEPTED })).rejects.toThrow(/nome del server non si trova/)
  })
})

describe('replies that a sound server gives rarely', () => {
  const cases: readonly [string, string, string, 'temporary' | 'permanent', RegExp][] = [
    ['disk full', 'STOR', '452 Insufficient storage', 'temporary', /disco del server è pieno/],
    ['quota', 'STOR', '552 Quota exceeded', 'temporary', /quota/],
    ['name refused', 'STOR', '553 File name not allowed', 'permanent', /con questo nome/],
    ['no permission', 'STOR', '550 Permission denied', 'permanent', /non permette/],
    ['name refused at the end', 'RNTO', '553 Not allowed', 'permanent', /con questo nome/],
    ['busy', 'STOR', '450 Busy', 'temporary', /più tardi/],
    ['closing', 'SIZE', '421 Too many connections', 'temporary', /troppi collegamenti/],
    ['doors for the data shut', 'EPSV', '229 (|||1|)', 'temporary', /porte passive/],
    ['line lost while renaming', 'RNTO', '', 'temporary', /./],
  ]
  it.each(cases)('%s', async (name, command, reply, kind, reason) => {
    const server = await scriptedFtp(command, reply)
    const at: FileServer = {
      ...{ protocol: 'ftp', host: '127.0.0.1', port: server.port, user: 'u', password: 'p', privateKey: null },
      ...{ remoteFolder: '', pinned: null },
    }
    const session = await gateway.open(at)
    server.arm()
    const outcome = await session.put(NAME, Buffer.from('avviso'))
    await session.close()
    await server.close()
    if (name === 'line lost while renaming') expect(outcome.kind).toBe('unknown')
    else expect(outcome).toMatchObject({ kind, reason: expect.stringMatching(reason) })
    if (verdict(reply)) expect(outcome).toMatchObject({ reply })
  })
})

/** Whether a scripted reply is itself the refusal. */
function verdict(reply: string): boolean {
  return /^[45]/.test(reply)
}

/** A small FTP server in memory that answers one command as told, once armed; an empty reply hangs up. */
async function scriptedFtp(command: string, reply: string) {
  const files = new Map<string, Buffer>()
  const sockets = new Set<Socket>()
  const data: Server[] = []
  let armed = false
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    let passive: Promise<Socket> | null = null
    let from = ''
    const say = (line: string) => void socket.write(`${line}\r\n`)
    say('220 prova')
    socket.on('data', async (chunk) => {
      const line = chunk.toString().trim()
      const [verb = '', ...rest] = line.split(' ')
      const argument = rest.join(' ')
      if (armed && verb === command) return reply === '' ? socket.destroy() : say(reply)
      if (verb === 'USER') return say('331 password')
      if (verb === 'PASS') return say('230 entrato')
      if (verb === 'EPSV') {
        const listener = createServer()
        data.push(listener)
        passive = new Promise((resolve) => listener.once('connection', resolve))
        await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
        return say(`229 (|||${(listener.address() as { port: number }).port}|)`)
      }
      if (verb === 'SIZE') {
        const file = files.get(argument)
        return say(file === undefined ? '550 non c’è' : `213 ${file.length}`)
      }
      if (verb === 'STOR' && passive !== null) {
        say('150 avanti')
        const chunks: Buffer[] = []
        for await (const part of await passive) chunks.push(part as Buffer)
        files.set(argument, Buffer.concat(chunks))
        return say('226 fatto')
      }
      if (verb === 'RNFR') {
        from = argument
        return say('350 come')
      }
      if (verb === 'RNTO') {
        files.set(argument, files.get(from) as Buffer)
        files.delete(from)
      }
      if (verb === 'DELE') files.delete(argument)
      return say(verb === 'QUIT' ? '221 ciao' : '200 bene')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as { port: number }).port,
    arm: () => {
      armed = true
    },
    close: () =>
      new Promise<void>((resolve) => {
        for (const socket of sockets) socket.destroy()
        for (const listener of data) listener.close()
        server.close(() => resolve())
      }),
  }
}
