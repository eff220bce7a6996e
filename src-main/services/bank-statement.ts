import type { z } from 'zod'
import type { movementFilters, movementRowSchema } from '#contract/bank-statement'
import { explainCausale } from '#domain/causale'
import type { IsoDate } from '#domain/date'
import { type Cents, sum } from '#domain/money'
import { ProblemError } from '#domain/problem'
import type { ReadHandle } from '#ledger/ledger'
import { listMovements, listStatements, type MovementRow } from '#ledger/movement-list'
import { insertStatement, rememberMapping, statementBySha } from '#ledger/statement-store'
import { os } from './context.ts'
import { type ExportColumn, exportList } from './list-export.ts'
import { type ListRules, type ListShape, pageOf, searchAndSort } from './list-page.ts'
import { today } from './produced-file.ts'
import { NO_PEOPLE, reconcileLedger } from './reconcile-ledger.ts'
import { type CheckedStatement, checkStatement, openStatement } from './statement-read.ts'
import { storedLabel } from './wire-label.ts'

type Row = z.infer<typeof movementRowSchema>
type Filters = z.infer<typeof movementFilters>

const PREVIEW = 200
const MAX_PROBLEMS = 500

const RULES: ListRules<Row> = {
  text: (r) => [r.description, r.bankReference, r.account, r.label.title, r.label.text],
  columns: {
    account: (r) => r.account,
    bookingDate: (r) => r.bookingDate,
    valueDate: (r) => r.valueDate,
    cents: (r) => r.cents,
    description: (r) => r.description,
    bankReference: (r) => r.bankReference,
    provvisorio: (r) => r.provvisorio,
    matchedCents: (r) => r.matchedCents,
    regularisedCents: (r) => r.regularisedCents,
    label: (r) => r.label.title,
  },
}

const COLUMNS: Readonly<Record<string, ExportColumn<Row>>> = {
  account: { kind: 'text', value: (r) => r.account },
  bookingDate: { kind: 'date', value: (r) => r.bookingDate },
  valueDate: { kind: 'date', value: (r) => r.valueDate },
  cents: { kind: 'money', value: (r) => r.cents },
  description: { kind: 'text', value: (r) => r.description, width: 70 },
  bankReference: { kind: 'code', value: (r) => r.bankReference },
  provvisorio: { kind: 'code', value: (r) => r.provvisorio },
  matchedCents: { kind: 'money', value: (r) => r.matchedCents },
  regularisedCents: { kind: 'money', value: (r) => r.regularisedCents },
  label: { kind: 'text', value: (r) => r.label.title },
}

export function wireMovement(m: MovementRow, day: IsoDate): Row {
  return {
    id: m.id,
    bankAccountId: m.bankAccountId,
    account: m.account,
    bookingDate: m.bookingDate,
    valueDate: m.valueDate,
    cents: m.cents,
    description: m.description,
    bankReference: m.bankReference,
    provvisorio: m.provvisorio === null ? null : String(m.provvisorio),
    matchedCents: m.matchedCents,
    regularisedCents: m.regularisedCents,
    label: storedLabel(m, day),
  }
}

async function filtered(db: ReadHandle, filters: Filters, shape: ListShape, day: IsoDate): Promise<Row[]> {
  const rows = (await listMovements(db, filters))
    .map((m) => wireMovement(m, day))
    .filter(
      (r) =>
        (filters.sign === null || (filters.sign === 'credit') === r.cents > 0) &&
        (filters.code.length === 0 || filters.code.includes(r.label.code)),
    )
  return searchAndSort(rows, shape, RULES)
}

function totalsOf(rows: readonly { readonly cents: Cents }[]) {
  return {
    creditCents: sum(rows.filter((r) => r.cents > 0).map((r) => r.cents)),
    debitCents: sum(rows.filter((r) => r.cents < 0).map((r) => r.cents)),
  }
}

/** What the causale alone says of a movement, and the reference read in it. Debits are never pagoPA's money. */
function recognised(description: string, cents: Cents) {
  if (cents < 0) return { pagopa: 'none' as const, reference: null }
  const seen = explainCausale(description)
  const reference = seen.kind === 'flow' ? seen.flowId : seen.kind === 'iuv' ? seen.iuv : null
  return { pagopa: seen.kind, reference }
}

function newsCount(checked: CheckedStatement, news: string): number {
  return checked.news.filter((n) => n === news).length
}

