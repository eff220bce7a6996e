import { add, type Cents, cents, formatCents, parseDecimal, sum } from '#domain/money'
import { readNoticeNumber } from '#domain/notice-number'
import { type Problem, type ProblemPlace, problem } from '#domain/problem'
import type { Receipt, ReceiptFormat, ReceiptParty, ReceiptReading, ReceiptTransfer } from '#domain/receipt'
import { instantOfDateTime } from './iso-date-time.ts'
import type { ByteSource } from './refusal.ts'
import { type XmlElement as Element, readXmlTree } from './xml-element.ts'

const LIMITS = { bytes: 16 * 1_048_576, depth: 64, text: 8 * 1_048_576 }
const ROOTS: Readonly<Record<string, ReceiptFormat>> = {
  RT: 'RT_6_2',
  paSendRTReq: 'PA_SEND_RT_V1',
  paSendRTRequest: 'PA_SEND_RT_V1',
  paSendRTV2Request: 'PA_SEND_RT_V2',
}

/** Reads an RT 6.2, or a paSendRT request v1 or v2, also inside its SOAP envelope (pagopa.md §6). */
export async function readReceipt(source: ByteSource, signal?: AbortSignal): Promise<ReceiptReading> {
  const tree = await readXmlTree(source, LIMITS, undefined, signal)
  if (!tree.ok) return { receipt: null, problems: [tree.error] }
  const document = unwrap(tree.value)
  const format = ROOTS[document.name]
  if (format === undefined) {
    return { receipt: null, problems: [problem('RECEIPT_ROOT', { root: document.name }, at(document))] }
  }
  const reader = new ReceiptReader()
  const receipt = format === 'RT_6_2' ? reader.rt(document) : reader.paSendRt(document, format)
  return { receipt, problems: reader.problems }
}

class ReceiptReader {
  readonly problems: Problem[] = []

