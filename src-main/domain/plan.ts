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
