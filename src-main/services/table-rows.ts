import type { Id } from '#domain/brand'
import { readCausale } from '#domain/causale'
import type { Label } from '#domain/labels'
import { type Cents, cents, formatCents, sum } from '#domain/money'
import type { EdgeTarget } from '#domain/reconcile-outcome'
import { BLOCKING } from '#ledger/label-text'
import type { ReadHandle } from '#ledger/ledger'
import { nameOfReversale } from './act.ts'
import { type Counterpart, confirmable } from './counterparts.ts'
import { type Item, notesOf, type TableFacts, type TableRow, versionOf } from './table-facts.ts'
import { leftOf, partOf, rowKeys, type Seen } from './table-index.ts'
import { evidenceOf, loadPage, type MovementItem, type Of, type Page } from './table-page.ts'
import { ofHeld } from './table-payer.ts'
import { ofBlocked, ofCredit, ofDebit, totalOf } from './table-proposals.ts'
import { told } from './table-told.ts'
import { isAside, isUnpaid } from './to-decide.ts'
import { wireLabel } from './wire-label.ts'

export async function rowsOfPage(db: ReadHandle, items: readonly Item[], facts: TableFacts): Promise<TableRow[]> {
  const page = await loadPage(db, items, facts)
  return items.map((item) => rowOf(item, facts, page))
}

function rowOf(item: Item, facts: TableFacts, page: Page): TableRow {
  switch (item.kind) {
    case 'credit':
    case 'debit':
      return movementRow(item as MovementItem, facts, page)
    case 'flowRow':
      return heldRow(item, facts, page)
    case 'flow':
      return flowRow(item, facts, page)
    case 'alarm':
      return alarmRow(item, facts, page)
  }
}

function common(item: Item, facts: TableFacts, labels: readonly Label[], counterparts: Counterpart[], left: Cents) {
  const { notes, assignee } = notesOf(item, facts)
  const wire = labels.map((label) => wireLabel(label, facts.today))
  return {
    key: item.key,
    date: item.date,
    label: wire[0] ?? { code: '', title: '', text: '', tone: 'neu' as const },
    labels: wire,
    counterparts,
    confirms: confirmable(counterparts, left),
    skippedToday: facts.skipped.has(item.subject),
    notes,
    assignee,
  }
}

function movementRow(item: MovementItem, facts: TableFacts, page: Page): TableRow {
  const { movement, outcome } = item.seen
  const { movementId, description } = movement
  const { index } = facts
  const left = leftOf(item.seen)
  const edges = index.edgesOf.get(movementId) ?? []
  const unpaid = isUnpaid(item.seen)
  // The storno that took its money stays.
  const decided = (index.decisionsOf.get(`m${movementId}`) ?? []).flatMap((d) =>
    unpaid && d.kind !== 'manualMatch' ? [] : [d.decisionId as Id<'decision'>],
  )
  const stored = page.movements.get(movementId)
  const waiting = left !== 0 && !unpaid && (outcome.state !== 'matched' || partOf(item.seen) !== null)
  const counterparts = waiting ? (movement.cents < 0 ? ofDebit(item, facts) : ofCredit(item, facts, page)) : []
  return {
    kind: item.kind as 'credit',
    ...common(item, facts, restFirst(item.seen), told(counterparts, decided, partOf(item.seen) !== null), left),
    subject: { kind: 'movement', bankMovementId: movementId as Id<'bankMovement'> },
    cents: movement.cents,
    decisionIds: [...new Set(decided)],
    posted: (index.postedOf.get(movementId) ?? 0) > 0,
    bankMovementId: movementId as Id<'bankMovement'>,
    account: stored?.account ?? '',
    valueDate: stored?.valueDate ?? null,
    leftCents: left,
    description,
    spans: readCausale(description, index.folds).spans.map((s) => ({ start: s.from, end: s.to, mark: s.mark })),
    bankReference: stored?.bankReference ?? null,
    counterparty: stored?.counterparty ?? null,
    provvisorio: stored?.provvisorio == null ? null : String(stored.provvisorio),
    targets: edges.map(({ target, cents: amount }) => ({
      cents: amount,
      reportingFlowId: target.kind === 'flow' ? (facts.flowIds.get(target.flowId) ?? null) : null,
      title: titleOf(target, page),
    })),
    byHand: edges.some((edge) => edge.origin === 'manual'),
  }
}

/** What is left to attribute is why a credit matched by hand in part waits. */
function restFirst(seen: Seen): readonly Label[] {
  const { labels } = seen.outcome
  return partOf(seen) === null ? labels : labels.toSorted((a, b) => rankOf(a) - rankOf(b))
}

function rankOf({ code }: Label): number {
  return code === 'PARTLY_ASSIGNED' ? 0 : 1
}

function titleOf(target: EdgeTarget, page: Page): string {
  if (target.kind === 'flow') return target.flowId
  if (target.kind === 'iuv') return `IUV ${target.iuv}`
  if (target.kind === 'storno') return 'Storno'
  if (target.kind === 'internal') return 'Giroconto'
  const debt = page.debts.get(target.accertamentoId)
  return debt
    ? `${debt.personName}, accertamento ${debt.exercise}/${debt.number}`
    : `Accertamento ${target.accertamentoId}`
}

/** Rows of which everything has been said. */
const NOT_ASKED: ReadonlySet<string> = new Set(['ASSIGNED_BY_HAND', 'REVOKED_BY', 'SET_ASIDE'])

