import type { Id } from '#domain/brand'
import type { Instant } from '#domain/date'
import { canonicalJson, type JsonValue } from '#domain/json'
import type { LearnedRule, RuleAction, RuleCondition } from '#domain/learned-rule'
import type { ReadHandle, WriteHandle } from './ledger.ts'

export type RuleState = 'offered' | 'accepted' | 'refused' | 'removed'

export interface RuleRow extends LearnedRule {
  readonly id: Id<'learnedRule'>
  readonly state: RuleState
  readonly at: Instant
  readonly operator: string
}

/** In order of offering. */
export async function listRules(db: ReadHandle, states?: readonly RuleState[]): Promise<RuleRow[]> {
  let query = db.selectFrom('learnedRule').selectAll().orderBy('id')
  if (states) query = query.where('state', 'in', [...states])
  const rows = await query.execute()
  return rows.map(({ id, state, at, operator, conditionJson, actionJson }) => ({
    ...{ id, state, at, operator },
    condition: JSON.parse(conditionJson) as RuleCondition,
    action: JSON.parse(actionJson) as RuleAction,
  }))
}

export async function offerRule(
  db: WriteHandle,
  rule: LearnedRule,
  by: { readonly decisionId: Id<'decision'>; readonly at: Instant; readonly operator: string },
): Promise<void> {
  await db
    .insertInto('learnedRule')
    .values({
      conditionJson: canonicalJson(rule.condition as unknown as JsonValue),
      actionJson: canonicalJson(rule.action as unknown as JsonValue),
      fromDecisionId: by.decisionId,
      state: 'offered',
      at: by.at,
      operator: by.operator,
    })
    .execute()
}

/** Says what becomes of a rule, if it still is in `from`. False when it is not. */
export async function settleRule(
  db: WriteHandle,
  id: Id<'learnedRule'>,
  from: RuleState,
  to: { readonly state: RuleState; readonly at: Instant; readonly operator: string },
): Promise<boolean> {
  const found = await db
    .updateTable('learnedRule')
    .set(to)
    .where('id', '=', id)
    .where('state', '=', from)
    .returning('id')
    .executeTakeFirst()
  return found !== undefined
}
