import { readCausale } from '#domain/causale'
import { type Instant, type IsoDate, isoDate } from '#domain/date'
import { type Cents, cents } from '#domain/money'
import { type Plan, type PostedLine, plan } from '#domain/plan'
import { groupForPosting } from '#domain/posting-groups'
import { reconcile } from '#domain/reconcile'
import type {
  Decision,
  DueAccertamento,
  FlowRowEvidence,
  FlowVersionEvidence,
  MovementEvidence,
  PayableInstallment,
  ReceiptEvidence,
  ReconcileInput,
} from '#domain/reconcile-evidence'
import type { ReconcileOutcome, TargetLine } from '#domain/reconcile-outcome'

export const RECEIVER = '80000000000'

export interface Reversale {
  readonly id: number
  readonly exercise: number
  readonly number: number
  readonly date: IsoDate
  readonly capitoloId: number
  readonly originYear: number
  readonly bankAccountId: number
  readonly cents: Cents
  readonly causale: string
  annulled: boolean
  readonly lines: readonly (PostedLine & { readonly line: TargetLine })[]
}

export interface Accertamento {
  readonly id: number
  readonly exercise: number
  readonly number: number
  readonly cents: number
  readonly capitoloId: number
  readonly person: number
}

type DecisionBody = Decision extends infer D
  ? D extends Decision
    ? Omit<D, 'decisionId' | 'user' | 'at'>
    : never
  : never

/** The books in memory, as small as the rules allow: what a ledger does around the engine. */
export class Books {
  readonly accertamenti: Accertamento[] = []
  readonly installments: PayableInstallment[] = []
  readonly receipts: ReceiptEvidence[] = []
  readonly versions: FlowVersionEvidence[] = []
  readonly movements: MovementEvidence[] = []
  readonly decisions: Decision[] = []
  readonly reversali: Reversale[] = []
  readonly closed = new Set<number>()
  /** Reversali that a person keeps whatever the evidence says. */
  readonly kept = new Set<number>()
  requireReceipt = false
  readonly years: number[]
  today: IsoDate = isoDate('2026-12-31')
  #lineId = 0

  constructor(years: number[] = [2025, 2026, 2027]) {
    this.years = years
  }

  accertamento(exercise: number, euroCents: number, of: Partial<Accertamento> = {}): number {
    const number = this.accertamenti.filter((a) => a.exercise === exercise).length + 1
    const id = of.id ?? exercise * 1000 + number
    this.accertamenti.push({ id, exercise, number, cents: euroCents, capitoloId: 1, person: number, ...of })
    return id
  }

  /** A single position of one transfer for one accertamento. */
  position(iuv: string, accertamentoId: number, of: Partial<PayableInstallment> = {}): void {
    const a = this.accertamenti.find((x) => x.id === accertamentoId) as Accertamento
    const allocations = [{ accertamentoId, cents: cents(a.cents) }]
    this.installments.push({
      iuv,
      positionId: this.installments.length + 1,
      version: 1,
      option: 'single',
      cancelled: false,
      transfers: [{ idTransfer: 1, cents: cents(a.cents), own: true, stamp: false, allocations }],
      ...of,
    })
  }

  flow(
    flowId: string,
    rows: readonly (readonly [string, number, string?])[],
    of: Partial<FlowVersionEvidence> = {},
  ): void {
    const evidence: FlowRowEvidence[] = rows.map(([iuv, amount, outcome]) => ({
      iuv,
      iur: `R${iuv}${flowId.slice(-3)}`,
      idTransfer: 1,
      cents: cents(amount),
      outcome: outcome ?? '0',
      outcomeDate: isoDate(flowId.slice(0, 10)),
    }))
    this.versions.push({
      versionId: this.versions.length + 1,
      flowId,
      receiver: RECEIVER,
      flowDateTime: `${flowId.slice(0, 10)}T10:00:00.000Z` as Instant,
      revision: 1,
      contentHash: JSON.stringify(rows),
      declaredCents: null,
      declaredCount: evidence.length,
      regulationDate: isoDate(flowId.slice(0, 10)),
      regulationId: `TRN di ${flowId}`,
      pspCode: flowId.slice(10).split('-')[0] as string,
      rows: evidence,
      ...of,
    })
  }

