import type { RegisterFileColumn } from '#codecs/register-layout'
import type { Id } from '#domain/brand'
import { canonicalJson } from '#domain/json'
import { usualChoice } from '#domain/person-difference'
import { REGISTER_FIELDS } from '#domain/register-field'
import { differenceKey, type NewDifference, readShown, type ShownDifference } from '#ledger/import-difference'
import type { ReadHandle, WriteHandle } from '#ledger/ledger'
import { listMarkedRows, listRowsAt, readImport, type StoredImportRow } from '#ledger/register-import'
import { readSetting, writeSetting } from '#ledger/setting'
import type { RegisterLine } from './register-check.ts'
import { cellsOf } from './register-reading.ts'
import { type Carried, type FileFacts, factsKey, readFacts } from './register-summary.ts'

type ImportId = Id<'registerImport'>
type Cells = Readonly<Record<string, string>>

/** One row that a person corrected while its import waits. */
interface CorrectedRow {
  readonly row: number
  /** Texts by letter as the file has them. */
  readonly before: Cells
  /** What was written instead. */
  readonly fixed: Cells
}

const fixedKey = (id: ImportId) => `registerImport.${id}.fixed`

async function readCorrected(db: ReadHandle, id: ImportId): Promise<CorrectedRow[]> {
  const text = await readSetting(db, fixedKey(id))
  return text === null ? [] : (JSON.parse(text) as CorrectedRow[])
}

/** What was corrected of an import, whole. */
export async function writeCorrected(db: WriteHandle, id: ImportId, rows: readonly CorrectedRow[]): Promise<void> {
  const known = rows.filter(({ fixed }) => Object.keys(fixed).length > 0)
  await writeSetting(db, fixedKey(id), known.length === 0 ? null : canonicalJson(JSON.parse(JSON.stringify(known))))
}

/** Remembers that a cell was corrected, so that the next reading finds it; `cells` are the row's as they were until now. */
export async function rememberFix(
  db: WriteHandle,
  { importId, rowNumber }: StoredImportRow,
  cells: Cells,
  column: string,
  value: string,
): Promise<void> {
  const rows = await readCorrected(db, importId)
  const known = rows.find(({ row }) => row === rowNumber) ?? { row: rowNumber, before: { ...cells }, fixed: {} }
  const { [column]: _was, ...others } = known.fixed
  const fixed = value === (known.before[column] ?? '') ? others : { ...others, [column]: value }
  await writeCorrected(db, importId, [...rows.filter((one) => one !== known), { ...known, fixed }])
}

/** What was corrected is in the books, or given up: settings keep no text of anybody. */
export async function forgetFixes(db: WriteHandle, id: ImportId): Promise<void> {
  await writeSetting(db, fixedKey(id), null)
  const { carried, ...facts } = await readFacts(db, id)
  if (carried !== undefined) await writeSetting(db, factsKey(id), canonicalJson(JSON.parse(JSON.stringify(facts))))
}

/** Everything that a person did on an import that waits. */
export interface Handwork {
  readonly sameBytes: boolean
  readonly facts: FileFacts
  readonly sheet: string
  readonly corrected: readonly CorrectedRow[]
  readonly marked: readonly { readonly row: number; readonly before: Cells; readonly what: 'leftOut' | 'ticked' }[]
  readonly shown: ReadonlyMap<string, ShownDifference>
}

export async function readHandwork(db: ReadHandle, id: ImportId, sha256: string): Promise<Handwork | null> {
  const head = await readImport(db, id)
  if (head?.state !== 'pending') return null
  const facts = await readFacts(db, id)
  const corrected = await readCorrected(db, id)
  const before = new Map(corrected.map((one) => [one.row, one.before]))
  const marked = (await listMarkedRows(db, id)).flatMap((row) => {
    const cells = before.get(row.rowNumber) ?? storedCells(row, facts.columns)
    const marks = [...(row.leftOut === 1 ? ['leftOut' as const] : []), ...(row.ticked === 1 ? ['ticked' as const] : [])]
    return marks.map((what) => ({ row: row.rowNumber, before: cells, what }))
  })
  const shown = new Map(
    [...(await readShown(db, id, null))].filter(([key, one]) => one.choice !== usualOf(key, one.oldValue)),
  )
  return { sameBytes: head.sha256 === sha256, facts, sheet: facts.sheet, corrected, marked, shown }
}

function usualOf(key: string, old: string | null) {
  return usualChoice({ field: key.slice(key.indexOf('|') + 1) as NewDifference['field'], old })
}