function heldRow(item: Of<'flowRow'>, facts: TableFacts, page: Page): TableRow {
  const { flow, version, rowKey, label } = item.row
  const row = evidenceOf(item.row)
  const { index } = facts
  const id = facts.flowIds.get(flow.flowId) as Id<'reportingFlow'>
  const owner = page.owners.get(row.iuv)
  const decided = index.decisionsOf.get(`f${flow.flowId}|${rowKey}`) ?? []
  const isAsked = !NOT_ASKED.has(label.code) && !decided.some((d) => d.kind === 'assignRow')
  const ids = decided.map((d) => d.decisionId)
  const counterparts = isAsked ? told(ofHeld(item, id, row, page), ids, false) : []
  return {
    kind: 'flowRow',
    ...common(item, facts, [label], counterparts, row.cents),
    subject: { kind: 'flowRow', reportingFlowId: id, rowKey },
    cents: row.cents,
    decisionIds: decided.flatMap((d) =>
      d.kind === 'assignRow' || d.kind === 'setAside' ? [d.decisionId as Id<'decision'>] : [],
    ),
    posted: index.postedRows.has(`${flow.flowId}|${rowKey}`),
    reportingFlowId: id,
    flowId: flow.flowId,
    pspName: version.pspName ?? version.pspCode,
    rowKey,
    iuv: row.iuv,
    iur: row.iur,
    outcome: row.outcome,
    personName: owner?.name ?? page.payerOf.get(row.iuv)?.name ?? null,
    debtPositionId: owner?.debtPositionId ?? null,
  }
}

function flowRow(item: Of<'flow'>, facts: TableFacts, page: Page): TableRow {
  const { index, today } = facts
  const flow = index.flows.get(item.flowId) as NonNullable<ReturnType<typeof index.flows.get>>
  const version = versionOf(item.flowId, facts) as NonNullable<ReturnType<typeof versionOf>>
  const id = facts.flowIds.get(item.flowId) as Id<'reportingFlow'>
  const versions = (index.versionsOf.get(item.flowId) ?? [])
    .filter((v) => v.receiver === version.receiver)
    .toSorted((a, b) => (a.flowDateTime < b.flowDateTime ? -1 : 1))
  const keys = rowKeys(version)
  const revocations = version.rows.flatMap((row, i) =>
    row.outcome === '3'
      ? [
          {
            rowKey: keys[i] as string,
            iuv: row.iuv,
            cents: row.cents,
            personName: page.owners.get(row.iuv)?.name ?? null,
          },
        ]
      : [],
  )
  const blocks = flow.blocked && !isAside(flow) ? flow.labels.filter((label) => BLOCKING.has(label.code)) : []
  const decided = (index.decisionsOf.get(`f${item.flowId}`) ?? []).filter(
    (d) => d.kind !== 'assignRow' && !('rowKey' in d && d.kind === 'setAside' && d.rowKey !== null),
  )
  const ids = decided.map((d) => d.decisionId)
  const answers = ofBlocked(id, blocks, versions, revocations, version.contentHash)
  const ordered = blocks.length > 0 ? [...blocks, ...flow.labels.filter((l) => !blocks.includes(l))] : flow.labels
  return {
    kind: 'flow',
    ...common(item, facts, ordered, told(answers, ids, false), flow.totalCents),
    subject: { kind: 'flow', reportingFlowId: id },
    cents: flow.totalCents,
    decisionIds: decided.map((d) => d.decisionId as Id<'decision'>),
    posted: index.postedFlows.has(item.flowId),
    reportingFlowId: id,
    flowId: item.flowId,
    pspName: version.pspName ?? version.pspCode,
    payments: version.rows.length,
    creditedCents: flow.creditedCents,
    blocks: blocks.map((label) => wireLabel(label, today)),
    versions: versions.map((v) => ({
      contentHash: v.contentHash,
      dateTime: v.flowDateTime,
      cents: v.declaredCents ?? totalOf(v.rows),
      payments: v.rows.length,
      active: flow.versionState === 'active' && v.versionId === flow.versionId,
    })),
    revocations,
  }
}

function alarmRow(item: Of<'alarm'>, facts: TableFacts, page: Page): TableRow {
  const { reversaleId } = item
  const id = reversaleId as Id<'reversale'>
  const name = nameOfReversale(reversaleId)
  const lines = facts.index.goneOf.get(reversaleId) ?? []
  const gone = sum(lines.map((line) => line.cents))
  const kept = facts.kept.get(reversaleId)
  const stored = page.reversali.get(reversaleId)
  const total = cents(stored?.cents ?? gone)
  const rows = lines.length === 1 ? '1 riga' : `${lines.length} righe`
  const text =
    kept === undefined
      ? `La reversale ${name} ha ${rows} per ${formatCents(gone)} € che i flussi e gli accrediti non sostengono più: annullala con un motivo, oppure tienila.`
      : `La reversale ${name} è tenuta com’è per decisione di una persona.`
  const title = kept === undefined ? 'Reversale senza sostegno' : 'Reversale tenuta'
  const label = { code: 'ALARM', title, text, tone: kept === undefined ? ('bad' as const) : ('neu' as const) }
  const counterparts: Counterpart[] =
    kept === undefined
      ? [
          {
            act: { kind: 'keepReversale', reversaleId: id },
            title: 'Tieni la reversale',
            detail: 'Resta com’è, con il motivo',
            date: stored?.date ?? null,
            cents: gone,
            evidence: [],
            level: 'searched',
            payers: [],
          },
        ]
      : []
  return {
    kind: 'alarm',
    ...common(item, facts, [], counterparts, gone),
    label,
    labels: [label],
    subject: { kind: 'reversale', reversaleId: id },
    cents: total,
    decisionIds: kept === undefined ? [] : [kept],
    posted: true,
    reversaleId: id,
    name,
    text,
    goneCents: gone,
  }
}
