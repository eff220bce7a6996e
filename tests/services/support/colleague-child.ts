// The program on a colleague's workstation: it opens the ledger given as JSON at the instant given, and closes it.
import type { Instant } from '#domain/date'
import type { LedgerTarget } from '#ledger/ledger'
import { openBackend } from '../../../src-main/hosts/backend.ts'
import { FakeClock } from '../../../src-main/hosts/clock.ts'

export interface Colleague {
  readonly folder: string
  readonly target: LedgerTarget
  readonly now: Instant
}

const { folder, target, now } = JSON.parse(process.argv[2] as string) as Colleague
const backend = await openBackend({ folder, target, clock: new FakeClock(now), fileSecretsOnly: true })
await backend.close()
