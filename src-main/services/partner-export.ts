import { createHash } from 'node:crypto'
import { deflateSync, inflateSync } from 'node:zlib'
import { writePartnerCsv } from '#codecs/partner-csv'
import type { FileResult } from '#contract/values'
import type { Id } from '#domain/brand'
import type { PartnerFileKind } from '#domain/partner'
import { ProblemError, problem } from '#domain/problem'
import { reserveIds } from '#ledger/bulk'
import type { WriteHandle } from '#ledger/ledger'
import { settleOnNode } from '#ledger/node-position'
import { insertPartnerBatch, listPartnerBatches, readPartnerContent } from '#ledger/partner'
import type { PositionQuery } from '#ledger/position-list'
import { command } from './command.ts'
import type { ServiceContext } from './context.ts'
import type { Report } from './long-work.ts'
import { centsOfPlan, type PartnerPlan, planAsSeen, planDue, planEntrust, type SeenPlan } from './partner-plan.ts'
import { CSV_MIME, fileNameOf, produceFile, today } from './produced-file.ts'
import type { Selection } from './selection.ts'

const JSON_MIME = 'application/json; charset=utf-8'
/** What GPD unpacks at most (pagopa.md §7.4). */
const MOST_BYTES = 100 * 1_048_576

export type PartnerFormat = 'json' | 'csv'

const NAMES: Readonly<Record<PartnerFileKind, string>> = {
  create: 'posizioni',
  update: 'aggiornamento',
  delete: 'annullamento',
}

/** These positions are the partner's from now on. */
export function entrust(
  context: ServiceContext,
  input: SeenPlan & {
    readonly selection: Selection<PositionQuery>
    readonly alsoPublished: boolean
    readonly format: PartnerFormat
  },
  report: Report,
) {
  const { selection, alsoPublished, ...how } = input
  return handOver(context, how, (db) => planEntrust(db, context, selection, alsoPublished), report)
}

/** What changed of the partner's positions, was cancelled, or was refused and goes again. */
export function entrustDue(
  context: ServiceContext,
  input: SeenPlan & { readonly kind: PartnerFileKind; readonly again: boolean; readonly format: PartnerFormat },
  report: Report,
) {
  const { kind, again, ...how } = input
  const plan = async (db: WriteHandle) =>
    (await planDue(db, context)).find((one) => one.kind === kind && one.again === again)
  return handOver(context, how, plan, report)
}

/** The file stands in the ledger before anybody has it: what fails after that is a download, which can be asked for again. */
async function handOver(
  context: ServiceContext,
  { format, ...seen }: SeenPlan & { readonly format: PartnerFormat },
  planned: (db: WriteHandle) => Promise<PartnerPlan | undefined>,
  report: Report,
) {
  report('Preparo il file', 0, seen.expected)
  const said = { environment: seen.environment, positions: seen.expected, format }
  const made = await context.ledger.write(command(context, 'partner.export', said), async (db) => {
    const plan = await planned(db)
    planAsSeen(plan, seen)
    report('Preparo il file', plan.rows.length, seen.expected)
    const [id] = await reserveIds(db, 'partnerBatch', 1)
    if (id === undefined) throw new RangeError('no number for the batch')
    const bytes = await bytesOf(id, plan, format)
    const fileName = nameOf(context, id, plan.kind, format)
    const cents = centsOfPlan(plan)
    await insertPartnerBatch(
      db,
      {
        ...{ id, environment: plan.environment, kind: plan.kind, format, fileName, cents, rows: plan.rows.length },
        ...{ at: context.clock.now(), operator: context.operator, size: bytes.byteLength },
        sha256: createHash('sha256').update(bytes).digest('hex'),
        contentBase64: packed(bytes),
      },
      plan.rows,
    )
    await settleOnNode(
      db,
      plan.environment,
      plan.rows.map((row) => row.debtPositionId),
    )
    return { id, fileName, bytes, count: plan.rows.length, cents, leftOut: plan.leftOut.list() }
  })
  const { bytes, fileName, ...done } = made
  return { ...done, file: await produceFile(context, fileName, mimeOf(format), [bytes]) }
}

async function bytesOf(id: Id<'partnerBatch'>, { kind, rows }: PartnerPlan, format: PartnerFormat): Promise<Buffer> {
  const parts: Uint8Array[] = []
  if (format === 'csv') for await (const part of writePartnerCsv(id, kind, rows)) parts.push(part)
  else {
    const body =
      kind === 'delete'
        ? { paymentPositionIUPDs: rows.map((row) => row.iupd) }
        : { paymentPositions: rows.map((row) => row.position) }
    parts.push(Buffer.from(JSON.stringify(body)))
  }
  const bytes = Buffer.concat(parts)
  if (bytes.byteLength > MOST_BYTES) {
    const limit = Math.floor((rows.length * MOST_BYTES) / bytes.byteLength)
    throw new ProblemError(problem('PARTNER_TOO_MANY', { count: rows.length, limit }))
  }
  return bytes
}

/** «partner-12-posizioni-2026-03-12.csv» */
function nameOf(context: ServiceContext, id: Id<'partnerBatch'>, kind: PartnerFileKind, format: PartnerFormat): string {
  return fileNameOf(`partner ${id} ${NAMES[kind]}`, today(context), format)
}

function mimeOf(format: PartnerFormat): string {
  return format === 'csv' ? CSV_MIME : JSON_MIME
}

/** The same bytes, whenever they are asked for. */
export async function downloadAgain(context: ServiceContext, id: Id<'partnerBatch'>): Promise<FileResult> {
  const { batch, content } = await context.ledger.read(async (db) => ({
    batch: (await listPartnerBatches(db, { id }))[0],
    content: await readPartnerContent(db, id),
  }))
  if (batch === undefined || content === null) throw new ProblemError(problem('PARTNER_BATCH_GONE', {}))
  return produceFile(context, batch.fileName, mimeOf(batch.format), [inflateSync(Buffer.from(content, 'base64'))])
}

/** A file as the ledger keeps it. */
export function packed(bytes: Uint8Array): string {
  return deflateSync(bytes, { level: 6 }).toString('base64')
}
