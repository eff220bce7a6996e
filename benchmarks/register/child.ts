// One measure of `../register.ts`, in a process of its own: what another measure leaves in memory slows nobody. Arguments: the
// measure, the two files, how many rows they have. Prints one line of JSON.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { call } from '@orpc/server'
import ExcelJS from 'exceljs'
import { readRegister } from '#codecs/register-read'
import { writeRegister } from '#codecs/register-write'
import type { Id } from '#domain/brand'
import { type Instant, isoDate } from '#domain/date'
import type { Iban } from '#domain/iban'
import { cents } from '#domain/money'
import type { Progress } from '#domain/progress'
import type { RegisterEntry } from '#domain/register-row'
import { REHEARSAL_INSTITUTION, rehearsalRegister } from '#domain/rehearsal-register'
import { STANDARD_CAPITOLI, STANDARD_SERVICE_TYPES } from '#domain/standard-chart'
import { insertBankAccount } from '#ledger/bank-account'
import { insertExercise, saveCapitolo, saveServiceType } from '#ledger/chart'
import { saveInstitution } from '#ledger/institution'
import { type Backend, openBackend } from '../../src-main/hosts/backend.ts'
import { FakeClock } from '../../src-main/hosts/clock.ts'
import { seededRandom } from '../../src-main/hosts/random.ts'
import { registerImport } from '../../src-main/services/register-import.ts'

const [measure = '', first = '', second = '', count = ''] = process.argv.slice(2)
const ROWS = Number(count)
const YEAR = 2026

async function collect(rows: readonly RegisterEntry[]): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of writeRegister(rows, '2026-02-02T08:00:00.000Z' as Instant)) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** Milliseconds of clock and of processor, all threads together. */
export interface Cost {
  readonly wall: number
  readonly cpu: number
}

async function costOf(work: () => Promise<unknown>): Promise<Cost> {
  const from = performance.now()
  const used = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(used)
  return { wall: performance.now() - from, cpu: (user + system) / 1000 }
}

/** Runs long work to its end. */
async function outcome<T>(stream: { next(): Promise<IteratorResult<Progress, T>> }): Promise<T> {
  for (;;) {
    const step = await stream.next()
    if (step.done) return step.value
  }
}

async function setUp({ context }: Backend): Promise<void> {
  const at = context.clock.now()
  await context.ledger.write({ command: 'misura', operator: 'misura', payload: {}, at }, async (db) => {
    await saveInstitution(db, REHEARSAL_INSTITUTION, isoDate(`${YEAR}-01-01`))
    await insertExercise(db, YEAR, 'open')
    const bankAccountId = await insertBankAccount(db, {
      ...{ iban: 'IT66S0999912100000000012345' as Iban, postalAccount: null, kind: 'bank', name: 'Banca di prova' },
      ...{ openingDate: isoDate(`${YEAR}-01-01`), openingCents: cents(0), closedDate: null },
    })
    const ids = new Map<string, Id<'capitolo'>>()
    for (const capitolo of STANDARD_CAPITOLI) {
      ids.set(capitolo.code, await saveCapitolo(db, { id: null, forecastCents: null, ...capitolo }, YEAR))
    }
    for (const { capitolo, ...service } of STANDARD_SERVICE_TYPES) {
      const capitoloId = ids.get(capitolo) as Id<'capitolo'>
      await saveServiceType(db, { id: null, capitoloId, bankAccountId, active: true, ...service })
    }
  })
}

export interface ImportCost {
  readonly look: Cost
  readonly preview: Cost
  /** File to rows that wait: reading, checks, writing. */
  readonly read: Cost
  readonly confirm: Cost
}

async function importFile(backend: Backend, name: string, bytes: Uint8Array, count: number): Promise<ImportCost> {
  const { context } = backend
  const writer = await context.files.create(name, 'application/octet-stream')
  await writer.write(bytes)
  const token = await writer.commit()
  const options = { context }
  const look = await costOf(() => call(registerImport.look, { token }, options))
  const { mapping } = await call(registerImport.look, { token }, options)
  const preview = await costOf(() => call(registerImport.preview, { token, mapping }, options))
  let id: Id<'registerImport'> | null = null
  const read = await costOf(async () => {
    const summary = await outcome(await call(registerImport.read, { token }, options))
    if (summary.error > 0 || summary.rows !== count) throw new Error(`${summary.error} errors in ${summary.rows} rows`)
    id = summary.id
  })
  const confirm = await costOf(async () => {
    const done = await outcome(await call(registerImport.confirm, { id: id as never, goodOnly: false }, options))
    if (done.accertamenti.count !== count) throw new Error(`${done.accertamenti.count} accertamenti`)
  })
  return { read, confirm, look, preview }
}

async function exceljsStream(bytes: Buffer): Promise<void> {
  const options = { worksheets: 'emit', sharedStrings: 'cache', styles: 'cache' } as const
  const reader = new ExcelJS.stream.xlsx.WorkbookReader(Readable.from([bytes]), options)
  let rows = 0
  for await (const sheet of reader) for await (const _ of sheet) rows += 1
  if (rows <= ROWS) throw new Error(`exceljs read ${rows} rows`)
}

async function exceljsWhole(bytes: Buffer): Promise<void> {
  const book = new ExcelJS.Workbook()
  await book.xlsx.load(bytes as unknown as ArrayBuffer)
  if ((book.worksheets[0]?.rowCount ?? 0) <= ROWS) throw new Error('exceljs read too few rows')
}

/** A year's register, and what it asks for in a second round of people who are all known, some of them changed. */
async function writeFiles(): Promise<void> {
  const random = seededRandom(7)
  const dice = () => random.bytes(4).reduce((n, byte) => n * 256 + byte, 0) / 2 ** 32
  const rows = rehearsalRegister(Math.ceil(ROWS * 0.9), YEAR, dice).slice(0, ROWS)
  await writeFile(first, await collect(rows))
  const again = rows.map((row, n) => ({
    ...row,
    causale: `${row.causale} (conguaglio)`,
    email: row.email && n % 10 === 0 ? `nuova.${row.email}` : row.email,
  }))
  await writeFile(second, await collect(again))
}

async function importBoth() {
  const folder = await mkdtemp(join(tmpdir(), 'quietanza-bench-register-'))
  const backend = await openBackend({ folder, clock: new FakeClock(), random: seededRandom(7), fileSecretsOnly: true })
  try {
    await setUp(backend)
    return {
      first: await importFile(backend, 'quote.xlsx', await readFile(first), ROWS),
      second: await importFile(backend, 'conguagli.xlsx', await readFile(second), ROWS),
    }
  } finally {
    await backend.close()
    await rm(folder, { recursive: true, force: true })
  }
}

const MEASURES: Readonly<Record<string, () => Promise<unknown>>> = {
  write: writeFiles,
  exceljsStream: async () => costOf(async () => exceljsStream(await readFile(first))),
  exceljsWhole: async () => costOf(async () => exceljsWhole(await readFile(first))),
  reading: async () => costOf(async () => readRegister(await readFile(first))),
  import: importBoth,
}
const run = MEASURES[measure]
if (run === undefined) throw new Error(`no measure ${measure}`)
console.log(JSON.stringify((await run()) ?? null))
process.exit(0)
