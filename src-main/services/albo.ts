import type { z } from 'zod'
import type { alboFilters } from '#contract/albo'
import { sum } from '#domain/money'
import { ProblemError, problem } from '#domain/problem'
import { ALBO_WHAT, CATEGORIES } from '#domain/vocabulary'
import {
  type AlboRow,
  type AlboWhat,
  alboMarkNow,
  alboValues,
  countAlbo,
  insertAlboExport,
  isAlboColumn,
  lastAlboExport,
  listAlbo,
} from '#ledger/albo'
import type { ReadHandle } from '#ledger/ledger'
import { keptNews } from './albo-write-back.ts'
import { command } from './command.ts'
import { os } from './context.ts'
import { keptRows, sortedPage } from './kept-list.ts'
import { type ExportColumn, exportList } from './list-export.ts'
import { answerOf, type ListRules, type ListShape, pageOf, searchAndSort } from './list-page.ts'

type Filters = z.infer<typeof alboFilters>

const RULES: ListRules<AlboRow> = {
  text: (r) => [r.personName, r.fiscalCode, r.externalReference, r.alboNumber, r.causale, `${r.exercise}/${r.number}`],
  columns: {
    what: (r) => ALBO_WHAT[r.what],
    externalReference: (r) => r.externalReference,
    alboNumber: (r) => r.alboNumber,
    personName: (r) => r.personName,
    fiscalCode: (r) => r.fiscalCode,
    category: (r) => CATEGORIES[r.category],
    number: (r) => r.exercise * 1_000_000 + r.number,
    service: (r) => r.service,
    competenceYear: (r) => r.competenceYear,
    causale: (r) => r.causale,
    date: (r) => r.date,
    cents: (r) => r.cents,
    dueCents: (r) => r.dueCents,
    collectedCents: (r) => r.collectedCents,
  },
}

const COLUMNS: Readonly<Record<string, ExportColumn<AlboRow>>> = {
  what: { kind: 'text', value: (r) => ALBO_WHAT[r.what], width: 14 },
  externalReference: { kind: 'code', value: (r) => r.externalReference, width: 18 },
  alboNumber: { kind: 'code', value: (r) => r.alboNumber, width: 12 },
  personName: { kind: 'text', value: (r) => r.personName },
  fiscalCode: { kind: 'code', value: (r) => r.fiscalCode },
  category: { kind: 'text', value: (r) => CATEGORIES[r.category], width: 18 },
  number: { kind: 'text', value: (r) => `${r.number}/${r.exercise}`, width: 12 },
  service: { kind: 'text', value: (r) => r.service, width: 20 },
  competenceYear: { kind: 'integer', value: (r) => r.competenceYear },
  causale: { kind: 'text', value: (r) => r.causale, width: 34 },
  date: { kind: 'date', value: (r) => r.date },
  cents: { kind: 'money', value: (r) => r.cents },
  dueCents: { kind: 'money', value: (r) => r.dueCents },
  collectedCents: { kind: 'money', value: (r) => r.collectedCents },
}

/** As a page shows them. */
function shownRows(db: ReadHandle, filters: Filters, shape: ListShape): Promise<readonly AlboRow[]> {
  return keptRows(db, ['albo', filters], shape, RULES, () => rowsOf(db, filters))
}

async function foundRows(db: ReadHandle, { exercise, onlyNew, destinationId }: Filters): Promise<readonly AlboRow[]> {
  if (!onlyNew || destinationId === null) {
    return listAlbo(db, { exercise, since: onlyNew ? await lastAlboExport(db) : null })
  }
  const rows = await keptNews(db, destinationId)
  return exercise === null ? rows : rows.filter((row) => row.exercise === exercise)
}

async function rowsOf(db: ReadHandle, filters: Filters): Promise<AlboRow[]> {
  const all = await foundRows(db, filters)
  return filters.what.length === 0 ? [...all] : all.filter((row) => filters.what.includes(row.what))
}

