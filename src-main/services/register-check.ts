import { CATEGORY_NAMES, type RegisterKey } from '#codecs/register-columns'
import type { Id } from '#domain/brand'
import { formatDate, type IsoDate, isIsoDate } from '#domain/date'
import { nearest } from '#domain/nearest'
import { type Problem, type ProblemPlace, problem } from '#domain/problem'
import { currentExercise, type ExerciseState, raisingExercise } from '#domain/raising'
import type { RegisterRow } from '#domain/register-row'
import { listCapitoli, listExercises, listServiceTypes } from '#ledger/chart'
import type { ReadHandle } from '#ledger/ledger'
import { type KnownPerson, readPeopleByCode } from '#ledger/people-import'
import { dueKey, type KnownDues, readKnownDues } from '#ledger/register-import'
import type { ImportRowStatus } from '#ledger/schema/register'

/** What the books know that a register row is judged by; read once for a whole import. */
export interface RegisterBooks {
  readonly exercises: readonly ExerciseState[]
  readonly today: IsoDate
  /** By folded name. */
  readonly services: ReadonlyMap<string, { readonly id: Id<'serviceType'>; readonly capitoloId: Id<'capitolo'> }>
  readonly serviceNames: readonly string[]
  /** Capitoli of income by code. */
  readonly capitoli: ReadonlyMap<string, Id<'capitolo'>>
  readonly people: ReadonlyMap<string, KnownPerson>
  readonly known: KnownDues
}

export async function readRegisterBooks(db: ReadHandle, today: IsoDate): Promise<RegisterBooks> {
  const exercises = await listExercises(db)
  const services = (await listServiceTypes(db)).filter((service) => service.active)
  const capitoli = await listCapitoli(db, currentExercise(exercises, today) ?? Number(today.slice(0, 4)))
  return {
    exercises,
    today,
    services: new Map(services.map((s) => [foldName(s.name), { id: s.id, capitoloId: s.capitoloId }])),
    serviceNames: services.map((s) => s.name),
    capitoli: new Map(capitoli.map((c) => [c.code.trim().toLowerCase(), c.id])),
    people: await readPeopleByCode(db),
    known: await readKnownDues(db),
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
  readonly raisable: RaisableRow | null
}

/** Place of a problem found by the books: the same words as those of the reader. */
export type PlaceOf = (key: RegisterKey, excerpt: string) => ProblemPlace

/** Checks one good row against the books: service, capitolo, exercise, already imported, who the person is here. */
export function judgeRow(row: RegisterRow, books: RegisterBooks, placeOf: PlaceOf, warned: boolean): RowJudgement {
  const problems: Problem[] = []
  const service = books.services.get(foldName(row.service))
  if (service === undefined) {
    const suggestion = nearest(row.service, books.serviceNames) ?? ''
    problems.push(problem('SERVICE_UNKNOWN', { value: row.service, suggestion }, placeOf('service', row.service)))
  }
  const current = currentExercise(books.exercises, books.today) ?? Number(books.today.slice(0, 4))
  const capitoloId = row.capitolo === null ? service?.capitoloId : books.capitoli.get(row.capitolo.trim().toLowerCase())
  if (row.capitolo !== null && capitoloId === undefined) {
    problems.push(
      problem('CAPITOLO_UNKNOWN', { value: row.capitolo, year: current, suggestion: '' }, placeOf('capitolo', row.capitolo)),
    )
  }
  const exercise = raisingExercise(row.competenceYear, books.exercises, books.today)
  if (exercise === null) {
    const year = Math.max(row.competenceYear, current)
    problems.push(problem('EXERCISE_NOT_OPEN', { year }, placeOf('competenceYear', String(row.competenceYear))))
  }
  if (service === undefined || capitoloId === undefined || exercise === null) {
    return { status: 'error', problems, raisable: null }
  }
  const key = dueKey(row.fiscalCode, service.id, row.competenceYear, row.causale, row.amountCents)
  const raisable = { exercise, serviceTypeId: service.id, capitoloId, key }
  const already =
    (row.externalReference === null ? undefined : books.known.byReference.get(row.externalReference)) ??
    (row.externalReference === null ? books.known.byKey.get(key) : undefined)
  const person = books.people.get(row.fiscalCode)
  if (person !== undefined && foldName(person.name) !== foldName(row.name)) {
    problems.push(
      problem(
        'PERSON_DIFFERS',
        { value: row.name, other: person.name },
        { ...placeOf('name', row.name), severity: 'warning' },
      ),
    )
  }
  if (already !== undefined) {
    const date = isIsoDate(already.date) ? formatDate(already.date) : already.date
    problems.push(
      problem(
        'ALREADY_IMPORTED',
        { number: already.number, date },
        { ...placeOf('causale', row.causale), severity: 'warning' },
      ),
    )
    return { status: 'already', problems, raisable }
  }
  return { status: warned || problems.length > 0 ? 'warning' : 'good', problems, raisable }
}

export function foldName(text: string): string {
  return text
    .normalize('NFD')
    .replaceAll(/[\u0300-\u036f]/g, '')
    .replaceAll('’', "'")
    .toLowerCase()
    .replaceAll(/\s+/g, ' ')
    .trim()
}

/** Text of each cell of a good row, as the reader would take it again. */
export function cellTextOf(row: RegisterRow, key: RegisterKey): string {
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
