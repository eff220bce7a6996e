// A flow of 100,000 rows, beside saxes that merely walks the same bytes. Each in processes of its own, in turns: in one
// process the parser serves two masters, is compiled for neither, and the walk is the one that suffers most. Of the passes
// of a process the quickest counts, on both sides: what slows the others down is other programs.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'
import { writeFlowFile } from './flow-file.ts'
import { childOptions, median, type Part } from './part.ts'

const ROWS = 100_000
const ROUNDS = 3

interface Cost {
  /** Milliseconds of the clock, and of the processor (all threads): programs beside this one hardly change the second. */
  readonly time: number
  readonly cpu: number
}

/** One plain script, as the program is shipped: Node's own reading of TypeScript weighs 50 MB by itself. */
async function bundled(script: string, folder: string): Promise<string> {
  await build({
    ...{ configFile: false, logLevel: 'error', publicDir: false, ssr: { noExternal: true } },
    build: {
      ...{ ssr: script, outDir: folder, emptyOutDir: false, target: 'node24', minify: false },
      rollupOptions: { output: { format: 'es', entryFileNames: 'child.mjs' } },
    },
  })
  return join(folder, 'child.mjs')
}

async function run() {
  const folder = mkdtempSync(join(tmpdir(), 'quietanza-bench-'))
  try {
    const path = join(folder, 'flusso.xml')
    const size = writeFlowFile(path, ROWS)
    const child = await bundled(join(import.meta.dirname, 'reading-child.ts'), folder)
    const told = (what: string): unknown =>
      JSON.parse(execFileSync(process.execPath, [...childOptions(), child, what, path, String(ROWS)]).toString())
    const cost = (what: string): Cost => {
      const passes = told(what) as readonly Cost[]
      return { time: Math.min(...passes.map((p) => p.time)), cpu: Math.min(...passes.map((p) => p.cpu)) }
    }
    const rounds = Array.from({ length: ROUNDS }, () => ({ walked: cost('walk'), read: cost('read') }))
    const { rss, floor } = told('memory') as { rss: number; floor: number }
    const of = (what: 'walked' | 'read', unit: keyof Cost) => Math.round(median(rounds.map((r) => r[what][unit])))
    const ratio = (unit: keyof Cost) => median(rounds.map((r) => r.read[unit] / r.walked[unit]))
    const line = (name: string, what: 'walked' | 'read') =>
      `${name.padEnd(40)} ${String(of(what, 'time')).padStart(6)} ms ${String(of(what, 'cpu')).padStart(6)} ms di processore`
    return {
      table: [
        `${ROWS} righe, ${(size / 1_000_000).toFixed(1)} MB; mediane di ${ROUNDS} giri alternati`,
        line('saxes che scorre soltanto', 'walked'),
        line('lettura del flusso, righe e controlli', 'read'),
        `${'rapporto nel tempo dell’orologio'.padEnd(40)} ${ratio('time').toFixed(2).padStart(6)}`,
        `${'memoria, in un processo a parte'.padEnd(40)} ${String(rss).padStart(6)} MB (${floor} prima di leggere)`,
      ],
      targets: [
        { what: 'lettura, volte saxes che scorre (processore)', most: 1.5, value: ratio('cpu') },
        { what: 'memoria, MB', most: 120, value: rss },
      ],
      figures: {
        ...{ rows: ROWS, bytes: size, walkedMs: of('walked', 'time'), readMs: of('read', 'time') },
        ...{ clockRatio: Math.round(ratio('time') * 100) / 100, rssMb: rss },
      },
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

export const reading: Part = { name: 'reading', title: 'Lettura di un flusso di rendicontazione', run }
