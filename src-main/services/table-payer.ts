import type { Id } from '#domain/brand'
import { type Label, labelText } from '#domain/labels'
import { type Cents, cents, formatCents } from '#domain/money'
import type { FlowRowEvidence } from '#domain/reconcile-evidence'
import type { OpenDebt } from '#ledger/board-load'
import type { PayerOfReceipt } from '#ledger/table-load'
import type { Act } from './act.ts'
import { amountTick, type Counterpart, debtCounterpart, matchOf } from './counterparts.ts'
import { partFor } from './rooms.ts'
import { leftOf, type Seen } from './table-index.ts'
import { iuvsOf, type Of, type Page } from './table-page.ts'

/** The second payment of what is paid: while nothing else is due, there is only giving it back. */
const PAID_AGAIN: ReadonlySet<string> = new Set(['DUPLICATE_PAYMENT', 'DUPLICATE_ROW', 'PAID_WITH_OTHER_OPTION'])

/** Whose debt it is was never in doubt: of its amount, alone, it may be confirmed as it is. */
const DEBT_SURE: ReadonlySet<string> = new Set([
  'POSITION_CANCELLED',
  'NOTICE_REPLACED',
  'AMBIGUOUS_TRANSFER',
  'UNKNOWN_POSITION',
])

interface Rest {
  readonly excessTo?: Id<'person'>
  readonly unidentified?: true
}

interface Paid {
  readonly code: string
  readonly cents: Cents
  readonly payer: PayerOfReceipt | undefined
  /** By the notice that was paid, or only by the receipt. */
  readonly byReceipt: boolean
  /** A payment of a flow is collected whole; of a credit the rest may wait. */
  readonly whole?: true
  act(debts: readonly { readonly accertamentoId: Id<'accertamento'>; readonly cents: Cents }[], rest: Rest): Act
}

/** What may be said of money that a payment brought and no debt took: the payer's other debts, and giving it back. */
function answers(paid: Paid, page: Page, first: readonly Counterpart[] = []): Counterpart[] {
  const { payer } = paid
  if (!payer) return page.unidentified ? [unowned(paid, page.unidentified.capitolo)] : []
  const all = page.debtsOf.get(payer.personId) ?? []
  const debts = [...all.filter((d) => isWhole(d, paid)), ...all.filter((d) => !isWhole(d, paid))].slice(0, 4)
  const rivals = all.filter((d) => isWhole(d, paid)).length
  // The payment that the credit names stands for its debt.
  const out = first.length > 0 ? [...first] : debts.flatMap((debt) => toDebt(paid, debt, rivals, page))
  if (page.giveBack) {
    const sure = PAID_AGAIN.has(paid.code) && all.length === 0
    out.push({
      act: paid.act([], { excessTo: payer.personId }),
      title: 'Da restituire',
      detail: `A ${payer.name}, capitolo ${page.giveBack.capitolo}`,
      date: null,
      cents: paid.cents,
      evidence: sure
        ? [{ ok: true, text: `${payer.name} non deve altro` }]
        : [{ ok: false, text: 'Il pagamento non spetta all’ente: si incassa e si rende' }],
      level: sure ? 'back' : 'searched',
      payers: [],
    })
  }
  return out
}

function isWhole(debt: OpenDebt, paid: Paid): boolean {
  return debt.outstandingCents === paid.cents
}

function toDebt(paid: Paid, debt: OpenDebt, rivals: number, page: Page): Counterpart[] {
  const part = partFor(paid.cents, debt)
  const left = cents(paid.cents - part)
  const target = [{ accertamentoId: debt.accertamentoId, cents: part }]
  const how = { level: DEBT_SURE.has(paid.code) ? ('debtor' as const) : ('searched' as const), rivals }
  const whose = paid.byReceipt ? 'È di chi ha pagato, per la ricevuta' : 'È della stessa persona dello IUV'
  const ticks = [{ ok: true, text: whose }]
  const plain = debtCounterpart(paid.act(target, {}), paid.cents, debt, how, ticks)
  if (left === 0) return [plain]
  const inPart = paid.whole ? [] : [plain]
  if (!page.giveBack || !paid.payer) return inPart
  const withBack = debtCounterpart(
    paid.act(target, { excessTo: paid.payer.personId }),
    paid.cents,
    debt,
    { ...how, level: 'searched' },
    ticks,
  )
  return [{ ...withBack, detail: `${withBack.detail}, e ${formatCents(left)} da restituire` }, ...inPart]
}

