import type { z } from 'zod'
import type { postingScope, reversaleDraftSchema } from '#contract/reversale'
import type { Id } from '#domain/brand'
import { type Instant, type IsoDate, romeDate } from '#domain/date'
import { labelText, notOursText } from '#domain/labels'
import { type Cents, cents, formatCents, sum } from '#domain/money'
import type { PostedLine } from '#domain/plan'
import { groupForPosting, type PostingGroups, type ReversaleDraft } from '#domain/posting-groups'
import type { TargetLine } from '#domain/reconcile-outcome'
import { holeText, statementHoles } from '#domain/statement-holes'
import type { ReadHandle } from '#ledger/ledger'
import { loadPostingFacts, movementsInScope, type PostingFacts, statementSpans } from '#ledger/posting-facts'
import type { ReconciledBooks } from './reconciled-books.ts'
import { notOursOf } from './square-of-books.ts'

export type Scope = z.infer<typeof postingScope>
/** All that is ready, of every account and statement. */
export const WHOLE: Scope = { statementId: null, bankAccountId: null, reportingFlowId: null }

export type WireDraft = z.infer<typeof reversaleDraftSchema>

export interface Ready {
  readonly groups: PostingGroups
  readonly facts: PostingFacts
}

/**
 * What posting would issue, whole or limited to one statement, account or flow (DOMAIN.md §7). A payment is posted whole or
 * not at all: one that touches the scope brings all its lines.
 */
export async function readyToPost(db: ReadHandle, books: ReconciledBooks, scope: Scope, at: Instant): Promise<Ready> {
  const movements = await movementsInScope(db, scope)
  const ofScope = linesInScope(books.plan.add, movements)
  const flowId = scope.reportingFlowId === null ? null : await flowName(db, scope.reportingFlowId)
  const lines = flowId === null ? ofScope : ofScope.filter((line) => line.flowId === flowId)
  const facts = await loadPostingFacts(db, lines, romeDate(at))
  return { groups: groupForPosting(lines, facts.context), facts }
}

function linesInScope(lines: readonly TargetLine[], movements: ReadonlySet<number> | null): readonly TargetLine[] {
  if (movements === null) return lines
  const claims = new Set(lines.filter((l) => movements.has(l.movementId)).map((l) => l.claim))
  return lines.filter((l) => claims.has(l.claim))
}

async function flowName(db: ReadHandle, id: NonNullable<Scope['reportingFlowId']>): Promise<string> {
  const row = await db.selectFrom('reportingFlow').select('flowId').where('id', '=', id).executeTakeFirst()
  return row?.flowId ?? ''
}

/** Closed exercises whose late credits the drafts send into an open one. */
export function lateCredits(drafts: readonly ReversaleDraft[]) {
  const late = new Map<number, { year: number; open: number; cents: Cents }>()
  for (const draft of drafts) {
    for (const { code, params } of draft.labels) {
      if (code !== 'EXERCISE_CLOSED') continue
      const year = Number(params.year)
      const before = late.get(year)?.cents ?? cents(0)
      late.set(year, { year, open: draft.exercise, cents: sum([before, draft.cents]) })
    }
  }
  return [...late.values()]
}

