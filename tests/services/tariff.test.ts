import { call } from '@orpc/server'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { xlsxBytes } from '#codecs/xlsx-write'
import type { Id } from '#domain/brand'
import { isoDate } from '#domain/date'
import { cents } from '#domain/money'
import type { Progress } from '#domain/progress'
import type { TariffEffect, TariffRow } from '#domain/tariff'
import { debtPosition } from '../../src-main/services/debt-position.ts'
import { serviceType } from '../../src-main/services/institution.ts'
import { positionAct } from '../../src-main/services/position-act.ts'
import { quota } from '../../src-main/services/quota-generation.ts'
import { tariff } from '../../src-main/services/tariff.ts'
import { generation, member, type Office, openOffice, outcome, YEAR } from './office.ts'
import { enrol } from './support/enrolled.ts'

let office: Office
let service: Id<'serviceType'>
beforeEach(async () => {
  office = await openOffice()
  service = await serviceNamed('Quota annuale')
})
afterEach(() => office.close())

const ctx = () => ({ context: office.context })

async function serviceNamed(name: string): Promise<Id<'serviceType'>> {
  const found = (await call(serviceType.list, undefined, ctx())).find((row) => row.name === name)
  return found?.id as Id<'serviceType'>
}

const problemsOf = (promise: Promise<unknown>) =>
  promise.then(
    () => [],
    (error: { data?: { problems?: { code: string }[] } }) =>
      error.data?.problems?.map((p) => p.code) ?? [String(error)],
  )

const euro = (amount: number): TariffEffect => ({ kind: 'amount', cents: cents(amount * 100) })
const row = (code: string, effect: TariffEffect, more: Partial<TariffRow> = {}): TariffRow => ({
  ...{ code, description: '', category: null, albo: null, section: null, status: null, fromYears: 0, toYears: null },
  effect,
  ...more,
})
const ROWS = [
  row('ORD', euro(215), { description: 'Ordinaria' }),
  row('B', euro(180), { section: 'B' }),
  row('NEW', { kind: 'percent', basisPoints: 5000 }, { toYears: 0 }),
  row('OLD', { kind: 'none' }, { fromYears: 50 }),
]
const stored = (year = YEAR) => call(tariff.get, { serviceTypeId: service, year }, ctx())
const save = async (rows = ROWS, proRata = false, year = YEAR) =>
  call(tariff.save, { serviceTypeId: service, year, proRata, rows, mark: (await stored(year)).mark }, ctx())

const parameters = (more: object = {}) =>
  ({ serviceTypeId: service, year: YEAR, date: '2026-02-01', ...more }) as {
    serviceTypeId: Id<'serviceType'>
    year: number
    date: ReturnType<typeof isoDate>
  }
const preview = (more: object = {}) => call(quota.preview, parameters(more), ctx())
const rowsOf = async (more: object = {}) =>
  (await call(quota.list, { filters: parameters(more), limit: 500 }, ctx())).rows
async function raise(more: object = {}, signal?: AbortSignal, onBeat?: (beat: Progress) => void) {
  const { raise: seen, mark } = await preview(more)
  const expected = { ...seen, mark }
  return outcome(await call(quota.raise, { ...parameters(more), expected }, office.options(signal)), onBeat)
}

/** Six people: ordinary, section B, new this year, very old, suspended, a company without tariff of its own. */
const PEOPLE = [
  { name: 'Abate Ada' },
  { name: 'Bruni Bea', section: 'B' },
  { name: 'Conti Ciro', from: '2026-01-20' },
  { name: 'Donati Dino', from: '1970-03-01' },
  { name: 'Esposito Eva', status: 'sospeso' },
  { name: 'Fabbri STP', category: 'stp' as const },
]

