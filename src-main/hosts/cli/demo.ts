import '../require-node.ts'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { ORPCError } from '@orpc/client'
import { type Problem, ProblemError, problemReport } from '#domain/problem'
import { runDemo } from './demo/run-demo.ts'

// The reader of a pipe may have had enough (`| head`): the work goes on, only its words are lost.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

const HELP = `npm run demo -- [--members 500] [--seed 7] [--out demo/500-7]

La strada intera di una quota sull’Ordine di prova: registro, accertamenti, posizioni, avvisi, consegne, flussi, estratto conto,
reversali, quietanze. Chi paga, i prestatori di servizi e la banca sono inventati; il resto è il programma vero.
`

const MAX_MEMBERS = 20_000

function wholeNumber(text: string, least: number, most: number): number | null {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
  return value >= least && value <= most ? value : null
}

function readOptions() {
  try {
    return parseArgs({
      options: {
        members: { type: 'string', default: '500' },
        seed: { type: 'string', default: '7' },
        out: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${HELP}`)
    return null
  }
}

async function main(): Promise<number> {
  const values = readOptions()
  if (values === null) return 2
  if (values.help) {
    process.stdout.write(HELP)
    return 0
  }
  const members = wholeNumber(values.members, 1, MAX_MEMBERS)
  const seed = wholeNumber(values.seed, 0, 999_999_999)
  if (members === null || seed === null) {
    process.stderr.write(`--members vuole un numero da 1 a ${MAX_MEMBERS}, --seed un numero intero.\n\n${HELP}`)
    return 2
  }
  // Other options, another ledger: what one run has issued must not be paid by the payers of another.
  const out = resolve(values.out ?? join('demo', `${members}-${seed}`))
  await runDemo({ members, seed, out, print: (line) => process.stdout.write(`${line}\n`) })
  return 0
}

try {
  process.exitCode = await main()
} catch (error) {
  const problems = error instanceof ORPCError && error.code === 'PROBLEM' ? (error.data.problems as Problem[]) : null
  const text =
    error instanceof ProblemError
      ? error.message
      : (problems?.map(problemReport).join('\n') ?? String((error as Error).stack ?? error))
  process.stderr.write(`${text}\n`)
  process.exitCode = 1
}
