import type { Id } from '#domain/brand'
import { ProblemError, problem } from '#domain/problem'
import { stateWord } from '#domain/vocabulary'
import {
  countDeliveries,
  countDeliveryStates,
  type DeliveryRow,
  listDeliveries,
  readDelivery,
} from '#ledger/delivery-list'
import { insertNextDelivery, moveDeliveries, readContacts, readForRetry } from '#ledger/delivery-queue'
import type { ReadHandle } from '#ledger/ledger'
import { command } from './command.ts'
import { os } from './context.ts'
import { recoverDeliveries, runDeliveries } from './delivery-run.ts'
import { type ExportColumn, exportList } from './list-export.ts'
import { cancelledAfter, longWork } from './long-work.ts'

const CHANNEL_NAMES = { email: 'E-mail', pec: 'PEC', folder: 'Cartella' } as const

const COLUMNS: Readonly<Record<string, ExportColumn<DeliveryRow>>> = {
  personName: { kind: 'text', value: (row) => row.personName },
  noticeNumber: { kind: 'code', value: (row) => row.noticeNumber },
  channel: { kind: 'text', value: (row) => CHANNEL_NAMES[row.channel], width: 10 },
  address: { kind: 'text', value: (row) => row.address },
  state: { kind: 'text', value: (row) => stateWord('delivery', row.state).word, width: 16 },
  ordinal: { kind: 'integer', value: (row) => row.ordinal },
  at: { kind: 'text', value: (row) => row.at, width: 22 },
  reason: { kind: 'text', value: (row) => row.reason, width: 40 },
  reply: { kind: 'text', value: (row) => row.reply, width: 40 },
}

async function needDelivery(db: ReadHandle, id: Id<'delivery'>): Promise<DeliveryRow> {
  const row = await readDelivery(db, id)
  if (row === null) throw new ProblemError(problem('DELIVERY_GONE', {}))
  return row
}

export const delivery = {
  list: os.delivery.list.handler(({ context, input }) =>
    context.ledger.read(async (db) => ({
      rows: await listDeliveries(db, input, input),
      count: await countDeliveries(db, input),
      totals: {},
    })),
  ),

  counts: os.delivery.counts.handler(({ context }) => context.ledger.read(countDeliveryStates)),

  export: os.delivery.export.handler(({ context, input }) =>
    exportList({
      ctx: context,
      input,
      columns: COLUMNS,
      pages: (offset, limit) => context.ledger.read((db) => listDeliveries(db, input, { offset, limit })),
    }),
  ),

  retry: os.delivery.retry.handler(async function* ({ context, input, signal }) {
    return yield* longWork(signal, async (report) => {
      await recoverDeliveries(context)
      const at = context.clock.now()
      const ids = await context.ledger.write(
        command(context, 'delivery.retry', { deliveries: input.ids.length }),
        async (db) => {
          const rows = await readForRetry(db, input.ids)
          const people = rows.map((row) => row.personId)
          const contacts = {
            email: await readContacts(db, 'email', people),
            pec: await readContacts(db, 'pec', people),
          }
          const next: Id<'delivery'>[] = []
          for (const row of rows) {
            if (row.state === 'queued' || row.state === 'deferred') next.push(row.id)
            if (row.state !== 'failed') continue
            const contact = row.channel === 'folder' ? undefined : contacts[row.channel].get(row.personId)
            const again = await insertNextDelivery(
              db,
              row.campaignId,
              {
                noticeId: row.noticeId,
                channel: row.channel,
                contactPointId: contact?.id ?? row.contactPointId,
                addressText: contact?.value ?? row.addressText,
              },
              at,
            )
            if (again !== null) next.push(again)
          }
          return next
        },
      )
      const { counts } = await runDeliveries(context, { ids }, report).catch((error: unknown) => {
        const done = cancelledAfter(error)
        throw done === null ? error : new ProblemError(problem('CANCELLED_DELIVERING', { done }))
      })
      return {
        sent: (counts.sent ?? 0) + (counts.delivered ?? 0),
        failed: (counts.failed ?? 0) + (counts.deferred ?? 0),
        uncertain: counts.uncertain ?? 0,
      }
    })
  }),

  resolve: os.delivery.resolve.handler(async ({ context, input }) => {
    const { id, as, reason } = input
    await context.ledger.write(command(context, 'delivery.resolve', { id, as, reason }), async (db) => {
      await needDelivery(db, id)
      const words = reason === '' ? (as === 'sent' ? 'Arrivato, dice chi lo ha verificato' : null) : reason
      const moved = await moveDeliveries(db, [id], ['uncertain'], as, words, context.clock.now())
      if (moved === 0) throw new ProblemError(problem('DELIVERY_NOT_UNCERTAIN', {}))
    })
    if (as === 'queued') await runDeliveries(context, { ids: [id] }, () => {})
    return context.ledger.read((db) => needDelivery(db, id))
  }),

  cancel: os.delivery.cancel.handler(async ({ context, input }) => ({
    cancelled: await context.ledger.write(command(context, 'delivery.cancel', { deliveries: input.ids.length }), (db) =>
      moveDeliveries(db, input.ids, ['queued', 'deferred'], 'cancelled', 'Tolta dalla coda', context.clock.now()),
    ),
  })),
}
