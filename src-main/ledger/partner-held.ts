import { type RawBuilder, sql } from 'kysely'
import type { Id } from '#domain/brand'
import type { NodeEnvironment } from '#domain/node-ports'
import { type AtPartner, atPartner, type HandedRow, type WantedAtPartner } from '#domain/partner'
import { chunks } from './chunks.ts'
import type { ReadHandle } from './ledger.ts'

/** Rows of files of an environment that are the partner's: neither the file nor the row was taken back. */
export function heldRows(db: ReadHandle, environment: NodeEnvironment) {
  return db
    .selectFrom('partnerBatchRow as r')
    .innerJoin('partnerBatch as b', 'b.id', 'r.partnerBatchId')
    .where('b.environment', '=', environment)
    .where('b.withdrawnAt', 'is', null)
    .where('r.outcome', '<>', 'released')
}

/** What the technological partner was handed of each of these positions, in files that were not taken back; oldest first. */
export async function handedRows(
  db: ReadHandle,
  environment: NodeEnvironment,
  ids: readonly Id<'debtPosition'>[],
): Promise<ReadonlyMap<number, readonly HandedRow[]>> {
  const found = new Map<number, HandedRow[]>()
  for (const slice of chunks([...new Set(ids)], 500)) {
    const rows = await heldRows(db, environment)
      .where('r.debtPositionId', 'in', slice)
      .select(['r.debtPositionId', 'r.iupd', 'b.kind', 'r.version', 'r.closed', 'r.outcome'])
      .orderBy('b.id')
      .execute()
    for (const { debtPositionId, ...row } of rows) {
      const of = found.get(debtPositionId)
      if (of === undefined) found.set(debtPositionId, [row])
      else of.push(row)
    }
  }
  return found
}

/** Holds of a row of «debtPosition» that is the partner's. */
export function isEntrusted(environment: NodeEnvironment): RawBuilder<boolean> {
  return sql<boolean>`exists (select 1 from "partnerBatchRow" pr join "partnerBatch" pb on pb."id" = pr."partnerBatchId"
    where pr."debtPositionId" = "debtPosition"."id" and pr."outcome" <> 'released' and pb."withdrawnAt" is null and pb."environment" = ${environment})`
}

/** A position as the books want it anywhere. */
export interface WantedPosition {
  readonly lifecycle: 'draft' | 'issued' | 'cancelled'
  readonly version: number
  readonly iupd: string
  readonly settled: boolean
  readonly paidOutside: readonly string[]
}

/** How each iupd of a position stands at the partner, the current one last. */
export function standingAtPartner(
  facts: WantedPosition,
  rows: readonly HandedRow[],
): readonly (AtPartner & { readonly iupd: string })[] {
  const byIupd = Map.groupBy(rows, (row) => row.iupd)
  const left = [...byIupd.keys()].filter((iupd) => iupd !== facts.iupd)
  return [...left, facts.iupd].map((iupd) => {
    const wanted: WantedAtPartner = {
      live: facts.lifecycle === 'issued' && iupd === facts.iupd,
      version: facts.version,
      settled: facts.settled,
      closed: facts.paidOutside.length,
    }
    return { iupd, ...atPartner(wanted, byIupd.get(iupd) ?? []) }
  })
}
