import { afterAll, describe, expect, test } from 'vitest'
import type { Id } from '#domain/brand'
import type { Instant } from '#domain/date'
import type { Cents } from '#domain/money'
import { reconcile } from '#domain/reconcile'
import { type FlowRowEvidence, rowKeyOf } from '#domain/reconcile-evidence'
import { checkEquations } from '#ledger/balances'
import { reconciledBooks, reconcileNow } from '#services/reconcile-ledger'
import { expectKeptBooksTrue } from '../ledger/support/kept-books.ts'
import { drain } from '../services/support/collection-office.ts'
import { OfficeOnLedger, refusalOf } from './office-on-ledger.ts'
import { type Arrival, dice, inSomeOrder, officeYear } from './office-year.ts'

const LONG = process.env.QUIETANZA_LONG === '1'
const YEARS = 200
const ORDERS = 3
/**
 * Years that once found a fault: 1, a payment of two capitoli was posted in part when one reversale was left out; 8 and 10, the
 * same when a reversale was annulled and issued again; 1 too, after the closing: an assignment could not be taken back while the
 * accertamento that it had raised was collected without support; 112 and 121 (125 and 129 too), the check cried E5 of a flow revised after the closing.
 */
const FOUND = [1, 8, 10, 112, 121]

type Dice = ReturnType<typeof dice>
type ReconciledBooks = NonNullable<Awaited<ReturnType<typeof reconcileNow>>>

/** One order of arrival of one year, lived through the procedures, with a person who posts, annuls, keeps, closes at whim. */
class Life {
  readonly on: OfficeOnLedger
  readonly d: Dice
  readonly done: string[] = []
  readonly tally: Map<string, number>
  #closed = false
  #kept = new Set<Id<'reversale'>>()

  constructor(on: OfficeOnLedger, d: Dice, tally: Map<string, number>) {
    this.on = on
    this.d = d
    this.tally = tally
  }

