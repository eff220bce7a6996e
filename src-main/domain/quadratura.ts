import { type Cents, cents, sum } from './money.ts'

/** A credit of the scope, in parts that sum to it. */
export interface SquareCredit {
  readonly cents: Cents
  /** Σ of what is matched to flows; and to IUVs and accertamenti. */
  readonly toFlows: Cents
  readonly toOthers: Cents
  readonly proposed: boolean
  /** Why the rest has no counterpart, as a heading: «Escluso», «Senza riferimento»… */
  readonly reason: string
}

/** A flow of the scope: `covered` by the credits of the scope. */
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
  /** Σ = the difference, when `explained`. */
  readonly explanation: readonly { readonly text: string; readonly cents: Cents }[]
  readonly explained: boolean
}

/**
 * Quadratura (SCREENS.md §10): what the bank credited against what the flows report, and every cent of the difference
 * by name. What is matched is counted on both sides apart, so a match that only one side knows leaves it unexplained.
 */
export function squareOf(credits: readonly SquareCredit[], flows: readonly SquareFlow[]): Square {
  const reasons = new Map<string, number>()
  const add = (text: string, amount: number) => reasons.set(text, (reasons.get(text) ?? 0) + amount)
  for (const c of credits) {
    if (c.toOthers > 0) add('Accrediti abbinati a singoli pagamenti', c.toOthers)
    const rest = c.cents - c.toFlows - c.toOthers
    if (rest !== 0) add(`Accrediti: ${c.proposed ? 'in proposta' : c.reason}`, rest)
  }
  for (const f of flows) {
    const rest = f.cents - f.covered
    if (rest !== 0) add(`Flussi: ${f.proposed ? 'in proposta' : f.reason}`, -rest)
  }
  const explanation = [...reasons]
    .filter(([, amount]) => amount !== 0)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([text, amount]) => ({ text, cents: cents(amount) }))
  const differenceCents = cents(sum(credits.map((c) => c.cents)) - sum(flows.map((f) => f.cents)))
  return {
    credits: line(credits.map((c) => ({ ...c, covered: cents(c.toFlows + c.toOthers) }))),
    flows: line(flows),
    differenceCents,
    explanation,
    explained: sum(explanation.map((e) => e.cents)) === differenceCents,
  }
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