function unowned(paid: Paid, capitolo: string): Counterpart {
  return {
    act: paid.act([], { unidentified: true }),
    title: 'Da identificare',
    detail: `Capitolo ${capitolo}, finché non si sa di chi è`,
    date: null,
    cents: paid.cents,
    evidence: [{ ok: false, text: 'Nessuno sa di chi è: si incassa, e si attribuisce quando si scopre' }],
    level: 'searched',
    payers: [],
  }
}

/** Of a payment held inside a flow. One that was assigned by hand is reopened first; one without money has nothing to give. */
export function ofHeld(
  item: Of<'flowRow'>,
  reportingFlowId: Id<'reportingFlow'>,
  row: FlowRowEvidence,
  page: Page,
): Counterpart[] {
  const { rowKey, label } = item.row
  if (label.code === 'CREDIT_USED') return []
  const act = (debts: Parameters<Paid['act']>[0], rest: Rest): Act => ({
    ...{ kind: 'assignRow', reportingFlowId, rowKey, targets: [...debts] },
    ...rest,
  })
  const payer = page.payerOf.get(row.iuv)
  return answers(
    { code: label.code, cents: row.cents, payer, byReceipt: !page.owners.has(row.iuv), whole: true, act },
    page,
  )
}

/** Of a credit that names payments: the very payment, when there is money for it, else what its payer owes besides. */
export function ofPayment(seen: Seen, left: Cents, page: Page): Counterpart[] {
  const { movementId } = seen.movement
  const code = seen.outcome.labels[0]?.code ?? ''
  if (code === 'WAITING_FOR_FLOW' || left !== leftOf(seen)) return []
  if (code === 'MAYBE_PAID_AGAIN') {
    const why = labelText(seen.outcome.labels[0] as Label, seen.movement.bookingDate)
    return ofRest(seen, left, page, code).map((c) => ({ ...c, evidence: [{ ok: false, text: why }, ...c.evidence] }))
  }
  const [iuv, ...more] = iuvsOf(seen).filter((i) => page.payerOf.has(i))
  const payer = iuv === undefined || more.length > 0 ? undefined : page.payerOf.get(iuv)
  const byReceipt = iuv !== undefined && !page.owners.has(iuv)
  const paid: Paid = { ...ofCredit(movementId), code, cents: left, payer, byReceipt }
  const named = iuv && payer && code === 'AMOUNT_DIFFERS' ? theVery(iuv, payer, paid, movementId, page) : []
  return answers(paid, page, named)
}

/** Of what a match by hand left, or of who pays again: the other debts of who paid, and giving it back. */
export function ofRest({ movement }: Seen, left: Cents, page: Page, code = 'PARTLY_ASSIGNED'): Counterpart[] {
  const payer = page.payerOfRest.get(movement.movementId)
  return answers({ ...ofCredit(movement.movementId), code, cents: left, payer, byReceipt: false }, page)
}

function ofCredit(movementId: number): Pick<Paid, 'act'> {
  return {
    act: (debts, rest) => ({
      ...matchOf(
        movementId,
        debts.map(({ accertamentoId, cents: amount }) => ({ kind: 'accertamento', id: accertamentoId, cents: amount })),
      ),
      ...rest,
    }),
  }
}

/** A payment is taken whole: what came above it is given back, or stays. */
function theVery(iuv: string, payer: PayerOfReceipt, paid: Paid, movementId: number, page: Page): Counterpart[] {
  const id = page.installments.get(iuv)
  const own = page.ownCents.get(id ?? 0)
  if (id === undefined || own === undefined || own >= paid.cents) return []
  const left = cents(paid.cents - own)
  const plain: Counterpart = {
    act: matchOf(movementId, [{ kind: 'iuv', id, cents: own }]),
    title: payer.name,
    detail: `IUV ${iuv}`,
    date: null,
    cents: own,
    evidence: [{ ok: true, text: 'La causale porta proprio questo IUV' }, amountTick(paid.cents, own)],
    level: 'exact',
    payers: [],
  }
  if (!page.giveBack) return [plain]
  const act: Act = { ...matchOf(movementId, [{ kind: 'iuv', id, cents: own }]), excessTo: payer.personId }
  return [{ ...plain, act, detail: `IUV ${iuv}, e ${formatCents(left)} da restituire` }, plain]
}
