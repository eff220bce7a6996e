import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { looksLikeStatementXml, readStatementXml } from '#codecs/statement-xml'
import { specsDir } from '../specs.ts'
import { type OpiRow, opiJournal } from './statement-opi-samples.ts'

const specs = specsDir()
if (specs === null) console.log('statement-opi.test: no specifications folder here, official schemas skipped')
const hasXmllint = spawnSync('xmllint', ['--version']).status === 0

const DAY: readonly OpiRow[] = [
  { amount: '215.00', bolletta: 7 },
  { amount: '30.00', bolletta: 8, causale: 'STORNO', operation: 'STORNATO' },
  { side: 'USCITA', amount: '12.50', bolletta: 3, causale: 'COMMISSIONI' },
  {
    document: 'REVERSALE',
    operation: 'REGOLARIZZATO',
    number: 49,
    amount: '100.00',
    execution: 'REGOLARIZZAZIONE',
    sospesi: [
      { number: 5, amount: '60.00' },
      { number: 6, amount: '30.00' },
    ],
  },
  { document: 'SOSPESO ENTRATA', operation: 'REGOLARIZZATO', amount: '60.00', bolletta: 5 },
  { side: 'USCITA', document: 'MANDATO', number: 4, amount: '20.00', execution: 'CASSA' },
]
const read = (text: string) => readStatementXml(Buffer.from(text))

