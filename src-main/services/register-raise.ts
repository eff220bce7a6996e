import type { Id } from '#domain/brand'
import type { IsoDate } from '#domain/date'
import { type Cents, sum } from '#domain/money'
import { raisingDate } from '#domain/raising'
import type { RegisterRow } from '#domain/register-row'
import { searchKey } from '#domain/search-key'
import { insertAccertamenti, lastAccertamento, type NewAccertamento } from '#ledger/accertamento-raise'
import type { WriteHandle } from '#ledger/ledger'
import {
  closeAlboEntries,
  closeContacts,
  insertAlboEntries,
  insertContacts,
  insertPeople,
  type KnownPerson,
  readOpenAlboEntries,
  readOpenContacts,
  updatePerson,
} from '#ledger/people-import'
import type { ContactKind } from '#ledger/schema/person'
import type { Report } from './long-work.ts'
import { pause } from './long-work.ts'
import type { RaisableRow } from './register-check.ts'

/** A row on its way into the books. `reference` is null when another standing row already has it. */
export interface RowToRaise extends RaisableRow {
  readonly importRowId: Id<'importRow'>
  readonly row: RegisterRow
  readonly reference: string | null
}

export interface Raised {
  readonly count: number
  readonly cents: Cents
  /** Of the exercise that took most rows. */
  readonly exercise: number
  readonly firstNumber: number
  readonly lastNumber: number
  /** New people. */
  readonly people: number
}

const ALBO = { professionista: 'Albo', stp: 'Elenco STP', praticante: 'Registro praticanti', altro: 'Altro' } as const

/** Raises accertamenti of rows in the order of the file, with their people, contacts and albo entries: one transaction. */
export async function raiseRows(
  db: WriteHandle,
  rows: readonly RowToRaise[],
  known: ReadonlyMap<string, KnownPerson>,
  today: IsoDate,
  source: string,
  report: Report,
): Promise<Raised> {
  const people = await raisePeople(db, rows, known, today, source, report)
  const byExercise = new Map<number, RowToRaise[]>()
  for (const row of rows) {
    const list = byExercise.get(row.exercise)
    if (list === undefined) byExercise.set(row.exercise, [row])
    else list.push(row)
  }
  let before = 0
  let main = { exercise: 0, firstNumber: 0, lastNumber: 0, rows: 0 }
  for (const [exercise, list] of byExercise) {
    const last = await lastAccertamento(db, exercise)
    const date = raisingDate(exercise, today, last.date)
    const accertamenti = list.map(
      (item, index): NewAccertamento => ({
        exercise,
        number: last.number + 1 + index,
        date,
        capitoloId: item.capitoloId,
        personId: people.ids.get(item.row.fiscalCode) as Id<'person'>,
        serviceTypeId: item.serviceTypeId,
        competenceYear: item.row.competenceYear,
        causale: item.row.causale,
        assessedCents: item.row.amountCents,
        dueDate: item.row.dueDate,
        externalReference: item.reference,
        importRowId: item.importRowId,
      }),
    )
    const done = before
    await insertAccertamenti(db, accertamenti, (n) => report('Registro gli accertamenti', done + n, rows.length))
    before += list.length
    if (list.length > main.rows) {
      main = { exercise, firstNumber: last.number + 1, lastNumber: last.number + list.length, rows: list.length }
    }
  }
  return {
    count: rows.length,
    cents: sum(rows.map((item) => item.row.amountCents)),
    exercise: main.exercise,
    firstNumber: main.firstNumber,
    lastNumber: main.lastNumber,
    people: people.created,
  }
}

