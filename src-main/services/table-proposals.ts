import type { Id } from '#domain/brand'
import { daysBetween, type IsoDate } from '#domain/date'
import type { Label } from '#domain/labels'
import { type Cents, cents, formatCents, sum } from '#domain/money'
import type { FlowRowEvidence } from '#domain/reconcile-evidence'
import type { Proposal } from '#domain/reconcile-outcome'
import type { OpenDebt } from '#ledger/board-load'
import type { Act } from './act.ts'
import {
  type Counterpart,
  debtCounterpart,
  flowCounterpart,
  LEVELS,
  matchOf,
  movementCounterpart,
  partForFlow,
} from './counterparts.ts'
import { isFull } from './matched-by-hand.ts'
import { namedFlows, type TableFacts, versionOf } from './table-facts.ts'
import { leftOf, partOf, type Seen } from './table-index.ts'
import type { MovementItem, Page } from './table-page.ts'
import { ofPayment, ofRest } from './table-payer.ts'

export function ofCredit(item: MovementItem, facts: TableFacts, page: Page): Counterpart[] {
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
      // What two credits may pay, only one can: a person picks.
      const rivals = rivalCredits(proposal, facts)
      out.push(
        debtCounterpart(act, left, debt, rivals > 0 ? { ...how, level: 'searched' } : how, [
          { ok: true, text: code ? 'Il codice fiscale è nella causale' : 'Il nome è nella causale' },
          ...(rivals > 0
            ? [
                {
                  ok: false,
                  text: rivals === 1 ? 'Un altro accredito può pagarlo' : `Altri ${rivals} accrediti possono pagarlo`,
                },
              ]
            : []),
          { ok: false, text: 'Nessun riferimento pagoPA: è un bonifico diretto' },
        ]),
      )
    }
  }
  // A rule goes by the other words: what names a flow or a payment is never put aside by it with one key.
  const named = namesPagoPa(seen)
  const ruled = ofRules(item, left, facts, page).map((c) => (named ? { ...c, level: 'searched' as const } : c))
  if (!named) out.push(...ruled)
  if (out.length > 0) return named ? [...out, ...ruled] : out
  const flows = namedFlows(seen, facts).flatMap((flowId) =>
    known(flowId, seen, left, { level: 'exact', rivals: 1 }, facts, page),
  )
  const last = named ? ruled : []
  if (partOf(seen) !== null) return [...ofRest(seen, left, page), ...last]
  return [...flows, ...ofPayment(seen, left, page), ...last]
}

/** How many other credits are proposed for the same debt. */
function rivalCredits({ movementId, target }: Proposal, { index }: TableFacts): number {
  if (target.kind !== 'accertamento') return 0
  const same = (p: Proposal) =>
    p.target.kind === 'accertamento' && p.target.accertamentoId === target.accertamentoId && p.movementId !== movementId
  return [...index.proposalsOf.values()].filter((list) => list.some(same)).length
}

function namesPagoPa({ movement: { reference } }: Seen): boolean {
  return reference.flows.length > 0 || reference.truncated.length > 0 || reference.iuvs.some((i) => i.sure)
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
  if (!outcome || !version || id === undefined || partForFlow(seen, left, outcome) === 0) return []
  if (isFull(outcome, seen, facts.books)) return []
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
  other: Seen = debit,
): Counterpart {
  const days = Math.abs(daysBetween(day, other.movement.bookingDate))
  const act: Act = {
    kind: 'internal',
    bankMovementId: credit.movement.movementId as Id<'bankMovement'>,
    debitMovementId: debit.movement.movementId as Id<'bankMovement'>,
  }
  return movementCounterpart(act, other, accounts.get(other.movement.bankAccountId ?? 0) ?? '', level, [
    ...more,
    { ok: true, text: 'Importo uguale al centesimo, su un altro conto dell’ente' },
    {
      ok: days <= 5,
      text: days === 0 ? 'Lo stesso giorno' : `${days} ${days === 1 ? 'giorno' : 'giorni'} di distanza`,
    },
  ])
}

/** A credit that still has something, and is no giroconto. */
export function isStornable({ movement, outcome }: Seen): boolean {
  return movement.cents > 0 && outcome.availableCents > 0 && outcome.state !== 'internal'
}

