import { type Cents, cents, sum } from '#domain/money'
import type { ReadHandle } from '#ledger/ledger'
import type { Client } from './client.ts'

/** What `riepilogo.json` says. Money only where there is some; `movements` are all rows of the statement, signed. */
export interface Summary {
  readonly accertamenti: Amount
  readonly positions: Amount
  /** Positions that can be paid in instalments, and all that they ask. */
  readonly plans: Amount
  readonly notices: { readonly count: number }
  /** How many notices of each layout were delivered. */
  readonly layouts: readonly LayoutCount[]
  readonly deliveries: { readonly count: number }
  readonly flows: Amount
  readonly movements: Amount
  /** Credits matched in full. */
  readonly matched: Amount
  readonly reversali: Amount
  /** Quietanze. */
  readonly receipts: Amount
  readonly unmatched: readonly Unmatched[]
}

interface Amount {
  readonly count: number
  readonly cents: Cents
}

export interface LayoutCount {
  readonly layout: string
  readonly count: number
}

export interface Unmatched {
  readonly kind: 'flow' | 'movement'
  /** Flow id, or the bank's reference or description. */
  readonly reference: string
  readonly cents: Cents
  /** Code of the label (DOMAIN.md §6). */
  readonly reason: string
}

const ONE = { limit: 1 }

/** Reads the books back through the same procedures as the screen. */
export async function summarise(
  client: Client,
  from: { readonly exercise: number; readonly notices: number; readonly layouts: readonly LayoutCount[] },
): Promise<Summary> {
  const { exercise } = from
  const accertamenti = await client.accertamento.list({ filters: { exercise }, ...ONE })
  const positions = await client.debtPosition.list({ filters: { exercise }, ...ONE })
  const deliveries = await client.delivery.list({ filters: { state: ['sent', 'delivered'] }, ...ONE })
  const flows = await client.reportingFlow.list({ filters: {}, ...ONE })
  const movements = await client.bankStatement.movements({ filters: {}, ...ONE })
  const reversali = await client.reversale.list({ filters: { exercise, state: ['issued'] }, ...ONE })
  const receipts = await client.quietanza.list({ filters: { exercise }, ...ONE })
  const matched = (await allRows(client, 'matched')).filter((row) => row.kind === 'credit')
  const uncredited = await allRows(client, 'uncredited')
  const alone = [...(await allRows(client, 'toDecide')), ...(await allRows(client, 'ignored'))]
  const unmatched = [...uncredited, ...alone].flatMap((row): Unmatched[] => {
    const { cents, label } = row
    if (row.kind === 'flow') return [{ kind: 'flow', reference: row.flowId, cents, reason: label.code }]
    return row.kind === 'credit' ? [{ kind: 'movement', reference: row.description, cents, reason: label.code }] : []
  })
  unmatched.sort((a, b) => (a.kind + a.reference < b.kind + b.reference ? -1 : 1))
  return {
    accertamenti: { count: accertamenti.count, cents: accertamenti.totals.dueCents },
    positions: { count: positions.count, cents: positions.totals.cents },
    plans: await sumPlans(client, exercise),
    notices: { count: from.notices },
    layouts: from.layouts,
    deliveries: { count: deliveries.count },
    flows: { count: flows.count, cents: flows.totals.declaredCents },
    movements: {
      count: movements.count,
      cents: cents(movements.totals.creditCents - Math.abs(movements.totals.debitCents)),
    },
    matched: { count: matched.length, cents: sum(matched.map((row) => row.cents)) },
    reversali: { count: reversali.count, cents: reversali.totals.cents },
    receipts: { count: receipts.count, cents: receipts.totals.cents },
    unmatched,
  }
}

type View = 'toDecide' | 'matched' | 'uncredited' | 'ignored'

async function allRows(client: Client, view: View) {
  const rows = []
  for (;;) {
    const page = await client.reconciliation.table({ view, offset: rows.length, limit: 500 })
    rows.push(...page.rows)
    if (page.rows.length === 0 || rows.length >= page.count) return rows
  }
}

async function sumPlans(client: Client, exercise: number): Promise<Amount> {
  const amounts: Cents[] = []
  const sort = { column: 'installments', direction: 'desc' as const }
  for (let offset = 0; ; offset += 500) {
    const { rows } = await client.debtPosition.list({ filters: { exercise }, sort, offset, limit: 500 })
    const plans = rows.filter((row) => row.installments > 0)
    amounts.push(...plans.map((row) => row.cents))
    if (plans.length < 500) return { count: amounts.length, cents: sum(amounts) }
  }
}

/** Layouts of the notices that went out, as the ledger remembers them. */
export async function countLayouts(db: ReadHandle): Promise<LayoutCount[]> {
  const rows = await db
    .selectFrom('notice')
    .groupBy('layout')
    .select((eb) => ['layout', eb.fn.countAll<number>().as('count')])
    .orderBy('layout')
    .execute()
  return rows.map(({ layout, count }) => ({ layout, count: Number(count) }))
}
