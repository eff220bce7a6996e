import { canonicalJson, type JsonValue } from '#domain/json'
import { isLabelCode, type Label } from '#domain/labels'

/**
 * Labels of a flow that keep it out of the books while it is blocked; of one accepted as it is, or set aside, they merely
 * stand there.
 */
export const BLOCKING: ReadonlySet<string> = new Set([
  'FLOW_VERSION_CONFLICT',
  'FLOW_SUM_DIFFERS',
  'FLOW_COUNT_DIFFERS',
  'FLOW_HAS_REVOCATION',
  'FLOW_REVOCATION_UNCOVERED',
])

/** What a stored label that blocks has in its text: lists look for it. */
export const BLOCKS = '"blocks":true'

/** All labels of a movement or flow as they are stored. */
export function labelsText(labels: readonly Label[], blocked: boolean): string {
  const asks = blocked && !labels.some(({ code }) => code === 'SET_ASIDE')
  return canonicalJson(
    labels.map(({ code, params }): JsonValue => {
      const label = { code, params: params as JsonValue }
      return asks && BLOCKING.has(code) ? { ...label, blocks: true } : label
    }),
  )
}

export interface ReadLabels {
  /** The first names the state. */
  readonly labels: readonly Label[]
  /** Those that keep a flow out of the books. */
  readonly blocks: readonly Label[]
}

/** Codes that this program does not know are left out. Null, of what was never reconciled, is none. */
export function readLabels(labelsJson: string | null): ReadLabels {
  const stored = JSON.parse(labelsJson ?? '[]') as (Label & { readonly blocks?: boolean })[]
  const known = stored.filter(({ code }) => isLabelCode(code))
  const plain = ({ code, params }: Label): Label => ({ code, params })
  return { labels: known.map(plain), blocks: known.filter((label) => label.blocks === true).map(plain) }
}
