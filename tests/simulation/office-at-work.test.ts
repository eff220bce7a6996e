import { createRouterClient } from '@orpc/server'
import pg from 'pg'
import { afterAll, describe, expect, test } from 'vitest'
import { addDays, type IsoDate, isoDate, romeDate } from '#domain/date'
import { type Cents, cents } from '#domain/money'
import { REHEARSAL_INSTITUTION } from '#domain/rehearsal-register'
import type { FakeClock } from '#hosts/clock'
import { seededRandom } from '#hosts/random'
import { checkEquations } from '#ledger/balances'
import type { LedgerTarget } from '#ledger/ledger'
import type { Act } from '#services/act'
import { uniform } from '#services/rehearsal'
import { router } from '#services/router'
import { expectKeptBooksTrue } from '../ledger/support/kept-books.ts'
import { member, type Office, openOffice, outcome, YEAR } from '../services/office.ts'
import { expectCountsAgree } from '../services/support/counts-agree.ts'
import { type Dice, OutsideWorld } from './outside-world.ts'

const LONG = process.env.QUIETANZA_LONG === '1'
const YEARS = LONG ? 60 : 4
const ACTS = LONG ? 80 : 40
const FIRST = LONG ? Math.floor(Date.now() / 60_000) % 100_000 : 1

type Client = ReturnType<typeof clientOf>
const clientOf = (office: Office) => createRouterClient(router, { context: office.context })

/** A person at the program, who does one thing after another and sometimes what is refused. */
class Secretary {
  readonly office: Office
  readonly client: Client
  readonly world: OutsideWorld
  readonly dice: Dice
  readonly done: string[] = []
  /** Also changes positions, takes them up again, is paid at the desk: acts of their own, so that other years stay as they are. */
  readonly changing: boolean
  #members = 0
  /** Every notice that somebody may have in a drawer, of versions that are past too. */
  readonly #papers: { iuv: string; cents: Cents }[] = []

  constructor(office: Office, dice: Dice, changing: boolean) {
    this.changing = changing
    this.office = office
    this.client = clientOf(office)
    this.dice = dice
    this.world = new OutsideWorld(REHEARSAL_INSTITUTION.fiscalCode, dice)
  }

  get today(): IsoDate {
    return romeDate(this.office.context.clock.now())
  }

  /** An act; what is refused in words is part of the game, anything else is a fault of the program. */
  async act(): Promise<void> {
    const acts: readonly (readonly [number, () => Promise<unknown>])[] = [
      [3, () => this.register()],
      [3, () => this.issue()],
      [1, () => this.cancelPositions()],
      [1, () => this.cancelAccertamenti()],
      [6, () => this.othersPay()],
      [4, () => this.flows()],
      [4, () => this.statement()],
      [3, () => this.decide()],
      [2, () => this.undo()],
      [4, () => this.post()],
      [1, () => this.annul()],
      [1, () => this.undoImport()],
      ...(this.changing ? this.#changes() : []),
    ]
    let left = this.dice(acts.reduce((n, [weight]) => n + weight, 0))
    for (const [weight, run] of acts) {
      left -= weight
      if (left >= 0) continue
      await this.try(/this\.(\w+)/.exec(run.toString())?.[1] ?? '?', run)
      return
    }
  }

  async try(name: string, run: () => Promise<unknown>): Promise<void> {
    this.done.push(name)
    try {
      await run()
    } catch (error) {
      const { code, data } = error as { code?: string; data?: { problems?: { code: string }[] } }
      if (code !== 'PROBLEM') throw error
      this.done.push(`refused ${data?.problems?.map((problem) => problem.code).join(',')}`)
    }
  }

  async register() {
    const rows = Array.from({ length: 1 + this.dice(6) }, () => {
      const known = this.#members > 0 && this.dice(3) === 0
      const n = known ? this.dice(this.#members) : this.#members++
      const competenceYear = this.dice(5) === 0 ? YEAR - 1 : YEAR
      return member(n, {
        competenceYear,
        causale: `Quota ${competenceYear} n. ${this.dice(4)}`,
        service: this.dice(4) === 0 ? 'Diritti di segreteria' : 'Quota annuale',
        amountCents: cents(1_000 + this.dice(20_000)),
      })
    })
    const { id } = await this.office.read(await this.office.write(rows))
    if (this.dice(6) === 0) await this.client.registerImport.discard({ id })
    else await outcome(await this.client.registerImport.confirm({ id, goodOnly: this.dice(2) === 0 }))
  }

  async issue() {
    const request = {
      filters: { exercise: YEAR, minCents: this.dice(3) === 0 ? cents(5_000) : null },
      parameters: {
        description: `Lotto ${this.done.length}`,
        dueDate: null,
        validUntil: isoDate(`${YEAR}-12-31`),
        groupByPerson: this.dice(2) === 0,
        groupDescription: 'Quote e diritti',
        installments: this.dice(3) > 0 ? null : this.#plan(),
      },
    }
    const preview = await this.client.debtPosition.generationPreview(request)
    const made = await outcome(await this.client.debtPosition.generate(request))
    expect(made.positions).toEqual(preview.positions)
  }

  #plan() {
    const firstDue = addDays(this.today, 10 * this.dice(5))
    return { count: 2 + this.dice(4), withSingle: this.dice(2) === 0, firstDue, everyMonths: 1 + this.dice(2) }
  }

  #changes(): readonly (readonly [number, () => Promise<unknown>])[] {
    return [
      [2, () => this.newPosition()],
      [4, () => this.changePositions()],
      [2, () => this.takeUpAgain()],
      [2, () => this.payOutside()],
      [3, () => this.oldPapersPay()],
    ]
  }

