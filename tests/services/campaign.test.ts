import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { call } from '@orpc/server'
import type { ParsedMail } from 'mailparser'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Id } from '#domain/brand'
import { epochMsOf, type Instant, isoDate } from '#domain/date'
import { readNoticeStyle, saveNoticeStyle } from '#ledger/notice-style'
import { campaign } from '../../src-main/services/campaign.ts'
import { debtPosition } from '../../src-main/services/debt-position.ts'
import { delivery } from '../../src-main/services/delivery.ts'
import { deliveryStop } from '../../src-main/services/delivery-stop.ts'
import { notice } from '../../src-main/services/notice.ts'
import { recoverDeliveries } from '../../src-main/services/outbox/recovery.ts'
import { positionAct } from '../../src-main/services/position-act.ts'
import { scripted } from '../gateways/smtp-test-server.ts'
import { generation, member, members, type Office, openOffice, outcome } from './office.ts'
import { cancelPositions } from './support/cancel.ts'
import { campaignInput, postOffice as openPostOffice, saveAccount, sending } from './support/sending.ts'

let office: Office
const closers: (() => Promise<unknown>)[] = []

beforeEach(async () => {
  office = await openOffice()
})
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
  await office.close()
})

const postOffice = async (answer?: Parameters<typeof openPostOffice>[0]) => {
  const post = await openPostOffice(answer)
  closers.push(post.close)
  return post
}
const account = (port: number, id: Id<'mailAccount'> | null = null) => saveAccount(office, port, { id })
const { start, summary, goOn, states } = sending(() => office)