async function raisePeople(
  db: WriteHandle,
  rows: readonly RowToRaise[],
  known: ReadonlyMap<string, KnownPerson>,
  today: IsoDate,
  source: string,
  report: Report,
): Promise<{ ids: ReadonlyMap<string, Id<'person'>>; created: number }> {
  // The last row of a person in the file says who they are now.
  const latest = new Map<string, RegisterRow>()
  for (const { row } of rows) latest.set(row.fiscalCode, row)
  const ids = new Map<string, Id<'person'>>()
  const unknown: RegisterRow[] = []
  let seen = 0
  for (const row of latest.values()) {
    const person = known.get(row.fiscalCode)
    if (person === undefined) unknown.push(row)
    else {
      ids.set(row.fiscalCode, person.id)
      const vatNumber = row.vatNumber ?? person.vatNumber
      if (person.name !== row.name || person.category !== row.category || person.vatNumber !== vatNumber) {
        await updatePerson(db, person.id, {
          name: row.name,
          category: row.category,
          vatNumber,
          searchKey: searchKey(row.name, row.fiscalCode, vatNumber),
        })
      }
    }
    seen += 1
    if (seen % 200 === 0) {
      report('Aggiorno l’anagrafica', seen, latest.size)
      await pause()
    }
  }
  const created = await insertPeople(
    db,
    unknown.map((row) => ({
      kind: row.fiscalCode.length === 16 ? ('F' as const) : ('G' as const),
      fiscalCode: row.fiscalCode,
      vatNumber: row.vatNumber,
      name: row.name,
      category: row.category,
      mergedIntoId: null,
      searchKey: searchKey(row.name, row.fiscalCode, row.vatNumber),
    })),
  )
  for (const [code, id] of created) ids.set(code, id)
  report('Aggiorno l’anagrafica', latest.size, latest.size)
  await raiseContacts(db, [...latest.values()], ids, today, source)
  await raiseAlbo(db, [...latest.values()], ids, today)
  return { ids, created: created.size }
}

/** A value that differs from the one in force closes it and opens the new one; an empty cell changes nothing. */
async function raiseContacts(
  db: WriteHandle,
  rows: readonly RegisterRow[],
  ids: ReadonlyMap<string, Id<'person'>>,
  today: IsoDate,
  source: string,
): Promise<void> {
  const open = new Map<string, { id: Id<'contactPoint'>; value: string }[]>()
  for (const contact of await readOpenContacts(db, [...ids.values()])) {
    const key = `${contact.personId}|${contact.kind}`
    open.set(key, [...(open.get(key) ?? []), { id: contact.id, value: contact.value }])
  }
  const close: Id<'contactPoint'>[] = []
  const added: Parameters<typeof insertContacts>[1][number][] = []
  for (const row of rows) {
    const personId = ids.get(row.fiscalCode) as Id<'person'>
    const values: [ContactKind, string | null][] = [
      ['email', row.email],
      ['pec', row.pec],
      ['address', row.address === null ? null : addressLine(row.address)],
    ]
    for (const [kind, value] of values) {
      if (value === null) continue
      const present = open.get(`${personId}|${kind}`) ?? []
      if (present.some((contact) => contact.value === value)) continue
      close.push(...present.map((contact) => contact.id))
      const parts = kind === 'address' ? row.address : null
      added.push({
        personId,
        kind,
        value,
        street: parts?.street ?? null,
        civicNumber: parts?.civicNumber ?? null,
        postalCode: parts?.postalCode ?? null,
        city: parts?.city ?? null,
        province: parts?.province ?? null,
        country: parts?.country ?? null,
        validFrom: today,
        validTo: null,
        source,
        failedAt: null,
      })
    }
  }
  await closeContacts(db, close, today)
  await insertContacts(db, added)
}

/** «Via Roma 12, 09124 Cagliari (CA)» */
export function addressLine(address: {
  readonly street: string | null
  readonly civicNumber: string | null
  readonly postalCode: string | null
  readonly city: string | null
  readonly province: string | null
  readonly country: string | null
}): string {
  const street = [address.street, address.civicNumber].filter((part) => part !== null && part !== '').join(' ')
  const province = address.province === null || address.province === '' ? '' : ` (${address.province})`
  const city = `${[address.postalCode, address.city].filter((part) => part !== null && part !== '').join(' ')}${province}`
  const country = address.country === null || address.country === 'IT' ? '' : address.country
  return [street, city, country].filter((part) => part !== '').join(', ')
}

async function raiseAlbo(
  db: WriteHandle,
  rows: readonly RegisterRow[],
  ids: ReadonlyMap<string, Id<'person'>>,
  today: IsoDate,
): Promise<void> {
  const open = new Map<string, { id: Id<'alboEntry'>; number: string }>()
  for (const entry of await readOpenAlboEntries(db)) open.set(`${entry.personId}|${entry.albo}`, entry)
  const close: Id<'alboEntry'>[] = []
  const added: Parameters<typeof insertAlboEntries>[1][number][] = []
  for (const row of rows) {
    if (row.alboNumber === null) continue
    const personId = ids.get(row.fiscalCode) as Id<'person'>
    const albo = ALBO[row.category]
    const present = open.get(`${personId}|${albo}`)
    if (present?.number === row.alboNumber) continue
    if (present !== undefined) close.push(present.id)
    added.push({ personId, albo, section: null, number: row.alboNumber, from: today, to: null, status: 'iscritto' })
  }
  await closeAlboEntries(db, close, today)
  await insertAlboEntries(db, added)
}
