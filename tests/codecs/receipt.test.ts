import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { inspectFile } from '#codecs/inspect'
import { readReceipt } from '#codecs/receipt-xml'
import { specsDir } from '../specs.ts'

const specs = specsDir()
if (specs === null) console.log('receipt.test: no specifications folder here, samples and schemas skipped')
const hasXmllint = spawnSync('xmllint', ['--version']).status === 0

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

  it.each([
    ['0', true],
    ['1', false],
    ['2', false],
    ['3', false],
    ['4', false],
  ])('RT 6.2 of outcome %s is paid: %s', async (outcome, ok) => {
    const { receipt, problems } = await readReceipt(Buffer.from(rt(outcome, outcome === '1' ? '0.00' : '215.00')))
    expect(problems).toEqual([])
    expect(receipt).toMatchObject({ ok, outcome, iur: 'IUR1', payer: { kind: 'G', name: 'Società di prova' } })
    expect(receipt?.transfers[0]).toMatchObject({ stamp: true, category: '9/0401107TS/', remittance: 'Quota' })
  })

  it('RT 6.2 that was not paid may have no items at all', async () => {
    const none = rt('3', '0.00').replace(/<datiSingoloPagamento>.*<\/datiSingoloPagamento>/s, '')
    expect((await readReceipt(Buffer.from(none))).problems).toEqual([])
    const paid = none.replace('>3</codiceEsito', '>0</codiceEsito')
    expect((await readReceipt(Buffer.from(paid))).problems.map((p) => p.code)).toEqual(['RECEIPT_FIELD_MISSING'])
  })

  it('say where a day is wrong, an index repeated, a sum different', async () => {
    const codes = async (text: string) =>
      (await readReceipt(Buffer.from(text))).problems.map((p) => [p.code, p.position?.path?.split('/').at(-1)])
    expect(
      await codes(
        rt('0', '215.00').replace('<dataEsitoSingoloPagamento>2026-03-02', '<dataEsitoSingoloPagamento>2026-02-30'),
      ),
    ).toEqual([['RECEIPT_FIELD_WRONG', 'dataEsitoSingoloPagamento']])
    expect(await codes(v2().replace('<idTransfer>2', '<idTransfer>1'))).toEqual([['RECEIPT_FIELD_WRONG', 'idTransfer']])
    expect(await codes(v2().replace('16.00', '15.00'))).toEqual([['RECEIPT_TOTAL_DIFFERS', 'receipt']])
  })

  it('paSendRT v2 with a stamp, a bundle and more beneficiaries', async () => {
    const { receipt, problems } = await readReceipt(Buffer.from(v2()))
    expect(problems).toEqual([])
    expect(receipt).toMatchObject({
      format: 'PA_SEND_RT_V2',
      paidAt: '2026-03-02T10:15:30.123456',
      feeCents: 150,
      paymentMethod: 'creditCard',
      payer: { kind: 'F', identifier: 'ANONIMO' },
      transfers: [
        { index: 1, receiverFiscalCode: '80087670016', amountCents: 21500, stamp: false },
        { index: 2, receiverFiscalCode: '97735020584', amountCents: 1600, stamp: true, iban: null },
      ],
    })
  })

  it.skipIf(specs === null || !hasXmllint)('samples are valid under the official schemas', () => {
    const folder = mkdtempSync(join(tmpdir(), 'receipt-'))
    try {
      for (const [text, schema] of [
        [rt('0', '215.00'), 'PagInf_RPT_RT_6_2_0.xsd'],
        [v2(), 'wsdl/xsd/paForNode.xsd'],
      ] as const) {
        writeFileSync(join(folder, 'receipt.xml'), text)
        const xsd = join(specs as string, 'pagopa-data/xsd', schema)
        const judged = spawnSync('xmllint', ['--nonet', '--noout', '--schema', xsd, join(folder, 'receipt.xml')], {
          encoding: 'utf8',
        })
        expect(judged.stderr, schema).toContain('validates')
      }
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

/** An RT 6.2 without prefixes, of one item, with a payer who is not the debtor. */
function rt(outcome: string, amount: string): string {
  const id = (type: string, code: string, of: string) =>
    `<identificativoUnivoco${of}><tipoIdentificativoUnivoco>${type}</tipoIdentificativoUnivoco><codiceIdentificativoUnivoco>${code}</codiceIdentificativoUnivoco></identificativoUnivoco${of}>`
  return `<RT xmlns="http://www.digitpa.gov.it/schemas/2011/Pagamenti/"><versioneOggetto>6.2.0</versioneOggetto>
<dominio><identificativoDominio>80087670016</identificativoDominio><identificativoStazioneRichiedente>80087670016_01</identificativoStazioneRichiedente></dominio>
<identificativoMessaggioRicevuta>M1</identificativoMessaggioRicevuta><dataOraMessaggioRicevuta>2026-03-02T10:20:00</dataOraMessaggioRicevuta>
<riferimentoMessaggioRichiesta>R1</riferimentoMessaggioRichiesta><riferimentoDataRichiesta>2026-03-02</riferimentoDataRichiesta>
<istitutoAttestante>${id('B', 'ABCDITMM', 'Attestante')}<denominazioneAttestante>PSP di prova</denominazioneAttestante></istitutoAttestante>
<enteBeneficiario>${id('G', '80087670016', 'Beneficiario')}<denominazioneBeneficiario>Ordine di prova</denominazioneBeneficiario></enteBeneficiario>
<soggettoVersante>${id('G', '01234567897', 'Versante')}<anagraficaVersante>Società di prova</anagraficaVersante></soggettoVersante>
<soggettoPagatore>${id('F', 'RSSMRA85T10A562S', 'Pagatore')}<anagraficaPagatore>Rossi Mario</anagraficaPagatore></soggettoPagatore>
<datiPagamento><codiceEsitoPagamento>${outcome}</codiceEsitoPagamento><importoTotalePagato>${amount}</importoTotalePagato>
<identificativoUnivocoVersamento>01202600000012332</identificativoUnivocoVersamento><CodiceContestoPagamento>n/a</CodiceContestoPagamento>
<datiSingoloPagamento><singoloImportoPagato>${amount}</singoloImportoPagato><esitoSingoloPagamento>TESTO</esitoSingoloPagamento>
<dataEsitoSingoloPagamento>2026-03-02</dataEsitoSingoloPagamento><identificativoUnivocoRiscossione>IUR1</identificativoUnivocoRiscossione>
<causaleVersamento>Quota</causaleVersamento><datiSpecificiRiscossione>9/0401107TS/</datiSpecificiRiscossione>
<allegatoRicevuta><tipoAllegatoRicevuta>BD</tipoAllegatoRicevuta><testoAllegato>QUJD</testoAllegato></allegatoRicevuta></datiSingoloPagamento></datiPagamento></RT>`
}

/** A paSendRTV2 request of two transfers, the second a digital stamp of somebody else. */
function v2(): string {
  const subject = (type: string, value: string, name: string) =>
    `<uniqueIdentifier><entityUniqueIdentifierType>${type}</entityUniqueIdentifierType><entityUniqueIdentifierValue>${value}</entityUniqueIdentifierValue></uniqueIdentifier><fullName>${name}</fullName>`
  const transfer = (index: number, amount: string, pa: string, money: string) =>
    `<transfer><idTransfer>${index}</idTransfer><transferAmount>${amount}</transferAmount><fiscalCodePA>${pa}</fiscalCodePA>${money}<remittanceInformation>Quota</remittanceInformation><transferCategory>9/0401107TS/</transferCategory></transfer>`
  return `<p:paSendRTV2Request xmlns:p="http://pagopa-api.pagopa.gov.it/pa/paForNode.xsd"><idPA>80087670016</idPA><idBrokerPA>80087670016</idBrokerPA><idStation>80087670016_01</idStation>
<receipt><receiptId>abc</receiptId><noticeNumber>301202600000012332</noticeNumber><fiscalCode>80087670016</fiscalCode><outcome>OK</outcome>
<creditorReferenceId>01202600000012332</creditorReferenceId><paymentAmount>231.00</paymentAmount><description>Quota</description><companyName>Ordine di prova</companyName>
<debtor>${subject('F', 'RSSMRA85T10A562S', 'Mario Rossi')}</debtor>
<transferList>${transfer(1, '215.00', '80087670016', '<IBAN>IT60X0542811101000000123456</IBAN>')}${transfer(2, '16.00', '97735020584', '<MBDAttachment>QUJD</MBDAttachment>')}</transferList>
<idPSP>ABCDITMM</idPSP><PSPCompanyName>PSP di prova</PSPCompanyName><idChannel>1_01</idChannel><channelDescription>app</channelDescription>
<payer>${subject('F', 'ANONIMO', 'ANONIMO')}</payer><paymentMethod>creditCard</paymentMethod><paymentNote>nota</paymentNote><fee>1.50</fee><primaryCiIncurredFee>0.00</primaryCiIncurredFee><idBundle>b</idBundle><idCiBundle>c</idCiBundle>
<paymentDateTime>2026-03-02T10:15:30.123456</paymentDateTime><applicationDate>2026-03-02</applicationDate><transferDate>2026-03-03</transferDate><standIn>true</standIn></receipt></p:paSendRTV2Request>`
}
