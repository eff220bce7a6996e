import type { Id } from '#domain/brand'
import { readCausale } from '#domain/causale'
import { daysBetween, type IsoDate } from '#domain/date'
import { foldFlowId } from '#domain/flow-id'
import type { Label } from '#domain/labels'
import { type Cents, cents, formatCents, sum } from '#domain/money'
import type { FlowRowEvidence } from '#domain/reconcile-evidence'
import type { EdgeTarget, Proposal } from '#domain/reconcile-outcome'
import { excessPlace } from '#ledger/act-facts'
import { type OpenDebt, openDebts, openDebtsOf, type PayerRow, payersOf } from '#ledger/board-load'
import { BLOCKING } from '#ledger/label-text'
import type { ReadHandle } from '#ledger/ledger'
import {
  installmentsOfIuvs,
  type PageMovement,
  type Payer,
  pageMovements,
  pageReversali,
  payersOfIuvs,
} from '#ledger/table-load'
import { type Act, nameOfReversale } from './act-plan.ts'
import {
  type Counterpart,
  confirmable,
  debtCounterpart,
  flowCounterpart,
  LEVELS,
  matchOf,
  movementCounterpart,
} from './counterparts.ts'
import { leftOf, rowKeys, type Seen, type SeenRow } from './table-index.ts'
import { wireLabel } from './wire-label.ts'
import { type Item, notesOf, type TableFacts, type TableRow } from './work-table.ts'

type Of<K extends Item['kind']> = Extract<Item, { kind: K }>
type MovementItem = Of<'credit' | 'debit'>

/** What the rows of one page need from the ledger, read together. */
interface Page {
  readonly movements: ReadonlyMap<number, PageMovement>
  readonly debts: ReadonlyMap<number, OpenDebt>
  /** Of the people whose payments are held, and of those that rules name. */
  readonly debtsOf: ReadonlyMap<number, readonly OpenDebt[]>
  readonly payers: ReadonlyMap<number, readonly PayerRow[]>
  readonly owners: ReadonlyMap<string, Payer>
  readonly installments: ReadonlyMap<string, Id<'installment'>>
  readonly reversali: ReadonlyMap<number, { readonly date: IsoDate; readonly cents: number }>
  /** There is a partita di giro for what is given back. */
  readonly canGiveBack: boolean
}

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

async function loadPage(db: ReadHandle, items: readonly Item[], facts: TableFacts): Promise<Page> {
  const { index } = facts
  const seen = items.flatMap((item) => ('seen' in item ? [item] : []))
  const proposals = seen.flatMap((item) => index.proposalsOf.get(item.seen.movement.movementId) ?? [])
  const edges = seen.flatMap((item) => index.edgesOf.get(item.seen.movement.movementId) ?? [])
  const targets = [...proposals, ...edges].map((p) => p.target)
  const debtIds = targets.flatMap((t) => (t.kind === 'accertamento' ? [t.accertamentoId as Id<'accertamento'>] : []))
  const named = seen.flatMap((item) => namedFlows(item.seen, facts))
  const flowIds = [...named, ...proposals.flatMap(({ target }) => (target.kind === 'flow' ? [target.flowId] : []))]
  const versionIds = new Set(flowIds.flatMap((id) => index.flows.get(id)?.versionId ?? []))
  const rows = items.flatMap((item) => (item.kind === 'flowRow' ? [evidenceOf(item.row)] : []))
  const revoked = items.flatMap((item) =>
    item.kind === 'flow'
      ? (versionOf(item.flowId, facts)
          ?.rows.filter((row) => row.outcome === '3')
          .slice(0, 200) ?? [])
      : [],
  )
  const owners = await payersOfIuvs(
    db,
    [...rows, ...revoked].map((row) => row.iuv),
  )
  const people = [
    ...rows.flatMap((row) => owners.get(row.iuv)?.personId ?? []),
    ...seen.flatMap((item) => item.rules.flatMap(({ action }) => (action.kind === 'match' ? [action.personId] : []))),
  ]
  const iuvs = proposals.flatMap(({ target }) => (target.kind === 'iuv' ? [target.iuv] : []))
  const debts = await openDebts(db, { ids: [...new Set(debtIds)] })
  return {
    movements: await pageMovements(
      db,
      seen.map((item) => item.seen.movement.movementId),
    ),
    debts: new Map(debts.map((d) => [d.accertamentoId, d])),
    debtsOf: await openDebtsOf(db, people as Id<'person'>[]),
    payers: await payersOf(db, [...versionIds] as Id<'reportingFlowVersion'>[]),
    owners,
    installments: await installmentsOfIuvs(db, iuvs),
    reversali: await pageReversali(
      db,
      items.flatMap((item) => (item.kind === 'alarm' ? [item.reversaleId] : [])),
    ),
    canGiveBack: rows.length > 0 && (await excessPlace(db)) !== null,
  }
}