  paSendRt(document: Element, format: ReceiptFormat): Receipt {
    const receipt = child(document, 'receipt') ?? document
    const outcome = this.#required(receipt, 'outcome', 'l’esito')
    if (outcome && outcome.text !== 'OK' && outcome.text !== 'KO') this.#wrong(outcome, 'L’esito', 'OK oppure KO')
    const notice = this.#required(receipt, 'noticeNumber', 'il numero avviso')
    if (notice && !/^[0-9]{18}$/.test(notice.text)) this.#wrong(notice, 'Il numero avviso', '18 cifre')
    else if (notice && !readNoticeNumber(notice.text).valid)
      this.#wrong(notice, 'Il numero avviso', 'cifre di controllo giuste')
    const amountCents = this.#amount(receipt, 'paymentAmount', 'l’importo pagato')
    const list = child(receipt, 'transferList')
    const transfers = (list?.children ?? []).filter((e) => e.name === 'transfer').map((t) => this.#transfer(t))
    const good = transfers.filter((t) => t !== null)
    if (list && transfers.length > 0) this.#checkIndexes(list, good)
    if (transfers.length === 0) this.#missing(receipt, 'i versamenti (transferList)')
    else if (good.length === transfers.length) this.#checkTotal(receipt, amountCents, good)
    const paid = child(receipt, 'paymentDateTime') ?? child(receipt, 'applicationDate')
    if (paid && !isDateOrDateTime(paid.text))
      this.#wrong(paid, 'La data di pagamento', 'una data e ora come 2026-03-02T10:15:30')
    return {
      format,
      iuv: this.#required(receipt, 'creditorReferenceId', 'lo IUV (creditorReferenceId)')?.text ?? null,
      iur: this.#required(receipt, 'receiptId', 'l’identificativo della ricevuta (receiptId)')?.text ?? null,
      noticeNumber: notice?.text ?? null,
      ok: outcome?.text === 'OK',
      outcome: outcome?.text ?? null,
      amountCents,
      paidAt: paid?.text || null,
      creditorFiscalCode: this.#required(receipt, 'fiscalCode', 'il codice fiscale dell’ente')?.text ?? null,
      description: textOf(receipt, 'description'),
      pspName: textOf(receipt, 'PSPCompanyName'),
      pspId: textOf(receipt, 'idPSP'),
      debtor: partyOf(child(receipt, 'debtor')),
      payer: partyOf(child(receipt, 'payer')),
      paymentMethod: textOf(receipt, 'paymentMethod'),
      feeCents: child(receipt, 'fee') ? this.#amount(receipt, 'fee', 'la commissione') : null,
      transfers: good,
    }
  }

  rt(document: Element): Receipt {
    const payment = this.#required(document, 'datiPagamento', 'il gruppo datiPagamento')
    const outcome = payment ? this.#required(payment, 'codiceEsitoPagamento', 'l’esito') : null
    if (outcome && !/^[0-4]$/.test(outcome.text)) this.#wrong(outcome, 'L’esito', 'una cifra da 0 a 4')
    const amountCents = payment ? this.#amount(payment, 'importoTotalePagato', 'l’importo pagato') : null
    const creditor = textOf(child(document, 'dominio') ?? document, 'identificativoDominio')
    if (creditor === null) this.#missing(document, 'il codice fiscale dell’ente (identificativoDominio)')
    const items = (payment?.children ?? []).filter((e) => e.name === 'datiSingoloPagamento')
    const transfers = items.map((item, i) => this.#item(item, i + 1, creditor ?? ''))
    const good = transfers.filter((t) => t !== null)
    const paidOutcome = outcome?.text === '0' || outcome?.text === '2'
    if (payment && paidOutcome && items.length === 0)
      this.#missing(payment, 'i singoli pagamenti (datiSingoloPagamento)')
    if (payment && items.length > 0 && good.length === items.length) this.#checkTotal(payment, amountCents, good)
    const first = items[0]
    for (const day of items.map((item) => child(item, 'dataEsitoSingoloPagamento'))) {
      if (day && !isDateOrDateTime(day.text)) this.#wrong(day, 'La data dell’esito', 'un giorno come 2026-03-02')
    }
    const fees = items.map((item) => parseDecimal(textOf(item, 'commissioniApplicatePSP') ?? '')).filter((f) => f.ok)
    const issuer = child(document, 'istitutoAttestante')
    return {
      format: 'RT_6_2',
      iuv: payment ? (this.#required(payment, 'identificativoUnivocoVersamento', 'lo IUV')?.text ?? null) : null,
      iur: first ? textOf(first, 'identificativoUnivocoRiscossione') : null,
      noticeNumber: null,
      ok: outcome?.text === '0',
      outcome: outcome?.text ?? null,
      amountCents,
      paidAt: (first && textOf(first, 'dataEsitoSingoloPagamento')) ?? textOf(document, 'dataOraMessaggioRicevuta'),
      creditorFiscalCode: creditor,
      description: first ? textOf(first, 'causaleVersamento') : null,
      pspName: issuer ? textOf(issuer, 'denominazioneAttestante') : null,
      pspId: issuer
        ? textOf(child(issuer, 'identificativoUnivocoAttestante') ?? issuer, 'codiceIdentificativoUnivoco')
        : null,
      debtor: subjectOf(child(document, 'soggettoPagatore'), 'Pagatore'),
      payer: subjectOf(child(document, 'soggettoVersante'), 'Versante'),
      paymentMethod: null,
      feeCents: fees.length > 0 ? fees.reduce<Cents>((a, f) => add(a, f.value), cents(0)) : null,
      transfers: good,
    }
  }

  #transfer(element: Element): ReceiptTransfer | null {
    const index = this.#required(element, 'idTransfer', 'l’indice del versamento (idTransfer)')
    if (index && !/^[1-5]$/.test(index.text)) this.#wrong(index, 'L’indice del versamento', 'un numero da 1 a 5')
    const amountCents = this.#amount(element, 'transferAmount', 'l’importo del versamento')
    const receiver = this.#required(element, 'fiscalCodePA', 'il codice fiscale del beneficiario (fiscalCodePA)')
    if (!index || !receiver || amountCents === null) return null
    return {
      index: Number(index.text),
      receiverFiscalCode: receiver.text,
      amountCents,
      iban: textOf(element, 'IBAN'),
      stamp: child(element, 'MBDAttachment') !== null,
      remittance: textOf(element, 'remittanceInformation'),
      category: textOf(element, 'transferCategory'),
    }
  }

  #item(element: Element, index: number, receiver: string): ReceiptTransfer | null {
    const amountCents = this.#amount(element, 'singoloImportoPagato', 'l’importo del pagamento')
    this.#required(element, 'identificativoUnivocoRiscossione', 'lo IUR')
    if (amountCents === null) return null
    const attachment = child(element, 'allegatoRicevuta')
    return {
      index,
      receiverFiscalCode: receiver,
      amountCents,
      iban: null,
      stamp: attachment !== null && textOf(attachment, 'tipoAllegatoRicevuta') === 'BD',
      remittance: textOf(element, 'causaleVersamento'),
      category: textOf(element, 'datiSpecificiRiscossione'),
    }
  }

  /** Two transfers of one index could not be told apart in a reporting flow. */
  #checkIndexes(list: Element, transfers: readonly ReceiptTransfer[]): void {
    const repeated = transfers.find((t, i) => transfers.some((other, j) => j < i && other.index === t.index))
    if (!repeated) return
    const second = list.children.filter((e) => e.textAt('idTransfer') === String(repeated.index))[1]
    this.#wrong(second?.child('idTransfer') ?? list, 'L’indice del versamento', 'un indice per ogni versamento')
  }

