// Delivers notices by e-mail and into a folder for as long as there are any, saying when it begins; killed in the middle.
import { createRouterClient } from '@orpc/server'
import { openBackend } from '../../src-main/hosts/backend.ts'
import { campaign } from '../../src-main/services/campaign.ts'
import { delivery } from '../../src-main/services/delivery.ts'
import { outcome } from '../services/office.ts'
import { shiftedClock } from './shifted-clock.ts'

export interface Order {
  readonly folder: string
  readonly shiftMs: number
  readonly deliveries: string
  readonly emailAccountId: number
  readonly positions: readonly number[]
}

const { folder, shiftMs, deliveries, emailAccountId, positions } = JSON.parse(process.argv[2] as string) as Order
const roots = [{ name: 'Prova', path: deliveries }]
const backend = await openBackend({ folder, fileSecretsOnly: true, clock: shiftedClock(shiftMs), roots })
const { context } = backend
const client = createRouterClient({ campaign, delivery }, { context })
const say = (said: object) => process.stdout.write(`${JSON.stringify(said)}\n`)

say({ begin: 'open' })
const waiting = await client.delivery.list({ filters: { state: ['queued', 'deferred'] }, limit: 500 })
if (waiting.count > 0) {
  say({ begin: 'retry' })
  await outcome(await client.delivery.retry({ ids: waiting.rows.map((row) => row.id) }))
} else {
  const { subject, body } = await client.campaign.defaults()
  const request = {
    selection: { ids: [...positions] },
    channels: ['folder', 'email'] as ('folder' | 'email')[],
    emailAccountId: emailAccountId as never,
    folder: await context.folders.tokenOf(deliveries),
    subject,
    body,
  }
  say({ begin: 'campaign' })
  const preview = await client.campaign.preview(request)
  if (preview.channels.some((channel) => channel.count > 0)) await outcome(await client.campaign.start(request))
}
say({ done: true })
await backend.close()
