import { call } from '@orpc/server'
import { expect, test } from 'vitest'
import type { Id } from '#domain/brand'
import type { IsoDate } from '#domain/date'
import { addDays, isoDate } from '#domain/date'
import { cents } from '#domain/money'
import type { Act } from '#services/act'
import { exercise } from '#services/exercise'
import { reconciliation } from '#services/reconciliation'
import { reportingFlow } from '#services/reporting-flow'
import { reversale } from '#services/reversale'
import { CollectionOffice, causaleOf, flowOf } from './support/collection-office.ts'

// Evidence arrives, people decide, undo, post, annul and close in any order, through the services. After every act the
// equations hold, the page of what is ready answers, and whatever is refused is refused in words.

const LONG = process.env.QUIETANZA_LONG === '1'
const YEARS = LONG ? 60 : 3
const STEPS = LONG ? 90 : 45

type Row = readonly [iuv: string, cents: number, outcome?: string]

interface Known {
  readonly id: string
  readonly day: number
  rows: readonly Row[]
  versions: number
}

/** A little generator of its own: the same year every time. */
function dice(seed: number): (n: number) => number {
  let s = seed * 7919 + 13
  return (n) => {
    s = (s * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((s / 2_147_483_648) * n)
  }
}

const totalOf = (rows: readonly Row[]) =>
  rows.reduce((sum, [, amount, how]) => sum + (how === '3' ? -amount : amount), 0)

/** One office in the hands of people who do anything. */
class AnyOrder {
  readonly #office: CollectionOffice
  readonly #roll: (n: number) => number
  readonly #debts: { debt: Id<'accertamento'>; position: Id<'debtPosition'>; notices: readonly Row[] }[] = []
  readonly #flows: Known[] = []
  readonly #decided: (readonly Id<'decision'>[])[] = []
  #cash = 0 as Id<'bankAccount'>
  #postal = 0 as Id<'bankAccount'>
  #day = 1

  constructor(office: CollectionOffice, seed: number) {
    this.#office = office
    this.#roll = dice(seed)
  }

  async prepare(): Promise<void> {
    const office = this.#office
    await office.write(async (db) => {
      await db
        .insertInto('capitolo')
        .values({ code: '90.1', name: 'Somme da restituire', kind: 'partitaDiGiro' })
        .execute()
      this.#cash = await office.addAccount(db, 'Cassa', 'cash')
      this.#postal = await office.addAccount(db, 'Posta', 'postal')
    })
    for (let i = 0; i < 8; i++) {
      const amount = 1000 * (1 + this.#roll(5))
      if (this.#roll(3) > 0) {
        const place = this.#roll(4) === 0 ? { capitoloId: office.diritti } : {}
        const { accertamentoId, positionId, iuv } = await office.quota(amount, place)
        this.#debts.push({ debt: accertamentoId, position: positionId, notices: [[iuv, amount]] })
        continue
      }
      const accertamentoId = await office.raise(amount)
      const half = Math.floor(amount / 2)
      const parts = [half, amount - half]
      const { id, iuvs } = await office.issue({
        single: [{ accertamentoId, cents: amount }],
        plan: parts.map((part) => [{ accertamentoId, cents: part }]),
      })
      const notices = [amount, ...parts].map((part, k): Row => [iuvs[k] as string, part])
      this.#debts.push({ debt: accertamentoId, position: id, notices })
    }
  }

  /** Does one thing; its name. */
  async step(first: boolean): Promise<string> {
    const weighted = Object.keys(this.#acts).flatMap((name) => Array<string>(WEIGHTS[name] ?? 1).fill(name))
    const name = first ? 'flow' : this.#pick(weighted)
    try {
      await this.#acts[name]?.()
    } catch (error) {
      const problems = (error as { data?: { problems?: readonly { code: string }[] } }).data?.problems
      const isRaw = (code: string) => code.startsWith('BOOKS_') && code !== 'BOOKS_EXERCISE_NOT_OPEN'
      if (!problems || problems.some(({ code }) => isRaw(code))) throw new Error(name, { cause: problems ?? error })
      return `${name} (${problems.map(({ code }) => code).join(', ')})`
    }
    return name
  }

  #pick<T>(list: readonly T[]): T {
    return list[this.#roll(list.length)] as T
  }

  #notice(): Row {
    return this.#pick(this.#pick(this.#debts).notices)
  }

  #date(day: number): IsoDate {
    return addDays(isoDate('2026-03-01'), Math.min(day, 300))
  }

  get #context() {
    return { context: this.#office.ctx }
  }

  async #movements() {
    return this.#office.ledger.read((db) =>
      db.selectFrom('bankMovement').select(['id', 'cents']).orderBy('id').execute(),
    )
  }

  async #decide(act: Act): Promise<void> {
    const input = { acts: [act], reason: 'così va il mondo', annul: this.#roll(2) === 0 }
    const { decisionIds } = await call(reconciliation.decide, input, this.#context)
    this.#decided.push(decisionIds)
  }

  readonly #acts: Readonly<Record<string, () => Promise<void>>> = {
    flow: async () => {
      this.#day += this.#roll(4)
      const id = `${this.#date(this.#day)}AAAAITM1XXX-${String(this.#flows.length + 1).padStart(4, '0')}`
      const rows = Array.from({ length: 1 + this.#roll(3) }, (): Row => {
        const [iuv, amount] = this.#notice()
        const odd: readonly Row[] = [
          [iuv, amount, '3'],
          [iuv, amount, '9'],
          [iuv, amount + 100],
          ['47000000000000099', 700],
        ]
        return odd[this.#roll(12)] ?? [iuv, amount]
      })
      this.#flows.push({ id, rows, day: this.#day, versions: 1 })
      await this.#office.importFlows(flowOf(id, rows, { dateTime: `${this.#date(this.#day)}T09:00:00` }))
    },
    revise: async () => {
      const flow = this.#flows[this.#roll(this.#flows.length)]
      if (!flow) return
      flow.rows = flow.rows.map((row) => (this.#roll(2) === 0 ? row : this.#notice()))
      flow.versions += 1
      const dateTime = `${this.#date(flow.day)}T${String(8 + Math.min(flow.versions, 15)).padStart(2, '0')}:00:00`
      await this.#office.importFlows(flowOf(flow.id, flow.rows, { dateTime }))
    },
    movements: async () => {
      this.#day += this.#roll(2)
      const day = this.#date(this.#day)
      const flow = this.#pick(this.#flows)
      const total = Math.max(1, totalOf(flow.rows))
      const other = this.#pick(this.#flows)
      const half = Math.ceil(total / 2)
      const [iuv, amount] = this.#notice()
      const odd: readonly (readonly (readonly [string, number, string])[])[] = [
        [[day, 100 * (1 + this.#roll(50)), `BONIFICO PERSONA 00${1 + this.#roll(8)} ${this.#day}`]],
        [[day, -total, `STORNO ${causaleOf(flow.id)}`]],
        [[day, -100 * (1 + this.#roll(50)), `SPESE ${this.#day}`]],
        [
          [day, half, causaleOf(flow.id)],
          [day, Math.max(1, total - half), `${causaleOf(flow.id)} B`],
        ],
        [[day, Math.max(1, total + totalOf(other.rows)), `${causaleOf(flow.id)} /URI/${other.id}`]],
        [[day, amount, `BONIFICO /RFB/${iuv}/${this.#day}`]],
        [[day, total, causaleOf(flow.id).slice(0, -3)]],
      ]
      const account = this.#roll(6) === 0 ? this.#postal : this.#office.account
      await this.#office.loadStatement(odd[this.#roll(14)] ?? [[day, total, causaleOf(flow.id)]], account)
    },
    propose: async () => {
      const { rows } = await call(reconciliation.table, { limit: 500 }, this.#context)
      const asked = rows.filter((row) => row.counterparts.length > 0)
      if (asked.length > 0) await this.#decide(this.#pick(this.#pick(asked).counterparts).act)
    },
    find: async () => {
      const { rows } = await call(reconciliation.table, { limit: 500 }, this.#context)
      const row = rows[this.#roll(rows.length)]
      if (!row) return
      const found = await call(reconciliation.find, { subject: row.subject, text: 'persona' }, this.#context)
      if (found.length > 0) await this.#decide(this.#pick(found).act)
    },
    aside: async () => {
      const { rows } = await call(reconciliation.table, { limit: 500 }, this.#context)
      const row = rows[this.#roll(rows.length)]
      if (row && row.kind !== 'alarm' && row.kind !== 'credit') {
        await this.#decide({ kind: 'setAside', subject: row.subject })
      }
    },
    exclude: async () => {
      const movement = this.#pick(await this.#movements())
      if (movement) await this.#decide({ kind: 'exclude', bankMovementIds: [movement.id] })
    },
    match: async () => {
      const credit = this.#pick((await this.#movements()).filter((m) => m.cents > 0))
      if (!credit) return
      const flows = await call(reportingFlow.list, { filters: {} }, this.#context)
      const flow = flows.rows[this.#roll(flows.rows.length * 2)]
      const target = flow
        ? {
            kind: 'flow' as const,
            id: flow.id as number,
            cents: cents(Math.max(1, Math.min(credit.cents, flow.rowsCents))),
          }
        : {
            kind: 'accertamento' as const,
            id: this.#pick(this.#debts).debt as number,
            cents: cents(Math.min(credit.cents, 1000)),
          }
      const more = this.#roll(3) === 0 ? { more: true as const } : {}
      await this.#decide({ kind: 'match', bankMovementId: credit.id, targets: [target], ...more })
    },
    storno: async () => {
      const all = await this.#movements()
      const debit = this.#pick(all.filter((m) => m.cents < 0))
      const credit = this.#pick(all.filter((m) => m.cents > 0))
      if (!debit || !credit) return
      await this.#decide({ kind: 'storno', bankMovementId: debit.id, creditMovementId: credit.id })
    },
    cash: async () => {
      const date = this.#date(1 + this.#roll(10))
      const how = this.#roll(3) === 0 ? ('pos' as const) : ('cash' as const)
      const paid =
        how === 'cash' ? { cashAccountId: this.#cash, cents: cents(500) } : { cashAccountId: null, cents: null }
      const { position } = this.#pick(this.#debts)
      await this.#decide({
        kind: 'paidOutside',
        debtPositionId: position,
        document: `Ricevuta ${this.#day}`,
        how,
        date,
        ...paid,
      })
    },
    undo: async () => {
      const ids = this.#pick(this.#decided)
      if (!ids) return
      const input = { decisionIds: [this.#pick(ids)], annul: this.#roll(2) === 0, reason: 'ripensato' }
      const { decisionIds } = await call(reconciliation.undo, input, this.#context)
      if (this.#roll(2) === 0) this.#decided.push(decisionIds)
    },
    post: async () => {
      await this.#office.postAll([2025, 2026])
    },
    annul: async () => {
      const list = await call(reversale.list, { filters: { exercise: 2026 }, limit: 500 }, this.#context)
      const issued = this.#pick(list.rows.filter((r) => r.state === 'issued'))
      if (issued) await call(reversale.annul, { id: issued.id, reason: 'sbaglio' }, this.#context)
    },
    alarm: async () => {
      const alarm = this.#pick((await this.#office.ready()).alarms)
      if (!alarm) return
      const { id } = alarm
      if (this.#roll(2) === 0) return void (await call(reversale.keep, { id, reason: 'tienila' }, this.#context))
      const { nextCents } = await call(reversale.alarm, { id }, this.#context)
      await call(reversale.reissue, { id, reason: 'rifalla', expectedCents: nextCents }, this.#context)
    },
    close: async () => {
      if (this.#roll(4) > 0) return
      this.#office.clock.ms = Date.parse('2027-01-20T08:00:00.000Z')
      const { state, lines } = await call(exercise.checklist, { year: 2026 }, this.#context)
      if (state !== 'open') return void (await call(exercise.reopen, { year: 2026, reason: 'riapro' }, this.#context))
      await call(exercise.close, { year: 2026, acknowledged: lines.map((line) => line.check) }, this.#context)
    },
  }
}

const WEIGHTS: Readonly<Record<string, number>> = {
  flow: 3,
  movements: 6,
  propose: 4,
  find: 2,
  undo: 3,
  post: 3,
  alarm: 2,
}

for (let seed = 1; seed <= YEARS; seed++) {
  test(`the books hold after every act, whatever the order: year ${seed}`, { timeout: 300_000 }, async () => {
    const office = await CollectionOffice.open()
    try {
      const year = new AnyOrder(office, seed)
      await year.prepare()
      const done: string[] = []
      for (let i = 0; i < STEPS; i++) {
        done.push(await year.step(i < 3))
        const said = `year ${seed}, ${done.length} acts, the last: ${done.slice(-6).join('; ')}`
        expect(await office.equations(), said).toEqual([])
        const { square } = await call(reconciliation.table, {}, { context: office.ctx })
        expect(square.unexplainedCents, said).toBe(0)
        await office.ready()
      }
    } finally {
      await office.close()
    }
  })
}
