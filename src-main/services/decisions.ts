import { createHash } from 'node:crypto'
import type { Id } from '#domain/brand'
import { romeDate } from '#domain/date'
import type { JsonValue } from '#domain/json'
import { type Cents, cents, sum } from '#domain/money'
import { plan } from '#domain/plan'
import { ProblemError, problem } from '#domain/problem'
import { currentExercise, raisingDate } from '#domain/raising'
import { reconcile } from '#domain/reconcile'
import type { Decision } from '#domain/reconcile-evidence'
import { lastAccertamento } from '#ledger/accertamento-raise'
import { actMovements, actReversali, excessPlace } from '#ledger/act-facts'
import { listExercises } from '#ledger/chart'
import {
  type DecisionRow,
  type DecisionToSay,
  decisionsWithRevocations,
  insertDecisions,
  reconcileDecisions,
  revokeDecisions,
} from '#ledger/decision'
import type { ReadHandle, WriteHandle } from '#ledger/ledger'
import {
  type Act,
  type Author,
  type Effect,
  nameOfReversale,
  type PlannedAct,
  planActs,
  STRICT_KINDS,
} from './act-plan.ts'
import { annulAndReopen } from './annul-reversali.ts'
import { NO_PEOPLE, type ReconciledBooks, reconciledBooks, reconcileLedger } from './reconcile-ledger.ts'

export interface Said {
  readonly decisionIds: readonly Id<'decision'>[]
  /** Reversali annulled with it: «2026/12». */
  readonly annulled: readonly string[]
}

interface Order {
  readonly reason: string
  readonly annul: boolean
}

/**
 * Says all the acts in the caller's write, reconciles once, and either nothing that was posted lost its support, or the
 * reversali that did are annulled here with the reason.
 * @throws ProblemError in words; then the caller's write comes to nothing.
 */
export async function decideActs(
  db: WriteHandle,
  acts: readonly Act[],
  order: Order,
  author: Author,
): Promise<Said & { readonly planned: readonly PlannedAct[] }> {
  await refuseUnlessAlarm(db, acts, author)
  const planned = await planActs(db, acts, order.reason, author)
  const said: DecisionToSay[] = []
  let raised = false
  for (const act of planned) {
    const more = act.effect ? await carryOut(db, act, act.effect, author) : [act]
    raised ||= act.effect?.kind === 'excess'
    said.push(...more)
  }
  const decisionIds = await insertDecisions(db, said)
  if (said.every(({ decision }) => decision.kind === 'skip')) return { decisionIds, annulled: [], planned }
  const books = await reconcileLedger(db, author.at, raised ? { people: true } : NO_PEOPLE)
  if (!books) return { decisionIds, annulled: [], planned }
  const own = new Set<number>(decisionIds)
  const before = books.input.decisions.filter((d) => !own.has(d.decisionId))
  const orphans = goneSince(books, before)
  const strict = said.some(({ decision }) => STRICT_KINDS.has(decision.kind))
  const annulled = await annulOrphans(db, orphans, { ...order, refuse: strict }, author)
  return { decisionIds, annulled, planned }
}

/** Only a reversale that the evidence has left can be kept: the others need no word. */
async function refuseUnlessAlarm(db: ReadHandle, acts: readonly Act[], { at }: Author): Promise<void> {
  const kept = acts.flatMap((act) => (act.kind === 'keepReversale' ? [act.reversaleId] : []))
  if (kept.length === 0) return
  const gone = new Set((await reconciledBooks(db, at))?.plan.gone.map((line) => line.reversaleId))
  for (const id of kept) if (!gone.has(id)) throw new ProblemError(problem('REVERSALE_NOT_ALARM', { id }))
}

/**
 * Takes decisions back in the caller's write, with what hangs on them: cash received, accertamenti raised for what exceeds.
 * @throws ProblemError DECISION_GONE, DECISION_NOT_AGAIN, MATCH_POSTED; then the caller's write comes to nothing.
 */
export async function undoDecisions(
  db: WriteHandle,
  ids: readonly Id<'decision'>[],
  order: Order,
  author: Author,
): Promise<Said> {
  const chosen = await chosenToUndo(db, ids)
  const reason = order.reason.trim() === '' ? 'Disfatto' : order.reason
  const decisionIds = await revokeDecisions(db, chosen.revoke, { reason, ...author })
  const added = await takeCashBack(db, chosen.takenBack)
  const restored = reconcileDecisions(chosen.takenBack)
  let books = await reconcileLedger(db, author.at, NO_PEOPLE)
  if (!books) return { decisionIds, annulled: [] }
  const again = new Set<number>(chosen.again.map((row) => row.id))
  const before = [...books.input.decisions.filter((d) => !again.has(d.decisionId)), ...restored]
  const letGo = new Set(chosen.takenBack.flatMap(keptReversale))
  const orphans = goneSince(books, before, added).filter((line) => !letGo.has(line.reversaleId))
  const annulled = await annulOrphans(db, orphans, { annul: order.annul, reason, refuse: true }, author)
  if (await cancelExcess(db, chosen.takenBack, reason, author)) books = await reconcileLedger(db, author.at)
  return { decisionIds, annulled }
}

