import type { Id } from '#domain/brand'
import { reasonWords } from '#domain/likely-duplicate'
import { ProblemError, problem } from '#domain/problem'
import type { ReadHandle } from '#ledger/ledger'
import { positionIdsOf, readAlboOf, readContactsOf, readDuesOf } from '#ledger/person-card'
import { keepDistinct, suspectedOf, suspectedPairs } from '#ledger/person-duplicates'
import { type PersonRow, readPeople } from '#ledger/person-list'
import { mergePeople, planSeparation, readIdentity, readMergeStep, separatePerson } from '#ledger/person-merge'
import { type Identity, personWithCode } from '#ledger/person-write'
import type { ContactKind } from '#ledger/schema/person'
import { readSetting } from '#ledger/setting'
import { command } from './command.ts'
import { os } from './context.ts'
import { shownPerson } from './person-card.ts'
import { today } from './produced-file.ts'
import { reconcileDebts } from './reconcile-ledger.ts'

const MOST_PAIRS = 500

/** One who stands by itself and may be merged. */
async function mergeable(db: ReadHandle, id: Id<'person'>): Promise<PersonRow> {
  const [row] = await readPeople(db, [id])
  if (row === undefined) throw new ProblemError(problem('PERSON_GONE', {}))
  if (row.mergedIntoId !== null) throw new ProblemError(problem('PERSON_IS_MERGED', { name: row.name }))
  if (row.erasedAt !== null) throw new ProblemError(problem('PERSON_ERASED', { name: row.name }))
  await notReserved(db, row)
  return row
}

/** The person in whose name money without an owner stands is nobody. */
export async function notReserved(db: ReadHandle, { id, name }: Pick<PersonRow, 'id' | 'name'>): Promise<void> {
  if ((await readSetting(db, 'unidentifiedPerson')) === String(id)) {
    throw new ProblemError(problem('PERSON_RESERVED', { name }))
  }
}

async function candidate(db: ReadHandle, person: PersonRow) {
  const { id } = person
  return {
    person,
    contacts: await readContactsOf(db, id),
    albo: await readAlboOf(db, id),
    accertamenti: (await readDuesOf(db, id)).length,
    positions: (await positionIdsOf(db, id)).length,
  }
}

const CONTACT_KINDS: readonly ContactKind[] = ['email', 'pec', 'address', 'phone', 'iban']

export const personMerge = {
  duplicates: os.person.duplicates.handler(({ context, input: { personId } }) =>
    context.ledger.read(async (db) => {
      const pairs = personId === null ? await suspectedPairs(db) : await suspectedOf(db, personId)
      const first = pairs.slice(0, MOST_PAIRS)
      const rows = new Map(
        (await readPeople(db, [...new Set(first.flatMap((pair) => [pair.firstId, pair.secondId]))])).map((row) => [
          row.id,
          row,
        ]),
      )
      return {
        count: pairs.length,
        pairs: first.flatMap(({ firstId, secondId, reasons }) => {
          const [a, b] = [rows.get(firstId), rows.get(secondId)]
          return a && b ? [{ first: a, second: b, reasons: [...reasons], words: reasonWords(reasons) }] : []
        }),
      }
    }),
  ),

  compare: os.person.compare.handler(({ context, input: { firstId, secondId } }) =>
    context.ledger.read(async (db) => {
      if (firstId === secondId) throw new ProblemError(problem('PERSON_SAME', {}))
      const [first, second] = [await mergeable(db, firstId), await mergeable(db, secondId)]
      const pair = (await suspectedOf(db, firstId)).find((p) => p.firstId === secondId || p.secondId === secondId)
      return {
        first: await candidate(db, first),
        second: await candidate(db, second),
        words: pair === undefined ? '' : reasonWords(pair.reasons),
      }
    }),
  ),

  distinct: os.person.distinct.handler(({ context, input: { firstId, secondId } }) => {
    const by = { at: context.clock.now(), operator: context.operator }
    return context.ledger.write(command(context, 'person.distinct', { firstId, secondId }), async (db) => {
      await shownPerson(db, firstId)
      await shownPerson(db, secondId)
      await keepDistinct(db, firstId, secondId, by)
      return { distinct: true }
    })
  }),

  merge: os.person.merge.handler(({ context, input: { survivorId, otherId, keep } }) => {
    const at = context.clock.now()
    const by = { at, operator: context.operator, day: today(context) }
    return context.ledger.write(command(context, 'person.merge', { survivorId, otherId }), async (db) => {
      if (survivorId === otherId) throw new ProblemError(problem('PERSON_SAME', {}))
      await mergeable(db, survivorId)
      await mergeable(db, otherId)
      const mine = (await readIdentity(db, survivorId)) as Identity
      const theirs = (await readIdentity(db, otherId)) as Identity
      const of = <K extends 'name' | 'fiscalCode' | 'vatNumber' | 'category'>(field: K): Identity[K] =>
        (keep[field] === 'other' ? theirs : mine)[field]
      const after: Identity = {
        kind: keep.fiscalCode === 'other' ? theirs.kind : mine.kind,
        name: of('name'),
        fiscalCode: of('fiscalCode'),
        vatNumber: of('vatNumber'),
        category: of('category'),
      }
      const kinds = CONTACT_KINDS.filter((kind) => keep[kind as keyof typeof keep] === 'other')
      await mergePeople(db, { id: survivorId, before: mine, after }, { id: otherId, before: theirs }, kinds, by)
      await reconcileDebts(db, at)
      return { id: survivorId }
    })
  }),

  separate: os.person.separate.handler(({ context, input: { id } }) => {
    const at = context.clock.now()
    const by = { at, operator: context.operator, day: today(context) }
    return context.ledger.write(command(context, 'person.separate', { personId: id }), async (db) => {
      const [row] = await readPeople(db, [id])
      if (row === undefined) throw new ProblemError(problem('PERSON_GONE', {}))
      const step = await readMergeStep(db, id)
      if (row.mergedIntoId === null || step === null) {
        throw new ProblemError(problem('PERSON_NOT_MERGED', { name: row.name }))
      }
      const root = row.mergedIntoId
      const plan = await planSeparation(db, step, root)
      // A code that comes back may have gone to somebody else meanwhile.
      for (const { fiscalCode: code } of [plan.other, plan.root.identity]) {
        const owner = code === null ? null : await personWithCode(db, code)
        if (code !== null && owner !== null && owner !== root) {
          const { name } = await shownPerson(db, owner)
          throw new ProblemError(problem('PERSON_CODE_TAKEN', { value: code, name }))
        }
      }
      await separatePerson(db, step, plan, by)
      await reconcileDebts(db, at)
      return { id }
    })
  }),
}
