import { formatDate, romeDate, romeDateTime, yearOf } from '#domain/date'
import type { JsonValue } from '#domain/json'
import { type Cents, cents, formatCents, sum } from '#domain/money'
import { ProblemError, problem } from '#domain/problem'
import type { ManualTarget } from '#domain/reconcile-evidence'
import type { ActFlow, ActMovement, ActPosition, ActRow } from '#ledger/act-facts'
import type { DecisionRow, DecisionSubject } from '#ledger/decision'
import type { ReadHandle } from '#ledger/ledger'
import { type Act, type Author, nameOfReversale } from './act.ts'
import { type Effect, fill, hasEffect, type PlannedAct, payloadOf } from './act-effect.ts'
import { type Facts, lastMatch, loadFacts } from './act-known.ts'
import { decisionSubjectOf, rowSubject } from './subject.ts'

type ActOf<K extends Act['kind']> = Extract<Act, { kind: K }>

/** Acts that may not quietly leave a reversale without support; the others say something of the evidence, and alarm. */
export const STRICT_KINDS: ReadonlySet<string> = new Set(['manualMatch', 'exclude', 'internal', 'assignRow'])

/**
 * What the acts say, as decisions with their subjects. Everything they name is read at once, and judged here: nothing is
 * written. Of reversali that hold their money it says nothing.
 * @throws ProblemError the first thing that cannot be, in words.
 */
export async function planActs(
  db: ReadHandle,
  acts: readonly Act[],
  reason: string,
  author: Author,
): Promise<PlannedAct[]> {
  const facts = await loadFacts(db, acts, author)
  const planner = new Planner(facts, author)
  return acts.flatMap((act) => planner.plan(act, act.reason ?? reason))
}

const NAMES = {
  exclude: 'Escludi',
  acceptFlow: 'Accetta il flusso',
  chooseVersion: 'Scegli la versione',
  confirmRevocation: 'Conferma la revoca',
  netRevocation: 'Prendi al netto',
  setAside: 'Metti da parte',
  keepReversale: 'Tieni la reversale',
} as const

/** Judges acts one after the other: what one takes is no more there for the next. */
class Planner {
  readonly #facts: Facts
  readonly #author: Author
  readonly #said = new Set<string>()
  /** Given to each accertamento by these acts. */
  readonly #given = new Map<number, number>()
  readonly #givenToFlow = new Map<string, number>()

  constructor(facts: Facts, author: Author) {
    this.#facts = facts
    this.#author = author
  }

