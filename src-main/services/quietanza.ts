import type { z } from 'zod'
import { mergePapers } from '#codecs/pdf/merge-papers'
import { drawQuietanza, layQuietanza } from '#codecs/pdf/quietanza'
import type { quietanzaFilters } from '#contract/reversale'
import type { Id } from '#domain/brand'
import { type Cents, sum } from '#domain/money'
import { ProblemError, problem } from '#domain/problem'
import type { QuietanzaData } from '#domain/quietanza-paper'
import { searchKey } from '#domain/search-key'
import type { ReadHandle } from '#ledger/ledger'
import {
  addressLines,
  installmentOf,
  isQuietanzaColumn,
  listQuietanze,
  paymentEvidence,
  type QuietanzaRow,
  quietanzaLines,
  quietanzaValues,
  sumQuietanze,
} from '#ledger/quietanza'
import { os } from './context.ts'
import { keptRows, sortedPage } from './kept-list.ts'
import { type ExportColumn, exportRows } from './list-export.ts'
import { answerOf, type ListRules, type ListShape } from './list-page.ts'
import { longWork, pause, savingReport } from './long-work.ts'
import { paperInstitution } from './paper-heading.ts'
import { fileNameOf, PDF_MIME, produceFile, today } from './produced-file.ts'

type Filters = z.infer<typeof quietanzaFilters>

interface Row {
  readonly id: Id<'quietanza'>
  readonly number: string
  readonly reversale: string
  readonly date: QuietanzaRow['date']
  readonly personId: Id<'person'>
  readonly personName: string
  readonly fiscalCode: string | null
  readonly causale: string
  readonly iuv: string | null
  readonly cents: Cents
  readonly annulled: boolean
}

const RULES: ListRules<Row> = {
  text: (r) => [r.number, r.personName, r.fiscalCode, r.causale, r.iuv],
  columns: {
    number: (r) => r.number,
    reversale: (r) => r.reversale,
    date: (r) => r.date,
    personName: (r) => r.personName,
    fiscalCode: (r) => r.fiscalCode,
    causale: (r) => r.causale,
    iuv: (r) => r.iuv,
    cents: (r) => r.cents,
  },
}

const COLUMNS: Readonly<Record<string, ExportColumn<Row>>> = {
  number: { kind: 'code', value: (r) => r.number, width: 14 },
  reversale: { kind: 'code', value: (r) => r.reversale, width: 12 },
  date: { kind: 'date', value: (r) => r.date },
  personName: { kind: 'text', value: (r) => r.personName },
  fiscalCode: { kind: 'code', value: (r) => r.fiscalCode },
  causale: { kind: 'text', value: (r) => r.causale, width: 40 },
  iuv: { kind: 'code', value: (r) => r.iuv },
  cents: { kind: 'money', value: (r) => r.cents },
}

function filtered(db: ReadHandle, filters: Filters, shape: ListShape): Promise<readonly Row[]> {
  return keptRows(db, ['quietanza', filters], shape, RULES, () => inOrder(db, filters))
}

async function inOrder(db: ReadHandle, filters: Filters): Promise<Row[]> {
  return (await listQuietanze(db, filters)).map(shownRow)
}

function shownRow(q: QuietanzaRow): Row {
  return {
    id: q.id,
    number: q.number,
    reversale: `${q.exercise}/${q.reversaleNumber}`,
    date: q.date,
    personId: q.personId,
    personName: q.personName,
    fiscalCode: q.fiscalCode,
    causale: q.causale,
    iuv: q.iuv,
    cents: q.cents,
    annulled: q.annulledOn !== null,
  }
}

/** One page of those that nothing is searched in. */
async function pageInOrder(
  db: ReadHandle,
  { filters, sort, ...page }: { filters: Filters; sort: ListShape['sort']; offset: number; limit: number },
): Promise<Row[]> {
  if (sort && isQuietanzaColumn(sort.column)) {
    const { column } = sort
    return sortedPage(
      db,
      ['quietanza', filters],
      { sort, ...page },
      () => quietanzaValues(db, filters, column),
      async (ids) => new Map((await listQuietanze(db, { ids })).map((q) => [q.id, shownRow(q)])),
    )
  }
  const ids = (await quietanzaValues(db, filters, 'number', page)).map((q) => q.id)
  return ids.length === 0 ? [] : (await listQuietanze(db, { ids })).map(shownRow)
}

/** Sum of those in force: an annulled quietanza is shown and counts for nothing. */
function totalOf(rows: readonly Row[]): Cents {
  return sum(rows.filter((r) => !r.annulled).map((r) => r.cents))
}

