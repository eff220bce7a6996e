import { addDays, epochMsOf, type Instant, type IsoDate, instantOf, romeDate } from '#domain/date'
import { between, hexDigits } from '../dice.ts'
import { workingDayAfter } from '../payments.ts'
import { diceOf } from './dice-of.ts'
import type { NodeFlow, NodeFlowRow, PaidNotice } from './money.ts'
import { providerOf } from './provider-of.ts'
import type { NodePayment, NodePosition } from './records.ts'
import { statusOfPayments } from './states.ts'
import { type NodeStore, positionKey } from './store.ts'

/** Rows of one provider for one day of credit on one account. */
interface Lot {
  readonly psp: string
  readonly creditor: string
  readonly iban: string
  readonly regulationDate: IsoDate
  readonly rows: NodeFlowRow[]
}

/** What is already in a flow, and how many payments and up to when were looked at: a second look is then free. */
const seen = new WeakMap<NodeStore, { readonly iurs: Set<string>; paid: number; until: string }>()

/**
 * What providers do by `now`: each payment whose day of credit has passed comes into a reporting flow of its provider, and
 * what it paid becomes REPORTED. `early` brings forward to today what would come in the next days.
 */
export function settle(store: NodeStore, now: Instant, early = false): readonly NodeFlow[] {
  const known = knownOf(store)
  // Flows come on the hour.
  const until = now.slice(0, 13)
  if (!early && known.paid === store.count('paid') && known.until === until) return []
  const lots = lotsOf(store, known.iurs, now, early)
  const flows: NodeFlow[] = []
  for (const lot of lots) {
    const { rowsPerFlow } = providerOf(lot.psp)
    for (let at = 0; at < lot.rows.length; at += rowsPerFlow) {
      flows.push(publish(store, lot, lot.rows.slice(at, at + rowsPerFlow), now))
    }
  }
  for (const flow of flows) for (const row of flow.rows) known.iurs.add(flowedKey(row.iur, row.idTransfer))
  known.paid = store.count('paid')
  known.until = until
  return flows
}

/**
 * The same flow once more, with the revision after the last there is, whichever was shown: as it was, or without its last
 * row. What was published stays as it is.
 */
export function publishAgain(store: NodeStore, shown: NodeFlow, now: Instant, shorter = false): NodeFlow {
  const { psp, flowId } = shown
  const flow = latestFlows(store, shown.creditor).find((one) => one.psp === psp && one.flowId === flowId) ?? shown
  const again: NodeFlow = {
    ...flow,
    revision: flow.revision + 1,
    at: now,
    published: now,
    rows: shorter && flow.rows.length > 1 ? flow.rows.slice(0, -1) : flow.rows,
  }
  store.change((changes) => changes.put('flow', flowKey(again), again))
  return again
}

export function flowKey(flow: Pick<NodeFlow, 'creditor' | 'psp' | 'flowId' | 'revision'>): string {
  return `${flow.creditor}/${flow.psp}/${flow.flowId}/${flow.revision}`
}

/** The last revision of each flow, in the order of publication. */
export function latestFlows(store: NodeStore, creditor?: string): NodeFlow[] {
  const latest = new Map<string, NodeFlow>()
  for (const flow of store.all('flow')) {
    if (creditor !== undefined && flow.creditor !== creditor) continue
    const key = `${flow.creditor}/${flow.psp}/${flow.flowId}`
    const other = latest.get(key)
    if (!other || other.revision < flow.revision) latest.set(key, flow)
  }
  return [...latest.values()].sort((a, b) => order(a.published, b.published) || order(a.flowId, b.flowId))
}

/** When the flow of a payment is out: the day after the credit, in the provider's own hours. */
export function flowDueAt(psp: string, day: IsoDate): Instant {
  const credit = workingDayAfter(day, providerOf(psp).creditAfter)
  const hour = String(between(diceOf(`hour ${psp} ${credit}`), 4, 20)).padStart(2, '0')
  return `${addDays(credit, 1)}T${hour}:30:00.000Z` as Instant
}

function knownOf(store: NodeStore) {
  const known = seen.get(store)
  if (known) return known
  const iurs = new Set<string>()
  for (const flow of store.all('flow')) for (const row of flow.rows) iurs.add(flowedKey(row.iur, row.idTransfer))
  const fresh = { iurs, paid: -1, until: '' }
  seen.set(store, fresh)
  return fresh
}

function flowedKey(iur: string, idTransfer: number): string {
  return `${iur}/${idTransfer}`
}