/** Reversali that the acts, or taking decisions back, would leave without support. */
export async function consequencesOf(
  db: ReadHandle,
  what: { readonly acts: readonly Act[]; readonly undo: readonly Id<'decision'>[] },
  author: Author,
) {
  const books = await reconciledBooks(db, author.at)
  const planned = await planActs(db, what.acts, 'prova', author)
  const { takenBack, again } = await chosenToUndo(db, what.undo)
  if (!books) return { reversali: [], freedCents: cents(0) }
  const back = new Set<number>(takenBack.map((row) => row.id))
  const last = books.input.decisions.reduce((max, d) => Math.max(max, d.decisionId), 0)
  const supposed = planned.map(
    ({ decision }, index): DecisionRow => ({
      ...decision,
      id: (last + 1 + index) as Id<'decision'>,
      revokesId: null,
      revoked: false,
    }),
  )
  const decisions = [
    ...books.input.decisions.filter((d) => !back.has(d.decisionId)),
    ...reconcileDecisions([...again, ...supposed]),
  ]
  const letGo = new Set(takenBack.flatMap(keptReversale))
  const known = new Set(books.plan.gone.map((line) => line.lineId))
  const after = plan(reconcile({ ...books.input, decisions }).lines, books.posted).gone
  const orphans = after.filter((line) => !known.has(line.lineId) && !letGo.has(line.reversaleId))
  const reversali = await actReversali(
    db,
    [...new Set(orphans.map((line) => line.reversaleId))].sort((a, b) => a - b),
  )
  return {
    reversali: reversali.map(({ id, ...r }) => ({ reversaleId: id, name: nameOfReversale(id), ...r })),
    freedCents: sum(orphans.map((line) => line.cents)),
  }
}

interface Orphan {
  readonly lineId: number
  readonly reversaleId: number
  readonly cents: Cents
}

/**
 * Posted lines without support now that had it with those decisions. The engine is asked again only when there are any:
 * it is pure, so what was before can be worked out after.
 */
function goneSince(
  books: ReconciledBooks,
  decisions: readonly Decision[],
  without: ReadonlySet<number> = new Set(),
): readonly Orphan[] {
  const { gone } = books.plan
  if (gone.length === 0) return []
  const movements =
    without.size === 0 ? books.input.movements : books.input.movements.filter((m) => !without.has(m.movementId))
  const before = plan(reconcile({ ...books.input, movements, decisions }).lines, books.posted).gone
  const known = new Set(before.map((line) => line.lineId))
  return gone.filter((line) => !known.has(line.lineId))
}

async function annulOrphans(
  db: WriteHandle,
  orphans: readonly Orphan[],
  order: Order & { readonly refuse: boolean },
  author: Author,
): Promise<string[]> {
  const ids = [...new Set(orphans.map((line) => line.reversaleId))].sort((a, b) => a - b)
  const names = ids.map(nameOfReversale)
  if (ids.length === 0) return []
  if (!order.annul) {
    if (order.refuse) throw new ProblemError(problem('MATCH_POSTED', { reversali: names.join(', ') }))
    return []
  }
  if (order.reason.trim().length < 3) {
    throw new ProblemError(problem('DECISION_REASON_MISSING', { act: `Annulla ${names.join(', ')}` }))
  }
  await annulAndReopen(db, { reversaleIds: ids as Id<'reversale'>[], reason: order.reason, ...author })
  return names
}

interface Chosen {
  /** What the new revocations name: the last of each chain. */
  readonly revoke: readonly DecisionRow[]
  /** Decisions that stop standing, with all that was said together with them. */
  readonly takenBack: readonly DecisionRow[]
  /** Decisions that stand again, because their revocation is taken back. */
  readonly again: readonly DecisionRow[]
}

