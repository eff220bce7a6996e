import type { Id } from '#domain/brand'
import { instantOf, romeDate } from '#domain/date'
import type { MassiveKind, MassiveReport, NodeFault } from '#domain/node-ports'
import { reportedFault } from '#gateways/node-fault'
import { knownNodeFiles, moveNodeBatch, type NodeBatchRow } from '#ledger/node-batch'
import type { NodeRow, NodeRowPatch } from '#ledger/node-position'
import { closeRows, rowsOfBatch } from '#ledger/node-position-work'
import { waitForMessage } from '#ledger/publication-message'
import { command } from '../command.ts'
import type { PublishRun } from './core.ts'
import { acceptedPatch, faultPatch, laterThan, lostPatch, type Told } from './outcome.ts'
import { pauseMs } from './pauses.ts'

const DAY_MS = 86_400_000
/** Questions about one load that failed in a row before its rows are asked about one by one. */
const MOST_FAILURES = 8
/** Files of others that are looked into. */
const MOST_FILES = 200

/** Sends the file of a load that the ledger knows of already. False where the massive load does not take it: its rows go another way. */
export async function sendBatch(
  run: PublishRun,
  batch: { readonly id: Id<'nodeBatch'>; readonly kind: MassiveKind },
  zip: Uint8Array,
): Promise<boolean> {
  const { context, to } = run
  if (!(await run.mayCall())) {
    await endBatch(run, batch.id, 'refused', () => ({}))
    return true
  }
  const answer = await context.node.massive.upload(to, batch.kind, zip)
  if (answer.kind === 'ok') {
    const { fileId, retryAfterSeconds } = answer.value
    const pause = retryAfterSeconds === null ? run.options.pollMs : retryAfterSeconds * 1000
    await moveBatch(run, batch.id, { state: 'sent', fileId })
    run.polls.set(batch.id, { at: laterThan(run.now(), pause), failures: 0 })
    return true
  }
  if (answer.kind === 'unknown') {
    await moveBatch(run, batch.id, { state: 'unknown' })
    run.polls.set(batch.id, { at: laterThan(run.now(), run.options.searchMs[0] ?? 0), failures: 0 })
    return true
  }
  run.context.log.warn('massive load not taken', { kind: answer.kind, status: answer.status })
  const waits = answer.kind === 'temporary'
  await endBatch(run, batch.id, 'refused', (told) => (waits ? faultPatch(told, answer, run) : {}))
  return waits
}

/** One look at a load under way: how far it came, what its report says, or where it is. */
export async function followBatch(run: PublishRun, batch: NodeBatchRow): Promise<void> {
  if (!(await run.mayCall())) return
  if (batch.state !== 'sent' || batch.fileId === null) return searchBatch(run, batch)
  const { context, to } = run
  const { fileId } = batch
  const status = await context.node.massive.status(to, fileId)
  if (status.kind !== 'ok') return followLater(run, batch, status)
  if (status.value.state === 'IN_PROGRESS') return waitFor(run, batch)
  const report = await context.node.massive.report(to, fileId)
  if (report.kind !== 'ok') return followLater(run, batch, report)
  if (report.value === null) return waitFor(run, batch)
  await readReport(run, batch.id, report.value)
}

/** Each row as the report says it; what it does not name, or could not do, is asked about one by one. */
async function readReport(run: PublishRun, id: Id<'nodeBatch'>, report: MassiveReport): Promise<void> {
  const said = new Map<string, { readonly status: number; readonly message: string }>()
  for (const { status, message, iupds } of report.rows) for (const iupd of iupds) said.set(iupd, { status, message })
  await endBatch(run, id, 'done', (told, iupd) => {
    const of = said.get(iupd)
    if (of === undefined || of.status >= 500) return lostPatch(told, run.now())
    if (of.status >= 200 && of.status < 300) return acceptedPatch(told, null, run.now())
    const fault = reportedFault(of.status, of.message)
    return fault.kind === 'refused' ? faultPatch(told, fault, run) : lostPatch(told, run.now())
  })
}