  movement(date: string, amount: number, description: string, of: Partial<MovementEvidence> = {}): number {
    const movementId = of.movementId ?? this.movements.length + 1
    this.movements.push({
      movementId,
      bankAccountId: 1,
      bookingDate: isoDate(date),
      cents: cents(amount),
      fingerprint: `${date}|${amount}|${description}|${this.movements.filter((m) => m.description === description && m.cents === amount).length}`,
      description,
      reference: readCausale(description).reference,
      stornoOf: null,
      ...of,
    })
    return movementId
  }

  credit(date: string, amount: number, flowId: string): number {
    return this.movement(date, amount, `/PUR/LGPE-RIVERSAMENTO/TXT/0/URI/${flowId}`)
  }

  decide(body: DecisionBody): number {
    const decisionId = this.decisions.length + 1
    const at = '2026-06-01T10:00:00.000Z' as Instant
    this.decisions.push({ decisionId, user: 'Ada', at, ...body } as Decision)
    return decisionId
  }

  effective(): PostedLine[] {
    return this.reversali
      .filter((r) => !r.annulled)
      .flatMap((r) => r.lines.map((l) => ({ ...l, kept: this.isKept(r) })))
  }

  isKept(reversale: Reversale): boolean {
    return this.closed.has(reversale.exercise) || this.kept.has(reversale.id)
  }

  input(): ReconcileInput {
    const kept = this.reversali.filter((r) => !r.annulled && this.isKept(r)).flatMap((r) => r.lines.map((l) => l.line))
    return {
      receiver: RECEIVER,
      segregationCodes: ['01'],
      installments: this.installments,
      due: this.accertamenti.map(
        (a): DueAccertamento => ({
          accertamentoId: a.id,
          exercise: a.exercise,
          number: a.number,
          dueDate: null,
          dueCents: cents(a.cents),
          personId: a.person,
          fiscalCode: null,
          personName: `Persona Numero${a.person}`,
        }),
      ),
      receipts: this.receipts,
      versions: this.versions,
      movements: this.movements,
      decisions: this.decisions,
      kept,
      settings: { requireReceipt: this.requireReceipt },
    }
  }

  reconcile(): ReconcileOutcome {
    return reconcile(this.input())
  }

  plan(): Plan {
    return plan(this.reconcile().lines, this.effective())
  }

