import type { Id } from '#domain/brand'
import type { Instant, IsoDate } from '#domain/date'
import { isMailAddress } from '#domain/mail-address'
import { ProblemError, problem } from '#domain/problem'
import { CATEGORIES, CONTACT_KINDS } from '#domain/vocabulary'
import { readPositionsOf } from '#ledger/accertamento-detail'
import { type HistoryFact, readHistory } from '#ledger/history'
import type { ReadHandle } from '#ledger/ledger'
import { closeContacts, insertContacts } from '#ledger/people-import'
import {
  listPersonIds,
  type PersonRow,
  readAlboOf,
  readContactsOf,
  readDuesOf,
  readPeople,
  sumPeople,
} from '#ledger/person-list'
import { command } from './command.ts'
import { os } from './context.ts'
import { type ExportColumn, exportList } from './list-export.ts'
import { today } from './produced-file.ts'
import { addressLine } from './register-raise.ts'

const COLUMNS: Readonly<Record<string, ExportColumn<PersonRow>>> = {
  name: { kind: 'text', value: (row) => row.name },
  fiscalCode: { kind: 'code', value: (row) => row.fiscalCode },
  category: { kind: 'text', value: (row) => CATEGORIES[row.category], width: 18 },
  alboNumber: { kind: 'code', value: (row) => row.alboNumber, width: 10 },
  email: { kind: 'text', value: (row) => row.email },
  pec: { kind: 'text', value: (row) => row.pec },
  city: { kind: 'text', value: (row) => row.city, width: 18 },
  dueCents: { kind: 'money', value: (row) => row.dueCents },
  collectedCents: { kind: 'money', value: (row) => row.collectedCents },
  outstandingCents: { kind: 'money', value: (row) => row.outstandingCents },
}

function rowOut({ vatNumber: _vat, ...row }: PersonRow) {
  return row
}

async function needPerson(db: ReadHandle, id: Id<'person'>): Promise<PersonRow> {
  const [row] = await readPeople(db, [id])
  if (row === undefined) throw new ProblemError(problem('PERSON_GONE', {}))
  return row
}

export const person = {
  list: os.person.list.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const rows = await readPeople(db, await listPersonIds(db, input, input))
      const { count, ...totals } = await sumPeople(db, input)
      return { rows: rows.map(rowOut), count, totals }
    }),
  ),

  export: os.person.export.handler(async ({ context, input }) => {
    const { dueCents, outstandingCents } = await context.ledger.read((db) => sumPeople(db, input))
    return exportList({
      ctx: context,
      input,
      columns: COLUMNS,
      pages: (offset, limit) =>
        context.ledger.read(async (db) => readPeople(db, await listPersonIds(db, input, { offset, limit }))),
      totals: { dueCents, outstandingCents },
    })
  }),

  get: os.person.get.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const row = await needPerson(db, input.id)
      const dues = await readDuesOf(db, input.id)
      const ids = dues.map((due) => due.accertamentoId)
      const positions = await readPositionsOf(db, ids)
      // The live position of each, else the last one there was.
      const positionOf = new Map<number, (typeof positions)[number]>()
      for (const p of positions) {
        const present = positionOf.get(p.accertamentoId)
        if (present === undefined || p.live || !present.live) positionOf.set(p.accertamentoId, p)
      }
      const contacts = await readContactsOf(db, input.id)
      const facts = await readHistory(db, {
        accertamenti: ids,
        positions: [...new Set(positions.map((p) => p.debtPositionId))],
      })
      return {
        person: row,
        contacts,
        albo: await readAlboOf(db, input.id),
        dues: dues.map((due) => {
          const position = positionOf.get(due.accertamentoId)
          return {
            ...due,
            debtPositionId: position?.debtPositionId ?? null,
            noticeNumber: position?.noticeNumber ?? null,
            payment: position?.payment ?? null,
          }
        }),
        history: [...facts, ...contactFacts(contacts)].sort((a, b) => (a.at === b.at ? 0 : a.at < b.at ? 1 : -1)),
      }
    }),
  ),

  saveContact: os.person.saveContact.handler(async ({ context, input }) => {
    const { personId, kind, value, ...parts } = input
    if ((kind === 'email' || kind === 'pec') && value !== '' && !isMailAddress(value)) {
      throw new ProblemError(problem(kind === 'pec' ? 'PEC_WRONG' : 'EMAIL_WRONG', { value }))
    }
    const day = today(context)
    // The journal says that a contact changed, not which: personal data stays where it can be corrected.
    await context.ledger.write(command(context, 'person.saveContact', { personId, kind }), async (db) => {
      await needPerson(db, personId)
      const line = kind === 'address' && parts.street !== null ? addressLine(parts) : value
      const open = (await readContactsOf(db, personId)).filter((c) => c.kind === kind && c.validTo === null)
      if (open.some((c) => c.value === line && line !== '')) return
      await closeContacts(
        db,
        open.map((c) => c.id),
        day,
      )
      if (line === '') return
      const address = kind === 'address' ? parts : NO_PARTS
      await insertContacts(db, [
        { personId, kind, value: line, ...address, validFrom: day, validTo: null, source: BY_HAND, failedAt: null },
      ])
    })
    return context.ledger.read((db) => readContactsOf(db, personId))
  }),
}

/** Source of a contact that was typed, not imported. */
const BY_HAND = 'a mano'

/** Contacts that were changed or taken away by hand; those of an import come with its accertamenti. */
function contactFacts(contacts: Awaited<ReturnType<typeof readContactsOf>>): HistoryFact[] {
  const fact = (date: IsoDate, text: string): HistoryFact => ({
    at: `${date}T00:00:00.000Z` as Instant,
    kind: 'contact',
    text,
    tone: 'neu',
    operator: null,
  })
  const changed = contacts
    .filter((c) => c.source === BY_HAND)
    .map((c) => {
      const before = contacts.find((other) => other.id < c.id && other.kind === c.kind && other.validTo === c.validFrom)
      const was = before === undefined ? '' : `, prima ${before.value}`
      return fact(c.validFrom, `Nuovo recapito, ${CONTACT_KINDS[c.kind]}: ${c.value}${was}`)
    })
  const taken = contacts.flatMap((c) => {
    if (c.validTo === null) return []
    const followed = contacts.some((other) => other.id > c.id && other.kind === c.kind && other.validFrom === c.validTo)
    return followed ? [] : [fact(c.validTo, `Recapito tolto, ${CONTACT_KINDS[c.kind]}: ${c.value}`)]
  })
  return [...changed, ...taken]
}

const NO_PARTS = { street: null, civicNumber: null, postalCode: null, city: null, province: null, country: null }
