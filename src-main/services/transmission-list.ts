import type { z } from 'zod'
import { drawTransmissionList } from '#codecs/pdf/transmission-list'
import type { transmissionListFilters } from '#contract/transmission-list'
import type { Id } from '#domain/brand'
import { formatDate, type IsoDate, maxDate } from '#domain/date'
import { type Cents, formatCents, sum } from '#domain/money'
import { type Problem, ProblemError, problem } from '#domain/problem'
import type { ReadHandle } from '#ledger/ledger'
import { listReversali, type ReversaleRow } from '#ledger/reversale-list'
import {
  insertTransmissionList,
  lastTransmissionDate,
  listTransmissionLists,
  type TransmissionListRow,
} from '#ledger/transmission-list'
import { command } from './command.ts'
import { os } from './context.ts'
import { type ExportColumn, exportRows } from './list-export.ts'
import { type ListRules, type ListShape, pageOf, searchAndSort } from './list-page.ts'
import { accountName, paperInstitution } from './paper-heading.ts'
import { PDF_MIME, today } from './produced-file.ts'
import { readSignatures } from './signatures.ts'

type Filters = z.infer<typeof transmissionListFilters>

const RULES: ListRules<TransmissionListRow> = {
  text: (r) => [`${r.number}`, r.account],
  columns: {
    number: (r) => r.number,
    date: (r) => r.date,
    account: (r) => r.account,
    reversali: (r) => r.reversali,
    firstReversale: (r) => r.firstReversale,
    lastReversale: (r) => r.lastReversale,
    annulledLater: (r) => r.annulledLater,
    cents: (r) => r.cents,
  },
}

const COLUMNS: Readonly<Record<string, ExportColumn<TransmissionListRow>>> = {
  number: { kind: 'integer', value: (r) => r.number },
  date: { kind: 'date', value: (r) => r.date },
  account: { kind: 'text', value: (r) => r.account },
  reversali: { kind: 'integer', value: (r) => r.reversali },
  firstReversale: { kind: 'integer', value: (r) => r.firstReversale },
  lastReversale: { kind: 'integer', value: (r) => r.lastReversale },
  annulledLater: { kind: 'integer', value: (r) => r.annulledLater, width: 10 },
  cents: { kind: 'money', value: (r) => r.cents },
}

async function filtered(db: ReadHandle, filters: Filters, shape: ListShape): Promise<TransmissionListRow[]> {
  return searchAndSort(await listTransmissionLists(db, filters), shape, RULES)
}

/** Enough to understand; the rest would be the same. */
const MAX_PROBLEMS = 50

/** Issued, not annulled, on no list. */
function isReady(r: ReversaleRow): boolean {
  return r.annulledOn === null && r.transmissionListId === null
}

/** Keeps the order of the numbers inside each account. */
function byAccount(a: ReversaleRow, b: ReversaleRow): number {
  return a.bankAccountId - b.bankAccountId
}

function totalOf(rows: readonly { readonly cents: Cents }[]): Cents {
  return sum(rows.map((r) => r.cents))
}

