import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { parentPort, workerData } from 'node:worker_threads'
import { type Problem, ProblemError, problemText } from '#domain/problem'
import type { ReadFile } from '#services/register-reading'
import { judgeRow, type RegisterBooks, readRegisterBooks } from '../../src-main/services/register-check.ts'
import { PeopleIndex } from '../../src-main/services/register-people.ts'
import { placeIn, readRegisterFile } from '../../src-main/services/register-reading.ts'
import { openOffice } from '../services/office.ts'
import { Chance } from './random.ts'
import type { FuzzOrder, FuzzReport, FuzzState } from './register-fuzz-types.ts'
import { fuzzCase } from './register-mutations.ts'
import { cellSays } from './register-oracle.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

const { from, to, state } = workerData as FuzzOrder
const now = new Int32Array(state)
const counts: Record<string, number> = {}
const report = { counts, slowestMs: 0, slowestSeed: from, heapMb: [] as number[], failures: [] as string[] }
const add = (key: string) => {
  counts[key] = (counts[key] ?? 0) + 1
}

const office = await openOffice()
const books = await office.context.ledger.read((db) => readRegisterBooks(db, '2026-02-02' as never))
await office.close()
const marks = new Set([0.2, 0.4, 0.6, 0.8, 1].map((part) => from + Math.floor((to - from) * part) - 1))
for (let seed = from; seed < to; seed += 1) {
  Atomics.store(now, 0 satisfies keyof FuzzState, seed)
  const began = performance.now()
  try {
    // Each file meets an archive that has seen no other.
    await examine(seed, { ...books, people: emptyArchive() })
  } catch (error) {
    report.failures.push(`seed ${seed}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
    if (report.failures.length >= 20) break
  }
  const took = performance.now() - began
  if (took > report.slowestMs) Object.assign(report, { slowestMs: took, slowestSeed: seed })
  if (!marks.has(seed)) continue
  collectGarbage()
  report.heapMb.push(Math.round(process.memoryUsage().heapUsed / 1e5) / 10)
}
parentPort?.postMessage(report satisfies FuzzReport)

function emptyArchive(): PeopleIndex {
  return new PeopleIndex(new Map(), { vat: new Map(), albo: new Map(), plain: new Map() }, new Map())
}

/** Reads and judges one damaged file. @throws Error when it says what the file does not, or says it badly. */
async function examine(seed: number, books: RegisterBooks): Promise<void> {
  const { family, bytes, truth } = fuzzCase(new Chance(seed))
  add(`family ${family}`)
  let file: ReadFile
  try {
    file = await readRegisterFile(bytes, null, () => {})
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    if (error.problems.length === 0) throw new Error('refused without a reason')
    for (const p of error.problems) mustBeLegible(p)
    add('refused')
    add(`refused ${error.problems[0]?.code}`)
    return
  }
  add('read')
  const letter = file.columns.find((column) => column.field === 'amount')?.letter ?? ''
  const numbers = new Set<number>()
  for (const { row, rowNumber, problems } of file.rows) {
    for (const p of problems) mustBeLegible(p)
    if (!Number.isSafeInteger(rowNumber) || rowNumber < 1 || rowNumber > 0x7fffffff) throw new Error(`row ${rowNumber}`)
    if (numbers.has(rowNumber)) throw new Error(`row ${rowNumber} twice`)
    numbers.add(rowNumber)
    if ((row === null) !== problems.some((p) => p.severity === 'error'))
      throw new Error(`row ${rowNumber}: good and wrong`)
    if (row === null) {
      add('wrong rows')
      continue
    }
    const judged = judgeRow(row, books, placeIn(file.columns, file.sheet, rowNumber), problems.length > 0)
    for (const p of judged.problems) mustBeLegible(p)
    if (!('amountCents' in row)) throw new Error('a row without amount in a file of quotas')
    if (!Number.isSafeInteger(row.amountCents) || row.amountCents <= 0) throw new Error(`amount ${row.amountCents}`)
    const says = cellSays(truth, letter, rowNumber, row.amountCents)
    if (says === false) throw new Error(`${family}: ${letter}${rowNumber} was read as ${row.amountCents} cents`)
    add(says === null ? 'amounts not judged' : 'amounts judged')
  }
  for (const p of file.problems) mustBeLegible(p)
}

/** What the file says stands in «»; all the rest is ours. */
function mustBeLegible(p: Problem): void {
  const text = problemText(p).replaceAll(/«[^»]*»/g, '')
  if (/undefined|NaN|null|\[object/.test(text)) throw new Error(problemText(p))
}
