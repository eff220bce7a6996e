import { expect, it } from 'vitest'
import { type IndexEntry, indexCsv, indexJson, indexName } from '#codecs/notice-index'
import { isoDate } from '#domain/date'
import { cents } from '#domain/money'

const ENTRY: IndexEntry = {
  file: 'RSSMRA85T10A562S_2026_01000000000000123.pdf',
  fiscalCode: 'RSSMRA85T10A562S',
  noticeNumber: '301000000000000123',
  iuv: '01000000000000123',
  cents: cents(15_050),
  dueDate: isoDate('2026-03-31'),
  sha256: 'a'.repeat(64),
}

it('the same entries give the same bytes, in both forms', async () => {
  const csv = Buffer.from(await indexCsv([ENTRY])).toString('utf8')
  expect(csv).toBe(
    `\uFEFFfile;codiceFiscale;numeroAvviso;iuv;importo;scadenza;sha256\r\n${ENTRY.file};RSSMRA85T10A562S;301000000000000123;01000000000000123;150,50;31/03/2026;${'a'.repeat(64)}\r\n`,
  )
  const json = JSON.parse(Buffer.from(indexJson(12, [ENTRY])).toString('utf8'))
  expect(json).toEqual({
    formato: 'indice-avvisi',
    versione: 1,
    campagna: 12,
    avvisi: [
      {
        file: ENTRY.file,
        codiceFiscale: 'RSSMRA85T10A562S',
        numeroAvviso: '301000000000000123',
        iuv: '01000000000000123',
        importoCentesimi: 15_050,
        scadenza: '2026-03-31',
        sha256: 'a'.repeat(64),
      },
    ],
  })
  expect(Buffer.compare(await indexCsv([ENTRY]), await indexCsv([ENTRY]))).toBe(0)
})

it('a file name that a spreadsheet would run is defused; missing codes and dates stay empty', async () => {
  const odd = { ...ENTRY, file: '=1+1.pdf', fiscalCode: null, dueDate: null }
  const [, row] = Buffer.from(await indexCsv([odd]))
    .toString('utf8')
    .split('\r\n')
  expect(row).toBe(`'=1+1.pdf;;301000000000000123;01000000000000123;150,50;;${'a'.repeat(64)}`)
})

it('each campaign has an index of its own name', () => {
  expect(indexName(7, '2026-03-01T08:00:00.000Z' as never)).toBe('indice-avvisi-2026-03-01-campagna-7')
})
