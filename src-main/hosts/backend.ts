import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import type { Clock, Random } from '#domain/ports'
import { fileServers } from '#gateways/file-server'
import { type FolderRoot, type LocalFolders, localFolders } from '#gateways/folder-local'
import { FolderTokens } from '#gateways/folder-token'
import { ioApi } from '#gateways/io-api'
import { smtpMail } from '#gateways/mail-smtp'
import { imapMailbox } from '#gateways/mailbox-imap'
import { nodeApi } from '#gateways/node-api'
import { nodeLog } from '#gateways/node-log'
import { openSecrets } from '#gateways/secrets'
import type { LedgerTarget } from '#ledger/ledger'
import { openLedger } from '#ledger/open-ledger'
import { lockForProgram } from '#ledger/program-lock'
import { openAlboSender } from '#services/albo-write-back'
import { openCartWatcher } from '#services/cart-watch'
import type { ServiceContext } from '#services/context'
import { openReceiptReader } from '#services/mail-receipts'
import { knownInRehearsal } from '#services/node-connection'
import { openNodeFollower } from '#services/node-follower'
import { openNodeReceiver } from '#services/node-inbox-read'
import { openLateTeller } from '#services/node-message'
import type { PublisherOptions } from '#services/node-publish/core'
import { openNodePublisher } from '#services/node-publish/publisher'
import { type NodePublisher, RESTING_PUBLISHER } from '#services/node-publish/publisher-port'
import { holdUnlessTheSame } from '#services/outbox/archive-mark'
import { openIoFollower } from '#services/outbox/io-states'
import { openOutbox } from '#services/outbox/outbox'
import { RESTING_OUTBOX } from '#services/outbox/outbox-port'
import { recoverDeliveries } from '#services/outbox/recovery'
import { openPaperPress } from '#services/paper-press'
import { reconcileUpgraded } from '#services/reconcile-upgraded'
import { openFolderWatcher } from '#services/watched-folder'
import manifest from '../../package.json' with { type: 'json' }
import { archiveMarkOf } from './archive-mark.ts'
import { systemClock } from './clock.ts'
import { ledgerFileOf, THIS_MACHINE } from './data-folder.ts'
import { type HostFiles, openFiles } from './files.ts'
import { folderRootsOf, typedPlacesOf } from './folder-roots.ts'
import { fileLog } from './log.ts'
import { systemRandom } from './random.ts'
import { hostedRehearsalNode } from './rehearsal-node.ts'

export const VERSION: string = manifest.version

/** Where the thread that draws begins, for the hosts that run the sources. */
const PAPER_WORKER = new URL('../services/paper-worker.ts', import.meta.url)

export interface BackendOptions {
  /** Data folder, already there: ledger, log, secrets, deliveries. */
  readonly folder: string
  /** A bundle's own `paper-worker`; the source's when absent. */
  readonly paperWorker?: URL
  /** Where the ledger is, whatever the environment says (rehearsals, tests). */
  readonly target?: LedgerTarget
  /** Never ask the system's keychain (command line, rehearsals, tests). */
  readonly fileSecretsOnly?: boolean
  /** Fake ones of the rehearsal; else the machine's. */
  readonly clock?: Clock
  readonly random?: Random
  /** Places in which it may deliver, else the machine's. */
  readonly roots?: readonly FolderRoot[]
  /** False leaves what waits where it is: for programs that only look. */
  readonly delivers?: boolean
  /** Shorter pauses of whoever tells the node, for tests. */
  readonly nodePublisher?: Partial<PublisherOptions>
}

export interface Backend {
  readonly context: ServiceContext & { readonly files: HostFiles; readonly folders: LocalFolders }
  /** Waits for the write under way and leaves the ledger clean; calling again changes nothing. */
  close(): Promise<void>
}

