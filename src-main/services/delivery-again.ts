import type { Id } from '#domain/brand'
import { ProblemError, problem } from '#domain/problem'
import { whyNotSent } from '#domain/sending-rules'
import { readCampaign, setClosed, setStopped } from '#ledger/campaign'
import { insertNextDelivery, readContacts, readForRetry } from '#ledger/delivery-queue'
import { isStopped, readStops } from '#ledger/delivery-stop'
import type { ReadHandle, WriteHandle } from '#ledger/ledger'
import { command } from './command.ts'
import type { ServiceContext } from './context.ts'
import { LeftOut } from './selection.ts'

type Row = Awaited<ReturnType<typeof readForRetry>>[number]

/** New deliveries of the failed ones, to the present addresses; what waits for its next time leaves at once. */
export async function retryDeliveries(context: ServiceContext, ids: readonly Id<'delivery'>[]) {
  const leftOut = new LeftOut()
  const payload = { deliveries: ids.length }
  const queued = await context.ledger.write(command(context, 'delivery.retry', payload), async (db) => {
    const rows = await readForRetry(db, ids)
    const facts = await positionFacts(db, rows)
    const people = rows.map((row) => row.personId)
    const stops = await readStops(db, people)
    const contacts = { email: await readContacts(db, 'email', people), pec: await readContacts(db, 'pec', people) }
    const ways = new Set<string>()
    let count = 0
    for (const row of rows) {
      const position = facts.get(row.noticeId)
      const purpose = position?.purpose ?? 'notice'
      const reason =
        row.cancelledAt !== null
          ? 'La campagna è annullata'
          : row.state === 'deferred' || row.state === 'queued'
            ? null
            : row.state !== 'failed'
              ? 'Non sono fallite'
              : position === undefined
                ? 'La posizione non c’è più'
                : isStopped(stops, row.personId, row.channel)
                  ? 'Nell’elenco di chi non riceve'
                  : whyNotSent({ ...position, purpose, stop: null })
      if (reason !== null) {
        leftOut.add(reason)
        continue
      }
      if (row.state === 'failed') {
        const contact =
          row.channel === 'email' || row.channel === 'pec' ? contacts[row.channel].get(row.personId) : undefined
        if (contact === undefined && (row.channel === 'email' || row.channel === 'pec')) {
          leftOut.add('Non hanno più un indirizzo')
          continue
        }
        const delivery = {
          noticeId: row.noticeId,
          channel: row.channel,
          contactPointId: contact?.id ?? row.contactPointId,
          addressText: contact?.value ?? row.addressText,
        }
        if ((await insertNextDelivery(db, row.campaignId, delivery, context.clock.now())) === null) {
          leftOut.add('Già consegnate o in consegna')
          continue
        }
      } else {
        await db.updateTable('delivery').set({ nextAt: null }).where('id', '=', row.id).execute()
      }
      count += 1
      const key = `${row.campaignId}|${row.channel}`
      if (!ways.has(key)) await reopen(db, row)
      ways.add(key)
    }
    return count
  })
  context.outbox.kick()
  return { queued, leftOut: leftOut.list() }
}

/** Sends one again although it left: a new delivery of the same notice, with the reason. */
export async function resendDelivery(context: ServiceContext, id: Id<'delivery'>, reason: string) {
  const again = await context.ledger.write(command(context, 'delivery.resend', { id, reason }), async (db) => {
    const [row] = await readForRetry(db, [id])
    if (row === undefined) throw new ProblemError(problem('DELIVERY_GONE', {}))
    if (row.cancelledAt !== null) throw new ProblemError(problem('CAMPAIGN_CANCELLED', {}))
    const position = (await positionFacts(db, [row])).get(row.noticeId)
    if (position === undefined || whyNotSent({ ...position, stop: null }) !== null) {
      throw new ProblemError(problem('DELIVERY_POSITION_CLOSED', {}))
    }
    const stops = await readStops(db, [row.personId])
    if (isStopped(stops, row.personId, row.channel)) throw new ProblemError(problem('DELIVERY_STOPPED', {}))
    const kind = row.channel === 'email' || row.channel === 'pec' ? row.channel : null
    const contact = kind === null ? undefined : (await readContacts(db, kind, [row.personId])).get(row.personId)
    const next = await insertNextDelivery(
      db,
      row.campaignId,
      {
        noticeId: row.noticeId,
        channel: row.channel,
        contactPointId: contact?.id ?? row.contactPointId,
        addressText: contact?.value ?? row.addressText,
      },
      context.clock.now(),
      reason,
    )
    if (next === null) throw new ProblemError(problem('DELIVERY_UNDER_WAY', {}))
    await reopen(db, row)
    return next
  })
  context.outbox.kick()
  return { id: again }
}

/** The way has something to send again; one that stood still is tried once more. */
export async function reopen(db: WriteHandle, { campaignId, channel }: Pick<Row, 'campaignId' | 'channel'>) {
  await setClosed(db, campaignId, channel, null)
  await setStopped(db, campaignId, channel, null)
}

async function positionFacts(db: ReadHandle, rows: readonly Row[]) {
  const found = new Map<
    number,
    { purpose: 'notice' | 'reminder'; lifecycle: string; payment: string; isCurrent: boolean }
  >()
  const purposes = new Map<number, 'notice' | 'reminder'>()
  for (const row of rows) {
    if (!purposes.has(row.campaignId)) {
      purposes.set(row.campaignId, (await readCampaign(db, row.campaignId))?.purpose ?? 'notice')
    }
    if (found.has(row.noticeId)) continue
    const position = await db
      .selectFrom('notice')
      .innerJoin('debtPosition', 'debtPosition.id', 'notice.debtPositionId')
      .where('notice.id', '=', row.noticeId)
      .select(['debtPosition.lifecycle', 'debtPosition.payment', 'debtPosition.currentVersion', 'notice.version'])
      .executeTakeFirst()
    if (position === undefined) continue
    const { lifecycle, payment, currentVersion, version } = position
    const purpose = purposes.get(row.campaignId) ?? 'notice'
    found.set(row.noticeId, { purpose, lifecycle, payment, isCurrent: currentVersion === version })
  }
  return found
}
