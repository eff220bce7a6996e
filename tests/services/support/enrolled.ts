import type { Id } from '#domain/brand'
import { isoDate } from '#domain/date'
import { searchKey } from '#domain/search-key'
import { insertMany, reserveIds } from '#ledger/bulk'
import type { PersonCategory } from '#ledger/schema/person'
import { inventedCode, type Office } from '../office.ts'

export interface Enrolled {
  readonly name?: string
  readonly category?: PersonCategory
  readonly albo?: string
  readonly section?: string | null
  readonly status?: string
  readonly from?: string
}

/** People of an albo straight into the register, as the import of any Albo leaves them; ids in their order. */
export async function enrol(
  office: Pick<Office, 'context'>,
  people: readonly Enrolled[],
  first = 0,
): Promise<Id<'person'>[]> {
  const at = office.context.clock.now()
  return office.context.ledger.write({ command: 'test.enrol', operator: 'prova', payload: {}, at }, async (db) => {
    const ids = await reserveIds(db, 'person', people.length)
    await insertMany(
      db,
      'person',
      people.map(({ name, category }, n) => {
        const fiscalCode = inventedCode(first + n)
        const shown = name ?? `Iscritto ${String(first + n).padStart(5, '0')}`
        return {
          ...{ id: ids[n] as Id<'person'>, kind: 'F' as const, fiscalCode, vatNumber: null, name: shown },
          ...{ category: category ?? ('professionista' as const), mergedIntoId: null },
          searchKey: searchKey(shown, fiscalCode, null),
        }
      }),
    )
    await insertMany(
      db,
      'alboEntry',
      people.map(({ albo, section, status, from }, n) => ({
        ...{ personId: ids[n] as Id<'person'>, albo: albo ?? 'Albo', section: section ?? null, to: null },
        ...{ number: String(first + n + 1), from: isoDate(from ?? '2010-01-15'), status: status ?? 'iscritto' },
      })),
    )
    return ids
  })
}