describe('a tariff', () => {
  it('is kept as it was written, by type and year', async () => {
    const saved = await save(ROWS, true)
    expect(saved).toMatchObject({ proRata: true, rows: ROWS, remarks: [] })
    const { years, ...again } = await call(tariff.get, { serviceTypeId: service, year: YEAR }, ctx())
    expect(again).toEqual(saved)
    expect(years).toEqual([YEAR])
    expect((await call(tariff.get, { serviceTypeId: service, year: 2027 }, ctx())).rows).toEqual([])
    await save([ROWS[0] as TariffRow])
    expect((await call(tariff.get, { serviceTypeId: service, year: YEAR }, ctx())).rows).toHaveLength(1)
    await save([])
    expect((await call(tariff.get, { serviceTypeId: service, year: YEAR }, ctx())).years).toEqual([])
  })

  it('is refused to whoever wrote on one that others have saved since', async () => {
    const { mark } = await stored()
    const table = { serviceTypeId: service, year: YEAR, proRata: false, mark }
    const mine = [row('ORD', euro(220))]
    const [first, second] = await Promise.all([
      problemsOf(call(tariff.save, { ...table, rows: ROWS }, ctx())),
      problemsOf(call(tariff.save, { ...table, rows: mine }, ctx())),
    ])
    expect([first, second]).toEqual([[], ['TARIFF_CHANGED']])
    const now = await stored()
    expect(now.rows).toEqual(ROWS)
    expect(await problemsOf(call(tariff.save, { ...table, proRata: true, rows: mine, mark: now.mark }, ctx()))).toEqual(
      [],
    )
    expect(await problemsOf(call(tariff.save, { ...table, rows: mine, mark: now.mark }, ctx()))).toEqual([
      'TARIFF_CHANGED',
    ])
    expect((await stored()).proRata).toBe(true)
  })

  it('is refused whole while two rows overlap', async () => {
    await save()
    expect(await problemsOf(save([...ROWS, row('B2', euro(190), { section: 'b' })]))).toEqual(['TARIFF_WRONG'])
    expect((await call(tariff.get, { serviceTypeId: service, year: YEAR }, ctx())).rows).toEqual(ROWS)
  })

  it('tells whom of the register it forgets', async () => {
    await enrol(office, [...PEOPLE, { name: 'Gallo Gigi', category: 'praticante', section: 'B', from: '2024-01-01' }])
    const rows = [row('A', euro(215), { category: 'professionista' })]
    const { people, gaps } = await call(
      tariff.gaps,
      { ...{ serviceTypeId: service, year: YEAR, proRata: false }, rows, date: isoDate('2026-02-01') },
      ctx(),
    )
    expect(people).toBe(7)
    expect(gaps).toEqual([
      { text: 'Nessuna tariffa per società tra professionisti, Albo, 16 anni d’iscrizione', people: 1 },
      { text: 'Nessuna tariffa per praticante, Albo, sezione B, 2 anni d’iscrizione', people: 1 },
    ])
  })

  it('goes out as a workbook and comes back the same', async () => {
    const rows = [
      ...ROWS,
      row('P', euro(80), {
        category: 'praticante',
        albo: 'Registro praticanti',
        status: 'sospeso',
        fromYears: 1,
        toYears: 9,
      }),
    ]
    await save(rows)
    const file = await call(tariff.export, { serviceTypeId: service, year: YEAR }, ctx())
    expect(file.name).toBe('tariffe-quota-annuale-2026-2026-02-02.xlsx')
    const read = await call(tariff.import, { token: file.token }, ctx())
    expect(read).toMatchObject({ rows, problems: [], remarks: [] })
  })
})

