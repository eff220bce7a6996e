import type { Id } from '#domain/brand'
import type { FakeClock } from '#hosts/clock'
import type { LedgerTarget } from '#ledger/ledger'
import { wantOnNode } from '#ledger/node-position'
import type { HostedRehearsalNode } from '../../../src-main/hosts/rehearsal-node.ts'
import type { RehearsalNode } from '../../../src-main/simulator/node/server.ts'
import { PG_URL } from '../../ledger/support/both-engines.ts'
import { judged } from '../../node/openapi.ts'
import type { Office } from '../office.ts'

/** Opens the rehearsal node of an office; each of its calls is judged by the official files from now on. */
export async function nodeOf(office: Office): Promise<RehearsalNode> {
  await office.context.rehearsalNode?.open()
  const node = (office.context.rehearsalNode as HostedRehearsalNode).server() as RehearsalNode
  judged(node)
  return node
}

/** Wants these positions on the node and waits until it has them. */
export async function publish(office: Office, ids: readonly Id<'debtPosition'>[]): Promise<void> {
  const { ledger, clock, nodePublisher } = office.context
  const write = { command: 'test.want', operator: 'prova', payload: {}, at: clock.now() }
  await ledger.write(write, (db) => wantOnNode(db, 'rehearsal', ids))
  nodePublisher.kick()
  await nodePublisher.idle()
}

let serial = 0

/** Where an office may keep its books: a file, and a server where there is one. */
export const ENGINES: readonly { readonly name: string; readonly target: () => LedgerTarget | undefined }[] = [
  { name: 'SQLite', target: () => undefined },
  ...(PG_URL === null
    ? []
    : [
        {
          name: 'PostgreSQL',
          target: () => {
            serial += 1
            const schema = `n_${process.pid}_${Math.floor(performance.now() * 1000)}_${serial}`
            return { engine: 'postgres' as const, url: PG_URL as string, schema, clock: 'program' as const }
          },
        },
      ]),
]
if (PG_URL === null) console.info('on PostgreSQL: skipped, QUIETANZA_PG_URL is not set')

export function minutesLater(office: Office, minutes: number): void {
  ;(office.context.clock as FakeClock).advance(minutes * 60_000)
}