  /** One row that exists or not, sometimes with the money of another institution. */
  async newPosition() {
    const services = await this.client.serviceType.list()
    const { rows } = await this.client.accertamento.list({ filters: { exercise: YEAR, issued: false }, limit: 500 })
    const open = rows.filter((row) => row.outstandingCents > 0)
    const debt = open[this.dice(Math.max(1, open.length))]
    if (debt === undefined) return
    const due = addDays(this.today, this.dice(60))
    const other = { fiscalCode: '80087670016', taxonomyCode: '9/0401104TS/', remittance: 'Contributo' }
    const others =
      this.dice(2) === 0
        ? []
        : [{ ...other, iban: 'IT60X0542811101000000123456' as never, cents: cents(100 + this.dice(900)) }]
    const fee = { kind: 'new' as const, serviceTypeId: services[this.dice(services.length)]?.id as never }
    const form = {
      payer: { personId: debt.personId },
      rows: [
        { kind: 'outstanding' as const, accertamentoId: debt.id },
        ...(this.dice(2) === 0 ? [] : [{ ...fee, cents: cents(500 + this.dice(5_000)), competenceYear: YEAR }]),
      ],
      ...{ others, description: 'Quota e altro', validUntil: isoDate(`${YEAR}-12-31`), externalReference: null },
      terms: { single: { dueDate: due }, installments: null },
    }
    const preview = await this.client.positionAct.createPreview(form)
    const made = await this.client.positionAct.create({ ...form, attempt: `modulo-${this.done.length}-${debt.id}` })
    expect(made.cents).toBe(preview.totalCents)
    await this.#look([made.debtPositionId])
  }

  /** What is ours of each payment that these positions ask for now goes into the drawer. */
  async #look(ids: readonly number[]) {
    for (const id of ids) {
      const { payments } = await this.client.positionAct.card({ id: id as never })
      for (const { iuv, transfers } of payments) {
        const own = cents(transfers.filter((t) => t.own).reduce((n, t) => n + t.cents, 0))
        if (!this.#papers.some((one) => one.iuv === iuv && one.cents === own)) this.#papers.push({ iuv, cents: own })
      }
    }
  }

