import type { z } from 'zod'
import type { contract } from '#contract/contract'
import { addressLine } from '#domain/address-lines'
import type { Id } from '#domain/brand'
import type { IsoDate } from '#domain/date'
import { type FiscalCode, readFiscalCode } from '#domain/fiscal-code'
import type { PlannedPayment } from '#domain/issuing'
import { type Cents, sum } from '#domain/money'
import { composeNoticeNumber, type SegregationCode } from '#domain/notice-number'
import { type Problem, ProblemError, problem } from '#domain/problem'
import { raisingDate } from '#domain/raising'
import { searchKey } from '#domain/search-key'
import { insertAccertamenti, lastAccertamento } from '#ledger/accertamento-raise'
import { assignIuvBases } from '#ledger/iuv-bases'
import type { ReadHandle, WriteHandle } from '#ledger/ledger'
import { insertFirstContacts, insertPeople, type NewContact } from '#ledger/people-import'
import { insertIssuance, insertPositions, type NumberedPayment } from '#ledger/position-issue'
import { readStoredPositions } from '#ledger/position-version'
import { command } from './command.ts'
import type { ServiceContext } from './context.ts'
import { type CreateInput, type FormReading, readForm } from './position-form.ts'
import { today } from './produced-file.ts'
import { reconcileDebts } from './reconcile-ledger.ts'

type Contract = (typeof contract)['positionAct']
type Preview = z.output<NonNullable<Contract['createPreview']['~orpc']['outputSchema']>>
type Created = z.output<NonNullable<Contract['create']['~orpc']['outputSchema']>>

export async function previewCreate(db: ReadHandle, context: ServiceContext, input: CreateInput): Promise<Preview> {
  const form = await readForm(db, input, context.clock.now())
  const { payments, debts, institution } = form
  const own = { fiscalCode: institution?.fiscalCode ?? '', beneficiary: institution?.name ?? null }
  const shown = (payment: PlannedPayment, ordinal: number): Preview['payments'][number] => ({
    ...{ ordinal, cents: payment.cents, dueDate: payment.dueDate },
    transfers: payment.transfers.map(({ beside, allocations, ...transfer }) => ({
      ...transfer,
      own: beside?.own ?? true,
      ...(beside === undefined ? own : { fiscalCode: beside.fiscalCode, beneficiary: null }),
      rows: allocations.map(({ accertamentoId, cents }) => {
        const debt = debts.find((one) => one.accertamentoId === accertamentoId)
        const accertamento = debt === undefined || debt.toRaise !== null ? null : `${debt.number}/${debt.exercise}`
        return { accertamento, causale: debt?.causale ?? '', cents }
      }),
    })),
  })
  return {
    totalCents: form.totalCents,
    ownCents: sum(debts.map((debt) => debt.outstandingCents)),
    description: form.description,
    payments: [
      ...(payments.single === null ? [] : [shown(payments.single, 0)]),
      ...payments.installments.map((one, i) => shown(one, i + 1)),
    ],
    raised: debts.filter((debt) => debt.toRaise !== null).length,
    exercise: form.exercise,
    problems: [...form.problems],
  }
}

/** Person, accertamenti, position and numbers, or nothing. A second click finds what the first one made. */
export async function createPosition(
  context: ServiceContext,
  input: CreateInput & { readonly attempt: string },
): Promise<Created> {
  const payload = { rows: input.rows.length, others: input.others.length, attempt: input.attempt }
  return context.ledger.write(command(context, 'positionAct.create', payload), async (db) => {
    const made = await madeBy(db, input.attempt)
    if (made !== null) return made
    const day = today(context)
    const form = await readForm(db, input, context.clock.now())
    const errors = form.problems.filter((one: Problem) => one.severity === 'error')
    if (errors.length > 0 || form.institution === null) throw new ProblemError(...errors)
    const personId = 'personId' in input.payer ? input.payer.personId : await addPayer(db, input.payer.person, day)
    const raised = await raise(db, form, personId, day)
    const at = context.clock.now()
    const issuanceId = await insertIssuance(db, {
      description: form.description.slice(0, 140),
      parametersJson: JSON.stringify({ validUntil: input.validUntil, single: true }),
      ...{ at, operator: context.operator },
    })
    const payments = [form.payments.single, ...form.payments.installments].filter((one) => one !== null)
    const bases = (await assignIuvBases(db, payments.length, context.ledger.clock)).values()
    const segregationCode = form.institution.segregationCode as SegregationCode
    const numbered = (payment: PlannedPayment): NumberedPayment => {
      const base = bases.next().value as number
      const transfers = payment.transfers.map((transfer) => ({
        ...transfer,
        allocations: transfer.allocations.map(({ accertamentoId, cents }) => ({
          accertamentoId: raised.get(accertamentoId)?.id ?? accertamentoId,
          cents,
        })),
      }))
      return { ...payment, transfers, base, ...composeNoticeNumber(segregationCode, base) }
    }
    const single = form.payments.single && numbered(form.payments.single)
    const installments = form.payments.installments.map(numbered)
    const fiscalCode = form.institution.fiscalCode as FiscalCode
    const leading = (single ?? installments[0]) as NumberedPayment
    const { externalReference, attempt, validUntil } = input
    const position = {
      personId,
      description: form.description,
      iupd: `${fiscalCode}-${leading.iuv}`,
      single,
      installments,
    }
    await insertPositions(
      db,
      [{ ...position, externalReference, attempt }],
      { issuanceId, fiscalCode, at, operator: context.operator, validUntil },
      () => {},
    )
    await reconcileDebts(db, at)
    return (await madeBy(db, attempt)) as Created
  })
}

