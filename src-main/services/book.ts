import { creditsInWords } from '#domain/credit-words'
import { daysBetween, type IsoDate } from '#domain/date'
import { type Cents, cents, sum } from '#domain/money'
import type { ReadHandle } from '#ledger/ledger'
import { creditsOfReversali, listReversali, type ReversaleRow } from '#ledger/reversale-list'
import { isUnpaidColumn, listUnpaid, sumUnpaid, type UnpaidFilter, type UnpaidRow, unpaidValues } from '#ledger/unpaid'
import { mastro } from './book-mastro.ts'
import { residui } from './book-residui.ts'
import { os } from './context.ts'
import { keptRows, sortedPage } from './kept-list.ts'
import { type ExportColumn, exportList } from './list-export.ts'
import { answerOf, type ListRules, type ListShape, pageOf } from './list-page.ts'
import { today } from './produced-file.ts'

interface CashLine {
  readonly reversaleId: ReversaleRow['id']
  readonly number: number
  readonly date: IsoDate
  readonly capitolo: string
  readonly account: string
  readonly causale: string
  /** What it regularises, in words: «provvisorio n. 12 del 05/03/2026». */
  readonly credits: string
  readonly cents: Cents
  /** Collected since the first reversale; an annulled one adds nothing. */
  readonly progressiveCents: Cents
  readonly annulled: boolean
}

const CASH: ListRules<CashLine> = {
  text: (r) => [String(r.number), r.causale, r.capitolo, r.account, r.credits],
  columns: {
    number: (r) => r.number,
    date: (r) => r.date,
    capitolo: (r) => r.capitolo,
    account: (r) => r.account,
    causale: (r) => r.causale,
    cents: (r) => r.cents,
  },
}

const CASH_COLUMNS: Readonly<Record<string, ExportColumn<CashLine>>> = {
  number: { kind: 'integer', value: (r) => r.number },
  date: { kind: 'date', value: (r) => r.date },
  capitolo: { kind: 'text', value: (r) => r.capitolo },
  account: { kind: 'text', value: (r) => r.account },
  causale: { kind: 'text', value: (r) => r.causale, width: 40 },
  credits: { kind: 'text', value: (r) => r.credits, width: 34 },
  cents: { kind: 'money', value: (r) => r.cents },
  progressiveCents: { kind: 'money', value: (r) => r.progressiveCents },
  annulled: { kind: 'text', value: (r) => (r.annulled ? 'Annullata' : ''), width: 12 },
}

async function cashLines(
  db: ReadHandle,
  filters: Parameters<typeof listReversali>[1],
  shape: ListShape,
): Promise<readonly CashLine[]> {
  return keptRows(db, ['cash', filters], shape, CASH, () => cashInOrder(db, filters))
}

async function cashInOrder(db: ReadHandle, filters: Parameters<typeof listReversali>[1]): Promise<CashLine[]> {
  let progressive = 0
  const credits = await creditsOfReversali(db, filters.exercise ?? null)
  return (await listReversali(db, filters)).map((r): CashLine => {
    if (r.annulledOn === null) progressive += r.cents
    return {
      reversaleId: r.id,
      number: r.number,
      date: r.date,
      capitolo: `${r.capitoloCode} ${r.capitoloName}`,
      account: r.account,
      causale: r.causale,
      credits: creditsInWords(credits.get(r.id) ?? []).join('; '),
      cents: r.cents,
      progressiveCents: cents(progressive),
      annulled: r.annulledOn !== null,
    }
  })
}

function cashTotal(rows: readonly CashLine[]): Cents {
  return sum(rows.filter((r) => !r.annulled).map((r) => r.cents))
}

type UnpaidLine = Omit<UnpaidRow, 'category'> & {
  readonly daysLate: number | null
}

const UNPAID: ListRules<UnpaidLine> = {
  text: (r) => [r.personName, r.fiscalCode, r.causale, r.capitolo, `${r.exercise}/${r.number}`],
  columns: {
    personName: (r) => r.personName,
    fiscalCode: (r) => r.fiscalCode,
    exercise: (r) => r.exercise,
    number: (r) => r.number,
    capitolo: (r) => r.capitolo,
    causale: (r) => r.causale,
    dueDate: (r) => r.dueDate,
    dueCents: (r) => r.dueCents,
    outstandingCents: (r) => r.outstandingCents,
    daysLate: (r) => r.daysLate,
  },
}