async function chosenToUndo(db: ReadHandle, ids: readonly Id<'decision'>[]): Promise<Chosen> {
  const rows = new Map((await decisionsWithRevocations(db, ids)).map((row) => [row.id, row]))
  const revocationOf = new Map([...rows.values()].map((row) => [row.revokesId, row]))
  const revoke = new Map<number, DecisionRow>()
  const takenBack: DecisionRow[] = []
  const again: DecisionRow[] = []
  for (const id of new Set(ids)) {
    const row = rows.get(id)
    if (!row || row.revoked) throw new ProblemError(problem('DECISION_GONE', { id }))
    if (row.revokesId === null) {
      const last = lastOfChain(row, revocationOf)
      revoke.set(last.id, last)
      takenBack.push(row)
      for (const tied of await saidWith(db, row)) {
        revoke.set(tied.last.id, tied.last)
        takenBack.push(tied.row)
      }
      continue
    }
    const { first, depth } = await firstOfChain(db, row)
    if (hasEffect(first)) throw new ProblemError(problem('DECISION_NOT_AGAIN', { id: first.id }))
    const last = lastOfChain(row, revocationOf)
    revoke.set(last.id, last)
    // What takes back is taken back: the decision stands again. One step further it does not.
    if (depth % 2 === 1) again.push(first)
    else takenBack.push(first)
  }
  return { revoke: [...revoke.values()], takenBack, again }
}

/** The database lets each row be revoked once: a decision that was given again is taken back through what gave it. */
function lastOfChain(row: DecisionRow, revocationOf: ReadonlyMap<Id<'decision'> | null, DecisionRow>): DecisionRow {
  let last = row
  for (let next = revocationOf.get(last.id); next; next = revocationOf.get(last.id)) last = next
  return last
}

async function firstOfChain(
  db: ReadHandle,
  row: DecisionRow,
): Promise<{ readonly first: DecisionRow; readonly depth: number }> {
  let first = row
  let depth = 0
  while (first.revokesId !== null) {
    const id: Id<'decision'> = first.revokesId
    const found = (await decisionsWithRevocations(db, [id])).find((r) => r.id === id)
    if (!found) throw new ProblemError(problem('DECISION_GONE', { id }))
    first = found
    depth += 1
  }
  return { first, depth }
}

/** The match of the cash that a payment outside pagoPA brought. */
async function saidWith(
  db: ReadHandle,
  row: DecisionRow,
): Promise<{ readonly row: DecisionRow; readonly last: DecisionRow }[]> {
  const matchId = payloadOf(row).matchDecisionId
  if (typeof matchId !== 'number') return []
  const found = await decisionsWithRevocations(db, [matchId as Id<'decision'>])
  const match = found.find((r) => r.id === matchId)
  const revocationOf = new Map(found.map((r) => [r.revokesId, r]))
  return match && !match.revoked ? [{ row: match, last: lastOfChain(match, revocationOf) }] : []
}

function payloadOf(row: { readonly payload: JsonValue }): Record<string, JsonValue> {
  return (row.payload ?? {}) as Record<string, JsonValue>
}

function keptReversale(row: DecisionRow): number[] {
  return row.kind === 'keepReversale' ? [Number(payloadOf(row).reversaleId)] : []
}

function hasEffect(row: DecisionRow): boolean {
  const { excessAccertamentoId, cashMovementId } = payloadOf(row)
  return excessAccertamentoId !== undefined || cashMovementId !== undefined
}

/** Does what an act brings with it; the decision then names what was made. */
async function carryOut(
  db: WriteHandle,
  act: PlannedAct,
  effect: Effect,
  author: Author,
): Promise<readonly DecisionToSay[]> {
  const payload = act.decision.payload as Record<string, JsonValue>
  if (effect.kind === 'excess') {
    const accertamentoId = await raiseExcess(db, effect, author)
    const targets = [...effect.targets.map((t) => ({ ...t })), { accertamentoId, cents: effect.cents }]
    return [
      {
        decision: { ...act.decision, payload: { ...payload, targets, excessAccertamentoId: accertamentoId } },
        subjects: [...act.subjects, { kind: 'accertamento', key: String(accertamentoId) }],
      },
    ]
  }
  const movementId = await receiveCash(db, effect)
  const targets = fill(effect.position.debts, effect.cents)
  const movement = { kind: 'bankMovement', key: String(movementId) }
  const [matchDecisionId] = await insertDecisions(db, [
    {
      decision: {
        ...author,
        kind: 'manualMatch',
        subjectKind: movement.kind,
        subjectKey: movement.key,
        payload: { movementId, targets },
        reason: effect.document,
      },
      subjects: [movement, ...targets.map((t) => ({ kind: 'accertamento', key: String(t.accertamentoId) }))],
    },
  ])
  return [
    {
      decision: {
        ...act.decision,
        payload: { ...payload, cashMovementId: movementId, matchDecisionId: matchDecisionId as number },
      },
      subjects: [...act.subjects, movement],
    },
  ]
}

/** Oldest first, until the money is over (DOMAIN.md §5.2). */
function fill(
  debts: readonly { readonly accertamentoId: number; readonly outstandingCents: Cents }[],
  amount: Cents,
): { kind: 'accertamento'; accertamentoId: number; cents: Cents }[] {
  let left: number = amount
  return debts.flatMap(({ accertamentoId, outstandingCents }) => {
    const part = Math.min(left, outstandingCents)
    left -= part
    return part > 0 ? [{ kind: 'accertamento' as const, accertamentoId, cents: cents(part) }] : []
  })
}

