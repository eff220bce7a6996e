import { call } from '@orpc/server'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readRegisterWhole } from '#codecs/register-read'
import { openXlsx } from '#codecs/xlsx-read'
import { cents } from '#domain/money'
import { insertExercise } from '#ledger/chart'
import { REGISTER_COLUMNS } from '../../src-main/codecs/register-columns.ts'
import { writeXlsx } from '../../src-main/codecs/xlsx-write.ts'
import { registerImport } from '../../src-main/services/register-import.ts'
import { sheetCells, xlsOf } from '../codecs/xls-samples.ts'
import { member, members, type Office, openOffice, outcome, type RegisterInput } from './office.ts'

let office: Office
beforeEach(async () => {
  office = await openOffice()
})
afterEach(() => office.close())

const problemsOf = (promise: Promise<unknown>) =>
  promise.then(
    () => [],
    (error: { data?: { problems?: { code: string }[] } }) =>
      error.data?.problems?.map((p) => p.code) ?? [String(error)],
  )

describe('importing a register', () => {
  it('raises accertamenti numbered in the open exercise, with people, contacts and albo', async () => {
    const summary = await office.read(await office.write(members(10)))
    expect(summary).toMatchObject({ state: 'pending', rows: 10, good: { count: 10 }, error: 0, already: 0 })
    expect(summary.problems).toEqual({ first: [], total: 0 })
    expect(summary.columns.find((c) => c.field === 'amount')?.heading).toBe('Importo')
    expect((await office.accertamenti()).count).toBe(0)
    const confirmed = await office.confirm(summary.id)
    expect(confirmed).toMatchObject({ exercise: 2026, firstNumber: 1, lastNumber: 10, people: 10, leftOut: 0 })
    const list = await office.accertamenti()
    expect(list.rows.map((row) => row.number).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    expect(list.totals.dueCents).toBe(list.rows.reduce((n, row) => n + row.dueCents, 0))
    expect(list.totals.dueCents).toBe(confirmed.accertamenti.cents)
  })

  it('takes a register in the old binary format, with the rows that are wrong listed as they are', async () => {
    const required = REGISTER_COLUMNS.filter((c) => c.required)
    const line = (n: number, amount: number) => {
      const { fiscalCode, name, service, causale } = member(n)
      const values = { fiscalCode, name, service, causale, category: 'Professionista', competenceYear: 2026, amount }
      return required.map((c) => (values as Readonly<Record<string, string | number>>)[c.key] ?? '31/03/2026')
    }
    const rows = [required.map((c) => c.heading), line(1, 215), line(2, -1), line(3, 50.5)]
    const writer = await office.context.files.create('quote.xls', 'application/vnd.ms-excel')
    await writer.write(xlsOf(sheetCells(rows)))
    const summary = await office.read(await writer.commit())
    expect(summary).toMatchObject({ rows: 3, good: { count: 2 }, error: 1 })
    expect(await office.confirm(summary.id, true)).toMatchObject({ accertamenti: { count: 2, cents: 26550 } })
    expect((await office.accertamenti()).count).toBe(2)
  })

  it('adds nothing when the same file, or the same quotas in another file, come again', async () => {
    const token = await office.write(members(5))
    await office.confirm((await office.read(token)).id)
    const again = await office.read(token)
    expect(again).toMatchObject({ state: 'confirmed', accertamenti: { count: 5 } })
    expect(await problemsOf(office.confirm(again.id))).toEqual(['IMPORT_NOT_PENDING'])
    const other = await office.read(await office.write([...members(5), member(5)], 'altre.xlsx'))
    expect(other).toMatchObject({ state: 'pending', rows: 6, good: { count: 1 }, already: 5 })
    expect(await office.confirm(other.id)).toMatchObject({ accertamenti: { count: 1 }, firstNumber: 6, leftOut: 5 })
    expect((await office.accertamenti()).count).toBe(6)
  })

  it('raises an «already imported» row only when it is ticked', async () => {
    await office.raise(members(2))
    const again = await office.read(await office.write([...members(2), member(9)], 'altre.xlsx'))
    const { rows } = await call(
      registerImport.rows,
      { filters: { importId: again.id, status: ['already'] } } as never,
      { context: office.context },
    )
    expect(rows.map((row) => row.problems.map((p) => p.code))).toEqual([['ALREADY_IMPORTED'], ['ALREADY_IMPORTED']])
    const ticked = await call(
      registerImport.tick,
      { rowIds: [rows[0]?.id as never], ticked: true },
      { context: office.context },
    )
    expect(ticked.accertamenti.count).toBe(2)
    expect(await office.confirm(again.id)).toMatchObject({ accertamenti: { count: 2 } })
  })

  it('knows a quota by its external reference', async () => {
    const withReference = (n: number, causale: string) => member(n, { externalReference: `ALBO-${n}`, causale })
    await office.raise([withReference(1, 'Quota 2026'), withReference(2, 'Quota 2026')])
    const again = await office.read(
      await office.write([withReference(1, 'Quota annuale 2026'), withReference(3, 'Quota 2026')], 'b.xlsx'),
    )
    expect(again).toMatchObject({ good: { count: 1 }, already: 1 })
  })

  it('tells an unknown service with what was meant, an unknown capitolo, a year that is not open', async () => {
    const wrong = [
      member(1, { service: 'Quota anuale' }),
      member(2, { capitolo: '77.9' }),
      member(3, { competenceYear: 2027, causale: 'Quota 2027' }),
      member(4),
    ]
    const summary = await office.read(await office.write(wrong))
    expect(summary).toMatchObject({ error: 3, good: { count: 1 } })
    expect(summary.problems.first.map((p) => [p.code, p.position?.row, p.position?.column])).toEqual([
      ['SERVICE_UNKNOWN', 2, 'N'],
      ['CAPITOLO_UNKNOWN', 3, 'S'],
      ['EXERCISE_NOT_OPEN', 4, 'O'],
    ])
    expect(summary.problems.first[0]?.params.suggestion).toBe('Quota annuale')
    expect(await problemsOf(office.confirm(summary.id))).toEqual(['IMPORT_HAS_ERRORS'])
    expect((await office.accertamenti()).count).toBe(0)
    expect(await office.confirm(summary.id, true)).toMatchObject({ accertamenti: { count: 1 }, leftOut: 3 })
  })

  it('corrects a cell of a pending row with the same reader as the file', async () => {
    const summary = await office.read(await office.write([member(1, { service: 'Quota anuale' }), member(2)]))
    const { rows } = await call(
      registerImport.rows,
      { filters: { importId: summary.id, status: ['error'] } } as never,
      { context: office.context },
    )
    const fix = async (column: string, value: string) =>
      call(registerImport.fixCell, { rowId: rows[0]?.id as never, column, value }, { context: office.context })
    const amount = summary.columns.find((c) => c.field === 'amount')?.letter as string
    const wrong = await fix(amount, '1,234.56')
    expect(wrong.row.problems.map((p) => [p.code, p.position?.column])).toEqual([['AMOUNT_UNREADABLE', amount]])
    await fix(amount, '99,50')
    const fixed = await fix('N', 'Quota annuale')
    expect(fixed.row).toMatchObject({ status: 'good', amountCents: 9950, service: 'Quota annuale', problems: [] })
    expect(fixed.summary).toMatchObject({ error: 0, good: { count: 2 } })
    expect(await office.confirm(summary.id)).toMatchObject({ accertamenti: { count: 2 } })
  })

  it('puts a quota of a past year into this exercise, and of a historical one into its own', async () => {
    const at = office.context.clock.now()
    await office.context.ledger.write({ command: 'test', operator: 'prova', payload: {}, at }, (db) =>
      insertExercise(db, 2024, 'historical'),
    )
    const old = (n: number, competenceYear: number) => member(n, { competenceYear, causale: `Quota ${competenceYear}` })
    await office.raise([old(1, 2026), old(2, 2025), old(3, 2024)])
    const { rows } = await office.accertamenti()
    expect(rows.map((r) => [r.competenceYear, r.exercise, r.number, r.residui])).toEqual([
      [2025, 2026, 2, false],
      [2026, 2026, 1, false],
      [2024, 2024, 1, true],
    ])
  })

  it('updates people, closing an address and opening the new one', async () => {
    await office.raise([member(1)])
    const changed = member(1, { name: 'D’Albarosa Zita', email: 'nuova@example.it', causale: 'Mora 2026' })
    const { id } = await office.read(await office.write([changed]))
    const choose = { id, fields: ['name' as const], choice: 'update' as const }
    await call(registerImport.setDifferences, choose, { context: office.context })
    await office.confirm(id)
    const { person } = await import('../../src-main/services/person.ts')
    const list = await call(person.list, { filters: {}, search: 'dalbarosa' } as never, { context: office.context })
    expect(list.count).toBe(1)
    expect(list.rows[0]).toMatchObject({ name: 'D’Albarosa Zita', email: 'nuova@example.it' })
    const card = await call(person.get, { id: list.rows[0]?.id as never }, { context: office.context })
    const mails = card.contacts.filter((c) => c.kind === 'email')
    expect(mails.map((c) => [c.value, c.validTo === null])).toEqual([
      ['nuova@example.it', true],
      ['socio1@example.it', false],
    ])
    expect(card.dues).toHaveLength(2)
  })

  it('is undone while nothing is issued: the numbers stay used', async () => {
    const { id } = await office.raise(members(3))
    const undone = await call(registerImport.undo, { id, reason: 'file sbagliato' }, { context: office.context })
    expect(undone).toMatchObject({ state: 'undone', accertamenti: { count: 0, cents: 0 } })
    const list = await office.accertamenti()
    expect(list.rows.every((row) => row.state === 'cancelled')).toBe(true)
    const again = await office.raise(members(3))
    expect(again).toMatchObject({ firstNumber: 4, lastNumber: 6 })
    await office.generate()
    const refused = call(registerImport.undo, { id: again.id, reason: 'di nuovo' }, { context: office.context })
    expect(await problemsOf(refused)).toEqual(['IMPORT_IN_USE'])
  })

  it('gives a template that it reads itself, and the wrong rows with their reasons', async () => {
    const template = await call(registerImport.template, undefined, { context: office.context })
    const empty = await readRegisterWhole(await office.bytes(template))
    expect(empty.problems.map((p) => p.code)).toEqual(['REGISTER_NO_ROWS'])
    const summary = await office.read(await office.write([member(1, { service: 'Affitto' }), member(2)]))
    const file = await call(registerImport.exportErrors, { id: summary.id }, { context: office.context })
    const book = await openXlsx(await office.bytes(file))
    if (!book.ok) throw new Error('not a workbook')
    const texts: string[] = []
    for await (const batch of book.value.rows(0)) {
      for (const row of batch) for (const cell of row.cells.values()) if (cell.kind === 'text') texts.push(cell.text)
    }
    expect(texts.at(-1)).toContain('Il servizio «Affitto» non è tra i tipi di dovuto')
    expect(texts.filter((text) => text.startsWith('D’Albarosa'))).toHaveLength(1)
  })
})

/** Forty rows, each wrong in its own way, as cells of a sheet; plus one good row. */
function fortyMistakes(): string[][] {
  const key = (k: string) => REGISTER_COLUMNS.findIndex((c) => c.key === k)
  const good = (n: number) => {
    const row: RegisterInput = member(n)
    return REGISTER_COLUMNS.map((c) => {
      switch (c.key) {
        case 'fiscalCode':
          return row.fiscalCode
        case 'name':
          return row.name
        case 'category':
          return 'professionista'
        case 'service':
          return 'Quota annuale'
        case 'competenceYear':
          return '2026'
        case 'causale':
          return 'Quota 2026'
        case 'amount':
          return '215,00'
        default:
          return ''
      }
    })
  }
  const mistakes: [string, string][] = [
    ['fiscalCode', ''],
    ['fiscalCode', 'RSSMRA85T10'],
    ['fiscalCode', '1SSMRA85T10A562S'],
    ['fiscalCode', 'RSSMRA85Z10A562S'],
    ['vatNumber', '123'],
    ['vatNumber', '12345678901'],
    ['vatNumber', 'ABCDEFGHIJK'],
    ['name', ''],
    ['name', 'N'.repeat(71)],
    ['category', ''],
    ['category', 'avvocato'],
    ['alboNumber', 'A'.repeat(21)],
    ['street', 'Via senza città'],
    ['postalCode', '912'],
    ['postalCode', 'ABCDE'],
    ['province', 'XX'],
    ['province', 'Cagliari'],
    ['country', 'ZZ'],
    ['country', 'Italia!'],
    ['city', 'Cagliari'],
    ['email', 'senza-chiocciola'],
    ['email', 'a@b.it; c@d.it'],
    ['pec', 'nome@'],
    ['service', ''],
    ['service', 'Quota anuale'],
    ['service', 'Affitto locali'],
    ['competenceYear', ''],
    ['competenceYear', '26'],
    ['competenceYear', '1850'],
    ['competenceYear', '2027'],
    ['causale', ''],
    ['causale', 'C'.repeat(141)],
    ['amount', ''],
    ['amount', '1,234.56'],
    ['amount', '0'],
    ['amount', '-5,00'],
    ['amount', '12,345'],
    ['dueDate', '31/02/2026'],
    ['dueDate', '2026'],
    ['capitolo', '77.9'],
  ]
  return mistakes.map(([column, value], n) => {
    const cells = good(100 + n)
    cells[key(column)] = value
    return cells
  })
}

it('lists forty different mistakes, each with its place, and imports nothing', async () => {
  const rows = fortyMistakes()
  expect(rows).toHaveLength(40)
  const columns = REGISTER_COLUMNS.map(({ heading }) => ({ heading, kind: 'text' as const }))
  const writer = await office.context.files.create('quaranta.xlsx', 'application/octet-stream')
  const createdAt = office.context.clock.now()
  for await (const chunk of writeXlsx([{ name: 'Quote', columns, rows }], { createdAt })) await writer.write(chunk)
  const summary = await office.read(await writer.commit())
  const wrong = summary.problems.first.filter((p) => p.severity === 'error')
  expect(new Set(wrong.map((p) => p.position?.row))).toEqual(new Set(rows.map((_, n) => n + 2)))
  expect(wrong.every((p) => p.position?.column !== undefined && p.position.sheet === 'Quote')).toBe(true)
  expect(summary).toMatchObject({ rows: 40, error: 40, good: { count: 0 } })
  expect(await problemsOf(office.confirm(summary.id))).toEqual(['IMPORT_HAS_ERRORS'])
  expect(await problemsOf(office.confirm(summary.id, true))).toEqual(['IMPORT_NOTHING_TO_RAISE'])
  expect((await office.accertamenti()).count).toBe(0)
})

const MANY = process.env.QUIETANZA_LONG ? 100_000 : 10_000

describe(`${MANY} rows`, () => {
  it('come in with progress, and leave nothing behind when stopped', { timeout: 600_000 }, async () => {
    const token = await office.write(members(MANY, { amountCents: cents(21_500) }))
    const rowsInLedger = async () =>
      (await call(registerImport.history, { filters: {} } as never, { context: office.context })).count
    const stopped = async (run: (signal: AbortSignal) => Promise<unknown>) => {
      const stop = new AbortController()
      setTimeout(() => stop.abort(), MANY / 200)
      await expect(run(stop.signal)).rejects.toBeDefined()
    }
    await stopped((signal) => office.read(token, signal))
    expect(await rowsInLedger()).toBe(0)
    const steps = new Set<string>()
    const stream = await call(registerImport.read, { token }, { context: office.context })
    const summary = await outcome(stream, (beat) => steps.add(beat.step))
    expect([...steps]).toEqual(
      expect.arrayContaining(['Leggo il registro', 'Confronto con i libri', 'Preparo le righe']),
    )
    expect(summary).toMatchObject({ good: { count: MANY, cents: MANY * 21_500 } })
    await stopped((signal) => office.confirm(summary.id, false, signal))
    expect((await office.accertamenti()).count).toBe(0)
    const { person } = await import('../../src-main/services/person.ts')
    expect((await call(person.list, { filters: {} } as never, { context: office.context })).count).toBe(0)
    const confirmed = await office.confirm(summary.id)
    expect(confirmed).toMatchObject({ accertamenti: { count: MANY, cents: MANY * 21_500 }, lastNumber: MANY })
    expect(await office.read(token)).toMatchObject({ state: 'confirmed', accertamenti: { count: MANY } })
  })
})
