import type { Sort } from '#contract/list'
import { addDays, type Instant, type IsoDate, romeDate, romeDateTime } from '#domain/date'
import { journalText } from '#domain/journal-words'
import { verifyJournal } from '#ledger/journal'
import { countJournal, type JournalFilter, type JournalRow, listJournal } from '#ledger/journal-list'
import type { ReadHandle } from '#ledger/ledger'
import { os } from './context.ts'
import { type ExportColumn, exportList } from './list-export.ts'
import { answerOf, type ListRules, pageOf, searchAndSort } from './list-page.ts'

interface Row {
  readonly seq: number
  readonly at: Instant
  readonly operator: string
  readonly command: string
  readonly text: string
}

interface Query {
  readonly filters: { readonly operator: string | null; readonly from: IsoDate | null; readonly to: IsoDate | null }
  readonly search: string
  readonly sort: Sort | null
}

const RULES: ListRules<Row> = {
  text: (r) => [r.text, r.operator, r.command],
  columns: { seq: (r) => r.seq, at: (r) => r.at, operator: (r) => r.operator, text: (r) => r.text },
}

const COLUMNS: Readonly<Record<string, ExportColumn<Row>>> = {
  seq: { kind: 'integer', value: (r) => r.seq },
  at: { kind: 'text', value: (r) => romeDateTime(r.at), width: 20 },
  operator: { kind: 'text', value: (r) => r.operator },
  command: { kind: 'code', value: (r) => r.command, width: 26 },
  text: { kind: 'text', value: (r) => r.text, width: 60 },
}

function wireRow(row: JournalRow): Row {
  const { payload, ...rest } = row
  return { ...rest, text: journalText(row.command, payload) }
}

/** Days in Italy as instants, a day wider on both sides: the exact day is told by `inDays`. */
function filterOf(query: Query): JournalFilter {
  const { operator, from, to } = query.filters
  return {
    operator,
    from: from === null ? null : `${addDays(from, -1)}T00:00:00.000Z`,
    to: to === null ? null : `${addDays(to, 2)}T00:00:00.000Z`,
    ascending: query.sort?.column === 'seq' || query.sort?.column === 'at' ? query.sort.direction === 'asc' : false,
  }
}

async function allRows(db: ReadHandle, query: Query): Promise<Row[]> {
  const { from, to } = query.filters
  const rows = (await listJournal(db, filterOf(query), null)).filter((r) => {
    const day = romeDate(r.at)
    return (from === null || day >= from) && (to === null || day <= to)
  })
  return searchAndSort(rows.map(wireRow), query, RULES)
}

export const journal = {
  list: os.journal.list.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const { from, to } = input.filters
      const plain = input.search.trim() === '' && from === null && to === null
      // The register is the longest list of all: only a search has to read it whole.
      if (plain && (input.sort === null || input.sort.column === 'seq' || input.sort.column === 'at')) {
        const filter = filterOf(input)
        const rows = (await listJournal(db, filter, input)).map(wireRow)
        return { rows, count: await countJournal(db, filter), totals: {} }
      }
      const rows = await allRows(db, input)
      return answerOf(rows, input, {})
    }),
  ),

  export: os.journal.export.handler(async ({ context, input }) => {
    const rows = await context.ledger.read((db) => allRows(db, input))
    const pages = async (offset: number, limit: number) => pageOf(rows, { offset, limit })
    return exportList({ ctx: context, input, columns: COLUMNS, pages })
  }),

  verify: os.journal.verify.handler(({ context }) =>
    context.ledger.read(async (db) => {
      const broken = await verifyJournal(db)
      const filter = { operator: null, from: null, to: null, ascending: true }
      return { ok: broken === null, entries: await countJournal(db, filter), firstBroken: broken?.seq ?? null }
    }),
  ),
}
