import { romeDate, romeDateTime } from '#domain/date'
import { cents, formatDecimal } from '#domain/money'
import type { PaidNotice } from './money.ts'
import { providerOf } from './provider-of.ts'

/** Ids under which the receipt was delivered. */
export interface ReceiptAddressee {
  readonly brokerCode: string
  readonly stationCode: string
}

/** The request paSendRTV2 that told of the payment (pagopa.md §6.2): what the service of receipts hands out. */
export function receiptXml(payment: PaidNotice, to: ReceiptAddressee): Uint8Array {
  const provider = providerOf(payment.psp)
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<pafn:paSendRTV2Request xmlns:pafn="http://pagopa-api.pagopa.gov.it/pa/paForNode.xsd">',
    text(1, 'idPA', payment.creditor),
    text(1, 'idBrokerPA', to.brokerCode),
    text(1, 'idStation', to.stationCode),
    '  <receipt>',
    text(2, 'receiptId', payment.iur),
    text(2, 'noticeNumber', payment.noticeNumber),
    text(2, 'fiscalCode', payment.creditor),
    text(2, 'outcome', payment.ok ? 'OK' : 'KO'),
    text(2, 'creditorReferenceId', payment.iuv),
    text(2, 'paymentAmount', euro(payment.cents)),
    text(2, 'description', payment.description),
    text(2, 'companyName', payment.companyName),
    '    <debtor>',
    '      <uniqueIdentifier>',
    text(4, 'entityUniqueIdentifierType', payment.debtor.kind),
    text(4, 'entityUniqueIdentifierValue', payment.debtor.fiscalCode),
    '      </uniqueIdentifier>',
    text(3, 'fullName', payment.debtor.name),
    ...(payment.debtor.email === undefined ? [] : [text(3, 'e-mail', payment.debtor.email)]),
    '    </debtor>',
    '    <transferList>',
    ...payment.transfers.flatMap((transfer) => [
      '      <transfer>',
      text(4, 'idTransfer', String(transfer.idTransfer)),
      text(4, 'transferAmount', euro(transfer.cents)),
      text(4, 'fiscalCodePA', transfer.fiscalCode),
      text(4, 'companyName', transfer.companyName),
      transfer.iban === null ? text(4, 'MBDAttachment', INVENTED_STAMP) : text(4, 'IBAN', transfer.iban),
      text(4, 'remittanceInformation', transfer.remittance),
      text(4, 'transferCategory', transfer.category),
      '      </transfer>',
    ]),
    '    </transferList>',
    text(2, 'idPSP', payment.psp),
    text(2, 'PSPCompanyName', provider.name),
    text(2, 'idChannel', `${payment.psp}_01`),
    text(2, 'channelDescription', 'app'),
    text(2, 'paymentMethod', payment.method),
    text(2, 'fee', euro(payment.feeCents)),
    text(2, 'paymentDateTime', romeDateTime(payment.at).replace(' ', 'T')),
    text(2, 'applicationDate', payment.day),
    text(2, 'transferDate', romeDate(payment.at)),
    text(2, 'standIn', String(payment.outcome === '4' || payment.outcome === '8')),
    '  </receipt>',
    '</pafn:paSendRTV2Request>',
    '',
  ]
  return new TextEncoder().encode(lines.join('\n'))
}

/** Base64 of bytes that are no stamp. */
const INVENTED_STAMP = Buffer.from('<marcaDaBollo>di prova</marcaDaBollo>').toString('base64')

function euro(value: number): string {
  return formatDecimal(cents(value))
}

function text(depth: number, name: string, value: string): string {
  const escaped = value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  return `${'  '.repeat(depth)}<${name}>${escaped}</${name}>`
}
