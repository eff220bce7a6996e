import type { GpdBody, GpdPosition } from './gpd.ts'
import type { NodeSync } from './node-step.ts'

/** What a file tells the technological partner about its positions: to load them, to change them, to take them away. */
export type PartnerFileKind = 'create' | 'update' | 'delete'

/** What the partner said of a row of a file. `released`: he refused it, and the institution took it back. */
export type PartnerOutcome = 'waiting' | 'accepted' | 'refused' | 'released'

/** A row of a file, neither of which was taken back. */
export interface HandedRow {
  readonly iupd: string
  readonly kind: PartnerFileKind
  readonly version: number
  /** Payments that were paid outside pagoPA by then. */
  readonly closed: number
  readonly outcome: PartnerOutcome
}

/** How the books want one iupd at the partner. */
export interface WantedAtPartner {
  /** It is that of the current version of an issued position. */
  readonly live: boolean
  readonly version: number
  /** Nothing is left to pay. */
  readonly settled: boolean
  /** Payments paid outside pagoPA: the partner must not let anybody pay them again. */
  readonly closed: number
}

export interface AtPartner {
  /** What a file should tell him next; null: he has it as it is here, or was told. */
  readonly need: PartnerFileKind | null
  /** He was told that very thing and refused it: a person mends it first. */
  readonly refused: boolean
  /** A row of which nothing was heard. */
  readonly waiting: boolean
  /** `there`: he said that he has it; `gone`: that he took it away; `unheard`: nothing yet. */
  readonly said: 'there' | 'gone' | 'unheard'
}

/** Wanted against handed over. What was handed and not refused counts as told. @param rows of one iupd, oldest first */
export function atPartner(wanted: WantedAtPartner, rows: readonly HandedRow[]): AtPartner {
  let told: HandedRow | null = null
  let refusal: HandedRow | null = null
  let said: AtPartner['said'] = 'unheard'
  for (const row of rows) {
    if (row.outcome === 'refused') {
      refusal = row
      continue
    }
    refusal = null
    told = row.kind === 'delete' ? null : row
    if (row.outcome === 'accepted') said = row.kind === 'delete' ? 'gone' : 'there'
  }
  const need = needOf(wanted, told)
  return {
    need,
    refused: need !== null && refusal?.kind === need && refusal.version === wanted.version,
    waiting: rows.some((row) => row.outcome === 'waiting'),
    said,
  }
}

function needOf(wanted: WantedAtPartner, told: HandedRow | null): PartnerFileKind | null {
  if (!wanted.live) return told === null ? null : 'delete'
  if (wanted.settled) return told !== null && wanted.closed > told.closed ? 'delete' : null
  if (told === null) return 'create'
  return told.version !== wanted.version || told.closed !== wanted.closed ? 'update' : null
}

/** What lists show of a position at the partner, from what stands of each of its iupds; the current one last. */
export function partnerShown(all: readonly AtPartner[]): {
  readonly nodeState: string | null
  readonly syncState: NodeSync
} {
  const needs = all.filter((one) => one.need !== null)
  const said = all.at(-1)?.said ?? 'unheard'
  const nodeState = said === 'unheard' ? null : said === 'there' ? 'VALID' : 'INVALID'
  if (needs.some((one) => one.refused)) return { nodeState, syncState: 'failed' }
  if (needs.length > 0) return { nodeState, syncState: 'toSync' }
  return { nodeState, syncState: all.some((one) => one.waiting) ? 'inFlight' : 'synced' }
}

/** A body as files of the massive load take it (pagopa.md §7.1, 7.4): a plan is the whole, where it may be paid so, and its instalments. */
export function massivePosition(body: GpdBody): GpdPosition {
  if (body.api === 'v1') return body.position
  const { paymentOption, ...position } = body.position
  const [first] = paymentOption
  if (first === undefined) throw new RangeError(`${position.iupd}: nothing to pay`)
  const isPlan = (option: (typeof paymentOption)[number]) => option !== first || paymentOption.length === 1
  return {
    ...position,
    ...first.debtor,
    switchToExpired: paymentOption.every((option) => option.switchToExpired),
    paymentOption: paymentOption.flatMap((option) =>
      option.installments.map((one) => ({
        ...one,
        isPartialPayment: isPlan(option),
        ...(option.retentionDate === undefined ? {} : { retentionDate: option.retentionDate }),
      })),
    ),
  }
}
