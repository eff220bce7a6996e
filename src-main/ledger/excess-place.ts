import type { Id } from '#domain/brand'
import { namesGivingBack } from '#domain/standard-chart'
import { readBookRules } from './book-rule.ts'
import type { ReadHandle } from './ledger.ts'

/** Where an accertamento is raised for money that is nobody's debt. */
export interface ExcessPlace {
  readonly capitoloId: Id<'capitolo'>
  readonly capitolo: string
  readonly serviceTypeId: Id<'serviceType'>
}

/**
 * The capitolo of what is to be given back (DOMAIN.md §10.7): the chosen one, else the partita di giro whose name says so.
 * Null without either, or before the first tipo di dovuto.
 */
export async function excessPlace(db: ReadHandle): Promise<ExcessPlace | null> {
  const { excessCapitolo } = await readBookRules(db)
  return placeOn(db, excessCapitolo ?? (await namedForGivingBack(db))?.id ?? null)
}

/** The capitolo of money without an owner (DOMAIN.md §10.8); null while it is only listed. */
export async function unidentifiedPlace(db: ReadHandle): Promise<ExcessPlace | null> {
  return placeOn(db, (await readBookRules(db)).unidentifiedCapitolo)
}

/** The partita di giro that is taken while none is chosen. */
async function namedForGivingBack(db: ReadHandle): Promise<{ readonly id: Id<'capitolo'> } | undefined> {
  const all = await db
    .selectFrom('capitolo')
    .where('kind', '=', 'partitaDiGiro')
    .select(['id', 'name'])
    .orderBy('code')
    .execute()
  return all.find(({ name }) => namesGivingBack(name))
}

async function placeOn(db: ReadHandle, capitoloId: Id<'capitolo'> | null): Promise<ExcessPlace | null> {
  if (capitoloId === null) return null
  const capitolo = await db
    .selectFrom('capitolo')
    .where('id', '=', capitoloId)
    .select(['code', 'name'])
    .executeTakeFirst()
  const services = await db.selectFrom('serviceType').select(['id', 'capitoloId']).orderBy('id').execute()
  const service = services.find((s) => s.capitoloId === capitoloId) ?? services[0]
  if (!capitolo || !service) return null
  return { capitoloId, capitolo: `${capitolo.code} ${capitolo.name}`, serviceTypeId: service.id }
}
