import { call } from '@orpc/server'
import { expect } from 'vitest'
import type { Id } from '#domain/brand'
import { readBadges } from '#ledger/badges'
import { bankStatement } from '#services/bank-statement'
import type { ServiceContext } from '#services/context'
import { dashboard } from '#services/dashboard'
import { reconciliation } from '#services/reconciliation'

type Table = Awaited<ReturnType<typeof wholeTable>>

function wholeTable(ctx: ServiceContext) {
  return call(reconciliation.table, { limit: 500 }, { context: ctx })
}

/**
 * Menu, dashboard, list of statements and work table say the same of what is to be decided, and the quadratura of everything, of
 * each account and of each statement squares to the cent. Answers with the table.
 */
export async function expectCountsAgree(ctx: ServiceContext, exercise: number): Promise<Table> {
  const table = await wholeTable(ctx)
  const { toDecide } = table.counts
  expect(table.count).toBe(toDecide)
  expect(Object.values(table.kinds).reduce((n, kind) => n + kind, 0)).toBe(toDecide)
  expect(table.rows).toHaveLength(Math.min(500, toDecide))
  expect((await ctx.ledger.read(readBadges)).toDecide).toBe(toDecide)

  const page = await call(dashboard.get, { exercise }, { context: ctx })
  const words = `${toDecide} ${toDecide === 1 ? 'riga' : 'righe'} da decidere`
  const todo = page.todo.find((t) => t.kind === 'toDecide')
  expect(todo?.title).toBe(toDecide === 0 ? undefined : words)
  const { credit, debit, flowRow, flow, alarm } = table.kinds
  const told = [...(todo?.text ?? '').matchAll(/(\d+) (?:accredit|addebit|pagament|fluss|reversal)/g)].map((m) => m[1])
  expect(told.map(Number)).toEqual([credit, debit, flowRow, flow, alarm].filter((n) => n > 0))
  expect(page.road.find((s) => s.step === 'riconciliato')?.hanging ?? null).toBe(toDecide === 0 ? null : words)

  expectSquare(table)
  const accounts = await ctx.ledger.read((db) => db.selectFrom('bankAccount').select('id').execute())
  for (const { id } of accounts) {
    expectSquare(await call(reconciliation.table, { bankAccountId: id, limit: 1 }, { context: ctx }))
  }
  const { rows } = await call(bankStatement.list, { filters: {}, limit: 500 }, { context: ctx })
  for (const statement of rows) {
    const statementId = statement.id as Id<'bankStatement'>
    const one = await call(reconciliation.table, { statementId, limit: 500 }, { context: ctx })
    expect([statement.toDecide, one.count]).toEqual([one.counts.toDecide, one.rows.length])
    expectSquare(one)
  }
  return table
}

/** Each side is the sum of its parts, and the lines sum to the difference. */
function expectSquare({ square }: Pick<Table, 'square'>): void {
  const { credits, flows, differenceCents, explanation, unexplainedCents } = square
  expect({ square, unexplainedCents }).toEqual({ square, unexplainedCents: 0 })
  for (const { total, matched, proposed, alone } of [credits, flows]) {
    expect(matched.cents + proposed.cents + alone.cents).toBe(total.cents)
  }
  expect(credits.total.cents - flows.total.cents).toBe(differenceCents)
  expect(explanation.reduce((sum, line) => sum + line.cents, 0)).toBe(differenceCents)
}
