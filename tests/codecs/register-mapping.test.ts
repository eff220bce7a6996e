import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SHIPPED_PROFILES } from '#codecs/register-profiles'
import { readRegisterWhole } from '#codecs/register-read'
import { xlsxBytes } from '#codecs/xlsx-write'
import type { Instant } from '#domain/date'

import { type FiscalCode, personCheckLetter } from '#domain/fiscal-code'
import { cents, formatCents } from '#domain/money'
import type { RegisterField } from '#domain/register-field'
import { amountFormsOf, dateFormsOf, readRegisterAmount, readRegisterDate } from '#domain/register-forms'
import {
  REGISTER_AMOUNT_FORMS,
  REGISTER_DATE_FORMS,
  type RegisterAmountForm,
  type RegisterDateForm,
  type RegisterMapping,
  type RegisterSource,
} from '#domain/register-mapping'
import { readRegisterFile } from '../../src-main/services/register-reading.ts'
import { workbookFromJson } from '../gallery/workbook-from-json.ts'
import { sheetCells, xlsOf } from './xls-samples.ts'

const CREATED = '2026-02-02T08:00:00.000Z' as Instant

/** A quota as any of the layouts can say it. */
interface Due {
  readonly fiscalCode: FiscalCode
  readonly surname: string
  readonly firstName: string
  readonly alboNumber: string
  readonly year: number
  readonly cents: number
  readonly due: string
}

const AMOUNT: Readonly<Record<RegisterAmountForm, (value: number) => string>> = {
  comma: (value) => formatCents(cents(value)),
  point: (value) => formatCents(cents(value)).replace(/[.,]/g, (c) => (c === '.' ? ',' : '.')),
  cents: (value) => String(value),
}
const DATE: Readonly<Record<RegisterDateForm, (iso: string) => string>> = {
  dmy: (iso) => `${iso.slice(8)}/${iso.slice(5, 7)}/${iso.slice(0, 4)}`,
  mdy: (iso) => `${iso.slice(5, 7)}/${iso.slice(8)}/${iso.slice(0, 4)}`,
  ymd: (iso) => iso.replaceAll('-', '/'),
}

function duesOf(count: number): Due[] {
  return Array.from({ length: count }, (_, n) => {
    const first = `RSSMRA${String(40 + n)}A01H501`
    return {
      fiscalCode: (first + personCheckLetter(first)) as FiscalCode,
      surname: n % 4 === 0 ? 'D’Amico' : 'Rossi',
      firstName: `Niccolò ${'ABCDEFGHIJ'[n % 10]}`,
      alboNumber: `A${100 + n}`,
      year: 2024 + (n % 3),
      cents: 12_345_67 + n * 101,
      due: `2026-0${1 + (n % 9)}-1${n % 10}`,
    }
  })
}

const column = (heading: string, letter: string): RegisterSource => ({
  ...{ kind: 'columns', columns: [{ heading, letter }], translations: [], otherwise: null },
})

function mapping(change: Partial<RegisterMapping> = {}): RegisterMapping {
  return {
    ...{ purpose: 'dues', sheet: null, headerRow: 1, encoding: null, separator: null, skip: [] },
    ...{ amountForm: 'comma', dateForm: 'dmy' },
    fields: {
      fiscalCode: column('Cod.fisc.', 'A'),
      surname: column('Cogn.', 'B'),
      firstName: column('Nome proprio', 'C'),
      alboNumber: column('Tessera n.', 'D'),
      competenceYear: column('Rif.', 'E'),
      amount: column('Da versare', 'F'),
      dueDate: column('Entro il', 'G'),
      category: { kind: 'constant', text: 'professionista' },
      service: { kind: 'constant', text: 'Quota annuale' },
      causale: { kind: 'template', template: 'Quota {anno} tessera {numeroAlbo}' },
    },
    ...change,
  }
}

