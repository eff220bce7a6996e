import type { LaidFile } from '#codecs/register-layout'
import type { Id } from '#domain/brand'
import { type Cents, sum, ZERO } from '#domain/money'
import { type Problem, ProblemError, problem } from '#domain/problem'
import { type DifferenceQuery, sumDifferences } from '#ledger/import-difference'
import type { ReadHandle, WriteHandle } from '#ledger/ledger'
import { readMergedCodes } from '#ledger/people-import'
import {
  countNewPeople,
  listImportProblems,
  type RegisterImportRow,
  readImport,
  type StatusSum,
  setImportState,
  sumImportRows,
  sumRaised,
} from '#ledger/register-import'
import { readSetting } from '#ledger/setting'

/** What a reading took over from the one before it, and what no longer fits. */
export interface Carried {
  /** Cells corrected, rows left out or ticked, choices about people. */
  readonly cells: number
  readonly rows: number
  readonly choices: number
  readonly lost: readonly Lost[]
  readonly lostChoices: number
}

interface Lost {
  readonly what: 'cell' | 'leftOut' | 'ticked'
  /** Of the file as it was. */
  readonly row: number
  readonly column: string | null
  readonly value: string
}

/** What the reader said of the file beside its rows; kept with the choices, because it is only for the screen. */
export interface FileFacts extends LaidFile {
  readonly problems: readonly Problem[]
  /** What was taken over from the reading before; absent when there was nothing. */
  readonly carried?: Carried
}

/** Where the contacts of an import come from, as their history tells it. */
export const importSource = (fileName: string) => `importazione ${fileName}`

export const factsKey = (id: Id<'registerImport'>) => `registerImport.${id}.file`
export const MAX_PROBLEMS = 500

export async function readFacts(db: ReadHandle, id: Id<'registerImport'>): Promise<FileFacts> {
  const text = await readSetting(db, factsKey(id))
  return text === null ? { mapping: null, sheet: '', columns: [], problems: [] } : (JSON.parse(text) as FileFacts)
}

export async function needImport(db: ReadHandle, id: Id<'registerImport'>): Promise<RegisterImportRow> {
  const found = await readImport(db, id)
  if (found === null) throw new ProblemError(problem('IMPORT_GONE', {}))
  return found
}

export async function needPending(db: ReadHandle, id: Id<'registerImport'>): Promise<RegisterImportRow> {
  const found = await needImport(db, id)
  if (found.state !== 'pending') throw new ProblemError(problem('IMPORT_NOT_PENDING', { name: found.fileName }))
  return found
}

function amountOf(sums: readonly StatusSum[], pick: (s: StatusSum) => boolean): { count: number; cents: Cents } {
  const chosen = sums.filter(pick)
  return { count: chosen.reduce((n, s) => n + s.count, 0), cents: sum(chosen.map((s) => s.cents)) }
}

/** Whether rows of this kind are raised when the import is confirmed. */
const enters = (s: StatusSum) => !s.leftOut && (s.status === 'good' || s.status === 'warning' || s.ticked)

/** Rows of a status that the person did not leave out: an error left out stops nothing, a good row left out brings nothing. */
const stands = (status: StatusSum['status']) => (s: StatusSum) => s.status === status && !s.leftOut

/** What page and history both show of an import. */
export function headOut(head: RegisterImportRow, sums: readonly StatusSum[], raised: { count: number; cents: Cents }) {
  const gone = head.state === 'discarded'
  const waiting = head.state === 'pending'
  return {
    id: head.id,
    purpose: head.purpose,
    fileName: head.fileName,
    sha256: head.sha256,
    profile: head.profile,
    state: head.state,
    at: head.at,
    operator: head.operator,
    rows: head.rowCount,
    good: gone ? { count: head.goodCount, cents: ZERO } : amountOf(sums, stands('good')),
    warning: gone ? { count: head.warningCount, cents: ZERO } : amountOf(sums, stands('warning')),
    error: gone ? head.errorCount : amountOf(sums, stands('error')).count,
    already: gone ? head.alreadyCount : amountOf(sums, stands('already')).count,
    leftOut: amountOf(sums, (s) => s.leftOut).count,
    accertamenti: !waiting ? raised : head.purpose === 'people' ? { count: 0, cents: ZERO } : amountOf(sums, enters),
  }
}

/** Rows that raised nothing, or that would not; of a file of people, those that change nobody. */
export function rowsOut(head: RegisterImportRow, sums: readonly StatusSum[]): number {
  if (head.purpose === 'people') return amountOf(sums, (s) => s.leftOut || s.status === 'error').count
  const inside = head.state === 'pending' ? enters : (s: StatusSum) => s.raised
  return head.rowCount - amountOf(sums, inside).count
}

export function differencesOfImport(importId: Id<'registerImport'>): DifferenceQuery {
  return { importId, field: [], choice: null, search: '' }
}

export async function summaryOf(db: ReadHandle, id: Id<'registerImport'>) {
  const head = await needImport(db, id)
  const facts = await readFacts(db, id)
  const out = headOut(head, await sumImportRows(db, id), await sumRaised(db, id))
  const first: Problem[] = []
  let total = 0
  const take = (problems: readonly Problem[]) => {
    total += problems.length
    for (const p of problems) if (first.length < MAX_PROBLEMS) first.push({ ...p, file: head.fileName })
  }
  take(facts.problems)
  for (const text of await listImportProblems(db, id)) take(JSON.parse(text) as Problem[])
  const newPeople =
    head.state === 'pending'
      ? await countNewPeople(db, id, [...(await readMergedCodes(db)).keys()])
      : head.createdPeople
  return {
    ...out,
    sheet: facts.sheet === '' ? null : facts.sheet,
    columns: [...facts.columns],
    problems: { first, total },
    carried: facts.carried === undefined ? null : { ...facts.carried, lost: [...facts.carried.lost] },
    newPeople,
    differences: await sumDifferences(db, differencesOfImport(id)),
  }
}

/** After a cell was corrected, a row ticked or left out the counts of the head are those of its rows again. */
export async function refreshCounts(db: WriteHandle, id: Id<'registerImport'>): Promise<void> {
  const sums = await sumImportRows(db, id)
  const count = (status: StatusSum['status']) => amountOf(sums, stands(status)).count
  await setImportState(db, id, 'pending', {
    goodCount: count('good'),
    warningCount: count('warning'),
    errorCount: count('error'),
    alreadyCount: count('already'),
    totalCents: amountOf(sums, (s) => s.status !== 'error' && !s.leftOut).cents,
  })
}
