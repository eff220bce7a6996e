import { formatDecimal, negate, sum } from '#domain/money'
import type { ReportingFlow } from '#domain/reporting-flow'

/** A flow with all that the schema wants: what the rehearsal's PSPs emit. */
export type WritableFlow = {
  readonly [K in Exclude<
    keyof ReportingFlow,
    'flowDateTimeUtc' | 'declaredCount' | 'declaredTotalCents' | 'senderName' | 'bic' | 'receiverName'
  >]: NonNullable<ReportingFlow[K]>
} & { readonly senderName: string | null; readonly bic: string | null; readonly receiverName: string | null }

/**
 * FlussoRiversamento 1.0 as UTF-8 XML, valid under FlussoRiversamento_1_0_5.xsd when every outcome is one of 0, 4, 8, 9
 * (that schema dropped 3). Count and total are those of the rows, a revocation (3) lowering the total.
 */
export function writeReportingFlow(flow: WritableFlow): Uint8Array {
  const total = sum(flow.rows.map((r) => (r.outcome === '3' ? negate(r.amountCents) : r.amountCents)))
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<FlussoRiversamento xmlns="http://www.digitpa.gov.it/schemas/2011/Pagamenti/">',
    element(1, 'versioneOggetto', '1.0'),
    element(1, 'identificativoFlusso', flow.flowId),
    element(1, 'dataOraFlusso', flow.flowDateTime),
    element(1, 'identificativoUnivocoRegolamento', flow.regulationId),
    element(1, 'dataRegolamento', flow.regulationDate),
    '  <istitutoMittente>',
    '    <identificativoUnivocoMittente>',
    element(3, 'tipoIdentificativoUnivoco', flow.senderType),
    element(3, 'codiceIdentificativoUnivoco', flow.senderId),
    '    </identificativoUnivocoMittente>',
    ...optional(2, 'denominazioneMittente', flow.senderName),
    '  </istitutoMittente>',
    ...optional(1, 'codiceBicBancaDiRiversamento', flow.bic),
    '  <istitutoRicevente>',
    '    <identificativoUnivocoRicevente>',
    element(3, 'tipoIdentificativoUnivoco', 'G'),
    element(3, 'codiceIdentificativoUnivoco', flow.receiverFiscalCode),
    '    </identificativoUnivocoRicevente>',
    ...optional(2, 'denominazioneRicevente', flow.receiverName),
    '  </istitutoRicevente>',
    element(1, 'numeroTotalePagamenti', String(flow.rows.length)),
    element(1, 'importoTotalePagamenti', formatDecimal(total)),
    ...flow.rows.flatMap((row) => [
      '  <datiSingoliPagamenti>',
      element(2, 'identificativoUnivocoVersamento', row.iuv),
      element(2, 'identificativoUnivocoRiscossione', row.iur),
      ...optional(2, 'indiceDatiSingoloPagamento', row.index === null ? null : String(row.index)),
      element(2, 'singoloImportoPagato', formatDecimal(row.amountCents)),
      element(2, 'codiceEsitoSingoloPagamento', row.outcome),
      element(2, 'dataEsitoSingoloPagamento', row.outcomeDate),
      '  </datiSingoliPagamenti>',
    ]),
    '</FlussoRiversamento>',
    '',
  ]
  return new TextEncoder().encode(lines.join('\n'))
}

function element(depth: number, name: string, text: string): string {
  return `${'  '.repeat(depth)}<${name}>${escapeXml(text)}</${name}>`
}

function optional(depth: number, name: string, text: string | null): string[] {
  return text === null ? [] : [element(depth, name, text)]
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