  get #client() {
    return this.on.client
  }

  count(what: string, n = 1): void {
    if (n > 0) this.tally.set(what, (this.tally.get(what) ?? 0) + n)
  }

  async step(what: string, run: () => Promise<unknown>): Promise<void> {
    this.done.push(what)
    await run()
    await this.equationsHold()
  }

  /** E1–E11, and of each flow: what is held is matched and not collected, what is posted is posted whole. */
  async equationsHold(): Promise<void> {
    this.count('steps')
    const { ledger } = this.on.office
    expect(await ledger.read(checkEquations)).toEqual([])
    const books = await ledger.read((db) => reconciledBooks(db, this.on.office.clock.now()))
    if (books) heldRowsHold(books)
    if (this.d.chance(0.04)) await expectKeptBooksTrue(ledger, this.on.office.clock.now())
  }

  async arrive({ name, what }: Arrival): Promise<void> {
    // What is of 2026 cannot be raised while it is closed.
    if (this.#closed && what.kind === 'accertamento') await this.step('reopen', () => this.reopen())
    await this.step(name, () => this.on.live(what, (n) => this.d.upTo(n)))
  }

  async whim(): Promise<void> {
    const { d } = this
    if (this.#closed) {
      if (d.chance(0.2)) await this.step('reopen', () => this.reopen())
    } else {
      if (d.chance(0.25)) await this.step('post', () => this.post())
      if (d.chance(0.04)) await this.step('annul', () => this.annul())
      if (d.chance(0.06)) await this.step('alarms', () => this.acceptAlarms())
      if (d.chance(0.02)) await this.step('close', () => this.close())
    }
    if (d.chance(0.1)) await this.step('keep', () => this.keep())
    if (this.#kept.size > 0 && d.chance(0.1)) await this.step('release', () => this.release())
    if (d.chance(0.04)) await this.step('undo', () => this.undo())
    const missing = this.on.missing()
    if (missing.length > 0 && d.chance(0.1)) {
      const id = d.pick(missing)
      await this.step(`retake ${id}`, () => this.on.decide(id, { annul: d.chance(0.5), again: d.chance(0.5) }))
    }
  }

  /** All that is ready, or of one flow, statement or account; sometimes not all of it. */
  async post(): Promise<void> {
    const { d } = this
    const none = { statementId: null, bankAccountId: null, reportingFlowId: null }
    const scope = d.pick([none, await this.#flow(), await this.#statement(), await this.#account()])
    const ready = await this.#client.reversale.ready({ ...none, ...scope })
    const some = d.chance(0.6) ? ready.drafts : ready.drafts.filter(() => d.chance(0.5))
    if (some.length === 0) return
    const expectedCents = some.reduce((s, draft) => s + draft.cents, 0) as never
    const keys = some.map((draft) => draft.key)
    try {
      const order = { scope: { ...none, ...scope }, keys, expectedCents }
      const { reversali } = await drain(await this.#client.reversale.post(order))
      this.count(`posted by ${Object.keys(scope).length > 1 ? 'all' : Object.keys(scope)[0]}`, reversali.count)
    } catch (error) {
      const code = refusalOf(error)
      if (code !== 'POSTING_SPLITS_PAYMENT' || some.length === ready.drafts.length) throw error
      this.count(`refused ${code}`)
    }
  }

  async #flow() {
    const { rows } = await this.#client.reportingFlow.list({ filters: { credit: ['credited'] }, limit: 500 })
    return { reportingFlowId: rows.length === 0 ? null : this.d.pick(rows).id }
  }

  async #statement() {
    const { rows } = await this.#client.bankStatement.list({ filters: {}, limit: 500 })
    return { statementId: rows.length === 0 ? null : this.d.pick(rows).id }
  }

  async #account() {
    return { bankAccountId: this.d.pick(await this.#client.account.list()).id }
  }

  async annul(): Promise<void> {
    const rows = await this.#inForce()
    if (rows.length === 0) return
    const { id } = this.d.pick(rows)
    await this.#client.reversale.annul({ id, reason: 'Per prova' })
    this.#kept.delete(id)
    this.count('annulled')
  }

  async #inForce() {
    const state = { state: ['issued' as const] }
    const of = (exercise: number) => this.#client.reversale.list({ filters: { exercise, ...state }, limit: 500 })
    return [...(await of(2026)).rows, ...(await of(2027)).rows]
  }

  async keep(): Promise<void> {
    const { alarms } = await this.#client.reversale.ready({})
    if (alarms.length === 0) return
    const { id } = this.d.pick(alarms)
    try {
      await this.#client.reversale.keep({ id, reason: 'La tengo' })
      this.#kept.add(id)
      this.count('kept')
    } catch (error) {
      // Its payment was given to somebody else meanwhile.
      const code = refusalOf(error)
      if (code !== 'REVERSALE_KEEP_ASSIGNED') throw error
      this.count(`refused ${code}`)
    }
  }

  async release(): Promise<void> {
    const [id] = this.#kept
    if (id === undefined) return
    this.#kept.delete(id)
    try {
      await this.#client.reversale.release({ id, reason: 'Non la tengo' })
    } catch (error) {
      // Annulled meanwhile with a decision that was taken back.
      this.count(`refused ${refusalOf(error)}`)
    }
  }

  async undo(): Promise<void> {
    const standing = this.on.standing()
    if (standing.length === 0) return
    await this.on.undo(this.d.pick(standing))
    this.count('undone')
  }

  async close(): Promise<void> {
    const { lines } = await this.#client.exercise.checklist({ year: 2026 })
    if (lines.some((line) => line.level === 'blocking')) return
    const acknowledged = lines.filter((line) => line.level === 'warning').map((line) => line.check)
    await this.#client.exercise.close({ year: 2026, acknowledged })
    this.#closed = true
    this.count('closed')
  }

  async reopen(): Promise<void> {
    await this.#client.exercise.reopen({ year: 2026, reason: 'Mancava qualcosa' })
    this.#closed = false
  }

  /** The year is closed, and what still arrives cannot move what it holds: its lines stay, the next exercise takes the rest. */
  async closeForGood(year: readonly Arrival[]): Promise<void> {
    await this.step('close', () => this.close())
    if (!this.#closed) throw new Error('what was settled cannot be closed')
    const of2026 = async () => (await this.on.linesInForce()).filter((line) => line.startsWith('2026'))
    const before = await of2026()
    const credits = year.flatMap(({ what }) =>
      what.kind === 'movement' && what.movement.cents > 0 && what.movement.date < '2027' ? [what.movement] : [],
    )
    for (const credit of this.d.shuffle(credits).slice(0, 3)) {
      await this.step(`late storno of ${credit.movementId}`, () => this.on.lateStorno(credit))
    }
    const flows = year.flatMap(({ what }) => (what.kind === 'flow' ? [what.version] : []))
    for (const version of this.d.shuffle(flows).slice(0, 2)) {
      const [first, ...rows] = version.rows
      if (!first || rows.length === 0) continue
      const declaredCents = rows.reduce((s, r) => s + (r.outcome === '3' ? -r.cents : r.cents), 0) as Cents
      const late = { contentHash: `late ${version.contentHash}`, flowDateTime: '2027-01-21T10:00:00.000Z' as Instant }
      const revised = { ...version, ...late, rows, declaredCents, declaredCount: rows.length }
      await this.step(`late ${version.flowId}`, () => this.on.live({ kind: 'flow', version: revised }, () => 0))
    }
    for (let n = 0; n < 3; n++) await this.step('undo', () => this.undo())
    await this.step('post late', async () => {
      const { drafts, totals } = await this.#client.reversale.ready({})
      if (drafts.length === 0) return
      const order = { scope: {}, keys: drafts.map((draft) => draft.key), expectedCents: totals.cents }
      await drain(await this.#client.reversale.post({ ...order, agreedLate: [2026] }))
      this.count('posted late', drafts.length)
    })
    expect(await of2026()).toEqual(before)
    await expectKeptBooksTrue(this.on.office.ledger, this.on.office.clock.now())
  }

  /** Each alarm is accepted, by annulling and issuing again or by annulling alone, and what is ready is posted. */
  async acceptAlarms(): Promise<void> {
    for (let round = 0; round < 60; round++) {
      const { alarms, drafts, totals } = await this.#client.reversale.ready({})
      const [alarm] = alarms
      if (alarm) {
        this.count('alarms accepted')
        if (this.d.chance(0.5)) await this.#client.reversale.annul({ id: alarm.id, reason: 'Non sostenuta' })
        else {
          const { nextCents } = await this.#client.reversale.alarm({ id: alarm.id })
          await this.#client.reversale.reissue({ id: alarm.id, reason: 'Non sostenuta', expectedCents: nextCents })
        }
      } else if (drafts.length > 0) {
        const keys = drafts.map((draft) => draft.key)
        await drain(await this.#client.reversale.post({ scope: {}, keys, expectedCents: totals.cents }))
      } else return
      await this.equationsHold()
    }
    throw new Error('alarms never end')
  }

  /** Every undone decision taken again, every alarm accepted. */
  async settle(): Promise<void> {
    if (this.#closed) await this.step('reopen', () => this.reopen())
    while (this.#kept.size > 0) await this.step('release', () => this.release())
    for (let round = 0; round < 4; round++) {
      await this.step('settle', () => this.acceptAlarms())
      for (const id of this.on.unwanted()) await this.step(`undo ${id}`, () => this.on.undo(id))
      for (const id of this.on.missing()) {
        await this.step(`retake ${id}`, () => this.on.decide(id, { annul: true, again: this.d.chance(0.5) }))
      }
    }
    await this.step('settle', () => this.acceptAlarms())
  }
}

/**
 * DOMAIN.md §5: the slices of a credited flow are its total, which is that of its rows; what is payable is wanted whole, what
 * is held is matched and not collected; every line in force is wanted, kept or an alarm.
 */
function heldRowsHold({ input, outcome, posted, plan }: ReconciledBooks): void {
  const total = (of: readonly { readonly cents: number }[] = []) => of.reduce((s, x) => s + x.cents, 0)
  const slices = Map.groupBy(outcome.edges, (e) => (e.target.kind === 'flow' ? e.target.flowId : ''))
  const wanted = Map.groupBy(outcome.lines, (line) => `${line.flowId} ${line.rowKey}`)
  for (const flow of outcome.flows) {
    const rows = input.versions.find((v) => v.versionId === flow.versionId)?.rows ?? []
    if (flow.credit === 'credited') {
      expect(total(slices.get(flow.flowId)), `E5 ${flow.flowId}: slices`).toBe(flow.totalCents)
      const value = rows.reduce((s, r) => s + (r.outcome === '3' ? -r.cents : r.cents), 0)
      if (!flow.blocked) expect(value, `E5 ${flow.flowId}: rows`).toBe(flow.totalCents)
    }
    const keys = rowKeysOf(rows)
    rows.forEach((row, i) => {
      const { state, label } = flow.rows[i] as (typeof flow.rows)[number]
      const collected = total(wanted.get(`${flow.flowId} ${keys[i]}`))
      const words = `E5 ${flow.flowId} ${keys[i]} ${state} ${label.code}`
      if (state !== 'payable') expect(collected, words).toBe(0)
      else if (label.code !== 'ASSIGNED_BY_HAND') expect(collected, words).toBe(row.cents)
    })
  }
  const gone = new Set(plan.gone.map((line) => line.lineId))
  const supported = posted.filter((line) => !gone.has(line.lineId))
  const kept = total(supported) - total(outcome.lines) + total([...plan.add, ...plan.held])
  expect(kept, 'lines in force that nothing wants').toBeGreaterThanOrEqual(0)
  expect(kept).toBeLessThanOrEqual(total(supported.filter((line) => line.kept)))
}

function rowKeysOf(rows: readonly FlowRowEvidence[]): string[] {
  const seen = new Map<string, number>()
  return rows.map((row) => {
    const place = rowKeyOf(row, 1)
    const n = (seen.get(place) ?? 0) + 1
    seen.set(place, n)
    return rowKeyOf(row, n)
  })
}

async function liveYear(seed: number, order: number, tally: Map<string, number>): Promise<string[]> {
  const year = officeYear(seed)
  const d = dice(seed * 1000 + order)
  const on = await OfficeOnLedger.open(year)
  const life = new Life(on, d, tally)
  try {
    await on.grouping(d.pick(['flow', 'flow', 'payer', 'day'] as const))
    for (const arrival of inSomeOrder(year, seed * 77 + order, true)) {
      await life.arrive(arrival)
      await life.whim()
    }
    await life.settle()
    // E12: what is given in another order says the same, and nothing is left to post.
    const books = (await on.office.ledger.read(reconcileNow)) as ReconciledBooks
    const { input, outcome } = books
    expect(books.plan).toEqual({ add: [], gone: [], held: [] })
    const shuffled = reconcile({
      ...input,
      installments: d.shuffle(input.installments),
      due: d.shuffle(input.due),
      receipts: d.shuffle(input.receipts),
      versions: d.shuffle(input.versions),
      movements: d.shuffle(input.movements),
      decisions: d.shuffle(input.decisions),
    })
    expect(shuffled).toEqual(outcome)
    await expectKeptBooksTrue(on.office.ledger, on.office.clock.now())
    const lines = await on.linesInForce()
    for (const id of on.missing())
      life.count(`never taken ${(on.wanted.get(id) as { said?: { kind: string } })?.said?.kind}`)
    await life.closeForGood(year)
    for (const [code, n] of on.refused) life.count(`refused ${code}`, n)
    return lines
  } catch (error) {
    console.error(`year ${seed}, order ${order}: ${life.done.slice(-60).join(' › ')}`)
    throw error
  } finally {
    await on.close()
  }
}

const seeds = LONG ? Array.from({ length: YEARS }, (_, n) => n + 1) : FOUND

describe(`${seeds.length} office years on a ledger in ${ORDERS} orders of arrival`, () => {
  const tally = new Map<string, number>()
  afterAll(() => {
    console.log(
      [...tally]
        .sort(([, a], [, b]) => b - a)
        .map(([name, n]) => `${name} ${n}`)
        .join(', '),
    )
  })

  test.each(seeds)(
    'year %i: the equations after each step, the same lines at the end',
    { timeout: 600_000 },
    async (seed) => {
      let expected: string[] | null = null
      for (let order = 0; order < ORDERS; order++) {
        const lines = await liveYear(seed, order, tally)
        expected ??= lines
        expect(lines, `year ${seed}, order ${order}`).toEqual(expected)
      }
      tally.set('lines in force', (tally.get('lines in force') ?? 0) + (expected?.length ?? 0))
    },
  )
})