describe('a campaign by mail', () => {
  it('sends each notice exactly once, whoever clicks twice', async () => {
    await office.raise(members(6))
    await office.generate()
    const post = await postOffice()
    const { id } = await account(post.port)
    const both = await Promise.allSettled([start({ emailAccountId: id }), start({ emailAccountId: id })])
    expect(both.filter((one) => one.status === 'fulfilled')).toHaveLength(1)
    await expect(start({ emailAccountId: id })).rejects.toMatchObject({
      data: { problems: [{ code: 'CAMPAIGN_NOTHING' }] },
    })
    expect(post.mails).toHaveLength(6)
    expect(new Set(post.mails.map((mail) => mail.messageId)).size).toBe(6)
    expect(await states()).toEqual(Array(6).fill('sent'))
    const [mail] = post.mails
    const { rows } = await office.positions()
    const to = (mail as ParsedMail & { to: { text: string } }).to.text
    const position = rows.find((row) => to.includes(row.personName))
    expect(mail?.subject).toBe('Avviso: Quota di iscrizione 2026')
    expect(mail?.text).toContain(position?.noticeNumber.replace(/(.{4})(?=.)/g, '$1 '))
    const pdf = await call(notice.pdf, { debtPositionId: position?.id as never }, { context: office.context })
    expect(mail?.attachments[0]?.filename).toBe(`${position?.fiscalCode}_2026_${position?.iuv}.pdf`)
    expect(Buffer.from(mail?.attachments[0]?.content as Buffer).equals(Buffer.from(await pdf.arrayBuffer()))).toBe(true)
  })

  it('leaves out who is cancelled, also when it happens after the queue was written', async () => {
    await office.raise(members(3))
    await office.generate()
    const { rows } = await office.positions()
    const cancel = async (id: number | undefined) => {
      await cancelPositions(office.context, [id], 'errore di importo')
    }
    await cancel(rows[0]?.id)
    const { id } = await account(1)
    const preview = await call(campaign.preview, campaignInput({ emailAccountId: id }), { context: office.context })
    expect(preview.leftOut).toEqual([{ reason: 'Sono annullate', count: 1 }])
    expect(preview.channels).toEqual([{ channel: 'email', count: 2 }])
    const { campaign: stopped } = await start({ emailAccountId: id })
    expect(await states()).toEqual(['queued', 'queued'])
    expect(stopped).toMatchObject({ state: 'stopped', reason: expect.stringContaining('non si raggiunge') })
    await cancel(rows[1]?.id)
    const post = await postOffice()
    await account(post.port, id)
    await call(campaign.resume, { id: stopped.id }, { context: office.context })
    await office.context.outbox.idle()
    expect((await states()).toSorted()).toEqual(['cancelled', 'sent'])
    expect(await summary(stopped.id)).toMatchObject({ state: 'finished', channels: [{ done: 1 }] })
    expect(post.mails).toHaveLength(1)
  })

  it('keeps a refused address apart, tries a deferred one again, and sends to the corrected address', async () => {
    await office.raise([member(1), member(2, { email: 'chiuso@example.it' }), member(3, { email: 'pieno@example.it' })])
    await office.generate()
    let full = 2
    const post = await postOffice((address) => {
      if (address === 'chiuso@example.it') return { code: 550, text: 'utente sconosciuto' }
      if (address !== 'pieno@example.it' || full === 0) return null
      full -= 1
      return { code: 452, text: 'casella piena' }
    })
    const { id } = await account(post.port)
    const { campaign: begun } = await start({ emailAccountId: id })
    expect(begun.channels).toMatchObject([{ total: 3, done: 1, failed: 1, uncertain: 0, waiting: 1 }])
    expect(begun).toMatchObject({ state: 'running', remainingSeconds: expect.any(Number) })
    expect(begun.channels[0]).toMatchObject({
      ...{ stopped: false, nextAt: begun.nextAt, remainingSeconds: begun.remainingSeconds },
      perMinute: expect.any(Number),
    })
    const pauses: number[] = []
    while (full > 0 || (await summary(begun.id)).channels[0]?.waiting === 1) {
      const { nextAt } = await summary(begun.id)
      pauses.push(epochMsOf(nextAt as Instant) - office.context.clock.epochMs())
      await goOn()
      expect((await summary(begun.id)).nextAt).toBe(nextAt)
      await office.context.clock.waitUntil(epochMsOf(nextAt as Instant))
      await goOn()
    }
    expect(pauses).toEqual([expect.closeTo(30_000, -3), 120_000])
    expect((await summary(begun.id)).channels).toMatchObject([{ total: 3, done: 2, failed: 1, waiting: 0 }])
    const failed = await call(delivery.list, { filters: { state: ['failed'] } } as never, { context: office.context })
    expect(failed.rows[0]).toMatchObject({ address: 'chiuso@example.it', ordinal: 1 })
    expect(failed.rows[0]?.reply).toContain('utente sconosciuto')
    const row = failed.rows[0] as (typeof failed.rows)[number]
    const { person } = await import('../../src-main/services/person.ts')
    const contact = { personId: row.personId, kind: 'email', value: 'aperto@example.it' }
    await call(person.saveContact, contact as never, { context: office.context })
    const again = await call(delivery.retry, { ids: [row.id] }, { context: office.context })
    expect(again).toEqual({ queued: 1, leftOut: [] })
    await goOn()
    expect(post.mails.map((mail) => (mail.to as { text: string }).text).join()).toContain('aperto@example.it')
  })

  it('calls uncertain what the server took and never answered, and lets a person decide', async () => {
    await office.raise(members(1))
    await office.generate()
    const mute = await scripted((line, socket, inData) => {
      if (inData && line === '.') {
        socket.destroy()
        return null
      }
      if (inData) return null
      return line.startsWith('DATA') ? '354 avanti' : line.startsWith('EHLO') ? '250 prova' : '250 ok'
    })
    closers.push(mute.close)
    const { id } = await account(mute.at.port)
    const { campaign: sent } = await start({ emailAccountId: id })
    expect(sent.channels).toMatchObject([{ uncertain: 1, done: 0 }])
    await expect(start({ emailAccountId: id })).rejects.toThrow()
    const { rows } = await call(delivery.list, { filters: {} } as never, { context: office.context })
    const resolved = await call(
      delivery.resolve,
      { id: rows[0]?.id as never, as: 'sent', reason: 'mi ha telefonato' },
      { context: office.context },
    )
    expect(resolved).toMatchObject({ state: 'sent', reason: 'mi ha telefonato' })
  })

  it('says when nobody answers, and keeps everything waiting', async () => {
    await office.raise(members(2))
    await office.generate()
    const { id } = await account(1)
    const { campaign: stopped, problems } = await start({ emailAccountId: id })
    expect(problems.first).toEqual([])
    expect(stopped).toMatchObject({
      state: 'stopped',
      channels: [{ waiting: 2, done: 0, stopped: true, nextAt: null }],
    })
    expect(stopped.reason).toContain('non si raggiunge')
  })

  it('turns what a dead program left half way into a decision', async () => {
    await office.raise(members(1))
    await office.generate()
    const { id } = await account(1)
    await start({ emailAccountId: id })
    const { rows } = await call(delivery.list, { filters: {} } as never, { context: office.context })
    const at = office.context.clock.now()
    const write = { command: 'test', operator: 'prova', payload: {}, at }
    const { claimDelivery } = await import('#ledger/delivery-queue')
    const deliveryId = rows[0]?.id as never
    await office.context.ledger.write(write, (db) => claimDelivery(db, deliveryId, () => '<prova@ordine.example>', at))
    expect(await states()).toEqual(['sending'])
    expect(await recoverDeliveries(office.context)).toBe(1)
    expect(await states()).toEqual(['uncertain'])
    expect(await recoverDeliveries(office.context)).toBe(0)
  })

  it('pauses, goes on and is cancelled: what left has left, the rest is annulled with the reason', async () => {
    await office.raise(members(30))
    await office.generate()
    let asked = 0
    const pause = { at: 5, done: false }
    const post = await postOffice(() => {
      asked += 1
      if (asked === pause.at && !pause.done) {
        pause.done = true
        void call(campaign.pause, { id: 1 as never }, { context: office.context })
      }
      return null
    })
    const { id } = await account(post.port)
    const { campaign: paused } = await start({ emailAccountId: id })
    expect(paused.state).toBe('paused')
    const before = post.mails.length
    expect(before).toBeGreaterThanOrEqual(5)
    expect(before).toBeLessThan(12)
    await goOn()
    expect(post.mails.length).toBe(before)
    pause.at = before + 4
    pause.done = false
    await call(campaign.resume, { id: paused.id }, { context: office.context })
    await office.context.outbox.idle()
    const cancelled = await outcome(
      await call(campaign.cancel, { id: paused.id, reason: 'sbagliato il testo' }, { context: office.context }),
    )
    expect(cancelled).toMatchObject({ cancelled: 30 - post.mails.length, removed: 0 })
    await goOn()
    const after = await states()
    expect(after.filter((state) => state === 'sent')).toHaveLength(post.mails.length)
    expect(after.filter((state) => state === 'cancelled')).toHaveLength(30 - post.mails.length)
    expect((await summary(paused.id)).state).toBe('cancelled')
    await expect(call(campaign.resume, { id: paused.id }, { context: office.context })).rejects.toMatchObject({
      data: { problems: [{ code: 'CAMPAIGN_CANCELLED' }] },
    })
  })

  it('writes nothing when stopped while it prepares', async () => {
    await office.raise(members(60))
    await office.generate()
    const { id } = await account(1)
    const stop = new AbortController()
    const stream = await call(campaign.start, campaignInput({ emailAccountId: id }), office.options(stop.signal))
    await expect(outcome(stream, () => stop.abort())).rejects.toThrow()
    expect(await states()).toEqual([])
    const { count } = await call(campaign.list, { filters: {} } as never, { context: office.context })
    expect(count).toBe(0)
  })

  it('sends nothing to who stands on the stop list, also when put there after the queue was written', async () => {
    await office.raise(members(3))
    await office.generate()
    const { rows } = await office.positions()
    const stop = (n: number, channel: 'email' | 'pec' | null) =>
      call(
        deliveryStop.add,
        { personId: rows[n]?.personId as never, channel, reason: 'lo ha chiesto' },
        { context: office.context },
      )
    await stop(0, 'email')
    await stop(2, 'pec')
    const { id } = await account(1)
    const preview = await call(campaign.preview, campaignInput({ emailAccountId: id }), { context: office.context })
    expect(preview.leftOut).toEqual([{ reason: 'Nell’elenco di chi non riceve', count: 1 }])
    const { campaign: stopped } = await start({ emailAccountId: id })
    await stop(1, null)
    const post = await postOffice()
    await account(post.port, id)
    await call(campaign.resume, { id: stopped.id }, { context: office.context })
    await office.context.outbox.idle()
    expect(await states()).toEqual(['sent', 'suppressed'])
    expect(post.mails).toHaveLength(1)
  })

  it('resends one with its reason, and only when nothing of it is under way', async () => {
    await office.raise(members(1))
    await office.generate()
    const post = await postOffice()
    const { id } = await account(post.port)
    await start({ emailAccountId: id })
    const [row] = (await call(delivery.list, { filters: {} } as never, { context: office.context })).rows
    const again = { id: row?.id as never, reason: 'cancellata per sbaglio' }
    await call(delivery.resend, again, { context: office.context })
    await goOn()
    expect(post.mails).toHaveLength(2)
    expect(new Set(post.mails.map((mail) => mail.messageId)).size).toBe(2)
    const filters = { debtPositionId: row?.debtPositionId }
    const history = await call(delivery.list, { filters } as never, { context: office.context })
    expect(history.rows.map(({ ordinal, state }) => [ordinal, state])).toEqual([
      [2, 'sent'],
      [1, 'sent'],
    ])
    const one = await call(delivery.get, { id: history.rows[0]?.id as never }, { context: office.context })
    expect(one.attempts).toMatchObject([{ ordinal: 1, outcome: 'sent', messageId: post.mails[1]?.messageId }])
    expect(one.evidence).toMatchObject([{ title: 'Risposta del server di posta', hasFile: false }])
  })

  it('refuses a field that it does not know before anything is written', async () => {
    await office.raise(members(1))
    await office.generate()
    await expect(start({ emailAccountId: 1, body: 'Gentile {cognome}' })).rejects.toMatchObject({
      data: { problems: [{ code: 'TEMPLATE_FIELD_UNKNOWN', params: { field: 'cognome' } }] },
    })
  })
})

