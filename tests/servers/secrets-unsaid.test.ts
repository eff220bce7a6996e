import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { call } from '@orpc/server'
import { afterEach, expect, it } from 'vitest'
import { REMINDER_BODY, REMINDER_SUBJECT } from '#domain/mail-template'
import { fileLog } from '../../src-main/hosts/log.ts'
import { campaign } from '../../src-main/services/campaign.ts'
import { fileAccount } from '../../src-main/services/file-account.ts'
import { ioService } from '../../src-main/services/io-service.ts'
import { mailAccount } from '../../src-main/services/mail-account.ts'
import { openReceiptReader } from '../../src-main/services/mail-receipts.ts'
import { ioServer } from '../gateways/io-server.ts'
import { members, openOffice, outcome } from '../services/office.ts'
import { startDovecot } from './dovecot.ts'
import { startOpenSsh } from './openssh.ts'
import { startPostfix } from './postfix.ts'
import { startVsftpd } from './vsftpd.ts'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const pacing = { perMinute: 6000, perDay: null, batch: null, window: null }
/** Like nothing else on the disk, so that finding it is finding the secret. */
const secretOf = (what: string) => `Segreto-${what}-${randomBytes(6).toString('hex')}`

/** As it is, and in the forms in which protocols carry it. */
function forms(secret: string): string[] {
  const bytes = Buffer.from(secret)
  // Base64 of what stands before shifts the letters: three beginnings are all there are.
  const shifted = [0, 1, 2].map((n) =>
    Buffer.concat([Buffer.alloc(n), bytes])
      .toString('base64')
      .slice(n + 2, -4),
  )
  return [secret, encodeURIComponent(secret), bytes.toString('hex'), ...shifted]
}

function everyFile(folder: string): string[] {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((path) => statSync(path).isFile())
}

/** A server that repeats what it does not like, as some do. */
async function parrot(hello: string, answer: (line: string) => string): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.write(`${hello}\r\n`)
    socket.on('data', (chunk) => {
      for (const line of chunk.toString('latin1').split('\r\n').filter(Boolean)) socket.write(`${answer(line)}\r\n`)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => new Promise((resolve) => server.close(resolve)))
  return (server.address() as { port: number }).port
}

const ftpParrot = () =>
  parrot('220 pronto', (line) => {
    if (line.startsWith('USER')) return '331 password'
    return line.startsWith('PASS') ? `530 Non conosco ${line}` : '200 va bene'
  })

it.each(['corta1', 'Segreto-di-pappagallo-7f3a91', 'è già, così!'])(
  'servers of mail that repeat the log-in get no password on the screen (%s)',
  async (password) => {
    const smtp = await parrot('220 prova', (line) => {
      if (line.startsWith('EHLO')) return '250-prova\r\n250 AUTH PLAIN LOGIN'
      return line.startsWith('AUTH') ? `535 5.7.8 Non conosco ${line}` : '250 va bene'
    })
    const imapPort = await parrot('* OK prova', (line) => {
      const [tag, verb] = line.split(' ')
      if (verb === 'CAPABILITY') return `* CAPABILITY IMAP4rev1\r\n${tag} OK`
      return verb === 'LOGIN' ? `${tag} NO [AUTHENTICATIONFAILED] Non conosco ${line}` : `${tag} BAD no`
    })
    const office = await openOffice()
    closers.push(() => office.close())
    const user = 'ordine@ordine.test'
    const account = {
      ...{ id: null, name: 'Posta', kind: 'email', host: '127.0.0.1', port: smtp, security: 'none', user, password },
      ...{ fromName: 'Ordine', fromAddress: user, pacing },
      imap: { host: '127.0.0.1', port: imapPort, security: 'none', user, folder: 'INBOX' },
    } as never
    const steps = await call(mailAccount.test, { account, to: null }, { context: office.context })
    const refused = steps.filter(({ ok }) => !ok).map(({ text }) => text)
    expect(refused).toHaveLength(2)
    for (const text of refused) expect(text).toMatch(/Non conosco .*…/)
    for (const form of forms(password)) if (form.length > 3) expect(refused.join(' ')).not.toContain(form)
  },
)

