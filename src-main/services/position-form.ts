import type { z } from 'zod'
import type { createPositionInput } from '#contract/position-act'
import type { Id } from '#domain/brand'
import { formatDate, type Instant, type IsoDate, romeDate } from '#domain/date'
import { type FiscalCode, readFiscalCode } from '#domain/fiscal-code'
import {
  type BesideMoney,
  MAX_POSITION_CENTS,
  oldestFirst,
  type PaymentTerms,
  type PlannedPayment,
  planPayments,
} from '#domain/issuing'
import { isMailAddress } from '#domain/mail-address'
import { type Cents, cents, formatCents, sum } from '#domain/money'
import { type Problem, type ProblemPlace, problem } from '#domain/problem'
import { currentExercise, raisingExercise } from '#domain/raising'
import { isTaxonomyCode } from '#domain/taxonomy'
import { listBankAccounts } from '#ledger/bank-account'
import { listCapitoli, listExercises, listServiceTypes } from '#ledger/chart'
import { readInstitution } from '#ledger/institution'
import type { ReadHandle } from '#ledger/ledger'
import { readKnownPeople, readMergedCodes } from '#ledger/people-import'
import type { DebtToIssue } from '#ledger/position-issue'
import { readDebtsToAsk } from './rooms.ts'
import { taxonomyWarnings } from './taxonomy-warnings.ts'

export type CreateInput = z.output<typeof createPositionInput>

/** An accertamento that the form will raise. */
export interface DueToRaise {
  readonly exercise: number
  readonly capitoloId: Id<'capitolo'>
  readonly serviceTypeId: Id<'serviceType'>
  readonly competenceYear: number
  readonly causale: string
  readonly cents: Cents
  readonly dueDate: IsoDate | null
}

/** A row of ours: one to be raised, or one that stands. */
interface FormDebt {
  readonly accertamentoId: Id<'accertamento'>
  readonly personId: Id<'person'>
  readonly exercise: number
  readonly number: number
  readonly dueDate: IsoDate | null
  readonly causale: string
  readonly outstandingCents: Cents
  readonly iban: NonNullable<DebtToIssue['iban']>
  readonly taxonomyCode: string
  readonly toRaise: DueToRaise | null
}

/** The form as the books read it. With an error among the problems nothing of it may be written. */
export interface FormReading {
  readonly problems: readonly Problem[]
  /** Of ours, the oldest first; those to be raised have an id below zero until they are. */
  readonly debts: readonly FormDebt[]
  readonly beside: readonly BesideMoney[]
  readonly description: string
  readonly terms: PaymentTerms
  readonly payments: { readonly single: PlannedPayment | null; readonly installments: readonly PlannedPayment[] }
  readonly exercise: number | null
  readonly institution: Awaited<ReturnType<typeof readInstitution>>
  readonly totalCents: Cents
}

/** Reads the form against the books, without writing; every problem is named with the field that it is about. */
export async function readForm(db: ReadHandle, input: CreateInput, at: Instant): Promise<FormReading> {
  const day = romeDate(at)
  const problems: Problem[] = []
  const note = (found: Problem, field: string, severity: ProblemPlace['severity'] = found.severity) => {
    problems.push({ ...found, field, severity: severity ?? 'error' })
  }
  const institution = await readInstitution(db)
  if (institution === null) note(problem('INSTITUTION_MISSING', {}), 'rows')
  await checkPayer(db, input, note)
  const exercises = await listExercises(db)
  const current = currentExercise(exercises, day)
  const debts = await readRows(db, input, { exercises, at, current, note })
  const beside = readBeside(input, institution?.fiscalCode ?? '', note)
  const description = input.description === '' && debts.length === 1 ? (debts[0]?.causale ?? '') : input.description
  if (description === '' && debts.length > 1) note(problem('GROUP_DESCRIPTION_MISSING', {}), 'description')
  // What follows from a wrong row is not told beside it.
  const isRow = ({ severity, field }: Problem) => severity === 'error' && /^(rows|others)\.\d/.test(field ?? '')
  const rowsWrong = problems.some(isRow)
  if (!rowsWrong && debts.length === 0) {
    note(problem(beside.length === 0 ? 'NEW_POSITION_EMPTY' : 'NEW_POSITION_ONLY_OTHERS', {}), 'rows')
  }
  if (input.externalReference !== null) await checkReference(db, input.externalReference, note)
  const totalCents = cents(sum(debts.map((d) => d.outstandingCents)) + sum(beside.map((b) => b.cents)))
  checkTerms(input, rowsWrong ? null : totalCents, day, note)
  const codes = [...debts, ...beside].map((one) => one.taxonomyCode)
  for (const warning of await taxonomyWarnings(db, day, codes)) note(warning, 'rows')
  const { terms } = input
  const isBlocking = ({ severity, field }: Problem) => severity === 'error' && (field === 'terms' || field === 'rows')
  const wrong = rowsWrong || problems.some(isBlocking)
  const planned = wrong ? null : planPayments(debts, beside, description, terms)
  if (planned === null && !wrong) note(problem('NEW_POSITION_TRANSFERS', {}), 'others')
  const payments = planned ?? { single: null, installments: [] }
  if ([payments.single, ...payments.installments].some((one) => (one?.cents ?? 0) > MAX_POSITION_CENTS)) {
    note(problem('NEW_POSITION_TOO_MUCH', { cents: formatCents(totalCents) }), 'rows')
  }
  const exercise = debts.find((debt) => debt.toRaise !== null)?.exercise ?? null
  return { problems, debts, beside, description, terms, payments, exercise, institution, totalCents }
}