describe('a tariff read from a file', () => {
  it('leaves wrong rows out, each with its place and what it reads', async () => {
    const columns = ['Codice', 'Sezione', 'Anni da', 'Che cosa', 'Importo'].map((heading) => ({
      heading,
      kind: 'text' as const,
    }))
    const rows = [
      ['ORD', null, null, 'Importo', '215,00'],
      ['X', 'B', 'tre', 'Importo', '1,234.56'],
      ['Y', 'C', null, 'Sconto', null],
      ['Z', 'D', null, 'importo', null],
    ]
    const writer = await office.context.files.create('tariffe.xlsx', 'application/octet-stream')
    await writer.write(await xlsxBytes([{ name: 'Foglio1', columns, rows }], { createdAt: office.context.clock.now() }))
    const read = await call(tariff.import, { token: await writer.commit() }, ctx())
    expect(read.rows).toEqual([ROWS[0] && { ...ROWS[0], description: '' }])
    expect(read.problems.map((p) => [p.code, p.position?.row, p.position?.column, p.excerpt])).toEqual([
      ['CELL_KIND', 3, 'C', 'tre'],
      ['AMOUNT_UNREADABLE', 3, 'E', '1,234.56'],
      ['CELL_KIND', 4, 'D', 'Sconto'],
      ['AMOUNT_EMPTY', 5, 'E', undefined],
    ])
  })

  it('asks whether a half is fifty percent, and gives up on a sheet that is another thing', async () => {
    const columns = [
      ...['Codice', 'Anni da', 'Che cosa'].map((heading) => ({ heading, kind: 'text' as const })),
      { heading: 'Percentuale', kind: 'money' as const },
    ]
    const read = async (rows: (string | number | null)[][]) => {
      const writer = await office.context.files.create('tariffe.xlsx', 'application/octet-stream')
      const createdAt = office.context.clock.now()
      await writer.write(await xlsxBytes([{ name: 'F', columns, rows }], { createdAt }))
      return call(tariff.import, { token: await writer.commit() }, ctx())
    }
    // Cells of money: 0,5 and 50.
    const halves = await read([
      ['A', null, 'Percentuale', 50],
      ['B', null, 'Percentuale', 5000],
    ])
    expect(halves.rows.map((r) => [r.code, r.effect])).toEqual([['B', { kind: 'percent', basisPoints: 5000 }]])
    expect(halves.problems).toMatchObject([
      { code: 'PERCENT_OR_FRACTION', params: { value: '0,5', hundredfold: '50' }, position: { row: 2, column: 'D' } },
    ])
    const another = await read(Array.from({ length: 5_000 }, (_, n) => [`X${n}`, 'tre', 'Boh', null]))
    expect(another.problems).toHaveLength(601)
    expect(another.problems.at(-1)).toMatchObject({ code: 'REGISTER_TOO_MANY_ROWS', params: { limit: '300' } })
  })

  it('is told to be another thing where it is', async () => {
    const writer = await office.context.files.create('tariffe.xlsx', 'application/octet-stream')
    await writer.write(new TextEncoder().encode('non è un foglio'))
    const read = await call(tariff.import, { token: await writer.commit() }, ctx())
    expect(read.rows).toEqual([])
    expect(read.problems).toHaveLength(1)
  })
})

