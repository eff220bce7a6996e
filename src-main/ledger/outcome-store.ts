import type { Selectable } from 'kysely'
import type { Id } from '#domain/brand'
import type { Instant } from '#domain/date'
import { canonicalJson } from '#domain/json'
import { identityOf } from '#domain/plan'
import type { ReconcileInput } from '#domain/reconcile-evidence'
import type { FlowOutcome, Proposal, ReconcileOutcome } from '#domain/reconcile-outcome'
import { chunks } from './chunks.ts'
import {
  type StoredFlowLabel,
  type StoredLabel,
  storeFlowLabels,
  storeFlowRowLabels,
  storeMovementLabels,
  storeReceiptLabels,
} from './label-store.ts'
import type { ReadHandle, WriteHandle } from './ledger.ts'
import { flowIds, storeMatches } from './match.ts'
import { type PaymentPlace, storePayments } from './payment-store.ts'
import { loadPosted, type PostedLineRow } from './reconcile-load.ts'
import type { ProposalTable } from './schema/derived.ts'

/**
 * Writes what the reconciliation says (matches, labels, proposals, payment states), changing only what differs: run
 * twice on the same evidence it writes nothing.
 */
export async function storeOutcome(
  db: WriteHandle,
  input: ReconcileInput,
  outcome: ReconcileOutcome,
  at: Instant,
): Promise<void> {
  const flowIdOf = await flowIds(db, input.receiver)
  await storeMatches(db, outcome.edges, flowIdOf, at)
  await storeMovementLabels(
    db,
    outcome.movements.flatMap((m) => labelled(m.movementId, m.state, m.labels[0])),
  )
  await storeReceiptLabels(
    db,
    outcome.receipts.flatMap((r) => labelled(r.receiptId, r.label.code, r.label)),
  )
  await storeRowLabels(db, outcome)
  await storeProposals(db, outcome.proposals, input, flowIdOf)
  await storeBookStates(db, outcome, flowIdOf)
}

/** The part that posting changes: states of flows, installments and positions. */
export async function storeBookStates(
  db: WriteHandle,
  outcome: ReconcileOutcome,
  flowIdOf: ReadonlyMap<string, Id<'reportingFlow'>>,
): Promise<void> {
  const posted = await loadPosted(db)
  const versions = await db.selectFrom('reportingFlowVersion').select(['id', 'reportingFlowId']).execute()
  const flowOfVersion = new Map<number, Id<'reportingFlow'>>(versions.map((v) => [v.id, v.reportingFlowId]))
  const books = booksByFlow(outcome, posted)
  await storeFlowLabels(
    db,
    outcome.flows.flatMap((flow): StoredFlowLabel[] => {
      const key = flowOfVersion.get(flow.versionId)
      const label = flow.labels[0]
      if (key === undefined || label === undefined) return []
      return [
        {
          key,
          state: flow.credit,
          label,
          activeVersionId: flow.versionState === 'active' ? (flow.versionId as Id<'reportingFlowVersion'>) : null,
          totalCents: flow.totalCents,
          creditedCents: flow.creditedCents,
          books: flow.versionState === 'active' ? (books.get(flow.flowId) ?? 'none') : 'none',
        },
      ]
    }),
  )
  await storePayments(db, outcome.installments, posted, paymentPlaces(outcome, posted, flowIdOf))
}

function labelled(key: number, state: string, label: StoredLabel['label'] | undefined): StoredLabel[] {
  return label === undefined ? [] : [{ key, state, label }]
}

async function storeRowLabels(db: WriteHandle, outcome: ReconcileOutcome): Promise<void> {
  const rows = await db
    .selectFrom('flowRow')
    .select(['id', 'versionId'])
    .orderBy('versionId')
    .orderBy('ordinal')
    .execute()
  const byVersion = Map.groupBy(rows, (r) => r.versionId as number)
  await storeFlowRowLabels(
    db,
    outcome.flows.flatMap((flow) =>
      flow.rows.flatMap((row, index) => {
        const id = byVersion.get(flow.versionId)?.[index]?.id
        return id === undefined ? [] : labelled(id, row.state, row.label)
      }),
    ),
  )
}

