import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readEvidenceZip } from '#codecs/evidence-zip'
import { readFlow } from '#codecs/flow-read'
import { readGraphic } from '#codecs/graphic'
import { type InspectKind, recogniseKind } from '#codecs/inspect'
import { readPartnerOutcome } from '#codecs/partner-outcome'
import { checkNotice } from '#codecs/pdf/notice-kit'
import { readReceipt } from '#codecs/receipt-xml'
import { readRegisterWhole } from '#codecs/register-read'
import { readStatement } from '#codecs/statement-read'
import { readTariffSheet } from '#codecs/tariff-sheet'
import { readTaxonomy } from '#codecs/taxonomy-file'
import type { StatementMapping } from '#domain/bank-statement'
import { cents } from '#domain/money'
import { PROBLEMS, type Problem, ProblemError, problem } from '#domain/problem'
import type { RegisterMapping } from '#domain/register-mapping'
import { kitFor, NOTICE_LAYOUTS, noticeOf } from '../codecs/pdf-notice-samples.ts'
import { type DescribedWorkbook, workbookFromJson } from './workbook-from-json.ts'

export const FIXTURES = fileURLToPath(new URL('../../fixtures', import.meta.url))
export const BROKEN = join(FIXTURES, 'broken')
const SOURCE = fileURLToPath(new URL('../../src-main', import.meta.url))

/** Codes that the files of a room name, those of its subfolders too, in the order of the alphabet. */
export function codesNamed(room: string, isOf: (file: string) => boolean = () => true): string[] {
  const known = new Set<string>(Object.keys(PROBLEMS))
  const named = readdirSync(join(SOURCE, room), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && isOf(file))
    .flatMap((file) => [...readFileSync(join(SOURCE, room, file), 'utf8').matchAll(/'([A-Z][A-Z0-9_]+)'/g)])
    .map((match) => match[1] as string)
  return [...new Set(named)].filter((code) => known.has(code)).toSorted()
}

export interface How {
  readonly as?: InspectKind
  readonly maxRows?: number
  readonly mapping?: StatementMapping
  /** A table of tariffs, which no importer takes for anything. */
  readonly tariff?: boolean
  /** The taxonomy of pagoPA, which has an importer of its own. */
  readonly taxonomy?: boolean
  /** The outcome of a technological partner, chosen on the file that it answers. */
  readonly partner?: boolean
  /** Of a register. */
  readonly columns?: RegisterMapping
}

export function howOf(folder: string): How {
  const file = join(folder, 'how.json')
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as How) : {}
}

export async function inputOf(folder: string): Promise<{ name: string; bytes: Uint8Array }> {
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

/** Not a file that comes in: a notice of two instalments with these words and amounts, as it would be printed. */
export function problemsOfPaper(bytes: Uint8Array): readonly Problem[] {
  const change = JSON.parse(Buffer.from(bytes).toString('utf8')) as {
    readonly debtor?: string
    readonly subject?: string
    readonly amounts?: readonly number[]
  }
  const layout = NOTICE_LAYOUTS.find((one) => one.installments === 2) as (typeof NOTICE_LAYOUTS)[number]
  const notice = noticeOf(layout, 1, change.subject === undefined ? {} : { subject: change.subject })
  const { debtor = notice.debtor.name, amounts = [] } = change
  const installments = notice.installments.map((one, i) => ({ ...one, cents: cents(amounts[i] ?? one.cents) }))
  return checkNotice({ ...notice, debtor: { ...notice.debtor, name: debtor }, installments }, kitFor(layout))
}

/** What the reader of such files says of one. */
export async function problemsOf(name: string, bytes: Uint8Array, how: How): Promise<readonly Problem[]> {
  if (how.tariff) return (await readTariffSheet(bytes)).problems
  if (how.taxonomy) return readTaxonomy(bytes).problems
  if (how.partner) return readPartnerOutcome(bytes).problems
  switch (how.as ?? (await recogniseKind(bytes))) {
    case 'register':
      return (
        await readRegisterWhole(bytes, {
          ...(how.maxRows ? { maxRows: how.maxRows } : {}),
          ...(how.columns ? { mapping: how.columns } : {}),
        })
      ).problems
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