/** What an attempt made; null when it made nothing yet. */
async function madeBy(db: ReadHandle, attempt: string): Promise<Created | null> {
  const row = await db.selectFrom('debtPosition').where('attempt', '=', attempt).select('id').executeTakeFirst()
  if (row === undefined) return null
  const [position] = await readStoredPositions(db, [row.id])
  if (position === undefined) throw new ProblemError(problem('POSITION_GONE', {}))
  const payments = [position.single, ...position.installments].filter((one) => one !== null)
  const ids = new Set(
    payments.flatMap((one) => one.transfers.flatMap((t) => t.allocations.map((a) => a.accertamentoId))),
  )
  const accertamenti = await db
    .selectFrom('accertamento')
    .where('id', 'in', [...ids])
    .select(['id', 'exercise', 'number'])
    .orderBy('exercise')
    .orderBy('number')
    .execute()
  const cents: Cents = position.single?.cents ?? sum(position.installments.map((one) => one.cents))
  return {
    ...{ debtPositionId: position.id, personId: position.personId, accertamenti, cents },
    noticeNumbers: payments.map((one) => one.noticeNumber ?? ''),
  }
}

async function raise(
  db: WriteHandle,
  { debts }: FormReading,
  personId: Id<'person'>,
  day: IsoDate,
): Promise<Map<number, { readonly id: Id<'accertamento'> }>> {
  const raised = new Map<number, { readonly id: Id<'accertamento'> }>()
  for (const { accertamentoId, toRaise } of debts) {
    if (toRaise === null) continue
    const { cents, exercise, ...rest } = toRaise
    const last = await lastAccertamento(db, exercise)
    const number = last.number + 1
    const row = {
      ...rest,
      exercise,
      number,
      date: raisingDate(exercise, day, last.date),
      personId,
      assessedCents: cents,
    }
    await insertAccertamenti(db, [{ ...row, externalReference: null, importRowId: null }], () => {})
    const { id } = await db
      .selectFrom('accertamento')
      .where('exercise', '=', exercise)
      .where('number', '=', number)
      .select('id')
      .executeTakeFirstOrThrow()
    raised.set(accertamentoId, { id })
  }
  return raised
}

type NewPayer = Extract<CreateInput['payer'], { person: unknown }>['person']

async function addPayer(db: WriteHandle, payer: NewPayer, day: IsoDate): Promise<Id<'person'>> {
  const reading = readFiscalCode(payer.fiscalCode)
  if (reading.state === 'wrong') throw new ProblemError(problem('FISCAL_CODE_STRUCTURE', { value: payer.fiscalCode }))
  const { name, category } = payer
  const vatNumber = reading.kind === 'G' ? reading.code : null
  const key = searchKey(name, reading.code, vatNumber)
  const person = {
    kind: reading.kind,
    fiscalCode: reading.code,
    vatNumber,
    name,
    category,
    mergedIntoId: null,
    searchKey: key,
  }
  const [id] = await insertPeople(db, [person])
  if (id === undefined) throw new Error('the person was not written')
  const contacts: NewContact[] = []
  const empty = { street: null, civicNumber: null, postalCode: null, city: null, province: null, country: null }
  const add = (kind: 'email' | 'pec' | 'address', value: string, parts: Partial<NewContact> = {}) => {
    const life = { validFrom: day, validTo: null, source: 'nuova posizione', failedAt: null }
    contacts.push({ personId: id, kind, value, ...empty, ...parts, ...life })
  }
  if (payer.email) add('email', payer.email)
  if (payer.pec) add('pec', payer.pec)
  if (payer.street && payer.city) {
    const { street, civicNumber, postalCode, city, province } = payer
    const parts = { street, civicNumber, postalCode, city, province, country: 'IT' }
    add('address', addressLine(parts), parts)
  }
  await insertFirstContacts(db, contacts)
  return id
}