/** Makes all that a procedure may touch, on this machine: the one place where ledger, gateways, clock and log are made. */
export async function openBackend(options: BackendOptions): Promise<Backend> {
  const { folder } = options
  const log = fileLog(folder)
  const clock = options.clock ?? systemClock()
  const target = options.target ?? ledgerTargetOf(folder)
  const lock = target.engine === 'sqlite' ? lockForProgram(target.file) : null
  const ledger = await openLedger(target, { log, clock }).catch((error: unknown) => {
    lock?.release()
    throw error
  })
  try {
    await mkdir(join(folder, 'consegne'), { recursive: true })
    const secrets = await openSecrets({
      folder,
      phrase: process.env.QUIETANZA_PASSPHRASE,
      fileOnly: options.fileSecretsOnly ?? process.env.QUIETANZA_SECRETS === 'file',
    })
    const folders = localFolders(
      options.roots ?? folderRootsOf(THIS_MACHINE, folder),
      new FolderTokens(await folderKey(folder)),
      // Places given by whoever opens the program are all that there are.
      options.roots === undefined ? typedPlacesOf(THIS_MACHINE, folder) : undefined,
    )
    const files = await openFiles()
    const press = openPaperPress(options.paperWorker ?? PAPER_WORKER, log)
    const operator = operatorName()
    log.info('program opened', { version: VERSION, node: process.versions.node, engine: ledger.target.engine })
    const nodeCalls = nodeLog(folder, {
      onFault: (error) => log.warn('calls to the node are not written down', { error }),
    })
    const rehearsalNode = hostedRehearsalNode(folder, {
      clock,
      random: systemRandom,
      institution: () => ledger.read(knownInRehearsal),
    })
    const context = {
      ...{ ledger, clock, secrets, log, files, folders, operator },
      random: options.random ?? systemRandom,
      mail: smtpMail(clock),
      mailbox: imapMailbox(),
      fileServers: fileServers(),
      io: ioApi(clock),
      node: nodeApi({ clock, onCall: nodeCalls.write }),
      nodeCalls,
      rehearsalNode,
      press,
      version: VERSION,
      archiveMark: archiveMarkOf(target, folder),
      nodePublisher: RESTING_PUBLISHER as NodePublisher,
      outbox: RESTING_OUTBOX,
    }
    const held = await holdUnlessTheSame(context)
    if (held > 0) log.warn('another archive than the one seen here: its campaigns wait', { ways: held })
    const lost = await recoverDeliveries(context)
    if (lost > 0) log.warn('deliveries left half way', { deliveries: lost })
    // Whatever goes wrong here goes wrong in words on the pages, too: the program opens.
    await reconcileUpgraded(context).catch((error: unknown) =>
      log.error('books of an older program', { error: String(error) }),
    )
    if (options.delivers !== false) {
      context.outbox = openOutbox(context)
      context.nodePublisher = openNodePublisher(context, options.nodePublisher)
    }
    const receipts = options.delivers === false ? null : openReceiptReader(context)
    const follower = openIoFollower(context)
    const watcher = options.delivers === false ? null : openFolderWatcher(context)
    const albo = options.delivers === false ? null : openAlboSender(context)
    const inbox = options.delivers === false ? null : openNodeReceiver(context)
    const carts = options.delivers === false ? null : openCartWatcher(context)
    const states = options.delivers === false ? null : openNodeFollower(context)
    const late = options.delivers === false ? null : openLateTeller(context)
    let closing: Promise<void> | null = null
    return {
      context,
      close() {
        const readers = [receipts, follower, watcher, albo, inbox, carts, states, late]
        const workers = [context.outbox, context.nodePublisher, ...readers]
        closing ??= Promise.all(workers.map((worker) => worker?.close()))
          .then(() => Promise.all([ledger.close(), press.close(), rehearsalNode.close()]))
          .then(() => undefined)
          .finally(() => {
            lock?.release()
            files.dispose()
            log.info('program closed')
          })
        return closing
      },
    }
  } catch (error) {
    await ledger.close()
    lock?.release()
    throw error
  }
}

/** `QUIETANZA_LEDGER=postgres://…` for an office with several workstations, else the file of the data folder. */
export function ledgerTargetOf(folder: string, env = process.env): LedgerTarget {
  const url = env.QUIETANZA_LEDGER
  return url ? { engine: 'postgres', url } : { engine: 'sqlite', file: ledgerFileOf(folder) }
}

/** Who is at the keyboard: the name in the system, proposed to the journal. */
function operatorName(): string {
  try {
    return process.env.QUIETANZA_OPERATOR || userInfo().username || 'operatore'
  } catch {
    return 'operatore'
  }
}

async function folderKey(folder: string): Promise<Uint8Array> {
  const path = join(folder, 'cartelle.key')
  try {
    await writeFile(path, randomBytes(32), { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  return new Uint8Array(await readFile(path))
}
