import { call } from '@orpc/server'
import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import type { Id } from '#domain/brand'
import { cents } from '#domain/money'
import type { Act } from '#services/act'
import { exercise } from '#services/exercise'
import { reconciliation } from '#services/reconciliation'
import { reportingFlow } from '#services/reporting-flow'
import { reversale } from '#services/reversale'
import { rule } from '#services/rule'
import { causaleOf, flowOf } from './support/collection-office.ts'
import { expectCountsAgree } from './support/counts-agree.ts'
import { anOfficeForEachTest, office } from './support/own-office.ts'

anOfficeForEachTest()

const F1 = '2026-03-11AAAAITM1XXX-0001'
const F2 = '2026-03-12AAAAITM1XXX-0002'
const LAST_YEAR = '2025-12-30AAAAITM1XXX-0009'
const UNKNOWN = '47190000000999999'
const STORNO = `STORNO ${causaleOf(F1)}`

const decide = (...acts: Act[]) =>
  call(reconciliation.decide, { acts, reason: 'lo dicono le carte' }, { context: office.ctx })

async function movementOf(amount: number): Promise<Id<'bankMovement'>> {
  const row = await office.ledger.read((db) =>
    db.selectFrom('bankMovement').select('id').where('cents', '=', cents(amount)).executeTakeFirstOrThrow(),
  )
  return row.id
}

/** A flow of 100,00 of one payment. */
async function flow(flowId = F1, amount = 10000) {
  const quota = await office.quota(amount)
  await office.importFlows(flowOf(flowId, [[quota.iuv, amount]]))
  return quota
}

interface Situation {
  readonly name: string
  prepare(): Promise<unknown>
  /** What the difference between credits and flows is made of. */
  readonly lines: Readonly<Record<string, number>>
  readonly toDecide: number
}

