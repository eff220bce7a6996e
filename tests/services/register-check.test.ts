import { call } from '@orpc/server'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Id } from '#domain/brand'
import { type FiscalCode, personCheckLetter } from '#domain/fiscal-code'
import { problemReport } from '#domain/problem'
import { registerImport } from '../../src-main/services/register-import.ts'
import { inventedCode, member, type Office, openOffice, type RegisterInput } from './office.ts'

let office: Office
beforeEach(async () => {
  office = await openOffice()
})
afterEach(() => office.close())

/** What is said of a file, without its place in the archive. */
async function said(rows: RegisterInput[], name = 'a.xlsx') {
  const summary = await office.read(await office.write(rows, name))
  const texts = summary.problems.first.map((p) => [p.position?.row, p.field, p.severity, reportOf(p)])
  return { ...summary, texts }
}
const reportOf = (p: Parameters<typeof problemReport>[0]) => problemReport(p).split('\n').at(-1)

const code = (first15: string) => `${first15}${personCheckLetter(first15)}` as FiscalCode
const OTHER = 'Se è la stessa persona, correggi il codice'

it('two people with one VAT number, one albo number, one name and box: in the archive and in the file', async () => {
  await office.raise([member(1, { vatNumber: '00743110157' })])
  const { texts, warning, error } = await said([
    member(2, { vatNumber: '00743110157' }),
    member(3, { alboNumber: 'A1' }),
    member(4, { name: 'D’Albarosa 00001 Zita', email: 'Socio1@example.it' }),
    member(5, { alboNumber: 'X9' }),
    member(6, { alboNumber: 'X9' }),
  ])
  const one = '«D’Albarosa 00001 Zita» in anagrafica'
  expect(texts).toEqual([
    [
      2,
      'Partita IVA',
      'warning',
      `La partita IVA «00743110157» è già di ${one}, che ha un altro codice fiscale. ${OTHER}; altrimenti la partita IVA.`,
    ],
    [
      3,
      'Numero albo',
      'warning',
      `Il numero di albo «A1» è già di ${one}, che ha un altro codice fiscale. ${OTHER}; altrimenti il numero.`,
    ],
    [
      4,
      'Codice fiscale',
      'warning',
      `${one} ha lo stesso nome e la stessa e-mail, ma il codice non è «${inventedCode(4)}». ${OTHER} fiscale.`,
    ],
    [
      6,
      'Numero albo',
      'warning',
      `Il numero di albo «X9» è già di «D’Albarosa 00005 Zita» alla riga 5, che ha un altro codice fiscale. ${OTHER}; altrimenti il numero.`,
    ],
  ])
  expect([warning.count, error]).toEqual([4, 0])
})

it('a code that differs by omocodia only, either way round', async () => {
  const plain = code('RSSMRA85T10A562')
  const letters = code('RSSMRA85T10A5SN')
  await office.raise([member(1, { fiscalCode: plain, name: 'Rossi Mario' })])
  const { texts } = await said([member(2, { fiscalCode: letters, name: 'Rossi Mario', alboNumber: null, email: null })])
  expect(texts).toEqual([
    [
      2,
      'Codice fiscale',
      'warning',
      `Il codice «${letters}» differisce da quello di «Rossi Mario» in anagrafica solo per le lettere di omocodia. Se è la stessa persona, tieni un codice solo: quello della tessera sanitaria.`,
    ],
  ])
})

it('a name that the archive knows otherwise, and quotas that look wrong', async () => {
  await office.raise([member(1)])
  const { texts, good, warning } = await said([
    member(1, { name: 'Albarosa Zita Maria', causale: 'Mora' }),
    member(2, { dueDate: '2025-03-31' as never }),
    member(3, { capitolo: '1.1.O1' }),
  ])
  expect(texts.map(([row, , severity, text]) => [row, severity, String(text).split('. ')[0]])).toEqual([
    [2, 'warning', `Il codice fiscale «${inventedCode(1)}» non corrisponde al nome «Albarosa Zita Maria»`],
    [
      2,
      'warning',
      'In anagrafica questo codice fiscale è di «D’Albarosa 00001 Zita», qui si legge «Albarosa Zita Maria»',
    ],
    [3, 'warning', 'La scadenza 31/03/2025 è già passata'],
    [
      4,
      'error',
      expect.stringContaining('Il capitolo «1.1.O1» non è tra i capitoli di entrata dell’esercizio 2026 (forse «'),
    ],
  ])
  expect([good.count, warning.count]).toEqual([0, 2])
})

it('a cell corrected into a quota that another row already has is said to be double', async () => {
  const { id, columns } = await said([member(1), member(1, { causale: 'Mora 2026' })])
  const { rows } = await call(registerImport.rows, { filters: { importId: id } } as never, { context: office.context })
  const second = rows.find((row) => row.causale === 'Mora 2026')
  const cells: [string, string][] = [
    ['amount', '216,00'],
    ['causale', 'Quota di iscrizione 2026'],
  ]
  const results = []
  for (const [field, value] of cells) {
    const column = columns.find((c) => c.field === field)?.letter as string
    const input = { rowId: second?.id as Id<'importRow'>, column, value }
    results.push(await call(registerImport.fixCell, input, { context: office.context }))
  }
  expect(results.at(-1)?.row).toMatchObject({
    status: 'error',
    problems: [{ code: 'ROW_DUPLICATE', params: { row: 2 } }],
  })
  expect(results.at(-1)?.summary).toMatchObject({ error: 1, good: { count: 1 } })
})
