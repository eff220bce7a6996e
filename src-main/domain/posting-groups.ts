import { formatDate, type IsoDate, isoDate, maxDate, yearOf } from './date.ts'
import { type Label, labelOf } from './labels.ts'
import { type Cents, sum } from './money.ts'
import type { TargetLine } from './reconcile-outcome.ts'

/** Facts and settings of posting (DOMAIN.md §7). */
export interface PostingContext {
  /** The books' day: only used by `reversaleDate: 'postingDay'`. */
  readonly today: IsoDate
  readonly exercises: readonly {
    readonly year: number
    readonly state: 'historical' | 'open' | 'closed' | 'approved'
    /** Date of the last reversale of the exercise, annulled ones included. */
    readonly lastReversaleDate: IsoDate | null
  }[]
  /** Every movement that a line names. `provvisorio` is the treasurer's number, if it has one. */
  readonly movements: readonly {
    readonly movementId: number
    readonly bankAccountId: number
    readonly bookingDate: IsoDate
    readonly bankReference: string | null
    readonly provvisorio: number | null
    readonly fingerprint: string
  }[]
  /** Every accertamento that a line names. */
  readonly accertamenti: readonly {
    readonly accertamentoId: number
    readonly exercise: number
    readonly number: number
    readonly capitoloId: number
    readonly capitoloCode: string
    readonly personId: number
  }[]
  /** Default `flow`: per flow and capitolo. `payer`: also per person. `day`: per booking date instead of flow. */
  readonly grouping?: 'flow' | 'payer' | 'day'
  /** Default `bankDate`: booking date pushed up to the last reversale; `postingDay`: today. */
  readonly reversaleDate?: 'bankDate' | 'postingDay'
}

export interface ReversaleDraft {
  readonly exercise: number
  /** Presettable; a person may only move it later, inside the exercise. */
  readonly date: IsoDate
  readonly capitoloId: number
  /** Exercise of origin of all its accertamenti: equal to `exercise` = competenza, earlier = residui. */
  readonly originYear: number
  readonly bankAccountId: number
  readonly personId: number | null
  readonly cents: Cents
  readonly causale: string
  readonly groupKey: string
  readonly lines: readonly TargetLine[]
  /** EXERCISE_CLOSED when a credit of a closed exercise goes into the next open one: to be asked once. */
  readonly labels: readonly Label[]
}

/** Drafts in order of issue: the ledger numbers them in this order, in one transaction. */
export interface PostingGroups {
  readonly drafts: readonly ReversaleDraft[]
  /** Lines that no open exercise can take. */
  readonly refused: readonly TargetLine[]
}

type Movement = PostingContext['movements'][number]
type Accertamento = PostingContext['accertamenti'][number]

interface Group {
  readonly key: string
  readonly exercise: number
  readonly movement: Movement
  readonly accertamento: Accertamento
  readonly personId: number | null
  readonly flowId: string | null
  closedYear: number | null
  readonly lines: TargetLine[]
  latest: IsoDate
  provvisorio: number
  /** Fingerprint of its first movement, for a canonical order. */
  first: string
}

/**
 * Groups lines into reversali: one exercise, account, capitolo and year of origin each, per flow (or credit), payer or
 * day; in the order of issue (DOMAIN.md §7). A payment of which some line finds no exercise is refused whole.
 * @throws RangeError when a line's movement or accertamento is not in the context: a programmer's error.
 */
