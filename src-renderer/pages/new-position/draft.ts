import type { Id } from '#domain/brand'
import { type IsoDate, isoDateOf } from '#domain/date'
import { type DueRule, dueDateOf } from '#domain/due-rule'
import { readFiscalCode } from '#domain/fiscal-code'
import { type Iban, isIban } from '#domain/iban'
import { type Cents, sum, ZERO } from '#domain/money'
import { isTaxonomyCode } from '#domain/taxonomy'
import type { CATEGORIES } from '#domain/vocabulary'
import type { client } from '../../client.ts'
import { emailError } from '../../components/checks.ts'
import { newPlan, type PlanDraft, planLines, planProblem } from '../positions/plan-draft.ts'

export type CreateInput = Parameters<typeof client.positionAct.createPreview>[0]
type Terms = CreateInput['terms']

/** A payment carries at most five transfers, ours among them. */
export const MOST_TRANSFERS = 5

export interface ServiceChoice {
  readonly id: Id<'serviceType'>
  readonly name: string
  readonly capitolo: string
  readonly taxonomyCode: string
  readonly defaultCausale: string
  readonly defaultCents: Cents | null
  readonly dueRule: DueRule | null
}

export interface DueLine {
  readonly key: number
  readonly serviceTypeId: Id<'serviceType'> | null
  readonly causale: string
  readonly cents: Cents | null
  readonly competenceYear: number
  readonly taxonomyCode: string
}

/** An accertamento of the payer that no notice asks for yet. */
export interface OpenDebt {
  readonly id: Id<'accertamento'>
  readonly causale: string
  readonly cents: Cents
  readonly dueDate: IsoDate | null
}

export interface OtherLine {
  readonly key: number
  readonly fiscalCode: string
  readonly iban: string
  readonly taxonomyCode: string
  readonly causale: string
  readonly cents: Cents | null
}

export interface NewPayer {
  readonly name: string
  readonly fiscalCode: string
  readonly category: keyof typeof CATEGORIES
  readonly email: string
  readonly pec: string
  readonly street: string
  readonly civicNumber: string
  readonly postalCode: string
  readonly city: string
  readonly province: string
}

export type Payer =
  | { readonly kind: 'known'; readonly id: Id<'person'> }
  | { readonly kind: 'new'; readonly person: NewPayer }

/** The form while it is being filled in. */
export interface Draft {
  readonly payer: Payer | null
  readonly dues: readonly DueLine[]
  /** Outstanding accertamenti of the payer that are asked with it. */
  readonly ticked: readonly OpenDebt[]
  readonly others: readonly OtherLine[]
  /** Empty: the causale of the only row. */
  readonly description: string
  readonly dueDate: IsoDate | null
  /** Whether the due date is the person's; otherwise it is the one proposed. */
  readonly dueWritten: boolean
  /** Null follows the dates: the end of the year of the last one. */
  readonly validUntil: IsoDate | null
  readonly externalReference: string
  readonly plan: PlanDraft
}

let lastKey = 0
const nextKey = () => {
  lastKey += 1
  return lastKey
}

export function newDue(year: number): DueLine {
  return { key: nextKey(), serviceTypeId: null, causale: '', cents: null, competenceYear: year, taxonomyCode: '' }
}

export function newOther(): OtherLine {
  return { key: nextKey(), fiscalCode: '', iban: '', taxonomyCode: '', causale: '', cents: null }
}

/** With what was typed in the search: a fiscal code goes to its place, anything else is the name. */
export function newPayer(typed: string): NewPayer {
  const reading = readFiscalCode(typed)
  const code = reading.state === 'wrong' ? null : reading
  return {
    name: code === null ? typed : '',
    fiscalCode: code?.code ?? '',
    category: code?.kind === 'G' ? 'stp' : 'professionista',
    ...{ email: '', pec: '', street: '', civicNumber: '', postalCode: '', city: '', province: '' },
  }
}

