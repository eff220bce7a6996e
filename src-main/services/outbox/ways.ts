import type { Pacing } from '#domain/pacing'
import type { CampaignWay } from '#ledger/campaign'
import { listFileAccounts } from '#ledger/file-account'
import { readIoService } from '#ledger/io-service'
import type { ReadHandle } from '#ledger/ledger'
import { listMailAccounts } from '#ledger/mail-account'
import type { DeliveryChannel } from '#ledger/schema/delivery'

/** Channels that put files: the same file twice is one file. */
export function isFiles(channel: DeliveryChannel): boolean {
  return channel === 'folder' || channel === 'server' || channel === 'post'
}

/** The pace of a way's account; null for ways without limits, and where the account is no more (its opening says so). */
export async function pacingOf(
  db: ReadHandle,
  { channel, accountId }: Pick<CampaignWay, 'channel' | 'accountId'>,
): Promise<Pacing | null> {
  switch (channel) {
    case 'email':
    case 'pec':
      return (await listMailAccounts(db)).find(({ id }) => id === accountId)?.pacing ?? null
    case 'server':
      return (await listFileAccounts(db)).find(({ id }) => id === accountId)?.pacing ?? null
    case 'io':
      return (await readIoService(db))?.pacing ?? null
    default:
      return null
  }
}

/** All that a way's account says of how it is reached: two that are equal need no new connection. Empty for an account that is no more. */
export async function accountMark(
  db: ReadHandle,
  { channel, accountId }: Pick<CampaignWay, 'channel' | 'accountId'>,
): Promise<string> {
  switch (channel) {
    case 'email':
    case 'pec': {
      const account = (await listMailAccounts(db)).find(({ id }) => id === accountId)
      if (account === undefined) return ''
      const { host, port, security, user, kind, fromName, fromAddress } = account
      return JSON.stringify({ host, port, security, user, kind, fromName, fromAddress })
    }
    case 'server':
      return JSON.stringify((await listFileAccounts(db)).find(({ id }) => id === accountId) ?? '')
    case 'io':
      return JSON.stringify(await readIoService(db))
    default:
      return 'folder'
  }
}