  /** Posts what may be posted; returns the reversali issued. */
  post(): Reversale[] {
    const { add } = this.plan()
    const { drafts } = groupForPosting(add, {
      today: this.today,
      exercises: this.years.map((year) => ({
        year,
        state: this.closed.has(year) ? 'closed' : 'open',
        lastReversaleDate: this.reversali.filter((r) => r.exercise === year).at(-1)?.date ?? null,
      })),
      movements: this.movements.map((m) => ({
        movementId: m.movementId,
        bankAccountId: m.bankAccountId as number,
        bookingDate: m.bookingDate,
        bankReference: null,
        provvisorio: null,
        fingerprint: m.fingerprint,
      })),
      accertamenti: this.accertamenti.map((a) => ({
        accertamentoId: a.id,
        exercise: a.exercise,
        number: a.number,
        capitoloId: a.capitoloId,
        capitoloCode: String(a.capitoloId),
        personId: a.person,
      })),
    })
    return drafts.map((draft) => {
      const number = this.reversali.filter((r) => r.exercise === draft.exercise).length + 1
      const id = draft.exercise * 1_000_000 + number
      const lines = draft.lines.map((line) => {
        this.#lineId += 1
        return { ...line, lineId: this.#lineId, reversaleId: id, kept: false, line }
      })
      const { labels: _, groupKey: __, personId: ___, ...facts } = draft
      const reversale: Reversale = { ...facts, id, number, annulled: false, lines }
      this.reversali.push(reversale)
      return reversale
    })
  }

  /** A person accepts every alarm: what is gone is annulled whole, and what the evidence still supports is reissued. */
  acceptAlarms(): void {
    for (let round = 0; round < 50; round++) {
      const gone = new Set(this.plan().gone.map((l) => l.reversaleId))
      for (const reversale of this.reversali) if (gone.has(reversale.id)) reversale.annulled = true
      const posted = this.post()
      if (gone.size === 0 && posted.length === 0) return
    }
    throw new Error('alarms never end')
  }

  /** Equations E1–E4, E8 of the books, and E2, E5 of the outcome; throws in words. */
  check(): void {
    const say = (ok: boolean, words: string): void => {
      if (!ok) throw new Error(words)
    }
    const outcome = this.reconcile()
    const effective = this.effective()
    const total = (xs: readonly { readonly cents: number }[]): number => xs.reduce((s, x) => s + x.cents, 0)
    const valid = this.reversali.filter((r) => !r.annulled)
    say(total(valid) === total(effective), 'E1: reversali and lines differ')
    for (const a of this.accertamenti) {
      const collected = total(effective.filter((l) => l.accertamentoId === a.id))
      say(collected <= a.cents && collected >= 0, `E3: accertamento ${a.id} collected ${collected} of ${a.cents}`)
      const target = total(outcome.lines.filter((l) => l.accertamentoId === a.id))
      say(target <= a.cents, `E3 (target): accertamento ${a.id}`)
    }
    const alarms = this.plan().gone.length
    for (const m of outcome.movements) {
      const evidence = this.movements.find((x) => x.movementId === m.movementId) as MovementEvidence
      const regularised = total(effective.filter((l) => l.movementId === m.movementId))
      const target = total(outcome.lines.filter((l) => l.movementId === m.movementId))
      say(target <= m.matchedCents, `E2 (target): movement ${m.movementId} ${target} > ${m.matchedCents}`)
      say(m.matchedCents <= m.availableCents, `E2: movement ${m.movementId} matched over what is available`)
      say(regularised <= Math.max(0, evidence.cents), `E2: movement ${m.movementId} regularised over the credit`)
      // What a closed exercise keeps against the evidence keeps its old match too: the ledger's affair, not the engine's.
      const keptHere = effective.some((l) => l.movementId === m.movementId && l.kept)
      if (alarms === 0 && !keptHere)
        say(regularised <= m.matchedCents, `E2: movement ${m.movementId} regularised over the match`)
    }
    const storni = total(outcome.edges.filter((e) => e.target.kind === 'storno'))
    const credits = total(this.movements.filter((m) => m.cents > 0))
    const available = total(outcome.movements.map((m) => ({ cents: m.availableCents })))
    say(available === credits - storni, 'E2: available = credits − storni')
    for (const r of this.reversali) {
      say(r.cents === total(r.lines) && r.cents > 0, `E4: reversale ${r.id}`)
      for (const { line } of r.lines) {
        const a = this.accertamenti.find((x) => x.id === line.accertamentoId) as Accertamento
        const m = this.movements.find((x) => x.movementId === line.movementId) as MovementEvidence
        say(a.exercise === r.originYear && a.capitoloId === r.capitoloId, `E4: line of another chapter in ${r.id}`)
        say(m.bankAccountId === r.bankAccountId, `E4: account of ${r.id}`)
        say(r.date.startsWith(String(r.exercise)) && r.exercise >= r.originYear, `E4: exercise of ${r.id}`)
      }
    }
    for (const flow of outcome.flows) {
      const slices = outcome.edges.filter((e) => e.target.kind === 'flow' && e.target.flowId === flow.flowId)
      if (flow.credit === 'credited') say(total(slices) === flow.totalCents, `E5: slices of ${flow.flowId}`)
      else say(slices.length === 0, `E5: slices of uncredited ${flow.flowId}`)
      const version = this.versions.find((v) => v.versionId === flow.versionId) as FlowVersionEvidence
      flow.rows.forEach((row, i) => {
        say(row !== undefined, `row ${i} of ${flow.flowId} has no outcome`)
      })
      const inFlow = outcome.lines.filter((l) => l.flowId === flow.flowId)
      say(!flow.blocked || inFlow.length === 0, `E5: ${flow.flowId} is blocked and has lines`)
      const posted = total(inFlow.filter((l) => !l.assignedByHand))
      const payable = total(
        version.rows.filter(
          (_, i) => flow.rows[i]?.state === 'payable' && flow.rows[i]?.label.code !== 'ASSIGNED_BY_HAND',
        ),
      )
      say(posted === payable, `E5: ${flow.flowId} lines ${posted}, payable rows ${payable}`)
    }
    for (const year of this.years) {
      const of = this.reversali.filter((r) => r.exercise === year)
      of.forEach((r, i) => {
        say(r.number === i + 1, `E8: number ${r.number} at ${i + 1}`)
        const before = of[i - 1]
        say(before === undefined || before.date <= r.date, `E8: date of ${r.id} goes back`)
      })
    }
  }
}

/** «A2026001 50 on m1» lines, sorted: what examples and orders compare. */
export function linesInForce(books: Books): string[] {
  return books.reversali
    .filter((r) => !r.annulled)
    .flatMap((r) =>
      r.lines.map((l) => `${r.exercise} m${l.movementId} ${l.iuv}|${l.idTransfer} a${l.accertamentoId} ${l.cents}`),
    )
    .sort()
}
