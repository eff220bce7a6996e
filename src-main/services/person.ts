import type { Id } from '#domain/brand'
import { CATEGORIES } from '#domain/vocabulary'
import { addDeliveryStop, readStops } from '#ledger/delivery-stop'
import {
  countPeople,
  listPersonIds,
  type PersonQuery,
  type PersonRow,
  readAlbi,
  readPeople,
  sumPeople,
} from '#ledger/person-list'
import { command } from './command.ts'
import { os } from './context.ts'
import { type ExportColumn, exportList } from './list-export.ts'
import { pause } from './long-work.ts'
import { personCard } from './person-card.ts'
import { personData } from './person-data.ts'
import { personEdit } from './person-edit.ts'
import { personMerge } from './person-merge.ts'

const COLUMNS: Readonly<Record<string, ExportColumn<PersonRow>>> = {
  name: { kind: 'text', value: (row) => row.name },
  fiscalCode: { kind: 'code', value: (row) => row.fiscalCode },
  vatNumber: { kind: 'code', value: (row) => row.vatNumber, width: 12 },
  category: { kind: 'text', value: (row) => CATEGORIES[row.category], width: 18 },
  albo: { kind: 'text', value: (row) => row.albo, width: 18 },
  alboNumber: { kind: 'code', value: (row) => row.alboNumber, width: 10 },
  alboStatus: { kind: 'text', value: (row) => row.alboStatus, width: 12 },
  email: { kind: 'text', value: (row) => row.email },
  pec: { kind: 'text', value: (row) => row.pec },
  phone: { kind: 'code', value: (row) => row.phone, width: 16 },
  city: { kind: 'text', value: (row) => row.city, width: 18 },
  dueCents: { kind: 'money', value: (row) => row.dueCents },
  collectedCents: { kind: 'money', value: (row) => row.collectedCents },
  outstandingCents: { kind: 'money', value: (row) => row.outstandingCents },
}

const ALL: PersonQuery = {
  filters: {
    ...{ category: [], without: [], owes: null, albo: [], alboStatus: [], notes: null, failing: null },
    state: 'present',
  },
  search: '',
  sort: null,
}

function counted(filters: Partial<PersonQuery['filters']>): PersonQuery {
  return { ...ALL, filters: { ...ALL.filters, ...filters } }
}

/** The views of the list of people, by their name in the address. */
const VIEWS: Readonly<Record<string, PersonQuery>> = {
  tutte: ALL,
  devono: counted({ owes: true }),
  societa: counted({ category: ['stp'] }),
  'senza-posta': counted({ without: ['mail'] }),
  guasti: counted({ failing: true }),
}

export const person = {
  list: os.person.list.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const { count, ...totals } = await sumPeople(db, input)
      const rows = count <= input.offset ? [] : await readPeople(db, await listPersonIds(db, input, input))
      return { rows, count, totals }
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

  counts: os.person.counts.handler(({ context }) =>
    context.ledger.read(async (db) => {
      const views: Record<string, number> = {}
      for (const [view, query] of Object.entries(VIEWS)) views[view] = await countPeople(db, query)
      return { views, ...(await readAlbi(db)) }
    }),
  ),

  stop: os.person.stop.handler(async ({ context, input: { selection, reason } }) => {
    const from = context.clock.now()
    const { operator } = context
    return context.ledger.write(command(context, 'person.stop', { reason }), async (db) => {
      const ids = 'ids' in selection ? (selection.ids as Id<'person'>[]) : await listPersonIds(db, selection.query)
      const except = new Set<number>('ids' in selection ? [] : selection.except)
      const chosen = [...new Set(ids)].filter((id) => !except.has(id))
      const stops = await readStops(db, chosen)
      const left = chosen.filter((id) => !stops.has(`${id}`))
      for (const [i, personId] of left.entries()) {
        await addDeliveryStop(db, { personId, channel: null, reason, from, operator })
        if (i % 200 === 199) await pause()
      }
      return { count: left.length, already: chosen.length - left.length }
    })
  }),

  ...personCard,
  ...personEdit,
  ...personMerge,
  ...personData,
}
