import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { call } from '@orpc/server'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { writeReportingFlow } from '#codecs/flow-xml-write'
import { isoDate } from '#domain/date'
import { REMINDER_BODY, REMINDER_SUBJECT } from '#domain/mail-template'
import { cents } from '#domain/money'
import { groupNoticeNumber } from '#domain/notice-number'
import { REHEARSAL_INSTITUTION } from '#domain/rehearsal-register'
import { FIRST_REMINDER, type ReminderChoice, reminderFilters } from '#domain/reminder'
import { FakeClock } from '#hosts/clock'
import { saveLetter } from '#ledger/letter'
import { readNoticeFacts } from '#ledger/notice-facts'
import { campaign } from '../../src-main/services/campaign.ts'
import { delivery } from '../../src-main/services/delivery.ts'
import { ioService } from '../../src-main/services/io-service.ts'
import { notice } from '../../src-main/services/notice.ts'
import { reportingFlow } from '../../src-main/services/reporting-flow.ts'
import { pageTexts } from '../codecs/pdf-tools.ts'
import { IO_KEY, type IoServer, ioServer } from '../gateways/io-server.ts'
import { member, type Office, openOffice, outcome } from './office.ts'

let office: Office
let server: IoServer
let clock: FakeClock

beforeEach(async () => {
  server = await ioServer()
  clock = new FakeClock()
  office = await openOffice(clock)
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

async function placeFor(name: string): Promise<string> {
  const place = join(office.folder, 'consegne', name)
  await mkdir(place, { recursive: true })
  return place
}

const textOf = async (bytes: Uint8Array) => (await pageTexts(bytes)).join(' ').replace(/\s+/g, ' ')

/** A flow that tells of these payments, imported as the office does. */
async function flow(...rows: (readonly [iuv: string | undefined, amount: number])[]) {
  const day = isoDate('2026-02-28')
  const flowId = `${day}AAAAITM1XXX-000001`
  const bytes = writeReportingFlow({
    ...{ flowId, flowDateTime: `${day}T09:00:00`, regulationId: 'TRN1', regulationDate: day },
    ...{ senderType: 'B', senderId: 'AAAAITM1XXX', senderName: 'PSP Alfa', bic: null },
    ...{ receiverFiscalCode: REHEARSAL_INSTITUTION.fiscalCode, receiverName: null },
    rows: rows.map(([iuv = '', amount], n) => ({
      ...{ iuv, iur: `IUR${n}`, index: 1, amountCents: cents(amount), outcome: '0', outcomeDate: day },
    })),
  })
  const writer = await office.context.files.create(`${flowId}.xml`, 'application/xml')
  await writer.write(bytes)
  await outcome(await call(reportingFlow.import, { tokens: [await writer.commit()] }, office.options()))
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

  it('are chosen by days and deliveries, partial payers by their next instalment', async () => {
    const ids = (await office.positions()).rows.map((row) => row.id)
    await pay(ids[0], 1, 'partiallyPaid')
    await pay(ids[2], 3, 'paid')
    await send({ selection: { ids: [ids[1]] } })
    const chosen = async (day: string, choice: Partial<ReminderChoice>) => {
      clock.moveTo(`${day}T10:00:00.000Z` as never)
      const { state, ...more } = reminderFilters({ ...FIRST_REMINDER, ...choice }, isoDate(day))
      return (await office.positions({ ...more, state: [...state] })).rows.map((row) => ids.indexOf(row.id)).toSorted()
    }
    expect(await chosen('2026-03-20', { whom: 'soon', soonDays: 15 })).toEqual([1])
    expect(await chosen('2026-03-20', { whom: 'overdue' })).toEqual([])
    expect(await chosen('2026-03-20', { whom: 'never' })).toEqual([0])
    expect(await chosen('2026-03-20', { whom: 'all' })).toEqual([0, 1])
    expect(await chosen('2026-04-20', { whom: 'soon', soonDays: 15 })).toEqual([0])
    expect(await chosen('2026-04-20', { whom: 'overdue', overdueDays: 20 })).toEqual([1])
    expect(await chosen('2026-04-20', { whom: 'overdue', overdueDays: 21 })).toEqual([])
    expect(await chosen('2026-05-01', { whom: 'overdue' })).toEqual([0, 1])
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

  it('carry on paper only the instalments that are left, under their own numbers', async () => {
    const ids = (await office.positions()).rows.map((row) => row.id)
    await pay(ids[0], 1, 'partiallyPaid')
    await pay(ids[1], 2, 'partiallyPaid')
    const facts = await office.context.ledger.read((db) => readNoticeFacts(db, ids))
    const numbers = facts.map(({ payments: { single, installments } }) =>
      [single, ...installments].map((one) => (one === null ? '' : groupNoticeNumber(one.noticeNumber))),
    )
    const expected = [
      [false, false, true, true],
      [false, false, false, true],
      [true, true, true, true],
    ]
    const carried = (text: string, person: number) => numbers[person]?.map((number) => text.includes(number))

    // On a folder: a file of its own, that says whose instalments they are.
    const folder = await placeFor('cartella')
    await send({ channels: ['folder'], folder: await office.context.folders.tokenOf(folder) })
    expect(await states()).toEqual(['delivered', 'delivered', 'delivered'])
    for (const [person, one] of facts.entries()) {
      const own = (await readdir(folder)).filter((name) => name.startsWith(one.fiscalCode as string))
      expect(own).toHaveLength(1)
      const leading = [one.payments.installments[1], one.payments.installments[2], one.payments.single][person]
      expect(own[0]).toContain(leading?.iuv)
      const text = await textOf(await readFile(join(folder, own[0] as string)))
      expect(carried(text, person)).toEqual(expected[person])
      expect(['Rata 1', 'Rata 2', 'Rata 3'].map((name) => text.includes(name))).toEqual(
        [
          [false, true, true],
          [false, false, true],
          [true, true, true],
        ][person],
      )
    }

    // By post: the same papers and the number of what is left in the list, and a letter that says the rest.
    const text = {
      name: 'Sollecito',
      subject: 'Sollecito',
      body: 'Di {importo} euro\nrestano {importoResiduo} euro: {rateDaPagare}.',
      signature: '',
    }
    let letter: number | null = null
    await write(async (db) => {
      letter = await saveLetter(db, null, text)
    })
    const post = await placeFor('posta')
    await send({
      channels: ['post'],
      folder: await office.context.folders.tokenOf(post),
      postMerged: true,
      letter: { id: letter, place: 'before' },
    })
    const batch = join(post, (await readdir(post))[0] as string)
    const pages = await textOf(await readFile(join(batch, 'avvisi.pdf')))
    for (const [person, flags] of expected.entries()) expect(carried(pages, person)).toEqual(flags)
    expect(pages).toContain(
      'Di 300,00 euro restano 200,00 euro: in 2 rate da 100,00 euro il 30/04/2026 e il 31/05/2026.',
    )
    expect(pages).toContain('restano 100,00 euro: in una rata da 100,00 euro il 31/05/2026.')
    const list = await readFile(join(batch, 'indirizzi.csv'), 'utf8')
    expect(list).toContain(facts[0]?.payments.installments[1]?.noticeNumber)
    expect(list).not.toContain(facts[0]?.payments.installments[0]?.noticeNumber)

    // The sample to approve is the one that leaves.
    const sample = await call(notice.pdf, { debtPositionId: ids[1], purpose: 'reminder' } as never, {
      context: office.context,
    })
    expect(carried(await textOf(new Uint8Array(await sample.arrayBuffer())), 1)).toEqual(expected[1])
  })

  it('leave out what can no longer be paid, before and at the moment of sending', async () => {
    const whole = { context: office.context }
    clock.moveTo('2026-12-31T22:59:00.000Z' as never)
    expect((await call(campaign.preview, await input(), whole)).leftOut).toEqual([])
    const id = await send({ startAt: '2026-12-31T22:59:59.000Z' })
    expect(await states()).toEqual(['queued', 'queued', 'queued'])
    clock.advance(60_000)
    office.context.outbox.kick()
    await office.context.outbox.idle()
    expect(await states()).toEqual(['suppressed', 'suppressed', 'suppressed'])
    const { rows } = await call(delivery.list, { filters: { campaignId: id }, limit: 9 } as never, whole)
    expect(rows[0]?.reason).toBe('La posizione non si può più pagare: valeva fino al 31/12/2026')
    expect(server.messages).toEqual([])
    const preview = await call(campaign.preview, await input(), whole)
    expect(preview.leftOut).toEqual([{ reason: 'Non si possono più pagare: valevano fino al 31/12/2026', count: 3 }])
    expect(preview.channels).toEqual([{ channel: 'io', count: 0 }])
    await expect(send()).rejects.toMatchObject({ data: { problems: [{ code: 'CAMPAIGN_NOTHING' }] } })
  })

  it('do not reach who a flow, a moment before, says has paid: not by post, not on App IO', async () => {
    const ids = (await office.positions()).rows.map((row) => row.id)
    const folder = await office.context.folders.tokenOf(await placeFor('posta'))
    await send({ channels: ['io', 'post'], folder, startAt: '2026-03-01T08:00:00.000Z' })
    expect(await states()).toEqual(Array(6).fill('queued'))
    clock.moveTo('2026-03-01T07:59:59.000Z' as never)
    const [paid, partly] = await office.context.ledger.read((db) => readNoticeFacts(db, ids))
    await flow([paid?.payments.single?.iuv, 30_000], [partly?.payments.installments[0]?.iuv, 10_000])
    clock.advance(1_000)
    office.context.outbox.kick()
    await office.context.outbox.idle()
    expect(await states()).toEqual(['delivered', 'delivered', 'sent', 'sent', 'suppressed', 'suppressed'])
    expect(server.messages.map(({ fiscalCode }) => fiscalCode)).not.toContain(paid?.fiscalCode)
    const rest = server.messages.find(({ fiscalCode }) => fiscalCode === partly?.fiscalCode)
    expect(rest?.content.payment_data).toMatchObject({
      amount: 10_000,
      notice_number: partly?.payments.installments[1]?.noticeNumber,
    })
    const place = join(office.folder, 'consegne', 'posta')
    const list = await readFile(join(place, (await readdir(place))[0] as string, 'indirizzi.csv'), 'utf8')
    expect(list).not.toContain(paid?.fiscalCode)
    expect(list).toContain(partly?.fiscalCode)
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
