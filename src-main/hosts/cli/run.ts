import { parseArgs } from 'node:util'
import { type Problem, ProblemError, problemJson } from '#domain/problem'
import { type Command, type CommandArguments, EXIT, type Outcome, UnreadableError, UsageError } from './command.ts'

/** Each command is loaded when asked for: checking a number must not wait for the ledger. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  inspect: async () => (await import('./inspect.ts')).inspect,
  'explain-causale': async () => (await import('./explain-causale.ts')).explainCausale,
  'notice-number': async () => (await import('./notice-number.ts')).noticeNumber,
  backup: async () => (await import('./backup.ts')).backup,
  doctor: async () => (await import('./doctor.ts')).doctor,
}

export interface Printed {
  readonly code: Outcome['code']
  readonly stdout: string
  readonly stderr: string
}

/** Runs one command line (without program name) and says what to print; never throws. */
export async function runCommandLine(argv: readonly string[]): Promise<Printed> {
  const wantsJson = argv.includes('--json')
  try {
    const { name, given } = parse(argv)
    if (name === 'help') return { code: EXIT.ok, stdout: await helpText(), stderr: '' }
    const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
    if (!load) throw new UsageError(`Non conosco il comando «${name}».`)
    const command = await load()
    try {
      const outcome = await command.run(given)
      const stdout = wantsJson ? JSON.stringify(outcome.json) : outcome.text
      return { code: outcome.code, stdout: `${stdout}\n`, stderr: '' }
    } catch (error) {
      if (error instanceof UsageError) throw new UsageError(`${error.message}\nSi scrive: ${command.usage} [--json]`)
      throw error
    }
  } catch (error) {
    return failure(error, wantsJson)
  }
}

function parse(argv: readonly string[]): { name: string; given: CommandArguments } {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        json: { type: 'boolean' },
        as: { type: 'string' },
        data: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    })
    const [name = 'help', ...rest] = positionals
    const given = { positionals: rest, as: values.as ?? null, data: values.data ?? null }
    return { name: values.help ? 'help' : name, given }
  } catch (error) {
    throw new UsageError(`Opzione non riconosciuta: ${(error as Error).message.split('.')[0]}.`)
  }
}

function failure(error: unknown, wantsJson: boolean): Printed {
  const [code, message, problems] = describe(error)
  const stdout = wantsJson ? `${JSON.stringify({ error: message, problems: problems.map(problemJson) })}\n` : ''
  return { code, stdout, stderr: `${message}\n` }
}

function describe(error: unknown): [Outcome['code'], string, readonly Problem[]] {
  if (error instanceof UsageError) return [EXIT.usage, error.message, []]
  if (error instanceof UnreadableError) return [EXIT.unreadable, error.message, []]
  if (error instanceof ProblemError) return [EXIT.unreadable, error.message, error.problems]
  return [EXIT.internal, `Errore interno: ${error instanceof Error ? error.stack : String(error)}`, []]
}

async function helpText(): Promise<string> {
  const commands = await Promise.all(Object.values(COMMANDS).map((load) => load()))
  const width = Math.max(...commands.map((c) => c.usage.length))
  return [
    'Quietanza, comandi per l’assistenza e per altri programmi',
    '',
    'npm run -s cli -- <comando> [--json] [--data <cartella>]',
    '',
    ...commands.map((c) => `  ${c.usage.padEnd(width)}  ${c.summary}`),
    '',
    'Uscita: 0 tutto bene, 1 problemi trovati, 2 comando scritto male, 3 non si legge, 4 errore del programma.',
    '',
  ].join('\n')
}
