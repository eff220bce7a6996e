import type { Id } from '#domain/brand'
import { formatDate, type IsoDate, isIsoDate, romeDate } from '#domain/date'
import type { Cents } from '#domain/money'
import { nearest } from '#domain/nearest'
import { isSameText } from '#domain/person-difference'
import { type Problem, type ProblemPlace, problem } from '#domain/problem'
import { currentExercise, type ExerciseState, raisingExercise } from '#domain/raising'
import { dueDoubts, personDoubts, type RegisterDoubt } from '#domain/register-doubts'
import type { RegisterField } from '#domain/register-field'
import { CATEGORY_NAMES } from '#domain/register-mapping'
import type { RegisterPerson, RegisterRow } from '#domain/register-row'
import { listCapitoli, listExercises, listServiceTypes } from '#ledger/chart'
import { dueKey, type KnownDues, readKnownDues } from '#ledger/known-dues'
import type { ReadHandle } from '#ledger/ledger'
import type { ImportRowStatus } from '#ledger/schema/register'
import { type PeopleIndex, readPeopleIndex, wantedBy } from './register-people.ts'

/** What the books know that a register row is judged by; read once for a whole import. */
export interface RegisterBooks {
  readonly exercises: readonly ExerciseState[]
  readonly today: IsoDate
  /** The exercise in which today's work enters, or this year when none is open. */
  readonly current: number
  /** The service of a name, however it is written. */
  readonly serviceOf: (name: string) => KnownService | null
  readonly serviceNames: readonly string[]
  /** Capitoli of income by code. */
  readonly capitoli: ReadonlyMap<string, Id<'capitolo'>>
  readonly capitoloCodes: readonly string[]
  readonly people: PeopleIndex
  readonly known: KnownDues
}

interface KnownService {
  readonly id: Id<'serviceType'>
  readonly capitoloId: Id<'capitolo'>
  readonly usual: Cents | null
}

/** A row as it came in: of a quota, or of a person alone. */
export type RegisterLine = RegisterRow | RegisterPerson

export function isDue(row: RegisterLine): row is RegisterRow {
  return 'amountCents' in row
}

/** Whole books for a file; with `only`, no more of them than these rows need. */
export async function readRegisterBooks(
  db: ReadHandle,
  today: IsoDate,
  only: readonly RegisterLine[] | null = null,
): Promise<RegisterBooks> {
  const exercises = await listExercises(db)
  const services = (await listServiceTypes(db)).filter((service) => service.active)
  const current = currentExercise(exercises, today) ?? Number(today.slice(0, 4))
  const capitoli = await listCapitoli(db, current)
  const people = await readPeopleIndex(db, only && wantedBy(only))
  return {
    exercises,
    today,
    current,
    serviceOf: servicesByName(services),
    serviceNames: services.map((s) => s.name),
    capitoli: new Map(capitoli.map((c) => [c.code.trim().toLowerCase(), c.id])),
    capitoloCodes: capitoli.map((c) => c.code),
    people,
    known: await readKnownDues(db, only === null ? null : duesNeeded(only, people)),
  }
}

/** A register writes few services, tens of thousands of times each: the fold of a name is made once. */
function servicesByName(
  services: readonly {
    readonly name: string
    readonly id: Id<'serviceType'>
    readonly capitoloId: Id<'capitolo'>
    readonly defaultCents: Cents | null
  }[],
): RegisterBooks['serviceOf'] {
  const byFold = new Map(
    services.map((s) => [foldName(s.name), { id: s.id, capitoloId: s.capitoloId, usual: s.defaultCents }]),
  )
  const seen = new Map<string, KnownService | null>()
  return (name) => {
    const known = seen.get(name)
    if (known !== undefined) return known
    const found = byFold.get(foldName(name)) ?? null
    if (seen.size < 10_000) seen.set(name, found)
    return found
  }
}

