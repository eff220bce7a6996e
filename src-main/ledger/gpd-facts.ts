import type { PostalAddress } from '#domain/address-lines'
import type { Id } from '#domain/brand'
import type { GpdFacts, GpdPaymentFacts } from '#domain/gpd-position'
import type { StoredPayment, StoredPosition } from '#domain/position-plan'
import { chunks } from './chunks.ts'
import type { ReadHandle } from './ledger.ts'
import { readStoredPositions } from './position-version.ts'

/** A current version with all that GPD asks of it and of its debtor. */
export interface ReadGpdFacts {
  readonly position: StoredPosition
  readonly facts: GpdFacts
}

/** In the order of the ids. Of who was merged into another, as the survivor. */
export async function readGpdFacts(db: ReadHandle, ids: readonly Id<'debtPosition'>[]): Promise<ReadGpdFacts[]> {
  const positions = await readStoredPositions(db, ids)
  const people = await readDebtors(
    db,
    positions.map(({ personId }) => personId),
  )
  return positions.flatMap((position) => {
    const debtor = people.get(position.personId)
    if (debtor === undefined) return []
    const { iupd, validUntil, single, installments, description } = position
    const facts = {
      ...{ iupd, validUntil, debtor },
      single: single && paymentFacts(single, description),
      installments: installments.map((one) => paymentFacts(one, description)),
    }
    return [{ position, facts }]
  })
}

function paymentFacts({ state, transfers, ...payment }: StoredPayment, description: string): GpdPaymentFacts {
  return {
    ...payment,
    description,
    open: state === 'unpaid',
    // The document of a stamp is nowhere in the books: whoever publishes it is told.
    transfers: transfers.map(({ stamp, ...transfer }) => ({ ...transfer, stamp: stamp ? { document: null } : null })),
  }
}

async function readDebtors(
  db: ReadHandle,
  ids: readonly Id<'person'>[],
): Promise<ReadonlyMap<number, GpdFacts['debtor']>> {
  const found = new Map<number, GpdFacts['debtor']>()
  for (const slice of chunks([...new Set(ids)], 500)) {
    const people = await db
      .selectFrom('person')
      .where('id', 'in', slice)
      .select(['id', 'kind', 'fiscalCode', 'vatNumber', 'name'])
      .execute()
    const contacts = await db
      .selectFrom('contactPoint')
      .where('personId', 'in', slice)
      .where('kind', 'in', ['address', 'email'])
      .where('validTo', 'is', null)
      .select(['personId', 'kind', 'street', 'civicNumber', 'postalCode', 'city', 'province', 'country', 'value'])
      .orderBy('id')
      .execute()
    const addresses = new Map<number, PostalAddress>()
    const emails = new Map<number, string>()
    for (const { personId, kind, ...address } of contacts) {
      if (kind === 'address') addresses.set(personId, address)
      else emails.set(personId, address.value)
    }
    for (const { id, fiscalCode, vatNumber, kind, name } of people) {
      const code = fiscalCode ?? (kind === 'G' ? vatNumber : null)
      found.set(id, {
        ...{ kind, name, fiscalCode: code, email: emails.get(id) ?? null, address: addresses.get(id) ?? null },
      })
    }
  }
  return found
}