  async #some(odds: number) {
    const { rows } = await this.client.debtPosition.list({ filters: {}, limit: 500 })
    return rows.filter(() => this.dice(odds) === 0).map((row) => row.id)
  }

  async changePositions() {
    const ids = await this.#some(4)
    if (ids.length === 0) return
    await this.#look(ids)
    const [one] = ids
    const day = addDays(this.today, this.dice(90))
    const plan = { count: 2 + this.dice(5), withSingle: this.dice(2) === 0, firstDue: day, everyMonths: 1 }
    const choice = this.dice(5)
    const selection = { ids: choice === 0 ? ids.slice(0, 1) : (ids as number[]) }
    const change: Parameters<Client['positionAct']['changePreview']>[0]['change'] =
      choice === 0
        ? { amounts: await this.#amounts(one as never) }
        : choice === 1
          ? { dueDate: { kind: 'shift', days: this.dice(40) - 10 } }
          : choice === 2
            ? { dueDate: { kind: 'to', date: day }, validUntil: isoDate(`${YEAR + 1}-12-31`) }
            : choice === 3
              ? {
                  terms: { kind: 'rule', rule: { ...plan, lastDay: this.dice(2) === 0, workingDay: true } },
                  validUntil: isoDate(`${YEAR + 1}-12-31`),
                }
              : { terms: { kind: 'once', dueDate: day } }
    const preview = await this.client.positionAct.changePreview({ selection, change })
    const order = { selection, change, reason: 'Per prova', expected: preview.count, stamp: preview.stamp }
    const done = await outcome(await this.client.positionAct.change(order))
    expect(done).toEqual({ count: preview.count, cents: preview.afterCents, leftOut: preview.leftOut })
    await this.#look(selection.ids)
    for (const { id, after } of preview.rows) {
      const { payments, version } = await this.client.positionAct.card({ id })
      expect([version > 1, payments.map((p) => [p.cents, p.dueDate])]).toEqual([
        true,
        after.payments.map((p) => [p.cents, p.dueDate]),
      ])
    }
  }

  async #amounts(id: Parameters<Client['debtPosition']['get']>[0]['id']) {
    const { allocations } = await this.client.debtPosition.get({ id })
    return allocations.map((one) => ({
      accertamentoId: one.accertamentoId,
      cents: cents(Math.max(1, one.cents + this.dice(2_000) - 1_000)),
    }))
  }

  /** Cancelled ones, or those whose time is over. */
  async takeUpAgain() {
    const ids = await this.#some(2)
    if (ids.length === 0) return
    const selection = { ids: ids as number[] }
    const dates = { dueDate: addDays(this.today, 30), validUntil: isoDate(`${YEAR + 1}-06-30`) }
    const acts = this.client.positionAct
    if (this.dice(2) === 0) {
      const { count, stamp, afterCents } = await acts.reactivatePreview({ selection, ...dates })
      const order = { selection, ...dates, reason: 'Ripresa', expected: count, stamp }
      expect(await outcome(await acts.reactivate(order))).toMatchObject({ count, cents: afterCents })
    } else {
      const { count, stamp, afterCents } = await acts.reissuePreview({ selection, ...dates })
      const order = { selection, ...dates, reason: 'Ripresa', expected: count, stamp }
      expect(await outcome(await acts.reissue(order))).toMatchObject({ count, cents: afterCents })
    }
    await this.#look(ids)
  }

  async payOutside() {
    const [id] = await this.#some(5)
    if (id === undefined) return
    const { payments, cashAccounts } = await this.client.positionAct.outside({ id })
    const some = payments.filter((one) => one.ordinal > 0 && this.dice(2) === 0).map((one) => one.ordinal)
    const how = (['cash', 'pos', 'bonifico'] as const)[this.dice(3)] as 'cash' | 'pos' | 'bonifico'
    const cashAccountId = how === 'cash' ? (cashAccounts[0]?.id ?? null) : null
    const document = `ricevuta ${this.done.length}`
    await this.client.positionAct.payOutside({ id, payments: some, how, document, date: this.today, cashAccountId })
  }

  async oldPapersPay() {
    for (let n = 0; n < 2 && this.#papers.length > 0; n += 1) this.world.pay(this.#papers, this.today)
    ;(this.office.context.clock as FakeClock).advance((1 + this.dice(20)) * 86_400_000)
  }

  async cancelPositions() {
    const { rows } = await this.client.debtPosition.list({ filters: {}, limit: 500 })
    const ids = rows.filter(() => this.dice(10) === 0).map((row) => row.id)
    if (ids.length === 0) return
    const preview = await this.client.positionAct.cancelPreview({ selection: { ids } })
    const { count, beforeCents, leftOut, stamp } = preview
    if (count === 0) return
    const order = { selection: { ids }, reason: 'Per prova', expected: count, stamp }
    expect(await outcome(await this.client.positionAct.cancel(order))).toEqual({ count, cents: beforeCents, leftOut })
  }

  async cancelAccertamenti() {
    const { rows } = await this.client.accertamento.list({ filters: { exercise: YEAR }, limit: 500 })
    const ids = rows.filter(() => this.dice(15) === 0).map((row) => row.id)
    if (ids.length === 0) return
    const preview = await this.client.accertamento.cancelPreview({ ids })
    const done = await this.client.accertamento.cancel({ selection: { ids }, reason: 'Per prova', act: 'Delibera 1' })
    expect(done).toEqual({ count: preview.count, cents: preview.cents })
  }

  async othersPay() {
    const { rows } = await this.client.debtPosition.list({ filters: {}, limit: 500 })
    const payable: { iuv: string; cents: Cents }[] = []
    for (const row of rows) {
      if (row.installments === 0) payable.push(row)
      else payable.push(...(await this.client.debtPosition.get({ id: row.id })).payments)
    }
    for (let n = 0; n < 1 + this.dice(3); n += 1) this.world.pay(payable, this.today)
    if (this.dice(4) === 0) this.world.ordinary(this.today, 'VERSAMENTO CONTANTI', cents(100 + this.dice(9_000)))
    if (this.dice(4) === 0) this.world.ordinary(this.today, 'SPESE TENUTA CONTO', cents(-100 - this.dice(900)))
    if (this.dice(8) === 0) this.world.revise()
    ;(this.office.context.clock as FakeClock).advance((1 + this.dice(4)) * 86_400_000)
  }

  async flows() {
    const tokens = []
    for (const { name, bytes } of this.world.flowFiles()) tokens.push(await this.#adopt(name, bytes))
    if (tokens.length > 0) await outcome(await this.client.reportingFlow.import({ tokens }))
  }

  async statement() {
    const from = this.dice(2) === 0 ? isoDate(`${YEAR}-01-01`) : addDays(this.today, -10)
    const bytes = this.world.statement(from, this.today)
    const bankAccountId = (await this.client.account.list())[0]?.id
    if (bytes === null || bankAccountId === undefined) return
    const token = await this.#adopt('estratto.csv', bytes)
    const read = await this.client.bankStatement.read({ token, bankAccountId })
    const done = await this.client.bankStatement.confirm({ token, bankAccountId, mapping: read.mapping })
    expect(done).toMatchObject({ added: read.added, already: read.already })
  }

  /** Any row of the work table: what it proposes, something else that is looked for, later, or never. */
  async decide() {
    const { rows } = await this.client.reconciliation.table({ limit: 500 })
    const row = rows[this.dice(Math.max(1, rows.length))]
    if (!row) return
    const { subject } = row
    const decide = (act: Act, reason: string) =>
      this.client.reconciliation.decide({ acts: [act], reason, annul: this.dice(4) === 0 })
    const proposed = row.counterparts[this.dice(Math.max(1, row.counterparts.length))]
    const choice = this.dice(proposed ? 12 : 4)
    if (proposed && choice > 3) await decide(proposed.act, 'Riconosciuto')
    else if (choice > 1) {
      const found = await this.client.reconciliation.find({ subject, toleranceCents: cents(50_000) })
      const other = found[this.dice(Math.max(1, found.length))]
      if (other) await decide(other.act, 'A mano')
    } else if (choice === 1) await decide({ kind: 'skip', subject }, '')
    else if (subject.kind !== 'movement' || row.cents < 0) await decide({ kind: 'setAside', subject }, 'Lo sappiamo')
    else await decide({ kind: 'exclude', bankMovementIds: [subject.bankMovementId] }, 'Non pagoPA')
  }

  async undo() {
    const { lastAct } = await this.client.reconciliation.table({ limit: 1 })
    const reason = 'Ci ho ripensato'
    if (lastAct)
      await this.client.reconciliation.undo({
        ...{ decisionIds: lastAct.decisionIds, reason, annul: this.dice(3) === 0 },
      })
  }

  async post() {
    const ready = await this.client.reversale.ready({})
    const some = ready.drafts.filter(() => this.dice(4) > 0)
    if (some.length === 0) return
    const expectedCents = cents(some.reduce((sum, draft) => sum + draft.cents, 0))
    const keys = some.map((draft) => draft.key)
    const done = await outcome(await this.client.reversale.post({ scope: {}, keys, expectedCents }))
    expect(done.reversali).toEqual({ count: some.length, cents: expectedCents })
  }

  async annul() {
    const { rows } = await this.client.reversale.list({ filters: { exercise: YEAR }, limit: 500 })
    const row = rows[this.dice(Math.max(1, rows.length))]
    if (row) await this.client.reversale.annul({ id: row.id, reason: 'Per prova' })
  }

  async undoImport() {
    const { rows } = await this.client.registerImport.history({ filters: { state: ['confirmed'] }, limit: 500 })
    const row = rows[this.dice(Math.max(1, rows.length))]
    if (row) await this.client.registerImport.undo({ id: row.id, reason: 'Per prova' })
  }

  async #adopt(name: string, bytes: Uint8Array) {
    const writer = await this.office.context.files.create(name, 'application/octet-stream')
    await writer.write(bytes)
    return writer.commit()
  }
}

