import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { inspectFile } from '#codecs/inspect'
import { readRegisterWhole } from '#codecs/register-read'
import { problemReport } from '#domain/problem'
import { BROKEN, codesNamed, FIXTURES, howOf, inputOf, problemsOf, problemsOfPaper } from './broken.ts'
import { type DescribedWorkbook, workbookFromJson } from './workbook-from-json.ts'

describe('each code that a file can raise has a broken file and its exact text', () => {
  const folders = readdirSync(BROKEN).toSorted()

  it('no code is without its fixture, no fixture without its code', () => {
    expect(folders).toEqual(codesNamed('codecs'))
  })

  it.each(folders)('%s', async (code) => {
    const folder = join(BROKEN, code)
    const { name, bytes } = await inputOf(folder)
    const how = howOf(folder)
    const isPaper = name === 'input.paper.json'
    const problems = isPaper ? problemsOfPaper(bytes) : await problemsOf(name, bytes, how)
    const text = `${problems.map((p) => problemReport({ ...p, file: name })).join('\n\n')}\n`
    const expected = join(folder, 'expected.txt')
    if (process.env.GALLERY_UPDATE === '1') writeFileSync(expected, text)
    expect(problems.map((p) => p.code)).toContain(code)
    expect(text).toBe(readFileSync(expected, 'utf8'))
    if (!isPaper && !how.tariff && !how.taxonomy && !how.partner && !how.mapping && !how.columns && !how.maxRows) {
      const inspected = await inspectFile(name, bytes, how.as)
      expect(inspected.problems.map((p) => p.code)).toEqual(problems.map((p) => p.code))
    }
  })
})

describe('a workbook with forty different mistakes', () => {
  it('lists all forty, each with its place, and gives none of their rows as good', async () => {
    const described = JSON.parse(
      readFileSync(join(FIXTURES, 'forty-mistakes.workbook.json'), 'utf8'),
    ) as DescribedWorkbook & {
      readonly mistakes: readonly { readonly code: string; readonly row: number; readonly column: string }[]
    }
    expect(described.mistakes).toHaveLength(40)
    const reading = await readRegisterWhole(await workbookFromJson(described))
    const found = reading.problems.map((p) => ({ code: p.code, row: p.position?.row, column: p.position?.column }))
    expect(found).toHaveLength(40)
    for (const mistake of described.mistakes) {
      // An incomplete address is told at its first missing part.
      expect(found).toContainEqual(mistake)
    }
    for (const p of reading.problems) {
      expect(p.position?.sheet).toBe('Quote')
      expect(p.field).not.toBe('')
    }
    const wrong = new Set(reading.problems.filter((p) => p.severity === 'error').map((p) => p.position?.row))
    expect(reading.rows.filter((row) => wrong.has(row.row))).toEqual([])
    expect(reading.errorCount + reading.warningCount).toBe(40)
  })
})