export const bankStatement = {
  read: os.bankStatement.read.handler(async ({ context, input }) => {
    const file = await openStatement(context, input.token)
    return context.ledger.read(async (db) => {
      const checked = await checkStatement(db, file, input.bankAccountId, input.mapping)
      const { reading, head } = checked
      const amounts = reading.movements.map((m) => m.amountCents)
      const credits = amounts.filter((c) => c > 0)
      const debits = amounts.filter((c) => c < 0)
      return {
        profile: input.mapping === null ? (head?.profile ?? null) : null,
        mapping: checked.mapping,
        remembered: checked.remembered,
        head: (head?.rows ?? []).map((row) => [...row]),
        movements: {
          credit: { count: credits.length, cents: sum(credits) },
          debit: { count: debits.length, cents: sum(debits) },
        },
        from: checked.from,
        to: checked.to,
        openingCents: reading.parts[0]?.openingCents ?? null,
        closingCents: reading.parts.at(-1)?.closingCents ?? null,
        added: newsCount(checked, 'new'),
        already: newsCount(checked, 'already'),
        changed: newsCount(checked, 'changed'),
        preview: reading.movements.slice(0, PREVIEW).map((m, index) => ({
          line: m.line,
          bookingDate: m.bookingDate,
          valueDate: m.valueDate,
          cents: m.amountCents,
          description: m.description,
          state: checked.news[index] ?? ('new' as const),
          ...recognised(m.description, m.amountCents),
        })),
        problems: { first: reading.problems.slice(0, MAX_PROBLEMS), total: reading.problems.length },
      }
    })
  }),

  confirm: os.bankStatement.confirm.handler(async ({ context, input }) => {
    const file = await openStatement(context, input.token)
    const at = context.clock.now()
    const { operator } = context
    // The very same file again writes nothing at all, not even in the journal.
    const known = await context.ledger.read(async (db) => {
      const statementId = await statementBySha(db, file.sha256)
      if (statementId === null) return null
      const { reading } = await checkStatement(db, file, input.bankAccountId, input.mapping)
      return { statementId, added: 0, already: reading.movements.length, matched: 0 }
    })
    if (known !== null) return known
    const payload = { file: file.name, sha256: file.sha256, bankAccountId: input.bankAccountId }
    return context.ledger.write({ command: 'bankStatement.confirm', operator, payload, at }, async (db) => {
      const checked = await checkStatement(db, file, input.bankAccountId, input.mapping)
      const { reading } = checked
      const errors = reading.problems.filter((p) => p.severity === 'error')
      if (errors.length > 0) throw new ProblemError(...errors.slice(0, MAX_PROBLEMS))
      const fresh = reading.movements.flatMap((m, index) =>
        checked.news[index] === 'new'
          ? [
              {
                bookingDate: m.bookingDate,
                valueDate: m.valueDate,
                cents: m.amountCents,
                description: m.description,
                bankReference: m.reference,
                fingerprint: checked.fingerprints[index] as string,
              },
            ]
          : [],
      )
      const statementId = await insertStatement(
        db,
        {
          bankAccountId: input.bankAccountId,
          fileName: file.name,
          sha256: file.sha256,
          profile: reading.profile,
          from: checked.from,
          to: checked.to,
          openingCents: reading.parts[0]?.openingCents ?? null,
          closingCents: reading.parts.at(-1)?.closingCents ?? null,
          importedAt: at,
        },
        fresh,
      )
      if (input.mapping !== null) await rememberMapping(db, input.bankAccountId, input.mapping)
      const reconciled = await reconcileLedger(db, at, NO_PEOPLE)
      const own = new Set((await listMovements(db, { statementId })).map((m) => m.id as number))
      const matched = (reconciled?.outcome.movements ?? []).filter(
        (m) => m.state === 'matched' && own.has(m.movementId),
      ).length
      return { statementId, added: fresh.length, already: newsCount(checked, 'already'), matched }
    })
  }),

  list: os.bankStatement.list.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const all = (await listStatements(db, input.filters)).flatMap(({ importedAt, from, to, ...s }) =>
        from === null || to === null
          ? []
          : [
              {
                id: s.id,
                fileName: s.fileName,
                account: s.account,
                profile: s.profile,
                from,
                to,
                movements: s.movements,
                creditCents: s.creditCents,
                debitCents: s.debitCents,
                openingCents: s.openingCents,
                closingCents: s.closingCents,
                toDecide: s.toDecide,
                at: importedAt,
                operator: s.operator,
              },
            ],
      )
      const rows = searchAndSort(all, input, {
        text: (r) => [r.fileName, r.account, r.operator],
        columns: {
          fileName: (r) => r.fileName,
          account: (r) => r.account,
          profile: (r) => r.profile,
          from: (r) => r.from,
          to: (r) => r.to,
          movements: (r) => r.movements,
          creditCents: (r) => r.creditCents,
          debitCents: (r) => r.debitCents,
          toDecide: (r) => r.toDecide,
          at: (r) => r.at,
          operator: (r) => r.operator,
        },
      })
      const totals = {
        creditCents: sum(rows.map((r) => r.creditCents)),
        debitCents: sum(rows.map((r) => r.debitCents)),
      }
      return { rows: pageOf(rows, input), count: rows.length, totals }
    }),
  ),

  movements: os.bankStatement.movements.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const rows = await filtered(db, input.filters, input, today(context))
      return { rows: pageOf(rows, input), count: rows.length, totals: totalsOf(rows) }
    }),
  ),

  exportMovements: os.bankStatement.exportMovements.handler(async ({ context, input }) => {
    const rows = await context.ledger.read((db) => filtered(db, input.filters, input, today(context)))
    return exportList({
      ctx: context,
      input,
      columns: COLUMNS,
      pages: async (offset, limit) => pageOf(rows, { offset, limit }),
      totals: { cents: sum(rows.map((r) => r.cents)) },
    })
  }),
}