/** What a payer gave above their debts is owed back: an accertamento on the partita di giro (DOMAIN.md §5.5). */
async function raiseExcess(
  db: WriteHandle,
  effect: Extract<Effect, { kind: 'excess' }>,
  { at }: Author,
): Promise<Id<'accertamento'>> {
  const place = await excessPlace(db)
  if (!place) throw new ProblemError(problem('EXCESS_CAPITOLO_MISSING', {}))
  const day = romeDate(at)
  const exercise = currentExercise(await listExercises(db), day)
  if (exercise === null) throw new ProblemError(problem('EXERCISE_NOT_OPEN', { year: Number(day.slice(0, 4)) }))
  const last = await lastAccertamento(db, exercise)
  const row = await db
    .insertInto('accertamento')
    .values({
      ...place,
      exercise,
      number: last.number + 1,
      date: raisingDate(exercise, day, last.date),
      personId: effect.personId,
      competenceYear: exercise,
      causale: effect.text,
      assessedCents: effect.cents,
      dueDate: null,
      externalReference: null,
      importRowId: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return row.id
}

/** The accertamento that an assignment raised goes with it. True when there was one. */
async function cancelExcess(
  db: WriteHandle,
  takenBack: readonly DecisionRow[],
  reason: string,
  { at }: Author,
): Promise<boolean> {
  const day = romeDate(at)
  let any = false
  for (const row of takenBack) {
    const id = payloadOf(row).excessAccertamentoId
    if (typeof id !== 'number') continue
    const found = await db
      .selectFrom('accertamento as a')
      .innerJoin('accertamentoBalance as b', 'b.accertamentoId', 'a.id')
      .where('a.id', '=', id as Id<'accertamento'>)
      .select(['a.exercise', 'b.dueCents'])
      .executeTakeFirstOrThrow()
    const exercise = Math.max(found.exercise, currentExercise(await listExercises(db), day) ?? found.exercise)
    const residuo = exercise > found.exercise
    await db
      .insertInto('accertamentoVariation')
      .values({
        accertamentoId: id as Id<'accertamento'>,
        exercise,
        date: raisingDate(exercise, day, null),
        kind: residuo ? 'writeOff' : 'cancellation',
        cents: cents(-found.dueCents),
        reason,
        act: residuo ? reason : null,
      })
      .execute()
    any = true
  }
  return any
}

async function receiveCash(db: WriteHandle, effect: Extract<Effect, { kind: 'cash' }>): Promise<Id<'bankMovement'>> {
  const { position, cashAccountId, date, document } = effect
  const row = await db
    .insertInto('bankMovement')
    .values({
      bankAccountId: cashAccountId,
      bankStatementId: null,
      bookingDate: date,
      valueDate: null,
      cents: effect.cents,
      description: `Incasso in contanti da ${position.personName}, ${document}`,
      bankReference: document,
      fingerprint: await printOf(db, cashAccountId, ['incasso', position.id, date, document]),
      counterparty: position.personName,
      endToEndId: null,
      transactionCode: null,
      stornoOfId: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return row.id
}

/** Cash given back: a debit that takes the receipt back, because a movement never disappears. Their ids. */
async function takeCashBack(db: WriteHandle, takenBack: readonly DecisionRow[]): Promise<ReadonlySet<number>> {
  const ids = takenBack.flatMap((row) => {
    const id = payloadOf(row).cashMovementId
    return typeof id === 'number' ? [id as Id<'bankMovement'>] : []
  })
  const made = new Set<number>()
  for (const movement of (await actMovements(db, ids)).values()) {
    const row = await db
      .insertInto('bankMovement')
      .values({
        bankAccountId: movement.bankAccountId,
        bankStatementId: null,
        bookingDate: movement.bookingDate,
        valueDate: null,
        cents: cents(-movement.cents),
        description: `Storno: ${movement.description}`,
        bankReference: null,
        fingerprint: await printOf(db, movement.bankAccountId, ['storno', movement.id]),
        counterparty: null,
        endToEndId: null,
        transactionCode: null,
        stornoOfId: movement.id,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    made.add(row.id)
  }
  return made
}

/** Of a movement that no statement brought: the next of its account, so that two receipts alike are two. */
async function printOf(
  db: ReadHandle,
  bankAccountId: Id<'bankAccount'>,
  parts: readonly (string | number)[],
): Promise<string> {
  const { n } = await db
    .selectFrom('bankMovement')
    .where('bankAccountId', '=', bankAccountId)
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow()
  return createHash('sha256')
    .update([...parts, bankAccountId, Number(n)].join('\u241f'))
    .digest('hex')
}