export function emptyDraft(year: number, today: IsoDate): Draft {
  return {
    payer: null,
    dues: [newDue(year)],
    ...{ ticked: [], others: [], description: '', externalReference: '' },
    dueDate: null,
    dueWritten: false,
    validUntil: null,
    plan: newPlan(today),
  }
}

/** A row that nobody has touched is not asked for. */
export function isBlank(due: DueLine): boolean {
  return due.serviceTypeId === null && due.causale === '' && due.cents === null
}

export function totalOf(draft: Draft): Cents {
  return sum([
    ...draft.dues.map((due) => due.cents ?? ZERO),
    ...draft.ticked.map((debt) => debt.cents),
    ...draft.others.map((other) => other.cents ?? ZERO),
  ])
}

/** What the notice says where the person has not written it: the only causale, or all of them, one after the other. */
export function proposedDescription(draft: Draft): string {
  const causali = [...draft.ticked, ...draft.dues.filter((due) => !isBlank(due))].map((row) => row.causale.trim())
  const known = [...new Set(causali)].filter((text) => text !== '')
  const last = known.pop()
  if (last === undefined) return ''
  const all = known.length === 0 ? last : `${known.join(', ')} e ${last}`
  return all.length <= 140 ? all : `${all.slice(0, 139)}…`
}

/** The due date as written, else that of the first debt that has one still to come: its own, or by the rule of its type. */
export function dueDateOfDraft(draft: Draft, services: readonly ServiceChoice[], today: IsoDate): IsoDate | null {
  if (draft.dueWritten) return draft.dueDate
  const ruled = draft.dues.map((due) => {
    const rule = services.find((s) => s.id === due.serviceTypeId)?.dueRule ?? null
    return rule === null ? null : dueDateOf(rule, today, due.competenceYear)
  })
  const days = [...draft.ticked.map((debt) => debt.dueDate), ...ruled]
  return days.find((day) => day !== null && day >= today) ?? null
}

/** Until when it can be paid: as written, else the end of the year of the exercise, of today or of the last due date. */
export function validityOf(draft: Draft, exercise: number, today: IsoDate): IsoDate {
  if (draft.validUntil !== null) return draft.validUntil
  const { mode } = draft.plan
  const last = mode === 'single' ? null : planLines(draft.plan, totalOf(draft)).at(-1)?.dueDate
  const years = [`${exercise}`, today, mode === 'plan' ? null : draft.dueDate, last].map((day) =>
    Number(day?.slice(0, 4) ?? 0),
  )
  return isoDateOf(Math.max(...years), 12, 31) ?? today
}

export function taxonomyError(text: string): string | null {
  return isTaxonomyCode(text) ? null : 'Usa la forma 9/0401107TS/.'
}

/** What is wrong with a fiscal code, and whether it stops: a check letter that fails is only said. */
export function payerCodeProblem(text: string): { readonly text: string; readonly stops: boolean } | null {
  if (text.trim() === '') return null
  const reading = readFiscalCode(text)
  if (reading.state === 'ok') return null
  if (reading.state === 'suspicious')
    return { text: `L’ultimo carattere non torna: controlla, forse è ${reading.expected}.`, stops: false }
  return {
    text:
      reading.reason === 'length'
        ? `Ha ${reading.length} caratteri: sono 16 per una persona, 11 per una società.`
        : 'Non ha la forma di un codice fiscale: controlla lettere e cifre.',
    stops: true,
  }
}

