import type { z } from 'zod'
import type { receiptFilters, receiptRowSchema } from '#contract/receipt'
import { type IsoDate, isIsoDate } from '#domain/date'
import { isLabelCode, labelTitle } from '#domain/labels'
import { sum } from '#domain/money'
import { ProblemError, problem } from '#domain/problem'
import { receiverOf } from '#ledger/flow-store'
import type { ReadHandle } from '#ledger/ledger'
import {
  countReceipts,
  flowsOfReceipt,
  listReceipts,
  type ReceiptColumn,
  type ReceiptRow,
  receiptTransfers,
  receiptValues,
  sumReceipts,
} from '#ledger/receipt-store'
import { os } from './context.ts'
import { keptRows, sortedPage } from './kept-list.ts'
import { type ExportColumn, exportRows } from './list-export.ts'
import { answerOf, type ListRules, type ListShape } from './list-page.ts'
import { today } from './produced-file.ts'
import { storedLabel } from './wire-label.ts'

type Filters = z.infer<typeof receiptFilters>
type Row = z.infer<typeof receiptRowSchema>

const RULES: ListRules<Row> = {
  text: (r) => [r.iuv, r.iur, r.noticeNumber, r.pspName, r.debtorName, r.debtorFiscalCode, r.payerName, r.personName],
  columns: {
    paidAt: (r) => r.paidAt,
    iuv: (r) => r.iuv,
    iur: (r) => r.iur,
    debtorName: (r) => r.debtorName,
    debtorFiscalCode: (r) => r.debtorFiscalCode,
    payerName: (r) => r.payerName,
    pspName: (r) => r.pspName,
    label: (r) => r.label.title,
    cents: (r) => r.cents,
    feeCents: (r) => r.feeCents,
    fileName: (r) => r.fileName,
    importedAt: (r) => r.importedAt,
  },
}

const COLUMNS: Readonly<Record<string, ExportColumn<Row>>> = {
  paidAt: { kind: 'date', value: (r) => r.paidOn },
  iuv: { kind: 'code', value: (r) => r.iuv, width: 20 },
  iur: { kind: 'code', value: (r) => r.iur, width: 34 },
  debtorName: { kind: 'text', value: (r) => r.debtorName },
  debtorFiscalCode: { kind: 'code', value: (r) => r.debtorFiscalCode },
  payerName: { kind: 'text', value: (r) => r.payerName },
  pspName: { kind: 'text', value: (r) => r.pspName },
  label: { kind: 'text', value: (r) => r.label.title },
  cents: { kind: 'money', value: (r) => r.cents },
  feeCents: { kind: 'money', value: (r) => r.feeCents },
  fileName: { kind: 'text', value: (r) => (r.source === 'node' ? 'dal nodo' : r.fileName) },
}

function wireRow(r: ReceiptRow, day: IsoDate): Row {
  const paidOn = r.paidAt.slice(0, 10)
  const { code, paramsJson, ok, iur, ...rest } = r
  return {
    ...pick(rest),
    iur: iur === '' ? null : iur,
    ok: ok === 1,
    paidOn: isIsoDate(paidOn) ? paidOn : null,
    label: storedLabel({ code, paramsJson }, day),
  }
}

function pick(r: Omit<ReceiptRow, 'code' | 'paramsJson' | 'ok' | 'iur'>) {
  return {
    ...{ id: r.id, iuv: r.iuv, noticeNumber: r.noticeNumber, cents: r.cents, feeCents: r.feeCents, paidAt: r.paidAt },
    ...{ pspName: r.pspName, debtorName: r.debtorName, debtorFiscalCode: r.debtorFiscalCode },
    ...{ payerName: r.payerName, payerFiscalCode: r.payerFiscalCode, debtPositionId: r.debtPositionId },
    ...{ personName: r.personName, fileName: r.fileName, importedAt: r.importedAt, source: r.source },
  }
}