/** No answer came to the load: it is looked for among the files of those days, by the positions that their reports name. */
async function searchBatch(run: PublishRun, batch: NodeBatchRow): Promise<void> {
  const { context, to } = run
  const { massive } = context.node
  const startedMs = Date.parse(batch.startedAt)
  // Days of the list are those of Italy.
  const day = (ms: number) => romeDate(instantOf(ms))
  const listed = await massive.files(to, day(startedMs), day(Math.min(startedMs + 6 * DAY_MS, Date.parse(run.now()))))
  if (listed.kind !== 'ok') return followLater(run, batch, listed)
  const { known, iupds } = await context.ledger.read(async (db) => ({
    known: await knownNodeFiles(db, to.environment),
    iupds: new Set((await rowsOfBatch(db, batch.id)).map((row) => row.iupd)),
  }))
  const others = listed.value.filter((fileId) => !known.has(fileId)).slice(-MOST_FILES)
  let isRunning = false
  for (const fileId of others) {
    if (!(await run.mayCall())) return
    const report = await massive.report(to, fileId)
    if (report.kind === 'refused') continue
    if (report.kind !== 'ok') return followLater(run, batch, report)
    if (report.value === null) isRunning = true
    else if (report.value.rows.some((row) => row.iupds.some((iupd) => iupds.has(iupd)))) {
      await moveBatch(run, batch.id, { state: 'sent', fileId })
      run.polls.set(batch.id, { at: run.now(), failures: 0 })
      return
    }
  }
  // What is still being worked on may be ours.
  if (isRunning) return waitFor(run, batch)
  const looks = run.polls.get(batch.id).failures + 1
  const pause = run.options.searchMs[looks]
  if (pause !== undefined) run.polls.set(batch.id, { at: laterThan(run.now(), pause), failures: looks })
  else await endBatch(run, batch.id, 'refused', (told) => lostPatch(told, run.now()))
}

function waitFor(run: PublishRun, batch: NodeBatchRow): void {
  run.polls.set(batch.id, { at: laterThan(run.now(), run.options.pollMs), failures: 0 })
}

async function followLater(run: PublishRun, batch: NodeBatchRow, fault: NodeFault): Promise<void> {
  run.heard(fault)
  const failures = run.polls.get(batch.id).failures + 1
  if (fault.kind === 'refused' || failures > MOST_FAILURES) {
    return endBatch(run, batch.id, 'done', (told) => lostPatch(told, run.now()))
  }
  const pause = pauseMs(run.options.pauses, failures, run.chance(), fault.retryAfterSeconds)
  run.polls.set(batch.id, { at: laterThan(run.now(), pause), failures })
}

async function moveBatch(
  run: PublishRun,
  id: Id<'nodeBatch'>,
  patch: Parameters<typeof moveNodeBatch>[3],
): Promise<void> {
  const { ledger } = run.context
  await ledger.write(command(run.context, 'nodePosition.file', { nodeBatchId: id }), (db) =>
    moveNodeBatch(db, id, run.owner, patch),
  )
}

/** The load and the steps of all its rows come to their end in one write. */
async function endBatch(
  run: PublishRun,
  id: Id<'nodeBatch'>,
  state: 'done' | 'refused',
  patch: (told: Told, iupd: string) => NodeRowPatch,
): Promise<void> {
  const { context, to, owner } = run
  const write = command(context, 'nodePosition.file', { nodeBatchId: id })
  const taken = await context.ledger.write(write, async (db) => {
    const rows = await rowsOfBatch(db, id)
    const changes = rows.flatMap((row) => {
      const told = toldOf(row)
      return told === null ? [] : [{ iupd: row.iupd, patch: patch(told, row.iupd) }]
    })
    if (!(await moveNodeBatch(db, id, owner, { state, endedAt: run.now() }))) return []
    const ids = await closeRows(db, to.environment, owner, changes)
    await waitForMessage(db, to.environment, ids, write.at)
    return ids
  })
  if (taken.length > 0) run.published()
}

/** Only v1 goes by the massive load. */
function toldOf(row: NodeRow): Told | null {
  if (row.step === null || row.stepVersion === null) return null
  return { row, step: row.step, facts: { version: row.stepVersion, api: 'v1' } }
}
