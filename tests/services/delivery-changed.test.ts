import { readdir } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { call } from '@orpc/server'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { epochMsOf, type Instant, instantOf } from '#domain/date'
import type { ProblemError } from '#domain/problem'
import { FakeClock } from '#hosts/clock'
import { readCampaign } from '#ledger/campaign'
import { letter } from '../../src-main/services/letter.ts'
import { mailAccount, messageIdOf } from '../../src-main/services/mail-account.ts'
import { secretName } from '../../src-main/services/mail-secret.ts'
import { type LetterChoice, readPaperRun } from '../../src-main/services/notice-paper.ts'
import type { CampaignTemplate } from '../../src-main/services/outbox/channel.ts'
import { person } from '../../src-main/services/person.ts'
import { scripted } from '../gateways/smtp-test-server.ts'
import { inventedCode, member, members, type Office, openOffice } from './office.ts'
import { postOffice, saveAccount, sending } from './support/sending.ts'

const HOUR_MS = 3_600_000

let clock: FakeClock
let office: Office
const closers: (() => Promise<unknown>)[] = []
const { start, summary, goOn, list, states } = sending(() => office)

beforeEach(async () => {
  clock = new FakeClock()
  office = await openOffice(clock)
})
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
  await office.close()
})

async function openPost(answer?: Parameters<typeof postOffice>[0]) {
  const post = await postOffice(answer)
  closers.push(post.close)
  return post
}

/** Who waits is said by the row that is shown; the one to the old address stays in the books. */
const rowsOf = (addressText: string) =>
  office.context.ledger.read((db) =>
    db.selectFrom('delivery').where('addressText', '=', addressText).select(['state', 'reason', 'messageId']).execute(),
  )

const saveContact = (personId: number, value: string) =>
  call(person.saveContact, { personId, kind: 'email', value } as never, { context: office.context })

describe('a person put right while the campaign waits', () => {
  it('gets it at the present address; who has none any more gets nothing', async () => {
    await office.raise([member(1), member(2), member(3)])
    await office.generate()
    const post = await openPost()
    const { id: emailAccountId } = await saveAccount(office, post.port)
    const startAt = instantOf(clock.epochMs() + HOUR_MS)
    const { campaign } = await start({ emailAccountId, startAt })
    expect(post.mails).toHaveLength(0)
    const before = await list()
    const [right, gone, same] = before as [(typeof before)[0], (typeof before)[0], (typeof before)[0]]
    await saveContact(right.personId, 'giusto@ordine.example')
    await saveContact(gone.personId, '')
    clock.moveTo(instantOf(epochMsOf(startAt) + 1000))
    await goOn()
    const to = post.mails.map((mail) => (Array.isArray(mail.to) ? mail.to : [mail.to])[0]?.value[0]?.address).toSorted()
    expect(to).toEqual(['giusto@ordine.example', same.address].toSorted())
    const after = await list()
    expect(after.map(({ state, address, reason }) => [state, address, reason])).toEqual([
      ['suppressed', gone.address, 'Non ha più un indirizzo per questa via'],
      ['sent', same.address, null],
      ['sent', 'giusto@ordine.example', null],
    ])
    expect(await rowsOf(right.address)).toEqual([
      { state: 'suppressed', reason: 'L’indirizzo è cambiato: si manda a quello nuovo', messageId: null },
    ])
    expect((await summary(campaign.id)).state).toBe('finished')
  })
})

describe('an address typed by hand', () => {
  it.each([
    'a;c@ordine.example',
    'a@ordine.example, c@ordine.example',
    'a@ordine.example>',
    '=1+1|x',
    'Zita <a@b.example>',
  ])('is one plain address, as in a register: not «%s»', async (value) => {
    await office.raise([member(1)])
    await expect(saveContact(1, value)).rejects.toMatchObject({ data: { problems: [{ code: 'EMAIL_WRONG' }] } })
  })
})

