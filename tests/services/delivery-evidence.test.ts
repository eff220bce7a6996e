import { call } from '@orpc/server'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MemoryMailbox } from '#simulator/memory-mailbox'
import type { PecFate } from '#simulator/pec-provider'
import type { ServiceContext } from '../../src-main/services/context.ts'
import { delivery } from '../../src-main/services/delivery.ts'
import { mailAccount } from '../../src-main/services/mail-account.ts'
import { person } from '../../src-main/services/person.ts'
import { type PecServer, startPecProvider } from '../servers/pec-provider.ts'
import { members, type Office, openOffice, outcome } from './office.ts'
import { sending } from './support/sending.ts'

const FATES: Record<string, PecFate> = { socio0: 'delivered', socio1: 'noBox', socio2: 'fullBox', socio3: 'delivered' }
const PEOPLE = 4

let office: Office
let pec: PecServer
let context: ServiceContext
let accountId: number
/** Every message that the provider put into the mailbox, byte by byte. */
const came: Buffer[] = []
const fates: Record<string, PecFate> = {}
const { start, goOn, list } = sending(() => ({ context: context as Office['context'] }))

beforeEach(async () => {
  office = await openOffice()
  came.length = 0
  Object.assign(fates, FATES)
  const mailbox = new MemoryMailbox(() => office.context.clock.now())
  pec = await startPecProvider({
    ...{ domain: 'gestore.example', name: 'Gestore di prova', now: () => office.context.clock.now() },
    fate: (address) => fates[address.split('@')[0] as string] ?? 'delivered',
    deliver: (_mailbox, bytes) => {
      came.push(Buffer.from(bytes))
      mailbox.put(bytes)
    },
  })
  context = { ...office.context, mailbox: mailbox.gateway() }
  const rows = [...members(PEOPLE)].map((row, n) => ({ ...row, email: null, pec: `socio${n}@pec.example` }))
  await office.raise(rows)
  await office.generate()
  const account = await call(
    mailAccount.save,
    {
      ...{ id: null, name: 'PEC', kind: 'pec', host: pec.host, port: pec.port, security: 'none', user: pec.user },
      ...{ password: pec.password, fromName: 'Ordine', fromAddress: 'ordine@ordine.pec.example' },
      pacing: { perMinute: 6000, perDay: null, batch: null, window: null },
      imap: { host: '127.0.0.1', port: 143, security: 'none', user: 'ordine', folder: 'INBOX' },
    },
    { context },
  )
  accountId = account.id
})
afterEach(async () => {
  await pec.stop()
  await office.close()
})

const read = async () => outcome(await call(mailAccount.readReceipts, { id: accountId as never }, { context }))
const campaign = () => start({ channels: ['pec'], pecAccountId: accountId })
const failing = (more: object = {}) => call(delivery.failing, { filters: {}, ...more } as never, { context })

describe('evidence', () => {
  it('is given back as it came, byte by byte', async () => {
    await campaign()
    await read()
    const given: Buffer[] = []
    for (const { id } of await list()) {
      const { evidence } = await call(delivery.get, { id }, { context })
      const times = evidence.map(({ at }) => at)
      expect(times).toEqual([...times].sort())
      for (const { id: evidenceId, hasFile, title } of evidence) {
        if (!hasFile) {
          expect(title).toBe('Risposta del server di posta')
          await expect(call(delivery.evidence, { id: evidenceId }, { context })).rejects.toMatchObject({
            data: { problems: [{ code: 'EVIDENCE_GONE' }] },
          })
          continue
        }
        const file = await call(delivery.evidence, { id: evidenceId }, { context })
        const shown = await call(delivery.evidenceText, { id: evidenceId }, { context })
        expect(shown.sections[0]?.text).not.toMatch(/[A-Za-z0-9+/]{60}/)
        expect(shown.sections.find((s) => s.title === 'daticert.xml')?.text).toContain('<postacert')
        expect(shown.sections.at(-1)).toMatchObject({
          title: 'Intestazioni',
          text: expect.stringContaining('X-Ricevuta'),
        })
        expect([file.type, file.name]).toEqual(['message/rfc822', expect.stringMatching(/\.eml$/)])
        given.push(Buffer.from(await file.arrayBuffer()))
      }
    }
    const sorted = (all: readonly Buffer[]) => all.map((bytes) => bytes.toString('base64')).sort()
    expect(came.length).toBe(PEOPLE * 2)
    expect(sorted(given)).toEqual(sorted(came))
  })
})

describe('people whose address fails', () => {
  it('are listed with the reason, exported, and no more once their address is put right', async () => {
    const { campaign: one } = await campaign()
    await read()
    const { rows, count } = await failing({ sort: { column: 'address', direction: 'asc' } })
    expect(count).toBe(2)
    expect(rows).toMatchObject([
      { address: 'socio1@pec.example', channel: 'pec', failures: 1, reason: expect.stringContaining('non esiste') },
      { address: 'socio2@pec.example', channel: 'pec', failures: 1, reason: expect.stringContaining('piena') },
    ])
    expect((await failing({ search: 'socio2' })).rows.map(({ address }) => address)).toEqual(['socio2@pec.example'])

    const columns = [
      { key: 'personName', heading: 'Persona' },
      { key: 'address', heading: 'Indirizzo' },
      { key: 'reason', heading: 'Motivo' },
    ]
    const asked = { filters: {}, sort: { column: 'address', direction: 'asc' }, format: 'csv', title: 'Da correggere' }
    const exported = await call(delivery.failingExport, { ...asked, columns } as never, { context })
    const text = Buffer.from(await office.bytes(exported)).toString('utf8')
    const lines = text.trim().split(/\r?\n/)
    expect(lines.filter((line) => line.includes('@pec.example'))).toEqual([
      expect.stringMatching(/socio1@pec\.example.*non esiste/),
      expect.stringMatching(/socio2@pec\.example.*piena/),
    ])

    // One gets another address; the other empties the box, and the retry arrives.
    const [first] = rows
    const contact = { personId: first?.personId as never, kind: 'pec', value: 'nuova@pec.example' }
    await call(person.saveContact, contact as never, { context })
    expect((await failing()).rows.map(({ address }) => address)).toEqual(['socio2@pec.example'])
    fates.socio2 = 'delivered'
    const failed = (await list({ state: ['failed'] })).map(({ id }) => id)
    expect(await call(delivery.retry, { ids: failed }, { context })).toEqual({ queued: 2, leftOut: [] })
    await goOn()
    await read()
    expect(await failing()).toMatchObject({ rows: [], count: 0 })
    const now = await list({ campaignId: one.id })
    expect(now.map(({ state }) => state)).toEqual(Array(PEOPLE).fill('delivered'))
    expect(now.map(({ address }) => address).sort()).toEqual(
      ['nuova', 'socio0', 'socio2', 'socio3'].map((name) => `${name}@pec.example`),
    )
  })

  it('are listed again when the new address fails too', async () => {
    fates.nuova = 'noBox'
    await campaign()
    await read()
    const [first] = (await failing({ sort: { column: 'address', direction: 'asc' } })).rows
    const contact = { personId: first?.personId as never, kind: 'pec', value: 'nuova@pec.example' }
    await call(person.saveContact, contact as never, { context })
    const ids = (await list({ state: ['failed'] })).map(({ id }) => id)
    await call(delivery.retry, { ids }, { context })
    await goOn()
    await read()
    const { rows } = await failing({ sort: { column: 'address', direction: 'asc' } })
    expect(rows.map(({ address, failures }) => [address, failures])).toEqual([
      ['nuova@pec.example', 1],
      ['socio2@pec.example', 2],
    ])
  })
})