/** Credits of the same account that a debit may take back: of its amount, booked in the two months before. */
export function stornable({ movement }: Seen, { index }: TableFacts): Seen[] {
  return (index.byAmount.get(Math.abs(movement.cents)) ?? [])
    .filter(({ movement: credit, outcome }) => {
      const days = daysBetween(credit.bookingDate, movement.bookingDate)
      const same = credit.bankAccountId === movement.bankAccountId
      return (
        isStornable({ movement: credit, outcome }) &&
        same &&
        days >= 0 &&
        days <= 60 &&
        outcome.availableCents >= -movement.cents
      )
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

export function ofDebit({ seen }: MovementItem, facts: TableFacts): Counterpart[] {
  const codes = new Set<string>(seen.outcome.labels.map((label) => label.code))
  if (codes.has('STORNO_KEPT')) return [excludeCounterpart(seen, MANDATO)]
  if (codes.has('MAYBE_REFUND')) return [excludeCounterpart(seen, REFUND), ...stornoOfReference(seen, facts)]
  if (codes.has('STORNO_IN_PART')) return [excludeCounterpart(seen, FEE), ...stornoOfReference(seen, facts)]
  const credits = stornable(seen, facts).slice(0, 9)
  const sweeps = seen.movement.reference.flows.length === 0 ? [] : internals(seen, facts).slice(0, 9)
  const rivals = credits.length + sweeps.length
  return [
    ...credits.map((credit) => stornoCounterpart(seen, credit, facts, 'transfer', rivals)),
    ...sweeps.map((credit) =>
      internalCounterpart(credit, seen, facts, seen.movement.bookingDate, 'transfer', [], credit),
    ),
  ]
}

/** Why a debit that names a credit is no storno of it. */
interface NoStorno {
  readonly title: string
  readonly reason: string
  readonly detail: string
}

/** What a closed exercise has collected is given back by a payment, and what is owed again is a debt of this year. */
const MANDATO: NoStorno = {
  title: 'Da coprire con mandato',
  reason: 'Da coprire con mandato',
  detail: 'La reversale resta com’è; se la somma è ancora dovuta, serve un nuovo accertamento di quest’anno',
}
const REFUND: NoStorno = {
  title: 'Escludi: rimborso con mandato',
  reason: 'Rimborso con mandato',
  detail: 'La reversale delle somme da restituire resta com’è: il rimborso esce con il suo mandato',
}
const FEE: NoStorno = {
  title: 'Escludi: commissione o spesa',
  reason: 'Commissione o spesa',
  detail: 'L’accredito resta intero: l’addebito si copre con mandato',
}

function excludeCounterpart({ movement }: Seen, { title, reason, detail }: NoStorno): Counterpart {
  return {
    act: { kind: 'exclude', bankMovementIds: [movement.movementId as Id<'bankMovement'>], reason },
    title,
    detail,
    date: movement.bookingDate,
    cents: cents(-movement.cents),
    evidence: [],
    level: 'searched',
    payers: [],
  }
}

/** The credits of the same reference, latest first: a person may say that one of them is taken back all the same. */
function stornoOfReference(seen: Seen, facts: TableFacts): Counterpart[] {
  const { movement: debit } = seen
  const keys = new Set(namesOf(debit))
  const credits = facts.index.movements.filter(
    ({ movement, outcome }) =>
      isStornable({ movement, outcome }) &&
      movement.bankAccountId === debit.bankAccountId &&
      movement.bookingDate <= debit.bookingDate &&
      namesOf(movement).some((key) => keys.has(key)),
  )
  const account = facts.accounts.get(debit.bankAccountId ?? 0) ?? ''
  return credits
    .slice(-3)
    .toReversed()
    .map((credit) => {
      const tick = { ok: true, text: 'La causale porta lo stesso riferimento, sullo stesso conto' }
      const counterpart = stornoCounterpart(seen, credit, facts, 'searched', 1)
      const part = credit.movement.cents !== -debit.cents
      return part ? movementCounterpart(counterpart.act, credit, account, 'searched', [tick]) : counterpart
    })
}

function namesOf({ reference }: Seen['movement']): string[] {
  return [...reference.flows.flatMap((f) => f.folds), ...reference.iuvs.filter((i) => i.sure).map((i) => i.iuv)]
}

export function totalOf(rows: readonly FlowRowEvidence[]): Cents {
  return sum(rows.map((row) => (row.outcome === '3' ? cents(-row.cents) : row.cents)))
}

/** What a person may say of a flow that is kept out of the books; each wants a reason. */
export function ofBlocked(
  reportingFlowId: Id<'reportingFlow'>,
  blocks: readonly Label[],
  versions: readonly {
    readonly contentHash: string
    readonly flowDateTime: string
    readonly revision: number
    readonly rows: readonly FlowRowEvidence[]
  }[],
  revocations: readonly { readonly rowKey: string; readonly cents: Cents }[],
  contentHash: string,
): Counterpart[] {
  const codes = new Set<string>(blocks.map((label) => label.code))
  const plain = { date: null, evidence: [], level: 'searched' as const, payers: [] }
  const out: Counterpart[] = []
  if (codes.has('FLOW_VERSION_CONFLICT')) {
    const newest = versions.find((v) => v.contentHash === contentHash)
    versions.forEach((v, i) => {
      // Older ones have been superseded: only those of one date and revision may be chosen.
      if (v.flowDateTime !== newest?.flowDateTime || v.revision !== newest.revision) return
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
  if (codes.has('FLOW_REVOCATION_UNCOVERED')) {
    const total = sum(revocations.map((r) => r.cents))
    out.push(
      {
        ...plain,
        act: { kind: 'netRevocation', reportingFlowId },
        title: 'Prendila al netto',
        detail: 'Ciò che la banca ha accreditato va ai pagamenti del flusso, nell’ordine; gli altri restano trattenuti',
        cents: total,
        evidence: [{ ok: false, text: 'Tra gli incassi di qui non c’è il pagamento revocato per quell’importo' }],
      },
      {
        ...plain,
        act: { kind: 'setAside', subject: { kind: 'flow', reportingFlowId } },
        title: 'Aspetta il pagamento revocato',
        detail: 'Quando il suo flusso e il suo accredito arrivano, la revoca si chiude da sola',
        cents: total,
      },
    )
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
