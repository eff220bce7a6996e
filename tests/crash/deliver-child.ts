// Delivers notices by e-mail and into a folder for as long as there are any; killed in the middle.
import { createRouterClient } from '@orpc/server'
import { openBackend } from '../../src-main/hosts/backend.ts'
import { campaign } from '../../src-main/services/campaign.ts'
import { outcome } from '../services/office.ts'
import { shiftedClock } from './shifted-clock.ts'

export interface Order {
  readonly folder: string
  readonly shiftMs: number
  readonly deliveries: string
  readonly emailAccountId: number
  readonly positions: readonly number[]
  readonly channels: readonly ('folder' | 'email')[]
}

const { folder, shiftMs, deliveries, emailAccountId, positions, channels } = JSON.parse(
  process.argv[2] as string,
) as Order
const roots = [{ name: 'Prova', path: deliveries }]
const backend = await openBackend({ folder, fileSecretsOnly: true, clock: shiftedClock(shiftMs), roots })
const { context } = backend
const client = createRouterClient({ campaign }, { context })
const say = (said: object) => process.stdout.write(`${JSON.stringify(said)}\n`)

// Nobody asks for it: what waits leaves by itself from the moment in which the program is open.
say({ begin: 'outbox' })
await context.outbox.idle()
const { subject, body } = await client.campaign.defaults({})
const request = {
  selection: { ids: [...positions] },
  channels: [...channels],
  emailAccountId: emailAccountId as never,
  folder: await context.folders.tokenOf(deliveries),
  subject,
  body,
}
const preview = await client.campaign.preview(request)
if (preview.channels.some((channel) => channel.count > 0)) {
  say({ begin: 'campaign' })
  await outcome(await client.campaign.start(request))
  await context.outbox.idle()
}
say({ done: true })
await backend.close()