const UNPAID_COLUMNS: Readonly<Record<string, ExportColumn<UnpaidLine>>> = {
  personName: { kind: 'text', value: (r) => r.personName },
  fiscalCode: { kind: 'code', value: (r) => r.fiscalCode },
  exercise: { kind: 'integer', value: (r) => r.exercise },
  number: { kind: 'integer', value: (r) => r.number },
  capitolo: { kind: 'text', value: (r) => r.capitolo },
  causale: { kind: 'text', value: (r) => r.causale, width: 40 },
  dueDate: { kind: 'date', value: (r) => r.dueDate },
  dueCents: { kind: 'money', value: (r) => r.dueCents },
  outstandingCents: { kind: 'money', value: (r) => r.outstandingCents },
  daysLate: { kind: 'integer', value: (r) => r.daysLate },
}

async function unpaidLines(
  db: ReadHandle,
  filters: UnpaidFilter,
  shape: ListShape,
  day: IsoDate,
): Promise<readonly UnpaidLine[]> {
  return keptRows(db, ['unpaid', filters, day], shape, UNPAID, async () =>
    (await listUnpaid(db, filters)).map((row) => unpaidLine(row, day)),
  )
}

function unpaidLine({ category: _, ...row }: UnpaidRow, day: IsoDate): UnpaidLine {
  return { ...row, daysLate: daysLate(row.dueDate, day) }
}

function daysLate(dueDate: IsoDate | null, day: IsoDate): number | null {
  const late = dueDate === null ? 0 : daysBetween(dueDate, day)
  return late > 0 ? late : null
}

/** One page of those that nothing is searched in. */
async function unpaidPage(
  db: ReadHandle,
  { filters, sort, ...page }: { filters: UnpaidFilter; sort: ListShape['sort']; offset: number; limit: number },
  day: IsoDate,
): Promise<UnpaidLine[]> {
  const late = sort?.column === 'daysLate'
  const column = late ? 'dueDate' : (sort?.column ?? '')
  if (!sort || !isUnpaidColumn(column)) return (await listUnpaid(db, filters, page)).map((row) => unpaidLine(row, day))
  return sortedPage(
    db,
    ['unpaid', filters, day],
    { sort, ...page },
    async () => {
      const values = await unpaidValues(db, filters, column)
      return late ? values.map(({ id, value }) => ({ id, value: daysLate(value as IsoDate | null, day) })) : values
    },
    async (ids) =>
      new Map((await listUnpaid(db, { ...filters, ids })).map((row) => [row.accertamentoId, unpaidLine(row, day)])),
  )
}

export const book = {
  ...residui,
  ...mastro,

  cashJournal: os.book.cashJournal.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const rows = await cashLines(db, input.filters, input)
      return answerOf(rows, input, { cents: cashTotal(rows) })
    }),
  ),

  exportCashJournal: os.book.exportCashJournal.handler(async ({ context, input }) => {
    const rows = await context.ledger.read((db) => cashLines(db, input.filters, input))
    const pages = async (offset: number, limit: number) => pageOf(rows, { offset, limit })
    return exportList({ ctx: context, input, columns: CASH_COLUMNS, pages, totals: { cents: cashTotal(rows) } })
  }),

  unpaid: os.book.unpaid.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const day = today(context)
      // One page is looked up; searched, all of it.
      if (input.search.trim() === '') {
        const { count, ...totals } = await sumUnpaid(db, input.filters)
        return { rows: await unpaidPage(db, input, day), count, totals }
      }
      const rows = await unpaidLines(db, input.filters, input, day)
      const totals = { outstandingCents: sum(rows.map((r) => r.outstandingCents)) }
      return answerOf(rows, input, totals)
    }),
  ),

  exportUnpaid: os.book.exportUnpaid.handler(async ({ context, input }) => {
    const rows = await context.ledger.read((db) => unpaidLines(db, input.filters, input, today(context)))
    const pages = async (offset: number, limit: number) => pageOf(rows, { offset, limit })
    const totals = { outstandingCents: sum(rows.map((r) => r.outstandingCents)) }
    return exportList({ ctx: context, input, columns: UNPAID_COLUMNS, pages, totals })
  }),
}
