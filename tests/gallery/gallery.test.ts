import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { readEvidenceZip } from '#codecs/evidence-zip'
import { readFlow } from '#codecs/flow-read'
import { readGraphic } from '#codecs/graphic'
import { type InspectKind, inspectFile, recogniseKind } from '#codecs/inspect'
import { readReceipt } from '#codecs/receipt-xml'
import { readRegisterWhole } from '#codecs/register-tracciato'
import { readStatement } from '#codecs/statement-read'
import type { StatementMapping } from '#domain/bank-statement'
import { PROBLEMS, type Problem, ProblemError, problem, problemReport } from '#domain/problem'
import { type DescribedWorkbook, workbookFromJson } from './workbook-from-json.ts'

const FIXTURES = fileURLToPath(new URL('../../fixtures', import.meta.url))
const BROKEN = join(FIXTURES, 'broken')

const CODECS = fileURLToPath(new URL('../../src-main/codecs', import.meta.url))

/** Codes named in the readers of files: what a file alone can raise. Services raise the others, looking into the books. */
function codesOfCodecs(): string[] {
  const known = new Set<string>(Object.keys(PROBLEMS))
  const named = readdirSync(CODECS)
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => [...readFileSync(join(CODECS, file), 'utf8').matchAll(/'([A-Z][A-Z0-9_]+)'/g)])
    .map((match) => match[1] as string)
  return [...new Set(named)].filter((code) => known.has(code)).toSorted()
}

interface How {
  readonly as?: InspectKind
  readonly maxRows?: number
  readonly mapping?: StatementMapping
}

async function inputOf(folder: string): Promise<{ name: string; bytes: Uint8Array }> {
  const name = readdirSync(folder).find((f) => f.startsWith('input.')) as string
  const bytes = readFileSync(join(folder, name))
  if (name.endsWith('.workbook.json')) {
    return {
      name: 'input.xlsx',
      bytes: await workbookFromJson(JSON.parse(bytes.toString('utf8')) as DescribedWorkbook),
    }
  }
  if (!name.endsWith('.built.json')) return { name, bytes }
  const built = JSON.parse(bytes.toString('utf8')) as { fill: number; bytes: number }
  return { name: 'input', bytes: Buffer.alloc(built.bytes, built.fill) }
}

async function problemsOf(name: string, bytes: Uint8Array, how: How): Promise<readonly Problem[]> {
  switch (how.as ?? (await recogniseKind(bytes))) {
    case 'register':
      return (await readRegisterWhole(bytes, how.maxRows ? { maxRows: how.maxRows } : {})).problems
    case 'bankStatement':
      return (await readStatement(bytes, how.mapping)).problems
    case 'reportingFlow':
      return (await readFlow(bytes)).problems
    case 'receipt':
      return (await readReceipt(bytes)).problems
    case 'graphic':
      return problemsOfGraphic(bytes)
    case 'archive':
      return problemsOfArchive(bytes)
    default:
      return [bytes.length === 0 ? problem('FILE_EMPTY', {}) : problem('FILE_UNKNOWN', { name })]
  }
}

async function problemsOfArchive(bytes: Uint8Array): Promise<readonly Problem[]> {
  const archive = readEvidenceZip(bytes)
  if (!archive.ok) return [archive.error]
  const read = await Promise.all(archive.value.map((entry) => entry.bytes()))
  return read.flatMap((entry) => (entry.ok ? [] : [entry.error]))
}

function problemsOfGraphic(bytes: Uint8Array): readonly Problem[] {
  try {
    readGraphic(bytes)
    return []
  } catch (error) {
    if (error instanceof ProblemError) return error.problems
    throw error
  }
}

describe('each code that a file can raise has a broken file and its exact text', () => {
  const folders = readdirSync(BROKEN).toSorted()

  it('no code is without its fixture, no fixture without its code', () => {
    expect(folders).toEqual(codesOfCodecs())
  })

  it.each(folders)('%s', async (code) => {
    const folder = join(BROKEN, code)
    const { name, bytes } = await inputOf(folder)
    const how = existsSync(join(folder, 'how.json'))
      ? (JSON.parse(readFileSync(join(folder, 'how.json'), 'utf8')) as How)
      : {}
    const problems = await problemsOf(name, bytes, how)
    const text = `${problems.map((p) => problemReport({ ...p, file: name })).join('\n\n')}\n`
    const expected = join(folder, 'expected.txt')
    if (process.env.GALLERY_UPDATE === '1') writeFileSync(expected, text)
    expect(problems.map((p) => p.code)).toContain(code)
    expect(text).toBe(readFileSync(expected, 'utf8'))
    if (!how.mapping && !how.maxRows) {
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