describe('the year’s quotas without a file', () => {
  beforeEach(async () => {
    await save()
    await enrol(office, PEOPLE)
  })

  it('shows who pays what and why before anything is raised', async () => {
    const rows = await rowsOf()
    expect(rows.map((r) => [r.personName, r.outcome, r.tariff, r.cents])).toEqual([
      ['Abate Ada', 'raise', 'ORD', 21_500],
      ['Bruni Bea', 'raise', 'B', 18_000],
      ['Conti Ciro', 'raise', 'NEW', 10_750],
      ['Donati Dino', 'none', 'OLD', null],
      ['Esposito Eva', 'none', null, null],
      ['Fabbri STP', 'raise', 'ORD', 21_500],
    ])
    expect(rows[2]).toMatchObject({ why: 'ORD Ordinaria; NEW: 50 % di 215,00 €', years: 0, enrolled: '2026-01-20' })
    expect(rows[4]?.why).toBe('Stato «sospeso»: nessuna tariffa lo prevede')
    expect(await preview()).toMatchObject({
      raise: { count: 4, cents: 71_750 },
      counts: { excluded: 0, already: 0, none: 2, hole: 0 },
      byTariff: [
        { tariff: 'ORD Ordinaria', count: 2, cents: 43_000 },
        { tariff: 'B', count: 1, cents: 18_000 },
        { tariff: 'NEW', count: 1, cents: 10_750 },
      ],
      problems: [],
      exercise: YEAR,
    })
    expect((await office.accertamenti()).count).toBe(0)
  })

  it('raises them in one write, and a second run raises nothing twice', async () => {
    const raised = await raise({ excluded: [6], dueDate: '2026-03-31' })
    expect(raised).toMatchObject({
      accertamenti: { count: 3, cents: 50_250 },
      firstNumber: 1,
      lastNumber: 3,
      exercise: YEAR,
    })
    const list = await office.accertamenti()
    expect(list.totals.dueCents).toBe(50_250)
    expect(list.rows.find((r) => r.personName === 'Abate Ada')).toMatchObject({
      ...{ causale: 'Quota di iscrizione 2026', dueDate: '2026-03-31', service: 'Quota annuale', dueCents: 21_500 },
    })
    expect((await rowsOf()).map((r) => r.outcome)).toEqual(['already', 'already', 'already', 'none', 'none', 'raise'])
    expect(await raise()).toMatchObject({ accertamenti: { count: 1 }, firstNumber: 4 })
    expect(await problemsOf(raise())).toEqual(['QUOTA_NOTHING'])
    expect((await office.accertamenti()).count).toBe(4)
  })

  it('is one of the same person and year, whichever way it came', async () => {
    const two = await Promise.allSettled([raise(), raise()])
    expect(two.map((r) => r.status).sort()).toEqual(['fulfilled', 'rejected'])
    expect((await office.accertamenti()).count).toBe(4)
  })

  it('is refused when the list is no longer the one that was seen', async () => {
    const seen = await preview()
    const late = async (more: object = {}) => {
      const expected = { ...seen.raise, mark: seen.mark }
      return problemsOf(call(quota.raise, { ...parameters(more), expected }, ctx()).then(outcome))
    }
    await save([row('ORD', euro(300))])
    expect(await late()).toEqual(['QUOTA_CHANGED'])
    await save()
    expect(await late({ excluded: [1] })).toEqual(['QUOTA_CHANGED'])
    // As many for as much, but of others.
    const { mark } = await preview({ excluded: [1] })
    const expected = { ...(await preview({ excluded: [6] })).raise, mark }
    const others = call(quota.raise, { ...parameters({ excluded: [6] }), expected }, ctx()).then(outcome)
    expect(await problemsOf(others)).toEqual(['QUOTA_CHANGED'])
    expect(await late({ dueDate: '2026-03-31' })).toEqual(['QUOTA_CHANGED'])
    expect((await office.accertamenti()).count).toBe(0)
  })

  it('is taken back while nothing is issued, and can then be raised again', async () => {
    const { batchId } = await raise()
    const undone = await call(quota.undo, { id: batchId, reason: 'Tariffa sbagliata' }, ctx())
    expect(undone).toMatchObject({
      state: 'undone',
      accertamenti: { count: 0, cents: 0 },
      kept: 'È già stata disfatta',
    })
    expect((await office.accertamenti()).totals.outstandingCents).toBe(0)
    expect(await problemsOf(call(quota.undo, { id: batchId, reason: 'di nuovo' }, ctx()))).toEqual([
      'QUOTA_BATCH_UNDONE',
    ])
    const again = await raise()
    expect(again).toMatchObject({ accertamenti: { count: 4 }, firstNumber: 5 })
    await office.generate()
    const { rows } = await call(quota.history, { filters: {} }, ctx())
    expect(rows.map((r) => [r.state, r.kept])).toEqual([
      ['raised', '4 quote hanno una posizione'],
      ['undone', 'È già stata disfatta'],
    ])
    expect(await problemsOf(call(quota.undo, { id: again.batchId, reason: 'Troppo tardi' }, ctx()))).toEqual([
      'QUOTA_IN_USE',
    ])
  })

  it('takes the due date from the rule of the type', async () => {
    const types = await call(serviceType.list, undefined, ctx())
    const own = types.find((t) => t.id === service) as (typeof types)[number]
    const dueRule = { kind: 'fixedDay' as const, month: 4, day: 30, workingDay: false }
    await call(serviceType.save, { ...own, dueRule }, ctx())
    expect((await preview()).dueDate).toBe('2026-04-30')
    expect((await preview({ dueDate: '2026-06-30' })).dueDate).toBe('2026-06-30')
  })

  it('asks the months that are left of who enrols in the year, only where the tariff says so', async () => {
    await save([row('ORD', euro(240))], true)
    await enrol(office, [{ name: 'Zani Zoe', from: '2026-10-05' }], 10)
    const at = (rows: Awaited<ReturnType<typeof rowsOf>>) => rows.find((r) => r.personName === 'Zani Zoe')
    expect(at(await rowsOf())).toBeUndefined()
    expect(at(await rowsOf({ date: '2026-10-31' }))).toMatchObject({ cents: 6_000, why: 'ORD; 3 mesi su 12' })
  })

  it('writes the causale with the fields of each, and tells one that is not known', async () => {
    const causale = 'Quota {anno} n. {numero} {albo} {tariffa}'
    expect((await rowsOf({ causale }))[0]?.causale).toBe('Quota 2026 n. 1 Albo ORD')
    expect((await preview({ causale: 'Quota {ano}' })).problems.map((p) => p.code)).toEqual(['TEMPLATE_FIELD_UNKNOWN'])
    const long = `Quota {anno} ${'molto '.repeat(25)}{albo}`
    expect((await preview({ causale: long })).problems[0]?.code).toBe('QUOTA_CAUSALE')
    expect(await problemsOf(raise({ causale: 'Quota {ano}' }))).toEqual(['TEMPLATE_FIELD_UNKNOWN'])
  })

  it('wants words in the causale of each who pays, and of nobody else', async () => {
    const causale = '{sezione}'
    expect((await preview({ causale })).problems.map((p) => [p.code, p.params.name])).toEqual([
      ['QUOTA_CAUSALE_EMPTY', 'Abate Ada'],
      ['QUOTA_CAUSALE_EMPTY', 'Conti Ciro'],
      ['QUOTA_CAUSALE_EMPTY', 'Fabbri STP'],
    ])
    expect((await preview({ causale, excluded: [1, 3, 6] })).problems).toEqual([])
  })

  it('asks nothing for a year before that of enrolment', async () => {
    await save([row('ORD', euro(215))], false, 2025)
    const rows = await rowsOf({ year: 2025 })
    expect(rows.find((r) => r.personName === 'Conti Ciro')).toMatchObject({
      ...{ outcome: 'none', cents: null, why: 'Iscrizione dopo il 2025: niente da pagare' },
    })
    expect(rows.find((r) => r.personName === 'Abate Ada')).toMatchObject({ outcome: 'raise', cents: 21_500 })
  })

  it('is refused for a type no longer in use', async () => {
    const own = (await call(serviceType.list, undefined, ctx())).find((t) => t.id === service)
    await call(serviceType.save, { ...(own as NonNullable<typeof own>), active: false }, ctx())
    expect(await problemsOf(raise())).toEqual(['NEW_POSITION_SERVICE'])
  })

  it('does not take the day of an import for that of enrolment', async () => {
    const fresh = await enrol(office, [{ name: 'Zani Zoe', from: '2026-02-02' }], 20)
    const zoe = async () => (await rowsOf({ date: '2026-02-02' })).find((r) => r.personId === fresh[0])
    expect(await zoe()).toMatchObject({ years: 0, cents: 10_750 })
    await office.raise([member(90, { service: 'Diritti di segreteria', alboNumber: null })])
    expect(await zoe()).toMatchObject({ years: null, enrolled: null, cents: 21_500, why: 'ORD Ordinaria' })
    expect((await preview({ date: '2026-02-02' })).unknownYears).toBe(1)
    await save([row('ORD', euro(215))])
    expect((await preview({ date: '2026-02-02' })).unknownYears).toBe(0)
  })

  it('says that there is no tariff, or no open exercise', async () => {
    expect((await preview({ year: 2025 })).problems.map((p) => p.code)).toEqual(['TARIFF_EMPTY'])
    expect((await preview({ year: 2027 })).problems.map((p) => p.code)).toEqual(['EXERCISE_NOT_OPEN', 'TARIFF_EMPTY'])
  })

  it('finds people by name, code, number in the albo and tariff', async () => {
    const found = async (search: string) =>
      (await call(quota.list, { filters: parameters(), search }, ctx())).rows.map((r) => r.personName)
    expect(await found('ABATE a')).toEqual(['Abate Ada'])
    expect(await found('new')).toEqual(['Conti Ciro'])
    expect(await found('6')).toContain('Fabbri STP')
    expect(await found('nessuno')).toEqual([])
  })

  it('exports the list as it is shown', async () => {
    const columns = [
      { key: 'personName', heading: 'Persona' },
      { key: 'cents', heading: 'Importo €' },
    ]
    const filters = { ...parameters(), outcome: ['raise' as const] }
    const file = await call(quota.export, { filters, format: 'csv', title: 'Quote', columns }, ctx())
    const text = new TextDecoder().decode(await office.bytes(file))
    expect(text).toContain('Abate Ada;215,00')
    expect(text).toContain('Totale;717,50')
    expect(text).not.toContain('Donati')
  })
})

