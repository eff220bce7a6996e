import { ProblemError, problem } from '#domain/problem'
import { addDeliveryStop, countDeliveryStops, listDeliveryStops, removeDeliveryStop } from '#ledger/delivery-stop'
import { command } from './command.ts'
import { os } from './context.ts'

/** People to whom nothing is sent: looked at when a campaign is prepared and again at the moment of sending. */
export const deliveryStop = {
  list: os.deliveryStop.list.handler(({ context, input }) =>
    context.ledger.read(async (db) => ({
      rows: await listDeliveryStops(db, input, input),
      count: await countDeliveryStops(db, input),
      totals: {},
    })),
  ),

  add: os.deliveryStop.add.handler(async ({ context, input: { personId, channel, reason } }) => {
    const from = context.clock.now()
    const { operator } = context
    const id = await context.ledger.write(command(context, 'deliveryStop.add', { personId, channel, reason }), (db) =>
      addDeliveryStop(db, { personId, channel, reason, from, operator }),
    )
    if (id === null) throw new ProblemError(problem('STOP_PRESENT', {}))
    return { id }
  }),

  remove: os.deliveryStop.remove.handler(async ({ context, input: { id, reason } }) => {
    const values = { removedAt: context.clock.now(), removedReason: reason, removedBy: context.operator }
    const removed = await context.ledger.write(command(context, 'deliveryStop.remove', { id, reason }), (db) =>
      removeDeliveryStop(db, id, values),
    )
    if (!removed) throw new ProblemError(problem('STOP_GONE', {}))
    return { id }
  }),
}
