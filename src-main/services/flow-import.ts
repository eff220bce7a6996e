import { createHash } from 'node:crypto'
import { readFlow } from '#codecs/flow-read'
import type { Instant } from '#domain/date'
import { type Problem, problem } from '#domain/problem'
import { flowContentText, flowFactsText, type ReportingFlow } from '#domain/reporting-flow'
import { insertFlow, knowsFlow, type NewFlow, takeExternalIuvs } from '#ledger/flow-store'
import type { ReadHandle, WriteHandle } from '#ledger/ledger'

export type FlowFileOutcome = 'added' | 'newVersion' | 'already' | 'otherReceiver' | 'refused'

/** A flow read from a file: whole, or null with its problems. */
export interface ReadFlow {
  readonly flowId: string | null
  readonly flow: NewFlow | null
  readonly problems: readonly Problem[]
}

/** Where a flow comes from; only the node tells the revision. */
export interface FlowSource {
  readonly source: 'file' | 'api'
  readonly revision: number
}

const MAX_FLOW_BYTES = 100 * 1024 * 1024

/** Sum and count that differ do not stop a flow from being kept: it is held, with the label that says so (DOMAIN.md §3). */
const KEPT_ANYWAY = new Set(['FLOW_COUNT_DIFFERS', 'FLOW_TOTAL_DIFFERS'])

/** One flow of a file, ready to be kept. */
export async function readFlowFile(
  name: string,
  bytes: Uint8Array,
  at: Instant,
  from: FlowSource = { source: 'file', revision: 1 },
): Promise<ReadFlow> {
  if (bytes.length > MAX_FLOW_BYTES) {
    const size = `${Math.ceil(bytes.length / 1024 / 1024)} MB`
    return {
      flowId: null,
      flow: null,
      problems: [problem('FILE_TOO_LARGE', { size, limit: '100 MB' }, { file: name })],
    }
  }
  const reading = await readFlow(bytes)
  const problems = reading.problems.map((p): Problem => {
    const severity = KEPT_ANYWAY.has(p.code) ? 'warning' : p.severity
    return { ...p, severity, file: name }
  })
  const { flow } = reading
  if (problems.some((p) => p.severity === 'error')) return { flowId: flow.flowId, flow: null, problems }
  const stored = newFlow(flow, name, at, from)
  const missing = () => problem('FLOW_FIELD_MISSING', { field: 'un dato obbligatorio' }, { file: name })
  return { flowId: flow.flowId, flow: stored, problems: stored === null ? [missing()] : problems }
}

function newFlow(
  flow: ReportingFlow,
  name: string,
  importedAt: Instant,
  { source, revision }: FlowSource,
): NewFlow | null {
  const { flowId, flowDateTime, flowDateTimeUtc, regulationId, regulationDate, senderId, receiverFiscalCode } = flow
  if (flowId === null || flowDateTime === null || flowDateTimeUtc === null || regulationId === null) return null
  if (regulationDate === null || senderId === null || receiverFiscalCode === null) return null
  return {
    receiver: receiverFiscalCode,
    flowId,
    version: {
      flowDateTime: flowDateTimeUtc as Instant,
      flowDateTimeText: flowDateTime,
      revision,
      contentHash: hashOfFacts(flow),
      declaredCents: flow.declaredTotalCents,
      declaredCount: flow.declaredCount,
      regulationId,
      regulationDate,
      pspCode: senderId,
      pspName: flow.senderName,
      bic: flow.bic,
      source,
      fileName: source === 'api' ? null : name,
      importedAt,
    },
    earlierHash: sha256(flowContentText(flow)),
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

/** Whether these facts are kept already. */
export function isKnownFlow(db: ReadHandle, flow: NewFlow): Promise<boolean> {
  return knowsFlow(db, flow, hashOfFacts)
}

/** Keeps the flows that are not known; says what became of each. */
export async function keepFlows(
  db: WriteHandle,
  flows: readonly NewFlow[],
  receiver: string,
  at: Instant,
): Promise<FlowFileOutcome[]> {
  const outcomes: FlowFileOutcome[] = []
  const iuvs: string[] = []
  for (const flow of flows) {
    const outcome = (await isKnownFlow(db, flow)) ? 'already' : await insertFlow(db, flow)
    outcomes.push(flow.receiver !== receiver && outcome !== 'already' ? 'otherReceiver' : outcome)
    if (flow.receiver === receiver) for (const row of flow.rows) iuvs.push(row.iuv)
  }
  await takeExternalIuvs(db, iuvs, at)
  return outcomes
}

function hashOfFacts(facts: Parameters<typeof flowFactsText>[0]): string {
  return sha256(flowFactsText(facts))
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