export function groupForPosting(lines: readonly TargetLine[], context: PostingContext): PostingGroups {
  const movements = new Map(context.movements.map((m) => [m.movementId, m]))
  const accertamenti = new Map(context.accertamenti.map((a) => [a.accertamentoId, a]))
  const open = openYears(context)
  const groups = new Map<string, Group>()
  const factsOf = (line: TargetLine) => {
    const movement = movements.get(line.movementId)
    const accertamento = accertamenti.get(line.accertamentoId)
    if (!movement || !accertamento) throw new RangeError(`posting: no facts of line ${JSON.stringify(line)}`)
    return { movement, accertamento, exercise: exerciseFor(open, movement, accertamento.exercise) }
  }
  const without = claimsWithout(lines, (line) => factsOf(line).exercise)
  const refused = without.size === 0 ? [] : lines.filter((line) => without.has(line.claim))
  for (const line of lines) {
    const { movement, accertamento, exercise } = factsOf(line)
    if (exercise === undefined || without.has(line.claim)) continue
    const booked = yearOf(movement.bookingDate)
    const subject = context.grouping === 'day' ? `giorno ${movement.bookingDate}` : subjectOf(line, movement)
    const personId = context.grouping === 'payer' ? accertamento.personId : null
    const parts = [exercise, subject, movement.bankAccountId, accertamento.capitoloCode, accertamento.exercise]
    const key = [...parts, ...(personId === null ? [] : [personId])].join('|')
    let group = groups.get(key)
    if (!group) {
      group = {
        key,
        exercise,
        movement,
        accertamento,
        personId,
        flowId: context.grouping === 'day' ? null : line.flowId,
        closedYear: null,
        lines: [],
        latest: movement.bookingDate,
        provvisorio: movement.provvisorio ?? Number.POSITIVE_INFINITY,
        first: movement.fingerprint,
      }
      groups.set(key, group)
    }
    group.lines.push(line)
    if (booked < exercise && !open.includes(booked)) group.closedYear ??= booked
    group.latest = maxDate(group.latest, movement.bookingDate)
    group.provvisorio = Math.min(group.provvisorio, movement.provvisorio ?? Number.POSITIVE_INFINITY)
    if (movement.fingerprint < group.first) group.first = movement.fingerprint
  }
  const last = new Map(context.exercises.map((e) => [e.year, e.lastReversaleDate]))
  const drafts = [...groups.values()].sort(orderOfIssue).map((group) => {
    const date = dateOf(group, last.get(group.exercise) ?? null, context)
    last.set(group.exercise, date)
    return draftOf(group, date, movements)
  })
  return { drafts, refused }
}

/** What counting needs of the facts of posting. */
export interface CountingContext extends Pick<PostingContext, 'exercises' | 'grouping'> {
  movementOf(
    id: number,
  ): (Pick<Movement, 'bookingDate' | 'fingerprint'> & { readonly bankAccountId: number | null }) | undefined
  accertamentoOf(
    id: number,
  ): (Pick<Accertamento, 'exercise' | 'personId'> & { readonly capitoloId: number }) | undefined
}

/** How many drafts `groupForPosting` would make of the lines, without making them: asked after every act. */
export function draftCount(lines: readonly TargetLine[], context: CountingContext): number {
  const open = openYears(context)
  const keys = new Set<string>()
  const factsOf = (line: TargetLine) => {
    const movement = context.movementOf(line.movementId)
    const accertamento = context.accertamentoOf(line.accertamentoId)
    if (!movement || !accertamento) throw new RangeError(`posting: no facts of line ${JSON.stringify(line)}`)
    return { movement, accertamento }
  }
  const without = claimsWithout(lines, (line) => {
    const { movement, accertamento } = factsOf(line)
    return exerciseFor(open, movement, accertamento.exercise)
  })
  let last: readonly unknown[] = []
  for (const line of lines) {
    if (without.has(line.claim)) continue
    const { movement, accertamento } = factsOf(line)
    const personId = context.grouping === 'payer' ? accertamento.personId : null
    const { capitoloId, exercise: origin } = accertamento
    // Lines of one flow come together: most are of the draft of the line before.
    if (
      last[0] === line.movementId &&
      last[1] === line.flowId &&
      last[2] === capitoloId &&
      last[3] === origin &&
      last[4] === personId
    ) {
      continue
    }
    last = [line.movementId, line.flowId, capitoloId, origin, personId]
    const exercise = exerciseFor(open, movement, origin)
    if (exercise === undefined) continue
    const subject = context.grouping === 'day' ? movement.bookingDate : (line.flowId ?? movement.fingerprint)
    keys.add([exercise, subject, movement.bankAccountId, capitoloId, origin, personId].join('|'))
  }
  return keys.size
}

/** What is posted whole or not at all, of which some line finds no open exercise. */
function claimsWithout(
  lines: readonly TargetLine[],
  exerciseOf: (line: TargetLine) => number | undefined,
): ReadonlySet<number> {
  const without = new Set<number>()
  for (const line of lines) if (exerciseOf(line) === undefined) without.add(line.claim)
  return without
}

