import { describe, expect, it } from 'vitest'
import { isoDate } from '#domain/date'
import { cents } from '#domain/money'
import {
  type AlboStretch,
  entryOn,
  seniorityIn,
  type TariffEffect,
  type TariffPerson,
  type TariffRow,
  tariffFor,
} from '#domain/tariff'
import { checkTariff, raiseTariff } from '#domain/tariff-table'

const euro = (amount: number): TariffEffect => ({ kind: 'amount', cents: cents(amount * 100) })
const row = (code: string, effect: TariffEffect, more: Partial<TariffRow> = {}): TariffRow => ({
  ...{ code, description: '', category: null, albo: null, section: null, status: null, fromYears: 0, toYears: null },
  effect,
  ...more,
})
const somebody = (more: Partial<TariffPerson> = {}): TariffPerson => ({
  ...{ category: 'professionista', albo: 'Albo', section: 'A', status: 'iscritto', enrolled: isoDate('2010-05-04') },
  ...more,
})
const RULES = { year: 2026, proRata: false }

const TABLE = [
  row('ORD', euro(215)),
  row('B', euro(180), { section: 'B' }),
  row('STP', euro(350), { category: 'stp' }),
  row('NUOVI', { kind: 'percent', basisPoints: 5000 }, { fromYears: 0, toYears: 0 }),
  row('ANZ', { kind: 'none' }, { fromYears: 50 }),
  row('SOSP', { kind: 'percent', basisPoints: 2500 }, { status: 'sospeso' }),
  row('SOSP0', euro(100), { status: 'sospeso' }),
]

function asked(person: TariffPerson, rows = TABLE, rules = RULES) {
  const outcome = tariffFor(rows, rules, person)
  return outcome.kind === 'due' ? [outcome.row.code, outcome.cents] : [outcome.kind]
}

describe('the tariff of a person', () => {
  it('is the row with most conditions', () => {
    expect(asked(somebody())).toEqual(['ORD', 21_500])
    expect(asked(somebody({ section: 'b ' }))).toEqual(['B', 18_000])
    expect(asked(somebody({ category: 'stp', section: null }))).toEqual(['STP', 35_000])
  })

  it('counts seniority by years, 0 in the year of enrolment', () => {
    expect(seniorityIn(2026, isoDate('2026-12-31'))).toBe(0)
    expect(seniorityIn(2026, isoDate('2025-12-31'))).toBe(1)
    expect(seniorityIn(2026, isoDate('2027-01-01'))).toBeNull()
    expect(asked(somebody({ enrolled: isoDate('2026-02-01') }))).toEqual(['NUOVI', 10_750])
    expect(asked(somebody({ enrolled: isoDate('1976-12-31') }))).toEqual(['none'])
    expect(asked(somebody({ enrolled: isoDate('1977-01-01') }))).toEqual(['ORD', 21_500])
  })

  it('reduces the amount that would be due, to the cent', () => {
    expect(asked(somebody({ status: 'sospeso' }))).toEqual(['SOSP', 2_500])
    const odd = [
      row('ORD', { kind: 'amount', cents: cents(10_001) }),
      row('R', { kind: 'percent', basisPoints: 5000 }, { section: 'A' }),
    ]
    expect(asked(somebody(), odd)).toEqual(['R', 5_001])
  })

  it('asks nothing of who is not enrolled, unless a row says so', () => {
    expect(asked(somebody({ status: 'cancellato' }))).toEqual(['none'])
    expect(asked(somebody({ status: 'Sospeso' }), [row('ORD', euro(215))])).toEqual(['none'])
  })

  it('tells a hole and a clash instead of guessing', () => {
    const onlyB = [row('B', euro(180), { section: 'B' })]
    expect(tariffFor(onlyB, RULES, somebody())).toEqual({
      kind: 'hole',
      why: 'Nessuna tariffa per professionista, Albo, sezione A, 16 anni d’iscrizione',
      group: 'Nessuna tariffa per professionista, Albo, sezione A',
    })
    const clash = [row('X', euro(1), { section: 'A' }), row('Y', euro(2), { section: 'a' })]
    expect(asked(somebody(), clash)).toEqual(['clash'])
  })

  it('asks of who enrols during the year the months that are left, that of enrolment included', () => {
    const rules = { year: 2026, proRata: true }
    const rows = [row('ORD', euro(215))]
    expect(asked(somebody({ enrolled: isoDate('2026-01-31') }), rows, rules)).toEqual(['ORD', 21_500])
    // 215,00 × 6 / 12 = 107,50; × 1 / 12 = 17,9166…
    expect(asked(somebody({ enrolled: isoDate('2026-07-15') }), rows, rules)).toEqual(['ORD', 10_750])
    expect(asked(somebody({ enrolled: isoDate('2026-12-01') }), rows, rules)).toEqual(['ORD', 1_792])
    expect(asked(somebody({ enrolled: isoDate('2025-07-15') }), rows, rules)).toEqual(['ORD', 21_500])
  })
})

