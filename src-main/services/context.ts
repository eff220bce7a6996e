import { implement } from '@orpc/server'
import { contract } from '#contract/contract'
import type { NodeCallStore, NodeGateway, RehearsalNodePort } from '#domain/node-ports'
import type {
  ArchiveMark,
  Clock,
  FileServerGateway,
  Files,
  FolderGateway,
  IoGateway,
  Log,
  MailboxGateway,
  MailGateway,
  Random,
  Secrets,
} from '#domain/ports'
import type { Ledger } from '#ledger/ledger'
import type { NodePublisher } from './node-publish/publisher-port.ts'
import type { Outbox } from './outbox/outbox-port.ts'
import type { PaperPress } from './paper-press.ts'
import { problemsAsData } from './problems.ts'

/** All that a procedure may touch; the hosts make it and hand it in, once per program. */
export interface ServiceContext {
  readonly ledger: Ledger
  /** Tells an older copy of the archive from the one that was at work here. */
  readonly archiveMark: ArchiveMark
  readonly clock: Clock
  readonly random: Random
  readonly secrets: Secrets
  readonly log: Log
  readonly files: Files
  readonly folders: FolderGateway
  readonly mail: MailGateway
  /** Where receipts and bounces arrive. */
  readonly mailbox: MailboxGateway
  readonly fileServers: FileServerGateway
  readonly io: IoGateway
  /** The pagoPA platform; `needNode` says how it is reached. */
  readonly node: NodeGateway
  /** What was asked of it, outside of the ledger. */
  readonly nodeCalls: NodeCallStore
  /** Null where this program has no rehearsal node of its own. */
  readonly rehearsalNode: RehearsalNodePort | null
  /** Tells the node of what is wanted there, by itself. */
  readonly nodePublisher: NodePublisher
  /** Drains what campaigns queue, by itself. */
  readonly outbox: Outbox
  /** Draws papers on a thread of its own. */
  readonly press: PaperPress
  /** Who is at the keyboard, as the journal names them. */
  readonly operator: string
  readonly version: string
}

/** The contract, ready to be answered: each section's file builds its handlers on this. */
export const os = implement(contract).$context<ServiceContext>().use(problemsAsData)
