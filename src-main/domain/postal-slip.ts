import { type Cents, cents, formatCents } from './money.ts'
import type { NoticeCreditor, NoticeData, NoticePayment, NoticePostalAccount } from './notice.ts'
import { plainCapitals } from './plain-capitals.ts'
import { type Problem, ProblemError, problem } from './problem.ts'

/** The text of a slip's Data Matrix, always. */
export const POSTAL_SLIP_LENGTH = 256

/** Ten digits of cents: 99.999.999,99 euro. */
const MOST_CENTS = 9_999_999_999

/** What the «Bollettino Postale PA» of a payment cannot say; empty when it can be printed. */
export function postalSlipProblems(
  payment: NoticePayment,
  postal: NoticePostalAccount,
  person: string,
): readonly Problem[] {
  const found: Problem[] = []
  if (!/^[0-9]{1,12}$/.test(postal.number)) found.push(problem('SLIP_ACCOUNT_WRONG', { account: postal.number }))
  if (payment.cents < 1 || payment.cents > MOST_CENTS)
    found.push(problem('SLIP_AMOUNT_RANGE', { amount: formatCents(payment.cents), person }))
  return found
}

/**
 * Text of the Data Matrix on the «Bollettino Postale PA», document type 896 (pagopa.md §2.2): exactly 256 characters,
 * each field at its place. Name and subject are cut to their 40 and 110, in plain capitals.
 * @throws ProblemError with `postalSlipProblems`; RangeError on fiscal codes or a notice number of impossible length.
 */
export function postalSlipText(
  payment: NoticePayment,
  creditor: NoticeCreditor & { readonly postal: NoticePostalAccount },
  debtor: Pick<NoticeData['debtor'], 'name' | 'fiscalCode'>,
  subject: string,
): string {
  const problems = postalSlipProblems(payment, creditor.postal, debtor.name)
  if (problems.length > 0) throw new ProblemError(...problems)
  return [
    'codfase=NBPA;',
    '18',
    exactly(payment.noticeNumber, 18),
    '12',
    creditor.postal.number.padStart(12, '0'),
    '10',
    String(payment.cents).padStart(10, '0'),
    '3',
    '896',
    '1P1',
    exactly(creditor.fiscalCode.padStart(11, '0'), 11),
    exactly(plainCapitals(debtor.fiscalCode ?? '').padEnd(16), 16),
    plainCapitals(debtor.name).slice(0, 40).padEnd(40),
    plainCapitals(subject).slice(0, 110).padEnd(110),
    ' '.repeat(12),
    'A',
  ].join('')
}

function exactly(text: string, length: number): string {
  if (text.length !== length) throw new RangeError(`«${text}» instead of ${length} characters on a postal slip`)
  return text
}

export interface PostalSlipReading {
  /** Eighteen digits, whatever their check says: pagoPA's own samples have a wrong one. */
  readonly noticeNumber: string
  /** Twelve digits. */
  readonly account: string
  readonly cents: Cents
  readonly creditorFiscalCode: string
  /** These three only as far as the text goes: printed slips of other generators shift them. */
  readonly debtorFiscalCode: string | null
  readonly debtorName: string
  readonly subject: string
}

const HEAD = /^codfase=NBPA;18([0-9]{18})12([0-9]{12})10([0-9]{10})38961P1([0-9A-Z]{11})/

/** Reads a slip's text, trusting the first 77 characters only (published ones vary after them); null when it is not one. */
export function readPostalSlipText(text: string): PostalSlipReading | null {
  const match = HEAD.exec(text)
  if (!match) return null
  const [, noticeNumber, account, amount, creditorFiscalCode] = match as unknown as [
    string,
    string,
    string,
    string,
    string,
  ]
  const fiscalCode = text.slice(77, 93).trim()
  return {
    noticeNumber,
    account,
    cents: cents(Number(amount)),
    creditorFiscalCode,
    debtorFiscalCode: fiscalCode === '' ? null : fiscalCode,
    debtorName: text.slice(93, 133).trim(),
    subject: text.slice(133, 243).trim(),
  }
}
