import type { Id } from '#domain/brand'
import type { Mail } from '#domain/ports'
import { messageBytes } from '#gateways/mail-message'
import { insertCampaign } from '#ledger/campaign'
import { claimDelivery, endAttempt, insertDeliveries } from '#ledger/delivery-queue'
import type { Ledger } from '#ledger/ledger'
import { saveMailAccount } from '#ledger/mail-account'
import type { DeliveryChannel, DeliveryState } from '#ledger/schema/delivery'
import { MemoryMailbox } from '#simulator/memory-mailbox'
import type { ServiceContext } from '../../../src-main/services/context.ts'
import { readReceipts } from '../../../src-main/services/mail-receipts.ts'
import { FakeClock, silentLog } from '../../ledger/support/fake-clock.ts'
import { AT, command, makeOffice } from '../../ledger/support/office.ts'

const SENDER = { email: 'segreteria@ordine.example', pec: 'ordine@ordine.pec.example' } as const

/** Deliveries by mail on a real ledger, with a mailbox in memory: what leaves is told by the test, what comes back is read. */
export class PostRoom {
  readonly clock = new FakeClock()
  readonly mailbox = new MemoryMailbox(() => this.clock.now())
  readonly ledger: Ledger
  readonly channel: 'email' | 'pec'
  readonly context: ServiceContext
  accountId = 0 as Id<'mailAccount'>
  otherAccountId = 0 as Id<'mailAccount'>
  deliveries: Id<'delivery'>[] = []
  readonly #attempts = new Map<number, { id: Id<'deliveryAttempt'>; messageId: string }>()
  #sent = 0

  private constructor(ledger: Ledger, channel: 'email' | 'pec') {
    this.ledger = ledger
    this.channel = channel
    const secrets = { get: async () => 'segreto', set: async () => {}, delete: async () => {}, place: 'prova' }
    const base = { ledger, clock: this.clock, secrets, log: silentLog, operator: 'prova' }
    this.context = { ...base, mailbox: this.mailbox.gateway(3) } as unknown as ServiceContext
  }

  static async open(ledger: Ledger, channel: 'email' | 'pec', count: number): Promise<PostRoom> {
    const room = new PostRoom(ledger, channel)
    const { person } = await makeOffice(ledger)
    await ledger.write(command(), async (db) => {
      const account = (name: string, kind: 'email' | 'pec') =>
        saveMailAccount(db, null, {
          ...{ name, kind, host: '127.0.0.1', port: 25, security: 'none' as const, user: null },
          ...{ fromName: 'Ordine', fromAddress: SENDER[kind] },
          pacing: { perMinute: 60, perDay: null, batch: null, window: null },
          imap: { host: '127.0.0.1', port: 143, security: 'none', user: 'u', folder: 'INBOX' },
        })
      room.accountId = await account('Primo', channel)
      room.otherAccountId = await account('Secondo', channel)
      const campaignId = await insertCampaign(
        db,
        {
          ...{ description: 'Prova', templateJson: '{}', at: AT, operator: 'prova' },
          ...{ purpose: 'notice' as const, startAt: null },
        },
        [{ channel, place: 'prova', accountId: room.accountId, folder: null }],
      )
      const rows = []
      for (let n = 0; n < count; n += 1) rows.push({ ...(await noticeOf(db, person, n)), addressText: addressOf(n) })
      await insertDeliveries(
        db,
        campaignId,
        rows.map((row) => ({ ...row, channel: channel as DeliveryChannel, contactPointId: null, ordinal: 1 })),
        AT,
      )
      room.deliveries = (await db.selectFrom('delivery').select('id').orderBy('id').execute()).map((row) => row.id)
    })
    return room
  }

  /** Takes delivery `n` in hand, as the outbox does; the message that leaves. */
  async begin(n: number): Promise<Uint8Array> {
    const id = this.deliveries[n] as Id<'delivery'>
    this.#sent += 1
    const attempt = await this.ledger.write(command(), (db) =>
      claimDelivery(db, id, (ordinal) => `<${id}.${ordinal}.${this.#sent}@ordine.example>`, this.clock.now(), null),
    )
    if (attempt === null) throw new Error('it does not wait')
    this.#attempts.set(n, { id: attempt.attemptId, messageId: attempt.messageId })
    const mail = this.mailOf(n)
    const bytes = await messageBytes(mail, new Date(this.clock.epochMs()))
    if (!bytes.ok) throw new Error(bytes.error)
    return bytes.value
  }

  /** What leaves of delivery `n`, once it is in hand. */
  mailOf(n: number): Mail {
    return {
      from: { name: 'Ordine', address: SENDER[this.channel] },
      to: { name: 'Ada', address: addressOf(n) },
      ...{ subject: 'Avviso', text: 'Ecco l’avviso.', messageId: this.messageId(n) },
      attachments: [{ name: 'avviso.pdf', mime: 'application/pdf', bytes: Buffer.from('%PDF-1.7') }],
    }
  }

  async end(n: number, state: DeliveryState): Promise<void> {
    const id = this.deliveries[n] as Id<'delivery'>
    const attempt = this.#attempts.get(n)
    if (attempt === undefined) throw new Error('not begun')
    const end = { id, attemptId: attempt.id, state, outcome: state, reply: null, reason: null, evidence: null }
    await this.ledger.write(command(), (db) => endAttempt(db, end, this.clock.now()))
  }

  async send(n: number): Promise<Uint8Array> {
    const message = await this.begin(n)
    await this.end(n, 'sent')
    return message
  }

  messageId(n: number): string {
    return this.#attempts.get(n)?.messageId ?? ''
  }

  async read(id = this.accountId) {
    const { problems, ...counts } = await readReceipts(this.context, id)
    return { ...counts, problems: problems.total }
  }

  async states(): Promise<string[]> {
    const rows = await this.ledger.read((db) => db.selectFrom('delivery').select('state').orderBy('id').execute())
    return rows.map((row) => row.state)
  }

  async delivery(n: number) {
    const id = this.deliveries[n] as Id<'delivery'>
    return this.ledger.read(async (db) => ({
      ...(await db.selectFrom('delivery').selectAll().where('id', '=', id).executeTakeFirstOrThrow()),
      evidence: await db
        .selectFrom('deliveryEvidence')
        .selectAll()
        .where('deliveryId', '=', id)
        .orderBy('id')
        .execute(),
    }))
  }
}

export function addressOf(n: number): string {
  return `ada${n}@pec.example`
}

async function noticeOf(db: Parameters<Parameters<Ledger['write']>[1]>[0], personId: Id<'person'>, n: number) {
  const issued = { lifecycle: 'issued', payment: 'unpaid', syncState: 'none', currentVersion: 1 } as const
  const { id } = await db
    .insertInto('debtPosition')
    .values({ personId, issuanceId: null, ...issued, nodeState: null, cancelledAt: null, cancelReason: null })
    .returning('id')
    .executeTakeFirstOrThrow()
  const version = { debtPositionId: id, version: 1 }
  await db
    .insertInto('debtPositionVersion')
    .values({ ...version, iupd: `prova-${n}`, reason: 'prima', createdAt: AT })
    .execute()
  const { id: noticeId } = await db
    .insertInto('notice')
    .values({ ...version, layout: 'single', languages: 'it', sha256: String(n).padStart(64, '0'), createdAt: AT })
    .returning('id')
    .executeTakeFirstOrThrow()
  return { noticeId }
}
