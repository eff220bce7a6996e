import type { Id } from '#domain/brand'
import { formatDate, type Instant, type IsoDate, isIsoDate, romeDate } from '#domain/date'
import { ProblemError, problem } from '#domain/problem'
import { CATEGORIES, CONTACT_KINDS, FIELDS, PERSON_FIELDS, PERSON_KINDS, stateWord } from '#domain/vocabulary'
import { readPositionsOf } from '#ledger/accertamento-detail'
import { type HistoryFact, readHistory } from '#ledger/history'
import type { ReadHandle } from '#ledger/ledger'
import { assigneeOf, type Note, notesOn } from '#ledger/note-store'
import {
  type ContactRow,
  collectionsOf,
  hintedCredits,
  noticesOf,
  type PersonDue,
  positionIdsOf,
  readAlboOf,
  readContactsOf,
  readDuesOf,
  receiptsOf,
} from '#ledger/person-card'
import { suspectedOf } from '#ledger/person-duplicates'
import { familyIds } from '#ledger/person-family'
import { type PersonRow, readPeople } from '#ledger/person-list'
import { readMerged } from '#ledger/person-merge'
import { readChanges } from '#ledger/person-write'
import { listQuietanze } from '#ledger/quietanza'
import { os } from './context.ts'
import { type ExportColumn, exportRows } from './list-export.ts'

/** The person, or the survivor of the merge that it went into. */
export async function shownPerson(db: ReadHandle, id: Id<'person'>): Promise<PersonRow> {
  const [row] = await readPeople(db, [id])
  if (row === undefined) throw new ProblemError(problem('PERSON_GONE', {}))
  return row.mergedIntoId === null ? row : shownPerson(db, row.mergedIntoId)
}

/** Notes on a person and on whoever was merged into it, oldest first. */
export async function notesOfFamily(db: ReadHandle, ids: readonly Id<'person'>[]): Promise<Note[]> {
  const notes: Note[] = []
  for (const subjectId of ids) notes.push(...(await notesOn(db, { subjectKind: 'person', subjectId })))
  return notes.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
}

export const personCard = {
  get: os.person.get.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const person = await shownPerson(db, input.id)
      const { id } = person
      const family = await familyIds(db, id)
      const dues = await readDuesOf(db, id)
      const ids = dues.map((due) => due.accertamentoId)
      const positions = await readPositionsOf(db, ids)
      // The live position of each, else the last one there was.
      const positionOf = new Map<number, (typeof positions)[number]>()
      for (const p of positions) {
        const present = positionOf.get(p.accertamentoId)
        if (present === undefined || p.live || !present.live) positionOf.set(p.accertamentoId, p)
      }
      const contacts = await readContactsOf(db, id)
      const notes = await notesOfFamily(db, family)
      const merged = await readMerged(db, id)
      const facts = await readHistory(db, { accertamenti: ids, positions: await positionIdsOf(db, id) })
      const history: CardFact[] = [
        ...facts,
        ...contactFacts(contacts),
        ...noteFacts(notes),
        ...changeFacts(await readChanges(db, family)),
        ...merged.map((m): CardFact => fact(m.at, `Unita la scheda di ${m.name}`, m.operator)),
        ...(person.erasedAt === null
          ? []
          : [fact(person.erasedAt, 'Dati personali cancellati ai sensi del GDPR', null)]),
      ]
      return {
        person,
        contacts,
        albo: await readAlboOf(db, id),
        dues: dues.map((due) => {
          const position = positionOf.get(due.accertamentoId)
          return {
            ...due,
            debtPositionId: position?.debtPositionId ?? null,
            noticeNumber: position?.noticeNumber ?? null,
            payment: position?.payment ?? null,
            lifecycle: position === undefined ? null : position.live ? ('issued' as const) : ('cancelled' as const),
          }
        }),
        notes,
        assignee: assigneeOf(notes),
        credits: await hintedCredits(db, id),
        merged,
        suspects: (await suspectedOf(db, id)).length,
        history: history.sort((a, b) => (a.at === b.at ? 0 : a.at < b.at ? 1 : -1)),
      }
    }),
  ),

  print: os.person.print.handler(async ({ context, input }) => {
    const { person, rows } = await context.ledger.read(async (db) => {
      const shown = await shownPerson(db, input.id)
      return { person: shown, rows: await readDuesOf(db, shown.id) }
    })
    return exportRows({
      ctx: context,
      input: {
        format: 'pdf',
        title: person.name,
        filtersInWords: [person.fiscalCode, person.alboNumber === null ? null : `albo n. ${person.alboNumber}`]
          .filter((text) => text !== null)
          .join(', '),
        columns: PRINTED,
      },
      columns: PRINTED_COLUMNS,
      rows,
      totals: { dueCents: person.dueCents, collectedCents: person.collectedCents, left: person.outstandingCents },
    })
  }),

  papers: os.person.papers.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const { id } = await shownPerson(db, input.id)
      const notices = (await noticesOf(db, id)).map((n) => ({
        kind: 'notice' as const,
        id: n.debtPositionId as number,
        date: romeDate(n.issuedAt),
        title: `Avviso ${n.noticeNumber ?? ''}`.trim(),
        detail: n.description,
        cents: n.cents,
        past: n.lifecycle === 'cancelled' ? 'annullato' : null,
      }))
      const quietanze = (await listQuietanze(db, { personId: id })).map((q) => ({
        kind: 'quietanza' as const,
        id: q.id as number,
        date: q.date,
        title: `Quietanza ${q.number}`,
        detail: q.causale,
        cents: q.cents,
        past: q.annulledOn === null ? null : 'annullata',
      }))
      const receipts = (await receiptsOf(db, id)).map((r) => ({
        kind: 'receipt' as const,
        id: r.id as number,
        date: dayOf(r.paidAt),
        title: `Ricevuta di ${r.pspName ?? 'un prestatore'}`,
        detail: `IUV ${r.iuv}`,
        cents: r.cents,
        past: r.ok === 1 ? null : 'non pagata',
      }))
      return [...notices, ...quietanze, ...receipts].sort((a, b) => (a.date === b.date ? 0 : a.date < b.date ? 1 : -1))
    }),
  ),

  payments: os.person.payments.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const { id } = await shownPerson(db, input.id)
      const receipts = (await receiptsOf(db, id)).map((r) => ({
        kind: 'receipt' as const,
        date: dayOf(r.paidAt),
        cents: r.cents,
        text: r.ok === 1 ? `Pagato con ${r.pspName ?? 'un prestatore'}` : 'Tentativo non riuscito',
        detail: `Avviso ${r.noticeNumber ?? r.iuv}${r.payerName === null ? '' : `, da ${r.payerName}`}`,
        tone: r.ok === 1 ? ('info' as const) : ('warn' as const),
        route: `/ricevute?sel=${r.id}`,
      }))
      const collections = (await collectionsOf(db, id)).map((c) => ({
        kind: 'collection' as const,
        date: c.date,
        cents: c.cents,
        text: c.annulledOn === null ? `Riscosso con reversale ${c.exercise}/${c.number}` : 'Reversale annullata',
        detail: `${c.causale}, accredito del ${formatDate(c.bookingDate)}${c.flowId === null ? '' : `, flusso ${c.flowId}`}`,
        tone: c.annulledOn === null ? ('ok' as const) : ('neu' as const),
        route: `/reversali?sel=${c.reversaleId}`,
      }))
      return [...collections, ...receipts].sort((a, b) => (a.date === b.date ? 0 : a.date < b.date ? 1 : -1))
    }),
  ),
}

