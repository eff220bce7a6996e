import type { Id } from '#domain/brand'
import type { IsoDate } from '#domain/date'
import { ProblemError, problem } from '#domain/problem'
import { type SendingFacts, whyNotSent } from '#domain/sending-rules'
import { readCampaign, readWays, setClosed, setRunning } from '#ledger/campaign'
import { restingChunks } from '#ledger/chunks'
import {
  hastenDeliveries,
  insertNextDeliveries,
  type NextDelivery,
  readContacts,
  readForRetry,
} from '#ledger/delivery-queue'
import { isStopped, readStops } from '#ledger/delivery-stop'
import type { ReadHandle, WriteHandle } from '#ledger/ledger'
import { validityOf } from '#ledger/position-list'
import { command } from './command.ts'
import type { ServiceContext } from './context.ts'
import { isHeld } from './outbox/archive-mark.ts'
import { today } from './produced-file.ts'
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
    const next: NextDelivery[] = []
    const ways = new Map<string, Row>()
    const goesOn = (row: Row) => ways.set(`${row.campaignId}|${row.channel}`, row)
    const put: Row[] = []
    const day = today(context)
    for (const row of rows) {
      const reason = whyNotAgain(row, facts.get(row.noticeId), stops, day)
      const kind = row.channel === 'email' || row.channel === 'pec' ? row.channel : null
      const contact = kind === null ? undefined : contacts[kind].get(row.personId)
      if (reason !== null) leftOut.add(reason)
      else if (row.state !== 'failed') put.push(row)
      else if (kind !== null && contact === undefined) leftOut.add('Non hanno più un indirizzo')
      else next.push(nextOf(row, contact))
    }
    const results = await insertNextDeliveries(db, next, context.clock.now())
    const byId = new Map(rows.map((row) => [row.id, row]))
    for (const [i, result] of results.entries()) {
      if (result === 'later') leftOut.add('Già riprovate')
      else if (result === 'underWay') leftOut.add('Già consegnate o in consegna')
      else goesOn(byId.get(next[i]?.after as Id<'delivery'>) as Row)
    }
    await hastenDeliveries(
      db,
      put.map(({ id }) => id),
    )
    for (const row of put) goesOn(row)
    for (const row of ways.values()) await reopen(db, row)
    return put.length + results.filter((result) => typeof result === 'number').length
  })
  context.outbox.kick()
  return { queued, leftOut: leftOut.list() }
}

/** Why a delivery cannot be retried, in words; null when it may. */
function whyNotAgain(
  row: Row,
  position: Omit<SendingFacts, 'stop' | 'today'> | undefined,
  stops: Awaited<ReturnType<typeof readStops>>,
  day: IsoDate,
): string | null {
  if (row.cancelledAt !== null) return 'La campagna è annullata'
  if (row.state === 'deferred' || row.state === 'queued') return null
  if (row.state !== 'failed') return 'Non sono fallite'
  if (position === undefined) return 'La posizione non c’è più'
  if (isStopped(stops, row.personId, row.channel)) return 'Nell’elenco di chi non riceve'
  return whyNotSent({ ...position, stop: null, today: day })
}

/** The same notice on the same way, to the present address. */
function nextOf(
  row: Row,
  contact: { readonly id: Id<'contactPoint'>; readonly value: string } | undefined,
): NextDelivery {
  const { noticeId, channel } = row
  const contactPointId = contact?.id ?? row.contactPointId
  const delivery = { noticeId, channel, contactPointId, addressText: contact?.value ?? row.addressText }
  return { after: row.id, campaignId: row.campaignId, delivery }
}

/** Sends one again although it left: a new delivery of the same notice, with the reason. */
export async function resendDelivery(context: ServiceContext, id: Id<'delivery'>, reason: string) {
  const again = await context.ledger.write(command(context, 'delivery.resend', { id, reason }), async (db) => {
    const [row] = await readForRetry(db, [id])
    if (row === undefined) throw new ProblemError(problem('DELIVERY_GONE', {}))
    if (row.cancelledAt !== null) throw new ProblemError(problem('CAMPAIGN_CANCELLED', {}))
    const position = (await positionFacts(db, [row])).get(row.noticeId)
    if (position === undefined || whyNotSent({ ...position, stop: null, today: today(context) }) !== null) {
      throw new ProblemError(problem('DELIVERY_POSITION_CLOSED', {}))
    }
    const stops = await readStops(db, [row.personId])
    if (isStopped(stops, row.personId, row.channel)) throw new ProblemError(problem('DELIVERY_STOPPED', {}))
    const kind = row.channel === 'email' || row.channel === 'pec' ? row.channel : null
    const contact = kind === null ? undefined : (await readContacts(db, kind, [row.personId])).get(row.personId)
    const [next] = await insertNextDeliveries(db, [nextOf(row, contact)], context.clock.now(), reason)
    if (next === 'later') throw new ProblemError(problem('DELIVERY_SENT_AGAIN', {}))
    if (typeof next !== 'number') throw new ProblemError(problem('DELIVERY_UNDER_WAY', {}))
    await reopen(db, row)
    return next
  })
  context.outbox.kick()
  return { id: again }
}

/** The way has something to send again; one that stood still is tried once more, unless all of it waits for «Riprendi». */
export async function reopen(db: WriteHandle, { campaignId, channel }: Pick<Row, 'campaignId' | 'channel'>) {
  await setClosed(db, campaignId, channel, null)
  const way = (await readWays(db, [campaignId])).find((one) => one.channel === channel)
  if (!isHeld(way?.stoppedReason ?? null)) await setRunning(db, campaignId, channel)
}

async function positionFacts(db: ReadHandle, rows: readonly Row[]) {
  const found = new Map<number, Omit<SendingFacts, 'stop' | 'today'>>()
  const purposes = new Map<number, 'notice' | 'reminder'>()
  const purposeOf = new Map<Id<'notice'>, 'notice' | 'reminder'>()
  for (const { noticeId, campaignId } of rows) {
    if (!purposes.has(campaignId)) purposes.set(campaignId, (await readCampaign(db, campaignId))?.purpose ?? 'notice')
    purposeOf.set(noticeId, purposes.get(campaignId) ?? 'notice')
  }
  for await (const slice of restingChunks([...purposeOf.keys()], 500)) {
    const positions = await db
      .selectFrom('notice')
      .innerJoin('debtPosition', 'debtPosition.id', 'notice.debtPositionId')
      .innerJoin('debtPositionVersion', (join) =>
        join
          .onRef('debtPositionVersion.debtPositionId', '=', 'debtPosition.id')
          .onRef('debtPositionVersion.version', '=', 'debtPosition.currentVersion'),
      )
      .leftJoin('issuance', 'issuance.id', 'debtPosition.issuanceId')
      .where('notice.id', 'in', slice)
      .select(['issuance.parametersJson', 'issuance.at', 'notice.id', 'debtPositionVersion.validUntil as own'])
      .select(['debtPosition.lifecycle', 'debtPosition.payment', 'debtPosition.currentVersion', 'notice.version'])
      .execute()
    for (const { id, lifecycle, payment, currentVersion, version, own, parametersJson, at } of positions) {
      const validUntil = parametersJson === null || at === null ? null : validityOf({ own, parametersJson, at })
      const purpose = purposeOf.get(id) ?? 'notice'
      found.set(id, { purpose, lifecycle, payment, validUntil, isCurrent: currentVersion === version })
    }
  }
  return found
}
