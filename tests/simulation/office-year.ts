import { addDays, type Instant, type IsoDate, isoDate } from '#domain/date'
import { type Cents, cents, splitByLargestRemainder } from '#domain/money'
import { composeNoticeNumber, type SegregationCode } from '#domain/notice-number'
import {
  type Decision,
  type FlowRowEvidence,
  type FlowVersionEvidence,
  type PayableInstallment,
  type PayableTransfer,
  type ReceiptEvidence,
  rowKeyOf,
} from '#domain/reconcile-evidence'
import { RECEIVER } from '../domain/reconcile-books.ts'

/** Seeded and small (mulberry32): the same year for the same seed, on any machine. */
export function dice(seed: number): {
  next(): number
  upTo(n: number): number
  chance(p: number): boolean
  pick<T>(xs: readonly T[]): T
  shuffle<T>(xs: readonly T[]): T[]
} {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  const upTo = (n: number): number => Math.floor(next() * n)
  return {
    next,
    upTo,
    chance: (p) => next() < p,
    pick: (xs) => xs[upTo(xs.length)] as (typeof xs)[number],
    shuffle: (xs) => {
      const out = [...xs]
      for (let i = out.length - 1; i > 0; i--) {
        const j = upTo(i + 1)
        ;[out[i], out[j]] = [out[j] as (typeof out)[number], out[i] as (typeof out)[number]]
      }
      return out
    },
  }
}

/** Segregation code and first base of the office's notices. */
export const SEGREGATION = '01' as SegregationCode
const FIRST_BASE = 1_900_000_000_000
/** Bank, post and cash, as the movements of a year call them. */
export const CASH_ACCOUNT = 3

type Said<D> = D extends Decision ? Omit<D, 'decisionId' | 'user' | 'at'> : never
export type SaidDecision = Exclude<Said<Decision>, { kind: 'revoke' | 'netRevocation' | 'setAside' }>

/** Capitolo 9 is «somme da restituire». */
export interface YearDebt {
  readonly id: number
  readonly exercise: number
  readonly cents: number
  readonly capitoloId: 1 | 2 | 9
  readonly person: number
}

export interface YearMovement {
  readonly movementId: number
  readonly account: number
  readonly date: IsoDate
  readonly cents: number
  readonly text: string
  /** The credit that the bank itself says it takes back. */
  readonly stornoOf: number | null
}

/** A payment outside pagoPA into the cash account; `movementId` is the one that it brings. */
export interface Cash {
  readonly movementId: number
  readonly positionId: number
  readonly debts: readonly { readonly accertamentoId: number; readonly cents: number }[]
  readonly date: IsoDate
  readonly document: string
}

/** What reaches the office, as plain data: books in memory and a real ledger live the same year. */
export type Happening =
  | { readonly kind: 'requireReceipt' }
  | { readonly kind: 'accertamento'; readonly debt: YearDebt }
  | {
      readonly kind: 'position'
      readonly positionId: number
      readonly version: number
      /** Those of the version that differ from the one before. */
      readonly installments: readonly PayableInstallment[]
    }
  | { readonly kind: 'movement'; readonly movement: YearMovement }
  | { readonly kind: 'flow'; readonly version: FlowVersionEvidence }
  | { readonly kind: 'receipt'; readonly receipt: ReceiptEvidence }
  | {
      readonly kind: 'decision'
      readonly decisionId: number
      readonly said: SaidDecision
      /** Of an assigned row: its target is raised by the act itself, on what is to be given back. */
      readonly excess: boolean
    }
  | { readonly kind: 'revocation'; readonly decisionId: number; readonly of: number }
  | { readonly kind: 'cash'; readonly decisionId: number; readonly cash: Cash }
  | { readonly kind: 'cashBack'; readonly decisionId: number; readonly of: number; readonly movementId: number }

/** One thing that reaches the office. */
export interface Arrival {
  readonly name: string
  /** What a person can only do afterwards: names of arrivals. */
  readonly after: readonly string[]
  /** What a ledger must have to know what it is about; the engine needs none of it. */
  readonly needs: readonly string[]
  readonly what: Happening
  /** Only for books in memory: the program refuses it or not, depending on what was posted before. */
  readonly memoryOnly: boolean
}

/**
 * What becomes of a position after its first versions: some of its instalments are asked with other numbers, it is cancelled,
 * it is taken up again. Dice of its own, so that the years of before stay what they were.
 */