function openYears({ exercises }: Pick<PostingContext, 'exercises'>): number[] {
  return exercises
    .filter((e) => e.state === 'open')
    .map((e) => e.year)
    .sort((a, b) => a - b)
}

/** The first open exercise that is neither before the credit nor before the accertamento. */
function exerciseFor(
  open: readonly number[],
  { bookingDate }: Pick<Movement, 'bookingDate'>,
  origin: number,
): number | undefined {
  const booked = yearOf(bookingDate)
  return open.find((year) => year >= booked && year >= origin)
}

function subjectOf(line: TargetLine, movement: Movement): string {
  return line.flowId === null ? `accredito ${movement.fingerprint}` : `flusso ${line.flowId}`
}

function orderOfIssue(a: Group, b: Group): number {
  return (
    a.exercise - b.exercise ||
    compare(a.latest, b.latest) ||
    (a.provvisorio === b.provvisorio ? 0 : a.provvisorio - b.provvisorio) ||
    compare(a.flowId ?? '', b.flowId ?? '') ||
    compare(a.accertamento.capitoloCode, b.accertamento.capitoloCode) ||
    a.accertamento.exercise - b.accertamento.exercise ||
    compare(a.first, b.first) ||
    compare(a.key, b.key)
  )
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Bank date pushed up to the last reversale of the exercise and into the exercise. */
function dateOf(group: Group, last: IsoDate | null, context: PostingContext): IsoDate {
  const begin = isoDate(`${group.exercise}-01-01`)
  const end = isoDate(`${group.exercise}-12-31`)
  let date = maxDate(group.latest, begin)
  if (context.reversaleDate === 'postingDay') date = maxDate(date, context.today > end ? end : context.today)
  return last === null ? date : maxDate(date, last)
}

function draftOf(group: Group, date: IsoDate, movements: ReadonlyMap<number, Movement>): ReversaleDraft {
  const { exercise, accertamento, closedYear } = group
  return {
    exercise,
    date,
    capitoloId: accertamento.capitoloId,
    originYear: accertamento.exercise,
    bankAccountId: group.movement.bankAccountId,
    personId: group.personId,
    cents: sum(group.lines.map((l) => l.cents)),
    causale: causaleOf(group, movements),
    groupKey: group.key,
    lines: group.lines,
    labels: closedYear === null ? [] : [labelOf('EXERCISE_CLOSED', { year: closedYear, open: exercise })],
  }
}

/** «Incassi pagoPA, flusso …, accredito del 12/03/2026, c/residui 2025»: what the reversale says of itself. */
function causaleOf(group: Group, movements: ReadonlyMap<number, Movement>): string {
  const used = [...new Set(group.lines.map((l) => l.movementId))]
    .map((id) => movements.get(id) as Movement)
    .sort((a, b) => compare(a.bookingDate, b.bookingDate) || compare(a.fingerprint, b.fingerprint))
  const iuvs = [...new Set(group.lines.map((l) => l.iuv))]
  const what =
    group.flowId !== null
      ? `Incassi pagoPA, flusso ${group.flowId}`
      : iuvs.length === 1 && iuvs[0] !== null
        ? `Incasso pagoPA, IUV ${iuvs[0]}`
        : iuvs.some((iuv) => iuv !== null)
          ? 'Incassi pagoPA'
          : 'Incassi fuori pagoPA'
  const credit = (m: Movement): string => {
    const number = m.provvisorio === null ? '' : `provvisorio ${m.provvisorio} del `
    const reference = m.provvisorio === null && m.bankReference ? `, riferimento ${m.bankReference}` : ''
    return `${number}${formatDate(m.bookingDate)}${reference}`
  }
  const shown = used.slice(0, 3).map(credit).join('; ')
  const credits = used.length > 3 ? `${used.length} accrediti dal ${credit(used[0] as Movement)}` : shown
  const noun = used.length > 3 ? '' : used.length === 1 ? 'accredito del ' : 'accrediti del '
  const residui = group.accertamento.exercise < group.exercise ? `, c/residui ${group.accertamento.exercise}` : ''
  return `${what}, ${noun}${credits}${residui}`
}
