/** A receipt as paSendRT v2 sends it; amounts in cents. */
export interface WritableReceipt {
  readonly iuv: string
  readonly iur?: string
  readonly cents: number
  readonly ok?: boolean
  readonly paidAt?: string
  readonly creditor: string
  /** Who owes; an invented person when absent. */
  readonly debtor?: { readonly name: string; readonly fiscalCode: string | null }
  readonly psp?: string
  readonly pspCode?: string
  /** Fiscal code and cents of each transfer; one of the creditor's for the whole when absent. */
  readonly transfers?: readonly (readonly [fiscalCode: string, cents: number])[]
}

export function paSendRt(r: WritableReceipt, version: 1 | 2 = 2): string {
  const euro = (cents: number) => (cents / 100).toFixed(2)
  const root = version === 2 ? 'paSendRTV2Request' : 'paSendRTReq'
  const transfers = (r.transfers ?? [[r.creditor, r.cents]]).map(
    ([code, cents], i) =>
      `<transfer><idTransfer>${i + 1}</idTransfer><transferAmount>${euro(cents)}</transferAmount><fiscalCodePA>${code}</fiscalCodePA></transfer>`,
  )
  return `<pfn:${root} xmlns:pfn="http://pagopa-api.pagopa.gov.it/pa/paForNode.xsd"><idPA>${r.creditor}</idPA><receipt>
<receiptId>${r.iur ?? `IUR${r.iuv}`}</receiptId><noticeNumber>3${r.iuv}</noticeNumber><fiscalCode>${r.creditor}</fiscalCode>
<outcome>${r.ok === false ? 'KO' : 'OK'}</outcome><creditorReferenceId>${r.iuv}</creditorReferenceId><paymentAmount>${euro(r.cents)}</paymentAmount>
<debtor><uniqueIdentifier><entityUniqueIdentifierType>F</entityUniqueIdentifierType><entityUniqueIdentifierValue>${r.debtor?.fiscalCode ?? 'RSSMRA85T10A562S'}</entityUniqueIdentifierValue></uniqueIdentifier><fullName>${r.debtor?.name.replaceAll('&', '&amp;') ?? 'Rossi Mario'}</fullName></debtor>
<transferList>${transfers.join('')}</transferList><idPSP>${r.pspCode ?? 'AAAAITM1'}</idPSP><PSPCompanyName>${r.psp ?? 'PSP Alfa'}</PSPCompanyName>
<paymentDateTime>${r.paidAt ?? '2026-03-02T10:15:30'}</paymentDateTime></receipt></pfn:${root}>`
}

/** The same as RT 6.2. */
export function rt62(r: WritableReceipt): string {
  const euro = (cents: number) => (cents / 100).toFixed(2)
  const paid = r.ok !== false
  return `<RT xmlns="http://www.digitpa.gov.it/schemas/2011/Pagamenti/"><versioneOggetto>6.2</versioneOggetto>
<dominio><identificativoDominio>${r.creditor}</identificativoDominio></dominio><dataOraMessaggioRicevuta>2026-03-02T10:20:00</dataOraMessaggioRicevuta>
<soggettoPagatore><identificativoUnivocoPagatore><tipoIdentificativoUnivoco>F</tipoIdentificativoUnivoco><codiceIdentificativoUnivoco>RSSMRA85T10A562S</codiceIdentificativoUnivoco></identificativoUnivocoPagatore><anagraficaPagatore>Rossi Mario</anagraficaPagatore></soggettoPagatore>
<datiPagamento><codiceEsitoPagamento>${paid ? 0 : 1}</codiceEsitoPagamento><importoTotalePagato>${euro(paid ? r.cents : 0)}</importoTotalePagato>
<identificativoUnivocoVersamento>${r.iuv}</identificativoUnivocoVersamento><CodiceContestoPagamento>n/a</CodiceContestoPagamento>
${paid ? `<datiSingoloPagamento><singoloImportoPagato>${euro(r.cents)}</singoloImportoPagato><dataEsitoSingoloPagamento>${(r.paidAt ?? '2026-03-02').slice(0, 10)}</dataEsitoSingoloPagamento><identificativoUnivocoRiscossione>${r.iur ?? `IUR${r.iuv}`}</identificativoUnivocoRiscossione></datiSingoloPagamento>` : ''}
</datiPagamento></RT>`
}