function booksByFlow(
  outcome: ReconcileOutcome,
  posted: readonly PostedLineRow[],
): Map<string, 'none' | 'partly' | 'whole'> {
  const inBooks = new Set(posted.map(identityOf))
  const byFlow = Map.groupBy(
    outcome.lines.filter((l) => l.flowId !== null),
    (l) => l.flowId as string,
  )
  const out = new Map<string, 'none' | 'partly' | 'whole'>()
  for (const flow of outcome.flows) {
    const lines = byFlow.get(flow.flowId) ?? []
    const done = lines.filter((l) => inBooks.has(identityOf(l))).length
    out.set(flow.flowId, done === 0 ? 'none' : done === lines.length && !hasHeld(flow) ? 'whole' : 'partly')
  }
  return out
}

function hasHeld(flow: FlowOutcome): boolean {
  return flow.rows.some((row) => row.state === 'held')
}

/** Where each paid IUV was met: in the books, else in the lines to post, else in an active flow. */
function paymentPlaces(
  outcome: ReconcileOutcome,
  posted: readonly PostedLineRow[],
  flowIdOf: ReadonlyMap<string, Id<'reportingFlow'>>,
): Map<string, PaymentPlace> {
  const places = new Map<string, PaymentPlace>()
  for (const line of [...outcome.lines, ...posted]) {
    if (line.iuv === null) continue
    places.set(line.iuv, {
      reportingFlowId: line.flowId === null ? null : (flowIdOf.get(line.flowId) ?? null),
      bankMovementId: line.movementId as Id<'bankMovement'>,
    })
  }
  return places
}

async function storeProposals(
  db: WriteHandle,
  proposals: readonly Proposal[],
  input: ReconcileInput,
  flowIdOf: ReadonlyMap<string, Id<'reportingFlow'>>,
): Promise<void> {
  const descriptions = new Map(input.movements.map((m) => [m.movementId, m.description.toUpperCase()]))
  const codes = new Map(input.due.map((d) => [d.accertamentoId, d.fiscalCode]))
  const rows = proposals.flatMap((p) => {
    const targetId = p.target.kind === 'flow' ? flowIdOf.get(p.target.flowId) : p.target.accertamentoId
    if (targetId === undefined) return []
    const code = p.target.kind === 'accertamento' ? codes.get(p.target.accertamentoId) : null
    const named = code ? (descriptions.get(p.movementId) ?? '').includes(code) : false
    return [
      {
        bankMovementId: p.movementId as Id<'bankMovement'>,
        kind: p.target.kind,
        targetId: targetId as number,
        cents: p.cents,
        level: p.level === 'DEBTOR' ? (named ? ('FISCAL_CODE' as const) : ('NAME' as const)) : p.level,
        evidenceJson: canonicalJson({ days: p.days, rivals: p.rivals }),
      },
    ]
  })
  const text = (r: Omit<Selectable<ProposalTable>, 'id'>) =>
    [r.bankMovementId, r.kind, r.targetId, r.cents, r.level, r.evidenceJson].join('|')
  const stored = await db.selectFrom('proposal').selectAll().orderBy('id').execute()
  if (stored.map(text).join('\n') === rows.map(text).join('\n')) return
  await db.deleteFrom('proposal').execute()
  for (const part of chunks(rows)) {
    await db
      .insertInto('proposal')
      .values([...part])
      .execute()
  }
}

/** Ids of the flows of the institution, for those who post. */
export async function ownFlowIds(db: ReadHandle): Promise<Map<string, Id<'reportingFlow'>>> {
  const institution = await db.selectFrom('creditorInstitution').select('fiscalCode').executeTakeFirst()
  return institution ? flowIds(db, institution.fiscalCode) : new Map()
}
