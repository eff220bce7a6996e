import { formatDate, type IsoDate } from './date.ts'
import { birthOf } from './fiscal-code.ts'
import { fitsName } from './fiscal-code-name.ts'
import { isCertifiedMail, isOrdinaryMail } from './mail-provider.ts'
import { type Cents, formatCents } from './money.ts'
import { fitsProvince, isProvince } from './postal-code.ts'
import { type Problem, problem } from './problem.ts'
import type { RegisterField } from './register-field.ts'
import type { RegisterPerson, RegisterRow } from './register-row.ts'

/** A doubt and the field of the row that it is about; its place is up to the caller. Doubts never keep a row out. */
export interface RegisterDoubt {
  readonly field: RegisterField
  readonly excerpt: string
  readonly problem: Problem
}

/** A quota of earlier years than these may be prescribed (art. 2948 c.c.). */
const FAR_YEARS = 5
/** More times the usual amount than any surcharge: the decimal comma is lost. */
const UNLIKELY_TIMES = 100

/** What looks wrong in what a row says of a person, although it can be read. */
export function personDoubts(row: RegisterPerson): RegisterDoubt[] {
  const doubts: RegisterDoubt[] = []
  const { fiscalCode, name, address, email, pec, phone } = row
  const note = (field: RegisterField, excerpt: string, found: Problem) =>
    doubts.push({ field, excerpt, problem: { ...found, severity: 'warning' } })
  if (fiscalCode.length === 16) {
    if (birthOf(fiscalCode) === null)
      note('fiscalCode', fiscalCode, problem('FISCAL_CODE_BIRTH', { value: fiscalCode }))
    if (fitsName(fiscalCode, name) === false) {
      note('fiscalCode', fiscalCode, problem('FISCAL_CODE_NAME', { value: fiscalCode, name }))
    }
  }
  if (address?.country === 'IT' && address.province !== null && isProvince(address.province)) {
    const { postalCode, province } = address
    if (!fitsProvince(postalCode, province)) {
      note('postalCode', postalCode, problem('POSTAL_CODE_PROVINCE', { value: postalCode, province }))
    }
  }
  if (pec !== null && isOrdinaryMail(pec)) note('pec', pec, problem('PEC_ORDINARY', { value: pec }))
  if (email !== null && isCertifiedMail(email)) note('email', email, problem('EMAIL_CERTIFIED', { value: email }))
  if (phone !== null && !isLikelyPhone(phone)) note('phone', phone, problem('PHONE_UNLIKELY', { value: phone }))
  return doubts
}

/** What looks wrong in a quota: `current` is the exercise in which today's work enters, `usual` what the service costs. */
export function dueDoubts(
  row: RegisterRow,
  about: { readonly today: IsoDate; readonly current: number; readonly usual: Cents | null },
): RegisterDoubt[] {
  const doubts: RegisterDoubt[] = []
  const { amountCents, competenceYear, dueDate, service } = row
  const note = (field: RegisterField, excerpt: string, found: Problem) =>
    doubts.push({ field, excerpt, problem: { ...found, severity: 'warning' } })
  if (about.usual !== null && about.usual > 0 && amountCents > about.usual * UNLIKELY_TIMES) {
    const value = formatCents(amountCents)
    note('amount', value, problem('AMOUNT_UNLIKELY', { value, usual: formatCents(about.usual), service }))
  }
  if (dueDate !== null && dueDate < about.today) {
    const value = formatDate(dueDate)
    note('dueDate', value, problem('DUE_DATE_PAST', { value }))
  }
  if (competenceYear < about.current - FAR_YEARS) {
    const value = String(competenceYear)
    note('competenceYear', value, problem('YEAR_FAR', { value, current: about.current }))
  }
  return doubts
}

/** Digits with the signs that people put between them, five at least: short internal numbers are no telephone. */
function isLikelyPhone(text: string): boolean {
  const digits = text.replaceAll(/\D/g, '').length
  return /^\+?[\d\s()./-]+$/.test(text) && digits >= 5 && digits <= 15
}
