import { type Cents, cents, sum } from './money.ts'

/** A credit of the scope, in parts. */
export interface SquareCredit {
  readonly cents: Cents
  /** What debits took back of it. */
  readonly storned: Cents
  /** Σ of what is matched to flows, to single payments, to accertamenti. */
  readonly toFlows: Cents
  readonly toPayments: Cents
  readonly toAccertamenti: Cents
  readonly proposed: boolean
  /** Why the rest has no counterpart, as a heading: «Escluso», «Senza riferimento»… */
  readonly reason: string
}

/** A flow of the scope: `covered` by the credits of the scope, as the flow's own side knows it. */
export interface SquareFlow {
  readonly cents: Cents
  readonly covered: Cents
  readonly proposed: boolean
  readonly reason: string
}

export interface SquareAmount {
  readonly count: number
  readonly cents: Cents
}

export interface SquareLine {
  readonly total: SquareAmount
  readonly matched: SquareAmount
  readonly proposed: SquareAmount
  readonly alone: SquareAmount
}

export interface Square {
  readonly credits: SquareLine
  readonly flows: SquareLine
  /** Credits − flows. */
  readonly differenceCents: Cents
  /** Line by line: with `unexplainedCents`, the difference. */
  readonly explanation: readonly { readonly text: string; readonly cents: Cents }[]
  /** Not 0 when credits and flows disagree on what is matched: then nothing may be posted. */
  readonly unexplainedCents: Cents
}

/**
 * Quadratura (SCREENS.md §10): what the bank credited against what the flows report, and every cent of the difference
 * by name. What is matched is counted on both sides apart, so a match that only one side knows leaves it unexplained.
 */
export function squareOf(credits: readonly SquareCredit[], flows: readonly SquareFlow[]): Square {
  const reasons = new Map<string, number>()
  const add = (text: string, amount: number) => reasons.set(text, (reasons.get(text) ?? 0) + amount)
  for (const c of credits) {
    add('Accrediti stornati', c.storned)
    add('Accrediti abbinati a singoli pagamenti', c.toPayments)
    add('Accrediti abbinati ad accertamenti', c.toAccertamenti)
    add(`Accrediti: ${c.proposed ? 'in proposta' : c.reason}`, c.cents - c.storned - placed(c))
  }
  for (const f of flows) add(`Flussi: ${f.proposed ? 'in proposta' : f.reason}`, f.covered - f.cents)
  const explanation = [...reasons]
    .filter(([, amount]) => amount !== 0)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([text, amount]) => ({ text, cents: cents(amount) }))
  const differenceCents = cents(sum(credits.map((c) => c.cents)) - sum(flows.map((f) => f.cents)))
  return {
    credits: line(credits.map((c) => ({ ...c, covered: placed(c) }))),
    flows: line(flows),
    differenceCents,
    explanation,
    unexplainedCents: cents(differenceCents - sum(explanation.map((e) => e.cents))),
  }
}

function placed({ toFlows, toPayments, toAccertamenti }: SquareCredit): Cents {
  return sum([toFlows, toPayments, toAccertamenti])
}

function line(
  items: readonly { readonly cents: Cents; readonly covered: Cents; readonly proposed: boolean }[],
): SquareLine {
  const rest = items.filter((i) => i.cents !== i.covered)
  const left = (list: typeof rest) => ({ count: list.length, cents: sum(list.map((i) => cents(i.cents - i.covered))) })
  const matched = items.filter((i) => i.covered !== 0)
  return {
    total: { count: items.length, cents: sum(items.map((i) => i.cents)) },
    matched: { count: matched.length, cents: sum(matched.map((i) => i.covered)) },
    proposed: left(rest.filter((i) => i.proposed)),
    alone: left(rest.filter((i) => !i.proposed)),
  }
}
