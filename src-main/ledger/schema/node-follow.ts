import type { Instant } from '#domain/date'
import type { GpdApi } from '#domain/gpd'
import type { Cents } from '#domain/money'
import type { NodeEnvironment } from '#domain/node-ports'
import type { JsonText } from './common.ts'

/** Key (environment, iupd). Held by the node under a segregation code of ours, and no position here. */
export interface NodeStrangerTable {
  environment: NodeEnvironment
  iupd: string
  api: GpdApi
  /** As the node last said. */
  state: string
  /** Σ of the payments that it asks for: of the single one where there is one. */
  cents: Cents
  /** `HeldPayment[]` */
  heldJson: JsonText
  seenAt: Instant
  /** State in which a person left it as it is. */
  keptState: string | null
  keptReason: string | null
}
