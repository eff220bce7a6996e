import type { z } from 'zod'
import type { movementFilters, movementRowSchema } from '#contract/bank-statement'
import { explainCausale } from '#domain/causale'
import { type IsoDate, romeDate } from '#domain/date'
import { type Cents, sum } from '#domain/money'
import type { FileToken } from '#domain/ports'
import { ProblemError, problem } from '#domain/problem'
import type { ReadHandle } from '#ledger/ledger'
import { listMovements, listStatements, type MovementRow } from '#ledger/movement-list'
import { listPending, openPending, settlePending } from '#ledger/pending-movement'
import { listProfiles, removeProfile, renameProfile } from '#ledger/statement-profile'
import { movementIds } from '#ledger/statement-store'
import { command } from './command.ts'
import { os, type ServiceContext } from './context.ts'
import { type ExportColumn, exportRows } from './list-export.ts'
import { answerOf, type ListRules, type ListShape, searchAndSort } from './list-page.ts'
import { today } from './produced-file.ts'
import { NO_PEOPLE, reconcileLedger } from './reconcile-ledger.ts'
import { matchedAmong, refuseTwice } from './statement-keep.ts'
import { loadStatement, numbersOf, withNews } from './statement-load.ts'
import { checkDelivery, openStatement } from './statement-read.ts'
import { storedLabel } from './wire-label.ts'

type Row = z.infer<typeof movementRowSchema>
type Filters = z.infer<typeof movementFilters>

const PREVIEW = 200
const MAX_PROBLEMS = 500

