import type { PostalAddress } from './address-lines.ts'
import { endOfDayInRome, formatDate, type Instant, type IsoDate, romeDate } from './date.ts'
import type { FiscalCode } from './fiscal-code.ts'
import type { GpdBody, GpdDebtor, GpdInstallment, GpdOption, GpdTransfer } from './gpd.ts'
import type { Iban } from './iban.ts'
import type { Cents } from './money.ts'
import { plainLetters } from './plain-capitals.ts'

/** A version of a position as the books hold it, with what GPD asks besides. */
export interface GpdFacts {
  readonly iupd: string
  /** Last day on which it can be paid. */
  readonly validUntil: IsoDate
  readonly debtor: {
    readonly kind: 'F' | 'G'
    /** Of a company without one, its VAT number. */
    readonly fiscalCode: string | null
    readonly name: string
    readonly email: string | null
    readonly address: PostalAddress | null
  }
  readonly single: GpdPaymentFacts | null
  /** In their order; empty where it is paid at once only. */
  readonly installments: readonly GpdPaymentFacts[]
}

export interface GpdPaymentFacts {
  readonly iuv: string
  readonly noticeNumber: string | null
  readonly cents: Cents
  /** Null: whenever, until the position is over. */
  readonly dueDate: IsoDate | null
  readonly description: string
  /** Nobody has paid it: what is paid already, here or outside, is not asked for again. */
  readonly open: boolean
  readonly transfers: readonly GpdTransferFacts[]
}

export interface GpdTransferFacts {
  readonly idTransfer: number
  readonly cents: Cents
  readonly own: boolean
  readonly fiscalCode: FiscalCode
  readonly iban: Iban | null
  readonly taxonomyCode: string
  readonly remittance: string
  /** A digital stamp; its document is null where nobody gave one. */
  readonly stamp: { readonly document: StampedDocument | null } | null
}

export interface StampedDocument {
  /** SHA-256, base64. */
  readonly hash: string
  /** Two letters. */
  readonly province: string
}

export interface GpdInstitution {
  readonly name: string
  readonly office: string | null
  /** Of the account on the postal slip that goes with the notices; null where there is no slip. */
  readonly postalIban: Iban | null
}

export type GpdReading =
  | {
      readonly kind: 'ok'
      readonly body: GpdBody
      /** What of the books is not sent since the node has no room for it, in Italian. */
      readonly left: readonly string[]
    }
  /** In Italian, what to mend first. */
  | { readonly kind: 'unpublishable'; readonly reasons: readonly string[] }

/** Whom GPD cannot name: the word that pagoPA takes for a debtor without a fiscal code. */
const NOBODY = 'ANONIMO'
/** Lengths of paForNode (pagopa.md §6.2): GPD takes more, and then no payer's bank could read the notice. */
const MOST = { name: 70, text: 140, street: 70, civicNumber: 16, postalCode: 16, city: 35, province: 35, email: 256 }
const MOST_CENTS = 99_999_999_999
const MOST_TRANSFERS = 5
const MOST_INSTALLMENTS = 100

/**
 * What GPD is sent for a version (pagopa.md §7.1, 7.3). One payment goes by v1; where there are instalments v3 takes them as one
 * option, and the single payment as another. A due date ends with its day in Italy; one that has passed gives way to the last
 * day of the position, since GPD creates nothing that is overdue.
 */