type Note = (found: Problem, field: string, severity?: 'error' | 'warning') => void

async function checkPayer(db: ReadHandle, { payer }: CreateInput, note: Note): Promise<void> {
  if ('personId' in payer) {
    const [known] = await readKnownPeople(db, { codes: [], vatNumbers: [], ids: [payer.personId] })
    if (known === undefined) note(problem('PERSON_GONE', {}), 'payer')
    return
  }
  const { fiscalCode: value, email, pec } = payer.person
  const reading = readFiscalCode(value)
  if (reading.state === 'wrong') {
    const found =
      reading.reason === 'length'
        ? problem('FISCAL_CODE_LENGTH', { value, length: reading.length })
        : problem('FISCAL_CODE_STRUCTURE', { value })
    note(found, 'payer.fiscalCode')
  } else {
    if (reading.state === 'suspicious') {
      note(problem('FISCAL_CODE_SUSPICIOUS', { value, expected: reading.expected }), 'payer.fiscalCode', 'warning')
    }
    const [same] = await readKnownPeople(db, { codes: [reading.code], vatNumbers: [], ids: [] })
    const merged = same === undefined && (await readMergedCodes(db)).has(reading.code)
    if (same !== undefined || merged) {
      note(problem('PERSON_CODE_TAKEN', { value, name: same?.name ?? 'una persona unita' }), 'payer.fiscalCode')
    }
  }
  if (email !== null && email !== '' && !isMailAddress(email))
    note(problem('EMAIL_WRONG', { value: email }), 'payer.email')
  if (pec !== null && pec !== '' && !isMailAddress(pec)) note(problem('PEC_WRONG', { value: pec }), 'payer.pec')
}

async function readRows(
  db: ReadHandle,
  { rows, payer, terms }: CreateInput,
  books: {
    readonly exercises: Awaited<ReturnType<typeof listExercises>>
    readonly at: Instant
    readonly current: number | null
    readonly note: Note
  },
): Promise<FormDebt[]> {
  const { exercises, at: now, current, note } = books
  const day = romeDate(now)
  const services = new Map((await listServiceTypes(db)).map((one) => [one.id as number, one]))
  const accounts = new Map((await listBankAccounts(db)).map((one) => [one.id as number, one]))
  const capitoli = new Set((await listCapitoli(db, current ?? 0)).map((one) => one.id as number))
  const standing = rows.flatMap((row) => (row.kind === 'outstanding' ? [row.accertamentoId] : []))
  const outstanding = new Map(
    (await readDebtsToAsk(db, standing, now)).map((debt) => [debt.accertamentoId as number, debt]),
  )
  const personId = 'personId' in payer ? payer.personId : null
  const debts: FormDebt[] = []
  const seen = new Set<number>()
  for (const [i, row] of rows.entries()) {
    const at = `rows.${i}`
    const taxonomy = row.taxonomyCode === '' ? null : row.taxonomyCode
    if (taxonomy !== null && !isTaxonomyCode(taxonomy)) {
      note(problem('TAXONOMY_CODE_WRONG', { value: taxonomy }), `${at}.taxonomyCode`)
      continue
    }
    if (row.kind === 'outstanding') {
      const debt = outstanding.get(row.accertamentoId)
      const name = debt === undefined ? '' : `${debt.number}/${debt.exercise}`
      if (debt === undefined) note(problem('ACCERTAMENTO_GONE', {}), at)
      else if (seen.has(debt.accertamentoId)) note(problem('DEBT_TWICE', { name }), at)
      else if (debt.personId !== personId) note(problem('ADDED_DEBT_OF_ANOTHER', { name }), at)
      else if (debt.issued) note(problem('DEBT_ASKED_ALREADY', { name }), at)
      else if (debt.outstandingCents <= 0) note(problem('DEBT_NOTHING_LEFT', { name }), at)
      else if (!debt.pagoPa) note(problem('DEBT_NOT_PAGOPA', { name }), at)
      else if (debt.iban === null) note(problem('DEBT_WITHOUT_ACCOUNT', { name }), at)
      else {
        seen.add(debt.accertamentoId)
        const { issued: _issued, ...rest } = debt
        debts.push({ ...rest, iban: debt.iban, taxonomyCode: taxonomy ?? debt.taxonomyCode, toRaise: null })
      }
      continue
    }
    const service = services.get(row.serviceTypeId)
    if (service === undefined || !service.active) {
      note(problem('NEW_POSITION_SERVICE', {}), `${at}.serviceTypeId`)
      continue
    }
    const capitoloId = row.capitoloId ?? service.capitoloId
    const iban = accounts.get(service.bankAccountId ?? 0)?.iban ?? null
    const exercise = raisingExercise(row.competenceYear, exercises, day)
    if (row.cents <= 0) note(problem('NEW_POSITION_AMOUNT', {}), `${at}.cents`)
    else if (!capitoli.has(capitoloId)) note(problem('NEW_POSITION_CAPITOLO', {}), `${at}.capitoloId`)
    else if (!service.pagoPa) note(problem('DEBT_NOT_PAGOPA', { name: service.name }), `${at}.serviceTypeId`)
    else if (iban === null) note(problem('DEBT_WITHOUT_ACCOUNT', { name: service.name }), `${at}.serviceTypeId`)
    else if (exercise === null) note(problem('EXERCISE_NOT_OPEN', { year: row.competenceYear }), `${at}.competenceYear`)
    else {
      const dueDate = terms.single?.dueDate ?? terms.installments?.at(-1)?.dueDate ?? null
      const causale = row.causale === '' ? service.defaultCausale : row.causale
      const of = {
        exercise,
        capitoloId,
        serviceTypeId: service.id,
        competenceYear: row.competenceYear,
        causale,
        dueDate,
      }
      debts.push({
        ...{ accertamentoId: (-1 - i) as Id<'accertamento'>, personId: (personId ?? 0) as Id<'person'>, exercise },
        // Raised today, after all that stand.
        number: 1_000_000_000 + i,
        ...{ dueDate, causale, outstandingCents: row.cents, iban, taxonomyCode: taxonomy ?? service.taxonomyCode },
        toRaise: { ...of, cents: row.cents },
      })
    }
  }
  return debts.sort(oldestFirst)
}

