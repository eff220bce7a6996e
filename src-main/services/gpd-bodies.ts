import type { Id } from '#domain/brand'
import { type GpdInstitution, type GpdReading, gpdBodyOf } from '#domain/gpd-position'
import { ProblemError, problem } from '#domain/problem'
import { listBankAccounts } from '#ledger/bank-account'
import { type ReadGpdFacts, readGpdFacts } from '#ledger/gpd-facts'
import { readInstitution } from '#ledger/institution'
import type { ReadHandle } from '#ledger/ledger'
import { readNoticeStyle } from '#ledger/notice-style'
import type { ServiceContext } from './context.ts'

export interface GpdBodyOf extends ReadGpdFacts {
  readonly reading: GpdReading
}

/** What GPD would be sent for these positions as they are now, whichever road they go; by id. */
export async function readGpdBodies(
  db: ReadHandle,
  context: Pick<ServiceContext, 'clock'>,
  ids: readonly Id<'debtPosition'>[],
): Promise<ReadonlyMap<number, GpdBodyOf>> {
  const institution = await gpdInstitution(db)
  const now = context.clock.now()
  const found = await readGpdFacts(db, ids)
  return new Map(
    found.map((one) => [one.position.id as number, { ...one, reading: gpdBodyOf(one.facts, institution, { now }) }]),
  )
}

async function gpdInstitution(db: ReadHandle): Promise<GpdInstitution> {
  const institution = await readInstitution(db)
  if (institution === null) throw new ProblemError(problem('INSTITUTION_MISSING', {}))
  const { postalAccountId } = await readNoticeStyle(db)
  const account = (await listBankAccounts(db)).find((one) => one.id === postalAccountId)
  const postal = account?.kind === 'postal' && !account.closedDate ? (account.iban ?? null) : null
  return { name: institution.name, office: institution.office || null, postalIban: postal }
}
