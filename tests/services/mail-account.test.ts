import { call } from '@orpc/server'
import { SMTPServer } from 'smtp-server'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MemoryMailbox } from '#simulator/memory-mailbox'
import type { ServiceContext } from '../../src-main/services/context.ts'
import { mailAccount } from '../../src-main/services/mail-account.ts'
import { type Office, openOffice, outcome } from './office.ts'

let office: Office
let mailbox: MemoryMailbox
let context: ServiceContext
const closers: (() => Promise<unknown>)[] = []

beforeEach(async () => {
  office = await openOffice()
  mailbox = new MemoryMailbox(() => office.context.clock.now())
  context = { ...office.context, mailbox: mailbox.gateway() }
})
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
  await office.close()
})

const ACCOUNT = {
  ...{
    id: null,
    name: 'PEC dell’Ordine',
    kind: 'pec' as const,
    host: '127.0.0.1',
    port: 25,
    security: 'none' as const,
  },
  ...{ user: 'ordine@pec.example', fromName: 'Ordine', fromAddress: 'ordine@pec.example', password: 'segretissima' },
  pacing: {
    ...{ perMinute: 30, perDay: 500, batch: { size: 50, pauseSeconds: 60 } },
    window: { from: '08:00', to: '19:00', days: [1, 2, 3, 4, 5] },
  },
  imap: { host: '127.0.0.1', port: 143, security: 'none' as const, user: 'ordine@pec.example', folder: 'INBOX' },
}

describe('a mail account', () => {
  it('keeps pace, hours and mailbox, and never gives its password back', async () => {
    const { password: _password, id: _id, ...shown } = ACCOUNT
    const saved = await call(mailAccount.save, ACCOUNT, { context })
    expect(saved).toEqual({ ...shown, id: saved.id, hasPassword: true, receiptsReadAt: null, receiptsError: null })
    expect(await call(mailAccount.list, undefined, { context })).toEqual([saved])
    const without = {
      ...ACCOUNT,
      id: saved.id,
      password: null,
      imap: null,
      pacing: { ...ACCOUNT.pacing, window: null },
    }
    expect(await call(mailAccount.save, without, { context })).toMatchObject({ hasPassword: true, imap: null })
    expect(await call(mailAccount.save, { ...without, password: '' }, { context })).toMatchObject({
      hasPassword: false,
    })
    const journal = await context.ledger.read((db) => db.selectFrom('journalEntry').selectAll().execute())
    expect(JSON.stringify(journal)).not.toContain('segretissima')
  })

  it('of PEC that would send for another mailbox is refused', async () => {
    await expect(
      call(mailAccount.save, { ...ACCOUNT, fromAddress: 'altro@pec.example' }, { context }),
    ).rejects.toMatchObject({
      data: { problems: [{ code: 'MAIL_PEC_SENDER' }] },
    })
  })

  it('is tried on both sides: sending and reading', async () => {
    const server = new SMTPServer({
      ...{ disabledCommands: ['STARTTLS'], allowInsecureAuth: true, logger: false },
      onAuth: ({ password }, _session, done) =>
        password === 'segretissima' ? done(null, { user: 'u' }) : done(new Error('no')),
      onData(stream, _session, done) {
        stream.resume().on('end', () => done())
      },
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    closers.push(() => new Promise<void>((resolve) => server.close(() => resolve())))
    const { port } = server.server.address() as { port: number }
    const account = { ...ACCOUNT, port }
    const tried = async (to: string | null) =>
      (await call(mailAccount.test, { account, to }, { context })).map(({ step, ok }) => `${step} ${ok ? 'sì' : 'no'}`)
    const both = ['Collegamento sì', 'Saluto sì', 'Accesso sì', 'Cartella delle ricevute sì']
    expect(await tried(null)).toEqual(both)
    expect(await tried('ada@pec.example')).toEqual([...both, 'Messaggio di prova sì'])
    mailbox.fault = 'Il server non ha risposto in tempo.'
    expect(await tried('ada@pec.example')).toEqual([...both.slice(0, 3), 'Cartella delle ricevute no'])
  })

  it('reads its receipts when asked, and says what went wrong the next time it is shown', async () => {
    const { id } = await call(mailAccount.save, ACCOUNT, { context })
    mailbox.put(Buffer.from('Subject: ciao\n\nciao\n'))
    const read = async () => outcome(await call(mailAccount.readReceipts, { id }, { context }))
    expect(await read()).toEqual({ read: 1, tied: 0, unknown: 0, problems: { first: [], total: 0 } })
    mailbox.fault = 'Il server non ha risposto in tempo.'
    await expect(read()).rejects.toMatchObject({ data: { problems: [{ code: 'MAILBOX_UNREADABLE' }] } })
    const [shown] = await call(mailAccount.list, undefined, { context })
    expect(shown?.receiptsReadAt).toBe(context.clock.now())
    expect(shown?.receiptsError).toMatch(/non si legge\. Il server non ha risposto in tempo/)
    await call(mailAccount.remove, { id }, { context })
    await expect(read()).rejects.toMatchObject({ data: { problems: [{ code: 'MAIL_ACCOUNT_GONE' }] } })
  })
})
