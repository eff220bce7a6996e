import { call } from '@orpc/server'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Id } from '#domain/brand'
import { FakeClock } from '#hosts/clock'
import { claimDelivery, endAttempt } from '#ledger/delivery-queue'
import { campaign } from '../../src-main/services/campaign.ts'
import { delivery } from '../../src-main/services/delivery.ts'
import { members, type Office, openOffice, outcome } from './office.ts'
import { type PostOffice, postOffice, saveAccount, sending } from './support/sending.ts'

let clock: FakeClock
let office: Office
let post: PostOffice
/** Recipients that the server refuses for ever. */
const refused = new Set<string>()
const { start, summary, goOn, list, states } = sending(() => office)

beforeEach(async () => {
  clock = new FakeClock()
  office = await openOffice(clock)
  refused.clear()
  post = await postOffice((to) => (refused.has(to) ? { code: 550, text: 'utente sconosciuto' } : null))
})
afterEach(async () => {
  await post.close()
  await office.close()
})

const options = () => ({ context: office.context })

/** Two clicks one right after the other. */
const twice = <T>(click: () => Promise<T>) => Promise.allSettled([click(), click()])
const codesOf = (results: readonly PromiseSettledResult<unknown>[]) =>
  results.map((one) => (one.status === 'fulfilled' ? 'fatto' : one.reason?.data?.problems?.[0]?.code))

async function prepared(people: number, more: Record<string, unknown> = {}) {
  await office.raise(members(people))
  await office.generate()
  const { id: emailAccountId } = await saveAccount(office, post.port)
  return start({ emailAccountId, ...more })
}

/** Makes the first delivery uncertain, as a program that dies while it leaves. */
async function makeUncertain(id: Id<'delivery'>) {
  const at = clock.now()
  await office.context.ledger.write({ command: 'test', operator: 'prova', payload: {}, at }, async (db) => {
    const attempt = await claimDelivery(db, id, () => `<perduto${id}@ordine.example>`, at, null)
    if (attempt === null) throw new Error('it does not wait')
    const lost = { outcome: 'interrupted', reply: null, reason: 'Il programma si è fermato', evidence: null }
    await endAttempt(db, { id, attemptId: attempt.attemptId, state: 'uncertain', ...lost }, at)
  })
}