/** The paper of one quietanza, from the books and from what pagoPA's papers say of the payment. */
export async function quietanzaData(db: ReadHandle, row: QuietanzaRow): Promise<QuietanzaData> {
  const lines = await quietanzaLines(db, row.id)
  const flowId = lines[0]?.flowId ?? null
  const evidence = row.iuv === null ? null : await paymentEvidence(db, row.iuv, flowId, lines[0]?.rowKey ?? null)
  return {
    institution: await paperInstitution(db),
    number: row.number,
    date: row.date,
    payer: { name: row.personName, fiscalCode: row.fiscalCode, addressLines: await addressLines(db, row.personId) },
    lines: lines.map((l) => ({
      causale: l.causale,
      accertamento: `${l.exercise}/${l.number}`,
      capitolo: `${l.capitoloCode} ${l.capitoloName}`,
      cents: l.cents,
    })),
    cents: row.cents,
    installment: await installmentOf(db, row.id),
    paidBy: otherThan(row, evidence?.payer ?? null),
    paidOn: evidence?.paidOn ?? null,
    psp: evidence?.psp ?? null,
    noticeNumber: evidence?.noticeNumber ?? null,
    iuv: row.iuv,
    iur: evidence?.iur ?? null,
    flowId,
    creditedOn: lines[0]?.bookingDate ?? null,
    reversale: { exercise: row.exercise, number: row.reversaleNumber, date: row.date },
    annulled: row.annulledOn === null ? null : { on: row.annulledOn, reason: row.annulmentReason ?? '' },
  }
}

/** The payer of the receipt, unless it is the debtor: by fiscal code, or by name where there is none. */
function otherThan(debtor: QuietanzaRow, payer: QuietanzaData['paidBy']): QuietanzaData['paidBy'] {
  if (payer === null) return null
  const same =
    payer.fiscalCode !== null && debtor.fiscalCode !== null
      ? payer.fiscalCode.toUpperCase() === debtor.fiscalCode.toUpperCase()
      : searchKey(payer.name) === searchKey(debtor.personName)
  return same ? null : payer
}

/** `CODICEFISCALE_2026-12-1.pdf`: sorted by person in a folder; the annulled copy stands beside the first one. */
function fileName(row: QuietanzaRow): string {
  const who = row.fiscalCode ?? `persona-${row.personId}`
  const annulled = row.annulledOn === null ? '' : '-annullata'
  return `${who}_${row.number.replaceAll('/', '-')}${annulled}.pdf`
}

export const quietanza = {
  list: os.quietanza.list.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      // One page is looked up; searched, all of it.
      if (input.search.trim() === '') {
        const { count, cents } = await sumQuietanze(db, input.filters)
        return { rows: await pageInOrder(db, input), count, totals: { cents } }
      }
      const rows = await filtered(db, input.filters, input)
      return answerOf(rows, input, { cents: totalOf(rows) })
    }),
  ),

  export: os.quietanza.export.handler(async ({ context, input }) => {
    const rows = await context.ledger.read((db) => filtered(db, input.filters, input))
    return exportRows({
      ctx: context,
      input,
      columns: COLUMNS,
      rows,
      totals: { cents: totalOf(rows) },
    })
  }),

  pdf: os.quietanza.pdf.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const row = (await listQuietanze(db, { id: input.id }))[0]
      if (!row) throw new ProblemError(problem('QUIETANZA_NOT_FOUND', { id: input.id }))
      const bytes = drawQuietanza(await quietanzaData(db, row))
      return new File([bytes as Uint8Array<ArrayBuffer>], fileName(row), { type: 'application/pdf' })
    }),
  ),

  print: os.quietanza.print.handler(({ context, input, signal }) =>
    longWork(signal, async (report) => {
      const rows = await context.ledger.read(async (db) => {
        const shown = new Set<number>((await filtered(db, input.filters, input)).map((r) => r.id))
        return (await listQuietanze(db, input.filters)).filter((r) => shown.has(r.id))
      })
      if (rows.length === 0) throw new ProblemError(problem('PAPERS_NONE', {}))
      const drawn = async function* () {
        for (const [index, row] of rows.entries()) {
          const pages = layQuietanza(await context.ledger.read((db) => quietanzaData(db, row)))
          yield { title: `${row.personName}, ${row.number}`, pages }
          report('Disegno le quietanze', index + 1, rows.length)
          if (index % 20 === 19) await pause()
        }
      }
      const { name: author } = await context.ledger.read(paperInstitution)
      const info = { title: `Quietanze (${rows.length})`, author, subject: 'Quietanze di pagamento' }
      const name = fileNameOf('quietanze', today(context), 'pdf')
      const file = await produceFile(context, name, PDF_MIME, mergePapers(drawn(), info))
      return { file, quietanze: rows.length }
    }),
  ),

  saveAll: os.quietanza.saveAll.handler(({ context, input, signal }) =>
    longWork(signal, async (report) => {
      const rows = await context.ledger.read((db) => listQuietanze(db, input.filters))
      let written = 0
      let same = 0
      for (const [index, row] of rows.entries()) {
        savingReport(() => report('Quietanze', index, rows.length), written)
        const bytes = drawQuietanza(await context.ledger.read((db) => quietanzaData(db, row)))
        const outcome = await context.folders.put(input.folder, fileName(row), bytes)
        if (outcome === 'written') written += 1
        else if (outcome === 'same') same += 1
        else throw new ProblemError(problem('QUIETANZA_FILE_DIFFERS', { name: fileName(row) }))
      }
      savingReport(() => report('Quietanze', rows.length, rows.length), written)
      return { written, same }
    }),
  ),
}
