/** Exit codes of the command line, documented in docs/cli.md: other programs rely on them. */
export const EXIT = { ok: 0, problems: 1, usage: 2, unreadable: 3, internal: 4 } as const

export interface Outcome {
  readonly code: (typeof EXIT)[keyof typeof EXIT]
  /** What `--json` prints. */
  readonly json: unknown
  /** What a person reads. */
  readonly text: string
}

export interface CommandArguments {
  readonly positionals: readonly string[]
  /** Kind of file that the person tells (`--as`). */
  readonly as: string | null
  /** Data folder (`--data`), else the usual one. */
  readonly data: string | null
}

export interface Command {
  readonly name: string
  /** How it is written, without the options that all have. */
  readonly usage: string
  readonly summary: string
  run(given: CommandArguments): Promise<Outcome>
}

/** Wrong use of a command: said with how it is written. */
export class UsageError extends Error {}

/** A file or ledger that cannot be read at all. */
export class UnreadableError extends Error {}