describe('a second click', () => {
  it('on «Pausa» and on «Riprendi» leaves things as the first did', async () => {
    const startAt = '2026-02-03T08:00:00.000Z'
    const { campaign: one } = await prepared(3, { startAt })
    const pause = () => call(campaign.pause, { id: one.id }, options())
    const paused = await twice(pause)
    expect(paused).toMatchObject([{ value: { state: 'paused' } }, { value: { state: 'paused' } }])
    clock.moveTo(startAt as never)
    await goOn()
    expect(post.mails).toHaveLength(0)
    const resumed = await twice(() => call(campaign.resume, { id: one.id }, options()))
    expect(codesOf(resumed)).toEqual(['fatto', 'fatto'])
    await goOn()
    expect(post.mails).toHaveLength(3)
    await twice(() => call(campaign.resume, { id: one.id }, options()))
    await twice(pause)
    await goOn()
    expect(post.mails).toHaveLength(3)
    expect((await summary(one.id)).state).toBe('finished')
  })

  it('on «Annulla» while it runs takes back the rest once, and keeps the first moment and reason', async () => {
    let cancelled: ReturnType<typeof twice> | undefined
    let id = 1 as Id<'campaign'>
    let reasons = 0
    const cancel = async () => {
      reasons += 1
      return outcome(await call(campaign.cancel, { id, reason: `motivo ${reasons}` }, options()))
    }
    await post.close()
    post = await postOffice(() => {
      if (post.mails.length === 3) cancelled ??= twice(cancel)
      return null
    })
    const { campaign: one } = await prepared(20)
    id = one.id
    const [first, second] = (await cancelled) as PromiseFulfilledResult<{ cancelled: number }>[]
    expect([first?.status, second?.status]).toEqual(['fulfilled', 'fulfilled'])
    const sent = post.mails.length
    expect(sent).toBeLessThan(8)
    expect([first?.value.cancelled, second?.value.cancelled]).toEqual([20 - sent, 0])
    await goOn()
    expect(post.mails).toHaveLength(sent)
    const row = () =>
      office.context.ledger.read((db) => db.selectFrom('campaign').selectAll().executeTakeFirstOrThrow())
    const { cancelledAt } = await row()
    clock.advance(60_000)
    expect(await cancel()).toMatchObject({ cancelled: 0 })
    expect((await row()).cancelledAt).toBe(cancelledAt)
    expect(new Set((await list()).map(({ state, reason }) => `${state} ${reason}`))).toEqual(
      new Set(['sent null', 'cancelled motivo 1']),
    )
    const [late] = await list()
    const after = await Promise.allSettled([
      call(campaign.pause, { id }, options()),
      call(delivery.resend, { id: late?.id as never, reason: 'ancora' }, options()),
    ])
    expect(codesOf(after)).toEqual(['CAMPAIGN_CANCELLED', 'CAMPAIGN_CANCELLED'])
    expect(await call(delivery.retry, { ids: [late?.id as never] }, options())).toEqual({
      queued: 0,
      leftOut: [{ reason: 'La campagna è annullata', count: 1 }],
    })
  })

  it('on what was still leaving when its campaign was annulled finds nothing that waits for ever', async () => {
    let cancelled: Promise<unknown> | undefined
    const cancel = async () => outcome(await call(campaign.cancel, { id: 1 as never, reason: '' }, options()))
    await post.close()
    post = await postOffice(() => {
      cancelled ??= cancel()
      return { code: 451, text: 'riprova più tardi' }
    })
    await prepared(2)
    await cancelled
    expect((await list()).map(({ state, reason }) => [state, reason])).toEqual([
      ['cancelled', 'Campagna annullata'],
      ['cancelled', 'Campagna annullata'],
    ])
  })

  it('on an uncertain one of an annulled campaign does not put it in a queue that never leaves', async () => {
    const { campaign: one } = await prepared(1, { startAt: '2026-02-03T08:00:00.000Z' })
    const [row] = await list()
    await makeUncertain(row?.id as never)
    await outcome(await call(campaign.cancel, { id: one.id, reason: '' }, options()))
    const decide = (as: 'sent' | 'queued') =>
      call(delivery.resolve, { id: row?.id as never, as, reason: '' }, options())
    expect(codesOf(await Promise.allSettled([decide('queued')]))).toEqual(['CAMPAIGN_CANCELLED'])
    expect(await states()).toEqual(['uncertain'])
    expect(await decide('sent')).toMatchObject({ state: 'sent' })
  })

  it('on «Riprova» sends once, also when the first retry has failed meanwhile', async () => {
    refused.add('socio0@example.it').add('socio1@example.it')
    await prepared(3)
    const ids = (await list({ state: ['failed'] })).map(({ id }) => id)
    expect(ids).toHaveLength(2)
    const retry = () => call(delivery.retry, { ids }, options())
    refused.delete('socio0@example.it')
    const both = await twice(retry)
    expect(both).toMatchObject([
      { value: { queued: 2, leftOut: [] } },
      { value: { queued: 0, leftOut: [{ reason: 'Già riprovate', count: 2 }] } },
    ])
    await goOn()
    expect(await states()).toEqual(['failed', 'sent', 'sent'])
    // The one that failed again is another delivery now: the old row does not send a third.
    expect(await retry()).toEqual({ queued: 0, leftOut: [{ reason: 'Già riprovate', count: 2 }] })
    await goOn()
    expect(post.mails).toHaveLength(2)
  })

  it('on «Rispedisci» sends once, however late it comes', async () => {
    await prepared(1)
    const [row] = await list()
    const resend = () => call(delivery.resend, { id: row?.id as never, reason: 'cancellata per sbaglio' }, options())
    expect(codesOf(await twice(resend))).toEqual(['fatto', 'DELIVERY_SENT_AGAIN'])
    await goOn()
    expect(codesOf(await Promise.allSettled([resend()]))).toEqual(['DELIVERY_SENT_AGAIN'])
    expect(post.mails).toHaveLength(2)
    const [again] = await list()
    await call(delivery.resend, { id: again?.id as never, reason: 'ancora' }, options())
    await goOn()
    expect(post.mails).toHaveLength(3)
  })

  it('on the decision of an uncertain one decides once', async () => {
    const startAt = '2026-02-03T08:00:00.000Z' as never
    const { campaign: one } = await prepared(2, { startAt })
    const [first, second] = await list()
    await makeUncertain(first?.id as never)
    await makeUncertain(second?.id as never)
    clock.moveTo(startAt)
    const decide = (id: unknown, as: 'sent' | 'queued') => () =>
      call(delivery.resolve, { id: id as never, as, reason: '' }, options())
    expect(codesOf(await twice(decide(first?.id, 'queued')))).toEqual(['fatto', 'DELIVERY_NOT_UNCERTAIN'])
    expect(codesOf(await twice(decide(second?.id, 'sent')))).toEqual(['fatto', 'DELIVERY_NOT_UNCERTAIN'])
    await goOn()
    expect(post.mails).toHaveLength(1)
    expect(await states()).toEqual(['sent', 'sent'])
    expect((await summary(one.id)).state).toBe('finished')
  })

  it('on «Togli dalla coda» takes back what has not left, once', async () => {
    const { campaign: one } = await prepared(3, { startAt: '2026-02-03T08:00:00.000Z' })
    const ids = (await list()).map(({ id }) => id).slice(0, 2)
    const both = await twice(() => call(delivery.cancel, { ids, reason: '' }, options()))
    expect(both).toMatchObject([{ value: { cancelled: 2 } }, { value: { cancelled: 0 } }])
    clock.moveTo('2026-02-03T08:00:00.000Z' as never)
    await goOn()
    expect(post.mails).toHaveLength(1)
    expect((await summary(one.id)).channels).toMatchObject([{ done: 1, cancelled: 2 }])
  })
})