const SITUATIONS: readonly Situation[] = [
  {
    name: 'a flow credited to the cent: nothing is left, the debits of the bank are no part of it',
    prepare: async () => {
      await flow()
      await office.loadStatement([
        ['2026-03-12', 10000, causaleOf(F1)],
        ['2026-03-13', -250, 'COMMISSIONI'],
      ])
    },
    lines: {},
    toDecide: 0,
  },
  {
    name: 'a flow credited twice',
    prepare: async () => {
      await flow()
      await office.loadStatement([
        ['2026-03-12', 10000, causaleOf(F1)],
        ['2026-03-16', 10000, causaleOf(F1)],
      ])
    },
    lines: { 'Accrediti: doppio': 10000 },
    toDecide: 1,
  },
  {
    name: 'a flow credited too much',
    prepare: async () => {
      await flow()
      await office.loadStatement([
        ['2026-03-12', 6000, causaleOf(F1)],
        ['2026-03-13', 5000, causaleOf(F1)],
      ])
    },
    lines: { 'Accrediti: importi diversi': 11000, 'Flussi: importi diversi': -10000 },
    toDecide: 2,
  },
  {
    name: 'a flow credited in part',
    prepare: async () => {
      await flow()
      await office.loadStatement([['2026-03-12', 6000, causaleOf(F1)]])
    },
    lines: { 'Accrediti: accredito parziale': 6000, 'Flussi: accredito parziale': -10000 },
    toDecide: 1,
  },
  {
    name: 'a flow in several transfers of one statement',
    prepare: async () => {
      await flow()
      await office.loadStatement([
        ['2026-03-12', 6000, causaleOf(F1)],
        ['2026-03-13', 4000, causaleOf(F1)],
      ])
    },
    lines: {},
    toDecide: 0,
  },
  {
    name: 'several flows in one transfer',
    prepare: async () => {
      await flow()
      await flow(F2, 5000)
      await office.loadStatement([['2026-03-12', 15000, `${causaleOf(F1)} ${causaleOf(F2)}`]])
    },
    lines: {},
    toDecide: 0,
  },
  {
    name: 'a credit taken back whole',
    prepare: async () => {
      await flow()
      await office.loadStatement([
        ['2026-03-12', 10000, causaleOf(F1)],
        ['2026-03-13', -10000, STORNO],
      ])
    },
    lines: { 'Accrediti stornati': 10000, 'Flussi: non accreditato': -10000 },
    toDecide: 0,
  },
  {
    name: 'a credit taken back in part',
    prepare: async () => {
      await flow()
      await office.loadStatement([
        ['2026-03-12', 10000, causaleOf(F1)],
        ['2026-03-13', -4000, STORNO],
      ])
    },
    lines: { 'Accrediti stornati': 4000, 'Accrediti: accredito parziale': 6000, 'Flussi: accredito parziale': -10000 },
    // The credit, and the debit: it may be a commission.
    toDecide: 2,
  },
  {
    name: 'a credit taken back and given again',
    prepare: async () => {
      await flow()
      await office.loadStatement([
        ['2026-03-12', 10000, causaleOf(F1)],
        ['2026-03-13', -10000, STORNO],
        ['2026-03-16', 10000, causaleOf(F1)],
      ])
    },
    lines: { 'Accrediti stornati': 10000 },
    toDecide: 0,
  },
  {
    name: 'an excluded credit',
    prepare: async () => {
      await flow()
      await office.loadStatement([['2026-03-12', 10000, causaleOf(F1)]])
      await decide({ kind: 'exclude', bankMovementIds: [await movementOf(10000)] })
    },
    lines: { 'Accrediti: escluso': 10000, 'Flussi: non accreditato': -10000 },
    toDecide: 0,
  },
  {
    name: 'a payment held inside a credited flow: its money is matched all the same',
    prepare: async () => {
      const { iuv } = await office.quota(7000)
      await office.importFlows(
        flowOf(F1, [
          [iuv, 7000],
          [UNKNOWN, 3000],
        ]),
      )
      await office.loadStatement([['2026-03-12', 10000, causaleOf(F1)]])
    },
    lines: {},
    toDecide: 1,
  },
  {
    name: 'two versions of a credited flow in conflict',
    prepare: async () => {
      const { iuv } = await office.quota(10000)
      const first = flowOf(F1, [[iuv, 10000]])
      await office.importFlows(first)
      await office.importFlows({ ...first, rows: first.rows.map((row) => ({ ...row, iur: 'ALTRO' })) })
      await office.loadStatement([['2026-03-12', 10000, causaleOf(F1)]])
    },
    lines: {},
    toDecide: 1,
  },
  {
    name: 'a bonifico outside pagoPA given to an accertamento, with a rest',
    prepare: async () => {
      const accertamentoId = await office.raise(5000)
      await office.loadStatement([['2026-03-12', 6000, 'BONIFICO DI UN ISCRITTO']])
      const targets = [{ kind: 'accertamento' as const, id: accertamentoId, cents: cents(5000) }]
      await decide({ kind: 'match', bankMovementId: await movementOf(6000), targets })
    },
    lines: { 'Accrediti abbinati ad accertamenti': 5000, 'Accrediti: resto da attribuire': 1000 },
    toDecide: 1,
  },
  {
    name: 'a single payment, and once more',
    prepare: async () => {
      const { iuv } = await office.quota(5000)
      await office.loadStatement([
        ['2026-03-12', 5000, `BONIFICO /RFB/${iuv}/50.00`],
        ['2026-03-16', 5000, `BONIFICO /RFB/${iuv}/50.00 BIS`],
      ])
    },
    lines: { 'Accrediti abbinati a singoli pagamenti': 5000, 'Accrediti: doppio': 5000 },
    toDecide: 1,
  },
  {
    name: 'a giroconto',
    prepare: async () => {
      const other = await office.write((db) => office.addAccount(db, 'Conto postale', 'postal'))
      await office.loadStatement([['2026-03-12', 6000, 'GIROCONTO']])
      await office.loadStatement([['2026-03-12', -6000, 'GIROCONTO']], other)
      await decide({
        ...{ kind: 'internal', bankMovementId: await movementOf(6000), debitMovementId: await movementOf(-6000) },
      })
    },
    lines: { 'Accrediti: giroconto': 6000 },
    toDecide: 0,
  },
  {
    name: 'a credit of January for a flow of December',
    prepare: async () => {
      const { iuv } = await office.quota(10000, { exercise: 2025 })
      await office.importFlows(flowOf(LAST_YEAR, [[iuv, 10000]]))
      await office.loadStatement([['2026-01-02', 10000, causaleOf(LAST_YEAR)]])
    },
    lines: {},
    toDecide: 0,
  },
  {
    name: 'a cut reference: both sides are in proposal',
    prepare: async () => {
      await flow()
      await office.loadStatement([['2026-03-12', 10000, 'BONIFICO /PUR/LGPE-RIVERSAMENTO/URI/2026-03-1']])
    },
    lines: { 'Accrediti: in proposta': 10000, 'Flussi: in proposta': -10000 },
    toDecide: 1,
  },
]