describe('a campaign into a folder', () => {
  it('writes one file a notice, takes an equal one as delivered and leaves a different one alone', async () => {
    await office.raise(members(3))
    await office.generate()
    const place = join(office.folder, 'consegne', 'avvisi')
    await mkdir(place, { recursive: true })
    const folder = await office.context.folders.tokenOf(place)
    const { rows } = await office.positions()
    const nameOf = (row: (typeof rows)[number] | undefined) => `${row?.fiscalCode}_2026_${row?.iuv}.pdf`
    const pdf = await call(notice.pdf, { debtPositionId: rows[0]?.id as never }, { context: office.context })
    await writeFile(join(place, nameOf(rows[0])), Buffer.from(await pdf.arrayBuffer()))
    await writeFile(join(place, nameOf(rows[1])), 'altro')
    const { campaign: put } = await start({ channels: ['folder'], folder })
    expect(put.channels).toMatchObject([{ channel: 'folder', total: 3, done: 2, failed: 1 }])
    expect((await readdir(place)).sort()).toEqual(rows.map(nameOf).sort())
    expect(await readFile(join(place, nameOf(rows[1])), 'utf8')).toBe('altro')
    const list = await call(delivery.list, { filters: { state: ['failed'] } } as never, { context: office.context })
    expect(list.rows[0]?.reason).toContain('con un altro contenuto')
  })

  it('puts a changed notice in the place of its own former file, and leaves alone one that somebody has touched', async () => {
    await office.raise(members(2))
    await office.generate()
    const place = join(office.folder, 'consegne', 'avvisi')
    await mkdir(place, { recursive: true })
    const folder = await office.context.folders.tokenOf(place)
    await start({ channels: ['folder'], folder })
    const { rows } = await office.positions()
    const paths = rows.map((row) => join(place, `${row.fiscalCode}_2026_${row.iuv}.pdf`))
    const [former] = await Promise.all(paths.map((path) => readFile(path)))
    await writeFile(paths[1] as string, 'annotato a mano')
    const input = {
      selection: { ids: rows.map((row) => row.id) },
      change: { dueDate: { kind: 'to' as const, date: isoDate('2026-06-30') } },
    }
    const ask = { context: office.context }
    const { stamp } = await call(positionAct.changePreview, input, ask)
    await outcome(await call(positionAct.change, { ...input, reason: 'Proroga', expected: 2, stamp }, ask))
    const { campaign: again } = await start({ channels: ['folder'], folder })
    expect(again.channels).toMatchObject([{ channel: 'folder', total: 2, done: 1, failed: 1 }])
    expect((await readdir(place)).length).toBe(2)
    expect((await readFile(paths[0] as string)).equals(former as Buffer)).toBe(false)
    expect(await readFile(paths[1] as string, 'utf8')).toBe('annotato a mano')
  })

  it('names the files by the institution’s pattern, and leaves out two that would be one', async () => {
    await office.raise([member(1, { name: 'ROSSI MARIO' }), member(2, { name: 'Rossi Mario' }), member(3)])
    await office.generate()
    const style = async (fileNamePattern: string) => {
      const entry = { command: 'test', operator: 'prova', payload: {}, at: office.context.clock.now() }
      await office.context.ledger.write(entry, async (db) =>
        saveNoticeStyle(db, { ...(await readNoticeStyle(db)), fileNamePattern, secondLanguage: 'de' }),
      )
    }
    await style('{nome}')
    const place = join(office.folder, 'consegne', 'avvisi')
    await mkdir(place, { recursive: true })
    const folder = await office.context.folders.tokenOf(place)
    const asked = campaignInput({ channels: ['folder'], folder })
    const preview = await call(campaign.preview, asked, { context: office.context })
    expect(preview.channels).toEqual([{ channel: 'folder', count: 2 }])
    expect(preview.leftOut).toEqual([{ reason: 'Il file avrebbe il nome di un altro avviso', count: 1 }])
    await style('{nome} {numeroAvviso}')
    await start({ channels: ['folder'], folder })
    const { rows } = await office.positions()
    const names = rows.map((row) => `${row.personName.replaceAll('’', '-')} ${row.noticeNumber}.pdf`)
    expect((await readdir(place)).sort()).toEqual(names.sort())
    const kept = await office.context.ledger.read((db) =>
      db.selectFrom('notice').select(['layout', 'languages', 'sha256']).execute(),
    )
    const written = await Promise.all(names.map(async (name) => sha256(await readFile(join(place, name)))))
    expect(kept.map((row) => row.sha256).sort()).toEqual(written.sort())
    for (const row of kept) expect([row.layout, row.languages]).toEqual([expect.stringMatching(/^a4-/), 'it+de'])
  })

  it('carries a plan, and says its instalments in the mail', async () => {
    await office.raise(members(1))
    const plan = generation() as { parameters: object }
    const installments = { count: 3, withSingle: false, firstDue: '2026-03-31', everyMonths: 1 }
    const asked = { ...plan, parameters: { ...plan.parameters, installments } } as never
    await outcome(await call(debtPosition.generate, asked, { context: office.context }))
    const post = await postOffice()
    const { id } = await account(post.port)
    const { body } = await call(campaign.defaults, {}, { context: office.context })
    await start({ emailAccountId: id, body })
    const text = post.mails[0]?.text ?? ''
    expect(text).toContain('Importo: 215,00 euro')
    expect(text).toMatch(/Si può pagare in 3 rate: 71,67 euro il 31\/03\/2026, 71,67 euro il 30\/04\/2026 e 71,66 euro/)
    const { rows } = await office.positions()
    expect(text).toContain(`Numero avviso: ${rows[0]?.noticeNumber.replace(/(.{4})(?=.)/g, '$1 ')}`)
  })
})

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
