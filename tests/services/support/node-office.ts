import type { Instant } from '#domain/date'
import type { NodeGateway } from '#domain/node-ports'
import { nodeApi } from '#gateways/node-api'
import { seededRandom } from '#hosts/random'
import type { ServiceContext } from '#services/context'
import type { PaidNotice } from '#simulator/node/money'
import { iurOf, mannerOf, paidKey } from '#simulator/node/paid'
import { openRehearsalNode, type RehearsalNode } from '#simulator/node/server'
import { judged } from '../../node/openapi.ts'
import { CollectionOffice, RECEIVER, SEGREGATION } from './collection-office.ts'

export const PSP = 'BALFITM1XXX'
export const QUOTA = '9/0101100IM/'
export const IBAN = 'IT60X0542811101000000123456'

/** An office of collection with a rehearsal node of its own, each call judged by the official files. */
export class NodeOffice {
  readonly office: CollectionOffice
  readonly node: RehearsalNode
  readonly ctx: ServiceContext

  private constructor(office: CollectionOffice, node: RehearsalNode) {
    this.office = office
    this.node = node
    const { origin, keys, pageUrl } = node
    this.ctx = {
      ...office.ctx,
      node: nodeApi({ clock: office.clock, timeouts: { askMs: 2_000 } }),
      rehearsalNode: { open: async () => ({ origin, keys, pageUrl }) },
    }
  }

  static async open(openOffice: () => Promise<CollectionOffice> = CollectionOffice.open): Promise<NodeOffice> {
    const office = await openOffice()
    const institution = {
      ...{ fiscalCode: RECEIVER, name: 'Ordine dei Cartografi di Vallombra', brokerCode: RECEIVER },
      ...{ stationCode: `${RECEIVER}_01`, segregationCodes: [SEGREGATION] },
      ibans: [{ iban: IBAN, description: 'Banca' }],
    }
    const node = await openRehearsalNode({ folder: null, clock: office.clock, random: seededRandom(3), institution })
    judged(node)
    return new NodeOffice(office, node)
  }

  goTo(instant: string): void {
    this.office.clock.ms = Date.parse(instant)
  }

  /** With some of its gateway's operations otherwise. */
  with(change: Partial<NodeGateway>): ServiceContext {
    return { ...this.ctx, node: { ...this.ctx.node, ...change } }
  }

  /** A payment of a number of ours, as the node tells it. */
  pay(iuv: string, cents: number, change: Partial<PaidNotice> = {}): PaidNotice {
    const at = (change.at ?? this.office.clock.now()) as Instant
    const noticeNumber = `3${iuv}`
    const iur = iurOf(RECEIVER, noticeNumber, 0)
    const paid: PaidNotice = {
      ...{ iur, noticeNumber, iuv, creditor: RECEIVER, companyName: 'Ordine', description: 'Quota 2026', cents },
      debtor: { kind: 'F', fiscalCode: 'RSSMRA85T10A562S', name: 'Tersilla Boscarolo' },
      transfers: [
        {
          ...{ idTransfer: 1, fiscalCode: RECEIVER, companyName: 'Ordine', cents, iban: IBAN },
          ...{ remittance: `/RFB/${iuv}/TXT/Quota 2026`, category: QUOTA },
        },
      ],
      ...{ psp: PSP, ...mannerOf(iur), at, day: at.slice(0, 10) as PaidNotice['day'] },
      ...{ outcome: '0', ok: true, hasReceipt: true },
      ...change,
    }
    this.node.store.change((changes) => changes.put('paid', paidKey(paid, 0), paid))
    return paid
  }

  async close(): Promise<void> {
    await this.node.close()
    await this.office.close()
  }
}

/** What a gateway answers when the service is down. */
export const DOWN = {
  ...{ kind: 'temporary' as const, status: 503, reply: '', reason: 'Il nodo non risponde.' },
  retryAfterSeconds: 60,
}
