import { createRouterClient } from '@orpc/server'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { isoDate } from '#domain/date'
import { router } from '#services/router'
import { FakeClock } from '../../src-main/hosts/clock.ts'
import { PG_URL } from '../ledger/support/both-engines.ts'
import { members, type Office, openOffice, outcome } from '../services/office.ts'
import { type ListClient, listQuestions } from './list-questions.ts'

const LONG = process.env.QUIETANZA_LONG === '1'
const PEOPLE = 50_000
const FEW = 240
const EXERCISE = { exercise: 2026 }
/** What a page of a list may take, all of the backend, on a machine at rest. */
const MOST_MS = 200
/** The same of a small ledger, while other tests run beside it. */
const PATIENCE_MS = 1_500
const ROUNDS = 3

const clientOf = (office: Office) => createRouterClient(router, { context: office.context }) as ListClient

/** Three dues each, a few of them with instalments, one position for each person. */
async function fill(office: Office, people: number): Promise<void> {
  for (const causale of ['Quota 2026', 'Seconda rata 2026', 'Contributo 2026']) {
    await office.raise(members(people, { causale }))
  }
  const plan = { count: 3, withSingle: true, firstDue: isoDate('2026-03-31'), everyMonths: 2 }
  for (const [search, installments] of [
    ['albarosa 000', plan],
    ['', null],
  ] as const) {
    const parameters = {
      ...{ description: 'Quote', dueDate: isoDate('2026-03-31'), validUntil: isoDate('2026-12-31'), installments },
      ...{ groupByPerson: true, groupDescription: 'Quote 2026' },
    }
    await outcome(await clientOf(office).debtPosition.generate({ filters: EXERCISE, search, parameters }))
  }
}

const server = () => ({
  ...{ engine: 'postgres' as const, url: PG_URL ?? '', clock: 'program' as const },
  schema: `lists_${process.pid}_${Math.floor(performance.now() * 1000)}`,
})

async function slowOf(
  client: ListClient,
  most: number,
  rounds: number,
): Promise<{ readonly slow: string[]; readonly figures: string[] }> {
  const slow: string[] = []
  const figures: string[] = []
  for (const [name, ask] of listQuestions(client)) {
    const times: number[] = []
    for (let round = 0; round < rounds; round += 1) {
      const start = performance.now()
      await ask()
      times.push(performance.now() - start)
    }
    const [first = 0] = times
    const median = times.sort((a, b) => a - b)[Math.floor(rounds / 2)] as number
    figures.push(`${name} ${Math.round(median)} (${Math.round(first)} the first time)`)
    if (median > most) slow.push(`${name}: ${Math.round(median)} ms`)
  }
  return { slow, figures }
}

test.skipIf(!LONG)(
  `lists of ${PEOPLE} people and ${PEOPLE * 3} accertamenti answer (skipped: only with QUIETANZA_LONG=1)`,
  { timeout: 1_800_000 },
  async () => {
    const office = await openOffice()
    try {
      await fill(office, PEOPLE)
      const client = clientOf(office)
      expect((await client.accertamento.list({ filters: EXERCISE, limit: 1 })).count).toBe(PEOPLE * 3)
      const { slow, figures } = await slowOf(client, MOST_MS, ROUNDS)
      console.log(`ms: ${figures.join(' · ')}`)
      expect(slow).toEqual([])
    } finally {
      await office.close()
    }
  },
)