export function gpdBodyOf(
  facts: GpdFacts,
  institution: GpdInstitution,
  { now }: { readonly now: Instant },
): GpdReading {
  const reasons: string[] = []
  const left: string[] = []
  const partlyPaid = facts.installments.some((one) => !one.open)
  // Whoever has paid an instalment does not pay the whole any more.
  const single = facts.single?.open === true && !partlyPaid ? facts.single : null
  const installments = facts.single?.open === false ? [] : facts.installments.filter((one) => one.open)
  const payments = [...(single === null ? [] : [single]), ...installments]
  if (payments.length === 0) reasons.push('Non c’è più niente da pagare.')
  if (endOfDayInRome(facts.validUntil) <= now) {
    reasons.push(`Non si può più pagare: valeva fino al ${formatDate(facts.validUntil)}. Dai una nuova validità.`)
  }
  if (!/^[\w*-]{1,100}$/.test(facts.iupd))
    reasons.push(`L’identificativo «${facts.iupd}» ha segni che il nodo non prende.`)
  if (installments.length > MOST_INSTALLMENTS) {
    reasons.push(`Le rate sono ${installments.length}, il nodo ne prende ${MOST_INSTALLMENTS}.`)
  }
  for (const payment of payments) checkPayment(payment, reasons)
  const debtor = debtorOf(facts.debtor, reasons, left)
  const companyName = spaced(institution.name)
  if (companyName === '' || companyName.length > MOST.text)
    reasons.push('Il nome dell’ente manca o è più lungo di 140 caratteri.')
  const office = spaced(institution.office ?? '')
  if (office.length > MOST.text) left.push('l’ufficio (più di 140 caratteri)')
  const of = {
    iupd: facts.iupd,
    payStandIn: true,
    companyName,
    ...(office === '' || office.length > MOST.text ? {} : { officeName: office }),
  }
  if (reasons.length > 0) return { kind: 'unpublishable', reasons: [...new Set(reasons)] }
  const send = (payment: GpdPaymentFacts) => installmentOf(payment, facts, institution, now)
  const retentionDate = endOfDayInRome(facts.validUntil)
  const ends = (sent: readonly GpdInstallment[]) => sent.every((one) => one.dueDate === retentionDate)
  if (facts.installments.length === 0 && single !== null) {
    const sent = send(single)
    const option: GpdOption = { ...sent, isPartialPayment: false, retentionDate }
    const position = { ...of, ...debtor, switchToExpired: ends([sent]), paymentOption: [option] }
    return { kind: 'ok', body: { api: 'v1', position }, left }
  }
  const options = [...(single === null ? [] : [[single]]), ...(installments.length === 0 ? [] : [installments])]
  const paymentOption = options.map((option, i) => {
    const sent = option.map(send)
    const description =
      i === 0 && single !== null ? (sent[0] as GpdInstallment).description : `Pagamento in ${sent.length} rate`
    return { description, retentionDate, switchToExpired: ends(sent), debtor, installments: sent }
  })
  return { kind: 'ok', body: { api: 'v3', position: { ...of, paymentOption } }, left }
}

/** The last moment at which the node is told that a payment may be made. */
function dueDateSent(dueDate: IsoDate | null, validUntil: IsoDate, now: Instant): Instant {
  const due = endOfDayInRome(dueDate ?? validUntil)
  return due > now && romeDate(due) <= validUntil ? due : endOfDayInRome(validUntil)
}

function installmentOf(
  payment: GpdPaymentFacts,
  { validUntil }: GpdFacts,
  institution: GpdInstitution,
  now: Instant,
): GpdInstallment {
  const postal = payment.transfers.every((one) => one.own && one.stamp === null) ? institution.postalIban : null
  return {
    nav: payment.noticeNumber as string,
    iuv: payment.iuv,
    amount: payment.cents,
    description: spaced(payment.description),
    dueDate: dueDateSent(payment.dueDate, validUntil, now),
    transfer: payment.transfers.map((one) => transferOf(one, institution, postal)),
  }
}

function transferOf(transfer: GpdTransferFacts, { name }: GpdInstitution, postalIban: Iban | null): GpdTransfer {
  const { stamp } = transfer
  const document = stamp?.document ?? null
  return {
    idTransfer: String(transfer.idTransfer) as GpdTransfer['idTransfer'],
    amount: transfer.cents,
    organizationFiscalCode: transfer.fiscalCode,
    remittanceInformation: plainLetters(transfer.remittance),
    category: transfer.taxonomyCode,
    ...(transfer.own ? { companyName: spaced(name) } : {}),
    ...(document === null
      ? { iban: transfer.iban as Iban, ...(postalIban === null ? {} : { postalIban }) }
      : { stamp: { hashDocument: document.hash, stampType: '01', provincialResidence: document.province } }),
  }
}