describe('dues una tantum', () => {
  it('are raised for chosen people only, by amount or by the one of the type, and again only when asked', async () => {
    await enrol(office, PEOPLE)
    service = await serviceNamed('Diritti di segreteria')
    const people = [2, 4]
    expect(await preview({ people })).toMatchObject({ raise: { count: 2, cents: 2_000 } })
    expect(await raise({ people, cents: 1_500 })).toMatchObject({ accertamenti: { count: 2, cents: 3_000 } })
    expect((await preview({ people })).raise.count).toBe(0)
    expect(await raise({ people: [4], again: true })).toMatchObject({ accertamenti: { count: 1, cents: 1_000 } })
    const { rows } = await office.accertamenti()
    expect(rows.map((r) => r.personName).sort()).toEqual(['Bruni Bea', 'Donati Dino', 'Donati Dino'])
  })

  it('are of more than nothing, and of no more than pagoPA takes', async () => {
    await enrol(office, PEOPLE)
    const codes = async (amount: number) =>
      (await preview({ people: [1, 2], cents: amount })).problems.map((p) => p.code)
    expect(await codes(0)).toEqual(['AMOUNT_NOT_POSITIVE'])
    expect(await codes(-500)).toEqual(['AMOUNT_NOT_POSITIVE'])
    expect(await codes(Number.MAX_SAFE_INTEGER)).toEqual(['AMOUNT_TOO_LARGE'])
    expect(await problemsOf(raise({ people: [1, 2], cents: 0 }))).toEqual(['AMOUNT_NOT_POSITIVE'])
    expect(await problemsOf(save([row('ORD', euro(1_000_000_000))]))).toEqual(['TARIFF_WRONG'])
  })
})