function versionOf(flowId: string, { index }: TableFacts) {
  return index.versions.get(index.flows.get(flowId)?.versionId ?? 0)
}

function evidenceOf(row: SeenRow): FlowRowEvidence {
  return row.version.rows[row.ordinal] as FlowRowEvidence
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

/** Known flows whose id the causale carries. */
function namedFlows({ movement }: Seen, { index }: TableFacts): string[] {
  const folds = new Set(movement.reference.flows.flatMap((f) => f.folds))
  if (folds.size === 0 || ![...folds].some((fold) => index.folds.has(fold))) return []
  return [...index.flows.values()]
    .filter((f) => f.versionState !== 'otherReceiver' && folds.has(foldFlowId(f.flowId)))
    .map((f) => f.flowId)
}

function movementRow(item: MovementItem, facts: TableFacts, page: Page): TableRow {
  const { movement, outcome } = item.seen
  const { movementId, description } = movement
  const { index } = facts
  const left = leftOf(item.seen)
  const edges = index.edgesOf.get(movementId) ?? []
  const decided = (index.decisionsOf.get(`m${movementId}`) ?? []).map((d) => d.decisionId as Id<'decision'>)
  const stored = page.movements.get(movementId)
  const waiting = left !== 0 && outcome.state !== 'matched'
  const counterparts = waiting ? (movement.cents < 0 ? ofDebit(item, facts) : ofCredit(item, facts, page)) : []
  return {
    kind: item.kind as 'credit',
    ...common(item, facts, outcome.labels, counterparts, left),
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
    provvisorio: stored?.provvisorio == null ? null : String(stored.provvisorio),
    targets: edges.map(({ target, cents: amount }) => ({
      cents: amount,
      reportingFlowId: target.kind === 'flow' ? (facts.flowIds.get(target.flowId) ?? null) : null,
      title: titleOf(target, page),
    })),
    byHand: edges.some((edge) => edge.origin === 'manual'),
  }
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

function ofCredit(item: MovementItem, facts: TableFacts, page: Page): Counterpart[] {
  const { seen } = item
  const { movementId } = seen.movement
  const left = leftOf(seen)
  const proposals = facts.index.proposalsOf.get(movementId) ?? []
  const parts = proposals.filter((p) => p.level === 'PARTS')
  const out: Counterpart[] = parts.length > 0 ? partsCounterpart(seen, left, parts, facts, page) : []
  for (const proposal of proposals) {
    const how = { level: LEVELS[proposal.level], rivals: proposal.rivals }
    if (proposal.level === 'PARTS') continue
    if (proposal.target.kind === 'flow') out.push(...known(proposal.target.flowId, seen, left, how, facts, page))
    else if (proposal.target.kind === 'accertamento') {
      const debt = page.debts.get(proposal.target.accertamentoId)
      if (!debt) continue
      const code = debt.fiscalCode !== null && seen.movement.description.toUpperCase().includes(debt.fiscalCode)
      const act = matchOf(movementId, [target(debt, left)])
      out.push(
        debtCounterpart(act, left, debt, how, [
          { ok: true, text: code ? 'Il codice fiscale è nella causale' : 'Il nome è nella causale' },
          { ok: false, text: 'Nessun riferimento pagoPA: è un bonifico diretto' },
        ]),
      )
    }
  }
  out.push(...ofRules(item, left, facts, page))
  if (out.length > 0) return out
  return namedFlows(seen, facts).flatMap((flowId) =>
    known(flowId, seen, left, { level: 'exact', rivals: 1 }, facts, page),
  )
}

function target(debt: OpenDebt, left: Cents) {
  return { kind: 'accertamento' as const, id: debt.accertamentoId, cents: cents(Math.min(left, debt.outstandingCents)) }
}

function known(
  flowId: string,
  seen: Seen,
  left: Cents,
  how: { readonly level: Counterpart['level']; readonly rivals: number },
  facts: TableFacts,
  page: Page,
): Counterpart[] {
  const outcome = facts.index.flows.get(flowId)
  const version = versionOf(flowId, facts)
  const id = facts.flowIds.get(flowId)
  if (!outcome || !version || id === undefined) return []
  const payers = page.payers.get(version.versionId) ?? []
  return [flowCounterpart(seen, left, { id, version, outcome, payers }, how)]
}

/** The whole credit in its parts, confirmed together. */
function partsCounterpart(
  seen: Seen,
  left: Cents,
  parts: readonly Proposal[],
  facts: TableFacts,
  page: Page,
): Counterpart[] {
  const targets = parts.flatMap(({ target: t, cents: amount }) => {
    const id =
      t.kind === 'flow' ? facts.flowIds.get(t.flowId) : t.kind === 'iuv' ? page.installments.get(t.iuv) : undefined
    return id === undefined || t.kind === 'accertamento' ? [] : [{ kind: t.kind, id, cents: amount }]
  })
  if (targets.length !== parts.length) return []
  const title = parts
    .map(({ target: t }) => (t.kind === 'flow' ? t.flowId : t.kind === 'iuv' ? `IUV ${t.iuv}` : ''))
    .join(' + ')
  const total = sum(parts.map((p) => p.cents))
  return [
    {
      act: matchOf(seen.movement.movementId, targets),
      title,
      detail: parts.map((p) => formatCents(p.cents)).join(' + '),
      date: null,
      cents: total,
      evidence: [
        { ok: total === left, text: `Insieme fanno ${formatCents(total)}` },
        { ok: true, text: 'La causale porta tutti questi riferimenti' },
      ],
      level: 'parts',
      payers: [],
    },
  ]
}

/** Rules propose, a person confirms. */
function ofRules({ seen, rules }: MovementItem, left: Cents, facts: TableFacts, page: Page): Counterpart[] {
  const { movementId, bookingDate } = seen.movement
  return rules.flatMap(({ action, condition }): Counterpart[] => {
    const stem = condition.words.join(' ').toUpperCase()
    const ticks = [{ ok: true, text: `Regola: la causale ha le parole «${stem}»` }]
    if (action.kind === 'exclude') {
      return [
        {
          act: { kind: 'exclude', bankMovementIds: [movementId as Id<'bankMovement'>], reason: action.reason },
          title: `Escludi: ${action.reason}`,
          detail: 'Come le altre volte',
          date: null,
          cents: left,
          evidence: ticks,
          level: 'rule',
          payers: [],
        },
      ]
    }
    if (action.kind === 'match') {
      const debts = page.debtsOf.get(action.personId) ?? []
      const equal = debts.filter((d) => d.outstandingCents === left)
      const [first] = equal.length > 0 ? equal : debts
      if (!first) return []
      const how = { level: 'rule' as const, rivals: 1 }
      return [debtCounterpart(matchOf(movementId, [target(first, left)]), left, first, how, ticks)]
    }
    return internals(seen, facts)
      .filter((other) => other.movement.bankAccountId === action.debitAccountId)
      .slice(0, 1)
      .map((other) => internalCounterpart(seen, other, facts, bookingDate, 'rule', ticks))
  })
}

/** Debits of the same amount on other accounts, not the giroconto of another credit, nearest first. */
export function internals({ movement }: Seen, { index }: TableFacts): Seen[] {
  const near = (other: Seen) => Math.abs(daysBetween(movement.bookingDate, other.movement.bookingDate))
  return (index.byAmount.get(Math.abs(movement.cents)) ?? [])
    .filter(
      (other) =>
        other.movement.cents < 0 !== movement.cents < 0 &&
        other.movement.bankAccountId !== movement.bankAccountId &&
        other.outcome.state !== 'internal' &&
        other.outcome.state !== 'matched' &&
        near(other) <= 10,
    )
    .sort((a, b) => near(a) - near(b))
}

export function internalCounterpart(
  credit: Seen,
  debit: Seen,
  { accounts }: TableFacts,
  day: IsoDate,
  level: Counterpart['level'],
  more: Counterpart['evidence'],
): Counterpart {
  const days = Math.abs(daysBetween(day, debit.movement.bookingDate))
  const act: Act = {
    kind: 'internal',
    bankMovementId: credit.movement.movementId as Id<'bankMovement'>,
    debitMovementId: debit.movement.movementId as Id<'bankMovement'>,
  }
  return movementCounterpart(act, debit, accounts.get(debit.movement.bankAccountId ?? 0) ?? '', level, [
    ...more,
    { ok: true, text: 'Importo uguale al centesimo, su un altro conto dell’ente' },
    {
      ok: days <= 5,
      text: days === 0 ? 'Lo stesso giorno' : `${days} ${days === 1 ? 'giorno' : 'giorni'} di distanza`,
    },
  ])
}

/** Credits of the same account that a debit may take back: of its amount, booked in the two months before. */
export function stornable({ movement }: Seen, { index }: TableFacts): Seen[] {
  return (index.byAmount.get(Math.abs(movement.cents)) ?? [])
    .filter(({ movement: credit, outcome }) => {
      const days = daysBetween(credit.bookingDate, movement.bookingDate)
      const same = credit.bankAccountId === movement.bankAccountId
      return credit.cents > 0 && same && days >= 0 && days <= 60 && outcome.availableCents > 0
    })
    .toReversed()
}

export function stornoCounterpart(
  debit: Seen,
  credit: Seen,
  { accounts }: TableFacts,
  level: Counterpart['level'],
  rivals: number,
): Counterpart {
  const act: Act = {
    kind: 'storno',
    bankMovementId: debit.movement.movementId as Id<'bankMovement'>,
    creditMovementId: credit.movement.movementId as Id<'bankMovement'>,
  }
  const ticks = [{ ok: true, text: 'Importo uguale al centesimo, sullo stesso conto' }]
  if (rivals > 1) ticks.push({ ok: false, text: `Ci sono ${rivals} accrediti ugualmente possibili` })
  return movementCounterpart(act, credit, accounts.get(credit.movement.bankAccountId ?? 0) ?? '', level, ticks)
}

function ofDebit({ seen }: MovementItem, facts: TableFacts): Counterpart[] {
  const credits = stornable(seen, facts).slice(0, 9)
  return credits.map((credit) => stornoCounterpart(seen, credit, facts, 'transfer', credits.length))
}

function heldRow(item: Of<'flowRow'>, facts: TableFacts, page: Page): TableRow {
  const { flow, version, rowKey, label } = item.row
  const row = evidenceOf(item.row)
  const { index } = facts
  const id = facts.flowIds.get(flow.flowId) as Id<'reportingFlow'>
  const owner = page.owners.get(row.iuv)
  const decided = index.decisionsOf.get(`f${flow.flowId}|${rowKey}`) ?? []
  const isHeld = label.code !== 'ASSIGNED_BY_HAND'
  const counterparts = isHeld && row.outcome !== '3' ? ofHeld(item, id, row, owner, page) : []
  return {
    kind: 'flowRow',
    ...common(item, facts, [label], counterparts, row.cents),
    subject: { kind: 'flowRow', reportingFlowId: id, rowKey },
    cents: row.cents,
    decisionIds: decided.flatMap((d) => (d.kind === 'assignRow' ? [d.decisionId as Id<'decision'>] : [])),
    posted: index.postedRows.has(`${flow.flowId}|${rowKey}`),
    reportingFlowId: id,
    flowId: flow.flowId,
    pspName: version.pspName ?? version.pspCode,
    rowKey,
    iuv: row.iuv,
    iur: row.iur,
    outcome: row.outcome,
    personName: owner?.name ?? null,
    debtPositionId: owner?.debtPositionId ?? null,
  }
}

/** What the payer owes, equal amounts first; and giving the money back, which is never proposed by itself. */
function ofHeld(
  item: Of<'flowRow'>,
  reportingFlowId: Id<'reportingFlow'>,
  row: FlowRowEvidence,
  owner: Payer | undefined,
  page: Page,
): Counterpart[] {
  if (!owner) return []
  const { rowKey } = item.row
  const debts = page.debtsOf.get(owner.personId) ?? []
  const equal = debts.filter((d) => d.outstandingCents === row.cents).length
  const out = debts.slice(0, 9).map((debt): Counterpart => {
    const part = cents(Math.min(row.cents, debt.outstandingCents))
    const targets = [{ accertamentoId: debt.accertamentoId, cents: part }]
    const act: Act = { kind: 'assignRow', reportingFlowId, rowKey, targets, excessTo: null }
    return debtCounterpart(act, row.cents, debt, { level: 'debtor', rivals: equal }, [
      { ok: true, text: 'È della stessa persona dello IUV' },
    ])
  })
  if (page.canGiveBack) {
    out.push({
      act: { kind: 'assignRow', reportingFlowId, rowKey, targets: [], excessTo: owner.personId },
      title: 'Somme da restituire',
      detail: `A ${owner.name}, partita di giro`,
      date: null,
      cents: row.cents,
      evidence: [{ ok: false, text: 'Il pagamento non spetta all’ente: si incassa e si rende' }],
      level: 'searched',
      payers: [],
    })
  }
  return out
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
  const blocks = flow.blocked ? flow.labels.filter((label) => BLOCKING.has(label.code)) : []
  const decided = (index.decisionsOf.get(`f${item.flowId}`) ?? []).filter((d) => d.kind !== 'assignRow')
  const ordered = blocks.length > 0 ? [...blocks, ...flow.labels.filter((l) => !blocks.includes(l))] : flow.labels
  return {
    kind: 'flow',
    ...common(item, facts, ordered, ofBlocked(id, blocks, versions, revocations, version.contentHash), flow.totalCents),
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

function totalOf(rows: readonly FlowRowEvidence[]): Cents {
  return sum(rows.map((row) => (row.outcome === '3' ? cents(-row.cents) : row.cents)))
}

/** What a person may say of a flow that is kept out of the books; each wants a reason. */
function ofBlocked(
  reportingFlowId: Id<'reportingFlow'>,
  blocks: readonly Label[],
  versions: readonly {
    readonly contentHash: string
    readonly flowDateTime: string
    readonly rows: readonly FlowRowEvidence[]
  }[],
  revocations: readonly { readonly rowKey: string; readonly cents: Cents }[],
  contentHash: string,
): Counterpart[] {
  const codes = new Set<string>(blocks.map((label) => label.code))
  const plain = { date: null, evidence: [], level: 'searched' as const, payers: [] }
  const out: Counterpart[] = []
  if (codes.has('FLOW_VERSION_CONFLICT')) {
    versions.forEach((v, i) => {
      const total = totalOf(v.rows)
      out.push({
        ...plain,
        act: { kind: 'chooseVersion', reportingFlowId, contentHash: v.contentHash },
        title: `Vale la versione ${i + 1}`,
        detail: `${v.rows.length} ${v.rows.length === 1 ? 'pagamento' : 'pagamenti'}, ${formatCents(total)}`,
        cents: total,
      })
    })
  }
  if (codes.has('FLOW_SUM_DIFFERS') || codes.has('FLOW_COUNT_DIFFERS')) {
    const total = totalOf(versions.find((v) => v.contentHash === contentHash)?.rows ?? [])
    out.push({
      ...plain,
      act: { kind: 'acceptFlow', reportingFlowId, contentHash },
      title: 'Accetta il flusso com’è',
      detail: 'Vale la somma delle sue righe',
      cents: total,
    })
  }
  if (codes.has('FLOW_HAS_REVOCATION') && revocations.length > 0) {
    out.push({
      ...plain,
      act: { kind: 'confirmRevocation', reportingFlowId, rowKeys: revocations.slice(0, 1000).map((r) => r.rowKey) },
      title: revocations.length === 1 ? 'Conferma la revoca' : `Conferma le ${revocations.length} revoche`,
      detail: 'I pagamenti revocati tornano da riscuotere',
      cents: sum(revocations.map((r) => r.cents)),
    })
  }
  return out
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