export function wireDraft(draft: ReversaleDraft, facts: PostingFacts): WireDraft {
  const first = facts.accertamenti.get(draft.lines[0]?.accertamentoId ?? 0)
  const account = facts.movements.get(draft.lines[0]?.movementId ?? 0)?.account ?? ''
  const flows = new Set(draft.lines.map((l) => l.flowId))
  return {
    key: draft.groupKey,
    exercise: draft.exercise,
    capitolo: first ? `${first.capitoloCode} ${first.capitoloName}` : '',
    originYear: draft.originYear,
    residui: draft.originYear < draft.exercise,
    bankAccountId: draft.bankAccountId as WireDraft['bankAccountId'],
    account,
    flowId: flows.size === 1 ? ([...flows][0] ?? null) : null,
    date: draft.date,
    earliestDate: draft.date,
    causale: draft.causale,
    cents: draft.cents,
    lines: draft.lines.flatMap((line) => {
      const accertamento = facts.accertamenti.get(line.accertamentoId)
      const movement = facts.movements.get(line.movementId)
      if (!accertamento || !movement) return []
      return [
        {
          accertamentoId: accertamento.id,
          accertamento: `${accertamento.exercise}/${accertamento.number}`,
          personId: accertamento.personId,
          personName: accertamento.personName,
          fiscalCode: accertamento.fiscalCode,
          iuv: line.iuv,
          bookingDate: movement.bookingDate,
          bankReference: movement.bankReference,
          provvisorio: movement.provvisorio === null ? null : String(movement.provvisorio),
          bankMovementId: movement.id,
          flowId: line.flowId,
          cents: line.cents,
        },
      ]
    }),
  }
}

/** What to read before posting: statements that do not follow one another, exercises asked about, lines without one. */
export async function postingWarnings(
  db: ReadHandle,
  ready: Ready,
  { outcome, posted }: ReconciledBooks,
  scope: Scope,
  today: IsoDate,
): Promise<string[]> {
  const warnings = leftOut(ready, outcome, posted, await movementsInScope(db, scope))
  const accounts = new Set([...ready.facts.movements.values()].map((m) => m.bankAccountId as number))
  const spans = (await statementSpans(db)).filter((span) => accounts.has(span.bankAccountId))
  for (const of of Map.groupBy(spans, (span) => span.bankAccountId).values()) {
    warnings.push(...statementHoles(of).map((hole) => holeText(of[0]?.account ?? '', hole)))
  }
  const asked = new Set(ready.groups.drafts.flatMap((d) => d.labels.map((l) => labelText(l, today))))
  warnings.push(...asked)
  if (ready.groups.refused.length > 0) {
    const refused = sum(ready.groups.refused.map((l) => l.cents))
    warnings.push(`${formatCents(refused)} € non hanno un esercizio aperto in cui essere riscossi.`)
  }
  return warnings
}

/** Payments of others in the flows that this posting collects, or that no posting ever will. */
function leftOut(
  { groups }: Ready,
  { flows, edges }: ReconciledBooks['outcome'],
  posted: ReconciledBooks['posted'],
  movements: ReadonlySet<number> | null,
): string[] {
  const told = flows.filter((flow) => notOursOf([flow]).count > 0)
  if (told.length === 0) return []
  const now = new Set(groups.drafts.flatMap((draft) => draft.lines.map((line) => line.flowId)))
  const before = new Set(posted.map((line) => line.flowId))
  const here = new Set(
    edges.flatMap(({ movementId, target }) =>
      target.kind === 'flow' && (movements === null || movements.has(movementId)) ? [target.flowId] : [],
    ),
  )
  const out = notOursOf(told.filter(({ flowId }) => now.has(flowId) || (here.has(flowId) && !before.has(flowId))))
  return out.count === 0 ? [] : [notOursText(out.count, out.cents)]
}

/** Posted lines that the evidence no longer supports, by reversale. */
export function alarmsOf(gone: readonly PostedLine[]) {
  const byReversale = Map.groupBy(gone, (line) => line.reversaleId)
  return [...byReversale].map(([id, lines]) => {
    const total = sum(lines.map((l) => l.cents))
    const name = `${Math.floor(id / 1_000_000)}/${id % 1_000_000}`
    const rows = lines.length === 1 ? '1 riga' : `${lines.length} righe`
    return {
      id: id as Id<'reversale'>,
      reversale: name,
      text: `La reversale ${name} ha ${rows} per ${formatCents(total)} € che i flussi e gli accrediti non sostengono più: annullala con un motivo, oppure tienila.`,
      cents: total,
    }
  })
}
