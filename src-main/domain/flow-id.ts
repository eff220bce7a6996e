import { type IsoDate, isIsoDate } from './date.ts'

/** Comparison key of a flow id: lower case, only `[0-9a-z]`, so that what banks do to separators and case is undone. */
export function foldFlowId(text: string): string {
  return text.toLowerCase().replace(/[^0-9a-z]/g, '')
}

/** Longest id of a reporting flow, in characters as written. */
export const FLOW_ID_MAX = 35

export interface FlowIdParts {
  readonly regulationDate: IsoDate
  readonly psp: string
  /** What stands after the first dash; empty where the id has none. */
  readonly free: string
}

/** `<yyyy-mm-dd><psp>-<free>` (pagopa.md §4); null when it does not begin with a day or has foreign characters. */
export function parseFlowId(flowId: string): FlowIdParts | null {
  const match = /^(\d{4}-\d{2}-\d{2})-?([0-9A-Za-z_]+)(?:-([0-9A-Za-z_-]*))?$/.exec(flowId)
  if (!match || flowId.length > FLOW_ID_MAX || !isIsoDate(match[1])) return null
  return { regulationDate: match[1], psp: match[2] as string, free: match[3] ?? '' }
}

/** A BIC of 8 or 11, or `ABI` with five digits: a provider's code that needs nothing after it to be whole. */
export function isPspCode(text: string): boolean {
  return /^(?:[a-z]{6}[a-z0-9]{2}(?:[a-z0-9]{3})?|abi\d{5})$/i.test(text)
}
