// The program on a colleague's workstation: it opens the ledger given as JSON at the instant given, and closes it; where it
// delivers, what waits has left before.
import type { Instant } from '#domain/date'
import type { LedgerTarget } from '#ledger/ledger'
import { openBackend } from '../../../src-main/hosts/backend.ts'
import { FakeClock } from '../../../src-main/hosts/clock.ts'

export interface Colleague {
  readonly folder: string
  readonly target: LedgerTarget
  readonly now: Instant
  readonly delivers?: boolean
}

const { folder, target, now, delivers = false } = JSON.parse(process.argv[2] as string) as Colleague
const backend = await openBackend({ folder, target, clock: new FakeClock(now), fileSecretsOnly: true })
if (delivers) await backend.context.outbox.idle()
await backend.close()
