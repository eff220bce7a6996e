// How long the import of a register takes, from the file to its accertamenti, beside what exceljs needs merely to read the
// same file in the same run: first into an empty archive, then the next year's with everybody known. The faster of the two
// readers of exceljs is the measure. `QUIETANZA_BENCH_ROWS` changes the rows (50,000), `QUIETANZA_BENCH_ROUNDS` the rounds
// (3: the median counts). Prints a table, then one JSON line with the ratios; exit code 1 when a target was missed.
import { mkdtemp, rm } from 'node:fs/promises'
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
import { type Backend, openBackend } from '../src-main/hosts/backend.ts'
import { FakeClock } from '../src-main/hosts/clock.ts'
import { seededRandom } from '../src-main/hosts/random.ts'
import { registerImport } from '../src-main/services/register-import.ts'
import { registerProfile } from '../src-main/services/register-profile.ts'

const ROWS = Number(process.env.QUIETANZA_BENCH_ROWS ?? 50_000)
const ROUNDS = Number(process.env.QUIETANZA_BENCH_ROUNDS ?? 3)
const YEAR = 2026
/** The whole import, in times of exceljs reading. */
const MOST = 3
/** The live preview while columns are assigned, in milliseconds. */
const MOST_PREVIEW = 300

async function collect(rows: readonly RegisterEntry[]): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of writeRegister(rows, '2026-02-02T08:00:00.000Z' as Instant)) chunks.push(chunk)
  return Buffer.concat(chunks)
}

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now()
  await work()
  return performance.now() - from
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

interface Import {
  readonly read: number
  readonly confirm: number
  readonly look: number
  readonly preview: number
}

async function importFile(backend: Backend, name: string, bytes: Uint8Array, count: number): Promise<Import> {
  const { context } = backend
  const writer = await context.files.create(name, 'application/octet-stream')
  await writer.write(bytes)
  const token = await writer.commit()
  const options = { context }
  const look = await milliseconds(() => call(registerImport.look, { token }, options))
  const { mapping } = await call(registerImport.look, { token }, options)
  const preview = await milliseconds(() => call(registerImport.preview, { token, mapping }, options))
  let id: Id<'registerImport'> | null = null
  const read = await milliseconds(async () => {
    const summary = await outcome(await call(registerImport.read, { token }, options))
    if (summary.error > 0 || summary.rows !== count) throw new Error(`${summary.error} errors in ${summary.rows} rows`)
    id = summary.id
  })
  const confirm = await milliseconds(async () => {
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

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number

const next = seededRandom(7)
const dice = () => next.bytes(4).reduce((n, byte) => n * 256 + byte, 0) / 2 ** 32
const rows = rehearsalRegister(Math.ceil(ROWS * 0.9), YEAR, dice).slice(0, ROWS)
const again = rows.map((row) => ({
  ...row,
  causale: `${row.causale} (conguaglio)`,
  email: row.email && `nuova.${row.email}`,
}))
const first = await collect(rows)
const second = await collect(again)

const rounds: { stream: number; whole: number; bare: number; first: Import; second: Import }[] = []
for (let round = 0; round < ROUNDS; round += 1) {
  const folder = await mkdtemp(join(tmpdir(), 'quietanza-bench-register-'))
  const backend = await openBackend({ folder, clock: new FakeClock(), random: seededRandom(7), fileSecretsOnly: true })
  try {
    await setUp(backend)
    await call(registerProfile.list, undefined, { context: backend.context })
    rounds.push({
      stream: await milliseconds(() => exceljsStream(first)),
      whole: await milliseconds(() => exceljsWhole(first)),
      bare: await milliseconds(() => readRegister(first)),
      first: await importFile(backend, 'quote.xlsx', first, ROWS),
      second: await importFile(backend, 'conguagli.xlsx', second, ROWS),
    })
  } finally {
    await backend.close()
    await rm(folder, { recursive: true, force: true })
  }
}

const of = (pick: (round: (typeof rounds)[number]) => number) => median(rounds.map(pick))
const peer = Math.min(
  of((r) => r.stream),
  of((r) => r.whole),
)
const figures = {
  exceljsStream: of((r) => r.stream),
  exceljsWhole: of((r) => r.whole),
  reading: of((r) => r.bare),
  look: of((r) => r.first.look),
  preview: of((r) => r.first.preview),
  firstRead: of((r) => r.first.read),
  firstConfirm: of((r) => r.first.confirm),
  secondRead: of((r) => r.second.read),
  secondConfirm: of((r) => r.second.confirm),
}
const NAMES: Readonly<Record<keyof typeof figures, string>> = {
  exceljsStream: 'exceljs legge il file, in flusso',
  exceljsWhole: 'exceljs legge il file, intero',
  reading: 'Quietanza legge il file',
  look: 'primo sguardo al file',
  preview: 'anteprima mentre si assegnano le colonne',
  firstRead: 'archivio vuoto: lettura, controlli, righe in attesa',
  firstConfirm: 'archivio vuoto: conferma',
  secondRead: 'tutti noti: lettura, controlli, righe in attesa',
  secondConfirm: 'tutti noti: conferma',
}
console.log(`Importazione di ${ROWS} righe (${rounds.length} giri, mediana)`)
for (const [key, value] of Object.entries(figures)) {
  console.log(`  ${NAMES[key as keyof typeof figures].padEnd(56)} ${value.toFixed(0).padStart(8)} ms`)
}
const targets = [
  { what: 'archivio vuoto, volte exceljs', value: of((r) => r.first.read + r.first.confirm) / peer, most: MOST },
  { what: 'tutti noti, volte exceljs', value: of((r) => r.second.read + r.second.confirm) / peer, most: MOST },
  { what: 'anteprima, millisecondi', value: figures.preview, most: MOST_PREVIEW },
]
for (const { what, value, most } of targets) {
  console.log(
    `  ${what.padEnd(56)} ${value.toFixed(2).padStart(8)}  al più ${most}: ${value <= most ? 'raggiunto' : 'MANCATO'}`,
  )
}
const round = (value: number) => Math.round(value * 100) / 100
console.log(
  JSON.stringify({
    benchmark: 'register',
    rows: ROWS,
    milliseconds: Object.fromEntries(Object.entries(figures).map(([key, value]) => [key, Math.round(value)])),
    targets: targets.map((t) => ({ ...t, value: round(t.value), met: t.value <= t.most })),
  }),
)
process.exit(targets.every((t) => t.value <= t.most) ? 0 : 1)
