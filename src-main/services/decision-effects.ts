import { createHash } from 'node:crypto'
import type { Id } from '#domain/brand'
import { maxDate, romeDate } from '#domain/date'
import type { JsonValue } from '#domain/json'
import { cents } from '#domain/money'
import { ProblemError, problem } from '#domain/problem'
import { cancellingExercise, currentExercise, raisingDate } from '#domain/raising'
import { lastAccertamento } from '#ledger/accertamento-raise'
import { actMovements } from '#ledger/act-facts'
import { listExercises } from '#ledger/chart'
import { type DecisionRow, type DecisionToSay, insertDecisions } from '#ledger/decision'
import { excessPlace, unidentifiedPlace } from '#ledger/excess-place'
import type { ReadHandle, WriteHandle } from '#ledger/ledger'
import { unidentifiedPerson } from '#ledger/unidentified-person'
import type { Author } from './act.ts'
import { type Effect, fill, type PlannedAct, payloadOf } from './act-effect.ts'

/** Does what an act brings with it; the decision then names what was made. */
export async function carryOut(
  db: WriteHandle,
  act: PlannedAct,
  effect: Effect,
  author: Author,
): Promise<readonly DecisionToSay[]> {
  const payload = act.decision.payload as Record<string, JsonValue>
  if (effect.kind === 'excess') {
    const accertamentoId = await raiseExcess(db, effect, author)
    const last = { accertamentoId, cents: effect.cents }
    const kind = act.decision.kind === 'manualMatch' ? { kind: 'accertamento' } : {}
    const targets = [...(payload.targets as JsonValue[]), { ...kind, ...last }]
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

/** What a payer gave above their debts is owed back, what nobody knows waits for its owner (DOMAIN.md §5.5, §10.7–8). */
async function raiseExcess(
  db: WriteHandle,
  effect: Extract<Effect, { kind: 'excess' }>,
  { at }: Author,
): Promise<Id<'accertamento'>> {
  const found = effect.personId === null ? await unidentifiedPlace(db) : await excessPlace(db)
  if (!found) {
    const missing = effect.personId === null ? 'UNIDENTIFIED_CAPITOLO_MISSING' : 'EXCESS_CAPITOLO_MISSING'
    throw new ProblemError(problem(missing, {}))
  }
  const { capitoloId, serviceTypeId } = found
  const day = romeDate(at)
  const exercise = currentExercise(await listExercises(db), day)
  if (exercise === null) throw new ProblemError(problem('EXERCISE_NOT_OPEN', { year: Number(day.slice(0, 4)) }))
  const last = await lastAccertamento(db, exercise)
  const row = await db
    .insertInto('accertamento')
    .values({
      ...{ capitoloId, serviceTypeId },
      exercise,
      number: last.number + 1,
      date: raisingDate(exercise, day, last.date),
      personId: effect.personId ?? (await unidentifiedPerson(db)),
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

/** Accertamenti that these decisions raised. */
export function raisedBy(rows: readonly DecisionRow[]): ReadonlySet<number> {
  const ids = rows.map((row) => payloadOf(row).excessAccertamentoId)
  return new Set(ids.filter((id) => typeof id === 'number'))
}

/** The accertamento that an assignment raised goes with it. True when there was one. */
export async function cancelExcess(
  db: WriteHandle,
  takenBack: readonly DecisionRow[],
  reason: string,
  { at }: Author,
): Promise<boolean> {
  const day = romeDate(at)
  let any = false
  for (const id of raisedBy(takenBack)) {
    const found = await db
      .selectFrom('accertamento as a')
      .innerJoin('accertamentoBalance as b', 'b.accertamentoId', 'a.id')
      .where('a.id', '=', id as Id<'accertamento'>)
      .select(['a.exercise', 'b.dueCents'])
      .executeTakeFirstOrThrow()
    // Cancelled by hand meanwhile: there is nothing left of it.
    if (found.dueCents === 0) continue
    const exercise = cancellingExercise(found.exercise, await listExercises(db), day) ?? found.exercise
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
      takesBack: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return row.id
}

/** Cash given back: a debit of that day takes the receipt back, because no movement disappears, nor enters the past. Their ids. */
export async function takeCashBack(
  db: WriteHandle,
  takenBack: readonly DecisionRow[],
  { at }: Author,
): Promise<ReadonlySet<number>> {
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
        bookingDate: maxDate(movement.bookingDate, romeDate(at)),
        valueDate: null,
        cents: cents(-movement.cents),
        description: `Storno: ${movement.description}`,
        bankReference: null,
        fingerprint: await printOf(db, movement.bankAccountId, ['storno', movement.id]),
        counterparty: null,
        endToEndId: null,
        transactionCode: null,
        stornoOfId: movement.id,
        takesBack: null,
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
