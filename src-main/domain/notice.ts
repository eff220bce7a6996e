import type { IsoDate } from './date.ts'
import { type Cents, cents } from './money.ts'
import { isNoticeNumber, type NoticeNumber } from './notice-number.ts'

/** The postal account of the institution: with one, the notice carries the «Bollettino Postale PA» (pagopa.md §3.1). */
export interface NoticePostalAccount {
  /** One to twelve digits. */
  readonly number: string
  /** «Intestato a», up to 50 characters. */
  readonly holder: string
  /** Poste's authorisation to print, «AUT. DB/… DEL …»; null where it has not been given yet. */
  readonly authorisation: string | null
}

/** What the institution says on all its notices; lengths as in pagopa.md §3.2. */
export interface NoticeCreditor {
  readonly fiscalCode: string
  /** Up to 100 characters. */
  readonly name: string
  readonly office: string | null
  /** Free line under the office, up to 100 characters. */
  readonly info: string | null
  readonly cbill: string | null
  /** Where the institution itself takes payments online: the sentence «sul sito o app dell'ente» depends on it. */
  readonly online: 'site' | 'app' | 'both' | null
  readonly postal: NoticePostalAccount | null
}

/** One amount that can be paid by itself: it has its own notice number, codes and slip. */
export interface NoticePayment {
  readonly noticeNumber: NoticeNumber
  readonly cents: Cents
  /** Null draws the variant without due date. */
  readonly dueDate: IsoDate | null
  /** Which instalment of its plan it is, from 1, where its place on the paper does not say so: others of the plan are paid. */
  readonly ordinal?: number
}

/**
 * One notice: a single payment, or instalments, or both (the payer chooses). Never neither, and instalments are at
 * least two, in their order. Names are printed as they are spelled.
 */
export interface NoticeData {
  readonly single: NoticePayment | null
  readonly installments: readonly NoticePayment[]
  /** Up to 140 characters; official notices stay within 90. */
  readonly subject: string
  readonly debtor: {
    readonly name: string
    /** Null only where it is unknown (a foreigner). */
    readonly fiscalCode: string | null
    /** As on an envelope, usually street and «CAP città (PR)»; up to 140 characters in all. */
    readonly addressLines: readonly string[]
  }
  /** This very notice left before: the paper says that it is a duplicate. */
  readonly duplicate?: boolean
}

/** All that can be paid with this notice: the single payment first, then the instalments. */
export function noticePayments(notice: NoticeData): readonly NoticePayment[] {
  return notice.single === null ? notice.installments : [notice.single, ...notice.installments]
}

/** The payment that gives the paper its number. @throws RangeError on a notice without payments. */
export function leadingPayment(notice: NoticeData): NoticePayment {
  const first = noticePayments(notice)[0]
  if (first === undefined) throw new RangeError('a notice without payments')
  return first
}

/** Text of the QR code: `PAGOPA|002|` notice number `|` creditor's fiscal code, 11 digits `|` whole cents. pagopa.md §2.1. */
export function noticeQrText(noticeNumber: NoticeNumber, creditorFiscalCode: string, amount: Cents): string {
  return `PAGOPA|002|${noticeNumber}|${creditorFiscalCode.padStart(11, '0')}|${amount}`
}

export interface NoticeQrReading {
  readonly noticeNumber: NoticeNumber
  readonly creditorFiscalCode: string
  readonly cents: Cents
}

/** Reads a notice's QR text as any generator writes it (amount of 1–12 digits, leading zeros allowed); null when it is not one. */
export function readNoticeQrText(text: string): NoticeQrReading | null {
  const match = /^PAGOPA\|002\|([0-9]{18})\|([0-9]{11})\|([0-9]{1,12})$/.exec(text.trim())
  if (!match) return null
  const [, noticeNumber, creditorFiscalCode, amount] = match as unknown as [string, string, string, string]
  if (!isNoticeNumber(noticeNumber)) return null
  return { noticeNumber, creditorFiscalCode, cents: cents(Number(amount)) }
}
