import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { call } from '@orpc/server'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { REMINDER_BODY, REMINDER_SUBJECT } from '#domain/mail-template'
import { campaign } from '../../src-main/services/campaign.ts'
import { delivery } from '../../src-main/services/delivery.ts'
import { ioService } from '../../src-main/services/io-service.ts'
import { IO_KEY, type IoServer, ioServer } from '../gateways/io-server.ts'
import { member, type Office, openOffice, outcome } from './office.ts'

let office: Office
let server: IoServer

beforeEach(async () => {
  server = await ioServer()
  office = await openOffice()
  const pacing = { perMinute: 6000, perDay: null, batch: null, window: null }
  const input = { enabled: true, baseUrl: server.baseUrl, pacing, key: IO_KEY } as never
  await call(ioService.save, input, { context: office.context })
  await office.raise([1, 2, 3].map((n) => member(n, { amountCents: 30_000 as never })))
  await office.generate({ installments: { count: 3, withSingle: true, firstDue: '2026-03-31', everyMonths: 1 } })
})
afterEach(async () => {
  await office.close()
  await server.close()
})

const write = (work: Parameters<typeof office.context.ledger.write>[1]) =>
  office.context.ledger.write(
    { command: 'test', operator: 'prova', payload: {}, at: office.context.clock.now() },
    work as never,
  )

/** What the reconciliation would keep: the first `count` instalments of the plan are paid. */
async function pay(id: number | undefined, count: number, payment: 'partiallyPaid' | 'paid') {
  await write(async (db) => {
    const rows = await db
      .selectFrom('installment')
      .innerJoin('paymentOption', 'paymentOption.id', 'installment.paymentOptionId')
      .where('paymentOption.debtPositionId', '=', id as never)
      .where('paymentOption.kind', '=', 'plan')
      .select('installment.id')
      .orderBy('installment.ordinal')
      .limit(count)
      .execute()
    for (const row of rows) {
      const values = { state: 'paid' as const, paidTwice: 0 as const, otherOptionPaid: 0 as const }
      const none = { paidDate: null, reportingFlowId: null, bankMovementId: null }
      await db
        .insertInto('installmentState')
        .values({ installmentId: row.id, ...values, ...none })
        .onConflict((conflict) => conflict.column('installmentId').doUpdateSet(values))
        .execute()
    }
    await db
      .updateTable('debtPosition')
      .set({ payment })
      .where('id', '=', id as never)
      .execute()
  })
}

async function input(more: Record<string, unknown> = {}) {
  const { rows } = await office.positions()
  const selection = { ids: rows.map((row) => row.id) }
  return {
    selection,
    channels: ['io'],
    purpose: 'reminder',
    subject: REMINDER_SUBJECT,
    body: REMINDER_BODY,
    ...more,
  } as never
}

async function send(more: Record<string, unknown> = {}) {
  const started = await outcome(await call(campaign.start, await input(more), office.options()))
  await office.context.outbox.idle()
  return started.campaign.id
}

const states = async () =>
  (await call(delivery.list, { filters: {}, limit: 500 } as never, { context: office.context })).rows
    .map((row) => row.state)
    .toSorted()

describe('reminders', () => {
  it('ask who paid a part for the rest, and leave out who paid all', async () => {
    const ids = (await office.positions()).rows.map((row) => row.id)
    await pay(ids[0], 3, 'paid')
    await pay(ids[1], 1, 'partiallyPaid')
    const preview = await call(campaign.preview, await input(), { context: office.context })
    expect(preview.leftOut).toEqual([{ reason: 'Sono già pagate', count: 1 }])
    await send()
    expect(server.faults).toEqual([])
    const due = server.messages.map(({ content }) => [
      content.due_date,
      (content.payment_data as { amount: number }).amount,
    ])
    expect(due.toSorted()).toEqual([
      ['2026-03-31T21:59:59.000Z', 30_000],
      ['2026-04-30T21:59:59.000Z', 10_000],
    ])
    const rest = server.messages.find(({ content }) => content.due_date === '2026-04-30T21:59:59.000Z')
    expect(rest?.content.markdown).toContain('Resta da pagare: 200,00 euro')
    expect(rest?.content.markdown).toContain('in 2 rate da 100,00 euro il 30/04/2026 e il 31/05/2026')
  })

  it('go again to who was reached before, by a notice or by a reminder', async () => {
    await send({ purpose: 'notice' })
    await expect(send({ purpose: 'notice' })).rejects.toMatchObject({
      data: { problems: [{ code: 'CAMPAIGN_NOTHING' }] },
    })
    await send()
    await send()
    expect(server.messages).toHaveLength(9)
  })

  it('do not reach who pays between the confirmation and the sending', async () => {
    const ids = (await office.positions()).rows.map((row) => row.id)
    const id = await send({ startAt: '2026-12-01T08:00:00.000Z' })
    expect(await states()).toEqual(['queued', 'queued', 'queued'])
    await pay(ids[0], 3, 'paid')
    await write((db) => db.updateTable('campaign').set({ startAt: null }).where('id', '=', id).execute() as never)
    office.context.outbox.kick()
    await office.context.outbox.idle()
    expect(await states()).toEqual(['sent', 'sent', 'suppressed'])
    expect(server.messages).toHaveLength(2)
  })

  it('by post also reach who paid a part', async () => {
    const place = join(office.folder, 'consegne', 'posta')
    await mkdir(place, { recursive: true })
    const ids = (await office.positions()).rows.map((row) => row.id)
    await pay(ids[0], 1, 'partiallyPaid')
    const folder = await office.context.folders.tokenOf(place)
    await send({ channels: ['post'], folder })
    expect(await states()).toEqual(['delivered', 'delivered', 'delivered'])
  })

  it('propose a text of their own, kept apart from that of the notices', async () => {
    const defaults = (purpose: string) => call(campaign.defaults, { purpose } as never, { context: office.context })
    expect((await defaults('reminder')).body).toBe(REMINDER_BODY)
    const body = `${REMINDER_BODY}Saluti`
    await send({ body })
    expect((await defaults('reminder')).body).toBe(body)
    expect((await defaults('notice')).body).not.toContain('Saluti')
  })
})