describe('the quadratura squares, tells why, and posting stays open', () => {
  test.each(SITUATIONS)('$name', async ({ prepare, lines, toDecide }) => {
    await prepare()
    const before = await expectCountsAgree(office.ctx, 2026)
    const said = Object.fromEntries(before.square.explanation.map((line) => [line.text, line.cents]))
    expect(said).toEqual(lines)
    expect(before.counts.toDecide).toBe(toDecide)
    await office.postAll()
    const after = await expectCountsAgree(office.ctx, 2026)
    expect(after.square).toEqual(before.square)
    expect(after.counts.toDecide).toBe(toDecide)
  })
})

test('payments of other software inside a credited flow are told: in the square, before posting, before closing', async () => {
  const OTHER = '12190000000000099'
  const { iuv } = await office.quota(5000)
  await office.importFlows(
    flowOf(F1, [
      [iuv, 5000],
      [OTHER, 7000],
    ]),
    flowOf(F2, [['12190000000000098', 3000]]),
  )
  await office.loadStatement([
    ['2026-03-12', 12000, causaleOf(F1)],
    ['2026-03-13', 3000, causaleOf(F2)],
  ])
  const { square, counts } = await expectCountsAgree(office.ctx, 2026)
  expect(square.notOurs).toEqual({ count: 2, cents: 10000 })
  expect([square.explanation, counts.toDecide]).toEqual([[], 0])
  expect((await office.ready()).warnings).toEqual([
    'Di altri software o altri enti: 2 pagamenti per 100,00, che qui non si riscuotono.',
  ])
  await office.postAll()
  expect((await office.ready()).warnings).toEqual([
    'Di altri software o altri enti: 1 pagamento per 30,00, che qui non si riscuote.',
  ])
  const { rows } = await call(reportingFlow.list, { filters: {}, limit: 10 }, { context: office.ctx })
  expect(rows.map((flow) => flow.labels.map((l) => l.text).at(-1)).sort()).toEqual([
    'Di altri software o altri enti: 1 pagamento per 30,00, che qui non si riscuote.',
    'Di altri software o altri enti: 1 pagamento per 70,00, che qui non si riscuote.',
  ])
  office.clock.ms = Date.parse('2027-01-20T08:00:00.000Z')
  const { lines } = await call(exercise.checklist, { year: 2026 }, { context: office.ctx })
  expect(lines.find((l) => l.check === 'credits')).toMatchObject({
    cents: 10000,
    text: '2 accrediti restano da regolarizzare: si elencano come «non regolarizzati». Di altri software o altri enti: 2 pagamenti per 100,00, che qui non si riscuotono.',
  })
})

