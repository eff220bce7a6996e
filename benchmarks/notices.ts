// How fast notices are drawn, beside pdfkit and headless Chromium: same texts at the same places, same codes by our
// encoders, peers untagged. Rounds interleaved, medians of three, ratios taken within a round: in time passed, and beside
// it in the processor's time of this process, which other programs on the machine hardly change. Prints a table, then one
// JSON line.
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mergeNotices } from '#codecs/pdf/merge'
import { drawNotice, layNotice, type NoticeKit, prepareNoticeKit } from '#codecs/pdf/notice-kit'
import { openChromium } from './notices/peer-chromium.ts'
import { drawWithPdfkit, mergeWithPdfkit } from './notices/peer-pdfkit.ts'
import { INFO, INPUT, notice } from './notices/sample.ts'

const ROUNDS = 3
const MERGED = 10_000
const FLAT = 50_000

const shipped = prepareNoticeKit(INPUT)
const bare = prepareNoticeKit({ ...INPUT, bare: true })
const folder = await mkdtemp(join(tmpdir(), 'quietanza-bench-'))
const chromium = await openChromium()

interface Rate {
  readonly perSecond: number
  /** Microseconds of the processor a notice, all threads of this process; Chromium draws in others. */
  readonly cpu: number
  /** A notice. */
  readonly bytes: number
}

/** Numbers go on from run to run, so that no notice is drawn twice. */
let next = 0

async function timed(count: number, run: () => Promise<number>): Promise<Rate> {
  const cpu = process.cpuUsage()
  const start = performance.now()
  const bytes = await run()
  const seconds = (performance.now() - start) / 1000
  const { user, system } = process.cpuUsage(cpu)
  return { perSecond: count / seconds, cpu: (user + system) / count, bytes: bytes / count }
}

function rate(count: number, draw: (n: number) => Uint8Array | Promise<Uint8Array>): Promise<Rate> {
  return timed(count, async () => {
    let bytes = 0
    for (let i = 0; i < count; i++) {
      const drawn = draw(next++)
      bytes += (drawn instanceof Uint8Array ? drawn : await drawn).length
    }
    return bytes
  })
}

function saved(draw: (n: number) => Uint8Array | Promise<Uint8Array>): (n: number) => Promise<Uint8Array> {
  return async (n) => {
    const bytes = await draw(n)
    writeFileSync(join(folder, `${n % 500}.pdf`), bytes)
    return bytes
  }
}

function merged(kit: NoticeKit): Promise<Rate> {
  const all = function* () {
    for (let n = 0; n < MERGED; n++) yield { notice: notice(n) }
  }
  return timed(MERGED, async () => {
    let bytes = 0
    for await (const chunk of mergeNotices(all(), kit, INFO)) bytes += chunk.length
    return bytes
  })
}

const candidates = {
  bare: { name: 'nostro, senza etichette', run: () => rate(4000, (n) => drawNotice(notice(n), bare)) },
  shipped: { name: 'nostro, come si spedisce', run: () => rate(4000, (n) => drawNotice(notice(n), shipped)) },
  pdfkit: { name: 'pdfkit', run: () => rate(60, drawWithPdfkit) },
  chromium: { name: 'Chromium', run: () => rate(30, (n) => chromium.draw(n)) },
  bareFiles: {
    name: 'nostro senza etichette, un file',
    run: () =>
      rate(
        3000,
        saved((n) => drawNotice(notice(n), bare)),
      ),
  },
  shippedFiles: {
    name: 'nostro, un file',
    run: () =>
      rate(
        3000,
        saved((n) => drawNotice(notice(n), shipped)),
      ),
  },
  pdfkitFiles: { name: 'pdfkit, un file', run: () => rate(60, saved(drawWithPdfkit)) },
  bareMerged: { name: `nostro senza etichette, ${MERGED} uniti`, run: () => merged(bare) },
  shippedMerged: { name: `nostro, ${MERGED} uniti`, run: () => merged(shipped) },
  pdfkitMerged: {
    name: `pdfkit, ${MERGED} uniti`,
    run: () => timed(MERGED, async () => (await mergeWithPdfkit(MERGED)).length),
  },
} as const
type Candidate = keyof typeof candidates