function lotsOf(store: NodeStore, iurs: ReadonlySet<string>, now: Instant, early: boolean): Lot[] {
  const today = romeDate(now)
  const lots = new Map<string, Lot>()
  for (const paid of store.all('paid')) {
    if (!paid.ok || (!early && flowDueAt(paid.psp, paid.day) > now)) continue
    const credit = workingDayAfter(paid.day, providerOf(paid.psp).creditAfter)
    const regulationDate = credit > today ? today : credit
    for (const row of rowsOf(paid, iurs)) {
      const key = `${regulationDate}|${paid.psp}|${paid.creditor}|${row.iban}`
      const lot = lots.get(key)
      if (lot) lot.rows.push(row)
      else lots.set(key, { psp: paid.psp, creditor: paid.creditor, iban: row.iban, regulationDate, rows: [row] })
    }
  }
  return [...lots].sort(([a], [b]) => order(a, b)).map(([, lot]) => lot)
}

/** What of a payment goes to its own creditor and is in no flow yet: stamps and other institutions' money never are. */
function rowsOf(paid: PaidNotice, iurs: ReadonlySet<string>): (NodeFlowRow & { readonly iban: string })[] {
  return paid.transfers.flatMap(({ idTransfer, fiscalCode, cents, iban }) => {
    if (iban === null || fiscalCode !== paid.creditor || iurs.has(flowedKey(paid.iur, idTransfer))) return []
    const { iuv, iur, outcome, day } = paid
    return [{ iuv, iur, idTransfer, cents, outcome, day, iban }]
  })
}

function publish(
  store: NodeStore,
  lot: Lot,
  found: readonly (NodeFlowRow & { readonly iban?: string })[],
  now: Instant,
): NodeFlow {
  const { psp, creditor, iban, regulationDate } = lot
  const rows = found.map(({ iban: _iban, ...row }) => row)
  const flowId = freshFlowId(store, psp, creditor, regulationDate)
  const usual = `${addDays(regulationDate, 1)}${flowDueAt(psp, rows[0]?.day ?? regulationDate).slice(10)}` as Instant
  const at = usual < now ? usual : instantOf(epochMsOf(now) - 60_000)
  const flow: NodeFlow = {
    ...{ flowId, psp, revision: 1, creditor, iban, at, published: now, trn: hexDigits(diceOf(`trn ${flowId}`), 30) },
    ...{ regulationDate, rows },
  }
  store.change((changes) => {
    changes.put('flow', flowKey(flow), flow)
    const touched = new Map<string, NodePosition>()
    for (const row of rows) {
      const position = store.byIuv(creditor, row.iuv)?.position
      if (!position) continue
      const key = positionKey(creditor, position.iupd)
      const next = reported(touched.get(key) ?? position, row, flow)
      if (next !== null) touched.set(key, next)
    }
    for (const [key, position] of touched) changes.put('position', key, position)
  })
  return flow
}

/** A serial of the provider that no flow of its has. */
function freshFlowId(store: NodeStore, psp: string, creditor: string, date: IsoDate): string {
  const provider = providerOf(psp)
  let serial = 1
  for (const flow of store.all('flow')) if (flow.psp === psp && flow.revision === 1) serial += 1
  for (;;) {
    const flowId = `${date}${psp}-${provider.freePart(serial, date.replaceAll('-', ''))}`
    if (!store.get('flow', flowKey({ creditor, psp, flowId, revision: 1 }))) return flowId
    serial += 1
  }
}

/**
 * The position after a flow has told of a payment of its; null where it was another payment of the same notice. Stamps and
 * other institutions' transfers are reported to those: here they count as reported with ours.
 */
function reported(position: NodePosition, row: NodeFlowRow, flow: NodeFlow): NodePosition | null {
  let touched = false
  const report = (payment: NodePayment): NodePayment => {
    if (payment.iuv !== row.iuv || payment.idReceipt !== row.iur) return payment
    touched = true
    const transfer = payment.transfer.map((each) => {
      const own = each.organizationFiscalCode === flow.creditor && each.stamp === undefined
      const done = !own || Number(each.idTransfer) === row.idTransfer
      return done ? { ...each, status: 'T_REPORTED' as const, lastUpdatedDate: flow.published } : each
    })
    const whole = transfer.every((each) => each.status === 'T_REPORTED')
    return {
      ...payment,
      transfer,
      status: whole ? 'PO_REPORTED' : 'PO_PARTIALLY_REPORTED',
      idFlowReporting: flow.flowId,
      reportingDate: flow.published,
      lastUpdatedDate: flow.published,
    }
  }
  const options = position.options.map((option) => ({ ...option, payments: option.payments.map(report) }))
  if (!touched) return null
  const next = { ...position, options, lastUpdatedDate: flow.published }
  return { ...next, status: statusOfPayments(next) }
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
