// How long the import of a register takes, from the file to its accertamenti, beside what exceljs needs merely to read the
// same file in the same run: first into an empty archive, then the next year's with everybody known. The faster of the two
// readers of exceljs is the measure. `QUIETANZA_BENCH_ROWS` changes the rows (50,000), `QUIETANZA_BENCH_ROUNDS` the rounds
// (3: the best counts). Prints a table, then one JSON line with the ratios; exit code 1 when a target was missed.
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Cost, ImportCost } from './register/child.ts'

const ROWS = Number(process.env.QUIETANZA_BENCH_ROWS ?? 50_000)
const ROUNDS = Number(process.env.QUIETANZA_BENCH_ROUNDS ?? 3)
/** The whole import, in times of exceljs reading. */
const MOST = 3
/** The live preview while columns are assigned, in milliseconds. */
const MOST_PREVIEW = 300

interface Round {
  readonly stream: Cost
  readonly whole: Cost
  readonly bare: Cost
  readonly first: ImportCost
  readonly second: ImportCost
}

const folder = await mkdtemp(join(tmpdir(), 'quietanza-bench-register-'))
const files = [join(folder, 'quote.xlsx'), join(folder, 'conguagli.xlsx')]
const child = fileURLToPath(new URL('register/child.ts', import.meta.url))

async function measured<T>(measure: string): Promise<T> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...process.execArgv,
    child,
    measure,
    ...files,
    String(ROWS),
  ])
  return JSON.parse(stdout.trim().split('\n').at(-1) as string) as T
}

const rounds: Round[] = []
try {
  await measured('write')
  for (let round = 0; round < ROUNDS; round += 1) {
    rounds.push({
      stream: await measured('exceljsStream'),
      whole: await measured('exceljsWhole'),
      bare: await measured('reading'),
      ...(await measured<Pick<Round, 'first' | 'second'>>('import')),
    })
  }
} finally {
  await rm(folder, { recursive: true, force: true })
}

/** The best of the rounds: what else runs on the machine only adds. */
const of = (pick: (round: Round) => Cost): Cost => ({
  wall: Math.min(...rounds.map((round) => pick(round).wall)),
  cpu: Math.min(...rounds.map((round) => pick(round).cpu)),
})
const both = (a: Cost, b: Cost): Cost => ({ wall: a.wall + b.wall, cpu: a.cpu + b.cpu })
const lines = {
  'exceljs legge il file, in flusso': of((r) => r.stream),
  'exceljs legge il file, intero': of((r) => r.whole),
  'Quietanza legge il file': of((r) => r.bare),
  'primo sguardo al file': of((r) => r.first.look),
  'anteprima mentre si assegnano le colonne': of((r) => r.first.preview),
  'archivio vuoto: lettura, controlli, righe in attesa': of((r) => r.first.read),
  'archivio vuoto: conferma': of((r) => r.first.confirm),
  'tutti noti: lettura, controlli, righe in attesa': of((r) => r.second.read),
  'tutti noti: conferma': of((r) => r.second.confirm),
} satisfies Readonly<Record<string, Cost>>
console.log(`Importazione di ${ROWS} righe (${rounds.length} giri, il migliore, millisecondi)`)
console.log(`  ${''.padEnd(56)} ${'tempo'.padStart(8)} ${'CPU'.padStart(8)}`)
for (const [name, { wall, cpu }] of Object.entries(lines)) {
  console.log(`  ${name.padEnd(56)} ${wall.toFixed(0).padStart(8)} ${cpu.toFixed(0).padStart(8)}`)
}
const [stream, whole] = [of((r) => r.stream), of((r) => r.whole)]
const peer: Cost = { wall: Math.min(stream.wall, whole.wall), cpu: Math.min(stream.cpu, whole.cpu) }
const times = (what: string, pick: (round: Round) => ImportCost) => {
  const ours = of((r) => both(pick(r).read, pick(r).confirm))
  return { what, value: ours.wall / peer.wall, cpu: ours.cpu / peer.cpu, most: MOST }
}
const targets = [
  times('archivio vuoto, volte exceljs', (r) => r.first),
  times('tutti noti, volte exceljs', (r) => r.second),
  { what: 'anteprima, millisecondi', ...preview(of((r) => r.first.preview)), most: MOST_PREVIEW },
]
for (const { what, value, cpu, most } of targets) {
  const met = value <= most ? 'raggiunto' : 'MANCATO'
  console.log(
    `  ${what.padEnd(56)} ${value.toFixed(2).padStart(8)} ${cpu.toFixed(2).padStart(8)}  al più ${most}: ${met}`,
  )
}
const round = (value: number) => Math.round(value * 100) / 100
console.log(
  JSON.stringify({
    benchmark: 'register',
    rows: ROWS,
    milliseconds: Object.fromEntries(Object.entries(lines).map(([name, { wall }]) => [name, Math.round(wall)])),
    targets: targets.map((t) => ({ ...t, value: round(t.value), cpu: round(t.cpu), met: t.value <= t.most })),
  }),
)
process.exit(targets.every((t) => t.value <= t.most) ? 0 : 1)

function preview({ wall, cpu }: Cost) {
  return { value: wall, cpu }
}