  #checkTotal(element: Element, declared: Cents | null, transfers: readonly ReceiptTransfer[]): void {
    const found = sum(transfers.map((t) => t.amountCents))
    if (declared === null || declared === found) return
    const params = { declared: formatCents(declared), found: formatCents(found) }
    this.problems.push(problem('RECEIPT_TOTAL_DIFFERS', params, at(element)))
  }

  #required(parent: Element, name: string, label: string): Element | null {
    const found = child(parent, name)
    if (found && (found.text !== '' || found.children.length > 0)) return found
    this.#missing(parent, label, name)
    return null
  }

  #missing(parent: Element, label: string, name?: string): void {
    const path = name === undefined ? parent.path : `${parent.path}/${name}`
    const place: ProblemPlace = { position: { line: parent.line, path } }
    this.problems.push(problem('RECEIPT_FIELD_MISSING', { field: label }, place))
  }

  #wrong(element: Element, field: string, expected: string): void {
    const place = { ...at(element), excerpt: element.text }
    this.problems.push(problem('RECEIPT_FIELD_WRONG', { field, value: element.text, expected }, place))
  }

  #amount(parent: Element, name: string, label: string): Cents | null {
    const element = this.#required(parent, name, label)
    if (!element) return null
    const amount = parseDecimal(element.text)
    if (amount.ok && amount.value >= 0) return amount.value
    this.#wrong(element, label.charAt(0).toUpperCase() + label.slice(1), 'un importo come 1234.56')
    return null
  }
}

/** SOAP envelope and body are peeled off. */
function unwrap(root: Element): Element {
  if (root.name !== 'Envelope') return root
  return child(root, 'Body')?.children[0] ?? root
}

function child(element: Element, name: string): Element | null {
  return element.child(name)
}

function textOf(element: Element, name: string): string | null {
  return element.textAt(name)
}

function partyOf(element: Element | null): ReceiptParty | null {
  if (!element) return null
  const id = child(element, 'uniqueIdentifier')
  return {
    kind: kindOf(id && textOf(id, 'entityUniqueIdentifierType')),
    identifier: (id && textOf(id, 'entityUniqueIdentifierValue')) ?? '',
    name: textOf(element, 'fullName') ?? '',
    email: textOf(element, 'e-mail'),
  }
}

function subjectOf(element: Element | null, suffix: 'Pagatore' | 'Versante'): ReceiptParty | null {
  if (!element) return null
  const id = child(element, `identificativoUnivoco${suffix}`)
  return {
    kind: kindOf(id && textOf(id, 'tipoIdentificativoUnivoco')),
    identifier: (id && textOf(id, 'codiceIdentificativoUnivoco')) ?? '',
    name: textOf(element, `anagrafica${suffix}`) ?? '',
    email: textOf(element, `e-mail${suffix}`),
  }
}

function kindOf(text: string | null): 'F' | 'G' | null {
  return text === 'F' || text === 'G' ? text : null
}

function isDateOrDateTime(text: string): boolean {
  return instantOfDateTime(text.includes('T') ? text : `${text.slice(0, 10)}T00:00:00${text.slice(10)}`) !== null
}

function at(element: Element): ProblemPlace {
  return element.place()
}
