import { NODE_READING_KINDS as KINDS, readingWarning } from '#domain/node-reading'
import { readNodeSettings } from '#ledger/node-connection'
import { leaveUnread, listUnread, markNodeReading, readNodeReading } from '#ledger/node-inbox'
import { countSpontaneous } from '#ledger/spontaneous-list'
import { command } from './command.ts'
import { os, type ServiceContext } from './context.ts'
import { longWork } from './long-work.ts'
import { readOffice } from './node-connection.ts'
import { knownReadings, lastOf, receiveFromNode } from './node-inbox-read.ts'
import { lacksOf } from './node-settings.ts'
import { spontaneous } from './spontaneous.ts'

async function needEnvironment(context: ServiceContext) {
  return (await context.ledger.read(readOffice)).institution.environment
}

/** Section `nodeInbox` of the contract: what comes back from the pagoPA node. */
export const nodeInbox = {
  state: os.nodeInbox.state.handler(async ({ context }) => {
    const environment = await needEnvironment(context)
    const now = context.clock.now()
    const known = knownReadings(context.ledger)
    const found = await context.ledger.read(async (db) => ({
      settings: await readNodeSettings(db, environment),
      readings: await Promise.all(KINDS.map((kind) => readNodeReading(db, environment, kind))),
      unread: await listUnread(db, environment),
      spontaneous: await countSpontaneous(db),
    }))
    const { gpd, fdr } = found.settings.products
    const lacks = await lacksOf(context, environment, { gpd, fdr, checkout: false, backoffice: false })
    return {
      environment,
      lacks,
      readings: KINDS.map((kind, i) => {
        const stored = found.readings[i] as (typeof found.readings)[number]
        const last = known.last.get(lastOf(environment, kind))
        // What this program did last is not always written down: each write makes every page read again.
        const here = last !== undefined && last.at >= (stored.triedAt ?? '') ? last : null
        const whole = here !== null && here.error === null ? here.at : null
        return {
          kind,
          lastAt: whole ?? stored.wholeAt,
          mark: whole ?? stored.mark,
          underWay: known.underWay.has(kind),
          error: here === null ? stored.error : here.error,
          warning: readingWarning(kind, { ...stored, mark: whole ?? stored.mark }, now),
        }
      }),
      everyMinutes: found.settings.receiveEveryMinutes,
      nextAt: known.nextAt,
      unread: found.unread.map(({ id, kind, reference, reason, attempts, firstAt, lastAt }) => ({
        ...{ id, kind, reference, reason, attempts, firstAt, lastAt },
      })),
      spontaneous: found.spontaneous,
    }
  }),

  receive: os.nodeInbox.receive.handler(({ context, input, signal }) =>
    longWork(signal, async (report) => {
      const { receipts, flows, problems } = await receiveFromNode(context, input.kinds, report, signal)
      const { listed, added, already, unread, raised, toAssign } = receipts
      const { iuvs: _iuvs, ...came } = flows
      return {
        receipts: { listed, added, already, unread },
        flows: came,
        spontaneous: { raised, toAssign },
        problems: [...problems],
      }
    }),
  ),

  leaveUnread: os.nodeInbox.leaveUnread.handler(({ context, input }) =>
    context.ledger.write(command(context, 'nodeInbox.leaveUnread', { id: input.id }), async (db) => ({
      left: await leaveUnread(db, input.id, context.clock.now()),
    })),
  ),

  leaveLost: os.nodeInbox.leaveLost.handler(async ({ context, input: { kind } }) => {
    const environment = await needEnvironment(context)
    await context.ledger.write(command(context, 'nodeInbox.leaveLost', { environment, kind }), (db) =>
      markNodeReading(db, environment, kind, { lostFrom: null, lostUntil: null }),
    )
    return { left: true }
  }),

  spontaneous,
}
