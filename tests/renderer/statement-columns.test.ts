import { describe, expect, it } from 'vitest'
import type { StatementMapping } from '#domain/bank-statement'
import {
  columnLetter,
  mappingOf,
  PLAIN_SHAPE,
  rolesFromHeadings,
  rolesOf,
  shapeOf,
  withRole,
} from '../../src-renderer/pages/statements/columns-to-mapping.ts'

const SIGNED: StatementMapping = {
  encoding: 'windows-1252',
  separator: '\t',
  headerRow: 3,
  bookingDateColumn: 0,
  valueDateColumn: 1,
  amount: { kind: 'signed', column: 4 },
  descriptionColumns: [2, 3],
  referenceColumn: 5,
  dateFormat: 'ymd',
  decimalMark: '.',
}
const DEBIT_CREDIT: StatementMapping = { ...SIGNED, amount: { kind: 'debitCredit', debitColumn: 4, creditColumn: 6 } }
const SIGN: StatementMapping = {
  ...SIGNED,
  valueDateColumn: null,
  referenceColumn: null,
  amount: { kind: 'signColumn', column: 4, signColumn: 5, debit: ['U'], credit: ['E'] },
}
const ONLY: StatementMapping = { ...SIGNED, headerRow: null, amount: { kind: 'creditsOnly', column: 4 } }

describe('columns of a statement', () => {
  it.each([SIGNED, DEBIT_CREDIT, SIGN, ONLY])('gives back the mapping it was made of', (mapping) => {
    expect(mappingOf(shapeOf(mapping), rolesOf(mapping), mapping)).toEqual({ mapping })
  })

  it('keeps what it has no control for: rows to skip, rows that wait, the provvisorio, texts over several rows', () => {
    const whole: StatementMapping = {
      ...SIGNED,
      provvisorioColumn: 7,
      skipTop: 2,
      skipBottom: 1,
      skipWhere: { column: 6, texts: ['prenotata'] },
      descriptionRows: 'until-next-date',
      descriptionJoint: 'none',
      amountUnit: 'cents',
    }
    expect(mappingOf(shapeOf(whole), rolesOf(whole), whole)).toEqual({ mapping: whole })
  })

  it('says what is missing, one thing at a time', () => {
    const missing = (roles: Parameters<typeof mappingOf>[1]) => mappingOf(PLAIN_SHAPE, roles, null)
    expect(missing({})).toEqual({ missing: expect.stringContaining('data contabile') })
    expect(missing({ 0: 'bookingDate' })).toEqual({ missing: expect.stringContaining('importo') })
    expect(missing({ 0: 'bookingDate', 1: 'debit' })).toEqual({ missing: expect.stringContaining('importo') })
    expect(missing({ 0: 'bookingDate', 1: 'amount' })).toEqual({ missing: expect.stringContaining('descrizione') })
  })

  it('takes a role from the column that had it, but descriptions may be several', () => {
    expect(withRole({ 0: 'amount' }, 1, 'amount')).toEqual({ 1: 'amount' })
    expect(withRole({ 0: 'description' }, 1, 'description')).toEqual({ 0: 'description', 1: 'description' })
    expect(withRole({ 0: 'amount' }, 0, null)).toEqual({})
  })

  it('starts from the headings where the file gave no proposal', () => {
    const headings = ['Data op.', 'Data valuta', 'Descrizione operazione', 'Dare', 'Avere', 'Rif.']
    expect(rolesFromHeadings(headings)).toEqual({
      0: 'bookingDate',
      1: 'valueDate',
      2: 'description',
      3: 'debit',
      4: 'credit',
      5: 'reference',
    })
    expect(rolesFromHeadings(['niente'])).toEqual({})
    expect(rolesFromHeadings(undefined)).toEqual({})
  })

  it('names columns as spreadsheets do', () => {
    expect([0, 25, 26, 51, 52].map(columnLetter)).toEqual(['A', 'Z', 'AA', 'AZ', 'BA'])
  })
})
