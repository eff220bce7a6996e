import { call } from '@orpc/server'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { epochMsOf, instantOf } from '#domain/date'
import { FakeClock } from '#hosts/clock'
import { readNodeSettings, saveNodeSettings } from '#ledger/node-connection'
import { waitForMessage } from '#ledger/publication-message'
import { campaign } from '../../src-main/services/campaign.ts'
import { debtPosition } from '../../src-main/services/debt-position.ts'
import { delivery } from '../../src-main/services/delivery.ts'
import { deliveryStop } from '../../src-main/services/delivery-stop.ts'
import { ioService } from '../../src-main/services/io-service.ts'
import { journal } from '../../src-main/services/journal.ts'
import { refreshOnNode } from '../../src-main/services/node-follow.ts'
import { afterPublication, openLateTeller } from '../../src-main/services/node-message.ts'
import { IO_KEY, type IoServer, ioServer } from '../gateways/io-server.ts'
import { member, type Office, openOffice } from './office.ts'
import { ENGINES, minutesLater, nodeOf, publish } from './support/published.ts'

describe.each(ENGINES)('App IO at publication · $name', ({ target }) => {
  let office: Office
  let app: IoServer
  let node: Awaited<ReturnType<typeof nodeOf>>
  beforeEach(async () => {
    app = await ioServer()
    office = await openOffice(new FakeClock(), target())
    node = await nodeOf(office)
  })
  afterEach(async () => {
    await office.close()
    await app.close()
  })

  const options = () => ({ context: office.context })
  const pacing = { perMinute: 6000, perDay: null, batch: null, window: null }
  const saveIo = (more: Record<string, unknown> = {}) =>
    call(ioService.save, { enabled: true, baseUrl: app.baseUrl, pacing, key: IO_KEY, ...more } as never, options())
  async function switchOn(): Promise<void> {
    const { ledger, clock } = office.context
    const write = { command: 'test.set', operator: 'prova', payload: {}, at: clock.now() }
    await ledger.write(write, async (db) => {
      const settings = await readNodeSettings(db, 'rehearsal')
      await saveNodeSettings(db, 'rehearsal', { ...settings, ioOnPublication: true })
    })
  }
  async function issued(...more: Parameters<typeof member>[1][]) {
    await office.raise(more.map((one, i) => member(i + 1, one)))
    await office.generate()
    return (await office.positions()).rows.map((row) => row.id)
  }
  /** Published, told, and everything that left has arrived. */
  async function told(ids: Parameters<typeof publish>[1]): Promise<void> {
    await publish(office, ids)
    await afterPublication(office.context)
    await office.context.outbox.idle()
  }
  const campaigns = async () => (await call(campaign.list, { filters: {} }, options())).rows
  const states = async () =>
    (await call(delivery.list, { filters: {}, limit: 100 } as never, options())).rows.map(({ state }) => state).sort()
  const waiting = () =>
    office.context.ledger.read((db) =>
      db.selectFrom('publicationMessage').selectAll().orderBy('debtPositionId').execute(),
    )

  test('one campaign tells whoever has the app, once; the others are left out with the reason', async () => {
    const ids = await issued({}, {}, {}, {})
    const rows = (await office.positions()).rows
    await saveIo({
      publication: { subject: 'È pagabile: {causale}', body: `{nome}, si può pagare. ${'x'.repeat(80)}` },
    })
    await switchOn()
    app.unknown.add(rows[0]?.fiscalCode as string)
    const stopped = rows[1]?.personId as never
    await call(deliveryStop.add, { personId: stopped, channel: null, reason: 'lo ha chiesto' }, options())
    await told(ids)
    expect(app.messages.map(({ content }) => content.subject)).toEqual(
      Array(2).fill('È pagabile: Quota di iscrizione 2026'),
    )
    expect(app.messages[0]?.content.payment_data).toMatchObject({ amount: 21_800, invalid_after_due_date: false })
    expect(app.faults).toEqual([])
    const [only, ...more] = await campaigns()
    expect(more).toEqual([])
    expect(only?.description).toBe('3 avvisi su App IO, alla pubblicazione')
    expect(await states()).toEqual(['failed', 'sent', 'sent'])
    const kept = await waiting()
    expect(kept.map(({ campaignId, why }) => [campaignId === null, why === null])).toEqual([
      [false, true],
      [false, false],
      [false, true],
      [false, true],
    ])
    expect(only?.leftOut).toEqual([{ reason: 'Nell’elenco di chi non riceve', count: 1 }])
    const { history } = await call(debtPosition.get, { id: ids[1] as never }, options())
    expect(history.map(({ text }) => text)).toContain(
      'Pubblicata senza messaggio su App IO: Nell’elenco di chi non riceve',
    )
    // Not twice, whoever asks; the text of campaigns by hand is what it was.
    await Promise.all([afterPublication(office.context), afterPublication(office.context)])
    await office.context.outbox.idle()
    expect(app.messages).toHaveLength(2)
    expect(await campaigns()).toHaveLength(1)
    expect((await call(campaign.defaults, { purpose: 'notice' }, options())).subject).not.toContain('È pagabile')
  })

  test('a cut between the publication and the message loses nothing', async () => {
    const ids = await issued({}, {})
    await saveIo()
    await switchOn()
    await publish(office, ids)
    // The program is closed before anybody told App IO, or just after: the next one tells what is left.
    office = await office.restart()
    for (let n = 0; n < 100 && (await waiting()).some(({ campaignId }) => campaignId === null); n += 1) {
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    await office.context.outbox.idle()
    expect(app.messages).toHaveLength(2)
    expect(await campaigns()).toHaveLength(1)
  })

  test('what cannot be paid yet is told of when it can, though nothing else is published and nobody asks the node', async () => {
    const ids = await issued({}, {})
    await saveIo()
    await publish(office, ids)
    const { ledger, clock } = office.context
    const from = instantOf(epochMsOf(clock.now()) + 30 * 60_000)
    node.store.change(({ put }) => {
      for (const one of [...node.store.all('position')]) {
        const options = one.options.map((option) => ({ ...option, validityDate: from }))
        put('position', `${one.organizationFiscalCode}/${one.iupd}`, { ...one, status: 'PUBLISHED', options })
      }
    })
    await refreshOnNode(office.context, ids, () => undefined)
    await switchOn()
    await ledger.write({ command: 'test.set', operator: 'prova', payload: {}, at: clock.now() }, (db) =>
      waitForMessage(db, 'rehearsal', ids, clock.now()),
    )
    const teller = openLateTeller(office.context)
    try {
      await teller.look()
      await office.context.outbox.idle()
      expect(app.messages).toEqual([])
      // Payable since half an hour, and nobody asked.
      minutesLater(office, 61)
      await teller.look()
      await office.context.outbox.idle()
      expect(app.messages).toHaveLength(2)
      const calls = node.desk.lastCalls().length
      minutesLater(office, 120)
      await teller.look()
      expect(node.desk.lastCalls()).toHaveLength(calls)
    } finally {
      await teller.close()
    }
  })

  test('switched off nothing waits; without App IO, or towards real telephones from a rehearsal, nothing leaves', async () => {
    const [off, ...rest] = await issued({}, {}, {})
    await saveIo()
    await told([off as never])
    expect(await waiting()).toEqual([])
    await switchOn()
    await saveIo({ baseUrl: 'https://api.io.pagopa.it/api/v1' })
    await told([rest[0] as never])
    expect((await waiting()).map(({ why }) => why)).toEqual(['Non è l’ambiente di produzione'])
    await saveIo({ enabled: false })
    await told([rest[1] as never])
    expect((await waiting()).map(({ why }) => why)).toEqual(['Non è l’ambiente di produzione', 'App IO è spenta'])
    expect([app.messages, await campaigns()]).toEqual([[], []])
  })

  test('two programs at once tell it once, and say of nobody that he was left out', async () => {
    const ids = await issued({}, {})
    await saveIo()
    await publish(office, ids)
    await switchOn()
    const { ledger, clock } = office.context
    const write = { command: 'test.set', operator: 'prova', payload: {}, at: clock.now() }
    await ledger.write(write, (db) => waitForMessage(db, 'rehearsal', ids, clock.now()))
    await Promise.all([afterPublication(office.context), afterPublication(office.context)])
    await office.context.outbox.idle()
    expect(app.messages).toHaveLength(2)
    expect((await campaigns()).map(({ leftOut }) => leftOut)).toEqual([[]])
    const { rows } = await call(journal.list, { filters: {}, limit: 100 } as never, options())
    expect(rows.filter(({ text }) => text.includes('senza messaggio'))).toEqual([])
  })

  test('what a rehearsal published, told or not, is told of once more when it is published for real', async () => {
    const ids = await issued({}, {})
    await saveIo({ baseUrl: 'https://api.io.pagopa.it/api/v1' })
    await switchOn()
    await told(ids)
    const { ledger, clock } = office.context
    const write = { command: 'test.set', operator: 'prova', payload: {}, at: clock.now() }
    await ledger.write(write, async (db) => {
      const settings = await readNodeSettings(db, 'production')
      await saveNodeSettings(db, 'production', { ...settings, ioOnPublication: true })
      await waitForMessage(db, 'production', ids, clock.now())
      await waitForMessage(db, 'production', ids, clock.now())
    })
    const due = (await waiting()).filter(({ why, campaignId }) => why === null && campaignId === null)
    expect(due.map(({ environment }) => environment)).toEqual(['production', 'production'])
    // Still in the rehearsal: what was published elsewhere is not told from here.
    await saveIo()
    await afterPublication(office.context)
    expect([app.messages, await campaigns()]).toEqual([[], []])
  })
})