test('of one statement: what is credited in another is told, and flows that wait are everybody’s', async () => {
  await flow()
  await flow(F2, 5000)
  await office.loadStatement([['2026-03-12', 6000, causaleOf(F1)]])
  await office.loadStatement([['2026-03-13', 4000, causaleOf(F1)]])
  await expectCountsAgree(office.ctx, 2026)
  const ids = await office.ledger.read((db) => db.selectFrom('bankStatement').select('id').orderBy('id').execute())
  const lines = await Promise.all(
    ids.map(async ({ id }) => {
      const { square } = await call(reconciliation.table, { statementId: id }, { context: office.ctx })
      return square.explanation.map((line) => `${line.text} ${line.cents}`)
    }),
  )
  expect(lines).toEqual([
    ['Flussi: accreditati in altri estratti conto -4000', 'Flussi: non accreditato -5000'],
    ['Flussi: accreditati in altri estratti conto -6000', 'Flussi: non accreditato -5000'],
  ])
})

test('a posted credit taken back and given again is an alarm: the rest is posted meanwhile', async () => {
  await flow()
  await office.loadStatement([['2026-03-12', 10000, causaleOf(F1)]])
  await office.postAll()
  await office.loadStatement([
    ['2026-03-13', -10000, STORNO],
    ['2026-03-16', 10000, causaleOf(F1)],
  ])
  expect((await expectCountsAgree(office.ctx, 2026)).kinds).toMatchObject({ alarm: 1, credit: 0 })
  await flow(F2, 5000)
  await office.loadStatement([['2026-03-17', 5000, causaleOf(F2)]])
  await office.postAll()
  expect(await office.reversali()).toEqual(['1: 10000', '2: 5000'])
  const table = await expectCountsAgree(office.ctx, 2026)
  expect(table.kinds.alarm).toBe(1)
  expect(table.square.explanation).toEqual([{ text: 'Accrediti stornati', cents: 10000 }])
})

test('whoever posts is refused while the quadratura does not square: a reversale issued again, too', async () => {
  await flow()
  const { iuv } = await office.quota(10000)
  await office.loadStatement([['2026-03-12', 10000, causaleOf(F1)]])
  await office.postAll()
  await office.importFlows(flowOf(F1, [[iuv, 10000]], { dateTime: '2026-03-12T10:00:00' }))
  const again = { id: 2_026_000_001 as Id<'reversale'>, reason: 'il flusso è cambiato', expectedCents: cents(10000) }
  const reissue = () => call(reversale.reissue, again, { context: office.ctx })
  const run = (statement: string) => office.write((db) => sql.raw(statement).execute(db))
  await run(
    `CREATE TRIGGER "falso" AFTER INSERT ON "flowLabel" BEGIN UPDATE "flowLabel" SET "creditedCents" = NEW."creditedCents" - 1 WHERE "reportingFlowId" = NEW."reportingFlowId"; END`,
  )
  await expect(reissue()).rejects.toMatchObject({ data: { problems: [{ code: 'POSTING_NOT_SQUARE' }] } })
  expect(await office.reversali()).toEqual(['1: 10000'])
  await run('DROP TRIGGER "falso"')
  await reissue()
  expect(await office.reversali()).toEqual(['1: annullata', '2: 10000'])
  await expectCountsAgree(office.ctx, 2026)
})

test('what a rule proposes for is to be decided as soon as the rule is accepted, and no more once it is removed', async () => {
  await office.loadStatement(
    ['02', '03', '04', '05'].map((day) => [`2026-03-${day}`, 1000, 'AFFITTO SALA CONFERENZE ROSSI'] as const),
  )
  const rows = await call(reconciliation.table, { view: 'ignored' }, { context: office.ctx })
  const ids = rows.rows.flatMap((row) => (row.kind === 'credit' ? [row.bankMovementId] : []))
  for (const id of ids.slice(0, 3)) await decide({ kind: 'exclude', bankMovementIds: [id] })
  const [offered] = await call(rule.offered, undefined, { context: office.ctx })
  expect((await expectCountsAgree(office.ctx, 2026)).counts.toDecide).toBe(0)
  const { id } = await call(rule.accept, { id: offered?.id as Id<'learnedRule'> }, { context: office.ctx })
  expect((await expectCountsAgree(office.ctx, 2026)).counts.toDecide).toBe(1)
  await call(rule.remove, { id }, { context: office.ctx })
  expect((await expectCountsAgree(office.ctx, 2026)).counts.toDecide).toBe(0)
})