/** What every page says must agree with every other one, whatever was done. */
async function everythingAgrees({ client, office }: Secretary): Promise<void> {
  const exercise = { exercise: YEAR }
  expect(await office.context.ledger.read(checkEquations)).toEqual([])
  const page = { limit: 500 } as const
  const reversali = await client.reversale.list({
    filters: exercise,
    sort: { column: 'number', direction: 'asc' },
    ...page,
  })
  expect(reversali.rows.map((row) => row.number)).toEqual(reversali.rows.map((_, n) => n + 1))
  const dates = reversali.rows.map((row) => row.date)
  expect(dates).toEqual([...dates].sort())

  const accertamenti = await client.accertamento.list({ filters: exercise, ...page })
  const situation = await client.capitolo.situation(exercise)
  const total = (of: (row: (typeof situation)[number]) => number) => situation.reduce((sum, row) => sum + of(row), 0)
  const { dueCents, collectedCents, outstandingCents } = accertamenti.totals
  expect({ dueCents, collectedCents, outstandingCents }).toEqual({
    dueCents: total((row) => row.accertatoCents),
    collectedCents: reversali.totals.cents,
    outstandingCents: total((row) => row.daRiscuotereCents),
  })
  expect(total((row) => row.riscossoCents)).toBe(reversali.totals.cents)

  const quietanze = await client.quietanza.list({ filters: exercise, ...page })
  const valid = quietanze.rows.filter((row) => !row.annulled)
  expect(valid.reduce((sum, row) => sum + row.cents, 0)).toBe(reversali.totals.cents)
  const people = await client.person.list({ filters: {}, ...page })
  expect(people.rows.reduce((sum, row) => sum + row.collectedCents, 0)).toBe(reversali.totals.cents)
  expect(people.totals.outstandingCents).toBe(outstandingCents)
  const movements = await client.bankStatement.movements({ filters: {}, ...page })
  expect(movements.rows.reduce((sum, row) => sum + row.regularisedCents, 0)).toBe(reversali.totals.cents)
  const unpaid = await client.book.unpaid({ filters: exercise, ...page })
  expect(unpaid.totals.outstandingCents).toBe(outstandingCents)
  const cash = await client.book.cashJournal({ filters: exercise, ...page })
  expect(cash.totals.cents).toBe(reversali.totals.cents)
  const mastro = await client.book.mastro({ filters: exercise, ...page })
  expect(mastro.totals).toEqual({ accertatoCents: dueCents, riscossoCents: reversali.totals.cents })

  const { badges } = await client.app.state()
  const table = await expectCountsAgree(office.context, YEAR)
  const ready = await client.reversale.ready({})
  expect(badges).toMatchObject({ toDecide: table.counts.toDecide, reversaliReady: ready.drafts.length })
  await expectKeptBooksTrue(office.context.ledger, office.context.clock.now())
}

