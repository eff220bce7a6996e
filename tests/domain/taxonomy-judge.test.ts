import { describe, expect, it } from 'vitest'
import { isoDate } from '#domain/date'
import { ORDER_TAXONOMY, taxonomyCore } from '#domain/taxonomy'
import { compareTaxonomy, type KnownCode, ORDER_CODES, type Taxonomy, TaxonomyJudge } from '#domain/taxonomy-judge'

const TODAY = isoDate('2026-03-12')
const known = (service: string, more: Partial<KnownCode> = {}): KnownCode => ({
  ...{ code: `9/0401${service}TS/`, creditorType: '04', creditorTypeName: 'Ordini', area: '01', areaName: 'Area' },
  ...{ service, serviceName: `Servizio ${service}`, reason: 'TS', description: '', version: 90, gone: false },
  ...{ validFrom: isoDate('1900-01-01'), validTo: isoDate('2080-01-01'), ...more },
})
const taxonomy = (...codes: readonly KnownCode[]): Taxonomy => ({ version: 90, codes })

describe('codes of taxonomy', () => {
  it('are compared on the nine characters in the middle', () => {
    for (const code of ['9/0401107TS/', '6/0401107TS/', '9/0401107TS/ALBO2026', '0401107TS', '0401107TS/']) {
      expect(taxonomyCore(code), code).toBe('0401107TS')
    }
    for (const code of ['', '9/0401107XX/', '90401107TS', '9/0401107TSX/']) expect(taxonomyCore(code), code).toBeNull()
    const judge = new TaxonomyJudge(taxonomy(known('107')), TODAY)
    for (const code of ['9/0401107TS/', '8/0401107TS/', '9/0401107TS/ALBO']) {
      expect(judge.judge(code)).toMatchObject({ state: 'valid', warning: null, serviceName: 'Servizio 107' })
    }
  })

  it('without any file are those of the orders, and a code of others can only be looked up', () => {
    const judge = new TaxonomyJudge(ORDER_CODES, TODAY)
    expect(ORDER_CODES.codes).toHaveLength(12)
    for (const code of Object.values(ORDER_TAXONOMY)) expect(judge.judge(code)).toMatchObject({ state: 'valid' })
    expect(judge.judge('9/0801100AP/')).toMatchObject({ state: 'unknown' })
    expect(judge.judge('9/0801100AP/').warning).toContain('importa la tassonomia')
  })

  it('are in force from their first day to their last, both included', () => {
    const day = (validFrom: string, validTo: string) =>
      new TaxonomyJudge(
        taxonomy(known('107', { validFrom: isoDate(validFrom), validTo: isoDate(validTo) })),
        TODAY,
      ).judge('9/0401107TS/')
    expect(day('2026-03-12', '2026-03-12')).toMatchObject({ state: 'valid' })
    expect(day('2026-03-13', '2026-12-31')).toMatchObject({ state: 'future' })
    const expired = day('2020-01-01', '2026-03-11')
    expect(expired).toMatchObject({ state: 'expired', validTo: '2026-03-11' })
    expect(expired.warning).toBe(
      'Il codice 9/0401107TS/ (Servizio 107) è scaduto il 11/03/2026. Il nodo può rifiutare le posizioni che lo usano: scegline un altro.',
    )
    const gone = new TaxonomyJudge(taxonomy(known('107', { gone: true })), TODAY).judge('9/0401107TS/')
    expect(gone).toMatchObject({ state: 'gone', serviceName: 'Servizio 107' })
    const moved = taxonomy(known('107', { code: '8/0401107TS/' }), known('107', { gone: true }))
    expect(new TaxonomyJudge(moved, TODAY).judge('9/0401107TS/')).toMatchObject({ state: 'valid' })
    expect(new TaxonomyJudge(taxonomy(), TODAY).judge('quota')).toMatchObject({ state: 'malformed' })
  })

  it('a new file says what is new, changed, expired and gone, and nothing of the rest', () => {
    const before = taxonomy(known('100'), known('101'), known('102'), known('103'), known('104', { gone: true }))
    const { gone: _gone, ...same } = known('100')
    const after = [
      same,
      { ...known('101'), serviceName: 'Altro nome' },
      { ...known('102'), validTo: isoDate('2025-12-31') },
      { ...known('104') },
      { ...known('105'), validTo: isoDate('2025-12-31') },
    ]
    expect(
      compareTaxonomy(before, after, TODAY).map(({ kind, entry, changes }) => [kind, entry.service, changes]),
    ).toEqual([
      ['changed', '101', [{ field: 'Servizio', before: 'Servizio 101', after: 'Altro nome' }]],
      ['expired', '102', [{ field: 'Valido fino al', before: '01/01/2080', after: '31/12/2025' }]],
      // It comes back.
      ['new', '104', []],
      ['expired', '105', []],
      ['gone', '103', []],
    ])
  })
})
