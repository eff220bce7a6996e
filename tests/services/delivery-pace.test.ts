import { call } from '@orpc/server'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { epochMsOf, type Instant, instantOf } from '#domain/date'
import { FakeClock } from '#hosts/clock'
import { campaign } from '../../src-main/services/campaign.ts'
import { secretName } from '../../src-main/services/mail-secret.ts'
import { Pace } from '../../src-main/services/outbox/pace.ts'
import { scripted } from '../gateways/smtp-test-server.ts'
import { members, type Office, openOffice } from './office.ts'
import { postOffice, saveAccount, sending } from './support/sending.ts'

const DAY_MS = 86_400_000
const MINUTE_MS = 60_000

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

async function openPost() {
  const post = await postOffice()
  closers.push(post.close)
  return post
}

/** Two campaigns of as many people each, on one account. */
async function twoCampaigns(people: number, emailAccountId: number) {
  await office.raise(members(people * 2))
  await office.generate()
  const { rows } = await office.positions()
  const ids = rows.map(({ id }) => id)
  const first = await start({ emailAccountId, selection: { ids: ids.slice(0, people) } })
  const second = await start({ emailAccountId, selection: { ids: ids.slice(people) } })
  return [first.campaign.id, second.campaign.id] as const
}

async function restart() {
  office = await office.restart()
  await goOn()
}

/** When each message left, oldest first. */
async function moments(): Promise<number[]> {
  const rows = await office.context.ledger.read((db) => db.selectFrom('deliveryAttempt').select('startedAt').execute())
  return rows.map(({ startedAt }) => epochMsOf(startedAt)).sort((a, b) => a - b)
}

describe('the pace of an account', () => {
  it('of messages a day holds for two campaigns together, and over restarts', async () => {
    const post = await openPost()
    const { id } = await saveAccount(office, post.port, { pacing: { perDay: 5 } })
    const [, second] = await twoCampaigns(4, id)
    expect(post.mails).toHaveLength(5)
    const held = await summary(second)
    expect(held).toMatchObject({ state: 'waiting', reason: 'Raggiunto il limite al giorno dell’account' })
    await restart()
    clock.advance(DAY_MS / 2)
    await restart()
    expect(post.mails).toHaveLength(5)
    expect((await summary(second)).nextAt).toBe(held.nextAt)
    clock.moveTo(held.nextAt as Instant)
    await goOn()
    expect(post.mails).toHaveLength(8)
    const left = await moments()
    for (const at of left) {
      const inDay = left.filter((other) => other > at - DAY_MS && other <= at)
      expect(inDay.length).toBeLessThanOrEqual(5)
    }
    expect(new Set(post.mails.map(({ messageId }) => messageId)).size).toBe(8)
  })

  it('pauses between batches, for two campaigns together and over restarts', async () => {
    const post = await openPost()
    const { id } = await saveAccount(office, post.port, { pacing: { batch: { size: 3, pauseSeconds: 600 } } })
    const [first, second] = await twoCampaigns(4, id)
    expect(post.mails).toHaveLength(3)
    for (const sent of [6, 8]) {
      await restart()
      clock.advance(5 * MINUTE_MS)
      await goOn()
      expect(post.mails.length).toBeLessThan(sent)
      const { state, reason, nextAt } = await summary(second)
      expect([state, reason]).toEqual(['waiting', 'Pausa fra un gruppo e l’altro'])
      clock.moveTo(nextAt as Instant)
      await goOn()
      expect(post.mails).toHaveLength(sent)
    }
    const left = await moments()
    const pauses = left.slice(1).map((at, n) => at - (left[n] as number))
    expect(pauses.map((ms) => ms >= 600_000)).toEqual([false, false, true, false, false, true, false])
    expect([(await summary(first)).state, (await summary(second)).state]).toEqual(['finished', 'finished'])
  })

  it('does not wait for moments of a clock that was put back', async () => {
    const post = await openPost()
    const { id } = await saveAccount(office, post.port, { pacing: { perMinute: 1 } })
    await twoCampaigns(1, id)
    const before = clock.epochMs() - 60 * MINUTE_MS
    const pacing = { perMinute: 1, perDay: null, batch: null, window: null }
    const pace = await office.context.ledger.read((db) => Pace.read(db, `mail:${id}`, pacing, before))
    expect(pace.next(before).at).toBe(before + MINUTE_MS)
  })

  it('of messages a minute is kept by who has just been opened', async () => {
    const post = await openPost()
    const { id } = await saveAccount(office, post.port, { pacing: { perMinute: 1 } })
    await twoCampaigns(1, id)
    expect(post.mails).toHaveLength(1)
    await restart()
    expect(post.mails).toHaveLength(1)
    clock.advance(MINUTE_MS)
    await goOn()
    expect(post.mails).toHaveLength(2)
    const [one, two] = await moments()
    expect((two as number) - (one as number)).toBeGreaterThanOrEqual(MINUTE_MS)
  })
})

