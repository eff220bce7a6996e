// A program of its own, as the desktop's backend is: makes an office, or measures a campaign over all its notices.
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createRouterClient } from '@orpc/server'
import { epochMsOf, type Instant, instantOf } from '#domain/date'
import { FakeClock, REHEARSAL_START } from '#hosts/clock'
import { listDue, readWaiting } from '#ledger/delivery-queue'
import { hasUnsettled } from '#ledger/mail-receipt'
import { router } from '#services/router'
import { openBackend } from '../../src-main/hosts/backend.ts'
import { members, openOffice, outcome } from './office.ts'

export type Order =
  | { readonly job: 'make'; readonly people: number }
  | { readonly job: 'measure'; readonly folder: string }

export interface Step {
  readonly name: string
  readonly ms: number
  /** The longest turn of the event loop, in milliseconds of the processor: what others do on the machine is not ours. */
  readonly turn: number
  /** Highest resident memory meanwhile. */
  readonly megabytes: number
  readonly result: unknown
}

const order = JSON.parse(process.argv[2] as string) as Order

if (order.job === 'make') {
  const office = await openOffice()
  await office.raise(members(order.people))
  await office.generate()
  await office.backend.close()
  console.log(JSON.stringify(office.folder))
} else console.log(JSON.stringify(await measure(order.folder)))

async function measure(folder: string): Promise<Step[]> {
  const start = epochMsOf(REHEARSAL_START)
  const clock = new FakeClock(instantOf(start + 86_400_000))
  const backend = await openBackend({ folder, fileSecretsOnly: true, clock })
  const { context } = backend
  const client = createRouterClient(router, { context })
  const steps: Step[] = []
  const step = async <T>(name: string, work: () => Promise<T>, say: (result: T) => unknown): Promise<T> => {
    await sleep(20)
    let running = true
    let turn = 0
    let megabytes = 0
    const watching = (async () => {
      let before = used()
      while (running) {
        await sleep(2)
        const now = used()
        turn = Math.max(turn, now - before)
        before = now
        megabytes = Math.max(megabytes, process.memoryUsage.rss() / 1024 / 1024)
      }
    })()
    const begun = performance.now()
    const result = await work()
    const ms = performance.now() - begun
    running = false
    await watching
    steps.push({
      ...{ name, result: say(result) },
      ...{ ms: Math.round(ms), turn: Math.round(turn), megabytes: Math.round(megabytes) },
    })
    return result
  }
  const { id: emailAccountId } = await client.mailAccount.save({
    ...{ id: null, name: 'Posta', kind: 'email', host: '127.0.0.1', port: 1, security: 'none', user: null },
    ...{ fromName: 'Ordine', fromAddress: 'ordine@prova.example', imap: null, password: null },
    pacing: { perMinute: 60, perDay: 2000, batch: { size: 100, pauseSeconds: 60 }, window: null },
  })
  const { subject, body } = await client.campaign.defaults({})
  const input = {
    ...{ selection: { query: { filters: {} }, except: [] }, channels: ['email' as const], emailAccountId },
    ...{ subject, body, startAt: instantOf(start + 30 * 86_400_000) as Instant },
  }
  await step(
    'preview',
    () => client.campaign.preview(input),
    (one) => one.channels[0]?.count,
  )
  const place = await context.folders.tokenOf(join(folder, 'consegne'))
  for (const channel of ['post', 'folder'] as const) {
    await step(
      `preview by ${channel}`,
      () => client.campaign.preview({ ...input, channels: [channel], folder: place }),
      (one) => one.channels[0]?.count,
    )
  }
  await step(
    'postal addresses',
    () => client.campaign.postalAddresses({ selection: input.selection }),
    (one) => one.count,
  )
  const begin = async () => outcome(await client.campaign.start(input))
  const { campaign } = await step('start', begin, (one) => one.campaign.channels[0]?.waiting)
  await step(
    'preview again',
    () => client.campaign.preview(input),
    (one) => one.leftOut[0]?.count,
  )
  await step(
    'get',
    () => client.campaign.get({ id: campaign.id }),
    (one) => one.channels[0]?.waiting,
  )
  await step(
    'list',
    () => client.campaign.list({ filters: {} }),
    (one) => one.count,
  )
  const filters = { campaignId: campaign.id }
  const deliveries = campaign.channels[0]?.waiting ?? 0
  await step(
    'delivery.list',
    () => client.delivery.list({ filters }),
    (one) => one.count,
  )
  for (const column of ['personName', 'address', 'noticeNumber', 'state', 'at']) {
    const sort = { column, direction: 'asc' as const }
    await step(
      `by ${column}`,
      () => client.delivery.list({ filters, sort }),
      (one) => one.count,
    )
  }
  await step(
    'last page',
    () => client.delivery.list({ filters, offset: deliveries - 50 }),
    (one) => one.count,
  )
  const found = { filters, search: 'albarosa 00123' }
  await step(
    'search',
    () => client.delivery.list(found),
    (one) => one.count,
  )
  await step(
    'by state',
    () => client.delivery.list({ filters: { state: ['queued'] } }),
    (one) => one.count,
  )
  const way = { campaignId: campaign.id, channel: 'email' as const }
  await step(
    'due',
    () => context.ledger.read((db) => listDue(db, way, clock.now(), 48)),
    (one) => one.length,
  )
  await step(
    'waiting',
    () => context.ledger.read((db) => readWaiting(db, way)),
    (one) => one.waiting,
  )
  await step(
    'unsettled',
    () => context.ledger.read(hasUnsettled),
    (one) => one,
  )
  await step(
    'counts',
    () => client.delivery.counts(),
    (one) => one.all,
  )
  await step(
    'failing',
    () => client.delivery.failing({ filters: {} }),
    (one) => one.count,
  )
  await step(
    'dashboard',
    () => client.dashboard.get({ exercise: 2026 }),
    () => null,
  )
  await step(
    'pause',
    () => client.campaign.pause({ id: campaign.id }),
    (one) => one.state,
  )
  await step(
    'resume',
    () => client.campaign.resume({ id: campaign.id }),
    (one) => one.state,
  )
  const rows = await context.ledger.read((db) => db.selectFrom('delivery').select('id').orderBy('id').execute())
  const ids = rows.map(({ id }) => id)
  const half = ids.slice(0, ids.length / 2)
  await step(
    'delivery.cancel of half',
    () => client.delivery.cancel({ ids: half }),
    (one) => one.cancelled,
  )
  // The other half failed, as if a server had refused them all.
  const at = clock.now()
  await context.ledger.write({ command: 'test', operator: 'prova', payload: {}, at }, (db) =>
    db.updateTable('delivery').set({ state: 'failed', reason: 'rifiutata' }).where('state', '=', 'queued').execute(),
  )
  await step(
    'failing of half',
    () => client.delivery.failing({ filters: {} }),
    (one) => one.count,
  )
  await step(
    'retry of half',
    () => client.delivery.retry({ ids: ids.slice(ids.length / 2) }),
    (one) => one.queued,
  )
  await step(
    'delivery.list after',
    () => client.delivery.list({ filters }),
    (one) => one.count,
  )
  await step(
    'counts after',
    () => client.delivery.counts(),
    (one) => one.all,
  )
  await step(
    'get after',
    () => client.campaign.get({ id: campaign.id }),
    (one) => one.channels[0]?.waiting,
  )
  const all = async () => outcome(await client.campaign.cancel({ id: campaign.id, reason: 'prova' }))
  await step('campaign.cancel', all, (one) => one.cancelled)
  await backend.close()
  return steps
}

/** Milliseconds of the processor that this thread has had. */
function used(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}
