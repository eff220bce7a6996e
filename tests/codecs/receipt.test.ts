import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { inspectFile } from '#codecs/inspect'
import { readReceipt } from '#codecs/receipt-xml'
import { specsDir } from '../specs.ts'

const specs = specsDir()
if (specs === null) console.log('receipt.test: no specifications folder here, sample skipped')

const RT = `<?xml version="1.0" encoding="UTF-8"?>
<pay_i:RT xmlns:pay_i="http://www.digitpa.gov.it/schemas/2011/Pagamenti/">
  <pay_i:versioneOggetto>6.2</pay_i:versioneOggetto>
  <pay_i:dominio><pay_i:identificativoDominio>80087670016</pay_i:identificativoDominio></pay_i:dominio>
  <pay_i:dataOraMessaggioRicevuta>2026-03-02T10:20:00</pay_i:dataOraMessaggioRicevuta>
  <pay_i:istitutoAttestante>
    <pay_i:identificativoUnivocoAttestante><pay_i:tipoIdentificativoUnivoco>B</pay_i:tipoIdentificativoUnivoco>
    <pay_i:codiceIdentificativoUnivoco>ABCDITMM</pay_i:codiceIdentificativoUnivoco></pay_i:identificativoUnivocoAttestante>
    <pay_i:denominazioneAttestante>PSP di prova</pay_i:denominazioneAttestante>
  </pay_i:istitutoAttestante>
  <pay_i:soggettoPagatore>
    <pay_i:identificativoUnivocoPagatore><pay_i:tipoIdentificativoUnivoco>F</pay_i:tipoIdentificativoUnivoco>
    <pay_i:codiceIdentificativoUnivoco>RSSMRA85T10A562S</pay_i:codiceIdentificativoUnivoco></pay_i:identificativoUnivocoPagatore>
    <pay_i:anagraficaPagatore>Rossi Mario</pay_i:anagraficaPagatore>
  </pay_i:soggettoPagatore>
  <pay_i:datiPagamento>
    <pay_i:codiceEsitoPagamento>0</pay_i:codiceEsitoPagamento>
    <pay_i:importoTotalePagato>215.00</pay_i:importoTotalePagato>
    <pay_i:identificativoUnivocoVersamento>01202600000012332</pay_i:identificativoUnivocoVersamento>
    <pay_i:CodiceContestoPagamento>n/a</pay_i:CodiceContestoPagamento>
    <pay_i:datiSingoloPagamento>
      <pay_i:singoloImportoPagato>200.00</pay_i:singoloImportoPagato>
      <pay_i:dataEsitoSingoloPagamento>2026-03-02</pay_i:dataEsitoSingoloPagamento>
      <pay_i:identificativoUnivocoRiscossione>IUR1</pay_i:identificativoUnivocoRiscossione>
      <pay_i:causaleVersamento>Quota</pay_i:causaleVersamento>
      <pay_i:commissioniApplicatePSP>1.50</pay_i:commissioniApplicatePSP>
    </pay_i:datiSingoloPagamento>
    <pay_i:datiSingoloPagamento>
      <pay_i:singoloImportoPagato>15.00</pay_i:singoloImportoPagato>
      <pay_i:dataEsitoSingoloPagamento>2026-03-02</pay_i:dataEsitoSingoloPagamento>
      <pay_i:identificativoUnivocoRiscossione>IUR2</pay_i:identificativoUnivocoRiscossione>
    </pay_i:datiSingoloPagamento>
  </pay_i:datiPagamento>
</pay_i:RT>`

const V1 = `<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Header/><soapenv:Body>
<pfn:paSendRTReq xmlns:pfn="http://pagopa-api.pagopa.gov.it/pa/paForNode.xsd"><idPA>80087670016</idPA><receipt>
<receiptId>abc</receiptId><noticeNumber>301202600000012332</noticeNumber><fiscalCode>80087670016</fiscalCode><outcome>KO</outcome>
<creditorReferenceId>01202600000012332</creditorReferenceId><paymentAmount>231.00</paymentAmount>
<transferList><transfer><idTransfer>1</idTransfer><transferAmount>215.00</transferAmount><fiscalCodePA>80087670016</fiscalCodePA></transfer>
<transfer><idTransfer>2</idTransfer><transferAmount>16.00</transferAmount><fiscalCodePA>97735020584</fiscalCodePA><MBDAttachment>QUJD</MBDAttachment></transfer></transferList>
<PSPCompanyName>PSP di prova</PSPCompanyName><applicationDate>2026-03-02</applicationDate></receipt></pfn:paSendRTReq></soapenv:Body></soapenv:Envelope>`

describe('receipts', () => {
  it('RT 6.2, with several items', async () => {
    const { receipt, problems } = await readReceipt(Buffer.from(RT))
    expect(problems).toEqual([])
    expect(receipt).toMatchObject({
      format: 'RT_6_2',
      iuv: '01202600000012332',
      iur: 'IUR1',
      ok: true,
      outcome: '0',
      amountCents: 21500,
      paidAt: '2026-03-02',
      pspName: 'PSP di prova',
      feeCents: 150,
      debtor: { kind: 'F', identifier: 'RSSMRA85T10A562S', name: 'Rossi Mario' },
      transfers: [
        { index: 1, receiverFiscalCode: '80087670016', amountCents: 20000 },
        { index: 2, amountCents: 1500 },
      ],
    })
  })

  it('RT 6.2: outcome 4 is an expiry there, not money', async () => {
    const { receipt } = await readReceipt(Buffer.from(RT.replace('>0</pay_i:codiceEsito', '>4</pay_i:codiceEsito')))
    expect(receipt?.ok).toBe(false)
  })

  it('paSendRT v1 in its envelope, refused payment, with a stamp', async () => {
    const { receipt, problems } = await readReceipt(Buffer.from(V1))
    expect(problems).toEqual([])
    expect(receipt).toMatchObject({ format: 'PA_SEND_RT_V1', ok: false, outcome: 'KO', paidAt: '2026-03-02' })
    expect(receipt?.transfers.map((t) => t.stamp)).toEqual([false, true])
  })

  it.skipIf(specs === null)('paSendRT v2, as the command line prints it', async () => {
    const bytes = readFileSync(join(specs as string, 'pagopa-data/samples/receipt_v2_example_own.xml'))
    expect(await inspectFile('receipt.xml', bytes)).toEqual({
      kind: 'receipt',
      iuv: '01202600000012332',
      iur: '0f1e2d3c4b5a69788796a5b4c3d2e1f0',
      noticeNumber: '301202600000012332',
      ok: true,
      amountCents: 21500,
      paidAt: '2026-03-02T10:15:30',
      pspName: 'PSP di prova',
      transfers: [{ index: 1, receiverFiscalCode: '80087670016', amountCents: 21500 }],
      problems: [],
    })
  })
})