  plan(act: Act, reason: string): PlannedAct[] {
    if (act.kind in NAMES && reason.trim().length < 3) {
      const name = NAMES[act.kind as keyof typeof NAMES]
      throw new ProblemError(problem('DECISION_REASON_MISSING', { act: name }))
    }
    switch (act.kind) {
      case 'match':
        return [this.#match(act, reason)]
      case 'exclude':
        return [this.#exclude(act, reason)]
      case 'internal':
        return [this.#internal(act, reason)]
      case 'storno':
        return [this.#storno(act, reason)]
      case 'acceptFlow':
      case 'chooseVersion':
        return [this.#version(act, reason)]
      case 'confirmRevocation':
        return this.#revocation(act, reason)
      case 'netRevocation':
        return [this.#netRevocation(act, reason)]
      case 'setAside':
        return [this.#setAside(act, reason)]
      case 'assignRow':
        return [this.#assignRow(act, reason)]
      case 'paidOutside':
        return [this.#paidOutside(act, reason)]
      case 'keepReversale': {
        this.#once(`reversale|${act.reversaleId}`, `La reversale ${nameOfReversale(act.reversaleId)}`)
        const subject = { kind: 'reversale', key: String(act.reversaleId) }
        return [this.#say('keepReversale', subject, { reversaleId: act.reversaleId }, reason)]
      }
      case 'skip':
        return [this.#skip(act, reason)]
    }
  }

  #say(
    kind: string,
    subject: DecisionSubject,
    payload: JsonValue,
    reason: string,
    others: readonly DecisionSubject[] = [],
    effect: Effect | null = null,
  ): PlannedAct {
    const decision = { kind, subjectKind: subject.kind, subjectKey: subject.key, payload, reason, ...this.#author }
    return { decision, subjects: [subject, ...others], effect }
  }

  #once(key: string, title: string): void {
    if (this.#said.has(key)) throw new ProblemError(problem('DECISION_TWICE', { title }))
    this.#said.add(key)
  }

  #movement(id: number): ActMovement {
    const movement = this.#facts.movements.get(id)
    if (!movement) throw new ProblemError(problem('MOVEMENT_NOT_FOUND', { id }))
    return movement
  }

  #onceMovement(m: ActMovement): void {
    this.#once(`movement|${m.id}`, titleOf(m))
  }

  #standing({ kind, key }: DecisionSubject): readonly DecisionRow[] {
    return this.#facts.standing.get(`${kind}|${key}`) ?? []
  }

  /**
   * What another operator decided of it, when this one has not seen it, is not replaced in silence, and nothing is added to
   * what was not seen; what raised an
   * accertamento, gave a row away or is said again is taken back before another decision is made.
   */
  #unlessStanding(
    act: Act,
    subject: DecisionSubject,
    title: string,
    isSame: (said: DecisionRow, last: boolean) => boolean,
  ): void {
    const standing = this.#standing(subject)
    const last = standing.at(-1)
    const mine = last?.operator === this.#author.operator && !('more' in act && act.more)
    if (last && !mine && !act.seen?.includes(last.id)) {
      const when = `${formatDate(romeDate(last.at))} alle ${romeDateTime(last.at).slice(11, 16)}`
      throw new ProblemError(problem('DECISION_OF_ANOTHER', { title, who: last.operator, when }))
    }
    if (standing.some((said) => isSame(said, said === last))) {
      throw new ProblemError(problem('DECISION_STANDS', { title }))
    }
  }

  #free(act: Act, m: ActMovement): ActMovement {
    this.#onceMovement(m)
    const subject = { kind: 'bankMovement', key: String(m.id) }
    this.#unlessStanding(act, subject, titleOf(m), (said) => said.kind === 'manualMatch' && hasEffect(said))
    return m
  }

  /** What the targets leave, when somebody is to have it. */
  #rest(act: ActOf<'match'> | ActOf<'assignRow'>, left: Cents, text: string): Effect | null {
    const personId = act.excessTo ?? null
    if (personId !== null && !this.#facts.people.has(personId)) {
      throw new ProblemError(problem('SUBJECT_GONE', { title: 'La persona a cui restituire' }))
    }
    if (left <= 0 || (personId === null && act.unidentified !== true)) return null
    return { kind: 'excess', personId, cents: left, text: `${personId ? 'Da restituire' : 'Da identificare'}: ${text}` }
  }

  #flow(id: number): ActFlow {
    const flow = this.#facts.flows.get(id)
    if (!flow) throw new ProblemError(problem('FLOW_NOT_FOUND', { id }))
    return flow
  }

  #match(act: ActOf<'match'>, reason: string): PlannedAct {
    const movement = this.#free(act, this.#movement(act.bankMovementId))
    const before = act.more ? lastMatch(this.#facts.standing, movement.id) : null
    const former = sum((before?.targets ?? []).map((t) => t.cents))
    const asked = cents(former + sum(act.targets.map((t) => t.cents)))
    if (movement.cents < 0 || act.targets.some((t) => t.cents <= 0) || asked > movement.availableCents) {
      const amounts = { cents: formatCents(asked), available: formatCents(movement.availableCents) }
      throw new ProblemError(problem('MATCH_EXCEEDS_CREDIT', amounts))
    }
    const subjects: DecisionSubject[] = []
    const names = new Set<string>()
    const added = act.targets.map((t): ManualTarget => {
      const title = `${t.kind} ${t.id}`
      if (names.has(title)) throw new ProblemError(problem('DECISION_TWICE', { title: 'La stessa controparte' }))
      names.add(title)
      subjects.push({ kind: SUBJECTS[t.kind], key: String(t.id) })
      return this.#target(t, movement.id)
    })
    const targets = together(before?.targets ?? [], added).map((t): JsonValue => ({ ...t }))
    for (const t of before?.targets ?? []) {
      if (t.kind !== 'accertamento') continue
      this.#give(t.accertamentoId, t.cents)
      subjects.push({ kind: 'accertamento', key: String(t.accertamentoId) })
    }
    const subject = { kind: 'bankMovement', key: String(movement.id) }
    const text = `accredito del ${formatDate(movement.bookingDate)}`
    const effect = this.#rest(act, cents(movement.availableCents - asked), text)
    if (act.targets.length === 0 && effect === null) {
      const amounts = { cents: formatCents(asked), available: formatCents(movement.availableCents) }
      throw new ProblemError(problem('MATCH_EXCEEDS_CREDIT', amounts))
    }
    return this.#say('manualMatch', subject, { movementId: movement.id, targets }, reason, subjects, effect)
  }

  /** Ids of the screen → the names that a decision keeps: flow ids and IUVs outlive versions. */
  #target(t: ActOf<'match'>['targets'][number], movementId: number): ManualTarget {
    if (t.kind === 'flow') {
      const flow = this.#facts.flows.get(t.id)
      if (flow?.activeVersionId == null) throw gone(`flusso ${flow?.flowId ?? t.id}`)
      const given = (this.#givenToFlow.get(flow.flowId) ?? this.#facts.byHand(flow.flowId, movementId)) + t.cents
      this.#givenToFlow.set(flow.flowId, given)
      if (given > flow.totalCents) {
        const amounts = { cents: formatCents(cents(given)), total: formatCents(flow.totalCents) }
        throw new ProblemError(problem('MATCH_EXCEEDS_FLOW', { flowId: flow.flowId, ...amounts }))
      }
      return { kind: 'flow', flowId: flow.flowId, cents: t.cents }
    }
    if (t.kind === 'iuv') {
      const installment = this.#facts.installments.get(t.id)
      if (!installment) throw gone(`rata ${t.id}`)
      const { iuv, ownCents } = installment
      if (t.cents !== ownCents) {
        const amounts = { cents: formatCents(t.cents), expected: formatCents(ownCents) }
        throw new ProblemError(problem('MATCH_IUV_WHOLE', { iuv, ...amounts }))
      }
      return { kind: 'iuv', iuv, cents: t.cents }
    }
    this.#give(t.id, t.cents)
    return { kind: 'accertamento', accertamentoId: t.id, cents: t.cents }
  }

  /** Never more than an accertamento has left, whatever the act that gives it. */
  #give(accertamentoId: number, amount: Cents): void {
    const debt = this.#facts.debts.get(accertamentoId)
    if (!debt) throw gone(`accertamento ${accertamentoId}`)
    const given = cents((this.#given.get(accertamentoId) ?? 0) + amount)
    // What is ready to be posted has taken its part already; what this very money gave, it gives again.
    const owed = debt.outstandingCents + (this.#facts.given.get(accertamentoId) ?? 0)
    const outstanding = cents(Math.max(0, Math.min(owed, this.#facts.rooms.get(accertamentoId) ?? 0)))
    if (given > outstanding) {
      const amounts = { cents: formatCents(given), outstanding: formatCents(outstanding) }
      throw new ProblemError(
        problem('MATCH_EXCEEDS_DEBT', { accertamento: `${debt.exercise}/${debt.number}`, ...amounts }),
      )
    }
    this.#given.set(accertamentoId, given)
  }

  #exclude(act: ActOf<'exclude'>, reason: string): PlannedAct {
    const ids = [...new Set(act.bankMovementIds)]
    for (const id of ids) this.#free(act, this.#movement(id))
    const subjects = ids.map((id) => ({ kind: 'bankMovement', key: String(id) }))
    const subject = ids.length === 1 ? (subjects[0] as DecisionSubject) : null
    const { decision } = this.#say(
      'exclude',
      subject ?? { kind: 'bankMovement', key: `${ids.length} movimenti` },
      { movementIds: ids },
      reason,
    )
    return { decision, subjects, effect: null }
  }

  #internal(act: ActOf<'internal'>, reason: string): PlannedAct {
    const credit = this.#movement(act.bankMovementId)
    const debit = this.#movement(act.debitMovementId)
    if (credit.cents <= 0 || credit.cents !== -debit.cents || credit.bankAccountId === debit.bankAccountId) {
      const amounts = { credit: formatCents(credit.cents), debit: formatCents(debit.cents) }
      throw new ProblemError(problem('INTERNAL_DIFFERS', amounts))
    }
    const taken = this.#facts.takenDebits.get(debit.id)
    if (taken !== undefined && taken !== credit.id) {
      throw new ProblemError(problem('INTERNAL_TAKEN', { cents: formatCents(cents(-debit.cents)) }))
    }
    this.#free(act, credit)
    this.#free(act, debit)
    const payload = { movementId: credit.id, debitMovementId: debit.id }
    return this.#say('internal', { kind: 'bankMovement', key: String(credit.id) }, payload, reason, [
      { kind: 'bankMovement', key: String(debit.id) },
    ])
  }

  #storno(act: ActOf<'storno'>, reason: string): PlannedAct {
    const debit = this.#movement(act.bankMovementId)
    const credit = this.#movement(act.creditMovementId)
    const same = credit.bankAccountId === debit.bankAccountId && credit.bookingDate <= debit.bookingDate
    if (debit.cents >= 0 || credit.cents <= 0 || !same) {
      const days = { debit: formatDate(debit.bookingDate), credit: formatDate(credit.bookingDate) }
      throw new ProblemError(problem('STORNO_WRONG', days))
    }
    if (this.#facts.internalCredits.has(credit.id)) {
      throw new ProblemError(problem('STORNO_INTERNAL', { credit: formatDate(credit.bookingDate) }))
    }
    this.#free(act, debit)
    const payload = { movementId: debit.id, creditMovementId: credit.id }
    return this.#say('storno', { kind: 'bankMovement', key: String(debit.id) }, payload, reason, [
      { kind: 'bankMovement', key: String(credit.id) },
    ])
  }

  #version(act: ActOf<'acceptFlow'> | ActOf<'chooseVersion'>, reason: string): PlannedAct {
    const flow = this.#flow(act.reportingFlowId)
    this.#once(`${act.kind}|${flow.id}`, `Il flusso ${flow.flowId}`)
    if (!flow.versions.some((v) => v.contentHash === act.contentHash)) {
      throw new ProblemError(problem('FLOW_VERSION_GONE', { flowId: flow.flowId }))
    }
    const subject = { kind: 'reportingFlow', key: String(flow.id) }
    this.#unlessStanding(act, subject, `Il flusso ${flow.flowId}`, (said, last) => {
      return last && said.kind === act.kind && payloadOf(said).contentHash === act.contentHash
    })
    const payload = { flowId: flow.flowId, contentHash: act.contentHash }
    return this.#say(act.kind, subject, payload, reason)
  }

  #row(flow: ActFlow, rowKey: string): ActRow {
    const row = this.#facts.rows.get(flow.activeVersionId ?? 0)?.get(rowKey)
    if (!row) throw new ProblemError(problem('FLOW_ROW_GONE', { flowId: flow.flowId }))
    return row
  }

  #revocation(act: ActOf<'confirmRevocation'>, reason: string): PlannedAct[] {
    const flow = this.#flow(act.reportingFlowId)
    return [...new Set(act.rowKeys)].map((rowKey) => {
      if (this.#row(flow, rowKey).outcome !== '3') {
        throw new ProblemError(problem('FLOW_ROW_NOT_REVOCATION', { flowId: flow.flowId }))
      }
      this.#once(`row|${flow.id}|${rowKey}`, `La revoca nel flusso ${flow.flowId}`)
      if (this.#standing(rowSubject(flow.flowId, rowKey)).some((said) => said.kind === 'confirmRevocation')) {
        throw new ProblemError(problem('REVOCATION_CONFIRMED', { flowId: flow.flowId }))
      }
      return this.#say('confirmRevocation', rowSubject(flow.flowId, rowKey), { flowId: flow.flowId, rowKey }, reason, [
        { kind: 'reportingFlow', key: String(flow.id) },
      ])
    })
  }

  #assignRow(act: ActOf<'assignRow'>, reason: string): PlannedAct {
    const flow = this.#flow(act.reportingFlowId)
    const row = this.#row(flow, act.rowKey)
    this.#once(`row|${flow.id}|${act.rowKey}`, `Il pagamento ${row.iuv}`)
    if (row.outcome === '3')
      throw new ProblemError(problem('FLOW_ROW_REVOCATION', { flowId: flow.flowId, iuv: row.iuv }))
    const subject = rowSubject(flow.flowId, act.rowKey)
    this.#unlessStanding(act, subject, `Il pagamento ${row.iuv}`, (said) => said.kind === 'assignRow')
    const given = sum(act.targets.map((t) => t.cents))
    const excess = cents(row.cents - given)
    const effect = this.#rest(act, excess, `pagamento ${row.iuv} del flusso ${flow.flowId}`)
    const nothing = act.targets.length === 0 && effect === null
    if (nothing || act.targets.some((t) => t.cents <= 0) || excess < 0) {
      throw new ProblemError(problem('ROW_EXCEEDS', { cents: formatCents(given), row: formatCents(row.cents) }))
    }
    if (excess > 0 && effect === null) {
      const amounts = { cents: formatCents(given), row: formatCents(row.cents), left: formatCents(excess) }
      throw new ProblemError(problem('ROW_NOT_WHOLE', amounts))
    }
    for (const t of act.targets) this.#give(t.accertamentoId, t.cents)
    const targets = act.targets.map(({ accertamentoId, cents: amount }) => ({ accertamentoId, cents: amount }))
    const subjects = [
      { kind: 'reportingFlow', key: String(flow.id) },
      ...act.targets.map((t) => ({ kind: 'accertamento', key: String(t.accertamentoId) })),
    ]
    const payload = { flowId: flow.flowId, rowKey: act.rowKey, targets }
    return this.#say('assignRow', subject, payload, reason, subjects, effect)
  }

  #netRevocation(act: ActOf<'netRevocation'>, reason: string): PlannedAct {
    const flow = this.#flow(act.reportingFlowId)
    this.#once(`netRevocation|${flow.id}`, `Il flusso ${flow.flowId}`)
    const subject = { kind: 'reportingFlow', key: String(flow.id) }
    this.#unlessStanding(act, subject, `Il flusso ${flow.flowId}`, (said, last) => last && said.kind === act.kind)
    return this.#say('netRevocation', subject, { flowId: flow.flowId }, reason)
  }

  #setAside(act: ActOf<'setAside'>, reason: string): PlannedAct {
    const { subject } = act
    const filed = decisionSubjectOf(subject, (id) => this.#flow(id).flowId)
    this.#once(`aside|${filed.kind}|${filed.key}`, 'La stessa riga')
    const again = (said: DecisionRow, last: boolean) => last && said.kind === 'setAside'
    if (subject.kind === 'flow') {
      const { flowId } = this.#flow(subject.reportingFlowId)
      this.#unlessStanding(act, filed, `Il flusso ${flowId}`, again)
      return this.#say('setAside', filed, { flowId, rowKey: null }, reason)
    }
    if (subject.kind === 'flowRow') {
      const flow = this.#flow(subject.reportingFlowId)
      const { iuv } = this.#row(flow, subject.rowKey)
      this.#unlessStanding(act, filed, `Il pagamento ${iuv}`, ({ kind }) => kind === 'setAside' || kind === 'assignRow')
      const payload = { flowId: flow.flowId, rowKey: subject.rowKey }
      return this.#say('setAside', filed, payload, reason, [{ kind: 'reportingFlow', key: String(flow.id) }])
    }
    const debit = subject.kind === 'movement' ? this.#movement(subject.bankMovementId) : null
    if (!debit || debit.cents > 0) throw new ProblemError(problem('ASIDE_NOT_ASKED', { title: 'Questa riga' }))
    this.#onceMovement(debit)
    this.#unlessStanding(act, filed, titleOf(debit), again)
    return this.#say('setAside', filed, { movementId: debit.id }, reason)
  }

  #paidOutside(act: ActOf<'paidOutside'>, reason: string): PlannedAct {
    const position = this.#facts.positions.get(act.debtPositionId)
    if (!position) throw new ProblemError(problem('PAID_OUTSIDE_POSITION', { id: act.debtPositionId }))
    this.#once(`position|${position.id}`, `La posizione di ${position.personName}`)
    if (act.date > romeDate(this.#author.at)) {
      throw new ProblemError(problem('PAID_OUTSIDE_DATE', { date: formatDate(act.date) }))
    }
    const some = act.iuvs === undefined ? {} : { iuvs: act.iuvs }
    const payload = { positionId: position.id, document: act.document, how: act.how, date: act.date, ...some }
    const shares = act.iuvs?.map((iuv) => position.shares.get(iuv))
    if (shares?.some((share) => share === undefined)) {
      throw new ProblemError(problem('PAID_OUTSIDE_POSITION', { id: act.debtPositionId }))
    }
    const subject = { kind: 'debtPosition', key: String(position.id) }
    this.#unlessStanding(act, subject, `La posizione di ${position.personName}`, (said) => {
      const before = payloadOf(said)
      const same = before.document === act.document && before.how === act.how && before.date === act.date
      return same && JSON.stringify(before.iuvs) === JSON.stringify(act.iuvs)
    })
    if (act.how !== 'cash') return this.#say('paidOutside', subject, payload, reason)
    const open = this.#facts.exercises.filter((e) => e.state === 'open').map((e) => e.year)
    if (!open.includes(yearOf(act.date))) {
      const years = open.toSorted().join(', ') || 'nessuno'
      throw new ProblemError(problem('PAID_OUTSIDE_EXERCISE', { date: formatDate(act.date), open: years }))
    }
    // What a credit has paid already, posted or not, is not paid again in cash.
    const debts = position.debts.map((d) => {
      const room = this.#roomOf(d)
      const parts = shares?.flatMap((share) => share ?? []).filter((one) => one.accertamentoId === d.accertamentoId)
      const share = parts === undefined ? room : Math.min(room, sum(parts.map((one) => one.cents)))
      return { ...d, outstandingCents: cents(share) }
    })
    const outstanding = sum(debts.map((d) => d.outstandingCents))
    const amount = act.cents ?? outstanding
    if (outstanding === 0) {
      throw new ProblemError(problem('PAID_OUTSIDE_PAID', { title: `La posizione di ${position.personName}` }))
    }
    if (act.cashAccountId === null || !this.#facts.cashAccounts.has(act.cashAccountId) || amount <= 0) {
      throw new ProblemError(problem('PAID_OUTSIDE_CASH', {}))
    }
    if (amount > outstanding) {
      const amounts = { cents: formatCents(amount), outstanding: formatCents(outstanding) }
      throw new ProblemError(problem('MATCH_EXCEEDS_DEBT', { accertamento: `di ${position.personName}`, ...amounts }))
    }
    const { cashAccountId, date, document } = act
    for (const { accertamentoId, cents: part } of fill(debts, amount)) {
      this.#given.set(accertamentoId, (this.#given.get(accertamentoId) ?? 0) + part)
    }
    const paid = { ...position, debts }
    const effect: Effect = { kind: 'cash', position: paid, cashAccountId, cents: amount, date, document }
    return this.#say('paidOutside', subject, payload, reason, [], effect)
  }

  #roomOf({ accertamentoId, outstandingCents }: ActPosition['debts'][number]): Cents {
    const room = Math.min(outstandingCents, this.#facts.rooms.get(accertamentoId) ?? outstandingCents)
    return cents(Math.max(0, room - (this.#given.get(accertamentoId) ?? 0)))
  }

  #skip(act: ActOf<'skip'>, reason: string): PlannedAct {
    const subject = decisionSubjectOf(act.subject, (id) => this.#flow(id).flowId)
    this.#once(`skip|${subject.kind}|${subject.key}`, 'La stessa riga')
    return this.#say('skip', subject, { day: romeDate(this.#author.at) }, reason)
  }
}

function titleOf(m: ActMovement): string {
  return `Il movimento del ${formatDate(m.bookingDate)} di ${formatCents(m.cents)}`
}

/** Former targets with those added to them: the same one twice is one, of both amounts. */
function together(former: readonly ManualTarget[], added: readonly ManualTarget[]): ManualTarget[] {
  const all = new Map<string, ManualTarget>()
  for (const target of [...former, ...added]) {
    const name = `${target.kind} ${target.kind === 'flow' ? target.flowId : target.kind === 'iuv' ? target.iuv : target.accertamentoId}`
    all.set(name, { ...target, cents: cents(target.cents + (all.get(name)?.cents ?? 0)) })
  }
  return [...all.values()]
}

const SUBJECTS = { flow: 'reportingFlow', iuv: 'installment', accertamento: 'accertamento' } as const

function gone(title: string): ProblemError {
  return new ProblemError(problem('MATCH_TARGET_GONE', { title }))
}