/** Years that once found a fault, at their full length. */
const FOUND = [22_004]
const seeds = [...(LONG ? FOUND : []), ...Array.from({ length: YEARS }, (_, n) => FIRST + n)]

/** One office from its first day on; whatever goes wrong is told with all that was done before. */
async function year(seed: number, changing: boolean, target?: LedgerTarget): Promise<readonly string[]> {
  const next = uniform({ random: seededRandom(seed) })
  const office = await openOffice(undefined, target)
  const secretary = new Secretary(office, (n) => Math.floor(next() * n), changing)
  try {
    if (changing) {
      const cash = { id: null, kind: 'cash', name: 'Cassa', iban: null, openingDate: isoDate(`${YEAR}-01-01`) } as const
      await secretary.client.account.save({ ...cash, openingCents: cents(0) })
    }
    await secretary.try('register', () => secretary.register())
    await secretary.try('issue', () => secretary.issue())
    for (let n = 0; n < ACTS; n += 1) {
      await secretary.act()
      await everythingAgrees(secretary)
    }
    // What is left to post is posted, and then there is nothing to add.
    const ready = await secretary.client.reversale.ready({})
    if (ready.drafts.length > 0) {
      const keys = ready.drafts.map((draft) => draft.key)
      const order = { scope: {}, keys, expectedCents: ready.totals.cents }
      await outcome(await secretary.client.reversale.post(order))
    }
    expect((await secretary.client.reversale.ready({})).drafts).toEqual([])
    await everythingAgrees(secretary)
    expect((await secretary.client.ledger.check()).filter((line) => !line.ok)).toEqual([])
    return secretary.done
  } catch (error) {
    console.error(`seed ${seed}: ${secretary.done.join(' › ')}`)
    throw error
  } finally {
    await office.close()
  }
}