function checkPayment(payment: GpdPaymentFacts, reasons: string[]): void {
  const { noticeNumber, iuv, cents, transfers } = payment
  const which = noticeNumber ?? iuv
  const say = (text: string) => reasons.push(`Avviso ${which}: ${text}`)
  if (noticeNumber === null || !/^\d{18}$/.test(noticeNumber)) say('manca il codice avviso di 18 cifre.')
  if (cents < 1) say('l’importo è zero.')
  if (cents > MOST_CENTS) say('l’importo supera 999.999.999,99 euro.')
  const description = spaced(payment.description)
  if (description === '' || description.length > MOST.text) {
    say(`la descrizione ${description === '' ? 'manca' : `è di ${description.length} caratteri, ne stanno 140`}.`)
  }
  if (transfers.length === 0 || transfers.length > MOST_TRANSFERS) {
    say(`è diviso in ${transfers.length} versamenti, il nodo ne prende da 1 a 5: dividi la posizione.`)
  }
  if (new Set(transfers.map((one) => one.idTransfer)).size < transfers.length)
    say('due versamenti hanno lo stesso numero.')
  if (transfers.reduce((sum, one) => sum + one.cents, 0) !== cents) say('la somma dei versamenti non è l’importo.')
  for (const one of transfers) checkTransfer(one, say)
}

function checkTransfer(transfer: GpdTransferFacts, say: (text: string) => void): void {
  const { idTransfer, cents, iban, stamp, remittance, taxonomyCode } = transfer
  const nth = `il versamento ${idTransfer}`
  if (idTransfer < 1 || idTransfer > MOST_TRANSFERS) say(`${nth} ha un numero che non può avere.`)
  if (cents < 1) say(`${nth} è di zero euro.`)
  if (stamp !== null) {
    const { document } = stamp
    if (document === null || !/^.{4,72}$/.test(document.hash) || !/^[A-Z]{2}$/.test(document.province)) {
      say('contiene una marca da bollo senza il suo documento e la provincia: il nodo non la prende.')
    }
  } else if (iban === null) say(`${nth} non ha un IBAN: dallo al conto del tipo di dovuto.`)
  if (taxonomyCode.trim() === '' || taxonomyCode.length > MOST.text) say(`${nth} non ha un codice tassonomico.`)
  const plain = plainLetters(remittance)
  if (plain === '') say(`${nth} non ha una causale.`)
  if (plain.length > MOST.text)
    say(`la causale del versamento ${idTransfer} è di ${plain.length} caratteri, ne stanno 140.`)
}

/** What fits; the parts of an address that do not are left out and told. */
function debtorOf(debtor: GpdFacts['debtor'], reasons: string[], left: string[]): GpdDebtor {
  const fullName = spaced(debtor.name)
  if (fullName === '') reasons.push('Manca il nome del debitore.')
  if (fullName.length > MOST.name) {
    reasons.push(
      `Il nome del debitore è di ${fullName.length} caratteri, ne stanno ${MOST.name}: abbrevialo nell’anagrafica.`,
    )
  }
  const fiscalCode = (debtor.fiscalCode ?? '').trim().toUpperCase()
  if (fiscalCode !== '' && !/^[A-Z0-9]{2,16}$/.test(fiscalCode))
    reasons.push(`Il codice fiscale «${fiscalCode}» non si può mandare.`)
  const { address } = debtor
  const parts = {
    streetName: part('la via', address?.street, MOST.street, left),
    civicNumber: part('il numero civico', address?.civicNumber, MOST.civicNumber, left),
    postalCode: part('il CAP', address?.postalCode, MOST.postalCode, left),
    city: part('il comune', address?.city, MOST.city, left),
    province: part('la provincia', address?.province, MOST.province, left),
    email: part('l’e-mail', debtor.email, MOST.email, left),
  }
  const country = address === null || parts.city === undefined ? undefined : (address.country ?? 'IT')
  return {
    type: debtor.kind,
    fiscalCode: fiscalCode === '' ? NOBODY : fiscalCode,
    fullName,
    ...Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined)),
    ...(country !== undefined && /^[A-Z]{2}$/.test(country) ? { country } : {}),
  }
}

function part(what: string, text: string | null | undefined, most: number, left: string[]): string | undefined {
  const kept = spaced(text ?? '')
  if (kept === '') return undefined
  if (kept.length <= most) return kept
  left.push(`${what} (più di ${most} caratteri)`)
  return undefined
}

/** No line breaks nor invisible signs, no blanks at the ends or together. */
function spaced(text: string): string {
  return text.replace(/[\p{C}\s]+/gu, ' ').trim()
}
