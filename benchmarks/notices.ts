// How fast notices are drawn, beside pdfkit and headless Chromium: same texts at the same places, same codes by our
// encoders, peers untagged. Rounds interleaved, medians of three. Prints a table, then one JSON line.
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
  /** A notice. */
  readonly bytes: number
}

/** Numbers go on from run to run, so that no notice is drawn twice. */
let next = 0

async function rate(count: number, draw: (n: number) => Uint8Array | Promise<Uint8Array>): Promise<Rate> {
  let bytes = 0
  const start = performance.now()
  for (let i = 0; i < count; i++) {
    const drawn = draw(next++)
    bytes += (drawn instanceof Uint8Array ? drawn : await drawn).length
  }
  return { perSecond: (count / (performance.now() - start)) * 1000, bytes: bytes / count }
}

function saved(draw: (n: number) => Uint8Array | Promise<Uint8Array>): (n: number) => Promise<Uint8Array> {
  return async (n) => {
    const bytes = await draw(n)
    writeFileSync(join(folder, `${n % 500}.pdf`), bytes)
    return bytes
  }
}

async function merged(kit: NoticeKit): Promise<Rate> {
  const all = function* () {
    for (let n = 0; n < MERGED; n++) yield { notice: notice(n) }
  }
  let bytes = 0
  const start = performance.now()
  for await (const chunk of mergeNotices(all(), kit, INFO)) bytes += chunk.length
  return { perSecond: (MERGED / (performance.now() - start)) * 1000, bytes: bytes / MERGED }
}

async function mergedByPdfkit(count: number): Promise<Rate> {
  const start = performance.now()
  const { length } = await mergeWithPdfkit(count)
  return { perSecond: (count / (performance.now() - start)) * 1000, bytes: length / count }
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
  pdfkitMerged: { name: 'pdfkit, 1000 uniti', run: () => mergedByPdfkit(1000) },
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
  const out = execFileSync(process.execPath, [script, what, String(FLAT)], { encoding: 'utf8' })
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

/** By rounds, so that a slow moment of the machine hits both sides. */
const ratio = (a: Candidate, b: Candidate): number => {
  const [left, right] = [results.get(a) ?? [], results.get(b) ?? []]
  return median(left.map((r, i) => r.perSecond / (right[i]?.perSecond ?? 1)))
}
const targets = [
  { what: 'in memoria, volte pdfkit', value: ratio('bare', 'pdfkit'), least: 120 },
  { what: 'in memoria, volte Chromium', value: ratio('bare', 'chromium'), least: 250 },
  { what: 'un file ciascuno, volte pdfkit', value: ratio('bareFiles', 'pdfkitFiles'), least: 50 },
  { what: 'uniti, volte pdfkit', value: ratio('bareMerged', 'pdfkitMerged'), least: 14 },
  {
    what: 'uniti, byte di pdfkit per un nostro',
    value: of('pdfkitMerged', 'bytes') / of('bareMerged', 'bytes'),
    least: 4,
  },
  { what: 'come si spedisce, in memoria, volte pdfkit', value: ratio('shipped', 'pdfkit'), least: 60 },
  { what: 'come si spedisce, in memoria, volte Chromium', value: ratio('shipped', 'chromium'), least: 125 },
  { what: 'come si spedisce, un file, volte pdfkit', value: ratio('shippedFiles', 'pdfkitFiles'), least: 25 },
  { what: 'come si spedisce, uniti, volte pdfkit', value: ratio('shippedMerged', 'pdfkitMerged'), least: 7 },
]
for (const { what, value, least } of targets) {
  console.log(
    `${what.padEnd(46)} ${value.toFixed(1).padStart(7)}  (almeno ${least}${value >= least ? '' : ': MANCATO'})`,
  )
}
console.log(
  JSON.stringify({
    benchmark: 'notices',
    textRuns: runs,
    rows: names.map((name) => ({
      name,
      perSecond: Math.round(of(name, 'perSecond') * 10) / 10,
      bytes: Math.round(of(name, 'bytes')),
    })),
    memoryMb: memory,
    targets: targets.map(({ what, value, least }) => ({ what, value: Math.round(value * 10) / 10, least })),
  }),
)
