import { hash } from 'node:crypto'
import { type Instant, type IsoDate, maxDate, yearOf } from '#domain/date'
import { type Cents, formatCents, sum } from '#domain/money'
import type { ReversaleDraft } from '#domain/posting-groups'
import { ProblemError, problem } from '#domain/problem'
import type { TargetLine } from '#domain/reconcile-outcome'
import { type BooksMemory, openBooks } from '#ledger/books-memory'
import type { DebtsEvidence } from '#ledger/evidence-debts'
import type { ReadHandle, WriteHandle } from '#ledger/ledger'
import { type LineToPost, type PostedReversale, postReversali, type ReversaleToPost } from '#ledger/posting'
import { insertQuietanze, type NewQuietanza } from '#ledger/quietanza'
import type { Report } from './long-work.ts'
import { booksPosted, booksUnderLock } from './reconcile-ledger.ts'
import type { ReconciledBooks } from './reconciled-books.ts'
import { type Ready, readyToPost, type Scope } from './reversale-drafts.ts'
import { refuseUnsquare } from './square-of-books.ts'

export interface PostOrder {
  readonly scope: Scope
  readonly keys: readonly string[]
  readonly changes: Readonly<
    Record<string, { readonly date?: IsoDate | undefined; readonly causale?: string | undefined }>
  >
  readonly expectedCents: Cents
}

export interface PostResult {
  readonly reversali: { readonly count: number; readonly cents: Cents }
  readonly exercise: number
  readonly firstNumber: number
  readonly lastNumber: number
  readonly quietanze: number
}

/**
 * Issues the chosen drafts, with their quietanze, in the caller's transaction. The drafts are computed again from the
 * evidence under the write lock: when they are not those that the person saw, or the quadratura does not square, nothing
 * happens.
 */
export async function postDrafts(
  db: WriteHandle,
  order: PostOrder,
  author: { readonly at: Instant; readonly operator: string },
  step: Report,
): Promise<PostResult> {
  const reconciled = await booksUnderLock(db, author.at)
  if (!reconciled) throw new ProblemError(problem('INSTITUTION_MISSING', {}))
  const ready = await readyToPost(db, reconciled, order.scope, author.at)
  const wanted = new Set(order.keys)
  const drafts = ready.groups.drafts.filter((d) => wanted.has(d.groupKey))
  const found = sum(drafts.map((d) => d.cents))
  if (drafts.length !== wanted.size || found !== order.expectedCents) {
    throw new ProblemError(
      problem('POSTING_CHANGED', { expected: formatCents(order.expectedCents), found: formatCents(found) }),
    )
  }
  refuseSplitPayments(drafts, ready)
  await step('Emissione delle reversali', 0, drafts.length)
  const books = await openBooks(db)
  const toIssue = await toPost(db, reconciled, drafts, order.changes, books)
  const posted = await postReversali(db, toIssue, author)
  await step('Quietanze', 0, posted.length)
  const quietanze = await issueQuietanze(db, toIssue, posted, books.evidence.debts, author.at)
  await booksPosted(db, reconciled, author.at)
  await refuseUnsquare(db, reconciled)
  await step('Quietanze', posted.length, posted.length)
  const exercise = (posted[0] as PostedReversale).exercise
  const numbers = posted.filter((p) => p.exercise === exercise).map((p) => p.number)
  return {
    reversali: { count: posted.length, cents: found },
    exercise,
    firstNumber: Math.min(...numbers),
    lastNumber: Math.max(...numbers),
    quietanze,
  }
}

/** A payment of more than one capitolo, year or account stands in several reversali: all of them, or none (DOMAIN.md E5). */
function refuseSplitPayments(chosen: readonly ReversaleDraft[], { groups, facts }: Ready): void {
  if (chosen.length === groups.drafts.length) return
  const claims = new Set(chosen.flatMap((draft) => draft.lines.map((line) => line.claim)))
  const wanted = new Set(chosen)
  for (const draft of groups.drafts) {
    const shared = wanted.has(draft) ? undefined : draft.lines.find((line) => claims.has(line.claim))
    if (!shared) continue
    const debt = facts.accertamenti.get(shared.accertamentoId)
    const capitolo = `${debt?.capitoloCode ?? ''} ${debt?.capitoloName ?? ''}, ${draft.originYear}`
    const payment = shared.iuv === null ? 'di un accredito' : `con IUV ${shared.iuv}`
    throw new ProblemError(problem('POSTING_SPLITS_PAYMENT', { payment, cents: formatCents(draft.cents), capitolo }))
  }
}

