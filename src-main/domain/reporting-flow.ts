import type { IsoDate } from './date.ts'
import type { Cents } from './money.ts'
import type { Problem } from './problem.ts'

/** Outcomes with a meaning (pagopa.md §4.1); any other text is kept as it is and held by reconciliation. */
export const FLOW_OUTCOMES = ['0', '3', '4', '8', '9'] as const
export type FlowOutcome = (typeof FLOW_OUTCOMES)[number]

export function isFlowOutcome(value: string): value is FlowOutcome {
  return (FLOW_OUTCOMES as readonly string[]).includes(value)
}

export interface ReportingFlowRow {
  readonly iuv: string
  readonly iur: string
  /** idTransfer 1–5, null when the PSP leaves it out. */
  readonly index: number | null
  /** Always positive, also of a revocation (outcome 3), whatever sign the file has. */
  readonly amountCents: Cents
  /** As written: usually one of `FLOW_OUTCOMES`. */
  readonly outcome: string
  readonly outcomeDate: IsoDate
}

/** Kind of the sender's identifier: legal person, ABI code, BIC. */
export type FlowSenderType = 'G' | 'A' | 'B'

/** A «flusso di rendicontazione» as its PSP wrote it. A field that could not be read is null and has its problem. */
export interface ReportingFlow {
  readonly flowId: string | null
  /** As written in the file. */
  readonly flowDateTime: string | null
  /**
   * The same moment as `YYYY-MM-DDTHH:mm:ss.sssZ`; a time without zone is taken as that of the wall clock in Italy.
   * Orders the versions of one flow id.
   */
  readonly flowDateTimeUtc: string | null
  /** identificativoUnivocoRegolamento: the TRN of the credit transfer. */
  readonly regulationId: string | null
  readonly regulationDate: IsoDate | null
  readonly senderType: FlowSenderType | null
  readonly senderId: string | null
  readonly senderName: string | null
  readonly bic: string | null
  readonly receiverFiscalCode: string | null
  readonly receiverName: string | null
  readonly declaredCount: number | null
  readonly declaredTotalCents: Cents | null
  readonly rows: readonly ReportingFlowRow[]
}

export interface ReportingFlowReading {
  readonly flow: ReportingFlow
  /** An error means that the flow must not be stored. */
  readonly problems: readonly Problem[]
}

/**
 * Canonical text of what a flow says, for the hash that tells one version from another: same facts, same text, whatever
 * the file's blanks, prefixes and order of elements.
 */
export function flowContentText(flow: ReportingFlow): string {
  const head = [
    flow.receiverFiscalCode,
    flow.flowId,
    flow.flowDateTimeUtc,
    flow.regulationId,
    flow.regulationDate,
    flow.senderId,
    flow.declaredCount,
    flow.declaredTotalCents,
  ]
  const rows = flow.rows.map((r) => [r.iuv, r.iur, r.index, r.amountCents, r.outcome, r.outcomeDate])
  return JSON.stringify([head, rows])
}

/**
 * Canonical text of the facts of a flow, whatever form it came in: the XML and the JSON of one flow differ in
 * milliseconds, in the code of the sender and in the order of the rows, and are the same flow.
 */
export function flowFactsText(
  flow: Omit<ReportingFlow, 'flowDateTime' | 'senderType' | 'senderId' | 'senderName' | 'bic' | 'receiverName'>,
): string {
  const head = [
    flow.receiverFiscalCode,
    flow.flowId,
    flow.flowDateTimeUtc?.slice(0, 19) ?? null,
    flow.regulationId,
    flow.regulationDate,
    flow.declaredCount,
    flow.declaredTotalCents,
  ]
  const rows = flow.rows.map((r) => JSON.stringify([r.iuv, r.iur, r.index, r.amountCents, r.outcome, r.outcomeDate]))
  return JSON.stringify([head, rows.sort()])
}