describe('a type that is not through pagoPA', () => {
  it('is raised, and no notice asks for it', async () => {
    await save()
    await enrol(office, PEOPLE)
    const own = (await call(serviceType.list, undefined, ctx())).find((t) => t.id === service)
    await call(serviceType.save, { ...(own as NonNullable<typeof own>), pagoPa: false }, ctx())
    expect(await raise()).toMatchObject({ accertamenti: { count: 4 } })
    expect(await call(debtPosition.generationPreview, generation(), ctx())).toMatchObject({
      positions: { count: 0 },
      leftOut: [{ reason: 'Il tipo di dovuto non si paga con pagoPA', count: 4 }],
    })
    const [first] = (await office.accertamenti()).rows
    const problems = async (row: object) => {
      const form = {
        ...{ payer: { personId: first?.personId }, rows: [row], others: [], description: '', externalReference: null },
        ...{ terms: { single: { dueDate: null }, installments: null }, validUntil: '2026-12-31' },
      }
      return (await call(positionAct.createPreview, form as never, ctx())).problems.map((p) => p.code)
    }
    expect(await problems({ kind: 'outstanding', accertamentoId: first?.id })).toEqual(['DEBT_NOT_PAGOPA'])
    const due = { kind: 'new', serviceTypeId: service, cents: 1_000, competenceYear: YEAR }
    expect(await problems(due)).toEqual(['DEBT_NOT_PAGOPA'])
  })
})