/** These drafts and those without which a payment of theirs would be issued in part. */
export function withTheirPayments(
  chosen: readonly ReversaleDraft[],
  ready: readonly ReversaleDraft[],
): readonly ReversaleDraft[] {
  const claims = new Set(chosen.flatMap((draft) => draft.lines.map((line) => line.claim)))
  const more = ready.filter((draft) => chosen.includes(draft) || draft.lines.some((line) => claims.has(line.claim)))
  return more.length === chosen.length ? chosen : withTheirPayments(more, ready)
}

/** The drafts with what the ledger wants of their lines: ids of flows and of the matches that they draw on. */
export async function toPost(
  db: ReadHandle,
  { outcome }: Pick<ReconciledBooks, 'outcome'>,
  drafts: readonly ReversaleDraft[],
  changes: PostOrder['changes'],
  { evidence, stored }: BooksMemory,
): Promise<ReversaleToPost[]> {
  const { flowIdOf } = evidence.collected
  const matchOf = await stored.matches.finder(db, flowIdOf, outcome.edges)
  const lineToPost = (line: TargetLine): LineToPost => {
    const matchId = matchOf(line)
    if (matchId === null) throw new ProblemError(problem('POSTING_CREDIT_BUSY', { cents: formatCents(line.cents) }))
    return {
      accertamentoId: line.accertamentoId as LineToPost['accertamentoId'],
      bankMovementId: line.movementId as LineToPost['bankMovementId'],
      matchId,
      reportingFlowId: line.flowId === null ? null : (flowIdOf.get(line.flowId) ?? null),
      rowKey: line.rowKey,
      iuv: line.iuv,
      idTransfer: line.idTransfer,
      cents: line.cents,
    }
  }
  return withDates(drafts, changes).map(
    ({ draft, date }): ReversaleToPost => ({
      exercise: draft.exercise,
      date,
      capitoloId: draft.capitoloId as ReversaleToPost['capitoloId'],
      originYear: draft.originYear,
      bankAccountId: draft.bankAccountId as ReversaleToPost['bankAccountId'],
      personId: draft.personId as ReversaleToPost['personId'],
      causale: changes[draft.groupKey]?.causale ?? draft.causale,
      groupKey: draft.groupKey,
      lines: draft.lines.map(lineToPost),
    }),
  )
}

/** Dates changed by hand may only move later, inside the exercise; those after them follow, never before. */
function withDates(drafts: readonly ReversaleDraft[], changes: PostOrder['changes']) {
  const last = new Map<number, IsoDate>()
  return drafts.map((draft) => {
    const chosen = changes[draft.groupKey]?.date
    if (chosen !== undefined && (chosen < draft.date || yearOf(chosen) !== draft.exercise)) {
      throw new ProblemError(
        problem('POSTING_DATE_WRONG', { date: chosen, earliest: draft.date, exercise: draft.exercise }),
      )
    }
    const before = last.get(draft.exercise)
    const date = maxDate(chosen ?? draft.date, before ?? draft.date)
    last.set(draft.exercise, date)
    return { draft, date }
  })
}

/** One quietanza for each payment inside a reversale: lines of one row of a flow, or of one IUV, are one paper. */
async function issueQuietanze(
  db: WriteHandle,
  drafts: readonly ReversaleToPost[],
  posted: readonly PostedReversale[],
  debts: DebtsEvidence,
  at: Instant,
): Promise<number> {
  const quietanze: NewQuietanza[] = []
  drafts.forEach((draft, d) => {
    const { exercise, number, lineIds } = posted[d] as PostedReversale
    const payments = Map.groupBy(
      draft.lines.map((line, index) => ({ line, index })),
      ({ line }) =>
        line.iuv === null
          ? `a|${line.accertamentoId}|${line.bankMovementId}`
          : `${line.iuv}|${line.reportingFlowId ?? ''}|${line.rowKey ?? ''}`,
    )
    for (const lines of payments.values()) {
      const first = lines[0] as (typeof lines)[number]
      const installmentId = first.line.iuv === null ? null : debts.installmentOf(first.line.iuv)
      const cents = sum(lines.map((l) => l.line.cents))
      const name = `${exercise}/${number}-${first.index + 1}`
      // Canonical as it stands: its keys are in order.
      const content = JSON.stringify({
        date: draft.date,
        lines: lines.map(({ line }) => [line.accertamentoId, line.bankMovementId, line.iuv, line.cents]),
        number: name,
      })
      quietanze.push({
        reversaleLineId: lineIds[first.index] as NewQuietanza['reversaleLineId'],
        installmentId,
        accertamentoId: installmentId === null ? first.line.accertamentoId : null,
        number: name,
        cents,
        sha256: hash('sha256', content),
        at,
      })
    }
  })
  await insertQuietanze(db, quietanze)
  return quietanze.length
}
