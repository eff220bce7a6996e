import { expect, test } from 'vitest'
import { readPartnerOutcome } from '#codecs/partner-outcome'

const read = (text: string) => readPartnerOutcome(new TextEncoder().encode(text))

test.each([
  ['semicolons and a mark', '\uFEFFIUPD;ESITO;MOTIVO\r\na-1;ACCETTATA;\r\na-2;RIFIUTATA;IBAN non attivo\r\n'],
  ['commas, other columns, another order', 'motivo,note,Esito,iupd\n,ciao,ok,a-1\nIBAN non attivo,,ko,a-2\n'],
  ['tabs, blank rows', 'iupd\tesito\tmotivo\n\na-1\taccettato\t\n\n a-2 \trifiutato\tIBAN  non\u00a0attivo\n\n'],
])('a CSV with %s', (_name, text) => {
  expect(read(text)).toMatchObject({
    ...{ source: 'csv', problems: [], unfinished: 0 },
    rows: [
      { iupd: 'a-1', accepted: true, reason: '' },
      { iupd: 'a-2', accepted: false, reason: 'IBAN non attivo' },
    ],
  })
})

test('Windows-1252 is read, too', () => {
  const bytes = Buffer.from('iupd;esito;motivo\na-1;KO;già presente\n', 'latin1')
  expect(readPartnerOutcome(bytes).rows).toEqual([{ iupd: 'a-1', accepted: false, reason: 'già presente' }])
})

test('the same said twice is said once; a reason without end is cut and told so', () => {
  const said = read(`iupd;esito;motivo\na-1;OK;\na-1;OK;\na-2;KO;${'x'.repeat(900)}\n`)
  expect(said.rows.map((row) => row.iupd)).toEqual(['a-1', 'a-2'])
  expect(said.rows[1]?.reason).toHaveLength(500)
  expect(said.rows[1]?.reason.endsWith('…')).toBe(true)
})

test.each([
  ['', 'FILE_EMPTY'],
  ['{"responses":', 'JSON_UNREADABLE'],
  ['[]', 'PARTNER_OUTCOME_FORM'],
  ['{"responses":[]}', 'PARTNER_OUTCOME_EMPTY'],
  ['{"responses":[{"statusCode":"200","iupds":[]}]}', 'PARTNER_OUTCOME_REPORT'],
  ['{"responses":[{"statusCode":200,"iupds":[7]}]}', 'PARTNER_OUTCOME_IUPD'],
  ['iupd;esito\na-1;"OK\n', 'CSV_UNREADABLE'],
  ['una riga qualunque', 'PARTNER_OUTCOME_FORM'],
])('%j is refused whole', (text, code) => {
  const { rows, problems } = read(text)
  expect(rows).toEqual([])
  expect(problems.map((one) => one.code)).toEqual([code])
})
