import { strToU8, zipSync } from 'fflate'
import type { GpdPosition } from '#domain/gpd'

/** Entries carry no time: the same positions give the same bytes. */
const NO_TIME = new Date(1980, 0, 1)

/** The one file inside the one zip that the massive load takes (pagopa.md §7.4): positions to be created or updated. */
export function zipPositions(positions: readonly GpdPosition[]): Uint8Array {
  return zipOf({ paymentPositions: positions })
}

/** The same of positions to be taken away. */
export function zipIupds(iupds: readonly string[]): Uint8Array {
  return zipOf({ paymentPositionIUPDs: iupds })
}

function zipOf(body: object): Uint8Array {
  return zipSync({ 'posizioni.json': [strToU8(JSON.stringify(body)), { level: 6, mtime: NO_TIME }] })
}
