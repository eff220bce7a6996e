import type { Id } from '#domain/brand'
import { formatDate, romeDate, romeDateTime } from '#domain/date'
import { ProblemError, problem } from '#domain/problem'
import { CHANNELS, deliveryWord } from '#domain/vocabulary'
import {
  countDeliveries,
  countDeliveryStates,
  type DeliveryRow,
  listDeliveries,
  readDelivery,
} from '#ledger/delivery-list'
import { moveDeliveries, readForRetry } from '#ledger/delivery-queue'
import { countFailing, type FailingRow, listFailing } from '#ledger/failing-address'
import type { ReadHandle } from '#ledger/ledger'
import { command } from './command.ts'
import { os } from './context.ts'
import { reopen, resendDelivery, retryDeliveries } from './delivery-again.ts'
import { readAttempts, readEvidence, readEvidenceFile, readEvidenceText } from './delivery-evidence.ts'
import { keptList } from './kept-list.ts'
import { type ExportColumn, exportList } from './list-export.ts'
import { pause } from './long-work.ts'

const COLUMNS: Readonly<Record<string, ExportColumn<DeliveryRow>>> = {
  personName: { kind: 'text', value: (row) => row.personName },
  noticeNumber: { kind: 'code', value: (row) => row.noticeNumber },
  channel: { kind: 'text', value: (row) => CHANNELS[row.channel], width: 10 },
  address: { kind: 'text', value: (row) => row.address },
  state: { kind: 'text', value: (row) => deliveryWord(row).word, width: 16 },
  ordinal: { kind: 'integer', value: (row) => row.ordinal },
  at: {
    kind: 'text',
    value: (row) => `${formatDate(romeDate(row.at))} ${romeDateTime(row.at).slice(11, 19)}`,
    width: 22,
  },
  reason: { kind: 'text', value: (row) => row.reason, width: 40 },
  reply: { kind: 'text', value: (row) => row.reply, width: 40 },
}

const FAILING_COLUMNS: Readonly<Record<string, ExportColumn<FailingRow>>> = {
  personName: { kind: 'text', value: (row) => row.personName },
  channel: { kind: 'text', value: (row) => CHANNELS[row.channel], width: 10 },
  address: { kind: 'text', value: (row) => row.address },
  failures: { kind: 'integer', value: (row) => row.failures },
  lastAt: { kind: 'text', value: (row) => row.lastAt, width: 22 },
  reason: { kind: 'text', value: (row) => row.reason, width: 40 },
}

async function needDelivery(db: ReadHandle, id: Id<'delivery'>): Promise<DeliveryRow> {
  const row = await readDelivery(db, id)
  if (row === null) throw new ProblemError(problem('DELIVERY_GONE', {}))
  return row
}

export const delivery = {
  list: os.delivery.list.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const rows = await listDeliveries(db, input, input)
      await pause()
      const { filters, search } = input
      const count = await keptList(db, ['delivery', filters, search], () => countDeliveries(db, input))
      return { rows, count, totals: {} }
    }),
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

  get: os.delivery.get.handler(({ context, input: { id } }) =>
    context.ledger.read(async (db) => ({
      ...(await needDelivery(db, id)),
      attempts: await readAttempts(db, id),
      evidence: await readEvidence(db, id),
    })),
  ),

  evidence: os.delivery.evidence.handler(({ context, input }) => readEvidenceFile(context, input.id)),

  evidenceText: os.delivery.evidenceText.handler(({ context, input }) => readEvidenceText(context, input.id)),

  retry: os.delivery.retry.handler(({ context, input }) => retryDeliveries(context, input.ids)),

  resend: os.delivery.resend.handler(({ context, input }) => resendDelivery(context, input.id, input.reason)),

  resolve: os.delivery.resolve.handler(async ({ context, input }) => {
    const { id, as, reason } = input
    await context.ledger.write(command(context, 'delivery.resolve', { id, as, reason }), async (db) => {
      await needDelivery(db, id)
      const words = reason === '' ? (as === 'sent' ? 'Arrivato, dice chi lo ha verificato' : null) : reason
      const moved = await moveDeliveries(db, [id], ['uncertain'], as, words, context.clock.now())
      if (moved === 0) throw new ProblemError(problem('DELIVERY_NOT_UNCERTAIN', {}))
      const [row] = await readForRetry(db, [id])
      if (as !== 'queued' || row === undefined) return
      // It would wait for ever.
      if (row.cancelledAt !== null) throw new ProblemError(problem('CAMPAIGN_CANCELLED', {}))
      await reopen(db, row)
    })
    context.outbox.kick()
    return context.ledger.read((db) => needDelivery(db, id))
  }),

  cancel: os.delivery.cancel.handler(async ({ context, input: { ids, reason } }) => ({
    cancelled: await context.ledger.write(
      command(context, 'delivery.cancel', { deliveries: ids.length, reason }),
      (db) =>
        moveDeliveries(
          db,
          ids,
          ['queued', 'deferred'],
          'cancelled',
          reason === '' ? 'Tolta dalla coda' : reason,
          context.clock.now(),
        ),
    ),
  })),

  failing: os.delivery.failing.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const rows = await listFailing(db, input, input)
      await pause()
      return { rows, count: await countFailing(db, input), totals: {} }
    }),
  ),

  failingExport: os.delivery.failingExport.handler(({ context, input }) =>
    exportList({
      ctx: context,
      input,
      columns: FAILING_COLUMNS,
      pages: (offset, limit) => context.ledger.read((db) => listFailing(db, input, { offset, limit })),
    }),
  ),
}