describe('a table while it is written', () => {
  const said = (rows: TariffRow[]) => checkTariff(rows).map((remark) => [remark.severity, remark.rows, remark.text])

  it('is silent when it is right', () => {
    expect(said(TABLE)).toEqual([])
  })

  it('tells what overlaps', () => {
    expect(said([row('A', euro(1), { fromYears: 0, toYears: 5 }), row('B', euro(2), { fromYears: 5 })])).toEqual([
      [
        'error',
        [0, 1],
        'Righe 1 e 2 si sovrappongono (da 0 a 5 anni e da 5 anni in su): non si sa quale vale. Aggiungi una condizione a una delle due.',
      ],
    ])
    // Somebody fits both, but the category counts before the section.
    const both = [row('B', euro(1), { section: 'B' }), row('P', euro(2), { category: 'praticante' })]
    expect(checkTariff(both).filter((remark) => remark.severity === 'error')).toEqual([])
    expect(asked(somebody({ category: 'praticante', section: 'B' }), both)).toEqual(['P', 200])
    expect(checkTariff([row('A', euro(1), { section: 'A' }), row('B', euro(2), { section: 'B' })])).toEqual([])
  })

  it('tells the years that nobody has thought of', () => {
    const rows = [
      row('A', euro(100), { category: 'praticante', section: 'B', fromYears: 0, toYears: 4 }),
      row('B', euro(200), { category: 'praticante', section: 'B', fromYears: 10 }),
    ]
    expect(said(rows)).toEqual([['warning', [0, 1], 'Nessuna tariffa per praticante, sezione B, da 5 a 9 anni.']])
    expect(said([...rows, row('C', euro(300))])).toEqual([])
  })

  it('tells what is missing or cannot be', () => {
    expect(
      said([
        row('', euro(1)),
        row('X', euro(0), { section: 'A' }),
        row('x', euro(1), { section: 'B', fromYears: 3, toYears: 2 }),
      ]).map(([, , text]) => text),
    ).toEqual([
      'Manca il codice.',
      'L’importo deve essere più di zero.',
      'Il codice «x» è già della riga 2.',
      'Gli anni vanno da 3 a 2: il secondo numero è più piccolo.',
    ])
  })
})

describe('a year copied into the next', () => {
  const cent = (rows: TariffRow[]) => rows.map((r) => (r.effect.kind === 'amount' ? r.effect.cents : r.effect.kind))

  it('raises amounts by a percentage and brings them to a multiple, half up', () => {
    // 215 + 3 % = 221,45; 180 + 3 % = 185,40; 350 + 3 % = 360,50.
    const rows = TABLE.slice(0, 5)
    expect(cent(raiseTariff(rows, 300, 1))).toEqual([22_145, 18_540, 36_050, 'percent', 'none'])
    expect(cent(raiseTariff(rows, 300, 100))).toEqual([22_100, 18_500, 36_100, 'percent', 'none'])
    expect(cent(raiseTariff(rows, 300, 500))).toEqual([22_000, 18_500, 36_000, 'percent', 'none'])
    expect(cent(raiseTariff(rows, -1000, 50))).toEqual([19_350, 16_200, 31_500, 'percent', 'none'])
  })

  it('leaves amounts alone without a rise, and never makes nothing of something', () => {
    expect(cent(raiseTariff([row('A', { kind: 'amount', cents: cents(12_345) })], 0, 500))).toEqual([12_345])
    expect(cent(raiseTariff([row('A', { kind: 'amount', cents: cents(3) })], -5000, 100))).toEqual([100])
  })
})

describe('where somebody stands in the albo on a day', () => {
  const stretch = (from: string, to: string | null, more: Partial<AlboStretch> = {}): AlboStretch => ({
    ...{ albo: 'Albo', section: null, status: 'iscritto', from: isoDate(from), to: to === null ? null : isoDate(to) },
    ...more,
  })

  it('a change of section or status does not make them new, a break does', () => {
    const entries = [stretch('2010-01-01', '2020-06-30'), stretch('2020-07-01', null, { section: 'B' })]
    expect(entryOn(entries, isoDate('2026-01-01'))).toMatchObject({ enrolled: '2010-01-01', entry: { section: 'B' } })
    const broken = [stretch('2010-01-01', '2018-06-30'), stretch('2020-07-01', null)]
    expect(entryOn(broken, isoDate('2026-01-01'))?.enrolled).toBe('2020-07-01')
    expect(entryOn(broken, isoDate('2019-01-01'))).toBeNull()
    const moved = [stretch('2010-01-01', '2020-06-30', { albo: 'Registro praticanti' }), stretch('2020-07-01', null)]
    expect(entryOn(moved, isoDate('2026-01-01'))?.enrolled).toBe('2020-07-01')
  })

  it('an albo that they left does not hide the one in which they are; in one albo the latest holds', () => {
    const left = stretch('2015-01-01', null, { albo: 'Registro praticanti', status: 'cancellato' })
    const day = isoDate('2026-01-01')
    expect(entryOn([stretch('2010-01-01', null), left], day)?.entry).toMatchObject({ albo: 'Albo', from: '2010-01-01' })
    expect(entryOn([left], day)?.entry).toMatchObject({ status: 'cancellato' })
    const suspended = [stretch('2010-01-01', null), stretch('2025-01-01', null, { status: 'sospeso' })]
    expect(entryOn(suspended, day)?.entry).toMatchObject({ status: 'sospeso' })
  })
})
