import { describe, expect, it } from 'vitest'
import { missingFields, type RegisterMapping } from '#domain/register-mapping'
import {
  absentColumns,
  columnsOf,
  fieldsOfColumn,
  fieldsOfGroup,
  onColumns,
  refOf,
  sameMapping,
  withColumnField,
  withColumns,
  withOtherwise,
  withoutColumns,
  withoutSkip,
  withPurpose,
  withSkip,
  withSource,
  withTranslations,
} from '../../src-renderer/pages/import/mapping-edit.ts'

const EMPTY: RegisterMapping = {
  purpose: 'dues',
  sheet: null,
  headerRow: 1,
  encoding: null,
  separator: null,
  fields: {},
  amountForm: 'comma',
  dateForm: 'dmy',
  skip: [],
}
const at = (letter: string, heading: string) => ({ letter, heading })
const letters = (mapping: RegisterMapping, field: 'name' | 'amount' | 'street') =>
  columnsOf(mapping.fields[field]).map((c) => c.letter)

describe('columns of a register assigned by a person', () => {
  it('joins pieces of a name in the order in which they are told', () => {
    const first = withColumnField(EMPTY, at('B', 'Cognome'), 'name')
    const both = withColumnField(first, at('A', 'Nome'), 'name')
    expect(letters(both, 'name')).toEqual(['B', 'A'])
    expect(letters(withColumnField(both, at('A', 'Nome'), null), 'name')).toEqual(['B'])
  })

  it('reads an amount from one column only: the last told takes its place', () => {
    const first = withColumnField(EMPTY, at('E', 'Quota'), 'amount')
    expect(letters(withColumnField(first, at('F', 'Totale'), 'amount'), 'amount')).toEqual(['F'])
  })

  it('takes a column away from the field that it filled, which is then missing again', () => {
    const amount = withColumnField(EMPTY, at('E', 'Quota'), 'amount')
    const moved = withColumnField(amount, at('E', 'Quota'), 'street')
    expect(fieldsOfColumn(moved, 'E')).toEqual(['street'])
    expect(missingFields(moved)).toContain('amount')
    expect(withColumnField(moved, at('E', 'Quota'), 'street')).toBe(moved)
  })

  it('keeps what a field translates when its columns change, and loses it with the last of them', () => {
    const field = withTranslations(withColumns(EMPTY, 'category', [at('D', 'Tipo')]), 'category', [
      { from: 'A', to: 'professionista' },
    ])
    const filled = withOtherwise(field, 'category', 'altro')
    const elsewhere = withColumns(filled, 'category', [at('H', 'Qualifica')])
    expect(elsewhere.fields.category).toEqual({
      kind: 'columns',
      columns: [at('H', 'Qualifica')],
      translations: [{ from: 'A', to: 'professionista' }],
      otherwise: 'altro',
    })
    expect(withColumns(elsewhere, 'category', []).fields.category).toBeUndefined()
  })

  it('keeps constants and computed texts, not columns, for another sheet', () => {
    const year = withSource(EMPTY, 'competenceYear', { kind: 'constant', text: '2026' })
    const mapping = withColumnField(year, at('E', 'Quota'), 'amount')
    expect(withoutColumns(mapping)).toEqual({ competenceYear: { kind: 'constant', text: '2026' } })
  })

  it('finds the columns of a profile by heading wherever they stand, and tells those that are not there', () => {
    const profile = withColumns(EMPTY, 'amount', [at('E', 'Quota 2026')])
    const skipping = { ...profile, skip: [{ column: at('A', 'Cod. fiscale'), texts: ['Totale'] }] }
    const here = [at('A', 'COD FISCALE'), at('C', 'quota  2026'), at('D', 'Altro')]
    const found = onColumns(skipping, here)
    expect(columnsOf(found.fields.amount)).toEqual([at('C', 'quota  2026')])
    expect(found.skip[0]?.column).toEqual(at('A', 'COD FISCALE'))
    expect(absentColumns(found, here)).toEqual([])
    expect(absentColumns(onColumns(profile, [at('A', 'Codice')]), [at('A', 'Codice')])).toEqual(['Quota 2026'])
  })

  it('prefers the same letter among columns of one heading', () => {
    const profile = withColumns(EMPTY, 'amount', [at('D', 'Importo')])
    expect(columnsOf(onColumns(profile, [at('B', 'Importo'), at('D', 'Importo')]).fields.amount)).toEqual([
      at('D', 'Importo'),
    ])
  })

  it('asks nothing of what is owed where the file holds people only', () => {
    expect(fieldsOfGroup('due', 'people')).toEqual([])
    expect(fieldsOfGroup('due', 'dues')).toContain('amount')
    expect(missingFields({ ...EMPTY, purpose: 'people' })).not.toContain('amount')
  })

  it('knows the same mapping whatever the order of its keys', () => {
    const a = withSource(withColumns(EMPTY, 'amount', [at('E', 'Quota')]), 'service', {
      kind: 'constant',
      text: 'Quota',
    })
    const b = withColumns(withSource(EMPTY, 'service', { kind: 'constant', text: 'Quota' }), 'amount', [
      at('E', 'Quota'),
    ])
    expect(sameMapping(a, b)).toBe(true)
    expect(sameMapping(a, { ...b, dateForm: 'ymd' })).toBe(false)
  })
})

describe('rows and fields that have no place', () => {
  it('keeps the texts of one column together, and forgets the rule with the last of them', () => {
    const one = withSkip(EMPTY, at('A', 'Nome'), 'Totale')
    const two = withSkip(withSkip(one, at('A', 'Nome'), 'Cessato'), at('A', 'Nome'), 'TOTALE')
    expect(two.skip).toEqual([{ column: at('A', 'Nome'), texts: ['Cessato', 'TOTALE'] }])
    expect(withoutSkip(withoutSkip(two, 'A', 'Cessato'), 'A', 'TOTALE').skip).toEqual([])
  })

  it('drops what is owed where the file holds people only', () => {
    const both = withColumns(withColumns(EMPTY, 'amount', [at('E', 'Quota')]), 'name', [at('A', 'Chi')])
    expect(Object.keys(withPurpose(both, 'people').fields)).toEqual(['name'])
    expect(withPurpose(both, 'dues').fields).toBe(both.fields)
  })

  it('names a column by its letter alone where the file has no headings', () => {
    expect(refOf(EMPTY, { letter: 'B', heading: 'Quota' })).toEqual(at('B', 'Quota'))
    expect(refOf({ ...EMPTY, headerRow: null }, { letter: 'B', heading: 'Quota' })).toEqual({
      letter: 'B',
      heading: null,
    })
  })
})
