import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readTaxonomy } from '#codecs/taxonomy-file'
import { ordersTaxonomy, taxonomyCsv, taxonomyJson, taxonomyRow } from '../services/support/taxonomy-files.ts'
import { specsDir } from '../specs.ts'

const SPECS = specsDir()
if (SPECS === null) console.warn('The official taxonomy is not read: no folder of specifications here.')

describe('the taxonomy of the collection services', () => {
  it('JSON and CSV say the same, whatever separates the columns', () => {
    const rows = [...ordersTaxonomy(), taxonomyRow({ type: '11', service: '101', reason: 'AP', from: '02/27/2023' })]
    const { entries, problems } = readTaxonomy(taxonomyJson(rows))
    expect(problems).toEqual([])
    expect(entries).toHaveLength(13)
    expect(entries[7]).toMatchObject({
      ...{ code: '9/0401107TS/', creditorType: '04', area: '01', service: '107', serviceName: 'Servizio 107' },
      ...{ reason: 'TS', version: 90, validFrom: '1900-01-01', validTo: '2080-01-01' },
    })
    // Month before day.
    expect(entries[12]?.validFrom).toBe('2023-02-27')
    for (const separator of [',', ';', '\t']) {
      expect(readTaxonomy(taxonomyCsv(rows, separator)), separator).toEqual({ entries, problems: [] })
    }
  })

  it('is taken whole or not at all, and each row says what is wrong with it', () => {
    const rows = ordersTaxonomy({ '101': { from: '27/02/2023' }, '103': { service: '3' } })
    const { entries, problems } = readTaxonomy(taxonomyJson(rows))
    expect(entries).toEqual([])
    expect(problems.map(({ code, position }) => [code, position?.path])).toEqual([
      ['TAXONOMY_DATE', '[1]'],
      ['TAXONOMY_FIELD', '[3]'],
    ])
    for (const nonsense of ['{}', '[1]', '[', 'null', '"x"', 'a,b\n1,2', '[{}]', '[[]]', '\0']) {
      const reading = readTaxonomy(Buffer.from(nonsense))
      expect(reading.entries, nonsense).toEqual([])
      expect(reading.problems, nonsense).toHaveLength(1)
    }
    // No text but what is text: a number would have lost its zeros.
    const numbers = JSON.parse(taxonomyJson([taxonomyRow()]).toString()) as Record<string, unknown>[]
    const spoiled = Buffer.from(JSON.stringify(numbers.map((row) => ({ ...row, 'CODICE TIPO ENTE CREDITORE': 4 }))))
    expect(readTaxonomy(spoiled).problems.map(({ code }) => code)).toEqual(['TAXONOMY_FIELD'])
  })

  it.skipIf(SPECS === null)('reads the official file of version 33, all 623 codes', () => {
    const { entries, problems } = readTaxonomy(
      readFileSync(join(SPECS ?? '', 'pagopa-data/taxonomy/tassonomia_v33_2023-10.json')),
    )
    expect(problems).toEqual([])
    expect(entries).toHaveLength(623)
    expect(entries.filter((one) => one.creditorType === '04')).toHaveLength(12)
    expect(entries.filter((one) => one.validTo < '2026-01-01').length).toBeGreaterThan(0)
  })
})