const HEAD = ['Cod.fisc.', 'Cogn.', 'Nome proprio', 'Tessera n.', 'Rif.', 'Da versare', 'Entro il']
const lineOf = (d: Due, amount: RegisterAmountForm = 'comma', date: RegisterDateForm = 'dmy') => [
  ...[d.fiscalCode, d.surname, d.firstName, d.alboNumber, String(d.year), AMOUNT[amount](d.cents), DATE[date](d.due)],
]
const quoted = (cell: string) => (/[";\n,\t|]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)
const csv = (rows: readonly (readonly string[])[], separator = ';') =>
  rows.map((row) => row.map(quoted).join(separator)).join('\r\n')

function expectRows(reading: Awaited<ReturnType<typeof readRegisterWhole>>, dues: readonly Due[]) {
  expect(reading.problems).toEqual([])
  expect(reading.rows.map((r) => [r.fiscalCode, r.name, r.alboNumber, r.causale, r.amountCents, r.dueDate])).toEqual(
    dues.map((d) => [
      ...[d.fiscalCode, `${d.surname} ${d.firstName}`, d.alboNumber, `Quota ${d.year} tessera ${d.alboNumber}`],
      ...[d.cents, d.due],
    ]),
  )
  for (const row of reading.rows) expect(row).toMatchObject({ category: 'professionista', service: 'Quota annuale' })
}

describe('a register of any layout', () => {
  const dues = duesOf(30)

  it.each(REGISTER_AMOUNT_FORMS.flatMap((amount) => REGISTER_DATE_FORMS.map((date) => [amount, date] as const)))(
    'comes back from a CSV with amounts as %s and dates as %s',
    async (amountForm, dateForm) => {
      const text = csv([HEAD, ...dues.map((d) => lineOf(d, amountForm, dateForm))])
      expectRows(await readRegisterWhole(Buffer.from(text), { mapping: mapping({ amountForm, dateForm }) }), dues)
    },
  )

  it.each([
    ['UTF-8', (text: string) => Buffer.from(text), ';'],
    ['UTF-8 with its mark', (text: string) => Buffer.from(`\uFEFF${text}`), ','],
    ['Windows-1252', (text: string) => Buffer.from(text.replaceAll('’', '\x92'), 'latin1'), ';'],
    ['UTF-16 with its mark', (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le'), '\t'],
    ['UTF-16 without', (text: string) => Buffer.from(text, 'utf16le'), '\t'],
    ['UTF-16 of the other order', (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16(), '|'],
  ] as const)('comes back from a CSV in %s', async (_, encode, separator) => {
    const text = csv([HEAD, ...dues.map((d) => lineOf(d))], separator)
    expectRows(await readRegisterWhole(encode(text), { mapping: mapping() }), dues)
  })

  it('comes back from a CSV with ends of line in its cells, old Mac ends, a line of «sep=» and blank lines', async () => {
    const lines = dues.map((d) => lineOf({ ...d, firstName: d.firstName.replace(' ', '\n') }))
    const text = `sep=;\r\n${csv([HEAD, ...lines]).replaceAll('\r\n', '\r\n\r\n')}\r\n;;;;;;\r\n`
    expectRows(await readRegisterWhole(Buffer.from(text), { mapping: mapping() }), dues)
    expectRows(await readRegisterWhole(Buffer.from(text.replaceAll('\r\n', '\r')), { mapping: mapping() }), dues)
    const wrong = csv([HEAD, ...lines, ['X', ...lineOf(dues[0] as Due).slice(1)]])
    const { problems } = await readRegisterWhole(Buffer.from(wrong), { mapping: mapping() })
    // Rows count as a spreadsheet shows them: a cell of two lines is one row.
    expect(problems.map((p) => [p.code, p.position])).toEqual([['FISCAL_CODE_LENGTH', { row: 32, column: 'A' }]])
  })

  it('comes back from old and new workbooks, and from a page called «.xls»', async () => {
    const table = [HEAD, ...dues.map((d) => lineOf(d))]
    expectRows(await readRegisterWhole(xlsOf(sheetCells(table)), { mapping: mapping() }), dues)
    const columns = HEAD.map((heading) => ({ heading, kind: 'text' as const }))
    const xlsx = await xlsxBytes([{ name: 'Iscritti', columns, rows: table.slice(1) }], { createdAt: CREATED })
    expectRows(await readRegisterWhole(xlsx, { mapping: mapping() }), dues)
    const cell = (text: string) => `<td>${text.replaceAll('&', '&amp;').replaceAll('ò', '&ograve;')}</td>`
    const page = `<html><table>${table.map((row) => `<tr>${row.map(cell).join('')}</tr>`).join('\n')}</table></html>`
    expectRows(await readRegisterWhole(Buffer.from(page), { mapping: mapping() }), dues)
  })

  it('reads numbers and dates of Excel whatever the forms, days counted from 1904 too', async () => {
    const rows = dues.map((d) => [...lineOf(d).slice(0, 5), d.cents / 100, { date: d.due }])
    for (const date1904 of [false, true]) {
      const book = await workbookFromJson({
        date1904,
        sheets: [{ name: 'F', rows: [HEAD, ...rows] }],
      })
      for (const form of [{}, { amountForm: 'point', dateForm: 'mdy' }] as const) {
        expectRows(await readRegisterWhole(book, { mapping: mapping(form) }), dues)
      }
    }
  })

  it('finds its columns when they move, its headings when titles come above, its sheet when it is renamed', async () => {
    const order = [6, 2, 0, 5, 1, 4, 3]
    const moved = (row: readonly string[]) => order.map((i) => row[i] as string)
    const rows = [['Ordine di prova'], [], moved(HEAD), ...dues.map((d) => moved(lineOf(d)))]
    const book = await workbookFromJson({
      sheets: [
        { name: 'Copertina', rows: [['x']] },
        { name: 'Estrazione 3', rows },
      ],
    })
    expectRows(await readRegisterWhole(book, { mapping: mapping() }), dues)
  })

  it('goes by letter where there are no headings', async () => {
    const { fields } = mapping()
    const bare = Object.fromEntries(
      Object.entries(fields).map(([field, source]) => [
        field,
        source.kind === 'columns'
          ? { ...source, columns: source.columns.map((c) => ({ ...c, heading: null })) }
          : source,
      ]),
    )
    const text = csv(dues.map((d) => lineOf(d)))
    expectRows(
      await readRegisterWhole(Buffer.from(text), { mapping: mapping({ headerRow: null, fields: bare }) }),
      dues,
    )
  })

  it('translates values, fills empty cells, joins columns and leaves rows out', async () => {
    const text = csv([
      ['CF', 'Chi', 'Tipo', 'Via', 'N.', 'CAP', 'Comune', 'Pr', 'Euro'],
      ['RSSMRA85T10A562S', 'Rossi Mario', ' a ', 'Via Roma', '12/B', '09124', 'Cagliari', 'Cagliari', '215,00'],
      ['00743110157', 'Studio srl', 'ST', '', '', '', '', '', ''],
      ['', 'TOTALE', '', '', '', '', '', '', '215,00'],
    ])
    const tr = (
      heading: string,
      letter: string,
      table: Readonly<Record<string, string>>,
      otherwise: string | null = null,
    ) => ({
      ...{ kind: 'columns' as const, columns: [{ heading, letter }], otherwise },
      translations: Object.entries(table).map(([from, to]) => ({ from, to })),
    })
    const reading = await readRegisterWhole(Buffer.from(text), {
      mapping: mapping({
        skip: [{ column: { heading: 'Chi', letter: 'B' }, texts: ['Totale', 'Totali'] }],
        fields: {
          fiscalCode: column('CF', 'A'),
          name: column('Chi', 'B'),
          category: tr('Tipo', 'C', { A: 'professionista', ST: 'stp' }),
          street: {
            ...tr('Via', 'D', {}),
            columns: [
              { heading: 'Via', letter: 'D' },
              { heading: 'N.', letter: 'E' },
            ],
          },
          postalCode: column('CAP', 'F'),
          city: column('Comune', 'G'),
          province: tr('Pr', 'H', { cagliari: 'CA' }),
          amount: tr('Euro', 'I', {}, '35,50'),
          competenceYear: { kind: 'constant', text: '2026' },
          causale: { kind: 'constant', text: 'Quota' },
          service: { kind: 'constant', text: 'Quota annuale' },
          dueDate: { kind: 'constant', text: '31/03/2026' },
        },
      }),
    })
    expect(reading.problems).toEqual([])
    expect(reading).toMatchObject({ rowCount: 2, skippedCount: 1, totalCents: 25_050 })
    expect(reading.rows).toMatchObject([
      { category: 'professionista', address: { street: 'Via Roma 12/B', province: 'CA' }, amountCents: 21_500 },
      { category: 'stp', address: null, amountCents: 3550, dueDate: '2026-03-31' },
    ])
  })

  it('takes people alone, without amounts', async () => {
    const text = csv([HEAD, ...dues.map((d) => lineOf(d)), lineOf(dues[0] as Due)])
    const { fiscalCode, surname, firstName, category } = mapping().fields as Record<RegisterField, RegisterSource>
    const people = mapping({ purpose: 'people', fields: { fiscalCode, surname, firstName, category } })
    const reading = await readRegisterWhole(Buffer.from(text), { mapping: people })
    expect(reading.problems.map((p) => [p.code, p.severity, p.position?.row])).toEqual([
      ['PERSON_DUPLICATE', 'warning', 32],
    ])
    expect(reading).toMatchObject({ goodRowCount: 31, totalCents: 0, rows: [] })
    expect(reading.people[0]).toMatchObject({ fiscalCode: dues[0]?.fiscalCode, name: 'D’Amico Niccolò A' })
  })

  it('tells cells that span others in a page, and macros are no reason to refuse a workbook', async () => {
    const row = lineOf(dues[0] as Due)
    const cells = (from: number, to: number) =>
      row
        .slice(from, to)
        .map((c) => `<td>${c}</td>`)
        .join('')
    const page = `<table><tr>${HEAD.map((h) => `<th>${h}</th>`).join('')}</tr>
      <tr>${cells(0, 6)}<td rowspan="2">${row[6]}</td></tr><tr>${cells(0, 4)}<td>2025</td>${cells(5, 6)}</tr></table>`
    const { problems, rows } = await readRegisterWhole(Buffer.from(page), { mapping: mapping() })
    expect(problems.map((p) => [p.code, p.position])).toEqual([
      ['CELL_MERGED', { row: 2, column: 'G' }],
      ['CELL_MERGED', { row: 3, column: 'G' }],
    ])
    expect(rows).toEqual([])
  })
})

describe('merged cells where no quota stands', () => {
  it('a total that the mapping leaves out and a blank stripe are no reason to refuse the file', async () => {
    const [first, second] = duesOf(2).map((d) => lineOf(d)) as [string[], string[]]
    const total = ['Totale', ...first.slice(1).map(() => '')]
    const rows = [HEAD, [], first, total, second, total]
    const merges = ['A2:G2', 'A4:F4', 'A6:F6']
    const bytes = await workbookFromJson({ sheets: [{ name: 'Albo', rows, merges }] })
    const skip = [{ column: { heading: HEAD[0] as string, letter: 'A' }, texts: ['Totale'] }]
    const file = await readRegisterFile(bytes, mapping({ skip }), () => {})
    expect(file.rows.map((row) => [row.rowNumber, row.problems])).toEqual([
      [3, []],
      [5, []],
    ])
  })
})

describe('the profiles that come with the program', () => {
  const VALUES: Readonly<Partial<Record<RegisterField, string>>> = {
    ...{ fiscalCode: 'RSSMRA85T10A562S', vatNumber: '00743110157', name: 'Rossi Mario', surname: 'Rossi' },
    ...{ firstName: 'Mario', alboNumber: 'A12', street: 'Via Roma 12', postalCode: '09124', city: 'Cagliari' },
    ...{
      province: 'CA',
      email: 'mario@example.it',
      pec: 'mario@pec.example.it',
      phone: '070 123456',
      civicNumber: '1',
    },
    ...{ competenceYear: '2026', causale: 'Quota 2026', externalReference: 'Q-77', section: 'A', country: 'IT' },
    ...{ capitolo: '10.1', albo: 'Albo', service: 'Quota annuale', iban: 'IT60X0542811101000000123456' },
    category: 'professionista',
  }

  it.each(SHIPPED_PROFILES.map((p) => [p.name, p] as const))(
    '%s: a file of its headings comes back',
    async (_, profile) => {
      const { mapping: laid, headings } = profile
      const line = headings.map((heading) => {
        const used = (Object.entries(laid.fields) as [RegisterField, RegisterSource][]).find(
          ([, source]) => source.kind === 'columns' && source.columns.some((c) => c.heading === heading),
        )
        if (used === undefined) return ''
        const [field, source] = used
        if (field === 'amount') return AMOUNT[laid.amountForm](21_550)
        if (field === 'dueDate') return DATE[laid.dateForm]('2026-03-31')
        if (field === 'enrolmentDate') return DATE[laid.dateForm]('1998-11-05')
        return source.kind === 'columns' && source.translations[0] ? source.translations[0].from : (VALUES[field] ?? '')
      })
      const reading = await readRegisterWhole(Buffer.from(csv([headings, line])), { mapping: laid })
      expect(reading.problems).toEqual([])
      expect(reading.rows).toMatchObject([
        {
          ...{
            fiscalCode: 'RSSMRA85T10A562S',
            name: 'Rossi Mario',
            category: 'professionista',
            service: 'Quota annuale',
          },
          ...{ competenceYear: 2026, amountCents: 21_550, dueDate: '2026-03-31' },
          address: { postalCode: '09124', city: 'Cagliari', province: 'CA' },
        },
      ])
      const columns = Object.values(laid.fields).flatMap((s) => (s.kind === 'columns' ? s.columns : []))
      for (const { heading } of columns) expect(headings).toContain(heading)
    },
  )

  it('say that they are assumptions, but the program’s own', () => {
    expect(SHIPPED_PROFILES.map((p) => [p.id, p.assumption])).toEqual([
      ['tracciato', false],
      ['albo-isi', true],
      ['ordinep', true],
      ['albo-unico-opi', true],
      ['sferabit', true],
    ])
  })
})

describe('amounts and dates as other programs write them', () => {
  const amounts = fc.integer({ min: 0, max: 99_999_999_999 })

  it('an amount comes back to the cent in its form; in another it is the same or refused, or the forms are told apart', () => {
    const forms = fc.constantFrom(...REGISTER_AMOUNT_FORMS)
    const decorated = fc.constantFrom('', '€ ', 'EUR ')
    fc.assert(
      fc.property(amounts, forms, decorated, fc.boolean(), (value, form, sign, grouped) => {
        const written = AMOUNT[form](value)
        const text =
          sign + (grouped || form === 'cents' ? written : written.replaceAll(form === 'comma' ? '.' : ',', ''))
        expect(readRegisterAmount(text, form)).toEqual({ ok: true, value })
        for (const other of ['comma', 'point'] as const) {
          // What was written with two decimals is never read as another sum in the other form of euro.
          if (other === form || form === 'cents') continue
          const read = readRegisterAmount(text, other)
          if (read.ok) expect(read.value).toBe(value)
        }
      }),
      { numRuns: 2000, seed: 6 },
    )
  })

  it('a number of Excel comes back to the cent, or is refused', async () => {
    const numbers = fc.oneof(
      amounts.map((value) => [value / 100, value] as const),
      fc.double({ noNaN: true, min: 0.001, max: 1e9 }).map((value) => [value, null] as const),
    )
    const rows = fc.sample(numbers, { numRuns: 300, seed: 6 })
    const people = duesOf(50)
    const lines = rows.map(([n], i) => [
      ...lineOf({ ...(people[i % 50] as Due), alboNumber: `N${i}` }).slice(0, 5),
      n,
      null,
    ])
    const book = await workbookFromJson({ sheets: [{ name: 'F', rows: [HEAD, ...lines] }] })
    for (const amountForm of ['comma', 'point'] as const) {
      const reading = await readRegisterWhole(book, { mapping: mapping({ amountForm }), maxProblems: 1000 })
      const read = new Map(reading.rows.map((row) => [row.row, row.amountCents]))
      for (const [i, [number, exact]] of rows.entries()) {
        const value = read.get(i + 2)
        if (value !== undefined) expect(Math.abs(value / 100 - number)).toBeLessThan(1e-4)
        else if (exact !== null && exact > 0) throw new Error(`${number} was refused`)
      }
    }
  })

  it('texts of random signs and digits are read alike by the program and by whoever counts the digits, or refused', () => {
    const text = fc.string({ unit: fc.constantFrom(...'0123456789.,€ -+'), maxLength: 14 })
    fc.assert(
      fc.property(text, fc.constantFrom(...REGISTER_AMOUNT_FORMS), (written, form) => {
        const read = readRegisterAmount(written, form)
        if (!read.ok) return
        const bare = written.replaceAll(/[€\s+]/g, '')
        const mark = form === 'comma' ? ',' : '.'
        const [whole = '', decimals = ''] =
          form === 'cents' ? [bare.slice(0, -2), bare.replace('-', '').padStart(2, '0').slice(-2)] : bare.split(mark)
        const units = Number(`${whole.replaceAll(/[^\d]/g, '')}${decimals.padEnd(2, '0')}`)
        expect(Math.abs(read.value)).toBe(units)
        expect(read.value < 0).toBe(units !== 0 && bare.startsWith('-'))
      }),
      { numRuns: 5000, seed: 6 },
    )
  })

  it('a day comes back in its form, and in another it is itself, refused, or the forms are told apart', () => {
    const days = fc.date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
    fc.assert(
      fc.property(
        days,
        fc.constantFrom(...REGISTER_DATE_FORMS),
        fc.constantFrom('/', '-', '.'),
        (moment, form, sign) => {
          const iso = moment.toISOString().slice(0, 10)
          const text = DATE[form](iso).replaceAll('/', sign)
          expect(readRegisterDate(text, form)).toEqual({ ok: true, value: iso })
          expect(readRegisterDate(`${text} 00:00:00`, form)).toEqual({ ok: true, value: iso })
          expect(dateFormsOf([text])).toContain(form)
          if (form === 'ymd') expect(readRegisterDate(iso.replaceAll('-', ''), form)).toEqual({ ok: true, value: iso })
        },
      ),
      { numRuns: 1000, seed: 6 },
    )
    expect(dateFormsOf(['31/03/2026', '01/02/2026'])).toEqual(['dmy'])
    expect(dateFormsOf(['03/31/2026'])).toEqual(['mdy'])
    expect(dateFormsOf(['01/02/2026'])).toEqual(['dmy', 'mdy'])
    expect(amountFormsOf(['215,00', '1.215,00'])).toEqual(['comma'])
    expect(amountFormsOf(['215.00'])).toEqual(['point'])
    expect(readRegisterDate('31/03/26', 'dmy')).toEqual({ ok: false, error: 'DATE_SHORT_YEAR' })
    expect(readRegisterDate('30/02/2026', 'dmy')).toEqual({ ok: false, error: 'DATE_NOT_EXISTING' })
  })
})