describe('an account changed while its campaign leaves', () => {
  it('sends nothing more once it is removed', async () => {
    let removed: Promise<unknown> | null = null
    const post = await openPost(() => {
      removed ??= call(mailAccount.remove, { id: emailAccountId }, { context: office.context })
      return null
    })
    await office.raise(members(60))
    await office.generate()
    const { id: emailAccountId } = await saveAccount(office, post.port, { pacing: { perMinute: 6000 } })
    const { campaign } = await start({ emailAccountId })
    await removed
    await goOn()
    expect(post.mails.length).toBeGreaterThan(0)
    expect(post.mails.length).toBeLessThan(55)
    expect(await summary(campaign.id)).toMatchObject({ state: 'stopped' })
    expect((await states()).filter((state) => state === 'sending' || state === 'uncertain')).toEqual([])
  })

  it('keeps its new pace from the next message on', async () => {
    let slowed: Promise<unknown> | null = null
    const post = await openPost(() => {
      slowed ??= saveAccount(office, post.port, { id: emailAccountId, pacing: { perMinute: 1 } })
      return null
    })
    await office.raise(members(60))
    await office.generate()
    const { id: emailAccountId } = await saveAccount(office, post.port, { pacing: { perMinute: 6000 } })
    await start({ emailAccountId })
    await slowed
    await goOn()
    const sent = post.mails.length
    expect(sent).toBeLessThan(55)
    clock.advance(60_000)
    await goOn()
    expect(post.mails).toHaveLength(sent + 1)
  })
})

describe('a server that does not let in for now', () => {
  it('is tried again by itself, and the password is not blamed', async () => {
    await office.raise(members(1))
    await office.generate()
    let answer = '454 4.7.0 Temporary authentication failure'
    const server = await scripted((line, _socket, inData) => {
      if (inData) return '250 2.0.0 preso'
      if (line.startsWith('EHLO')) return '250-prova\r\n250 AUTH PLAIN LOGIN'
      if (line.startsWith('AUTH')) return answer
      return line === 'DATA' ? '354 via' : '250 ok'
    })
    closers.push(server.close)
    const { id } = await saveAccount(office, server.at.port)
    const entry = { command: 'test', operator: 'prova', payload: {}, at: clock.now() }
    await office.context.ledger.write(entry, (db) => db.updateTable('mailAccount').set({ user: 'ordine' }).execute())
    await office.context.secrets.set(secretName(id), 'giusta')
    const { campaign } = await start({ emailAccountId: id })
    const stopped = await summary(campaign.id)
    expect(stopped.state).toBe('stopped')
    expect(stopped.reason).toContain('per ora non lascia entrare')
    expect(stopped.nextAt).not.toBeNull()
    answer = '235 2.7.0 avanti'
    clock.moveTo(stopped.nextAt as Instant)
    await goOn()
    expect(await states()).toEqual(['sent'])
  })
})

