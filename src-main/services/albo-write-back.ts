import { createHash } from 'node:crypto'
import { alboListBytes } from '#codecs/albo-list'
import { alboFileName, alboProfile } from '#domain/albo-profile'
import type { Id } from '#domain/brand'
import { type Instant, instantOf } from '#domain/date'
import type { FolderToken } from '#domain/ports'
import { ProblemError, problem, problemText } from '#domain/problem'
import { CATEGORIES } from '#domain/vocabulary'
import { type AlboRow, alboMarkNow, listAlbo } from '#ledger/albo'
import { type AlboDestination, listAlboDestinations } from '#ledger/albo-destination'
import {
  type AlboSent,
  insertAlboList,
  lastMarkOf,
  listAlboSent,
  nextListNumber,
  type RefusedRow,
  readAlboFile,
  refusedRows,
  setAlboFile,
} from '#ledger/albo-sent'
import type { ReadHandle } from '#ledger/ledger'
import { command } from './command.ts'
import type { ServiceContext } from './context.ts'
import { fileServerOf, needFileAccount } from './file-account.ts'
import { keptList } from './kept-list.ts'
import { type Looker, lookAgain } from './look-again.ts'
import { today } from './produced-file.ts'

/** Pauses after failures: a place that is away comes back by itself; after the last one it stays failed until asked. */
const PAUSES_MINUTES = [1, 5, 15, 60, 180, 720]

export async function needDestination(db: ReadHandle, id: Id<'alboDestination'>): Promise<AlboDestination> {
  const found = (await listAlboDestinations(db)).find((destination) => destination.id === id && destination.active)
  if (found === undefined) throw new ProblemError(problem('ALBO_DESTINATION_GONE', {}))
  return found
}

export async function needSent(db: ReadHandle, id: Id<'alboExport'>): Promise<AlboSent> {
  const [found] = await listAlboSent(db, { id })
  if (found === undefined) throw new ProblemError(problem('ALBO_LIST_GONE', {}))
  return found
}

/** What the next list of a destination tells: what changed since its last one, with what the Albo refused, or without. */
export async function newRowsFor(
  db: ReadHandle,
  destinationId: Id<'alboDestination'>,
  withRefused = true,
): Promise<{ readonly rows: AlboRow[]; readonly again: RefusedRow[] }> {
  const since = await lastMarkOf(db, destinationId)
  const now = await alboMarkNow(db)
  const again = withRefused ? await refusedRows(db, destinationId) : []
  const still = now.lastWriteBackId === since.lastWriteBackId && now.lastAnnulmentId === since.lastAnnulmentId
  if (still && again.length === 0) return { rows: [], again }
  const cents = new Map<number, number>()
  for (const row of again) {
    const signed = row.what === 'withdrawn' ? -row.cents : row.cents
    cents.set(row.accertamentoId, (cents.get(row.accertamentoId) ?? 0) + signed)
  }
  return { rows: await listAlbo(db, { exercise: null, since, again: { destinationId, cents } }), again }
}

/** The same for whoever looks, worked out once until something is written. */
export function keptNews(db: ReadHandle, destinationId: Id<'alboDestination'>): Promise<readonly AlboRow[]> {
  return keptList(db, ['albo.news', destinationId], async () => (await newRowsFor(db, destinationId)).rows)
}

/**
 * Makes the list of what is new for a destination: rows and file in one write, so that what was told once is never told
 * twice nor forgotten, whatever happens to the file. @throws ProblemError ALBO_NOTHING_NEW
 */
export async function makeList(context: ServiceContext, id: Id<'alboDestination'>): Promise<Id<'alboExport'>> {
  const write = command(context, 'albo.send', { destination: id })
  return context.ledger.write(write, async (db) => {
    const destination = await needDestination(db, id)
    const { rows, again } = await newRowsFor(db, id)
    if (rows.length === 0) throw new ProblemError(problem('ALBO_NOTHING_NEW', {}))
    const profile = alboProfile(destination.profile)
    const { at, operator } = write
    const bytes = await alboListBytes(profile, rows.map(listRow), at)
    return insertAlboList(db, {
      ...{ destinationId: id, rows, again, bytes, at, operator },
      fileName: alboFileName(profile, today(context), await nextListNumber(db, id)),
      sha256: createHash('sha256').update(bytes).digest('hex'),
    })
  })
}

function listRow(row: AlboRow) {
  return {
    ...row,
    externalReference: row.externalReference ?? '',
    alboNumber: row.alboNumber ?? '',
    fiscalCode: row.fiscalCode ?? '',
    category: CATEGORIES[row.category],
    number: `${row.number}/${row.exercise}`,
    competenceYear: String(row.competenceYear),
  }
}

type Left = { readonly kind: 'sent' } | { readonly kind: 'later' | 'failed'; readonly reason: string }