for (const engine of ['SQLite', 'PostgreSQL'] as const) {
  test.skipIf(engine === 'PostgreSQL' && PG_URL === null)(
    `${engine}: a ledger of ${FEW} people: every page is a piece of one order, and all answer at once`,
    {
      timeout: 300_000,
    },
    async () => {
      const office = await openOffice(new FakeClock(), engine === 'SQLite' ? undefined : server())
      try {
        await fill(office, FEW)
        const client = clientOf(office)
        const { slow } = await slowOf(client, PATIENCE_MS, 1)
        expect(slow).toEqual([])
        const lists = [
          {
            list: client.accertamento.list,
            columns: ['personName', 'number', 'dueDate', 'issued', 'state', 'outstandingCents'],
          },
          {
            list: client.debtPosition.list,
            columns: ['personName', 'accertamenti', 'validUntil', 'delivery', 'state', 'cents'],
          },
        ]
        for (const { list, columns } of lists) {
          for (const column of columns) {
            for (const direction of ['asc', 'desc'] as const) {
              const ask = async (offset: number, limit: number) =>
                (await list({ filters: EXERCISE, sort: { column, direction }, offset, limit })).rows.map((r) => r.id)
              const whole = [...(await ask(0, 500)), ...(await ask(500, 500))]
              const pieces = [
                ...(await ask(0, 90)),
                ...(await ask(90, 110)),
                ...(await ask(200, 300)),
                ...(await ask(500, 500)),
              ]
              expect(pieces, `${column} ${direction}`).toEqual(whole)
              expect(new Set(whole).size, `${column} ${direction}`).toBe(whole.length)
            }
          }
        }
        // As it opens a book looks up one page; sorted it reads all of it.
        const unpaid = (sort: { column: string; direction: 'asc' } | null, offset: number, category: 'stp'[] = []) =>
          client.book.unpaid({ filters: { ...EXERCISE, category }, sort, offset, limit: 200 })
        const byNumber = { column: 'number', direction: 'asc' } as const
        for (const offset of [0, 200, 400, 600])
          expect(await unpaid(null, offset)).toEqual(await unpaid(byNumber, offset))
        expect(await unpaid(null, 0, ['stp'])).toEqual(await unpaid(byNumber, 0, ['stp']))
        // What a trigger derives is what the tables say.
        const { derived, told, shares, toldShares } = await office.context.ledger.read(async (db) => ({
          derived: await db
            .selectFrom('positionDebt')
            .selectAll()
            .orderBy('debtPositionId')
            .orderBy('accertamentoId')
            .execute(),
          told: await db
            .selectFrom('allocation')
            .innerJoin('transfer', 'transfer.id', 'allocation.transferId')
            .innerJoin('installment', 'installment.id', 'transfer.installmentId')
            .innerJoin('paymentOption', 'paymentOption.id', 'installment.paymentOptionId')
            .innerJoin('accertamento', 'accertamento.id', 'allocation.accertamentoId')
            .distinct()
            .select(['paymentOption.debtPositionId', 'paymentOption.version', 'accertamento.exercise'])
            .select('accertamento.id as accertamentoId')
            .orderBy(sql`1`)
            .orderBy(sql`4`)
            .execute(),
          shares: await db.selectFrom('installmentShare').selectAll().orderBy('installmentId').execute(),
          toldShares: await db
            .selectFrom('allocation')
            .innerJoin('transfer', 'transfer.id', 'allocation.transferId')
            .innerJoin('installment', 'installment.id', 'transfer.installmentId')
            .innerJoin('paymentOption', 'paymentOption.id', 'installment.paymentOptionId')
            .innerJoin('accertamento', 'accertamento.id', 'allocation.accertamentoId')
            .groupBy(['installment.id', 'accertamento.exercise', 'paymentOption.id'])
            .select(['installment.id as installmentId', 'accertamento.exercise', 'paymentOption.debtPositionId'])
            .select(['paymentOption.version', 'paymentOption.kind'])
            .select(sql<number>`cast(sum("allocation"."cents") as bigint)`.as('cents'))
            .orderBy('installment.id')
            .execute(),
        }))
        expect(derived.length).toBe(FEW * 3)
        expect(derived).toEqual(told)
        expect(shares.length).toBeGreaterThan(FEW)
        expect(shares).toEqual(toldShares)
      } finally {
        await office.close()
      }
    },
  )
}
