import type { z } from 'zod'
import type { flowCreditSchema, reportingFlowFilters, reportingFlowRowSchema } from '#contract/reporting-flow'
import type { Id } from '#domain/brand'
import type { IsoDate } from '#domain/date'
import { type Cents, sum } from '#domain/money'
import { ProblemError, problem } from '#domain/problem'
import { type FlowRow, flowVersionRows, listFlowCredits, listFlowPayments, listFlows } from '#ledger/flow-list'
import type { ReadHandle } from '#ledger/ledger'
import { os } from './context.ts'
import { rowChanges } from './flow-changes.ts'
import type { FlowFileOutcome } from './flow-import.ts'
import { importFiles, uploadedFiles } from './intake.ts'
import { type ExportColumn, exportRows } from './list-export.ts'
import { answerOf, type ListRules, type ListShape, searchAndSort } from './list-page.ts'
import { longWork } from './long-work.ts'
import { today } from './produced-file.ts'
import { storedLabel, wireLabel } from './wire-label.ts'

type Filters = z.infer<typeof reportingFlowFilters>
type Row = z.infer<typeof reportingFlowRowSchema>
type Credit = z.infer<typeof flowCreditSchema>

const MAX_CHANGES = 200

const RULES: ListRules<Row> = {
  text: (r) => [r.flowId, r.pspName, r.regulationId, ...r.labels.map((l) => l.title)],
  columns: {
    flowId: (r) => r.flowId,
    pspName: (r) => r.pspName,
    flowDateTime: (r) => r.flowDateTime,
    regulationId: (r) => r.regulationId,
    regulationDate: (r) => r.regulationDate,
    declaredCount: (r) => r.declaredCount,
    declaredCents: (r) => r.declaredCents,
    creditedCents: (r) => r.creditedCents,
    creditDate: (r) => r.creditDate,
    credit: (r) => r.credit,
    label: (r) => r.label.title,
    books: (r) => r.books,
  },
}

const COLUMNS: Readonly<Record<string, ExportColumn<Row>>> = {
  flowId: { kind: 'code', value: (r) => r.flowId, width: 36 },
  pspName: { kind: 'text', value: (r) => r.pspName },
  flowDateTime: { kind: 'text', value: (r) => r.flowDateTime, width: 20 },
  regulationId: { kind: 'code', value: (r) => r.regulationId },
  regulationDate: { kind: 'date', value: (r) => r.regulationDate },
  declaredCount: { kind: 'integer', value: (r) => r.declaredCount },
  declaredCents: { kind: 'money', value: (r) => r.declaredCents },
  creditedCents: { kind: 'money', value: (r) => r.creditedCents },
  creditDate: { kind: 'date', value: (r) => r.creditDate },
  label: { kind: 'text', value: (r) => r.label.title },
  blocks: { kind: 'text', value: (r) => r.blocks.map((l) => l.text).join(' ') },
}

function wireRow(flow: FlowRow, day: IsoDate): Row {
  return {
    id: flow.id,
    flowId: flow.flowId,
    pspName: flow.pspName ?? flow.pspCode,
    flowDateTime: flow.flowDateTime,
    regulationId: flow.regulationId,
    regulationDate: flow.regulationDate,
    version: flow.versions.findIndex((v) => v.id === flow.versionId) + 1,
    versions: flow.versions.length,
    declaredCount: flow.declaredCount ?? flow.rowCount,
    declaredCents: flow.declaredCents ?? flow.rowsCents,
    rowsCents: flow.rowsCents,
    creditedCents: flow.creditedCents,
    creditDate: flow.creditDate,
    credit: flow.credit as Credit,
    books: flow.books,
    label: storedLabel(flow, day),
    labels: flow.labels.map((label) => wireLabel(label, day)),
    blocks: flow.blocks.map((label) => wireLabel(label, day)),
  }
}

async function filtered(db: ReadHandle, filters: Filters, shape: ListShape, day: IsoDate): Promise<Row[]> {
  const rows = (await listFlows(db, filters)).map((flow) => wireRow(flow, day))
  const wanted = filters.flowId?.toLowerCase() ?? null
  const kept = rows.filter(
    (r) =>
      (wanted === null || r.flowId.toLowerCase().includes(wanted)) &&
      (filters.creditFrom === null || (r.creditDate !== null && r.creditDate >= filters.creditFrom)) &&
      (filters.creditTo === null || (r.creditDate !== null && r.creditDate <= filters.creditTo)) &&
      (filters.credit.length === 0 || filters.credit.includes(r.credit)) &&
      (filters.withProblems === null || isTrouble(r) === filters.withProblems),
  )
  return searchAndSort(kept, shape, RULES)
}