function laterLife(
  d: ReturnType<typeof dice>,
  first: readonly PayableInstallment[],
  before: readonly (readonly PayableInstallment[])[],
): PayableInstallment[][] {
  const state = new Map([...first, ...before.flat()].map((i) => [i.iuv, i]))
  const versions: PayableInstallment[][] = []
  const move = (of: readonly PayableInstallment[], change: Partial<PayableInstallment>): void => {
    const version = 2 + before.length + versions.length
    const moved = of.map((i) => ({ ...i, ...change, version }))
    for (const i of moved) state.set(i.iuv, i)
    versions.push(moved)
  }
  const plan = () => [...state.values()].filter((i) => i.option === 'plan' && !i.replaced)
  if (plan().length > 0 && d.chance(0.35)) move(plan().slice(1 + d.upTo(2)), { replaced: true })
  const all = () => [...state.values()].filter((i) => !i.replaced)
  if (all().some((i) => i.cancelled)) {
    if (d.chance(0.6)) move(all(), { cancelled: false })
  } else if (d.chance(0.08)) {
    move(all(), { cancelled: true })
    if (d.chance(0.6)) move(all(), { cancelled: false })
  }
  return versions
}

/** Everything that one office sees in a year, with the accidents of the trade; in no particular order. */
export function officeYear(seed: number): Arrival[] {
  const d = dice(seed)
  const arrivals: Arrival[] = []
  const say = (
    name: string,
    what: Happening,
    of: { readonly after?: readonly string[]; readonly needs?: readonly string[]; readonly memoryOnly?: boolean } = {},
  ): string => {
    const { after = [], needs = [], memoryOnly = false } = of
    arrivals.push({ name, what, after, needs, memoryOnly })
    return name
  }
  let movements = 0
  const movement = (
    date: IsoDate,
    amount: number,
    text: string,
    of: { readonly account?: number; readonly stornoOf?: number } = {},
  ): number => {
    movements += 1
    const { account = 1, stornoOf = null } = of
    const what = { movementId: movements, account, date, cents: amount, text, stornoOf }
    const needs = stornoOf === null ? [] : [`movement ${stornoOf}`]
    say(`movement ${movements}`, { kind: 'movement', movement: what }, { needs })
    return movements
  }
  let decisions = 0
  interface About {
    readonly after?: readonly string[]
    readonly needs: readonly string[]
    readonly excess?: boolean
    readonly memoryOnly?: boolean
  }
  const decide = (said: SaidDecision, of: About): string => {
    decisions += 1
    const what: Happening = { kind: 'decision', decisionId: decisions, said, excess: of.excess ?? false }
    return say(`decision ${decisions}`, what, of)
  }
  /** Decided, undone, and decided again: the end is the same as deciding once. */
  const decideMaybeUndone = (said: SaidDecision, of: About): void => {
    const first = decide(said, of)
    if (!d.chance(0.3)) return
    const revoked = decisions
    decisions += 1
    const undo: Happening = { kind: 'revocation', decisionId: decisions, of: revoked }
    const back = say(`decision ${decisions}`, undo, { after: [first], memoryOnly: of.memoryOnly ?? false })
    decide(said, { ...of, after: [back] })
  }
  const onMovement = (movementId: number): string => `movement ${movementId}`

  if (d.chance(0.15)) say('setting', { kind: 'requireReceipt' })

  // Who owes what.
  const people = 8 + d.upTo(12)
  const debtIds: number[] = []
  interface Payable {
    readonly iuv: string
    readonly positionId: number
    /** What flows and credits bring of it. */
    readonly cents: number
    readonly transfers: readonly { readonly id: number; readonly cents: number }[]
    /** What the payer gave, to everybody. */
    readonly all: readonly PayableTransfer[]
  }
  const payable: Payable[] = []
  const position = (payer: Pick<Payable, 'positionId'>): string => `position ${payer.positionId}`
  const accertamento = (debt: YearDebt, memoryOnly = false): string =>
    say(`accertamento ${debt.id}`, { kind: 'accertamento', debt }, { memoryOnly })
  for (let p = 1; p <= people; p++) {
    const debts = Array.from({ length: 1 + d.upTo(3) }, (_, k) => ({
      id: p * 10 + k,
      exercise: d.chance(0.25) ? 2025 : 2026,
      cents: 1000 + d.upTo(200) * 50,
      capitoloId: d.pick([1, 1, 2] as const),
      person: p,
    }))
    const needs = debts.map((a) => accertamento(a))
    debtIds.push(...debts.map((a) => a.id))
    const total = debts.reduce((s, a) => s + a.cents, 0)
    const cancelled = d.chance(0.05)
    const inCash = !cancelled && d.chance(0.12)
    const first: PayableInstallment[] = []
    const later: PayableInstallment[][] = []
    const notice = (k: number, option: 'single' | 'plan', shares: readonly number[]): void => {
      const { iuv } = composeNoticeNumber(SEGREGATION, FIRST_BASE + p * 100 + k)
      const split = d.chance(0.2) && shares.filter((s) => s > 0).length > 1 ? 2 : 1
      const allocations = debts
        .map((a, i) => ({ accertamentoId: a.id, cents: cents(shares[i] as number) }))
        .filter((a) => a.cents > 0)
      const groups = split === 2 ? [allocations.slice(0, 1), allocations.slice(1)] : [allocations]
      let own: PayableTransfer[] = groups.map((group, i) => ({
        idTransfer: i + 1,
        cents: cents(group.reduce((s, a) => s + a.cents, 0)),
        own: true,
        stamp: false,
        allocations: group,
      }))
      // A stamp, or money of another institution, on the same notice: never ours to collect.
      const beside = d.next()
      const others: PayableTransfer[] =
        beside < 0.08
          ? [{ idTransfer: own.length + 1, cents: cents(1600), own: true, stamp: true, allocations: [] }]
          : beside < 0.16
            ? [{ idTransfer: own.length + 1, cents: cents(700), own: false, stamp: false, allocations: [] }]
            : []
      const said = (transfers: readonly PayableTransfer[], version: number): PayableInstallment => ({
        ...{ iuv, positionId: p, version, option, cancelled, transfers: [...transfers, ...others] },
      })
      first.push(said(own, 1))
      if (d.chance(0.15)) {
        // A later version asks for less: rows of the first amount no longer agree with it.
        const lower = own.map((t) => {
          const [oldest, ...rest] = t.allocations
          const less = oldest && oldest.cents > 300 ? 200 : 0
          return {
            ...t,
            cents: cents(t.cents - less),
            allocations: oldest ? [{ ...oldest, cents: cents(oldest.cents - less) }, ...rest] : [],
          }
        })
        later.push([said(lower, 2 + later.length)])
        if (d.chance(0.5)) own = lower
      }
      if (inCash) return
      payable.push({
        ...{ iuv, positionId: p, all: [...own, ...others] },
        cents: own.reduce((s, t) => s + t.cents, 0),
        transfers: own.map((t) => ({ id: t.idTransfer, cents: t.cents })),
      })
    }
    notice(
      0,
      'single',
      debts.map((a) => a.cents),
    )
    if (d.chance(0.3)) {
      const parts = splitByLargestRemainder(total as Cents, [1, 1, 1])
      let skip = 0
      parts.forEach((part, k) => {
        const shares = debts.map((a, i) => {
          const from = debts.slice(0, i).reduce((s, x) => s + x.cents, 0)
          return Math.max(0, Math.min(from + a.cents, skip + part) - Math.max(from, skip))
        })
        skip += part
        notice(k + 1, 'plan', shares)
      })
    }
    if (!inCash) later.push(...laterLife(dice(seed * 7919 + p), first, later))
    let last = say(`position ${p}`, { kind: 'position', positionId: p, version: 1, installments: first }, { needs })
    later.forEach((installments, i) => {
      const version = i + 2
      const what: Happening = { kind: 'position', positionId: p, version, installments }
      last = say(`position ${p} v${version}`, what, { after: [last] })
    })
    if (inCash) {
      // At the desk, oldest debt first; sometimes given back and received again.
      const date = isoDate(`2026-0${3 + d.upTo(6)}-15`)
      let left = d.chance(0.5) ? total : 1 + d.upTo(total)
      const parts = debts.flatMap((a) => {
        const part = Math.min(left, a.cents)
        left -= part
        return part > 0 ? [{ accertamentoId: a.id, cents: part }] : []
      })
      const receive = (after: readonly string[]): string => {
        movements += 1
        decisions += 2
        const cash: Cash = { movementId: movements, positionId: p, debts: parts, date, document: `ricevuta ${p}` }
        const what: Happening = { kind: 'cash', decisionId: decisions, cash }
        return say(`decision ${decisions}`, what, { after, needs: [`position ${p}`] })
      }
      const received = receive([])
      if (d.chance(0.3)) {
        const of = decisions
        movements += 1
        decisions += 2
        const what: Happening = { kind: 'cashBack', decisionId: decisions, of, movementId: movements }
        receive([say(`decision ${decisions}`, what, { after: [received] })])
      }
    } else if (d.chance(0.06)) {
      // Sometimes only of the first payment, which the position may ask with for ever.
      const iuvs = dice(seed * 31 + p).chance(0.5) ? { iuvs: [first[0]?.iuv as string] } : {}
      const said = { kind: 'paidOutside', positionId: p, document: `ricevuta ${p}`, ...iuvs } as const
      decideMaybeUndone(said, { needs: [`position ${p}`] })
    }
  }

  // Who paid, in which flow, and what the bank made of it.
  const paid: { readonly flowId: string; readonly row: FlowRowEvidence; readonly date: string; who: Payable }[] = []
  const days = Array.from({ length: 315 }, (_, i) => addDays(isoDate('2026-02-20'), i))
  const flows = 6 + d.upTo(10)
  const uncredited: { flowId: string; total: number; day: IsoDate; name: string }[] = []
  for (let f = 1; f <= flows; f++) {
    const date = d.pick(days)
    const credit = addDays(date, 1 + d.upTo(3))
    const flowId = `${date}${d.pick(['ABCDITM1XXX', 'EFGHITMM', 'ABI01234'])}-${String(f).padStart(6, '0')}`
    const needs: string[] = []
    const rowOf = (iuv: string, idTransfer: number | null, amount: number, outcome = '0'): FlowRowEvidence => ({
      iuv,
      iur: `R${f}${iuv.slice(-6)}${idTransfer ?? ''}`,
      idTransfer,
      cents: cents(amount),
      outcome,
      outcomeDate: isoDate(date),
    })
    const rows: FlowRowEvidence[] = []
    for (let r = 1 + d.upTo(5); r > 0; r--) {
      const who = d.pick(payable)
      needs.push(position(who))
      const before = rows.length
      if (d.chance(0.08))
        rows.push(rowOf(`01${String(900000 + d.upTo(1000)).padStart(15, '0')}`, 1, 1000 + d.upTo(50) * 100))
      else if (d.chance(0.07)) rows.push(rowOf(who.iuv, 1, who.cents + 100, '0'))
      else if (d.chance(0.05)) rows.push(rowOf(who.iuv, null, who.cents, '9'))
      else if (d.chance(0.04)) rows.push(rowOf(who.iuv, 1, who.cents, '7'))
      else
        for (const t of who.transfers) rows.push(rowOf(who.iuv, t.id, t.cents, d.pick(['0', '0', '0', '4', '8', '9'])))
      for (const row of rows.slice(before)) if (row.outcome === '0') paid.push({ flowId, row, date, who })
    }
    if (d.chance(0.1)) rows.push(rows[0] as FlowRowEvidence)
    let total = rows.reduce((s, r) => s + r.cents, 0)
    const revoked = d.chance(0.2) && paid.length > 0 ? d.pick(paid) : null
    if (revoked && revoked.date < date && revoked.row.cents < total) {
      const row = { ...revoked.row, iur: `V${f}`, outcome: '3', outcomeDate: isoDate(date) }
      rows.push(row)
      needs.push(position(revoked.who))
      total -= row.cents
      if (d.chance(0.8)) {
        decideMaybeUndone({ kind: 'confirmRevocation', flowId, rowKey: rowKeyOf(row, 1) }, { needs: [`flow ${f} v1`] })
      }
    }
    const wrong = d.chance(0.12) ? d.pick(['sum', 'count']) : null
    const version = (n: number, hour: number, of: FlowRowEvidence[], whose: readonly string[]): void => {
      const contentHash = `${f * 10 + n}`
      const name = `flow ${f} v${n}`
      if (wrong && d.chance(0.7)) decideMaybeUndone({ kind: 'acceptFlow', flowId, contentHash }, { needs: [name] })
      const sum = of.reduce((t, r) => t + (r.outcome === '3' ? -r.cents : r.cents), 0)
      const what: FlowVersionEvidence = {
        ...{ versionId: f * 10 + n, flowId, receiver: RECEIVER, revision: 1, contentHash, rows: of },
        flowDateTime: `${date}T${hour}:00:00.000Z` as Instant,
        declaredCents: cents(wrong === 'sum' ? sum + 100 : sum),
        declaredCount: wrong === 'count' ? of.length + 1 : of.length,
        ...{ regulationDate: date, regulationId: `TRN${f}`, pspCode: flowId.slice(10).split('-')[0] as string },
      }
      say(name, { kind: 'flow', version: what }, { needs: whose })
    }
    version(1, 11, rows, needs)
    if (d.chance(0.2)) {
      // A revision that swaps a payer; sometimes two that contradict each other.
      const swap = () => {
        const other = d.pick(payable)
        const whose = [...needs, position(other)]
        // A payment of its own: the key of another must not come to mean another amount.
        const put = { ...rowOf(other.iuv, 1, (rows[0] as FlowRowEvidence).cents), iur: `S${f}${other.iuv.slice(-6)}` }
        return { whose, rows: rows.map((row, i) => (i === 0 ? put : row)) }
      }
      const swapped = swap()
      version(2, 12, swapped.rows, swapped.whose)
      if (d.chance(0.3)) {
        const twin = swap()
        version(3, 12, d.shuffle(twin.rows), twin.whose)
        if (d.chance(0.5)) {
          const n = d.pick([2, 3])
          decide({ kind: 'chooseVersion', flowId, contentHash: `${f * 10 + n}` }, { needs: [`flow ${f} v${n}`] })
        }
      }
    }
    const assigned = new Set<string>()
    for (const row of rows) {
      const rowKey = rowKeyOf(row, 1)
      if (row.outcome !== '3' && !assigned.has(rowKey) && d.chance(0.06)) {
        assigned.add(rowKey)
        const id = 10_000 + decisions
        const excess = d.chance(0.4)
        const targets = [{ accertamentoId: id, cents: row.cents }]
        // What is to be given back is raised by the act itself: there is nothing to wait for.
        const exercise = excess ? 2027 : 2026
        const raised = accertamento({ id, exercise, cents: row.cents, capitoloId: 9, person: 1 }, excess)
        const about = { needs: excess ? [`flow ${f} v1`] : [`flow ${f} v1`, raised], excess }
        decideMaybeUndone({ kind: 'assignRow', flowId, rowKey, targets }, about)
      }
    }
    const causale = `/PUR/LGPE-RIVERSAMENTO/TXT/0/URI/${flowId}`
    const luck = d.next()
    const account = d.pick([1, 1, 2])
    if (luck < 0.5) movement(credit, total, causale, { account })
    else if (luck < 0.65) {
      const part = 1 + d.upTo(total - 1)
      movement(credit, part, causale)
      if (d.chance(0.8)) movement(d.pick(days), total - part, `${causale.slice(0, 30)} ${causale.slice(30)}`)
    } else if (luck < 0.72) {
      movement(credit, total, causale)
      movement(d.pick(days), total, causale)
    } else if (luck < 0.8) {
      const m = movement(credit, total, 'BONIFICO A VOSTRO FAVORE')
      decideMaybeUndone(
        { kind: 'manualMatch', movementId: m, targets: [{ kind: 'flow', flowId, cents: cents(total) }] },
        { needs: [onMovement(m), `flow ${f} v1`] },
      )
    } else if (luck < 0.86) movement(credit, total - 1 || 1, causale)
    else if (luck < 0.92) movement(credit, total, causale.slice(0, causale.length - 3))
    else uncredited.push({ flowId, total, day: credit, name: `flow ${f} v1` })
    if (d.chance(0.08)) {
      // Taken back with no word of what: the statement names the credit, or a person does.
      const m = movement(credit, total, causale)
      const named = d.chance(0.5)
      const debit = movement(credit, -total, 'RETTIFICA', named ? { stornoOf: m } : {})
      if (!named && d.chance(0.8)) {
        decideMaybeUndone(
          { kind: 'storno', movementId: debit, creditMovementId: m },
          { needs: [onMovement(debit), onMovement(m)] },
        )
      }
    }
    if (d.chance(0.12)) {
      movement(credit, -(d.chance(0.7) ? total : Math.max(1, total - 100)), `STORNO ${causale}`)
      if (d.chance(0.6)) movement(addDays(credit, 5), total, causale)
    }
  }
  for (let i = 0; i + 1 < uncredited.length; i += 2) {
    // Two flows in one transfer that names neither, sometimes with something over.
    const [one, other] = [uncredited[i], uncredited[i + 1]] as [(typeof uncredited)[0], (typeof uncredited)[0]]
    const over = d.chance(0.3) ? 250 : 0
    const m = movement(other.day, one.total + other.total + over, 'BONIFICO UNICO')
    decideMaybeUndone(
      {
        kind: 'manualMatch',
        movementId: m,
        targets: [one, other].map((t) => ({ kind: 'flow', flowId: t.flowId, cents: cents(t.total) })),
      },
      { needs: [onMovement(m), one.name, other.name] },
    )
  }
  for (let i = d.upTo(3); i > 0; i--) {
    const [day, amount] = [d.pick(days), 1000 + d.upTo(9000)]
    const debit = movement(day, -amount, 'GIROCONTO', { account: 2 })
    const credit = movement(day, amount, 'GIROCONTO')
    if (d.chance(0.7)) {
      decideMaybeUndone(
        { kind: 'internal', movementId: credit, debitMovementId: debit },
        { needs: [onMovement(debit), onMovement(credit)] },
      )
    }
  }
  for (let i = d.upTo(4); i > 0; i--) {
    const who = d.pick(payable)
    const account = d.pick([1, 2])
    const causale = `/RFB/${who.iuv}/${(who.cents / 100).toFixed(2)}/TXT/quota`
    const m = movement(d.pick(days), who.cents, d.chance(0.7) ? causale : 'BONIFICO QUOTA', { account })
    if (d.chance(0.3)) {
      decideMaybeUndone(
        { kind: 'manualMatch', movementId: m, targets: [{ kind: 'iuv', iuv: who.iuv, cents: cents(who.cents) }] },
        { needs: [onMovement(m), position(who)] },
      )
    }
  }
  for (let i = d.upTo(8); i > 0; i--) {
    const amount = (d.chance(0.5) ? 1 : -1) * (1000 + d.upTo(9000))
    const m = movement(d.pick(days), amount, 'BONIFICO VARIO')
    if (d.chance(0.4)) {
      decideMaybeUndone({ kind: 'exclude', movementId: m, reason: 'non nostro' }, { needs: [onMovement(m)] })
    } else if (amount > 0 && d.chance(0.6)) {
      // To a debt that nobody pays otherwise, or to one that a flow may pay first.
      const own = d.chance(0.6)
      const id = own ? 20_000 + decisions : d.pick(debtIds)
      const debt: YearDebt = { id, exercise: 2026, cents: 800, capitoloId: 1, person: 1 }
      const name = own ? accertamento(debt) : `accertamento ${id}`
      decideMaybeUndone(
        {
          kind: 'manualMatch',
          movementId: m,
          targets: [{ kind: 'accertamento', accertamentoId: id, cents: cents(500) }],
        },
        { needs: [onMovement(m), name], memoryOnly: !own },
      )
    }
  }
  for (const [index, who] of payable.entries()) {
    if (!d.chance(0.5)) continue
    const receipt: ReceiptEvidence = {
      receiptId: index + 1,
      iuv: who.iuv,
      iur: `X${who.iuv.slice(-6)}`,
      ok: true,
      cents: cents(who.all.reduce((s, t) => s + t.cents, 0)),
      paidAt: '2026-03-01T10:00:00',
      transfers: who.all.map((t) => ({
        idTransfer: t.idTransfer,
        fiscalCode: t.own ? RECEIVER : '80011111110',
        cents: t.cents,
        stamp: t.stamp,
      })),
    }
    say(`receipt ${who.iuv}`, { kind: 'receipt', receipt }, { needs: [position(who)] })
  }
  return arrivals
}

/** A random order in which no arrival comes before those that it follows, nor, for a ledger, before what it needs. */
export function inSomeOrder(arrivals: readonly Arrival[], seed: number, inLedger = false): Arrival[] {
  const waiting = dice(seed).shuffle(inLedger ? arrivals.filter((a) => !a.memoryOnly) : arrivals)
  const done = new Set<string>()
  const out: Arrival[] = []
  while (waiting.length > 0) {
    const next = waiting.findIndex(
      (a) => a.after.every((name) => done.has(name)) && (!inLedger || a.needs.every((name) => done.has(name))),
    )
    const [arrival] = waiting.splice(next, 1) as [Arrival]
    if (next < 0) throw new RangeError(`${arrival.name} comes after nothing that is here`)
    done.add(arrival.name)
    out.push(arrival)
  }
  return out
}
