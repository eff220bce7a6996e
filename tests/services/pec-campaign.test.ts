import { setTimeout as sleep } from 'node:timers/promises'
import { call } from '@orpc/server'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { MemoryMailbox } from '#simulator/memory-mailbox'
import type { PecFate } from '#simulator/pec-provider'
import { campaign } from '../../src-main/services/campaign.ts'
import type { ServiceContext } from '../../src-main/services/context.ts'
import { delivery } from '../../src-main/services/delivery.ts'
import { mailAccount } from '../../src-main/services/mail-account.ts'
import { type PecServer, startPecProvider } from '../servers/pec-provider.ts'
import { members, type Office, openOffice, outcome } from './office.ts'

const FATES: readonly PecFate[] = [
  'delivered',
  'noBox',
  'outOfOrder',
  'preavvisoThenFailed',
  'notAcceptedVirus',
  'acceptedOnly',
]
let office: Office
let pec: PecServer
let context: ServiceContext

beforeEach(async () => {
  office = await openOffice()
  const mailbox = new MemoryMailbox(() => office.context.clock.now())
  pec = await startPecProvider({
    ...{ domain: 'gestore.example', name: 'Gestore di prova', now: () => office.context.clock.now() },
    fate: (address) => FATES[Number(/\d+/.exec(address)?.[0])] ?? 'delivered',
    deliver: (_mailbox, bytes) => mailbox.put(bytes),
  })
  context = { ...office.context, mailbox: mailbox.gateway() }
})
afterEach(async () => {
  await pec.stop()
  await office.close()
})

it('a campaign by PEC ends, person by person, as the provider’s receipts say', async () => {
  const rows = [...members(12)].map((row, n) => ({ ...row, email: null, pec: `socio${n}@pec.example` }))
  await office.raise(rows)
  await office.generate()
  const { id } = await call(
    mailAccount.save,
    {
      ...{ id: null, name: 'PEC', kind: 'pec', host: pec.host, port: pec.port, security: 'none', user: pec.user },
      ...{ password: pec.password, fromName: 'Ordine', fromAddress: 'ordine@ordine.pec.example' },
      pacing: { perMinute: 6000, perDay: null, batch: null, window: null },
      imap: { host: '127.0.0.1', port: 143, security: 'none', user: 'ordine', folder: 'INBOX' },
    },
    { context },
  )
  const way = { selection: { query: { filters: {} } }, channels: ['pec'], pecAccountId: id }
  const read = async () => outcome(await call(mailAccount.readReceipts, { id }, { context }))
  await outcome(await call(campaign.start, { ...way, subject: 'Avviso', body: 'Ciao {nome}' } as never, { context }))
  // The provider answers before it says 250: readings while messages leave meet receipts of what is still leaving.
  let gone = false
  const idle = context.outbox.idle().then(() => {
    gone = true
  })
  let tied = 0
  while (!gone) {
    tied += (await read()).tied
    await sleep(5)
  }
  await idle
  tied += (await read()).tied
  await read()
  expect(pec.provider.taken).toHaveLength(12)
  const list = await call(delivery.list, { filters: {}, limit: 50 } as never, { context })
  const found = Object.fromEntries(list.rows.map((row) => [Number(/\d+/.exec(row.address)?.[0]), row]))
  const expected = ['delivered', 'failed', 'delivered', 'failed', 'failed', 'accepted', ...Array(6).fill('delivered')]
  expect(expected.map((_, n) => found[n]?.state)).toEqual(expected)
  expect(tied).toBe(2 + 2 + 2 + 4 + 1 + 1 + 6 * 2)
  expect(found[4]?.reason).toMatch(/virus/)

  const shown = await call(delivery.get, { id: found[3]?.id as never }, { context })
  expect(shown.evidence.map((one) => one.title).filter((title) => title !== 'Risposta del server di posta')).toEqual([
    'Ricevuta di accettazione',
    'Preavviso di mancata consegna',
    'Preavviso di mancata consegna',
    'Avviso di mancata consegna',
  ])
  const last = shown.evidence.find((one) => one.title === 'Avviso di mancata consegna')
  const file = await call(delivery.evidence, { id: last?.id as never }, { context })
  expect(file.name).toMatch(/\.eml$/)
  expect(await file.text()).toMatch(/^X-Ricevuta: errore-consegna\r\n/)
  const failing = await call(delivery.failing, { filters: {} } as never, { context })
  expect(failing.rows.map((row) => row.address)).toEqual(
    expect.arrayContaining(['socio1@pec.example', 'socio3@pec.example']),
  )
}, 60_000)
