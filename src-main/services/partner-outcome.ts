import { createHash } from 'node:crypto'
import { type PartnerOutcomeReading, type PartnerSaid, readPartnerOutcome } from '#codecs/partner-outcome'
import type { Id } from '#domain/brand'
import { formatDate, type Instant, romeDate } from '#domain/date'
import type { FileToken } from '#domain/ports'
import { type Problem, ProblemError, problem } from '#domain/problem'
import type { ReadHandle, WriteHandle } from '#ledger/ledger'
import { settleOnNode } from '#ledger/node-position'
import {
  keepPartnerOutcome,
  listPartnerBatches,
  listPartnerOutcomes,
  listPartnerRows,
  type PartnerBatch,
  type PartnerRow,
  type ToldRow,
} from '#ledger/partner'
import { waitForMessage } from '#ledger/publication-message'
import { command } from './command.ts'
import type { ServiceContext } from './context.ts'
import { afterPublication } from './node-message.ts'
import { packed } from './partner-export.ts'

/** A row of 200 bytes for each of 50.000 positions, several times over. */
const MAX_BYTES = 32 * 1_048_576
const SHOWN = 100

type BatchId = Id<'partnerBatch'>

interface ReadFile {
  readonly name: string
  readonly bytes: Uint8Array
  readonly sha256: string
  readonly reading: PartnerOutcomeReading
}

/** @throws ProblemError where it is no outcome, or anything of it is wrong */
async function readFile(context: ServiceContext, token: FileToken): Promise<ReadFile> {
  const file = await context.files.open(token)
  if (file.size > MAX_BYTES) {
    const size = `${Math.ceil(file.size / 1_048_576)} MB`
    throw new ProblemError(problem('FILE_TOO_LARGE', { size, limit: `${MAX_BYTES / 1_048_576} MB` }))
  }
  const bytes = await file.bytes()
  const reading = readPartnerOutcome(bytes)
  if (reading.problems.length > 0) throw new ProblemError(...withFile(reading.problems, file.name))
  return { name: file.name, bytes, sha256: sha256Of(bytes), reading }
}

function withFile(problems: readonly Problem[], file: string): [Problem, ...Problem[]] {
  return problems.map((one) => ({ ...one, file })) as [Problem, ...Problem[]]
}

/** What a file says against what is known of its batch. */
interface Compared {
  readonly batch: PartnerBatch
  readonly accepted: readonly PartnerRow[]
  readonly refused: readonly { readonly row: PartnerRow; readonly reason: string }[]
  readonly known: number
  readonly silent: number
  readonly unknown: readonly string[]
  readonly contradicted: readonly PartnerRow[]
  /** When this very file was taken up. */
  readonly taken: Instant | null
  readonly stamp: string
}

async function compared(db: ReadHandle, id: BatchId, file: Pick<ReadFile, 'sha256' | 'reading'>): Promise<Compared> {
  const batch = await needBatch(db, id)
  const rows = await listPartnerRows(db, id)
  const outcomes = await listPartnerOutcomes(db, id)
  const said = new Map(file.reading.rows.map((one) => [one.iupd, one]))
  const [accepted, contradicted] = [[] as PartnerRow[], [] as PartnerRow[]]
  const refused: { row: PartnerRow; reason: string }[] = []
  let [known, silent] = [0, 0]
  for (const row of rows) {
    // What was taken back is no longer of this file: an outcome that names it is told as a stranger's.
    if (row.outcome === 'released') continue
    const one = said.get(row.iupd)
    said.delete(row.iupd)
    switch (effectOf(row, one)) {
      case 'accepted':
        accepted.push(row)
        break
      case 'refused':
        refused.push({ row, reason: one?.reason || 'Il partner non dice perché' })
        break
      case 'contradicted':
        contradicted.push(row)
        break
      case 'known':
        known += 1
        break
      case 'silent':
        silent += 1
        break
    }
  }
  const taken = outcomes.find(({ sha256 }) => sha256 === file.sha256)?.at ?? null
  const stamp = sha256Of(`${file.sha256} ${id} ${outcomes[0]?.id ?? 0} ${batch.withdrawnAt ?? ''}`)
  return { batch, accepted, refused, known, silent, unknown: [...said.keys()], contradicted, taken, stamp }
}

/** What was accepted stays accepted: a load made twice is refused the second time, since everything is there. */
function effectOf(
  { outcome, reason }: PartnerRow,
  said: PartnerSaid | undefined,
): 'accepted' | 'refused' | 'known' | 'contradicted' | 'silent' | null {
  if (said === undefined) return outcome === 'waiting' ? 'silent' : null
  if (outcome === 'accepted') return said.accepted ? 'known' : 'contradicted'
  if (said.accepted) return 'accepted'
  return outcome === 'refused' && (said.reason === '' || said.reason === reason) ? 'known' : 'refused'
}

/** Looks only. */
export async function previewOutcome(context: ServiceContext, id: BatchId, token: FileToken) {
  const file = await readFile(context, token)
  return context.ledger.read(async (db) => {
    const found = await compared(db, id, file)
    const { accepted, refused, known, silent, unknown, contradicted, taken, stamp } = found
    return {
      ...{ source: file.reading.source, fileName: file.name, known, silent, stamp, same: taken !== null },
      ...{ accepted: accepted.length, refused: refused.length },
      unknown: { count: unknown.length, first: unknown.slice(0, SHOWN) },
      contradicted: { count: contradicted.length, first: contradicted.slice(0, SHOWN).map((row) => row.iupd) },
      refusals: refused
        .slice(0, SHOWN)
        .map(({ row, reason }) => ({ iupd: row.iupd, personName: row.personName, reason })),
      problems: warningsOf(found, file),
    }
  })
}