async function filtered(db: ReadHandle, filters: Filters, shape: ListShape, day: IsoDate): Promise<readonly Row[]> {
  return keptRows(db, ['receipt', filters, day], shape, RULES, async () =>
    (await listReceipts(db, filters)).map((r) => wireRow(r, day)),
  )
}

/** Columns that the list sorts by, as they are stored. */
const STORED: Readonly<Record<string, ReceiptColumn>> = {
  ...{ paidAt: 'r.paidAt', iuv: 'r.iuv', iur: 'r.iur', pspName: 'r.pspName', payerName: 'r.payerName' },
  ...{ debtorName: 'r.debtorName', debtorFiscalCode: 'r.debtorFiscalCode', label: 'l.code' },
  ...{ cents: 'r.cents', feeCents: 'r.feeCents', fileName: 'r.fileName', importedAt: 'r.importedAt' },
}

/** A stored value as its column shows it. */
function shown(column: ReceiptColumn, value: string | number | null): string | number | null {
  if (column === 'r.iur') return value === '' ? null : value
  if (column !== 'l.code') return value
  return value === null ? '' : isLabelCode(String(value)) ? labelTitle(String(value) as never) : value
}

/** One page of those that nothing is searched in. */
async function pageInOrder(
  db: ReadHandle,
  { filters, sort, ...page }: { filters: Filters; sort: ListShape['sort']; offset: number; limit: number },
): Promise<ReceiptRow[]> {
  const column = sort && Object.hasOwn(STORED, sort.column) ? STORED[sort.column] : undefined
  if (!sort || !column) return listReceipts(db, filters, page)
  return sortedPage(
    db,
    ['receipt', filters],
    { sort, ...page },
    async () =>
      (await receiptValues(db, filters, column)).map(({ id, value }) => ({ id, value: shown(column, value) })),
    async (ids) => new Map((await listReceipts(db, { ids })).map((r) => [r.id, r])),
  )
}

/** Money paid; what was not paid counts as a row and as nothing else. */
function totalsOf(rows: readonly Row[]) {
  const paid = rows.filter((r) => r.ok)
  return { cents: sum(paid.map((r) => r.cents)), paid: paid.length }
}

export const receipt = {
  list: os.receipt.list.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const day = today(context)
      // One page is looked up; searched, all of it.
      if (input.search.trim() === '') {
        const { count, ...totals } = await sumReceipts(db, input.filters)
        const rows = await pageInOrder(db, input)
        return { rows: rows.map((r) => wireRow(r, day)), count, totals }
      }
      const rows = await filtered(db, input.filters, input, day)
      return answerOf(rows, input, totalsOf(rows))
    }),
  ),

  counts: os.receipt.counts.handler(({ context }) =>
    context.ledger.read(async (db) => {
      const byCode = await countReceipts(db)
      const counts: Record<string, number> = { all: 0 }
      for (const { count, ...stored } of byCode) {
        const { code } = storedLabel(stored, today(context))
        counts[code] = (counts[code] ?? 0) + count
        counts.all = (counts.all ?? 0) + count
      }
      return counts
    }),
  ),

  export: os.receipt.export.handler(async ({ context, input }) => {
    const rows = await context.ledger.read((db) => filtered(db, input.filters, input, today(context)))
    return exportRows({
      ctx: context,
      input,
      columns: COLUMNS,
      rows,
      totals: { cents: totalsOf(rows).cents },
    })
  }),

  get: os.receipt.get.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const found = (await listReceipts(db, { id: input.id }))[0]
      if (!found) throw new ProblemError(problem('RECEIPT_GONE', {}))
      const receiver = await receiverOf(db)
      const flows = await flowsOfReceipt(db, found.iuv, found.iur)
      return {
        ...wireRow(found, today(context)),
        transfers: (await receiptTransfers(db, input.id)).map((t) => ({
          ...t,
          own: t.fiscalCode === receiver,
          stamp: t.stamp === 1,
        })),
        flows: flows.map(({ id, ...f }) => ({ reportingFlowId: id, ...f })),
      }
    }),
  ),
}
