// The whole match, beside JSON.parse of the same rows from compact arrays in the same process. A hundred thousand rows
// and a million, each in processes of its own, in turns.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { childOptions, median, type Part } from './part.ts'

const ROWS = [100_000, 1_000_000] as const
const ROUNDS = 3

interface Told {
  readonly parseMs: number
  readonly parseCpuMs: number
  readonly matchMs: number
  readonly matchCpuMs: number
  /** Of the whole process: before matching, and at most. */
  readonly inputMb: number
  readonly peakMb: number
  readonly flows: number
  readonly movements: number
  readonly lines: number
}

async function run() {
  const script = join(import.meta.dirname, 'matching-child.ts')
  const measure = (rows: number): Told =>
    JSON.parse(execFileSync(process.execPath, [...childOptions(), script, String(rows)]).toString())
  const rounds = Array.from({ length: ROUNDS }, () => ROWS.map(measure))
  const of = (size: number, what: keyof Told): number => median(rounds.map((r) => (r[size] as Told)[what]))
  // Processor time, all threads: on an idle machine a little more than the clock's, and programs beside hardly change it.
  const ratio = median(rounds.map(([, big]) => (big as Told).matchCpuMs / (big as Told).parseCpuMs))
  const growth = of(1, 'matchCpuMs') / of(0, 'matchCpuMs')
  const line = (size: number): string =>
    `${String(ROWS[size]).padStart(9)} righe, ${of(size, 'flows')} flussi, ${of(size, 'movements')} movimenti, ` +
    `${of(size, 'lines')} quote: ${(of(size, 'matchMs') / 1000).toFixed(2)} s (${(of(size, 'matchCpuMs') / 1000).toFixed(2)} s di processore), ` +
    `al più ${of(size, 'peakMb')} MB (${of(size, 'inputMb')} prima); JSON.parse ${(of(size, 'parseMs') / 1000).toFixed(2)} s`
  return {
    table: [line(0), line(1), `mediane di ${ROUNDS} giri alternati`],
    targets: [
      { what: 'dieci volte le righe, volte il tempo (processore)', most: 11, value: growth },
      { what: 'riconciliazione, volte JSON.parse (processore)', most: 12, value: ratio },
      { what: 'memoria, MB', most: 2000, value: of(1, 'peakMb') },
    ],
    figures: {
      ...{ rows: ROWS[1], matchMs: Math.round(of(1, 'matchMs')), parseMs: Math.round(of(1, 'parseMs')) },
      ...{ matchCpuMs: Math.round(of(1, 'matchCpuMs')), parseCpuMs: Math.round(of(1, 'parseCpuMs')) },
      peakMb: of(1, 'peakMb'),
    },
  }
}

export const matching: Part = { name: 'matching', title: 'Riconciliazione di un anno di flussi', run }