/** Takes the file of a list to its place; an equal one that is there already is the same file, sent before. */
async function leave(context: ServiceContext, destination: AlboDestination, list: AlboSent): Promise<Left> {
  const bytes = await context.ledger.read((db) => readAlboFile(db, list.id))
  if (bytes === null) return { kind: 'failed', reason: problemText(problem('ALBO_LIST_GONE', {})) }
  const differs = {
    kind: 'failed',
    reason: problemText(problem('ALBO_FILE_DIFFERS', { name: list.fileName })),
  } as const
  try {
    if (destination.way === 'folder') {
      const put = await context.folders.put(destination.folder as FolderToken, list.fileName, bytes)
      return put === 'different' ? differs : { kind: 'sent' }
    }
    const account = await needFileAccount(context, destination.fileAccountId)
    const session = await context.fileServers.open(await fileServerOf(context, account))
    try {
      const put = await session.put(list.fileName, bytes)
      if ('reason' in put) return { kind: put.kind === 'permanent' ? 'failed' : 'later', reason: put.reason }
      return put.kind === 'different' ? differs : { kind: 'sent' }
    } finally {
      await session.close()
    }
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    return { kind: 'later', reason: error.problems.map(problemText).join(' ') }
  }
}

/** Sends one list now, whatever its pause, and writes down how it went. */
async function sendList(context: ServiceContext, destination: AlboDestination, list: AlboSent): Promise<AlboSent> {
  const left = await leave(context, destination, list)
  const attempts = list.attempts + 1
  const now = context.clock.now()
  const pause = PAUSES_MINUTES[attempts - 1]
  const again = left.kind === 'later' && pause !== undefined
  const write = command(context, 'albo.sent', { list: list.id, outcome: left.kind })
  return context.ledger.write(write, async (db) => {
    // What was answered meanwhile, or sent by another workstation, stands.
    const present = await needSent(db, list.id)
    if (present.state === 'waiting' || present.state === 'failed') {
      await setAlboFile(
        db,
        list.id,
        left.kind === 'sent'
          ? { state: 'sent', attempts, sentAt: now, nextAt: null, reason: null }
          : {
              state: again ? 'waiting' : 'failed',
              attempts,
              nextAt: again ? later(now, pause) : null,
              reason: left.reason,
            },
      )
    }
    return needSent(db, list.id)
  })
}

/**
 * Sends what waits for a destination, the oldest first: a later list never overtakes one that could not leave, since it may take
 * back what that one tells. `asked` by a person tries at once what has a pause or failed. Lists for download wait for the person.
 */
export async function sendWaiting(
  context: ServiceContext,
  destination: AlboDestination,
  asked: boolean,
  goesOn: () => boolean = () => true,
): Promise<void> {
  if (destination.way === 'download') return
  const waiting = await context.ledger.read((db) =>
    listAlboSent(db, { destinationId: destination.id, state: ['waiting', 'failed'] }),
  )
  for (const list of waiting.reverse()) {
    const rests = list.state === 'failed' || (list.nextAt !== null && list.nextAt > context.clock.now())
    if ((rests && !asked) || !goesOn()) return
    const { state } = await sendList(context, destination, list)
    if (state === 'waiting' || state === 'failed') return
  }
}

function later(now: Instant, minutes: number): Instant {
  return instantOf(new Date(now).getTime() + minutes * 60_000)
}

/** Between two looks at what is new and what waits; one that finds nothing costs a few small queries. */
const EVERY_MS = 15_000

/** Lists leave by themselves as long as the program runs. */
export function openAlboSender(context: ServiceContext): Looker {
  /** Where the books were when a destination had nothing new: annulled and issued again, they move and say nothing. */
  const nothingAt = new Map<number, string>()
  // What was refused goes with what is new: alone it waits for a person to see why.
  const isNews = (destination: AlboDestination) =>
    context.ledger.read(async (db) => {
      const { lastWriteBackId, lastAnnulmentId } = await alboMarkNow(db)
      const at = `${lastWriteBackId} ${lastAnnulmentId}`
      if (nothingAt.get(destination.id) === at) return false
      const found = (await newRowsFor(db, destination.id, false)).rows.length > 0
      if (!found) nothingAt.set(destination.id, at)
      return found
    })
  const serve = async (destination: AlboDestination, signal: AbortSignal) => {
    try {
      if (destination.automatic && (await isNews(destination))) await makeList(context, destination.id)
      await sendWaiting(context, destination, false, () => !signal.aborted)
    } catch (error) {
      // One that is broken keeps no other from leaving.
      context.log.error('list for the Albo not sent', { destination: destination.id, error })
    }
  }
  return lookAgain(
    EVERY_MS,
    async (signal) => {
      for (const destination of await context.ledger.read(listAlboDestinations)) {
        if (signal.aborted) return
        if (destination.active && destination.way !== 'download') await serve(destination, signal)
      }
    },
    (error) => context.log.error('lists for the Albo not sent', { error }),
  )
}