describe('the treasurer’s cash journal', () => {
  it('gives as money only the provvisori, as outcomes what speaks of reversali', async () => {
    const reading = await read(opiJournal(DAY))
    expect(reading.problems.map((p) => [p.code, p.severity, p.params.rows])).toEqual([
      ['STATEMENT_ROWS_LEFT', 'warning', '1 MANDATO'],
    ])
    expect(reading.movements.map((m) => [m.amountCents, m.provvisorio, m.part])).toEqual([
      [21500, '7', 0],
      [-3000, '8', 0],
      [-1250, '3', 0],
    ])
    expect(reading.movements[0]).toMatchObject({
      bookingDate: '2026-03-02',
      valueDate: '2026-03-03',
      description: '/PUR/LGPE-RIVERSAMENTO/URI/2026-03-01ABCDITMM-0000001 PSP DI PROVA',
      reference: 'E2E-1',
    })
    expect(reading.outcomes.map((o) => [o.kind, o.exercise, o.reversale, o.provvisorio, o.cents])).toEqual([
      ['regularised', 2026, 49, '5', 6000],
      ['regularised', 2026, 49, '6', 3000],
      ['regularised', 2026, 49, null, 1000],
      ['regularised', 2026, null, '5', 6000],
    ])
    expect(reading.pages).toBeNull()
    expect(reading.parts[0]?.account?.text).toBe('ABI 01234 conto di evidenza 0000001')
  })

  it('ties a storno to its provvisorio by the one number or the other', async () => {
    const rows: OpiRow[] = [{ amount: '5.00', operation: 'STORNATO', bolletta: 0, storno: 7, causale: 'STORNO' }]
    const { movements, problems } = await read(opiJournal(rows))
    expect(problems).toEqual([])
    expect(movements.map((m) => [m.amountCents, m.provvisorio])).toEqual([[-500, '7']])
    expect(movements[0]?.takesBack).toEqual({ kind: 'provvisorio', exercise: 2026, numbers: [7] })
    const both = await read(opiJournal([{ amount: '5.00', operation: 'STORNATO', bolletta: 801, storno: 7 }]))
    expect(both.movements[0]).toMatchObject({
      takesBack: { numbers: [7, 801] },
      counterparty: 'PSP DI PROVA',
      endToEndId: 'E2E-1',
    })
    // What comes back of a payment takes no credit back.
    const out = await read(opiJournal([{ side: 'USCITA', amount: '5.00', operation: 'STORNATO', bolletta: 3 }]))
    expect(out.movements).toMatchObject([{ amountCents: 500, takesBack: null }])
  })

  it.each(['1.4', '1.6.1', '1.7.1', '1.8'] as const)(
    'of version %s says its page, and the same money',
    async (version) => {
      const page = await read(opiJournal(DAY.slice(0, 3), { version, page: 2, pages: 3 }))
      expect(page.problems).toEqual([])
      expect(page.pages).toMatchObject({ page: 2, pages: 3 })
      expect(page.movements.map((m) => [m.amountCents, m.provvisorio])).toEqual([
        [21500, '7'],
        [-3000, '8'],
        [-1250, '3'],
      ])
    },
  )

  it('says which page it is of how many', async () => {
    const pages = await Promise.all([1, 2].map((page) => read(opiJournal(DAY.slice(0, 1), { page, pages: 2 }))))
    expect(pages.map((p) => p.pages)).toEqual([
      { key: 'GDC-20260302ABCDEF0000000001', page: 1, pages: 2 },
      { key: 'GDC-20260302ABCDEF0000000001', page: 2, pages: 2 },
    ])
    const wrong = await read(opiJournal(DAY.slice(0, 1), { page: 3, pages: 2 }))
    expect(wrong.problems.map((p) => p.code)).toEqual(['STATEMENT_FIELD_WRONG'])
  })

  it('squares balances and totals that the treasurer declares', async () => {
    const good = { opening: '1000.00', entrate: '185.00', uscite: '32.50', closing: '1152.50' }
    const squared = await read(
      opiJournal(
        DAY.filter((r) => r.operation !== 'REGOLARIZZATO'),
        good,
      ),
    )
    expect(squared.problems.map((p) => p.code)).toEqual(['STATEMENT_ROWS_LEFT'])
    expect(squared.parts[0]).toMatchObject({ openingCents: 100000, closingCents: 115250 })
    const bad = await read(opiJournal(DAY, { ...good, closing: '1152.51' }))
    expect(bad.problems.filter((p) => p.severity === 'error').map((p) => p.code)).toEqual([
      'STATEMENT_BALANCE_DIFFERS',
      'STATEMENT_BALANCE_DIFFERS',
    ])
    const missing = await read(opiJournal(DAY.slice(0, 1), good))
    expect(missing.problems.map((p) => [p.code, p.severity])).toEqual([
      ['STATEMENT_TOTAL_DIFFERS', 'warning'],
      ['STATEMENT_TOTAL_DIFFERS', 'warning'],
    ])
  })

  it('keeps nothing of a row without amount, date or exercise, and says so', async () => {
    const text = opiJournal(DAY.slice(0, 2))
      .replace('<importo>215.00</importo>', '')
      .replace('2026-03-02</data_m', '2026-02-30</data_m')
    const { problems, movements } = await read(text)
    expect(problems.map((p) => p.code)).toEqual(['STATEMENT_ELEMENT_MISSING', 'STATEMENT_DATE_UNREADABLE'])
    expect(movements.map((m) => m.amountCents)).toEqual([-3000])
    const timeless = await read(opiJournal(DAY.slice(0, 1)).replace('<esercizio>2026', '<esercizio>'))
    expect(timeless.problems.map((p) => p.code)).toEqual(['STATEMENT_ELEMENT_MISSING'])
  })

  it('is recognised by what it holds', () => {
    expect(looksLikeStatementXml(opiJournal(DAY))).toBe(true)
    expect(looksLikeStatementXml('flusso_giornale_di_cassa;1')).toBe(false)
  })

  it.skipIf(specs === null || !hasXmllint)(
    'samples are valid under the four official schemas, and read alike',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'opi-'))
      try {
        for (const version of ['1.4', '1.6.1', '1.7.1', '1.8'] as const) {
          // One provvisorio a reversale is all that 1.4 can say.
          const rows = version === '1.4' ? DAY.map((r) => ({ ...r, sospesi: (r.sospesi ?? []).slice(0, 1) })) : DAY
          const totals = { opening: '1000.00', entrate: '185.00', uscite: '32.50', closing: '1152.50' }
          const text = opiJournal(rows, { version, ...totals })
          writeFileSync(join(folder, 'gdc.xml'), text)
          const schema = join(
            specs as string,
            `bank-data/opi/OPI_GIORNALE_DI_CASSA_V_${version.replaceAll('.', '_')}.xsd`,
          )
          const judged = spawnSync('xmllint', ['--nonet', '--noout', '--schema', schema, join(folder, 'gdc.xml')], {
            encoding: 'utf8',
          })
          expect(judged.stderr, version).toContain('validates')
          const reading = await read(text)
          expect(reading.problems.filter((p) => p.severity === 'error')).toEqual([])
          expect(reading.movements.map((m) => m.amountCents)).toEqual([21500, -3000, -1250])
        }
      } finally {
        rmSync(folder, { recursive: true })
      }
    },
  )
})
