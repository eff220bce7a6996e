import { closeSync, openSync, writeSync } from 'node:fs'
import { cents, formatDecimal } from '#domain/money'

/** A prefixed flow as the big PSPs send them, indented, about 460 bytes a row; every number invented. */
export function writeFlowFile(path: string, rows: number): number {
  const file = openSync(path, 'w')
  let total = 0
  let size = 0
  const put = (text: string) => {
    size += writeSync(file, text)
  }
  const amount = (i: number) => 2_000 + ((i * 7919) % 48_000)
  for (let i = 0; i < rows; i += 1) total += amount(i)
  const tag = (depth: number, name: string, text: string) =>
    `${'  '.repeat(depth)}<pay_i:${name}>${text}</pay_i:${name}>\n`
  put(
    [
      '<?xml version="1.0" encoding="UTF-8"?>\n',
      '<pay_i:FlussoRiversamento xmlns:pay_i="http://www.digitpa.gov.it/schemas/2011/Pagamenti/">\n',
      tag(1, 'versioneOggetto', '1.0'),
      tag(1, 'identificativoFlusso', '2026-03-02ABCDITMM-0000001'),
      tag(1, 'dataOraFlusso', '2026-03-02T20:00:00'),
      tag(1, 'identificativoUnivocoRegolamento', 'Bonifico SEPA-99999-A0000'),
      tag(1, 'dataRegolamento', '2026-03-02'),
      '  <pay_i:istitutoMittente>\n    <pay_i:identificativoUnivocoMittente>\n',
      tag(3, 'tipoIdentificativoUnivoco', 'B'),
      tag(3, 'codiceIdentificativoUnivoco', 'ABCDITMM'),
      '    </pay_i:identificativoUnivocoMittente>\n',
      tag(2, 'denominazioneMittente', 'Società di pagamento di prova'),
      '  </pay_i:istitutoMittente>\n',
      '  <pay_i:istitutoRicevente>\n    <pay_i:identificativoUnivocoRicevente>\n',
      tag(3, 'tipoIdentificativoUnivoco', 'G'),
      tag(3, 'codiceIdentificativoUnivoco', '80087670016'),
      '    </pay_i:identificativoUnivocoRicevente>\n  </pay_i:istitutoRicevente>\n',
      tag(1, 'numeroTotalePagamenti', String(rows)),
      tag(1, 'importoTotalePagamenti', formatDecimal(cents(total))),
    ].join(''),
  )
  let block = ''
  for (let i = 0; i < rows; i += 1) {
    block += [
      '  <pay_i:datiSingoliPagamenti>\n',
      tag(
        2,
        'identificativoUnivocoVersamento',
        `012026${String(i).padStart(9, '0')}${String(i % 93).padStart(2, '0')}`,
      ),
      tag(
        2,
        'identificativoUnivocoRiscossione',
        (BigInt(i) * 0x9e3779b97f4a7c15f39cc0605cedc835n).toString(16).slice(-32),
      ),
      tag(2, 'indiceDatiSingoloPagamento', '1'),
      tag(2, 'singoloImportoPagato', formatDecimal(cents(amount(i)))),
      tag(2, 'codiceEsitoSingoloPagamento', i % 50 === 0 ? '9' : '0'),
      tag(2, 'dataEsitoSingoloPagamento', i % 3 === 0 ? '2026-03-01' : '2026-02-28'),
      '  </pay_i:datiSingoliPagamenti>\n',
    ].join('')
    if (i % 1000 !== 999) continue
    put(block)
    block = ''
  }
  put(`${block}</pay_i:FlussoRiversamento>\n`)
  closeSync(file)
  return size
}