describe('a server that greets with a refusal', () => {
  it('is said with its own words', async () => {
    const server = createServer((socket) => socket.end('421 4.7.0 troppi collegamenti\r\n'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    closers.push(() => new Promise<void>((resolve) => server.close(() => resolve())))
    const { port } = server.address() as AddressInfo
    const account = { host: '127.0.0.1', port, security: 'none' as const, user: null, password: null }
    const refused = await office.context.mail.open(account).catch((error: unknown) => error)
    expect((refused as ProblemError).problems[0]).toMatchObject({
      code: 'MAIL_UNREACHABLE',
      params: { reason: 'Il server non accetta il collegamento (ha risposto «421 4.7.0 troppi collegamenti»).' },
    })
  })
})

describe('an account without its password', () => {
  it('says so, and waits for a person', async () => {
    const server = await scripted((line) => (line.startsWith('EHLO') ? '250-prova\r\n250 AUTH PLAIN' : '250 ok'))
    closers.push(server.close)
    const account = { ...server.at, user: 'ordine', password: null }
    const refused = await office.context.mail.open(account).catch((error: unknown) => error)
    expect((refused as ProblemError).problems[0]).toMatchObject({
      code: 'MAIL_LOGIN',
      params: { reason: 'Manca la password dell’account.' },
    })
  })
})

describe('a letter that accompanies a campaign', () => {
  it('is not taken away before the campaign is over', async () => {
    await office.raise(members(1))
    await office.generate()
    const post = await openPost()
    const { id: emailAccountId } = await saveAccount(office, post.port)
    const text = { name: 'Lettera', subject: 'Oggetto', body: 'Gentile {nome}', signature: 'Il presidente' }
    const { id } = await call(letter.save, { id: null, ...text } as never, { context: office.context })
    const startAt = instantOf(clock.epochMs() + HOUR_MS)
    await start({ emailAccountId, startAt, letter: { id, place: 'before' } })
    const remove = () => call(letter.remove, { id }, { context: office.context })
    await expect(remove()).rejects.toMatchObject({ data: { problems: [{ code: 'LETTER_IN_USE' }] } })
    clock.advance(HOUR_MS + 1000)
    await goOn()
    expect(post.mails).toHaveLength(1)
    expect(await remove()).toEqual({ id })
  })
})

describe('what was approved', () => {
  it('leaves as it was: a letter edited meanwhile counts for the next campaign', async () => {
    await office.raise([member(1)])
    await office.generate()
    const text = { name: 'Lettera', subject: 'Oggetto', body: 'Gentile {nome}', signature: 'Il presidente' }
    const { id } = await call(letter.save, { id: null, ...text } as never, { context: office.context })
    const folder = await office.context.folders.tokenOf(join(office.folder, 'consegne'))
    const startAt = instantOf(clock.epochMs() + HOUR_MS)
    const { campaign } = await start({ channels: ['folder'], folder, startAt, letter: { id, place: 'before' } })
    await call(letter.save, { id, ...text, body: 'Altro testo' } as never, { context: office.context })
    const kept = await office.context.ledger.read((db) => readCampaign(db, campaign.id))
    const template = JSON.parse(kept?.templateJson ?? '{}') as CampaignTemplate
    const run = (choice: LetterChoice | null | undefined) =>
      office.context.ledger.read((db) => readPaperRun(db, office.context, choice ?? null))
    expect((await run(template.letter)).letter?.text.body).toBe('Gentile {nome}')
    expect((await run({ id, place: 'before' })).letter?.text.body).toBe('Altro testo')
  })
})

describe('a fiscal code put right while its file waits', () => {
  it('is the one in the name; the row with the old name stays in the books', async () => {
    await office.raise([member(1)])
    await office.generate()
    const folder = await office.context.folders.tokenOf(join(office.folder, 'consegne'))
    await start({ channels: ['folder'], folder, startAt: instantOf(clock.epochMs() + HOUR_MS) })
    const [before] = await list()
    const code = inventedCode(77)
    const entry = { command: 'test', operator: 'prova', payload: {}, at: clock.now() }
    await office.context.ledger.write(entry, (db) => db.updateTable('person').set({ fiscalCode: code }).execute())
    clock.advance(HOUR_MS + 1000)
    await goOn()
    const files = (await readdir(join(office.folder, 'consegne'))).filter((name) => name.endsWith('.pdf'))
    expect(files).toHaveLength(1)
    expect(files[0]).toContain(code)
    expect(await rowsOf(before?.address ?? '')).toMatchObject([
      { state: 'suppressed', reason: 'Il nome del file è cambiato: si scrive con quello nuovo' },
    ])
  })
})

describe('the name of a sender', () => {
  it('with a tab or a line end pasted in is one line', async () => {
    const { pacing, ...account } = await saveAccount(office, 1)
    const values = { ...account, pacing, fromName: 'Ordine\tdi\r\nprova ', password: null }
    const saved = await call(mailAccount.save, values as never, { context: office.context })
    expect(saved.fromName).toBe('Ordine di prova')
  })
})

describe('the Message-ID', () => {
  it('cannot be guessed by who knows the numbers of campaign and delivery', async () => {
    await office.raise(members(2))
    await office.generate()
    const post = await openPost()
    const { id: emailAccountId } = await saveAccount(office, post.port)
    const { campaign } = await start({ emailAccountId })
    const guesses = (await list()).flatMap(({ id }) =>
      [1, 2].map((n) => messageIdOf(`${campaign.id}|${id}|${n}`, 'segreteria@ordine.example')),
    )
    expect(post.mails).toHaveLength(2)
    for (const { messageId } of post.mails) expect(guesses).not.toContain(messageId)
  })
})