const RULES: ListRules<Row> = {
  text: (r) => [
    ...[r.description, r.bankReference, r.counterparty, r.endToEndId, r.transactionCode],
    ...[r.account, r.label.title, r.label.text],
  ],
  columns: {
    account: (r) => r.account,
    bookingDate: (r) => r.bookingDate,
    valueDate: (r) => r.valueDate,
    cents: (r) => r.cents,
    description: (r) => r.description,
    bankReference: (r) => r.bankReference,
    counterparty: (r) => r.counterparty,
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
  counterparty: { kind: 'text', value: (r) => r.counterparty, width: 32 },
  endToEndId: { kind: 'code', value: (r) => r.endToEndId },
  transactionCode: { kind: 'code', value: (r) => r.transactionCode },
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
    counterparty: m.counterparty,
    endToEndId: m.endToEndId,
    transactionCode: m.transactionCode,
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

function openFiles(ctx: ServiceContext, input: { readonly token: FileToken; readonly more: readonly FileToken[] }) {
  return Promise.all([input.token, ...input.more].map((token) => openStatement(ctx, token)))
}

export const bankStatement = {
  read: os.bankStatement.read.handler(async ({ context, input }) => {
    const files = await openFiles(context, input)
    return context.ledger.read(async (db) => {
      const checked = await checkDelivery(db, files, input, romeDate(context.clock.now()))
      const { head, movements, statements } = checked
      const amounts = movements.map((m) => m.amountCents)
      const credits = amounts.filter((c) => c > 0)
      const debits = amounts.filter((c) => c < 0)
      const days = movements.map((m) => m.bookingDate).sort()
      const rowOf = new Map(statements.flatMap((s) => s.rows.map((r) => [r.movement, r] as const)))
      const single = statements.length === 1 ? statements[0] : undefined
      return {
        profile: input.mapping === null ? (head?.profile ?? null) : null,
        mapping: checked.mapping,
        remembered: checked.remembered,
        named: checked.named,
        head: (head?.rows ?? []).map((row) => [...row]),
        movements: {
          credit: { count: credits.length, cents: sum(credits) },
          debit: { count: debits.length, cents: sum(debits) },
        },
        from: days[0] ?? null,
        to: days.at(-1) ?? null,
        openingCents: single?.openingCents ?? null,
        closingCents: single?.closingCents ?? null,
        added: withNews(checked, 'new').length,
        already: withNews(checked, 'already').length,
        changed: withNews(checked, 'changed', 'possibleDuplicate').length,
        waiting: withNews(checked, 'waiting').length,
        provvisori: numbersOf(checked).length,
        executed: checked.treasurer.executed.length,
        accounts: checked.accounts.map(({ key, ours, left }) => ({
          key,
          bankAccountId: ours?.id ?? null,
          name: ours?.name ?? null,
          left,
          movements: checked.counts.get(key) ?? 0,
        })),
        pages: checked.pages === null ? null : { ...checked.pages, have: [...checked.pages.have] },
        preview: movements.slice(0, PREVIEW).map((m) => ({
          line: m.line,
          bookingDate: m.bookingDate,
          valueDate: m.valueDate,
          cents: m.amountCents,
          description: m.description,
          provvisorio: m.provvisorio,
          state: rowOf.get(m)?.news ?? null,
          ...recognised(m.description, m.amountCents),
        })),
        problems: { first: checked.problems.slice(0, MAX_PROBLEMS), total: checked.problems.length },
      }
    })
  }),

  confirm: os.bankStatement.confirm.handler(async ({ context, input }) =>
    loadStatement(context, {
      files: await openFiles(context, input),
      choice: input,
      source: 'file',
      saveAs: input.saveAs,
    }),
  ),

  pending: os.bankStatement.pending.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const all = (await listPending(db, input.filters)).map((row) => ({
        id: row.id,
        kind: row.kind,
        account: row.account,
        fileName: row.fileName,
        bookingDate: row.bookingDate,
        valueDate: row.valueDate,
        cents: row.cents,
        description: row.description,
        bankReference: row.bankReference,
        provvisorio: row.provvisorio === null ? null : String(row.provvisorio),
        known: {
          bankMovementId: row.knownMovementId,
          valueDate: row.knownValueDate,
          description: row.knownDescription,
          bankReference: row.knownReference,
          fileName: row.knownFileName,
        },
      }))
      const rows = searchAndSort(all, input, {
        text: (r) => [r.description, r.bankReference, r.account, r.known.description, r.fileName],
        columns: {
          bookingDate: (r) => r.bookingDate,
          cents: (r) => r.cents,
          account: (r) => r.account,
          description: (r) => r.description,
          kind: (r) => r.kind,
        },
      })
      return answerOf(rows, input, { cents: sum(rows.map((r) => r.cents)) })
    }),
  ),

  decidePending: os.bankStatement.decidePending.handler(({ context, input }) => {
    const at = context.clock.now()
    const { operator } = context
    const ids = [...new Set(input.ids)]
    const payload = { movements: ids.length, decision: input.decision, reason: input.reason }
    return context.ledger.write({ command: 'bankStatement.decidePending', operator, payload, at }, async (db) => {
      const rows = await openPending(db, ids)
      if (rows.length !== ids.length) throw new ProblemError(problem('PENDING_GONE', {}))
      if (input.decision === 'same') await refuseTwice(db, rows)
      await settlePending(db, rows, input.decision, { at, operator, reason: input.reason })
      if (input.decision === 'same') {
        // A number that goes to the movement may be the one that a storno names.
        if (rows.some((r) => r.provvisorio !== null)) await reconcileLedger(db, at, NO_PEOPLE)
        return { decided: rows.length, matched: 0 }
      }
      const added = new Set<number>()
      for (const [bankAccountId, ofAccount] of Map.groupBy(rows, (r) => r.bankAccountId)) {
        const prints = ofAccount.map((r) => r.fingerprint)
        for (const id of (await movementIds(db, bankAccountId, prints)).values()) added.add(id)
      }
      return { decided: rows.length, matched: matchedAmong(await reconcileLedger(db, at, NO_PEOPLE), added) }
    })
  }),

  profiles: os.bankStatement.profiles.handler(({ context }) =>
    context.ledger.read(async (db) =>
      (await listProfiles(db)).map(({ id, name, headings, mapping }) => ({
        id,
        name,
        headings: [...headings],
        mapping,
      })),
    ),
  ),

  renameProfile: os.bankStatement.renameProfile.handler(async ({ context, input }) => {
    const payload = { name: input.name }
    await context.ledger.write(command(context, 'bankStatement.renameProfile', payload), async (db) => {
      const all = await listProfiles(db)
      if (!all.some((p) => p.id === input.id)) throw new ProblemError(problem('PROFILE_GONE', {}))
      if (all.some((p) => p.id !== input.id && p.name === input.name)) {
        throw new ProblemError(problem('PROFILE_NAME_TAKEN', { name: input.name }))
      }
      await renameProfile(db, input.id, input.name)
    })
    return null
  }),

  removeProfile: os.bankStatement.removeProfile.handler(async ({ context, input }) => {
    await context.ledger.write(command(context, 'bankStatement.removeProfile', {}), (db) => removeProfile(db, input.id))
    return null
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
      return answerOf(rows, input, totals)
    }),
  ),

  movements: os.bankStatement.movements.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const rows = await filtered(db, input.filters, input, today(context))
      return answerOf(rows, input, totalsOf(rows))
    }),
  ),

  exportMovements: os.bankStatement.exportMovements.handler(async ({ context, input }) => {
    const rows = await context.ledger.read((db) => filtered(db, input.filters, input, today(context)))
    return exportRows({
      ctx: context,
      input,
      columns: COLUMNS,
      rows,
      totals: { cents: sum(rows.map((r) => r.cents)) },
    })
  }),
}
