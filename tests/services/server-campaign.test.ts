import { createHash } from 'node:crypto'
import { chmod, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { call } from '@orpc/server'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { FakeClock } from '#hosts/clock'
import { campaign } from '../../src-main/services/campaign.ts'
import { delivery } from '../../src-main/services/delivery.ts'
import { fileAccount } from '../../src-main/services/file-account.ts'
import { type OpenSsh, startOpenSsh } from '../servers/openssh.ts'
import { smallDisk } from '../servers/small-disk.ts'
import { startVsftpd, type Vsftpd, type VsftpdMode } from '../servers/vsftpd.ts'
import { members, type Office, openOffice, outcome } from './office.ts'

let ssh: OpenSsh | null = null
let office: Office
let inbox = ''
let turn = 0

beforeAll(async () => {
  ssh = await startOpenSsh()
})
afterAll(async () => {
  await ssh?.stop()
})
beforeEach(async ({ skip }) => {
  if (ssh === null) return skip('OpenSSH non c’è')
  office = await openOffice()
  turn += 1
  inbox = join(ssh.home, `avvisi-${turn}`)
  await mkdir(inbox)
  await chmod(inbox, 0o777)
})
afterEach(async () => {
  await office?.close()
})

const at = () => ({ context: office.context })

function values(more: Record<string, unknown> = {}) {
  const server = ssh as OpenSsh
  return {
    ...{ id: null, name: 'Sito', protocol: 'sftp', host: server.host, port: server.port, user: server.user },
    ...{ auth: 'password', remoteFolder: `avvisi-${turn}`, pinned: null, secret: server.password, key: null },
    pacing: { perMinute: 6000, perDay: null, batch: null, window: null },
    ...more,
  } as never
}

function input(id: number, more: Record<string, unknown> = {}) {
  const channels = { channels: ['server'], fileAccountId: id, index: true }
  return { selection: { query: { filters: {} } }, subject: 'Avviso', body: 'Testo', ...channels, ...more } as never
}

async function start(id: number, more: Record<string, unknown> = {}) {
  const { campaign: started } = await outcome(await call(campaign.start, input(id, more), at()))
  await office.context.outbox.idle()
  return call(campaign.get, { id: started.id }, at())
}

async function uploaded(name: string, text: string) {
  const writer = await office.context.files.create(name, 'application/octet-stream')
  await writer.write(Buffer.from(text))
  return writer.commit()
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

describe('an account on a server of files', () => {
  it('shows the key of the server once, keeps it, and enters with password or private key; no secret comes back', async () => {
    const server = ssh as OpenSsh
    const first = await call(fileAccount.test, { account: values() }, at())
    expect([first.fingerprint, first.known, first.steps.at(-1)?.ok]).toEqual([server.fingerprint(), false, false])
    const pinned = first.fingerprint
    const second = await call(fileAccount.test, { account: values({ pinned }) }, at())
    expect([second.known, second.steps.every(({ ok }) => ok)]).toEqual([true, true])
    const saved = await call(fileAccount.save, values({ pinned }), at())
    expect(saved).toMatchObject({ hasSecret: true, pinned })
    expect(JSON.stringify(await call(fileAccount.list, undefined, at()))).not.toContain(server.password)
    const kept = await call(fileAccount.test, { account: values({ id: saved.id, pinned, secret: null }) }, at())
    expect(kept.steps.every(({ ok }) => ok)).toBe(true)

    const missing = values({ pinned, remoteFolder: `avvisi-${turn}/nuova` })
    const told = await call(fileAccount.test, { account: missing }, at())
    expect(told.steps.at(-1)).toMatchObject({ step: 'Cartella', ok: false })
    const made = await call(fileAccount.test, { account: missing, makeFolder: true }, at())
    expect(made.steps.every(({ ok }) => ok)).toBe(true)
    expect(await readdir(inbox)).toEqual(['nuova'])

    const key = await uploaded('id_ed25519', server.privateKey)
    const byKey = { id: saved.id, pinned, auth: 'key', key, secret: server.passphrase }
    expect((await call(fileAccount.save, values(byKey), at())).hasSecret).toBe(true)
    const entered = await call(fileAccount.test, { account: values({ ...byKey, key: null, secret: null }) }, at())
    expect(entered.steps.every(({ ok }) => ok)).toBe(true)
    const noKey = await uploaded('id.pub', 'ssh-ed25519 AAAA prova')
    await expect(call(fileAccount.save, values({ ...byKey, key: noKey }), at())).rejects.toMatchObject({
      data: { problems: [{ code: 'FILE_ACCOUNT_KEY' }] },
    })
    await call(fileAccount.remove, { id: saved.id }, at())
    expect(await call(fileAccount.list, undefined, at())).toEqual([])
    expect(await office.context.secrets.get(`file:${saved.id}`)).toBeNull()
    expect(await office.context.secrets.get(`file-key:${saved.id}`)).toBeNull()
  })
})

describe('a campaign on a server', () => {
  const account = async () =>
    (await call(fileAccount.save, values({ pinned: (ssh as OpenSsh).fingerprint() }), at())).id

  it('puts one PDF a notice and then the index, which tells their very bytes', async () => {
    await office.raise(members(4))
    await office.generate()
    const done = await start(await account())
    expect(done).toMatchObject({ state: 'finished', channels: [{ channel: 'server', done: 4, failed: 0 }] })
    const names = await readdir(inbox)
    const index = names.find((name) => name.endsWith('.json')) as string
    const { avvisi } = JSON.parse(await readFile(join(inbox, index), 'utf8')) as {
      avvisi: { file: string; sha256: string; numeroAvviso: string; importoCentesimi: number }[]
    }
    expect(avvisi.map(({ file }) => file)).toEqual(names.filter((name) => name.endsWith('.pdf')).sort())
    for (const one of avvisi) expect(sha256(await readFile(join(inbox, one.file)))).toBe(one.sha256)
    const { rows } = await office.positions()
    expect(avvisi.map((one) => one.numeroAvviso).sort()).toEqual(rows.map((row) => row.noticeNumber).sort())
    const csv = await readFile(join(inbox, index.replace('.json', '.csv')), 'utf8')
    expect(csv.split('\r\n')[0]).toBe('\uFEFFfile;codiceFiscale;numeroAvviso;iuv;importo;scadenza;sha256')
    expect(csv.trimEnd().split('\r\n')).toHaveLength(5)
  })

  it('a changed host key stops the way with its sentence, and nothing is lost', async () => {
    await office.raise(members(2))
    await office.generate()
    const id = (await call(fileAccount.save, values({ pinned: '0'.repeat(64) }), at())).id
    const stopped = await start(id)
    expect(stopped).toMatchObject({ state: 'stopped', reason: expect.stringMatching(/non è più quella accettata/) })
    expect(await readdir(inbox)).toEqual([])
    await call(fileAccount.save, values({ id, pinned: (ssh as OpenSsh).fingerprint() }), at())
    await call(campaign.resume, { id: stopped.id }, at())
    await office.context.outbox.idle()
    expect(await call(campaign.get, { id: stopped.id }, at())).toMatchObject({ state: 'finished' })
    expect((await readdir(inbox)).filter((name) => name.endsWith('.pdf'))).toHaveLength(2)
  })

  it('cancelled with clean-up: what is still ours goes, index included; what somebody changed stays and is told', async () => {
    await office.raise(members(3))
    await office.generate()
    const done = await start(await account())
    const names = (await readdir(inbox)).filter((name) => name.endsWith('.pdf'))
    const changed = join(inbox, names[0] as string)
    await rm(changed)
    await writeFile(changed, 'del webmaster')
    const input = { id: done.id, reason: 'prova', cleanUp: true }
    const { removed, problems } = await outcome(await call(campaign.cancel, input, at()))
    expect(removed).toBe(2)
    expect(problems.first.map(({ code }) => code)).toEqual(['CLEAN_UP_FILE_DIFFERS'])
    expect(await readdir(inbox)).toEqual([names[0]])
    expect(await readFile(changed, 'utf8')).toBe('del webmaster')
    const { rows } = await call(delivery.list, { filters: {}, limit: 10 } as never, at())
    expect(rows.map(({ state }) => state).sort()).toEqual(['cancelled', 'cancelled', 'delivered'])
  })

  it('the folder of a network drive gets the same index; one that somebody else wrote stops the way and stays', async () => {
    await office.raise(members(2))
    await office.generate()
    const [own] = await office.context.folders.list(null)
    const place = join(office.folder, 'consegne')
    const folder = (own as NonNullable<typeof own>).token
    const index = join(place, `indice-avvisi-${office.context.clock.now().slice(0, 10)}-campagna-1.csv`)
    await writeFile(index, 'mio')
    const stopped = await start(0, { channels: ['folder'], folder, fileAccountId: null })
    expect(stopped).toMatchObject({ state: 'stopped', reason: expect.stringMatching(/il programma non ha scritto/) })
    expect(await readFile(index, 'utf8')).toBe('mio')
    expect((await readdir(place)).filter((name) => name.endsWith('.pdf'))).toHaveLength(2)
    await rm(index)
    await call(campaign.resume, { id: stopped.id }, at())
    await office.context.outbox.idle()
    expect(await call(campaign.get, { id: stopped.id }, at())).toMatchObject({ state: 'finished' })
    expect((await readFile(index, 'utf8')).trimEnd().split('\r\n')).toHaveLength(3)
  })
})

describe.each([
  ['ftp', 'plain'],
  ['ftps', 'explicit'],
  ['ftpsImplicit', 'implicit'],
] as const)('a campaign by %s on a real vsftpd', (protocol, mode: VsftpdMode) => {
  let ftp: Vsftpd | null = null
  beforeAll(async () => {
    ftp = await startVsftpd(mode)
  })
  afterAll(() => ftp?.stop())
  beforeEach(async ({ skip }) => {
    if (ftp === null) return skip('vsftpd non c’è')
    for (const name of await readdir(ftp.inbox)) await rm(join(ftp.inbox, name), { recursive: true })
  })

  const server = () => ftp as Vsftpd
  const pdfs = async () => (await readdir(server().inbox)).filter((name) => name.endsWith('.pdf'))
  const account = async () => {
    const { host, port, user, password, fingerprint } = server()
    const trust = { pinned: mode === 'plain' ? null : fingerprint, secret: password, auth: 'password' }
    return (
      await call(fileAccount.save, values({ protocol, host, port, user, ...trust, remoteFolder: '/inbox' }), at())
    ).id
  }

  it('cut in the middle and resumed has every file once, whole, and an index of all', async () => {
    await office.raise(members(40))
    await office.generate()
    const { campaign: started } = await outcome(await call(campaign.start, input(await account()), at()))
    while ((await pdfs()).length < 6) await sleep(2)
    await server().kill()
    await office.context.outbox.idle()
    const stopped = await call(campaign.get, { id: started.id }, at())
    expect(stopped.state).toBe('stopped')
    expect(stopped.channels[0]?.done).toBeLessThan(40)
    await server().start()
    await call(campaign.resume, { id: started.id }, at())
    // What was put off when the line fell waits for its time.
    ;(office.context.clock as FakeClock).advance(3_600_000)
    office.context.outbox.kick()
    await office.context.outbox.idle()
    const done = await call(campaign.get, { id: started.id }, at())
    expect(done).toMatchObject({ state: 'finished', channels: [{ done: 40, failed: 0 }] })

    const names = await readdir(server().inbox)
    expect(names).toHaveLength(42)
    const index = names.find((name) => name.endsWith('.json')) as string
    type Row = { file: string; sha256: string; numeroAvviso: string }
    const { avvisi } = JSON.parse(await readFile(join(server().inbox, index), 'utf8')) as { avvisi: Row[] }
    expect(avvisi.map(({ file }) => file)).toEqual((await pdfs()).sort())
    for (const one of avvisi) expect(sha256(await readFile(join(server().inbox, one.file)))).toBe(one.sha256)
    const { rows } = await office.positions()
    expect(avvisi.map((one) => one.numeroAvviso).sort()).toEqual(rows.map((row) => row.noticeNumber).sort())
  }, 60_000)

  it('annulled with clean-up takes back its files and its index, and leaves what somebody changed', async () => {
    await office.raise(members(3))
    await office.generate()
    const id = await account()
    const done = await start(id)
    expect(done).toMatchObject({ state: 'finished', channels: [{ done: 3 }] })
    const changed = join(server().inbox, (await pdfs())[0] as string)
    await rm(changed)
    await writeFile(changed, 'del webmaster')
    await chmod(changed, 0o644)
    const order = { id: done.id, reason: 'prova', cleanUp: true }
    const { removed, problems } = await outcome(await call(campaign.cancel, order, at()))
    expect([removed, problems.first.map(({ code }) => code)]).toEqual([2, ['CLEAN_UP_FILE_DIFFERS']])
    expect(await readdir(server().inbox)).toEqual([basename(changed)])
    expect(await readFile(changed, 'utf8')).toBe('del webmaster')
    // What is gone may be delivered again, beside an index of its own.
    await rm(changed)
    const again = await start(id)
    expect(again).toMatchObject({ state: 'finished', channels: [{ done: 2 }] })
    const indexes = (await readdir(server().inbox)).filter((name) => name.startsWith('indice-'))
    expect(indexes.map((name) => /-campagna-(\d+)\./.exec(name)?.[1])).toEqual(['2', '2'])
  })
})

describe('room on a server that tells it', () => {
  it('is looked at for the whole campaign before the first file', async ({ skip }) => {
    const disk = smallDisk(inbox, 1_500_000, (ssh as OpenSsh).user)
    if (disk === null) return skip('i dischi piccoli non si montano qui')
    try {
      await office.raise(members(60))
      await office.generate()
      const { id } = await call(fileAccount.save, values({ pinned: (ssh as OpenSsh).fingerprint() }), at())
      const stopped = await start(id)
      expect(stopped.state).toBe('stopped')
      expect(stopped.reason).toMatch(
        /non c’è spazio per tutti i file: per 60 file servono circa 3 MB, liberi ce ne sono 1\./,
      )
      expect(await readdir(inbox)).toEqual([])
    } finally {
      disk.unmount()
    }
  })
})