function duesNeeded(rows: readonly RegisterLine[], people: PeopleIndex) {
  return {
    personIds: rows.flatMap((row) => people.byCode.get(row.fiscalCode)?.id ?? []),
    references: rows.flatMap((row) => (isDue(row) ? (row.externalReference ?? []) : [])),
  }
}

/** A row that the books can take: where it goes. */
export interface RaisableRow {
  readonly exercise: number
  readonly serviceTypeId: Id<'serviceType'>
  readonly capitoloId: Id<'capitolo'>
  readonly key: string
}

export interface RowJudgement {
  readonly status: ImportRowStatus
  /** What the books add to what the reader said. */
  readonly problems: readonly Problem[]
  /** Null for what raises nothing: a wrong row, or a person alone. */
  readonly raisable: RaisableRow | null
}

/** Place of a problem found by the books: the same words as those of the reader. */
export type PlaceOf = (key: RegisterField, excerpt: string) => ProblemPlace

/** Checks one good row alone, against the rows before it and against the books, with all that looks doubtful in it. */
export function judgeRow(row: RegisterLine, books: RegisterBooks, placeOf: PlaceOf, warned: boolean): RowJudgement {
  const due = isDue(row) ? judgeDue(row, books, placeOf) : null
  const doubts = [...personDoubts(row), ...books.people.lookalikes(row)]
  if (isDue(row)) {
    const usual = books.serviceOf(row.service)?.usual ?? null
    doubts.push(...dueDoubts(row, { today: books.today, current: books.current, usual }))
  }
  const person = books.people.byCode.get(row.fiscalCode)
  if (person !== undefined && person.erasedAt !== null) {
    const facts = { name: person.name, date: formatDate(romeDate(person.erasedAt)) }
    const back = problem('PERSON_BACK', facts, { severity: 'warning' })
    doubts.push({ field: 'fiscalCode', excerpt: row.fiscalCode, problem: back })
  }
  if (person !== undefined && !isSameText(person.name, row.name)) {
    const differs = problem('PERSON_DIFFERS', { value: row.name, other: person.name }, { severity: 'warning' })
    doubts.push({ field: 'name', excerpt: row.name, problem: differs })
  }
  const problems = [...doubts.map((doubt) => placed(doubt, placeOf)), ...(due?.problems ?? [])]
  const status =
    due === null || due.status === 'good' ? (warned || problems.length > 0 ? 'warning' : 'good') : due.status
  return { status, problems, raisable: due?.raisable ?? null }
}

function placed({ field, excerpt, problem: found }: RegisterDoubt, placeOf: PlaceOf): Problem {
  return { ...found, ...placeOf(field, excerpt), severity: found.severity }
}

/** Whether and where the books take a quota: service, capitolo, exercise, already imported. `good` has no problem at all. */
export function judgeDue(row: RegisterRow, books: RegisterBooks, placeOf: PlaceOf): RowJudgement {
  const problems: Problem[] = []
  const service = books.serviceOf(row.service)
  if (service === null) {
    const suggestion = nearest(row.service, books.serviceNames) ?? ''
    problems.push(problem('SERVICE_UNKNOWN', { value: row.service, suggestion }, placeOf('service', row.service)))
  }
  const capitoloId = row.capitolo === null ? service?.capitoloId : books.capitoli.get(row.capitolo.trim().toLowerCase())
  if (row.capitolo !== null && capitoloId === undefined) {
    const suggestion = nearest(row.capitolo, books.capitoloCodes) ?? ''
    const params = { value: row.capitolo, year: books.current, suggestion }
    problems.push(problem('CAPITOLO_UNKNOWN', params, placeOf('capitolo', row.capitolo)))
  }
  const exercise = raisingExercise(row.competenceYear, books.exercises, books.today)
  if (exercise === null) {
    const year = Math.max(row.competenceYear, books.current)
    const own = books.exercises.find((one) => one.year === row.competenceYear)?.state
    const place = placeOf('competenceYear', String(row.competenceYear))
    const closed = (own === 'closed' || own === 'approved') && currentExercise(books.exercises, books.today) === null
    problems.push(
      closed
        ? problem('EXERCISE_CLOSED', { year: row.competenceYear }, place)
        : problem('EXERCISE_NOT_OPEN', { year }, place),
    )
  }
  if (service === null || capitoloId === undefined || exercise === null) {
    return { status: 'error', problems, raisable: null }
  }
  const who = books.people.byCode.get(row.fiscalCode)?.id ?? null
  const key = dueKey(who ?? row.fiscalCode, service.id, row.competenceYear, row.causale, row.amountCents)
  const raisable = { exercise, serviceTypeId: service.id, capitoloId, key }
  const already =
    row.externalReference === null ? books.known.byKey.get(key) : books.known.byReference.get(row.externalReference)
  if (already === undefined) return { status: 'good', problems, raisable }
  const date = isIsoDate(already.date) ? formatDate(already.date) : already.date
  const found = problem('ALREADY_IMPORTED', { number: already.number, date }, placeOf('causale', row.causale))
  return { status: 'already', problems: [{ ...found, severity: 'warning' }], raisable }
}