/** The list when nothing was told before and nothing is searched: one page is looked up, the others stay in the books. Else null. */
async function asOpened(db: ReadHandle, query: ListShape & { filters: Filters; offset: number; limit: number }) {
  const { filters, search } = query
  const { exercise, what, onlyNew, destinationId } = filters
  if (search.trim() !== '' || what.includes('withdrawn')) return null
  if (onlyNew && (destinationId !== null || (await lastAlboExport(db)) !== null)) return null
  const whole = { exercise, what }
  const { count, cents } = await countAlbo(db, whole)
  return { rows: await pageInOrder(db, whole, query), count, totals: { cents, withdrawnCents: sum([]) } }
}

async function pageInOrder(
  db: ReadHandle,
  whole: { readonly exercise: number | null; readonly what: readonly AlboWhat[] },
  { sort, offset, limit }: { sort: ListShape['sort']; offset: number; limit: number },
): Promise<AlboRow[]> {
  const rowsOf = (only: readonly AlboRow['accertamentoId'][]) =>
    listAlbo(db, { exercise: whole.exercise, since: null, only })
  if (!sort || !isAlboColumn(sort.column)) {
    const ids = (await alboValues(db, whole, 'number', { offset, limit })).map((row) => row.id)
    return ids.length === 0 ? [] : rowsOf(ids)
  }
  const { column } = sort
  return sortedPage(
    db,
    ['albo', whole],
    { sort, offset, limit },
    async () => (await alboValues(db, whole, column)).map(({ id, value }) => ({ id, value: inWords(column, value) })),
    async (ids) => new Map((await rowsOf(ids)).map((row) => [row.accertamentoId, row])),
  )
}

/** A stored value as its column shows it. */
function inWords(column: string, value: string | number | null): string | number | null {
  if (column === 'what') return ALBO_WHAT[value as AlboWhat]
  return column === 'category' ? CATEGORIES[value as AlboRow['category']] : value
}

function totalsOf(rows: readonly AlboRow[]) {
  return {
    cents: sum(rows.filter((r) => r.what !== 'withdrawn').map((r) => r.cents)),
    withdrawnCents: sum(rows.filter((r) => r.what === 'withdrawn').map((r) => r.cents)),
  }
}

/** Lists of who has paid, for the register outside from which the quotas came. */
export const albo = {
  list: os.albo.list.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const whole = await asOpened(db, input)
      if (whole !== null) return whole
      const rows = await shownRows(db, input.filters, input)
      return answerOf(rows, input, totalsOf(rows))
    }),
  ),

  export: os.albo.export.handler(async ({ context, input }) => {
    const rows = await context.ledger.read((db) => shownRows(db, input.filters, input))
    const pages = async (offset: number, limit: number) => pageOf(rows, { offset, limit })
    return exportList({ ctx: context, input, columns: COLUMNS, pages })
  }),

  handOver: os.albo.handOver.handler(({ context, input }) => {
    const write = command(context, 'albo.handOver', { format: input.format })
    return context.ledger.write(write, async (db) => {
      const all = await rowsOf(db, { exercise: null, onlyNew: true, what: [], destinationId: null })
      const rows = searchAndSort(all, input, RULES)
      if (rows.length === 0) throw new ProblemError(problem('ALBO_NOTHING_NEW', {}))
      // The file first: rows that nobody got would never be new again.
      const pages = async (offset: number, limit: number) => pageOf(rows, { offset, limit })
      const file = await exportList({ ctx: context, input, columns: COLUMNS, pages })
      const { at, operator } = write
      await insertAlboExport(db, { ...(await alboMarkNow(db)), rows: rows.length, at, operator })
      return { file, rows: rows.length }
    })
  }),

  last: os.albo.last.handler(({ context }) =>
    context.ledger.read(async (db) => {
      const last = await lastAlboExport(db)
      return last === null ? null : { at: last.at, operator: last.operator, rows: last.rows }
    }),
  ),
}