export function storedCells(row: StoredImportRow, columns: readonly RegisterFileColumn[]): Record<string, string> {
  const parsed = row.parsedJson === null ? null : (JSON.parse(row.parsedJson) as RegisterLine)
  return cellsOf(parsed, JSON.parse(row.rawJson) as Cells, columns)
}

/** A row of the new reading, as its file has it. */
export interface NewRow {
  readonly sheet: string
  readonly rowNumber: number
  readonly cells: () => Cells
}

/** What of the handwork goes to which row of the new reading. */
export interface Plan {
  readonly fixes: ReadonlyMap<number, Cells>
  readonly leftOut: ReadonlySet<number>
  readonly ticked: ReadonlySet<number>
  readonly lost: Carried['lost']
}

/**
 * Finds each row again: in the same bytes by its number, else where all its cells read as they did, at its number or at
 * one place alone. A corrected cell must be read as the same thing in the same form.
 */
export function planCarry(work: Handwork, facts: FileFacts, rows: readonly NewRow[]): Plan {
  const find = finder(work, rows)
  const fixes = new Map<number, Cells>()
  const lost: Carried['lost'][number][] = []
  for (const { row, before, fixed } of work.corrected) {
    const found = find(row, before)
    const kept: Record<string, string> = {}
    for (const [column, value] of Object.entries(fixed)) {
      if (found !== null && readAlike(work.facts, facts, column)) kept[column] = value
      else lost.push({ what: 'cell', row, column, value })
    }
    if (found !== null && Object.keys(kept).length > 0) fixes.set(found, kept)
  }
  const marks = { leftOut: new Set<number>(), ticked: new Set<number>() }
  for (const { row, before, what } of work.marked) {
    const found = find(row, before)
    if (found === null) lost.push({ what, row, column: null, value: '' })
    else marks[what].add(found)
  }
  return { fixes, ...marks, lost: lost.toSorted((a, b) => a.row - b.row) }
}

function finder(work: Handwork, rows: readonly NewRow[]): (row: number, before: Cells) => number | null {
  if (work.sameBytes) {
    const numbers = new Set(rows.flatMap((row) => (row.sheet === work.sheet ? [row.rowNumber] : [])))
    return (row) => (numbers.has(row) ? row : null)
  }
  const nothing = work.corrected.length + work.marked.length === 0
  const byText = Map.groupBy(nothing ? [] : rows, (row) => textOf(row.cells()))
  return (row, before) => {
    const alike = byText.get(textOf(before)) ?? []
    const found = alike.find((one) => one.rowNumber === row) ?? (alike.length === 1 ? alike[0] : undefined)
    return found?.rowNumber ?? null
  }
}

function textOf(cells: Cells): string {
  const filled = Object.entries(cells).filter(([, text]) => text.trim() !== '')
  return JSON.stringify(filled.sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Whether a column fills the same field in both readings, and is read in the same form. */
function readAlike(before: FileFacts, now: FileFacts, letter: string): boolean {
  const [was, is] = [before, now].map(({ columns }) => columns.find((column) => column.letter === letter)?.field)
  if (was == null || was !== is) return false
  const { kind } = REGISTER_FIELDS[was]
  if (kind === 'money') return (before.mapping?.amountForm ?? 'comma') === (now.mapping?.amountForm ?? 'comma')
  return kind !== 'date' || (before.mapping?.dateForm ?? 'dmy') === (now.mapping?.dateForm ?? 'dmy')
}

/** Rows of the new import that a plan names, by number. */
export async function plannedRows(db: ReadHandle, id: ImportId, plan: Plan): Promise<Map<number, StoredImportRow>> {
  const numbers = [...new Set([...plan.fixes.keys(), ...plan.leftOut, ...plan.ticked])]
  return new Map((await listRowsAt(db, id, numbers)).map((row) => [row.rowNumber, row]))
}

/** Choices hold for a difference that says the same; others are as usual again. */
export function withChoices(
  found: readonly NewDifference[],
  shown: ReadonlyMap<string, ShownDifference>,
): { readonly differences: NewDifference[]; readonly kept: number } {
  let kept = 0
  const differences = found.map((one) => {
    const before = shown.get(differenceKey(one.personId, one.field))
    if (before === undefined) return one
    if (before.newValue !== one.newValue)
      return { ...one, choice: usualChoice({ field: one.field, old: one.oldValue ?? null }) }
    kept += 1
    return one
  })
  return { differences, kept }
}
