import type { KeptLine, LineIdentity } from './reconcile-evidence.ts'
import type { Edge } from './reconcile-outcome.ts'

/**
 * Lines that the books keep: each is used up by the claim that it was posted for, and holds its row and the part of its
 * credit that its own flow, IUV or accertamento has. Few, so maps over them are no burden.
 */
export class KeptMoney {
  /** By identity: how many no claim has used yet. */
  readonly #unused = new Map<string, number>()
  /** By flow and key of row. */
  readonly #ofRow = new Map<string, Map<string, number>>()

  constructor(lines: readonly KeptLine[]) {
    for (const line of lines) {
      this.giveBack(line)
      const { flowId, rowKey, cents } = line
      if (flowId === null || rowKey === null) continue
      const rows = this.#ofRow.get(flowId)
      if (rows) rows.set(rowKey, (rows.get(rowKey) ?? 0) + cents)
      else this.#ofRow.set(flowId, new Map([[rowKey, cents]]))
    }
  }

  /** False when there is none, or all are used. */
  use(line: LineIdentity): boolean {
    const key = identityOf(line)
    const count = this.#unused.get(key) ?? 0
    if (count === 0) return false
    this.#unused.set(key, count - 1)
    return true
  }

  giveBack(line: LineIdentity): void {
    const key = identityOf(line)
    this.#unused.set(key, (this.#unused.get(key) ?? 0) + 1)
  }

  hasRowsOf(flowId: string): boolean {
    return this.#ofRow.has(flowId)
  }

  /** Cents of a row that are in the books and stay there, whoever it is of now. */
  ofRow(flowId: string, rowKey: string): number {
    return this.#ofRow.get(flowId)?.get(rowKey) ?? 0
  }
}

/**
 * What is left of each edge beside the kept lines of its own target. What they hold beyond it burdens the credit alone:
 * never the part of another flow.
 */
export function roomOfEdges(edges: readonly Edge[], lines: readonly KeptLine[]): Float64Array {
  const held = new Map<string, number>()
  for (const line of lines) {
    const key = ownTarget(line)
    held.set(key, (held.get(key) ?? 0) + line.cents)
  }
  return Float64Array.from(edges, ({ movementId, target, cents }) => {
    const key = targetKey(movementId, target)
    const holds = key === null ? undefined : held.get(key)
    if (key === null || holds === undefined) return cents
    const part = Math.min(holds, cents)
    held.set(key, holds - part)
    return cents - part
  })
}

function ownTarget({ movementId, flowId, iuv, accertamentoId }: KeptLine): string {
  if (flowId !== null) return `${movementId}|f${flowId}`
  return iuv === null ? `${movementId}|a${accertamentoId}` : `${movementId}|i${iuv}`
}

function targetKey(movementId: number, target: Edge['target']): string | null {
  if (target.kind === 'flow') return `${movementId}|f${target.flowId}`
  if (target.kind === 'iuv') return `${movementId}|i${target.iuv}`
  return target.kind === 'accertamento' ? `${movementId}|a${target.accertamentoId}` : null
}

function identityOf({ movementId, iuv, idTransfer, accertamentoId, cents }: LineIdentity): string {
  return `${movementId}|${iuv ?? ''}|${idTransfer ?? ''}|${accertamentoId}|${cents}`
}