const names = Object.keys(candidates) as Candidate[]
const results = new Map<Candidate, Rate[]>(names.map((name) => [name, []]))
await rate(500, (n) => drawNotice(notice(n), bare))
await rate(500, (n) => drawNotice(notice(n), shipped))
await rate(5, drawWithPdfkit)
await rate(5, (n) => chromium.draw(n))
for (let round = 0; round < ROUNDS; round++) {
  for (const name of names) {
    globalThis.gc?.()
    results.get(name)?.push(await candidates[name].run())
  }
}
await chromium.close()
await rm(folder, { recursive: true })

function flat(what: 'one' | 'merged'): number {
  const script = join(import.meta.dirname, 'notices', 'memory-child.ts')
  const out = execFileSync(process.execPath, [...process.execArgv, script, what, String(FLAT)], { encoding: 'utf8' })
  return (JSON.parse(out) as { rss: number }).rss
}
const memory = { drawn: flat('one'), merged: flat('merged') }

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number
const of = (name: Candidate, what: keyof Rate): number => median((results.get(name) ?? []).map((r) => r[what]))
const runs = layNotice(notice(0), shipped).reduce((sum, page) => sum + page.boxes.length, 0)

console.log(`Un avviso: ${runs} scritte, codice QR e Data Matrix. Mediane di ${ROUNDS} giri alternati.`)
for (const name of names) {
  console.log(
    `${candidates[name].name.padEnd(38)} ${of(name, 'perSecond').toFixed(1).padStart(9)} avvisi/s ${Math.round(of(name, 'bytes')).toString().padStart(8)} byte`,
  )
}
console.log(`${FLAT} avvisi: ${memory.drawn} MB uno per uno, ${memory.merged} MB uniti`)

const tenth = (value: number): number => Math.round(value * 10) / 10

interface Target {
  readonly what: string
  readonly least: number
  readonly value: number
  /** The same in the processor's time, where both sides draw in this process. */
  readonly cpu: number | null
}

/** By rounds, so that a slow moment of the machine hits both sides. */
function times(what: string, ours: Candidate, theirs: Candidate, least: number): Target {
  const rounds = (results.get(ours) ?? []).map((our, i) => ({ our, their: results.get(theirs)?.[i] as Rate }))
  return {
    what,
    least,
    value: median(rounds.map(({ our, their }) => our.perSecond / their.perSecond)),
    cpu: theirs === 'chromium' ? null : median(rounds.map(({ our, their }) => their.cpu / our.cpu)),
  }
}
const targets: readonly Target[] = [
  times('in memoria, volte pdfkit', 'bare', 'pdfkit', 120),
  times('in memoria, volte Chromium', 'bare', 'chromium', 250),
  times('un file ciascuno, volte pdfkit', 'bareFiles', 'pdfkitFiles', 50),
  times('uniti, volte pdfkit', 'bareMerged', 'pdfkitMerged', 14),
  {
    what: 'uniti, byte di pdfkit per un nostro',
    least: 4,
    value: of('pdfkitMerged', 'bytes') / of('bareMerged', 'bytes'),
    cpu: null,
  },
  times('come si spedisce, in memoria, volte pdfkit', 'shipped', 'pdfkit', 60),
  times('come si spedisce, in memoria, volte Chromium', 'shipped', 'chromium', 125),
  times('come si spedisce, un file, volte pdfkit', 'shippedFiles', 'pdfkitFiles', 25),
  times('come si spedisce, uniti, volte pdfkit', 'shippedMerged', 'pdfkitMerged', 7),
]
console.log(`${''.padEnd(46)} ${'tempo'.padStart(7)} ${'CPU'.padStart(7)}`)
for (const { what, value, cpu, least } of targets) {
  const processor = cpu === null ? '' : cpu.toFixed(1)
  console.log(
    `${what.padEnd(46)} ${value.toFixed(1).padStart(7)} ${processor.padStart(7)}  almeno ${least}: ${value >= least ? 'raggiunto' : 'MANCATO'}`,
  )
}
console.log(
  JSON.stringify({
    benchmark: 'notices',
    textRuns: runs,
    rows: names.map((name) => ({
      name,
      perSecond: tenth(of(name, 'perSecond')),
      cpuMicroseconds: Math.round(of(name, 'cpu')),
      bytes: Math.round(of(name, 'bytes')),
    })),
    memoryMb: memory,
    targets: targets.map(({ what, value, cpu, least }) => ({
      what,
      least,
      value: tenth(value),
      cpu: cpu === null ? null : tenth(cpu),
      met: value >= least,
    })),
  }),
)