describe('positions of what has no due date', () => {
  it('take it from the rule of the type, if nobody writes one and the day is still to come', async () => {
    await save()
    await enrol(office, PEOPLE)
    await raise()
    const own = (await call(serviceType.list, undefined, ctx())).find((t) => t.id === service)
    const ruled = (month: number) => {
      const dueRule = { kind: 'fixedDay' as const, month, day: 31, workingDay: false }
      return call(serviceType.save, { ...(own as NonNullable<typeof own>), dueRule }, ctx())
    }
    const wanted: { readonly parameters: object } = generation()
    const parameters = { ...wanted.parameters, dueDate: null }
    await ruled(1)
    const preview = await call(debtPosition.generationPreview, { ...wanted, parameters } as never, ctx())
    expect(preview).toMatchObject({ positions: { count: 4 }, expiredAtIssue: 0 })
    await ruled(5)
    await outcome(await call(debtPosition.generate, { ...wanted, parameters } as never, ctx()))
    expect(new Set((await office.positions()).rows.map((r) => r.dueDate))).toEqual(new Set(['2026-05-31']))
  })
})

describe('fifty thousand people', () => {
  const people = process.env.QUIETANZA_LONG === '1' ? 50_000 : 3_000

  it('are listed, raised with progress, stopped without a trace', async () => {
    await save()
    await enrol(
      office,
      Array.from({ length: people }, (_, n) => ({ section: n % 5 === 0 ? 'B' : 'A' })),
    )
    const started = performance.now()
    expect((await preview()).raise.count).toBe(people)
    const first = performance.now() - started
    const page = async (offset: number) => {
      const from = performance.now()
      const sort = { column: 'cents', direction: 'desc' as const }
      await call(quota.list, { filters: parameters(), search: 'iscritto 0', sort, offset, limit: 100 }, ctx())
      return performance.now() - from
    }
    const pages = [await page(0), await page(people - 100)]
    const stop = new AbortController()
    const stopped = raise({}, stop.signal, (beat) => {
      if (beat.step === 'Registro gli accertamenti') stop.abort()
    })
    expect(await problemsOf(stopped)).toEqual(['CANCELLED'])
    expect((await office.accertamenti()).count).toBe(0)
    const steps = new Set<string>()
    const from = performance.now()
    expect(await raise({}, undefined, (beat) => steps.add(beat.step))).toMatchObject({ lastNumber: people })
    const took = performance.now() - from
    console.info(
      `${people} persone: elenco ${first.toFixed(0)} ms, pagine ${pages.map((t) => t.toFixed(0)).join(' e ')} ms, generazione ${took.toFixed(0)} ms`,
    )
    expect([...steps]).toContain('Registro gli accertamenti')
    expect((await preview()).counts.already).toBe(people)
  }, 180_000)
})