it('after refused log-ins of every protocol no secret stands anywhere in the data folder, nor anybody’s data in the log', async ({
  skip,
}) => {
  const started = await Promise.all([startDovecot(), startOpenSsh(), startVsftpd('plain'), startVsftpd('explicit')])
  for (const server of started) if (server !== null) closers.push(server.stop)
  const [dovecot, ssh, ftp, ftps] = started
  if (dovecot === null || ssh === null || ftp === null || ftps === null) return skip('i server non ci sono')
  const sender = 'ordine@ordine.test'
  const postfix = await startPostfix(dovecot, { boxes: [sender] })
  if (postfix === null) return skip('Postfix non c’è')
  closers.push(postfix.stop)
  const known = getCACertificates('default')
  setDefaultCACertificates([...known, postfix.pem])
  closers.push(() => setDefaultCACertificates(known))
  const io = await ioServer()
  closers.push(io.close)
  const office = await openOffice()
  closers.push(() => office.close())
  const log = fileLog(office.folder)
  const context = { ...office.context, log }
  const at = { context }
  await office.raise(members(2))
  await office.generate()

  const secrets: string[] = []
  const fresh = (what: string) => {
    const secret = secretOf(what)
    secrets.push(secret)
    return secret
  }
  const reasons: string[] = []
  let last = 0
  const send = async (way: Record<string, unknown>) => {
    const input = { selection: { query: { filters: {} } }, subject: 'Avviso', body: 'Ciao {nome}', ...way }
    const { campaign: begun } = await outcome(await call(campaign.start, input as never, at))
    await office.context.outbox.idle()
    const { state, reason } = await call(campaign.get, { id: begun.id }, at)
    reasons.push(`${state} ${reason}`)
    last = begun.id
  }

  // Mail and its receipts.
  const imap = { host: dovecot.host, port: dovecot.tlsPort, security: 'tls', user: sender, folder: 'INBOX' }
  const mail = {
    ...{ id: null, name: 'Posta', kind: 'email', host: postfix.host, port: postfix.port, security: 'starttls' },
    ...{ user: sender, password: fresh('posta'), fromName: 'Ordine', fromAddress: sender, pacing, imap },
  } as never
  const tried = await call(mailAccount.test, { account: mail, to: null }, at)
  expect(tried.filter(({ ok }) => !ok).map(({ step }) => step)).toHaveLength(2)
  const { id: mailId } = await call(mailAccount.save, mail, at)
  await send({ channels: ['email'], emailAccountId: mailId })
  const reader = openReceiptReader(context)
  await reader.look()
  await reader.close()

  // Servers of files.
  const upload = async (text: string) => {
    const writer = await office.context.files.create('chiave', 'application/octet-stream')
    await writer.write(Buffer.from(text))
    return writer.commit()
  }
  const keyLine = ssh.privateKey.split('\n')[2] as string
  const byKey = { protocol: 'sftp', ...pick(ssh), pinned: ssh.fingerprint(), remoteFolder: '', auth: 'key' }
  const files: Record<string, unknown>[] = [
    { name: 'FTP', protocol: 'ftp', ...pick(ftp), pinned: null },
    { name: 'FTPS', protocol: 'ftps', ...pick(ftps), pinned: ftps.fingerprint },
    { name: 'SFTP', protocol: 'sftp', ...pick(ssh), pinned: ssh.fingerprint() },
    { name: 'SFTP con chiave', ...byKey, key: await upload(ssh.privateKey) },
    { name: 'Pappagallo', protocol: 'ftp', ...pick(ftp), port: await ftpParrot(), pinned: null },
  ]
  for (const file of files) {
    const account = { id: null, remoteFolder: '/inbox', auth: 'password', key: null, pacing, ...file } as never
    const withSecret = { ...(account as object), secret: fresh(String(file.name).replaceAll(' ', '')) } as never
    const { steps } = await call(fileAccount.test, { account: withSecret }, at)
    expect([file.name, steps.map(({ ok }) => ok)]).toEqual([file.name, [false]])
    const { id } = await call(fileAccount.save, withSecret, at)
    await send({ channels: ['server'], fileAccountId: id })
    for (const form of secrets.flatMap(forms)) expect(JSON.stringify(steps)).not.toContain(form)
    const order = { id: last, reason: 'prova', cleanUp: false }
    await outcome(await call(campaign.cancel, order as never, at))
  }

  // App IO.
  await call(ioService.save, { enabled: true, baseUrl: io.baseUrl, pacing, key: fresh('io') }, at)
  expect((await call(ioService.test, { fiscalCode: '' }, at)).map(({ ok }) => ok)).toEqual([false])
  await send({ channels: ['io'], subject: REMINDER_SUBJECT, body: REMINDER_BODY })

  // All were refused, and each said so in the books.
  expect(reasons.map((reason) => /^stopped .*(rifiutat|non lascia entrare|chiave|non si apre)/i.test(reason))).toEqual(
    Array(reasons.length).fill(true),
  )
  const journal = JSON.stringify(
    await office.context.ledger.read((db) => db.selectFrom('journalEntry').selectAll().execute()),
  )
  expect(journal.split('campaign.stop').length - 1).toBeGreaterThanOrEqual(reasons.length)

  await office.backend.close()
  const written = readFileSync(join(office.folder, 'log', 'quietanza.log'), 'utf8')
  expect(written).toContain('mailbox not read')
  const paths = everyFile(office.folder)
  expect(paths.some((path) => path.endsWith('quietanza.sqlite'))).toBe(true)
  for (const path of paths) {
    const text = readFileSync(path, 'latin1')
    for (const form of [...secrets, keyLine].flatMap(forms)) {
      if (text.includes(form)) throw new Error(`${path} holds ${form}`)
    }
  }
  for (const form of [...secrets, keyLine].flatMap(forms)) expect(journal).not.toContain(form)
  for (const own of [...members(2)].flatMap((one) => [one.fiscalCode, one.name, one.email ?? '', 'Platani', sender])) {
    expect(written).not.toContain(own)
  }
}, 120_000)

function pick({ host, port, user }: { host: string; port: number; user: string }) {
  return { host, port, user }
}