function readBeside({ others }: CreateInput, own: string, note: Note): BesideMoney[] {
  return others.flatMap((other, i): BesideMoney[] => {
    const at = `others.${i}`
    const reading = readFiscalCode(other.fiscalCode)
    if (reading.state === 'wrong' || reading.kind !== 'G') {
      note(problem('NEW_POSITION_OTHER_CODE', { value: other.fiscalCode }), `${at}.fiscalCode`)
      return []
    }
    if (reading.state === 'suspicious') {
      const { expected } = reading
      note(problem('FISCAL_CODE_SUSPICIOUS', { value: other.fiscalCode, expected }), `${at}.fiscalCode`, 'warning')
    }
    if (reading.code === own) note(problem('NEW_POSITION_OTHER_OWN', {}), `${at}.fiscalCode`)
    if (!isTaxonomyCode(other.taxonomyCode)) {
      note(problem('TAXONOMY_CODE_WRONG', { value: other.taxonomyCode }), `${at}.taxonomyCode`)
    }
    if (other.cents <= 0) note(problem('NEW_POSITION_AMOUNT', {}), `${at}.cents`)
    const { fiscalCode: _text, ...money } = other
    return other.cents <= 0 ? [] : [{ ...money, own: false, stamp: false, fiscalCode: reading.code as FiscalCode }]
  })
}

async function checkReference(db: ReadHandle, reference: string, note: Note): Promise<void> {
  const taken = await db
    .selectFrom('debtPosition')
    .innerJoin('person', 'person.id', 'debtPosition.personId')
    .where('externalReference', '=', reference)
    .select('person.name')
    .executeTakeFirst()
  if (taken !== undefined) {
    note(problem('NEW_POSITION_REFERENCE', { value: reference, name: taken.name }), 'externalReference')
  }
}

/** @param total null while the rows are wrong: nothing can be said of the sum */
function checkTerms({ terms, validUntil }: CreateInput, total: Cents | null, day: IsoDate, note: Note): void {
  const installments = terms.installments ?? []
  if (terms.single === null && installments.length === 0) note(problem('NEW_POSITION_TERMS', {}), 'terms')
  const asked = sum(installments.map((one) => one.cents))
  if (installments.length > 0 && total !== null && total > 0 && asked !== total) {
    const amounts = { asked: formatCents(asked), total: formatCents(total) }
    note(problem('NEW_POSITION_INSTALLMENTS', { ...amounts, left: formatCents(cents(total - asked)) }), 'terms')
  }
  if (installments.some((one) => one.cents <= 0)) note(problem('NEW_POSITION_AMOUNT', {}), 'terms')
  if (installments.some((one, i) => i > 0 && one.dueDate < (installments[i - 1]?.dueDate ?? ''))) {
    note(problem('NEW_POSITION_DATES', {}), 'terms')
  }
  const dues = [terms.single?.dueDate ?? null, ...installments.map((one) => one.dueDate)].filter((due) => due !== null)
  const late = dues.find((due) => due > validUntil)
  if (late !== undefined) {
    note(problem('VALIDITY_BEFORE_DUE', { due: formatDate(late), until: formatDate(validUntil) }), 'validUntil')
  }
  if (validUntil < day) note(problem('POSITION_VALIDITY_PAST', { count: 1 }), 'validUntil', 'warning')
  else if (dues.some((due) => due < day)) note(problem('POSITION_DUE_PAST', { count: 1 }), 'terms', 'warning')
}