/** The form as the contract wants it; while something is missing, what it is. */
export function readDraft(
  draft: Draft,
  validUntil: IsoDate,
): { readonly input: CreateInput } | { readonly missing: string } {
  const { payer } = draft
  if (payer === null) return { missing: 'Scegli chi paga.' }
  if (payer.kind === 'new') {
    const missing = payerMissing(payer.person)
    if (missing !== null) return { missing }
  }
  const rows: CreateInput['rows'] = draft.ticked.map((debt) => ({ kind: 'outstanding', accertamentoId: debt.id }))
  for (const due of draft.dues) {
    if (isBlank(due)) continue
    if (due.serviceTypeId === null) return { missing: 'Scegli il tipo di dovuto.' }
    if (due.cents === null || due.cents <= 0) return { missing: `Manca l’importo di «${due.causale}».` }
    if (taxonomyError(due.taxonomyCode) !== null) return { missing: 'La tassonomia ha la forma 9/0401107TS/.' }
    const { serviceTypeId, cents, causale, competenceYear, taxonomyCode } = due
    rows.push({ kind: 'new', serviceTypeId, cents, causale, competenceYear, taxonomyCode })
  }
  if (rows.length === 0) return { missing: 'Scegli che cosa deve.' }
  const others: NonNullable<CreateInput['others']> = []
  for (const other of draft.others) {
    const iban = other.iban.replaceAll(/\s+/g, '').toUpperCase()
    const reading = readFiscalCode(other.fiscalCode)
    if (reading.state === 'wrong' || reading.kind !== 'G')
      return { missing: 'Manca il codice fiscale dell’altro ente: 11 cifre.' }
    if (!isIban(iban)) return { missing: 'Manca l’IBAN dell’altro ente.' }
    if (taxonomyError(other.taxonomyCode) !== null) return { missing: 'Manca la tassonomia dell’altro ente.' }
    if (other.causale.trim() === '') return { missing: 'Manca la causale dell’altro ente.' }
    if (other.cents === null || other.cents <= 0) return { missing: 'Manca l’importo dell’altro ente.' }
    const { fiscalCode, taxonomyCode, causale, cents } = other
    others.push({ fiscalCode, iban: iban as Iban, taxonomyCode, remittance: causale, cents })
  }
  const terms = readTerms(draft.plan, totalOf(draft), draft.dueDate)
  if ('missing' in terms) return terms
  return {
    input: {
      payer: payer.kind === 'known' ? { personId: payer.id } : { person: readPayer(payer.person) },
      ...{ rows, others, terms: terms.terms, validUntil },
      description: draft.description.trim() === '' ? proposedDescription(draft) : draft.description,
      externalReference: draft.externalReference.trim() === '' ? null : draft.externalReference,
    },
  }
}

/** How it is paid, for the contract; while the instalments cannot stand, why. */
export function readTerms(
  plan: PlanDraft,
  total: Cents,
  dueDate: IsoDate | null,
): { readonly terms: Terms } | { readonly missing: string } {
  if (plan.mode === 'single') return { terms: { single: { dueDate }, installments: null } }
  const lines = planLines(plan, total)
  const wrong = planProblem(lines, total)
  if (wrong !== null) return { missing: wrong }
  const installments = lines.flatMap(({ cents, dueDate: due }) =>
    cents === null || due === null ? [] : [{ cents, dueDate: due }],
  )
  return { terms: { single: plan.mode === 'both' ? { dueDate } : null, installments } }
}

function payerMissing(person: NewPayer): string | null {
  if (person.name.trim() === '') return 'Manca il nome di chi paga.'
  if (person.fiscalCode.trim() === '') return 'Manca il codice fiscale di chi paga.'
  if (payerCodeProblem(person.fiscalCode)?.stops) return 'Il codice fiscale di chi paga non ha la forma giusta.'
  if (emailError(person.email) !== null || emailError(person.pec) !== null)
    return 'Un indirizzo di posta di chi paga è incompleto.'
  return null
}

function readPayer(person: NewPayer) {
  const orNull = (text: string) => (text.trim() === '' ? null : text.trim())
  return {
    name: person.name.trim(),
    fiscalCode: person.fiscalCode.replaceAll(/\s+/g, '').toUpperCase(),
    category: person.category,
    email: orNull(person.email),
    pec: orNull(person.pec),
    street: orNull(person.street),
    civicNumber: orNull(person.civicNumber),
    postalCode: orNull(person.postalCode),
    city: orNull(person.city),
    province: orNull(person.province),
  }
}
