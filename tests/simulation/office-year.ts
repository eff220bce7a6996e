import { readCausale } from '#domain/causale'
import type { Instant } from '#domain/date'
import { isoDate } from '#domain/date'
import { type Cents, cents, splitByLargestRemainder } from '#domain/money'
import { type Decision, type FlowRowEvidence, rowKeyOf } from '#domain/reconcile-evidence'
import { type Books, RECEIVER } from '../domain/reconcile-books.ts'

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

/** One thing that reaches the office. `group` keeps the decisions of one person about one thing in their order. */
export interface Arrival {
  readonly name: string
  readonly after: string | null
  arrive(books: Books): void
}

/** Everything that one office sees in a year, with the accidents of the trade; in no particular order. */
export function officeYear(seed: number): Arrival[] {
  const d = dice(seed)
  const arrivals: Arrival[] = []
  const say = (name: string, arrive: (books: Books) => void, after: string | null = null): void => {
    arrivals.push({ name, arrive, after })
  }
  const movementOf = new Map<string, number>()
  let movements = 0
  const movement = (
    name: string,
    date: string,
    amount: number,
    text: string,
    of: { readonly account?: number; readonly stornoOf?: number } = {},
  ): number => {
    movements += 1
    const movementId = movements
    movementOf.set(name, movementId)
    const fingerprint = `${date}|${amount}|${text}|${movementId}`
    say(name, (b) => {
      b.movements.push({
        movementId,
        bankAccountId: of.account ?? 1,
        bookingDate: isoDate(date),
        cents: cents(amount),
        fingerprint,
        description: text,
        reference: readCausale(text).reference,
        stornoOf: of.stornoOf ?? null,
      })
    })
    return movementId
  }
  let decisions = 0
  const decide = (body: Record<string, unknown>, after: string | null = null): number => {
    decisions += 1
    const decisionId = decisions
    const at = '2026-06-01T10:00:00.000Z' as Instant
    say(`decision ${decisionId}`, (b) => b.decisions.push({ decisionId, user: 'Ada', at, ...body } as Decision), after)
    return decisionId
  }
  /** Decided, undone, and decided again: the end is the same as deciding once. */
  const decideMaybeUndone = (body: Record<string, unknown>): void => {
    const first = decide(body)
    if (!d.chance(0.3)) return
    const undo = decide({ kind: 'revoke', revokes: first }, `decision ${first}`)
    decide(body, `decision ${undo}`)
  }

  if (d.chance(0.15)) {
    say('setting', (b) => {
      b.requireReceipt = true
    })
  }

  // Who owes what.
  const people = 8 + d.upTo(12)
  const debtIds: number[] = []
  const payable: { iuv: string; cents: number; transfers: { id: number; cents: number }[] }[] = []
  for (let p = 1; p <= people; p++) {
    const debts = Array.from({ length: 1 + d.upTo(3) }, (_, k) => ({
      id: p * 10 + k,
      exercise: d.chance(0.25) ? 2025 : 2026,
      cents: 1000 + d.upTo(200) * 50,
      capitoloId: d.pick([1, 1, 2]),
    }))
    for (const a of debts) {
      debtIds.push(a.id)
      say(`accertamento ${a.id}`, (b) => b.accertamenti.push({ ...a, number: a.id, person: p }))
    }
    const total = debts.reduce((s, a) => s + a.cents, 0)
    const position = (iuv: string, option: 'single' | 'plan', shares: number[], cancelled: boolean): void => {
      const split = d.chance(0.2) && shares.filter((s) => s > 0).length > 1 ? 2 : 1
      const allocations = debts
        .map((a, i) => ({ accertamentoId: a.id, cents: cents(shares[i] as number) }))
        .filter((a) => a.cents > 0)
      const groups = split === 2 ? [allocations.slice(0, 1), allocations.slice(1)] : [allocations]
      const transfers = groups.map((group, i) => ({
        idTransfer: i + 1,
        cents: cents(group.reduce((s, a) => s + a.cents, 0)),
        own: true,
        stamp: false,
        allocations: group,
      }))
      const first = [...transfers]
      say(`position ${iuv}`, (b) =>
        b.installments.push({ iuv, positionId: p, version: 1, option, cancelled, transfers: first }),
      )
      if (d.chance(0.15)) {
        // A later version asks for less: rows of the first amount no longer agree with it.
        const lower = transfers.map((t) => {
          const [first, ...rest] = t.allocations
          const less = first && first.cents > 300 ? 200 : 0
          return {
            ...t,
            cents: cents(t.cents - less),
            allocations: first ? [{ ...first, cents: cents(first.cents - less) }, ...rest] : [],
          }
        })
        say(`position ${iuv} v2`, (b) =>
          b.installments.push({ iuv, positionId: p, version: 2, option, cancelled, transfers: lower }),
        )
        if (d.chance(0.5)) transfers.splice(0, transfers.length, ...lower)
      }
      payable.push({
        iuv,
        cents: transfers.reduce((s, t) => s + t.cents, 0),
        transfers: transfers.map((t) => ({ id: t.idTransfer, cents: t.cents })),
      })
    }
    const cancelled = d.chance(0.05)
    position(
      `01${String(p * 100).padStart(15, '0')}`,
      'single',
      debts.map((a) => a.cents),
      cancelled,
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
        position(`01${String(p * 100 + k + 1).padStart(15, '0')}`, 'plan', shares, cancelled)
      })
    }
  }

  for (let p = 1; p <= people; p++) {
    if (d.chance(0.06)) decideMaybeUndone({ kind: 'paidOutside', positionId: p, document: `ricevuta ${p}` })
  }

  // Who paid, in which flow, and what the bank made of it.
  const paid: { flowId: string; row: FlowRowEvidence; date: string }[] = []
  const days = Array.from({ length: 315 }, (_, i) => new Date(Date.UTC(2026, 1, 20 + i)).toISOString().slice(0, 10))
  const flows = 6 + d.upTo(10)
  const uncredited: { flowId: string; total: number; day: string }[] = []
  for (let f = 1; f <= flows; f++) {
    const date = d.pick(days)
    const credit = new Date(Date.parse(date) + (1 + d.upTo(3)) * 86_400_000).toISOString().slice(0, 10)
    const flowId = `${date}${d.pick(['ABCDITM1XXX', 'EFGHITMM', 'ABI01234'])}-${String(f).padStart(6, '0')}`
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
      if (d.chance(0.08))
        rows.push(rowOf(`01${String(900000 + d.upTo(1000)).padStart(15, '0')}`, 1, 1000 + d.upTo(50) * 100))
      else if (d.chance(0.07)) rows.push(rowOf(who.iuv, 1, who.cents + 100, '0'))
      else if (d.chance(0.05)) rows.push(rowOf(who.iuv, null, who.cents, '9'))
      else if (d.chance(0.04)) rows.push(rowOf(who.iuv, 1, who.cents, '7'))
      else
        for (const t of who.transfers) rows.push(rowOf(who.iuv, t.id, t.cents, d.pick(['0', '0', '0', '4', '8', '9'])))
    }
    if (d.chance(0.1)) rows.push(rows[0] as FlowRowEvidence)
    let total = rows.reduce((s, r) => s + r.cents, 0)
    const revoked = d.chance(0.2) && paid.length > 0 ? d.pick(paid) : null
    if (revoked && revoked.date < date && revoked.row.cents < total) {
      const row = { ...revoked.row, iur: `V${f}`, outcome: '3', outcomeDate: isoDate(date) }
      rows.push(row)
      total -= row.cents
      if (d.chance(0.8)) decideMaybeUndone({ kind: 'confirmRevocation', flowId, rowKey: rowKeyOf(row, 1) })
    }
    const wrong = d.chance(0.12) ? d.pick(['sum', 'count']) : null
    const version = (revision: number, of: FlowRowEvidence[]): void => {
      const versionId = f * 10 + revision
      if (wrong && d.chance(0.7)) decideMaybeUndone({ kind: 'acceptFlow', flowId, contentHash: `${versionId}` })
      const sum = of.reduce((t, r) => t + (r.outcome === '3' ? -r.cents : r.cents), 0)
      say(`flow ${flowId} v${revision}`, (b) =>
        b.versions.push({
          versionId,
          flowId,
          receiver: RECEIVER,
          flowDateTime: `${date}T12:00:00.000Z` as Instant,
          revision,
          contentHash: `${versionId}`,
          declaredCents: wrong === 'sum' ? cents(sum + 100) : null,
          declaredCount: wrong === 'count' ? of.length + 1 : of.length,
          regulationDate: isoDate(date),
          regulationId: `TRN${f}`,
          pspCode: flowId.slice(10).split('-')[0] as string,
          rows: of,
        }),
      )
    }
    version(1, rows)
    for (const row of rows) if (row.outcome === '0') paid.push({ flowId, row, date })
    if (d.chance(0.2)) {
      // A revision that swaps a payer; sometimes two that contradict each other.
      const other = d.pick(payable)
      const swapped = rows.map((row, i) => (i === 0 ? rowOf(other.iuv, 1, row.cents) : row))
      version(2, swapped)
      if (d.chance(0.3)) {
        const twin = d.shuffle(swapped)
        const name = `${f * 10 + 3}`
        say(`flow ${flowId} v2 twin`, (b) =>
          b.versions.push({
            ...(b.versions.find((v) => v.flowId === flowId) ?? {
              pspCode: '',
              regulationDate: isoDate(date),
              regulationId: `TRN${f}`,
            }),
            versionId: Number(name),
            flowId,
            receiver: RECEIVER,
            flowDateTime: `${date}T12:00:00.000Z` as Instant,
            revision: 2,
            contentHash: name,
            declaredCents: null,
            declaredCount: twin.length,
            rows: twin,
          }),
        )
        if (d.chance(0.5)) decide({ kind: 'chooseVersion', flowId, contentHash: d.pick([name, `${f * 10 + 2}`]) })
      }
    }
    for (const row of rows) {
      if (d.chance(0.06)) {
        const id = 10_000 + decisions
        say(`accertamento ${id}`, (b) => {
          if (!b.accertamenti.some((a) => a.id === id))
            b.accertamenti.push({ id, exercise: 2026, number: id, cents: row.cents, capitoloId: 9, person: 1 })
        })
        decideMaybeUndone({
          kind: 'assignRow',
          flowId,
          rowKey: rowKeyOf(row, 1),
          targets: [{ accertamentoId: id, cents: row.cents }],
        })
      }
    }
    const causale = `/PUR/LGPE-RIVERSAMENTO/TXT/0/URI/${flowId}`
    const luck = d.next()
    const account = d.pick([1, 1, 2])
    if (luck < 0.5) movement(`credit ${f}`, credit, total, causale, { account })
    else if (luck < 0.65) {
      const part = 1 + d.upTo(total - 1)
      movement(`credit ${f} a`, credit, part, causale)
      if (d.chance(0.8))
        movement(`credit ${f} b`, d.pick(days), total - part, `${causale.slice(0, 30)} ${causale.slice(30)}`)
    } else if (luck < 0.72) {
      movement(`credit ${f}`, credit, total, causale)
      movement(`credit ${f} again`, d.pick(days), total, causale)
    } else if (luck < 0.8) {
      const m = movement(`credit ${f}`, credit, total, 'BONIFICO A VOSTRO FAVORE')
      decideMaybeUndone({
        kind: 'manualMatch',
        movementId: m,
        targets: [{ kind: 'flow', flowId, cents: cents(total) }],
      })
    } else if (luck < 0.86) movement(`credit ${f}`, credit, total - 1 || 1, causale)
    else if (luck < 0.92) movement(`credit ${f}`, credit, total, causale.slice(0, causale.length - 3))
    else uncredited.push({ flowId, total, day: credit })
    if (d.chance(0.08)) {
      // Taken back with no word of what: the statement names the credit, or a person does.
      const m = movement(`rejected ${f}`, credit, total, causale)
      const named = d.chance(0.5)
      const debit = movement(`rejection ${f}`, credit, -total, 'RETTIFICA', named ? { stornoOf: m } : {})
      if (!named && d.chance(0.8)) decideMaybeUndone({ kind: 'storno', movementId: debit, creditMovementId: m })
    }
    if (d.chance(0.12)) {
      const again = new Date(Date.parse(credit) + 5 * 86_400_000).toISOString().slice(0, 10)
      movement(`storno ${f}`, credit, -(d.chance(0.7) ? total : Math.max(1, total - 100)), `STORNO ${causale}`)
      if (d.chance(0.6)) movement(`credit ${f} anew`, again, total, causale)
    }
  }
  for (let i = 0; i + 1 < uncredited.length; i += 2) {
    // Two flows in one transfer that names neither, sometimes with something over.
    const [one, other] = [uncredited[i], uncredited[i + 1]] as [(typeof uncredited)[0], (typeof uncredited)[0]]
    const over = d.chance(0.3) ? 250 : 0
    const m = movement(`both ${i}`, other.day, one.total + other.total + over, 'BONIFICO UNICO')
    decideMaybeUndone({
      kind: 'manualMatch',
      movementId: m,
      targets: [one, other].map((t) => ({ kind: 'flow', flowId: t.flowId, cents: cents(t.total) })),
    })
  }
  for (let i = d.upTo(3); i > 0; i--) {
    const [day, amount] = [d.pick(days), 1000 + d.upTo(9000)]
    const debit = movement(`sweep ${i} out`, day, -amount, 'GIROCONTO', { account: 2 })
    const credit = movement(`sweep ${i} in`, day, amount, 'GIROCONTO')
    if (d.chance(0.7)) decideMaybeUndone({ kind: 'internal', movementId: credit, debitMovementId: debit })
  }
  for (let i = d.upTo(4); i > 0; i--) {
    const who = d.pick(payable)
    movement(`single ${i}`, d.pick(days), who.cents, `/RFB/${who.iuv}/${(who.cents / 100).toFixed(2)}/TXT/quota`)
  }
  for (let i = d.upTo(8); i > 0; i--) {
    const m = movement(`other ${i}`, d.pick(days), (d.chance(0.5) ? 1 : -1) * (1000 + d.upTo(9000)), 'BONIFICO VARIO')
    if (d.chance(0.4)) decideMaybeUndone({ kind: 'exclude', movementId: m, reason: 'non nostro' })
    else if (d.chance(0.5))
      decideMaybeUndone({
        kind: 'manualMatch',
        movementId: m,
        targets: [{ kind: 'accertamento', accertamentoId: d.pick(debtIds), cents: cents(500) }],
      })
  }
  for (const who of payable) {
    if (!d.chance(0.5)) continue
    const receiptId = payable.indexOf(who) + 1
    say(`receipt ${who.iuv}`, (b) =>
      b.receipts.push({
        receiptId,
        iuv: who.iuv,
        iur: `X${who.iuv.slice(-6)}`,
        ok: true,
        cents: cents(who.cents),
        paidAt: '2026-03-01T10:00:00',
        transfers: who.transfers.map((t) => ({
          idTransfer: t.id,
          fiscalCode: RECEIVER,
          cents: cents(t.cents),
          stamp: false,
        })),
      }),
    )
  }
  return arrivals
}

/** A random order in which no arrival comes before the one that it follows. */
export function inSomeOrder(arrivals: readonly Arrival[], seed: number): Arrival[] {
  const waiting = dice(seed).shuffle(arrivals)
  const done = new Set<string>()
  const out: Arrival[] = []
  while (waiting.length > 0) {
    const next = waiting.findIndex((a) => a.after === null || done.has(a.after))
    const [arrival] = waiting.splice(next, 1) as [Arrival]
    done.add(arrival.name)
    out.push(arrival)
  }
  return out
}
