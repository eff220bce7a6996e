import type { Id } from '#domain/brand'
import { formatDate, type Instant } from '#domain/date'
import { formatCents } from '#domain/money'
import { ProblemError, problem } from '#domain/problem'
import { takenBackText } from '#domain/taken-back'
import type { ReadHandle, WriteHandle } from '#ledger/ledger'
import { insertPending, type openPending, takenByStatement } from '#ledger/pending-movement'
import { insertExecutions, insertProvvisori, insertStatement, movementIds } from '#ledger/statement-store'
import type { ReconciledBooks } from './reconciled-books.ts'
import type { CheckedDelivery, CheckedStatement } from './statement-read.ts'

const MAX_PROBLEMS = 500

/** @throws ProblemError when something in the files, or in whose accounts they are, must be put right before. */
export function refuse(checked: CheckedDelivery): void {
  const errors = checked.problems.filter((p) => p.severity === 'error')
  if (errors.length > 0) throw new ProblemError(...errors.slice(0, MAX_PROBLEMS))
  // Every account of the file was left out.
  if (checked.statements.length === 0) throw new ProblemError(problem('STATEMENT_NO_MOVEMENTS', {}))
}

/** All that these files say was kept before: nothing to write. */
export function isKnown(checked: CheckedDelivery): boolean {
  return (
    checked.statements.length > 0 &&
    checked.statements.every((s) => s.known !== null) &&
    checked.treasurer.executed.length === 0
  )
}

/** The answer for files that are known already. */
export function keptBefore(checked: CheckedDelivery) {
  const statementIds = checked.statements.map((s) => s.known as Id<'bankStatement'>)
  return {
    statementId: statementIds[0] as Id<'bankStatement'>,
    statementIds,
    added: 0,
    already: checked.statements.reduce((n, s) => n + s.rows.length, 0),
    ...{ pending: 0, provvisori: 0, executed: 0, matched: 0 },
  }
}

/** Keeps each account of each file that is not kept yet, with the rows that wait, the numbers and the outcomes. */
export async function keepDelivery(
  db: WriteHandle,
  checked: CheckedDelivery,
  at: Instant,
  operator: string,
): Promise<Id<'bankStatement'>[]> {
  const ids: Id<'bankStatement'>[] = []
  for (const statement of checked.statements) {
    ids.push(statement.known ?? (await keepStatement(db, statement, at)))
  }
  for (const [bankAccountId, ofAccount] of Map.groupBy(checked.statements, (s) => s.account.id)) {
    await keepNumbers(db, bankAccountId, ofAccount)
  }
  const executed = checked.treasurer.executed.map((e) => ({ ...e, bankStatementId: ids[0] ?? null }))
  await insertExecutions(db, executed, at, operator)
  return ids
}

async function keepStatement(db: WriteHandle, s: CheckedStatement, at: Instant): Promise<Id<'bankStatement'>> {
  const rows = s.rows.map(({ movement: m, ...row }) => ({
    ...row,
    bookingDate: m.bookingDate,
    valueDate: m.valueDate,
    cents: m.amountCents,
    description: m.description,
    bankReference: m.reference,
    counterparty: m.counterparty,
    endToEndId: m.endToEndId,
    transactionCode: m.transactionCode,
    takesBack: m.takesBack === null ? null : takenBackText(m.takesBack),
  }))
  const columns = ({ news: _, knownId: __, provvisorio: ___, bankAccountId: ____, ...row }: (typeof rows)[number]) =>
    row
  const statementId = await insertStatement(
    db,
    {
      bankAccountId: s.account.id,
      fileName: s.file.name,
      sha256: s.sha256,
      profile: s.profile,
      from: s.from,
      to: s.to,
      periodFrom: s.periodFrom,
      periodTo: s.periodTo,
      openingCents: s.openingCents,
      closingCents: s.closingCents,
      importedAt: at,
    },
    rows.filter((r) => r.news === 'new').map(columns),
  )
  const of = { bankStatementId: statementId, bankAccountId: s.account.id }
  const waiting = rows.flatMap((r) =>
    (r.news === 'changed' || r.news === 'possibleDuplicate') && r.knownId !== null
      ? [
          {
            ...columns(r),
            kind: r.news,
            knownMovementId: r.knownId,
            provvisorio: r.provvisorio?.number ?? null,
          },
        ]
      : [],
  )
  await insertPending(db, of, waiting)
  return statementId
}

async function keepNumbers(
  db: WriteHandle,
  bankAccountId: Id<'bankAccount'>,
  statements: readonly CheckedStatement[],
): Promise<void> {
  const numbered = statements.flatMap((s) =>
    s.rows.flatMap((r) =>
      r.provvisorio !== null && (r.news === 'new' || r.news === 'already') ? [{ ...r, given: r.provvisorio }] : [],
    ),
  )
  const fresh = numbered.filter((r) => r.news === 'new').map((r) => r.fingerprint)
  const ids = await movementIds(db, bankAccountId, fresh)
  const rows = numbered.flatMap(({ fingerprint, knownId, given }) => {
    const bankMovementId = ids.get(fingerprint) ?? knownId
    return bankMovementId ? [{ bankMovementId, bankAccountId, ...given }] : []
  })
  await insertProvvisori(db, rows)
}

/** @throws ProblemError when two rows of one statement would be the same movement: that would lose one of them. */
export async function refuseTwice(db: ReadHandle, rows: Awaited<ReturnType<typeof openPending>>): Promise<void> {
  for (const [statementId, ofStatement] of Map.groupBy(rows, (r) => r.bankStatementId)) {
    const taken = new Set(await takenByStatement(db, statementId))
    for (const row of ofStatement) {
      if (taken.has(row.knownMovementId)) {
        const params = { day: formatDate(row.bookingDate), cents: formatCents(row.cents) }
        throw new ProblemError(problem('PENDING_SAME_TWICE', params))
      }
      taken.add(row.knownMovementId)
    }
  }
}

/** How many of these movements are matched now. */
export function matchedAmong(reconciled: ReconciledBooks | null, movements: ReadonlySet<number>): number {
  return (reconciled?.outcome.movements ?? []).filter((m) => m.state === 'matched' && movements.has(m.movementId))
    .length
}