const PRINTED = [
  { key: 'number', heading: FIELDS.accertamento },
  { key: 'causale', heading: FIELDS.causale },
  { key: 'dueDate', heading: FIELDS.dueDate },
  { key: 'state', heading: FIELDS.state },
  { key: 'dueCents', heading: 'Dovuto €' },
  { key: 'collectedCents', heading: 'Riscosso €' },
  { key: 'left', heading: 'Da riscuotere €' },
]

const PRINTED_COLUMNS: Readonly<Record<string, ExportColumn<PersonDue>>> = {
  number: { kind: 'code', value: (row) => `${row.exercise}/${row.number}`, width: 12 },
  causale: { kind: 'text', value: (row) => row.causale, width: 38 },
  dueDate: { kind: 'date', value: (row) => row.dueDate },
  state: { kind: 'text', value: (row) => stateWord('accertamento', row.state).word, width: 16 },
  dueCents: { kind: 'money', value: (row) => row.dueCents },
  collectedCents: { kind: 'money', value: (row) => row.collectedCents },
  left: { kind: 'money', value: (row) => row.dueCents - row.collectedCents },
}

/** Receipts write a day or an instant. */
function dayOf(paidAt: string): IsoDate {
  const day = paidAt.slice(0, 10)
  return isIsoDate(day) ? day : ('1970-01-01' as IsoDate)
}

type CardFact = Omit<HistoryFact, 'kind'> & { readonly kind: HistoryFact['kind'] | 'person' | 'note' }

const fact = (at: Instant, text: string, operator: string | null): CardFact => ({
  at,
  kind: 'person',
  text,
  tone: 'neu',
  operator,
})

function noteFacts(notes: readonly Note[]): CardFact[] {
  return notes.flatMap(({ at, text, assignee, operator }): CardFact[] => [
    ...(text === '' ? [] : [{ at, kind: 'note' as const, text: `Nota: «${text}»`, tone: 'neu' as const, operator }]),
    ...(assignee === null || assignee === ''
      ? []
      : [{ at, kind: 'note' as const, text: `Affidata a ${assignee}`, tone: 'neu' as const, operator }]),
  ])
}

function changeFacts(changes: Awaited<ReturnType<typeof readChanges>>): CardFact[] {
  return changes.map(({ field, before, after, at, operator }) => {
    const words = (value: string) =>
      (PERSON_KINDS as Readonly<Record<string, string>>)[value] ??
      (CATEGORIES as Readonly<Record<string, string>>)[value] ??
      value
    const was = before === '' ? 'prima mancava' : `prima «${words(before)}»`
    const name = (PERSON_FIELDS as Readonly<Record<string, string>>)[field] ?? field
    return fact(at, after === '' ? `${name}: tolto, ${was}` : `${name}: «${words(after)}», ${was}`, operator)
  })
}

/** Source of a contact that was typed, not imported. */
export const BY_HAND = 'a mano'

/** Contacts that were changed or taken away by hand; those of an import come with its accertamenti. */
function contactFacts(contacts: readonly ContactRow[]): CardFact[] {
  const about = (date: IsoDate, text: string): CardFact => ({
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
      return about(c.validFrom, `Nuovo recapito, ${CONTACT_KINDS[c.kind]}: ${c.value}${was}`)
    })
  const taken = contacts.flatMap((c) => {
    if (c.validTo === null) return []
    const followed = contacts.some((other) => other.id > c.id && other.kind === c.kind && other.validFrom === c.validTo)
    return followed ? [] : [about(c.validTo, `Recapito tolto, ${CONTACT_KINDS[c.kind]}: ${c.value}`)]
  })
  return [...changed, ...taken]
}
