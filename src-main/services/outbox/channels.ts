import type { DeliveryChannel } from '#ledger/schema/delivery'
import type { OpenChannel } from './channel.ts'
import { openFolder } from './channel-folder.ts'
import { openIo } from './channel-io.ts'
import { openMail } from './channel-mail.ts'
import { openPost } from './channel-post.ts'
import { openServer } from './channel-server.ts'

/** How each channel is opened. */
export const CHANNELS: Readonly<Record<DeliveryChannel, OpenChannel>> = {
  email: openMail,
  pec: openMail,
  folder: openFolder,
  server: openServer,
  io: openIo,
  post: openPost,
}