function isTrouble(row: Row): boolean {
  return row.label.tone === 'bad' || row.label.tone === 'warn' || row.blocks.length > 0
}

function totalsOf(rows: readonly Row[]) {
  return {
    declaredCents: sum(rows.map((r) => r.declaredCents)),
    creditedCents: sum(rows.map((r) => r.creditedCents)),
    payments: rows.reduce((n, r) => n + r.declaredCount, 0),
  }
}

async function oneFlow(db: ReadHandle, id: Id<'reportingFlow'>): Promise<FlowRow> {
  const flow = (await listFlows(db, { id }))[0]
  if (!flow) throw new ProblemError(problem('FLOW_NOT_FOUND', { id }))
  return flow
}

export const reportingFlow = {
  import: os.reportingFlow.import.handler(({ context, input, signal }) =>
    longWork(signal, async (report) => {
      const { tokens } = input
      const files = await importFiles(context, uploadedFiles(context, tokens), {
        ...{ kinds: ['flow'], total: tokens.length, report },
      })
      const count = (...outcomes: string[]) => files.filter((f) => outcomes.includes(f.outcome)).length
      return {
        added: count('added', 'otherReceiver'),
        newVersions: count('newVersion'),
        already: count('already'),
        refused: count('refused'),
        files: files.map(({ name, reference, outcome, problems }) => ({
          ...{ name, flowId: reference, problems: [...problems] },
          outcome: outcome as FlowFileOutcome,
        })),
      }
    }),
  ),

  list: os.reportingFlow.list.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const rows = await filtered(db, input.filters, input, today(context))
      return answerOf(rows, input, totalsOf(rows))
    }),
  ),

  counts: os.reportingFlow.counts.handler(({ context }) =>
    context.ledger.read(async (db) => {
      const rows = (await listFlows(db)).map((flow) => wireRow(flow, today(context)))
      const counts: Record<string, number> = { all: rows.length, withProblems: rows.filter(isTrouble).length }
      counts.blocked = rows.filter((row) => row.blocks.length > 0).length
      for (const row of rows) counts[row.credit] = (counts[row.credit] ?? 0) + 1
      return counts
    }),
  ),

  export: os.reportingFlow.export.handler(async ({ context, input }) => {
    const rows = await context.ledger.read((db) => filtered(db, input.filters, input, today(context)))
    const { declaredCents, creditedCents, payments } = totalsOf(rows)
    return exportRows({
      ctx: context,
      input,
      columns: COLUMNS,
      rows,
      totals: { declaredCents, creditedCents, declaredCount: payments },
    })
  }),

  get: os.reportingFlow.get.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const flow = await oneFlow(db, input.id)
      const rows = flow.versions.length > 1 ? await flowVersionRows(db, input.id) : []
      const ofVersion = Map.groupBy(rows, (r) => r.versionId)
      return {
        ...wireRow(flow, today(context)),
        versionList: flow.versions.map((v, index) => {
          const before = flow.versions[index - 1]
          const changes = before ? rowChanges(ofVersion.get(before.id) ?? [], ofVersion.get(v.id) ?? []) : []
          return {
            version: index + 1,
            flowDateTimeText: v.flowDateTimeText,
            declaredCents: v.declaredCents ?? (0 as Cents),
            active: flow.active && v.id === flow.versionId,
            contentHash: v.contentHash,
            fileName: v.fileName,
            importedAt: v.importedAt,
            changes: changes.slice(0, MAX_CHANGES),
            changed: changes.length,
          }
        }),
        credits: await listFlowCredits(db, input.id),
      }
    }),
  ),

  payments: os.reportingFlow.payments.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const flow = await oneFlow(db, input.filters.reportingFlowId)
      const all = (await listFlowPayments(db, flow.versionId)).map(({ code, paramsJson, ...row }) => ({
        ...row,
        label: storedLabel({ code, paramsJson }, today(context)),
      }))
      const rows = searchAndSort(all, input, {
        text: (r) => [r.iuv, r.iur, r.personName, r.fiscalCode, r.label.title],
        columns: {
          ordinal: (r) => r.ordinal,
          iuv: (r) => r.iuv,
          iur: (r) => r.iur,
          cents: (r) => r.cents,
          outcome: (r) => r.outcome,
          outcomeDate: (r) => r.outcomeDate,
          personName: (r) => r.personName,
          fiscalCode: (r) => r.fiscalCode,
          reversale: (r) => r.reversale,
          label: (r) => r.label.title,
        },
      })
      return answerOf(rows, input, { cents: sum(rows.map((r) => r.cents)) })
    }),
  ),
}
