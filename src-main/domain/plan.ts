import type { LineIdentity } from './reconcile-evidence.ts'
import type { TargetLine } from './reconcile-outcome.ts'

/** An effective line of the books (its reversale is not annulled). `kept`: decided to stay, or of a closed exercise. */
export interface PostedLine extends LineIdentity {
  readonly lineId: number
  readonly reversaleId: number
  readonly kept: boolean
}

export interface Plan {
  /** To be posted. */
  readonly add: readonly TargetLine[]
  /** Posted, no longer supported by the evidence: an alarm for a person (annul and reissue, or keep). */
  readonly gone: readonly PostedLine[]
  /** Not posted because it touches a `gone` line (same credit, same accertamento, same payment). */
  readonly held: readonly TargetLine[]
}

/**
 * What to do so that the books say what the evidence says (DOMAIN.md §0.7). Posted lines never change by themselves:
 * `add` is posted, `gone` is shown, `held` waits for the decision about `gone`. `posted` are the effective lines.
 */
export function plan(target: readonly TargetLine[], posted: readonly PostedLine[]): Plan {
  const open = new Map<number, PostedLine[]>()
  for (const line of posted) {
    const key = placeOf(line)
    const list = open.get(key)
    if (list) list.push(line)
    else open.set(key, [line])
  }
  const missing = target.filter((line) => {
    const list = open.get(placeOf(line))
    const at = list?.findLastIndex((one) => isSame(line, one)) ?? -1
    if (at < 0) return true
    list?.splice(at, 1)
    return false
  })
  const gone: PostedLine[] = []
  for (const list of open.values()) for (const line of list) if (!line.kept) gone.push(line)
  gone.sort((a, b) => a.lineId - b.lineId)
  if (gone.length === 0) return { add: missing, gone, held: [] }
  const touched = new Set<string>()
  for (const line of gone) for (const key of contactsOf(line)) touched.add(key)
  const heldClaims = new Set<number>()
  for (const line of missing) if (contactsOf(line).some((key) => touched.has(key))) heldClaims.add(line.claim)
  return {
    add: missing.filter((line) => !heldClaims.has(line.claim)),
    gone,
    held: missing.filter((line) => heldClaims.has(line.claim)),
  }
}

/** By accertamento and credit: a number is found faster than a text made for every line. Lines of few places share it. */
function placeOf({ accertamentoId, movementId }: LineIdentity): number {
  return accertamentoId * 2 ** 26 + movementId
}

/** Without the flow: a credit posted by its IUV stays valid when its one-row flow arrives. */
function isSame(a: LineIdentity, b: LineIdentity): boolean {
  return (
    a.movementId === b.movementId &&
    a.iuv === b.iuv &&
    a.idTransfer === b.idTransfer &&
    a.accertamentoId === b.accertamentoId &&
    a.cents === b.cents
  )
}

function contactsOf(line: LineIdentity): string[] {
  const contacts = [`m${line.movementId}`, `a${line.accertamentoId}`]
  if (line.iuv !== null) contacts.push(`i${line.iuv}|${line.idTransfer ?? ''}`)
  return contacts
}
