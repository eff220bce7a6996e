import { createHash } from 'node:crypto'
import { readReportingFlow } from '#codecs/flow-xml'
import type { Instant } from '#domain/date'
import type { FileToken } from '#domain/ports'
import { type Problem, ProblemError, problem } from '#domain/problem'
import { flowContentText, type ReportingFlow } from '#domain/reporting-flow'
import { insertFlow, knowsFlow, type NewFlow, receiverOf, takeExternalIuvs } from '#ledger/flow-store'
import type { ServiceContext } from './context.ts'
import type { Report } from './long-work.ts'
import { NO_PEOPLE, reconcileLedger } from './reconcile-ledger.ts'

export type FlowFileOutcome = 'added' | 'newVersion' | 'already' | 'otherReceiver' | 'refused'

export interface FlowFileResult {
  readonly name: string
  readonly flowId: string | null
  outcome: FlowFileOutcome
  readonly problems: readonly Problem[]
}

/** Files stored, and reconciled once, by each write: a cancel or a crash leaves whole files behind. */
const FILES_A_WRITE = 250
const MAX_FLOW_BYTES = 100 * 1024 * 1024

/** Sum and count that differ do not stop a flow from being kept: it is held, with the label that says so (DOMAIN.md §3). */
const KEPT_ANYWAY = new Set(['FLOW_COUNT_DIFFERS', 'FLOW_TOTAL_DIFFERS'])

interface ReadFile {
  readonly result: FlowFileResult
  readonly flow: NewFlow | null
}

/** Reads flows file by file; each is kept whole or refused whole with its problems. */
export async function importFlows(
  ctx: ServiceContext,
  tokens: readonly FileToken[],
  report: Report,
): Promise<FlowFileResult[]> {
  const results: FlowFileResult[] = []
  let batch: ReadFile[] = []
  const flush = async () => {
    await storeFlows(ctx, batch)
    results.push(...batch.map((b) => b.result))
    batch = []
  }
  for (const [index, token] of tokens.entries()) {
    await report('Lettura dei flussi', index, tokens.length)
    batch.push(await readFlowFile(ctx, token))
    if (batch.length >= FILES_A_WRITE) {
      await report('Abbinamento con gli accrediti', index + 1, tokens.length)
      await flush()
    }
  }
  await report('Abbinamento con gli accrediti', tokens.length, tokens.length)
  await flush()
  return results
}

async function readFlowFile(ctx: ServiceContext, token: FileToken): Promise<ReadFile> {
  const file = await ctx.files.open(token)
  const refused = (flowId: string | null, problems: readonly Problem[]): ReadFile => ({
    result: { name: file.name, flowId, outcome: 'refused', problems: problems.slice(0, 500) },
    flow: null,
  })
  if (file.size > MAX_FLOW_BYTES) {
    const size = `${Math.ceil(file.size / 1024 / 1024)} MB`
    return refused(null, [problem('FILE_TOO_LARGE', { size, limit: '100 MB' }, { file: file.name })])
  }
  const reading = await readReportingFlow(file.chunks())
  const problems = reading.problems.map((p): Problem => {
    const severity = KEPT_ANYWAY.has(p.code) ? 'warning' : p.severity
    return { ...p, severity, file: file.name }
  })
  const { flow } = reading
  if (problems.some((p) => p.severity === 'error')) return refused(flow.flowId, problems)
  const stored = newFlow(flow, file.name, ctx.clock.now())
  if (stored === null) {
    return refused(flow.flowId, [problem('FLOW_FIELD_MISSING', { field: 'un dato obbligatorio' }, { file: file.name })])
  }
  return {
    result: { name: file.name, flowId: flow.flowId, outcome: 'added', problems: problems.slice(0, 500) },
    flow: stored,
  }
}

function newFlow(flow: ReportingFlow, fileName: string, importedAt: Instant): NewFlow | null {
  const { flowId, flowDateTime, flowDateTimeUtc, regulationId, regulationDate, senderId, receiverFiscalCode } = flow
  if (flowId === null || flowDateTime === null || flowDateTimeUtc === null || regulationId === null) return null
  if (regulationDate === null || senderId === null || receiverFiscalCode === null) return null
  return {
    receiver: receiverFiscalCode,
    flowId,
    version: {
      flowDateTime: flowDateTimeUtc as Instant,
      flowDateTimeText: flowDateTime,
      revision: 1,
      contentHash: createHash('sha256').update(flowContentText(flow)).digest('hex'),
      declaredCents: flow.declaredTotalCents,
      declaredCount: flow.declaredCount,
      regulationId,
      regulationDate,
      pspCode: senderId,
      pspName: flow.senderName,
      bic: flow.bic,
      source: 'file',
      fileName,
      importedAt,
    },
    rows: flow.rows.map((row) => ({
      iuv: row.iuv,
      iur: row.iur,
      idTransfer: row.index,
      cents: row.amountCents,
      outcome: row.outcome,
      outcomeDate: row.outcomeDate,
    })),
  }
}

async function storeFlows(ctx: ServiceContext, files: readonly ReadFile[]): Promise<void> {
  const good = await newToTheLedger(ctx, files)
  if (good.length === 0) return
  const at = ctx.clock.now()
  const payload = { flows: good.map((f) => f.result.flowId ?? '') }
  await ctx.ledger.write({ command: 'reportingFlow.import', operator: ctx.operator, payload, at }, async (db) => {
    const receiver = await receiverOf(db)
    if (receiver === null) throw new ProblemError(problem('INSTITUTION_MISSING', {}))
    const iuvs: string[] = []
    for (const { flow, result } of good) {
      if (flow === null) continue
      const outcome = await insertFlow(db, flow)
      result.outcome = flow.receiver !== receiver && outcome !== 'already' ? 'otherReceiver' : outcome
      if (flow.receiver === receiver) for (const row of flow.rows) iuvs.push(row.iuv)
    }
    await takeExternalIuvs(db, iuvs, at)
    await reconcileLedger(db, at, NO_PEOPLE)
  })
}

/** Files whose content is not kept yet. What adds nothing leaves no trace in the journal either. */
async function newToTheLedger(ctx: ServiceContext, files: readonly ReadFile[]): Promise<ReadFile[]> {
  return ctx.ledger.read(async (db) => {
    const news: ReadFile[] = []
    for (const file of files) {
      if (file.flow === null) continue
      if (await knowsFlow(db, file.flow)) file.result.outcome = 'already'
      else news.push(file)
    }
    return news
  })
}