describe(`an office at work, ${YEARS} years of ${ACTS} acts (from seed ${FIRST})`, () => {
  const tally = new Map<string, number>()
  afterAll(() => {
    const most = [...tally].sort(([, a], [, b]) => b - a)
    console.log(most.map(([name, n]) => `${name} ${n}`).join(', '))
  })

  test.each(seeds)('year %i: after each act the books agree', { timeout: 300_000 }, async (seed) => {
    for (const name of await year(seed, false)) tally.set(name, (tally.get(name) ?? 0) + 1)
  })

  test.each(seeds.filter((seed) => !FOUND.includes(seed)))(
    'year %i, whose positions change: after each act the books agree',
    { timeout: 300_000 },
    async (seed) => {
      for (const name of await year(seed, true)) tally.set(name, (tally.get(name) ?? 0) + 1)
    },
  )
})

const PG_URL = process.env.QUIETANZA_PG_URL ?? null

describe.skipIf(PG_URL === null)('the same on PostgreSQL (skipped where QUIETANZA_PG_URL is not set)', () => {
  const url = PG_URL ?? ''
  const schemas: string[] = []
  afterAll(async () => {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    for (const schema of schemas) await client.query(`DROP SCHEMA IF EXISTS "${schema}" CASCADE`)
    await client.end()
  })

  test.each(seeds.slice(0, LONG ? 15 : 1))(
    'year %i does what it does on SQLite',
    { timeout: 300_000 },
    async (seed) => {
      const schema = `office_${process.pid}_${seed}`
      schemas.push(schema)
      const done = await year(seed, true, { engine: 'postgres', url, schema, clock: 'program' })
      expect(done).toEqual(await year(seed, true))
    },
  )
})
