import { createHash } from 'node:crypto'
import { zipIupds, zipPositions } from '#codecs/massive-zip'
import type { Id } from '#domain/brand'
import { romeDate } from '#domain/date'
import type { MassiveKind, NodeEnvironment } from '#domain/node-ports'
import type { WriteHandle } from '#ledger/ledger'
import { insertNodeBatch } from '#ledger/node-batch'
import { readNodeSettings } from '#ledger/node-connection'
import { patchNodeRows, settleOnNode } from '#ledger/node-position'
import { claimRows, type DueRow, lookDue, waitingRows } from '#ledger/node-position-work'
import { command } from '../command.ts'
import type { ServiceContext } from '../context.ts'
import { readGpdBodies } from '../gpd-bodies.ts'
import { chooseRows } from './choose.ts'
import { type Job, unsendablePatch } from './outcome.ts'
import { isPaused } from './paused.ts'

export interface Claimed {
  readonly jobs: readonly Job[]
  /** All of them go in this file. */
  readonly batch: { readonly id: Id<'nodeBatch'>; readonly kind: MassiveKind; readonly zip: Uint8Array } | null
}

/** Takes the next steps in hand: what they are, of which version and what is sent stands in the ledger before any call leaves. Null where nothing can be told now. */
export async function claimNext(
  context: ServiceContext,
  owner: string,
  { environment, massiveWorks }: { readonly environment: NodeEnvironment; readonly massiveWorks: boolean },
): Promise<Claimed | null> {
  const { ledger } = context
  const at = ledger.clock.now()
  // A look only: each write wakes whoever looks for work.
  const rules = await ledger.read(async (db) => {
    if ((await isPaused(db)) || (await waitingRows(db, environment, at)).ready === 0) return null
    const { activeFrom, massiveFrom } = await readNodeSettings(db, environment)
    const mayCreate = activeFrom === null || activeFrom <= romeDate(at)
    const found = { massiveFrom, massiveWorks, mayCreate }
    if (mayCreate) return found
    const { due, idle } = await lookDue(db, environment, at)
    return idle.length === 0 && chooseRows(due, found) === null ? null : found
  })
  if (rules === null) return null
  return ledger.write(command(context, 'nodePosition.take', {}), async (db) => {
    // Each look takes up what turned out to be impossible, so that it is not met again.
    while (true) {
      const { due, idle } = await lookDue(db, environment, at)
      await settleOnNode(db, environment, idle)
      const chosen = chooseRows(due, rules)
      if (chosen === null) return null
      const jobs = await jobsOf(db, context, environment, chosen.rows)
      if (jobs.length === 0) continue
      if (chosen.massive === null) {
        await claimRows(db, jobs, { environment, owner, at, batchId: null })
        return { jobs, batch: null }
      }
      const kind = chosen.massive
      const zip = zipOf(kind, jobs)
      const sha256 = createHash('sha256').update(zip).digest('hex')
      const rows = jobs.length
      const started = { state: 'sending' as const, fileId: null, startedAt: at, endedAt: null, owner }
      const id = await insertNodeBatch(db, { environment, kind, sha256, rows, ...started })
      await claimRows(db, jobs, { environment, owner, at, batchId: id })
      return { jobs, batch: { id, kind, zip } }
    }
  })
}

/** With all that is sent; what cannot be sent as it is waits for a person and leaves the others alone. */
async function jobsOf(
  db: WriteHandle,
  context: ServiceContext,
  environment: NodeEnvironment,
  rows: readonly DueRow[],
): Promise<Job[]> {
  const bodies = await readGpdBodies(
    db,
    context,
    rows.map(({ row }) => row.debtPositionId),
  )
  const jobs: Job[] = []
  const unsendable: { readonly due: DueRow; readonly reasons: readonly string[] }[] = []
  for (const due of rows) {
    const of = bodies.get(due.row.debtPositionId)
    if (of === undefined) {
      unsendable.push({ due, reasons: ['La posizione non ha più il suo debitore.'] })
      continue
    }
    const sends = due.step === 'create' || due.step === 'update'
    if (!sends) jobs.push({ ...due, position: of.position, body: null })
    else if (of.reading.kind === 'ok') jobs.push({ ...due, position: of.position, body: of.reading.body })
    else unsendable.push({ due, reasons: of.reading.reasons })
  }
  if (unsendable.length > 0) {
    const at = context.ledger.clock.now()
    const changes = unsendable.map(({ due, reasons }) => ({
      iupd: due.row.iupd,
      patch: unsendablePatch(due, reasons, at),
    }))
    await patchNodeRows(db, environment, changes)
    await settleOnNode(
      db,
      environment,
      unsendable.map(({ due }) => due.row.debtPositionId),
    )
  }
  return jobs
}

function zipOf(kind: MassiveKind, jobs: readonly Job[]): Uint8Array {
  if (kind === 'delete') return zipIupds(jobs.map(({ row }) => row.iupd))
  return zipPositions(jobs.flatMap(({ body }) => (body?.api === 'v1' ? [body.position] : [])))
}
