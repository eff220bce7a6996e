import type { Id } from '#domain/brand'
import { type AlikeActs, actionKey, type RuleAction, ruleFrom } from '#domain/learned-rule'
import { accertamentoPeople, actMovements } from '#ledger/act-facts'
import type { WriteHandle } from '#ledger/ledger'
import { listRules, offerRule } from '#ledger/rule-store'
import type { Author } from './act.ts'
import type { PlannedAct } from './act-effect.ts'

/** How far back acts are looked for. */
const LOOKED_AT = 400

interface Alike {
  readonly action: RuleAction
  readonly movementId: number
}

/** Offers a rule for what these acts repeat, in the caller's write: once, whatever the person answers. */
export async function learnFrom(
  db: WriteHandle,
  planned: readonly PlannedAct[],
  decisionIds: readonly Id<'decision'>[],
  author: Author,
): Promise<void> {
  if (!planned.some(({ decision }) => KINDS.has(decision.kind))) return
  const said = await db
    .selectFrom('decision as d')
    .leftJoin('decision as back', 'back.revokesId', 'd.id')
    .where('d.kind', 'in', [...KINDS])
    .where('back.id', 'is', null)
    .select(['d.id', 'd.kind', 'd.payloadJson', 'd.reason'])
    .orderBy('d.id', 'desc')
    .limit(LOOKED_AT)
    .execute()
  const payloads = said.toReversed().map((d) => ({ ...d, payload: JSON.parse(d.payloadJson) as Payload }))
  const people = await accertamentoPeople(
    db,
    payloads.flatMap(({ payload }) => payload.targets?.flatMap((t) => t.accertamentoId ?? []) ?? []),
  )
  const debits = await actMovements(
    db,
    payloads.flatMap(({ payload }) => (payload.debitMovementId === undefined ? [] : [payload.debitMovementId])),
  )
  const all = payloads.flatMap(({ kind, payload, reason, id }) =>
    alikeOf(kind, payload, reason, people, debits).map((a) => ({ ...a, id })),
  )
  const movements = await actMovements(
    db,
    all.map((a) => a.movementId as Id<'bankMovement'>),
  )
  const groups = new Map<string, AlikeActs & { causali: string[]; last: Id<'decision'> }>()
  for (const { action, movementId, id } of all) {
    const movement = movements.get(movementId)
    if (!movement || movement.cents < 0) continue
    const key = `${movement.bankAccountId}|${actionKey(action)}`
    const group = groups.get(key) ?? { bankAccountId: movement.bankAccountId, action, causali: [], last: id }
    group.causali.push(movement.description)
    group.last = id
    groups.set(key, group)
  }
  const now = new Set<number>(decisionIds)
  const known = await listRules(db)
  for (const { last, ...acts } of groups.values()) {
    if (!now.has(last)) continue
    const rule = ruleFrom(acts, known)
    if (rule) await offerRule(db, rule, { decisionId: last, ...author })
  }
}

const KINDS: ReadonlySet<string> = new Set(['exclude', 'manualMatch', 'internal'])

interface Payload {
  readonly movementId?: Id<'bankMovement'>
  readonly movementIds?: readonly Id<'bankMovement'>[]
  readonly debitMovementId?: Id<'bankMovement'>
  readonly excessAccertamentoId?: number
  readonly targets?: readonly { readonly kind: string; readonly accertamentoId?: Id<'accertamento'> }[]
}

function alikeOf(
  kind: string,
  payload: Payload,
  reason: string,
  people: ReadonlyMap<number, number>,
  debits: ReadonlyMap<number, { readonly bankAccountId: number }>,
): Alike[] {
  if (kind === 'exclude') {
    return (payload.movementIds ?? []).map((movementId) => ({ action: { kind: 'exclude', reason }, movementId }))
  }
  const { movementId, targets = [] } = payload
  // What was given back or has no owner says nothing of the next credit.
  if (movementId === undefined || payload.excessAccertamentoId !== undefined) return []
  if (kind === 'internal') {
    const debitAccountId = debits.get(payload.debitMovementId ?? 0)?.bankAccountId
    return debitAccountId === undefined ? [] : [{ action: { kind: 'internal', debitAccountId }, movementId }]
  }
  const owners = new Set(targets.map((t) => people.get(t.accertamentoId ?? 0)))
  const [personId] = owners
  return owners.size === 1 && personId !== undefined ? [{ action: { kind: 'match', personId }, movementId }] : []
}