/** What makes a quota the same as another of the file: its reference where the register gives one, else what it says. */
export function dueIdentity({ externalReference }: RegisterRow, { key }: RaisableRow): string {
  return externalReference === null ? key : `ref ${externalReference}`
}

/** That a quota stands in the file already; `seen` has the rows by identity, and takes this one when it is the first. */
export function doubleOf(
  row: RegisterLine,
  raisable: RaisableRow | null,
  seen: Map<string, number>,
  placeOf: PlaceOf,
): Problem | null {
  if (raisable === null || !isDue(row)) return null
  const identity = dueIdentity(row, raisable)
  const first = seen.get(identity)
  if (first === undefined) {
    seen.set(identity, row.row)
    return null
  }
  const { externalReference: value, fiscalCode } = row
  return value === null
    ? problem('ROW_DUPLICATE', { row: first }, placeOf('fiscalCode', fiscalCode))
    : problem('REFERENCE_DUPLICATE', { value, row: first }, placeOf('externalReference', value))
}

function foldName(text: string): string {
  return text
    .normalize('NFD')
    .replaceAll(/[\u0300-\u036f]/g, '')
    .replaceAll('’', "'")
    .toLowerCase()
    .replaceAll(/\s+/g, ' ')
    .trim()
}

/** Text of each cell of a good row, as the reader would take it again. */
export function cellTextOf(row: RegisterLine, key: RegisterField): string {
  switch (key) {
    case 'category':
      return CATEGORY_NAMES[row.category]
    case 'street':
    case 'civicNumber':
    case 'postalCode':
    case 'city':
    case 'province':
    case 'country':
      return row.address?.[key] ?? ''
    case 'enrolmentDate':
      return row.enrolmentDate === null ? '' : formatDate(row.enrolmentDate)
    case 'surname':
    case 'firstName':
      return ''
    case 'fiscalCode':
    case 'vatNumber':
    case 'name':
    case 'alboNumber':
    case 'email':
    case 'pec':
    case 'phone':
    case 'iban':
    case 'albo':
    case 'section':
      return row[key] ?? ''
    default:
      return isDue(row) ? dueTextOf(row, key) : ''
  }
}

function dueTextOf(
  row: RegisterRow,
  key: 'service' | 'competenceYear' | 'causale' | 'amount' | 'dueDate' | 'capitolo' | 'externalReference',
): string {
  switch (key) {
    case 'amount':
      return `${Math.floor(row.amountCents / 100)},${String(row.amountCents % 100).padStart(2, '0')}`
    case 'dueDate':
      return row.dueDate === null ? '' : formatDate(row.dueDate)
    case 'competenceYear':
      return String(row.competenceYear)
    default:
      return row[key] ?? ''
  }
}