export const transmissionList = {
  ready: os.transmissionList.ready.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const { exercise } = input
      const last = (await listTransmissionLists(db, { exercise })).at(-1)
      const ready = (await listReversali(db, { exercise })).filter(isReady)
      return {
        nextNumber: (last?.number ?? 0) + 1,
        lastDate: last?.date ?? null,
        accounts: [...Map.groupBy(ready.toSorted(byAccount), (r) => r.bankAccountId)].map(([bankAccountId, rows]) => ({
          bankAccountId,
          account: (rows[0] as ReversaleRow).account,
          totals: { count: rows.length, cents: totalOf(rows) },
          reversali: rows.map((r) => ({
            reversaleId: r.id,
            number: r.number,
            date: r.date,
            debtor: r.debtor,
            causale: r.causale,
            cents: r.cents,
          })),
        })),
      }
    }),
  ),

  create: os.transmissionList.create.handler(({ context, input }) => {
    const wanted = new Set(input.reversaleIds)
    const { exercise, bankAccountId, date, expectedCents } = input
    const payload = { exercise, bankAccountId, date, onList: wanted.size, cents: expectedCents }
    return context.ledger.write(command(context, 'transmissionList.create', payload), async (db) => {
      const rows = await chosenReversali(db, exercise, wanted)
      const problems = rows.flatMap((r) => refusalOf(r, exercise, bankAccountId))
      if (problems.length > 0) throw new ProblemError(...problems.slice(0, MAX_PROBLEMS))
      const found = totalOf(rows)
      if (found !== expectedCents) {
        throw new ProblemError(
          problem('TRANSMISSION_CHANGED', { expected: formatCents(expectedCents), found: formatCents(found) }),
        )
      }
      checkDate(date, rows, await lastTransmissionDate(db, exercise), today(context))
      return insertTransmissionList(db, { exercise, date, bankAccountId, reversaleIds: rows.map((r) => r.id) })
    })
  }),

  list: os.transmissionList.list.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const rows = await filtered(db, input.filters, input)
      const page = pageOf(rows, input).map(({ bankAccountId: _account, iban: _iban, ...row }) => row)
      return { rows: page, count: rows.length, totals: { cents: totalOf(rows) } }
    }),
  ),

  export: os.transmissionList.export.handler(async ({ context, input }) => {
    const rows = await context.ledger.read((db) => filtered(db, input.filters, input))
    return exportRows({
      ctx: context,
      input,
      columns: COLUMNS,
      rows,
      totals: { cents: totalOf(rows) },
    })
  }),

  pdf: os.transmissionList.pdf.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const row = (await listTransmissionLists(db, { id: input.id }))[0]
      if (!row) throw new ProblemError(problem('TRANSMISSION_LIST_NOT_FOUND', { id: input.id }))
      const { exercise, number, date, cents } = row
      const reversali = await listReversali(db, { exercise, transmissionListId: row.id })
      const bytes = drawTransmissionList({
        institution: await paperInstitution(db),
        exercise,
        number,
        date,
        account: accountName(row),
        reversali: reversali.map((r) => ({
          number: r.number,
          date: r.date,
          debtor: r.debtor,
          causale: r.causale,
          cents: r.cents,
        })),
        cents,
        signatures: await readSignatures(db),
      })
      const name = `distinta-${exercise}-${String(number).padStart(3, '0')}.pdf`
      return new File([bytes as Uint8Array<ArrayBuffer>], name, { type: PDF_MIME })
    }),
  ),
}

async function chosenReversali(
  db: ReadHandle,
  exercise: number,
  wanted: ReadonlySet<Id<'reversale'>>,
): Promise<ReversaleRow[]> {
  const rows = (await listReversali(db, { exercise })).filter((r) => wanted.has(r.id))
  const known = new Set(rows.map((r) => r.id))
  // Of another exercise, or of no archive: told apart by looking each one up.
  for (const id of wanted) {
    if (known.has(id)) continue
    const other = (await listReversali(db, { id }))[0]
    if (!other) throw new ProblemError(problem('REVERSALE_NOT_FOUND', { id }))
    rows.push(other)
  }
  return rows
}

/** Why a reversale cannot stand on a new list of that exercise and account. */
function refusalOf(r: ReversaleRow, exercise: number, account: Id<'bankAccount'>): Problem[] {
  if (r.exercise !== exercise || r.bankAccountId !== account) {
    return [problem('TRANSMISSION_OTHER', { number: r.number, exercise: r.exercise, account: r.account })]
  }
  if (r.transmissionList !== null) {
    return [problem('TRANSMISSION_TAKEN', { number: r.number, list: r.transmissionList, exercise })]
  }
  return r.annulledOn === null ? [] : [problem('TRANSMISSION_ANNULLED', { number: r.number, exercise })]
}

/** Not before the list that precedes nor before any reversale on it, and not in the future. */
function checkDate(date: IsoDate, rows: readonly ReversaleRow[], last: IsoDate | null, now: IsoDate): void {
  const days = rows.map((r) => r.date)
  const earliest = (last === null ? days : [...days, last]).reduce(maxDate)
  if (date >= earliest && date <= now) return
  throw new ProblemError(
    problem('TRANSMISSION_DATE', { date: formatDate(date), earliest: formatDate(earliest), latest: formatDate(now) }),
  )
}