function warningsOf({ batch, taken }: Compared, { reading }: ReadFile): Problem[] {
  const severity = { severity: 'warning' } as const
  const others = [...reading.batches].filter(([name]) => Number(name) !== batch.id)
  return [
    ...(batch.withdrawnAt === null ? [] : [problem('PARTNER_BATCH_WITHDRAWN', {})]),
    ...(taken === null ? [] : [problem('PARTNER_OUTCOME_ALREADY', { when: formatDate(romeDate(taken)) }, severity)]),
    ...others.map(([name, rows]) => problem('PARTNER_OUTCOME_OTHER_BATCH', { name, rows, batch: batch.id }, severity)),
    ...(reading.unfinished === 0
      ? []
      : [problem('PARTNER_OUTCOME_UNFINISHED', { rows: reading.unfinished }, severity)]),
  ]
}

/** @throws ProblemError where nothing of it is new, or something moved since it was looked at */
export async function confirmOutcome(context: ServiceContext, id: BatchId, token: FileToken, stamp: string) {
  const file = await readFile(context, token)
  const said = { batch: id, file: file.name }
  const done = await context.ledger.write(command(context, 'partner.outcome', said), async (db) => {
    const found = await compared(db, id, file)
    const { batch, accepted, refused, known, unknown, contradicted, taken } = found
    if (batch.withdrawnAt !== null) throw new ProblemError(problem('PARTNER_BATCH_WITHDRAWN', {}))
    if (taken !== null) {
      throw new ProblemError(problem('PARTNER_OUTCOME_ALREADY', { when: formatDate(romeDate(taken)) }))
    }
    if (found.stamp !== stamp) throw new ProblemError(problem('PARTNER_OUTCOME_MOVED', {}))
    if (accepted.length + refused.length === 0) throw new ProblemError(problem('PARTNER_OUTCOME_NOTHING', {}))
    const counts = { accepted: accepted.length, refused: refused.length }
    await keepPartnerOutcome(
      db,
      {
        ...{ partnerBatchId: id, at: context.clock.now(), operator: context.operator, source: file.reading.source },
        ...{ fileName: file.name, sha256: file.sha256, ...counts, known, unknown: unknown.length },
        ...{ contradicted: contradicted.length, contentBase64: packed(file.bytes) },
      },
      [
        ...accepted.map(({ iupd }): ToldRow => ({ iupd, outcome: 'accepted', reason: null })),
        ...refused.map(({ row, reason }): ToldRow => ({ iupd: row.iupd, outcome: 'refused', reason })),
      ],
    )
    await settle(db, context, batch, accepted, [...accepted, ...refused.map(({ row }) => row)])
    return counts
  })
  tellPeople(context)
  return done
}

/** Told by word: rows that wait, or these. @returns how many */
export async function markByHand(
  context: ServiceContext,
  id: BatchId,
  input: { readonly accepted: boolean; readonly debtPositionIds: readonly number[]; readonly reason: string },
): Promise<number> {
  const { accepted, reason } = input
  const chosen = new Set(input.debtPositionIds)
  const said = { batch: id, accepted, reason }
  const count = await context.ledger.write(command(context, 'partner.mark', said), async (db) => {
    const batch = await needBatch(db, id)
    if (batch.withdrawnAt !== null) throw new ProblemError(problem('PARTNER_BATCH_WITHDRAWN', {}))
    const rows = (await listPartnerRows(db, id)).filter(
      (row) =>
        (chosen.size === 0 ? row.outcome === 'waiting' : chosen.has(row.debtPositionId)) &&
        (row.outcome === 'waiting' || (accepted && row.outcome === 'refused')),
    )
    if (rows.length === 0) throw new ProblemError(problem('PARTNER_OUTCOME_NOTHING', {}))
    const at = context.clock.now()
    const told = rows.map(
      ({ iupd }): ToldRow => ({
        ...{ iupd, outcome: accepted ? 'accepted' : 'refused', reason: accepted ? null : reason },
      }),
    )
    await keepPartnerOutcome(
      db,
      {
        ...{ partnerBatchId: id, at, operator: context.operator, source: 'hand', fileName: reason },
        ...{ sha256: sha256Of(`${at} ${JSON.stringify(told)}`), contentBase64: null },
        ...{ accepted: accepted ? rows.length : 0, refused: accepted ? 0 : rows.length },
        ...{ known: 0, unknown: 0, contradicted: 0 },
      },
      told,
    )
    await settle(db, context, batch, accepted ? rows : [], rows)
    return rows.length
  })
  tellPeople(context)
  return count
}

async function settle(
  db: WriteHandle,
  context: ServiceContext,
  { environment, kind }: PartnerBatch,
  accepted: readonly PartnerRow[],
  all: readonly PartnerRow[],
): Promise<void> {
  const idsOf = (rows: readonly PartnerRow[]) => rows.map((row) => row.debtPositionId)
  await settleOnNode(db, environment, idsOf(all))
  if (kind !== 'delete') await waitForMessage(db, environment, idsOf(accepted), context.clock.now())
}

/** App IO, where it is told of what can be paid. */
function tellPeople(context: ServiceContext): void {
  afterPublication(context).catch((error: unknown) =>
    context.log.error('message after the outcome of the partner failed', { error }),
  )
}

/** @throws ProblemError where there is none */
export async function needBatch(db: ReadHandle, id: BatchId): Promise<PartnerBatch> {
  const [batch] = await listPartnerBatches(db, { id })
  if (batch === undefined) throw new ProblemError(problem('PARTNER_BATCH_GONE', {}))
  return batch
}

function sha256Of(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex')
}
