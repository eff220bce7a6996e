import type { z } from 'zod'
import type { rule as contract } from '#contract/rule'
import type { Id } from '#domain/brand'
import { ruleFits } from '#domain/learned-rule'
import { ProblemError, problem } from '#domain/problem'
import type { ReadHandle } from '#ledger/ledger'
import { listRules, type RuleRow, type RuleState, settleRule } from '#ledger/rule-store'
import { command } from './command.ts'
import { os, type ServiceContext } from './context.ts'
import { booksUnderLock, booksUntouched, reconciledBooks } from './reconcile-ledger.ts'
import { leftOf, tableIndex, wordsOf } from './table-index.ts'
import { storeToDecide } from './to-decide.ts'

type Wire = z.output<NonNullable<(typeof contract.accept)['~orpc']['outputSchema']>>

async function wireRules(db: ReadHandle, context: ServiceContext, rules: readonly RuleRow[]): Promise<Wire[]> {
  if (rules.length === 0) return []
  const accounts = await db.selectFrom('bankAccount').select(['id', 'name']).execute()
  const accountOf = (id: number) => accounts.find((a) => a.id === id)?.name ?? 'un conto'
  const people = rules.flatMap(({ action }) => (action.kind === 'match' ? [action.personId as Id<'person'>] : []))
  const names = new Map<number, string>()
  if (people.length > 0) {
    const found = await db.selectFrom('person').select(['id', 'name']).where('id', 'in', people).execute()
    for (const { id, name } of found) names.set(id, name)
  }
  const books = await reconciledBooks(db, context.clock.now())
  const waiting = books
    ? tableIndex(books).movements.filter(
        (seen) =>
          seen.movement.cents > 0 &&
          leftOf(seen) > 0 &&
          seen.outcome.state !== 'excluded' &&
          seen.outcome.state !== 'internal',
      )
    : []
  return rules.map(({ id, state, at, operator, condition, action }) => {
    const stem = condition.words.join(' ').toUpperCase()
    const account = accountOf(condition.bankAccountId)
    const does =
      action.kind === 'exclude'
        ? `Escludi: ${action.reason}`
        : action.kind === 'match'
          ? `Attribuisci a ${names.get(action.personId) ?? 'una persona'}`
          : `Giroconto da ${accountOf(action.debitAccountId)}`
    const fits = (seen: (typeof waiting)[number]) =>
      ruleFits(
        { condition, action },
        { bankAccountId: seen.movement.bankAccountId ?? 0, words: wordsOf(seen.movement) },
      )
    return {
      ...{ id, state, at, operator },
      question: `Sempre così per «${stem}» su ${account}?`,
      condition: `Accrediti su ${account} con le parole ${stem}`,
      action: does,
      waiting: waiting.filter(fits).length,
    }
  })
}

async function settled(
  context: ServiceContext,
  name: string,
  id: Id<'learnedRule'>,
  from: RuleState,
  state: RuleState,
): Promise<Wire> {
  const write = command(context, name, { id })
  await context.ledger.write(write, async (db) => {
    const { at, operator } = write
    if (!(await settleRule(db, id, from, { state, at, operator }))) {
      throw new ProblemError(problem('RULE_GONE', { id }))
    }
    // A rule only proposes: what the evidence says stays as it is, more or less of it asks for a person.
    const books = await booksUnderLock(db, at)
    if (books) await storeToDecide(db, books)
    booksUntouched(db)
  })
  return context.ledger.read(async (db) => {
    const rules = (await listRules(db)).filter((r) => r.id === id)
    return (await wireRules(db, context, rules))[0] as Wire
  })
}

export const rule = {
  offered: os.rule.offered.handler(({ context }) =>
    context.ledger.read(async (db) => wireRules(db, context, await listRules(db, ['offered']))),
  ),

  list: os.rule.list.handler(({ context }) =>
    context.ledger.read(async (db) => wireRules(db, context, await listRules(db))),
  ),

  accept: os.rule.accept.handler(({ context, input }) =>
    settled(context, 'rule.accept', input.id, 'offered', 'accepted'),
  ),

  refuse: os.rule.refuse.handler(({ context, input }) =>
    settled(context, 'rule.refuse', input.id, 'offered', 'refused'),
  ),

  remove: os.rule.remove.handler(({ context, input }) =>
    settled(context, 'rule.remove', input.id, 'accepted', 'removed'),
  ),
}