describe('a server that does not answer', () => {
  it('is tried again by itself, ever more rarely, until it answers', async () => {
    await office.raise(members(2))
    await office.generate()
    const { id } = await saveAccount(office, 1)
    const { campaign: stopped } = await start({ emailAccountId: id })
    for (const minutes of [1, 5, 15, 30, 30]) {
      const { state, nextAt } = await summary(stopped.id)
      expect(state).toBe('stopped')
      const at = epochMsOf(nextAt as Instant)
      expect(Math.round(at - clock.epochMs())).toBe(minutes * MINUTE_MS)
      clock.moveTo(instantOf(at - 1))
      await goOn()
      expect((await summary(stopped.id)).nextAt).toBe(nextAt)
      clock.moveTo(nextAt as Instant)
      await goOn()
    }
    const post = await openPost()
    await saveAccount(office, post.port, { id })
    clock.advance(30 * MINUTE_MS)
    await goOn()
    expect(await states()).toEqual(['sent', 'sent'])
    expect(post.mails).toHaveLength(2)
    // The next silence begins again from a minute.
    const ways = await office.context.ledger.read((db) => db.selectFrom('campaignWay').selectAll().execute())
    expect(ways).toMatchObject([{ retries: 0, retryAt: null, stoppedReason: null }])
  })

  it('is tried again when the program opens, whatever the clock says', async () => {
    await office.raise(members(2))
    await office.generate()
    const { id } = await saveAccount(office, 1)
    const { campaign: stopped } = await start({ emailAccountId: id })
    expect(stopped.state).toBe('stopped')
    const post = await openPost()
    await saveAccount(office, post.port, { id })
    await goOn()
    expect(post.mails).toHaveLength(0)
    await restart()
    expect(await states()).toEqual(['sent', 'sent'])
    expect((await summary(stopped.id)).state).toBe('finished')
  })

  it('is not tried again by itself when it is a person who must put it right', async () => {
    await office.raise(members(1))
    await office.generate()
    let asked = 0
    const wrong = await scripted((line) => {
      if (line.startsWith('EHLO')) return '250-prova\r\n250 AUTH PLAIN LOGIN'
      if (!line.startsWith('AUTH')) return '250 ok'
      asked += 1
      return '535 5.7.8 credenziali errate'
    })
    closers.push(wrong.close)
    const { id } = await saveAccount(office, wrong.at.port)
    const entry = { command: 'test', operator: 'prova', payload: {}, at: clock.now() }
    await office.context.ledger.write(entry, (db) => db.updateTable('mailAccount').set({ user: 'ordine' }).execute())
    await office.context.secrets.set(secretName(id), 'sbagliata')
    const { campaign: stopped } = await start({ emailAccountId: id })
    expect(stopped).toMatchObject({ state: 'stopped', nextAt: null })
    expect(asked).toBeGreaterThan(0)
    const before = asked
    clock.advance(DAY_MS)
    await restart()
    expect(asked).toBe(before)
    expect((await summary(stopped.id)).state).toBe('stopped')
    await call(campaign.resume, { id: stopped.id }, { context: office.context })
    await goOn()
    expect((await list()).map(({ state }) => state)).toEqual(['queued'])
  })
})
